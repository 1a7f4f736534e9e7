"""Zendesk dynamic content: texts that macros name as ``{{dc.item}}``, one a locale."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, truth

NAME = "zendesk-dynamic-content"
TITLE = "Zendesk dynamic content"

_ENVELOPES = ("items", "item", "dynamic_content_items")
_US_ENGLISH = 1  # the only locale number that is the same everywhere


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_item, *_ENVELOPES)


def _is_item(record: Record) -> bool:
    return "dc." in str(record.get("placeholder")) and isinstance(record.get("variants"), list)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        variants = record.get("variants")
        name = record.name("placeholder", "name").strip("{} ")
        for number, variant in enumerate(variants if isinstance(variants, list) else ()):
            if not isinstance(variant, dict):
                continue
            locale = variant.get("locale", variant.get("locale_id"))
            code = locale if isinstance(locale, str) else "en-US" if locale == _US_ENGLISH else None
            tags = tuple(
                tag
                for tag, there in (
                    ("inactive", truth(variant.get("active")) is False),
                    ("outdated", truth(variant.get("outdated")) is True),
                )
                if there
            )
            id = f"{name}[{locale}]" if locale is not None else f"{name}[{number}]"
            path = record.at("variants", number, "content")
            gathering.say(id, variant.get("content"), path, locale=code, tags=tags)
    return gathering.conversation(NAME)
