"""Files into values with places. Nothing here knows what a reply or a bot is."""

from __future__ import annotations

from ..source import Source, SourceError
from .archives import MAX_NESTING, Budget, is_archive, members, spreadsheet_kind
from .decoding import decode
from .embedded import embedded
from .kinds import open_text
from .model import Document, Merged, Path, Several, Table, Whole
from .office import reason_for, refuse_archive, refuse_text

__all__ = ["Document", "Merged", "Path", "Several", "Table", "embedded", "open_source"]


def open_source(path: str, data: bytes) -> list[Document]:
    """The documents in a file: one, or one a member of an archive.

    A member that can't be read is a Document of kind "unreadable" with its error. Raises SourceError, with
    the place where there is one, when the file as a whole can't be read.
    """
    if is_archive(data):
        return _open(path, data, Budget(path, len(data)), 0)
    _refuse(path, data)
    text, encoding = decode(path, data)
    refuse_text(path, text)
    del data  # the bytes of a large file go before its values come
    return [open_text(path, text, encoding)]


def _open(path: str, data: bytes, budget: Budget, nesting: int) -> list[Document]:
    archive = is_archive(data)
    _refuse(path, data)
    if archive:
        kind = spreadsheet_kind(data) if archive == "zip" else ""
        if kind:
            return [_spreadsheet(kind, path, data)]
        found = _open_archive(path, data, budget, nesting)
        refuse_archive(path)
        return found
    text, encoding = decode(path, data)
    refuse_text(path, text)
    return [open_text(path, text, encoding)]


def _refuse(path: str, data: bytes) -> None:
    reason = reason_for(path, data)
    if reason:
        raise SourceError(path, reason)


def _spreadsheet(kind: str, path: str, data: bytes) -> Document:
    from . import spreadsheets

    return spreadsheets.open_xlsx(path, data) if kind == "xlsx" else spreadsheets.open_ods(path, data)


def _open_archive(path: str, data: bytes, budget: Budget, nesting: int) -> list[Document]:
    if nesting >= MAX_NESTING:
        raise SourceError(path, f"archives inside archives more than {MAX_NESTING} deep")
    documents: list[Document] = []

    def refuse(name: str, reason: str) -> None:
        documents.append(_member(name, _unreadable(SourceError(f"{path}!{name}", reason))))

    for name, content in members(path, data, budget, refuse):
        try:
            inside = _open(f"{path}!{name}", content, budget, nesting + 1)
        except SourceError as error:
            inside = [_unreadable(SourceError(f"{path}!{name}", error.reason, error.position, error.words))]
        documents += (_member(name, document) for document in inside)
    return documents


def _member(name: str, document: Document) -> Document:
    document.source.members = (name, *document.source.members)
    return document


def _unreadable(error: SourceError) -> Document:
    source = Source(error.path, "")
    return Document("unreadable", source, None, lambda: Whole(source), error=error)
