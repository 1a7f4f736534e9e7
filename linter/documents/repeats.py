"""Keys that stand twice in a mapping: the later one counts, and what the first one says is lost."""

from __future__ import annotations

from itertools import chain
from typing import Any

from ..source import Span
from .model import Document

_ENDS = ('":', '" :')  # of a key; in a string such a mark stands behind a backslash


def repeated(document: Document) -> list[Span]:
    """Where the keys stand that a later key of the same mapping overrides. Quick where there are none."""
    lost = document.duplicates if has_repeats(document) else []
    if not document.inside:
        return lost
    return sorted({*lost, *chain.from_iterable(_inside(inner) for inner in document.inside)})


def _inside(document: Document) -> list[Span]:
    """The same in a document inside a string, where it is known that there are some."""
    return [*document.duplicates, *chain.from_iterable(map(_inside, document.inside))]


def has_repeats(document: Document) -> bool:
    """Whether a key stands twice in a mapping of a document that is not inside another."""
    if document.kind in ("json", "jsonl"):
        return loses_keys(document.source.text, document.value)
    return document.repeats


def loses_keys(text: str, value: Any) -> bool:
    """Whether JSON has more keys than its value: then one stood twice in a mapping."""
    keys = _keys(value)
    if sum(map(text.count, _ENDS)) <= keys:
        return False
    return sum(text.count(end) - text.count("\\" + end) for end in _ENDS) > keys


def _keys(value: Any) -> int:
    """How many keys all mappings of a value have."""
    count, level = 0, [value] if isinstance(value, (dict, list)) else []
    while level:
        mappings = [each for each in level if isinstance(each, dict)]
        count += sum(map(len, mappings))
        lists = [each for each in level if not isinstance(each, dict)]
        inner = chain(chain.from_iterable(map(dict.values, mappings)), chain.from_iterable(lists))
        # Most are texts: to ask that first is quickest.
        level = [one for one in inner if one.__class__ is not str and (one.__class__ is dict or one.__class__ is list)]
    return count
