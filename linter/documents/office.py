"""Documents of word processors: known as such, so that they are told in one line with what to do, and not unpacked."""

from __future__ import annotations

import re

from ..expressions import expression
from ..source import SourceError
from .decoding import BINARY
from .webpages import page

_ADVICE = "save it as plain text (.txt) or Markdown (.md), or its replies as a table (.xlsx, .ods, .csv)"
WORD = f"this is a document of a word processor; {_ADVICE}"
PROTECTED = "this is protected with a password: save it without one"
BINARY_WORKBOOK = "this is a binary Excel workbook; save it as .xlsx or CSV"
FLAT = "this is a spreadsheet written as one XML file; save it as .xlsx, .ods or CSV"
NUMBERS = "this is a spreadsheet of Apple's Numbers; export it as Excel (.xlsx) or CSV"
SLIDES = f"this is a presentation; {_ADVICE}"
_IN_ONE_FILE = expression(
    r"""office:mimetype=["']application/vnd\.oasis\.opendocument\.(text|spreadsheet)|progid=["'](Excel|Word)\.\w"""
    r"""|<(Workbook)\s[^<>]{0,1000}urn:schemas-microsoft-com:office:spreadsheet""",
    re.IGNORECASE,
)
"""What documents of office programs that are one XML file say of themselves."""
_SAID_WITHIN = 4_000  # characters
_LOOKED_AT = 200_000
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")


_MANIFEST, _LOCKED = "META-INF/manifest.xml", b":encryption-data"
_OLE = b"\xd0\xcf\x11\xe0"
"""What files begin with that are a folder of streams: old Office files, and other things of Windows."""


def reason_for(path: str, data: bytes) -> str:
    """Why the bytes of a file are not read: they are a document of an office program, but no spreadsheet; "" if not."""
    if data.startswith(b"{\\rtf"):
        return WORD
    if data.startswith(_OLE):
        return _of_streams(path, data)
    if not data.startswith(b"PK\x03\x04"):
        return ""
    import io
    import zipfile

    from .archives import broken

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            is_locked = _MANIFEST in names and _LOCKED in archive.open(_MANIFEST).read(_LOOKED_AT)
    except broken():
        return ""
    if "xl/workbook.bin" in names:
        return BINARY_WORKBOOK
    if "word/document.xml" in names:
        return WORD
    if "ppt/presentation.xml" in names:
        return SLIDES
    if any(name.endswith(".iwa") for name in names):
        return NUMBERS if path.lower().endswith(".numbers") else SLIDES if path.lower().endswith(".key") else WORD
    # OpenDocument says what it is in its first member, which is not packed; so may one that stands in an archive.
    start = data[:200]
    if "mimetype" not in names or b"mimetypeapplication/vnd.oasis.opendocument." not in start:
        return ""
    if b"opendocument.text" in start:
        return WORD
    return SLIDES if b"opendocument.presentation" in start else PROTECTED if is_locked else ""


def _of_streams(path: str, data: bytes) -> str:
    """The same of an old Office file, by its streams; "" for a workbook, which is told where bytes become text."""
    if _has_stream(data, "EncryptedPackage"):
        return PROTECTED
    if _has_stream(data, "Workbook") or _has_stream(data, "Book") or path.lower().endswith(_SPREADSHEETS):
        return ""
    if _has_stream(data, "WordDocument"):
        return WORD
    return SLIDES if _has_stream(data, "PowerPoint Document") else BINARY


def _has_stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\0\0" in data


def refuse_archive(path: str) -> None:
    """Raise SourceError for an archive without the parts of a spreadsheet whose name says that it is one."""
    if path.lower().endswith(_SPREADSHEETS):
        raise SourceError(path, "this is named as a spreadsheet, but what makes one is not in it: save it anew")


def refuse_text(path: str, text: str) -> None:
    """Raise SourceError for a text whose name says that it is a spreadsheet, and for a document of an office program
    that is written as one XML file.
    """
    if text.startswith("<?xml") and (found := _IN_ONE_FILE.search(text, 0, _SAID_WITHIN)) is not None:
        is_text = (found[1] or found[2] or found[3]).lower() in ("text", "word")
        raise SourceError(path, WORD if is_text else FLAT)
    if not path.lower().endswith(_SPREADSHEETS):
        return
    if not text.strip("\0 \t\r\n"):
        raise SourceError(path, "there is nothing in this file")
    web = page(text)
    named = "this is named as a spreadsheet, but it is"
    if not web:
        raise SourceError(path, f"{named} plain text; save it as .csv, or as a spreadsheet")
    if "<table" not in text[:_LOOKED_AT].lower():
        raise SourceError(path, web)
    raise SourceError(
        path, f"{named} a web page with a table; open it in a spreadsheet program and save it as .xlsx or .csv"
    )
