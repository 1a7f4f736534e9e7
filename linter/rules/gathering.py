"""The steps of a flow that lie on a way along which all of some things are gathered, each step giving some of them.

What is gathered is a number, one bit a thing. A conversation is followed as far as it makes a difference: by the step
it is at, by what it has gathered, and in a sub-flow by what it had when it came in: it comes back to its caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .paths import Graph, Walk

_MOST = 200_000  # places that are looked at, about 50 MiB of them


class TooMany(Exception):
    """There are too many ways to gather things in this flow: sub-flows that are called with very much at hand."""


@dataclass
class _Call:
    """A sub-flow that was called by those who had gathered the same; without callers the flow itself.

    ``ends`` are the places at which it ends, by what they have gathered.
    """

    callers: list[int] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    ends: dict[int, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Place:
    """Where a conversation can be: in which call, at which step, with what; ``back``: what the step calls has ended.

    ``before`` are the places from which it comes, each with what is gathered when a call that lies between ends.
    """

    call: int
    step: int
    has: int
    back: bool
    before: list[tuple[int, tuple[int, int] | None]] = field(default_factory=list)


def gathering(graph: Graph, gives: Sequence[int], has: int, wanted: int) -> frozenset[int]:
    """The steps on ways on which what is ``wanted`` is gathered; ``has`` is there from the first. Raises TooMany.

    A step that no way leads to is a beginning of its own.
    """
    alone = sorted(set(range(len(gives))) - graph.reached())
    found = (_Gathering(walk, gives, has, wanted).steps(alone) for walk in graph.walks)
    return frozenset().union(*found)


class _Gathering:
    def __init__(self, walk: Walk, gives: Sequence[int], has: int, wanted: int) -> None:
        self._walk = walk
        self._gives = gives
        self._has = has
        self._wanted = wanted
        self._places: list[_Place] = []
        self._numbers: dict[tuple[int, int, int, bool], int] = {}
        self._waiting: list[int] = []
        self._calls = [_Call()]
        self._called: dict[tuple[int, int], int] = {}
        self._seen = [False] * len(gives)

    def steps(self, alone: Sequence[int]) -> frozenset[int]:
        """The steps on such ways; those ``alone`` are beginnings where no other of them leads to them."""
        entries = self._walk.flow.entries
        for number, step in enumerate((*entries, *alone)):
            if number < len(entries) or not self._seen[step]:
                self._calls[0].starts.add(self._place(0, step, self._has | self._gives[step]))
                self._follow()
        return frozenset(self._places[number].step for number in self._leading_there())

    def _place(self, call: int, step: int, has: int, back: bool = False) -> int:
        key = call, step, has, back
        number = self._numbers.setdefault(key, len(self._places))
        if number == len(self._places):
            if number >= _MOST:
                raise TooMany
            self._places.append(_Place(*key))
            self._waiting.append(number)
            self._seen[step] = True
        return number

    def _follow(self) -> None:
        """All places to which a conversation comes from those that are waiting."""
        while self._waiting:
            number = self._waiting.pop()
            place = self._places[number]
            called = () if place.back else self._walk.calls(place.step)
            for first in called:
                self._call(number, place, first)
            if not called:
                self._go_on(number, place)

    def _call(self, number: int, place: _Place, first: int) -> None:
        """Into a sub-flow, and back where it is known to end."""
        at = self._called.setdefault((first, place.has), len(self._calls))
        if at == len(self._calls):
            self._calls.append(_Call())
            self._calls[at].starts.add(self._place(at, first, place.has | self._gives[first]))
        self._calls[at].callers.append(number)
        for has in list(self._calls[at].ends):
            self._come_back(number, at, has)

    def _go_on(self, number: int, place: _Place) -> None:
        for step in self._walk.onward(place.step):
            following = self._place(place.call, step, place.has | self._gives[step])
            self._places[following].before.append((number, None))
        if place.call and self._walk.ends(place.step):
            call = self._calls[place.call]
            known = call.ends.setdefault(place.has, [])
            known.append(number)
            for caller in list(call.callers) if len(known) == 1 else ():
                self._come_back(caller, place.call, place.has)

    def _come_back(self, caller: int, call: int, has: int) -> None:
        place = self._places[caller]
        following = self._place(place.call, place.step, has, True)
        self._places[following].before.append((caller, (call, has)))

    def _leading_there(self) -> set[int]:
        """The places on ways to where all is gathered, those in sub-flows that have ended by then too."""
        there = {number for number, place in enumerate(self._places) if place.has & self._wanted == self._wanted}
        ended: dict[tuple[int, int], None] = {}
        waiting = list(there)
        while waiting:
            number = waiting.pop()
            call = self._calls[self._places[number].call]
            for before in (*self._before(number, ended), *(call.callers if number in call.starts else ())):
                if before not in there:
                    there.add(before)
                    waiting.append(before)
        return there | self._within(ended, there)

    def _within(self, ended: dict[tuple[int, int], None], there: set[int]) -> set[int]:
        """The places in calls on the ways to the ends that a conversation came back from."""
        found: set[int] = set()
        waiting: list[int] = []
        while waiting or ended:
            while ended:
                (call, has), _ = ended.popitem()
                new = [number for number in self._calls[call].ends[has] if number not in there and number not in found]
                found.update(new)
                waiting += new
            if waiting:
                for before in self._before(waiting.pop(), ended):
                    if before not in found and before not in there:
                        found.add(before)
                        waiting.append(before)
        return found

    def _before(self, number: int, ended: dict[tuple[int, int], None]) -> Iterator[int]:
        """The places before one; the ends of calls that lie between are noted."""
        for before, between in self._places[number].before:
            if between is not None:
                ended[between] = None
            yield before
