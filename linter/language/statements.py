"""The elements of a disclaimer that a text has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import zip_longest

from .analysis import Reading
from .forbidding import forbidden, words_of_it
from .groups import names_warned
from .implying import implied
from .instances import Instance, instances, two_of_two_groups
from .lexicon import OWN_PLACE
from .pack import Pack
from .phrases import BARRED, CHAT, CLAUSE, NEGATION, Statement, phrase, phrases, stated, statement, way
from .sentences import Part, Sentence, alone

SAFE = frozenset({"portal", "app", "phone", "branch", "post"})
"""Kinds of place that are safe where a policy names none."""
PRIVATE_MESSAGE = "private-message"
"""The kind of place that is no other than this conversation, or one like it."""


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
            alternative = _alternative(pack, sentence, safe or SAFE) or _telephone(
                pack, sentence, following, safe or SAFE
            )
            if alternative is not None:
                found["safe-alternative"] = alternative
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
            led = (_leads(sentence, safe or SAFE) for sentence in sentences)
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


def names_place(part: Part, pack: Pack, safe: frozenset[str]) -> bool:
    """Whether a sentence by itself may have a safe alternative, or begin one: the number may be the next sentence."""
    sentence = alone(part)
    kinds = safe or SAFE
    placed = _alternative(pack, sentence, kinds) or _leads(sentence, kinds)
    return placed is not None or phrase(pack, sentence, "number") is not None


def _from_grammar(pack: Pack, sentence: Sentence, found: dict[str, Statement]) -> None:
    for name, first, last in stated(pack, sentence):
        element = _ELEMENTS.get(name, "")
        if element:
            found.setdefault(element, statement(sentence, element, first, last))


def _alternative(pack: Pack, sentence: Sentence, safe: frozenset[str]) -> Statement | None:
    """A safe place to go: its name outside what is forbidden, or words such as "call us" and "log in".

    A place of the organisation's own is safe whatever kinds are.
    """
    named = _named_place(sentence, safe, BARRED)
    if named is not None:
        return named
    for kind in sorted(safe):
        where = way(pack, sentence, kind)
        if where is not None:
            return statement(sentence, "safe-alternative", *where, (kind,))
    return None


def _named_place(sentence: Sentence, safe: frozenset[str], barred: re.Pattern[str]) -> Statement | None:
    """The name of a safe place, before which nothing bars it."""
    for place, unit in enumerate(sentence.units):
        is_safe = unit.tag == "E" and unit.data and (unit.data[0] in safe or OWN_PLACE in unit.data)
        if is_safe and not barred.search(sentence.tags[:place]):
            return statement(sentence, "safe-alternative", place, place + 1, (unit.data[0],))
    return None


def _leads(sentence: Sentence, safe: frozenset[str]) -> Statement | None:
    """A place to go where the data that are not for this chat are named: one to keep them for ("save them for the
    counter"), or one told by a verb whatever it is called ("bring them to the town hall"). Not an address, nor this
    chat, nor a place of an unsafe kind.
    """
    named = _named_place(sentence, safe, _DENIED)
    if named is not None or not safe >= SAFE:
        return named
    for place, tag in enumerate(sentence.tags):
        if tag in _GOING and _SOMEWHERE.match(sentence.tags, place + 1) and not _DENIED.search(sentence.tags[:place]):
            return statement(sentence, "safe-alternative", place, place + 1)
    return None


_GOING = "LB"
_SOMEWHERE = re.compile("[^,;:~(.?!@HXEOnvza]+(?:[,;:~(.?!]|$)")
_DENIED = re.compile("[nvz](?:[^,;:~(bj&]|&(?![_p2]{0,2}[LkMGE]))*$")


def _telephone(pack: Pack, sentence: Sentence, following: Sentence | None, safe: frozenset[str]) -> Statement | None:
    """A telephone number behind words that say whose it is: "contact us on 0800 1234567", "Our number: 0800 1234567".

    It is its own sentence behind a colon or a question. Not the number of a chat, nor where "not" stands before it.
    """
    where = way(pack, sentence, "number") if "phone" in safe else None
    if (
        where is None
        or _IN_CHAT.search(sentence.tags[: where[0] + 1])
        or not CHAT.isdisjoint(sentence.tags[where[1] :])
    ):
        return None
    for part, form, start in ((sentence, _NUMBER, where[1]), (following, _NUMBER_ALONE, 0)):
        number = form.search(part.tags, start) if part is not None else None
        if part is not None and number is not None and _digits(part, *number.span(1)) >= _DIGITS:
            return statement(sentence, "safe-alternative", *where, ("phone",))
    return None


def _digits(sentence: Sentence, first: int, last: int) -> int:
    """How many digits stand in some units."""
    tokens = sentence.tokens[sentence.units[first].first : sentence.units[last - 1].last]
    return sum(map(str.isdigit, "".join(token.norm for token in tokens)))


_NUMBER = re.compile("(9(?:[_~()]{0,2}9)*)")
_NUMBER_ALONE = re.compile("^[+_(]{0,2}" + _NUMBER.pattern)
_DIGITS = 7  # of a telephone number at least, with its area's
_IN_CHAT = re.compile("[XH][^,;:~(bj&]*$")


def ways(reading: Reading, at: int, kinds: Iterable[str]) -> set[str]:
    """The kinds of place to which the sentence at a place of the text sends in words that name none: "call us"."""
    known = SAFE.intersection(kinds)
    sentence = _sentence_at(reading, at) if known else None
    return {kind for kind in known if way(reading.pack, sentence, kind)} if sentence is not None else set()


def is_in_private(reading: Reading, at: int) -> bool:
    """Whether the sentence at a place of the text speaks of a private message, without a denial before it."""
    sentence = _sentence_at(reading, at)
    if sentence is None:
        return False
    named = (place for place, unit in enumerate(sentence.units) if unit.tag in CHAT and PRIVATE_MESSAGE in unit.data)
    told = any(not BARRED.search(sentence.tags[:place]) for place in named)
    return told or way(reading.pack, sentence, PRIVATE_MESSAGE) is not None


def _sentence_at(reading: Reading, at: int) -> Sentence | None:
    for sentence in reading.sentences:
        start, end = sentence.span(0, len(sentence.units))
        if start <= at < end:
            return sentence
    return None


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
