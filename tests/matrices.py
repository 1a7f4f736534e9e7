"""The whole replies of language/matrix, for their test and for tools/matrix.py.

`<language>-<number>.yaml` holds data with their possessives under `data`, by category, and replies with a gap for
one of them: those under `asks` ask for what stands in the gap, here, and for nothing else; those under `asks nothing`
ask for nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml
from verdicts import asked

FOLDER = Path(__file__).parent / "language" / "matrix"
GAP = "{datum}"


class Reply(NamedTuple):
    """A reply with its gap, and whether it asks for what stands there."""

    text: str
    asks: bool

    def with_datum(self, datum: str) -> str:
        """The reply with a datum in its gap; with a capital at the start of a sentence."""
        before = self.text[: self.text.index(GAP)].rstrip('*_"“„«¿¡ ')
        begins = not before or before[-1] in ".!?:\n…"
        return self.text.replace(GAP, datum[0].upper() + datum[1:] if begins else datum)


class Datum(NamedTuple):
    """What it is called in a reply ("your passport number"), and its category."""

    category: str
    name: str


def read(path: Path) -> tuple[list[Reply], list[Datum]]:
    """The replies and the data of a file."""
    of = yaml.safe_load(path.read_text(encoding="utf-8"))
    replies = [Reply(text, kind == "asks") for kind in ("asks", "asks nothing") for text in of[kind]]
    return replies, [Datum(category, name) for category, names in of["data"].items() for name in names]


def code_of(path: Path) -> str:
    """The language of a file, by its name."""
    return path.stem.partition("-")[0]


def misread(reply: Reply, datum: Datum, code: str) -> set[str] | None:
    """The categories that a reply with a datum is taken to ask for, where that is wrong."""
    found = asked(reply.with_datum(datum.name), code)
    return None if found == ({datum.category} if reply.asks else set()) else found
