"""Requests that are spread over two messages in a row: the first names the data, the second asks for "it".

A customer reads the two as one text, so they are read as one; what is asked for must be named in the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..conversation import Flow, Message, Step
from ..language import analysis
from ..language.acts import Act
from ..language.analysis import Reading

if TYPE_CHECKING:
    from .context import Context, Spoken

_NOT_IN_A_ROW = frozenset({"reprompt", "validation", "button", "option", "title", "label", "subject"})
_ASKS = frozenset({"IT_WH", "IT_CAN", "IT_COMMAND", "IT_HERE", "IT_MAY_HERE", "IT_COPY_HERE", "IT_OR_HERE"})
_OWN = ("ASK_YOURS", "ASK_NEED")
"""What makes the data the customer's, or needed."""
_FURTHEST = 4  # steps that say nothing between the two
_MOST = 8  # messages one of which may follow


class AskedNext(NamedTuple):
    """What the first message names and the next asks for."""

    first: Spoken
    next: Spoken
    act: Act


def asked_next(context: Context) -> Iterator[AskedNext]:
    """All such requests of a conversation's flows, each once."""
    seen: set[tuple[int, str]] = set()
    for flow in context.conversation.flows:
        ways = _Ways(context, flow)
        for number, step in enumerate(flow.steps):
            for first, following in ways.pairs(number, step):
                for one in _asked(context, first, following):
                    key = (id(first.message), one.act.data)
                    if key not in seen:
                        seen.add(key)
                        yield one


class _Ways:
    """What is said after what in a flow, without an answer between."""

    def __init__(self, context: Context, flow: Flow) -> None:
        self._context = context
        self._flow = flow
        self._onward: dict[int, list[int]] = {}
        for edge in flow.edges:
            self._onward.setdefault(edge.start, []).append(edge.end)

    def pairs(self, number: int, step: Step) -> Iterator[tuple[Spoken, list[Spoken]]]:
        """Each text that names something, with the texts that may follow."""
        said = self._said(step)
        for at, message in enumerate(said):
            for first in self._context.texts(message):
                if not first.quiet and any(act.force == "mention" for act in first.acts):
                    yield first, self._following(first, said[at + 1 :], [] if step.waits else self._next(number))

    def _said(self, step: Step) -> list[int]:
        """The messages of a step that stand in a row."""
        messages = self._context.conversation.messages
        return [number for number in step.messages if messages[number].kind not in _NOT_IN_A_ROW]

    def _next(self, number: int) -> list[list[int]]:
        """The messages of each step that may be next to speak; what says nothing and waits for nothing lies between."""
        found: list[list[int]] = []
        seen, here = {number}, [number]
        for _ in range(_FURTHEST):
            ahead = [end for start in here for end in self._onward.get(start, ()) if end not in seen]
            here = []
            for end in dict.fromkeys(ahead):
                seen.add(end)
                said = self._said(self._flow.steps[end])
                if said:
                    found.append(said)
                elif not self._flow.steps[end].waits:
                    here.append(end)
        return found

    def _following(self, first: Spoken, rest: list[int], ahead: list[list[int]]) -> list[Spoken]:
        """What may be said next, in the same language and on the same channel."""
        here = self._first_of(first, rest)
        numbers = here or [number for said in ahead for number in self._first_of(first, said)]
        texts = [spoken for number in numbers[:_MOST] for spoken in self._context.texts(number)]
        return [one for one in texts if not (first.channels and one.channels) or first.channels & one.channels]

    def _first_of(self, first: Spoken, numbers: list[int]) -> list[int]:
        """The first of some messages that is not said instead of ``first``, and what may be said instead of it."""
        messages = self._context.conversation.messages
        own = _group(first.message)
        others = [
            number
            for number in numbers
            if messages[number].locale == first.message.locale and not (own and _group(messages[number]) == own)
        ]
        group = _group(messages[others[0]]) if others else ""
        return [number for number in others if _group(messages[number]) == group] if group else others[:1]


def _group(message: Message) -> str:
    return message.variant.group if message.variant is not None else ""


def _asked(context: Context, first: Spoken, following: list[Spoken]) -> Iterator[AskedNext]:
    if any(act.force == "request" for act in first.acts):
        return  # the next speaks of what this one asks for
    mentions = (act for act in first.acts if act.force == "mention")
    named = {(act.data, act.start) for act in mentions if act.construction.startswith(_OWN)}
    text = first.plain.text.rstrip()
    for spoken in following if named else ():
        moved = [(start + len(text) + 1, end + len(text) + 1) for start, end in spoken.plain.linked]
        both, linked = f"{text}\n{spoken.plain.text}", [*first.plain.linked, *moved]
        for reading in analysis.readings(both, first.language, context.pack, linked):
            acts = analysis.acts(reading)
            if any(act.end > len(text) for act in acts) or not _asks_for_it(reading, len(text)):
                continue
            for act in acts:
                if act.force == "request" and (act.data, act.start) in named and _is_last(reading, act, len(text)):
                    yield AskedNext(first, spoken, act)


def _is_last(reading: Reading, act: Act, end: int) -> bool:
    """Whether no other sentence stands between what is named and the end of its text."""
    starts = [sentence.span(0, 1)[0] for sentence in reading.sentences]
    return not any(act.start < start < end for start in starts)


def _asks_for_it(reading: Reading, start: int) -> bool:
    """Whether the part of a text from ``start`` on asks without saying what for."""
    sentences = [sentence for sentence in reading.sentences if sentence.span(0, 1)[0] >= start]
    return any(name in _ASKS for one in sentences for name, _, _ in one.spans)
