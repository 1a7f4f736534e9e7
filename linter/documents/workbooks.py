"""One cell of an Excel workbook written anew; every other member of the file keeps its bytes as they are compressed.

Facts: ECMA-376 part 1 (18.3.1.4 c, 18.4.8 si), APPNOTE.TXT of PKWARE (4.3 and 4.4).
"""

from __future__ import annotations

import copy
import io
import re
import struct
import zipfile
import zlib
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ..source import SourceError

_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WIDE = 0xFFFFFFFF  # stands where the real number is in a ZIP64 field
_DESCRIPTOR = 0x08  # the flag of sizes that stand behind the data


def with_cell(path: str, data: bytes, sheet: str, cell: str, value: str) -> bytes:
    """The workbook with one text cell replaced. Raises SourceError where that can't be done without touching more."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part_of(path, archive, sheet)
        xml = archive.read(part).decode("utf-8")
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
    kept = re.sub(r'\s*\bt="[^"]*"', "", attributes)
    text = escape(value, {"\r": "&#13;"})
    inner = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    new = f'<{prefix}c{kept} t="inlineStr">{inner}</{prefix}c>'
    return _with_member(path, data, part, (xml[: found.start()] + new + xml[found.end() :]).encode("utf-8"))


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


def _with_member(path: str, data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member replaced, all others copied byte by byte."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        begin = archive.start_dir
    if any(_WIDE in (info.file_size, info.compress_size, info.header_offset) for info in infos):
        raise SourceError(path, "this workbook is a ZIP64 archive")
    body = bytearray(data[: infos[0].header_offset])
    moved: dict[int, tuple[int, zipfile.ZipInfo]] = {}
    for number, info in enumerate(infos):
        end = infos[number + 1].header_offset if number + 1 < len(infos) else begin
        now = info
        piece = data[info.header_offset : end]
        if info.filename == name:
            now, piece = _packed(info, content)
        moved[info.header_offset] = (len(body), now)
        body += piece
    directory = _directory(data, begin, moved)
    tail = bytearray(data[data.rindex(b"PK\5\6") :])
    struct.pack_into("<LL", tail, 12, len(directory), len(body))
    return bytes(body + directory + tail)


def _packed(info: zipfile.ZipInfo, content: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    now = copy.copy(info)
    packed = content
    if info.compress_type == zipfile.ZIP_DEFLATED:
        squeeze = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
        packed = squeeze.compress(content) + squeeze.flush()
    else:
        now.compress_type = zipfile.ZIP_STORED
    now.flag_bits &= ~_DESCRIPTOR
    now.CRC, now.file_size, now.compress_size = zlib.crc32(content), len(content), len(packed)
    return now, now.FileHeader(zip64=False) + packed


def _directory(data: bytes, begin: int, moved: dict[int, tuple[int, zipfile.ZipInfo]]) -> bytearray:
    """The central directory with the new places and sizes."""
    directory = bytearray()
    at = begin
    while data[at : at + 4] == b"PK\1\2":
        fields = list(_CENTRAL.unpack_from(data, at))
        length = _CENTRAL.size + fields[12] + fields[13] + fields[14]
        where, info = moved[fields[18]]
        fields[5], fields[6] = info.flag_bits, info.compress_type
        fields[9], fields[10], fields[11], fields[18] = info.CRC, info.compress_size, info.file_size, where
        directory += _CENTRAL.pack(*fields) + data[at + _CENTRAL.size : at + length]
        at += length
    return directory
