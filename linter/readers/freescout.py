"""Saved replies of FreeScout, rows of its table or JSON, known by the mailbox they belong to."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records
from .unread import tell_unread

NAME = "freescout"
TITLE = "FreeScout saved replies"

_ENVELOPES = ("saved_replies", "savedReplies")


def claims(document: Document) -> bool:
    return (is_table(document) or is_data(document)) and mostly(document, _is_reply, *_ENVELOPES)


def _is_reply(record: Record) -> bool:
    return record.has("name", "text") and (record.has("mailbox_id") or record.has("mailboxId"))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        if record.has("text"):
            gathering.say(record.name("name", "id"), record.get("text"), record.at("text"), markup="html")
    tell_unread(gathering)
    return gathering.conversation(NAME)
