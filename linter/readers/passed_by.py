"""What a reader passed by in a file that it knows: sentences of which nobody would hear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..conversation import Conversation, Path, Skipped
from ..documents import Document
from . import ReaderModule
from .misshapen import misshapen, nothing_read
from .misspelt import misspelt
from .nodes import Joined


def passed_by(reader: ReaderModule, read: Conversation) -> Iterator[Skipped]:
    """The sentences that a reader did not read for the name or the shape of what they stand in."""
    documents = [one for one in read.documents if isinstance(one, Document)]
    kinds = (read.messages, read.skipped, read.unseen, read.overlooked)
    is_told = any((*kinds, read.captures))
    done: dict[int, set[Path]] = defaultdict(set)
    for kind in kinds:
        for one in kind:
            done[id(one.document.source if isinstance(one.document, Joined) else one.document)].add(one.path)
    for document in documents:
        if isinstance(document.value, (dict, list)):
            of_it = done[id(document)] | done[id(document.source)]
            slips = list(misspelt(document, reader, of_it))
            is_told = is_told or bool(slips)
            yield from slips
            yield from misshapen(document, read.messages, of_it)
    for document in documents[: 0 if is_told else 1]:
        yield from nothing_read(document)
