"""Sentences cut in two where a clause begins anew: "The app is down, so send us your IBAN".

What the first clause denies, or the place that it names, is then no more said of the second than of a sentence after it.
Where that is so is said in the grammar, by its CUT_ constructions.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .proposals import Construction
from .sentences import Part

_SO = "2"  # the tag of "so" and "therefore", which only these constructions know
_FILL = "_"
_MARKS = re.compile(f"[,{_SO}]")  # without which nothing is cut


def apart(parts: list[Part], cuts: list[Construction]) -> list[Part]:
    """The parts, each cut wherever one of the constructions ends; "so" is a filler from here on."""
    found: list[Part] = []
    for part in parts:
        bounds = _bounds(part.tags, cuts)
        if len(bounds) > 2 or _SO in part.tags:
            found += [_clause(part, first, last) for first, last in pairwise(bounds)]
        else:
            found.append(part)
    return found


def _bounds(tags: str, cuts: list[Construction]) -> list[int]:
    """Where the clauses begin, and where the last one ends."""
    bounds = [0]
    while _MARKS.search(tags, bounds[-1]):
        rest = tags[bounds[-1] :]
        matches = (cut.pattern.search(rest) for cut in cuts if cut.needs <= set(rest))
        length = min((match.end() for match in matches if match), default=0)
        if not length:
            break
        bounds.append(bounds[-1] + length)
    return [*bounds, len(tags)]


def _clause(part: Part, first: int, last: int) -> Part:
    units = [unit._replace(tag=_FILL) if unit.tag == _SO else unit for unit in part.units[first:last]]
    return part._replace(
        units=units,
        tags="".join([unit.tag for unit in units]),
        item=part.item and not first,
        colon=part.colon and last == len(part.units),
        line=part.line and not first,
        memo={},
    )
