"""RapidPro, TextIt, Glific, Weni: definitions 13 and later, and exports of such; older ones by ``rapidpro_legacy``.

A node is a step. What it says stands in its actions, in the flow's language; the other languages stand apart, in
``localization``, by the id of the action. Answers are taken by routers that wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours, rapidpro_legacy
from .building import Builder
from .drafts import FlowDraft, StepDraft
from .linked import beside, connected
from .nodes import Node, holds, root, search
from .prose import is_sentence
from .rapidpro_legacy import SCHEMES, VOICE
from .reasons import ELSEWHERE, TEMPLATE
from .requests import for_customer
from .whatsapp_payloads import ROW_TEXTS, handed, is_message, read_message, request

NAME = "rapidpro"
TITLE = "RapidPro, TextIt, Glific"

_CASES = {
    "has_email": "email", "has_phone": "phone", "has_date": "date", "has_date_eq": "date", "has_date_lt": "date",
    "has_date_gt": "date", "has_time": "date", "has_image": "photo", "has_video": "upload", "has_audio": "upload",
    "has_location": "location", "has_state": "location", "has_district": "location", "has_ward": "location",
}  # fmt: skip
_HINTS = {"image": "photo", "audio": "upload", "video": "upload", "location": "location", "digits": "number"}
_SAID = {"send_msg": "text", "say_msg": "text", "send_broadcast": "text", "send_interactive_msg": "text"}
_WHATSAPP = {
    "header": "title", "header_text": "title", "text": "reply", "body": "reply", "footer": "reply",
    "button_text": "button",
}  # fmt: skip
"""What the messages of Weni say, which are made for WhatsApp: with a header, a list, a catalogue or a form."""
_ITEM = "list_items"
_FILLED = "templating"
_ENTER = ("enter_flow", "start_session")
_FEW = 12  # files beside a flow that are all looked into; of more, those that have the name of a flow that it enters
_UNNAMED = re.compile(r"[^a-z0-9]+")
"""What a result's name has an underscore for where a text prints it."""
_INTERACTIVE = {
    "header": "title", "text": "reply", "body": "reply", "caption": "reply", "title": "title", "subtitle": "title",
    "description": "reply",
}  # fmt: skip
_BESIDE_OPTIONS = ("subtitle", "description")
"""What stands over the options of a list, and beside one: words of the company, which nobody chooses."""
_OPTIONS = ("options", "items", "globalButtons", "buttons")
_SCHEME = re.compile(r"urn|channel", re.IGNORECASE)
_RESULT = re.compile(r"^[^@\n]*@.*\b(?:results|input)\b", re.MULTILINE)

_FUNCTION = "FUNCTION"
"""The method of Glific's webhooks that run a function of its own, which has its name in the place of the address."""
_SORTED = ("arguments", "name")
"""What a translation says of the cases and categories of a router, which sort answers."""
_UNSENT = "a translation of what this flow does not say to the customer"
_MODELS = re.compile(r"gpt|llm|filesearch", re.IGNORECASE)
_SPEAKS = re.compile(r"text_to_speech|tts", re.IGNORECASE)
_RESULT_ONLY = re.compile(r"\s*@results\.(\w+)(?:\.value)?\s*")


def is_definition(value: Any) -> bool:
    """Whether a value is a flow definition: nodes with exits."""
    nodes = value.get("nodes") if isinstance(value, dict) else None
    if not isinstance(nodes, list):
        return False
    if any(isinstance(node, dict) and "uuid" in node and isinstance(node.get("exits"), list) for node in nodes):
        return True
    return not nodes and "spec_version" in value


def _is_flow(value: Any) -> bool:
    return is_definition(value) or rapidpro_legacy.is_definition(value)


def claims(document: Document) -> bool:
    campaign = root(document)["campaigns"][0]
    return holds(document, _is_flow) or (campaign["events"].is_list and "group" in campaign)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    builder.falls_back = True
    own = list(search(root(document), _is_flow))
    definitions = [*own, *connected(own, _beside(document, own, neighbours), _names, _calls)]
    nodes = [root(document)]
    for definition in definitions[len(own) :]:
        if isinstance(definition.document, Document) and definition.document is not nodes[-1].document:
            builder.also(definition.document)
            nodes.append(root(definition.document))
    flow = builder.flow(nodes[0]["name"].text)
    called: set[str] = set()
    firsts: list[tuple[set[str], str]] = []
    for definition in definitions:
        builder.skip(definition["_ui"]["stickies"], "for colleagues, no part of the chat")
        names, first, calls = (
            _Reading(builder, flow, definition).read()
            if is_definition(definition.value)
            else rapidpro_legacy.read(builder, flow, definition)
        )
        called |= calls
        if first:
            firsts.append((names, first))
    triggered = {name for node in nodes for name in _triggered(node)}
    entries = [first for names, first in firsts if not names & called or names & triggered]
    for first in entries:
        flow.enter(first)
    flow.enter_where_needed(first for _, first in firsts)
    for node in nodes:
        for template in node["interactive_templates"]:
            _template(builder, template)
        rapidpro_legacy.campaigns(builder, node["campaigns"])
    return builder.conversation()


def _names(definition: Node) -> set[str]:
    """What other flows enter this one by: its number, or its name where there is no number."""
    return {definition["uuid"].name, definition["name"].text} - {""}


def _entered(definition: Node) -> Iterator[Node]:
    """The flows that a flow enters."""
    for action in (one for node in definition["nodes"] for one in node["actions"]):
        if action["type"].name in _ENTER:
            yield action["flow"]


def _calls(definition: Node) -> set[str]:
    return {flow["uuid"].name or flow["name"].name for flow in _entered(definition)} - {""}


def _beside(document: Document, own: list[Node], neighbours: Neighbours) -> list[list[Node]]:
    """The flows of each file beside one that enters others, or holds no flow but one that others may enter."""
    known = {name for definition in own for name in _names(definition)}
    entered = [flow for definition in own for flow in _entered(definition)]
    missing = [flow for flow in entered if known.isdisjoint((flow["uuid"].name, flow["name"].name))]
    alone = len(own) == 1 and not _triggered(root(document)) and len(neighbours.names("*.json")) <= _FEW
    if not missing and not alone:
        return []
    documents = beside(document, neighbours, (flow["name"].name for flow in missing), _FEW)
    return [list(search(root(one), _is_flow)) for one in documents if claims(one)]


def _triggered(node: Node) -> set[str]:
    """Flows that a customer can begin with: those with a keyword, or that a campaign starts."""
    found = {trigger.at("flow", "uuid").name for trigger in node["triggers"]}
    found |= {event.at("flow", "uuid").name for one in node["campaigns"] for event in one["events"]}
    found |= {flow.at("definition", "uuid").name for flow in node["flows"] if flow["keywords"]}
    return found - {""}


class _Reading:
    """Reads one definition into steps of the export's flow."""

    def __init__(self, builder: Builder, flow: FlowDraft, node: Node) -> None:
        self.builder = builder
        self.flow = flow
        self.node = node
        self.name = node["name"].text or node["uuid"].name
        self.locale = _locale(node["language"].name)
        self.channels = VOICE if node["type"].name == "voice" else ()
        self.actions: dict[str, tuple[StepDraft, str, str]] = {}
        self.called: set[str] = set()

    def read(self) -> tuple[set[str], str, set[str]]:
        """The names that the flow is called by, the key of its first step, and the names of flows it calls."""
        first = ""
        names = {self.node["uuid"].name, self.name} - {""}
        for node in self.node["nodes"]:
            if node.is_mapping:
                first = first or node["uuid"].name
                self._node(node)
        for name in names:
            self.flow.alias(("flow", name), first)
        for language, texts in self.node["localization"].items():
            for id, translation in texts.items():
                self._translation(language, id, translation)
        return names, first, self.called

    def _node(self, node: Node) -> None:
        result = node.at("router", "result_name").name
        step = self.flow.step(node["uuid"].name, node, f"{self.name}.{node['uuid'].name[:8]}", result)
        for action in node["actions"]:
            self._action(step, action)
        if node["router"]["wait"]:
            self._wait(step, node["router"], result)
        self._exits(node)

    def _action(self, step: StepDraft, action: Node) -> None:
        type = action["type"].name
        if type in _SAID or _is_for_whatsapp(type):
            self.actions[action["uuid"].name] = (step, type, f"{step.id}.{type}")
            self._say(step, action, type, f"{step.id}.{type}", self.locale)
            if action["templating"] or action["template"]:
                self.builder.unseen(action.first("templating", "template"), TEMPLATE, step.id)
                self._fillings(step, action, f"{step.id}.template", self.locale)
        elif type in _ENTER:
            self._enter(step, action, type)
        elif type in ("send_email", "open_ticket"):
            self.builder.skip(action.first("body", "note"), "for colleagues, no part of the chat", step.id)
        elif type in ("call_llm", "call_brain"):
            self.builder.unseen(action, LANGUAGE_MODEL, step.id)
        elif type == "call_webhook":
            self._request(step, action)
        elif type == "play_audio":
            self.builder.unseen(action["audio_url"], "this is a recording", step.id)
        elif type == "set_contact_field" and _RESULT.search(action["value"].text):
            name = action["field"].first("key", "name")
            self.builder.take(step, name, name.name, type, channels=self.channels, waits=False)
        elif type == "set_run_result" and (only := _RESULT_ONLY.fullmatch(action["value"].text)) is not None:
            self.builder.rename(step, action["name"], action["name"].name, only[1] or "")
        elif type in ("set_contact_field", "set_run_result"):
            result = _UNNAMED.sub("_", action["name"].name.strip().lower())
            self.builder.assign(step, action["field"]["key"].name or result, action["value"])
        elif type in ("set_contact_name", "set_contact_profile"):
            name = action["name"] if type == "set_contact_name" else action.at("profile", "display_name")
            if _RESULT.search(name.text):
                self.builder.take(step, action["type"], "name", type, channels=self.channels, waits=False)
        elif is_sentence(action["text"].value):  # drafts of the format have other names for it ("msg", "reply")
            self.actions[action["uuid"].name] = (step, type, f"{step.id}.{type}")
            self._say(step, action, type, f"{step.id}.{type}", self.locale)

    def _request(self, step: StepDraft, action: Node) -> None:
        """What a request to a server says to the customer, and what one to a language model is told."""
        url, sent = action["url"].text, request(self.builder, action["body"], step.id)
        if action["method"].name == _FUNCTION:
            if _MODELS.search(url):
                self.builder.unseen(action["body"], LANGUAGE_MODEL, step.id)
            elif _SPEAKS.search(url):
                self.builder.say(step, sent["text"], f"{step.id}.text", channels=self.channels)
            return
        if is_message(sent.value):
            read_message(self.builder, sent, step.id, step)
            return
        channels = ("telegram",) if "telegram" in url else ()
        place, given = action["body"], sent.items()
        for key, value in for_customer(self.builder, step, place, given, url, fields=_in_braces) or ():
            said = value.first("body", "text") if value.is_mapping else value
            self.builder.say(step, said, f"{step.id}.{key}", channels=channels)

    def _fillings(self, step: StepDraft, action: Node, id: str, locale: str | None) -> None:
        """What is put into the gaps of a template: often a half of the sentence. Translations name it by the action,
        the template or a part of that.
        """
        template = action["templating"] if action["templating"] else action
        lists = [template["variables"], template["params"], action["template_variables"]]
        lists += [component["params"] for component in template["components"]]
        for number, variable in enumerate(item for one in lists for item in one):
            if len(variable.text.split()) > 1:
                self.builder.say(step, variable, f"{id}[{number}]", "reply", locale)
        for part in (template, *template["components"]):
            self.actions.setdefault(part["uuid"].name, (step, _FILLED, id))

    def _say(self, step: StepDraft, node: Node, type: str, id: str, locale: str | None) -> None:
        text = node["text"]
        channels = VOICE if type == "say_msg" else self.channels
        if _is_for_whatsapp(type):
            channels = ("whatsapp",)
            self._for_whatsapp(step, node, id, locale)
            self._for_whatsapp(step, node["productViewSettings"], id, locale)
        elif type == "send_interactive_msg":
            for item in text if text.is_list else (text,):
                content = item.inner()
                if content:
                    self._interactive(step, content, id, locale)
                else:
                    self.builder.say(step, item, id, "reply", locale)
            for number, filled in enumerate(node["params"]):
                if is_sentence(filled.value):
                    self.builder.say(step, filled, f"{id}.params[{number}]", "reply", locale)
        else:
            self.builder.say(step, text, f"{id}.text", "reply", locale, channels=channels)
        for number, reply in enumerate(node["quick_replies"]):
            shown = reply["text"] if reply.is_mapping else reply
            if reply["type"].name == "location":
                self.builder.take(step, reply["type"], "location", "location", "location", channels=channels)
            self.builder.say(step, shown, f"{id}.quick_replies[{number}]", "button", locale, channels=channels)
            if is_sentence(reply["extra"].value):  # shown below it in a list; of some types it is an address
                self.builder.say(
                    step, reply["extra"], f"{id}.quick_replies[{number}].extra", locale=locale, channels=channels
                )

    def _for_whatsapp(self, step: StepDraft, node: Node, id: str, locale: str | None) -> None:
        for key, kind in _WHATSAPP.items():
            self.builder.say(step, node[key], f"{id}.{key}", kind, locale, channels=("whatsapp",))
        for number, item in enumerate(node[_ITEM]):
            self._item(step, item, f"{id}.{_ITEM}[{number}]", locale)
            self.actions.setdefault(item["uuid"].name, (step, _ITEM, f"{id}.{_ITEM}[{number}]"))
        for key, value in node["flow_data"].items():  # what a form shows that the message opens
            if is_sentence(value.value):
                self.builder.say(step, value, f"{id}.flow_data.{key}", "reply", locale, channels=("whatsapp",))
        if node["interaction_type"].name == "location":
            place = node["interaction_type"]
            self.builder.take(step, place, "location", "location", "location", channels=("whatsapp",), waits=False)

    def _item(self, step: StepDraft, item: Node, id: str, locale: str | None) -> None:
        for key, kind in ROW_TEXTS:
            self.builder.say(step, item[key], f"{id}.{key}", kind, locale, channels=("whatsapp",))

    def _interactive(self, step: StepDraft, content: Node, id: str, locale: str | None) -> None:
        interactive(self.builder, step, content, id, locale)
        if content["type"].name == "location_request_message":
            self.builder.take(step, content["type"], "location", content["type"].name, "location", waits=False)

    def _enter(self, step: StepDraft, action: Node, type: str) -> None:
        flow = action["flow"]
        names = [name for name in (flow["uuid"].name, flow["name"].name) if name]
        self.called.update(names)
        for name in names:
            # Who is sent there for good does not come back.
            comes_back = type == "enter_flow" and action["terminal"].value is not True
            self.flow.link(("flow", name), type.replace("_", " "), call=comes_back)
        self.flow.expect(("flow", names[0] if names else ""), lambda: self.builder.unseen(flow, ELSEWHERE, step.id))

    def _translation(self, language: str, id: str, node: Node) -> None:
        action = self.actions.get(id)
        if action is None:
            for key, texts in node.items():
                if key not in _SORTED and any(is_sentence(text.value) for text in texts):
                    self.builder.skip(texts, _UNSENT, f"{self.name}.{language}")
        else:
            step, type, name = action
            if type == _ITEM:
                self._item(step, node, f"{name}.{language}", _locale(language))
                return
            self._fillings(step, node, f"{name}.{language}", _locale(language))
            if type != _FILLED:
                self._say(step, node, type, f"{name}.{language}", _locale(language))

    def _wait(self, step: StepDraft, router: Node, result: str) -> None:
        types = [case["type"].name for case in router["cases"]]
        hint = router.at("wait", "hint", "type").name
        told = [type for type in types if type in _CASES or type.startswith("has_number")]
        component = _CASES.get(told[0], "number") if told else "text"
        type = hint or (told[0] if told else router.at("wait", "type").name)
        place = router["result_name"] if result else router["wait"]
        pattern = "|".join(case["arguments"][0].text for case in router["cases"] if case["type"].name == "has_pattern")
        shown = _HINTS.get(hint, component)
        self.builder.take(step, place, result or step.id, type, shown, pattern, channels=self.channels)

    def _exits(self, node: Node) -> None:
        router = node["router"]
        channels: dict[str, tuple[str, ...]] = {}
        if _SCHEME.search(router["operand"].text):
            for case in router["cases"]:
                words = " ".join(argument.name for argument in case["arguments"]).lower()
                found = tuple(SCHEMES[word] for word in re.findall(r"[a-z]+", words) if word in SCHEMES)
                channels[case["category_uuid"].name] = found
        categories: dict[str, list[Node]] = {}
        for category in router["categories"]:
            categories.setdefault(category["exit_uuid"].name, []).append(category)
        for exit in node["exits"]:
            # Of exits with one name the first has the categories: very many may have the same very many.
            own = categories.pop(exit["uuid"].name, [])
            condition = " or ".join(category["name"].name for category in own)
            open_to = [channels.get(category["uuid"].name, ()) for category in own]
            limited = tuple(name for names in open_to for name in names) if all(open_to) else ()
            end = exit.first("destination_uuid", "destination_node_uuid", "destination")
            is_rest = any(category["uuid"].name == router["default_category_uuid"].name != "" for category in own)
            self.flow.link(end.name, condition, limited, place=end, exact=True, otherwise=is_rest)


def interactive(builder: Builder, step: StepDraft | None, node: Node, id: str, locale: str | None) -> None:
    """The texts of Glific's interactive messages: a list, quick replies, a request for the location."""
    option = bool(node.path) and any(key in _OPTIONS for key in node.path)
    for key, value in node.items():
        if key in _INTERACTIVE and value.text:
            kind = "option" if option and key not in _BESIDE_OPTIONS else _INTERACTIVE[key]
            builder.say(step, value, f"{id}.{key}", kind, locale, channels=("whatsapp",))
        elif key == "action":
            given = value["parameters"]
            for label in ("display_text", "flow_cta"):
                builder.say(step, given[label], f"{id}.{label}", "button", locale, channels=("whatsapp",))
            handed(builder, step, given["flow_action_payload"]["data"], f"{id}.data")
        elif value.is_mapping:
            interactive(builder, step, value, f"{id}.{key}", locale)
        elif key in _OPTIONS:
            for number, item in enumerate(value):
                interactive(builder, step, item, f"{id}.{key}[{number}]", locale)


def _in_braces(value: str) -> str:
    """A value that is an expression (``@contact.urn``), as other products write one."""
    return f"{{{{{value}}}}}" if value.startswith("@") else value


def _is_for_whatsapp(type: str) -> bool:
    return type.startswith("send_whatsapp_") or type == "send_msg_catalog"


def _template(builder: Builder, node: Node) -> None:
    id = node["label"].text or node["source_id"].name
    if node["translations"]:
        for language, content in node["translations"].items():
            interactive(builder, None, content, f"{id}.{language}", None)
    else:
        interactive(builder, None, node["interactive_content"], id, None)


def _locale(language: str) -> str | None:
    """Languages are ISO 639-3 here; "und" and "base" say nothing."""
    return rapidpro_legacy.LANGUAGES.get(language, language or None)
