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
