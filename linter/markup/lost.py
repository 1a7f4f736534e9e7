"""Letters that a program could not write, so that it put a mark in their place: "num\ufffdro", "contrase?a".

Customers still read the word. Which letter is meant is told by the words of the grammars that have one outside ASCII.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from .. import cache, resources
from ..expressions import expression
from .traced import Edit

_MARK = "\ufffd"
_LETTER = r"[^\W\d_]"
_GAP = expression(rf"[{_MARK}?]{{1,2}}")
_AT_END = rf"(?:{_MARK}{{1,2}}|\?(?= [a-z]))"
_GAPPED = expression(
    rf"(?<!{_LETTER})(?:{_LETTER}{{0,40}}(?:[{_MARK}?]{{1,2}}{_LETTER}{{1,40}}){{1,6}}{_AT_END}?"
    rf"|{_LETTER}{{2,40}}{_AT_END})"
)
"""A word with gaps in it; a question mark at its end is one, but where the sentence goes on."""
_WITHIN = expression(r"[a-zA-Z]\?\??(?![\w.%-]{1,60}=)[a-zA-Z]")  # not where a link asks: "page?id="
_LISTED = expression(rf"{_LETTER}+")
_FORMAT = "1"
_SHORTEST = 3  # letters of a word in which one is missing
_FILES = ("words.yaml", "data.yaml", "statements.yaml")


def may_be(text: str) -> bool:
    """A very cheap look that rules out nearly all texts."""
    return _MARK in text or ("?" in text and _WITHIN.search(text) is not None)


def lost_edits(text: str) -> list[Edit]:
    """The letters that are meant in the place of marks; a word that no grammar knows stays as it is."""
    return [edit for found in _GAPPED.finditer(text) for edit in _filled(found)] if may_be(text) else []


def _filled(found: re.Match[str]) -> Iterator[Edit]:
    for seen in dict.fromkeys((found[0], found[0].rstrip("?"))):
        word = _words().get(_GAP.sub(_MARK, seen.lower()))
        if word is not None:
            break
    else:
        return
    letters = [letter.upper() if seen.isupper() else letter for letter in word if not letter.isascii()]
    for gap, letter in zip(_GAP.finditer(seen), letters, strict=True):
        yield Edit(found.start() + gap.start(), found.start() + gap.end(), letter)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """By how they look without their letters outside ASCII, the words that have some; of several the commonest."""
    texts = [
        resources.grammar(f"{code}/{name}")
        for code in resources.languages()
        for name in _FILES
        if resources.has_grammar(f"{code}/{name}")
    ]
    name = "lost-" + cache.key([_FORMAT, *texts], any_python=True)
    found: dict[str, str] | None = cache.get(name)
    if found is None:
        found = {}
        counts = Counter(word for text in texts for word in _LISTED.findall(text.lower()) if not word.isascii())
        for word in sorted(counts, key=lambda one: (-counts[one], one)):
            if len(word) >= _SHORTEST:
                looks = "".join(letter if letter.isascii() else _MARK for letter in word)
                found.setdefault(looks, word)
        cache.put(name, found)
    return found
