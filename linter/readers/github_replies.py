"""Saved replies for GitHub, as a repository keeps them for the Refined Saved Replies extension."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records
from .plans import overlook

NAME = "github-replies"
TITLE = "GitHub saved replies"


def claims(document: Document) -> bool:
    value = document.value
    if not (is_data(document) and isinstance(value, dict) and isinstance(value.get("replies"), list)):
        return False
    return mostly(document, _is_reply, "replies")


def _is_reply(record: Record) -> bool:
    return set(record.values) == {"name", "body"} and isinstance(record.get("body"), str)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, "replies"):
        gathering.say(record.name("name"), record.get("body"), record.at("body"), markup="markdown")
        if "body" not in record.values:
            overlook(gathering, record)
    return gathering.conversation(NAME, ("public",))
