"""RapidPro's flows before version 13: action sets and rule sets, texts by language inside each action."""

from __future__ import annotations

from typing import Any

from .building import Builder
from .drafts import FlowDraft, StepDraft
from .nodes import Node
from .reasons import ELSEWHERE

VOICE = ("voice",)
SCHEMES = {
    "whatsapp": "whatsapp", "tel": "sms", "facebook": "messenger", "telegram": "telegram",
    "instagram": "instagram", "webchat": "webchat", "mailto": "email",
}  # fmt: skip
"""Kinds of address as RapidPro calls them, and their channels."""
LANGUAGES: dict[str, str | None] = {
    "base": None, "und": None, "": None, "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "nld": "nl",
    "dut": "nl", "deu": "de", "ger": "de", "ita": "it", "ara": "ar", "rus": "ru", "hin": "hi", "swa": "sw",
}  # fmt: skip
"""Language codes of three letters that have a short form; others stay as they are."""

_TAKEN = {
    "wait_message": "text", "wait_photo": "photo", "wait_gps": "location", "wait_recording": "upload",
    "wait_video": "upload", "wait_digits": "number", "wait_digit": "number", "wait_menu": "choice",
    "wait_ussd": "choice", "wait_audio": "upload", "form_field": "text",
}  # fmt: skip
_TESTS = {
    "email": "email", "has_email": "email", "phone": "phone", "date": "date", "state": "location",
    "district": "location", "ward": "location", "number": "number", "between": "number",
}  # fmt: skip


def is_definition(value: Any) -> bool:
    """Whether a value is a flow of action sets and rule sets."""
    if not isinstance(value, dict):
        return False
    sets = [value.get(key) for key in ("action_sets", "rule_sets")]
    return any(isinstance(one, list) for one in sets) and all(one is None or isinstance(one, list) for one in sets)


def read(builder: Builder, flow: FlowDraft, node: Node) -> tuple[set[str], str, set[str]]:
    """Add one definition; the names it is called by, the key of its first step, the names of flows it calls."""
    return _Reading(builder, flow, node).read()


class _Reading:
    """Reads one definition."""

    def __init__(self, builder: Builder, flow: FlowDraft, node: Node) -> None:
        self.builder = builder
        self.flow = flow
        self.node = node
        metadata = node["metadata"]
        self.name = metadata["name"].text or node["name"].text or metadata["uuid"].name
        self.base = LANGUAGES.get(node["base_language"].name, node["base_language"].name or None)
        self.channels = VOICE if node.first("flow_type", "type").name == "V" else ()
        self.called: set[str] = set()

    def read(self) -> tuple[set[str], str, set[str]]:
        metadata = self.node["metadata"]
        names = {metadata["uuid"].name, metadata["id"].name, self.name} - {""}
        sets = [*self.node["action_sets"], *self.node["rule_sets"]]
        for one in self.node["action_sets"]:
            step = self._step(one, "")
            for action in one["actions"]:
                self._action(step, action)
            self.flow.link(one["destination"].name, place=one["destination"])
        for one in self.node["rule_sets"]:
            self._rules(one)
        first = self.node["entry"].name or (sets[0]["uuid"].name if sets else "")
        for name in names:
            self.flow.alias(("flow", name), first)
        return names, first, self.called

    def _step(self, one: Node, label: str) -> StepDraft:
        id = one["uuid"].name
        return self.flow.step(id, one, f"{self.name}.{label or id[:8]}".lstrip("."), label)

    def say(self, step: StepDraft | None, node: Node, id: str, kind: str = "reply") -> None:
        """A text, or one for each language."""
        if node.is_mapping:
            for language, text in node.items():
                locale = self.base if language == "base" else LANGUAGES.get(language, language)
                self.builder.say(step, text, f"{id}.{language}", kind, locale, channels=self.channels)
        else:
            self.builder.say(step, node, id, kind, self.base, channels=self.channels)

    def _action(self, step: StepDraft, action: Node) -> None:
        type = action["type"].name
        if type in ("reply", "send", "say"):
            self.say(step, action["msg"], f"{step.id}.{type}")
            for number, reply in enumerate(action["quick_replies"]):
                self.say(step, reply, f"{step.id}.quick_replies[{number}]", "button")
        elif type == "email":
            self.builder.skip(action["msg"], "an e-mail for colleagues, no part of the chat", step.id)
        elif type == "play":
            self.builder.unseen(action["url"], "this is a recording", step.id)
        elif type in ("flow", "trigger-flow"):
            self._call(step, action, action["flow"] if action["flow"].is_mapping else action)
        elif type == "save" and ("@step" in action["value"].text or "@flow" in action["value"].text):
            self.builder.take(step, action["field"], action["field"].name, type, channels=self.channels, waits=False)
        elif type == "save":
            self.builder.assign(step, action["field"].name, action["value"])

    def _call(self, step: StepDraft, place: Node, flow: Node, comes_back: bool = False) -> None:
        names = [name for name in (flow["uuid"].name, flow["id"].name, flow["name"].name) if name]
        self.called.update(names)
        for name in names:
            self.flow.link(("flow", name), "enter flow", call=comes_back)
        if names:
            self.flow.expect(("flow", names[0]), lambda: self.builder.unseen(place, ELSEWHERE, step.id))

    def _rules(self, one: Node) -> None:
        type = one["ruleset_type"].name or ("wait_message" if one["operand"].text.startswith("@step") else "")
        label = one["label"].text
        step = self._step(one, label)
        if type in _TAKEN:
            tests = [rule.at("test", "type").name for rule in one["rules"]]
            told = [_TESTS[test] for test in tests if test in _TESTS]
            component = told[0] if told and _TAKEN[type] == "text" else _TAKEN[type]
            place = one["label"] if label else one["uuid"]
            self.builder.take(step, place, label, type, component, channels=self.channels)
        self.say(step, one.at("config", "ussd_message"), f"{step.id}.ussd_message")
        for number, item in enumerate(one.at("config", "ussd_menu")):
            self.builder.say(step, item["label"], f"{step.id}.ussd_menu[{number}]", "option", channels=self.channels)
        if type == "subflow":
            self._call(step, one, one.at("config", "flow"), True)
        for rule in one["rules"]:
            category = rule["category"]
            names = [text.name for _, text in category.items()] or [category.name]
            self.flow.link(rule["destination"].name, names[0], place=rule["destination"])


def campaigns(builder: Builder, node: Node) -> None:
    """Messages that are sent some time before or after a date."""
    for campaign in node:
        for number, event in enumerate(campaign["events"]):
            message = event.first("message", "translations")
            id = f"{campaign['name'].name}.events[{number}]"
            texts = list(message.items()) if message.is_mapping else [("base", message)]
            for language, text in texts:
                shown = text["text"] if text.is_mapping else text
                base = event["base_language"].name
                code = base if language == "base" else language
                locale = LANGUAGES.get(code, code)
                builder.say(None, shown, f"{id}.{language}", "reply", locale)
                for place, button in enumerate(text["quick_replies"]):
                    shown = button["text"] if button.is_mapping else button
                    builder.say(None, shown, f"{id}.{language}.quick_replies[{place}]", "button", locale)
