"""Twilio Studio flows, as JSON (also the export of 2019) and inside Terraform: ``jsonencode``, a heredoc.

A state is a step. ``send-message`` and ``send-and-wait-for-reply`` speak on a text channel; ``say-play``,
``gather-input-on-call``, ``capture-payments`` and the others that there are only in a call speak and listen on the
phone, and what a variable takes from them or gives them to say is of the phone, too. The answer to a question has the
name of its state, and another where ``set-variables`` gives it one. Flows that people write by hand have texts and
ways under names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours, terraform, twilio_content
from .building import Builder
from .drafts import FlowDraft, StepDraft
from .linked import beside
from .nodes import Node, holds, root, search
from .prose import is_sentence
from .reasons import ELSEWHERE, INTERNAL, TEMPLATE
from .requests import for_customer
from .whatsapp_payloads import is_message, read_message, request

NAME = "twilio-studio"
TITLE = "Twilio Studio flows"

_TYPES = {
    "Message": "send-message", "SendAndWaitForReply": "send-and-wait-for-reply", "SendMessageAndWait":
    "send-and-wait-for-reply", "Gather": "gather-input-on-call", "SayPlay": "say-play", "InitialState": "trigger",
    "SetVariables": "set-variables", "Record": "record-voicemail", "Branch": "split-based-on",
}  # fmt: skip
"""The old export's names of what the newer one has."""
_ELSEWHERE = {
    "run-subflow": ELSEWHERE,
    "send-to-autopilot": LANGUAGE_MODEL,
    "connect-virtual-agent": LANGUAGE_MODEL,
    "connect-virtual-agent-v2": LANGUAGE_MODEL,
}
_ON_CALLS = frozenset((
    "say-play", "gather-input-on-call", "capture-payments", "record-voicemail", "record-call", "connect-call-to",
    "make-outgoing-call", "make-outgoing-call-v2", "enqueue-call", "connect-virtual-agent", "connect-virtual-agent-v2",
))  # fmt: skip
_ONWARD = frozenset(("next", "sent", "success", "audioComplete"))
"""The transitions that go without saying: nothing went wrong."""
_VOICE = ("voice",)
_SPEAKING = ("send-message", "send-and-wait-for-reply", "say-play", "gather-input-on-call")
_BY_HAND = ("message", "text", "prompt", "question", "content", "say", "body")
"""Where hand-made states keep what they say."""
_REQUESTS = ("make-http-request", "http-request")
_FUNCTION, _SUBFLOW = "run-function", "run-subflow"
_CHANNELS = {
    "whatsapp": "whatsapp", "sms": "sms", "facebook": "messenger", "messenger": "messenger", "web": "webchat",
    "webchat": "webchat", "chat": "webchat", "instagram": "instagram", "voice": "voice",
}  # fmt: skip
_CHANNEL_WORD = re.compile(r"channel[_.]?(?:type|address)|channel_?type|\.From\b|messaging_?product", re.IGNORECASE)
_WAITED = re.compile(r"\{\{\s*widgets\.[\w-]+\.(?:inbound\.|(?P<call>Digits|SpeechResult|digits))")
_ASKED = re.compile(r"widgets\.([\w-]+)\.inbound")
_MEDIA = re.compile(r"widgets\.([\w-]+)\.inbound\.MediaUrl")
_VARIABLE = re.compile(r"flow\.variables(?:\.|\[\s*[\"'])(\w+)")
_NO_TEMPLATE = "this template is more than JSON with names in it"
_CONTENT = re.compile(r"\bHX\w{1,40}")
_TYPES_OF = "types"  # where the content of a template stands, by the product that can show it
_FEW = 12  # files beside a flow that are looked into for the templates that it sends
_DEEPEST = 6  # mappings and lists around a flow in Terraform's own files
_STATES = re.compile(r"""\bstates"?\s*[:=]""")


def is_flow(value: Any) -> bool:
    """Whether a value has states with types and ways on, as the newer or the old export writes them."""
    states = value.get("states") if isinstance(value, dict) else None
    if not isinstance(states, list) or not any(_is_state(state) for state in states):
        return False
    if "initial_state" in value:
        return True
    return any(isinstance(state, dict) and str(state.get("sid", "")).startswith("FF") for state in states)


def _is_state(state: Any) -> bool:
    return isinstance(state, dict) and isinstance(state.get("type"), str) and "transitions" in state


def _has_definition(value: Any) -> bool:
    """Whether a flow is kept as JSON in a string, as Terraform's state and its files in JSON do."""
    text = value.get("definition") if isinstance(value, dict) else None
    return isinstance(text, str) and '"initial_state"' in text and _STATES.search(text) is not None


def _flows(node: Node) -> Iterator[Node]:
    yield from search(node, is_flow)
    for holder in search(node, _has_definition, _DEEPEST):
        yield from search(holder["definition"].inner(), is_flow, 0)


def claims(document: Document) -> bool:
    if document.kind == "text":
        return _STATES.search(document.source.text) is not None and terraform.holds_json(document.source.text)
    return holds(document, is_flow) or holds(document, _has_definition, _DEEPEST)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    templates = _templates(builder, document, neighbours)
    for data in terraform.json_in(document, _STATES) if document.kind == "text" else (document,):
        flows = [] if data is None else list(_flows(root(data)))
        for node in flows:
            _Reading(builder, node, templates).read()
        if not flows:
            builder.unseen(Node("", (), document), _NO_TEMPLATE)
    return builder.conversation()


def _templates(builder: Builder, document: Document, neighbours: Neighbours) -> dict[str, list[int]]:
    """The texts of the content templates that a flow sends and that are kept beside it, by the template's number."""
    wanted = set(_CONTENT.findall(document.source.text)) if "content_sid" in document.source.text else set()
    found: dict[str, list[int]] = {}
    for one in beside(document, neighbours, wanted, _FEW) if wanted else ():
        numbers = {
            node.path: node["sid"].name for node in search(root(one), twilio_content.is_template) if node["sid"].name
        }
        if wanted.isdisjoint(numbers.values()):
            continue
        first = len(builder.messages)
        builder.also(one)
        builder.merge(twilio_content.read(one, neighbours))
        for number, message in enumerate(builder.messages[first:], first):
            for length in range(len(message.path)):
                if (sid := numbers.get(message.path[:length])) is not None:
                    found.setdefault(sid, []).append(number)
    return found


class _Reading:
    """Reads one flow."""

    def __init__(self, builder: Builder, node: Node, templates: dict[str, list[int]]) -> None:
        self.builder = builder
        self.node = node
        self.templates = templates
        self.flow: FlowDraft = builder.flow(node["description"].text)
        self.said: dict[str, list[tuple[str, ...]]] = {}
        """The variables that are said, each with the channels of every state that says it."""
        self.variables: list[tuple[StepDraft, Node]] = []
        self.patterns = self._patterns()
        self.media = set(_MEDIA.findall(node.document.source.text))

    def read(self) -> None:
        initial = self.node["initial_state"].name
        for state in self.node["states"]:
            if not state.is_mapping:
                continue
            name = state["name"].name
            step = self.flow.step(state["sid"].name or name, state, name)
            self._state(step, state, _TYPES.get(state["type"].name, state["type"].name))
            for transition in state["transitions"]:
                self._transition(transition)
            if not initial and state["type"].name in ("InitialState", "trigger"):
                self.flow.enter(state["sid"].name or name)
        if initial:
            self.flow.enter(initial)
        self._said_variables()

    def _patterns(self) -> dict[str, str]:
        """The form that an answer has to have where the flow looks at it, by the name of the state that asks."""
        found: dict[str, list[str]] = {}
        for state in self.node["states"]:
            for condition in (one for way in state["transitions"] for one in way["conditions"]):
                if condition["type"].name == "regex":
                    for name in _ASKED.findall(" ".join(argument.text for argument in condition["arguments"])):
                        found.setdefault(name, []).append(condition["value"].text)
        return {name: "|".join(values) for name, values in found.items()}

    def _state(self, step: StepDraft, state: Node, type: str) -> None:
        properties = state["properties"]
        if type in _SPEAKING:
            self._speak(step, properties, type)
        if type == "set-variables":
            self._variables(step, properties["variables"])
        elif type in _REQUESTS:
            sent = request(self.builder, properties["body"], step.id)
            if is_message(sent.value):
                read_message(self.builder, sent, step.id, step)
            else:
                self._request(step, properties, [*_pairs(properties), *sent.items()])
        elif type == _FUNCTION:
            self._request(step, properties, list(_pairs(properties)))
        elif type in _ELSEWHERE:
            self.builder.unseen(state["type"], _ELSEWHERE[type], step.id)
        if type == _SUBFLOW:
            for name, given in _pairs(properties):
                if is_sentence(given.value):
                    self.builder.say(step, given, f"{step.id}.{name}", markup="plain")
        if type not in _REQUESTS:
            self._by_hand(step, properties, type)
        self._hand_on(step, properties)
        if type == "send-and-wait-for-reply":
            name = state["name"].name
            shown = "upload" if name in self.media else "text"
            self.builder.take(step, state["name"], name, type, shown, self.patterns.get(name, ""))
        elif type == "gather-input-on-call":
            digits = properties.first("number_of_digits", "num_digits", "numDigits").name
            kind = "number" if digits else "text"
            self.builder.take(step, state["name"], state["name"].name, type, kind, channels=_VOICE)
        elif type == "capture-payments":
            label = "bank account number" if properties["payment_method"].name == "ACH_DEBIT" else "card number"
            self.builder.take(step, state["name"], state["name"].name, type, "number", label=label, channels=_VOICE)
        elif type == "record-voicemail":
            self.builder.take(step, state["name"], state["name"].name, type, "unknown", channels=_VOICE)

    def _speak(self, step: StepDraft, properties: Node, type: str) -> None:
        voice = type in _ON_CALLS
        key = "say" if voice else "body"
        text = properties[key]
        locale = properties["language"].text if voice else ""
        channels = _channels(type, properties)
        self._prints(text, channels)
        if properties["message_type"].name == "content_template":
            sent = self.templates.get(properties["content_sid"].name, ())
            self._send(step, sent)
            if not sent:
                self.builder.unseen(properties["content_sid"], TEMPLATE, step.id)
            for number, variable in enumerate(properties["content_variables"]):
                self._prints(variable["value"], channels)
                if len(variable["value"].text.split()) > 1:
                    self.builder.say(step, variable["value"], f"{step.id}.template[{number}]", markup="plain")
            self.builder.skip(text, "what was written here before the template was chosen", step.id)
            return
        self.builder.say(step, text, f"{step.id}.{key}", "reply", locale or None, "plain", channels)

    def _send(self, step: StepDraft, numbers: Sequence[int]) -> None:
        """Say the texts of a template in the one of its types that the channel can show."""
        self.builder.repeat(step, numbers)
        types: dict[str, int] = {}
        for number in numbers:
            path = self.builder.messages[number].path
            type = str(path[path.index(_TYPES_OF) + 1])
            step.variants[number] = Variant(f"{step.id}/{_TYPES_OF}", types.setdefault(type, len(types)))

    def _prints(self, text: Node, channels: tuple[str, ...]) -> None:
        for name in _VARIABLE.findall(text.text):
            self.said.setdefault(name, []).append(channels)

    def _by_hand(self, step: StepDraft, properties: Node, type: str) -> None:
        """A sentence under a name that the product does not have there, and the ways of cases."""
        known = {"say-play": "say", "gather-input-on-call": "say"}.get(type, "body" if type in _SPEAKING else "")
        for key in _BY_HAND:
            if key != known and is_sentence(properties[key].value):
                channels = _channels(type, properties)
                self.builder.say(step, properties[key], f"{step.id}.{key}", markup="plain", channels=channels)
        for case in (*properties["cases"], *properties["branches"]):
            end = case["transition"]["next"] if case["transition"].is_mapping else case["next"]
            if end.name:
                self.flow.link(end.name, case["friendly_name"].name, place=end)

    def _variables(self, step: StepDraft, variables: Node) -> None:
        for variable in variables:
            waited = _WAITED.search(variable["value"].text)
            if waited is not None:
                key = variable["key"]
                kept = "upload" if _MEDIA.search(variable["value"].text) else "text"
                heard = _VOICE if waited["call"] else ()
                self.builder.take(step, key, key.name, "set-variables", kept, channels=heard, waits=False)
            else:
                self.variables.append((step, variable))

    def _request(self, step: StepDraft, properties: Node, given: list[tuple[str, Node]]) -> None:
        """What a request says, when it goes to a chat product or to the customer's number."""
        url = properties["url"]
        channels = ("whatsapp",) if any("whatsapp:" in value.text.lower() for _, value in given) else ()
        for name, value in for_customer(self.builder, step, url, given, url.text, step.title) or ():
            self.builder.say(step, value, f"{step.id}.{name}", markup="plain", channels=channels)

    def _hand_on(self, step: StepDraft, properties: Node) -> None:
        """Answers under the names by which a server or a colleague is told them."""
        sent = [(one["key"], one["key"].name, one["value"]) for one in properties["parameters"]]
        for key in ("body", "attributes"):
            sent += ((value, name, value) for name, value in properties[key].inner().items())
        for place, name, value in sent:
            for asked in _ASKED.findall(value.text):
                self.builder.rename(step, place, name, asked)

    def _said_variables(self) -> None:
        """A text may be put into a variable first, and said a few states later."""
        for step, variable in self.variables:
            name = variable["key"].name
            if name in self.said:
                ways = self.said[name]
                channels = tuple(sorted({one for way in ways for one in way})) if all(ways) else ()
                self.builder.say(step, variable["value"], f"{step.id}.{name}", markup="plain", channels=channels)
            else:
                self.builder.skip(variable["value"], INTERNAL, f"{step.id}.{name}")

    def _transition(self, node: Node) -> None:
        event = node["event"].name
        condition = node["conditions"][0]
        words = condition["friendly_name"].name
        if not words and condition:
            words = f"{condition['type'].name} {condition['value'].name}"
        channels = _VOICE if event == "incomingCall" else _asked_channels(condition)
        said, is_rest = f"{event}: {words}" if words else "" if event in _ONWARD else event, event == "noMatch"
        self.flow.link(node["next"].name, said, channels, place=node["next"], exact=True, otherwise=is_rest)


def _pairs(properties: Node) -> Iterator[tuple[str, Node]]:
    """The parameters of a request, a function or a sub-flow."""
    return ((one["key"].name, one["value"]) for one in properties["parameters"])


def _channels(type: str, properties: Node) -> tuple[str, ...]:
    """Speech, where a state is one of calls; WhatsApp, where the sender's or the receiver's address says it."""
    if type in _ON_CALLS:
        return _VOICE
    addresses = f"{properties['from'].text} {properties['to'].text}"
    return ("whatsapp",) if "whatsapp:" in addresses.lower() else ()


def _asked_channels(condition: Node) -> tuple[str, ...]:
    """The channels for which a condition is true, when it asks for the channel."""
    arguments = " ".join(argument.text for argument in condition["arguments"])
    if condition["type"].name not in ("equal_to", "matches_any_of", "contains", "starts_with"):
        return ()
    if not _CHANNEL_WORD.search(arguments):
        return ()
    words = re.findall(r"[a-z]+", condition["value"].name.lower())
    return tuple(dict.fromkeys(_CHANNELS[word] for word in words if word in _CHANNELS))
