"""Front message templates: a subject and HTML."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records
from .unread import tell_unread

NAME = "front"
TITLE = "Front message templates"

_ENVELOPES = ("_results", "message_templates")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_template, *_ENVELOPES)


def _is_template(record: Record) -> bool:
    return str(record.get("id")).startswith("rsp_") and record.has("name", "body")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("name", "id")
        gathering.say(f"{name}.subject", record.get("subject"), record.at("subject"), "subject", "plain")
        gathering.say(name, record.get("body"), record.at("body"), markup="html")
    tell_unread(gathering)
    return gathering.conversation(NAME)
