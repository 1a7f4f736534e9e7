"""WhatsApp Flows: the forms that open inside a chat.

A file holds ``screens`` of components. Each screen is a step; what its components show are messages, its
input components are captures, but for those that only show what was filled in. ``navigate`` actions and the
routing model are the edges. Which components, keys and actions there are is known: any other is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..conversation import Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .common import is_text
from .drafts import FlowDraft, StepDraft, did_you_mean
from .exports import place
from .nodes import Node, holds, root, search
from .prose import places
from .reasons import NO_JSON, PART_OFF, WEB_SERVICE

NAME = "whatsapp-flows"
TITLE = "WhatsApp Flows JSON"

_INPUTS = {
    "TextInput": "text", "TextArea": "text", "DatePicker": "date", "CalendarPicker": "date",
    "Dropdown": "choice", "RadioButtonsGroup": "choice", "CheckboxGroup": "choice", "ChipsSelector": "choice",
    "OptIn": "choice", "NavigationList": "choice", "PhotoPicker": "photo", "DocumentPicker": "upload",
}  # fmt: skip
_INPUT_TYPES = {
    "number": "number", "email": "email", "password": "password", "passcode": "passcode", "phone": "phone",
}  # fmt: skip
_KINDS = {
    "text": "reply", "label": "label", "helper-text": "label", "description": "label", "title": "label",
    "error-message": "validation", "error-messages": "validation", "left-caption": "label",
    "center-caption": "label", "right-caption": "label", "alt-text": "label",
}  # fmt: skip
_OPTIONS = ("data-source", "list-items", "images")
_INNER = ("children", "layout")
_OPTION_TEXTS = ("title", "description", "metadata", "alt-text", "badge", "tags")
_OPTION_PARTS = ("main-content", "start", "end")
_COMPONENTS = frozenset((
    *_INPUTS, "SingleColumnLayout", "Form", "Footer", "If", "Switch", "TextHeading", "TextSubheading", "TextBody",
    "TextCaption", "RichText", "EmbeddedLink", "Image", "ImageCarousel",
))  # fmt: skip
_ACTION_KEYS = ("on-click-action", "on-select-action", "on-unselect-action")
_DATES = ("start-date", "end-date")
_ACTIONS = frozenset(("navigate", "complete", "data_exchange", "open_url", "update_data"))
_SCREEN_KEYS = frozenset((
    "id", "title", "terminal", "success", "data", "layout", "sensitive", "refresh-on-back", "type",
))  # fmt: skip
_COMPONENT_KEYS = frozenset((
    *_KINDS, *_OPTIONS, *_INNER, *_ACTION_KEYS, "type", "name", "then", "else", "cases", "condition", "value",
    "visible", "enabled", "required", "pattern", "input-type", "init-value", "init-values", "label-variant",
    "min-chars", "max-chars", "max-length", "min-selected-items", "max-selected-items", "min-date", "max-date",
    "unavailable-dates", "include-days", "mode", "photo-source", "max-file-size-kb", "min-uploaded-photos",
    "max-uploaded-photos", "min-uploaded-documents", "max-uploaded-documents", "allowed-mime-types", "media-size",
    "markdown", "font-weight", "strikethrough", "src", "width", "height", "scale-type", "aspect-ratio",
))  # fmt: skip
_OPTION_KEYS = frozenset((
    *_OPTION_TEXTS, *_OPTION_PARTS, *_ACTION_KEYS, "id", "image", "color", "enabled", "src",
))  # fmt: skip
_FAR = 200  # screens that hand a text on from one to the other
_LOOKED_AT = 1_000  # values below an unknown key, among which words are looked for
_NO_FLOW = "the JSON in this string is no flow of a version that is known"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DATA = re.compile(r"\$\{data\.(\w+)((?:\.\w+)*)\}")
_FILLED = ("init-value", "init-values")
_VALUE = re.compile(r"[\d*\u2022]")
"""In an example of what somebody has, but in none of a text."""
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
_CHOICE = re.compile(r"\?\s*(?:''|\$\{)[^?:]*:")
_ANY_DATA = re.compile(r"\$\{(?:screen\.(\w+)\.)?data\.(\w+)\}")
_LAYOUT_IN_CODE = re.compile(r"""\btype["']?\s*:\s*["']SingleColumnLayout["']""")
_SCREENS_IN_CODE = re.compile(r"""\bscreens["']?\s*[:=]\s*\[""")
_FORM = re.compile(r"\$\{(?:screen\.\w+\.)?form\.\w+\}")


def is_flow(value: Any) -> bool:
    """Whether a value has screens, and one of them an id and a layout of the only kind there is."""
    screens = value.get("screens") if isinstance(value, dict) else None
    return isinstance(screens, list) and any(_is_screen(screen) for screen in screens)


def _is_screen(screen: Any) -> bool:
    layout = screen.get("layout") if isinstance(screen, dict) else None
    return isinstance(layout, dict) and "id" in screen and layout.get("type") == "SingleColumnLayout"


def _has_flow(value: Any) -> bool:
    """A flow, or the request that makes one, which holds it as a string."""
    if is_flow(value):
        return True
    inside = value.get("flow_json") if isinstance(value, dict) and "name" in value and "type" not in value else None
    return isinstance(inside, str) and _names_screens(inside)


def _names_screens(text: str) -> bool:
    return '"screens' in text.replace("\\", "")


def claims(document: Document) -> bool:
    return holds(document, _has_flow)


def begins_in_code(text: str) -> int:
    """Where the layout of a flow stands in the code of a program that holds it as an object; -1 where none does."""
    layout = _LAYOUT_IN_CODE.search(text)
    return layout.start() if layout is not None and _SCREENS_IN_CODE.search(text) is not None else -1


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document, ("whatsapp",))
    for node in search(root(document), _has_flow):
        if is_flow(node.value):
            read_flow(builder, node)
        else:
            read_string(builder, node["flow_json"], node["name"].text)
    return builder.conversation()


def read_string(builder: Builder, node: Node, name: str) -> None:
    """Add the flow that a string holds as JSON."""
    flow = node.inner()
    if is_flow(flow.value):
        read_flow(builder, flow, name)
    elif _names_screens(node.text):
        builder.overlook(node, NO_JSON if flow.value is None else _NO_FLOW, name, flow.value is None)


def read_flow(builder: Builder, node: Node, name: str = "") -> None:
    """Add one flow, also one that was found inside a message template."""
    keys = [key for key in node.path if isinstance(key, str)]
    flow = builder.flow(name or node["name"].text or (keys[-1] if keys else ""))
    screens: dict[str, _Screen] = {}
    handed = _Handed(node["screens"])
    for one in node["screens"]:
        if one.is_mapping:
            screen = _Screen(builder, flow, one, handed)
            screen.read()
            screens.setdefault(screen.id, screen)
    _route(flow, node["routing_model"], screens)
    _enter(flow, node)


def _route(flow: FlowDraft, routing: Node, screens: dict[str, _Screen]) -> None:
    """The ways of the routing model, which says where one may get to from a screen.

    Those that its own actions lead along are there already, and where the endpoint is not asked there are no others.
    """
    for start, ends in routing.items():
        screen = screens.get(start)
        if screen is None:
            continue
        for end in ends:
            is_known = end.name in screen.ways or (screen.is_settled and flow.has(end.name))
            if not is_known:
                flow.link(end.name, "the endpoint decides" if screen.asks_endpoint else "", start=start, place=end)


def _enter(flow: FlowDraft, node: Node) -> None:
    """A conversation begins on the screen that no way of the routing model leads to, else on the first."""
    routing = node["routing_model"]
    targets = {end.name for start, ends in routing.items() for end in ends if end.name != start}
    entries = [start for start, _ in routing.items() if start not in targets and flow.has(start)]
    for entry in entries or [screen["id"].name for screen in node["screens"]][:1]:
        flow.enter(entry)


@lru_cache(maxsize=1024)
def _plain_key(key: str) -> str:
    """``helper_text`` and ``helperText`` are spellings of ``helper-text``."""
    return _CAMEL.sub("-", key).replace("_", "-").lower()


class _Handed:
    """What the actions of a flow hand to its screens, by screen and name: ``{"name": "navigate", "payload": {…}}``."""

    def __init__(self, screens: Node) -> None:
        self._texts: dict[tuple[str, str], list[Node]] = {}
        self._passed: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._unsure: set[tuple[str, str]] = set()
        self._given: dict[tuple[str, str], tuple[list[Node], bool]] = {}
        self._by_endpoint = False
        for screen in screens:
            self._look(screen)

    def _look(self, screen: Node) -> None:
        own = screen["id"].name
        waiting = [screen["layout"]]
        while waiting:
            node = waiting.pop()
            waiting += reversed([inner for _, inner in node.items()])
            waiting += reversed(list(node))
            name = node["name"].value if node.is_mapping else None
            self._by_endpoint = self._by_endpoint or name == "data_exchange"
            if name in ("navigate", "update_data"):
                to = node["next"].first("name") if node["next"].is_mapping else node["next"]
                for key, value in node["payload"].items():
                    self._hand(own, (to.name or own, key), value)

    def _hand(self, own: str, to: tuple[str, str], value: Node) -> None:
        passed = _ANY_DATA.fullmatch(value.text.strip())
        if passed is not None:
            self._passed.setdefault(to, []).append((passed[1] or own, passed[2]))
            return
        texts = self._texts.setdefault(to, [])
        if _FORM.fullmatch(value.text.strip()) is None:
            if value.text or value.is_list:
                texts.append(value)
            if "${" in value.text or value.is_mapping:  # a formula
                self._unsure.add(to)

    def given(self, screen: str, name: str) -> tuple[list[Node], bool]:
        """The texts and lists that a screen may get under a name, and whether that is all that it may get."""
        if (screen, name) not in self._given:
            self._given[screen, name] = self._find(screen, name)
        return self._given[screen, name]

    def _find(self, screen: str, name: str) -> tuple[list[Node], bool]:
        texts: list[Node] = []
        is_all = not self._by_endpoint
        seen = {(screen, name)}
        waiting = [(screen, name)]
        while waiting:
            if len(seen) > _FAR:
                return texts, False
            one = waiting.pop()
            is_known = one in self._texts or one in self._passed
            is_all = is_all and is_known and one not in self._unsure
            texts += self._texts.get(one, ())
            for before in self._passed.get(one, ()):
                if before not in seen:
                    seen.add(before)
                    waiting.append(before)
        return texts, is_all


class _Screen:
    """Reads one screen into a step."""

    def __init__(self, builder: Builder, flow: FlowDraft, node: Node, handed: _Handed) -> None:
        self.builder = builder
        self.handed = handed
        self.flow = flow
        self.node = node
        self.id = node["id"].name
        self.variant: Variant | None = None
        self.given: set[str] = set()
        """The data of which the example was said: very many components may offer one of very many options."""
        self.handed_on: set[tuple[str, str]] = set()
        """What actions hand to a screen, and was said here."""
        title = node["title"].text
        self.step: StepDraft = flow.step(self.id, node, self.id, "" if "${" in title else title)
        self.ways: set[str] = set()
        """The screens that its actions lead to."""
        self.asks_endpoint = False
        self.is_unsure = False
        """It has an action of which it is not known where it leads."""
        self.ends = False

    @property
    def is_settled(self) -> bool:
        """Whether its actions say all that can come next."""
        return not self.asks_endpoint and not self.is_unsure and (self.ends or bool(self.ways))

    def read(self) -> None:
        self._unknown(self.node, _SCREEN_KEYS, "")
        self._say(self.node["title"], "title", "title")
        self._component(self.node["layout"])

    def _component(self, node: Node) -> None:
        kind = node["type"].name
        name = node["name"].name
        fields = {_plain_key(key): value for key, value in node.items()}
        at = name or (kind if kind not in ("SingleColumnLayout", "Form") else "")
        if node["visible"].value is False:
            self.builder.skip(node, PART_OFF, f"{self.id}.{at}")
            return
        outer = self.variant
        if node["visible"].text:  # which is worked out when the screen is shown
            self.variant = one_of(node, 0, surely=False)
        self._unknown(node, _COMPONENT_KEYS, at)
        if kind not in _COMPONENTS and node.is_mapping:
            self._unknown_component(node, kind, at)
        shown_only = node["enabled"].value is False  # what was filled in before: its label asks for nothing
        for key, value in fields.items():
            if key in _KINDS:
                button = kind in ("Footer", "EmbeddedLink") and key in ("label", "text")
                said = "button" if button else _KINDS[key]
                self._texts(value, f"{at}.{key}", "subject" if shown_only and said == "label" else said)
            elif key in _OPTIONS:
                self._options(value, f"{at}.{key}")
            elif key in _FILLED:
                self._filled(value, f"{self.id}.{at}.{key}")
            elif key.endswith("-action"):
                self._action(value, fields.get("label", fields.get("text", value)).text)
        if (kind in _INPUTS or (name and kind not in _COMPONENTS)) and not shown_only:
            self._input(node, fields, kind, name)
        branches = list(_branches(fields))
        around = self.variant
        for number, branch in enumerate(branches):
            # Of If and Switch one branch is shown, or none of them.
            self.variant = one_of(node, number, surely="else" in fields and around is None)
            for inner in branch:
                self._component(inner)
            self.variant = around
        for inner in _components(fields):
            self._component(inner)
        self.variant = outer

    def _filled(self, node: Node, id: str) -> None:
        """What a field holds before the customer fills it in, which is shown."""
        for value in (node, *(item for _, item in node.items())):
            if _ANY_DATA.fullmatch(value.text.strip()) is not None:
                self.builder.say(self.step, value, id, "label", variant=self.variant)

    def _unknown(self, node: Node, known: frozenset[str], id: str) -> None:
        """Tell of a key that there is not, if it is nearly a known one or what it holds may be for customers."""
        for key, value in node.items():
            plain = _plain_key(key)
            if plain in known or key.startswith("_"):  # so begins what the builders of the flow note in it
                continue
            if did_you_mean(plain, known) or next(places(value.value, _is_shown, _LOOKED_AT), None) is not None:
                self.builder.unknown(value, key, known, f"{self.id}.{id}".rstrip("."), plain)

    def _unknown_component(self, node: Node, kind: str, at: str) -> None:
        said = f"'{kind}' is no component of this format, so it is not known what it shows and takes"
        self.builder.overlook(place(node, "type"), said + did_you_mean(kind, _COMPONENTS), f"{self.id}.{at}")

    def _input(self, node: Node, fields: dict[str, Node], kind: str, name: str) -> None:
        input_type = fields["input-type"].name if "input-type" in fields else ""
        component = _INPUT_TYPES.get(input_type, _INPUTS.get(kind, "unknown"))
        label = self._shown(fields["label"]) if "label" in fields else ""
        pattern = fields["pattern"].text if "pattern" in fields else ""
        at = place(node, "name") if name else node
        self.builder.take(self.step, at, name, f"{kind} {input_type}".strip(), component, pattern, label)

    def _shown(self, node: Node) -> str:
        """A text, or what is handed to the screen for it, or the example of one that the endpoint gives."""
        at_run_time = _DATA.fullmatch(node.text.strip())
        if at_run_time is None:
            return node.text
        for given in () if at_run_time[2] else self.handed.given(self.id, at_run_time[1])[0]:
            if given.text:
                return given.text
        return self._example_of(at_run_time).text

    def _texts(self, node: Node, id: str, kind: str) -> None:
        """A text, a list of texts that are one after the other, or texts by the name of a field."""
        if node.is_mapping:
            for key, value in node.items():
                self._texts(value, f"{id}.{key}", kind)
        elif node.is_list:
            for number, item in enumerate(node):
                self._say(item, f"{id}[{number}]", kind)
        else:
            self._say(node, id, kind)

    def _say(self, node: Node, id: str, kind: str) -> None:
        at_run_time = _DATA.fullmatch(node.text.strip())
        if (expression := _expression(node.text)) is not None:
            self.builder.say(
                self.step,
                node,
                f"{self.id}.{id.lstrip('.')}",
                kind,
                text=node.text[slice(*expression)],
                offset=expression[0],
                variant=one_of(node, 0, surely=False) if _chooses(node.text) else self.variant,
            )
        elif at_run_time is None:
            self.builder.say(self.step, node, f"{self.id}.{id.lstrip('.')}", kind, variant=self.variant)
        if at_run_time is None:
            for screen, name in _ANY_DATA.findall(node.text) if "data." in node.text else ():
                self._given(screen or self.id, name, kind)
        else:
            self._say_at_run_time(at_run_time, node, f"{self.id}.{id.lstrip('.')}", kind)

    def _say_at_run_time(self, at_run_time: re.Match[str], node: Node, id: str, kind: str) -> None:
        """What the endpoint says, or an action hands on: a text, or something that the customer has."""
        example = self._example_of(at_run_time)
        is_all = not at_run_time[2] and self._given(self.id, at_run_time[1], kind)
        if not is_all and kind == "reply" and (not example.text or _VALUE.search(example.text)):
            self.builder.say(self.step, node, id, kind, variant=self.variant)
        elif not is_all:
            self.builder.unseen(node, WEB_SERVICE, id)
        name = f"{self.id}.data.{at_run_time[1]}{at_run_time[2]}"
        self.builder.say(self.step, example, name, kind, tags=("example",))

    def _example_of(self, at_run_time: re.Match[str]) -> Node:
        """The example, which the file must give, of what the endpoint says; it is often a copy of it."""
        return self.node["data"][at_run_time[1]]["__example__"].at(*at_run_time[2].split(".")[1:])

    def _given(self, screen: str, name: str, kind: str) -> bool:
        """Say what actions hand to a screen under a name; whether that is all that can stand there."""
        texts, is_all = self.handed.given(screen, name)
        for text in texts if (screen, name) not in self.handed_on else ():
            self.builder.say(self.step, text, f"{self.id}.data.{name}", kind, variant=self.variant)
        self.handed_on.add((screen, name))
        return is_all

    def _options(self, node: Node, id: str) -> None:
        """What can be chosen: a list, or one that the endpoint gives, with an example of it."""
        at_run_time = _DATA.fullmatch(node.text.strip())
        if at_run_time is not None:
            lists, is_all = ([], False) if at_run_time[2] else self.handed.given(self.id, at_run_time[1])
            if not is_all:
                self.builder.unseen(node, WEB_SERVICE, f"{self.id}.{id.lstrip('.')}")
            if at_run_time[0] in self.given:
                return
            self.given.add(at_run_time[0])
            for number, item in enumerate(item for given in lists for item in given):
                self._option(item, f"{self.id}.data.{at_run_time[1]}[{number}]")
            node = self._example_of(at_run_time)
        for number, item in enumerate(node):
            if at_run_time is None:
                self._unknown(item, _OPTION_KEYS, f"{id.lstrip('.')}[{number}]")
            self._option(item, f"{self.id}.{id.lstrip('.')}[{number}]")

    def _option(self, node: Node, id: str) -> None:
        for key, value in node.items():
            plain = _plain_key(key)
            if plain in _OPTION_TEXTS:
                kind = "label" if plain == "alt-text" and "src" in node else "option"  # a picture is no option
                self.builder.say(self.step, value, f"{id}.{plain}", kind)
            elif plain in _OPTION_PARTS:
                self._option(value, id)
            elif plain.endswith("-action"):
                self._action(value, node["title"].text or node["main-content"]["title"].text)

    def _action(self, node: Node, label: str = "") -> None:
        """What is done at a click on what is called so; of a calendar that takes two dates one thing for each."""
        name = node["name"].name
        if name == "navigate":
            target = node["next"]
            screen = target["name"] if target.is_mapping else target
            self.ways.add(screen.name)
            self.is_unsure = self.is_unsure or not screen.name
            if screen.name:
                self.flow.link(screen.name, label, place=screen)
        elif name == "complete":
            self.ends = True
            self.flow.link("")
        elif name == "data_exchange":
            self.asks_endpoint = True
        elif name and name not in _ACTIONS:
            self.is_unsure = True
            said = f"'{name}' is no action of this format, so it is not known where it leads"
            self.builder.overlook(node["name"], said + did_you_mean(name, _ACTIONS), self.id)
        for key in _DATES if not name else ():
            if key in node:
                self._action(node[key], label)


def _is_shown(value: object) -> bool:
    """Whether a value may be for customers: words, or the name of a component that shows some."""
    return is_text(value) or (isinstance(value, str) and value in _COMPONENTS)


def _components(fields: dict[str, Node]) -> Iterator[Node]:
    """The components inside one."""
    for key in _INNER:
        value = fields.get(key)
        if value is not None:
            yield from value if value.is_list else (value,)


def _branches(fields: dict[str, Node]) -> Iterator[list[Node]]:
    """The components in each branch of If and Switch."""
    cases = [case for _, case in fields["cases"].items()] if "cases" in fields else []
    for value in (*(fields[key] for key in ("then", "else") if key in fields), *cases):
        yield list(value) if value.is_list else [value]


def _chooses(formula: str) -> bool:
    """Whether a formula puts one text or another: `${data.known} ? 'Hello again' : 'Hello'`."""
    return _CHOICE.search(_QUOTED.sub("''", formula)) is not None


def _expression(text: str) -> tuple[int, int] | None:
    """Where a text is that is put together, from version 6 on: `'Hello ' ${form.name} ', welcome'`.

    The outer quotes are cut off.
    """
    bare = text.strip()
    if len(bare) < 2 or bare[0] != "`" or bare[-1] != "`":
        return None
    start, end = text.index("`") + 1, text.rindex("`")
    start = end - len(text[start:end].lstrip())
    start += text.startswith("'", start, end)
    end = start + len(text[start:end].rstrip())
    return start, end - text.endswith("'", start, end)
