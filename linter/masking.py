"""How a value such as an account number is shown to others: its ends, and dots for the rest."""

from __future__ import annotations

from collections.abc import Iterable

_ENDS = 2  # characters
_SHORTEST = 8  # characters of a value of which the ends do not tell too much
_DOT, _WIDE_DOT = "•", "\U0001f784"


def ends(length: int, secret: bool) -> int:
    """How many characters are shown at each end of a value: none of a short one, or of what opens an account."""
    return _ENDS if length >= _SHORTEST and not secret else 0


def mask(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with dots in some places. What stands behind them stays where it was, in any unit."""
    out: list[str] = []
    at = 0
    for start, end in sorted(places):
        start = max(start, at)
        if start < end:
            out += (text[at:start], *map(_dot, text[start:end]))
            at = end
    return "".join(out) + text[at:]


def _dot(character: str) -> str:
    """A blank or line end stays; a character that is two units of UTF-16 becomes one that is, too."""
    if character.isspace():
        return character
    return _DOT if character <= "\uffff" else _WIDE_DOT
