"""Source text, offsets, lines and columns: the ground on which every place stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n?|\n")
_SHOWN_BEFORE, _SHOWN_AFTER = 60, 36  # characters around a mistake
_ONLY_BLANKS = re.compile(r"\s*\Z")
_MOST_OF_NAME = 400  # characters
_BLOCK = 1 << 14
_LONG = 1 << 10  # characters
_FEW = 1 << 10  # characters that are quickly counted


def brief(name: str) -> str:
    """A name without its middle where it is very long: each text of an export repeats the names of what it is in."""
    half = _MOST_OF_NAME // 2
    return name if len(name) <= _MOST_OF_NAME else f"{name[:half]}…{name[-half:]}"


class Span(NamedTuple):
    """A half-open range of character offsets in :attr:`Source.text`."""

    start: int
    end: int


class Position(NamedTuple):
    """Line and column in the file as the author sees it, both from 1; ``cell`` names a spreadsheet cell."""

    line: int
    column: int
    cell: str | None = None


class Part(NamedTuple):
    """Which part of a file a text is: its characters from ``at`` to ``end`` stand in the file from ``offset`` on.

    They begin at ``line`` and ``column``, after ``wide`` characters of that line that are two units of UTF-16.
    ``before`` and ``after`` are what stands around it on its first and last line, as far as a report may show it.
    """

    at: int
    end: int
    offset: int
    line: int
    column: int = 1
    wide: int = 0
    before: str = ""
    after: str = ""


class Stretch(NamedTuple):
    """What there is of a line of the file: where it stands in the text, and the column at which it begins."""

    start: int
    end: int
    column: int = 1


class _Line(NamedTuple):
    """A line of the text by its number, from its first character to its line end."""

    number: int
    start: int
    end: int


def wide_in(text: str) -> int:
    """How many characters of a text are two units of UTF-16."""
    return 0 if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(text)


class Words(NamedTuple):
    """What stands at a place: its line, as much of it as is shown, and how many characters of it come before."""

    text: str
    before: int


class SourceError(Exception):
    """A file that can't be read as text or data: where, why, and what to do about it; the words if there are any."""

    def __init__(self, path: str, reason: str, position: Position | None = None, words: Words | None = None) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason
        self.position = position
        self.words = words


def mistake(source: Source, offset: int, reason: str) -> SourceError:
    """A mistake at an offset of a text; that it ends too early is told where its last words end."""
    text = source.text
    if _ONLY_BLANKS.match(text, offset):
        offset = len(text.rstrip())
    start, end = max(0, offset - _SHOWN_BEFORE), offset + _SHOWN_AFTER
    before = _LINE_END.split(("…" if start else "") + text[start:offset])[-1]
    after = _LINE_END.split(text[offset:end] + ("…" if end < len(text) else ""))[0]
    return SourceError(source.path, reason, source.position(offset), Words(before + after, len(before)))


BUNDLED = " (bundled)"
"""What stands behind the name of a policy that comes with neverask, where the path of others stands."""


class Source:
    """A file's text. Offsets count characters after decoding and without the byte order mark.

    ``cells`` is given for spreadsheets only: (offset, "Sheet1!B2") pairs in rising order, since there a line
    and a column say nothing to the author. ``members`` are the names that lead into archives, the outermost first;
    ``path`` shows them behind that of the archive ("archive.zip!inner/name"). ``part`` is given where the text is a
    part of the file's: offsets are those in the text, positions those in the file.
    """

    __slots__ = ("_counts", "_last", "_long", "_starts", "_wides", "cells", "members", "part", "path", "text")

    def __init__(
        self,
        path: str,
        text: str,
        cells: Sequence[tuple[int, str]] = (),
        members: Sequence[str] = (),
        part: Part | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.part = part
        self.cells = tuple(cells)
        self.members = tuple(members)
        self._starts: list[int] | None = None
        self._counts: list[int] | None = None
        self._wides: list[int] | None = None
        self._last = _Line(0, 0, -1)
        self._long: bool | None = False if cells else None

    @property
    def file(self) -> str:
        """The file on disk: the source itself, or the archive around it. (Names of files may hold a "!".)"""
        return self.path[: -sum(len(name) + 1 for name in self.members)] if self.members else self.path

    @property
    def is_bundled(self) -> bool:
        """Whether it is a policy that comes with neverask, and no file of anybody's."""
        return self.path.endswith(BUNDLED)

    @property
    def inner(self) -> str:
        """The way inside the archive, "" for a file that stands by itself."""
        return "!".join(self.members)

    def _lines(self) -> list[int]:
        """Offsets at which lines begin; LF, CRLF and a lone CR each end a line."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        return self._starts

    def _blocks(self) -> list[int]:
        """Line ends before each block of a long text without CR: counted at C speed, where few lines are asked for."""
        if self._counts is None:
            text, counts, total = self.text, [0], 0
            for at in range(0, len(text), _BLOCK):
                total += text.count("\n", at, at + _BLOCK)
                counts.append(total)
            self._counts = counts
        return self._counts

    def _is_long(self) -> bool:
        if self._long is None:
            self._long = self._starts is None and len(self.text) > _LONG and "\r" not in self.text
        return self._long

    def in_file(self, span: Span) -> Span:
        """A span of the text as one of the whole file."""
        part = self.part
        if part is None or span.start < part.at:
            return span
        return Span(span.start - part.at + part.offset, span.end - part.at + part.offset)

    def position(self, offset: int) -> Position:
        """The line and column of an offset; an offset past the end is the end's."""
        place, part = self._within(offset), self.part
        if part is None or offset < part.at:
            return place
        first = self._within(part.at)
        if place.line == first.line:
            return Position(part.line, place.column - first.column + part.column)
        return Position(place.line - first.line + part.line, place.column)

    def _within(self, offset: int) -> Position:
        """The line and column in the text."""
        offset = max(0, min(offset, len(self.text)))
        if self._is_long():
            line = self._line_around(offset)
            return Position(line.number, offset - line.start + 1)
        starts = self._lines()
        number = bisect_right(starts, offset)
        cell = None
        if self.cells:
            index = bisect_right(self.cells, (offset, "\U0010ffff")) - 1
            cell = self.cells[max(index, 0)][1]
        return Position(number, offset - starts[number - 1] + 1, cell)

    def _line_around(self, offset: int) -> _Line:
        """The line of a long text that an offset is on: the last one that was asked for, or the one that is found.

        Findings come in the order of their places, and a line may be the whole file.
        """
        last = self._last
        if not last.start <= offset <= last.end:
            block, counts = offset // _BLOCK, self._blocks()
            number = counts[block] + self.text.count("\n", block * _BLOCK, offset) + 1
            if number == counts[block] + 1:  # the line began in an earlier block, the last that has a line end
                block = bisect_left(counts, counts[block]) - 1
            start = self.text.rfind("\n", max(block, 0) * _BLOCK, offset) + 1
            last = self._last = _Line(number, start, self._end_of(number, start))
        return last

    def units(self, offset: int) -> int:
        """The column of an offset in the file, counted in units of UTF-16."""
        offset = max(0, min(offset, len(self.text)))
        column, part = self.position(offset).column, self.part
        start = offset - self._within(offset).column + 1
        if part is None or not start <= part.at <= offset:
            return column + self._wide(start, offset)
        return column + part.wide + self._wide(part.at, offset)

    def _wide(self, start: int, end: int) -> int:
        """How many characters between two offsets are two units of UTF-16: counted once, every so many characters."""
        if self.text.isascii():
            return 0
        if end - start <= _FEW:
            return wide_in(self.text[start:end])
        if self._wides is None:
            counted = (wide_in(self.text[at : at + _FEW]) for at in range(0, len(self.text), _FEW))
            self._wides = [0, *accumulate(counted)]
        return self._wide_before(self._wides, end) - self._wide_before(self._wides, start)

    def _wide_before(self, wides: list[int], offset: int) -> int:
        block = offset // _FEW
        return wides[block] + wide_in(self.text[block * _FEW : offset])

    def stretch(self, number: int) -> Stretch:
        """What the text has of a line of the file; of the first line of a part only what is in the part."""
        part = self.part
        if part is None:
            return Stretch(*self._span_of(number))
        first = self._within(part.at)
        start, end = self._span_of(number - part.line + first.line)
        return Stretch(start, end) if number > part.line else Stretch(part.at, end, part.column)

    def line(self, number: int) -> str:
        """The text of its line ``number`` (from 1) without its line end; "" when there is no such line."""
        start, end = self._span_of(number)
        return self.text[start:end]

    def _span_of(self, number: int) -> Span:
        """Where a line stands, without its line end; nothing when there is no such line."""
        if number == self._last.number > 0:
            return Span(self._last.start, self._last.end)
        start = self._start_of(number)
        if start < 0:
            return Span(0, 0)
        return Span(start, self._end_of(number, start))

    def _end_of(self, number: int, start: int) -> int:
        """Where the line with this number, which begins at ``start``, has its line end."""
        if self._is_long():
            end = self.text.find("\n", start)
            return end if end >= 0 else len(self.text)
        starts = self._lines()
        if number >= len(starts):
            return len(self.text)
        return starts[number] - (2 if self.text.endswith("\r\n", start, starts[number]) else 1)

    def _start_of(self, number: int) -> int:
        """Where a line begins; -1 when there is no such line."""
        if number == self._last.number > 0:
            return self._last.start
        if not self._is_long():
            starts = self._lines()
            return starts[number - 1] if 1 <= number <= len(starts) else -1
        counts = self._blocks()
        if not 1 <= number <= counts[-1] + 1:
            return -1
        block = max(bisect_left(counts, number - 1) - 1, 0)
        at = block * _BLOCK
        for _ in range(number - 1 - counts[block]):
            at = self.text.find("\n", at) + 1
        return at if number > 1 else 0

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1."""
        return self._start_of(line) + column - 1


class Text:
    """A decoded string that can map any slice of itself back to the source.

    ``offsets`` is the source offset of the first character where the string stands in the source as it is, or
    a sequence of ``len(value) + 1`` source offsets, one a character and one for the end. ``ends``, if given,
    says where the source of each character ends; needed where an escape may stand before something left out.
    """

    __slots__ = ("ends", "offsets", "source", "value")

    def __init__(
        self,
        value: str,
        source: Source,
        offsets: int | Sequence[int],
        ends: Sequence[int] | None = None,
    ) -> None:
        self.value = value
        self.source = source
        self.offsets = offsets
        self.ends = ends

    def cut(self, start: int, end: int) -> Text:
        """The text ``value[start:end]`` with its places."""
        offsets, ends = self.offsets, self.ends
        if isinstance(offsets, int):
            return Text(self.value[start:end], self.source, offsets + start)
        inner = None if ends is None else ends[start:end]
        return Text(self.value[start:end], self.source, offsets[start : end + 1], inner)

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where ``value[start:end]`` stands in the source."""
        if end is None:
            end = len(self.value)
        if isinstance(self.offsets, int):
            return Span(self.offsets + start, self.offsets + end)
        first = self.offsets[start]
        # The end of the last character, not the start of the next: a fold may stand between them.
        last = first if end == start else self._end_of(end - 1)
        return Span(first, max(first, last))

    def _end_of(self, index: int) -> int:
        if self.ends is not None:
            return self.ends[index]
        offsets = self.offsets
        assert not isinstance(offsets, int)
        here, following = offsets[index], offsets[index + 1]
        character, written = self.value[index], self.source.text[here:following]
        # A character that is written several times to mean itself (a backslash, a quote) takes all of them.
        return here + 1 if written.startswith(character) and written.strip(character) else following
