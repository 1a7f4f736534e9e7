"""Live Helper Chat canned messages: CSV, with the translations as JSON in a cell, or JSON."""

from __future__ import annotations

import json

from ..conversation import Conversation
from ..documents import Document, embedded
from ..source import SourceError
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records, strings, truth
from .nodes import Node, root
from .unread import tell_unread

NAME = "livehelperchat"
TITLE = "Live Helper Chat canned messages"

_TEXTS = ("msg", "fallback_msg", "html_snippet")
_KNOWN = frozenset({"languages"})
_SIGNS = ("fallback_msg", "explain", "auto_send", "html_snippet", "tags_plain", "department_ids_front")


def claims(document: Document) -> bool:
    return (is_table(document) or is_data(document)) and mostly(document, _is_canned)


def _is_canned(record: Record) -> bool:
    names = record.columns if record.columns is not None else record.values
    return "msg" in names and sum(sign in names for sign in _SIGNS) > 1


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document):
        _read(gathering, record)
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, record: Record) -> None:
    name = record.name("title", "id")
    tags = tuple(tag.strip() for tag in str(record.get("tags_plain") or "").split(",") if tag.strip())
    if truth(record.get("disabled")) is True:
        tags += ("inactive",)
    for key in _TEXTS:
        if record.first(key):
            id = name if key == "msg" else f"{name}.{key}"
            markup = "html" if key == "html_snippet" else "auto"
            gathering.say(id, record.get(key), record.at(key), markup=markup, tags=tags)
    if record.first("explain"):
        gathering.skip(record.get("explain"), record.at("explain"), "a note for agents", name)
    if record.first("languages") or isinstance(record.get("languages"), list):
        _read_translations(gathering, record, name, tags)


def _read_translations(gathering: Gathering, record: Record, name: str, tags: tuple[str, ...]) -> None:
    """``[{"languages": ["nl", "nl-be"], "message": "…", "fallback_message": "…"}]``, as it stands or in a string."""
    translations = _translations(gathering, record, name)
    if translations is None:
        return
    for number, item in enumerate(translations):
        codes = strings(item["languages"].value)
        locale = codes[0] if codes else None
        for key, text in item.items():
            if key != "languages" and text.text:
                id = f"{name}[{locale or number}]" + ("" if key == "message" else f".{key}")
                gathering.say(id, text.value, text.path, locale=locale, tags=tags, document=text.document)


def _translations(gathering: Gathering, record: Record, name: str) -> Node | None:
    """None where they are in a string and can't be read, which is told."""
    value, path = record.get("languages"), record.at("languages")
    if not isinstance(value, str):
        return Node(value, path, gathering.document)
    try:
        json.loads(value)
        return root(embedded(gathering.document, path))
    except (ValueError, SourceError, LookupError, RecursionError):
        gathering.overlook(path, "the translations in this cell are not valid JSON", name, broken=True)
        return None
