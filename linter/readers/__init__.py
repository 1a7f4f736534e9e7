"""One product's export a module: document to conversation. Recognised by shape, never by file name alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Protocol

from ..conversation import Conversation
from ..documents import Document
from ..documents.model import simple_name

_LARGE = 100_000  # characters; for more text the time to load every reader is nothing
_Words = tuple[tuple[str, ...], ...]
_ESCAPED_LETTER = re.compile(r"\\(?:x|u00)[2-7]")


class Neighbours(Protocol):
    """The other files of an export, for readers whose export spans files. It never leaves the tree that is linted."""

    def names(self, pattern: str) -> Sequence[str]:
        """Paths relative to the document's folder (archive members likewise) that fit a glob such as ``*/*.lg``."""
        ...

    def open(self, name: str) -> Sequence[Document]:
        """The documents in a neighbouring file; () when it isn't there or can't be read."""
        ...


class ReaderModule(Protocol):
    """What a reader's module offers.

    ``NAME`` is the format's id ("zendesk-macros"), ``TITLE`` its name for people. ``claims`` says from a document's
    content whether it is of this format: quick, and false when in doubt. ``read`` makes the conversation.
    """

    __name__: str
    NAME: str
    TITLE: str

    def claims(self, document: Document) -> bool: ...

    def read(self, document: Document, neighbours: Neighbours) -> Conversation: ...


def known() -> tuple[ReaderModule, ...]:
    """All readers, the most particular first; the generic lists come last."""
    from .registry import LINES

    return tuple(_load(line.module) for line in LINES)


def find(document: Document) -> ReaderModule | None:
    """The first reader that claims a document, None when no one does."""
    text = _words_of(document)
    for module, words in _lines(document.kind):
        if not text or _holds(text, words):
            reader = _load(module)
            if reader.claims(document):
                return reader
    return None


@lru_cache(maxsize=32)
def _lines(kind: str) -> tuple[tuple[str, _Words], ...]:
    """The readers of a kind of document, each with the words that stand in every one: of each group one."""
    from .registry import LINES

    return tuple(
        (line.module, tuple(tuple(group.split("|")) for group in line.words.split()))
        for line in LINES
        if kind in line.kinds.split()
    )


def by_record(reader: ReaderModule) -> bool:
    """Whether a reader reads each record by itself."""
    from .registry import LINES

    return any(line.by_record for line in LINES if reader.__name__ == f"{__name__}.{line.module}")


def looked_through(document: Document) -> bool:
    """Whether one of the readers that look through all of a document claims this one."""
    from .registry import LINES

    return any(
        _load(line.module).claims(document) for line in LINES if line.anywhere and document.kind in line.kinds.split()
    )


def _load(module: str) -> ReaderModule:
    return import_module(f".{module}", __name__)


def _words_of(document: Document) -> str:
    """The text in which a reader's words must stand; "" where it is no use to look for them.

    Names of columns are compared in lower case and without accents; letters of keys may be written as escapes.
    """
    text = document.source.text
    if document.kind in ("json", "jsonl", "yaml"):
        escaped = "\\" in text and _ESCAPED_LETTER.search(text)
        return "" if len(text) > _LARGE or escaped else f"{document.path}\n{text}"
    return f"{document.path}\n{simple_name(text)}" if document.kind == "csv" and len(text) <= _LARGE else ""


def _holds(text: str, words: _Words) -> bool:
    for group in words:
        for word in group:
            if word in text:
                break
        else:
            return False
    return True
