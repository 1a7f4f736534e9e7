"""Sentences in a product's export that its reader did not take: they are told, never passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from ..conversation import Path
from ..documents.model import numbered
from .common import Gathering, Said, is_table, records
from .fields import role
from .plans import overlook_once
from .prose import is_sentence

_MAY_BE_SHOWN = frozenset(["", "text", "beside", "subject", "buttons"])
_ASIDE = re.compile(
    r"_?(?:conditions?|restrictions?|trigger_?rules|meta(?:data)?|author|owner|performer|\w*_by)", re.IGNORECASE
)
"""What stands under such a name is on the entry: when it comes in, who wrote it."""


def tell_unread(gathering: Gathering, known: Container[str] = ()) -> None:
    """Note the first sentence under each name of which a reader has taken nothing.

    What stands under a ``known`` name, one of an entry or one with that above it ("fields.html"), is its own affair.
    Names of notes, of titles and of what customers say tell what is under them.
    """
    done = {
        one.path
        for found in (gathering.messages, gathering.skipped, gathering.unseen, gathering.overlooked)
        for one in found
        if one.document is gathering.document
    }
    said = Said(message.text for message in gathering.messages)
    for path, name, text in _strings(gathering, known, done):
        if name not in gathering.told and is_sentence(text) and text not in said:
            overlook_once(gathering, text, path, name)


def _strings(gathering: Gathering, known: Container[str], done: Container[Path]) -> Iterator[tuple[Path, str, str]]:
    """What may be a text for customers: where it stands, what it is called, the string."""
    document = gathering.document
    if is_table(document):
        for record in records(document):
            for key, value in record.values.items():
                if key not in known and role(key).kind in _MAY_BE_SHOWN and record.at(key) not in done:
                    yield record.at(key), key, value
        return
    left: list[tuple[Path, str, Any]] = [((), "", document.value)]
    while left:
        path, above, value = left.pop()
        if path in done:
            continue
        if isinstance(value, str):
            if role(above.rpartition(".")[2]).kind in _MAY_BE_SHOWN:
                yield path, above, value
        elif isinstance(value, list):
            inside = "" if len(path) < 2 else above  # what the list of all entries is called says nothing of one
            left += reversed([((*path, number), inside, item) for number, item in numbered(value)])
        elif isinstance(value, dict):
            left += reversed(list(_fields(path, above, value, known)))


def _fields(path: Path, above: str, value: dict[Any, Any], known: Container[str]) -> Iterator[tuple[Path, str, Any]]:
    """The fields of a mapping that may hold something for customers, by their names and the one above them."""
    over = above.rpartition(".")[2]
    for key, item in value.items():
        name = f"{over}.{key}" if over else str(key)
        if name not in known and not _ASIDE.fullmatch(str(key)) and role(str(key)).kind not in ("customer", "agent"):
            yield (*path, key), name, item
