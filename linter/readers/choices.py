"""Choices in a formula: ``If(known, "Hello again", "Hello")``, in whatever letters a product writes it."""

from __future__ import annotations

import re
from collections.abc import Callable

from .common import is_text

_CHOICE = re.compile(r"\b(?:If|IF|if|Switch|SWITCH)\s*\(")
_OPEN = r'"(?:[^"\\]|\\.)*\Z'
"""A quote that is never closed reaches to the end, so that what follows is looked at once."""
_TOKEN = re.compile(rf'"(?:[^"\\]|\\.|"")*"|{_OPEN}|[(){{}}\[\],]', re.DOTALL)
_QUOTED = re.compile(rf'"((?:[^"\\]|\\.|"")*)"|{_OPEN}', re.DOTALL)
_DEEPEST = 12


def has_choice(formula: str) -> bool:
    """Whether a formula chooses between values."""
    return _CHOICE.search(formula) is not None


def always_says(formula: str, is_said: Callable[[str], bool] = is_text, depth: int = 0) -> bool:
    """Whether a formula has a text in it whichever way its choice goes; ``is_said`` tells which strings are texts."""
    found = _CHOICE.search(formula)
    if found is None:
        return any(is_said(literal[1] or "") for literal in _QUOTED.finditer(formula))
    arguments = _arguments(formula, found.end()) if depth < _DEEPEST else []
    if found[0][0] not in "Ii" or len(arguments) % 2 == 0:  # without a value for when nothing holds
        return False
    return all(always_says(value, is_said, depth + 1) for value in (*arguments[1:-1:2], arguments[-1]))


def _arguments(formula: str, start: int) -> list[str]:
    """The arguments of a function, from behind the bracket that opens on."""
    found: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(formula, start):
        if token[0] == "," and depth == 0:
            found.append(formula[start : token.start()])
            start = token.end()
        elif token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
            if depth < 0:
                return [*found, formula[start : token.start()]]
    return []
