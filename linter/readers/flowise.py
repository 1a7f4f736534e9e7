"""Flowise: chatflows and agentflows, as their canvas saves them, as the API lists them, and in the export of all.

What a customer reads in an agentflow (version 2) is its *Direct Reply*, *Human Input*, *Loop* (its fallback) and the
form of its *Start*, with what these print of a program and of the flow's state; what a model words is not in the file.
In a chatflow and an agentflow of version 1 the edges say what belongs to what, and a model words all but the message of
a moderation. Beside the graph stand starter prompts and the form that asks for a name, an address and a phone.

Sources: the nodes in ``packages/components/nodes/agentflow`` of FlowiseAI/Flowise, the marketplace's flows beside its
server, and ``Leads.jsx`` and ``StarterPrompts.jsx`` of its interface; docs.flowiseai.com/using-flowise/agentflowv2.
"""

from __future__ import annotations

from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .prose import is_sentence, places
from .reasons import CODE, ELSEWHERE, INTERNAL, NO_JSON, UNKNOWN_BLOCK, WEB_SERVICE
from .requests import for_customer
from .whatsapp_payloads import beside_message

NAME = "flowise"
TITLE = "Flowise chatflows and agentflows"

_GRAPH = "flowData"
_SETTINGS = "chatbotConfig"
_STARTS = '{"nodes"'
_OF_AGENT = "Agentflow"
_START = f"start{_OF_AGENT}"
_NOTES = ("stickyNote", f"stickyNote{_OF_AGENT}")
_MODELS = tuple(f"{name}{_OF_AGENT}" for name in ("llm", "agent", "smartAgent", "conditionAgent"))
_SILENT = tuple(f"{name}{_OF_AGENT}" for name in ("condition", "iteration", "retriever"))
_FIXED = "fixed"
_PROGRAMS = frozenset(("javascriptFunction", "func", "conditionFunction", "ifFunction", "elseFunction"))
_ASKED = {"name": "text", "email": "email", "phone": "phone"}


def _is_node(value: Any) -> bool:
    data = value.get("data") if isinstance(value, dict) else None
    return isinstance(data, dict) and isinstance(data.get("inputs"), dict) and isinstance(data.get("name"), str)


def _is_graph(value: Any) -> bool:
    """Whether a value is a canvas: nodes with the settings that they were given, and the edges between them."""
    nodes = value.get("nodes") if isinstance(value, dict) else None
    return isinstance(nodes, list) and isinstance(value.get("edges"), list) and any(map(_is_node, nodes))


def _is_listed(value: Any) -> bool:
    """Whether a value is a flow as the API has it, with its canvas as JSON in a string."""
    graph = value.get(_GRAPH) if isinstance(value, dict) else None
    return _is_graph(graph) or (isinstance(graph, str) and "".join(graph[:40].split()).startswith(_STARTS))


def is_flow(value: Any) -> bool:
    return _is_graph(value) or _is_listed(value)


def claims(document: Document) -> bool:
    return holds(document, is_flow, 2)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), is_flow, 2):
        flow = builder.flow(node["name"].text)
        graph = node if _is_graph(node.value) else _written(builder, node[_GRAPH], flow.name)
        if graph.is_mapping:
            _Reading(builder, flow, graph).read()
        _settings(builder, _written(builder, node[_SETTINGS], flow.name))
    return builder.conversation()


def _written(builder: Builder, node: Node, name: str) -> Node:
    """What stands in a string as JSON; what can't be read is told."""
    if not node.text.strip():
        return node
    inner = node.inner()
    if inner.value is None:
        builder.overlook(node, NO_JSON, name, broken=True)
    return inner


def _settings(builder: Builder, settings: Node) -> None:
    """What stands on the page of the chat: what may be asked, and the form for who asks."""
    for key, prompt in settings["starterPrompts"].items():
        builder.say(None, prompt["prompt"], f"starterPrompts[{key}]", "option")
    builder.say(None, settings["welcomeMessage"], "welcomeMessage")
    leads = settings["leads"]
    if leads["status"].value is True:
        builder.say(None, leads["title"], "leads.title", "prompt")
        builder.say(None, leads["successMessage"], "leads.successMessage")
        for key, component in _ASKED.items():
            if leads[key].value is True:
                builder.take(None, leads[key], key, "leads", component)


class _Reading:
    """Reads one canvas."""

    def __init__(self, builder: Builder, flow: FlowDraft, graph: Node) -> None:
        self.builder = builder
        self.flow = flow
        self.nodes = {node["id"].name: node for node in graph["nodes"] if _is_node(node.value)}
        self.edges = [edge for edge in graph["edges"] if edge.is_mapping]
        self.is_agent = any(node["data"]["name"].name.endswith(_OF_AGENT) for node in self.nodes.values())

    def read(self) -> None:
        for id, node in self.nodes.items():
            data = node["data"]
            name, inputs = data["name"].name, data["inputs"]
            title = data["label"].name or id
            if name in _NOTES:
                self.builder.skip(inputs["note"], INTERNAL, title)
            elif self.is_agent:
                self._node(self.flow.step(id, node, title), id, name, inputs)
            else:
                self._part(inputs, title)
        if self.is_agent:
            self._ways()

    def _part(self, inputs: Node, title: str) -> None:
        """A part of a chatflow: what it is given is told a model, but for what a moderation answers."""
        for key, value in inputs.items():
            if key == "moderationErrorMessage":
                self.builder.say(None, value, f"{title}.{key}")
            elif key in _PROGRAMS and value.text.strip():
                self.builder.unseen(value, CODE, title)
            else:
                for path in places(value.value, is_sentence):
                    self.builder.unseen(value.at(*path), LANGUAGE_MODEL, title)

    def _node(self, step: StepDraft, id: str, name: str, inputs: Node) -> None:
        kind = name.removesuffix(_OF_AGENT)
        for key in (f"{kind}State", f"{kind}UpdateState"):
            for state in inputs[key]:
                self.builder.assign(step, state["key"].name, state["value"])
        if name == _START:
            self._start(step, inputs)
        elif kind == "directReply":
            self.builder.say(step, inputs["directReplyMessage"], f"{step.id}.message")
        elif kind == "humanInput":
            self._human(step, inputs)
        elif kind == "loop":
            self.builder.say(step, inputs["fallbackMessage"], f"{step.id}.fallback")
        elif name in _MODELS:
            self._model(step, inputs, kind)
        elif kind == "customFunction":
            self._program(step, id, inputs["customFunctionJavascriptFunction"])
        elif kind == "http":
            self._request(step, inputs)
        elif kind == "executeFlow":
            self.builder.unseen(inputs["executeFlowSelectedFlow"], ELSEWHERE, step.id)
        elif name not in _SILENT:
            for path in places(inputs.value, is_sentence):
                self.builder.overlook(inputs.at(*path), UNKNOWN_BLOCK, step.id)

    def _start(self, step: StepDraft, inputs: Node) -> None:
        if inputs["startInputType"].name != "formInput":
            return
        self.builder.say(step, inputs["formTitle"], f"{step.id}.title", "title")
        self.builder.say(step, inputs["formDescription"], f"{step.id}.description", "prompt")
        for number, field in enumerate(inputs["formInputTypes"]):
            where = f"{step.id}.form[{number}]"
            self.builder.say(step, field["label"], f"{where}.label", "label")
            for place, option in enumerate(field["addOptions"]):
                self.builder.say(step, option["option"], f"{where}.option[{place}]", "option")
            name, type = field["name"], field["type"].name
            component = "choice" if type in ("options", "boolean") else component_of(type, "text")
            if name.name:
                self.builder.take(step, name, name.name, type, component, label=field["label"].text)

    def _human(self, step: StepDraft, inputs: Node) -> None:
        """Whoever chats is asked whether to go on, and may add a remark."""
        step.waits = True
        if inputs["humanInputDescriptionType"].name == _FIXED:
            self.builder.say(step, inputs["humanInputDescription"], f"{step.id}.description", "prompt")
        elif inputs["humanInputModelPrompt"].text.strip():
            self.builder.unseen(inputs["humanInputModelPrompt"], LANGUAGE_MODEL, step.id)

    def _model(self, step: StepDraft, inputs: Node, kind: str) -> None:
        told = [message["content"] for message in inputs[f"{kind}Messages"]]
        told += [inputs[f"{kind}{key}"] for key in ("UserMessage", "Instructions", "SystemPrompt")]
        self.builder.worded((one for one in told if one.text.strip()), inputs[f"{kind}Model"], step.id)

    def _program(self, step: StepDraft, id: str, code: Node) -> None:
        """What a program says in so many words is said where a reply prints what the program gives back."""
        self.builder.assign_sentences(step, id, code)
        if code.text.strip():
            self.builder.unseen(code, CODE, step.id)

    def _request(self, step: StepDraft, inputs: Node) -> None:
        """A request is a message when it goes to a chat product, or when its body is one."""
        url = inputs["url"]
        sent = beside_message(self.builder, step, inputs["body"])
        if sent is None:
            return
        given = list(sent.items()) or [(one["key"].name, one["value"]) for one in sent]
        said = for_customer(self.builder, step, url, given, url.text, step.title)
        for name, value in said or ():
            self.builder.say(step, value, f"{step.id}.{name}")
        if said is None and url.text:
            self.builder.unseen(url, WEB_SERVICE, step.id)

    # -- ways -------------------------------------------------------------------------------------------------------

    def _ways(self) -> None:
        led: set[str] = set()
        for edge in self.edges:
            source, target = edge["source"].name, edge["target"]
            if self.flow.has(source):
                led.add(target.name)
                self.flow.link(target.name, self._condition(edge), start=source, place=target)
        for id, node in self.nodes.items():
            inputs = node["data"]["inputs"]
            back = inputs["loopBackToNode"]
            if back.text:
                self.flow.link(back.text.partition("-")[0], start=id, place=back)
            holder = node.first("parentNode", "parentId").name
            if holder in self.nodes and id not in led:
                self.flow.link(id, start=holder)
            if node["data"]["name"].name == _START:
                self.flow.enter(id)
        self.flow.enter_where_needed(id for id in self.nodes if self.flow.has(id) and id not in led)  # of version 1

    def _condition(self, edge: Node) -> str:
        """What a way from a node means: the case of a condition, by its number in the handle, or what was answered."""
        label = edge["data"]["edgeLabel"].name
        node = self.nodes.get(edge["source"].name)
        number = edge["sourceHandle"].name.rpartition("-")[2]
        if node is None or not number.isdecimal():
            return label
        inputs, name = node["data"]["inputs"], node["data"]["name"].name
        if name == f"conditionAgent{_OF_AGENT}":
            return inputs["conditionAgentScenarios"][int(number)]["scenario"].name or label
        if name == f"condition{_OF_AGENT}" and inputs["conditions"].is_list:
            case = inputs["conditions"][int(number)]
            if not case.is_mapping:
                return "else"
            return " ".join(case[key].name for key in ("value1", "operation", "value2") if case[key].name)
        return label
