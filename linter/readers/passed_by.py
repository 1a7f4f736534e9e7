"""What a reader passed by in a file that it knows: sentences of which nobody would hear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..conversation import Conversation, Path, Skipped
from ..documents import Document
from . import ReaderModule, by_record
from .misshapen import misshapen, nothing_read
from .misspelt import misspelt
from .nodes import Joined
from .prose import is_sentence


def passed_by(reader: ReaderModule, read: Conversation) -> Iterator[Skipped]:
    """The sentences that a reader did not read for the name or the shape of what they stand in.

    One that reads each record by itself tells these itself, but does not know whether anything was read at all,
    but for words of buttons and the like.
    """
    documents = [one for one in read.documents if isinstance(one, Document)]
    kinds = (read.messages, read.skipped, read.unseen, read.overlooked)
    is_told = any((read.unseen, read.overlooked)) or any(is_sentence(message.text) for message in read.messages)
    done: dict[int, set[Path]] = defaultdict(set)
    for kind in kinds:
        for one in kind:
            done[id(one.document.source if isinstance(one.document, Joined) else one.document)].add(one.path)
    for document in documents[: 0 if by_record(reader) else None]:
        if isinstance(document.value, (dict, list)):
            of_it = done[id(document)] | done[id(document.source)]
            found = [*misspelt(document, reader, of_it), *misshapen(document, read.messages, of_it)]
            is_told = is_told or bool(found)
            yield from found
    for document in documents[: 0 if is_told else 1]:
        yield from nothing_read(document, read, done[id(document)] | done[id(document.source)])
