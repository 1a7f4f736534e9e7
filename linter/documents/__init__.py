"""Files into values with places. Nothing here knows what a reply or a bot is."""

from __future__ import annotations

from .decoding import decode
from .kinds import open_text
from .model import Document, Merged, Path, Several, Table

__all__ = ["Document", "Merged", "Path", "Several", "Table", "open_source"]


def open_source(path: str, data: bytes) -> list[Document]:
    """The documents in a file: one, or one a member of an archive.

    Raises SourceError, with the place where there is one, for files that can't be read.
    """
    text, encoding = decode(path, data)
    return [open_text(path, text, encoding)]
