"""Node-RED flows with the nodes of RedBot (node-red-contrib-chatbot)."""

from __future__ import annotations

import re
from typing import Any

from ..conversation import Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import CODE, LANGUAGE_MODEL, Builder, FlowDraft, StepDraft, component_of, one_of
from .common import is_text
from .nodes import Node, holds, root, search
from .whatsapp_payloads import is_message, read_message

NAME = "node-red"
TITLE = "Node-RED with RedBot"

_PREFIX = "chatbot-"
_TEXTS = {
    "message": "reply", "text": "reply", "caption": "reply", "title": "title", "subtitle": "reply",
    "description": "reply", "answer": "reply", "buttonLabel": "button", "label": "button", "placeholder": "label",
    "fallback": "reply",
}  # fmt: skip
_LISTS = ("message", "buttons", "elements", "items", "quickReplies")
_SILENT = re.compile(r"-(?:node|receive|send|debug|rules|store|context|conversation|extend|table|listen|log)$")
_SEND = re.compile(r"chatbot-(\w+)-send$")
_SENDER = re.compile(r"whats-?app|green-?api|ultramsg", re.IGNORECASE)
"""Nodes of other makers that send what is in the payload to WhatsApp."""
_SETS_CONTENT = re.compile(r"payload\.content\s*=")
_SETS_ANY = re.compile(r"payload[\w.]*\s*=")
_CHANNELS = {
    "telegram": ("telegram",), "facebook": ("messenger",), "twilio": ("sms", "whatsapp"), "alexa": ("voice",),
    "whatsapp": ("whatsapp",),
}  # fmt: skip


def _talks(type: str) -> bool:
    return type.startswith(_PREFIX) or _SENDER.search(type) is not None


def is_flow(value: Any) -> bool:
    """Whether a value is a list of wired nodes with some of a chatbot among them."""
    if not isinstance(value, list):
        return False
    return any(isinstance(node, dict) and "id" in node and _talks(str(node.get("type", ""))) for node in value) and any(
        isinstance(node, dict) and "wires" in node for node in value
    )


def claims(document: Document) -> bool:
    return holds(document, is_flow, 1)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    nodes = list(search(root(document), is_flow, 1))
    builder = Builder(NAME, document, _channels(nodes))
    for node in nodes:
        _Reading(builder, node).read()
    return builder.conversation()


def _channels(flows: list[Node]) -> tuple[str, ...]:
    """Where the senders send, when each of them is of one product."""
    found: set[str] = set()
    for flow in flows:
        for node in flow:
            if not node["type"].name.startswith(_PREFIX) and _talks(node["type"].name):
                found.add("whatsapp")
            sender = _SEND.match(node["type"].name)
            if sender is not None:
                if sender[1] not in _CHANNELS:
                    return ()
                found.update(_CHANNELS[sender[1]])
    return tuple(sorted(found))


class _Reading:
    """Reads one list of nodes."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.node = node
        self.flow: FlowDraft = builder.flow("flow")
        self.sends = any(_SENDER.search(one["type"].name) for one in node)

    def read(self) -> None:
        for node in self.node:
            type = node["type"].name
            if not node["wires"].is_list or type == "comment":
                continue
            name = node["name"].text or type
            step = self.flow.step(node["id"].name, node, name)
            if type.startswith(_PREFIX) and not _SILENT.search(type):
                self._speak(step, node, name, True)
                self._take(step, node, type)
            elif self.sends and type in ("template", "change", "inject"):
                self._payload(step, node, name)
            elif type == "function" and (_SETS_ANY if self.sends else _SETS_CONTENT).search(node["func"].text):
                self.builder.unseen(node["func"], CODE, name)
            if re.search(r"openai|chatgpt|dialogflow|lex|recast|rivescript", type):
                self.builder.unseen(node["type"], LANGUAGE_MODEL, name)
            if type.endswith("-receive") or type == "chatbot-conversation":
                self.flow.enter(node["id"].name)
            self._wires(node)

    def _speak(self, step: StepDraft, node: Node, id: str, outer: bool, variant: Variant | None = None) -> None:
        for key, value in node.items():
            if value.is_list and key in _LISTS:
                for number, item in enumerate(value):
                    one = one_of(value, number) if key == "message" else None
                    self._speak(step, item, f"{id}.{key}[{number}]", False, one)
            elif key in _TEXTS and not (outer and key == "label"):
                self.builder.say(step, value, f"{id}.{key}", _TEXTS[key], variant=variant)

    def _payload(self, step: StepDraft, node: Node, id: str) -> None:
        """Texts that are put into the payload for a sender further on."""
        said = [node["template"]] if node["type"].name == "template" else [node["payload"]]
        said += [rule["to"] for rule in node["rules"] if rule["t"].name == "set" and rule["tot"].name == "str"]
        for number, text in enumerate(said):
            inner = text.inner()
            if is_message(inner.value):
                read_message(self.builder, inner, id, step)
            elif is_text(text.text) and inner.value is None:
                self.builder.say(step, text, f"{id}[{number}]")

    def _take(self, step: StepDraft, node: Node, type: str) -> None:
        if type == "chatbot-parse":
            variable = node["parseVariable"]
            kind = node["parseType"].name
            component = "contact" if kind == "contact" else component_of(kind)
            place = variable if variable.name else node["parseType"]
            self.builder.take(step, place, variable.name, kind, "text" if component == "unknown" else component)
        elif type in ("chatbot-ask", "chatbot-inline-buttons", "chatbot-quick-replies"):
            step.waits = True
        elif type == "chatbot-request":
            kind = node["requestType"].name
            component = "phone" if "phone" in kind else "location" if "location" in kind else "unknown"
            self.builder.take(step, node["requestType"], kind, type, component)

    def _wires(self, node: Node) -> None:
        rules = node["rules"]
        for number, output in enumerate(node["wires"]):
            rule = rules[number]
            condition = " ".join(part for part in (rule["type"].name, rule.first("text", "command").name) if part)
            for target in output:
                self.flow.link(target.name, condition)
        if node["type"].name == "link out":
            for target in node["links"]:
                self.flow.link(target.name)
