"""Node-RED flows with the nodes of RedBot (node-red-contrib-chatbot), or with nodes that send to a chat product."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .channels import SENDS
from .common import is_text
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .program_code import kept_in, said_in, sentences_in
from .reasons import CODE, ELSEWHERE, NODE_OFF
from .whatsapp_payloads import body, is_message, read_message

NAME = "node-red"
TITLE = "Node-RED with RedBot"

_PREFIX = "chatbot-"
_TEXTS = {
    "message": "reply", "text": "reply", "caption": "reply", "title": "title", "subtitle": "reply",
    "description": "reply", "answer": "reply", "buttonLabel": "button", "label": "button", "placeholder": "label",
    "fallback": "reply",
}  # fmt: skip
_LISTS = ("message", "buttons", "elements", "items", "quickReplies")
_SILENT = re.compile(r"-(?:node|receive|send|debug|rules|store|context|conversation|extend|table|listen|log)$")
_SEND = re.compile(r"chatbot-(\w+)-send$")
_SENDER = re.compile(
    r"(?P<whatsapp>whats-?app|green-?api|ultramsg)|^(?P<telegram>telegram (?:sender|reply))$|^(?P<twilio>twilio out)$",
    re.IGNORECASE,
)
"""Nodes of other makers that send what is in the payload."""
_REQUEST = "http request"
_SUBFLOW = "subflow"
_FOR_WHATSAPP = re.compile(r"messaging_product\W+whatsapp")
_RECEIVER = re.compile(r"-receive$|^chatbot-conversation$|^telegram (?:receiver|command|event)$")
_BEGINS = re.compile(r"inject|(?!link ).* in", re.IGNORECASE)
"""Nodes that begin something by themselves: at a set time, when a button is pressed, on a request from elsewhere."""
_SETS_CONTENT = re.compile(r"payload\.content\s*=")
_ASSIGNED = re.compile(r"(?<![\w.])([\w.]+)\s*=")
_PAYLOAD = ("payload", "content", "caption", "text", "body")
"""Where functions put a text: ``msg.payload.content``."""
_SHOWN = {"title": "title", "button": "button", "display_text": "button", "description": "reply", "footer": "reply"}
"""Names in a message for WhatsApp that a function makes, beside those of any payload."""
_READ = re.compile(
    r"""(?<![\w$])(?:flow|global|context|chat)\s*\.\s*get\(\s*["'`]([^"'`\n]{1,80})|\$(?:flow|global)Context\(\s*["']([^"'\n]{1,80})"""
)
"""What code and formulas take of that which was kept by a name."""
_KEEPERS = ("flow", "global")
_SETTINGS = re.compile(r"(?:^|\.)(?:type|chat_?id|parse_mode|topic|url|method|mode)$", re.IGNORECASE)
_CHANNELS = {
    "telegram": ("telegram",), "facebook": ("messenger",), "twilio": ("sms", "whatsapp"), "alexa": ("voice",),
    "whatsapp": ("whatsapp",),
}  # fmt: skip


def _talks(node: dict[str, Any]) -> bool:
    type = str(node.get("type", ""))
    if type == _REQUEST:
        return SENDS.search(str(node.get("url"))) is not None
    return type.startswith(_PREFIX) or _SENDER.search(type) is not None or _is_for_whatsapp(type, node.get("func"))


def _is_for_whatsapp(type: str, code: Any) -> bool:
    """Whether a node is a function that makes a message for the interface of WhatsApp."""
    return type == "function" and isinstance(code, str) and _FOR_WHATSAPP.search(code) is not None


def _switched(property: str, rule: Node) -> str:
    """What a rule of a switch asks: ``payload eq "1"``, ``else``."""
    kind = rule["t"].name
    values = [json.dumps(rule[key].text, ensure_ascii=False) for key in ("v", "v2") if rule[key].text]
    return " ".join((property, kind, *values)).strip() if kind and kind != "else" else kind


def is_flow(value: Any) -> bool:
    """Whether a value is a list of wired nodes with some of a chatbot among them."""
    if not isinstance(value, list):
        return False
    return any(isinstance(node, dict) and "id" in node and _talks(node) for node in value) and any(
        isinstance(node, dict) and "wires" in node for node in value
    )


def claims(document: Document) -> bool:
    return holds(document, is_flow, 1)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    nodes = list(search(root(document), is_flow, 1))
    builder = Builder(NAME, document, _channels(nodes))
    for node in nodes:
        _Reading(builder, node).read()
    return builder.conversation()


def _channels(flows: list[Node]) -> tuple[str, ...]:
    """Where the senders send, when each of them is of one product."""
    found: set[str] = set()
    for flow in flows:
        off = _switched_off(flow)
        for node in (one for one in flow if one["id"].name not in off):
            other = _SENDER.search(node["type"].name)
            if other is not None and not node["type"].name.startswith(_PREFIX):
                found.update(_sent(node, other))
            elif node["type"].name == _REQUEST and (to := _sends_to(node)) is not None:
                if not to and not any(_makes_for_whatsapp(one) for one in flow):
                    return ()
                found.update(to or ("whatsapp",))
            sender = _SEND.match(node["type"].name)
            if sender is not None:
                if sender[1] not in _CHANNELS:
                    return ()
                found.update(_CHANNELS[sender[1]])
    return tuple(sorted(found))


def _switched_off(flow: Node) -> frozenset[str]:
    """The nodes that are switched off, each by itself or with its tab; no message comes to them or goes on."""
    tabs = {node["id"].name for node in flow if node["type"].name == "tab" and node["disabled"].value is True}
    return frozenset(node["id"].name for node in flow if node["d"].value is True or node["z"].name in tabs)


def _makes_for_whatsapp(node: Node) -> bool:
    return any(_FOR_WHATSAPP.search(node[key].text) for key in ("func", "template"))


def _sends_to(node: Node) -> tuple[str, ...] | None:
    """The channels that a node sends to, () where it is not known which; None of a node that does not send."""
    type = node["type"].name
    other = _SENDER.search(type)
    if type.startswith(_PREFIX):
        sender = _SEND.match(type)
        return _CHANNELS.get(sender[1], ()) if sender is not None else None
    if other is not None:
        return _sent(node, other)
    if type == _REQUEST and SENDS.search(node["url"].text):
        return ("telegram",) if "telegram" in node["url"].text else ()
    return ("whatsapp",) if _is_for_whatsapp(type, node["func"].value) else None


def _sent(node: Node, sender: re.Match[str]) -> tuple[str, ...]:
    """Where a node of another maker sends to."""
    if sender["twilio"]:
        return ("voice",) if node["twilioType"].name == "call" else ("sms",)
    return ("telegram",) if sender["telegram"] else ("whatsapp",)


def _last(node: Node) -> Iterator[str]:
    """The nodes at which what was called goes back to its caller: those at the end of a subflow, or this one."""
    if node["type"].name == _SUBFLOW:
        yield from (end["id"].name for output in node["out"] for end in output["wires"])
    elif node["type"].name == "link out" and node["mode"].name == "return":
        yield node["id"].name


def _speaks(type: str) -> bool:
    return type.startswith(_PREFIX) and not _SILENT.search(type)


class _Reading:
    """Reads one list of nodes."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.node = node
        self.flow: FlowDraft = builder.flow("flow")
        self.off = _switched_off(node)
        self.live = [one for one in node if one["id"].name not in self.off]
        self.subflows = {one["id"].name: one for one in node if one["type"].name == _SUBFLOW}
        self.before = self._before()
        self.read_back = self._read_back()

    def read(self) -> None:
        for node in self.node:
            type = node["type"].name
            for given in node["env"] if type.partition(":")[0] == _SUBFLOW else ():
                self.builder.assign(None, given["name"].name, given["value"])
            if not node["wires"].is_list or type == "comment":
                continue
            name = node["name"].text or type
            if node["id"].name in self.off:
                self.builder.skip(node, NODE_OFF, name)
                continue
            step = self.flow.step(node["id"].name, node, name)
            if _speaks(type):
                self._speak(step, node, name, True)
                self._take(step, node, type)
            elif node["id"].name in self.before and type in ("template", "change", "inject"):
                self._payload(step, node, name, self.before[node["id"].name])
            elif type == "function" and node["id"].name in self.before:
                self._function(step, node["func"], name, self.before[node["id"].name])
            elif type == "function" and _SETS_CONTENT.search(node["func"].text):
                self.builder.unseen(node["func"], CODE, name)
            self._keep(step, node, name)
            if re.search(r"openai|chatgpt|dialogflow|lex|recast|rivescript", type):
                self.builder.unseen(node["type"], LANGUAGE_MODEL, name)
            if type == "telegram command" and node["registercommand"].value is True:
                self.builder.say(step, node["description"], f"{name}.description", channels=("telegram",))
            if _RECEIVER.search(type) or (node["id"].name in self.before and _BEGINS.fullmatch(type)):
                self.flow.enter(node["id"].name)
            self._wires(node)
        self.flow.finish((key, "") for node in self.live for key in _last(node))

    def _called(self, node: Node) -> Iterator[Node]:
        """The nodes that a node calls by their ids: those at which a subflow begins, or what a link leads to and comes
        back from.
        """
        type = node["type"].name
        if type == "link call":
            yield from node["links"]
        subflow = self.subflows.get(type.removeprefix(f"{_SUBFLOW}:"))
        for entry in subflow["in"] if subflow is not None else ():
            yield from (start["id"] for start in entry["wires"])

    def _onward(self) -> Iterator[tuple[str, str]]:
        """Which node leads to which, what was called to what follows on its caller."""
        last: dict[str, list[str]] = {}
        for one in self.live:
            after = [end.name for output in one["wires"] for end in output]
            links = one["links"] if one["type"].name == "link out" else ()
            for end in (*after, *(target.name for target in (*links, *self._called(one)))):
                yield one["id"].name, end
            last.setdefault(one["type"].name, []).extend(after)
        for one in self.live:
            caller = f"{_SUBFLOW}:{one['id'].name}" if one["type"].name == _SUBFLOW else "link call"
            for start in _last(one):
                yield from ((start, end) for end in last.get(caller, ()))

    def _before(self) -> dict[str, tuple[str, ...]]:
        """The nodes from which a way leads to a node that sends, and where to; all of them where WhatsApp is sent to.

        Flows that send to Telegram or by SMS are about a house as a rule, and most of their nodes are not on messages.
        """
        for one in self.live:
            sender = _SENDER.search(one["type"].name)
            if sender is not None and sender["whatsapp"] and not one["type"].name.startswith(_PREFIX):
                return {one["id"].name: () for one in self.live}
        speaking = {one["id"].name for one in self.live if _speaks(one["type"].name)}
        sources: dict[str, list[str]] = {}
        for start, end in self._onward():
            sources.setdefault(end, []).append(start)
        found: dict[str, tuple[str, ...]] = {}
        waiting = [(one["id"].name, to) for one in self.live if (to := _sends_to(one)) is not None]
        while waiting:
            name, channels = waiting.pop()
            if name in speaking:  # it says something of its own, whatever was in the payload
                continue
            if name not in found or not set(channels).issubset(found[name]):
                found[name] = tuple(sorted({*channels, *found.get(name, ())}))
                waiting += [(source, channels) for source in sources.get(name, ())]
        return found

    def _read_back(self) -> set[str]:
        """The names under which what is sent was kept: code, formulas and changes before a sender name them."""
        found: set[str] = set()
        for one in self.live:
            if one["id"].name not in self.before:
                continue
            rules = [rule for rule in one["rules"] if rule["t"].name == "set"]
            found.update(rule["to"].text for rule in rules if rule["tot"].name in _KEEPERS)
            for code in (one["func"].text, *(rule["to"].text for rule in rules if rule["tot"].name == "jsonata")):
                found.update(name for names in _READ.findall(code) for name in names if name)
        return found

    def _keep(self, step: StepDraft, node: Node, id: str) -> None:
        """Texts that are kept by a name for other nodes: each is said where one that sends takes it, or prints it."""
        for name, place, where, text, offset in _kept(node):
            if name in self.read_back:
                self.builder.say(step, place, f"{id}.{where}", text=text, offset=offset)
            else:
                self.builder.assign(step, name, place, text=text, offset=offset)

    def _function(self, step: StepDraft, code: Node, id: str, channels: tuple[str, ...]) -> None:
        """What a function says in so many words; what it puts together is told."""
        if not any("payload" in name for name in _ASSIGNED.findall(code.text)):
            return
        is_for_whatsapp = _is_for_whatsapp("function", code.value)
        if is_for_whatsapp:
            channels = ("whatsapp",)
        for number, said in enumerate(said_in(code.text)):
            if is_for_whatsapp and said.name in _SHOWN:
                where = f"{id}[{number}]"
                kind = _SHOWN[said.name]
                self.builder.say(step, code, where, kind, channels=channels, text=said.text, offset=said.start)
            elif said.name in _PAYLOAD or (said.is_spoken and not said.is_key):
                kind = "button" if said.is_key and said.name == "text" and "keyboard" in code.text else "reply"
                where = f"{id}[{number}]"
                self.builder.say(step, code, where, kind, channels=channels, text=said.text, offset=said.start)
        self.builder.unseen(code, CODE, id)

    def _speak(self, step: StepDraft, node: Node, id: str, outer: bool, variant: Variant | None = None) -> None:
        for key, value in node.items():
            if value.is_list and key in _LISTS:
                for number, item in enumerate(value):
                    one = one_of(value, number) if key == "message" else None
                    self._speak(step, item, f"{id}.{key}[{number}]", False, one)
            elif key in _TEXTS and not (outer and key == "label"):
                self.builder.say(step, value, f"{id}.{key}", _TEXTS[key], variant=variant)

    def _payload(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...]) -> None:
        """Texts that are put into the payload for a sender further on."""
        said = [node["template"]] if node["type"].name == "template" else [node["payload"]]
        rules = (rule for rule in node["rules"] if rule["t"].name == "set" and rule["tot"].name in ("str", "json"))
        said += [rule["to"] for rule in rules if not _SETTINGS.search(rule["p"].name)]
        properties = (one for one in node["props"] if one["vt"].name in ("str", "json"))
        said += [one["v"] for one in properties if not _SETTINGS.search(one["p"].name)]
        made = [rule["to"] for rule in node["rules"] if rule["t"].name == "set" and rule["tot"].name == "jsonata"]
        for number, formula in enumerate(made + [one["v"] for one in node["props"] if one["vt"].name == "jsonata"]):
            self._formula(step, formula, f"{id}[{len(said) + number}]", channels)
        for number, text in enumerate(said):
            inner = body(text)
            if is_message(inner.value):
                read_message(self.builder, inner, id, step)
            elif inner.value is not None:
                self._content(step, inner, f"{id}[{number}]", channels)
            elif is_text(text.text):
                self.builder.say(step, text, f"{id}[{number}]", channels=channels)

    def _formula(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...]) -> None:
        """What a formula says in so many words; what it puts together is told."""
        found = list(sentences_in(node.text))
        for number, (start, text) in enumerate(found):
            one = one_of(node, number)
            self.builder.say(step, node, f"{id}[{number}]", channels=channels, text=text, offset=start, variant=one)
        if found:
            self.builder.unseen(node, CODE, id)

    def _content(self, step: StepDraft, node: Node, id: str, channels: tuple[str, ...], kind: str = "reply") -> None:
        """The texts of a payload that stands there as JSON, and those of the buttons in it."""
        for key, value in node.items():
            inner = value if value.is_mapping or value.is_list else value.inner()
            if inner.is_mapping or inner.is_list:
                self._content(step, inner, f"{id}.{key}", channels, "button" if "keyboard" in key else kind)
            elif (key in _PAYLOAD or key == "message") and is_text(value.text):
                self.builder.say(step, value, f"{id}.{key}", kind, channels=channels)
        for number, item in enumerate(node):
            if item.is_mapping or item.is_list:
                self._content(step, item, f"{id}[{number}]", channels, kind)

    def _take(self, step: StepDraft, node: Node, type: str) -> None:
        if type == "chatbot-parse":
            variable = node["parseVariable"]
            kind = node["parseType"].name
            component = "contact" if kind == "contact" else component_of(kind, "text")
            place = variable if variable.name else node["parseType"]
            self.builder.take(step, place, variable.name, kind, component)
        elif type in ("chatbot-ask", "chatbot-inline-buttons", "chatbot-quick-replies"):
            step.waits = True
        elif type == "chatbot-request":
            kind = node["requestType"].name
            component = "phone" if "phone" in kind else "location" if "location" in kind else "unknown"
            self.builder.take(step, node["requestType"], kind, type, component)
        elif type == "chatbot-dialog":
            for field in node["elements"]:
                name, kind = field.first("name", "label"), field["type"].name
                component = "text" if kind in ("text", "textarea") else component_of(kind)
                self.builder.take(step, name, name.name, kind, component, label=field["label"].text)

    def _wires(self, node: Node) -> None:
        rules = node["rules"]
        for number, output in enumerate(node["wires"]):
            rule = rules[number]
            condition = " ".join(part for part in (rule["type"].name, rule.first("text", "command").name) if part)
            if node["type"].name == "switch":
                condition = _switched(node["property"].text, rule)
            for target in output:
                if target.name not in self.off:
                    self.flow.link(target.name, condition, place=target)
        links = node["links"] if node["type"].name == "link out" else ()
        for targets, is_call in ((links, False), (self._called(node), True)):
            for target in targets:
                if target.name not in self.off:
                    self.flow.link(target.name, call=is_call)
                    self.flow.expect(target.name, partial(self.builder.unseen, target, ELSEWHERE, node["name"].text))


def _kept(node: Node) -> Iterator[tuple[str, Node, str, str | None, int]]:
    """What a node keeps: its name, where it stands, how the place is called, a piece of that, where it begins."""
    for number, kept in enumerate(kept_in(node["func"].text)):
        yield kept.name, node["func"], f"{kept.name}[{number}]", kept.text, kept.start
    for rule in node["rules"] if node["type"].name == "change" else ():
        if rule["t"].name == "set" and rule["tot"].name == "str" and rule["pt"].name in _KEEPERS:
            yield rule["p"].text, rule["to"], rule["p"].text, None, 0
