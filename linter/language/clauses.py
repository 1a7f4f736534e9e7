"""Sentences cut in two where a clause begins anew: "The app is down, so send us your IBAN".

What the first clause denies, or the place that it names, is then no more said of the second than of a sentence that
follows. Where that is so is said in the grammar, by its CUT_ constructions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from .lexicon import Unit
from .proposals import Possible
from .sentences import Part, tags_of

_SO = "2"  # the tag of "so" and "therefore"; also left as a mark where a clause was cut off
_ONLY_HERE = frozenset(_SO + "3")  # and of "because": tags that only these constructions know
_OFF = "CUT_OFF"  # constructions of this name leave the mark
_FILL = "_"
_OBJECTS = frozenset("DdPQO")  # what the clause that follows may ask for
_MOST = 8  # clauses of a sentence


Cut = tuple[int, bool]
"""Where a clause ends, and whether it is one that is marked as cut off."""


def apart(parts: list[Part], cuts: Callable[[str], Sequence[Cut]]) -> list[Part]:
    """The parts, each cut where ``cuts`` says for its tags; "so" and "because" are fillers from here on."""
    found: list[Part] = []
    last = Part([], [], "", False, False, True, {})
    goes_on = False
    for part, following in pairwise([*parts, last]):
        ends = cuts(part.tags)
        cut_off = part.tags[-1] == "," and not following.line and not _OBJECTS.isdisjoint(following.tags)
        if ends or cut_off or goes_on or not _ONLY_HERE.isdisjoint(part.tags):
            first = 0
            for end, off in (*ends, (len(part.tags), cut_off)):
                found.append(_clause(part, first, end, off, goes_on or first > 0))
                first = end
        else:
            found.append(part)
        goes_on = cut_off
    return found


def cuts_in(tags: str, possible: Possible) -> tuple[Cut, ...]:
    """Where clauses end before the end of a sentence with these tags."""
    found: list[Cut] = []
    at = 0
    while len(found) < _MOST:
        rest = tags[at:]
        matches = ((one.pattern.search(rest), one.name) for one in possible.of(frozenset(rest)))
        ends = [(match.end(), name.startswith(_OFF)) for match, name in matches if match]
        if not ends:
            break
        length, off = min(ends)
        at += length
        found.append((at, off))
    return tuple(found)


def _clause(part: Part, first: int, last: int, cut_off: bool, goes_on: bool) -> Part:
    """A stretch of a part, marked at its end if it was cut off; ``goes_on``: its sentence has begun before it."""
    units = [unit._replace(tag=_FILL) if unit.tag in _ONLY_HERE else unit for unit in part.units[first:last]]
    if cut_off and units[-1].tag == ",":
        units[-1] = units[-1]._replace(tag=_SO)
    elif cut_off:
        units.append(Unit(_SO, units[-1].last, units[-1].last, ()))
    return part._replace(
        units=units,
        tags=tags_of(units),
        item=part.item and not first,
        colon=part.colon and last == len(part.units),
        line=part.line and not first,
        memo={},
        clause=goes_on,
    )
