"""Make (Integromat) blueprints: scenarios, as their editor exports them and as the API gives them.

Modules follow each other in a list; those that hold routes or branches have lists of their own in them. What is said
stands in the ``mapper`` of a module of a chat product, of a request, or of the answer to a webhook, and in variables
that these print. A module's filter is the condition of the way to it. Titles of fields (``metadata``) are the editor's.

Sources: the blueprints in integromat/make-skills, and public ones that send by WhatsApp, Telegram and Twilio, with
routers, filters and ``onerror``. A form of the interactive messages of *WhatsApp Business Cloud* was not found: their
texts are read by their names, as those of any module that sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .program_code import sentences_in
from .prose import is_sentence, places
from .reasons import ELSEWHERE, INTERNAL, MAIL, TEMPLATE
from .requests import UNKNOWN, for_customer
from .senders import KINDS, TEXTS, channel_of
from .whatsapp_payloads import beside_message

NAME = "make"
TITLE = "Make (Integromat) blueprints"

_TAKES = re.compile(r"(?:watch|trigger|get|list|search|download|verif|register|upload|new|find|read)", re.IGNORECASE)
"""How the names of modules begin that fetch something and send nothing."""
_SENDS = re.compile(r"send|reply|respond", re.IGNORECASE)
_MAIL = re.compile(r"e?mail|sendgrid|mailgun|mandrill|brevo|outlook", re.IGNORECASE)
_STAFF = re.compile(r"slack|discord|teams|mattermost|google-chat|pushover|notification", re.IGNORECASE)
"""Products by which colleagues write to each other."""
_MODELS = re.compile(
    r"openai|anthropic|gemini|mistral|deepseek|perplexity|cohere|groq|hugging|ollama|(?:^|-)ai(?:-|$)|-agent",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"\{\{([^{}]{1,2000})\}\}")
_JSON = re.compile(r"\s*(?:\[|\{(?!\{))")
_REQUESTS = ("http",)
_ANSWER = ("gateway", "webhookrespond")
_BODIES = ("jsonStringBodyContent", "data", "body", "inputBody")
_BRANCHES = ("routes", "branches")
_SETS = ("setvariable", "setvariables", "composetransformer")
_SILENT = frozenset(("fromid", "to", "chatid", "from", "replymarkupassembletype", "parsemode", "headers", "qs"))
"""Parameters of modules that send, with no text in them."""


def is_blueprint(value: Any) -> bool:
    """Whether a value is a scenario: a list of modules, each named by its product and what it does there."""
    flow = value.get("flow") if isinstance(value, dict) else None
    return isinstance(flow, list) and any(map(_is_module, flow))


def _is_module(value: Any) -> bool:
    name = value.get("module") if isinstance(value, dict) else None
    return isinstance(name, str) and ":" in name and isinstance(value.get("id"), int)


def claims(document: Document) -> bool:
    return holds(document, is_blueprint, 3)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), is_blueprint, 3):
        _Reading(builder, builder.flow(node["name"].text)).read(node)
    return builder.conversation()


class _Reading:
    """Reads one scenario."""

    def __init__(self, builder: Builder, flow: FlowDraft) -> None:
        self.builder = builder
        self.flow = flow

    def read(self, node: Node) -> None:
        self._row(node["flow"], [], "")
        apart = node.at("metadata", "designer", "orphans")
        for orphans in [one for one in apart if one.is_list] or [apart]:
            self._row(orphans, [], "")
        first = next((one["id"].name for one in node["flow"] if _is_module(one.value)), "")
        if first:
            self.flow.enter(first)
        for note in node["metadata"]["notes"]:
            self.builder.skip(note["content"], INTERNAL, "notes")

    def _row(self, modules: Node, before: list[str], condition: str) -> list[str]:
        """Modules that follow each other: the ways to the first, and from each on; those from which it goes on."""
        ends = before
        for module in modules:
            if not _is_module(module.value):
                continue
            id = module["id"].name
            step = self.flow.step(id, module, module.at("metadata", "designer", "name").text or module["module"].text)
            met = _filtered(module) or condition
            self.flow.lead(((end, met) for end in ends), id)
            condition = ""
            self._module(step, module)
            self._row(module["onerror"], [id], "error")
            inner = [self._row(branch["flow"], [id], _named(branch)) for branch in _branches(module)]
            ends = [end for several in inner for end in several] or [id]
        return ends

    def _module(self, step: StepDraft, module: Node) -> None:
        product, _, action = module["module"].text.partition(":")
        mapper, lower = module["mapper"], action.lower()
        if lower.startswith("callsubscenario"):
            self.builder.unseen(module["module"], ELSEWHERE, step.id)
        if lower.rstrip("0123456789") in _SETS:
            self._variables(step, mapper)
        elif (product, lower) == _ANSWER:
            self._answer(step, mapper["body"])
        elif product in _REQUESTS:
            self._request(step, mapper)
        elif _MODELS.search(product):
            self._model(step, mapper)
        elif (channel := channel_of(product)) is not None and not _TAKES.match(lower.removeprefix("action")):
            self._send(step, module, channel, lower)
        elif _MAIL.search(product):
            for path in places(mapper.value, is_sentence):
                self.builder.skip(mapper.at(*path), MAIL, step.id)
        elif _SENDS.search(lower) and not _STAFF.search(product):
            for path in places(mapper.value, is_sentence):
                self.builder.overlook(mapper.at(*path), UNKNOWN, step.id)

    def _send(self, step: StepDraft, module: Node, channel: str, action: str) -> None:
        mapper = module["mapper"] if module["mapper"].is_mapping else module["parameters"]
        if mapper["to"].text.startswith("whatsapp:"):
            channel = "whatsapp"
        elif "call" in action:
            channel = "voice"
        if "template" in action:
            self.builder.unseen(module["module"], TEMPLATE, step.id)
        self._texts(step, mapper, step.id, (channel,) if channel else ())

    def _texts(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...], kind: str = "") -> None:
        """Parameters that hold texts, at any depth."""
        for key, value in node.items():
            plain = key.lower()
            inner = value.inner() if _JSON.match(value.text) else value
            if inner.is_mapping or inner.is_list:
                if plain not in _SILENT:
                    is_button = "button" in plain or "keyboard" in plain
                    self._texts(step, inner, f"{id}.{key}", channels, "button" if is_button else kind)
            elif plain in TEXTS:
                self._say(step, value, f"{id}.{key}", kind or KINDS.get(plain, "reply"), channels)
            elif plain not in _SILENT and is_sentence(value.value):
                self.builder.overlook(value, UNKNOWN, f"{id}.{key}")
        for number, item in enumerate(node):
            self._texts(step, item, f"{id}[{number}]", channels, kind)

    def _say(self, step: StepDraft, node: Node, id: str, kind: str, channels: tuple[str, ...]) -> None:
        """A text, and the sentences in its formulas: ``{{if(1.known; "Good to see you"; "Hello there")}}``."""
        self.builder.say(step, node, id, kind, channels=channels)
        for start, text in _in_formulas(node.text):
            one = one_of(node, start, False)
            where = f"{id}[{start}]"
            self.builder.say(step, node, where, kind, channels=channels, text=text, offset=start, variant=one)

    def _variables(self, step: StepDraft, mapper: Node) -> None:
        """Texts that are kept and said where a message prints them: ``{{3.greeting}}``."""
        given = [*mapper["variables"], mapper]
        for one in given:
            if one["value"].text:
                name = one["name"].name or "value"
                self.builder.assign(step, name, one["value"])
                for start, text in _in_formulas(one["value"].text):
                    variant = one_of(one["value"], start, False)
                    self.builder.assign(step, name, one["value"], text=text, offset=start, variant=variant)

    def _model(self, step: StepDraft, mapper: Node) -> None:
        self.builder.worded((mapper.at(*path) for path in places(mapper.value, is_sentence)), mapper, step.id)

    def _answer(self, step: StepDraft, node: Node) -> None:
        """What a chat of the company's own gets back: TwiML, a sentence, or an object with one in it."""
        inner = node.inner()
        if inner.is_mapping or inner.is_list:
            self._texts(step, inner, step.id, ())
        elif "<Message" in node.text or is_sentence(node.value):
            self._say(step, node, f"{step.id}.body", "reply", ())

    def _request(self, step: StepDraft, mapper: Node) -> None:
        """A request is a message when it goes to a chat product, or when its body is one."""
        url = mapper["url"]
        for key in _BODIES:
            sent = beside_message(self.builder, step, mapper[key])
            if sent is None:
                return
            given = list(sent.items()) or [(one.first("name", "key").name, one["value"]) for one in sent]
            channels = ("whatsapp",) if "whats" in f"{url.text} {step.title}".lower() else ()
            for name, value in for_customer(self.builder, step, url, given, url.text, step.title) or ():
                self._say(step, value, f"{step.id}.{name}", "reply", channels)


def _in_formulas(text: str) -> Iterator[tuple[int, str]]:
    """The sentences in what a text has computed, with where they begin."""
    for formula in _FORMULA.finditer(text):
        for start, found in sentences_in(formula[1]):
            yield formula.start(1) + start, found


def _branches(module: Node) -> Iterator[Node]:
    for key in _BRANCHES:
        yield from (branch for branch in module[key] if branch["flow"].is_list)


def _named(branch: Node) -> str:
    return branch.first("label", "name").name or _filtered(branch)


def _filtered(node: Node) -> str:
    """The condition of a filter: its name, or its first comparison."""
    filter = node["filter"]
    if filter["name"].name:
        return filter["name"].name
    first = filter["conditions"][0][0]
    return " ".join(first[key].name for key in ("a", "o", "b") if first[key].name)
