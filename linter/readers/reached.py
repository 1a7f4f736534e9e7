"""What the ways of a flow say of its texts: which of them asks for an answer, and on which channels each is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ..conversation import Capture, Edge, Message
from .drafts import FlowDraft, StepDraft, follow, ways_on

_MOST_CHANNELS = 64  # that the edges of a flow name; one with more means something else by them
_Sent = TypeVar("_Sent", Message, Capture)
ReadFlow = tuple[FlowDraft, list[Edge], tuple[int, ...]]
"""A flow with its edges and the steps where it begins, all of them known."""
SPOKEN = frozenset({"reply", "prompt"})
"""Kinds of messages that say something in a conversation, of which a label is none."""


def mark_prompts(messages: list[Message], flows: Iterable[ReadFlow]) -> None:
    """The last reply before an answer is taken is what asks for it; often it is said a step earlier."""
    for draft, edges, _ in flows:
        asking = {number for number, step in enumerate(draft.steps) if step.waits}
        silent = {number for number in asking if not _not_of_a_choice(messages, draft.steps[number])}
        asking |= {edge.start for edge in edges if edge.end in silent}
        for number in asking:
            spoken = _not_of_a_choice(messages, draft.steps[number])
            last = set({messages[one].locale: one for one in spoken}.values())
            groups = {variant.group for one in last if (variant := messages[one].variant)}
            for one in spoken:
                variant = messages[one].variant
                if one in last or (variant is not None and variant.group in groups):
                    messages[one] = replace(messages[one], kind="prompt")


def _spoken(messages: Sequence[Message], step: StepDraft) -> list[int]:
    return [number for number in step.messages if messages[number].kind in SPOKEN]


def _not_of_a_choice(messages: Sequence[Message], step: StepDraft) -> list[int]:
    """What is said in a step, without what stands beside its choices: a row's description asks for no answer."""
    rows = {_row(messages[number].id) for number in step.messages if messages[number].kind == "option"}
    spoken = _spoken(messages, step)
    beside = [number for number in spoken if (row := _row(messages[number].id)).endswith("]") and row in rows]
    return [number for number in spoken if number not in beside]


def _row(name: str) -> str:
    return name.rpartition(".")[0]


def mark_channels(messages: list[Message], captures: list[Capture], flows: Sequence[ReadFlow]) -> None:
    """Steps that only edges for some channels lead to speak on those channels only."""
    said: dict[int, frozenset[str]] = {}
    taken: dict[int, frozenset[str]] = {}
    for draft, edges, entries in flows:
        if 0 < len({channel for edge in edges for channel in edge.channels}) <= _MOST_CHANNELS:
            for step, channels in zip(draft.steps, _reach(len(draft.steps), edges, entries), strict=True):
                _note(said, step.messages, channels)
                _note(taken, step.captures, channels)
    _put(messages, "channels", said)
    _put(captures, "channels", taken)
    if any(edge.closed for _, edges, _ in flows for edge in edges):
        _close(messages, captures, flows)


def _close(messages: list[Message], captures: list[Capture], flows: Iterable[ReadFlow]) -> None:
    """What only an else leads to is neither said nor taken on the channels that go another way."""
    said: dict[int, set[str]] = {}
    taken: dict[int, set[str]] = {}
    for draft, edges, entries in flows:
        names = sorted({channel for edge in edges for channel in edge.closed})[:_MOST_CHANNELS]
        open_to = [(channel, _reached(edges, entries, channel)) for channel in names]
        reached = _reached(edges, entries, "")
        for number, step in enumerate(draft.steps):
            closed = {channel for channel, there in open_to if number in reached and number not in there}
            for found, ones in ((said, step.messages), (taken, step.captures)):
                for one in ones:
                    found[one] = found.get(one, closed) & closed
    _put(messages, "closed", said)
    _put(captures, "closed", taken)


def _put(ones: list[_Sent], name: str, channels: Mapping[int, Collection[str]]) -> None:
    """Write the channels of some messages or captures, by their numbers, where none are written."""
    for number, found in channels.items():
        if found and not getattr(ones[number], name):
            written: dict[str, Any] = {name: tuple(sorted(found))}
            ones[number] = replace(ones[number], **written)


def _reached(edges: Iterable[Edge], entries: Iterable[int], channel: str) -> set[int]:
    """The steps that a conversation on a channel can come to; "": on any."""
    onward = ways_on(
        edge
        for edge in edges
        if not channel or (channel not in edge.closed and (not edge.channels or channel in edge.channels))
    )
    seen = set(entries)
    follow(tuple(seen), onward, seen)
    return seen


def let_customers_begin(draft: FlowDraft, edges: Iterable[Edge], entries: Iterable[int]) -> None:
    """Where nothing was said yet, a customer speaks first: such a step waits for them, but for no answer."""
    silent = {number for number, step in enumerate(draft.steps) if not (step.messages or step.captures)}
    begun = silent.intersection(entries)
    follow(tuple(begun), ways_on(edge for edge in edges if edge.start in silent and edge.end in silent), begun)
    for number in begun:
        draft.steps[number].waits = False


def _note(found: dict[int, frozenset[str]], numbers: Iterable[int], channels: frozenset[str]) -> None:
    """What several steps say goes to the channels of all of them; none is any channel."""
    for number in numbers:
        before = found.get(number, channels)
        found[number] = before | channels if before and channels else frozenset()


def _reach(size: int, edges: Sequence[Edge], entries: Sequence[int]) -> list[frozenset[str]]:
    """The channels on which each step can be reached; empty where that is any channel, or no way is known."""
    anything = frozenset(("*",))
    onward: list[list[Edge]] = [[] for _ in range(size)]
    for edge in edges:
        onward[edge.start].append(edge)
    reached: list[frozenset[str]] = [frozenset()] * size
    queue = deque(entries)
    for number in entries:
        reached[number] = anything
    while queue:
        here = queue.popleft()
        for edge in onward[here]:
            ways = reached[here]
            if edge.channels:
                ways = frozenset(edge.channels) if "*" in ways else ways & frozenset(edge.channels)
            before = reached[edge.end]
            if not ways <= before:
                reached[edge.end] = before | ways if before else ways
                queue.append(edge.end)
    return [frozenset() if "*" in channels else channels for channels in reached]
