"""A long file of like records, piece by piece: whole lines, rows of a table, or entries of one JSON list.

A piece is a document of its own: the head of the file, by which a reader tells what it is, then the piece's records,
then what closes the file. Its places are those in the file. Where a file ends a record is guessed at the speed of C
(``Form``), and proved when the piece is read: whatever is not as it was guessed raises Unlike, and the file has to be
read as a whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, Protocol

from ..source import Part, Source, SourceError, Span, Text, wide_in
from . import csvtext, jsontext
from .archives import is_archive
from .conflicts import may_begin
from .decoding import is_plain
from .jsontext import EntryPlaces, JsonPlaces, LinePlaces
from .kinds import hint_of
from .model import Document, Gap, Listed, Path, Places, Several, Table
from .repeats import loses_keys

LONG = 2 << 20
"""Bytes; a shorter file is read as a whole."""
SIZE = 1 << 18
"""Bytes a piece, about."""
_HEAD = 32  # records that a reader has seen before those of a piece; more than it goes by, a title above them or not
_FEWEST = 200  # records of the first piece, more than any reader looks at to tell what it is
_FIRST = 1 << 20  # bytes in which the head has to be, and in which the list must end
_MOST = 16 << 20  # bytes; a longer piece would be as good as the whole
_AROUND = 256  # characters around a place that a report may show


class Unlike(Exception):
    """This file can't be read piece by piece."""


class Piece(NamedTuple):
    """Where a piece is: bytes, characters, line and column, and how many records it has after how many.

    ``wide`` of the characters before it on its line are two units of UTF-16.
    """

    at: int
    size: int
    offset: int
    line: int
    column: int
    wide: int
    first: int
    records: int


class Frame(NamedTuple):
    """What stands around the records of a piece: text before and after, and how many records that text has.

    ``end`` is where the last of these ends.
    """

    before: str
    after: str
    records: int
    end: int


class Form(Protocol):
    """How the records of a format follow each other: they are the entries of what ``path`` leads to."""

    kind: str
    path: Path
    start: int
    stop: int
    opening: Frame
    head: Frame

    def cut(self, block: bytes) -> tuple[int, int]:
        """Where the last record of a block ends that is surely whole, and where the next begins; 0 where none is."""
        ...

    def count(self, block: bytes) -> int:
        """How many records a block of whole ones has."""
        ...

    def values(self, text: str) -> tuple[list[Any], list[int]]:
        """The records of a text of whole ones, and where they begin if that is known. Raises SourceError, Unlike."""
        ...

    def value(self, records: list[Any], gap: Gap) -> Any:
        """The value of a document with these records."""
        ...

    def places(self, source: Source, first: int = 0, starts: list[int] | None = None) -> Places:
        """Places in a document whose records begin at ``starts`` from the number ``first`` on."""
        ...


class Long:
    """A long file that may be read piece by piece."""

    def __init__(self, path: str, file: BinaryIO, size: int, form: Form, encoding: str) -> None:
        self.path = path
        self._file = file
        self.size = size
        self._form = form
        self._encoding = encoding
        head = form.head
        self._head = form.values(head.before[len(form.opening.before) : head.end])[0]
        if len(self._head) != head.records:
            raise Unlike

    def pieces(self) -> Iterator[Piece]:
        """The pieces in their order. Raises Unlike where no record is seen to end for long."""
        form = self._form
        at, offset = form.start, len(form.opening.before)
        line, column, wide = _moved(form.opening.before, 1, 1, 0)
        first, rest = 0, b""
        while at < form.stop:
            block = rest + _read(self._file, at + len(rest), min(SIZE, form.stop - at - len(rest)))
            last = at + len(block) >= form.stop
            end, following = (len(block), len(block)) if last else form.cut(block)
            count = form.count(block[:end]) if end else 0
            if not (last or first) and count < _FEWEST:
                end = 0
            if not end:
                if len(block) > _MOST:
                    raise Unlike
                rest = block
                continue
            text = _decoded(block[:following])
            if count:
                yield Piece(at, end, offset, line, column, wide, first, count)
            elif block[:end].strip():
                raise Unlike  # a quotation mark that is not closed takes in all that follows
            at, first, rest = at + following, first + count, block[following:]
            offset += len(text)
            line, column, wide = _moved(text, line, column, wide)

    def document(self, piece: Piece) -> Document:
        """A piece as a document. Raises Unlike where it isn't what it was guessed to be."""
        form = self._form
        text = _decoded(_read(self._file, piece.at, piece.size))
        frame, known = (form.head, self._head) if piece.first else (form.opening, [])
        try:
            records, starts = form.values(text)
        except SourceError:
            raise Unlike from None
        if len(records) != piece.records or (form.kind != "csv" and loses_keys(text, records)):
            raise Unlike  # where a key stands twice is told of the whole
        at = len(frame.before)
        before = after = ""
        if piece.column > 1:
            before, after = self._beside(piece)
        part = Part(at, at + len(text), piece.offset, piece.line, piece.column, piece.wide, before, after)
        source = Source(self.path, frame.before + text + frame.after, part=part)
        gap = Gap(frame.records, piece.first - frame.records)
        value = form.value(known + records, gap)

        def locate() -> Places:
            return _Numbered(form.places(source, frame.records, [at + start for start in starts]), form.path, gap)

        return Document(form.kind, source, value, locate, self._encoding)

    def head(self) -> Document:
        """The head alone, as each piece but the first has it."""
        form = self._form
        source = Source(self.path, form.head.before[: form.head.end] + form.head.after)
        value = form.value(self._head, Gap())
        return Document(form.kind, source, value, lambda: form.places(source), self._encoding)

    def number(self, path: Path) -> int:
        """The number of the record that a path leads into, -1 where it leads into none."""
        to_list = self._form.path
        depth = len(to_list)
        step = path[depth] if len(path) > depth and path[:depth] == to_list else -1
        return step if isinstance(step, int) else -1

    def state(self) -> tuple[int, int]:
        """What tells that the file was changed: how large it is and when it was written."""
        if isinstance(self._file, BytesIO):
            return self.size, 0
        status = os.fstat(self._file.fileno())
        return status.st_size, status.st_mtime_ns

    def _beside(self, piece: Piece) -> tuple[str, str]:
        """What stands beside a piece on its first and its last line."""
        start, end = max(0, piece.at - 4 * _AROUND), piece.at + piece.size
        before = _read(self._file, start, piece.at - start).decode("utf-8", "ignore")
        after = _read(self._file, end, min(4 * _AROUND, self.size - end)).decode("utf-8", "ignore")
        return _last_line(before)[-_AROUND:], _first_line(after)[:_AROUND]


class _Numbered:
    """Places of a document with a gap, by the numbers that records have in the file."""

    def __init__(self, inner: Places, to_list: Path, gap: Gap) -> None:
        self._inner = inner
        self._list = to_list
        self._gap = gap

    def _here(self, path: Path) -> Path:
        depth, (at, length) = len(self._list), self._gap
        step = path[depth] if len(path) > depth and path[:depth] == self._list else 0
        if not isinstance(step, int) or step < at:
            return path
        if step < at + length:
            raise LookupError(path)
        return (*path[:depth], step - length, *path[depth + 1 :])

    def text(self, path: Path) -> Text:
        return self._inner.text(self._here(path))

    def span(self, path: Path) -> Span:
        return self._inner.span(self._here(path))

    def key_span(self, path: Path) -> Span:
        return self._inner.key_span(self._here(path))

    def duplicates(self) -> list[Span]:
        return self._inner.duplicates()


def excerpt(source: Source, span: Span) -> tuple[Source, Span]:
    """A source with no more of a piece's text than reports show around a place, and the place in it.

    Raises Unlike for a place that is none of the piece.
    """
    part = source.part
    assert part is not None
    if not part.at <= span.start <= span.end <= part.end:
        raise Unlike
    start, end = max(part.at, span.start - _AROUND), min(part.end, span.end + _AROUND)
    before = part.before[len(part.before) - max(0, part.at - span.start + _AROUND) :] if start == part.at else ""
    after = part.after[: max(0, span.end + _AROUND - part.end)] if end == part.end else ""
    place = source.position(start)
    wide = part.wide if place.line == part.line else 0
    wide += wide_in(source.text[max(part.at, start - (place.column - 1)) : start]) - wide_in(before)
    text = before + source.text[start:end] + after
    offset = part.offset + start - part.at - len(before)
    own = Part(0, len(text), offset, place.line, place.column - len(before), wide)
    shift = len(before) - start
    return Source(source.path, text, part=own), Span(span.start + shift, span.end + shift)


def may_be_long(path: str, size: int) -> bool:
    """Whether a file is one of those that may be read piece by piece, by its name and size."""
    return size >= LONG and hint_of(path) in _FORMS


def opened(path: str, file: BinaryIO) -> Long | None:
    """A file as one to be read piece by piece; None for one that is to be read as a whole."""
    size = file.seek(0, os.SEEK_END)
    if not may_be_long(path, size):
        return None
    form = _FORMS[hint_of(path)]
    first = _read(file, 0, min(size, _FIRST))
    if is_archive(first) or not is_plain(first):
        return None
    mark = len(_MARK) if first.startswith(_MARK) else 0
    try:
        text = _decoded(first[mark : _boundary(first)])
        made = form(path, text, file, mark, size)
        return Long(path, file, size, made, "utf-8-sig" if mark else "utf-8")
    except (Unlike, SourceError, IndexError):
        return None


_MARK = b"\xef\xbb\xbf"


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    """Bytes of a file that several processes may read. Raises Unlike where there are fewer than there were."""
    parts: list[bytes] = []
    while size > 0:
        if isinstance(file, BytesIO) or not hasattr(os, "pread"):
            file.seek(at)
            part = file.read(size)
        else:
            part = os.pread(file.fileno(), size, at)
        if not part:
            raise Unlike
        parts.append(part)
        at, size = at + len(part), size - len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unlike from None
    if "\0" in text:
        raise Unlike
    return text


def _boundary(data: bytes) -> int:
    """Where the last whole character ends."""
    end = len(data)
    while end > len(data) - 4 and end > 0 and data[end - 1] & 0xC0 == 0x80:
        end -= 1
    return end - 1 if end > 0 and data[end - 1] >= 0xC0 else len(data)


def _moved(text: str, line: int, column: int, wide: int) -> tuple[int, int, int]:
    """Line and column after a text that begins at a line and column, and the wide characters before on that line."""
    lines = text.count("\n")
    if "\r" in text:
        lines += text.count("\r") - text.count("\r\n")
    if not lines:
        return line, column + len(text), wide + wide_in(text)
    rest = _last_line(text)
    return line + lines, len(rest) + 1, wide_in(rest)


def _last_line(text: str) -> str:
    return text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]


def _first_line(text: str) -> str:
    return text.partition("\n")[0].partition("\r")[0]


class _Lines:
    """JSON Lines."""

    kind = "jsonl"
    path: Path = ()

    def __init__(self, path: str, text: str, file: BinaryIO, mark: int, size: int) -> None:
        self._name = path
        self.start, self.stop = mark, size
        self.opening = Frame("", "", 0, 0)
        end = -1
        records = 0
        while records < _HEAD:
            start, end = end + 1, text.find("\n", end + 1)
            if end < 0:
                raise Unlike
            records += not _is_blank(text[start:end])
        self.head = Frame(text[: end + 1], "", records, end + 1)

    def cut(self, block: bytes) -> tuple[int, int]:
        end = block.rfind(b"\n") + 1
        return end, end

    def count(self, block: bytes) -> int:
        return sum(not _is_blank(line) for line in block.split(b"\n"))

    def values(self, text: str) -> tuple[list[Any], list[int]]:
        return jsontext.lines(Source(self._name, text))

    def value(self, records: list[Any], gap: Gap) -> Any:
        values = Several(records)
        values.gap = gap
        return values

    def places(self, source: Source, first: int = 0, starts: list[int] | None = None) -> Places:
        return EntryPlaces(source, self.path, first, starts, LinePlaces) if starts else LinePlaces(source)


def _is_blank(line: str | bytes) -> bool:
    return not line or line.isspace()


class _Rows:
    """A delimited text, whose cells may go over several lines."""

    kind = "csv"
    path: Path = ()

    def __init__(self, path: str, text: str, file: BinaryIO, mark: int, size: int) -> None:
        if text.lstrip()[:1] in ("{", "["):
            raise Unlike
        self._name = path
        self.start, self.stop = mark, size
        self._delimiter = csvtext.sniff(text, csvtext.hinted(path))
        self._body = csvtext.body_start(text)[0]
        self.opening = Frame(text[: self._body], "", 0, self._body)
        self.start += len(self.opening.before.encode())
        starts = csvtext.CsvPlaces(Source(path, text), self._delimiter, self._body, 4 * _HEAD).starts
        filled = [number for number, start in enumerate(starts) if text[start] not in "\r\n"]
        records = filled[_HEAD]
        self.head = Frame(text[: starts[records]], "", records, starts[records])

    def cut(self, block: bytes) -> tuple[int, int]:
        end = block.rfind(b"\n")
        quotes = block.count(b'"', 0, max(end, 0))
        while end >= 0 and quotes % 2:
            before = block.rfind(b"\n", 0, end)
            quotes -= block.count(b'"', max(before, 0), end)
            end = before
        return end + 1, end + 1

    def count(self, block: bytes) -> int:
        rows = sum(part.count(b"\n") for part in block.split(b'"')[::2])
        return rows if block.endswith(b"\n") else rows + 1

    def values(self, text: str) -> tuple[list[Any], list[int]]:
        found = csvtext.whole_rows(Source(self._name, text), self._delimiter)
        if found is None or may_begin(text):
            raise Unlike
        return found, []

    def value(self, records: list[Any], gap: Gap) -> Any:
        return Table(records, self._delimiter, gap=gap)

    def places(self, source: Source, first: int = 0, starts: list[int] | None = None) -> Places:
        return csvtext.CsvPlaces(source, self._delimiter, self._body)


class _Entries:
    """JSON with one long list of objects, at its root or in an object at its root."""

    kind = "json"

    def __init__(self, path: str, text: str, file: BinaryIO, mark: int, size: int) -> None:
        self._name = path
        found = jsontext.long_list(text, _HEAD)
        if found is None:
            raise Unlike
        ends = found.ends
        self._key = found.key
        self.path: Path = () if found.key is None else (found.key,)
        opening = text[: found.starts[0]]
        # What stands between two entries, and how each begins: by this the entries are told apart.
        self._between = text[ends[0] : found.starts[1]].encode()
        self._begins = text[found.starts[1] : found.first_key_end].encode()
        self._sign = b"}" + self._between + self._begins
        self.start = mark + len(opening.encode())
        tail = self._tail(file, size)
        self.opening = Frame(opening, tail, 0, len(opening))
        self.head = Frame(text[: found.starts[_HEAD]], tail, _HEAD, ends[_HEAD - 1])
        frame = jsontext.frame(Source(path, opening + tail), found.key)
        if frame is None:
            raise Unlike
        self._frame = frame

    def _tail(self, file: BinaryIO, size: int) -> str:
        """What closes the list and comes after it."""
        start = max(self.start, size - _FIRST)
        data = _read(file, start, size - start)
        sign = data.rfind(self._sign)
        at = sign + 1 + len(self._between)
        if sign < 0:
            raise Unlike
        text = _decoded(data[at:])
        end = jsontext.list_end(text)
        if end < 0:
            raise Unlike
        self.stop = start + at + len(text[:end].encode())
        return text[end:]

    def cut(self, block: bytes) -> tuple[int, int]:
        at = block.rfind(self._sign)
        return (at + 1, at + 1 + len(self._between)) if at >= 0 else (0, 0)

    def count(self, block: bytes) -> int:
        return block.count(self._sign) + 1

    def values(self, text: str) -> tuple[list[Any], list[int]]:
        return jsontext.entries(Source(self._name, text))

    def value(self, records: list[Any], gap: Gap) -> Any:
        entries = Listed(records)
        entries.gap = gap
        return entries if self._key is None else {**self._frame, self._key: entries}

    def places(self, source: Source, first: int = 0, starts: list[int] | None = None) -> Places:
        return EntryPlaces(source, self.path, first, starts, JsonPlaces) if starts else JsonPlaces(source)


_FORMS: dict[str, Callable[[str, str, BinaryIO, int, int], Form]] = {
    "jsonl": _Lines,
    "csv": _Rows,
    "json": _Entries,
}
