"""What is wrong with a text that is no JSON, said to people who never heard of its grammar, and where.

Mostly a file was cut off while it was copied, or written by hand as one writes JavaScript or Python. What Python's
decoder says differs from version to version: of that only the kind of mistake and its place are taken.
"""

from __future__ import annotations

import json
import re

from ..expressions import expression
from ..source import Source
from .conflicts import CONFLICT, conflict

EMPTY = "there is nothing in it: was it exported or copied to the end?"
_COMMENT = "JSON has no comments: take this one out"
_QUOTES = "names and texts stand in straight double quotation marks in JSON, not in these"
_NAME = "a name needs double quotation marks around it"
_COMMA = "a comma is missing before this"
_INSIDE = "a quotation mark inside a text needs a backslash before it; else a comma is missing here"
_COLON = "a colon is missing before this"
_CLOSED = "a closing bracket too many"
_BEHIND = "the JSON ends before this: what stands behind it is no JSON"
_UNCLOSED = "this quotation mark is not closed"
_BACKSLASH = "a backslash can't stand here: write two"
_INVISIBLE = "an invisible character that JSON does not know stands here: put an ordinary blank, or nothing"
_BLANKS = expression(r"[ \t\r\n]*")
_MARKS = expression(r'"(?:[^"\\]+|\\.)*"?|[{}\[\]]', re.DOTALL)
_WORD = expression(r"[^\s,:;\[\](){}]{1,30}")
_PART = expression(r"[\w.+-]*[ \t\r\n]*\Z")
"""Of a number or a word of JSON, at the end of a text."""
_BEGINS = ("{", "[", '"')
_OTHER_QUOTES = "'‘’‚“”„«»`"


def told(source: Source, error: json.JSONDecodeError) -> tuple[str, int]:
    """What is wrong and where; the decoder's own words for what seldom happens."""
    text = source.text.rstrip("\0")
    if not text.strip():
        return EMPTY, 0
    at, kind = after_blanks(text, error.pos), error.msg
    left = conflict(text, at)
    if left >= 0:
        return CONFLICT, left
    if kind.startswith("Unterminated"):
        return (_UNCLOSED, error.pos) if "\n" in text[error.pos :].rstrip() else _cut(source, text, error.pos)
    if at == len(text) or ("\\" in kind and '"' not in text[at:]) or (_PART.match(text, at) and _open(text, at)):
        return _cut(source, text, at)
    if not text[at].isprintable() or text[at].isspace():
        return _INVISIBLE, at
    if text.startswith(("//", "/*", "#"), at):
        return _COMMENT, at
    if at == after_blanks(text, 0) and text[at] not in _BEGINS:
        said = _WORD.match(text, at)
        begins = said[0] if said else text[at]
        other = "it is a file of another kind, or what a server answered in the place of the export"
        return f"JSON begins with '{{' or '[', this with '{begins}': {other}", at
    comma = at if text[at] == "," else _last(text, at)
    behind = after_blanks(text, comma + 1)
    closes = text[behind : behind + 1] if text[comma : comma + 1] == "," else ""
    if closes and closes in "}]":
        return f"a comma too many: nothing comes after it before the '{closes}'", comma
    return _said(source, text, at, kind)


def _said(source: Source, text: str, at: int, kind: str) -> tuple[str, int]:
    """The same of a mistake in the midst of a text, by what stands at its place."""
    here = text[at]
    opened = _open(text, at)
    if not opened:
        return _CLOSED if here in "}]" else _BEHIND, at
    if here in "}]" and (text[opened[-1]] == "{") != (here == "}"):
        place = source.position(opened[-1])
        bracket = text[opened[-1]]
        return f"another bracket is open here: the '{bracket}' in line {place.line}, column {place.column}", at
    if here in _OTHER_QUOTES and not kind.startswith("Expecting ','"):
        return _QUOTES, at
    if kind.startswith("Expecting ','"):
        return (_INSIDE if text[at - 1] == '"' and here not in '"{[' else _COMMA), at
    if kind.startswith("Expecting ':'"):
        return _COLON, at
    word = _WORD.match(text, at)
    if word and word[0][0].isalpha():
        if kind.startswith("Expecting value"):
            known = "there are true, false, null, numbers, and texts in double quotation marks"
            return f"JSON has no '{word[0]}': {known}", at
        if kind.startswith("Expecting property name"):
            return _NAME, at
    if "\\escape" in kind:
        return _BACKSLASH, at
    return kind[0].lower() + kind[1:], at


def _cut(source: Source, text: str, at: int) -> tuple[str, int]:
    """That a text ends too early, with the last bracket that is still open, or the mark of the text that is cut."""
    opened = _open(text, len(text))
    first = opened[-1] if opened else min(at, len(text.rstrip()) - 1)
    place = source.position(first)
    return (
        f"it ends in the middle: the '{text[first]}' in line {place.line}, column {place.column} is not closed; it was "
        "probably cut off when it was copied or downloaded: export it again",
        len(text),
    )


def _open(text: str, end: int) -> list[int]:
    """Where the brackets stand that are open at a place, from the outside inwards."""
    found: list[int] = []
    for mark in _MARKS.finditer(text, 0, end):
        if mark[0] in ("{", "["):
            found.append(mark.start())
        elif mark[0] in ("}", "]") and found:
            found.pop()
    return found


def after_blanks(text: str, at: int) -> int:
    """Where the next character stands that is no blank; the end of the text where there is none."""
    return _BLANKS.match(text, at).end()  # type: ignore[union-attr]


def _last(text: str, at: int) -> int:
    """Where the last one before a place stands."""
    at -= 1
    while at > 0 and text[at].isspace():
        at -= 1
    return at
