"""Intercom macros: HTML with ``<attribute key=…/>`` for placeholders, plain text, or blocks."""

from __future__ import annotations

import re
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, letters, mostly, records, same_words, strings
from .nodes import Node
from .plans import overlook_once
from .unread import tell_unread

NAME = "intercom"
TITLE = "Intercom macros"

_ENVELOPES = ("data", "macros")
_KNOWN = frozenset({"body", "body_text", "blocks"})
_TEXTS = ("text", "content", "title")
_CODE = "code"


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
    said = letters(_plain("".join(text for text in (html, plain) if isinstance(text, str))))
    for number, block in enumerate(Node(record.get("blocks"), record.at("blocks"), gathering.document)):
        _read_block(gathering, block, f"{name}[{number}]", channels, said)


def _read_block(gathering: Gathering, block: Node, id: str, channels: tuple[str, ...], said: str) -> None:
    """A block and those in it (of a callout, a table), but for what is ``said`` already."""
    if block["type"].text == _CODE:
        return
    kind = "button" if block["type"].text == "button" else "reply"
    for key, inner in block.items():
        if inner.text and letters(_plain(inner.text)) in said:
            continue
        if key in _TEXTS:
            gathering.say(id, inner.value, inner.path, kind, channels=channels)
        else:
            overlook_once(gathering, inner.value, inner.path, key)
        _read_items(gathering, inner, id, channels, said)


def _read_items(gathering: Gathering, items: Node, id: str, channels: tuple[str, ...], said: str) -> None:
    if items.is_mapping:
        _read_block(gathering, items, id, channels, said)
    for number, item in enumerate(items):
        if item.text and letters(_plain(item.text)) not in said:
            gathering.say(f"{id}[{number}]", item.value, item.path, channels=channels)
        _read_items(gathering, item, f"{id}[{number}]", channels, said)


def _same(plain: str, html: str) -> bool:
    """The same text but for placeholders, which the two write differently."""
    return same_words(_plain(plain), _plain(html))


def _plain(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}", "", text)
