"""One product's export a module: document to conversation. Recognised by shape, never by file name alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..conversation import Conversation
from ..documents import Document


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

    NAME: str
    TITLE: str

    def claims(self, document: Document) -> bool: ...

    def read(self, document: Document, neighbours: Neighbours) -> Conversation: ...


def known() -> tuple[ReaderModule, ...]:
    """All readers, the most particular first; the generic lists come last."""
    from .registry import READERS

    return READERS


def find(document: Document) -> ReaderModule | None:
    """The first reader that claims a document, None when no one does."""
    for reader in known():
        if reader.claims(document):
            return reader
    return None
