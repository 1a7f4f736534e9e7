"""Trengo quick replies; the type says whether they are for messaging or for mail."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import MESSAGING, Gathering, Record, is_data, mostly, records
from .unread import tell_unread

NAME = "trengo"
TITLE = "Trengo quick replies"

_ENVELOPES = ("data", "quick_replies")
_CHANNELS = {"MESSAGING": MESSAGING, "EMAIL": ("email",)}


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_reply, *_ENVELOPES)


def _is_reply(record: Record) -> bool:
    return str(record.get("type")) in _CHANNELS and record.has("title") and isinstance(record.get("message"), str)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        channels = _CHANNELS.get(str(record.get("type")), ())
        name = record.name("title", "id")
        gathering.say(name, record.get("message"), record.at("message"), "reply", "auto", channels)
    tell_unread(gathering)
    return gathering.conversation(NAME)
