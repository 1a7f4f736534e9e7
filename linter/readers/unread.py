"""Sentences in a product's export that its reader did not take: they are told, never passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from ..conversation import Path
from ..documents.model import numbered
from .common import Gathering, Said, is_table, records
from .fields import role
from .misshapen import MAY_BE_SHOWN, misshapen, nothing_read
from .plans import overlook_once
from .prose import is_sentence

_SHORTEST = 4  # characters; no sentence is as short
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
    if not done and not is_table(gathering.document):
        gathering.overlooked += nothing_read(gathering.document)
        return
    said = Said(message.text for message in gathering.messages)
    for path, name, text in _strings(gathering, known, done):
        if name not in gathering.told and is_sentence(text) and text not in said:
            overlook_once(gathering, text, path, name)
    if not is_table(gathering.document):
        gathering.overlooked += misshapen(gathering.document, gathering.messages, done)


def _strings(gathering: Gathering, known: Container[str], done: Container[Path]) -> Iterator[tuple[Path, str, str]]:
    """What may be a text for customers: where it stands, what it is called, the string."""
    document = gathering.document
    if is_table(document):
        for record in records(document):
            for key, value in record.values.items():
                if key not in known and role(key).kind in MAY_BE_SHOWN and record.at(key) not in done:
                    yield record.at(key), key, value
        return
    names = _Names(known)
    left: list[tuple[Path, str, Any]] = [((), "", document.value)]
    while left:
        path, above, value = left.pop()
        if path in done:
            continue
        inner: list[tuple[Path, str, Any]] = []
        if isinstance(value, list):
            inside = "" if len(path) < 2 else above  # what the list of all entries is called says nothing of one
            inner = [((*path, number), inside, item) for number, item in numbered(value) if _may_say(item)]
        elif isinstance(value, dict):
            over = above.rpartition(".")[2]
            for key, item in value.items():
                if _may_say(item) and (name := names.of(str(key), over, isinstance(item, str))):
                    inner.append(((*path, key), name, item))
        elif isinstance(value, str) and role(above.rpartition(".")[2]).kind in MAY_BE_SHOWN:
            yield path, above, value
        left += reversed(inner)


def _may_say(value: Any) -> bool:
    """Whether a sentence may be in a value; a word has no blank."""
    if isinstance(value, str):
        return len(value) > _SHORTEST and (" " in value or not value.isascii())
    return isinstance(value, (dict, list)) and bool(value)


class _Names:
    """Names of fields, and whether what stands under them may be for customers."""

    def __init__(self, known: Container[str]) -> None:
        self._known = known
        self._found: dict[tuple[str, str, bool], str] = {}

    def of(self, key: str, over: str, is_text: bool) -> str:
        """What a field is called: its name and the one above it, "" where it holds nothing for customers."""
        found = self._found.get((key, over, is_text))
        if found is None:
            name = f"{over}.{key}" if over else key
            kind = role(key).kind
            is_shown = kind in MAY_BE_SHOWN if is_text else kind not in ("customer", "agent")
            found = name if is_shown and name not in self._known and not _ASIDE.fullmatch(key) else ""
            self._found[key, over, is_text] = found
        return found
