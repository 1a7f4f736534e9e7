"""Help Scout saved replies: one text for mail, another for chat. The list of the API holds previews only."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records
from .unread import tell_unread

NAME = "helpscout"
TITLE = "Help Scout saved replies"

_PREVIEWS = {"text": "preview", "chatText": "chatPreview"}
"""The beginning of each text, in the list of the API."""
_ENVELOPES = ("savedReplies", "saved_replies", "saved-replies", "replies", "items")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_reply, *_ENVELOPES)


def _is_reply(record: Record) -> bool:
    embedded = record.get("_embedded")
    if isinstance(embedded, dict):
        return any(_is_list_of_replies(item) for item in embedded.values())
    return record.has("name") and (
        record.has("text", "chatText") or record.has("preview", "chatPreview") or record.has("chatText")
    )


def _is_list_of_replies(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and _is_reply(Record(item, ())) for item in value)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        embedded = record.get("_embedded")
        if isinstance(embedded, dict):
            for key, items in embedded.items():
                for number, item in enumerate(items if isinstance(items, list) else ()):
                    if isinstance(item, dict):
                        _read(gathering, Record(item, record.at("_embedded", key, number)))
        else:
            _read(gathering, record)
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, record: Record) -> None:
    name = record.name("name", "id")
    gathering.say(name, record.get("text"), record.at("text"), markup="html", channels=("email",))
    gathering.say(f"{name}.chat", record.get("chatText"), record.at("chatText"), channels=("webchat",))
    for key, preview in _PREVIEWS.items():
        if not record.has(key) and record.first(preview):
            gathering.absent(record.at(preview), "the file holds a preview only, not the text", name)
