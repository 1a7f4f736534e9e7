"""Streams of YAML documents: a reader that knows some of them may pass over the others."""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Conversation, Path
from ..documents import Document, Several
from .common import is_text
from .prose import places


def passed_over(document: Document, read: Conversation) -> Iterator[Path]:
    """Where the first sentence stands in each document of a stream of which nothing was read."""
    if document.kind != "yaml" or not isinstance(document.value, Several):
        return
    found = (read.messages, read.captures, read.skipped, read.unseen, read.overlooked)
    known = {one.path[0] for of_kind in found for one in of_kind if one.path}
    for number, value in enumerate(document.value):
        path = None if number in known else next(places(value, is_text), None)
        if path is not None:
            yield (number, *path)
