"""n8n workflows that talk to customers: nodes of chat products, requests to their interfaces, chats and forms.

Each node is a step. A value that begins with "=" is an expression: the rest of it is the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .components import component_of
from .drafts import FlowDraft, StepDraft, follow
from .linked import beside, connected
from .nodes import Node, holds, root, search
from .program_code import made_in, said_in
from .prose import is_sentence
from .reasons import CODE, CUSTOMER, ELSEWHERE, INTERNAL, MAIL, NODE_OFF, TEMPLATE
from .requests import UNKNOWN, goes_to_chat, is_sent
from .senders import KINDS, TEXTS, channel_of
from .whatsapp_payloads import body, is_message, read_message

NAME = "n8n"
TITLE = "n8n workflows"

_FLAG = re.compile(r"""\b(private|message_type)["']?\s*:\s*["']?(\w{1,20})""")
_KEY = re.compile(
    r"""(?<![\w$.])["']?(?P<key>\w{1,40})["']?\s*:\s*(?:["'`](?P<value>[^"'`\n]{0,400})|(?P<bare>[^,"'`\n]{1,80}))"""
)
_NOTE = "an internal note"
_TELEGRAM = re.compile(r"telegram\.org", re.IGNORECASE)
_CALLS = ".executeWorkflow"
_IS_CALLED = ".executeWorkflowTrigger"
_MOST_FILES = 50  # beside a workflow that are looked into for those that it calls or that call it
_SILENT = frozenset(
    ("options", "headers", "headerparameters", "queryparameters", "authentication", "credentials", "conditions")
)
_MODELS = re.compile(
    r"langchain\.(?:agent|chain|openai|anthropic|googlegemini|ollama)|n8n-nodes-base\.openai", re.IGNORECASE
)
_MODEL_URL = re.compile(
    r"(?:openai|anthropic|openrouter|groq|mistral|deepseek|perplexity|together|cohere)\.(?:com|ai|xyz)"
    r"|openai\.azure|generativelanguage|aiplatform\.googleapis|/chat/completions|/api/(?:chat|generate)\b",
    re.IGNORECASE,
)
_TOLD = "what a language model is told"
_SAYING = re.compile(
    r"\b(?:\w*(?:_|[a-z](?=[A-Z])))?(?i:message|msg|text|reply|output|response|resposta|mensagem|respuesta|mensaje|body"
    r"|caption)\b\s*\+?[:=]\s*[\"'`]"
)
_MARKED = re.compile(r"messaging_product\W+whatsapp")
_LITERAL = re.compile(
    r"""(?<![\w$])["']?(?P<key>\w+)["']?\s*:\s*(?P<quote>["'`])(?P<text>(?:(?!(?P=quote))[^\\]|\\.)*)(?P=quote)"""
)
_GIVEN = re.compile(
    r"\bjson\W{1,9}(?:\.{3}\w{1,80}\W{1,4})?(\w{1,80})\s{0,80}\}|(?<!\w)(\w{1,80})[\"'\]]{0,4}\s{0,80}(?:\+?=(?!=)|:)"
)
"""What code hands on: ``json.name = …``, ``{name: …}``, ``{json: {name}}``."""
_NAMES = re.compile(r"\$?json(?:\.|\[[\"'])(\w+)")
_FIELDS = {"email": "email", "password": "password", "file": "upload", "date": "date", "number": "number"}


def is_workflow(value: Any) -> bool:
    """Whether a value has nodes with parameters and the connections between them."""
    nodes = value.get("nodes") if isinstance(value, dict) else None
    if not isinstance(nodes, list) or not isinstance(value.get("connections"), dict):
        return False
    return any(isinstance(node, dict) and "parameters" in node and "type" in node for node in nodes)


def claims(document: Document) -> bool:
    return holds(document, is_workflow, 2)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    nodes = list(search(root(document), is_workflow, 2))
    others = _beside(document, nodes, neighbours)
    workflows = [*nodes, *connected(nodes, others, lambda node: {_known_as(node)} - {""}, _calls)]
    called = {name for node in workflows for name in _calls(node)} & {_known_as(node) for node in workflows}
    first = next((node for node in workflows if _known_as(node) not in called), workflows[0])
    whole = builder.flow(first["name"].text) if called else None
    for number, node in enumerate(workflows):
        builder.also(node.document)
        flow = whole or builder.flow(node["name"].text)
        _Reading(builder, node, flow, number if whole else "", called).read()
    return builder.conversation()


def _known_as(node: Node) -> str:
    """What other workflows call this one by."""
    return node["id"].name or node["name"].text


def _called_by(node: Node) -> tuple[str, ...]:
    """The workflow that a node calls: its number, or its name where an export has no numbers."""
    given = node["parameters"]["workflowId"]
    names = (given.name or given["value"].name, given["cachedResultName"].text)
    return tuple(name for name in names if name) if node["type"].name.endswith(_CALLS) else ()


def _calls(node: Node) -> set[str]:
    return {name for one in node["nodes"] for name in _called_by(one)}


def _beside(document: Document, nodes: list[Node], neighbours: Neighbours) -> list[list[Node]]:
    """The workflows of each file beside one that calls others or is called itself."""
    types = [one["type"].name for node in nodes for one in node["nodes"]]
    if not any(type.endswith((_CALLS, _IS_CALLED)) for type in types):
        return []
    called = {name for node in nodes for name in _calls(node)}  # exports are called by a workflow's number or its name
    documents = beside(document, neighbours, called, _MOST_FILES)
    return [list(search(root(one), is_workflow, 2)) for one in documents if claims(one)]


def _expression(node: Node) -> int:
    """Where the text of a value begins: behind the "=" of an expression."""
    return 1 if node.text.startswith("=") else 0


def _written(node: Node) -> Node:
    """The JSON that a value is written as."""
    return body(node, _expression(node))


def _is_object(text: str) -> bool:
    """Whether a string holds an object, and not a variable."""
    start = text.lstrip()[:2]
    return start[:1] == "{" and start != "{{"


def _body_parameters(parameters: Node) -> tuple[Node, ...]:
    """The body of a request that is given by name and value."""
    lists = [parameters[key] for key in ("bodyParameters", "bodyParametersUi")]
    return tuple(one for given in lists for key in ("parameters", "parameter") for one in given[key])


def _pairs(parameters: Node) -> Iterator[tuple[str, str]]:
    """The names in the body of a request, in lower case, and what stands behind them; "{{" for a variable."""
    for parameter in _body_parameters(parameters):
        yield parameter["name"].text.lower(), parameter["value"].text
    for key in ("jsonBody", "body"):
        node = parameters[key]
        inner = _written(node) if node.text else node
        if inner.is_mapping:
            for name, value in inner.items():
                yield name.lower(), "{{" if value.value is None else value.name
        else:
            for found in _KEY.finditer(node.text):
                is_variable = found["value"] is None and not found["bare"].strip().isdecimal()
                yield found["key"].lower(), "{{" if is_variable else found["value"] or ""


def _private(parameters: Node) -> bool:
    """Whether a message of Chatwoot is a note for colleagues."""
    given = (parameters, parameters["options"], parameters["additionalFields"])
    if any(one["private"].value is True for one in given):
        return True
    return any(name == "private" and value.strip("={} ").lower() == "true" for name, value in _flags(parameters))


def _is_incoming(parameters: Node) -> bool:
    return any(name == "message_type" and value == "incoming" for name, value in _flags(parameters))


def _flags(parameters: Node) -> Iterator[tuple[str, str]]:
    """The names in the body of a request and the words behind them, truth values too."""
    for parameter in _body_parameters(parameters):
        value = parameter["value"].value
        yield parameter["name"].text, "true" if value is True else parameter["value"].text
    for key in ("jsonBody", "body"):
        for name, value in parameters[key].items():
            yield name, "true" if value.value is True else value.text
        for found in _FLAG.finditer(parameters[key].text):
            yield found[1], found[2]


class _Reading:
    """Reads one workflow, whose flow may be that of others, too: of those that call it and that it calls."""

    def __init__(self, builder: Builder, node: Node, flow: FlowDraft, scope: Hashable, called: Collection[str]) -> None:
        self.builder = builder
        self.node = node
        self.flow = flow
        self.scope = scope
        """What tells the steps of this workflow from those of others in the same flow."""
        self.called = called
        self.named: set[str] = set()
        self.set: list[tuple[StepDraft, str, Node]] = []
        self.codes: list[tuple[StepDraft, Node]] = []

    def read(self) -> None:
        for node in self.node["nodes"]:
            type = node["type"].name
            name = node["name"].name
            if type.endswith("stickyNote"):
                self.builder.skip(node["parameters"]["content"], INTERNAL, name)
                continue
            step = self._step(node, name, type)
            if node["disabled"].value is True:
                self.builder.skip(node["parameters"], NODE_OFF, name)
            else:
                self._node(step, node["parameters"], type)
                self._call(node, name)
            if not self.node["connections"][name] or "main" in self.node["connections"][name]:
                self._ways(node, type)
        made = self._made()
        for step, name, value in self.set:
            if name in made:
                self._say(step, value, f"{step.id}.{name}", "reply", ())
        for number, (step, code) in enumerate(self.codes):
            if any(not made.isdisjoint(names) for names in _GIVEN.findall(code.text)):
                self._code(step, code, number, made)

    def _made(self) -> set[Hashable]:
        """The fields that what is sent is made from, node by node: those that it names, what these are put together
        of, and so on. A variable of a program is told from a field by the number of the program.
        """
        made_of: dict[Hashable, list[Hashable]] = {}
        for _, name, value in self.set:
            made_of.setdefault(name, []).extend(_NAMES.findall(value.text))
        for number, (_, code) in enumerate(self.codes):
            for one in made_in(code.text):
                made_of.setdefault(one.name, []).append((number, one.name))
                parts = made_of.setdefault((number, one.name), [])
                parts += [*one.fields, *((number, name) for name in one.variables)]
        found: set[Hashable] = set(self.named)
        follow(self.named, made_of, found)
        return found

    def _code(self, step: StepDraft, code: Node, program: int, made: set[Hashable]) -> None:
        """What code says in so many words, where a node that sends takes something from it."""
        found = False
        for number, said in enumerate(said_in(code.text)):
            if said.is_spoken or said.name in made or (program, said.name) in made:
                found = True
                self.builder.say(step, code, f"{step.id}[{number}]", text=said.text, offset=said.start)
        if not found and not _SAYING.search(code.text):
            self.builder.unseen(code, CODE, step.id)

    def _step(self, node: Node, name: str, type: str) -> StepDraft:
        """Models, memories and tools hang on a node and are no steps of the way."""
        connections = self.node["connections"][name]
        if connections and "main" not in connections:
            return StepDraft(name, name, node)
        step = self.flow.step(self._key(name), node, name)
        beginning = (_known_as(self.node), _IS_CALLED, "")
        if type.endswith(_IS_CALLED) and beginning[0] in self.called and not self.flow.has(beginning):
            self.flow.alias(beginning, self._key(name))
        elif type.lower().endswith(("trigger", ".webhook", ".start", ".cron", ".interval")):
            self.flow.enter(self._key(name))
        return step

    def _key(self, name: str) -> Hashable:
        return (self.scope, name) if self.scope != "" else name

    def _call(self, node: Node, id: str) -> None:
        """Another workflow takes place and comes back; of one that is not here it is told that it goes on."""
        names = _called_by(node)
        here = next((name for name in names if name in self.called), "")
        if here:
            self.flow.link((here, _IS_CALLED, ""), call=True)
        elif names:
            self.builder.unseen(node["parameters"]["workflowId"], ELSEWHERE, id)

    def _node(self, step: StepDraft, parameters: Node, type: str) -> None:
        lower = type.lower()
        channel = channel_of(type)
        if channel is not None and not (lower.endswith("trigger") and channel != "webchat"):
            self._chat(step, parameters, channel)
        elif lower.endswith((".form", ".formtrigger")):
            for shown in (parameters, parameters["options"]):
                self._texts(step, shown, step.id, ("webchat",))
        elif lower.endswith(("httprequest", "httprequesttool")):
            self._request(step, parameters)
        elif lower.endswith((".code", ".function", ".functionitem")):
            code = parameters.first("jsCode", "pythonCode", "functionCode")
            self.codes.append((step, code))
            if _SAYING.search(code.text):
                self.builder.unseen(code, CODE, step.id)
        elif lower.endswith(".set"):
            self._assignments(step, parameters)
        elif _MODELS.search(type) or ("langchain." in lower and parameters["prompt"].text):
            self.builder.unseen(parameters, LANGUAGE_MODEL, step.id)
            told = ("text", "prompt", "messages")
            for prompt in (*(parameters[key] for key in told), parameters["options"]["systemMessage"]):
                self.builder.skip(prompt, _TOLD, step.id)
        elif "gmail" in lower or "emailsend" in lower or "smtp" in lower:
            self.builder.skip(parameters.first("message", "text", "html"), MAIL, step.id)
        elif lower.endswith("respondtowebhook"):
            self._answer(step, parameters["responseBody"])
        if parameters["defineForm"].name == "json":
            self._written_form(step, parameters["jsonOutput"])
        elif parameters["formFields"]:
            self._form(step, parameters["formFields"]["values"])

    def _chat(self, step: StepDraft, parameters: Node, channel: str) -> None:
        if _private(parameters):
            self.builder.skip(parameters, _NOTE, step.id)
            return
        if parameters["toWhatsapp"].value is True:
            channel = "whatsapp"
        elif parameters["resource"].text == "call":
            channel = "voice"
        channels = (channel,) if channel else ()
        if parameters["operation"].name in ("sendTemplate", "template") or parameters["template"].name:
            self.builder.unseen(parameters.first("template", "operation"), TEMPLATE, step.id)
        self._texts(step, parameters, step.id, channels)
        for key in ("options", "additionalFields"):
            self._texts(step, parameters[key], step.id, channels)
        step.waits = step.waits or parameters["operation"].name in ("sendAndWait", "dispatchAndWait")

    def _texts(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...]) -> None:
        """Parameters that hold texts, at any depth."""
        for key, value in node.items():
            plain = key.lower()
            if plain in TEXTS and value.text:
                self._say(step, value, f"{id}.{key}", KINDS.get(plain, "reply"), channels)
            elif value.is_list or (value.is_mapping and plain not in _SILENT):
                self._texts(step, value, f"{id}.{key}", channels)
        for number, item in enumerate(node):
            self._texts(step, item, f"{id}[{number}]", channels)

    def _say(self, step: StepDraft, node: Node, id: str, kind: str, channels: tuple[str, ...]) -> None:
        value = node.text
        self.named.update(_NAMES.findall(value))
        expression = _expression(node)
        if _is_object(value[expression:]):
            self._inside(step, node, id, channels)
        else:
            self.builder.say(
                step, node, id, kind, channels=channels, text=value[1:] if expression else None, offset=expression
            )

    def _inside(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...]) -> None:
        """The texts of an object that is written out in a string."""
        inner = _written(node)
        if inner.is_mapping:
            self._texts(step, inner, id, channels)
        elif not self._literals(step, node, channels):
            self.builder.unseen(node, CODE, id)

    def _request(self, step: StepDraft, parameters: Node) -> None:
        """A request is a message when it goes to a chat product, or when its body is one."""
        url = parameters["url"].text
        if _MODEL_URL.search(url):
            self._asked(step, parameters)
            return
        channels = ("telegram",) if _TELEGRAM.search(url) else ()
        chat = goes_to_chat(url) or self._is_sent(step, parameters)
        if chat and "whats" in f"{url} {step.title}".lower():
            channels = ("whatsapp",)
        apart = _NOTE if _private(parameters) else CUSTOMER if _is_incoming(parameters) else ""
        if chat and apart:
            self.builder.skip(parameters, apart, step.id)
            return
        for key in ("jsonBody", "body"):
            node = parameters[key]
            inner = _written(node) if node.text else node
            if is_message(inner.value):
                read_message(self.builder, inner, step.id, step)
            elif chat and inner.is_mapping:
                self._texts(step, inner, step.id, channels)
            elif (chat or _MARKED.search(node.text)) and node.text and not self._literals(step, node, channels):
                self.builder.unseen(node, CODE, f"{step.id}.{key}")
            self.named.update(_NAMES.findall(node.text))
        for parameter in _body_parameters(parameters) if chat else ():
            name, value = parameter["name"].text, parameter["value"]
            if name == "messaging_product" and value.text == "whatsapp":
                channels = ("whatsapp",)
            elif name.rpartition(".")[2].lower() in TEXTS:
                self._say(step, value, f"{step.id}.{name}", "reply", channels)
            elif _is_object(value.text[_expression(value) :]):
                self._inside(step, value, f"{step.id}.{name}", channels)

    def _is_sent(self, step: StepDraft, parameters: Node) -> bool:
        """Whether a request to a server of which nothing is known goes to a customer; where it may, that is told."""
        sent = is_sent(_pairs(parameters), parameters["url"].text, step.title)
        if sent is None:
            self.builder.overlook(parameters["url"], UNKNOWN, step.id)
        return bool(sent)

    def _answer(self, step: StepDraft, node: Node) -> None:
        """What a chat of the company's own gets back: TwiML, a sentence, or an object with one in it."""
        said = node.text[_expression(node) :]
        if said.lstrip()[:2] == "{{":
            self._literals(step, node, ())
        elif "<Message" in said or is_sentence(said) or _is_object(said):
            self._say(step, node, f"{step.id}.responseBody", "reply", ())

    def _asked(self, step: StepDraft, parameters: Node) -> None:
        """A request to a language model."""
        self.builder.unseen(parameters, LANGUAGE_MODEL, step.id)
        for told in (parameters["jsonBody"], parameters["body"], *_body_parameters(parameters)):
            self.builder.skip(told, _TOLD, step.id)

    def _literals(self, step: StepDraft, node: Node, channels: tuple[str, ...]) -> bool:
        """The texts in a body that an expression makes: ``={{ JSON.stringify({text: {body: 'Hello'}}) }}``."""
        found = False
        channels = ("whatsapp",) if _MARKED.search(node.text) else channels
        for literal in _LITERAL.finditer(node.text):
            plain = literal["key"].lower()
            if plain in TEXTS and literal["text"].strip():
                found = True
                where = literal.start("text")
                kind = KINDS.get(plain, "reply")
                self.builder.say(
                    step,
                    node,
                    f"{step.id}.{literal['key']}",
                    kind,
                    channels=channels,
                    text=literal["text"],
                    offset=where,
                )
        return found

    def _assignments(self, step: StepDraft, parameters: Node) -> None:
        """Texts that are put into fields and may be said by a node further on."""
        found = [
            *parameters["assignments"]["assignments"],
            *parameters["values"]["string"],
            *parameters["fields"]["values"],
        ]
        for assignment in found:
            value = assignment.first("stringValue", "value")
            if " " in value.text.strip():
                self.set.append((step, assignment["name"].text, value))
        if parameters["mode"].name == "raw":
            for name, value in _written(parameters["jsonOutput"]).items():
                if " " in value.text.strip():
                    self.set.append((step, name, value))

    def _written_form(self, step: StepDraft, node: Node) -> None:
        """A form whose fields are written out in a string, as JSON or in code."""
        fields = _written(node)
        if fields.is_list:
            self._texts(step, fields, step.id, ("webchat",))
            self._form(step, fields)
        elif not self._literals(step, node, ("webchat",)):
            self.builder.unseen(node, CODE, step.id)

    def _form(self, step: StepDraft, fields: Node) -> None:
        for field in fields:
            if field["fieldType"].name == "html":
                html = field["html"]
                self.builder.say(step, html, f"{step.id}.html", markup="html", channels=("webchat",))
                continue
            label = field.first("fieldLabel", "label", "fieldName")
            type = field["fieldType"].name
            taken = _FIELDS.get(type) or component_of(type, "text")
            self.builder.take(step, label, label.text, type, taken, label=label.text, channels=("webchat",))

    def _ways(self, node: Node, type: str) -> None:
        rules = node["parameters"]["rules"]
        outputs = self.node["connections"][node["name"].name]["main"]
        for number, output in enumerate(outputs):
            condition = ""
            if type.endswith(".if") and number < 2:
                condition = ("true", "false")[number]
            elif type.endswith(".switch"):
                condition = rules.first("values", "rules")[number].first("outputKey", "value2").name
            for end in output:
                self.flow.link(self._key(end["node"].name), condition, place=end["node"])
