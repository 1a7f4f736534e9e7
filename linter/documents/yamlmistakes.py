"""What is wrong with a text that is no YAML, said to people who never heard of its grammar, and where."""

from __future__ import annotations

from typing import Any

from ..expressions import expression
from .conflicts import CONFLICT, conflict

TAB = "a tab can't indent in YAML: put spaces"
NO_BLANK = "a blank is missing behind this colon"
_GLUED = expression(r"[\w-]+(:)(?:(?P<odd>[^\S \t\r\n])|[^\s/])")
_ODD_BLANK = "this is no plain blank, though it looks like one: type it anew"
DASHES = "–—−‐‑•·◦▪●"
"""What a word processor puts in the place of a hyphen at the beginning of a line."""
_DASH = expression(rf"^[^\S\n]*([{DASHES}])[^\S\n]")
NO_HYPHEN = "this is no hyphen, with which an entry of a list begins: type '-' in its place"
_BLOCK = expression(r"(?::|-)[ \t]+[|>][0-9+-]*[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*$")
_OF_BLOCK = "this line belongs to the text that begins above it: indent it further than the line with the '|' or '>'"
_LINES_ABOVE = 20
_SIGN = 2  # characters of it, and of the blank behind it
_BEFORE = 300  # characters, in which the line above a text stands
_COLON = "a colon can't stand here: put the whole text in quotation marks, or indent the line like its neighbours"
_AMISS = "this can't stand here: indent the line like its neighbours, and see whether a quotation mark is amiss"
_SAID = (
    ("mapping values are not allowed", _COLON),
    ("cannot start any token", "a text can't begin with this character: put it in quotation marks"),
    ("undefined alias", "a text can't begin with a '*': put it in quotation marks"),
    ("unknown escape character", "a backslash can't stand here: write two, or put the text in single quotation marks"),
    ("expected key", _AMISS),
    ("expected <block end>", _AMISS),
    ("expected '-' indicator", "this can't stand here: indent the line like its neighbours, or begin it with a hyphen"),
)

_SIGNS = (("an alias", "*"), ("an anchor", "&"), ("a tag", "!"))
"""What the library looks for behind a sign with which a text begins."""


def told(text: str, error: Any) -> tuple[str, int]:
    """What is wrong and where; the library's own words for what seldom happens. An error without a place is at 0."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None) or ""
    noticed = getattr(error, "problem_mark", None)
    begins = getattr(error, "context_mark", None) or noticed
    position = getattr(error, "position", None)
    at = noticed.index if noticed else begins.index if begins else position if isinstance(position, int) else 0
    left = conflict(text, at)
    if left >= 0:
        return CONFLICT, left
    if text[at : at + 1] == "\t":
        return TAB, at
    dash = _dash(text, at, _LINES_ABOVE if "mapping values are not allowed" in problem else 1)
    if dash >= 0:
        return NO_HYPHEN, dash
    begun = next((sign for name, sign in _SIGNS if context.endswith(name)), "")
    if begun and begins:
        return f"a text can't begin with a '{begun}': put it in quotation marks", begins.index
    if "quoted scalar" in context and "end of stream" in problem and begins:
        return "this quotation mark is not closed", begins.index
    if "simple key" in context and "expected ':'" in problem and begins:
        return _no_name(text, begins.index)
    if "expected ',' or" in problem and begins and noticed:
        if begins.line == noticed.line:
            return "a comma or the closing bracket is missing before this", at
        return f"this bracket is not closed, or a comma is missing before line {noticed.line + 1}", begins.index
    reason = next((said for part, said in _SAID if part in problem), "")
    return reason or (f"{context}, {problem}" if context else problem), at


def _no_name(text: str, at: int) -> tuple[str, int]:
    """What is wrong with a line that should begin with a name and a colon."""
    glued = _GLUED.match(text, at)
    if glued:
        return (_ODD_BLANK, glued.start("odd")) if glued["odd"] else (NO_BLANK, glued.start(1))
    if _BLOCK.search(text, max(0, at - _BEFORE), at):
        return _OF_BLOCK, at
    return "a colon is missing here: 'name: value'", at


def _dash(text: str, at: int, most: int) -> int:
    """Where a line begins with a sign that a word processor puts in the place of a hyphen, or one not far above it.

    -1 where none does.
    """
    lines = text[: at + _SIGN].split("\n")[-most:]
    start = len(text[: at + _SIGN]) - len("\n".join(lines))
    for line in lines:
        found = _DASH.match(line)
        if found:
            return start + found.start(1)
        start += len(line) + 1
    return -1
