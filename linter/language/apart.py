"""Where words begin that are not written as words: "p a s s w o r d", "p-i-n c-o-d-e", "creditcardnumber"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from itertools import pairwise
from typing import NamedTuple

from .tokens import fold

_LONGEST = 24  # letters of a word
_SHORTEST = 2
_SURE = 4  # letters; shorter words are made by chance


class Piece(NamedTuple):
    """A word, and from where to where it is written in a stretch of text."""

    word: str
    start: int
    end: int


_APART = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,3}){4,}[^\W_](?![^\W_])")


def left_out(text: str) -> str:
    """The text without letters that stand apart: a reader of words takes each for a word."""
    return _APART.sub(" ", text)


def put_together(said: str, listed: Container[str]) -> tuple[Piece, ...]:
    """The words of a stretch in which something stands between every two letters; none where it makes no words.

    What stands between two words is another thing than what stands between two letters, or the same.
    """
    groups = _groups(said)
    if len(groups) == 1:
        letters = groups[0]
        cuts = segmented(_word(said, letters), listed)
        groups = [letters[start:end] for start, end in cuts]
    found = _pieces(said, groups)
    long = [piece.word for piece in found if len(piece.word) > _SHORTEST]
    sure = any(len(word) >= _SURE for word in long) and all(word in listed for word in long)
    return found if sure else ()


def in_groups(said: str) -> tuple[Piece, ...]:
    """The words of such a stretch, whatever they are."""
    return _pieces(said, _groups(said))


def _groups(said: str) -> list[list[int]]:
    """The places of the letters of each word."""
    letters = [at for at, character in enumerate(said) if character.isalnum()]
    between = [said[one + 1 : other] for one, other in pairwise(letters)]
    usual = Counter(between).most_common(1)[0][0]
    groups = [[letters[0]]]
    for at, mark in zip(letters[1:], between, strict=True):
        if mark != usual:
            groups.append([])
        groups[-1].append(at)
    return groups


def _pieces(said: str, groups: list[list[int]]) -> tuple[Piece, ...]:
    return tuple(Piece(_word(said, group), group[0], group[-1] + 1) for group in groups)


def _word(said: str, letters: list[int]) -> str:
    return fold("".join(said[at] for at in letters).lower())


def segmented(word: str, listed: Container[str]) -> list[tuple[int, int]]:
    """Where the fewest listed words begin and end that make up a word; [] where none do."""
    ways: list[tuple[int, int] | None] = [(0, 0)]  # how many words make up the beginning, and where the last begins
    for end in range(1, len(word) + 1):
        best: tuple[int, int] | None = None
        for start in range(max(0, end - _LONGEST), end - _SHORTEST + 1):
            before = ways[start]
            if before is not None and (best is None or before[0] + 1 < best[0]) and word[start:end] in listed:
                best = before[0] + 1, start
        ways.append(best)
    cuts: list[tuple[int, int]] = []
    end = len(word)
    while end > 0:
        way = ways[end]
        if way is None:
            return []
        cuts.append((way[1], end))
        end = way[1]
    return cuts[::-1]
