"""Rows of a delimited text that are cut otherwise than their author meant: a text is seen in part, or not at all.

A comma or a line end in a text that stands in no quotation marks, marks that don't match, a row with another
delimiter. A ragged row whose texts are whole is none of these: exports leave out empty cells, and people write beside
their tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from ..conversation import Message
from ..documents import Document, Table
from ..documents.csvtext import DELIMITERS, CsvPlaces, body_start, is_whole
from ..messages import many
from ..source import SourceError, mistake
from .common import SAMPLE, columns_of, header_row, is_text
from .fields import is_other_data
from .plans import is_classified, plan_of
from .prose import is_sentence

_LINES = 100  # that a text has, at most
_ENOUGH = 5  # rows that are all as wide as each other and wider than the header: then that lacks names
_QUOTES = (
    "the quotation marks in this row don't match: one that opens a cell needs one that closes it, and one inside a "
    "text is written twice"
)

_PUT = "put the text of this row in quotation marks"
_CURLY = "curly quotation marks hold no text together: put straight ones around it"
_OF_LINES = "; a text of several lines stands in quotation marks"


class Torn(NamedTuple):
    """The first such row of a file; ``broken``: what it says is lost, else it may be a remark beside the table."""

    mistake: SourceError
    broken: bool


class _Row(NamedTuple):
    """What is wrong with a row, and where in the text of the file; ``lost``: something that it says is."""

    at: int
    reason: str
    lost: bool


def torn(document: Document, messages: Iterable[Message]) -> list[Torn]:
    """What is wrong with the rows of a table from which these messages were read."""
    table = document.value
    if document.kind != "csv" or not isinstance(table, Table):
        return []
    columns, rows = set(), set()
    for message in messages:
        path = message.path
        if len(path) == 2 and message.document is document:
            rows.add(path[0])
            columns.add(path[1])
    return _torn(document, table, frozenset(c for c in columns if isinstance(c, int)), header_row(table) in rows)


def torn_unknown(document: Document) -> list[Torn]:
    """The same of a table that no reader knows, if its header is one of replies: its rows may be why."""
    table = document.value
    if document.kind != "csv" or not isinstance(table, Table) or not table.rows:
        return []
    header = columns_of(table)
    plan = plan_of(list(header))
    if not plan.sure or not (plan.titles or plan.groups) or is_other_data(header) or is_classified([], list(header)):
        return []
    columns = frozenset(header[name] for name, _ in plan.texts)
    found = _torn(document, table, columns, False)
    # Without any row that is cut, what stands beside the columns may be the rest of texts: then none of it is known.
    return [one for one in found if one.broken] or [one._replace(broken=True) for one in found]


def _torn(document: Document, table: Table, columns: Collection[int], headless: bool) -> list[Torn]:
    found = []
    if table.misquoted >= 0:
        found.append(Torn(mistake(document.source, table.misquoted, _QUOTES), True))
    suspects = list(_suspects(table, columns, headless)) if columns else []
    if not suspects:
        return found
    places = CsvPlaces(document.source, table.delimiter, body_start(document.source.text)[0])
    told = list(_told(table, columns, suspects, places))
    for broken in (True, False):
        rows = [one for one in told if one.lost is broken]
        if rows and (broken or not found):
            more = f" (and {many(len(rows) - 1, 'more such row')})" if len(rows) > 1 else ""
            found.append(Torn(mistake(document.source, rows[0].at, rows[0].reason + more), broken))
    return found


def _suspects(table: Table, columns: Collection[int], headless: bool) -> Iterator[tuple[int, int]]:
    """Rows that are wider than the table, end before or in its texts or seem to cut one; and how wide the table is."""
    top = header_row(table)
    width, first = _width(table, top, headless), min(columns)
    follow = [column + 1 for column in columns]
    start = 0 if headless else top + 1
    ended = 0
    for number, row in enumerate(islice(table.rows, start, None), start):
        length = len(row)
        if number < ended:
            continue
        if 0 < length < width and length - 1 in columns and (ended := _end_below(table, number, columns, width)):
            yield number, width
            continue
        wide = length > width and any(map(str.strip, row[width:]))
        if wide or 0 < length <= first or any(column < length and row[column][:1] == " " for column in follow):
            yield number, width


def _end_below(table: Table, number: int, columns: Collection[int], width: int) -> int:
    """The row behind the one in which a row ends that line ends cut, 0 where this is none of these.

    Its parts make one row together, and what is said in the first cell of a line is the text of the row before.
    """
    cells, spoken = len(table.rows[number]), False
    if not table.rows[number][-1].strip():
        return 0
    for below in range(number + 1, min(number + 1 + _LINES, len(table.rows))):
        row = table.rows[below]
        if len(row) >= width:
            return 0
        if row:
            cells += len(row) - 1
            spoken = spoken or is_sentence(row[0])
        if len(row) > 1:
            texts = (row[column] for column in columns if column < len(row))
            return below + 1 if cells == width and spoken and not any(map(is_text, texts)) else 0
    return 0


def _width(table: Table, top: int, headless: bool) -> int:
    """How many cells a row has: as many as the header, unless that lacks names for what all rows have."""
    sample = [len(row) for row in table.rows[top + 1 : top + 1 + SAMPLE] if row]
    usual, often = Counter(sample).most_common(1)[0] if sample else (0, 0)
    width = len(table.rows[top])
    if headless:
        return max(usual, width)
    beside = [row[width] for row in table.rows[top + 1 : top + 1 + SAMPLE] if len(row) > width]
    unnamed = often >= max(_ENOUGH, 0.9 * len(sample)) and not any(cell[:1] == " " for cell in beside)
    return usual if usual > width and unnamed else width


def _is_curly(row: Iterable[str]) -> bool:
    """Whether a text of a row is meant to stand in quotation marks, such as a word processor puts."""
    return any(cell.lstrip()[:1] in ("“", "”", "„") for cell in row)


def _told(
    table: Table, columns: Collection[int], suspects: Iterable[tuple[int, int]], places: CsvPlaces
) -> Iterator[_Row]:
    for number, width in suspects:
        row, start = table.rows[number], places.starts[number]
        count = f"{many(len(row), 'cell')} under {many(width, 'heading')}"
        if len(row) < width and len(row) - 1 in columns and _end_below(table, number, columns, width):
            last = places.cells(number)[-1]
            if not is_whole(last):
                said = "the text of this row goes on in the next line: put all of it in quotation marks"
                yield _Row(last.end(), f"{count}: {said}", True)
        elif len(row) > width:
            beyond = any(map(str.strip, row[width:]))
            cells = places.cells(number)
            cut = _cut(row, columns, width, cells) if beyond else _gone_on(row, columns, cells)
            if cut is not None:
                yield _Row(cells[cut].start(), f"{count}: {_CURLY if _is_curly(row) else _PUT}", True)
        elif len(row) > min(columns):
            cells = places.cells(number)
            cut = _gone_on(row, columns, cells)
            if cut is not None:
                said = "a text of this row seems to go on in the next cell: put it in quotation marks"
                yield _Row(cells[cut].start(), said, False)
        elif _has_other_delimiter(row, min(columns), table.delimiter):
            yield _Row(start, f"{count}: this row is cut by another mark than the others", True)
        elif any(map(is_sentence, row)):
            yield _Row(start, f"{count}: what this row says is under none of those that are read{_OF_LINES}", False)


def _cut(row: list[str], columns: Collection[int], width: int, cells: list[re.Match[str]]) -> int | None:
    """The cell in which a text of a row that is too wide may go on: it is in no quotation marks. None where none is."""
    filled = [column for column in columns if row[column].strip()]
    if not filled:
        return width if any(map(is_text, row[width:])) else None
    bare = [column for column in filled if not is_whole(cells[column])]
    if not bare:
        return None
    sure = _gone_on(row, columns, cells)
    return max(bare) + 1 if sure is None else sure


def _gone_on(row: list[str], columns: Collection[int], cells: list[re.Match[str]]) -> int | None:
    """The cell behind a text in no quotation marks that begins as what follows a comma does: with a blank, in words.

    Where people write a blank after each delimiter, the text itself has one too.
    """
    return next(
        (
            column + 1
            for column in sorted(columns)
            if column + 1 < len(row)
            and row[column].strip()
            and row[column][:1] != " "
            and row[column + 1][:1] == " "
            and is_text(row[column + 1])
            and not is_whole(cells[column])
        ),
        None,
    )


def _has_other_delimiter(row: list[str], column: int, own: str) -> bool:
    """Whether another delimiter would cut a row so that there is a text in a column of texts."""
    whole = own.join(row)
    parts = (whole.split(mark) for mark in DELIMITERS if mark != own)
    return any(len(cut) > column and is_text(cut[column].strip(' "')) for cut in parts)
