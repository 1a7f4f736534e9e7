"""What stands on a page outside of its replies, and may be one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from .markdown_parts import Page
from .page_sections import (
    Piece,
)
from .page_speech import is_frame, is_spoken
from .page_tables import unknown_cells
from .prose import is_sentence


def outside_of(page: Page, read: Sequence[Piece]) -> list[tuple[int, int]]:
    """The paragraphs outside all replies that are said to somebody: to the agent as a rule, but they may be replies."""
    found = []
    number = 0
    beside = _sections_beside(page, read)
    begins = [section.start for section in beside]
    for start, end in sorted((*loose_in(page), *unknown_cells(page, {piece.start for piece in read}))):
        while number < len(read) and read[number].end <= start:
            number += 1
        text = page.said(start, end)
        is_read = number < len(read) and read[number].start < end
        if is_read or is_frame(text):
            continue
        at = bisect_right(begins, start) - 1
        if is_spoken(text) or (at >= 0 and start in beside[at] and is_sentence(text)):
            found.append((start, end))
    return found


def _sections_beside(page: Page, read: Sequence[Piece]) -> list[range]:
    """The sections without a reply where those of their level are replies: they may be said to nobody in particular."""
    starts = {piece.start for piece in read}
    if any(part.start in starts for part in page.parts if part.kind in ("fence", "quote", "row")):
        return []
    headings = [part for part in page.parts if part.kind == "heading"]
    ends = [*(part.start for part in headings[1:]), len(page.text)]
    sections = [(part.level, range(part.end, end)) for part, end in zip(headings, ends, strict=False)]
    ordered = sorted(starts)
    holds = [bisect_left(ordered, section.start) < bisect_left(ordered, section.stop) for _, section in sections]
    levels = {level for (level, _), one in zip(sections, holds, strict=True) if one}
    return [section for (level, section), one in zip(sections, holds, strict=True) if level in levels and not one]


def loose_in(page: Page) -> Iterator[tuple[int, int]]:
    """The paragraphs that are no headings, tables or code: lines that follow each other."""
    open_: tuple[int, int] | None = None
    for part in page.parts:
        follows = open_ is not None and not page.parted(open_[1], part.begins)
        if open_ is not None and part.kind == "line" and follows:
            open_ = open_[0], part.end
            continue
        if open_ is not None:
            yield open_
        open_ = (part.start, part.end) if part.kind in ("line", "label", "quote") else None
    if open_ is not None:
        yield open_
