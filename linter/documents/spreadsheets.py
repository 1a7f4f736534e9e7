"""XLSX and ODS: each sheet a Table. There is no text to point into, so one is made, a cell a line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from ..source import Source, SourceError, Span, Text
from .archives import MAX_MEMBER, broken, check_zip
from .model import Document, Merged, Path, Table

_HEX = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_CELLS = 5_000_000
_MOST_IN_AREAS = 50_000  # cells in merged areas and under links, each of which openpyxl makes
_MOST_TEXT = 2 * MAX_MEMBER  # characters; cells may share one long text
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_DIGITS = 20  # of a row's number; more are zeros before it, or it is refused
_MOST_ALIKE = 64  # cells that are written once for several side by side; more of the same say nothing new
_STRUCK = re.compile(rb"<(?:\w+:)?strike\b")
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
ODS_CELLS = ("table:table-cell", "table:covered-table-cell")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)")
_CELL = re.compile(r"([A-Z]+)0*(\d+)")
Sheet = tuple[str, list[list[str]], list[Merged]]


def column_name(number: int) -> str:
    """The letters of a column, from 0: A, B, … Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def open_xlsx(path: str, data: bytes) -> Document:
    """An Excel workbook; raises SourceError when it is damaged, too large, or openpyxl is not there."""
    check_zip(path, data)
    return _document("xlsx", path, _xlsx_sheets(path, data, _check_parts(path, data)))


def open_ods(path: str, data: bytes) -> Document:
    """An OpenDocument spreadsheet; raises SourceError when it is damaged or too large."""
    check_zip(path, data)
    return _document("ods", path, _ods_sheets(path, data))


def _document(kind: str, path: str, sheets: list[Sheet]) -> Document:
    lines: list[str] = []
    cells: list[tuple[int, str]] = []
    places: dict[str, list[list[int]]] = {}
    value: dict[str, Table] = {}
    at = 0
    for name, rows, merged in sheets:
        table_places: list[list[int]] = []
        for row, texts in enumerate(rows):
            table_places.append([])
            for column, text in enumerate(texts):
                table_places[-1].append(at)
                if text:
                    cells.append((at, f"{name}!{column_name(column)}{row + 1}"))
                    lines.append(text)
                    at += len(text) + 1
                    if at > _MOST_TEXT:
                        raise SourceError(path, f"its cells hold more than {_MOST_TEXT >> 20} million characters")
        places[name] = table_places
        value[name] = Table(rows, "", merged)
    source = Source(path, "\n".join([*lines, ""]), cells)
    return Document(kind, source, value, lambda: SheetPlaces(source, value, places))


class SheetPlaces:
    """Places in the text made from a workbook: a path is (sheet, row, column)."""

    def __init__(self, source: Source, value: dict[str, Table], places: dict[str, list[list[int]]]) -> None:
        self.source = source
        self._value = value
        self._places = places

    def text(self, path: Path) -> Text:
        if len(path) != 3 or not (isinstance(path[1], int) and isinstance(path[2], int)):
            raise LookupError(path)
        sheet = str(path[0])
        return Text(self._value[sheet].rows[path[1]][path[2]], self.source, self._places[sheet][path[1]][path[2]])

    def span(self, path: Path) -> Span:
        if len(path) == 3:
            return self.text(path).span()
        rows = [row for sheet in self._places.values() for row in sheet]
        if path:
            rows = self._places[str(path[0])]
        if len(path) == 2 and isinstance(path[1], int):
            rows = [rows[path[1]]]
        starts = [start for row in rows for start in row]
        if not starts:
            return Span(0, 0)
        return Span(starts[0], max(starts[0], self.source.text.find("\n", starts[-1])))

    key_span = span

    def duplicates(self) -> list[Span]:
        return []


class _Parts(NamedTuple):
    """What the parts of a workbook say: the names of the sheets, the cells of any sheet with a formula whose value is
    not stored, and whether words in a cell are struck out.
    """

    named: list[str]
    formulas: set[str]
    struck: bool


def _xlsx_sheets(path: str, data: bytes, parts: _Parts) -> list[Sheet]:
    """The sheets with cells. Raises SourceError where one that is named is not there: openpyxl leaves it out.

    The text of a formula without its value is the formula.
    """
    named, formulas, struck = parts
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError:
        raise SourceError(path, "reading .xlsx needs openpyxl: pip install 'neverask[xlsx]', or save as CSV") from None
    import warnings

    sheets: list[Sheet] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            openpyxl.styles.cell_style.print = _say_nothing
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=struck)
            if formulas:
                _put_formulas(book, openpyxl.load_workbook(io.BytesIO(data)), formulas)
        if len(named) > len(book.sheetnames):
            missing = [name for name in named if name not in book.sheetnames]
            raise SourceError(path, f"the sheet {missing[0] if missing else named[-1]} is named in it and not there")
        for sheet in book.worksheets:
            rows = _xlsx_rows(path, sheet)
            merged = [
                Merged(area.min_row - 1, area.min_col - 1, area.max_row - area.min_row + 1,
                       area.max_col - area.min_col + 1)
                for area in sheet.merged_cells.ranges
            ]  # fmt: skip
            sheets.append((sheet.title, rows, sorted(merged)))
    except SourceError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers and descriptors raise
        raise SourceError(path, f"not a readable Excel workbook: {_why(error)}") from None
    return sheets


def _why(error: Exception) -> str:
    """What openpyxl says of a workbook that it can't read; what it made an error of says more than that one."""
    said: BaseException = error.__cause__ or error
    if isinstance(said, IndexError):
        return "a cell or a part of it refers to a text or a style that is not there"
    return str(said).partition("\n")[0] or type(said).__name__


def _put_formulas(book: Any, written: Any, formulas: set[str]) -> None:
    """Give the cells of a workbook whose value is not stored their formula, as another reading of it has them."""
    for sheet, other in zip(book.worksheets, written.worksheets, strict=True):
        for place, cell in other._cells.items():
            if cell.data_type == "f" and cell.coordinate in formulas and sheet._cells[place].value is None:
                formula = getattr(cell.value, "text", cell.value)  # of a formula for several cells
                sheet._cells[place]._value = formula if isinstance(formula, str) else "="


def _say_nothing(*said: object) -> None:
    """In the place of ``print`` in openpyxl: what it says of a style would stand in the report."""


def _check_parts(path: str, data: bytes) -> _Parts:
    """What the parts of a workbook say. Raises SourceError for what openpyxl reads in part, or makes very much of."""
    import zipfile

    named: list[str] = []
    formulas: set[str] = set()
    areas, struck = 0, False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                content = archive.read(info)
                areas += _areas(path, content, named, formulas)
                struck = struck or (b"rPr" in content and _STRUCK.search(content) is not None)
    except broken() as error:
        raise SourceError(path, f"a damaged file: {error}") from None
    if areas > _MOST_IN_AREAS:
        raise SourceError(path, f"its merged areas and links hold more than {_MOST_IN_AREAS:,} cells")
    return _Parts(named, formulas, struck)


def _areas(path: str, content: bytes, named: list[str], formulas: set[str]) -> int:
    """How many cells the merged areas and the links of a part of a workbook hold; ``named`` gets the sheets it names,
    ``formulas`` the cells with a formula whose value is not stored.

    Raises SourceError where a cell stands in it twice, of which openpyxl sees the last alone, and for what is written
    in the strict variant of the format, in which it sees no cell.
    """
    from xml.parsers import expat

    total = 0
    cells: set[str] = set()
    last, is_text = "", False

    def valued(_: str) -> None:
        formulas.discard(last)
        parser.CharacterDataHandler = None

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal total, last, is_text
        tag = name.rpartition(":")[2]
        if tag in ("mergeCell", "hyperlink"):
            total += _size(attributes.get("ref", ""))
        elif tag == "sheet" and "sheetId" in attributes:
            named.append(attributes.get("name", ""))
        elif tag == "c" and "r" in attributes:
            cell = _CELL.sub(r"\1\2", attributes["r"].upper())
            if cell in cells:
                raise SourceError(path, f"the cell {cell} stands in one sheet twice")
            cells.add(cell)
            last, is_text = cell, attributes.get("t") == "str"
        elif tag == "f" and last:
            formulas.add(last)
        elif tag == "v" and last in formulas:
            if is_text:
                valued("")  # which may be an empty text
            else:
                parser.CharacterDataHandler = valued
        elif tag in ("workbook", "worksheet") and _STRICT in attributes.values():
            raise SourceError(path, "'Strict Open XML' can't be read: save it as an ordinary Excel workbook (.xlsx)")

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        pass  # what openpyxl makes of it is told
    return total


def _size(area: str) -> int:
    """How many cells an area ("A1:B2") holds; 0 for what is none."""
    found = _AREA.fullmatch(area.upper())
    if found is None:
        return 0
    columns = _column(found[3]) - _column(found[1]) + 1
    rows = int(found[4][-_DIGITS:]) - int(found[2][-_DIGITS:]) + 1
    return max(0, columns) * max(0, rows)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _xlsx_rows(path: str, sheet: Any) -> list[list[str]]:
    """The rows up to the last text; only cells that exist are visited, since a sheet may claim millions."""
    rows: list[list[str]] = []
    count = 0
    for (row, column), cell in sorted(sheet._cells.items()):
        text = _cell(cell.value)
        if not text:
            continue
        if row > _LAST_ROW or column > _LAST_COLUMN:
            raise SourceError(path, f"not a readable Excel workbook: it has a cell in row {row}, column {column}")
        rows += ([] for _ in range(row - len(rows)))
        last = rows[-1]
        count += column - len(last)
        if count > _MOST_CELLS:
            raise SourceError(path, f"sheet {sheet.title} has more than {_MOST_CELLS:,} cells")
        last += [""] * (column - 1 - len(last)) + [text]
    return rows


def _cell(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, list):
        value = _unstruck(value)
    if isinstance(value, str):
        text = _HEX.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
        return text.replace("\r\n", "\n")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _unstruck(runs: list[Any]) -> str:
    """The text of a cell that is made of runs, without those that are struck out, where other words are left."""
    kept = "".join(str(run) for run in runs if not (hasattr(run, "font") and run.font.strike))
    return kept if any(map(str.isalpha, kept)) else "".join(map(str, runs))


def _ods_sheets(path: str, data: bytes) -> list[Sheet]:
    import zipfile

    from . import xmltext

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as stream:
            content = stream.read(MAX_MEMBER + 1).decode("utf-8")
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, RuntimeError) as error:
        raise SourceError(path, f"not a readable OpenDocument spreadsheet: {error}") from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise SourceError(path, f"not a readable OpenDocument spreadsheet: {error}") from None
        raise
    try:
        root = xmltext.load(Source(path, content))
    except SourceError as error:
        # A line of the packed XML says nothing to anybody.
        raise SourceError(path, f"not a readable OpenDocument spreadsheet: {error.reason}") from None
    if "line-through-style" in content:
        _drop_struck(root)
    sheets: dict[str, Sheet] = {}
    numbers = count(2)
    for table in _inside(root, "table:table"):
        name = new = table.attributes.get("table:name", "Sheet")
        while new in sheets:  # else one would hide the other
            new = f"{name} ({next(numbers)})"
        sheets[new] = new, *_ods_sheet(path, table)
    return list(sheets.values())


def _drop_struck(root: Any) -> None:
    """Take out of the cells the words that are struck out, where others are left."""
    struck = {
        style.attributes.get("style:name")
        for style in _inside(root, "style:style")
        for look in _inside(style, "style:text-properties")
        if look.attributes.get("style:text-line-through-style", "none") != "none"
    }
    for paragraph in _inside(root, "text:p"):
        spans = [one for one in _inside(paragraph, "text:span") if one.attributes.get("text:style-name") in struck]
        taken = [one.children for one in spans]
        for one in spans:
            one.children = []
        if spans and not any(map(str.isalpha, _ods_paragraph(paragraph))):
            for one, children in zip(spans, taken, strict=True):
                one.children = children


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Elements of a name anywhere below, outermost ones only."""
    for _, child in element.elements():
        if child.tag == tag:
            yield child
        else:
            yield from _inside(child, tag)


def number_in(attributes: dict[str, str], name: str, most: int) -> int:
    """A positive number in an attribute, ``most`` at most; what is damaged counts as one."""
    written = attributes.get(name, "1")
    return max(1, min(int(written), most)) if written.isdecimal() and len(written) < 10 else 1


def _ods_sheet(path: str, table: Any) -> tuple[list[list[str]], list[Merged]]:
    """The rows of a sheet and its merged areas. A row that is written once for several is read as the first of them."""
    rows: list[list[str]] = []
    merged: list[Merged] = []
    empty = 0  # rows that count only if one with text follows; a sheet ends with a million of them
    cells_so_far = 0
    for row in _inside(table, "table:table-row"):
        cells = _ods_row(row, len(rows) + empty, merged)
        times = number_in(row.attributes, "table:number-rows-repeated", 1 << 20)
        if not cells:
            empty += times
            continue
        cells_so_far += empty + len(cells)
        if cells_so_far > _MOST_CELLS:
            raise SourceError(path, f"a sheet has more than {_MOST_CELLS:,} cells")
        rows += ([] for _ in range(empty))
        rows.append(cells)
        empty = times - 1
    return rows, merged


def _ods_row(row: Any, number: int, merged: list[Merged]) -> list[str]:
    """The texts of a row up to the last one; notes merged areas that begin in it."""
    cells: list[str] = []
    empty = 0
    for _, cell in row.elements():
        if cell.tag not in ODS_CELLS:
            continue
        across = number_in(cell.attributes, "table:number-columns-spanned", 1 << 14)
        down = number_in(cell.attributes, "table:number-rows-spanned", 1 << 20)
        if across > 1 or down > 1:
            merged.append(Merged(number, len(cells) + empty, down, across))
        text = _ods_text(cell)
        times = number_in(cell.attributes, "table:number-columns-repeated", 1 << 14)
        if not text:
            empty += times
            continue
        cells += [""] * empty + [text] * min(times, _MOST_ALIKE)
        empty = max(0, times - _MOST_ALIKE)
    return cells


def _ods_text(cell: Any) -> str:
    """The paragraphs of a cell, also those in a list or in a table inside it; without any, its value.

    A formula whose value is not stored stands for it, without the name of its language before the ``=``.
    """
    paragraphs = [_ods_paragraph(part) for part in _ods_paragraphs(cell)]
    if paragraphs:
        return "\n".join(paragraphs)
    if "office:value-type" in cell.attributes:
        return str(cell.attributes.get("office:string-value", ""))
    formula = str(cell.attributes.get("table:formula", ""))
    return str(cell.attributes.get("office:string-value", "")) or formula[formula.find("=") :]


def _ods_paragraphs(element: Any) -> Iterator[Any]:
    for _, part in element.elements():
        if part.tag in ("text:p", "text:h"):
            yield part
        elif part.tag.startswith(("text:", "table:")):  # no notes and no drawings
            yield from _ods_paragraphs(part)


def _ods_paragraph(element: Any) -> str:
    pieces: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            pieces.append(child)
        elif child.tag == "text:s":
            pieces.append(" " * number_in(child.attributes, "text:c", 1000))
        elif child.tag == "text:tab":
            pieces.append("\t")
        elif child.tag == "text:line-break":
            pieces.append("\n")
        elif child.tag != "office:annotation":
            pieces.append(_ods_paragraph(child))
    return "".join(pieces)
