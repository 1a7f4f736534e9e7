"""The elements of a disclaimer that a text has."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from .alternatives import SAFE, alternative, leads
from .analysis import Reading
from .forbidding import forbidden, words_of_it
from .groups import names_warned
from .implying import implied
from .instances import Instance, instances, two_of_two_groups
from .pack import Pack
from .phrases import CHAT, CLAUSE, NEGATION, Statement, phrase, phrases, stated, statement, way
from .sentences import Sentence


def elements(reading: Reading, safe: frozenset[str] = SAFE) -> dict[str, Statement]:
    """The elements of a disclaimer that a text has, by name; ``examples`` and ``safe-alternative`` included.

    ``safe`` are the kinds of place that count as an alternative.
    """
    pack = reading.pack
    found: dict[str, Statement] = {}
    examples: list[Instance] = []
    sentences = _unlike(reading.sentences)
    for forbidding, named in forbidden(pack, sentences):
        if _is_about_others(pack, forbidding, sentences):
            continue
        found.setdefault(_FORBIDDEN, statement(forbidding, _FORBIDDEN, *words_of_it(pack, forbidding)))
        for sentence in named:
            examples += instances(pack, sentence)
    for sentence, following in zip_longest(sentences, sentences[1:]):
        _from_grammar(pack, sentence, found)
        if _lists_examples(sentence.tags):
            examples += instances(pack, sentence)
        if "safe-alternative" not in found:
            place = alternative(pack, sentence, following, safe or SAFE)
            if place is not None:
                found[place.name] = place
        for element in _TOGETHER:
            if element not in found and _says(pack, sentence, following, element):
                found[element] = statement(sentence, element, 0, len(sentence.units))
    if _FORBIDDEN not in found and "safe-alternative" in found:
        examples += _add_implied(pack, sentences, found)
    if any(_asks_later(pack, sentence) for sentence in sentences):
        found.pop(_FORBIDDEN, None)
    example = two_of_two_groups(examples) if _FORBIDDEN in found else None
    if example is not None:
        found["examples"] = example
        if "safe-alternative" not in found and _speaks_of_chat(sentences):
            led = (leads(sentence, safe or SAFE) for sentence in sentences)
            found.update((place.name, place) for place in led if place is not None)
    return found


def _is_about_others(pack: Pack, forbidding: Sentence, sentences: list[Sentence]) -> bool:
    """Whether it tells not to give data to others, in a text that speaks of no chat: "never tell anyone your PIN"."""
    return phrase(pack, forbidding, "anyone") is not None and not _speaks_of_chat(sentences)


def _speaks_of_chat(sentences: list[Sentence]) -> bool:
    return any(not CHAT.isdisjoint(sentence.tags) for sentence in sentences)


def _add_implied(pack: Pack, sentences: list[Sentence], found: dict[str, Statement]) -> list[Instance]:
    """What a text with a safe place implies not to send here, if it names data of two groups: its examples, if so."""
    named = [instance for sentence in sentences for instance in instances(pack, sentence)]
    denied = implied(pack, sentences) if two_of_two_groups(named) is not None else None
    if denied is None:
        return []
    found[_FORBIDDEN] = statement(denied, _FORBIDDEN, 0, len(denied.units))
    return named


def _unlike(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences without those that repeat one before them word by word: those share its memo."""
    return list({id(sentence.part.memo): sentence for sentence in reversed(sentences)}.values())[::-1]


def _from_grammar(pack: Pack, sentence: Sentence, found: dict[str, Statement]) -> None:
    for name, first, last in stated(pack, sentence):
        element = _ELEMENTS.get(name, "")
        if element:
            found.setdefault(element, statement(sentence, element, first, last))


def _asks_later(pack: Pack, sentence: Sentence) -> bool:
    """Whether it says that data will be asked for here if need be: then the text is no warning."""
    where = phrase(pack, sentence, "later")
    if where is None:
        return False
    clause = CLAUSE.split(sentence.tags[: where[0]])[-1] + sentence.tags[where[0] :]
    return not NEGATION.intersection(clause)


def _says(pack: Pack, sentence: Sentence, following: Sentence | None, element: str) -> bool:
    """Whether phrases say an element: all kinds of one of its ``_TOGETHER`` in a sentence, or in a question or a label
    and what stands behind it.
    """
    said = [sentence]
    if following is not None and sentence.tags[-1:] in _LEADING:
        said.append(following)
    if not any(all(any(_holds(pack, one, kind) for one in said) for kind in kinds) for kinds in _TOGETHER[element]):
        return False
    return element not in _CONDITIONS or _CONDITIONS[element](pack, said)


_TOGETHER = {
    "never-ask": (("promise",),),
    "retention": (("keep", "period"),),
    "third-party": (("third", "handle"), ("third", "keep"), ("third", "k")),
    "bot-disclosure": (("machine", "answers"),),
    "human-path": (("person", "reach"),),
    "privacy-link": (("policy",), ("privacy", "see"), ("privacy", "@")),
}
"""The kinds of phrases, or tags, that say an element where they stand together."""
_LEADING = ("?", ":")


def _holds(pack: Pack, sentence: Sentence, kind: str) -> bool:
    if len(kind) == 1:
        return kind in sentence.tags
    return way(pack, sentence, kind) is not None if kind in _DENIABLE else phrase(pack, sentence, kind) is not None


_DENIABLE = frozenset({"reach", "handle"})
"""Kinds of phrases that say nothing behind a negation."""


def _is_of_data(_pack: Pack, said: list[Sentence]) -> bool:
    """Whether it speaks of data or of asking: "we don't do that" alone promises nothing."""
    return any(not _ASKED.isdisjoint(one.tags) for one in said)


_ASKED = frozenset("A$gDdPQ")


def _is_of_talk(pack: Pack, said: list[Sentence]) -> bool:
    """Whether it is about what is said in this conversation, or about data: not about an order."""
    return any(not _TALK.isdisjoint(one.tags) or phrase(pack, one, "talk") is not None for one in said)


_OF_DATA = frozenset("H$gDdPQ")
_TALK = frozenset("XH$g")


def _is_told(pack: Pack, said: list[Sentence]) -> bool:
    """Whether it is about this conversation or about data, and nothing is asked for: who is told to send something is
    not told who else gets it.
    """
    rest = "".join(_besides(pack, one, "third") for one in said)
    if "G" in "".join(_besides(pack, one, "third", "talk", "handle") for one in said):
        return False
    return not _OF_DATA.isdisjoint(rest) or any(phrase(pack, one, "talk") is not None for one in said)


def _besides(pack: Pack, sentence: Sentence, *kinds: str) -> str:
    """The tags of a sentence outside the phrases of some kinds."""
    inside = {n for kind in kinds for place in phrases(pack, sentence, kind) for n in range(*place)}
    return "".join(tag for n, tag in enumerate(sentence.tags) if n not in inside)


_CONDITIONS: dict[str, Callable[[Pack, list[Sentence]], bool]] = {
    "never-ask": _is_of_data,
    "retention": _is_of_talk,
    "third-party": _is_told,
}
"""What must hold besides for an element to be said by phrases."""


def names_data(reading: Reading) -> bool:
    """Whether a text names, or calls sensitive, what a disclaimer warns of."""
    return any("$" in sentence.tags or names_warned(sentence) for sentence in reading.sentences)


_FORBIDDEN = "no-sensitive-data"
_ELEMENTS = {
    "ELEMENT_NEVER_ASK": "never-ask",
    "ELEMENT_BOT": "bot-disclosure",
    "ELEMENT_HUMAN": "human-path",
}


def _lists_examples(tags: str) -> bool:
    return "G" not in tags and sum(tag in "DdP" for tag in tags) >= 2
