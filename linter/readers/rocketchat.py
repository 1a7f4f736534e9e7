"""Rocket.Chat Omnichannel canned responses."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, strings
from .unread import tell_unread

NAME = "rocketchat"
TITLE = "Rocket.Chat canned responses"

_ENVELOPES = ("cannedResponses", "cannedResponse", "canned_responses")
_SCOPES = ("global", "user", "department")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_canned, *_ENVELOPES)


def _is_canned(record: Record) -> bool:
    return record.has("shortcut") and isinstance(record.get("text"), str) and record.get("scope") in _SCOPES


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("shortcut", "_id")
        tags = strings(record.get("tags")) + strings(record.get("departmentName"))
        gathering.say(name, record.get("text"), record.at("text"), markup="markdown", tags=tags)
    tell_unread(gathering)
    return gathering.conversation(NAME)
