"""Dialogflow ES agents: a folder or zip of intents, their training phrases and entities.

An intent is two steps or more: what the customer says, with the parameters taken from it; one for each
parameter that is asked for; the answer. Output contexts lead from the answer to the intents that take them in,
which is where most asks are answered: the parameter there has no prompt of its own. Intents as the API lists them are
read, too.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .drafts import FlowDraft, StepDraft
from .exports import component, files, folder_of, lead_to, link_all, past, place, say_payload, stem_of
from .nodes import Node, root
from .reasons import CUSTOMER, PART_OFF, WEB_SERVICE

NAME = "dialogflow-es"
TITLE = "Dialogflow ES agent"

_PLATFORMS = {
    "facebook": ("messenger",), "telephony": ("voice",), "google": ("google-assistant",),
    "actions_on_google": ("google-assistant",), "platform_unspecified": (), "rbm": ("rcs",),
    "google_hangouts": ("hangouts",),
}  # fmt: skip
_SAID = (
    "speech", "title", "subtitle", "formattedText", "textToSpeech", "displayText", "destinationName", "ssml",
    "accessibilityText",
)  # fmt: skip
"""Texts of a message itself."""
_INSIDE = (
    "payload", "items", "suggestions", "buttons", "image", "columnProperties", "rows", "mediaObjects", "text", "card",
    "quickReplies", "simpleResponses", "basicCard", "listSelect", "carouselSelect", "browseCarouselCard", "tableCard",
    "mediaContent", "linkOutSuggestion", "cardContent", "cardContents", "rbmText", "rbmSuggestion",
    "rbmStandaloneRichCard", "rbmCarouselRichCard", "telephonySynthesizeSpeech",
)  # fmt: skip
"""Where the texts of a message stand: as the console exports it, and as the API words it."""
_INTENT = frozenset({"webhookUsed", "auto", "fallbackIntent", "webhookForSlotFilling"})
_AGENT = frozenset({"googleAssistant", "mlMinConfidence", "onePlatformApiVersion", "customClassifierMode"})
_ENTITY = frozenset({"isEnum", "isOverridable", "automatedExpansion"})
_LISTED = frozenset({"trainingPhrases", "inputContextNames", "webhookState", "parentFollowupIntentName"})
_UNASKED = "the product makes up the question for this parameter"


def _is_listed(value: Any) -> bool:
    """Whether a value is an intent as the API words it."""
    if not isinstance(value, dict) or "displayName" not in value or not isinstance(value.get("messages"), list):
        return False
    return not _LISTED.isdisjoint(value)


def _kind(value: Any) -> str:
    """Which of an agent's files a value is from; "" for none."""
    intents = value.get("intents", [value]) if isinstance(value, dict) else value
    if isinstance(intents, list) and any(map(_is_listed, intents)):
        return "api"
    if isinstance(value, dict):
        if isinstance(value.get("responses"), list) and "name" in value and len(_INTENT & value.keys()) > 1:
            return "intent"
        if "language" in value and len(_AGENT & value.keys()) > 1:
            return "agent"
        return "entity" if "name" in value and len(_ENTITY & value.keys()) > 1 else ""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return ""
    keys = value[0].keys()
    if "customAnswers" in keys and "action" in keys:
        return "smalltalk"
    if isinstance(value[0].get("data"), list) and "isTemplate" in keys:
        return "phrases"
    return "entries" if keys == {"value", "synonyms"} else ""


def claims(document: Document) -> bool:
    return document.kind == "json" and bool(_kind(document.value))


def _is_part(document: Document) -> bool:
    """Whether a file belongs to an agent; its "package.json" says no more than a version."""
    value = document.value
    return claims(document) or (stem_of(document) == "package" and isinstance(value, dict) and [*value] == ["version"])


def read(document: Document, neighbours: Neighbours) -> Conversation:
    base = "../" if folder_of(document) in ("intents", "entities") else ""
    patterns = [base + "*.json", base + "intents/*.json", base + "entities/*.json"]
    found: dict[str, list[Document]] = {}
    builder = Builder(NAME, document)
    for one in files(document, neighbours, patterns, _is_part):
        builder.also(one)
        found.setdefault(_kind(one.value), []).append(one)
    reading = _Reading(builder, _patterns(found), _filled(found))
    for one in found.get("intent", ()):
        reading.intent(root(one))
    for one in found.get("api", ()):
        whole = root(one)
        for intent in (whole, *whole, *whole["intents"]):
            if _is_listed(intent.value):
                reading.listed(intent)
    for one in found.get("smalltalk", ()):
        reading.smalltalk(root(one))
    for one in found.get("phrases", ()):
        builder.skip(root(one), CUSTOMER, stem_of(one))
    reading.connect()
    return builder.conversation()


def _patterns(found: dict[str, list[Document]]) -> dict[str, str]:
    """The regular expressions of the entities that are such, by their name."""
    regular = {root(one)["name"].name for one in found.get("entity", ()) if one.value.get("isRegexp") is True}
    patterns = {}
    for one in found.get("entries", ()):
        name = stem_of(one).partition("_entries_")[0]
        if name in regular:
            patterns[f"@{name}"] = "|".join(str(item.get("value", "")) for item in one.value if isinstance(item, dict))
    return patterns


def _filled(found: dict[str, list[Document]]) -> dict[str, set[str]]:
    """The parameters that the examples of what customers say have values for, by the name of the intent's file."""
    filled: dict[str, set[str]] = {}
    for one in found.get("phrases", ()):
        names = {part["alias"].name for phrase in root(one) for part in phrase["data"]} - {""}
        filled.setdefault(stem_of(one).partition("_usersays_")[0], set()).update(names)
    return filled


class _Reading:
    """Reads the intents into one flow."""

    def __init__(self, builder: Builder, patterns: dict[str, str], filled: dict[str, set[str]]) -> None:
        self.builder = builder
        self.patterns = patterns
        self.filled = filled
        """What stands in the customer's words that begin an intent, by the name of its file: that is not asked for."""
        self.flow: FlowDraft = builder.flow("agent")
        self.takes: dict[str, list[str]] = {}
        self.gives: dict[str, list[str]] = {}
        self.places: dict[str, Node] = {}
        self.parents: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.webhook = False

    def _is_ignored(self, node: Node, name: str) -> bool:
        """Whether no customer comes to an intent: Dialogflow ignores one of less than no priority."""
        priority = node["priority"].value
        if not isinstance(priority, int) or priority >= 0:
            return False
        self.builder.skip(node, PART_OFF, name)
        return True

    def intent(self, node: Node) -> None:
        name = node["name"].name
        if self._is_ignored(node, name):
            return
        id = node["id"].name or name
        step = self.flow.step(("said", id), place(node, "name"), name)
        self.webhook = self.webhook or bool(node["webhookUsed"])
        self._begin(step, id, [(context.name, context) for context in node["contexts"]], node["parentId"].name, node)
        last: list[Hashable] = [("said", id)]
        for number, response in enumerate(node["responses"]):
            last = self._asked(node, response, step, name, last)
            self._answer(node, response, name, (f"answer{number}", id), last)
            for given in response["affectedContexts"]:
                if given["lifespan"].value != 0:
                    self.gives.setdefault(given["name"].name.lower(), []).append(id)
        if node["webhookUsed"].value is True:
            self.builder.unseen(node["webhookUsed"], WEB_SERVICE, name)
        for number, conditional in enumerate(node["conditionalResponses"]):
            say_payload(self.builder, step, conditional, f"{name}.conditionalResponses[{number}]")

    def _begin(self, step: StepDraft, id: str, taken: list[tuple[str, Node]], parent: str, node: Node) -> None:
        """When an intent can be: in its contexts, after another, or at the beginning."""
        for context, at in taken:
            self.places.setdefault(context.lower(), at)
            self.takes.setdefault(context.lower(), []).append(id)
        step.waits = bool(taken or parent)
        if parent:
            self.parents.append((parent, id))
        if node["events"] or not (taken or parent):
            self.flow.enter(("said", id))
        elif not parent:
            self.open.append(id)

    def listed(self, node: Node) -> None:
        """An intent as the API words it."""
        name = node["displayName"].name
        if self._is_ignored(node, name):
            return
        id = node["name"].name or name
        step = self.flow.step(("said", id), node["displayName"], name)
        taken = [(context.name.rpartition("/")[2], context) for context in node["inputContextNames"]]
        self._begin(step, id, taken, node["parentFollowupIntentName"].name, node)
        last = self._asked_for(node, step, name, id)
        answer = self.flow.step(("answer0", id), node["messages"], f"{name}: answer", name)
        lead_to(self.flow, last, ("answer0", id))
        kind = "reprompt" if node["isFallback"].value is True else "reply"
        for number, message in enumerate(node["messages"]):
            self._message(answer, message, f"{name}.messages[{number}]", kind)
        for given in node["outputContexts"]:
            if given["lifespanCount"].value != 0:
                self.gives.setdefault(given["name"].name.rpartition("/")[2].lower(), []).append(id)
        if node["webhookState"].name.startswith("WEBHOOK_STATE_ENABLED"):
            self.webhook = True
            self.builder.unseen(node["webhookState"], WEB_SERVICE, name)
        self.builder.skip(node["trainingPhrases"], CUSTOMER, name)

    def _asked_for(self, node: Node, said: StepDraft, name: str, id: str) -> list[Hashable]:
        """A step for each parameter of such an intent that is asked for; the others are taken from what was said."""
        last: list[Hashable] = [("said", id)]
        filled = {part["alias"].name for phrase in node["trainingPhrases"] for part in phrase["parts"]}
        for number, parameter in enumerate(node["parameters"]):
            slot, type = parameter["displayName"], parameter["entityTypeDisplayName"].text
            step = said
            if parameter["prompts"]:
                key = (f"slot{number}", id)
                step = self.flow.step(key, slot, f"{name}: {slot.name}", slot.name)
                step.passed = slot.name in filled
                last = self._past(key, last, parameter, parameter["mandatory"].value is True)
                self._prompts(parameter, step, f"{name}.{slot.name}")
            elif parameter["mandatory"].value is True and type:
                self.builder.unseen(slot, _UNASKED, slot.name)
            if slot.name and (type or parameter["prompts"]):
                self.builder.take(step, slot, slot.name, type, component(type), self.patterns.get(type, ""))
        return last

    def _past(self, key: Hashable, last: list[Hashable], node: Node, required: bool) -> list[Hashable]:
        """Link a parameter to those before it; where the conversation goes on behind it."""
        lead_to(self.flow, last, key, "" if required else "not said yet")
        return [key] if required else past(self.flow, last, key, node, "parameters")

    def _asked(self, node: Node, response: Node, said: StepDraft, name: str, last: list[Hashable]) -> list[Hashable]:
        """A step for each parameter that is asked for; the others are taken from what the customer said."""
        id = node["id"].name or name
        for number, parameter in enumerate(response["parameters"]):
            slot = parameter["name"].name
            prompts = [item for item in parameter["prompts"] if item.is_mapping or item.text]
            required = parameter["required"].value is True
            constant = not parameter["dataType"].text and not prompts
            if not slot or constant:
                continue
            step = said
            asked = bool(prompts or parameter["promptMessages"])
            if asked:
                key = (f"slot{number}", id)
                step = self.flow.step(key, parameter["name"], f"{name}: {slot}", slot)
                step.passed = slot in self.filled.get(stem_of(node.document), ())
                last = self._past(key, last, parameter, required)
                self._prompts(parameter, step, f"{name}.{slot}")
            elif required:
                web = node["webhookForSlotFilling"].value is True
                self.builder.unseen(parameter["name"], WEB_SERVICE if web else _UNASKED, slot)
            type = parameter["dataType"].text
            pattern = self.patterns.get(type, "")
            self.builder.take(step, parameter["name"], slot, type, component(type), pattern)
        return last

    def _prompts(self, parameter: Node, step: StepDraft, id: str) -> None:
        for number, prompt in enumerate(parameter["prompts"]):
            text = prompt if prompt.text else prompt["value"]
            variant = one_of(parameter["prompts"], number)
            locale = prompt["lang"].text or None
            self.builder.say(step, text, f"{id}.prompts[{number}]", "prompt", locale, variant=variant)
        for key in ("promptMessages", "noMatchPromptMessages", "noInputPromptMessages"):
            kind = "prompt" if key == "promptMessages" else "reprompt"
            for number, message in enumerate(parameter[key]):
                self._message(step, message, f"{id}.{key}[{number}]", kind)

    def _answer(self, node: Node, response: Node, name: str, key: tuple[str, str], last: list[Hashable]) -> None:
        step = self.flow.step(key, response, f"{name}: answer", name)
        lead_to(self.flow, last, key)
        self.builder.say(step, response["speech"], f"{name}.speech")
        kind = "reprompt" if node["fallbackIntent"].value is True else "reply"
        for number, message in enumerate(response["messages"]):
            self._message(step, message, f"{name}.messages[{number}]", kind)

    def _message(self, step: StepDraft, message: Node, id: str, kind: str) -> None:
        locale = message["lang"].text or None
        platform = message["platform"].text.lower()
        channels = _PLATFORMS.get(platform, (platform,) if platform else ())
        say = self.builder.say
        for key in _SAID:
            card = key in ("title", "subtitle") and message["type"].name not in ("2", "quick_replies")
            shown = "title" if card else kind
            say(step, message[key], f"{id}.{key}", shown, locale, channels=channels)
        say(step, message["replies"], f"{id}.replies", "button", locale, channels=channels)
        for key in _INSIDE:
            inner = "button" if key in ("suggestions", "buttons", "rbmSuggestion") else "reply"
            say_payload(self.builder, step, message[key], f"{id}.{key}", inner, locale, channels, key)
        for number, media in enumerate((*message["mediaObjects"], *message["mediaContent"]["mediaObjects"])):
            say(step, media["name"], f"{id}.mediaObjects[{number}].name", "title", locale, channels=channels)

    def smalltalk(self, node: Node) -> None:
        for answers in node:
            action = answers["action"].name
            step = self.flow.step(("smalltalk", action), answers, action)
            self.flow.enter(("smalltalk", action))
            self.builder.say(step, answers["customAnswers"], action)

    def connect(self) -> None:
        """Contexts and follow-ups lead on; one that no intent on the way gives may come from the web service."""
        for context, takers in self.takes.items():
            starts = [("answer0", id) for id in self.gives.get(context, ())]
            ends = [("said", id) for id in takers]
            link_all(self.flow, starts, ends, f"context {context}", self.places[context])
        for parent, id in self.parents:
            self.flow.link(("said", id), "follow-up", start=("answer0", parent))
        if self.webhook:
            self.flow.enter_where_needed(("said", id) for id in self.open)
