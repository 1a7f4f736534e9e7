"""A page of HTML cut into the parts that a page of Markdown has: headings, rows, quotes, rules, labels, lines.

Rows are those of tables with several columns; what stands in a table that only lays out a page is lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..expressions import expression
from ..markup.html import Tag, block_tags
from .markdown_parts import FOLDED, Page, Part, words_of
from .prose import is_sentence

_HEADINGS = {**{f"h{level}": level for level in range(1, 7)}, "summary": FOLDED, "dt": FOLDED}
_CELLS = frozenset(["td", "th"])
_TABLE = frozenset(["tr", "table", "tbody", "thead"])
_TITLE = expression(r"(?i)<title\b[^<>]{0,200}>([^<>]{1,300})</title>")
_FAR = 20_000  # characters within which a page says what it is
_AROUND = r"(?:<[A-Za-z][^<>]{0,300}>\s*)*"
_BOLD = expression(
    rf"(?i){_AROUND}<(b|strong)\b[^<>]{{0,300}}>((?:[^<]|<(?!/\1\b)){{1,300}}?)</\1>(?:</[a-z]+>)*(\s*:)?(?:\s|&nbsp;)*"
)
_BARE_LABEL = expression(r"([^\W\d_][\w -]{1,24}|[A-Z]):\s+(?=\S)")
_ROWS = expression(r"(?i)\browspan\s*=\s*[\"']?(\d{1,3})")
_COLUMNS = expression(r"(?i)\bcolspan\s*=\s*[\"']?(\d{1,3})")
_MOST_SPANNED = 100
_BLANK = expression(r"(?:\s|&nbsp;|&#160;)+")
_SAYS = expression(
    r"(?i)<[a-z][^<>]{0,300}\s(?:title|aria-label|aria-description|aria-placeholder|placeholder|alt|value)\s?=\s?"
    r"(?:\"[^\"<>]{0,80}?[^\W\d_]{2}[^\"<>\w]{1,3}\w[^\"<>]{0,300}\"|'[^'<>]{0,80}?[^\W\d_]{2}[^'<>\w]{1,3}\w[^'<>]{0,300}')"
)
"""An element that says some words when it is pointed at, is not shown or is empty."""


def title_of(text: str) -> str:
    """What a page is called in its head."""
    found = _TITLE.search(text, 0, _FAR)
    return words_of(found[1]) if found is not None else ""


@lru_cache(maxsize=2)
def cut_html(text: str) -> Page:
    """The parts of a page; those of its head, its scripts and styles, and what a comment says are none."""
    page = Page(text, html=True)
    found = list(block_tags(text))
    number = at = 0
    name = ""
    table = _Table(text)
    while number < len(found):
        tag = found[number]
        page.parts += _line(page, at, tag.start, name)
        at, name = tag.end, "" if tag.closing else tag.name
        if not tag.closing and _SAYS.match(text, tag.start, tag.end):
            at = tag.start
        closes = _closing(found, number)
        if tag.name in _HEADINGS and closes:
            at, name = found[closes].end, ""
            if said := words_of(text[tag.end : found[closes].start]):
                page.parts.append(Part("heading", tag.start, at, said, _HEADINGS[tag.name]))
            number = closes
        elif tag.name == "tr" and closes and (cells := table.row(found[number + 1 : closes])):
            page.parts.append(Part("row", tag.start, found[closes].end))
            page.cells[tag.start] = cells
            if table.begins:
                page.first_rows.add(tag.start)
                table.begins = False
            number, at, name = closes, found[closes].end, ""
        elif tag.name == "hr":
            page.parts.append(Part("rule", tag.start, tag.end))
        elif tag.name == "table" and not tag.closing:
            table = _Table(text)
        number += 1
    page.parts += _line(page, at, len(text), name)
    return page


def _closing(found: list[Tag], number: int) -> int:
    """The number of the tag that closes a heading or a row; 0 where none does before the next of them begins."""
    opens = found[number]
    if opens.closing or (opens.name != "tr" and opens.name not in _HEADINGS):
        return 0
    for inner in range(number + 1, len(found)):
        tag = found[inner]
        if tag.name == opens.name:
            return inner if tag.closing else 0
        if tag.name in (_TABLE if opens.name == "tr" else _HEADINGS):
            return 0
    return 0


class _Table:
    """The columns of a table, row by row."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.begins = True
        """Whether none of its rows was seen."""
        self._going_on: dict[int, tuple[int, int, int]] = {}
        """By column the cell that goes on in the rows below, and in how many of them."""

    def row(self, inside: list[Tag]) -> list[tuple[int, int]]:
        """Where the texts of the cells of a row stand, one a column, those that go on from a row above among them.

        None where there are fewer than two, and where a sentence by itself takes all columns.
        """
        found: list[tuple[int, int]] = []
        going_on, self._going_on = self._going_on, {}
        cells = list(_cells(self._text, inside))
        alone = len(cells) == 1 and not going_on  # a title among the rows
        for tag, start, end in cells:
            self._fill(found, going_on)
            is_far = (
                len(found) >= _MOST_SPANNED
            )  # no table is so wide: spans upon spans make one of thousands of columns
            for number in range(1 if is_far else _spanned(_COLUMNS, self._text, tag)):
                if not is_far and (rows := _spanned(_ROWS, self._text, tag) - 1):
                    self._going_on[len(found)] = start, end, rows
                is_here = number == 0 or (tag.name == "td" and not alone)
                found.append((start if is_here else end, end))
        self._fill(found, going_on)
        is_apart = alone and is_sentence(words_of(self._text[slice(*found[0])]))
        return found if len(found) > 1 and not is_apart else []

    def _fill(self, found: list[tuple[int, int]], going_on: dict[int, tuple[int, int, int]]) -> None:
        while len(found) in going_on:
            start, end, rows = going_on[len(found)]
            if rows > 1:
                self._going_on[len(found)] = start, end, rows - 1
            found.append((start, end))


def _spanned(pattern: re.Pattern[str], text: str, tag: Tag) -> int:
    """How many rows or columns a cell takes."""
    found = pattern.search(text, tag.start, tag.end)
    return min(max(int(found[1]), 1), _MOST_SPANNED) if found is not None else 1


def _cells(text: str, inside: list[Tag]) -> Iterator[tuple[Tag, int, int]]:
    """The cells of a row, and where their texts stand."""
    for number, tag in enumerate(inside):
        if tag.name in _CELLS and not tag.closing:
            ends = next((n for n in range(number + 1, len(inside)) if inside[n].name in _CELLS), len(inside) - 1)
            bounds = [tag.end, *(bound for one in inside[number + 1 : ends] for bound in (one.start, one.end))]
            bounds.append(inside[ends].start if ends > number else tag.end)
            spans = [_inked(text, *span) for span in zip(bounds[::2], bounds[1::2], strict=True)]
            spans = [span for span in spans if span[0] < span[1]]
            yield (tag, spans[0][0], spans[-1][1]) if spans else (tag, tag.end, tag.end)


def _inked(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the blanks around it; empty where there is no word in it, nor in what its elements say."""
    if not words_of(text[start:end]) and not _SAYS.search(text, start, end):
        return start, start
    blank = _BLANK.match(text, start, end)
    start = blank.end() if blank else start
    while end > start and (text[end - 1].isspace() or text.endswith("&nbsp;", start, end)):
        end -= 1 if text[end - 1].isspace() else len("&nbsp;")
    return start, end


def _line(page: Page, start: int, end: int, name: str) -> Iterator[Part]:
    """What stands between two tags, where it says something; ``name`` is the element that the first of them opens."""
    start, end = _inked(page.text, start, end)
    if start >= end:
        return
    bold = _BOLD.match(page.text, start, end)
    if name == "blockquote":
        yield Part("quote", start, end)
    elif bold is not None:
        said = words_of(bold[2])
        if not words_of(page.text[bold.end() : end]):
            yield Part("bold", start, end, said.strip(" :"))
        elif said.endswith(":") or bold[3]:
            yield Part("label", bold.end(), end, said.strip(" :"), 1, start)
        else:
            yield Part("line", start, end)
    elif (label := _BARE_LABEL.match(page.text, start, end)) is not None:
        yield Part("label", label.end(), end, label[1].strip(), 0, start)
    else:
        yield Part("line", start, end)
