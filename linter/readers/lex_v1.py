"""Amazon Lex V1: an exported bot or intent, or the body of a request that makes one."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from ..conversation import Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .common import as_label
from .drafts import FlowDraft, StepDraft
from .exports import component, lead_to, past, place, say_payload
from .nodes import Node, holds, root, search
from .reasons import CUSTOMER, WEB_SERVICE

NAME = "lex-v1"
TITLE = "Amazon Lex V1 bot"

_STATEMENTS = (
    ("confirmationPrompt", "prompt"),
    ("rejectionStatement", "reply"),
    ("conclusionStatement", "reply"),
)

_IN_UTTERANCE = re.compile(r"\{([^{}]+)\}")
_NAMES = frozenset(["intentName", "intentVersion"])
"""All that is said of an intent that is described elsewhere."""
_OWN = ("clarificationPrompt", "abortStatement")
"""What the bot says whatever the intent."""


def is_intent(value: Any) -> bool:
    """Whether a value is an intent with slots or statements as only V1 has them."""
    if not isinstance(value, dict) or ("name" not in value and "intentName" not in value):
        return False
    slots = value.get("slots")
    if isinstance(slots, list) and any(isinstance(slot, dict) and "slotType" in slot for slot in slots):
        return True
    told = ("conclusionStatement", "confirmationPrompt", "fulfillmentActivity")
    return isinstance(value.get("sampleUtterances"), list) and any(isinstance(value.get(key), dict) for key in told)


def is_bot(value: Any) -> bool:
    """Whether a value is a bot: with its intents, or with their names and what it says by itself."""
    intents = value.get("intents") if isinstance(value, dict) else None
    if not isinstance(intents, list):
        return False
    if any(is_intent(intent) for intent in intents[:20]):
        return True
    told = any(isinstance(value.get(key), dict) and "messages" in value[key] for key in _OWN)
    return told and any(isinstance(intent, dict) and "intentName" in intent for intent in intents[:20])


def _is_v1(value: Any) -> bool:
    return is_bot(value) or is_intent(value)


def claims(document: Document) -> bool:
    return document.kind in ("json", "yaml") and holds(document, _is_v1, 2)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), _is_v1, 2):
        _Reading(builder, node).read()
    return builder.conversation()


class _Reading:
    """Reads a bot, or an intent by itself."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.node = node
        self.flow: FlowDraft = builder.flow(node["name"].name or "bot")
        self.locale = node["locale"].text or None
        self.patterns = {
            type["name"].name: configuration["regexConfiguration"]["pattern"].text
            for type in node["slotTypes"]
            for configuration in type["slotTypeConfigurations"]
        }

    def read(self) -> None:
        if is_intent(self.node.value):
            self._intent(self.node)
            return
        for intent in (*self.node["intents"], *self.node["dependencies"]["intents"]):
            if intent.is_mapping and not _NAMES.issuperset(intent.value):
                self._intent(intent)
        for key in _OWN:
            if self.node[key].is_mapping:
                step = self.flow.step(key, self.node[key], key)
                self.flow.enter(key)
                self._messages(step, self.node[key], key, "reprompt")

    def _intent(self, node: Node) -> None:
        named = node.first("name", "intentName")
        name = named.name
        step = self.flow.step((name, ""), named if name else node, name, name)
        self.flow.enter((name, ""))
        last: list[Hashable] = [(name, "")]
        self.builder.skip(node["sampleUtterances"], CUSTOMER, name)
        if node["dialogCodeHook"].is_mapping:
            self.builder.unseen(node["dialogCodeHook"], WEB_SERVICE, name)
        filled = {slot for said in node["sampleUtterances"] for slot in _IN_UTTERANCE.findall(said.text)}
        for slot in sorted(node["slots"], key=_priority):
            key = (name, slot["name"].name)
            step = self.flow.step(key, place(slot, "name"), f"{name}: {key[1]}", key[1])
            step.passed = key[1] in filled
            lead_to(self.flow, last, key)
            is_optional = slot["slotConstraint"].name == "Optional"
            last = past(self.flow, last, key, slot, f"{name}: past {key[1]}") if is_optional else [key]
            self._slot(step, slot, name)
        for statement, kind in _STATEMENTS:
            if node[statement].is_mapping:
                key = (name, f"/{statement}")
                step = self.flow.step(key, node[statement], f"{name}: {statement}", statement)
                lead_to(self.flow, last, key, "no" if statement == "rejectionStatement" else "")
                step.waits = kind == "prompt"
                last = last if statement == "rejectionStatement" else [key]
                self._messages(step, node[statement], f"{name}.{statement}", kind)
        if node["fulfillmentActivity"]["type"].name == "CodeHook":
            self.builder.unseen(node["fulfillmentActivity"]["type"], WEB_SERVICE, name)
        self._follow_up(node["followUpPrompt"], name, last)

    def _slot(self, step: StepDraft, slot: Node, intent: str) -> None:
        type = slot["slotType"].name
        name = place(slot, "name")
        label = as_label(slot["description"].text)
        self.builder.take(step, name, name.name, type, component(type), self.patterns.get(type, ""), label)
        self._messages(step, slot["valueElicitationPrompt"], f"{intent}.{name.name}", "prompt")
        self.builder.skip(slot["sampleUtterances"], CUSTOMER, f"{intent}.{name.name}")
        if not slot["valueElicitationPrompt"]["messages"] and slot["slotConstraint"].name == "Required":
            self.builder.unseen(name, WEB_SERVICE, name.name)

    def _follow_up(self, node: Node, intent: str, last: list[Hashable]) -> None:
        for key, kind in (("prompt", "prompt"), ("rejectionStatement", "reply")):
            if node[key].is_mapping:
                here = (intent, f"/followUp/{key}")
                step = self.flow.step(here, node[key], f"{intent}: followUp {key}", key)
                lead_to(self.flow, last, here)
                step.waits = kind == "prompt"
                last = [here]
                self._messages(step, node[key], f"{intent}.followUpPrompt.{key}", kind)

    def _messages(self, step: StepDraft, node: Node, id: str, kind: str) -> None:
        for number, message in enumerate(node["messages"]):
            content = message["content"]
            here = f"{id}[{number}]"
            # Of each group one message is sent, and all are one group where the file names none.
            variant = Variant(f"{one_of(node, 0).group}/{message['groupNumber'].name}", number)
            if message["contentType"].name == "CustomPayload" and content.inner().value is not None:
                say_payload(self.builder, step, content, here, kind, self.locale)
            else:
                channels = ("voice",) if message["contentType"].name == "SSML" else ()
                self.builder.say(step, content, here, kind, self.locale, channels=channels, variant=variant)
        say_payload(self.builder, step, node["responseCard"], f"{id}.responseCard", kind, self.locale)


def _priority(slot: Node) -> float:
    value = slot["priority"].value
    return value if isinstance(value, (int, float)) else 0
