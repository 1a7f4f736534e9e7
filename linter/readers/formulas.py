"""Formulas in the cells of a table: what a customer reads comes of them, and is not in the file.

A workbook stores what its formulas come to, and then that is the text of their cells. CSV does not, nor does a workbook
that a program has written.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from ..expressions import expression

FORMULA = "a formula makes this text and what it comes to is not stored, so only the words in its quotes are checked"
TABLES = frozenset(["csv", "xlsx", "ods"])

_FORMULA = expression(
    r"""=[(\s+-]*(?:["@\[]                           # ="...", and =[.A1] of OpenDocument
    |[A-Za-z_][\w.]*\(                             # =CONCAT(
    |(?:'[^'\n]+'|[^\s'"!]+)!\$?[A-Za-z]            # ='Other sheet'!A1
    |\$?[A-Za-z]{1,3}\$?\d+\s*(?:$|[-&+*/^=<>:)])   # =B2&"..."
    |[\d.\s+*/^-]+$)""",
    re.VERBOSE,
)
_LITERAL = expression(r'"([^"]*(?:""[^"]*)*)"')
_STRINGS = expression(
    r"(?:CONCAT|TEXTJOIN|JOIN|VERKETTEN|TEXTKETTE|TEXTVERKETTEN|SAMENVOEGEN|UNIRTEXTO)[A-Z]*\(", re.IGNORECASE
)
"""Functions that make one text of several, as workbooks store their names and as tables show them."""
_NOTHING = expression(r"[\s&,;]*")
_CELL = "{0}"
_ADDRESS = expression(r"(?:[a-z][a-z+.-]*:|#|www\.)\S*")


def is_formula(text: str) -> bool:
    """Whether a cell's text is a formula, as far as one can tell; a row of ``=`` or a smiley is none."""
    return text[:1] == "=" and _FORMULA.match(text) is not None


class Words(NamedTuple):
    """What stands in one pair of quotes in a formula: its place, and what comes between it and that before it."""

    start: int
    end: int
    before: str = ""


def spoken(formula: str) -> tuple[list[Words], bool]:
    """The words that a formula holds, addresses of links left out, and whether they are its text.

    Those that it strings together go on; what another cell puts between them is a placeholder. Of a formula that has no
    words it is all that stands there.
    """
    literals = list(_LITERAL.finditer(formula))
    words = [literal for literal in literals if not _ADDRESS.fullmatch(literal[1])]
    if not words:
        return [Words(0, len(formula))], False
    strings_together = _STRINGS.search(formula, 0, literals[0].start()) is not None
    found = [Words(*words[0].span(1))]
    for last, literal in pairwise(words):
        code = formula[last.end() : literal.start()]
        if "&" not in code and not strings_together:
            before = "\n"
        else:
            before = "" if _NOTHING.fullmatch(code) else _CELL
        found.append(Words(*literal.span(1), before))
    return found, literals[0].span() == (1, len(formula.rstrip()))
