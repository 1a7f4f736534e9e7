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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
with atheris.instrument_imports(include=["neverask"]):
    from neverask.readers import known
    from reading import read, samples

SECONDS = 2  # that a small document may take
LONGEST = 100_000


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    name, corpus, *options = sys.argv[1:]
    documents = samples(name, LONGEST)
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
