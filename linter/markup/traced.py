"""A text each of whose characters knows which part of the original value it came from."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_USUAL = 4096
_COUNT = array("q", range(_USUAL + 1))


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new``."""

    start: int
    end: int
    new: str


def gone(pattern: re.Pattern[str], text: str) -> list[Edit]:
    """Edits by which nothing is left of what fits a pattern."""
    return [Edit(found.start(), found.end(), "") for found in pattern.finditer(text)]


class Traced:
    """Characters with the start and end of what each stands for in the value; edits make a new one."""

    __slots__ = ("ends", "starts", "text")

    def __init__(self, text: str, starts: array[int], ends: array[int]) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends

    @classmethod
    def of(cls, value: str) -> Traced:
        length = len(value)
        if length < _USUAL:
            return cls(value, _COUNT[:length], _COUNT[1 : length + 1])
        return cls(value, array("q", range(length)), array("q", range(1, length + 1)))

    @classmethod
    def of_parts(cls, value: str, parts: Iterable[tuple[int, int, str]]) -> Traced:
        """Pieces of ``value`` in order, each followed by a separator that is in the value no more."""
        texts: list[str] = []
        starts, ends = array("q"), array("q")
        places = array("q", range(len(value) + 1))
        for start, end, separator in parts:
            texts += (value[start:end], separator)
            starts += places[start:end]
            ends += places[start + 1 : end + 1]
            for _ in separator:
                starts.append(end)
                ends.append(end)
        return cls("".join(texts), starts, ends)

    def edit(self, edits: Sequence[Edit]) -> Traced:
        """The text with edits made, which are in order and don't overlap.

        What replaces as many characters keeps their places one by one; otherwise every new character stands
        for the whole of what it replaces.
        """
        if not edits:
            return self
        text, old_starts, old_ends = self.text, self.starts, self.ends
        texts: list[str] = []
        starts, ends = array("q"), array("q")
        at = 0
        for start, end, new in edits:
            if at < start:
                texts.append(text[at:start])
                starts += old_starts[at:start]
                ends += old_ends[at:start]
            at = end
            count = len(new)
            if not count:
                continue
            texts.append(new)
            if count == end - start:
                starts += old_starts[start:end]
                ends += old_ends[start:end]
            else:
                first = old_starts[start] if start < len(text) else old_ends[-1]
                last = old_ends[end - 1] if end > start else first
                if count == 1:
                    starts.append(first)
                    ends.append(last)
                else:
                    starts.extend([first] * count)
                    ends.extend([last] * count)
        texts.append(text[at:])
        starts += old_starts[at:]
        ends += old_ends[at:]
        return Traced("".join(texts), starts, ends)
