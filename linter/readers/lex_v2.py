"""Amazon Lex V2: an export (zip or folder), the body of a request, or a CloudFormation template.

An intent is a chain of steps: what is said at first, its slots by priority, the confirmation, the fulfillment,
the closing. What is said to an answer is a step for each way that it may go (it fits or not, a condition holds or
not). Next steps that the bot's author has drawn are edges, beside the chain where they lead to another slot of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .common import as_label
from .drafts import FlowDraft, StepDraft
from .exports import component, files, folders_of, say_payload
from .nodes import Node, holds, root, search
from .reasons import CUSTOMER, PART_OFF, WEB_SERVICE

NAME = "lex-v2"
TITLE = "Amazon Lex V2 bot"

_FILES = (
    "Bot.json", "BotLocales/*/BotLocale.json", "BotLocales/*/Intents/*/Intent.json",
    "BotLocales/*/Intents/*/Slots/*/Slot.json", "BotLocales/*/SlotTypes/*/SlotType.json",
)  # fmt: skip
_AREAS = (
    ("initialResponseSetting", "initial"), ("intentConfirmationSetting", "confirm"),
    ("fulfillmentCodeHook", "fulfill"), ("intentClosingSetting", "close"),
)  # fmt: skip
_KNOWN = frozenset(spelling for key, _ in _AREAS for spelling in (key, key[:1].upper() + key[1:], f"CR.{key}"))
_MODEL = (
    "qnAIntentConfiguration", "bedrockAgentIntentConfiguration", "qInConnectIntentConfiguration",
    "kendraConfiguration",
)  # fmt: skip
_ACTIONS = {"ConfirmIntent": "confirm", "FulfillIntent": "fulfill", "CloseIntent": "close"}
_AFTER = ("confirm", "fulfill", "close")
"""What may come at the end of an intent, in order."""
_GROUPS = ("messageGroupsList", "messageGroups")
_SWITCHED = ("intentConfirmationSetting", "intentClosingSetting")
"""Areas of an intent that are not said where they are switched off."""
_USUAL = frozenset({"", "capture", "confirmation", "success"})
"""How it goes where nothing is in the way: what is called so comes first in the name of a response."""
_IN_UTTERANCE = re.compile(r"\{([^{}]+)\}")
_MOST_ENDS = 12  # from which a conversation goes on; more meet in a step first

Key = tuple[str, str]
Ends = list[tuple[Key, str]]
"""Steps from which a conversation goes on, each with its condition."""


def get(node: Node, *keys: str) -> Node:
    """The first of the keys that is there, as exports (``name``) or templates (``Name``, ``CR.name``) spell it."""
    for key in keys:
        for spelling in (key, key[:1].upper() + key[1:], f"CR.{key}"):
            if spelling in node:
                return node[spelling]
    return node[keys[0]]


def _named(node: Node, *keys: str) -> Node:
    """The name of a part, or the part itself where it has none."""
    name = get(node, *keys)
    return name if name.value is not None else node


def _has(value: dict[str, Any], key: str) -> bool:
    return key in value or key[:1].upper() + key[1:] in value or f"CR.{key}" in value


def _kind(value: Any) -> str:
    """Which part of a bot a value is; "" for none."""
    if not isinstance(value, dict):
        return ""
    if _has(value, "valueElicitationSetting") or _has(value, "slotValueElicitationSetting"):
        return "slot" if _has(value, "slotTypeName") else ""
    if _has(value, "intents") and _has(value, "localeId"):
        return "locale"
    named = _has(value, "name") or _has(value, "intentName")
    if named and (_has(value, "intentClosingSetting") or _has(value, "slotPriorities") or _has_utterances(value)):
        return "intent"
    return _file_kind(value)


def _has_utterances(value: dict[str, Any]) -> bool:
    """Whether it has the customer's words as only V2 writes them, one mapping each."""
    found = value.get("sampleUtterances")
    return isinstance(found, list) and any(isinstance(one, dict) and "utterance" in one for one in found)


def _has_prompt(node: Node) -> bool:
    return node.is_mapping and get(node, "promptSpecification").is_mapping


def _file_kind(value: dict[str, Any]) -> str:
    if "nluConfidenceThreshold" in value and "voiceSettings" in value:
        return "settings"
    if "dataPrivacy" in value and "idleSessionTTLInSeconds" in value and "identifier" in value:
        return "bot"
    if "slotTypeValues" in value and "valueSelectionSetting" in value:
        return "type"
    for key in ("metaData", "metadata"):
        if isinstance(value.get(key), dict) and value[key].get("fileFormat") == "LexJson":
            return "manifest"
    return ""


def _is_part(value: Any) -> bool:
    return bool(_kind(value))


def claims(document: Document) -> bool:
    return document.kind in ("json", "yaml") and holds(document, _is_part, 6)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    locales: dict[str, _Locale] = {}
    for one in files(document, neighbours, _patterns(document), claims):
        builder.also(one)
        for node in search(root(one), _is_part, 6):
            _sort(builder, node, locales)
    for locale in locales.values():
        locale.read()
    return builder.conversation()


def _patterns(document: Document) -> list[str]:
    folders = folders_of(document)
    kind = _kind(document.value)
    if "BotLocales" in folders:
        depth = folders[::-1].index("BotLocales") + 1
        return ["../" * depth + pattern for pattern in ("../Manifest.json", "../manifest.json", *_FILES)]
    if kind == "manifest":
        return [f"{prefix}{pattern}" for prefix in ("*/", "") for pattern in _FILES]
    return ["../Manifest.json", "../manifest.json", *_FILES] if kind in ("bot", "settings", "intent") else []


def _sort(builder: Builder, node: Node, locales: dict[str, _Locale]) -> None:
    """Put a part of a bot to the locale that it is of."""
    kind = _kind(node.value)
    folders = folders_of(node.document)
    name = folders[folders.index("BotLocales") + 1] if "BotLocales" in folders[:-1] else ""
    if kind == "locale":
        name = get(node, "localeId").name
    locale = locales.setdefault(name, _Locale(builder, name))
    if kind == "intent":
        locale.intents.append((node, []))
    elif kind == "slot":
        locale.slots.append((folders[-3] if len(folders) > 2 and folders[-2] == "Slots" else "", node))
    elif kind == "type":
        locale.types.append(node)
    elif kind == "locale":
        locale.types += get(node, "slotTypes")
        locale.intents += [(intent, list(get(intent, "slots"))) for intent in get(node, "intents")]


class _Place(NamedTuple):
    """Where in an intent something is said: the slot or area, and the way there from its setting."""

    intent: str
    name: str
    way: str

    def at(self, key: str) -> _Place:
        return self._replace(way=f"{self.way}.{key}".lstrip("."))

    def item(self, number: int) -> _Place:
        return self._replace(way=f"{self.way}[{number}]")

    def title(self) -> str:
        return f"{self.intent}.{self.name.lstrip('/')}{'.' if self.way else ''}{self.way}"

    def is_refusal(self) -> bool:
        """Whether it is said where an answer doesn't fit."""
        lower = self.way.lower()
        return "slotcapture" in lower and "failure" in lower


class _Locale:
    """The intents of a bot in one language."""

    def __init__(self, builder: Builder, name: str) -> None:
        self.builder = builder
        self.locale = name.replace("_", "-") or None
        self.name = name or "bot"
        self.intents: list[tuple[Node, list[Node]]] = []
        self.slots: list[tuple[str, Node]] = []
        self.types: list[Node] = []

    def read(self) -> None:
        if not self.intents and not self.slots:
            return
        self.flow: FlowDraft = self.builder.flow(self.name)
        self.patterns = {
            get(type, "name", "slotTypeName").name: get(
                get(get(type, "valueSelectionSetting"), "regexFilter"), "pattern"
            ).text
            for type in self.types
        }
        known = {get(intent, "name", "intentName").name: slots for intent, slots in self.intents}
        self.areas = {get(intent, "name", "intentName").name: _areas(intent) for intent, _ in self.intents}
        for intent, slot in self.slots:
            if intent in known:
                known[intent].append(slot)
            else:
                self._slot(intent, slot, [])
        for intent_node, slots in self.intents:
            self._intent(intent_node, slots)

    def _intent(self, node: Node, slots: list[Node]) -> None:
        place = _named(node, "name", "intentName")
        name = place.name
        self.flow.step((name, ""), place, name, name)
        self.flow.enter((name, ""))
        self.builder.skip(get(node, "sampleUtterances"), CUSTOMER, name)
        for key in _MODEL:
            if get(node, key):
                self.builder.unseen(get(node, key), LANGUAGE_MODEL, name)
        for key in ("dialogCodeHook", "fulfillmentCodeHook"):
            enabled = get(get(node, key), "enabled", "isActive")
            if str(enabled.value).lower() == "true":
                self.builder.unseen(enabled, WEB_SERVICE, name)
        last: Ends = [((name, ""), "")]
        for number, (key, area) in enumerate(_AREAS):
            if key in _SWITCHED and _is_off(get(node, key)):
                self.builder.skip(get(node, key), PART_OFF, f"{name}.{area}")
            elif get(node, key).is_mapping:
                last = self._area(name, area, get(node, key), last)
            if number == 0:
                last = self._ordered(name, node, slots, last)
        for key, value in node.items():
            if key not in _KNOWN and value.is_mapping and next(_groups(value), None) is not None:
                last = self._area(name, key, value, last)

    def _ordered(self, name: str, node: Node, slots: list[Node], last: Ends) -> Ends:
        order = {get(item, "slotName").name: get(item, "priority").value for item in get(node, "slotPriorities")}

        def rank(slot: Node) -> float:
            value = order.get(get(slot, "name", "slotName").name)
            return value if isinstance(value, (int, float)) else len(slots) + 1

        led = {slot for part in (node, *slots) for slot in _led_to(part)}
        filled = _filled_by(get(node, "sampleUtterances")) - led
        for slot in sorted(slots, key=rank):
            own = get(slot, "name", "slotName").name
            after = self._slot(name, slot, last, own in filled and not _is_optional(slot))
            if _is_optional(slot) and own not in led:
                after = self._joined(_Place(name, own, "passed"), slot, [*last, *after])
            last = after
        return last

    def _slot(self, intent: str, node: Node, last: Ends, passed: bool = False) -> Ends:
        """``passed``: the customer's first words may fill it."""
        place = _named(node, "name", "slotName")
        slot = place.name
        key = (intent, slot)
        step = self.flow.step(key, place, f"{intent}: {slot}", slot)
        step.passed = passed
        self._link(key, last)
        type = get(node, "slotTypeName").name
        label = as_label(get(node, "description").text)
        self.builder.take(step, place, slot, type, component(type), self.patterns.get(type, ""), label)
        setting = get(node, "valueElicitationSetting", "slotValueElicitationSetting")
        if not setting.is_mapping:
            setting = next((value for _, value in node.items() if _has_prompt(value)), node)
        self.builder.skip(get(setting, "sampleUtterances"), CUSTOMER, slot)
        if not any(_groups(get(setting, "promptSpecification"))):
            self.builder.unseen(place, WEB_SERVICE, slot)
        last = self._spoken(intent, slot, setting, step)
        for name, part in get(get(node, "subSlotSetting"), "slotSpecifications").items():
            last = self._part(intent, f"{slot}.{name}", part, last)
        return last

    def _part(self, intent: str, name: str, node: Node, last: Ends) -> Ends:
        """One of the slots that a composite slot is put together from."""
        step = self.flow.step((intent, name), node, f"{intent}: {name}", name)
        self._link((intent, name), last)
        type = get(node, "slotTypeId", "slotTypeName").name
        pattern = self.patterns.get(type, "")
        self.builder.take(step, node, name.rpartition(".")[2], type, component(type), pattern)
        return self._spoken(intent, name, get(node, "valueElicitationSetting"), step)

    def _area(self, intent: str, area: str, node: Node, last: Ends) -> Ends:
        key = (intent, f"/{area}")
        step = self.flow.step(key, node, f"{intent}: {area}", area)
        self._link(key, last)
        step.waits = get(node, "promptSpecification").is_mapping
        return self._spoken(intent, f"/{area}", node, step)

    def _spoken(self, intent: str, name: str, node: Node, step: StepDraft) -> Ends:
        """The prompt is the step's own, what is said to an answer are steps of their own; where the conversation goes
        on from.
        """
        title = f"{intent}.{name.lstrip('/')}"
        for part in _switched_off(node):
            self.builder.skip(part, PART_OFF, title)
        prompt = get(node, "promptSpecification")
        for place, group in _groups(prompt):
            self._group(step, group, f"{title}.prompt{place}", "prompt")
        own = step if prompt.value is None and not step.captures else None
        return self._ways(_Place(intent, name, ""), node, [((intent, name), "")], own)

    def _ways(self, place: _Place, node: Node, ends: Ends, own: StepDraft | None = None) -> Ends:
        """The ways that a setting has, one of which is gone; after it those of the settings inside it, in order.

        What is usual is said by the step ``own``, where there is one.
        """
        outcomes: dict[str, dict[str, tuple[str, Node]]] = {}
        inner: list[tuple[str, Node]] = []
        for key, item in node.items():
            outcome, part = _part_of(key)
            if part == "groups":
                outcomes.setdefault(outcome, {})[part] = (key, node)
            elif part and item.is_mapping and not _is_off(item):
                outcomes.setdefault(outcome, {})[part] = (key, item)
            elif not part and not _is_prompt(key) and not _is_off(item):
                inner.append((key, item))
        following: Ends = [] if any(outcome in _USUAL for outcome in outcomes) else list(ends)
        for outcome, parts in outcomes.items():
            following += self._outcome(place, outcome, parts, ends, own if outcome in _USUAL else None)
        for key, item in sorted(inner, key=lambda one: not _is_waiting(one[0])):
            here = place.at(key)
            if item.is_mapping:
                after = self._ways(here, item, following)
                following = self._joined(here, item, [*following, *after] if _is_hook(key) else after)
            for number, one in enumerate(item):
                following += self._ways(here.item(number), one, list(ends)) if one.is_mapping else []
        return list(dict.fromkeys(following))

    def _outcome(
        self, place: _Place, name: str, parts: dict[str, tuple[str, Node]], ends: Ends, own: StepDraft | None
    ) -> Ends:
        """One way: what is said, what is said then under conditions, where it goes on."""
        here = ends
        for part in ("groups", "response"):
            if part in parts:
                key, said = parts[part]
                here = self._say(place if part == "groups" else place.at(key), name, said, here, own)
        if here is ends and name not in _USUAL:  # nothing is said that would be called so
            here = [(start, condition or name) for start, condition in ends]
        going = here if name != "declination" else []
        if "nextstep" in parts:
            key, step = parts["nextstep"]
            going = self._goes(place.intent, step, here, key)
        elif not going:
            self._link("", here)  # who declines is done with it
        if "conditional" not in parts:
            return going
        key, branches = parts["conditional"]
        at = place.at(key)
        found: Ends = []
        for number, branch in enumerate(get(branches, "conditionalBranches")):
            condition = get(get(branch, "condition"), "expressionString").text
            found += self._branch(at.at("conditionalBranches").item(number), branch, here, condition)
        rest = get(branches, "defaultBranch")
        return [*found, *(self._branch(at.at("defaultBranch"), rest, here, "else") if rest.is_mapping else here)]

    def _branch(self, place: _Place, node: Node, ends: Ends, condition: str) -> Ends:
        ends = [(start, condition) for start, _ in ends]
        name = get(node, "name").name or condition
        here = self._say(place.at("response"), name, get(node, "response"), ends, None)
        step = get(node, "nextStep")
        return self._goes(place.intent, step, here, "") if step.is_mapping else here

    def _say(self, place: _Place, name: str, node: Node, ends: Ends, own: StepDraft | None) -> Ends:
        """A step that says the groups of messages here, if there are any, or ``own``."""
        groups = list(_groups(node))
        if not groups:
            return ends
        kind = "reprompt" if place.is_refusal() else "reply"
        step = own
        if step is None:
            key = (place.intent, f"{place.name}/{place.way}")
            step = self.flow.step(key, node, ": ".join(filter(None, (place.intent, place.name.lstrip("/"), name))))
            self._link(key, ends)
            ends = [(key, "")]
        for at, group in groups:
            self._group(step, group, f"{place.title()}{at}", kind)
        return ends

    def _goes(self, intent: str, node: Node, ends: Ends, key: str) -> Ends:
        """The next step that is drawn; what of the ends goes on in the chain of the intent all the same."""
        action = get(node, "dialogAction")
        type = get(action, "type").name
        named = get(get(node, "intent"), "name")
        target = named.name or intent
        for name, value in get(node, "sessionAttributes").items():
            self.builder.assign(None, name, value)
        ends = [(start, condition or key) for start, condition in ends]
        if type == "ElicitSlot":
            slot = get(action, "slotToElicit")
            self._link((target, slot.name), ends, slot if slot.name else None)
            return ends if target == intent else []
        if type in _ACTIONS:
            area = _ACTIONS[type]
            there = self.areas.get(target, _AFTER)
            coming = next((one for one in _AFTER[_AFTER.index(area) :] if one in there), "")
            self._link((target, f"/{coming}") if coming else "", ends)
            return []
        if type == "StartIntent" or (named.name and type != "EndConversation"):
            self._link((target, ""), ends, named if named.name else None)
            return []
        if type in ("EndConversation", "ElicitIntent"):
            self._link("", ends)
            return []
        return ends

    def _link(self, end: Key | str, ends: Ends, place: Node | None = None) -> None:
        for start, condition in ends:
            self.flow.link(end, condition, start=start, place=place)

    def _joined(self, place: _Place, node: Node, ends: Ends) -> Ends:
        """The ends as they are, or one step where very many of them meet."""
        ends = list(dict.fromkeys(ends))
        if len(ends) <= _MOST_ENDS:
            return ends
        key = (place.intent, f"{place.name}/{place.way}/")
        self.flow.step(key, node, f"{place.intent}: {place.name.lstrip('/')}: after")
        self._link(key, ends)
        return [(key, "")]

    def _group(self, step: StepDraft, node: Node, id: str, kind: str) -> None:
        self._message(step, get(node, "message"), id, kind, one_of(node, 0))
        for number, variation in enumerate(get(node, "variations")):
            self._message(step, variation, f"{id}.variations[{number}]", kind, one_of(node, number + 1))

    def _message(self, step: StepDraft, node: Node, id: str, kind: str, variant: Variant) -> None:
        say = self.builder.say
        say(step, get(get(node, "plainTextMessage"), "value"), id, kind, self.locale, variant=variant)
        ssml = get(get(node, "ssmlMessage", "SSMLMessage"), "value")
        say(step, ssml, f"{id}.ssml", kind, self.locale, channels=("voice",), variant=variant)
        payload = get(get(node, "customPayload"), "value")
        say_payload(self.builder, step, payload, f"{id}.payload", kind, self.locale)
        card = get(node, "imageResponseCard")
        for key in ("title", "subtitle"):
            say(step, get(card, key), f"{id}.card.{key}", kind, self.locale, variant=variant)
        for number, button in enumerate(get(card, "buttons")):
            say(step, get(button, "text"), f"{id}.card.buttons[{number}]", "button", self.locale)


def _areas(intent: Node) -> frozenset[str]:
    """What an intent has at its end."""
    return frozenset(
        area
        for key, area in _AREAS
        if get(intent, key).is_mapping and not (key in _SWITCHED and _is_off(get(intent, key)))
    )


def _filled_by(utterances: Node) -> set[str]:
    """The slots that stand in what a customer may say to begin an intent: "Where is order {order}?"."""
    said = (get(one, "utterance").text for one in utterances)
    return {name for text in said for name in _IN_UTTERANCE.findall(text)}


def _is_optional(slot: Node) -> bool:
    """Whether a slot is not asked for, unless a program or a way that is drawn does."""
    setting = get(slot, "valueElicitationSetting", "slotValueElicitationSetting")
    return get(setting, "slotConstraint").name == "Optional"


def _led_to(node: Node) -> Iterator[str]:
    """The slots that are asked for next somewhere in an intent or a slot."""
    slot = get(get(node, "dialogAction"), "slotToElicit").name
    if slot:
        yield slot
    for item in (*(item for _, item in node.items()), *node):
        yield from _led_to(item)


def _part_of(key: str) -> tuple[str, str]:
    """The way it may go that a key names, and which part of that it holds: ("capture", "response"); "", "" for none."""
    lower = key.removeprefix("CR.").lower()
    if lower in map(str.lower, _GROUPS):
        return "", "groups"
    part = next((part for part in ("response", "conditional", "nextstep") if lower.endswith(part)), "")
    name = lower.removesuffix(part) if part else ""
    return ("" if name in ("initial", "closing") else name), part


def _is_prompt(key: str) -> bool:
    return key.removeprefix("CR.").lower() == "promptspecification"


def _is_waiting(key: str) -> bool:
    """Whether a setting is for the time before an answer comes."""
    return key.lower().startswith("wait")


def _is_hook(key: str) -> bool:
    """Whether a setting is for a program that may be asked or not."""
    return key.lower().endswith("codehook")


def _groups(node: Node, at: str = "") -> Iterator[tuple[str, Node]]:
    """Message groups anywhere in a setting, each with the way to it."""
    for name, item in node.items():
        if name[:1].lower() + name[1:] in _GROUPS:
            for number, group in enumerate(item):
                yield f"{at}[{number}]", group
        elif item.is_mapping and not _is_off(item):
            yield from _groups(item, f"{at}.{name}".lstrip("."))
        elif item.is_list:
            for number, inner in enumerate(item):
                yield from _groups(inner, f"{at}.{name}[{number}]".lstrip("."))


def _is_off(node: Node) -> bool:
    """Whether a part is not used: a condition, what is said while the customer waits."""
    return str(get(node, "isActive", "active").value).lower() == "false"


def _switched_off(node: Node) -> Iterator[Node]:
    """The outermost parts of a setting that are switched off."""
    for _, item in node.items():
        if _is_off(item):
            yield item
        else:
            yield from _switched_off(item)
