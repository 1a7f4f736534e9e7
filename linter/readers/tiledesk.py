"""Tiledesk bots, as the Design Studio exports them, and their blocks (``intents``) as the API lists them.

A block runs its actions one after the other and then goes on with ``nextBlockAction``; one without actions says its
``answer``, in which a line with "* " before it is a button. Where a block has actions, its ``answer`` and the ``text``
of a reply are not what is sent: that is the ``commands``. Other blocks are named by ``#`` and their id, or by ``/`` and
their name. What stands under ``question`` is said by customers.

Sources: ``action-model.ts`` and ``intent-model.ts`` of Tiledesk/design-studio; ``IntentForm.js``, the nodes in
``tybotRoute/V4/nodes`` and ``examples/full-flow-validation-bot.json`` of Tiledesk/tiledesk-chatbot.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .common import letters
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .prose import is_sentence, places
from .reasons import CODE, CUSTOMER, ELSEWHERE, MAIL, NO_JSON, PART_OFF, TEMPLATE, UNKNOWN_BLOCK, WEB_SERVICE
from .requests import for_customer
from .whatsapp_payloads import beside_message

NAME = "tiledesk"
TITLE = "Tiledesk bots"

_TYPE = "_tdActionType"
_NOTE = "an internal note"
_REPLIES = frozenset(("reply", "replyv2", "randomreply", "message"))
_SPOKEN = frozenset(("dtmf_menu", "dtmf_form", "play_prompt", "audio_record", "speech_form", "blind_transfer"))
_MODELS = re.compile(r"gpt|^ai_|llm|assistant")
_PROMPTS = ("question", "prompt", "context", "instructions")
_REQUESTS = frozenset(("webrequest", "webrequestv2"))
_TEMPLATES = frozenset(("send_whatsapp", "whatsapp_static"))
_SETS = frozenset(("setattribute", "setattribute-v2"))
_ENDS = frozenset(("close",))
_SILENT = frozenset(("wait", "flow_log", "leadupdate", "add_tags", "condition", "jsoncondition", "agent", "assign"))
_WAYS = re.compile(r"\w*Intent|intentName|no_input|no_match")
_OWN_NAMES = ("", "start", "defaultFallback")
_LINE = re.compile(r"^\*[ \t]+(?P<button>\S[^\n]*?)(?:[ \t]+tdIntent:\S*)?[ \t]*$", re.MULTILINE)
_IN_LINE = re.compile(r"^\*[ \t]+[^\n]*tdIntent:(\S+)", re.MULTILINE)
_DEEPEST = 9  # mappings and lists between an action and the name of a block that it goes on with


def _is_block(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("intent_display_name"), str):
        return False
    actions = value.get("actions")
    return isinstance(value.get("answer"), str) or (
        isinstance(actions, list) and (not actions or any(isinstance(one, dict) and _TYPE in one for one in actions))
    )


def _are_blocks(value: Any) -> bool:
    return isinstance(value, list) and any(map(_is_block, value))


def claims(document: Document) -> bool:
    return holds(document, _are_blocks, 3)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), _are_blocks, 3):
        holder = root(document).at(*node.path[:-1]) if node.path else node
        _Reading(builder, builder.flow(holder["name"].name)).read(node)
    return builder.conversation()


class _Reading:
    """Reads the blocks of one bot."""

    def __init__(self, builder: Builder, flow: FlowDraft) -> None:
        self.builder = builder
        self.flow = flow

    def read(self, blocks: Node) -> None:
        found = [block for block in blocks if _is_block(block.value)]
        for block in found:
            title = block["intent_display_name"].name
            self.builder.skip(block["question"], CUSTOMER, title)
            if block["enabled"].value is False:
                self.builder.skip(block["actions"], PART_OFF, title)
                self.builder.skip(block["answer"], PART_OFF, title)
            else:
                self._block(block, title)
        keys = [_key(block) for block in found if self.flow.has(_key(block))]
        for block in found:
            if _key(block) in keys and _begins(block):
                self.flow.enter(_key(block))
        self.flow.enter_where_needed(keys)

    def _block(self, block: Node, title: str) -> None:
        key = _key(block)
        first = self.flow.step(key, block, title)
        self.flow.alias(f"/{title}", key)
        self._form(first, block["form"])
        actions = [action for action in block["actions"] if action[_TYPE].name]
        if not actions:
            self._answer(first, block["answer"])
        last: Hashable = key
        for number, action in enumerate(actions):
            step = self.flow.step((key, number), action, f"{title}[{number}]", action["_tdActionTitle"].name)
            self.flow.link((key, number), start=last)
            last = (key, number)
            self._action(step, action)
            for way in _ways(action, _DEEPEST):
                self.flow.link(_target(way.text), _condition(way), start=last)
            if action[_TYPE].name in _ENDS:
                self.flow.stop(last)
        onward = block.at("attributes", "nextBlockAction", "intentName")
        if onward.text:
            self.flow.link(_target(onward.text), start=last)

    def _answer(self, step: StepDraft, answer: Node) -> None:
        """A text with its buttons, each in a line of its own."""
        text, at = answer.text, 0
        for number, line in enumerate([*_LINE.finditer(text), None]):
            end = line.start() if line else len(text)
            part = text[at:end]
            start = at + len(part) - len(part.lstrip())
            self.builder.say(step, answer, f"{step.id}.answer", text=part.strip(), offset=start)
            if line:
                self.builder.say(
                    step, answer, f"{step.id}.button[{number}]", "button", text=line["button"], offset=line.start(1)
                )
                at = line.end()
        for way in _IN_LINE.findall(text):
            self.flow.link(_target(way if way[:1] in "#/" else f"/{way}"))

    def _form(self, step: StepDraft, form: Node) -> None:
        """The questions of a form, one after the other, before anything else in the block is said."""
        self.builder.say(step, form["cancelReply"], f"{step.id}.cancelReply")
        for number, field in enumerate(form["fields"]):
            where = f"{step.id}.form[{number}]"
            self.builder.say(step, field["label"], where, "prompt")
            self.builder.say(step, field["errorLabel"], f"{where}.errorLabel", "reprompt")
            if field["name"].name:
                pattern = field["regex"].text.strip("/")
                self.builder.take(step, field["name"], field["name"].name, field["type"].name, pattern=pattern)

    def _action(self, step: StepDraft, action: Node) -> None:
        type = action[_TYPE].name
        if type in _REPLIES or type in _SPOKEN:
            self._reply(step, action, ("voice",) if type in _SPOKEN else (), type == "randomreply")
        elif type == "capture_user_reply":
            taken = action["assignResultTo"]
            step.waits = True
            if taken.name:
                self.builder.take(step, taken, taken.name)
        elif type in _SETS:
            for operand in action.at("operation", "operands"):
                if operand["isVariable"].value is True:
                    self.builder.rename(step, action["destination"], action["destination"].name, operand["value"].name)
                else:
                    self.builder.assign(step, action["destination"].name, operand["value"])
        elif type == "email":
            for key in ("subject", "text"):
                self.builder.skip(action[key], MAIL, step.id)
        elif type == "hmessage":
            self.builder.skip(action["text"], _NOTE, step.id)
        elif type == "code":
            if action["source"].text.strip():
                self.builder.unseen(action["source"], CODE, step.id)
        elif type in _REQUESTS:
            self._request(step, action)
        elif type in _TEMPLATES:
            self.builder.unseen(action["templateName"], TEMPLATE, step.id)
        elif type.startswith("replacebot"):
            self.builder.unseen(action["botName"], ELSEWHERE, step.id)
        elif _MODELS.search(type):
            told = [action[key] for key in _PROMPTS if action[key].text.strip()]
            self.builder.worded(told, action[_TYPE], step.id)
        elif type not in _SILENT:
            for path in places(action.value, is_sentence):
                if path != ("_tdActionTitle",):
                    self.builder.overlook(action.at(*path), UNKNOWN_BLOCK, step.id)

    def _reply(self, step: StepDraft, action: Node, channels: tuple[str, ...], is_one: bool) -> None:
        commands = [command["message"] for command in action.at("attributes", "commands") if "message" in command]
        group = action.at("attributes", "commands")
        for number, message in enumerate(commands):
            may_fail = bool(message["_tdJSONCondition"])
            variant = one_of(group, number) if is_one else one_of(message["text"], 0, False) if may_fail else None
            where = f"{step.id}.message[{number}]"
            self.builder.say(step, message["text"], where, channels=channels, variant=variant)
            self._attached(step, message.at("attributes", "attachment"), where)
        if not commands:
            self.builder.say(step, action["text"], f"{step.id}.text", channels=channels)
        elif is_sentence(action["text"].value):
            said = letters("".join(message["text"].text for message in commands))
            if letters(action["text"].text) not in said:
                self.builder.overlook(action["text"], UNKNOWN_BLOCK, step.id)

    def _attached(self, step: StepDraft, attached: Node, id: str) -> None:
        """The buttons below a message, and cards in a row."""
        for number, button in enumerate(attached["buttons"]):
            step.waits = True
            self.builder.say(step, button["value"], f"{id}.button[{number}]", "button")
        for number, card in enumerate(attached["gallery"]):
            where = f"{id}.card[{number}]"
            self.builder.say(step, card["title"], f"{where}.title", "title")
            self.builder.say(step, card["description"], where)
            self._attached(step, card, where)

    def _request(self, step: StepDraft, action: Node) -> None:
        """A request is a message when it goes to a chat product, or when its body is one."""
        url, body = action["url"], action["jsonBody"]
        sent = beside_message(self.builder, step, body)
        if sent is None:
            return
        if body.text.strip()[:1] in ("{", "[") and sent.value is None and is_sentence(body.value):
            self.builder.overlook(body, NO_JSON, step.id)
        given = list(sent.items()) or [(one["name"].name, one["value"]) for one in action["formData"]]
        said = for_customer(self.builder, step, url, given, url.text, step.title)
        for name, value in said or ():
            self.builder.say(step, value, f"{step.id}.{name}")
        if said is None and url.text:
            self.builder.unseen(url, WEB_SERVICE, step.id)


def _key(block: Node) -> str:
    """What others name a block by; its name where it has no id."""
    id = block["intent_id"].name
    return f"#{id}" if id else f"/{block['intent_display_name'].name}"


def _target(name: str) -> str:
    """The key of the block that is named, perhaps with parameters behind it."""
    plain = name.partition("{")[0].strip()
    return plain if plain[:1] in ("#", "/") else f"/{plain}"


def _begins(block: Node) -> bool:
    """Whether a conversation may begin here: the start, the fallback, and what customers ask for in their words."""
    title, asked = block["intent_display_name"].name, block["question"].text.strip()
    return title in _OWN_NAMES or asked.lstrip("\\/") not in ("", title)


def _ways(node: Node, depth: int) -> Iterator[Node]:
    """The names of other blocks in an action: those to go on with, and those of its buttons."""
    for key, value in node.items():
        if value.text:
            is_named = _WAYS.fullmatch(key) or (key == "action" and value.text[:1] in ("#", "/"))
            if is_named or (key == "value" and node["type"].text == "text" and value.text[:1] == "/"):
                yield value
        elif depth or key == "buttons":
            yield from _ways(value, depth - 1)
    for item in node:
        yield from _ways(item, depth)


def _condition(way: Node) -> str:
    """What a way is: its key in the action; none for the next block and for a button."""
    key = str(way.path[-1])
    return "" if key in ("intentName", "goToIntent", "action", "value") else key
