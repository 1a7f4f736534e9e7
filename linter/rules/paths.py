"""Ways through a flow: the shortest one to a step, and those on which something is reached too early.

A conversation follows the edges that are open on its channel. Where a step calls a sub-flow, it goes into the
sub-flow, and along the step's other edges only when the sub-flow ends; so a way never comes back to another caller.
Every walk looks at each step and each edge a fixed number of times: it is linear in the flow. So are all its ways
together, long as they may be: a way is kept as its last step and the way before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ..conversation import Edge, Flow

MOST_STEPS = 12
"""Of a way in full. Of a longer one steps are left out: there are as many ways as steps, each as long."""
FIRST = 1
"""Steps that are kept of the beginning of a long way: where it begins."""
LAST = 4
"""Of its end at least so many: they are those by which it is found. What lies between is told by its turns."""
TURNS = MOST_STEPS - FIRST - LAST - 1
_MOST_CHANNELS = 16  # the rest of a flow's channels are looked at together
Channels = frozenset[str] | None
_Test = Callable[[int], bool]
_TestOn = Callable[[int, Channels], bool]


class Trails:
    """Ways from the entries of a flow, by number: a way is its last step and the number of the way before it.

    ``turns`` says of each step whether it is told where steps are left out: there the customer answers.
    """

    def __init__(self, turns: Sequence[int] = ()) -> None:
        self._turns = turns
        self._turned: list[int] = []  # of each way the nearest one, itself or before it, that has just left a turn
        self._numbers: dict[tuple[int, int], int] = {}
        self._before: list[int] = []
        self._last: list[int] = []
        self._lengths: list[int] = []
        self._beginnings: list[int] = []
        self._ranks: list[int] = []

    def number(self, before: int, step: int) -> int:
        """The way that goes on to ``step`` after the way ``before``; -1 before an entry."""
        number = self._numbers.setdefault((before, step), len(self._last))
        if number == len(self._last):
            length = self._lengths[before] + 1 if before >= 0 else 1
            self._before.append(before)
            self._last.append(step)
            self._lengths.append(length)
            self._beginnings.append(self._beginnings[before] if length > FIRST + 1 else number)
            turned = before >= 0 and self._turns and self._turns[self._last[before]]
            self._turned.append(number if turned else self._turned[before] if before >= 0 else -1)
        return number

    def last(self, number: int) -> int:
        return self._last[number]

    def length(self, number: int) -> int:
        return self._lengths[number]

    def order(self, number: int) -> tuple[int, int]:
        """Sorts ways: the shorter first, those of a length by their steps from the first on."""
        if len(self._ranks) < len(self._last):
            self._rank()
        return self._lengths[number], self._ranks[number]

    def _rank(self) -> None:
        levels: list[list[int]] = [[] for _ in range(max(self._lengths))]
        for number, length in enumerate(self._lengths):
            levels[length - 1].append(number)
        ranks = self._ranks = [0] * len(self._last)
        for level in levels:
            level.sort(
                key=lambda number: (ranks[self._before[number]] if self._before[number] >= 0 else 0, self._last[number])
            )
            for rank, number in enumerate(level):
                ranks[number] = rank

    def before(self, number: int) -> int:
        """The last step but one of a way, -1 where it has none."""
        before = self._before[number]
        return self._last[before] if before >= 0 else -1

    def kept(self, number: int) -> tuple[tuple[int, int], ...]:
        """A way and those before it, in order, each with 0; of a long one its beginning, its last turns and its end.

        Between them stands the first of those that are left out, with how many they are.
        """
        if self._lengths[number] <= MOST_STEPS:
            return tuple((way, 0) for way in self._back(number, self._lengths[number]))
        second = self._beginnings[number]
        following = {self._before[second]: second}
        start = self._turned[self._back(number, LAST)[0]]
        while start >= 0 and len(following) <= TURNS:
            following[self._before[start]] = start
            start = self._turned[self._before[start]]
        end = self._back(number, LAST + TURNS + 1 - len(following))
        told = sorted({*following, *end}, key=self._lengths.__getitem__)
        return tuple(self._with_gaps(told, following))

    def _with_gaps(self, told: Sequence[int], following: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        """What is left out between two; one alone is not."""
        last = told[0]
        for number in told:
            left = self._lengths[number] - self._lengths[last] - 1
            if left > 0:
                yield following[last], left if left > 1 else 0
            yield number, 0
            last = number

    def _back(self, number: int, count: int) -> tuple[int, ...]:
        numbers = []
        for _ in range(count):
            numbers.append(number)
            number = self._before[number]
        return tuple(reversed(numbers))


@dataclass(frozen=True)
class Way:
    """Steps from an entry to a place.

    A sub-flow that was called and came back is not among them: its caller is, and the step after it.
    """

    graph: Graph
    number: int

    @property
    def flow(self) -> Flow:
        return self.graph.flow

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """Indices into ``flow.steps``; a negative one stands for so many steps that are left out."""
        trails = self.graph.trails
        return tuple(-left or trails.last(number) for number, left in trails.kept(self.number))

    @property
    def labels(self) -> tuple[str, ...]:
        """How one comes to each of the steps from the one before it, of those left out to the first."""
        trails = self.graph.trails
        kept = trails.kept(self.number)
        return self.graph.labels((trails.before(number), trails.last(number)) for number, _ in kept)

    @property
    def last(self) -> int:
        return self.graph.trails.last(self.number)

    @property
    def length(self) -> int:
        return self.graph.trails.length(self.number)

    @property
    def order(self) -> tuple[int, int]:
        """Sorts ways of one graph: the shorter first, those of a length by their steps from the first on."""
        return self.graph.trails.order(self.number)


class Walk:
    """A flow's edges by start, those that the channels close left out. ``channels`` None: every edge is open."""

    def __init__(self, flow: Flow, channels: Channels) -> None:
        self.flow = flow
        self._ways: list[list[int]] = [[] for _ in flow.steps]
        self._calls: list[list[int]] = [[] for _ in flow.steps]
        for edge in flow.edges:
            if channels is None or _is_open(edge, channels):
                (self._calls if edge.call else self._ways)[edge.start].append(edge.end)
        self._has_calls = any(self._calls)

    def reach(self, trails: Trails, goes_on: _Test = lambda _: True) -> dict[int, int]:
        """Each step that can be reached, with the number of the way to it, nearest first.

        From a step that does not go on no way leads further.
        """
        returns = self._returning(goes_on) if self._has_calls else frozenset()
        found = {step: trails.number(-1, step) for step in self.flow.entries}
        waiting = deque(found.items())
        while waiting:
            step, way = waiting.popleft()
            if goes_on(step):
                for following in self._onward(step, returns):
                    if following not in found:
                        number = found[following] = trails.number(way, following)
                        waiting.append((following, number))
        return found

    def onward(self, step: int) -> list[int]:
        """The steps that follow a step, after what it calls."""
        return self._ways[step]

    def calls(self, step: int) -> list[int]:
        """The first steps of the sub-flows of which a step calls one."""
        return self._calls[step]

    def _onward(self, step: int, returns: frozenset[int]) -> list[int]:
        """Into the sub-flows that a step calls, and past them where one of them can end."""
        calls = self._calls[step]
        if not calls:
            return self._ways[step]
        return calls + self._ways[step] if any(called in returns for called in calls) else calls

    def ends(self, step: int) -> bool:
        """A step that only leads to itself ends as well: nobody answers wrongly for ever."""
        of = self.flow.steps[step]
        return of.ends or (not of.stops and all(following == step for following in self._ways[step]))

    def _returning(self, goes_on: _Test) -> frozenset[int]:
        """The steps from which the sub-flow that they are in can end, sub-flows they call included."""
        before: list[list[tuple[int, bool]]] = [[] for _ in self.flow.steps]
        for step, (ways, calls) in enumerate(zip(self._ways, self._calls, strict=True)):
            for following in ways:
                before[following].append((step, False))
            for called in calls:
                before[called].append((step, True))
        over = [not calls for calls in self._calls]  # whether a sub-flow that the step calls ends
        rest = [self.ends(step) for step in range(len(before))]  # whether what comes after it ends
        waiting = deque(step for step in range(len(before)) if over[step] and rest[step] and goes_on(step))
        returns = set(waiting)
        while waiting:
            for caller, called in before[waiting.popleft()]:
                over[caller] = over[caller] or called
                rest[caller] = rest[caller] or not called
                if over[caller] and rest[caller] and caller not in returns and goes_on(caller):
                    returns.add(caller)
                    waiting.append(caller)
        return frozenset(returns)


def _is_open(edge: Edge, channels: frozenset[str]) -> bool:
    if channels and channels <= set(edge.closed):
        return False
    return not edge.channels or not channels.isdisjoint(edge.channels)


class Graph:
    """The ways through a flow, one channel at a time: a conversation stays on the channel where it began.

    ``channels`` are those to look at; None among them is any channel, the empty set one that the flow does not name.
    """

    def __init__(self, flow: Flow, channels: Sequence[Channels]) -> None:
        self.flow = flow
        self.channels = tuple(channels)
        self.trails = Trails([step.waits for step in flow.steps])

    @cached_property
    def walks(self) -> list[Walk]:
        """The flow as it is on each of the channels."""
        return [Walk(self.flow, those) for those in self.channels]

    @cached_property
    def _reached(self) -> list[dict[int, int]]:
        return [walk.reach(self.trails) for walk in self.walks]

    def way(self, step: int) -> Way | None:
        """The shortest way from an entry to a step; None when it can't be reached."""
        ways = {found[step] for found in self._reached if step in found}
        return self._way(ways) if ways else None

    def reached(self) -> frozenset[int]:
        """All steps that can be reached."""
        return frozenset().union(*self._reached)

    def first_without(self, closes: _TestOn, wanted: _TestOn) -> list[Way]:
        """The shortest way to each wanted step that is reached with no closing and no wanted step before it.

        The tests take a step and the channel of the walk; they are asked only about steps that may be reached. A
        step that is wanted and closes is wanted first.
        """
        ways: dict[int, set[int]] = {}
        for channels, walk in zip(self.channels, self.walks, strict=True):
            found = walk.reach(self.trails, partial(_passes, closes, wanted, channels))
            for step, way in found.items():
                if wanted(step, channels):
                    ways.setdefault(step, set()).add(way)
        return sorted(map(self._way, ways.values()), key=lambda way: way.order)

    def _way(self, numbers: set[int]) -> Way:
        """The shortest of some ways."""
        number = min(numbers, key=self.trails.order) if len(numbers) > 1 else next(iter(numbers))
        return Way(self, number)

    @cached_property
    def _labelled(self) -> dict[tuple[int, int], list[str]]:
        """Of two steps, how one comes from the one to the other on each of the channels: by the first edge that says
        it and is open there. "" where none does.
        """
        found: dict[tuple[int, int], list[str]] = {}
        for edge in self.flow.edges:
            if label := edge.label:
                labels = found.setdefault((edge.start, edge.end), [""] * len(self.channels))
                for at, channels in enumerate(self.channels):
                    if not labels[at] and (channels is None or _is_open(edge, channels)):
                        labels[at] = label
        return found

    def labels(self, ends: Iterable[tuple[int, int]]) -> tuple[str, ...]:
        """How one comes from one step to the other, of each of some pairs on a way: on one channel all along it."""
        known = [self._labelled.get(pair, ()) for pair in ends]
        whole = (at for at in range(len(self.channels)) if all(labels[at] for labels in known if labels))
        at = next(whole, -1)
        return tuple((labels[at] if at >= 0 else next(filter(None, labels), "")) if labels else "" for labels in known)


def _passes(closes: _TestOn, wanted: _TestOn, channels: Channels, step: int) -> bool:
    return not wanted(step, channels) and not closes(step, channels)


def alone(named: Iterable[str], wanted: frozenset[str], others: bool) -> list[Channels]:
    """The channels to look at one by one: of those ``named`` the ``wanted`` (all when empty).

    ``others``: the flow speaks on channels that it does not name.
    """
    known = sorted(set(named))
    if not known:
        return [None]
    concerned = [channel for channel in known if not wanted or channel in wanted]
    found: list[Channels] = [frozenset((channel,)) for channel in concerned[:_MOST_CHANNELS]]
    if concerned[_MOST_CHANNELS:]:
        found.append(frozenset(concerned[_MOST_CHANNELS:]))
    if not concerned or (others and not wanted <= set(known)) or (others and not wanted):
        found.append(frozenset())
    return found
