"""Zendesk dynamic content: texts that macros name as ``{{dc.item}}``, one a locale."""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, truth
from .unread import tell_unread

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
    for name, variants in texts(document):
        for key, locale, text, path, _, tags, _ in variants:
            gathering.say(f"dc.{name}[{key}]", text, path, locale=locale, tags=tags)
    tell_unread(gathering)
    return gathering.conversation(NAME)


Variant = tuple[str, str | None, str, Path, Document, tuple[str, ...], bool]
"""The locale as the file says it and as a code, the text and its place, marks, whether it is the default."""


def texts(document: Document) -> Iterator[tuple[str, list[Variant]]]:
    """The items by name in lower case, without ``dc.``, and their texts."""
    for record in records(document, *_ENVELOPES):
        if _is_item(record):
            name = record.name("placeholder", "name").strip("{}@ ").removeprefix("dc.").lower()
            yield name, list(_variants(record, document))


def _variants(record: Record, document: Document) -> Iterator[Variant]:
    for number, variant in enumerate(record.get("variants")):
        if not isinstance(variant, dict) or not isinstance(variant.get("content"), str):
            continue
        said = variant.get("locale", variant.get("locale_id"))
        locale = said if isinstance(said, str) else "en-US" if said == _US_ENGLISH else None
        marks = {
            "inactive": truth(variant.get("active")) is False,
            "outdated": truth(variant.get("outdated")) is True,
        }
        default = variant.get("default") is True or (said is not None and said == record.get("default_locale_id"))
        yield (
            str(said if said is not None else number),
            locale,
            variant["content"],
            record.at("variants", number, "content"),
            document,
            tuple(mark for mark, there in marks.items() if there),
            default,
        )
