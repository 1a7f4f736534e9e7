"""Sentences cut in two where a clause begins anew: "The app is down, so send us your IBAN".

What the first clause denies, or the place that it names, is then no more said of the second than of a sentence that
follows. Where that is so is said in the grammar, by its CUT_ constructions.
"""

from __future__ import annotations

from itertools import pairwise

from .lexicon import Unit
from .proposals import Construction
from .sentences import Part

_SO = "2"  # the tag of "so" and "therefore", which only these constructions know
_FILL = "_"
_OBJECTS = frozenset("DdPQO")  # what the clause that follows may ask for
_MOST = 8  # clauses of a sentence


def apart(parts: list[Part], cuts: list[Construction]) -> list[Part]:
    """The parts, each cut wherever one of the constructions ends; "so" is a filler from here on."""
    found: list[Part] = []
    last = Part([], [], "", False, False, True, {})
    for part, following in pairwise([*parts, last]):
        bounds = _bounds(part.tags, cuts)
        cut_off = part.tags[-1] == "," and not following.line and not _OBJECTS.isdisjoint(following.tags)
        if len(bounds) > 2 or cut_off or _SO in part.tags:
            found += [_clause(part, first, end, cut_off or end < bounds[-1]) for first, end in pairwise(bounds)]
        else:
            found.append(part)
    return found


def _bounds(tags: str, cuts: list[Construction]) -> list[int]:
    """Where the clauses begin, and where the last one ends."""
    bounds = [0]
    while len(bounds) < _MOST:
        rest = tags[bounds[-1] :]
        present = set(rest)
        matches = (cut.pattern.search(rest) for cut in cuts if cut.needs <= present)
        length = min((match.end() for match in matches if match), default=0)
        if not length:
            break
        bounds.append(bounds[-1] + length)
    return [*bounds, len(tags)]


def _clause(part: Part, first: int, last: int, cut_off: bool) -> Part:
    """A stretch of a part; one that was cut off ends with the mark of that, by which constructions know it."""
    units = [unit._replace(tag=_FILL) if unit.tag == _SO else unit for unit in part.units[first:last]]
    if cut_off and units[-1].tag == ",":
        units[-1] = units[-1]._replace(tag=_SO)
    elif cut_off:
        units.append(Unit(_SO, units[-1].last, units[-1].last, ()))
    return part._replace(
        units=units,
        tags="".join([unit.tag for unit in units]),
        item=part.item and not first,
        colon=part.colon and last == len(part.units),
        line=part.line and not first,
        memo={},
    )
