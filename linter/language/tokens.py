"""Text to tokens: words in lower case with their offsets, and the marks that cut sentences.

A word is a run of letters and digits; hyphens and apostrophes inside it separate words ("e-mail" is two), so that
the entries of a lexicon, cut by the same rules, meet the text however it is spelt. Time is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from sys import intern
from typing import NamedTuple

from ..accents import without_accents
from ..expressions import expression

PLACEHOLDER = "\ufffc"


class Token(NamedTuple):
    """A word or mark. ``norm`` is the lower-case form, ``tag`` the tag it has by itself (see grammar/tags.lark)."""

    norm: str
    start: int
    end: int
    tag: str


_TOPS = "com|nl|be|de|fr|es|it|pt|org|net|eu|co|io|uk|ch|at|br|mx|ar|example|app"
_NEXT = r"(?-i:De|Es|It|Be|At|Io|App)[ ]"
"""What stands behind a stop without a blank: the first word of a sentence, not the end of an address."""
PAGE = r"""(?:https?://|www\.)[^\s<>"')\]]"""
"""How the address of a page is written, up to its first character."""
_URL = rf"""
      (?P<url>{PAGE}{{2,}}|[\w.+-]{{1,64}}@(?:[\w-]{{1,64}}\.[\w.-]{{2,64}}|{PLACEHOLDER}(?:\.[a-z]{{2,20}})?)
             |\b[a-z0-9-]{{2,60}}(?:\.[a-z0-9-]{{2,60}}){{0,3}}\.(?!{_NEXT})(?:{_TOPS})\b(?:/[^\s<>"')\]]*)?) |
"""
_OTHERS = r"""
      (?P<initials>\b[^\W\d_](?:\.[^\W\d_])+\b\.?)
    | (?P<word>[^\W_]+(?:\.(?=[^\W\d_]{2})[^\W\d_]+)*)
    | (?P<blank>[_▁▂▢□⬚]{3,}|\.{5,}|…{2,}|(?<=:\ )(?:…|\.{3})(?=["'”»\s]|$)|\[(?:[ \t]{2,60}|[ \t]?[.…_]{1,20}[ \t]?)\])
    | (?P<line>[ \t]*(?:\r\n?|\n)[ \t\r\n]*)
    | (?P<space>[ \t\u00a0]+|_+)
    | (?P<mark>.)
"""
_FLAGS = re.VERBOSE | re.IGNORECASE | re.DOTALL
_TOKEN = expression(_URL + _OTHERS, _FLAGS)
_TOKEN_WITHOUT_URL = expression(_OTHERS, _FLAGS)
_PIECE = expression(r"[^\W_]+|[ \t]*[\r\n][ \t\r\n]*|[ \t\u00a0]+|.", re.DOTALL)
_NOT_SIMPLE = expression(
    r"[._…@İΣ/\[▁▂▢□⬚](?:(?<=\.)[^\W_]|(?<=[wW]{3}\.)|(?<=\.)\.{4}|(?<=: \.)\.\.|(?<=_)|(?<=…)…|(?<=: …)|(?<=@)|(?<=/)/"
    r"|(?<=[İΣ▁▂▢□⬚])|(?<=\[)[ \t.…])"
)
"""What makes more of a text than words, blanks and marks: stops inside words, addresses, what is to be filled in."""
_MAY_HOLD_URL = expression(rf"://|www\.|@|\.(?:{_TOPS})\b", re.IGNORECASE)
ARROWS = "→➔➜⇒←"
"""Between words they lead on: Settings → Payment; at the end of a line they wait for an answer."""
_CLIPPED = expression(r"(?:[mtnskrd]|em|ne|nen|ns|ie|ze|er|cause|til|tis)(?![\w'’])", re.IGNORECASE)
"""What is left of a word behind an apostrophe, where none closes it."""
_VOWELS = frozenset("aeiouAEIOU")
_QUOTED = 40  # words and marks of a quotation that is still looked back to
_WORD_AFTER = expression(r" ?[^\W_]")
_ICONS = frozenset("📎🖇📷🎤🎙")
"""What a button in a chat shows; other pictures stand for words: "your 💳 number"."""
_NAMES_ICON = expression(r"\ufe0f?[ ]?[-‐‑][^\W\d_]")
_MARKS = {
    ",": ",",
    "،": ",",
    ":": ":",
    "：": ":",
    ";": ";",
    "–": "~",
    "—": "~",
    "(": "(",
    ")": ")",
    "[": "(",
    "]": ")",
    '"': "'",
    "“": "'",
    "”": "'",
    "„": "'",
    "«": "'",
    "»": "'",
    "‘": "'",
    "‹": "'",
    "›": "'",
    ".": ".",
    "…": ".",
    "!": "!",
    "?": "?",
    "¿": "¿",
    "¡": "¡",
    "&": "&",
    "/": "|",
    "+": "&",
    "#": "#",
    "№": "#",
    "•": "^",
    "·": "^",
    "▪": "^",
    "►": "^",
    "✓": "^",
    "☑": "✓",
    "☒": "✗",
    PLACEHOLDER: "*",
}
_PLAIN_MARKS = {mark: tag for mark, tag in _MARKS.items() if mark not in "'’-‐‑#"}
"""Marks that mean the same wherever they stand."""


def fold(word: str) -> str:
    """The word without accents ("número" -> "numero")."""
    return word if word.isascii() else without_accents(word).replace("ß", "ss")


def words(text: str, marks: str = "") -> list[str]:
    """The words of a lexicon entry, cut as a text is cut, and these marks between them."""
    return [token.norm for token in tokenise(text) if token.tag in "x9" or token.tag in marks]


def tokenise(text: str) -> list[Token]:
    """All words and marks of a text in order, blanks left out."""
    found: list[Token] = []
    append = found.append
    new = tuple.__new__  # half the time of Token(...), which counts: there is one for each word
    if not _NOT_SIMPLE.search(text):
        _tokenise_simple(text, found)
        return found
    for match in (_TOKEN if _MAY_HOLD_URL.search(text) else _TOKEN_WITHOUT_URL).finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        start, end = match.span()
        if kind == "word":
            word = match.group()
            if "." in word:
                _dotted(word, start, append)
            else:
                word = word.lower()
                append(new(Token, (word, start, end, "9" if word[0].isdigit() and word.isdigit() else "x")))
        elif kind == "initials":
            append(Token(match.group().lower().replace(".", ""), start, end, "x"))
        elif kind == "url":
            append(Token("@", start, end, "@"))
        elif kind == "line":
            append(Token("\n", start, end, "/"))
        elif kind == "blank":
            append(Token("____", start, end, "="))
        else:
            _mark(text, match.group(), start, end, found)
    return found


def _tokenise_simple(text: str, found: list[Token]) -> None:
    """The same for a text that has nothing but words, blanks and marks: most of the work is done at C speed."""
    new = tuple.__new__
    append = found.append
    end = 0
    for word in [text] if "\n" in text or "\r" in text else text.split(" "):
        if word.isalpha():
            append(new(Token, (intern(word.lower()), end, end + len(word), "x")))
            end += len(word) + 1
            continue
        pieces: list[str] = _PIECE.findall(word)
        for piece in pieces:
            start = end
            end += len(piece)
            if piece == " ":
                continue
            if piece.isalpha():
                append(new(Token, (intern(piece.lower()), start, end, "x")))
            elif piece in _PLAIN_MARKS:
                append(new(Token, (piece, start, end, _PLAIN_MARKS[piece])))
            elif piece[0].isalnum():
                append(new(Token, (piece.lower(), start, end, "9" if piece[0].isdigit() and piece.isdigit() else "x")))
            elif piece.isspace() and piece[-1] in " \t\r\n\u00a0":
                if "\n" in piece or "\r" in piece:
                    append(new(Token, ("\n", start, end, "/")))
            else:
                _mark(text, piece, start, end, found)
        end += 1


def _dotted(word: str, start: int, append) -> None:  # type: ignore[no-untyped-def]
    """ "rek.nr" is two words, as in the lexicon; in "passport.Thank you" the stop ends a sentence."""
    at = start
    for part in word.split("."):
        if at > start and begins_sentence(part):
            append(Token(".", at - 1, at, "."))
        append(Token(part.lower(), at, at + len(part), "x"))
        at += len(part) + 1


def begins_sentence(word: str) -> bool:
    """Whether a word that follows a stop without a blank is written like the first one of a sentence."""
    return word[:1].isupper() and word[1:].islower()


def _mark(text: str, mark: str, start: int, end: int, found: list[Token]) -> None:
    if mark in "'’-‐‑":
        before = text[start - 1 : start]
        after = text[end : end + 1]
        if before.isalnum() and after.isalnum():
            return  # inside a word
        if mark in "'’":
            if _CLIPPED.match(text, end):
                return  # "stuur 'm"
            if (before == "s" or before in _VOWELS) and not _is_quoting(text, found):
                _accent(found, start)
                return  # "your parents' address", "identita'"
            found.append(Token("'", start, end, "'"))
        elif not before.strip() and (not after or after.isspace()):
            found.append(Token("-", start, end, "~"))
        return
    if mark == "#" and text[end : end + 1].isalpha():
        return  # a hashtag
    tag = _MARKS.get(mark)
    if mark in ARROWS and _WORD_AFTER.match(text, end):
        tag = "~"
    if tag:
        found.append(Token(mark, start, end, tag))
    elif mark in _ICONS and _NAMES_ICON.match(text, end):
        return  # "the 📎-icon"
    elif not mark.isalnum() and ord(mark) > 0x2000 and unicodedata.category(mark) in ("So", "Sk", "Sm"):
        found.append(Token("+", start, end, "+"))


def _is_quoting(text: str, found: list[Token]) -> bool:
    """Whether the last quotation mark, of some words back, opens a quotation."""
    for token in reversed(found[-_QUOTED:]):
        if token.tag == "'":
            return text[token.end : token.end + 1].isalnum()
    return False


def _accent(found: list[Token], end: int) -> None:
    """An apostrophe in the place of an accent, as Italian is typed: "e'" is "è". Of other words it changes none."""
    if found and found[-1].norm == "e" and found[-1].end == end:
        found[-1] = found[-1]._replace(norm="è")
