"""Single places of a datum, counted: "the 1st and 4th letters", "die 2., 5. und 7. Stelle", "a 2.ª e a 5.ª posições".

However many they are, they are a part of it that can't serve as the whole.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Set

from ..expressions import expression
from .lexicon import Unit
from .tokens import Token, fold

_PART = "%"
_COUNTED = expression(r"\d{1,2}(?:st|nd|rd|th|e|de|ste|er|re|ere|eme|o|a|\u00ba|\u00aa)?")
_SIGNS = frozenset("\u00ba\u00aa\u00b0oa")
_BEGINS = frozenset("/^")
_JOINS = frozenset(",&|")
_REACH = 16  # words from the first of the places to what is counted
_BETWEEN = 2  # small words between two of them: "and the"
_LONGEST_SMALL = 3  # letters: "und", "die", "et"


def joined(units: list[Unit], tokens: list[Token], places: Set[str]) -> list[Unit]:
    """The units with such places as one; ``places`` are the words for what is counted: letter, digit, position."""
    if not any(token.norm[0].isdigit() for token in tokens):
        return units
    at = 0
    while at < len(tokens):
        end = _places_from(tokens, at, places)
        if end:
            units = _with_part(units, at, end)
            at = end
        else:
            at += 1
    return units


def _places_from(tokens: list[Token], first: int, places: Set[str]) -> int:
    """Behind which word the places end that are counted from this one on; 0 if none are."""
    if not _is_counted(tokens[first]) or first == 0 or tokens[first - 1].tag in _BEGINS:
        return 0  # at the start of a line it is the mark of a list
    has_mark = False
    small = 0
    for at in range(first, min(first + _REACH, len(tokens))):
        token = tokens[at]
        if _is_counted(token):
            has_mark = has_mark or not token.norm.isdigit()
            small = 0
        elif fold(token.norm) in places:
            return at + 1 if has_mark and not small else 0
        elif _marks(token, tokens[at - 1]):
            has_mark = True
        elif token.tag not in _JOINS:
            small += 1
            if small > _BETWEEN or token.tag != "x" or len(token.norm) > _LONGEST_SMALL:
                return 0
    return 0


def _marks(token: Token, before: Token) -> bool:
    """Whether it makes the number right before it an ordinal one: "5.", "5.º", "5º"."""
    return token.start == before.end and (token.norm in _SIGNS or (token.tag == "." and before.tag == "9"))


def _is_counted(token: Token) -> bool:
    return token.norm[0].isdigit() and _COUNTED.fullmatch(fold(token.norm)) is not None


def _with_part(units: list[Unit], first: int, end: int) -> list[Unit]:
    """The units with those of some tokens as one part of what follows, as far as the last of them reaches."""
    start = bisect_right([unit.last for unit in units], first)
    after = bisect_left([unit.first for unit in units], end)
    covered = units[start:after]
    return [*units[:start], Unit(_PART, covered[0].first, covered[-1].last, ()), *units[after:]]
