"""Formulas in the cells of a table: what a customer reads comes of them, and is not in the file.

A workbook stores what its formulas come to, and then that is the text of their cells. CSV does not, nor does a workbook
that a program has written.
"""

from __future__ import annotations

import re

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
_ADDRESS = expression(r"(?:[a-z][a-z+.-]*:|#|www\.)\S*")


def is_formula(text: str) -> bool:
    """Whether a cell's text is a formula, as far as one can tell; a row of ``=`` or a smiley is none."""
    return text[:1] == "=" and _FORMULA.match(text) is not None


def spoken(formula: str) -> tuple[int, int, bool]:
    """Where the words begin and end that a formula holds, addresses of links left out, and whether they are its text.

    Of a formula that has no words it is all that stands there.
    """
    literals = list(_LITERAL.finditer(formula))
    words = [literal for literal in literals if not _ADDRESS.fullmatch(literal[1])]
    if not words:
        return 0, len(formula), False
    return words[0].start(1), words[-1].end(1), literals[0].span() == (1, len(formula.rstrip()))
