"""Dialogflow CX agents, exported as JSON package: a folder or zip of flows, pages, intents and entity types.

All flows are read into one graph, since routes lead from one to the other. A page is a step for what it says on
entry and one for each parameter of its form; a route or event handler that says something is a step of its own.
Flows with their pages in one file, and pages as the API lists them, are read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .choices import always_says, has_choice
from .common import channel_names, is_text
from .drafts import FlowDraft, StepDraft
from .exports import component, files, folders_of, lead_to, past, place, say_payload, stem_of
from .nodes import Node, root
from .program_code import literals
from .reasons import CUSTOMER, WEB_SERVICE

NAME = "dialogflow-cx"
TITLE = "Dialogflow CX agent"

_TOPS = (
    "flows", "intents", "entityTypes", "playbooks", "generators", "testCases", "agentTransitionRouteGroups",
    "webhooks", "tools", "generativeSettings",
)  # fmt: skip
_PATTERNS = (
    "agent.json", "flows/*/*.json", "flows/*/pages/*.json", "flows/*/transitionRouteGroups/*.json",
    "agentTransitionRouteGroups/*.json", "intents/*/*.json", "intents/*/trainingPhrases/*.json",
    "entityTypes/*/*.json", "entityTypes/*/entities/*.json", "entityTypes/*/excludedPhrases/*.json",
    "playbooks/*/*.json", "playbooks/*/examples/*.json", "testCases/*.json", "generators/*/*.json",
    "generators/*/phrases/*.json", "webhooks/*.json", "tools/*/*.json", "generativeSettings/*.json",
)  # fmt: skip
_INTENT = frozenset({
    "name", "displayName", "priority", "parameters", "description", "numTrainingPhrases", "isFallback", "labels",
    "skipAutoAnnotation", "dtmfPattern",
})  # fmt: skip
_MARKS = {
    "nluSettings": "flow", "nluSettingsList": "flow", "goal": "playbook", "instruction": "playbook",
    "testCaseConversationTurns": "test", "playbookInput": "example", "playbookOutput": "example",
    "conversationState": "example", "form": "page", "entryFulfillment": "page", "toolType": "tool",
    "genericWebService": "webhook", "serviceDirectory": "webhook", "llmModelSettings": "generator",
}  # fmt: skip
_PAGE = frozenset({"form", "entryFulfillment", "transitionRouteGroups", "eventHandlers", "transitionRoutes"})
_FUNCTION = re.compile(r"\s*\$sys\.func\.")
_REFERENCE = re.compile(r"\$\{(PLAYBOOK|FLOW):([^}]{1,300})\}")
_CHANNELS = {"DF_CX_PHONE_GATEWAY": "voice", "DF_MESSENGER": "webchat"}
_BACK = ("Previous Page", "PREVIOUS_PAGE")
_OVER = ("End Session", "END_SESSION")
_OTHER_SPEAKERS = ("playbook", "generator", "webhook")
_START, _TOP = "START", ""
_INSIDE = {
    "intents": "intent", "transitionRouteGroups": "group", "routeGroups": "group", "playbooks": "playbook",
    "generators": "generator", "testCases": "test", "examples": "example",
}  # fmt: skip
"""Lists in a file that has all of an agent in it, and what their items are."""
_MOST_CASES = 1000  # of one condition; random wordings in a case count as cases of their own


def _is_page(value: Any) -> bool:
    """Whether a value in a list of pages is one of Dialogflow: what is said on entry, a form with parameters."""
    if not isinstance(value, dict) or not ("name" in value or "displayName" in value):
        return False
    entry, form = value.get("entryFulfillment"), value.get("form")
    said = isinstance(entry, dict) and ("messages" in entry or "conditionalCases" in entry)
    return said or (isinstance(form, dict) and isinstance(form.get("parameters"), list))


def _has_pages(value: Any) -> bool:
    pages = value.get("pages") if isinstance(value, dict) else None
    return isinstance(pages, list) and any(map(_is_page, pages))


def _kind(value: Any) -> str:
    """Which of an agent's files a value is from; "" for none."""
    if not isinstance(value, dict):
        return ""
    keys = value.keys()
    if _has_pages(value) or (isinstance(value.get("flows"), list) and any(map(_has_pages, value["flows"]))):
        return "whole"
    if "defaultLanguageCode" in keys and keys & {"startFlow", "startPlaybook", "timeZone"}:
        return "agent"
    if isinstance(value.get("trainingPhrases"), list):
        return "phrases"
    if len(keys) == 1 and keys <= {"entities", "excludedPhrases", "promptTexts"}:
        return "entities" if isinstance(value.get("entities"), list) else "phrase list"
    if "languageCode" in keys and "fallbackSettings" in keys and "llmModelSettings" in keys:
        return "settings"
    return _named_kind(value) if {"name", "displayName"} <= keys else ""


def _named_kind(value: dict[str, Any]) -> str:
    keys = value.keys()
    if str(value.get("kind", "")).startswith("KIND_"):
        return "type"
    marked = next((kind for mark, kind in _MARKS.items() if mark in keys), "")
    if marked:
        return marked
    if "transitionRoutes" in keys and keys <= {"name", "displayName", "transitionRoutes"}:
        return "group"
    if keys <= _INTENT and keys & {"priority", "numTrainingPhrases", "parameters"}:
        return "intent"
    return "page" if keys & _PAGE and "responses" not in keys else ""


def _kind_there(document: Document) -> str:
    """The kind of a file, by where it stands too: a flow without settings looks like a page or a group of routes."""
    kind, folders = _kind(document.value), folders_of(document)
    is_flow = bool(kind) and folders[-2:] == ("flows", stem_of(document))
    return "flow" if is_flow else kind


def claims(document: Document) -> bool:
    return document.kind == "json" and bool(_kind(document.value))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    folders = folders_of(document)
    depth = next((number for number, name in enumerate(reversed(folders[-3:]), 1) if name in _TOPS), 0)
    base = "../" * depth
    builder = Builder(NAME, document)
    found: dict[str, list[Document]] = {}
    for one in files(document, neighbours, [base + pattern for pattern in _PATTERNS], claims):
        builder.also(one)
        found.setdefault(_kind_there(one), []).append(one)
    _Reading(builder, found).read()
    return builder.conversation()


def _home(document: Document) -> str:
    """The folder of the flow, intent or type that a file belongs to."""
    folders = folders_of(document)
    inner = bool(folders) and folders[-1] in (
        "pages",
        "transitionRouteGroups",
        "entities",
        "trainingPhrases",
        "phrases",
    )
    folders = folders[:-1] if inner else folders
    return folders[-1] if folders and folders[-1] not in _TOPS else _TOP


def _orders(node: Node) -> Iterator[Node]:
    """What a playbook tells its language model: the goal, and the steps with the steps in them."""
    for key in ("goal", "text"):
        if node[key].text:
            yield node[key]
    if node["instruction"]:
        yield from _orders(node["instruction"])
        if node["instruction"].text:
            yield node["instruction"]
    for step in node["steps"]:
        yield from _orders(step)


def _prompts(settings: Node) -> Iterator[Node]:
    """What the settings of an agent tell language models: the prompt that was chosen of those for when nothing
    matches, and what is said of the company where documents are asked.
    """
    fallback = settings["fallbackSettings"]
    for template in fallback["promptTemplates"]:
        if template["displayName"].name == fallback["selectedPrompt"].name:
            yield template["promptText"]
    for key in ("businessDescription", "agentScope"):
        yield settings["knowledgeConnectorSettings"][key]
    for owner in (settings, settings["knowledgeConnectorSettings"]):
        yield owner["llmModelSettings"]["promptText"]


def _title(node: Node) -> Node:
    """What a flow or page is called: in what the API lists the other name is a number."""
    return node.first("displayName", "name")


def _ends(target: str) -> bool:
    """Whether a target is no page: the flow ends there, or the whole session."""
    return target in _OVER or target.upper().replace(" ", "_").startswith("END_FLOW")


class _Reading:
    """Reads one agent."""

    def __init__(self, builder: Builder, found: dict[str, list[Document]]) -> None:
        self.builder = builder
        self.found = found
        self.flow: FlowDraft = builder.flow("agent")
        self.patterns = self._regular()
        self.intents = {one[key].name: one for one, _ in self._parts("intent") for key in ("name", "displayName")}
        self.taken: dict[str, list[int]] = {}
        self.said = {one["id"].name.lower() for intent in self.intents.values() for one in intent["parameters"]} - {""}
        """What customers may say of themselves to follow a route: a form does not ask for it again."""
        self.homes: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        """What flows are called that the API names by a number."""
        self.playbooks = [one["displayName"].name for one, _ in self._parts("playbook")]
        self.listening = {
            (home, one["displayName"].name)
            for one, home in self._parts("group")
            if any(route["intent"] for route in one["transitionRoutes"])
        }

    def _parts(self, kind: str) -> Iterator[tuple[Node, str]]:
        """What there is of a kind, and the flow that it belongs to: in files of its own, or in one that has all."""
        for one in self.found.get(kind, ()):
            yield root(one), _home(one)
        keys = [key for key, inside in _INSIDE.items() if inside == kind]
        for one in self.found.get("whole", ()):
            whole = root(one)
            owners = [(whole, _TOP), *((flow, _title(flow).name) for flow in whole["flows"])]
            for owner, home in owners:
                yield from ((item, home) for key in keys for item in owner[key] if item["displayName"].name)

    def _settings(self) -> Iterator[Node]:
        """The settings for language models, in files of their own or in one that has all."""
        yield from (root(one) for one in self.found.get("settings", ()))
        for kind in ("whole", "agent"):
            yield from (root(one)["generativeSettings"] for one in self.found.get(kind, ()))

    def _regular(self) -> dict[str, str]:
        values: dict[str, list[str]] = {}
        for one in self.found.get("entities", ()):
            said = [item.get("value", "") for item in one.value["entities"] if isinstance(item, dict)]
            values.setdefault(_home(one), []).extend(str(value) for value in said)
        return {
            f"@{root(one)['displayName'].name}": "|".join(dict.fromkeys(values.get(_home(one), ())))
            for one in self.found.get("type", ())
            if one.value.get("kind") == "KIND_REGEXP"
        }

    def read(self) -> None:
        flows = [(root(one), _home(one)) for one in self.found.get("flow", ())]
        pages = [(root(one), _home(one)) for one in self.found.get("page", ())]
        for one in self.found.get("whole", ()):
            whole = root(one)
            given = [(flow, _title(flow).name) for flow in whole["flows"]]
            flows += given
            pages += [(page, home) for flow, home in given for page in flow["pages"]]
            pages += [(page, _TOP) for page in whole["pages"]]
        for node, home in flows:
            self.homes.setdefault(_title(node).name, home)
            self.numbers.setdefault(node["name"].name, _title(node).name)
        for node, _ in self._parts("playbook"):
            self._playbook(node)
        for node, home in flows:
            self._flow(node, home)
        for node, home in pages:
            self._page(node, home)
        for node, home in self._parts("group"):
            self._group(node, home)
        self._enter([home for _, home in flows])
        for node, _ in self._parts("generator"):
            self.builder.unseen(node["displayName"], LANGUAGE_MODEL, node["displayName"].name)
        for one in self.found.get("phrase list", ()):
            if root(one)["promptTexts"]:
                self.builder.unseen(root(one)["promptTexts"], LANGUAGE_MODEL, _home(one))
        for settings in self._settings():
            for prompt in _prompts(settings):
                if prompt.text.strip():
                    self.builder.unseen(prompt, LANGUAGE_MODEL, "settings")
        for node, home in (*self._parts("phrases"), *self._parts("test"), *self._parts("example")):
            self.builder.skip(node, CUSTOMER, home or node["displayName"].name)
        for node, _ in self._parts("intent"):
            self.builder.skip(node["trainingPhrases"], CUSTOMER, node["displayName"].name)

    def _enter(self, homes: list[str]) -> None:
        for one in self.found.get("agent", ()):
            flow, playbook = one.value.get("startFlow"), one.value.get("startPlaybook")
            self.flow.enter(("playbook", playbook) if playbook else (self.homes.get(str(flow), ""), _START))
        if not self.found.get("agent"):
            for home in homes:
                self.flow.enter((home, _START))

    def _flow(self, node: Node, home: str) -> None:
        name = _title(node).name
        step = self.flow.step((home, _START), _title(node), name, name)
        if node["startPage"].name:
            self.flow.link((home, node["startPage"].name.strip()), start=(home, _START), place=node["startPage"])
        self._leave(node, home, (home, _START), step, name)

    def _page(self, node: Node, home: str) -> None:
        name = _title(node).name
        key: Hashable = (home, name.strip())
        id = f"{home}: {name}" if home else name
        step = self.flow.step(key, _title(node), id, name)
        self.flow.alias((home, node["name"].name), key)
        self._say(step, node["entryFulfillment"], name)
        key, step = self._form(node, home, key, step, id)
        self._leave(node, home, key, step, id)

    def _form(self, node: Node, home: str, key: Hashable, step: StepDraft, id: str) -> tuple[Hashable, StepDraft]:
        """The parameters of a page that is the step ``key``, one step each; the last step, and by what it is known.

        One that is not required is not asked for, unless a program does: a way leads past it.
        """
        name = _title(node).name
        last: list[Hashable] = [key]
        for number, parameter in enumerate(node["form"]["parameters"]):
            slot = parameter["displayName"].name
            key = (home, name, number)
            step = self.flow.step(key, place(parameter, "displayName"), f"{id}: {slot}", slot)
            lead_to(self.flow, last, key)
            self._parameter(step, parameter, f"{name}.{slot}", home, key)
            asked = parameter["fillBehavior"]["initialPromptFulfillment"] and parameter["required"].value is not True
            last = past(self.flow, last, key, parameter, f"{id}: past {slot}") if asked else [key]
        if last != [key]:
            key = (home, name, "filled")
            step = self.flow.step(key, node["form"], f"{id}: filled", name)
            lead_to(self.flow, last, key)
        return key, step

    def _parameter(self, step: StepDraft, node: Node, id: str, home: str, key: Hashable) -> None:
        type = node["entityType"].text
        pattern = self.patterns.get(type, "")
        name = place(node, "displayName")
        self.builder.take(step, name, name.name, type, component(type), pattern)
        step.passed = name.name.lower() in self.said
        fill = node["fillBehavior"]
        self._say(step, fill["initialPromptFulfillment"], f"{id}.prompt", "prompt")
        for number, handler in enumerate(fill["repromptEventHandlers"]):
            self._say(step, handler["triggerFulfillment"], f"{id}.reprompt[{number}]", "reprompt")
            self._target(handler, home, key, key, handler["event"].name)

    def _leave(self, node: Node, home: str, key: Hashable, step: StepDraft, id: str) -> None:
        """Routes, route groups and event handlers of a flow or page."""
        for number, route in enumerate(node["transitionRoutes"]):
            self._route(route, home, key, f"{id}.routes[{number}]", step)
        for number, handler in enumerate(node["eventHandlers"]):
            self._route(handler, home, key, f"{id}.events[{number}]", None)
        if node["knowledgeConnectorSettings"]["triggerFulfillment"]:
            self._route(node["knowledgeConnectorSettings"], home, key, f"{id}.knowledge", None)
        for group in node["transitionRouteGroups"]:
            called = group["displayName"].name if group.is_mapping else group.name
            for scope in (home, _TOP):
                self.flow.link(("group", scope, called), "", start=key)
                step.waits = step.waits or (scope, called) in self.listening

    def _group(self, node: Node, home: str) -> None:
        name = node["displayName"].name
        key = ("group", home, name)
        self.flow.step(key, node["displayName"], name, name)
        for number, route in enumerate(node["transitionRoutes"]):
            self._route(route, home, key, f"{name}.routes[{number}]", None)

    def _route(self, node: Node, home: str, key: Hashable, id: str, step: StepDraft | None) -> None:
        intent = node["intent"].name
        event = node["event"].name
        condition = " and ".join(part for part in (intent, node["condition"].name, event) if part)
        if intent and step is not None:
            step.waits = True
        fulfillment = node["triggerFulfillment"]
        start = key
        target, flow = node["targetPage"].name.strip(), self._other(node)
        if fulfillment or intent in self.intents or flow in self.homes or _ends(target):
            start = ("route", id, *node.path, node.document.source.path)
            draft = self.flow.step(start, place(node, "triggerFulfillment", "intent", "event"), id, intent or event)
            self.flow.link(start, condition, start=key)
            missed = event.startswith(("sys.no-match", "sys.no-input", "sys.invalid", "sys.long"))
            self._say(draft, fulfillment, id, "reprompt" if missed else "reply")
            self._intent(draft, intent)
            condition = ""
        self._target(node, home, start, key, condition)

    def _other(self, node: Node) -> str:
        """The flow that a route leads to, by what it is called."""
        name = node["targetFlow"].name
        return self.numbers.get(name, name)

    def _intent(self, step: StepDraft, intent: str) -> None:
        """The parameters of an intent are taken from what the customer says to follow this route."""
        known = self.taken.get(intent)
        if known is None:
            known = self.taken[intent] = []
            for parameter in self.intents[intent]["parameters"] if intent in self.intents else ():
                type = parameter["entityType"].text
                pattern = self.patterns.get(type, "")
                known.append(len(self.builder.captures))
                self.builder.take(None, place(parameter, "id"), parameter["id"].name, type, component(type), pattern)
        self.builder.retake(step, known)

    def _target(self, node: Node, home: str, start: Hashable, page: Hashable, condition: str) -> None:
        target, flow = node["targetPage"].name.strip(), self._other(node)
        if flow and flow not in self.homes:
            self.flow.expect_flow(self.builder, (flow, _START), node["targetFlow"], flow, home, self.homes)
        playbook = node["targetPlaybook"].name
        if playbook:
            end = ("playbook", playbook)
            self.flow.link(end, condition, start=start)
            self.flow.expect_flow(self.builder, end, node["targetPlaybook"], playbook, home, self.playbooks)
        elif flow in self.homes:
            # The other flow comes back to the page that it was called from, whose routes are looked at again.
            self.flow.link((self.homes[flow], _START), condition, start=start, call=start != page)
            if start != page:
                self.flow.link(page, "the other flow has ended", start=start)
        elif _ends(target):
            self.flow.link("", condition, start=start)
            if target in _OVER and start != page:
                self.flow.stop(start)
        elif target in ("Start Page", "START_PAGE"):
            self.flow.link((home, _START), condition, start=start)
        elif target in ("Current Page", "CURRENT_PAGE", "$current") or (not target and start != page):
            self.flow.link(page, condition, start=start)
        elif target:
            there = None if target in _BACK else node["targetPage"]
            self.flow.link((home, target), condition, start=start, place=there)

    def _say(self, step: StepDraft, node: Node, id: str, kind: str = "reply") -> None:
        """The messages of a fulfillment, those under a condition too."""
        for number, message in enumerate(node["messages"]):
            self._message(step, message, f"{id}[{number}]", kind)
        for number, cases in enumerate(node["conditionalCases"]):
            self._cases(step, cases, f"{id}.cases[{number}]", kind)
        for action in node["setParameterActions"]:
            self._value(step, action["value"], action["parameter"].name, id, kind)
        if node["webhook"]:
            self.builder.unseen(node["webhook"], WEB_SERVICE, id)
        if node["enableGenerativeFallback"].value is True:
            self.builder.unseen(node["enableGenerativeFallback"], LANGUAGE_MODEL, id)
        for generator in node["generators"]:
            self.builder.unseen(generator, LANGUAGE_MODEL, id)

    def _cases(self, step: StepDraft, node: Node, id: str, kind: str, reached: bool = True) -> None:
        """One of these cases is said, if there is one for the rest and they are reached in any case."""
        cases = list(node["cases"])
        surely = reached and any(not case["condition"] for case in cases)
        for number, case in enumerate(cases):
            for part, content in enumerate(case["caseContent"]):
                variant = one_of(node, number, surely)
                self._message(step, content["message"], f"{id}[{number}][{part}]", kind, variant)
                inner = content["additionalCases"]
                self._cases(step, inner, f"{id}[{number}][{part}]", kind, surely and len(cases) == 1)

    def _message(self, step: StepDraft, node: Node, id: str, kind: str, case: Variant | None = None) -> None:
        locale = node["languageCode"].text or None
        channel = node["channel"].text
        channels = ((_CHANNELS[channel],) if channel in _CHANNELS else channel_names(channel)) if channel else ()
        texts = node["text"]["text"]
        for number, text in enumerate(texts):
            variant = case or one_of(texts, number)
            if case is not None and number:
                variant = Variant(case.group, -number * _MOST_CASES - case.number, case.surely)
            self._text(step, text, id, kind, locale, channels, variant)
        for key in ("text", "ssml"):
            self._text(step, node["outputAudioText"][key], f"{id}.audio", kind, locale, channels or ("voice",), case)
        for key in ("payload", "knowledgeInfoCard"):
            say_payload(self.builder, step, node[key], f"{id}.{key}", kind, locale, channels)

    def _text(
        self,
        step: StepDraft,
        node: Node,
        id: str,
        kind: str,
        locale: str | None,
        channels: tuple[str, ...],
        variant: Variant | None = None,
    ) -> None:
        """A text, or the sentences among the arguments of a function."""
        if not _FUNCTION.match(node.text):
            self.builder.say(step, node, id, kind, locale, channels=channels, variant=variant)
            return
        surely = always_says(node.text)
        for number, literal in enumerate(literals(node.text, quotes='"')):
            said = node.text[literal.start + 1 : literal.end - 1]
            if is_text(said):
                self.builder.say(
                    step, node, id, kind, locale, channels=channels, text=said, offset=literal.start + 1,
                    variant=variant or (one_of(node, number, surely) if has_choice(node.text) else None),
                )  # fmt: skip

    def _value(self, step: StepDraft, node: Node, name: str, id: str, kind: str) -> None:
        """A sentence in a parameter is said later, wherever the parameter is: where a message prints it, and perhaps by
        a model or a web service, or in a file that is not here.
        """
        if node.is_list or node.is_mapping:
            for key, item in node.items() if node.is_mapping else ((name, item) for item in node):
                self._value(step, item, key, id, kind)
        if not is_text(node.text):
            return
        is_whole = any(self.found.get(kind) for kind in ("agent", "whole"))
        if not is_whole or _FUNCTION.match(node.text) or any(self.found.get(kind) for kind in _OTHER_SPEAKERS):
            self._text(step, node, f"{id}.{name}", kind, None, ())
        else:
            self.builder.assign(step, name, node)

    def _playbook(self, node: Node) -> None:
        name = node["displayName"].name
        step = self.flow.step(("playbook", name), node["displayName"], f"playbook {name}", name)
        instruction = "instruction" if node["instruction"] else "steps"
        for key in [key for key in ("goal", instruction) if node[key]] or ["displayName"]:
            self.builder.unseen(node[key], LANGUAGE_MODEL, name)
        for parameter in node["outputParameterDefinitions"]:
            slot = parameter["name"]
            if slot.name:
                self.builder.take(step, slot, slot.name, "playbook", "text")
        for number, handler in enumerate(node["handlers"]):
            one = handler["eventHandler"] or handler["lifecycleHandler"]
            self._say(step, one["fulfillment"], f"{name}.handlers[{number}]")
        others = [("PLAYBOOK", other.name) for other in node["referencedPlaybooks"]]
        others += [("FLOW", other.name) for other in node["referencedFlows"]]
        for order in _orders(node):
            others += ((kind, other.strip()) for kind, other in _REFERENCE.findall(order.text))
        for kind, other in dict.fromkeys(others):
            end = ("playbook", other) if kind == "PLAYBOOK" else (self.homes.get(other), _START)
            self.flow.link(end, "the language model decides", start=("playbook", name))
