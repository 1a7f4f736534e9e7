"""Dialog skills of IBM Watson Assistant: a tree of nodes, each with a condition, an output and children.

After its output a node jumps, goes on without waiting, or waits for the customer: then its children are tried,
then the roots. A frame asks for its slots one after the other before it says its own output.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import Any, TypeAlias

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .drafts import FlowDraft, StepDraft
from .exports import component
from .nodes import Node, holds, root, search
from .reasons import CUSTOMER, NODE_OFF, WEB_SERVICE
from .watson_actions import is_actions, read_actions
from .watson_output import Output, patterns

NAME = "watson-dialog"
TITLE = "IBM Watson Assistant dialog skill"

_FROM_CUSTOMER = re.compile(r"\binput\.?(?:text|_text)?\b|@[\w-]+|entities\[?|\bintents\b")
_ENTITY = re.compile(r"@([\w-]+)")
_MOST_TRIED = 40
_OWN = ("", "standard", "frame", "folder")
_ALWAYS = ("true", "anything_else")
"""Conditions that hold where those before them did not."""

_Key: TypeAlias = str | tuple[str, int]
"""The name of a node; one that has none, or that of another node before it, is told by its number too."""


def is_dialog(value: Any) -> bool:
    """Whether a value has the nodes of a dialog."""
    nodes = value.get("dialog_nodes") if isinstance(value, dict) else None
    return isinstance(nodes, list) and any(isinstance(node, dict) and "dialog_node" in node for node in nodes[:20])


def claims(document: Document) -> bool:
    return document.kind == "json" and holds(document, is_dialog)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), lambda value: is_dialog(value) or is_actions(value)):
        if is_dialog(node.value):
            _Reading(builder, node).read()
        if is_actions(node.value):
            read_actions(builder, node)
    return builder.conversation()


class _Reading:
    """Reads one skill."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.node = node
        self.output = Output(builder, node["language"].text or None)
        self.patterns = patterns(node)
        self.flow: FlowDraft = builder.flow(node["name"].text or "dialog")
        self.nodes: dict[_Key, Node] = {}
        self.steps: dict[Any, StepDraft] = {}
        self.children: dict[_Key, list[_Key]] = {}
        self.ranks: dict[_Key, int] = {}
        self.after: dict[_Key, list[_Key]] = {}
        self.handlers: set[_Key] = set()
        """The prompts and reprompts of slots, which the steps of the slots say."""

    def read(self) -> None:
        off = _switched_off(list(self.node["dialog_nodes"]))
        for number, node in enumerate(self.node["dialog_nodes"]):
            called = node["dialog_node"].name
            if number in off:
                self.builder.skip(node["output"], NODE_OFF, called)
            elif node.is_mapping:
                self.nodes[called if called and called not in self.nodes else (called, number)] = node
        self._order()
        self._find_handlers()
        said: set[_Key] = set()
        for name in self.nodes:
            if self._type(name) == "slot":
                said |= self._slot(name)
            elif name not in self.handlers:
                self._step(name)
        for name in self.nodes:
            if name not in self.handlers:
                self._ways(name)
            elif name not in said:  # of a slot that is not there
                self._step(name)
        for name in self.children[""]:
            if not self._is_only_jumped_to(name):
                self.flow.enter(name)
        self.output.system(self.node["system_settings"])
        for intent in self.node["intents"]:
            self.builder.skip(intent["examples"], CUSTOMER, intent["intent"].name)

    def _type(self, name: _Key) -> str:
        return self.nodes[name]["type"].name

    def _find_handlers(self) -> None:
        todo = [name for name, node in self.nodes.items() if node["event_name"].name in ("focus", "nomatch")]
        while todo:
            name = todo.pop()
            if name not in self.handlers and self._type(name) in ("event_handler", "response_condition"):
                self.handlers.add(name)
                todo += self.children[name]

    def _order(self) -> None:
        """Children by parent, in the order that their previous siblings tell; where that goes round, as they stand."""
        parents = {name: self._parent(node) for name, node in self.nodes.items()}
        followers: dict[tuple[_Key, str], list[_Key]] = {}
        of_parent: dict[_Key, list[_Key]] = {}
        for name, node in self.nodes.items():
            before = node["previous_sibling"].name
            first = parents.get(before) != parents[name]
            followers.setdefault((parents[name], "" if first else before), []).append(name)
            of_parent.setdefault(parents[name], []).append(name)
        for parent in ("", *self.nodes):
            todo = followers.get((parent, ""), [])[::-1]
            ordered: dict[_Key, None] = {}
            while todo:
                name = todo.pop()
                ordered[name] = None
                if isinstance(name, str):
                    todo += followers.get((parent, name), [])[::-1]
            ordered |= dict.fromkeys(of_parent.get(parent, ()))
            self.children[parent] = list(ordered)
            self.ranks |= {name: rank for rank, name in enumerate(ordered)}

    def _parent(self, node: Node) -> str:
        parent = node["parent"].name
        return parent if parent in self.nodes else ""

    def _title(self, node: Node) -> str:
        return node["title"].text or node["dialog_node"].name

    def _step(self, name: _Key) -> None:
        node = self.nodes[name]
        title = self._title(node)
        step = self.steps[name] = self.flow.step(name, node["dialog_node"], title, title)
        if self._type(name) == "frame":
            place = node["output"] if "output" in node else node["dialog_node"]
            step = self.steps["after", name] = self.flow.step(("after", name), place, f"{title}: after", title)
        self._say(step, node, title)
        self._take(step, node)

    def _say(self, step: StepDraft, node: Node, title: str, kind: str = "reply") -> None:
        self.output.say(step, node["output"], title, kind)
        for key in ("action", "actions"):
            if node[key] or node["output"][key]:
                self.builder.unseen(node[key] if node[key] else node["output"][key], WEB_SERVICE, title)

    def _take(self, step: StepDraft, node: Node) -> None:
        """Variables that are set from what the customer said a node earlier."""
        slot = self.nodes.get(self._parent(node), node)["variable"].text.lstrip("$")
        for name, value in (*node["context"].items(), *node["context"]["private"].items()):
            text = value.text
            if name == slot:
                continue  # what fills the slot above, which takes it
            if _FROM_CUSTOMER.search(text) and ("<?" in text or text.startswith("@")):
                self._capture(step, value, name, text, False)
            elif "<?" not in text:
                self.builder.assign(step, name, value)

    def _capture(self, step: StepDraft, node: Node, name: str, condition: str, waits: bool) -> None:
        entity = _ENTITY.search(condition)
        type = entity[0] if entity else "input.text"
        pattern = self.patterns.get(entity[1], "") if entity else ""
        self.builder.take(step, node, name, type, component(type), pattern, waits=waits)

    def _slot(self, name: _Key) -> set[_Key]:
        """A slot with its prompts; which nodes it says besides its own."""
        node = self.nodes[name]
        variable = node["variable"] if node["variable"].text else node["dialog_node"]
        slot = variable.text.lstrip("$")
        frame = self._title(self.nodes.get(node["parent"].name, node))
        step = self.flow.step(name, node["dialog_node"], f"{frame}: {slot}", slot)
        self._say(step, node, slot)
        inputs = [child for child in self.children[name] if self.nodes[child]["event_name"].name == "input"]
        check = next((text for one in (name, *inputs) if (text := self.nodes[one]["conditions"].text)), "")
        self._capture(step, variable, slot, check, True)
        step.passed = _ENTITY.search(check) is not None  # it may be in the words before
        said: set[_Key] = set()
        for child in self.children[name]:
            event = self.nodes[child]["event_name"].name
            if event in ("focus", "nomatch"):
                self._handler(step, child, f"{slot}.{event}", "prompt" if event == "focus" else "reprompt", said)
        return said

    def _handler(self, step: StepDraft, name: _Key, id: str, kind: str, said: set[_Key]) -> None:
        """What a handler and all below it say, each node once."""
        todo = [name]
        while todo:
            name = todo.pop()
            if name not in said:
                said.add(name)
                self._say(step, self.nodes[name], id, kind)
                todo += self.children[name][::-1]

    def _ways(self, name: _Key) -> None:
        type = self._type(name)
        children = [child for child in self.children[name] if child not in self.handlers]
        if type == "frame":
            slots = [child for child in children if self._type(child) == "slot"]
            handlers = [child for child in children if self._type(child) == "event_handler"]
            chain = [name, *slots, ("after", name)]
            for start, end in pairwise(chain):
                self.flow.link(end, start=start)
            for handler in handlers:
                self._link(handler, (slots or [name])[0])
            others = [child for child in children if self._type(child) not in ("slot", "event_handler")]
            self._onward(name, ("after", name), others)
        elif type in ("slot", "folder"):
            for child in children:
                self._link(child, name)
        else:
            self._onward(name, name, children)

    def _condition(self, name: _Key) -> str:
        return self.nodes[name]["conditions"].text.strip()

    def _is_only_jumped_to(self, name: _Key) -> bool:
        """Whether the condition of a node never holds, so that only a jump to its response leads there."""
        return self._type(name) in _OWN and self._condition(name).lower() == "false"

    def _link(self, end: _Key, start: Any) -> None:
        if not self._is_only_jumped_to(end):
            self.flow.link(end, self.nodes[end]["conditions"].text, start=start)

    def _onward(self, name: _Key, start: Any, children: list[_Key]) -> None:
        node = self.nodes[name]
        step = node["next_step"]
        behavior = step["behavior"].name
        to = _target(node)
        jump = to.name
        variants = [child for child in children if self._type(child) == "response_condition"]
        handlers = [child for child in children if self._type(child) == "event_handler"]
        others = [child for child in children if self._type(child) not in ("response_condition", "event_handler")]
        for child in (*variants, *handlers):
            self._link(child, start)
        if jump and jump in self.nodes:
            self._jump(jump, step["selector"].name or node["go_to"]["selector"].name, start)
        else:
            self.flow.link(jump, start=start, place=to)
        if any(self._condition(variant) in _ALWAYS for variant in variants):
            others = []  # one of the variants is said, and leads there
        for child in others:
            self._link(child, start)
        if others and behavior != "skip_user_input" and not jump:
            self._waits(start)
        if self._type(name) == "response_condition" and not jump:
            self._after_variant(name, start, behavior)

    def _waits(self, start: Any) -> None:
        if start in self.steps:
            self.steps[start].waits = True

    def _after_variant(self, name: _Key, start: Any, behavior: str) -> None:
        """After one of a node's variants the node's own children are next."""
        parent = self._parent(self.nodes[name])
        if parent not in self.after:
            own = (child for child in self.children[parent] if self._type(child) in _OWN)
            self.after[parent] = list(islice(own, _MOST_TRIED))
        after = self.after[parent]
        for child in after:
            self._link(child, start)
        if after and behavior != "skip_user_input":
            self._waits(start)

    def _jump(self, target: str, selector: str, start: Any) -> None:
        """A jump goes to a node's response, or tries its condition and those of the siblings after it."""
        if selector == "user_input":
            self._waits(start)
        if selector in ("body", "client"):
            self.flow.link(target, start=start)
            return
        siblings = self.children[self._parent(self.nodes[target])]
        first = self.ranks[target]
        for end in siblings[first : first + _MOST_TRIED]:
            self._link(end, start)
            if self._condition(end) in _ALWAYS:
                break


def _switched_off(nodes: list[Node]) -> set[int]:
    """The numbers of the nodes that are switched off, and of those below them, as far as no jump leads there."""
    below: dict[str, list[int]] = {}
    for number, node in enumerate(nodes):
        if node["parent"].name:
            below.setdefault(node["parent"].name, []).append(number)
    off: set[int] = set()
    todo = [number for number, node in enumerate(nodes) if node["disabled"].value is True]
    while todo:
        number = todo.pop()
        if number not in off:
            off.add(number)
            todo += below.get(nodes[number]["dialog_node"].name, ())
    numbers = {node["dialog_node"].name: number for number, node in enumerate(nodes)}
    todo = [number for number in range(len(nodes)) if number not in off]
    while todo:
        node = nodes[todo.pop()]
        reached = [numbers.get(_target(node).name, -1), *below.get(node["dialog_node"].name, ())]
        for number in reached:
            if number in off and nodes[number]["disabled"].value is not True:
                off.discard(number)
                todo.append(number)
    return off


def _target(node: Node) -> Node:
    """What a node jumps to."""
    to = node["next_step"]["dialog_node"]
    return to if to.name else node["go_to"]["dialog_node"]
