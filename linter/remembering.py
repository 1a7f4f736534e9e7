"""What is made of a text, remembered: texts repeat themselves, and a library may hold very many of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_T = TypeVar("_T")
LONGEST = 800
"""Characters of a text that is worth remembering; a longer one hardly comes again, and may fill the memory."""
_LAST = 2


def remembered(function: Callable[..., _T], most: int) -> Callable[..., _T]:
    """The function, which remembers what it made of ``most`` texts, its first argument.

    Of those longer than ``LONGEST`` it knows the last two alone: what is made of a text is many times as large.
    """
    known, last = lru_cache(most)(function), lru_cache(_LAST)(function)

    def of(text: str, *rest: object) -> _T:
        return (known if len(text) <= LONGEST else last)(text, *rest)

    return of
