"""Puts a conversation together for the readers of flows: what each step says, takes and leaves out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from zlib import crc32

from ..conversation import (
    LANGUAGE_MODEL,
    Capture,
    Conversation,
    Edge,
    Flow,
    Located,
    Message,
    Path,
    Skipped,
    Step,
    Variant,
)
from ..expressions import expression
from ..source import brief
from .choices import always_says, has_choice
from .drafts import FlowDraft, StepDraft, did_you_mean
from .nodes import Joined, Node
from .program_code import sentences_in
from .prose import is_sentence
from .reached import SPOKEN, let_customers_begin, mark_channels, mark_prompts
from .reasons import VARIABLE

_ONLY_A_VARIABLE = expression(r"\s*(?:\{\{\{?[^{}'\"]*\}\}\}?|\$\{[^{}'\"]*\}|\{\w+\}|\{![$\w.]+\}|@[\w.]+)\s*")
# Without a name, too, so that signs in a row are looked at once.
_PRINTED = expression(r"(?:\{!?|\$|@|\[|<\?)[\s$@]*((?:\w+[.:])*\w+)?")
_CALLED = expression(r"\{[^{}]{0,80}\([^{}]{1,120}\}")
_NAMED = expression(r"(?:\w+[.:])*[^\W\d]\w*")
_MOST_REPEATED = 50_000  # texts of a whole export that steps say which others say too, beside some for each text
_REPEATED = 4  # such texts for each text
_CROWDED = (
    "very many steps say the same very many texts; from this step on only some of those are looked at with each step"
)
_FEW = 20  # keys of a format that are told where none of them was nearly meant


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
        if kind in SPOKEN and _ONLY_A_VARIABLE.fullmatch(said):
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

    def worded(self, told: Iterable[Node], otherwise: Node, name: str) -> None:
        """What a language model words: its instructions, or what stands for it where it is given none."""
        for one in list(told) or [otherwise]:
            self.unseen(one, LANGUAGE_MODEL, name)

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
            let_customers_begin(*flow)
        mark_prompts(self.messages, flows)
        if not self.is_crowded:  # else it is not known what else says a message
            mark_channels(self.messages, self.captures, flows)
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
