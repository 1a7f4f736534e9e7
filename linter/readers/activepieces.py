"""Activepieces flows, as its builder exports them (templates) and as the API gives them.

A flow is a trigger and the step behind it, each with the next one in it (``nextAction``); a router has a step for each
of its branches in ``children``, a branch of older versions two, a loop one. What is said stands in the ``input`` of a
step whose piece is of a chat product, of a request, or answers on the page of *Human Input*, with its form.

Sources: ``packages/shared/src/lib/flows``, ``pieces/community/whatsapp``, ``telegram-bot`` and ``forms`` of
activepieces/activepieces; public flows with routers and loops.
"""

from __future__ import annotations

import re
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .prose import is_sentence, places
from .reasons import CODE, ELSEWHERE, INTERNAL, MAIL, NODE_OFF, TEMPLATE
from .requests import UNKNOWN, for_customer
from .senders import KINDS, TEXTS, channel_of
from .whatsapp_payloads import beside_message

NAME = "activepieces"
TITLE = "Activepieces flows"

_PIECE = re.compile(r"(?:@[\w-]+/)?(?:piece-)?(.*)")
_MAIL = re.compile(r"g?mail|sendgrid|resend|postmark|brevo|outlook|smtp", re.IGNORECASE)
_STAFF = re.compile(r"slack|discord|teams|mattermost|google-chat|pushover", re.IGNORECASE)
_MODELS = re.compile(
    r"openai|claude|anthropic|gemini|mistral|deepseek|perplexity|cohere|groq|hugging|ollama|(?:^|-)ai(?:-|$)|agent",
    re.IGNORECASE,
)
_PAGES = frozenset(("forms", "webhook", "http"))
_ANSWERS = re.compile(r"(?:return|respond)", re.IGNORECASE)
_TAKES = re.compile(r"(?:get|list|find|search|download|delete|upload|mark|read|new|update)[_A-Z-]", re.IGNORECASE)
"""How the names of actions begin that send nothing."""
_SENDS = re.compile(r"send|reply|respond|message", re.IGNORECASE)
_OWN_TEXTS = TEXTS | {"markdown", "sectiontitle", "newtext"}
_SILENT = frozenset(("auth", "to", "from", "chatid", "instructions", "format", "parsemode", "headers", "id", "phone"))
_FLOWS = frozenset(("subflows", "flow-helper"))
_INSIDE = ("firstLoopAction", "onSuccessAction", "onFailureAction")
_CONDITIONS = {"onSuccessAction": "true", "onFailureAction": "else", "firstLoopAction": "each"}


def is_flow(value: Any) -> bool:
    """Whether a value is a flow: its trigger has a type, and settings or a step behind it."""
    trigger = value.get("trigger") if isinstance(value, dict) else None
    if not isinstance(trigger, dict) or not isinstance(trigger.get("type"), str):
        return False
    settings = trigger.get("settings")
    is_named = isinstance(settings, dict) and "pieceName" in settings
    return trigger["type"] in ("EMPTY", "PIECE_TRIGGER") and (is_named or isinstance(trigger.get("nextAction"), dict))


def claims(document: Document) -> bool:
    return holds(document, is_flow, 3)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), is_flow, 3):
        flow = builder.flow(node["displayName"].name)
        _Reading(builder, flow).read(node["trigger"])
        for note in node["notes"]:
            builder.skip(note["content"], INTERNAL, "notes")
    return builder.conversation()


class _Reading:
    """Reads one flow."""

    def __init__(self, builder: Builder, flow: FlowDraft) -> None:
        self.builder = builder
        self.flow = flow

    def read(self, trigger: Node) -> None:
        key = trigger["name"].name or "trigger"
        step = self.flow.step(key, trigger, trigger["displayName"].name or key)
        self.flow.enter(key)
        self._form(step, trigger.at("settings", "input"))
        self._row(trigger["nextAction"], [(key, "")])

    def _row(self, action: Node, ends: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The steps behind each other: the ways to the first of them, and those from which it goes on."""
        while action.is_mapping:
            key = action["name"].name
            step = self.flow.step(key, action, action["displayName"].name or key)
            self.flow.lead(ends, key)
            ends = [(key, "")]
            if action["skip"].value is True:
                for path in places(action["settings"].value, is_sentence):
                    self.builder.skip(action["settings"].at(*path), NODE_OFF, step.id)
            else:
                self._step(step, action)
                ends = self._branches(action, key)
            action = action["nextAction"]
        return ends

    def _branches(self, action: Node, key: str) -> list[tuple[str, str]]:
        """The ways out of a step: out of each of its branches, one of which may be empty."""
        ends: list[tuple[str, str]] = []
        for number, child in enumerate(action["children"]):
            branch = action.at("settings", "branches", number)
            named = branch["branchName"].name or branch["branchType"].name
            condition = "else" if branch["branchType"].name == "FALLBACK" else named
            ends += self._row(child, [(key, condition)])
        for name in _INSIDE:
            if name in action:
                ends += self._row(action[name], [(key, _CONDITIONS[name])])
        is_loop = "firstLoopAction" in action
        return [*ends, (key, "")] if is_loop or not ends else ends

    def _step(self, step: StepDraft, action: Node) -> None:
        settings = action["settings"]
        given, does = settings["input"], settings["actionName"].name
        code = settings.at("sourceCode", "code")
        if code.text.strip():
            self.builder.assign_sentences(step, action["name"].name, code)
            self.builder.unseen(code, CODE, step.id)
            return
        found = _PIECE.match(settings["pieceName"].name)
        piece = found[1] if found else ""
        channel = channel_of(piece)
        if piece in _PAGES and _ANSWERS.match(does):
            self._texts(step, given, step.id, ("webchat",) if piece == "forms" else ())
        elif piece == "http":
            self._request(step, given)
        elif piece in _FLOWS:
            self.builder.unseen(settings["pieceName"], ELSEWHERE, step.id)
        elif _MODELS.search(piece):
            told = [given.at(*path) for path in places(given.value, is_sentence)]
            self.builder.worded(told, settings["pieceName"], step.id)
        elif channel is not None:
            if not _TAKES.match(does):
                self._send(step, settings, channel, does)
        elif _MAIL.search(piece):
            for path in places(given.value, is_sentence):
                self.builder.skip(given.at(*path), MAIL, step.id)
        elif _SENDS.search(does) and not _STAFF.search(piece):
            for path in places(given.value, is_sentence):
                self.builder.overlook(given.at(*path), UNKNOWN, step.id)

    def _send(self, step: StepDraft, settings: Node, channel: str, does: str) -> None:
        given = settings["input"]
        if given["to"].text.startswith("whatsapp:"):
            channel = "whatsapp"
        elif "call" in does.lower() and channel == "sms":
            channel = "voice"
        if "template" in does.lower() and "create" not in does.lower():
            self.builder.unseen(settings["actionName"], TEMPLATE, step.id)
        self._texts(step, given, step.id, (channel,) if channel else ())

    def _texts(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...], kind: str = "") -> None:
        """Fields that hold texts, at any depth."""
        for key, value in node.items():
            plain = key.lower().replace("_", "")
            if plain in _SILENT:
                continue
            if value.is_mapping or value.is_list:
                inner = "button" if "button" in plain or "keyboard" in plain else "option" if plain == "rows" else kind
                self._texts(step, value, f"{id}.{key}", channels, inner)
            elif plain in _OWN_TEXTS:
                self.builder.say(step, value, f"{id}.{key}", kind or KINDS.get(plain, "reply"), channels=channels)
            elif is_sentence(value.value):
                self.builder.overlook(value, UNKNOWN, f"{id}.{key}")
        for number, item in enumerate(node):
            if item.text and kind:
                self.builder.say(step, item, f"{id}[{number}]", kind, channels=channels)
            elif is_sentence(item.value):
                self.builder.overlook(item, UNKNOWN, f"{id}[{number}]")
            else:
                self._texts(step, item, f"{id}[{number}]", channels, kind)

    def _form(self, step: StepDraft, given: Node) -> None:
        """The form of *Human Input*, with which a flow begins."""
        for number, field in enumerate(given["inputs"]):
            name = field["displayName"]
            if name.name:
                where = f"{step.id}.form[{number}]"
                self.builder.say(step, name, f"{where}.displayName", "label", channels=("webchat",))
                self.builder.say(step, field["description"], f"{where}.description", "label", channels=("webchat",))
                type = field["type"].name
                component = "choice" if type == "toggle" else component_of(type, "text")
                self.builder.take(step, name, name.name, type, component, label=name.text, channels=("webchat",))

    def _request(self, step: StepDraft, given: Node) -> None:
        """A request is a message when it goes to a chat product, or when its body is one."""
        url, body = given["url"], given["body"]
        if body["data"].value is not None:
            body = body["data"]
        sent = beside_message(self.builder, step, body)
        if sent is None:
            return
        said = for_customer(self.builder, step, url, list(sent.items()), url.text, step.title)
        for name, value in said or ():
            self.builder.say(step, value, f"{step.id}.{name}")
