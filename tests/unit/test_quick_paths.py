"""What is done quickly for most texts gives what is done for all."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from neverask.language import disguise, tokens
from neverask.language.pack import load
from neverask.language.proposals import Construction, Possible, find
from neverask.language.tagset import needed

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
        found = any(one.search(text) is not None for one in (disguise._ODD, disguise._CUT, disguise._ALIKE))
        odd += found
        assert disguise._is_odd(text) == found, text
    assert odd > 1_000


@pytest.mark.parametrize("code", ["en", "nl", "de", "fr", "es", "it", "pt"])
def test_constructions_are_found_whether_or_not_they_are_looked_for_by_what_they_need(code: str) -> None:
    constructions = load(code).constructions
    quick = Possible(constructions)
    slow = Possible([Construction(one.name, one.pattern.pattern, ()) for one in constructions])
    letters = "".join(sorted({tag for one in constructions for tags in one.needs for tag in tags}))
    chance = random.Random(4)
    found = 0
    for _ in range(1_000):
        few = [*chance.sample(letters, 8), "_", "D", "G"]
        tags = "".join(chance.choice(few) for _ in range(chance.randrange(12)))
        wanted = find(tags, slow)
        found += len(wanted)
        assert find(tags, quick) == wanted, tags
    assert found > 1_000


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("ab?c*d+", ["a", "d"]),
        ("a{0,3}b{1,3}c{,2}d{2}", ["b", "d"]),
        ("[abc]d|[xd]e|yzd", ["de"]),
        ("ab|cd", ["ac"]),
        ("a|b*", []),
        ("(?:ab|ac)(?=d)(?!e)(?<=f)(?<!g)", ["a", "d", "f", "bc"]),
        (r"[^a]\.\bx.$[\d]", [".", "x"]),
        (r"[a-c\]][]x]", ["]x", "]abc"]),
        ("(?i:a)b(?P<name>c)", ["b"]),
    ],
)
def test_what_an_expression_needs(pattern: str, wanted: list[str]) -> None:
    assert needed(pattern) == wanted
