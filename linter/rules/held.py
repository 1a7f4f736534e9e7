"""Values that a text holds: those that pass their checksum, passwords and PINs that it tells."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..language.telling import SECRETS, told_values
from ..masking import ends, mask
from .context import Spoken
from .values import find, named

_PLACEHOLDER = "\N{OBJECT REPLACEMENT CHARACTER}"
_KEPT = 2  # texts: the findings of one come one after the other, and it may be a long one with very many of them


@lru_cache(_KEPT)
def masked(spoken: Spoken) -> str:
    """The plain text as a report may show it to others."""
    return mask(spoken.plain.text, (_inner(*value) for value in _held(spoken)))


def without_values(text: str) -> str:
    """Any text as it may be shown to others, without the values that their checksum confirms."""
    return mask(text, (_inner(*value) for value in find(text)))


def ends_of(category: str, start: int, end: int) -> int:
    """How many characters of a value are shown at each of its ends."""
    return ends(end - start, category in SECRETS)


def is_value(text: str) -> bool:
    """Whether the words that are told are the value itself, and no placeholder for it."""
    return _PLACEHOLDER not in text


def _held(spoken: Spoken) -> Iterator[tuple[str, int, int]]:
    text = spoken.plain.text
    yield from find(text)
    for reading in () if spoken.quiet else spoken.readings:
        yield from (told for told in told_values(reading) if is_value(text[told[1] : told[2]]))
        yield from named(reading)


def _inner(category: str, start: int, end: int) -> tuple[int, int]:
    kept = ends_of(category, start, end)
    return start + kept, end - kept
