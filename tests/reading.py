"""The documents of the readers' tests, and a reading of one without the net that a run has; fuzz/ uses both."""

from __future__ import annotations

from pathlib import Path

from neverask.documents import open_source
from neverask.outcome import Outcome
from neverask.readers import known
from neverask.source import SourceError
from neverask.surroundings import Folder

READERS = Path(__file__).parent / "readers"


def samples(reader: str, smaller: int) -> list[Path]:
    """The documents of a reader's tests of less than so many bytes."""
    found = [path for path in sorted((READERS / reader).rglob("*")) if path.is_file() and path.stat().st_size < smaller]
    return [
        path
        for path in found
        if not path.name.startswith(("expected", "conversation")) and path.suffix not in (".seen", ".places")
    ]


def read(path: str, data: bytes) -> None:
    """As a run does, without its net for mistakes of ours: they are raised, a place outside the text is too."""
    try:
        documents = open_source(path, data)
    except SourceError:
        return
    for document in documents:
        if document.error is not None:
            continue
        for reader in known():
            if reader.claims(document):
                try:
                    conversation = reader.read(document, Folder(document, documents, (), Outcome(path)))
                except SourceError:
                    break
                for message in conversation.messages:
                    start, end = message.located().span()
                    assert 0 <= start <= end <= len(message.document.source.text)
                break
