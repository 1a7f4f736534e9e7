"""The unified diff of a text, as difflib makes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ..meant import begun_alike


def unified(old: list[str], new: list[str], name: str) -> Iterator[str]:
    """A unified diff as difflib makes it, which alone would compare each line with all those that are like it."""
    matcher: Any = difflib.SequenceMatcher()
    matcher.opcodes = list(_opcodes(old, new))
    for number, group in enumerate(matcher.get_grouped_opcodes()):
        if not number:
            yield from (f"--- {name}", f"+++ {name} (mended)")
        first, last = group[0], group[-1]
        yield f"@@ -{_lines(first[1], last[2])} +{_lines(first[3], last[4])} @@"
        for kind, start, end, there, until in group:
            if kind == "equal":
                yield from (f" {line}" for line in old[start:end])
            else:
                yield from (f"-{line}" for line in old[start:end])
                yield from (f"+{line}" for line in new[there:until])


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What becomes of which lines. Edits that leave as many as there were are seen line by line."""
    if len(old) == len(new):
        at = 0
        for is_alike, run in groupby(zip(old, new, strict=True), lambda pair: pair[0] == pair[1]):
            start, at = at, at + sum(1 for _ in run)
            yield "equal" if is_alike else "replace", start, at, start, at
        return
    before = begun_alike(old, new)
    after = min(begun_alike(old[::-1], new[::-1]), len(old) - before, len(new) - before)
    ends = len(old) - after, len(new) - after
    yield "equal", 0, before, 0, before
    between = difflib.SequenceMatcher(None, old[before : ends[0]], new[before : ends[1]])
    for kind, start, end, there, until in between.get_opcodes():
        yield kind, before + start, before + end, before + there, before + until
    yield "equal", ends[0], len(old), ends[1], len(new)


def _lines(start: int, end: int) -> str:
    """Lines as a hunk of a diff names them."""
    return f"{start + 1}" if end - start == 1 else f"{start + (end > start)},{end - start}"
