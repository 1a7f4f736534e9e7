"""One cell of an OpenDocument spreadsheet written anew, in place, with all else in the file kept byte by byte.

Facts: OpenDocument 1.3 part 3 (9.1.4 table:table-cell, 5.1.3 text:p, 6.1.3 text:s).
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from ..source import SourceError
from .repacking import with_member
from .spreadsheets import ODS_CELLS, number_in

_CONTENT = "content.xml"
_BLANKS = ("text:s", "text:tab", "text:line-break")
_SIGNATURES = "META-INF/documentsignatures.xml"


@dataclass
class _Cell:
    """The cell that is looked for: its attributes, where its paragraphs begin and end, what else is in it."""

    attributes: dict[str, str]
    repeated: bool
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    others: set[str] = field(default_factory=set)


class _Finder:
    """Walks the XML up to the cell at a row and a column (from 0) of a sheet."""

    def __init__(self, sheet: str, row: int, column: int) -> None:
        self.cell: _Cell | None = None
        self._sheet, self._row, self._column = sheet, row, column
        self._above: list[str] = []
        self._tables = self._rows = self._columns = self._inside = self._begin = 0
        self._is_sheet = self._row_repeated = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def find(self, content: bytes) -> _Cell | None:
        self._parser.Parse(content, True)
        return self.cell

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._above.append(name)
        if self._inside:
            self._part(name)
        elif name == "table:table":
            self._tables += 1
            self._is_sheet = self._tables == 1 and attributes.get("table:name") == self._sheet
            self._rows = 0
        elif not self._is_sheet or self._tables != 1:
            return
        elif name == "table:table-row":
            times = number_in(attributes, "table:number-rows-repeated", 1 << 20)
            self._row_repeated, self._columns = times > 1, 0
            self._rows += times
        elif name in ODS_CELLS and self._above[-2] == "table:table-row":
            times = number_in(attributes, "table:number-columns-repeated", 1 << 14)
            begin, self._columns = self._columns, self._columns + times
            last = self._rows - 1
            here = last == self._row or (self._row_repeated and self._row <= last)
            if here and begin <= self._column < self._columns and self.cell is None:
                self.cell = _Cell(attributes, times > 1 or self._row_repeated)
                self._inside = len(self._above)

    def _part(self, name: str) -> None:
        assert self.cell is not None
        depth = len(self._above) - self._inside
        if name == "text:p" and depth == 1:
            self._begin = self._parser.CurrentByteIndex
        elif name not in _BLANKS:
            self.cell.others.add(name)

    def _end(self, name: str) -> None:
        if self._inside and len(self._above) == self._inside + 1 and name == "text:p":
            assert self.cell is not None
            self.cell.paragraphs.append((self._begin, self._parser.CurrentByteIndex))
        elif self._inside and len(self._above) == self._inside:
            self._inside = 0
        elif name == "table:table" and not self._inside:
            self._tables -= 1
        self._above.pop()


def with_cell(path: str, data: bytes, sheet: str, row: int, column: int, value: str) -> bytes:
    """The spreadsheet with one text cell replaced. Raises SourceError where that can't be done without touching more.

    ``row`` and ``column`` count from 0.
    """
    where = f"the cell in row {row + 1}, column {column + 1} of {sheet}"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _SIGNATURES in archive.namelist():
            raise SourceError(path, "the spreadsheet is signed: a change would break the signature")
        content = archive.read(_CONTENT)
    try:
        cell = _Finder(sheet, row, column).find(content)
    except expat.ExpatError as error:
        raise SourceError(path, f"not a readable OpenDocument spreadsheet: {error}") from None
    if cell is None or not cell.paragraphs:
        raise SourceError(path, f"{where} is not written out in the file")
    if cell.repeated:
        raise SourceError(path, f"{where} is written once for several cells")
    if "table:formula" in cell.attributes or "office:string-value" in cell.attributes:
        raise SourceError(path, f"{where} holds a formula or a second copy of its text")
    if cell.others:
        raise SourceError(path, f"the text in {where.removeprefix('the ')} is formatted in pieces, or has a note")
    start, last = cell.paragraphs[0][0], cell.paragraphs[-1][1]
    opening, end = re.compile(rb"<text:p[^>]*>").match(content, start), content.find(b">", last) + 1
    if opening is None or not content.startswith(b"</text:p", last):
        raise SourceError(path, f"{where} is not written in the usual way")
    lines = value.split("\n")
    new = b"".join(opening.group() + _written(line).encode() + b"</text:p>" for line in lines)
    return with_member(path, data, _CONTENT, content[:start] + new + content[end:])


def _written(line: str) -> str:
    """A line of text as the content of a paragraph: of several blanks in a row XML would leave one."""
    text = escape(line).replace("\t", "<text:tab/>")
    return re.sub(r"^ +| +$|(?<= ) +", lambda blanks: f'<text:s text:c="{len(blanks.group())}"/>', text)
