"""Amazon Connect flows and flow modules: the flow language (``Actions``), the export of before it (``modules``), and
both where they stand as a string in what the API lists, in CloudFormation and in Terraform.

A block is a step. What the console calls *Get customer input* and *Store customer input* takes digits in a call only:
a chat leaves it by its error, unless a Lex bot stands in it. A chat may come from WhatsApp, so what no block keeps to
another channel may be read there. Flows in other files that a flow transfers to, or whose module it invokes, are read
with it, by their names or numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours, amazon_quick_responses, lex_v2, terraform
from .building import Builder
from .common import MESSAGING, known_channels
from .drafts import FlowDraft, StepDraft
from .exports import say_payload
from .linked import beside, connected
from .nodes import Node, holds, root, search
from .prose import is_sentence, places
from .reasons import CUSTOMER, ELSEWHERE, INTERNAL, NO_JSON, UNKNOWN_BLOCK, VARIABLE, WEB_SERVICE

NAME = "amazon-connect"
TITLE = "Amazon Connect flows"

_NO_JSON_HERE = "this template is more than JSON with names in it"
_VIEW = "it is not known whether customers or colleagues read this view"
_CONTENT = re.compile(r'"StartAction"\s*:|"modules"\s*:\s*\[')
_STARTS = '"StartAction"'
_BARE_NAME = re.compile(r"(?<=[:,\[\s])\$\{[^}\"]{0,200}\}(?=\s*[,}\]])")
_IN_TERRAFORM = re.compile(r"""\bStartAction"?\s*[:=]|\bmodules"?\s*[:=]\s*\[""")
_SIGNS = ("Actions", "StartAction", "modules", "\\u00")
_MADE_UP = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")
_WITHIN = r"""(?:\.|\[\s*['"])([\w-]+)(?:['"]\s*\])?"""
_ATTRIBUTE = re.compile(r"""\$(?:\.|\[\s*['"])(?:Flow)?Attributes(?:['"]\s*\])?""" + _WITHIN)
_SLOT = re.compile(r"""\$\.Lex\.Slots""" + _WITHIN)
_ANSWER = re.compile(r"\$\.StoredCustomerInput\b|\$\.Lex\.Slots\b|\$\.Views\.ViewResultData\b")
_REFERENCE = re.compile(r"""\s*\$(?:(?:\.|\[)[\w'":.\]-]+)+\s*""")
_MOST_FILES = 12  # beside a flow that are looked into for others that it calls or is called by
_NAMED_ABOVE = 4  # mappings and lists between the name of a flow and its content ("Fn::Sub" has a list)
_DEEPEST = 8  # mappings and lists around a flow in CloudFormation

_VOICE = ("voice",)
_FOR_DIGITS = frozenset(("GetParticipantInput", "GetUserInput", "StoreUserInput"))
_LEX = "ConnectParticipantWithLexBot"
_TO_FLOW = frozenset(("TransferToFlow", "TransferParticipantToFlow"))
_MODULE = "InvokeFlowModule"
_ENDS = frozenset(("DisconnectParticipant", "Disconnect", "EndFlowExecution"))
_LEAVES = frozenset((
    "TransferContactToQueue", "TransferContactToAgent", "TransferParticipantToThirdParty", "Transfer",
    "EndFlowModuleExecution",
))  # fmt: skip
"""Where the flow is over, unless that fails."""
_ATTRIBUTES = frozenset(("UpdateContactAttributes", "UpdateFlowAttributes", "SetAttributes"))
_FOR_STAFF = frozenset((
    "CreateTask", "CreateCase", "UpdateCase", "GetCase", "TagContact", "UnTagContact", "UntagContact", "Compare",
    "CheckAttribute", "InvokeLambdaFunction", "InvokeExternalResource", "UpdateContactData", "SetContactData",
    "UpdateContactEventHooks", "CreateCustomerProfile", "UpdateCustomerProfile", "SetWhisperFlow", "SetEventHook",
    "AssociateContactToCustomerProfile", "UpdateContactTextToSpeechVoice", "SetVoice",
))  # fmt: skip
_FOR_PROGRAMS = frozenset(("LexSessionAttributes", "LambdaInvocationAttributes"))
_INITIAL = frozenset(("LexInitializationData",))
"""Where what a bot is told as the customer's first words stands."""
_SUBTYPE = re.compile(r"\bSubtype\b")


@dataclass(frozen=True)
class _Way:
    """A way from a block: ``kind`` is "meets" (a condition), "else", "fails", or "" (what comes next)."""

    end: Node
    condition: str = ""
    kind: str = ""
    value: str = ""


@dataclass
class _Block:
    """A block of either shape."""

    id: str
    type: str
    place: Node
    name: Node
    texts: list[tuple[Node, bool, str]] = field(default_factory=list)
    """Each with whether it is SSML, and the name of the variable that it is ("" for a text)."""
    ways: list[_Way] = field(default_factory=list)
    asked: str = ""
    """What is compared with the values of its conditions."""
    kept: list[tuple[Node, str, Node, str]] = field(default_factory=list)
    """Attributes: where the name stands, the name, the value, and the answer that it is ("" for another value)."""
    bot: Node | None = None
    is_stored: bool = False
    is_phone: bool = False
    called: frozenset[str] = frozenset()
    other: list[tuple[Node, str]] = field(default_factory=list)
    """What stands in it besides, each with its name."""


def is_flow(value: Any) -> bool:
    """Whether a value has blocks and names the first of them, in the flow language or as exports had them before."""
    if not isinstance(value, dict):
        return False
    actions, modules = value.get("Actions"), value.get("modules")
    if isinstance(actions, list) and ("StartAction" in value or value.get("Version") == "2019-10-30"):
        return any(
            isinstance(one, dict) and "Identifier" in one and isinstance(one.get("Type"), str) for one in actions
        )
    if isinstance(modules, list) and "start" in value:
        return any(isinstance(one, dict) and "branches" in one and isinstance(one.get("type"), str) for one in modules)
    return False


def _is_content(value: Any) -> bool:
    """Whether a flow is kept as JSON in a string, as the API, CloudFormation and Terraform in JSON do."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(one, str) and _CONTENT.search(one) is not None for one in inner)


def _flows(node: Node) -> Iterator[tuple[Node, Node]]:
    """The flows in a value, each with what holds it."""
    for found in search(node, is_flow, _DEEPEST):
        yield found, _named_above(node, found)
    for text in _contents(node):
        if _CONTENT.search(text.text):
            for found in search(text.inner(patch=_without_variables), is_flow, 0):
                yield found, _named_above(node, text)


def _broken(node: Node) -> Iterator[Node]:
    """The strings that were to be flows and are no JSON."""
    for text in _contents(node):
        if _STARTS in text.text and text.inner(patch=_without_variables).value is None:
            yield text


def _contents(node: Node) -> Iterator[Node]:
    """What stands beside, and is, a flow that is kept in a string."""
    for holder in search(node, _is_content, _DEEPEST):
        yield from (item for _, item in holder.items()) if holder.is_mapping else holder


def _without_variables(text: str) -> str:
    """A template with a number in place of each name that stands in place of a value."""
    return _BARE_NAME.sub(lambda name: "0".ljust(len(name[0])), text)


def _named_above(whole: Node, node: Node) -> Node:
    """The mapping that a flow is kept in which says what it is called; a node of None where none does."""
    for length in range(len(node.path) - 1, max(len(node.path) - _NAMED_ABOVE, -1), -1):
        holder = whole.at(*node.path[:length])
        if "Name" in holder or "name" in holder:
            return holder
    return Node(None, node.path, node.document)


def claims(document: Document) -> bool:
    text = document.source.text
    if document.kind == "text":
        return _IN_TERRAFORM.search(text) is not None and terraform.holds_json(text) and "connect" in text.lower()
    if not any(word in text for word in _SIGNS):  # a quick look is not quick in a large file of something else
        return False
    if holds(document, is_flow, _DEEPEST):
        return True
    if not holds(document, _is_content, _DEEPEST):
        return False
    whole = root(document)
    return next(_flows(whole), None) is not None or next(_broken(whole), None) is not None


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    flows: list[_Flow] = []
    for data in terraform.json_in(document, _IN_TERRAFORM) if document.kind == "text" else (document,):
        found = [] if data is None else _flows_in(data)
        flows += found
        broken = [] if data is None else list(_broken(root(data)))
        for text in broken:
            builder.overlook(text, NO_JSON, broken=True)
        if not found and not broken:
            builder.unseen(Node("", (), document), _NO_JSON_HERE)
    if document.kind != "text":
        flows += _beside(document, flows, neighbours)
        if lex_v2.claims(document):  # a template has the bot and the flow that it stands in
            builder.merge(lex_v2.read(document, neighbours))
        if amazon_quick_responses.claims(document):
            builder.merge(amazon_quick_responses.beside_flows(document))
    called = {name for flow in flows for name in flow.calls} & {name for flow in flows for name in flow.names}
    first = next((flow for flow in flows if called.isdisjoint(flow.names)), flows[0] if flows else None)
    whole = builder.flow(first.title) if first is not None and called else None
    targets = {name: (number, flow.start.name) for number, flow in enumerate(flows) for name in sorted(flow.names)}
    for number, flow in enumerate(flows):
        builder.also(flow.document)
        reading = _Reading(builder, whole or builder.flow(flow.title), number, targets)
        reading.read(flow, whole is not None and not called.isdisjoint(flow.names))
    return builder.conversation()


def _beside(document: Document, flows: Sequence[_Flow], neighbours: Neighbours) -> list[_Flow]:
    """The flows of other files that these call or are called by."""
    files = []
    for one in beside(document, neighbours, {name for flow in flows for name in flow.calls}, _MOST_FILES):
        if claims(one):
            files.append(_flows_in(one))
    by_node = {id(flow.node): flow for file in [list(flows), *files] for flow in file}
    near = connected(
        [flow.node for flow in flows],
        [[flow.node for flow in file] for file in files],
        lambda node: by_node[id(node)].names,
        lambda node: by_node[id(node)].calls,
    )
    return [by_node[id(node)] for node in near]


def _flows_in(document: Document) -> list[_Flow]:
    return [_Flow(node, holder, document) for node, holder in _flows(root(document))]


class _Flow:
    """A flow, its blocks, what it is called by, and what it calls."""

    def __init__(self, node: Node, holder: Node, document: Document) -> None:
        self.node = node
        self.document = document
        self.start = node.first("StartAction", "start")
        details = node.first("Metadata", "metadata")
        given = [details["name"], *(holder[key] for key in ("Name", "name", "Id", "Arn"))]
        self.names = frozenset(filter(None, (_short(one.name) for one in given)))
        self.title = next((one.name for one in given if one.name), "")
        drawn = details["ActionMetadata"]
        actions = (_action(one, drawn[one["Identifier"].name]) for one in node["Actions"] if one.is_mapping)
        modules = (_module(one) for one in node["modules"] if one.is_mapping)
        self.blocks = [*actions, *modules]
        self.calls = frozenset(name for block in self.blocks for name in block.called)


def _short(name: str) -> str:
    """A name, or the number at the end of an ARN without that of a version."""
    return name.rpartition("/")[2].partition(":")[0] if name.startswith("arn:") else name


def _action(node: Node, drawn: Node) -> _Block:
    """A block of the flow language."""
    given, ways = node["Parameters"], node["Transitions"]
    type = node["Type"].name
    block = _Block(node["Identifier"].name, type, node, node["Identifier"])
    block.asked = given["ComparisonValue"].text
    for holder in (given, *given["Messages"]):
        for key in ("Text", "SSML"):
            text = holder[key]
            block.texts.append((text, key == "SSML", text.text.strip() if _REFERENCE.fullmatch(text.text) else ""))
    if type == _LEX or given.first("LexV2Bot", "LexBot"):
        block.bot = given.first("LexV2Bot", "LexBot") or node["Type"]
    block.is_stored = given["StoreInput"].name.lower() == "true" or given["StoreInput"].value is True
    block.is_phone = bool(given.at("InputValidation", "PhoneNumberValidation"))
    if type in _TO_FLOW or type == _MODULE:
        called = [given.first("ContactFlowId", "FlowModuleId"), drawn.at("ContactFlow", "text")]
        called += [item["displayName"] for _, item in drawn["parameters"].items()]
        called += [drawn.at("contactFlowModule", "text"), drawn.at("contactFlow", "text")]
        block.called = frozenset(filter(None, (_short(one.name) for one in called)))
    if type in _ATTRIBUTES:
        for name, value in (*given["Attributes"].items(), *given["FlowAttributes"].items()):
            text = value.first("Value", "value") if value.is_mapping else value
            block.kept.append((value, name, text, text.text if _ANSWER.match(text.text) else ""))
    read = {"Text", "SSML", "Messages", "Attributes", "FlowAttributes", "ComparisonValue"}
    block.other = [(item, key) for key, item in given.items() if key not in read]
    _ways_of(block, ways)
    return block


def _ways_of(block: _Block, ways: Node) -> None:
    """Ways where a condition is met, where something fails, and on, which is never gone where none met has its own."""
    for way in ways["Conditions"]:
        condition = way["Condition"]
        values = " or ".join(one.name for one in condition["Operands"])
        said = f"{condition['Operator'].name} {values}".strip()
        block.ways.append(
            _Way(way["NextAction"], said, "meets", values if condition["Operator"].name == "Equals" else "")
        )
    for way in ways["Errors"]:
        error = way["ErrorType"].name
        kind = {"NoMatchingCondition": "else", "NoMatchingError": "fails"}.get(error, "")
        block.ways.append(_Way(way["NextAction"], error, kind))
    if any(way.kind == "else" for way in block.ways):
        return
    others = {way.end.name for way in block.ways if way.kind == "meets"}
    if ways["NextAction"].name not in others:
        block.ways.append(_Way(ways["NextAction"], "", "else" if others else ""))


def _module(node: Node) -> _Block:
    """A block of an export of before the flow language."""
    type, target = node["type"].name, node["target"].name
    block = _Block(node["id"].name, type, node, node["id"])
    given = {one["name"].name: one for one in node["parameters"]}
    empty = Node(None, node.path, node.document)
    is_speech = given.get("TextToSpeechType", empty)["value"].name == "ssml"
    for one in node["parameters"]:
        name, value = one["name"].name, one["value"]
        variable = value.name if one["namespace"].name else ""
        if name == "Text":
            block.texts.append((value, is_speech, f"$.Attributes.{variable}" if variable else ""))
        elif name == "Attribute" and "key" in one:
            answer = variable if variable.lower() == "stored customer input" or one["namespace"].name == "Lex" else ""
            block.kept.append((one["key"], one["key"].name, empty if variable else value, answer))
        elif name not in ("Attribute", "Namespace"):
            block.other.append((value, name))
    if target == "Lex":
        block.bot = given.get("BotName", node)["value"] or node["type"]
    if type == "CheckAttribute":
        block.asked = f"$.{given.get('Attribute', empty)['value'].name}"
    block.is_stored = type == "StoreUserInput"
    block.is_phone = given.get("CustomerInputType", empty)["value"].name == "PhoneNumber"
    if (type == "Transfer" and target == "Flow") or type == "InvokeFlowModule":
        called = given.get("ContactFlowId", given.get("FlowModuleId", empty))
        names = (called["value"].name, called["resourceName"].name)
        block.called = frozenset(filter(None, map(_short, names)))
    for way in node["branches"]:
        condition, met, operand = way["condition"].name, way["conditionType"].name, way["conditionValue"].name
        kind = {"Evaluate": "meets", "NoMatch": "else", "Error": "fails"}.get(condition, "")
        said = f"{met} {operand}".strip() if kind == "meets" else condition.replace("Success", "")
        block.ways.append(_Way(way["transition"], said, kind, operand if met == "Equals" else ""))
    return block


class _Reading:
    """Reads one flow; ``targets`` are the first blocks of all that are read with it, by the names of the flows."""

    def __init__(self, builder: Builder, flow: FlowDraft, number: int, targets: dict[str, tuple[int, str]]) -> None:
        self.builder = builder
        self.flow = flow
        self.number = number
        self.targets = targets
        self.printed: set[str] = set()

    def read(self, flow: _Flow, is_called: bool) -> None:
        kept: list[tuple[StepDraft, Node, str]] = []
        for block in flow.blocks:
            step = self.flow.step((self.number, block.id), block.place, _called(block))
            self._block(step, block, kept)
        start = (self.number, flow.start.name)
        if is_called:
            self.flow.enter_where_needed([start])
        else:
            self.flow.enter(start)
        for step, text, name in kept:
            if name in self.printed:
                self.builder.say(step, text, f"{step.id}.{name}")
            else:
                self.builder.skip(text, INTERNAL, f"{step.id}.{name}")

    def _block(self, step: StepDraft, block: _Block, kept: list[tuple[StepDraft, Node, str]]) -> None:
        in_calls = block.type in _FOR_DIGITS and block.bot is None
        for text, is_speech, variable in block.texts:
            self._say(step, text, variable, _VOICE if in_calls or is_speech else ())
        self._answer(step, block, in_calls)
        for place, name, value, answer in block.kept:
            self._keep(step, place, name, answer)
            if not answer and is_sentence(value.value):
                kept.append((step, value, name))
        for node, key in block.other:
            self._other(step, block, node, key)
        self._lead(step, block, in_calls)

    def _say(self, step: StepDraft, text: Node, variable: str, channels: tuple[str, ...]) -> None:
        self.printed.update(_ATTRIBUTE.findall(variable or text.text))
        if variable:
            by_service = "External" in variable or "Lex" in variable
            self.builder.unseen(text, WEB_SERVICE if by_service else VARIABLE, step.id)
            return
        inside = text.inner()
        if inside.is_mapping:
            say_payload(self.builder, step, inside, step.id, channels=channels)
        else:
            self.builder.say(step, text, f"{step.id}.text", channels=channels)

    def _answer(self, step: StepDraft, block: _Block, in_calls: bool) -> None:
        if block.bot is not None:
            self.builder.unseen(block.bot, ELSEWHERE, step.id)
        elif block.is_stored:
            component = "phone" if block.is_phone else "number"
            name = "StoredCustomerInput" if _MADE_UP.fullmatch(block.id) else block.id
            self.builder.take(step, block.name, name, block.type, component, channels=_VOICE if in_calls else ())
        step.waits = step.waits or block.bot is not None or block.type in _FOR_DIGITS

    def _keep(self, step: StepDraft, place: Node, name: str, answer: str) -> None:
        """An answer under the name that it is kept by; a bot's has a name of its own, too."""
        if not answer:
            return
        heard = () if answer.startswith(("$.Lex", "$.Views")) else _VOICE
        slot = _SLOT.match(answer)
        label = slot[1] if slot else ""
        self.builder.take(step, place, name, "attribute", "text", label=label, channels=heard, waits=False)

    def _other(self, step: StepDraft, block: _Block, node: Node, key: str) -> None:
        """A sentence in a parameter that has no text for customers in it, as far as is known."""
        for path in places(node.value, is_sentence):
            text = node.at(*path)
            if block.type in _FOR_STAFF or block.type in _ATTRIBUTES or key in _FOR_PROGRAMS:
                self.builder.skip(text, INTERNAL, step.id)
            elif key in _INITIAL:
                self.builder.skip(text, CUSTOMER, step.id)
            elif not _REFERENCE.fullmatch(text.text):
                self.builder.overlook(text, _VIEW if key == "ViewData" else UNKNOWN_BLOCK, step.id)

    def _lead(self, step: StepDraft, block: _Block, in_calls: bool) -> None:
        here = (self.number, block.id)
        found = [self.targets[name] for name in sorted(block.called) if name in self.targets]
        calls = block.type == _MODULE
        if found:
            self.flow.link_later(here, found[0], call=calls)
        elif block.type in _TO_FLOW or calls or block.called:
            self.builder.unseen(block.name, ELSEWHERE, step.id)
        if block.type in _ENDS:
            self.flow.stop(here)
        elif block.type in _LEAVES or (not found and not calls and block.called):
            self.flow.link("", start=here)
        for way in block.ways:
            self._way(here, block, way, in_calls)

    def _way(self, here: tuple[int, str], block: _Block, way: _Way, in_calls: bool) -> None:
        if not way.end.name:
            self.flow.link("", way.condition, start=here)
            return
        if block.type in _TO_FLOW and not way.kind and not way.condition:  # the error's again: the flow is over
            return
        channels = _channels(block.asked, way.value) if way.kind == "meets" else ()
        is_exact = bool(channels)
        if in_calls and way.kind != "fails":
            channels = _VOICE
        compared = block.asked.removeprefix("$.") if way.kind == "meets" else ""
        condition = f"{compared} {way.condition}".lstrip()
        self.flow.link(
            (self.number, way.end.name),
            condition,
            channels,
            start=here,
            place=way.end,
            exact=is_exact,
            otherwise=way.kind == "else",
        )


def _called(block: _Block) -> str:
    """A block's own name; of one that a program numbered, its type and the beginning of the number."""
    return f"{block.type} {block.id[:8]}" if _MADE_UP.fullmatch(block.id) else block.id


def _channels(asked: str, value: str) -> tuple[str, ...]:
    """The channels of which every contact meets a condition."""
    value = value.lower()
    if _SUBTYPE.search(asked):
        value = value.removeprefix("connect:")
        return ("webchat",) if value in ("chat", "guide") else known_channels(value)
    if asked.rpartition(".")[2].strip("'\"[]") != "Channel":
        return ()
    return {"chat": MESSAGING, "voice": _VOICE, "task": ("task",), "email": ("email",)}.get(value, ())
