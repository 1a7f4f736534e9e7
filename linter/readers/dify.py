"""Dify apps (the DSL, as YAML or JSON): chatflows and workflows by their graph, chat and agent apps by their settings.

Each message of a customer goes through the graph once, from its start to where no edge leads on. What the customer
reads are *Answer* nodes and forms; what these print of templates, code, assigned values and values for when a node
fails is said where that stands. What a model words is not in the file. The opening statement, and the form for what
the start wants to know, stand on Dify's own page; a channel of one's own has neither, so a conversation may begin
without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .common import as_label
from .components import component_of
from .drafts import FlowDraft, StepDraft, follow
from .nodes import Node, holds, root, search
from .program_code import sentences_in
from .prose import is_sentence, places
from .reasons import CODE, ELSEWHERE, INTERNAL, MAIL, UNKNOWN_BLOCK, WEB_SERVICE
from .requests import BODIES, for_customer, goes_to_chat
from .whatsapp_payloads import is_message, read_message, request

NAME = "dify"
TITLE = "Dify apps"

_MODES = frozenset(("advanced-chat", "workflow", "chat", "agent-chat", "agent", "completion"))
_PRINTED = re.compile(r"\{\{#([\w-]+)\.([\w.-]+)#\}\}")
_BEGINS = frozenset(("iteration-start", "loop-start"))
_DATA = ("code", "template-transform", "http-request", "tool", "list-operator", "document-extractor")
_QUERY = ["sys", "query"]
_SILENT = frozenset((
    "if-else", "end", "knowledge-retrieval", "iteration", "iteration-start", "loop", "loop-start", "loop-end",
    "variable-aggregator", "variable-assigner", "datasource", "datasource-empty", "knowledge-index",
))  # fmt: skip
_DRAWN = frozenset(("title", "desc"))
_FORM = {
    "text-input": "text", "text_input": "text", "paragraph": "text", "number": "number", "select": "choice",
    "checkbox": "choice", "file": "upload", "file-list": "upload", "external_data_tool": "text",
}  # fmt: skip
_FAILED, _WORKED = "fail-branch", "success-branch"
_ELSE = "false"
_COUNT = ["sys", "dialogue_count"]
_IS_FEW = {"=": ("0", "1"), "is": ("0", "1"), "<": ("1", "2"), "≤": ("0", "1"), "<=": ("0", "1")}
_IS_MORE = {"≠": ("0", "1"), "is not": ("0", "1"), ">": ("0", "1"), "≥": ("1", "2"), ">=": ("1", "2")}
_FIRST, _LATER = "first", "later"


def _is_node(value: Any) -> bool:
    return isinstance(value, dict) and "id" in value and isinstance(value.get("data"), dict) and "type" in value["data"]


def _is_graph(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("edges"), list):
        return False
    nodes = value.get("nodes")
    return isinstance(nodes, list) and any(_is_node(node) and _is_start(node["data"]) for node in nodes)


def _is_start(data: dict[str, Any]) -> bool:
    type = data["type"]
    return type == "start" or (isinstance(type, str) and type.startswith("trigger-"))


def is_app(value: Any) -> bool:
    """Whether a value is an app with its graph or its settings, or a graph as the interface lists it."""
    if not isinstance(value, dict):
        return False
    app, settings = value.get("app"), value.get("model_config")
    if isinstance(app, dict) and isinstance(app.get("mode"), str):
        workflow = value.get("workflow")
        has_graph = isinstance(workflow, dict) and isinstance(workflow.get("graph"), dict)
        return has_graph or (app["mode"] in _MODES and isinstance(settings, dict))
    return _is_graph(value.get("graph")) and ("features" in value or "conversation_variables" in value)


def claims(document: Document) -> bool:
    return holds(document, is_app, 2)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for app in search(root(document), is_app, 2):
        name = app["app"]["name"].text
        workflow = app["workflow"] if app["workflow"].is_mapping else app
        if workflow["graph"].is_mapping:
            is_chat = app["app"]["mode"].name != "workflow"
            _Reading(builder, builder.flow(name), workflow).read(is_chat)
        _settings(builder, app["model_config"], name)
    return builder.conversation()


def _settings(builder: Builder, settings: Node, name: str) -> None:
    """A chat without a graph: what its page says and asks before the first message; the rest a model words."""
    if not settings.is_mapping:
        return
    flow = builder.flow(name)
    opening = flow.step("opening", settings["opening_statement"], "opening")
    flow.enter("opening")
    _features(builder, opening, settings)
    for number, item in enumerate(settings["user_input_form"]):
        for type, field in item.items():
            _field(builder, opening, field, type, f"form[{number}]")
    for orders in _prompts(settings):
        if orders.text.strip():
            builder.unseen(orders, LANGUAGE_MODEL, "instructions")


def _prompts(settings: Node) -> Iterator[Node]:
    yield settings["pre_prompt"]
    for prompt in settings["chat_prompt_config"]["prompt"]:
        yield prompt["text"]
    yield settings.at("completion_prompt_config", "prompt", "text")


def _features(builder: Builder, opening: StepDraft, features: Node) -> None:
    builder.say(opening, features["opening_statement"], "opening")
    for number, question in enumerate(features["suggested_questions"]):
        builder.say(opening, question, f"suggested[{number}]", "option")
    kept = features.at("sensitive_word_avoidance", "config")
    for key in ("inputs_config", "outputs_config"):
        if features.at("sensitive_word_avoidance", "enabled").value is not False:
            builder.say(None, kept[key]["preset_response"], f"moderation.{key}")


def _field(builder: Builder, step: StepDraft, field: Node, type: str, id: str) -> None:
    """A field of a form: what stands beside it, what can be chosen, and where the answer goes."""
    name = field.first("variable", "output_variable_name")
    if field["hide"].value is True or not name.name:
        return
    label = field["label"].text
    if label != name.name:
        builder.say(step, field["label"], f"{id}.label", "label")
    for key in ("placeholder", "hint"):
        if field[key].text:
            builder.say(step, field[key], f"{id}.{key}", "label")
    for number, option in enumerate(field["options"]):
        builder.say(step, option, f"{id}.option[{number}]", "option")
    component = _FORM.get(type) or component_of(type)
    builder.take(step, name, name.name, type, component, label=label, waits=False)


class _Turn(NamedTuple):
    """Which way of a condition is open on a customer's first message and on later ones."""

    first: bool = True
    later: bool = True


class _Reading:
    """Reads one graph."""

    def __init__(self, builder: Builder, flow: FlowDraft, workflow: Node) -> None:
        self.builder = builder
        self.flow = flow
        self.workflow = workflow
        graph = workflow["graph"]
        placed = [node for node in graph["nodes"] if _is_node(node.value)]
        self.nodes = {node["id"].name: node for node in placed if node["data"]["type"].name}
        self.starts = [id for id, node in self.nodes.items() if _is_start(node["data"].value)]
        self.notes = [node for node in placed if not node["data"]["type"].name]
        self.edges = [edge for edge in graph["edges"] if edge.is_mapping]
        self.printed = self._all_printed()
        self.turns = (_FIRST, _LATER) if self._counts() else (_LATER,)
        self.counted: dict[tuple[str, str], _Turn] = {}
        self.read_before: dict[str, StepDraft] = {}

    def read(self, is_chat: bool) -> None:
        for id, node in self.nodes.items():
            if node["data"]["type"].name == "if-else":
                self._count(id, node["data"])
        for turn in self.turns:
            for id in self._there(turn):
                self._node(turn, id, self.nodes[id])
            self._ways(turn)
        self._begin()
        if is_chat:
            self._variables()
        for note in self.notes:
            self.builder.skip(note["data"]["text"], INTERNAL, note["id"].name)

    def _all_printed(self) -> set[tuple[str, str]]:
        """What customers may read of other nodes and of variables, also by way of a template or an assigned value."""
        found: set[tuple[str, str]] = set()
        shown = []
        for node in self.nodes.values():
            data = node["data"]
            if data["type"].name in ("answer", "human-input"):
                shown += [data["answer"].text, data["form_content"].text]
        left = [name for text in shown for name in _PRINTED.findall(text)]
        sources = self._sources()
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += sources.get(name[0], ()) if name[0] in self.nodes else sources.get(".".join(name), ())
        return found

    def _sources(self) -> dict[str, list[tuple[str, str]]]:
        """What stands in what each node makes, by its number, and in each variable, by its name."""
        found: dict[str, list[tuple[str, str]]] = {}
        for id, node in self.nodes.items():
            data = node["data"]
            type = data["type"].name
            if type == "template-transform":
                found[id] = [_name(one["value_selector"]) for one in data["variables"]]
            elif type in ("variable-aggregator", "variable-assigner"):
                groups = (group["variables"] for group in data.at("advanced_settings", "groups"))
                found[id] = [_name(one) for several in (data["variables"], *groups) for one in several]
            elif type == "assigner":
                for target, value in _assigned(data):
                    found.setdefault(".".join(_name(target)), []).append(_name(value))
        return found

    def _is_printed(self, id: str) -> bool:
        return any(name == id for name, _ in self.printed)

    # -- nodes ------------------------------------------------------------------------------------------------------

    def _there(self, turn: str) -> list[str]:
        """The nodes that a message can come to: of those that none can, and of all where turns are alike, once each."""
        if len(self.turns) == 1:
            return list(self.nodes)
        ways = {each: self._open(each) for each in self.turns}
        reached: dict[str, set[str]] = {}
        for each in self.turns:
            reached[each] = set(self.starts)
            follow(tuple(reached[each]), ways[each], reached[each])
        if turn == _FIRST:
            return [id for id in self.nodes if id in reached[_FIRST]]
        return [id for id in self.nodes if id in reached[_LATER] or id not in reached[_FIRST]]

    def _open(self, turn: str) -> dict[str, list[str]]:
        """Where ways that are open lead, also into what is done again and again."""
        found: dict[str, list[str]] = {}
        for edge in self.edges:
            if getattr(self.counted.get((edge["source"].name, edge["sourceHandle"].name), _Turn()), turn):
                found.setdefault(edge["source"].name, []).append(edge["target"].name)
        for id, node in self.nodes.items():
            found.setdefault(self._holder(node), []).append(id)
        return found

    def _holder(self, node: Node) -> str:
        """The node that does this one again and again, "" for most."""
        return node["parentId"].name or node["data"].first("iteration_id", "loop_id").name

    def _node(self, turn: str, id: str, node: Node) -> None:
        data = node["data"]
        type, title = data["type"].name, data["title"].name or id
        step = self.flow.step((turn, id), node, title if turn == _LATER else f"{title} (first)")
        if (former := self.read_before.get(id)) is not None:
            self.builder.repeat(step, former.messages)
            self.builder.retake(step, former.captures)
            step.variants.update(former.variants)
            step.waits = former.waits or _is_start(data.value)
            return
        self.read_before[id] = step
        name = step.id
        if type == "answer":
            self.builder.say(step, data["answer"], f"{name}.answer")
        elif type == "human-input":
            self._form(step, data)
        elif type == "assigner":
            self._assign(step, data)
        elif type in ("llm", "agent", "question-classifier", "parameter-extractor"):
            self._model(step, data, type)
        elif type in _DATA:
            self._made(step, id, data, type)
        elif type not in _SILENT and not _is_start(data.value):
            for path in places({key: item for key, item in data.value.items() if key not in _DRAWN}, is_sentence):
                self.builder.overlook(data.at(*path), UNKNOWN_BLOCK, name)
        self._failing(step, id, data)

    def _form(self, step: StepDraft, data: Node) -> None:
        """A form; one that is sent by mail alone is for colleagues."""
        methods = [one for one in data["delivery_methods"] if one["enabled"].value is not False]
        for method in data["delivery_methods"]:
            self.builder.skip(method["config"]["body"], MAIL, step.id)
        if methods and all(one["type"].name != "webapp" for one in methods):
            self.builder.skip(data["form_content"], INTERNAL, step.id)
            return
        self.builder.say(step, data["form_content"], f"{step.id}.form", "prompt")
        for number, field in enumerate(data["inputs"]):
            _field(self.builder, step, field, field["type"].name, f"{step.id}.inputs[{number}]")
        for number, action in enumerate(data["user_actions"]):
            self.builder.say(step, action["title"], f"{step.id}.actions[{number}]", "button")
        step.waits = True

    def _assign(self, step: StepDraft, data: Node) -> None:
        for target, value in _assigned(data):
            name = ".".join(_name(target))
            if value.value == _QUERY:
                place = target[len(target.value) - 1] if target.is_list else target
                self.builder.take(step, place, _name(target)[1], "variable", "text", waits=False)
            elif value.text and _name(target) in self.printed:
                self.builder.say(step, value, f"{step.id}.{name}")
            elif is_sentence(value.value):
                self.builder.skip(value, INTERNAL, step.id)

    def _model(self, step: StepDraft, data: Node, type: str) -> None:
        """What a model is told, and what it takes out of a customer's words."""
        prompts = data["prompt_template"]
        given = [one.first("jinja2_text", "text") for one in prompts] if prompts.is_list else [prompts["text"]]
        given += [data["instruction"], data.at("agent_parameters", "instruction", "value")]
        for orders in given:
            if orders.text.strip() and not _PRINTED.fullmatch(orders.text.strip()):
                self.builder.unseen(orders, LANGUAGE_MODEL, step.id)
        if type == "parameter-extractor":
            for field in data["parameters"]:
                label = as_label(field["description"].value)
                kind = component_of(field["type"].name, "text")
                self.builder.take(step, field["name"], field["name"].name, type, kind, label=label, waits=False)

    def _made(self, step: StepDraft, id: str, data: Node, type: str) -> None:
        """What a program, a template or a server makes: it is said where an answer prints it."""
        is_said = self._is_printed(id)
        if type == "template-transform":
            if is_said:
                self.builder.say(step, data["template"], f"{step.id}.template")
            else:
                self.builder.skip(data["template"], INTERNAL, step.id)
        elif type == "code":
            for start, text in sentences_in(data["code"].text) if is_said else ():
                one = one_of(data["code"], start, False)
                self.builder.say(step, data["code"], f"{step.id}.code", text=text, offset=start, variant=one)
        elif type == "http-request":
            self._request(step, data)
        elif type == "tool":
            self._tool(step, data)
        if is_said and type in ("http-request", "tool", "code"):
            self.builder.unseen(data["title"], CODE if type == "code" else WEB_SERVICE, step.id)

    def _request(self, step: StepDraft, data: Node) -> None:
        """A message that is sent by way of a chat product's own interface."""
        url, body = data["url"], data["body"]["data"]
        texts = [body] if body.text else [one["value"] for one in body]
        given: list[tuple[str, Node]] = [(one["key"].name, one["value"]) for one in body if one["key"].name]
        for text in texts:
            sent = request(self.builder, text, step.id)
            if is_message(sent.value):
                read_message(self.builder, sent, step.id, step)
                return
            given += sent.items()
        for name, value in for_customer(self.builder, step, url, given, url.text, step.title, _fields) or ():
            self.builder.say(step, value, f"{step.id}.{name}")

    def _tool(self, step: StepDraft, data: Node) -> None:
        """A tool, or another app that is used as one."""
        if data["provider_type"].name == "workflow":
            self.builder.unseen(data["tool_name"], ELSEWHERE, step.id)
        says = goes_to_chat(f"{data['provider_id'].name} {data['provider_name'].name} {data['tool_name'].name}")
        given = [*data["tool_parameters"].items(), *data["tool_configurations"].items()]
        for name, item in given:
            value = item["value"] if item.is_mapping else item
            if says and name.lower() in BODIES:
                self.builder.say(step, value, f"{step.id}.{name}")
            elif is_sentence(value.value):
                self.builder.skip(value, INTERNAL, step.id)

    def _failing(self, step: StepDraft, id: str, data: Node) -> None:
        """What stands in for the outcome of a node that failed."""
        for one in data["default_value"] if data["error_strategy"].name == "default-value" else ():
            if (id, one["key"].name) in self.printed and one["value"].text:
                self.builder.say(step, one["value"], f"{step.id}.default")

    def _variables(self) -> None:
        """What variables hold from the beginning is said where an answer prints them."""
        for key, scope in (("conversation_variables", "conversation"), ("environment_variables", "env")):
            for variable in self.workflow[key]:
                value = variable["value"]
                if (scope, variable["name"].name) in self.printed and is_sentence(value.value):
                    self.builder.say(None, value, f"{scope}.{variable['name'].name}")

    # -- ways -------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        features = self.workflow["features"]
        first = self.turns[0]
        fields = [(id, field) for id in self.starts for field in self.nodes[id]["data"]["variables"]]
        if features["opening_statement"].text.strip() or features["suggested_questions"] or fields:
            opening = self.flow.step("opening", features["opening_statement"], "opening")
            _features(self.builder, opening, features)
            for number, (id, field) in enumerate(fields):
                title = self.nodes[id]["data"]["title"].name or id
                _field(self.builder, opening, field, field["type"].name, f"{title}.variables[{number}]")
            self.flow.enter("opening")
            for id in self.starts:
                self.flow.link_later("opening", (first, id))
        elif features.is_mapping:
            _features(self.builder, StepDraft("", "", features), features)
        for id in self.starts:
            self.flow.enter((first, id))

    def _ways(self, turn: str) -> None:
        led: set[str] = set()
        for edge in self.edges:
            source, target = edge["source"].name, edge["target"]
            handle = edge["sourceHandle"].name
            open_to = self.counted.get((source, handle), _Turn())
            if not self.flow.has((turn, source)):
                continue
            led.add(source)
            if getattr(open_to, turn):
                said = self._condition(source, handle)
                is_else = handle == _ELSE and bool(said)
                end = (turn, target.name)
                self.flow.link(end, said, start=(turn, source), place=target, otherwise=is_else)
        self._insides(turn, led)
        if turn == _FIRST:
            for id in [one for one in self.nodes if one not in led] if self.starts else ():
                self.flow.link_later((_FIRST, id), (_LATER, self.starts[0]), "the next message")

    def _insides(self, turn: str, led: set[str]) -> None:
        """Ways into what is done again and again, and back."""
        for id, node in self.nodes.items():
            holder = self._holder(node)
            if not (self.flow.has((turn, holder)) and self.flow.has((turn, id))):
                continue
            if node["data"]["type"].name in _BEGINS or self.nodes[holder]["data"]["start_node_id"].name == id:
                self.flow.link((turn, id), start=(turn, holder))
            if id not in led:
                led.add(id)
                self.flow.link_later((turn, id), (turn, holder))

    def _condition(self, source: str, handle: str) -> str:
        """What a way from a node means."""
        data = self.nodes[source]["data"] if source in self.nodes else Node(None, (), self.workflow.document)
        if handle in (_FAILED, _WORKED):
            return handle if handle == _FAILED else ""
        for one in data["classes"]:
            if one["id"].name == handle:
                return one["name"].name
        for one in data["user_actions"]:
            if one["id"].name == handle:
                return one["title"].name
        if data["type"].name != "if-else":
            return ""
        for of_case, case in _cases(data):
            if handle == of_case:
                return _said(case)
        return "else"

    def _counts(self) -> bool:
        return any(
            one["variable_selector"].value == _COUNT
            for node in self.nodes.values()
            for _, case in _cases(node["data"])
            for one in case["conditions"]
        )

    def _count(self, id: str, data: Node) -> None:
        """The ways of a condition that asks how often the customer wrote."""
        taken = _Turn(False, False)
        for handle, case in _cases(data):
            always, never = _met(case)
            first, later = not taken.first and not never.first, not taken.later and not never.later
            self.counted[id, handle] = _Turn(first, later)
            taken = _Turn(taken.first or always.first, taken.later or always.later)
        self.counted[id, _ELSE] = _Turn(not taken.first, not taken.later)


def _fields(value: str) -> str:
    """A value with its fields ("{{#start.phone#}}") as other products write them."""
    return value.replace("{{#", "{{")


def _cases(data: Node) -> Iterator[tuple[str, Node]]:
    """The cases of a condition by the handles of their ways; there was only one once, without a list."""
    for number, case in enumerate(list(data["cases"]) or ([data] if data["conditions"] else [])):
        yield case.first("case_id", "id").name or ("" if number else "true"), case


def _met(case: Node) -> tuple[_Turn, _Turn]:
    """Whether a case is met, and whether it is not met, on every first message and on every later one."""
    always, never = _Turn(False, False), _Turn(False, False)
    conditions = list(case["conditions"])
    for one in conditions:
        if one["variable_selector"].value != _COUNT:
            continue
        operator, value = one["comparison_operator"].name, one["value"].name
        is_few, is_more = value in _IS_FEW.get(operator, ()), value in _IS_MORE.get(operator, ())
        is_any = case["logical_operator"].name == "or"
        if (is_few or is_more) and (len(conditions) == 1 or not is_any):
            never = _Turn(never.first or is_more, never.later or is_few)
        if (is_few or is_more) and (len(conditions) == 1 or is_any):
            always = _Turn(always.first or is_few, always.later or is_more)
    return always, never


def _said(case: Node) -> str:
    """A case in words, as far as they are short."""
    joint = f" {case['logical_operator'].name or 'and'} "
    parts = []
    for one in case["conditions"]:
        name = ".".join(_name(one["variable_selector"])[-1:])
        parts.append(f"{name} {one['comparison_operator'].name} {one['value'].name}".strip())
    return joint.join(parts) or "true"


def _name(selector: Node) -> tuple[str, str]:
    """What a selector names: a node or a scope, and what is in it."""
    parts = [one.name for one in selector]
    return (parts[0], ".".join(parts[1:])) if parts else ("", "")


def _assigned(data: Node) -> Iterator[tuple[Node, Node]]:
    """The variables that a node fills, each with the value: a text, or a selector."""
    if data["assigned_variable_selector"].is_list:
        yield data["assigned_variable_selector"], data["input_variable_selector"]
    for item in data["items"]:
        if item["variable_selector"].is_list:
            yield item["variable_selector"], item["value"]
