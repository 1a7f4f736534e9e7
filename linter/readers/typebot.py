"""Typebot flows, versions 3 to 6.

A group is a row of blocks. A step is a piece of that row: it ends with an input, a condition or a jump, and where
an edge leads into the row a new one begins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from ..source import brief
from . import Neighbours
from .building import Builder, one_of
from .drafts import SUGGESTED, FlowDraft, StepDraft, did_you_mean
from .exports import link_all
from .linked import beside, connected
from .nodes import Node, holds, root, search
from .program_code import sentences_in
from .reasons import ELSEWHERE, INTERNAL, MAIL, TEMPLATE
from .whatsapp_payloads import is_message, read_message, request

NAME = "typebot"
TITLE = "Typebot"

_START = "start"
_INPUTS = {
    "text input": "text", "email input": "email", "phone number input": "phone", "number input": "number",
    "url input": "text", "date input": "date", "time input": "date", "file input": "upload",
    "payment input": "unknown", "rating input": "choice", "choice input": "choice", "buttons input": "choice",
    "buttons": "choice", "picture choice input": "choice", "cards": "choice", "signature input": "signature",
}  # fmt: skip
_MODELS = frozenset(
    ("openai", "mistral", "anthropic", "groq", "dify-ai", "together-ai", "open-router", "perplexity", "deepseek")
)
_ENDS = frozenset(("condition", "jump", "return", "typebot link", "redirect"))
_LABELS = ("labels", "retryMessageContent", "buttonLabel", "searchInputPlaceholder", "additionalInformation")
_SHOWN_IF = {"buttonLabel": "isMultipleChoice", "searchInputPlaceholder": "isSearchable"}
_OPTION_TEXTS = ("content", "title", "description", "text", "label")
_VARIABLE = re.compile(r"\{\{([^{}=]+)\}\}")
_CODE = re.compile(r"\w\(|[;{}\[\]]|=>|==|^\s*return\b|^\s*new ")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FEW = 12  # files beside a bot that are looked into for one that links to it
_MOST_WAYS, _FEW_WAYS = 10_000, 12  # from all blocks with one name, and from each of them where there are more
_COMMAND = re.compile(r"\s*#\s*\{")


def is_flow(value: Any) -> bool:
    """Whether a value has groups of blocks that stand somewhere, or edges or variables beside them.

    What a long file begins with has no edges yet, and need not be read as a list of replies to find them.
    """
    groups = value.get("groups") if isinstance(value, dict) else None
    if not isinstance(groups, list):
        return False
    rows = [group for group in groups if isinstance(group, dict) and isinstance(group.get("blocks"), list)]
    return bool(rows) and ("edges" in value or "variables" in value or "graphCoordinates" in rows[0])


def claims(document: Document) -> bool:
    return holds(document, is_flow)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    nodes = list(search(root(document), is_flow))
    builder = Builder(NAME, document, _channels(nodes[0]) if len(nodes) == 1 else ())
    bots = _linked_bots(document, nodes, neighbours)
    linked = {id for node in bots for id in _links(node)} & {node["id"].name for node in bots}
    first = next((node for node in bots if node["id"].name not in linked), bots[0])
    whole = builder.flow(first["name"].text) if linked else None
    readings = []
    for number, node in enumerate(bots):
        builder.also(node.document)
        flow = whole or builder.flow(node["name"].text)
        scope = (node["id"].name or str(number)) if whole is not None else ""
        readings.append(_Reading(builder, node, _Bot(flow, scope)))
    known = {one.id: one.beginnings() for one in readings if one.id and whole is not None}
    for one in readings:
        one.read(known, one.id not in linked or one.node is first)
    return builder.conversation()


def _links(node: Node) -> set[str]:
    """The other bots that a bot links to, by their numbers."""
    links = (block for group in node["groups"] for block in group["blocks"] if _type(block) == "typebot link")
    return {block.at("options", "typebotId").name for block in links} - {"", "current", node["id"].name}


def _linked_bots(document: Document, nodes: list[Node], neighbours: Neighbours) -> list[Node]:
    """The bots of a file, and those beside it that are linked with them, either way."""
    names = neighbours.names("*.json")
    if not any(_links(node) for node in nodes) and len(names) > _FEW:
        return nodes
    others = [list(search(root(one), is_flow)) for one in beside(document, neighbours) if claims(one)]
    return [*nodes, *connected(nodes, others, lambda node: {node["id"].name} - {""}, _links)]


class _Bot:
    """A bot in a flow that it may share with others: the keys of its steps are its own."""

    def __init__(self, flow: FlowDraft, scope: str) -> None:
        self._flow = flow
        self._scope = scope

    def _key(self, key: str) -> Hashable:
        return (self._scope, key) if self._scope and key else key

    def step(self, key: str, place: Node, id: str) -> StepDraft:
        return self._flow.step(self._key(key), place, id)

    def link(self, end: str, condition: str = "", call: bool = False) -> None:
        self._flow.link(self._key(end), condition, call=call)

    def link_all(self, starts: list[str], ends: list[str], condition: str, place: Node) -> None:
        link_all(self._flow, list(map(self._key, starts)), list(map(self._key, ends)), condition, place)

    def call(self, bot: str, block: str) -> None:
        self._flow.link((bot, block), call=True)

    def enter(self, key: str) -> None:
        self._flow.enter(self._key(key))


def _channels(node: Node) -> tuple[str, ...]:
    """A bot that is connected to WhatsApp is on the web too; others don't say where they are."""
    connected = node.at("settings", "whatsApp", "isEnabled").value is True or node["whatsAppCredentialsId"]
    return ("webchat", "whatsapp") if connected else ()


@dataclass(frozen=True)
class _Way:
    """Where an edge leads: a block, or the first one of a group."""

    group: str
    block: str


class _Reading:
    """Reads one bot."""

    def __init__(self, builder: Builder, node: Node, bot: _Bot) -> None:
        self.builder = builder
        self.node = node
        self.id = node["id"].name
        self.flow = bot
        self.known: dict[str, dict[str, str]] = {}
        self.variables = {item["id"].name: item["name"].name for item in node["variables"]}
        self.edges: dict[str, _Way] = {}
        self.ways: dict[str, list[_Way]] = {}
        self.starts: set[str] = set()
        self.waiting: list[str] = []
        """The steps that wait for an answer."""
        self.first = {group["id"].name: group["blocks"][0]["id"].name for group in node["groups"]}
        self.shown: set[str] = set()
        self.blocks = Counter(block["id"].name for group in node["groups"] for block in group["blocks"])
        types = {_type(block) for group in node["groups"] for block in group["blocks"]}
        self.returns = "return" in types
        self.links = "typebot link" in types
        self._edges()

    def read(self, known: dict[str, dict[str, str]], enters: bool) -> None:
        """Read the bot, which may link to those that are ``known``, by their beginnings."""
        self.known = known
        for group in self.node["groups"]:
            self._group(group)
        for key, text in self.node.at("settings", "general", "systemMessages").items():
            kind = "button" if key.endswith("Label") else "reprompt" if key == "invalidMessage" else "reply"
            self.builder.say(None, text, f"systemMessages.{key}", kind)
        self._later()
        for key in self._entries() if enters else ():
            self.flow.enter(key)

    def _later(self) -> None:
        """An event of a conversation that has begun: where an answer is waited for, of which it may be a word."""
        begin, later = self._events()
        targets = [target for event in later for target in self._onward(event)]
        if begin and targets:
            self.flow.link_all(self.waiting, targets, "event", later[0])

    def _events(self) -> tuple[list[Node], list[Node]]:
        """Those with which a conversation begins, and the others."""
        events = list(self.node["events"])
        begin = [event for event in events if event["type"].name in ("", _START)]
        return begin, [event for event in events if event["type"].name not in ("", _START)]

    def beginnings(self) -> dict[str, str]:
        """The first block of each group, and under "" that of the whole, for bots that link to this one."""
        return {**self.first, "": next(iter(self._entries()), "")}

    def _edges(self) -> None:
        dead = 0
        groups = list(self.node["groups"])
        known = {node["id"].name for group in groups for node in (group, *group["blocks"])}
        for edge in self.node["edges"]:
            way = _Way(edge.at("to", "groupId").name, edge.at("to", "blockId").name)
            self.edges[edge["id"].name] = way
            origin = edge["from"].first("pathId", "itemId", "blockId", "eventId").name
            self.ways.setdefault(origin, []).append(way)
            self.starts.add(self._target(way))
            to = edge.at("to", "blockId" if way.block else "groupId")
            if to.name and to.name not in known:
                dead += 1
                meant = did_you_mean(to.name, known) if dead <= SUGGESTED else ""
                self.builder.overlook(to, f"no step is called '{to.name}'{meant}", to.name)
        for group in groups:
            for block in group["blocks"]:
                self.starts.add(block.at("options", "blockId").name)
                if _type(block) == "text":
                    said = "".join(_strings(block.at("content", "richText")))
                    said += block["content"].text + block.at("content", "plainText").text
                    self.shown.update(name.strip() for name in _VARIABLE.findall(said))

    def _target(self, way: _Way) -> str:
        return way.block or self.first.get(way.group, "")

    def _onward(self, node: Node) -> list[str]:
        """The blocks that the edge of a block, an item or an event leads to."""
        if node["outgoingEdgeId"].name:
            way = self.edges.get(node["outgoingEdgeId"].name)
            return [self._target(way)] if way is not None else []
        if "outgoingEdgeId" in node:
            return []
        id = node["id"].name
        ways = self.ways.get(id, []) if id else []
        most = _FEW_WAYS if self.blocks[id] * len(ways) > _MOST_WAYS else len(ways)
        return [self._target(way) for way in ways[:most]]

    def _group(self, group: Node) -> None:
        title = group["title"].text or group["id"].name
        step: StepDraft | None = None
        key = ""
        blocks = [block for block in group["blocks"] if block.is_mapping]
        for number, block in enumerate(blocks):
            id = block["id"].name
            if step is None or id in self.starts:
                if step is not None:
                    self.flow.link(id)
                step = self.flow.step(id, block, title)
                key = id
            if _type(block) in _INPUTS:
                self.waiting.append(key)
            following = blocks[number + 1]["id"].name if number + 1 < len(blocks) else ""
            if self._block(step, block, following):
                step = None

    def _entries(self) -> list[str]:
        begin, later = self._events()
        if begin or later:
            return [target for event in begin or later for target in self._onward(event)]
        groups = list(self.node["groups"])
        for group in groups:
            if any(block["type"].name == _START for block in group["blocks"]):
                return [group["blocks"][0]["id"].name]
        named = [group for group in groups if group["id"].name.lower().endswith("start")] or groups
        return [self.first[named[0]["id"].name]]

    def _block(self, step: StepDraft, block: Node, following: str) -> bool:
        """Read a block; whether the step ends with it. ``following`` is the block below it."""
        type = _type(block)
        options = block["options"]
        if type == "text":
            self._bubble(step, block)
        elif type in _INPUTS:
            self._input(step, block, type)
        elif type == "image":
            self.builder.say(step, block.at("content", "clickLink", "alt"), f"{step.id}.alt", "label")
        elif options["templateName"].text:
            self.builder.unseen(options["templateName"], TEMPLATE, step.id)
        elif type == "set variable":
            self._set(step, options)
        elif type in _MODELS:
            self.builder.unseen(block, LANGUAGE_MODEL, step.id)
            self.builder.skip(options["messages"], INTERNAL, step.id)
        elif type in ("webhook", "http request"):
            asked = options["webhook"] if options["webhook"].is_mapping else options
            sent = request(self.builder, asked["body"], step.id)
            if is_message(sent.value):
                read_message(self.builder, sent, step.id, step)
        elif type == "email":
            self.builder.skip(options["body"], MAIL, step.id)
        elif type == "jump":
            to = options["blockId"].name or self.first.get(options["groupId"].name, "")
            self.flow.link(to, call=self.returns)
        elif type == "typebot link":
            self._linked(step, block)
        ways = self._ways(block)
        for target, condition in ways:
            self.flow.link(target, condition)
        ends = type in _INPUTS or type in _ENDS or bool(ways)
        if type == "return":
            self.flow.link("")
        elif self.returns and not self.links:
            # Only a return comes back to a jump; a row of blocks that ends is the end of all.
            step.stops = True
        if ends and following and self._goes_on(block, type):
            self.flow.link(following)
        return ends

    def _ways(self, block: Node) -> list[tuple[str, str]]:
        """Where the block's own edge and those of its items lead, and for which choice."""
        ways = [(target, "") for target in self._onward(block)]
        for item in self._items(block):
            ways += [(target, self._condition(item)) for target in self._onward(item)]
            for path in item["paths"]:
                ways += [(target, path["text"].text) for target in self._onward(path)]
        return ways

    def _goes_on(self, block: Node, type: str) -> bool:
        """Whether the block below can follow: not after a jump, nor when each choice has a way of its own."""
        if type in ("return", "redirect") or (type == "jump" and not self.returns) or self._onward(block):
            return False
        items = list(self._items(block))
        return not items or type == "condition" or not all(self._onward(item) for item in items)

    def _items(self, block: Node) -> Iterator[Node]:
        yield from block["items"]
        yield from block["choices"]
        yield from block["options"]["buttons"]

    def _condition(self, item: Node) -> str:
        content = item["content"]
        if not content.is_mapping:
            return item.first("content", "title", "label").text
        parts = [
            " ".join(
                (self.variables.get(one["variableId"].name, "?"), one["comparisonOperator"].name, one["value"].name)
            )
            for one in content["comparisons"]
        ]
        between = brief(content["logicalOperator"].name.lower()) or "and"
        return f" {between} ".join(part.strip() for part in parts)

    def _bubble(self, step: StepDraft, block: Node) -> None:
        content = block["content"]
        number = len(step.messages)
        id = f"{step.id}.text" if not number else f"{step.id}.text[{number}]"
        parts = list(_paragraphs(content["richText"]))
        text = content if content.text else content.first("html", "plainText", "content", "text")
        said = "".join(_strings(content["richText"])) or text.text
        if _COMMAND.match(said):
            self.builder.skip(content, "a command for the system behind the bot", id)
        elif parts:
            self.builder.say_joined(step, content["richText"], parts, id)
        else:
            self.builder.say(step, text, id, markup="html" if content["html"].text else "")

    def _input(self, step: StepDraft, block: Node, type: str) -> None:
        options = block["options"]
        name = self.variables.get(options["variableId"].name, "") or options["variableName"].name
        name = name or block["variable"].name
        for question in (block["question"], options["question"]):  # as tools other than the editor write it
            said = question if question.text else question.first("content", "text")
            self.builder.say(step, said, f"{step.id}.question", "prompt")
        for key in _LABELS:
            if key not in _SHOWN_IF or options[_SHOWN_IF[key]].value is True:
                self._label(step, options[key], f"{step.id}.{key}", key)
        for number, item in enumerate(self._items(block)):
            for key in _OPTION_TEXTS:
                kind = "reply" if type == "cards" or key == "description" else "option"
                self.builder.say(step, item[key], f"{step.id}.items[{number}].{key}", kind)
            for path in item["paths"]:
                self.builder.say(step, path["text"], f"{step.id}.items[{number}].path", "button")
        named = (options["variableId"], block["variable"], block["type"])
        place = next((one for one in named if one.name), block["type"])
        label = options.at("labels", "placeholder").text
        if not name and _INPUTS[type] != "choice":  # what is chosen is one of the buttons, whatever the group is called
            name = step.title
        self.builder.take(step, place, name, type, _INPUTS[type], label=label)
        for extra, component in (("attachments", "upload"), ("audioClip", "upload")):
            if options[extra]["isEnabled"].value is True:
                saved = self.variables.get(options[extra]["saveVariableId"].name, "")
                self.builder.take(step, options[extra], saved or f"{step.title} {extra}", extra, component)

    def _label(self, step: StepDraft, node: Node, id: str, key: str) -> None:
        """Texts around an input; they may be in a mapping, one for each part of it."""
        for name, text in node.items():
            self._label(step, text, f"{id}.{name}", name)
        kind = {"button": "button", "buttonLabel": "button", "retryMessageContent": "reprompt"}.get(key, "label")
        self.builder.say(step, node, id, kind)

    def _set(self, step: StepDraft, options: Node) -> None:
        """A text may be put into a variable, and said by a bubble that holds nothing else.

        Code may do so too: what it says in so many words is read.
        """
        value = options["expressionToEvaluate"]
        name = self.variables.get(options["variableId"].name, "?")
        only = _VARIABLE.fullmatch(value.text.strip())
        if only is not None:
            self.builder.rename(step, options["variableId"], name, only[0].strip("{} "))
        code = options["isCode"].value is True or _CODE.search(_VARIABLE.sub("", value.text))
        if name not in self.shown or " " not in value.text.strip():
            return
        if not code:
            self.builder.say(step, value, f"{step.id}.{name}")
            return
        for number, (start, text) in enumerate(sentences_in(value.text)):
            one = one_of(value, number)
            self.builder.say(step, value, f"{step.id}.{name}[{number}]", text=text, offset=start, variant=one)

    def _linked(self, step: StepDraft, block: Node) -> None:
        group = block.at("options", "groupId").name
        other = block.at("options", "typebotId").name
        if other in self.known and other != self.id:
            self.flow.call(other, self.known[other].get(group) or self.known[other][""])
        elif group in self.first:
            self.flow.link(self.first[group], call=True)
        else:
            self.builder.unseen(block, ELSEWHERE, step.id)


def _type(block: Node) -> str:
    """``textInput`` is a spelling of ``text input``, which tools other than the editor write."""
    name = block["type"].name
    return name.lower() if name.lower() in _MODELS else _CAMEL.sub(" ", name).lower()


def _paragraphs(rich: Node) -> Iterator[Node | str]:
    """The runs of a rich text, with line breaks between its paragraphs and list items."""
    begun = False
    for element in rich:
        if begun:
            yield "\n"
        begun = True
        yield from _runs(element)


def _strings(rich: Node) -> list[str]:
    return [part if isinstance(part, str) else part.text for part in _paragraphs(rich)]


def _runs(element: Node) -> Iterator[Node | str]:
    if element["text"].text:
        yield element["text"]
    children = element["children"]
    if any(child["children"] and child["type"].name in ("p", "li", "lic", "ul", "ol") for child in children):
        yield from _paragraphs(children)
    else:
        for child in children:
            yield from _runs(child)
