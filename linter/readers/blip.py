"""Take Blip: a builder's flow, states by their ids with content actions and outputs."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .reasons import CODE, ELSEWHERE, WEB_SERVICE
from .whatsapp_payloads import read_message

NAME = "blip"
TITLE = "Take Blip flows"

_UNSEEN = {
    "SendMessageFromHttp": WEB_SERVICE,
    "Redirect": ELSEWHERE,
    "ProcessContentAssistant": LANGUAGE_MODEL,
    "ContentAssistant": LANGUAGE_MODEL,
}
_TEXTS = {"text": "reply", "title": "title", "subtitle": "reply", "description": "reply", "footer": "reply"}
_ANSWER = re.compile(r"\{\{\s*input\.")
_DOMAINS = {
    "wa.gw.msging.net": "whatsapp", "messenger.gw.msging.net": "messenger", "telegram.gw.msging.net": "telegram",
    "instagram.gw.msging.net": "instagram", "0mn.io": "webchat", "mailgun.gw.msging.net": "email",
}  # fmt: skip
_RULES = {"number": "number", "date": "date", "type": "upload"}
_ASKS = ("equals", "contains", "endsWith", "matches")
_IN_ORDER = ("$enteringCustomActions", "$contentActions", "$leavingCustomActions")
"""What a state does, as far as it is known when."""


def is_flow(value: Any) -> bool:
    """Whether a value's values are states with content actions."""
    if not isinstance(value, dict) or _has_states(value.get("flow")):
        return False
    return _has_states(value)


def _has_states(value: Any) -> bool:
    states = value.values() if isinstance(value, dict) else ()
    return any(isinstance(state, dict) and isinstance(state.get("$contentActions"), list) for state in states)


def claims(document: Document) -> bool:
    return holds(document, is_flow, 2)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), is_flow, 2):
        _Reading(builder, node).read()
        # What is done in every state stands beside the states.
        everywhere = root(document)["globalActions"]
        if node.path == ("flow",) and everywhere["$contentActions"].is_list:
            _Reading(builder, Node({"globalActions": everywhere.value}, (), document)).read()
    return builder.conversation()


class _Reading:
    """Reads one flow."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.flow: FlowDraft = builder.flow("flow")
        self.node = node

    def read(self) -> None:
        for key, state in self.node.items():
            if not state["$contentActions"].is_list:
                continue
            title = state["$title"].text
            step = self.flow.step(key, state, title or key, title)
            others = [name for name, _ in state.items() if name.endswith("Actions") and name not in _IN_ORDER]
            items = [item for custom in (*_IN_ORDER, *others) for item in state[custom]]
            whole = {_when(_action_of(item)) for item in items}
            for item in items:
                self._act(step, _action_of(item), whole)
                self._input(step, item["input"])
            for output in state["$conditionOutputs"]:
                self._output(output)
            following = state["$defaultOutput"]["stateId"]
            self.flow.link(following.name, "otherwise" if state["$conditionOutputs"] else "", place=following)
            if state["root"].value is True:
                self.flow.enter(key)
        self.flow.enter_where_needed(["onboarding"])

    def _act(self, step: StepDraft, action: Node, whole: set[_When]) -> None:
        """An action; what is said under a condition alone is left out where nothing is said without it."""
        before = len(step.messages)
        self._action(step, action)
        channels = [_channels(condition) for condition in action["conditions"]]
        said = list(step.messages)[before:] if channels else []
        when = _when(action)
        is_sure = when._replace(holds=not when.holds) in whole
        for number in said:
            if all(channels):
                one = self.builder.messages[number]
                self.builder.messages[number] = replace(one, channels=tuple(dict.fromkeys(chain(*channels))))
            else:
                step.variants[number] = Variant(f"{step.id}/{when.what}", int(when.holds), is_sure)

    def _action(self, step: StepDraft, action: Node) -> None:
        type = action["type"].name
        settings = action["settings"]
        if type in ("SendMessage", "SendRawMessage"):
            self._message(step, settings)
        elif type in _UNSEEN:
            self.builder.unseen(action, _UNSEEN[type], step.id)
        elif type == "ExecuteScript" and "content" in settings["source"].text:
            self.builder.unseen(settings["source"], CODE, step.id)
        elif type.startswith("ExecuteScript"):
            self.builder.assign_sentences(step, settings["outputVariable"].name, settings["source"])
        elif type == "SetVariable" and _ANSWER.search(settings["value"].text):
            self.builder.take(step, settings["variable"], settings["variable"].name, type, waits=False)
        elif type == "SetVariable":
            self.builder.assign(step, settings["variable"].name, settings["value"])
        elif type == "MergeContact":
            for key, value in (*settings.items(), *settings["extras"].items()):
                if _ANSWER.search(value.text):
                    self.builder.take(step, value, key, type, waits=False)

    def _message(self, step: StepDraft, settings: Node) -> None:
        content = settings["content"] if "content" in settings else settings["rawContent"]
        if "chatstate" in settings["type"].name:
            return
        inner = content.inner()
        content = inner if inner.is_mapping else content
        if content["interactive"].is_mapping or content["template"].is_mapping:
            read_message(self.builder, content, step.id, step)
            return
        self._content(step, content, f"{step.id}.{len(step.messages)}", "")

    def _content(self, step: StepDraft, node: Node, id: str, kind: str) -> None:
        """Documents of Lime: texts, menus, links, and collections of these."""
        if node.text:
            self.builder.say(step, node, id, kind or "reply")
        for key, value in node.items():
            if key in _TEXTS:
                self.builder.say(step, value, f"{id}.{key}", kind or _TEXTS[key])
            elif key == "options":
                for number, option in enumerate(value):
                    label = option["label"]
                    shown = label["value"] if label.is_mapping else option["text"]
                    self._content(step, shown, f"{id}.options[{number}]", "option")
            elif key == "items":
                for number, item in enumerate(value):
                    self._content(step, item, f"{id}.items[{number}]", kind)
            elif key in ("header", "label", "content"):
                self._content(step, value["value"] if "value" in value else value, f"{id}.{key}", kind)  # noqa: SIM401
            elif key == "value" and (value.is_mapping or ("type" in node and "json" not in node["type"].name)):
                self._content(step, value, f"{id}.{key}", kind)
            elif key == "validation" and "location" in value["type"].name:
                self.builder.take(step, value["type"], "location", "location", "location", waits=False)

    def _input(self, step: StepDraft, input: Node) -> None:
        if not input.is_mapping or input["bypass"].value is True:
            return
        step.waits = True
        validation = input["validation"]
        self.builder.say(step, validation["error"], f"{step.id}.error", "validation")
        if input["variable"].name:
            rule = validation["rule"].name
            shown = "location" if rule == "type" and "location" in validation["type"].name else _RULES.get(rule, "text")
            pattern = validation["regex"].text
            self.builder.take(step, input["variable"], input["variable"].name, rule, shown, pattern)

    def _output(self, output: Node) -> None:
        words: list[str] = []
        channels: list[str] = []
        for condition in output["conditions"]:
            source, values = _asked(condition)
            words.append(" ".join((source, condition["comparison"].name, ", ".join(values))).strip())
            channels += _channels(condition)
        target = output["stateId"]
        self.flow.link(target.name, " and ".join(words), tuple(dict.fromkeys(channels)), place=target)


class _When(NamedTuple):
    """The condition of an action, and whether it has to hold or not to."""

    what: str
    holds: bool


def _action_of(item: Node) -> Node:
    return item["action"] if item["action"].is_mapping else item


def _when(action: Node) -> _When:
    words: list[str] = []
    holds = True
    for condition in action["conditions"]:
        source, values = _asked(condition)
        comparison = condition["comparison"].name.lower()
        if len(action["conditions"].value) == 1 and comparison.startswith("not"):
            comparison, holds = comparison.removeprefix("not"), False
        words.append(" ".join((source, comparison, *values)))
    return _When(" and ".join(words), holds)


def _asked(condition: Node) -> tuple[str, list[str]]:
    """What a condition looks at, and the values that it compares that with."""
    return condition["variable"].name or condition["source"].name, [value.name for value in condition["values"]]


def _channels(condition: Node) -> list[str]:
    """The channels that a condition asks for, by the domain of the sender."""
    if condition["comparison"].name not in _ASKS:
        return []
    return [_DOMAINS[domain] for value in _asked(condition)[1] for domain in _DOMAINS if domain in value]
