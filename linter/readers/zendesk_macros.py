"""Zendesk macros, triggers and automations: JSON of the API, or CSV with JSON in a cell."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from typing import Any

from ..conversation import Conversation, Message, Path
from ..documents import Document, embedded
from ..source import SourceError
from . import Neighbours
from .building import Builder
from .common import MESSAGING, Gathering, Record, Said, is_data, is_table, mostly, records, truth
from .nodes import Node
from .prose import is_sentence, places
from .requests import BODIES, UNKNOWN, is_sent
from .unread import tell_unread
from .whatsapp_payloads import is_message, read_message
from .zendesk_items import REFERENCE, Filled, Items, choices, items, names_in

NAME = "zendesk-macros"
TITLE = "Zendesk macros"

_ENVELOPES = ("macros", "macro", "triggers", "trigger", "automations", "automation")
_COMMENTS = ("comment_value", "comment_value_html")
_SIDE = "side_conversation"
_OF_TICKET = ("custom_fields", "ticket_fields", "set_tags", "current_tags", "remove_tags")
"""How names of fields of the ticket begin, which agents fill in."""
_GROUPS = ("notification_group", "notification_sms_group")
_NOTIFY = {
    "notification_user": ("email",),
    "deflection": ("email",),
    "notification_sms_user": ("sms",),
    "notification_messaging_csat": MESSAGING,
}
"""What tells the recipient something, and over which channels."""
_REACHES = ("requester", "(requester", "current_user")
"""Recipients who are customers, or may be: the current user is whoever wrote last."""
_PROGRAMS = ("notification_target", "notification_webhook")
_CHANNELS = {"channel:web": ("email",), "channel:chat": MESSAGING}
_CELLS = ("actions_json", "actions")
_KNOWN = frozenset(_CELLS)
"""What is in an action and not read is told there."""


def claims(document: Document) -> bool:
    if is_table(document):
        return mostly(document, _has_actions_cell)
    return is_data(document) and mostly(document, _is_macro, *_ENVELOPES)


def _is_macro(record: Record) -> bool:
    return _are_actions(record.get("actions")) and (record.has("title") or record.has("restriction"))


def _are_actions(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(action, dict) and "field" in action and "value" in action for action in value)
    )


def _has_actions_cell(record: Record) -> bool:
    key = record.first(*_CELLS)
    text = record.get(key).lstrip() if key else ""
    return text.startswith("[") and '"field"' in text and '"value"' in text


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    beside = _Beside(document, neighbours)
    for record in records(document, *_ENVELOPES):
        if record.columns is not None:
            _read_row(gathering, record, beside)
        elif _are_actions(record.get("actions")):
            _Macro(gathering, record, document, beside).read(record.get("actions"), record.at("actions"))
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME)


class _Beside:
    """The dynamic content beside a file, looked for once and only if a macro names some."""

    def __init__(self, document: Document, neighbours: Neighbours) -> None:
        self._document = document
        self._neighbours = neighbours
        self._items: Items | None = None

    def items(self) -> Items:
        if self._items is None:
            self._items = items(self._document, self._neighbours)
        return self._items


def _read_row(gathering: Gathering, record: Record, beside: _Beside) -> None:
    key = record.first(*_CELLS)
    if not key:
        return
    path = record.at(key)
    try:
        json.loads(record.get(key))
        inner = embedded(gathering.document, path)
    except (ValueError, SourceError, LookupError, RecursionError):
        name = record.name("title", "name", "id")
        gathering.overlook(path, "the actions in this cell are not valid JSON", name, broken=True)
        return
    if _are_actions(inner.value):
        _Macro(gathering, record, inner, beside).read(inner.value, ())


class _Macro:
    """Reads the actions of one macro; they may stand in a document of their own inside a cell."""

    def __init__(self, gathering: Gathering, record: Record, document: Document, beside: _Beside) -> None:
        self.gathering = gathering
        self.document = document
        self.beside = beside
        self.title = record.name("title", "raw_title", "name", "id")
        self.tags: tuple[str, ...] = tuple(part.strip() for part in self.title.split("::")[:-1])
        for key in ("description", "note"):
            if record.first(key):
                gathering.skip(record.get(key), record.at(key), "a note for agents", self.title)
        if truth(record.get("active")) is False:
            self.tags += ("inactive",)

    def read(self, actions: list[dict[str, Any]], path: Path) -> None:
        internal = any(
            action["field"] == "comment_mode_is_public" and truth(action["value"]) is False for action in actions
        )
        for action in actions:
            if action["field"] in ("current_tags", "set_tags") and isinstance(action["value"], str):
                self.tags += tuple(action["value"].split())
        html = Said(_text(action["value"])[0] for action in actions if action["field"] == "comment_value_html")
        for number, action in enumerate(actions):
            place = (*path, number, "value")
            field, value = action["field"], action["value"]
            if field in _COMMENTS:
                if field == "comment_value" and _text(value)[0] in html:
                    continue
                self._comment(field, value, place, internal)
            elif field == "subject":
                self._say(f"{self.title}.subject", value, place, "subject", "plain", ())
            elif str(field).startswith(_SIDE):
                self._skip(value, place, "goes to a third party or a colleague, not to the customer")
            elif str(field) in _NOTIFY:
                self._notification(value, place, _NOTIFY[field])
            elif field == "tweet_requester":
                self._say(self.title, value, place, "reply", "plain", ("public",))
            elif field in _GROUPS:
                self._skip(value, place, "goes to agents")
            elif field in _PROGRAMS:
                self._request(value, place)
            elif not str(field).startswith(_OF_TICKET):
                self._unknown(str(field), value, place)

    def _unknown(self, field: str, value: Any, path: Path) -> None:
        """Most actions set a field of the ticket; one with a sentence may say it to the customer."""
        for steps in islice(places(value, is_sentence), 1):
            reason = f"'{field}' is no known name for a text, so this is not read"
            self.gathering.overlook((*path, *steps), reason, self.title, self.document)

    def _comment(self, field: str, value: Any, path: Path, internal: bool) -> None:
        text, steps, channel = _text(value)
        path = (*path, *steps)
        if internal:
            self._skip(text, path, "an internal note")
            return
        markup = "html" if field.endswith("html") else "plain"
        self._say(self.title, text, path, "reply", markup, _CHANNELS.get(channel, ()))

    def _notification(self, value: Any, path: Path, channels: tuple[str, ...]) -> None:
        """[recipient, subject, text] or [recipient, text]; only some recipients are customers."""
        if not isinstance(value, list) or len(value) < 2:
            return
        if not str(value[0]).startswith(_REACHES):
            self._skip(value, path, "goes to an agent")
            return
        last = len(value) - 1
        if last > 1:
            self._say(f"{self.title}.subject", value[1], (*path, 1), "subject", "plain", channels)
        self._say(self.title, value[last], (*path, last), "reply", "auto", channels)

    def _request(self, value: Any, path: Path) -> None:
        """What a server is sent: for the customer where it goes to their number, or is a message for WhatsApp."""
        last = len(value) - 1 if isinstance(value, list) else 0
        sent = Node(value, path, self.document)[last].inner() if last > 0 else Node(None, path, self.document)
        if is_message(sent.value):
            builder = Builder(NAME, sent.document, ("whatsapp",))
            read_message(builder, sent, self.title)
            self.gathering.messages += (replace(one, tags=self.tags) for one in builder.messages)
            return
        given = [(key.lower(), text.text) for key, text in sent.items()]
        is_shown = is_sent(given, self.title, self.title)
        if is_shown is None:
            self.gathering.overlook((*path, last), UNKNOWN, self.title, self.document)
        elif not is_shown:
            self._skip(value, path, "goes to another program")
        for key, text in sent.items() if is_shown else ():
            if key.lower() in BODIES and isinstance(text.document, Document):
                self.gathering.say(self.title, text.text, text.path, tags=self.tags, document=text.document)

    def _say(self, id: str, text: Any, path: Path, kind: str, markup: str, channels: tuple[str, ...]) -> None:
        if not isinstance(text, str):
            return
        names = names_in(text)
        known = self.beside.items() if names else {}
        for name in names:
            if not known.get(name):
                reason = f"the dynamic content {{{{dc.{name}}}}} is in no file beside this one"
                self.gathering.absent(path, reason, id, self.document)
        alone = not (REFERENCE.sub("", text) if names else text).strip()
        if alone and len(names) == 1:
            self._say_items(id, known, names[0], kind, channels)
        elif any(known.get(name) for name in names):
            for locale, chosen in choices(names, known):
                filled = Filled(self.document, path, chosen)
                self.gathering.messages.append(
                    Message(f"{id}[{locale}]" if locale else id, filled.value, path, filled, kind, markup, channels,
                            locale, self.tags)
                )  # fmt: skip
        elif not alone:
            self.gathering.say(id, text, path, kind, markup, channels, tags=self.tags, document=self.document)

    def _say_items(self, id: str, known: Items, name: str, kind: str, channels: tuple[str, ...]) -> None:
        """The macro is the item: what is wrong with it is said where it is written, and once."""
        for variant in known.get(name, ()):
            self.gathering.say(
                f"{id}[{variant.key}]",
                variant.text,
                variant.path,
                kind,
                "auto",
                channels,
                variant.locale,
                (*self.tags, *variant.tags),
                document=variant.document,
            )

    def _skip(self, value: Any, path: Path, reason: str) -> None:
        self.gathering.skip(value, path, reason, self.title, self.document)


def _text(value: Any) -> tuple[str, Path, str]:
    """The text of a comment, the path to it and the channel: a string, or ["channel:all", "text"]."""
    if isinstance(value, str):
        return value, (), ""
    if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
        return value[1], (1,), str(value[0])
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return value[0], (0,), ""
    return "", (), ""
