"""The passages of a text that are in another language than the text as a whole: replies are often bilingual.

A passage is some sentences or lines in a row. One begins where a sentence of four words or more is clearly in another
language, and goes on until a sentence is more in the language of the text. What is too short to tell belongs to what
stands before it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from . import identify

END = re.compile(r"(?<=[.!?]) |\n")
"""Where a sentence or a line ends, as far as a change of language goes."""
_WORD = re.compile(r"[^\W\d_]+")
_NOT_BLANK = re.compile(r"\S")
_SHORT = 4  # words; fewer don't begin a passage
DISTINCT = 3
"""Words of two letters or more, each counted once, that a sentence must have in a language for a passage to begin."""
_KNOWN = 0.5  # share of the words that must be known in the language
CLEARLY = 2.0
"""So many times as much must speak for it as for the language of the text."""

_Weights = dict[str, dict[str, float]]


class Passage(NamedTuple):
    """``text[start:end]`` is in the language ``code``; "" where none of ours is likely."""

    code: str
    start: int
    end: int


def passages(text: str, main: str) -> list[Passage]:
    """The passages of a text in order, end to end; ``main`` is the language of the text as a whole, or ""."""
    weights = {word: dict(identify.weights(word)) for word in set(_WORD.findall(text.lower()))}
    others = _others(weights, main)
    if not others:
        return [Passage(main, 0, len(text))]
    found: list[Passage] = []
    known: dict[tuple[str, str], str] = {}  # by a sentence and the language before it
    code, first, start = "", 0, 0
    before = main
    for end in (*(match.end() for match in END.finditer(text)), len(text)):
        said = text[start:end].lower()
        told = known.get((said, before))
        if told is None:
            told = known[said, before] = _language(_WORD.findall(said), weights, others, main, before)
        if told != code or not start:
            if start:
                found.append(Passage(code, first, start))
            code, first = told, start
        before, start = told, end
    return [*found, Passage(code, first, len(text))]


def mostly(text: str) -> str:
    """The language of most of a text that as a whole is in none that is likely; "" where it is like that all over."""
    lengths: dict[str, int] = {}
    for one in passages(text, ""):
        lengths[one.code] = lengths.get(one.code, 0) + one.end - one.start
    return max(lengths, key=lambda code: (lengths[code], code))


def only(text: str, among: list[Passage], code: str) -> str:
    """The text with blanks in place of all that is in another language, so that every place stays what it is."""
    return "".join(
        text[one.start : one.end] if one.code == code else _blank(text[one.start : one.end]) for one in among
    )


def _blank(passage: str) -> str:
    """As long and with as many lines; it ends with a line, so that what comes after it is read as it would be alone."""
    return _NOT_BLANK.sub(" ", passage)[:-1] + "\n"


def _others(weights: _Weights, main: str) -> frozenset[str]:
    """The languages for which enough words speak that a passage may be in them."""
    counts: dict[str, int] = {}
    for of in weights.values():
        least = of.get(main, 0.0)
        for code, weight in of.items():
            if weight > least:
                counts[code] = counts.get(code, 0) + 1
    return frozenset(code for code, count in counts.items() if count >= DISTINCT and code != main)


def _language(words: list[str], weights: _Weights, others: frozenset[str], main: str, before: str) -> str:
    """The language of a sentence after one in ``before``."""
    sums = dict.fromkeys((main, before, *others), 0.0)
    for word in words:
        for code, weight in weights[word].items():
            if code in sums:
                sums[code] += weight
    best = max(others, key=lambda code: (sums[code], code))
    if sums[best] >= CLEARLY * sums[main] and _begins(words, weights, best):
        return best
    if not main and len(words) >= _SHORT and not _is_known(words, weights, before):
        return main
    return main if sums[main] > sums[before] else before


def _begins(words: list[str], weights: _Weights, code: str) -> bool:
    distinct = {word for word in words if len(word) > 1 and code in weights[word]}
    return len(words) >= _SHORT and len(distinct) >= DISTINCT and _is_known(words, weights, code)


def _is_known(words: list[str], weights: _Weights, code: str) -> bool:
    return sum(code in weights[word] for word in words) >= _KNOWN * len(words)
