"""The terms of an own kind of data: words that no text could ever have are mistakes."""

from __future__ import annotations

from re import Match

from ..expressions import expression
from .mistakes import Mistakes
from .names import Names
from .nodes import Node, items, pairs
from .values import is_word

_MOST_CHOICES = 12  # in one term: they multiply
_PATTERN = expression(r"\||\\[dswbDSWB]|\[[^\]]+\][{+*?]|[.][*+]|^\^|^/\^")
"""What stands in regular expressions, and not in what people say."""
_IN_WORD = expression(r"(?<=[^\W_])\(([^()]*)\)|\(([^()]*)\)(?=[^\W_])")
"""A part of a word in brackets, where the words of a term are whole ones."""


def check_terms(node: Node, mistakes: Mistakes, names: Names) -> None:
    """Tell what is wrong in the terms of an own kind of data, by their languages."""
    for language, words in pairs(node):
        names.check_language(language)
        for word in items(words):
            said = str(word.value)
            if _PATTERN.search(said):
                hint = "write the words themselves: a/b for one or the other, (x) for what may be left out"
                mistakes.tell(word, f"'{said}' is a pattern, and no text has that: a term is words", hint)
            elif _IN_WORD.search(said):
                hint = f"write both words: {_IN_WORD.sub(_inside, said)}, {_IN_WORD.sub('', said)}"
                message = f"'{said}' has brackets in a word: what may be left out of a term is a whole word"
                mistakes.tell(word, message, hint)
            elif is_word(word, mistakes) and said.count("/") + said.count("(") > _MOST_CHOICES:
                mistakes.tell(word, "this term has too many alternatives", "write it as several terms")


def _inside(found: Match[str]) -> str:
    """What stands between the brackets."""
    return found[1] or found[2] or ""
