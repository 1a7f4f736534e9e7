"""Intercom macros: HTML with ``<attribute key=…/>`` for placeholders, plain text, or blocks."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, same_words, strings
from .unread import tell_unread

NAME = "intercom"
TITLE = "Intercom macros"

_ENVELOPES = ("data", "macros")
_KNOWN = frozenset({"body", "body_text", "blocks"})
_BLOCKS = ("paragraph", "heading", "subheading", "orderedList", "unorderedList", "button")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_macro, *_ENVELOPES)


def _is_macro(record: Record) -> bool:
    if not (record.has("body") or record.has("body_text") or _blocks(record)):
        return False
    return (record.get("type") == "macro" and record.has("name")) or (
        record.has("body_text", "name") and (record.has("available_on") or record.has("visible_to"))
    )


def _blocks(record: Record) -> list[dict[str, Any]]:
    blocks = record.get("blocks")
    if not isinstance(blocks, list):
        return []
    return [block if isinstance(block, dict) else {} for block in blocks]


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        _read(gathering, record)
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, record: Record) -> None:
    name = record.name("name", "id")
    # "messenger" is Intercom's own window on a web site; "inbox" answers on every channel.
    places = strings(record.get("available_on"))
    channels = ("webchat",) if places == ("messenger",) else ()
    html, plain = record.get("body"), record.get("body_text")
    if isinstance(html, str):
        gathering.say(name, html, record.at("body"), markup="html", channels=channels)
    if isinstance(plain, str) and not (isinstance(html, str) and _same(plain, html)):
        gathering.say(name, plain, record.at("body_text"), markup="plain", channels=channels)
    for number, block in enumerate(_blocks(record)):
        if block.get("type") not in _BLOCKS:
            continue
        kind = "button" if block["type"] == "button" else "reply"
        id = f"{name}[{number}]"
        gathering.say(id, block.get("text"), record.at("blocks", number, "text"), kind, channels=channels)
        items = block.get("items")
        for place, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, str):
                path = record.at("blocks", number, "items", place)
                gathering.say(f"{id}[{place}]", item, path, channels=channels)


def _same(plain: str, html: str) -> bool:
    """The same text but for placeholders, which the two write differently."""
    from re import sub

    return same_words(sub(r"\{\{.*?\}\}", "", plain), html)
