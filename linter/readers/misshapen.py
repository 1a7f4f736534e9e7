"""Sentences that a reader did not read because something else stands where it looks for a text: a list, a mapping.

A new version of a product gives a text a language ("text": {"en": …}) or puts a list around it. A reader that knows
texts only passes over it, and over the whole of a file in which nothing is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from ..conversation import Message, Path, Skipped
from ..documents import Document
from .common import Said
from .prose import is_sentence, places

NOTHING_READ = "nothing was read of this file, though a sentence stands here"
_OTHERWISE = "'{}' is read where it is a text; here it holds something else, so this is not read"
_LOOKED_AT = 100_000  # values of a file of which nothing was read


def misshapen(document: Document, messages: Sequence[Message], done: set[Path]) -> Iterator[Skipped]:
    """The first sentence under each name that elsewhere in the document is one of a text. ``done`` is what was read,
    or left out for a reason.
    """
    names = {name for message in messages if message.document is document and (name := _last(message.path))}
    if not names:
        return
    said = Said(message.text for message in messages)
    told: set[str] = set()
    for name, path, text in _below(document.value, names, done):
        if name not in told and text not in said:
            told.add(name)
            yield Skipped(path, document, _OTHERWISE.format(name))


def nothing_read(document: Document) -> Iterator[Skipped]:
    """The first sentence of a document, of which a reader took nothing at all though it knows it."""
    for path in islice(places(document.value, is_sentence, _LOOKED_AT), 1):
        yield Skipped(path, document, NOTHING_READ)


def _below(value: Any, names: set[str], done: set[Path]) -> Iterator[tuple[str, Path, str]]:
    """The sentences that are not done inside what stands under one of the names, each with that name and its place."""
    left: list[tuple[Path, str, Any]] = [((), "", value)]
    while left:
        path, name, one = left.pop()
        if path in done:
            continue
        if isinstance(one, dict):
            inner = [((*path, key), name or (str(key) if key in names and _may_say(item) else ""), item)
                     for key, item in one.items()]  # fmt: skip
        elif isinstance(one, list):
            inner = [((*path, number), name, item) for number, item in enumerate(one)]
        else:
            if name and is_sentence(one):
                yield name, path, one
            continue
        left += [each for each in reversed(inner) if each[1] or isinstance(each[2], (dict, list))]


def _may_say(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _last(path: Path) -> str:
    """The last name on the way to a text, where the text itself has it."""
    return path[-1] if path and isinstance(path[-1], str) else ""
