"""What a sentence says by the phrases of a language (statements.yaml), and by the constructions of statements.lark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .groups import GROUPS
from .lexicon import DATA
from .pack import Pack
from .sentences import Sentence


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim or an element by name, with the character offsets of the words that say it."""

    name: str
    start: int
    end: int
    places: tuple[str, ...] = ()


def statement(sentence: Sentence, name: str, first: int, last: int, places: tuple[str, ...] = ()) -> Statement:
    """What some units of a sentence (half open) say."""
    return Statement(name, *sentence.span(first, last), places)


def phrase(pack: Pack, sentence: Sentence, kind: str) -> tuple[int, int] | None:
    """The units that say one of a language's phrases of a kind, the first; None when none does."""
    return next(iter(phrases(pack, sentence, kind)), None)


def phrases(pack: Pack, sentence: Sentence, kind: str) -> list[tuple[int, int]]:
    """The units of every phrase of a kind, in their order, of those that begin together the longest first."""
    known = sentence.part.memo
    if _PHRASES not in known:
        known[_PHRASES] = _looked_for(pack, sentence)
    return known[_PHRASES].get(kind, [])  # type: ignore[no-any-return]


_PHRASES = "phrases"
"""Under which the phrases that a part says are in its memo."""


def _looked_for(pack: Pack, sentence: Sentence) -> dict[str, list[tuple[int, int]]]:
    """The phrases of each kind that a sentence says; none of safety that begins inside a denial: "not secure", and none
    that begins inside a datum's name as an example of other data: "bank *account details*".
    """
    found: dict[str, list[tuple[int, int]]] = {}
    units = sentence.units
    head = units[0].first if units else 0
    said = list(pack.phrases.every(sentence.tokens[head : units[-1].last])) if units else []
    for meaning, start, end in sorted(said, key=lambda one: (one[1], -one[2])):
        first = next(n for n, unit in enumerate(units) if unit.last > head + start)
        last = next(n for n, unit in enumerate(units) if unit.last >= head + end)
        is_inside = units[first].first < head + start
        if is_inside and meaning.tag == _DENIABLE and units[first].tag in _DENYING:
            continue
        if is_inside and meaning.tag in GROUPS and units[first].tag in DATA:
            continue
        found.setdefault(meaning.tag, []).append((first, last + 1))
    return found


_DENIABLE = "secret"
_DENYING = "nvza"


def way(pack: Pack, sentence: Sentence, kind: str) -> tuple[int, int] | None:
    """The units of a phrase of a kind that is not denied in its clause; None where there is none."""
    places = phrases(pack, sentence, kind)
    return next((place for place in places if not BARRED.search(sentence.tags[: place[0] + 1])), None)


# A negation of the same clause: "don't send it in the app"; not "keep it out of this chat and call us".
BARRED = re.compile(r"[nvza](?:[^,;:~(bj&]|&(?![_p2]{0,2}[LkM]))*$")


CHAT = frozenset("XH")
"""The tags of this conversation."""
CLAUSE = re.compile(r"[,;:~(b]|\+(?!$)")
"""Where a clause ends in the tags of a sentence; an emoji may stand for a stop."""
NEGATION = frozenset("nv0f")
NOD = re.compile(r",_\?$")
"""A question that asks for a nod, and so tells something: "not here, okay?"."""


def stated(pack: Pack, sentence: Sentence) -> list[tuple[str, int, int]]:
    """The constructions of statements.lark in a sentence: name, and its units (half open)."""
    return pack.stated(sentence.tags)
