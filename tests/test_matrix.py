"""Whole replies with a gap for a datum: what a reply asks for hangs on how it is said, not on which datum it names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import matrices

EACH = 3
"""How many of the data each reply is read with: other ones from reply to reply."""
MOST_WRONG = 0.04
"""The share of a file that may be read wrongly; a known gap."""


@pytest.mark.parametrize("name", sorted(path.name for path in matrices.FOLDER.glob("*.yaml")))
def test_a_reply_is_read_alike_whatever_datum_it_names(name: str) -> None:
    path = matrices.FOLDER / name
    code = matrices.code_of(path)
    replies, data = matrices.read(path)
    read = [
        (reply, data[(number * 7 + step * 5) % len(data)])
        for number, reply in enumerate(replies)
        for step in range(min(EACH, len(data)))
    ]
    wrong = [reply.with_datum(datum.name) for reply, datum in read if matrices.misread(reply, datum, code) is not None]
    assert len(wrong) <= MOST_WRONG * len(read), wrong
