"""Requests that are spread over messages: the first names the data, a later one asks for "it", or for it once more.

A customer reads the two as one text, so they are read as one; what is asked for must be named in the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
_AGAIN = frozenset({"REF_AGAIN", "REF_GIVE_ANEW", "REF_SEND_IT", "REF_PRONOUN_FIRST"})
"""What asks once more for what was asked for: "Try again?", "Type it once more"."""
_OFFERS = frozenset({"button", "option"})
_LATER = 3  # steps after the one that asked in which it may be asked for once more
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


def asked_again(context: Context) -> Iterator[AskedNext]:
    """The messages that ask once more for what a step before asked for, with none of its words; each once."""
    seen: set[tuple[int, str]] = set()
    for flow in context.conversation.flows:
        ways = _Ways(context, flow)
        for number in range(len(flow.steps)):
            for first, acts in ways.requests(number):
                for spoken in ways.again(first, number):
                    for act in acts:
                        key = (id(spoken.message), act.data)
                        if key not in seen:
                            seen.add(key)
                            yield AskedNext(first, spoken, act)


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

    def requests(self, number: int) -> Iterator[tuple[Spoken, list[Act]]]:
        """The texts of a step that ask for something, with what they ask for."""
        for message in self._said(self._flow.steps[number]):
            for spoken in self._context.texts(message):
                acts = [] if spoken.quiet else [act for act in spoken.acts if act.force == "request"]
                if acts:
                    yield spoken, acts

    def again(self, first: Spoken, number: int) -> list[Spoken]:
        """The texts after a step, with none between that asks for another thing, that ask for the same once more."""
        found: list[Spoken] = []

        def goes_on(end: int) -> bool:
            said = self._following(first, [], [self._said(self._flow.steps[end])])
            asks = [one for one in said if self._takes(end) and _asks_again(self._context, first, one)]
            found.extend(asks)
            return bool(asks) or not (said and self._flow.steps[end].waits)

        self._walk(number, _LATER, goes_on)
        return found

    def _takes(self, number: int) -> bool:
        """Whether a step takes what is typed or sent, or the next one that says nothing does; a choice is no answer."""
        steps, captures = self._flow.steps, self._context.conversation.captures
        step = steps[number]
        if any(self._context.conversation.messages[one].kind in _OFFERS for one in step.messages):
            return False
        silent = [end for end in self._onward.get(number, ()) if not step.waits and not steps[end].messages]
        taken = [one for at in (number, *silent) for one in steps[at].captures]
        return any(captures[one].component != "choice" for one in taken)

    def _said(self, step: Step) -> list[int]:
        """The messages of a step that stand in a row."""
        messages = self._context.conversation.messages
        return [number for number in step.messages if messages[number].kind not in _NOT_IN_A_ROW]

    def _next(self, number: int) -> list[list[int]]:
        """The messages of each step that may be next to speak; what says nothing and waits for nothing lies between."""
        found: list[list[int]] = []

        def goes_on(end: int) -> bool:
            said = self._said(self._flow.steps[end])
            if said:
                found.append(said)
            return not said and not self._flow.steps[end].waits

        self._walk(number, _FURTHEST, goes_on)
        return found

    def _walk(self, number: int, furthest: int, goes_on: Callable[[int], bool]) -> None:
        """Ask of each step ahead, the nearest first and each once, whether the way goes on behind it."""
        seen, here = {number}, [number]
        for _ in range(furthest):
            ahead = dict.fromkeys(end for start in here for end in self._onward.get(start, ()) if end not in seen)
            seen.update(ahead)
            here = [end for end in ahead if goes_on(end)]

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


def _asks_again(context: Context, first: Spoken, spoken: Spoken) -> bool:
    """Whether a text without data of its own asks once more for what an earlier one asked for."""
    for reading in analysis.readings(spoken.plain.text, first.language, context.pack, spoken.plain.linked):
        named = any(one.data() for one in reading.sentences)
        if not named and not _AGAIN.isdisjoint(analysis.constructions(reading)):
            return True
    return False


def _is_last(reading: Reading, act: Act, end: int) -> bool:
    """Whether no other sentence stands between what is named and the end of its text."""
    starts = [sentence.span(0, 1)[0] for sentence in reading.sentences]
    return not any(act.start < start < end for start in starts)


def _asks_for_it(reading: Reading, start: int) -> bool:
    """Whether the part of a text from ``start`` on asks without saying what for."""
    sentences = [sentence for sentence in reading.sentences if sentence.span(0, 1)[0] >= start]
    return any(name in _ASKS for one in sentences for name, _, _ in one.spans)
