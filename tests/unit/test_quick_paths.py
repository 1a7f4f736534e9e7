"""What is done quickly for most texts gives what is done for all."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from neverask.language import disguise, tokens

ROOT = Path(__file__).resolve().parent.parent
LETTERS = "aww.abZ é1²٣  \t\n\r\u00a0.,:;…!?'’-–()@/#_&+•\ufffcİΣσßeg.nlcom½Ⅷ\x0b\x85\u2028日“”«»\u200b€\\🙂"


def texts() -> Iterator[str]:
    chance = random.Random(3)
    for _ in range(20_000):
        yield "".join(chance.choice(LETTERS) for _ in range(chance.randrange(14)))
    for path in sorted((ROOT / "language" / "sentences").glob("*.jsonl")):
        yield from (json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines())


def test_simple_texts_are_cut_like_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [(text, tokens.tokenise(text)) for text in texts() if not tokens._NOT_SIMPLE.search(text)]
    assert len(quick) > 10_000
    monkeypatch.setattr(tokens, "_NOT_SIMPLE", tokens.re.compile(""))
    for text, found in quick:
        assert tokens.tokenise(text) == found, text


def test_a_text_in_which_nothing_odd_is_seen_has_nothing_odd() -> None:
    odd = 0
    for text in texts():
        found = disguise._ODD.search(text) is not None
        odd += found
        assert disguise._is_odd(text) == found, text
    assert odd > 1_000
