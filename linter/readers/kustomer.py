"""Kustomer shortcuts (JSON:API); ``[[sn.…]]`` names a snippet whose text is defined elsewhere."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records
from .unread import tell_unread

NAME = "kustomer"
TITLE = "Kustomer shortcuts"


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, lambda record: bool(_draft(record)), "data")


def _draft(record: Record) -> dict[str, Any]:
    attributes = record.get("attributes")
    draft = attributes.get("draft") if isinstance(attributes, dict) else None
    return draft if isinstance(draft, dict) and isinstance(draft.get("text"), str) else {}


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, "data"):
        draft = _draft(record)
        if not draft:
            continue
        name = str(record.get("attributes").get("name") or record.get("id") or "")
        path = record.at("attributes", "draft", "text")
        gathering.say(name, draft["text"], path, markup="markdown")
        if "[[sn." in draft["text"]:
            gathering.absent(path, "a part of the text is in a snippet", name)
        subject = record.at("attributes", "draft", "subject")
        gathering.say(f"{name}.subject", draft.get("subject"), subject, "subject", "plain")
    tell_unread(gathering)
    return gathering.conversation(NAME)
