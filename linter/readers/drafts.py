"""A flow that is being read: its steps by name, and the ways between them by the names at their ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ..conversation import Edge, Variant
from ..expressions import expression
from ..meant import nearest
from ..source import brief
from .channels import asked_channels, exact_channels, is_else
from .nodes import Node
from .reasons import ELSEWHERE

if TYPE_CHECKING:
    from .building import Builder

SUGGESTED = 20  # dead ways of a flow of which it is told what was probably meant
_ALIKE = 0.7
_SEVERAL = 2  # flows in files of their own: they are those of one bot, and none was just looked at
_MADE_UP = expression("[0-9a-f]{8}")  # by a program: such a name is not misspelt
_Step = TypeVar("_Step", bound=Hashable)
Ends = Sequence[tuple[Hashable, str]]
"""Steps from which ways are yet to lead on, each with the condition of its way."""


@dataclass
class StepDraft:
    """A step that is being read; ``messages`` (each once, in order) and ``captures`` are indices into the builder's."""

    id: str
    title: str
    place: Node
    messages: dict[int, None] = field(default_factory=dict)
    captures: list[int] = field(default_factory=list)
    variants: dict[int, Variant | None] = field(default_factory=dict)
    waits: bool = False
    ends: bool = False
    stops: bool = False
    tags: tuple[str, ...] = ()
    passed: bool = False


@dataclass
class _Link:
    start: int
    end: Hashable
    condition: str
    channels: tuple[str, ...]
    call: bool = False
    place: Node | None = None
    is_else: bool = False


class FlowDraft:
    """A flow that is being read. Links may name steps that come later or are not there at all."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: list[StepDraft] = []
        self._numbers: dict[Hashable, int] = {}
        self._links: list[_Link] = []
        self._later: list[tuple[Hashable, Hashable, str, tuple[str, ...], bool, Node | None]] = []
        self._entries: list[Hashable] = []
        self._possible: list[Hashable] = []
        self._ids: dict[str, int] = {}
        self._expected: list[tuple[Hashable, Callable[[], None]]] = []
        self._doubled: list[tuple[Hashable, str, Node, bool]] = []
        self._missed = 0
        self._taken: dict[int, set[str]] = {}
        """The channels of which every conversation goes one of the ways of a step."""

    def step(self, key: Hashable, place: Node, id: str, title: str = "") -> StepDraft:
        """A new step. Links find it by ``key``; of two steps with one key they find the first."""
        id, title = brief(id), brief(title)
        self._ids[id] = self._ids.get(id, 0) + 1
        unique = id if self._ids[id] == 1 else f"{id}#{self._ids[id]}"
        draft = StepDraft(unique, title or id, place)
        if self._numbers.setdefault(key, len(self.steps)) < len(self.steps):
            self._doubled.append((key, id, place, True))
        self.steps.append(draft)
        return draft

    def own(self, key: tuple[Hashable, ...], place: Node) -> tuple[Hashable, ...]:
        """The key of one more step in a row: of two with one name each has its own place in the row."""
        if key not in self._numbers:
            return key
        self._doubled.append((key, str(key[-1]), place, False))
        return (*key, len(self.steps))

    def has(self, key: Hashable) -> bool:
        return key in self._numbers

    def link(
        self,
        end: Hashable,
        condition: str = "",
        channels: tuple[str, ...] = (),
        start: Hashable = None,
        call: bool = False,
        place: Node | None = None,
        exact: bool = False,
        otherwise: bool = False,
    ) -> None:
        """A way from the step ``start`` (the newest one when None) to another; with "" the flow can end there.

        Only conversations on ``channels`` come this way, and all of them where that is ``exact``. ``otherwise``: it is
        open where no other way of the step is. Where it is not given, the condition may say so.

        ``call``: what is called comes back, and the other ways of the step go on from there. ``place`` is where the
        file names the other step, if that has to be there: where it is not, that is told.
        """
        number = len(self.steps) - 1 if start is None else self._numbers.get(start, -1)
        if every := channels if exact else exact_channels(condition):
            self._taken.setdefault(number, set()).update(every)
        if number >= 0 and end != "":
            to, is_rest = channels or asked_channels(condition), otherwise or is_else(condition)
            self._links.append(_Link(number, end, brief(condition), to, call, place, is_rest))
        elif number >= 0:
            self.steps[number].ends = True

    def lead(self, ends: Iterable[tuple[Hashable, str]], to: Hashable) -> None:
        """Ways from several steps, each with its condition, to one."""
        for start, condition in ends:
            self.link(to, condition, start=start)

    def finish(self, ends: Iterable[tuple[Hashable, str]]) -> None:
        """The flow can end at these steps, whatever other ways lead on from them."""
        self.lead(ends, "")

    def alias(self, name: Hashable, key: Hashable) -> None:
        """Another key for a step that is there; of two with one name the first counts."""
        if key in self._numbers:
            self._numbers.setdefault(name, self._numbers[key])

    def expect(self, key: Hashable, missing: Callable[[], None]) -> None:
        """Call ``missing`` when there turns out to be no step of this key."""
        self._expected.append((key, missing))

    def complain(self) -> None:
        """Say what was expected and is not there."""
        for key, missing in self._expected:
            if key not in self._numbers:
                missing()

    def stop(self, key: Hashable) -> None:
        """The whole conversation is over after this step, where no way leads on."""
        if key in self._numbers:
            self.steps[self._numbers[key]].stops = True

    def link_later(
        self,
        start: Hashable,
        end: Hashable,
        condition: str = "",
        channels: tuple[str, ...] = (),
        call: bool = False,
        place: Node | None = None,
    ) -> None:
        """A way from a step that may come later itself."""
        if end != "":
            self._later.append((start, end, condition, channels, call, place))

    def linked(self) -> set[Hashable]:
        """The keys of steps from which a way is known already."""
        keys = {number: key for key, number in self._numbers.items()}
        return {keys[link.start] for link in self._links} | {start for start, *_ in self._later}

    def enter(self, key: Hashable) -> None:
        """A conversation can begin at this step."""
        self._entries.append(key)

    def enter_where_needed(self, keys: Iterable[Hashable]) -> None:
        """Of these steps, each one that no way leads to from an entry is an entry itself, in their order."""
        self._possible += keys

    def edges(self) -> list[Edge]:
        """The links whose ends are there, each once."""
        for start, end, condition, channels, call, place in self._later:
            self.link(end, condition, channels, start, call, place)
        self._later = []
        found: dict[tuple[int, int, str], Edge] = {}
        for link in self._links:
            end = self._numbers.get(link.end)
            if end is not None:
                closed = tuple(sorted(self._taken.get(link.start, ()))) if link.is_else else ()
                found.setdefault(
                    (link.start, end, link.condition),
                    Edge(link.start, end, link.condition, link.channels, link.call, closed),
                )
        return list(found.values())

    def expect_flow(
        self, builder: Builder, end: Hashable, place: Node, name: str, id: str, known: Collection[str]
    ) -> None:
        """What the step ``id`` goes on with is kept in a file of its own: where it is not there, that is told.

        It may be in a file that was not given. Where several of its kind are ``known``, it is missing among them.
        """

        def missing() -> None:
            if len(known) < _SEVERAL:
                builder.unseen(place, ELSEWHERE, id)
                return
            self._missed += 1
            meant = did_you_mean(name, known) if self._missed <= SUGGESTED else ""
            builder.overlook(place, f"no other part of this bot is called '{name}'{meant}")

        self.expect(end, missing)

    def hub(self, key: Hashable, place: Node, id: str) -> bool:
        """Make a step that says nothing, by way of which very many ways from many steps stay few; false where it is
        there already.
        """
        if key in self._numbers:
            return False
        self.step(key, place, id)
        return True

    def dead(self) -> Iterator[tuple[Node, str]]:
        """Where the file names a step that is not there, and what it may have meant, or one that is there twice.

        Asked after ``edges``.
        """
        lost = [link for link in self._links if link.place is not None and link.end not in self._numbers]
        for number, link in enumerate(lost):
            assert link.place is not None
            beside = _beside(link.end)
            known = {_last(key): None for key in self._numbers if _beside(key) == beside} if number < SUGGESTED else ()
            name = link.place.name
            yield link.place, f"no step is called '{name}'{did_you_mean(name, known)}"
        named: dict[Hashable, bool] = {}
        for link in self._links if self._doubled else ():
            named[link.end] = named.get(link.end, False) or link.place is not None
        for key, name, place, is_lost in self._doubled:
            if key in named and (is_lost or named[key]):
                yield place, f"another step is called '{name}', too: ways of this name lead there"

    def entries(self, edges: Sequence[Edge]) -> tuple[int, ...]:
        """The entries that are there; without any, the steps that no edge leads to, or else the first."""
        entries = list(dict.fromkeys(self._numbers[key] for key in self._entries if key in self._numbers))
        if self._possible:
            onward = ways_on(edges)
            seen = set(entries)
            follow(entries, onward, seen)
            for number in (self._numbers[key] for key in self._possible if key in self._numbers):
                if number not in seen:
                    seen.add(number)
                    entries.append(number)
                    follow([number], onward, seen)
        if entries or not self.steps:
            return tuple(entries)
        reached = {edge.end for edge in edges if edge.end != edge.start}
        return tuple(number for number in range(len(self.steps)) if number not in reached) or (0,)


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The question whether the known name that is nearly this one was meant, to put behind what is wrong with it."""
    near = nearest(name, known, _ALIKE) if _MADE_UP.search(name) is None else ""
    return f"; did you mean '{near}'?" if near else ""


def _last(key: Hashable) -> str:
    return str(key[-1]) if isinstance(key, tuple) else str(key)


def _beside(key: Hashable) -> Hashable:
    """What the keys of the steps of one part of a flow have in common."""
    return key[:-1] if isinstance(key, tuple) else ()


def ways_on(edges: Iterable[Edge]) -> dict[int, list[int]]:
    """The steps to which the edges lead from each step."""
    found: dict[int, list[int]] = {}
    for edge in edges:
        found.setdefault(edge.start, []).append(edge.end)
    return found


def follow(starts: Iterable[_Step], onward: Mapping[_Step, Iterable[_Step]], seen: set[_Step]) -> None:
    """Add to ``seen`` all that can be reached."""
    stack = list(starts)
    while stack:
        for end in onward.get(stack.pop(), ()):
            if end not in seen:
                seen.add(end)
                stack.append(end)
