"""Compounds of which one half hangs on another word: "Bank- oder Gesundheitsdaten", "Geburtsort und -datum".

The half stands for the whole word, if the lexicon has that; else it is left as it is written.
"""

from __future__ import annotations

from ..expressions import expression
from .lexicon import DATA, Lexicon, is_named_thing
from .tokens import Token

_HANGS = expression(r"[^\W\d_]-[\s,/]|\s-[^\W\d_]")
_HYPHEN = "-"
_BETWEEN = 8  # words and marks from one half to the word that has the other one
_LONGEST_LINK = 6  # letters of "und", "oder", "sowie", "alsook"
_SHORTEST_HALF = 3
_LONGEST_HALF = 20


def completed(tokens: list[Token], text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens, those that are half a word with the whole word in its place."""
    if _HYPHEN not in text or not _HANGS.search(text):
        return tokens
    return [_whole(tokens, at, text, lexicon) for at in range(len(tokens))]


def _whole(tokens: list[Token], at: int, text: str, lexicon: Lexicon) -> Token:
    token = tokens[at]
    if _goes_on(token, text):
        known = lexicon.named(tokens, at)
        if known is not None and known.last > at + 1 and known.tag in DATA:
            return token  # "Vor- und Nachname" is one datum
        other = _other_half(tokens, range(at + 1, min(at + _BETWEEN, len(tokens))), text)
        halves = [(token.norm, other[cut:]) for cut in _cuts(other)] if other else []
    elif _went_before(token, text):
        other = _other_half(tokens, range(at - 1, max(at - _BETWEEN, -1), -1), text)
        halves = [(other[:cut], token.norm) for cut in reversed(_cuts(other))] if other else []
    else:
        return token
    for first, last in halves:
        unit = lexicon.named([token._replace(norm=first + last)], 0)
        if unit is not None and (unit.tag in DATA or is_named_thing(unit)):
            return token._replace(norm=first + last)
    return token


def _cuts(word: str) -> range:
    """Where a word may be cut in halves."""
    return range(max(_SHORTEST_HALF, len(word) - _LONGEST_HALF), len(word) - _SHORTEST_HALF + 1)


def _other_half(tokens: list[Token], places: range, text: str) -> str:
    """The word that has the other half, "" if there is none: between them are links and other halves."""
    for place in places:
        token = tokens[place]
        if token.tag in ",|&" or _goes_on(token, text) or _went_before(token, text):
            continue
        if token.tag != "x":
            return ""
        if len(token.norm) > _LONGEST_LINK:
            return token.norm
    return ""


def _goes_on(token: Token, text: str) -> bool:
    """Whether a word is the first half of another one: "Bank-"."""
    behind = text[token.end : token.end + 2]
    return token.tag == "x" and behind[:1] == _HYPHEN and (behind[1:].isspace() or behind[1:] in tuple(",/"))


def _went_before(token: Token, text: str) -> bool:
    """Whether a word is the second half of another one: "-nummer"."""
    before = text[max(0, token.start - 2) : token.start]
    return token.tag == "x" and before[1:] == _HYPHEN and before[0] in " \u00a0(/"
