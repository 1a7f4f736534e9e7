"""LibreDesk macros; one that shows only while a private note is written is internal."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, strings
from .unread import tell_unread

NAME = "libredesk"
TITLE = "LibreDesk macros"

_ENVELOPES = ("data", "macros")
_REPLY, _NOTE, _NOTICE = "send_reply", "send_private_note", "notify"


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_macro, *_ENVELOPES)


def _is_macro(record: Record) -> bool:
    return record.has("message_content") and (record.has("visible_when") or record.has("actions"))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("name", "id")
        text, path = record.get("message_content"), record.at("message_content")
        if strings(record.get("visible_when")) == ("adding_private_note",):
            gathering.skip(text, path, "an internal note", name)
        else:
            gathering.say(name, text, path, markup="html")
        _read_actions(gathering, record, name)
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _read_actions(gathering: Gathering, record: Record, name: str) -> None:
    for number, action in enumerate(_list(record.get("actions"))):
        if not isinstance(action, dict) or action.get("type") not in (_REPLY, _NOTE, _NOTICE):
            continue
        kind = action["type"]
        if kind == _NOTICE:
            gathering.skip(action, record.at("actions", number), "goes to agents", name)
            continue
        for place, text in enumerate(_list(action.get("value"))):
            path = record.at("actions", number, "value", place)
            if kind == _REPLY:
                gathering.say(name, text, path, markup="html")
            else:
                gathering.skip(text, path, "an internal note", name)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
