"""Botpress Cloud: a .bpz archive whose ``bot.json`` is the bot.

Nothing else in the archive is read: rows of tables may be transcripts of chats, other files are older copies.
A node is a step whose cards say and ask, or several where a card before the last leads elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .common import is_text
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, root
from .program_code import said_in
from .reasons import CODE, CUSTOMER, INTERNAL, TEMPLATE

NAME = "botpress-cloud"
TITLE = "Botpress Cloud"

_ARCHIVE = ".bpz"
_TEXTS = {
    "text": "reply", "markdown": "reply", "title": "title", "subtitle": "reply", "caption": "reply",
    "address": "reply", "label": "option", "placeholder": "label", "message": "reply", "buttonText": "button",
    "placeholderText": "label",
}  # fmt: skip
_LISTS = ("options", "choices", "items", "cards", "actions", "buttons")
_KEPT = re.compile(r"\b(?:workflow|conversation|bot|user|session)\.(?:\w+\.)*(\w+)")
"""A variable, by what it is kept with."""
_ANSWER = re.compile(
    r"\b(?:workflow|conversation|bot|user|session)\.(\w+)\s*=\s*event\.(?:preview|payload(?:\.text)?|state\.temp\.text)"
)
"""What code keeps what the customer said as."""
_ENTITY = re.compile(r"prompts://(\w+)/")
_SETTINGS = ("botVariables", "userVariables", "conversationVariables")
_SENDS = re.compile(r"send|message|reply", re.IGNORECASE)
_SAYING = re.compile(r"createMessage|sendMessage|\bsay\(|reply\(")
_CHANNEL = re.compile(r"event\.integration\s*===?\s*[\"'`](\w+)")
_CHANNELS = {
    "webchat": "webchat", "whatsapp": "whatsapp", "messenger": "messenger", "telegram": "telegram",
    "instagram": "instagram", "twilio": "sms",
}  # fmt: skip

_NO_NODES = ("END", "#")
"""Where ways lead that end the conversation or the flow."""


def is_bot(value: Any) -> bool:
    """Whether a value is a bot of the cloud: flows of nodes with instructions."""
    flows = value.get("flows") if isinstance(value, dict) else None
    if not isinstance(flows, list) or "version" not in value:
        return False
    return any(_has_instructions(flow) for flow in flows)


def _has_instructions(flow: Any) -> bool:
    nodes = flow.get("nodes") if isinstance(flow, dict) else None
    return isinstance(nodes, list) and any(isinstance(node, dict) and "instructions" in node for node in nodes)


def _in_archive(document: Document) -> bool:
    source = document.source
    return bool(source.members) and source.path[: -len(source.members[-1]) - 1].endswith(_ARCHIVE)


def claims(document: Document) -> bool:
    return is_bot(document.value) or _in_archive(document)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    bot, others = document, [document]
    if _in_archive(document):
        up = "../" * document.source.members[-1].count("/")
        others = [one for name in neighbours.names(f"{up}**") for one in neighbours.open(name)]
        found = [one for one in neighbours.open(f"{up}bot.json") if is_bot(one.value)]
        bot = found[0] if found else document
    builder = Builder(NAME, bot)
    for other in others:
        if other.path != bot.path:
            builder.also(other)
            builder.skip(
                Node(other.source.text, (), other),
                "data of the bot, nothing that it says",
                other.source.members[-1],
            )
    if is_bot(bot.value):
        _Bot(builder, root(bot)).read()
    return builder.conversation()


class _Bot:
    """Reads ``bot.json``."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.node = node
        self.flow: FlowDraft = builder.flow("bot")
        self.variables: dict[str, Node] = {}
        self.starts: dict[str, str] = {}
        self.named: set[str] = set()
        self.lasts: dict[str, Hashable] = {}
        """The last step of each node: behind a card that may lead elsewhere the others are a step of their own."""

    def read(self) -> None:
        kept = [variable for key in _SETTINGS for variable in self.node["settings"][key]]
        for variable in kept:
            self.variables[variable["id"].name] = variable
        for flow in self.node["flows"]:
            self.starts[flow["id"].name] = flow["startNode"].name
            for variable in flow["variables"]:
                self.variables[variable["id"].name] = variable
        for flow in self.node["flows"]:
            for card in (card for node in flow["nodes"] for card in node["instructions"]):
                for text in (_value(card["content"]["text"]), _value(card["question"])):
                    self.named.update(_KEPT.findall(text.text))
        for variable in kept:
            self._default(variable, variable["scope"].name)
        for flow in self.node["flows"]:
            for variable in flow["variables"]:
                self._default(variable, flow["name"].name)
            for node in flow["nodes"]:
                self._node(flow, node)
        linked = self.flow.linked()
        for flow in self.node["flows"]:
            for link in flow["links"]:
                source = self.lasts.get(link["source"].name, "")
                if source not in linked:
                    self.flow.link(link["target"].name, start=source, place=link["target"])
        for key, start in self.starts.items():
            if key in ("wf-error", "wf-timeout", "wf-conversation-end"):
                self.flow.enter_where_needed([start])
        self._answers()
        for number, hook in enumerate(self.node["hooks"]):
            code = hook.first("code", "content")
            if _SAYING.search(code.text):
                self.builder.unseen(code, CODE, hook["name"].name or f"hooks[{number}]")
        for intent in self.node["intents"]:
            self.builder.skip(intent["utterances"], CUSTOMER, intent["name"].name)

    def _default(self, variable: Node, where: str) -> None:
        """What a variable holds as long as nothing else was put into it, where a message prints it."""
        name = variable["name"].name
        if name in self.named and is_text(variable["defaultValue"].text):
            self.builder.say(None, variable["defaultValue"], f"{where}.{name}")

    def _node(self, flow: Node, node: Node) -> None:
        kind = node["type"].name
        id = f"{flow['name'].name}.{node['name'].name}"
        if kind in ("comment", "image", "video"):
            self.builder.skip(node["comment"], INTERNAL, id)
            return
        key = node["id"].name
        step = self.flow.step(key, node, id)
        if kind in ("start", "trigger"):
            self.flow.enter(key)
        if kind == "autonomous":
            self.builder.unseen(node, LANGUAGE_MODEL, id)
            self.builder.skip(_value(node["guidelines"]), INTERNAL, id)
        last: Hashable = key
        parts = False
        for number, instruction in enumerate(node["instructions"]):
            if parts and instruction["type"].name != "transition":
                before, last = last, (key, number)
                step = self.flow.step(last, instruction, id)
                self.flow.link(last, "otherwise", start=before)
            self._instruction(step, last, instruction)
            parts = kind != "autonomous" and instruction["type"].name in ("transition", "skill")
        self.lasts[key] = last
        following = node.at("defaultTransition", "targetNodeId")
        self.flow.link(following.name, "otherwise", start=last, place=following)

    def _instruction(self, step: StepDraft, key: Hashable, card: Node) -> None:
        type = card["type"].name
        if type == "content":
            self._content(step, card["content"], step.id)
        elif type == "capture":
            self._capture(step, card)
        elif type == "action":
            self._code(step, card["code"])
        elif type == "ai":
            self._task(step, card["task"])
        elif type == "ai-generate":  # what it makes is kept in a variable, and said where that is printed
            told = _value(card["task"]["input"])
            self.builder.unseen(told, LANGUAGE_MODEL, step.id)
            self.builder.skip(told, INTERNAL, step.id)
        elif type == "wait":
            step.waits = True
        elif "value" in card and card["variableId"].name in self.variables:
            self.builder.assign(step, self.variables[card["variableId"].name]["name"].name, _value(card["value"]))
        elif "hitl" in card.at("data", "actionType").text.lower():
            self._handed_over(step, card)
        elif type == "integration" and _SENDS.search(card.at("data", "actionType").text):
            self._integration(step, card)
        for variable in card["variables"]:
            self._argument(step, variable)
        if card.at("data", "templateName"):
            self.builder.unseen(_value(card.at("data", "templateName")), TEMPLATE, step.id)
        called = card["flowId"].name if type in ("skill", "autonomous") else ""
        if called in self.starts:
            self.flow.link_later(key, self.starts[called], call=True)
        elif called:
            self.flow.expect_flow(self.builder, ("flow", called), card["flowId"], called, step.id, self.starts)
        for way in (card, *card["transitions"]):
            self._way(key, way)

    def _code(self, step: StepDraft, code: Node) -> None:
        for kept in dict.fromkeys(_ANSWER.findall(code.text)):
            self.builder.take(step, code, kept, "code", waits=False)
        if _SAYING.search(code.text):
            self.builder.unseen(code, CODE, step.id)
        for number, said in enumerate(said_in(code.text)):
            if said.name in self.named:
                self.builder.say(step, code, f"{step.id}.code[{number}]", text=said.text, offset=said.start)

    def _integration(self, step: StepDraft, card: Node) -> None:
        """A message that is sent by way of another product."""
        before = len(step.messages)
        given = _value(card.at("data", "actionInput"))
        for inputs in (card["inputs"], given if given.is_mapping else given.inner()):
            self._content(step, inputs, step.id)
        if len(step.messages) == before and not card.at("data", "templateName"):
            self.builder.unseen(card["data"], CODE, step.id)

    def _handed_over(self, step: StepDraft, card: Node) -> None:
        """What customers are told while a colleague takes over: all that is called a message."""
        given = _value(card.at("data", "actionInput"))
        for part in (card["data"], card["inputs"], given if given.is_mapping else given.inner()):
            for inner in (part, part["configurationOverrides"]):
                for key, value in inner.items():
                    if key.endswith("Message"):
                        self.builder.say(step, _value(value), f"{step.id}.{key}")

    def _task(self, step: StepDraft, task: Node) -> None:
        """A language model makes something of what was said, and keeps it in variables."""
        if task["instructions"].text:
            self.builder.unseen(task["instructions"], LANGUAGE_MODEL, step.id)
            self.builder.skip(task["instructions"], INTERNAL, step.id)
        for output in task["outputVariableIds"]:
            variable = self.variables.get(output.name)
            if variable is not None:
                self.builder.take(step, output, variable["name"].name, "ai", waits=False)

    def _argument(self, step: StepDraft, variable: Node) -> None:
        """A text that is handed to the flow that is run, which says it or has a language model do so."""
        text = _value(variable["value"])
        if is_text(text.text) and not _KEPT.search(text.text):
            name = variable["name"].name
            if name in self.named:
                self.builder.say(step, text, f"{step.id}.{name}")
            else:
                self.builder.unseen(text, LANGUAGE_MODEL, name)

    def _way(self, key: Hashable, way: Node) -> None:
        condition = way["label"].text or way.at("condition", "payload").text
        # "lastNode=…": a card that runs another flow goes on where that flow's exit leads, and not before.
        asked = _CHANNEL.search(way.at("condition", "payload").text)
        channels = (_CHANNELS[asked[1]],) if asked is not None and asked[1] in _CHANNELS else ()
        target = way.at("destination", "node")
        if target.name == "END":
            self.flow.stop(key)
        place = None if target.name in _NO_NODES else target
        self.flow.link_later(key, target.name, "" if condition == "true" else condition, channels, place=place)

    def _content(self, step: StepDraft, content: Node, id: str) -> None:
        for key, value in content.items():
            if key in _TEXTS:
                self.builder.say(step, _value(value), f"{id}.{key}", _TEXTS[key])
            elif key in _LISTS:
                for number, item in enumerate(_value(value)):
                    self._content(step, item, f"{id}.{key}[{number}]")
            elif key not in ("type", "typing") and value.is_mapping and "valueType" not in value:
                self._content(step, value, f"{id}.{key}")

    def _capture(self, step: StepDraft, card: Node) -> None:
        self.builder.say(step, _value(card["question"]), f"{step.id}.question", "prompt")
        for number, option in enumerate(_value(card.at("choice", "options"))):
            self.builder.say(step, _value(option["label"]), f"{step.id}.options[{number}]", "option")
        self.builder.say(step, _value(card.at("retry", "retryMessage")), f"{step.id}.retry", "reprompt")
        cancel = _value(card.at("cancellation", "confirmCancelMessage"))
        self.builder.say(step, cancel, f"{step.id}.cancel", "reprompt")
        confirmation = card["confirmation"]
        if confirmation["enabled"].value is not False:
            self.builder.say(step, _value(confirmation["message"]), f"{step.id}.confirm", "reprompt")
        variable = self.variables.get(card["variableId"].name)
        entity = _ENTITY.match(card["entityId"].text)
        type = entity[1] if entity is not None else card.first("entityName", "entityId").name
        name = variable["name"].name if variable is not None else card["entityName"].name or step.id
        place = card["variableId"] if variable is not None else card.first("entityName", "entityId", "type")
        self.builder.take(step, place, name, type, component_of(type, "text"))

    def _answers(self) -> None:
        """Questions and answers, as far as they are in the bot."""
        for number, item in enumerate(self.node["qnas"]):
            data = item["data"] if item["data"].is_mapping else item
            id = item["id"].name or f"qnas[{number}]"
            answers = data["answers"]
            for language, texts in answers.items():
                self.builder.say(None, texts, f"{id}.{language}", "reply", language)
            if not answers.is_mapping:
                self.builder.say(None, data.first("answers", "answer"), id)
            self.builder.skip(data["questions"], CUSTOMER, id)


def _value(node: Node) -> Node:
    """A field has a value of its own and one with expressions in it; which one counts it says itself."""
    if "valueType" not in node:
        return node
    return node["staticValue" if node["valueType"].name == "static" else "dynamicValue"]
