"""The flow format of neverask itself, for flows of products that have no reader; see docs/flow-format.md."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from ..meant import is_slip
from . import Neighbours
from .building import Builder
from .common import channel_names
from .components import component_of
from .drafts import FlowDraft, StepDraft, did_you_mean
from .exports import place
from .nodes import Node, holds, root, search
from .reasons import WEB_SERVICE

NAME = "neverask-flow"
TITLE = "neverask flow"

_COMPONENTS = (
    "text", "upload", "photo", "location", "contact", "passcode", "password", "date", "choice", "email",
    "phone", "number", "signature",
)  # fmt: skip
_TEXTS = {"say": "reply", "ask": "prompt", "invalid": "reprompt"}
_FLOW_KEYS = frozenset(("flow", "steps", "channel", "channels", "language", "start", "note"))
_STEP_KEYS = frozenset(("id", "title", "capture", "buttons", "goto", "call", "end", "unseen", "tags", "note", *_TEXTS))
_BUTTON_KEYS = frozenset(("text", "goto"))
_CAPTURE_KEYS = frozenset(("name", "type", "pattern"))
_WAY_KEYS = frozenset(("to", "if", "channel", "channels"))
_ONWARD = frozenset(("capture", "goto", "call"))
_END = "end"
_NO_NAMES = ("", _END)
_NAMELESS = "this step has no 'id': no way leads to it by its name"
_EMPTY = "this step's 'id' is empty: no way leads to it by its name"
_TAKEN = f"'{_END}' ends a flow, so no way leads to a step of this name: give it another, such as 'goodbye'"
_WITHOUT_NAME = "this is read as a flow, but a name is missing: write 'flow:' and what it is called"
_STRANGE = "nothing of this form can stand here, so this is not read"


def is_flow(value: Any) -> bool:
    """Whether a value names a flow and has steps that say or ask something, or has steps that also take or lead.

    A slip of the hand in a key does not make it another thing, which would be read as a list of replies in silence.
    """
    if not isinstance(value, dict):
        return False
    name, steps = (value.get(_key(value, key)) for key in ("flow", "steps"))
    each = list(steps.values()) if isinstance(steps, dict) else steps if isinstance(steps, list) else []
    mappings = [step for step in each if isinstance(step, dict)]
    exact = "flow" in value and "steps" in value
    called = exact or isinstance(steps, dict) or any("id" in step for step in mappings)
    is_one = isinstance(name, str) or ("steps" in value and any(not _ONWARD.isdisjoint(step) for step in mappings))
    return is_one and called and any(_says(step) for step in mappings)


def _says(step: dict[Any, Any]) -> bool:
    return "say" in step or "ask" in step or ("id" in step and ("capture" in step or "invalid" in step))


def _key(value: dict[Any, Any], wanted: str) -> str:
    """A key of a flow as it is written: where it is not there, the only one that can be it misspelt."""
    if wanted in value:
        return wanted
    near = [key for key in value if isinstance(key, str) and key not in _FLOW_KEYS and is_slip(key, wanted)]
    return near[0] if len(near) == 1 and len(value.keys() & {"flow", "steps"}) == 1 else ""


def claims(document: Document) -> bool:
    return holds(document, is_flow, 1)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    nodes = list(search(root(document), is_flow, 1))
    channels = sorted({name for node in nodes for name in _channels(node)})
    builder = Builder(NAME, document, tuple(channels) if len(nodes) == 1 else ())
    starts = {_part(node, "flow").text: _start(node) for node in reversed(nodes)}
    steps = (step for node in nodes for _, step in _steps(node) if "call" in step)
    called = {name for step in steps for name in _names(step["call"])} & starts.keys()
    together = builder.flow(_part(nodes[0], "flow").text) if called and len(nodes) > 1 else None
    for node in nodes:
        _Reading(builder, node, together, starts, called).read()
    return builder.conversation()


def _part(node: Node, key: str) -> Node:
    """The name of a flow or its steps, be the key misspelt."""
    return node[_key(node.value, key)]


def _start(node: Node) -> str | None:
    return _named(node["start"].name or next(_steps(node))[0])


def _named(id: str) -> str | None:
    """What ways know a step by; none knows one without a name, or one that is called as the end is."""
    return None if id in _NO_NAMES else id


def _steps(node: Node) -> Iterator[tuple[str, Node]]:
    """The steps of a flow with their ids; a step of a list has it in it."""
    steps = _part(node, "steps")
    yield from steps.items() if steps.is_mapping else ((step["id"].name, step) for step in steps)


def _names(node: Node) -> tuple[str, ...]:
    """A name or a list of names."""
    return tuple(item.name for item in node if item.name) if node.is_list else (node.name,) if node.name else ()


def _channels(node: Node) -> tuple[str, ...]:
    """The channels that a flow or a way names, however they are written."""
    return channel_names(";".join(_names(node.first("channels", "channel"))))


class _Reading:
    """Reads one flow. Flows of a file that call each other are one: ``together``.

    ``starts`` are the first steps of all flows of the file, ``called`` the flows that another one calls.
    """

    def __init__(
        self, builder: Builder, node: Node, together: FlowDraft | None, starts: dict[str, str | None], called: set[str]
    ) -> None:
        self.builder = builder
        self.node = node
        self.name = _part(node, "flow").text
        self.flow = together or builder.flow(self.name)
        self.starts = starts
        self.called = self.name in called
        self.channels = _channels(node)
        self.locale = node["language"].text or None
        self.ids = {id: None for id, _ in _steps(node)}

    def read(self) -> None:
        taken = {_key(self.node.value, key): key for key in ("flow", "steps")}
        self.builder.unknown_keys(self.node, _FLOW_KEYS.union(filter(None, taken)), "")
        if not isinstance(_part(self.node, "flow").value, str):
            self.builder.overlook(_part(self.node, "steps"), _WITHOUT_NAME, self.name)
        for written, key in taken.items():
            if written and written != key:
                said = f"'{written}' is no key of this format; it is read as '{key}'"
                self.builder.overlook(self.node[written], said, self.name)
        steps = list(_steps(self.node))
        before: tuple[Hashable, ...] | None = None
        for id, step in steps:
            if not step.is_mapping:
                self.builder.overlook(step, _STRANGE, id)
                continue
            if id in _NO_NAMES:
                said = _TAKEN if id else _EMPTY if "id" in step else _NAMELESS
                self.builder.overlook(place(step, "id"), said, id)
            before = self._step(step, id, before)
        if before is not None:
            self.flow.link("", start=before)
        if not self.called:
            self.flow.enter((self.name, _start(self.node)))
        self._begin()

    def _begin(self) -> None:
        """``start`` names the first step."""
        start = self.node["start"]
        if start.name and start.name not in self.ids:
            meant = did_you_mean(start.name, self.ids)
            self.builder.overlook(start, f"no step is called '{start.name}'{meant}", self.name)

    def _link(
        self,
        end: str,
        condition: str = "",
        channels: tuple[str, ...] = (),
        place: Node | None = None,
        rest: bool = False,
    ) -> None:
        """``rest``: the way is for whom no other one is; that of a channel without more is for all on it."""
        ends = end == _END or (end.lower() == _END and end not in self.ids)
        to, exact = "" if ends else (self.name, end), condition == " ".join(channels)
        self.flow.link(to, condition, channels, place=place if end else None, exact=exact, otherwise=rest)

    def _call(self, node: Node) -> None:
        """``call``: another flow of the file by its name, or a step of this one; it comes back at its end."""
        for one in node if node.is_list else (node,):
            if one.name:
                key = (one.name, self.starts[one.name]) if one.name in self.starts else (self.name, one.name)
                self.flow.link(key, "call", call=True, place=one)
            elif one:
                self.builder.overlook(one, _STRANGE, self.name)

    def _step(self, node: Node, id: str, before: tuple[Hashable, ...] | None) -> tuple[Hashable, ...] | None:
        """Read a step to which ``before`` goes on. Its key, None where it does not go on to the step below."""
        self.builder.unknown_keys(node, _STEP_KEYS, id)
        own = self.flow.own((self.name, _named(id)), node)
        step = self.flow.step(own, node, id, node["title"].text if "title" in node else "")
        if before is not None:
            self.flow.link(own, start=before)
        step.tags = _names(node["tags"]) if "tags" in node else ()
        for key, kind in _TEXTS.items():
            if key in node:
                self._say(step, node[key], f"{id}.{key}", kind)
        unseen = node["unseen"]
        if unseen:
            self.builder.unseen(unseen, unseen.text or WEB_SERVICE, id)
        if "capture" in node:
            self._capture(step, node["capture"])
        step.waits = step.waits or bool(node["ask"])  # asking without a capture waits for words
        if "call" in node:
            self._call(node["call"])
        onward = self._buttons(step, node["buttons"]) if "buttons" in node else True
        way, end = node["goto"], node["end"]
        if not isinstance(end.value, (bool, type(None))):
            self.builder.overlook(end, _STRANGE, id)
        if way:
            self._goto(way, id)
        elif end.value is True:
            self._link(_END)
        elif onward:
            return own
        return None

    def _say(self, step: StepDraft, node: Node, id: str, kind: str) -> None:
        """A text, a list of texts that are sent one after the other, or one text for each language."""
        if node.is_mapping:
            for locale, text in node.items():
                self.builder.say(step, text, f"{id}.{locale}", kind, locale, "", self.channels, step.tags)
                self._strange(text, id)
        else:
            for number, text in enumerate(node if node.is_list else (node,)):
                own = f"{id}[{number}]" if node.is_list else id
                self.builder.say(step, text, own, kind, self.locale, "", self.channels, step.tags)
                self._strange(text, id)

    def _strange(self, node: Node, id: str) -> None:
        """Tell of what is no text, nor a list of texts, where one has to stand."""
        for item in node if node.is_list else (node,):
            if item.is_mapping or item.is_list:
                self.builder.overlook(item, _STRANGE, id)

    def _capture(self, step: StepDraft, capture: Node) -> None:
        """``capture: name``, or a mapping with name, type and pattern."""
        self.builder.unknown_keys(capture, _CAPTURE_KEYS, step.id)
        name = capture["name"] if capture.is_mapping else capture
        if name.name:
            type = capture["type"].name
            component = type if type in _COMPONENTS else component_of(type) if type else "text"
            self.builder.take(step, name, name.name, type, component, capture["pattern"].text, "", self.channels)
        elif capture:
            self.builder.overlook(capture, _STRANGE, step.id)

    def _buttons(self, step: StepDraft, buttons: Node) -> bool:
        """Buttons are texts, or mappings with ``text`` and ``goto``. Says whether a way leads past them."""
        past = not buttons
        if buttons and not buttons.is_list:
            self.builder.overlook(buttons, _STRANGE, step.id)
        for number, button in enumerate(buttons):
            text = button["text"] if button.is_mapping else button
            self.builder.unknown_keys(button, _BUTTON_KEYS, f"{step.id}.buttons[{number}]")
            self._say(step, text, f"{step.id}.buttons[{number}]", "button")
            way = button["goto"]
            if way.name:
                self._link(way.name, text.text, place=way)
            else:
                past = True
                if way:
                    self.builder.overlook(way, _STRANGE, step.id)
        step.waits = step.waits or bool(buttons)
        return past

    def _goto(self, node: Node, id: str) -> None:
        """A step's id, or a list of mappings with ``to``, ``if`` and ``channel``."""
        for number, way in enumerate(node if node.is_list else (node,)):
            if way.is_mapping:
                self.builder.unknown_keys(way, _WAY_KEYS, id)
                channels, condition = _channels(way), way["if"].name
                rest = number > 0 and not channels and not condition
                self._link(way["to"].name, condition or " ".join(channels), channels, way["to"], rest)
            else:
                self._link(way.name, place=way, rest=number > 0)
            if not (way["to"].name or way.name):
                self.builder.overlook(way, _STRANGE, id)
