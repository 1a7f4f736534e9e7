"""Texts made alike: words that no language knows, and numbers that no entry names, are put in the place of each other.

A sentence that only names another town or product, or another amount, need not be looked at anew: replies are made of
the same sentences again and again. Places change by it, so that it serves only to tell whether a text is worth reading.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache
from zlib import crc32

from ..expressions import expression
from .numbers import Numbers
from .sums import in_order, place
from .tokens import fold

_WORD = expression(r"(\n?)([^\W\d_]{4,})([.,;:!?)]*)")
_INSIDE = expression(r"[{\[<%$#][^\s}\]>]*(?:\s|\Z)")
"""In a piece between blanks: a tag or placeholder goes on behind it, whose words are names."""
_PICTURES = "\u2190"  # from here on there are signs that may hide letters between words
_STOPS = ".,;:!?)"
_NUMERAL = expression(r"\d{1,4}[.,;:!?)]*")
_FIRST_WORD = expression(r"[^\W_]*")
_LAST_WORD = expression(r"[^\W_]*\Z")
_MOST = 20_000  # pieces of text between blanks that are remembered
_SHORT = 7  # characters; a number of an order is longer, an amount or a time is not
_FILLER = "zzzz"
_APART = "\x00"  # between stretches that are made alike together: a piece of its own, as blanks stand around it


class Words:
    """Very many words, folded, as sorted check sums: a word that is not in it is surely none of them."""

    def __init__(self, of: Iterable[bytes]) -> None:
        """``of``: several packed sets of words."""
        self._sums = [in_order(array("I", sums)) for sums in of]
        self._own: set[str] = set()

    @staticmethod
    def packed(words: Iterable[str]) -> bytes:
        """The words as ``Words`` reads them, the same on every machine."""
        return in_order(array("I", sorted({_sum(fold(word)) for word in words}))).tobytes()

    def add(self, words: Iterable[str]) -> None:
        """Let words be among them too."""
        self._own.update(fold(word.lower()) for word in words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.may_hold(word)

    def may_hold(self, word: str) -> bool:
        """Whether a word in lower case may be one of them."""
        plain = fold(word)
        if plain in self._own:
            return True
        wanted = _sum(plain)
        return any(place(sums, wanted) >= 0 for sums in self._sums)


def _sum(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


def neighbours(path: list[str]) -> Iterable[str]:
    """How a number in an entry is listed: with the word behind it, else the one before it, else by itself."""
    for at, word in enumerate(path):
        if word.isdigit():
            behind = path[at + 1 : at + 2]
            yield f"{word} {behind[0]}" if behind else f"{path[at - 1]} {word}" if at else word


class Alike(dict[str, str]):
    """What stands for each piece of a text between blanks; pieces are looked at when they first come by."""

    def __init__(self, numbers: Numbers, listed: Words, is_unknown: Callable[[str], bool]) -> None:
        """``is_unknown``: whether a word in lower case means nothing in any language and to no rule."""
        super().__init__()
        self._numbers = numbers
        self._listed = listed
        self._is_unknown = is_unknown
        self._filler = _FILLER if is_unknown(_FILLER) else ""
        self._marked: dict[str, bool] = {}
        """Pieces that are not looked at by themselves: True for a number, False for what lets no word be made alike."""
        self._numeral = lru_cache(_MOST)(self._of_numeral)

    def __missing__(self, piece: str) -> str:
        same = self._numbers.alike(piece)
        match = _WORD.fullmatch(piece)
        if _INSIDE.search(piece) or max(piece, default="") >= _PICTURES:
            self._marked[piece] = False
        elif match is not None and match[2][-1].islower():
            if self._filler and self._is_unknown(match[2].lower()):
                filler = self._filler if match[2][0].islower() else self._filler.capitalize()
                same = f"{match[1]}{filler}{match[3]}"
        elif _NUMERAL.fullmatch(piece):
            same = piece  # what stands beside it tells more
            self._marked[piece] = True
        elif same != piece and len(piece) > _SHORT:
            return same  # numbers of orders never end
        self[piece] = same
        return same

    def of(self, text: str) -> str:
        """The text as all those read that differ from it only in such words and numbers."""
        return self.of_each([text])[0]

    def of_each(self, stretches: list[str]) -> list[str]:
        """The stretches of a text, each made alike as if it stood by itself."""
        if len(self) >= _MOST:
            self.clear()
            self._marked.clear()
        pieces = f" {_APART} ".join(stretches).split(" ")
        same = list(map(self.__getitem__, pieces))
        if not self._marked.keys().isdisjoint(pieces):
            marked = {at: self._marked[piece] for at, piece in enumerate(pieces) if piece in self._marked}
            if not all(marked.values()):
                return self._apart(stretches)
            around = ["", *pieces, ""]
            for at in marked:
                same[at] = self._numeral(around[at], pieces[at], around[at + 2])
        made = " ".join(same).split(f" {_APART} ")
        return made if len(made) == len(stretches) else self._apart(stretches)

    def _apart(self, stretches: list[str]) -> list[str]:
        """The same for stretches of which some must not be made alike but for their numbers."""
        return [self._numbers.alike(stretches[0])] if len(stretches) == 1 else [self.of(one) for one in stretches]

    def _of_numeral(self, before: str, piece: str, after: str) -> str:
        """What stands for a number between two pieces."""
        return piece if self._may_name(before, piece, after) else self._numbers.filled(piece)

    def _may_name(self, before: str, piece: str, after: str) -> bool:
        """Whether an entry may name a number between two pieces, or letters beside it may make a word with it."""
        number = piece.rstrip(_STOPS)
        if len(number) == 1 and number != piece:
            return True  # it may be the mark of an item in a list: "1. your IBAN 2. your size"
        before = _LAST_WORD.search(before)[0].lower()  # type: ignore[index]
        after = _FIRST_WORD.match(after)[0].lower() if number == piece else ""  # type: ignore[index]
        holds = self._listed.may_hold
        lone = len(number) == 1 and (len(before) == 1 or len(after) == 1)
        return lone or holds(number) or holds(f"{number} {after}") or holds(f"{before} {number}")
