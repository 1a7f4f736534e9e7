"""Keys that stand twice in a mapping: the later one counts, and what the first one says is lost."""

from __future__ import annotations

from itertools import chain
from typing import Any

from ..source import Span
from .model import Document

_LONG = 2 << 20  # characters; what is longer was written by a program, which does no such thing


def repeated(document: Document) -> list[Span]:
    """Where the keys stand that a later key of the same mapping overrides. Quick where there are none."""
    if document.kind == "yaml":
        return document.duplicates if document.repeats else []
    if document.kind not in ("json", "jsonl") or len(document.source.text) > _LONG:
        return []
    # As many keys as values with a name: none is lost. In a string a mark stands behind a backslash.
    text = document.source.text
    written = sum(text.count(end) - text.count("\\" + end) for end in ('":', '" :'))
    return document.duplicates if written > _keys(document.value) else []


def _keys(value: Any) -> int:
    """How many keys all mappings of a value have."""
    count, level = 0, [value]
    while level:
        count += sum(len(each) for each in level if isinstance(each, dict))
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in level)
        level = [each for each in inner if isinstance(each, (dict, list))]
    return count
