"""Numbers that no entry of a lexicon names read alike: with others in their place a text is the same to the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"\d{2,}")
_SHORT = 3
_DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(r"[\d.]+,\d\d")
# By themselves: not in a word, an entity or the name of a placeholder. An amount or a time of day is in no entry.
_NUMBER = re.compile(r"(?<![\w{#])(?:\d{1,9}(?:[.,:]\d{1,9})+|\d{2,})(?![\w}])")


def numbers_in(text: str) -> list[str]:
    """The numbers of two digits and more in the text of an entry or of a file of entries."""
    return _DIGITS.findall(text)


class Numbers:
    """Makes numbers equal that stand in none of some entries."""

    def __init__(self, named: Iterable[str]) -> None:
        self.named = frozenset(named)
        self._long = frozenset(number for number in self.named if len(number) > 2)
        alone = {number[0] for number in self.named if len(set(number)) == 1}
        self._filler = next((digit for digit in "0123456789" if digit not in alone), "")
        """A digit of which no entry has a number that is nothing else."""

    def alike(self, text: str) -> str:
        """The text with numbers of the same length in the place of those that no entry names."""
        return _NUMBER.sub(self._other, text) if self._filler and _DIGIT.search(text) else text

    def filled(self, text: str) -> str:
        """The text with all its numbers made alike, whether or not an entry names them."""
        return _DIGIT.sub(self._filler, text) if self._filler else text

    def _other(self, number: re.Match[str]) -> str:
        written = number[0]
        return written if self._may_be_named(written) else _DIGIT.sub(self._filler, written)

    def _may_be_named(self, number: str) -> bool:
        """Whether an entry may name a number: "form 596.2" may be that of "form 596", while "at 11.20" is no "20"."""
        if number in self.named:
            return True
        if len(number) <= _SHORT or _AMOUNT.fullmatch(number):
            return False
        return not self._long.isdisjoint(_DIGITS.findall(number))
