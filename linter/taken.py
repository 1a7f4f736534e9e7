"""An organisation's own terms and places that are not what they seem: words of ours, which are then the organisation's
alone, words that a policy took from those that it inherits, and none in one of its languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .doubts import TO_NAME_PLACE, TO_REPEAT, TO_TAKE_OVER, TO_WORD, about, keys, unless_clear
from .finding import Finding, Related
from .policy.model import Place, Policy, Rule
from .policy.vocabulary import CATEGORIES
from .resources import languages

_FEW = 3  # terms, and rules, that are told by name
_OF_ASKING = frozenset("DPQruypANG")
"""What a request is made of: data, "your", "us", "please", what asks, needs and gives."""


def taken(policy: Policy) -> Iterator[Finding]:
    """Notes on the policy's own data whose terms mean other data by themselves, which a rule in force forbids.

    A term of its own wins over ours, so that "card number" can be the number of a loyalty card; whoever writes "IBAN"
    below a name of their own may not know that the rules about bank accounts no longer find it.
    """
    if policy.terms:
        yield from unless_clear(_found(policy), "taken", policy)
    if policy.safe.own:
        yield from unless_clear(_taken_places(policy), "taken-place", policy)


def _taken_places(policy: Policy) -> Iterator[Finding]:
    """Warnings on places of the policy's own whose names are words of a request: where "IBAN" or "us" is a safe place,
    "Please send us your IBAN" leads there and asks for nothing.
    """
    names = [name for own in policy.safe.own for name in own.names]
    codes = policy.languages or languages()
    lost = [name for name in names if any(_is_of_asking(name, code) for code in codes)]
    found = (keys(source, "safe-channels").get("own") for source in policy.own_files)
    place = next((one for one in found if one is not None), None)
    if lost and place is not None:
        message = f"requests are made of the words {_few(lost)}: as the name of a safe place they ask for nothing"
        yield about(place, "taken-term", message, TO_NAME_PLACE, Related("own", place.source, place.span))


def _is_of_asking(name: str, language: str) -> bool:
    """Whether a name is nothing but words that requests are made of."""
    from .language import pack
    from .language.tokens import tokenise

    units = pack.load(language).lexicon.tag(tokenise(name))
    return bool(units) and all(unit.tag in _OF_ASKING for unit in units)


def missing(policy: Policy) -> Iterator[Finding]:
    """Notes on what the policy's own data are not found by, which is told without a look at any language."""
    yield from _lost(policy)
    yield from _wordless(policy)


def _lost(policy: Policy) -> Iterator[Finding]:
    """Notes on words of the policy's own data that a policy which it extends has, and that it does not have itself."""
    for one in policy.lost:
        left = {word.casefold() for words in policy.terms.get(one.name, {}).values() for word in words}
        gone = [word for word in one.words if word.casefold() not in left]
        if gone:
            message = f"'{one.name}' no longer means {_few(gone)}, as it does in {one.place.source.path}"
            related = Related("the terms that are lost", one.place.source, one.place.span)
            yield about(one.by, "lost-term", message, TO_REPEAT, related, "note")


def _wordless(policy: Policy) -> Iterator[Finding]:
    """Notes on the policy's own data that have no words in one of its languages: no rule finds them there."""
    if not policy.terms or not policy.languages:
        return
    spoken_of = {name for rule in policy.in_force for name in rule.sentence.data}
    for name, place in _places(policy).items():
        words = policy.terms.get(name, {})
        lacking = [language for language in policy.languages if language not in words]
        if words and lacking and name in spoken_of:
            message = f"'{name}' has no words in {_few(lacking)}: in such a text nothing finds it"
            yield about(
                place, "data-without-words", message, TO_WORD, Related("data", place.source, place.span), "note"
            )


def _places(policy: Policy) -> dict[str, Place]:
    """Where the policy's own data stand, those that are said anew where they are so last."""
    return {name: place for source in policy.own_files for name, place in keys(source, "data").items()}


def _found(policy: Policy) -> Iterator[Finding]:
    for name, place in _places(policy).items():
        terms: list[str] = []
        means: set[str] = set()
        for language, words in policy.terms.get(name, {}).items():
            for term in words:
                ours = _meant(term, language) - {name}
                terms += [term] if ours else []
                means |= ours
        lost = [rule for rule in policy.in_force if _loses(rule, name, means)] if means else []
        if lost:
            yield _told(name, place, terms, sorted({one for rule in lost for one in rule.sentence.data & means}), lost)


def _meant(term: str, language: str) -> set[str]:
    """The categories that a term stands for by itself in our lists."""
    from .language import pack
    from .language.lexicon import DATA
    from .language.tokens import tokenise

    units = pack.load(language).lexicon.tag(tokenise(term))
    return {*units[0].data} & {*CATEGORIES} if len(units) == 1 and units[0].tag in DATA else set()


def _loses(rule: Rule, name: str, means: set[str]) -> bool:
    """Whether a rule forbids what terms meant and not what they mean now."""
    data = rule.sentence.data
    return rule.sentence.verb != "disclaimer" and name not in data and not data.isdisjoint(means)


def _told(name: str, place: Place, terms: Sequence[str], means: Sequence[str], lost: Sequence[Rule]) -> Finding:
    from .rules.wording import called

    what = " or ".join(called(category) for category in means)
    words, rules = _few(terms), _few([rule.name for rule in lost])
    message = f"what is called {words} is found as '{name}' alone, and no longer as {what} by {rules}"
    return about(place, "taken-term", message, TO_TAKE_OVER, Related("data", place.source, place.span), "note")


def _few(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:_FEW]) + (" ..." if len(names) > _FEW else "")
