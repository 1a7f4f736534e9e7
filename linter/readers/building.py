"""Puts a conversation together for the readers of flows: steps by name, edges by the names at their ends."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar
from zlib import crc32

from ..conversation import LANGUAGE_MODEL as LANGUAGE_MODEL
from ..conversation import Capture, Conversation, Edge, Flow, Located, Message, Path, Skipped, Step, Variant
from ..expressions import expression
from ..meant import nearest
from ..source import brief
from .channels import asked_channels, exact_channels, is_else
from .choices import always_says, has_choice
from .nodes import Joined, Node
from .program_code import sentences_in
from .prose import is_sentence

WEB_SERVICE = "a web service says this text"
VARIABLE = "the text is in a variable"
ELSEWHERE = "another flow goes on from here"
TEMPLATE = "the text is a template kept elsewhere"
CODE = "program code decides what is said here"
INTERNAL = "for the builders of the bot, no customer reads it"
NO_JSON = "this string is not valid JSON, so what it says is not read"
CUSTOMER = "the customer's own words"
MAIL = "an e-mail, no part of the chat"
PART_OFF = "this part is switched off"
NODE_OFF = "this node is switched off"

_ONLY_A_VARIABLE = expression(r"\s*(?:\{\{\{?[^{}'\"]*\}\}\}?|\$\{[^{}'\"]*\}|\{\w+\}|\{![$\w.]+\}|@[\w.]+)\s*")
# Without a name, too, so that signs in a row are looked at once.
_PRINTED = expression(r"(?:\{!?|\$|@|\[|<\?)[\s$@]*((?:\w+[.:])*\w+)?")
_CALLED = expression(r"\{[^{}]{0,80}\([^{}]{1,120}\}")
_NAMED = expression(r"(?:\w+[.:])*[^\W\d]\w*")
_MOST_CHANNELS = 64  # that the edges of a flow name; one with more means something else by them
_MOST_REPEATED = 50_000  # texts of a whole export that steps say which others say too, beside some for each text
_REPEATED = 4  # such texts for each text
_CROWDED = (
    "very many steps say the same very many texts; from this step on only some of those are looked at with each step"
)
SUGGESTED = 20  # dead ways of a flow of which it is told what was probably meant
_ALIKE = 0.7
_FEW = 20  # keys of a format that are told where none of them was nearly meant
_SEVERAL = 2  # flows in files of their own: they are those of one bot, and none was just looked at
_MADE_UP = expression("[0-9a-f]{8}")  # by a program: such a name is not misspelt
_SPOKEN = frozenset({"reply", "prompt"})

_Step = TypeVar("_Step", bound=Hashable)
_Sent = TypeVar("_Sent", Message, Capture)
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
            onward = _onward(edges)
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


def _onward(edges: Iterable[Edge]) -> dict[int, list[int]]:
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


def _last_name(name: str) -> str:
    """The name of a variable without what it is kept in ("dialog.msg", "init:Topic.Msg")."""
    return re.split(r"[.:]", name)[-1].lstrip("$@")


class Builder:
    """What a reader of one export has seen so far; ``conversation()`` at the end.

    ``channels`` is where all of it goes when the product says so by what it is.
    """

    def __init__(self, format: str, document: Located, channels: tuple[str, ...] = (), markup: str = "auto") -> None:
        self._format = format
        self._documents: dict[int, Located] = {id(document): document}
        self._channels = channels
        self._markup = markup
        self.messages: list[Message] = []
        self.captures: list[Capture] = []
        self.flows: list[FlowDraft] = []
        self._merged: list[Flow] = []
        self._skipped: list[Skipped] = []
        self._unseen: list[Skipped] = []
        self._overlooked: list[Skipped] = []
        self._known: dict[tuple[int, Path, int, str | None], int] = {}
        self._printed: list[str] = []
        self._repeated = 0
        self.is_crowded = False
        """More is said again than is looked at."""
        self._assigned: list[tuple[StepDraft | None, str, Node, str, str | None, int, Variant | None]] = []
        self._renamed: list[tuple[StepDraft | None, Node, str, str]] = []
        self.falls_back = False
        """What is not translated is said in the language that it is in."""

    def also(self, document: Located) -> None:
        """Another file of the same export that was read; told again for each part of it, it is there once."""
        self._documents.setdefault(id(document), document)

    def flow(self, name: str) -> FlowDraft:
        draft = FlowDraft(name)
        self.flows.append(draft)
        return draft

    def say(
        self,
        step: StepDraft | None,
        node: Node,
        id: str,
        kind: str = "reply",
        locale: str | None = None,
        markup: str = "",
        channels: tuple[str, ...] = (),
        tags: tuple[str, ...] = (),
        text: str | None = None,
        offset: int = 0,
        variant: Variant | None = None,
    ) -> None:
        """A text for the customer at ``node``; other values and empty texts are passed over.

        A list gives a message for each of its strings, one of which is said. ``text`` and ``offset`` cut a piece
        out of the string. A text that several steps say is one message.
        """
        if node.is_list:
            for number, item in enumerate(node):
                one = variant or one_of(node, number)
                self.say(step, item, f"{id}[{number}]", kind, locale, markup, channels, tags, variant=one)
            return
        whole = node.document.value if isinstance(node.document, Joined) else node.text
        said = whole if text is None else text
        if not said.strip():
            return
        if kind in _SPOKEN and _ONLY_A_VARIABLE.fullmatch(said):
            self.unseen(node, VARIABLE, id)
        key = (id_of(node.document), node.path, offset, locale)
        number = self._known.get(key, -1)
        is_new = number < 0
        if is_new:
            number = self._known[key] = len(self.messages)
            self.messages.append(
                Message(
                    brief(id), said, node.path, node.document, kind, markup or self._markup,
                    channels or self._channels, locale, tags, offset, variant,
                )
            )  # fmt: skip
        elif variant is not None and self.messages[number].variant is None:
            self.messages[number] = replace(self.messages[number], variant=variant)
        if step is not None and number not in step.messages and (is_new or self._has_room(step)):
            step.messages[number] = None
            step.variants[number] = variant

    def repeat(self, step: StepDraft, numbers: Iterable[int]) -> None:
        """The step says messages that are there already."""
        for number in numbers:
            if number not in step.messages:
                if not self._has_room(step):
                    return
                step.messages[number] = None

    def retake(self, step: StepDraft, numbers: Sequence[int]) -> None:
        """The step takes answers that another step may take too: some of them, where that is done very often."""
        few = bool(step.captures) or len(numbers) > 1
        step.captures += numbers[:1] if few and self.crowded(step.place, len(numbers)) else numbers

    def _has_room(self, step: StepDraft) -> bool:
        """Whether a step says one more text that may be another's too: it says at least one."""
        return not step.messages or not self.crowded(step.place)

    def crowded(self, place: Node, count: int = 1) -> bool:
        """Whether so many texts are said again that no more are looked at with each step; counts these too.

        Each of very many steps that say one of very many texts would have all of them. They are read once anyhow.
        """
        self._repeated += count
        if self._repeated <= _MOST_REPEATED + _REPEATED * len(self.messages):
            return False
        if not self.is_crowded:
            self.is_crowded = True
            self.overlook(place, _CROWDED)
        return True

    def assign(
        self,
        step: StepDraft | None,
        name: str,
        node: Node,
        sure: bool = False,
        quoted: re.Match[str] | None = None,
        text: str | None = None,
        offset: int = 0,
        variant: Variant | None = None,
    ) -> None:
        """A text that is put into a variable: it is said where a message prints the variable.

        ``sure``: what prints it stands in files that are not here, so it is taken as said. ``quoted``: the text is the
        first group of this match alone. ``text`` and ``offset`` cut a piece out of the string at ``node``, which may
        be one of several. Of a list or a mapping each string is put there, under its own key.
        """
        if node.is_list or node.is_mapping:
            for key, item in node.items() if node.is_mapping else ((name, item) for item in node):
                self.assign(step, key, item, sure)
            return
        if quoted:
            text, offset = quoted[1], quoted.start(1)
        if not is_sentence(node.value if text is None else text):
            return
        if sure:
            self.say(step, node, name, text=text, offset=offset, variant=variant)
        else:
            id = brief(f"{step.id}.{name}" if step is not None else name)
            self._assigned.append((step, _last_name(name), node, id, text, offset, variant))

    def assign_sentences(self, step: StepDraft | None, name: str, code: Node) -> None:
        """The sentences that code or a formula puts into a variable, whichever of them it is."""
        surely = always_says(code.text, is_sentence)
        for start, text in sentences_in(code.text):
            one = one_of(code, start, surely) if has_choice(code.text) else None
            self.assign(step, name, code, text=text, offset=start, variant=one)

    def _say_assigned(self) -> None:
        if not self._assigned:
            return
        texts = [*(message.text for message in self.messages), *self._printed]
        printed = {_last_name(name) for text in texts for name in _PRINTED.findall(text) if name}
        for called in (found[0] for text in texts for found in _CALLED.finditer(text)):  # "${join(dialog.names, ', ')}"
            printed.update(map(_last_name, _NAMED.findall(called)))
        for step, name, node, id, text, offset, variant in self._assigned:
            if name in printed or not texts:  # without any text here, what prints it is in another file
                self.say(step, node, id, text=text, offset=offset, variant=variant)

    def say_joined(
        self,
        step: StepDraft | None,
        place: Node,
        parts: Sequence[Node | str],
        id: str,
        kind: str = "reply",
        locale: str | None = None,
        markup: str = "",
        variant: Variant | None = None,
        channels: tuple[str, ...] = (),
    ) -> None:
        """The runs of a text as one message at ``place``."""
        said = joined(place, parts)
        if said.value is not None:
            self.say(step, said, id, kind, locale, markup, channels, variant=variant)

    def take(
        self,
        step: StepDraft | None,
        node: Node,
        name: str,
        type: str = "",
        component: str = "text",
        pattern: str = "",
        label: str = "",
        channels: tuple[str, ...] = (),
        waits: bool = True,
    ) -> None:
        """An answer that is taken at ``node``; the step waits for it, unless it only gives it a new name."""
        to = channels or self._channels
        capture = Capture(name, node.path, node.document, type, component, to, pattern, label)
        self.captures.append(capture)
        if step is not None:
            step.captures.append(len(self.captures) - 1)
            step.waits = step.waits or waits

    def rename(self, step: StepDraft | None, node: Node, name: str, source: str) -> None:
        """What is kept as ``source`` is kept under another name too: it is taken so where it is an answer."""
        if name and source and name != source:
            self._renamed.append((step, node, name, source))

    def _take_renamed(self) -> None:
        taken = {capture.name: capture for capture in self.captures}
        for step, node, name, source in self._renamed:
            answer = taken.get(source)
            if answer is not None and name not in taken:
                self.take(step, node, name, "", answer.component, channels=answer.channels, waits=False)
                taken[name] = self.captures[-1]

    def merge(self, conversation: Conversation) -> None:
        """Take over what another reader saw in a part of the document."""
        said, taken = len(self.messages), len(self.captures)
        self.messages += conversation.messages
        self.captures += conversation.captures
        self._skipped += conversation.skipped
        self._unseen += conversation.unseen
        self._overlooked += conversation.overlooked
        for flow in conversation.flows:
            steps = tuple(
                replace(
                    step,
                    messages=tuple(number + said for number in step.messages),
                    captures=tuple(number + taken for number in step.captures),
                    variants=tuple((number + said, variant) for number, variant in step.variants),
                )
                for step in flow.steps
            )
            self._merged.append(replace(flow, steps=steps))

    def skip(self, node: Node, reason: str, name: str = "") -> None:
        """A text that was seen and is not for the customer to read."""
        if node.value not in (None, "", [], {}):
            self._skipped.append(Skipped(node.path, node.document, reason, brief(name)))

    def unseen(self, node: Node, reason: str, name: str = "", printed: str = "") -> None:
        """A text for the customer that is not in the file; ``printed`` names the variables that it is in, where the
        string at ``node`` does not.
        """
        self._unseen.append(Skipped(node.path, node.document, reason, brief(name)))
        if reason == VARIABLE:
            self._printed.append(printed or node.text)

    def overlook(self, node: Node, reason: str, name: str = "", broken: bool = False) -> None:
        """Something in the file of which it is not known what it is, or a text for customers that can't be read."""
        self._overlooked.append(Skipped(node.path, node.document, reason, brief(name), broken))

    def unknown_keys(self, node: Node, known: Collection[str], id: str) -> None:
        """A misspelt key must not mean that a text is not looked at and nobody hears of it."""
        for key in node.value if node.is_mapping and node.value.keys() - known else ():
            if key not in known:
                self.unknown(node[key], str(key), known, id)

    def unknown(self, node: Node, key: str, known: Collection[str], id: str, plain: str = "") -> None:
        """A key that the format does not have, and which of ``known`` it may be; ``plain``: written as these are."""
        meant = did_you_mean(plain or key, known)
        if not meant and len(known) <= _FEW:
            meant = f"; the keys here are {', '.join(sorted(known))}"
        self.overlook(node, f"'{key}' is no key of this format, so this is not read{meant}", id)

    def conversation(self) -> Conversation:
        self._say_assigned()
        self._take_renamed()
        flows = []
        for draft in self.flows:
            draft.complain()
            edges = draft.edges()
            self._overlooked += (Skipped(at.path, at.document, reason, at.name) for at, reason in draft.dead())
            flows.append((draft, edges, draft.entries(edges)))
        for flow in flows:
            _let_customers_begin(*flow)
        self._mark_prompts(flows)
        self._mark_channels(flows)
        return Conversation(
            self._format,
            tuple(self._documents.values()),
            tuple(self.messages),
            tuple(self.captures),
            (*(_finished(self.messages, *flow) for flow in flows if flow[0].steps), *self._merged),
            tuple(self._skipped),
            tuple(self._unseen),
            self._channels,
            {"falls back": True} if self.falls_back else {},
            tuple(self._overlooked),
        )

    def _mark_prompts(self, flows: Iterable[tuple[FlowDraft, list[Edge], tuple[int, ...]]]) -> None:
        """The last reply before an answer is taken is what asks for it; often it is said a step earlier."""
        for draft, edges, _ in flows:
            asking = {number for number, step in enumerate(draft.steps) if step.waits}
            silent = {number for number in asking if not self._spoken(draft.steps[number])}
            asking |= {edge.start for edge in edges if edge.end in silent}
            for number in asking:
                spoken = self._spoken(draft.steps[number])
                last = set({self.messages[one].locale: one for one in spoken}.values())
                groups = {variant.group for one in last if (variant := self.messages[one].variant)}
                for one in spoken:
                    variant = self.messages[one].variant
                    if one in last or (variant is not None and variant.group in groups):
                        self.messages[one] = replace(self.messages[one], kind="prompt")

    def _spoken(self, step: StepDraft) -> list[int]:
        return [number for number in step.messages if self.messages[number].kind in _SPOKEN]

    def _mark_channels(self, flows: Sequence[tuple[FlowDraft, list[Edge], tuple[int, ...]]]) -> None:
        """Steps that only edges for some channels lead to speak on those channels only."""
        if self.is_crowded:  # what else says a message is not known
            return
        said: dict[int, frozenset[str]] = {}
        taken: dict[int, frozenset[str]] = {}
        for draft, edges, entries in flows:
            if 0 < len({channel for edge in edges for channel in edge.channels}) <= _MOST_CHANNELS:
                for step, channels in zip(draft.steps, _reach(len(draft.steps), edges, entries), strict=True):
                    _note(said, step.messages, channels)
                    _note(taken, step.captures, channels)
        _put(self.messages, "channels", said)
        _put(self.captures, "channels", taken)
        if any(edge.closed for _, edges, _ in flows for edge in edges):
            self._close(flows)

    def _close(self, flows: Iterable[tuple[FlowDraft, list[Edge], tuple[int, ...]]]) -> None:
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
        _put(self.messages, "closed", said)
        _put(self.captures, "closed", taken)


def _put(ones: list[_Sent], name: str, channels: Mapping[int, Collection[str]]) -> None:
    """Write the channels of some messages or captures, by their numbers, where none are written."""
    for number, found in channels.items():
        if found and not getattr(ones[number], name):
            written: dict[str, Any] = {name: tuple(sorted(found))}
            ones[number] = replace(ones[number], **written)


def _reached(edges: Iterable[Edge], entries: Iterable[int], channel: str) -> set[int]:
    """The steps that a conversation on a channel can come to; "": on any."""
    onward = _onward(
        edge
        for edge in edges
        if not channel or (channel not in edge.closed and (not edge.channels or channel in edge.channels))
    )
    seen = set(entries)
    follow(tuple(seen), onward, seen)
    return seen


def _let_customers_begin(draft: FlowDraft, edges: Iterable[Edge], entries: Iterable[int]) -> None:
    """Where nothing was said yet, a customer speaks first: such a step waits for them, but for no answer."""
    silent = {number for number, step in enumerate(draft.steps) if not (step.messages or step.captures)}
    begun = silent.intersection(entries)
    follow(tuple(begun), _onward(edge for edge in edges if edge.start in silent and edge.end in silent), begun)
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


def _finished(messages: Sequence[Message], draft: FlowDraft, edges: list[Edge], entries: tuple[int, ...]) -> Flow:
    steps = tuple(
        Step(
            step.id, step.title, step.place.path, step.place.document,
            tuple(step.messages), tuple(step.captures), step.waits, step.ends, step.stops,
            tuple((one, variant) for one, variant in step.variants.items() if variant != messages[one].variant),
            step.tags, step.passed,
        )
        for step in draft.steps
    )  # fmt: skip
    return Flow(draft.name, steps, tuple(edges), entries)


def one_of(node: Node, number: int, surely: bool = True) -> Variant:
    """The text of this number among the alternatives at ``node``."""
    return Variant("/".join(map(_part, (node.document.source.path, *node.path))), number, surely)


@lru_cache(256)
def _part(key: str | int) -> str:
    """A part of a group's name; each of very many texts has the name of the group."""
    written = str(key)
    short = brief(written)
    return written if short == written else f"{short}{crc32(written.encode('utf-8', 'surrogatepass'))}"


def joined(place: Node, parts: Sequence[Node | str]) -> Node:
    """The runs of a text as one string at ``place``; a node of None where no part has a place of its own."""
    nodes = [part for part in parts if isinstance(part, Node)]
    if not nodes:
        return Node(None, place.path, place.document)
    if len(nodes) == 1 and not any(isinstance(part, str) and part.strip() for part in parts):
        return nodes[0]
    whole = Joined(place.document, parts)
    return Node(whole.value, place.path, whole)


def id_of(document: Located) -> int:
    """Tells documents apart; joined texts of the same place are the same."""
    return id(document.source) if isinstance(document, Joined) else id(document)


_COMPONENTS = (
    ("passcode", ("passcode",)),
    ("password", ("password",)),
    ("email", ("email", "e-mail")),
    ("phone", ("phone", "tel")),
    ("location", ("location", "gps")),
    ("photo", ("photo", "image", "camera", "video")),
    ("upload", ("file", "document", "upload", "media", "attachment")),
    ("date", ("date",)),
    ("number", ("number",)),
    ("signature", ("signature",)),
    ("choice", ("choice", "button", "select", "radio", "check", "dropdown", "picker")),
    ("text", ("text",)),
)


@lru_cache(1024)
def component_of(type: str, otherwise: str = "unknown") -> str:
    """The component that a product's type name says ("email input", "has_phone"), ``otherwise`` for none."""
    lower = type.lower()
    for component, words in _COMPONENTS:
        if any(word in lower for word in words):
            return component
    return otherwise
