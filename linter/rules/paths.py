"""Ways through a flow: the shortest path to a step, and the first steps that are reached without a disclaimer.

Every walk visits each step once and each edge once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..conversation import Flow, Step
from ..finding import Related


@dataclass(frozen=True)
class Way:
    """Steps from an entry to a place, as indices into ``flow.steps``."""

    flow: Flow
    steps: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The steps by what a builder calls them."""
        return tuple(self.flow.steps[number].title or self.flow.steps[number].id for number in self.steps)

    def related(self) -> tuple[Related, ...]:
        """Each step as a place, in order."""
        return tuple(_related(number + 1, self.flow.steps[step]) for number, step in enumerate(self.steps))


def _related(number: int, step: Step) -> Related:
    return Related(f"step {number}: {step.title or step.id}", step.document.source, step.document.span(step.path))


class Graph:
    """A flow's edges by start, those that a channel closes left out. ``channels`` empty: every edge is open."""

    def __init__(self, flow: Flow, channels: frozenset[str]) -> None:
        self.flow = flow
        self._onward: list[list[int]] = [[] for _ in flow.steps]
        for edge in flow.edges:
            if not channels or not edge.channels or channels & set(edge.channels):
                self._onward[edge.start].append(edge.end)
        self._before: dict[int, int] | None = None

    def onward(self, step: int) -> list[int]:
        """Where one can go from a step."""
        return self._onward[step]

    def way(self, step: int) -> Way | None:
        """The shortest way from an entry to a step; None when it can't be reached."""
        if self._before is None:
            self._before = {}
            for _ in self._walk(lambda _: True, self._before):
                pass
        return self._trace(step, self._before) if step in self._before else None

    def first_without(self, closes: Callable[[int], bool], wanted: Callable[[int], bool]) -> Iterator[Way]:
        """Ways to the first wanted step of each path with no closing step before; one that closes itself is fine."""
        before: dict[int, int] = {}
        for step in self._walk(lambda number: not closes(number) and not wanted(number), before):
            if wanted(step) and not closes(step):
                yield self._trace(step, before)

    def _walk(self, goes_on: Callable[[int], bool], before: dict[int, int]) -> Iterator[int]:
        waiting = deque(dict.fromkeys(self.flow.entries))
        before.update((entry, -1) for entry in waiting)
        while waiting:
            step = waiting.popleft()
            yield step
            if goes_on(step):
                for following in self._onward[step]:
                    if following not in before:
                        before[following] = step
                        waiting.append(following)

    def _trace(self, step: int, before: dict[int, int]) -> Way:
        steps = [step]
        while before[steps[-1]] >= 0:
            steps.append(before[steps[-1]])
        return Way(self.flow, tuple(reversed(steps)))
