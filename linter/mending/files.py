"""The kinds of files in which findings are mended: text files, archives and spreadsheets, and how each is written."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Iterator, Sequence

from ..documents import Document, odscells, workbooks
from ..documents.archives import is_archive
from ..documents.decoding import decode, marks
from ..documents.repacking import with_member
from ..documents.spreadsheets import column_name
from ..policy.model import Policy
from ..source import SourceError
from .edits import INSIDE, Mended
from .jobs import Job
from .result import Result

_CODECS = {"utf-8-sig": "utf-8"}
_BY_MARK = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


class _Encoding:
    """How the bytes of a text file come from its characters: its encoding and its mark stay."""

    def __init__(self, path: str, before: bytes) -> None:
        self.text, encoding = decode(path, before)
        self._mark = marks(before)
        by_mark = (codec for mark, codec in _BY_MARK.items() if self._mark.startswith(mark))
        self._codec = next(by_mark, None) or _CODECS.get(encoding, encoding)
        try:
            exact = self.encoded(self.text) == before
        except (LookupError, UnicodeError):
            exact = False
        if not exact:
            raise SourceError(path, "its bytes can't be kept as they are in this encoding")

    def encoded(self, text: str) -> bytes:
        return self._mark + text.encode(self._codec)


class TextFile(Mended):
    """A text file: characters are replaced, all else stays."""

    def __init__(self, path: str, before: bytes, policy: Policy, roots: Sequence[str], result: Result) -> None:
        super().__init__(path, before, policy, roots, result)
        self._encoding = _Encoding(path, before)

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        return ((self.path, self._encoding.text, decode(self.path, self.now)[0]),)

    def _bytes(self, document: Document, text: str) -> bytes:
        return self._encoding.encoded(text)


class Archive(Mended):
    """A zip archive: texts in its members are replaced, every other member stays byte by byte."""

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        after = {document.source.path: document.source.text for document in self._judge.read(self.now)}
        return tuple(
            (document.source.path, document.source.text, after[document.source.path])
            for document in self._judge.read(self.before)
            if document.source.text != after.get(document.source.path, document.source.text)
        )

    def _bytes(self, document: Document, text: str) -> bytes:
        names = document.source.members
        if len(names) > 1 or document.source.cells or is_archive(self.now) != "zip":
            what = "in an archive other than .zip" if len(names) == 1 else "in a file that is packed twice"
            raise SourceError(self.path, f"a text {what} is not mended: mend it where the archive is made")
        with zipfile.ZipFile(io.BytesIO(self.now)) as archive:
            before = archive.read(names[0])
        return with_member(self.path, self.now, names[0], _Encoding(document.source.path, before).encoded(text))


class Workbook(Mended):
    """A spreadsheet: a cell is replaced, all other members stay byte by byte."""

    _several = False

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        before, after = self._judge.read(self.before), self._judge.read(self.now)
        return ((self.path, before[0].source.text, after[0].source.text),)

    def _bytes(self, document: Document, text: str) -> bytes:
        raise SourceError(self.path, INSIDE)

    def _written(self, document: Document, job: Job, expected: str) -> Iterator[bytes]:
        sheet, row, column = job.message.path
        if document.kind == "xlsx":
            cell = f"{column_name(int(column))}{int(row) + 1}"
            yield workbooks.with_cell(self.path, self.now, str(sheet), cell, expected)
        else:
            yield odscells.with_cell(self.path, self.now, str(sheet), int(row), int(column), expected)
