"""What stands around many places of one text: each kind of thing is found once, then looked up for each place.

A file may hold as many comments as lines, so nothing here may look through the text anew for each of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any

from .expressions import expression
from .source import Source, SourceError, Span

_EMPTY = expression(r"\n(?=[ \t\r]*\n)")
_BLANK = expression(r"[ \t\r]*\n")
_NO_YAML = expression(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_HEADING = expression(r"^ {0,3}(#{1,6})(?=[ \t])", re.MULTILINE)
_FENCE = expression(r"^ {0,3}```", re.MULTILINE)
_CDATA = expression(r"<!\[CDATA\[")
_CDATA_END = expression("]]>")
_SPACE = expression(r"\s*")


class Extents:
    """The elements, entries, paragraphs and literal parts of a text of some kind ("yaml", "xml", "markdown" …)."""

    def __init__(self, source: Source, kind: str) -> None:
        self._source = source
        self._kind = kind
        self._skipped = Span(-1, -1)

    def is_literal(self, at: int) -> bool:
        """Whether a place lies in a CDATA section, in a fenced block or, in YAML, in a text."""
        if self._kind == "yaml":
            first, last = self._texts
            number = bisect_right(first, at) - 1
            return number >= 0 and at < last[number]
        opened, closed, fences = self._literal
        if _last(opened, at) > _last(closed, at):
            return True
        return bisect_right(fences, at) % 2 == 1

    def element(self, at: int) -> Span | None:
        """The element that begins after ``at``, behind blanks and comments."""
        return self._elements.get(self._behind_comments(at))

    def paragraph(self, at: int) -> Span:
        """The lines from ``at``, empty ones left out, up to the next empty one."""
        text = self._source.text
        start = at
        while (blank := _BLANK.match(text, start)) is not None:
            start = blank.end()
        number = bisect_left(self._empty_lines, start)
        return Span(start, self._empty_lines[number] if number < len(self._empty_lines) else len(text))

    def section(self, at: int) -> Span | None:
        """The section of a Markdown text whose heading is the first line from ``at`` that is not empty."""
        starts, levels = self._headings
        start = self._behind_comments(at)
        number = bisect_left(starts, start)
        if number == len(starts) or starts[number] != start:
            return None
        behind = range(number + 1, len(starts))
        end = next((starts[n] for n in behind if levels[n] <= levels[number]), len(self._source.text))
        return Span(start, end)

    @cached_property
    def _headings(self) -> tuple[list[int], list[int]]:
        """Where the headings of a Markdown text begin, and of which level they are."""
        found = [one for one in _HEADING.finditer(self._source.text) if not self.is_literal(one.start())]
        return [one.start(1) for one in found], [len(one[1]) for one in found]

    def entry(self, line: int, alone: bool) -> Span | None:
        """The outermost entry of a YAML file that begins on the line at ``line``, else the one around it.

        For a comment ``alone`` on its line the outermost one on the next line that is no comment.
        """
        text = self._source.text
        start = self._behind_comment_lines(line) if alone else line
        stop = text.find("\n", start)
        units, above = self._units
        number = bisect_left(units, start, key=_start)
        if number < len(units) and units[number].start < (len(text) if stop < 0 else stop):
            return units[number]
        if alone:
            return None
        number = bisect_right(units, line, key=_start) - 1
        while number >= 0 and units[number].end <= line:
            number = above[number]
        return units[number] if number >= 0 else None

    def entries_around(self, at: int) -> list[Span]:
        """The entries of a YAML file that a place lies in."""
        return [unit for unit in self._units[0] if unit.start <= at < unit.end]

    def _behind_comments(self, at: int) -> int:
        """Where the blanks and comments that begin ``at`` end; of a row of them the way is gone once."""
        text = self._source.text
        if self._skipped.start <= at <= self._skipped.end:
            return self._skipped.end
        start = at
        while True:
            at = _space_end(text, at)
            end = text.find("-->", at + 4) if text.startswith("<!--", at) else -1
            if end < 0:
                break
            at = end + 3
        self._skipped = Span(start, at)
        return at

    def _behind_comment_lines(self, at: int) -> int:
        if not self._skipped.start <= at < self._skipped.end:
            found = _NO_YAML.match(self._source.text, at)
            self._skipped = Span(at, found.end() if found else at)
        return self._skipped.end

    @cached_property
    def _empty_lines(self) -> list[int]:
        return [found.start() for found in _EMPTY.finditer(self._source.text)]

    @cached_property
    def _literal(self) -> tuple[list[int], list[int], list[int]]:
        text = self._source.text
        opened, closed, fences = (
            [found.end() for found in pattern.finditer(text)] for pattern in (_CDATA, _CDATA_END, _FENCE)
        )
        return opened, closed, fences

    @cached_property
    def _elements(self) -> dict[int, Span]:
        from .documents.xmltext import XmlPlaces

        return {span.start: span for span in XmlPlaces(self._source).elements()}

    @cached_property
    def _nodes(self) -> tuple[list[Span], list[Span]]:
        """The entries of a YAML file (items of lists, pairs of mappings), outer ones first, and its texts."""
        from .documents import yamltext

        units: list[Span] = []
        scalars: list[Span] = []
        try:
            nodes = list(yamltext.nodes(self._source))
        except SourceError:  # of a text that is no YAML there is nothing to tell
            nodes = []
        for node in nodes:
            if node.id == "scalar":
                scalars.append(self._of_text(node))
            elif node.id == "sequence":
                units += (Span(item.start_mark.index, item.end_mark.index) for item in node.value)
            else:
                units += (Span(key.start_mark.index, value.end_mark.index) for key, value in node.value)
        return sorted(units, key=lambda unit: (unit.start, -unit.end)), sorted(scalars)

    def _of_text(self, node: Any) -> Span:
        start: int = node.start_mark.index
        if node.style in ("|", ">"):  # behind the sign there may be a comment
            start = self._source.text.find("\n", start)
        return Span(start, node.end_mark.index)

    @cached_property
    def _texts(self) -> tuple[list[int], list[int]]:
        spans = self._nodes[1]
        return [span.start for span in spans], [span.end for span in spans]

    @cached_property
    def _units(self) -> tuple[list[Span], list[int]]:
        """The entries in order, and for each the number of the one around it, -1 where there is none."""
        units = self._nodes[0]
        above: list[int] = []
        for number, unit in enumerate(units):
            around = number - 1
            while around >= 0 and units[around].end <= unit.start:
                around = above[around]
            above.append(around)
        return units, above


def _start(span: Span) -> int:
    return span.start


def _last(places: list[int], at: int) -> int:
    """The last of some places up to ``at``, -1 if there is none."""
    number = bisect_right(places, at)
    return places[number - 1] if number else -1


def _space_end(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
