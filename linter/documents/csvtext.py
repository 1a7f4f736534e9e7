"""CSV and its kin: delimiter by content, values by ``csv``, places by a scanner of the same grammar."""

from __future__ import annotations

import re

from ..source import Source, SourceError, Span, Text
from .model import Path, Table

DELIMITERS = (";", ",", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=([;,\t|])"?(?:\r\n|\r|\n)', re.IGNORECASE)
_SAMPLE = 64 * 1024
_RECORDS = 20


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    """One cell: a quoted part, if it begins with a quote, and what follows up to a delimiter or line end.

    Every part may be empty, so a match never has to be taken back.
    """
    return re.compile(rf'(?:"([^"]*(?:""[^"]*)*)("?))?([^{re.escape(delimiter)}\r\n]*)')


def body_start(text: str) -> tuple[int, str | None]:
    """Where the records begin (after Excel's ``sep=;`` line if any) and the delimiter that line names."""
    found = _SEPARATOR_LINE.match(text)
    return (found.end(), found[1]) if found else (0, None)


def sniff(text: str, hint: str = "") -> str:
    """The delimiter of a table: the one that cuts its first records most evenly, counted outside quotes.

    A delimiter that leaves quotes in the middle of cells is the right one only if all do.
    """
    start, named = body_start(text)
    if named:
        return named
    best, best_score = hint or ",", (False, 0.0, 0)
    for delimiter in (hint, *DELIMITERS) if hint else DELIMITERS:
        records = _records(text, delimiter, start)
        wide = [len(record) for record in records if len(record) > 1]
        if not wide or len(records[0]) == 1:
            continue
        usual = max(set(wide), key=lambda width: (wide.count(width), width))
        clean = not any(_has_stray_quote(cell) for record in records for cell in record)
        score = clean, round(wide.count(usual) / len(records), 1), usual
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _has_stray_quote(cell: re.Match[str]) -> bool:
    return '"' in cell[0] if cell[1] is None else bool(cell[3]) or not cell[2]


def widths(text: str, delimiter: str) -> list[int]:
    """The number of cells in each of the first records that are not blank."""
    return [len(record) for record in _records(text, delimiter, body_start(text)[0])]


def _records(text: str, delimiter: str, start: int) -> list[list[re.Match[str]]]:
    """The cells of the first records that are not blank."""
    sample = text[start : start + _SAMPLE]
    scanner = CsvPlaces(Source("", sample), delimiter, 0, _RECORDS)
    found = [scanner.cells(row) for row in range(len(scanner.starts))]
    if len(sample) == _SAMPLE and 1 < len(found) < _RECORDS:
        found.pop()
    return [record for record in found if record]


def hinted(path: str) -> str:
    """The delimiter that the name of a file promises; "" when it promises none."""
    return "\t" if path.lower().endswith((".tsv", ".tab")) else ""


_LAST = "\x01"


def whole_rows(source: Source, delimiter: str) -> list[list[str]] | None:
    """The rows of a text that is a part of a table.

    None where a quoted cell goes on after its last line end, and where quotation marks don't match.
    """
    text = source.text
    ended = text.endswith("\n")
    rows, sound = _rows(source, text + _LAST if ended else text, delimiter)
    if ended and rows.pop() != [_LAST]:
        return None
    return rows if sound or misquoted(source, delimiter) < 0 else None


def load(source: Source, hint: str = "") -> Table:
    """The rows of a delimited text; raises SourceError where it is not one."""
    delimiter = sniff(source.text, hint)
    text = source.text.rstrip("\0")
    start, _ = body_start(text)
    rows, sound = _rows(source, text[start:] if start else text, delimiter)
    table = Table(rows, delimiter)
    if not sound:
        table.misquoted = misquoted(source, delimiter, start)
    return table


def misquoted(source: Source, delimiter: str, start: int = 0) -> int:
    """Where a cell begins whose mark is never closed, or closed by the mark that opens a later one; -1 if none is so.

    A mark that opens a cell stands behind a delimiter or a line end: if that is what a cell ends with, and more
    follows, then its own closing mark is missing.
    """
    places = CsvPlaces(source, delimiter, start)
    for row in range(len(places.starts)):
        for cell in places.cells(row):
            quoted = cell[1]
            if quoted is not None and (not cell[2] or (cell[3] and quoted.rstrip(" ")[-1:] in (delimiter, "\n", "\r"))):
                return cell.start()
    return -1


def is_whole(cell: re.Match[str]) -> bool:
    """Whether a cell stands in quotation marks, with nothing after them: no delimiter in its text can cut it."""
    return cell[1] is not None and bool(cell[2]) and not cell[3].strip()


def _rows(source: Source, text: str, delimiter: str) -> tuple[list[list[str]], bool]:
    """The rows of a text, and whether all its quotation marks stand around whole cells."""
    import csv
    import io
    import sys

    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), True
    except csv.Error:
        pass
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), False
    except csv.Error as error:
        raise SourceError(source.path, f"not a valid table: {error}", source.position(0)) from None


class CsvPlaces:
    """Places in a delimited text: a path is (row, column), both from 0, blank lines counted as rows."""

    def __init__(self, source: Source, delimiter: str, start: int = 0, most: int = -1) -> None:
        self.source = source
        self._cell = _cell_pattern(delimiter)
        self._delimiter = delimiter
        self._last: tuple[int, list[re.Match[str]]] = (-1, [])
        self._end = len(source.text.rstrip("\0"))
        self.starts = self._row_starts(start, most)

    def _row_starts(self, at: int, most: int) -> list[int]:
        starts: list[int] = []
        text, end, match, delimiter = self.source.text, self._end, self._cell.match, self._delimiter
        while at < end and len(starts) != most:
            starts.append(at)
            while True:
                at = match(text, at, end).end()  # type: ignore[union-attr]
                if at >= end or text[at] != delimiter:
                    break
                at += 1
            at += 2 if text.startswith("\r\n", at) else 1
        return starts

    def cells(self, row: int) -> list[re.Match[str]]:
        """The cells of a row; none for a blank line."""
        if self._last[0] == row:
            return self._last[1]
        text, end, at = self.source.text, self._end, self.starts[row]
        found: list[re.Match[str]] = []
        if text[at] not in "\r\n":
            while True:
                cell = self._cell.match(text, at, end)
                assert cell is not None
                found.append(cell)
                at = cell.end()
                if at >= end or text[at] != self._delimiter:
                    break
                at += 1
        self._last = row, found
        return found

    def _find(self, path: Path) -> re.Match[str]:
        if len(path) != 2 or not (isinstance(path[0], int) and isinstance(path[1], int)):
            raise LookupError(path)
        return self.cells(path[0])[path[1]]

    def text(self, path: Path) -> Text:
        cell = self._find(path)
        quoted = cell[1]
        if quoted is None:
            return Text(cell[0], self.source, cell.start())
        rest_start, rest_end = cell.span(3)
        start = cell.start(1)
        if '""' not in quoted and rest_start == rest_end:
            return Text(quoted, self.source, start)
        offsets: list[int] = []
        ends: list[int] = []
        at = start
        pair = quoted.find('""')
        while pair >= 0:
            offsets += range(at, start + pair + 1)
            ends += (*range(at + 1, start + pair + 1), start + pair + 2)
            at = start + pair + 2
            pair = quoted.find('""', pair + 2)
        offsets += (*range(at, cell.end(1)), *range(rest_start, rest_end))
        ends += (*range(at + 1, cell.end(1) + 1), *range(rest_start + 1, rest_end + 1))
        offsets.append(ends[-1])
        return Text(quoted.replace('""', '"') + cell[3], self.source, offsets, ends)

    def span(self, path: Path) -> Span:
        if not path:
            return Span(0, len(self.source.text))
        if len(path) == 1 and isinstance(path[0], int):
            cells = self.cells(path[0])
            start = self.starts[path[0]]
            return Span(start, cells[-1].end() if cells else start)
        cell = self._find(path)
        return Span(cell.start(), cell.end())

    key_span = span

    def duplicates(self) -> list[Span]:
        return []
