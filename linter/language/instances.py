"""The examples that a disclaimer gives of the data not to send: two, of two groups, each by words of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations, product

from .groups import GROUP_OF, GROUPS
from .pack import Pack
from .phrases import Statement, phrases, statement
from .sentences import Sentence

Instance = tuple[str, Statement]
"""A group of data, and the words that give an example of it."""


def instances(pack: Pack, sentence: Sentence) -> Iterator[Instance]:
    """The examples in a sentence; the same words may be one of several groups, as a patient's number is."""
    for place, unit in enumerate(sentence.units):
        category = next(filter(None, unit.data), "") if unit.tag in "DdP" else ""
        if category in GROUP_OF:
            yield GROUP_OF[category], statement(sentence, "examples", place, place + 1)
    for group in GROUPS:
        # An adjective that shares its noun ("bank or medical details"), and papers that nobody asks for by themselves.
        for where in phrases(pack, sentence, group):
            yield group, statement(sentence, "examples", *where)


def two_of_two_groups(found: Iterable[Instance]) -> Statement | None:
    """The first of two examples of two groups that share no words; None where there are none."""
    kept: dict[str, list[Statement]] = {}
    for group, one in found:
        of_group = kept.setdefault(group, [])
        if len(of_group) < _ENOUGH and all(one.start != other.start for other in of_group):
            of_group.append(one)
    for several, others in permutations(kept.values(), 2):
        for one, other in product(several, others):
            if one.end <= other.start or other.end <= one.start:
                return one
    return None


_ENOUGH = 3
"""Examples of a group, of which one shares no words with another group's: a library may name thousands."""
