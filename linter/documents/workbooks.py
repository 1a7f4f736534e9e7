"""One cell of an Excel workbook written anew; every other member of the file keeps its bytes as they are compressed.

Facts: ECMA-376 part 1 (18.3.1.4 c, 18.4.8 si).
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ..source import SourceError, wide_in
from .repacking import with_member

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SIGNATURES = "_xmlsignatures/"
_LONGEST = 32_767  # UTF-16 units of a cell, beyond which Excel calls the workbook damaged


def with_cell(path: str, data: bytes, sheet: str, cell: str, value: str) -> bytes:
    """The workbook with one text cell replaced. Raises SourceError where that can't be done without touching more."""
    if len(value) + wide_in(value) > _LONGEST:
        raise SourceError(path, f"the cell {sheet}!{cell} would be longer than Excel takes")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(name.startswith(_SIGNATURES) for name in archive.namelist()):
            raise SourceError(path, "the spreadsheet is signed: a change would break the signature")
        part = _part_of(path, archive, sheet)
        try:
            xml = archive.read(part).decode("utf-8")
        except UnicodeDecodeError:
            raise SourceError(path, "its bytes can't be kept as they are in this encoding") from None
        found = re.search(
            rf'<((?:\w+:)?)c\b(?=[^>]*\br="{re.escape(cell)}")([^>]*?)(?:/>|>((?:(?!</\1c>).)*)</\1c>)', xml, re.DOTALL
        )
        if found is None:
            raise SourceError(path, f"the cell {sheet}!{cell} is not written out in the file")
        prefix, attributes, inside = found[1], found[2], found[3] or ""
        if re.search(r"<(?:\w+:)?f\b", inside):
            raise SourceError(path, f"the cell {sheet}!{cell} holds a formula")
        if _is_formatted(archive, attributes, inside):
            raise SourceError(path, f"the text in {sheet}!{cell} is formatted in pieces")
    kept = re.sub(r'\s?\bt="[^"]*"', "", attributes)
    text = escape(value, {"\r": "&#13;"})
    inner = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    new = f'<{prefix}c{kept} t="inlineStr">{inner}</{prefix}c>'
    return with_member(path, data, part, (xml[: found.start()] + new + xml[found.end() :]).encode("utf-8"))


def _part_of(path: str, archive: zipfile.ZipFile, sheet: str) -> str:
    """The member that holds a sheet."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        raise SourceError(path, "this workbook is not put together in the usual way") from None
    wanted = next((e.get(_RELATION) for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet), None)
    target = next((e.get("Target") or "" for e in relations if e.get("Id") == wanted), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if part not in archive.namelist():
        raise SourceError(path, f"the sheet {sheet} is not where the workbook says")
    return part


def _is_formatted(archive: zipfile.ZipFile, attributes: str, inside: str) -> bool:
    """Whether the text is made of runs, each with a font of its own."""
    if re.search(r"<(?:\w+:)?r\b", inside):
        return True
    number = re.search(r"<(?:\w+:)?v>(\d+)</", inside)
    if 't="s"' not in attributes or number is None or "xl/sharedStrings.xml" not in archive.namelist():
        return False
    shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    items = [element for element in shared if element.tag.endswith("}si")]
    at = int(number[1])
    return at < len(items) and any(child.tag.endswith("}r") for child in items[at])
