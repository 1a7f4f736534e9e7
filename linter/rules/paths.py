"""Ways through a flow: the shortest one to a step, and those on which something is reached too early.

A conversation follows the edges that are open on its channel. Where a step calls a sub-flow, it goes into the
sub-flow, and along the step's other edges only when the sub-flow ends; so a way never comes back to another caller.
Every walk looks at each step and each edge a fixed number of times: it is linear in the flow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ..conversation import Flow

_MOST_CHANNELS = 16  # the rest of a flow's channels are looked at together
Channels = frozenset[str] | None
_Test = Callable[[int], bool]
_TestOn = Callable[[int, Channels], bool]


@dataclass(frozen=True)
class Way:
    """Steps from an entry to a place, as indices into ``flow.steps``.

    A sub-flow that was called and came back is not among them: its caller is, and the step after it.
    """

    flow: Flow
    steps: tuple[int, ...]


class Walk:
    """A flow's edges by start, those that the channels close left out. ``channels`` None: every edge is open."""

    def __init__(self, flow: Flow, channels: Channels) -> None:
        self.flow = flow
        self._ways: list[list[int]] = [[] for _ in flow.steps]
        self._calls: list[list[int]] = [[] for _ in flow.steps]
        for edge in flow.edges:
            if channels is None or not edge.channels or channels & set(edge.channels):
                (self._calls if edge.call else self._ways)[edge.start].append(edge.end)
        self._has_calls = any(self._calls)

    def reach(self, goes_on: _Test = lambda _: True) -> dict[int, int]:
        """Each step that can be reached, with the one before it (-1 for an entry), nearest first.

        From a step that does not go on no way leads further.
        """
        returns = self._returning(goes_on) if self._has_calls else frozenset()
        waiting = deque(dict.fromkeys(self.flow.entries))
        before = dict.fromkeys(waiting, -1)
        while waiting:
            step = waiting.popleft()
            if goes_on(step):
                for following in self._onward(step, returns):
                    if following not in before:
                        before[following] = step
                        waiting.append(following)
        return before

    def _onward(self, step: int, returns: frozenset[int]) -> list[int]:
        """Into the sub-flows that a step calls, and past them where one of them can end."""
        calls = self._calls[step]
        if not calls:
            return self._ways[step]
        return calls + self._ways[step] if any(called in returns for called in calls) else calls

    def _ends(self, step: int) -> bool:
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
        rest = [self._ends(step) for step in range(len(before))]  # whether what comes after it ends
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


class Graph:
    """The ways through a flow, one channel at a time: a conversation stays on the channel where it began.

    ``channels`` are those to look at; None among them is any channel, the empty set one that the flow does not name.
    """

    def __init__(self, flow: Flow, channels: Sequence[Channels]) -> None:
        self.flow = flow
        self._walks = [(those, Walk(flow, those)) for those in channels]

    @cached_property
    def _reached(self) -> list[dict[int, int]]:
        return [walk.reach() for _, walk in self._walks]

    def way(self, step: int) -> Way | None:
        """The shortest way from an entry to a step; None when it can't be reached."""
        return self._shortest(step, self._reached)

    def reached(self) -> frozenset[int]:
        """All steps that can be reached."""
        return frozenset().union(*self._reached)

    def first_without(self, closes: _TestOn, wanted: _TestOn) -> list[Way]:
        """The shortest way to each wanted step that is reached with no closing and no wanted step before it.

        The tests take a step and the channel of the walk. A step that is wanted and closes is wanted first.
        """
        found: dict[int, tuple[int, ...]] = {}
        for channels, walk in self._walks:
            hits = [wanted(step, channels) for step in range(len(self.flow.steps))]
            before = walk.reach(partial(_passes, hits, closes, channels))
            for step in before:
                if hits[step]:
                    steps = _trace(step, before)
                    found[step] = min(steps, found.get(step, steps), key=_size)
        return [Way(self.flow, steps) for steps in sorted(found.values(), key=_size)]

    def _shortest(self, step: int, found: Iterable[dict[int, int]]) -> Way | None:
        ways = [_trace(step, before) for before in found if step in before]
        return Way(self.flow, min(ways, key=_size)) if ways else None


def _passes(hits: list[bool], closes: _TestOn, channels: Channels, step: int) -> bool:
    return not hits[step] and not closes(step, channels)


def _size(steps: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(steps), steps


def _trace(step: int, before: dict[int, int]) -> tuple[int, ...]:
    steps = [step]
    while before[steps[-1]] >= 0:
        steps.append(before[steps[-1]])
    return tuple(reversed(steps))


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
