"""Where a text sends the customer: the safe places of a disclaimer, and those that words lead to unnamed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .analysis import Reading
from .lexicon import OWN_PLACE
from .pack import Pack
from .phrases import BARRED, CHAT, Statement, phrase, statement, way
from .sentences import Part, Sentence, alone

SAFE = frozenset({"portal", "app", "phone", "branch", "post"})
"""Kinds of place that are safe where a policy names none."""
PRIVATE_MESSAGE = "private-message"
"""The kind of place that is no other than this conversation, or one like it."""
_SAFE_ALTERNATIVE = "safe-alternative"


def alternative(pack: Pack, sentence: Sentence, following: Sentence | None, safe: frozenset[str]) -> Statement | None:
    """A safe place to go that a sentence names, or says by words or by a telephone number.

    ``following`` is the sentence behind it, in which the number may stand; ``safe`` are the kinds of place that count.
    """
    return _placed(pack, sentence, safe) or _telephone(pack, sentence, following, safe)


def names_place(part: Part, pack: Pack, safe: frozenset[str]) -> bool:
    """Whether a sentence by itself may have a safe alternative, or begin one: the number may be the next sentence."""
    sentence = alone(part)
    kinds = safe or SAFE
    placed = _placed(pack, sentence, kinds) or leads(sentence, kinds)
    return placed is not None or phrase(pack, sentence, "number") is not None


def _placed(pack: Pack, sentence: Sentence, safe: frozenset[str]) -> Statement | None:
    """A safe place to go: its name outside what is forbidden, or words such as "call us" and "log in".

    A place of the organisation's own is safe whatever kinds are.
    """
    named = _named_place(sentence, safe, BARRED)
    if named is not None:
        return named
    for kind in sorted(safe):
        where = way(pack, sentence, kind)
        if where is not None:
            return statement(sentence, _SAFE_ALTERNATIVE, *where, (kind,))
    return None


def _named_place(sentence: Sentence, safe: frozenset[str], barred: re.Pattern[str]) -> Statement | None:
    """The name of a safe place, before which nothing bars it."""
    for place, unit in enumerate(sentence.units):
        is_safe = unit.tag == "E" and unit.data and (unit.data[0] in safe or OWN_PLACE in unit.data)
        if is_safe and not barred.search(sentence.tags[:place]):
            return statement(sentence, _SAFE_ALTERNATIVE, place, place + 1, (unit.data[0],))
    return None


def leads(sentence: Sentence, safe: frozenset[str]) -> Statement | None:
    """A place to go where the data that are not for this chat are named: one to keep them for ("save them for the
    counter"), or one told by a verb whatever it is called ("bring them to the town hall"). Not an address, nor this
    chat, nor a place of an unsafe kind.
    """
    named = _named_place(sentence, safe, _DENIED)
    if named is not None or not safe >= SAFE:
        return named
    for place, tag in enumerate(sentence.tags):
        if tag in _GOING and _SOMEWHERE.match(sentence.tags, place + 1) and not _DENIED.search(sentence.tags[:place]):
            return statement(sentence, _SAFE_ALTERNATIVE, place, place + 1)
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
            return statement(sentence, _SAFE_ALTERNATIVE, *where, ("phone",))
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
