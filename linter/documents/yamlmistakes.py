"""What is wrong with a text that is no YAML, said to people who never heard of its grammar, and where."""

from __future__ import annotations

from typing import Any

from ..expressions import expression

TAB = "a tab can't indent in YAML: put spaces"
NO_BLANK = "a blank is missing behind this colon"
_GLUED = expression(r"[\w-]+(:)(?=[^\s/])")
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
    if text[at : at + 1] == "\t":
        return TAB, at
    begun = next((sign for name, sign in _SIGNS if context.endswith(name)), "")
    if begun and begins:
        return f"a text can't begin with a '{begun}': put it in quotation marks", begins.index
    if "quoted scalar" in context and "end of stream" in problem and begins:
        return "this quotation mark is not closed", begins.index
    if "simple key" in context and "expected ':'" in problem and begins:
        glued = _GLUED.match(text, begins.index)
        return (NO_BLANK, glued.start(1)) if glued else ("a colon is missing here: 'name: value'", begins.index)
    if "expected ',' or" in problem and begins and noticed:
        if begins.line == noticed.line:
            return "a comma or the closing bracket is missing before this", at
        return f"this bracket is not closed, or a comma is missing before line {noticed.line + 1}", begins.index
    reason = next((said for part, said in _SAID if part in problem), "")
    return reason or (f"{context}, {problem}" if context else problem), at
