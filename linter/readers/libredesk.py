"""LibreDesk macros; one that shows only while a private note is written is internal."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, strings

NAME = "libredesk"
TITLE = "LibreDesk macros"

_ENVELOPES = ("data", "macros")


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
    return gathering.conversation(NAME)
