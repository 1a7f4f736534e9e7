"""What is wrong with the files of a language is told by file and line."""

from __future__ import annotations

import pytest
from neverask.language.pack import compile_pack, texts_of
from neverask.resources import PackError


def test_a_key_that_stands_twice_is_refused() -> None:
    """YAML keeps what is under the last one: a whole list of a language was lost without a word."""
    texts = dict(texts_of("nl"))
    lines = texts["nl/words.yaml"].count("\n")
    texts["nl/words.yaml"] += "tags: {}\n"
    with pytest.raises(PackError, match=rf"nl/words.yaml:{lines + 1}: 'tags' stands here twice"):
        compile_pack("nl", texts)


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("(a) (b)", "may be left out altogether"),
        ("(a/b) … c", "may be left out altogether"),
        ("a … b c", "behind the gap stands one word"),
        ("a … (b)", "behind the gap stands one word"),
    ],
)
def test_a_phrase_that_would_be_anywhere_is_refused(phrase: str, why: str) -> None:
    """Of "never … (be) asked" the word "be" alone did, of "(totally) (safe)" nothing at all."""
    texts = dict(texts_of("nl"))
    texts["nl/statements.yaml"] += f"unlikely: ['{phrase}']\n"
    with pytest.raises(PackError, match=rf"nl/statements.yaml unlikely: .*{why}"):
        compile_pack("nl", texts)
