"""A fuzz target for one reader: documents grown by coverage from those of its tests (atheris, libFuzzer).

usage: fuzz/reader.py READER CORPUS [options of libFuzzer, such as -max_total_time=60]

The first byte chooses a file name among those of the reader's samples, since the name tells the kind of document; what
follows is its content. A traceback, a place outside the text or a run of more than the bound is a fault: libFuzzer
keeps the input that made it. The corpus folder is filled from the samples on the first run and keeps what is new.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["neverask"]):
    from neverask.documents import open_source
    from neverask.outcome import Outcome
    from neverask.readers import known
    from neverask.source import SourceError
    from neverask.surroundings import Folder

HERE = Path(__file__).resolve().parent
SECONDS = 2  # that a small document may take
LONGEST = 100_000


def samples(reader: str) -> list[Path]:
    """The documents of a reader's tests."""
    folder = HERE.parent / "tests" / "readers" / reader
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size < LONGEST]
    return [
        path
        for path in found
        if not path.name.startswith(("expected", "conversation")) and path.suffix not in (".seen", ".places")
    ]


def read(path: str, data: bytes) -> None:
    """As a run does, without its net for mistakes of ours."""
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


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    name, corpus, *options = sys.argv[1:]
    documents = samples(name)
    if not documents:
        sys.exit(f"no samples in tests/readers/{name}")
    names = sorted({path.name for path in documents})
    place = Path(corpus) / name
    place.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(documents):
        (place / f"sample-{number}").write_bytes(bytes([names.index(path.name) % 256]) + path.read_bytes())

    read("replies.json", b"[]")  # what is loaded at the first use is no part of what a document takes
    list(known())

    def one(data: bytes) -> None:
        if data:
            read(names[data[0] % len(names)], data[1:])

    atheris.Setup([sys.argv[0], str(place), f"-timeout={SECONDS}", f"-max_len={LONGEST}", *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
