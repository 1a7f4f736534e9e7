"""Texts against data: how much a value reads like something said to a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import inf
from typing import Any

from ..conversation import Path
from ..expressions import expression
from .common import is_text

_WORD = expression(r"[^\W\d_]{2,}")
_DENSE = expression(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_END = expression(r"[.!?…:。！？؟][\"'”»)\]}*_~\s]*$")
_PROGRAM = expression(
    r"[{}]\s*$|=>|&&|\|\||</?\w+>\s*$"
    r"|^\s*(?:import|from|def|class|const|let|var|SELECT|sudo|npm|pip|git|\$|#!)\b",
    re.MULTILINE,
)
_STATEMENT = expression(r";\s*$", re.MULTILINE)
"""A line of code, or of a list ("your IBAN;"), or one that ends in a character reference ("IBA&#78;")."""
_PLACEHOLDER = expression(r"\{\{?\s?[\w.]{1,40}\s?\}\}?|\{\{#\$?[\w.-]{1,80}#\}\}")
_ASKS_YOU = expression(
    r"\b(?:please|your|uw|jouw|alstublieft|graag|bitte|ihre?[nms]?|deine?[nms]?|votre|vos|veuillez|su|por favor|seu|sua"
    r"|suo|per favore)\b",
    re.IGNORECASE,
)
"""What makes a few words without a mark at their end something one says: "Please send us your IBAN"."""
_STAMP = expression(r"^\s*\d{4}-\d\d-\d\d[T ]")


def is_sentence(value: object) -> bool:
    """Whether a value is something one says: a good length, or three words that end or speak to one."""
    if not is_text(value):
        return False
    assert isinstance(value, str)
    head = value[:400]
    if _STAMP.match(head):
        return False
    if len(_DENSE.findall(head)) >= 6:  # fewer may be a name in a sentence of another script
        return True
    words = len(_WORD.findall(head))
    if words == 2 and head.rstrip().endswith("?"):
        return True
    if words >= 3 and words < 12 and "<" not in head and _is_program(head):
        head = _PLACEHOLDER.sub("0", head)  # a line may end in one: "Your order is {{number}}"
        words = 0 if _is_program(head) else len(_WORD.findall(head))
    if words < 3:
        return False
    if words < 6 and _ASKS_YOU.search(head):
        return True
    return bool(_END.search(head)) or words >= 6 or (not (value[-1:].isalnum() or value[-1:] == "}") and words >= 4)


def _is_program(text: str) -> bool:
    if _PROGRAM.search(text):
        return True
    return _STATEMENT.search(text) is not None and _ASKS_YOU.search(text) is None


def is_finished(value: str) -> bool:
    """Whether a text ends as a sentence or a message does: with a mark, an emoji or a placeholder."""
    last = value.rstrip()[-1:]
    return bool(last) and last not in ",;/=+*|<&" and not last.isalnum() and last != ")"


def share(values: Iterable[object], most: int = 50) -> float:
    """The part of the first values that are sentences; blank ones don't count."""
    found = [is_sentence(value) for value in islice((v for v in values if v not in (None, "")), most)]
    return sum(found) / len(found) if found else 0.0


def places(value: Any, wanted: Callable[[object], bool], most: float = inf) -> Iterator[Path]:
    """Where the strings that are ``wanted`` stand in a value, in order; ``most``: of how many values it has."""
    left: list[tuple[Path, Any]] = [((), value)]
    while left and most > 0:
        most -= 1
        path, one = left.pop()
        if isinstance(one, (dict, list)):
            items = one.items() if isinstance(one, dict) else enumerate(one)
            left += reversed([((*path, step), inner) for step, inner in items])
        elif wanted(one):
            yield path
