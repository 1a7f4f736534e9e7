"""Zammad text modules: CSV as exported and imported, or JSON of the API."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records, strings, truth
from .unread import tell_unread

NAME = "zammad"
TITLE = "Zammad text modules"

_ENVELOPES = ("text_modules", "TextModule")


def claims(document: Document) -> bool:
    return (is_table(document) or is_data(document)) and mostly(document, _is_module, *_ENVELOPES, least=0.4)


def _is_module(record: Record) -> bool:
    """Ragged rows may lack the columns at the end."""
    if not (record.has("name", "keywords", "content") and isinstance(record.get("content"), str)):
        return False
    if record.columns is not None:
        return "note" in record.columns or "active" in record.columns
    return record.has("active") or record.has("note")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("name", "id")
        tags = strings(record.get("groups"))
        if truth(record.get("active")) is False:
            tags += ("inactive",)
        if isinstance(record.get("content"), str):
            gathering.say(name, record.get("content"), record.at("content"), tags=tags)
        note = record.get("note")
        if isinstance(note, str) and note.strip("- "):
            gathering.skip(note, record.at("note"), "a note for administrators", name)
    tell_unread(gathering)
    return gathering.conversation(NAME)
