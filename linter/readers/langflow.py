"""Langflow flows, as they are exported and as the API lists them.

A component has its fields in ``data.node.template``, each with its ``value``; edges lead from one to the next. What a
*Chat Output* is given by a text, a template or a condition without a model between them is said; what goes to a model
is an instruction, and the model words the rest. What stands in a *Chat Input* is a customer's message to try it with.

Sources: the starter projects of langflow-ai/langflow (``initial_setup/starter_projects``) and its components.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .drafts import FlowDraft, follow
from .nodes import Node, holds, root, search
from .prose import is_sentence, places
from .reasons import CUSTOMER, INTERNAL

NAME = "langflow"
TITLE = "Langflow flows"

_INPUT, _OUTPUT = "ChatInput", ("ChatOutput", "TextOutput", "TextOutputComponent")
_NOTES = ("note", "noteNode")
_TEXTS = {
    "TextInput": ("input_value",),
    "TextInputComponent": ("input_value",),
    "Prompt": ("template",),
    "Prompt Template": ("template",),
    "ConditionalRouter": ("true_case_message", "false_case_message", "message"),
    "Pass": ("input_message",),
    "PassMessage": ("input_message",),
    "CombineText": ("text1", "text2"),
    "CombineInputs": ("text1", "text2"),
    "ParseData": ("template",),
    "parser": ("pattern",),
    "ParserComponent": ("pattern",),
    "Message": (),
    "StoreMessage": ("message",),
    "Listen": (),
    "Notify": (),
}  # fmt: skip
"""Components that hand a text on as it is, and their fields that hold one."""
_CODE = frozenset(("code", "python_code", "tool_code", "function_code", "global_code"))


def _is_component(value: Any) -> bool:
    data = value.get("data") if isinstance(value, dict) else None
    node = data.get("node") if isinstance(data, dict) else None
    return isinstance(node, dict) and isinstance(node.get("template"), dict)


def is_graph(value: Any) -> bool:
    """Whether a value is a canvas: components with their fields, and the edges between them."""
    nodes = value.get("nodes") if isinstance(value, dict) else None
    return isinstance(nodes, list) and isinstance(value.get("edges"), list) and any(map(_is_component, nodes))


def claims(document: Document) -> bool:
    return holds(document, is_graph, 4)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    whole = root(document)
    for graph in search(whole, is_graph, 4):
        holder = whole.at(*graph.path[:-1]) if graph.path else graph
        _Reading(builder, builder.flow(holder["name"].name), graph).read()
    return builder.conversation()


class _Reading:
    """Reads one flow."""

    def __init__(self, builder: Builder, flow: FlowDraft, graph: Node) -> None:
        self.builder = builder
        self.flow = flow
        self.nodes = {node["id"].name: node for node in graph["nodes"] if _is_component(node.value)}
        self.notes = [node for node in graph["nodes"] if _type(node) in _NOTES]
        self.before: dict[str, list[str]] = {}
        self.onward: dict[str, list[str]] = {}
        for edge in graph["edges"]:
            source, target = edge["source"].name, edge["target"].name
            self.before.setdefault(target, []).append(source)
            if _hands_on(self.nodes.get(source)):
                self.onward.setdefault(source, []).append(target)

    def read(self) -> None:
        for note in self.notes:
            described = note.at("data", "node", "description")
            self.builder.skip(described, INTERNAL, note["id"].name)
        said: set[str] = set()
        for id, node in self.nodes.items():
            if _type(node) in _OUTPUT:
                said |= self._output(id, node)
        for id, node in self.nodes.items():
            type = _type(node)
            if type == _INPUT:
                self.builder.skip(_field(node, "input_value"), CUSTOMER, id)
            elif type not in (*_OUTPUT, *_NOTES) and (id not in said or self._is_told(id)):
                self._instructions(id, node)

    def _output(self, id: str, node: Node) -> set[str]:
        """What a chat is given: by components that hand a text on, or else by a model; the names of the former."""
        step = self.flow.step(id, node, node.at("data", "node", "display_name").name or id)
        step.waits = True
        self.flow.enter(id)
        givers: set[str] = set()
        follow([id], {end: self._givers(end) for end in [id, *self.nodes]}, givers)
        if not self.before.get(id):
            self.builder.say(step, _field(node, "input_value"), f"{id}.input_value")
        for giver in [id, *(one for one in self.nodes if one in givers)]:  # in the order of the file
            given = self.nodes[giver]
            for key in _TEXTS.get(_type(given), ()):
                self.builder.say(step, _field(given, key), f"{giver}.{key}")
            for other in self.before.get(giver, ()):
                found = self.nodes.get(other)
                if found is not None and not _hands_on(found) and _type(found) != _INPUT:
                    self.builder.unseen(found["id"], LANGUAGE_MODEL, other)  # or a component of one's own
        return givers

    def _givers(self, id: str) -> Iterator[str]:
        """The components before one that hand a text on to it."""
        return (one for one in self.before.get(id, ()) if _hands_on(self.nodes.get(one)))

    def _is_told(self, id: str) -> bool:
        """Whether what a component has goes to a model too."""
        ends: set[str] = set()
        follow([id], self.onward, ends)
        return any(one in self.nodes and not _hands_on(self.nodes[one]) and _type(self.nodes[one]) not in _OUTPUT
                   for one in ends)  # fmt: skip

    def _instructions(self, id: str, node: Node) -> None:
        for key, field in node.at("data", "node", "template").items():
            if key not in _CODE and field["type"].name != "code":
                value = field["value"]
                for path in places(value.value, is_sentence):
                    self.builder.unseen(value.at(*path), LANGUAGE_MODEL, f"{id}.{key}")


def _type(node: Node) -> str:
    return node.at("data", "type").name or node["type"].name


def _field(node: Node, key: str) -> Node:
    return node.at("data", "node", "template", key, "value")


def _hands_on(node: Node | None) -> bool:
    return node is not None and _type(node) in _TEXTS
