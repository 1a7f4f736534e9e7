"""Salesforce quick texts: JSON (``sf data export tree``, ``sf data query --json``) or CSV of the data loader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import MESSAGING, Gathering, Record, channel_names, is_data, is_table, most, mostly, records, truth
from .unread import tell_unread

NAME = "salesforce-quicktext"
TITLE = "Salesforce quick texts"

_INTERNAL = frozenset(["internal", "intern", "interne", "interno"])
_CHANNELS = {
    "email": ("email",), "e-mail": ("email",), "messaging": MESSAGING, "berichten": MESSAGING,
    "messagerie": MESSAGING, "nachrichten": MESSAGING, "mensajería": MESSAGING, "mensagens": MESSAGING,
    "messaggistica": MESSAGING, "live agent": ("webchat",), "liveagent": ("webchat",), "chat": ("webchat",),
    "phone": ("voice",), "telefoon": ("voice",),
    "social": ("messenger", "instagram", "public"), "knowledge": ("public",), "portal": ("portal",),
    "event": ("internal",), "task": ("internal",),
}  # fmt: skip


def claims(document: Document) -> bool:
    if is_table(document):
        return mostly(document, _is_row)
    return is_data(document) and most(_quick_texts(document), _is_quick_text)


def _quick_texts(document: Document) -> Iterator[Record]:
    """The records of a file, also where they are the result of a command."""
    for record in records(document, "records", "result"):
        inner = record.get("records")
        if not isinstance(inner, list):
            yield record
            continue
        for number, item in enumerate(inner):
            if isinstance(item, dict):
                yield Record(item, record.at("records", number))


def _is_row(record: Record) -> bool:
    return record.has("message", "channel") and any(
        record.has(sign) for sign in ("isinsertable", "foldername", "folderid", "sourcetype", "shortcode")
    )


def _is_quick_text(record: Record) -> bool:
    attributes = record.get("attributes")
    if isinstance(attributes, dict):
        return attributes.get("type") == "QuickText" and record.has("Message")
    return record.has("Message", "IsInsertable") and record.has("Channel")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in _quick_texts(document):
        _read(gathering, record)
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _field(record: Record, name: str) -> str:
    """The key of a field; in a table names are in lower case."""
    return name if record.columns is None else name.lower()


def _value(record: Record, name: str) -> Any:
    return record.get(_field(record, name))


def _read(gathering: Gathering, record: Record) -> None:
    name = record.name(*(_field(record, key) for key in ("Name", "Shortcode", "Id")))
    key = _field(record, "Message")
    if not record.first(key):
        return
    said = str(_value(record, "Channel") or "")
    places = [place.strip().lower() for place in said.split(";") if place.strip()]
    if places and _INTERNAL.issuperset(places):
        gathering.skip(record.get(key), record.at(key), "for internal use only", name)
        return
    channels: tuple[str, ...] = ()
    for place in places:
        if place not in _INTERNAL:
            channels += _CHANNELS.get(place) or channel_names(place)
    tags = tuple(
        value for field in ("Category", "FolderName") if isinstance(value := _value(record, field), str) and value
    )
    if truth(_value(record, "IsInsertable")) is False:
        tags += ("inactive",)
    gathering.say(name, record.get(key), record.at(key), "reply", "plain", tuple(dict.fromkeys(channels)), tags=tags)
