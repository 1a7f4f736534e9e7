"""Requests that are spread over messages: the first names the data, a later one asks for "it", or for it once more.

A customer reads the two as one text, so they are read as one; what is asked for must be named in the first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, islice
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
_LATER = 3  # steps after the one that asked in which it may be asked for once more
_BOTH = 2  # steps before the same one: what is said in the one of them lies ahead of the other
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
                for spoken in ways.again(first, acts, number):
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
        self._again: dict[tuple[int, str], bool] = {}
        self._begun: dict[Hashable, list[int]] = {}
        self._rows: dict[int, _Row] = {}
        self._ahead: dict[int, dict[str | None, list[_Row]]] = {}

    def pairs(self, number: int, step: Step) -> Iterator[tuple[Spoken, list[Spoken]]]:
        """Each text that names something, with the texts that may follow."""
        row = self._row(number)
        for at, message in enumerate(row.numbers):
            for first in self._context.texts(message):
                if not first.quiet and any(act.force == "mention" for act in first.acts):
                    here = row.next_to(first.message, at + 1)
                    yield first, self._following(first, here or self._next(number, step, first.message))

    def requests(self, number: int) -> Iterator[tuple[Spoken, list[Act]]]:
        """The texts of a step that ask for something, with what they ask for."""
        for message in self._row(number).numbers:
            for spoken in self._context.texts(message):
                acts = [] if spoken.quiet else [act for act in spoken.acts if act.force == "request"]
                if acts:
                    yield spoken, acts

    def again(self, first: Spoken, acts: list[Act], number: int) -> list[Spoken]:
        """The texts after a step, with none between that asks for another thing, that ask for the same once more.

        What lies behind a step that many lead to is looked through for two of them: all that the others would find is
        found then, as no way comes back to where it began.
        """
        found: list[Spoken] = []
        like = _alike(first, acts)

        def goes_on(end: int, left: int) -> bool:
            begun = self._begun.setdefault((end, left, like), [])
            if number in begun or len(begun) == _BOTH:
                return False
            begun.append(number)
            said = self._following(first, self._row(end).next_to(first.message))
            asks = [one for one in said if self._takes(end) and self._asks_again(first.language, one)]
            found.extend(asks)
            return bool(asks) or not (said and self._flow.steps[end].waits)

        self._walk(number, _LATER, goes_on)
        return found

    def _asks_again(self, language: str, spoken: Spoken) -> bool:
        """Whether a text without data of its own asks once more for what an earlier one asked for."""
        key = (id(spoken), language)
        if key not in self._again:
            self._again[key] = _asks_again(self._context, language, spoken)
        return self._again[key]

    def _takes(self, number: int) -> bool:
        """Whether a step takes what is typed or sent, or the next one that says nothing does; a choice is no answer."""
        steps, captures = self._flow.steps, self._context.conversation.captures
        step = steps[number]
        if any(self._context.conversation.messages[one].is_choice for one in step.messages):
            return False
        silent = [end for end in self._onward.get(number, ()) if not step.waits and not steps[end].messages]
        taken = [one for at in (number, *silent) for one in steps[at].captures]
        return any(captures[one].component != "choice" for one in taken)

    def _row(self, number: int) -> _Row:
        """The messages of a step that stand in a row."""
        if number not in self._rows:
            messages = self._context.conversation.messages
            said = (one for one in self._flow.steps[number].messages if messages[one].kind not in _NOT_IN_A_ROW)
            self._rows[number] = _Row(list(said), messages)
        return self._rows[number]

    def _next(self, number: int, step: Step, first: Message) -> Iterator[int]:
        """What may be said next to a message of a step by the steps behind it, where it waits for nothing."""
        if number not in self._ahead:
            self._ahead[number] = {}
            for row in () if step.waits else self._speaking(number):
                for locale in row.locales:
                    self._ahead[number].setdefault(locale, []).append(row)
        return chain.from_iterable(row.next_to(first) for row in self._ahead[number].get(first.locale, ()))

    def _speaking(self, number: int) -> list[_Row]:
        """The messages of each step that may be next to speak; what says nothing and waits for nothing lies between."""
        found: list[_Row] = []

        def goes_on(end: int, _: int) -> bool:
            row = self._row(end)
            if row.numbers:
                found.append(row)
            return not row.numbers and not self._flow.steps[end].waits

        self._walk(number, _FURTHEST, goes_on)
        return found

    def _walk(self, number: int, furthest: int, goes_on: Callable[[int, int], bool]) -> None:
        """Ask of each step ahead, the nearest first and each once, whether the way goes on behind it; and how far."""
        seen, here = {number}, [number]
        for left in reversed(range(furthest)):
            ahead = dict.fromkeys(end for start in here for end in self._onward.get(start, ()) if end not in seen)
            seen.update(ahead)
            here = [end for end in ahead if goes_on(end, left)]

    def _following(self, first: Spoken, numbers: Iterable[int]) -> list[Spoken]:
        """The first few of some messages that go out on a channel on which the first one does."""
        texts = [spoken for number in islice(numbers, _MOST) for spoken in self._context.texts(number)]
        return [one for one in texts if not (first.channels and one.channels) or first.channels & one.channels]


class _Row:
    """Messages that stand in a row, in order; of those in one language it is told at once which follows which."""

    def __init__(self, numbers: list[int], messages: Sequence[Message]) -> None:
        self.numbers = numbers
        self.locales: dict[str | None, _Locale] = {}
        for place, number in enumerate(numbers):
            message = messages[number]
            self.locales.setdefault(message.locale, _Locale()).add(place, number, _group(message))

    def next_to(self, first: Message, place: int = 0) -> list[int]:
        """The first message from a place on that is not said instead of ``first``, and what may be said instead of
        it."""
        here = self.locales.get(first.locale)
        return here.next_to(_group(first), place) if here is not None else []


class _Locale:
    """The messages of a row in one language."""

    def __init__(self) -> None:
        self._places: list[int] = []
        self._numbers: list[int] = []
        self._groups: list[str] = []
        self._members: dict[str, list[int]] = {}
        self._run: list[int] = []  # that each message stands in: those of one group beside each other, from 1 on
        self._begins: list[int] = []  # where each run does

    def add(self, place: int, number: int, group: str) -> None:
        at = len(self._places)
        if not at or group != self._groups[-1]:
            self._begins.append(at)
        self._run.append(len(self._begins))
        self._places.append(place)
        self._numbers.append(number)
        self._groups.append(group)
        self._members.setdefault(group, []).append(at)

    def next_to(self, own: str, place: int) -> list[int]:
        at = bisect_left(self._places, place)
        if own and at < len(self._places) and self._groups[at] == own:
            behind = self._run[at]
            at = self._begins[behind] if behind < len(self._begins) else len(self._places)
        if at == len(self._places):
            return []
        group = self._groups[at]
        members = self._members[group] if group else [at]
        start = bisect_left(members, at)
        return [self._numbers[one] for one in members[start : start + _MOST]]


def _alike(first: Spoken, acts: list[Act]) -> Hashable:
    """What decides which texts ask again for what a text asked for, but for the step that it stands in."""
    message = first.message
    return frozenset(act.data for act in acts), message.locale, _group(message), first.language, first.channels


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


def _asks_again(context: Context, language: str, spoken: Spoken) -> bool:
    for reading in analysis.readings(spoken.plain.text, language, context.pack, spoken.plain.linked):
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
