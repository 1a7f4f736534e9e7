"""Freshdesk and Freshservice canned responses; the plain and the HTML field hold the same text."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records, same_words, strings
from .unread import tell_unread

NAME = "freshdesk"
TITLE = "Freshdesk or Freshservice canned responses"

_ENVELOPES = ("canned_responses", "canned_response", "responses")


def claims(document: Document) -> bool:
    return (is_data(document) or is_table(document)) and mostly(document, _is_canned, *_ENVELOPES)


def _is_canned(record: Record) -> bool:
    if not record.has("title"):
        return False
    return record.has("content_html") or (record.has("content", "folder_id") and record.first("content") != "")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("title", "id")
        tags = strings(record.get("folder_name")) + strings(record.get("folder"))
        html, plain = record.get("content_html"), record.get("content")
        if isinstance(html, str):
            gathering.say(name, html, record.at("content_html"), markup="html", tags=tags)
        if isinstance(plain, str) and not (isinstance(html, str) and same_words(plain, html)):
            gathering.say(name, plain, record.at("content"), tags=tags)
    tell_unread(gathering)
    return gathering.conversation(NAME)
