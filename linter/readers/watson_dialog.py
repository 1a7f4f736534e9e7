"""Dialog skills of IBM Watson Assistant: a tree of nodes, each with a condition, an output and children.

After its output a node jumps, goes on without waiting, or waits for the customer: then its children are tried,
then the roots. A frame asks for its slots one after the other before it says its own output.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import CUSTOMER, WEB_SERVICE, Builder, FlowDraft, StepDraft
from .exports import component
from .nodes import Node, holds, root, search
from .watson_actions import is_actions, read_actions
from .watson_output import Output, patterns

NAME = "watson-dialog"
TITLE = "IBM Watson Assistant dialog skill"

_FROM_CUSTOMER = re.compile(r"\binput\.?(?:text|_text)?\b|@[\w-]+|entities\[?|\bintents\b")
_ENTITY = re.compile(r"@([\w-]+)")
_MOST_TRIED = 40


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
        self.nodes: dict[str, Node] = {}
        self.steps: dict[Any, StepDraft] = {}
        self.children: dict[str, list[str]] = {}

    def read(self) -> None:
        for node in self.node["dialog_nodes"]:
            name = node["dialog_node"].name
            if node["disabled"].value is True:
                self.builder.skip(node["output"], "this node is switched off", name)
            elif name:
                self.nodes[name] = node
        self._order()
        for name in self.nodes:
            if self._type(name) == "slot":
                self._slot(name)
            elif not self._is_handler(name):
                self._step(name)
        for name in self.nodes:
            if not self._is_handler(name):
                self._ways(name)
        for name in self.children.get("", ()):
            self.flow.enter(name)
        self.output.system(self.node["system_settings"])
        for intent in self.node["intents"]:
            self.builder.skip(intent["examples"], CUSTOMER, intent["intent"].name)

    def _type(self, name: str) -> str:
        return self.nodes[name]["type"].name

    def _is_handler(self, name: str) -> bool:
        """Whether a node is the prompt or reprompt of a slot, which its step says."""
        node = self.nodes.get(name)
        while node is not None and node["type"].name in ("event_handler", "response_condition"):
            if node["event_name"].name in ("focus", "nomatch"):
                return True
            node = self.nodes.get(node["parent"].name)
        return False

    def _order(self) -> None:
        """Children by parent, in the order that their previous siblings tell."""
        followers: dict[tuple[str, str], list[str]] = {}
        for name, node in self.nodes.items():
            parent = node["parent"].name
            parent = parent if parent in self.nodes else ""
            before = node["previous_sibling"].name
            followers.setdefault((parent, before if before in self.nodes else ""), []).append(name)
        for parent in ("", *self.nodes):
            todo = followers.get((parent, ""), [])[::-1]
            ordered = []
            while todo:
                name = todo.pop()
                ordered.append(name)
                todo += followers.get((parent, name), [])[::-1]
            self.children[parent] = ordered

    def _title(self, node: Node) -> str:
        return node["title"].text or node["dialog_node"].name

    def _step(self, name: str) -> None:
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
        for name, value in (*node["context"].items(), *node["context"]["private"].items()):
            text = value.text
            if _FROM_CUSTOMER.search(text) and ("<?" in text or text.startswith("@")):
                self._capture(step, value, name, text, False)
            elif "<?" not in text:
                self.builder.assign(step, name, value)

    def _capture(self, step: StepDraft, node: Node, name: str, condition: str, waits: bool) -> None:
        entity = _ENTITY.search(condition)
        type = entity[0] if entity else "input.text"
        pattern = self.patterns.get(entity[1], "") if entity else ""
        self.builder.take(step, node, name, type, component(type), pattern, waits=waits)

    def _slot(self, name: str) -> None:
        node = self.nodes[name]
        variable = node["variable"] if node["variable"].text else node["dialog_node"]
        slot = variable.text.lstrip("$")
        frame = self._title(self.nodes.get(node["parent"].name, node))
        step = self.flow.step(name, node["dialog_node"], f"{frame}: {slot}", slot)
        self._capture(step, variable, slot, node["conditions"].text, True)
        for child in self.children.get(name, ()):
            event = self.nodes[child]["event_name"].name
            if event in ("focus", "nomatch"):
                self._handler(step, child, f"{slot}.{event}", "prompt" if event == "focus" else "reprompt")

    def _handler(self, step: StepDraft, name: str, id: str, kind: str) -> None:
        self._say(step, self.nodes[name], id, kind)
        for child in self.children.get(name, ()):
            self._handler(step, child, id, kind)

    def _ways(self, name: str) -> None:
        type = self._type(name)
        children = [child for child in self.children.get(name, ()) if not self._is_handler(child)]
        if type == "frame":
            slots = [child for child in children if self._type(child) == "slot"]
            handlers = [child for child in children if self._type(child) == "event_handler"]
            chain = [name, *slots, ("after", name)]
            for start, end in pairwise(chain):
                self.flow.link(end, start=start)
            for handler in handlers:
                self._link(handler, (slots or [name])[0])
            others = [child for child in children if child not in set(slots) | set(handlers)]
            self._onward(name, ("after", name), others)
        elif type in ("slot", "folder"):
            for child in children:
                self._link(child, name)
        else:
            self._onward(name, name, children)

    def _link(self, end: str, start: Any) -> None:
        self.flow.link(end, self.nodes[end]["conditions"].text, start=start)

    def _onward(self, name: str, start: Any, children: list[str]) -> None:
        node = self.nodes[name]
        step = node["next_step"]
        behavior = step["behavior"].name
        to = step["dialog_node"] if step["dialog_node"].name else node["go_to"]["dialog_node"]
        jump = to.name
        variants = [child for child in children if self._type(child) == "response_condition"]
        handlers = [child for child in children if self._type(child) == "event_handler"]
        others = [child for child in children if child not in set(variants) | set(handlers)]
        for child in (*variants, *handlers):
            self._link(child, start)
        if jump and jump in self.nodes:
            self._jump(jump, step["selector"].name or node["go_to"]["selector"].name, start)
        else:
            self.flow.link(jump, start=start, place=to)
        for child in others:
            self._link(child, start)
        if others and behavior != "skip_user_input" and not jump:
            self._waits(start)
        if self._type(name) == "response_condition" and not jump:
            self._after_variant(name, start, behavior)

    def _waits(self, start: Any) -> None:
        if start in self.steps:
            self.steps[start].waits = True

    def _after_variant(self, name: str, start: Any, behavior: str) -> None:
        """After one of a node's variants the node's own children are next."""
        parent = self.nodes[name]["parent"].name
        after = [c for c in self.children.get(parent, ()) if self._type(c) in ("", "standard", "frame", "folder")]
        for child in after[:_MOST_TRIED]:
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
        parent = self.nodes[target]["parent"].name
        siblings = self.children.get(parent if parent in self.nodes else "", [])
        first = siblings.index(target) if target in siblings else 0
        for end in siblings[first : first + _MOST_TRIED] or [target]:
            self._link(end, start)
            if self.nodes[end]["conditions"].text.strip() in ("true", "anything_else"):
                break
