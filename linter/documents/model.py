"""What every format is read into: values as plain Python, and the places of those values in the file.

Values are made at once, places only when somebody asks for the first one, since most files have no findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, count
from typing import Any, NamedTuple, Protocol

from ..accents import without_accents
from ..source import Source, SourceError, Span, Text

Path = tuple[str | int, ...]
"""The way from a document's root to a value: mapping keys and list indices (row and column in a table)."""

MAX_DEPTH = 200
"""Values nested deeper than this are refused, so that readers may recurse."""


class Gap(NamedTuple):
    """Entries of a file's list that are left out of it here: ``length`` of them after the first ``at``."""

    at: int = 0
    length: int = 0


_WHOLE = Gap()


class Several(list[Any]):
    """The values of a file that holds more than one: YAML documents, JSON lines, gettext entries."""

    gap = _WHOLE


class Listed(list[Any]):
    """A list of a JSON file of which some entries are left out."""

    gap = _WHOLE


def numbered(entries: list[Any]) -> Iterator[tuple[int, Any]]:
    """The entries of a list with their numbers in the file, which has some more where there is a gap."""
    at, length = getattr(entries, "gap", _WHOLE)
    return zip(chain(range(at), count(at + length)), entries, strict=False)


class Merged(NamedTuple):
    """A merged area of a spreadsheet; only its first cell has a value."""

    row: int
    column: int
    rows: int
    columns: int


class Table:
    """Rows of strings as they stand in the file, the first row included; rows may differ in length.

    Those of a part of a file may have a ``gap``. ``misquoted`` is where quotation marks are first seen not to match,
    -1 where they do. ``columns`` is for readers to keep what they made of the header.
    """

    __slots__ = ("_header", "columns", "delimiter", "gap", "merged", "misquoted", "rows")

    def __init__(
        self, rows: list[list[str]], delimiter: str = "", merged: Sequence[Merged] = (), gap: Gap = _WHOLE
    ) -> None:
        self.rows = rows
        self.delimiter = delimiter
        self.merged = tuple(merged)
        self.gap = gap
        self.misquoted = -1
        self.columns: dict[str, int] | None = None
        self._header: list[str] | None = None

    @property
    def header(self) -> list[str]:
        """Names in row 0 in lower case and without accents; whether it is a header the reader must say."""
        if self._header is None:
            self._header = [simple_name(cell) for cell in self.rows[0]] if self.rows else []
        return self._header

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """The rows with their numbers in the file."""
        return zip(chain(range(self.gap.at), count(sum(self.gap))), self.rows, strict=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.rows == other.rows

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Table({self.rows!r})"


def simple_name(name: str) -> str:
    """A column name made comparable: ``" Réponse "`` is ``"reponse"``."""
    return without_accents(name.strip().lower(), "NFKD")


class Places(Protocol):
    """Where the values of one document stand. Methods raise LookupError for a path that leads nowhere."""

    def text(self, path: Path) -> Text: ...

    def span(self, path: Path) -> Span: ...

    def key_span(self, path: Path) -> Span: ...

    def duplicates(self) -> list[Span]: ...


class Document:
    """One file, or one member of an archive, read into plain values.

    ``kind`` is json, jsonl, yaml, csv, xml, xlsx, ods, po, lg, markdown or text; ``encoding`` is how the
    bytes were decoded. ``repeats``: a YAML text, or a document inside a string, has a key twice in one mapping.
    ``inside`` are the documents inside its strings of which that was seen. A member of an archive that
    can't be read has kind "unreadable" and its ``error``.
    """

    __slots__ = ("_locate", "_places", "encoding", "error", "inside", "kind", "repeats", "source", "value")

    def __init__(
        self,
        kind: str,
        source: Source,
        value: Any,
        locate: Callable[[], Places],
        encoding: str = "utf-8",
        error: SourceError | None = None,
    ) -> None:
        self.kind = kind
        self.source = source
        self.value = value
        self.encoding = encoding
        self.error = error
        self.repeats = False
        self.inside: tuple[Document, ...] = ()
        self._locate = locate
        self._places: Places | None = None

    @property
    def path(self) -> str:
        """The path of the file; a member of an archive is ``archive.zip!inner/name``."""
        return self.source.path

    @property
    def places(self) -> Places:
        if self._places is None:
            self._places = self._locate()
        return self._places

    def text(self, path: Path) -> Text:
        """The string at ``path`` with its places; of a number, true, false or null its own characters.

        Raises LookupError when ``path`` leads nowhere or to a mapping or list.
        """
        return self.places.text(path)

    def span(self, path: Path) -> Span:
        """Where the value at ``path`` stands as a whole, quotes and brackets included.

        What a file leaves out stands in the innermost thing around it that is there.
        """
        for length in range(len(path), 0, -1):
            try:
                return self.places.span(path[:length])
            except LookupError:
                pass
        return self.places.span(())

    def key_span(self, path: Path) -> Span:
        """Where the key that leads to ``path`` stands; a list item, which has none, gives its own span."""
        return self.places.key_span(path)

    @property
    def duplicates(self) -> list[Span]:
        """Keys that a later key of the same mapping overrides."""
        return self.places.duplicates()

    def holds(self, inner: Document) -> Document:
        """Take note of a document inside one of the strings, which has a key twice."""
        inner.repeats = True
        self.inside += (inner,)
        return inner

    def __repr__(self) -> str:
        return f"Document({self.kind}, {self.source.path!r})"


class Whole:
    """Places of a file that is one text."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def text(self, path: Path) -> Text:
        if path:
            raise LookupError(path)
        return Text(self._source.text, self._source, 0)

    def span(self, path: Path) -> Span:
        if path:
            raise LookupError(path)
        return Span(0, len(self._source.text))

    key_span = span

    def duplicates(self) -> list[Span]:
        return []


_CONTAINERS = frozenset([dict, list])


def unescaped(
    source: Source, stretches: Iterable[tuple[int, int]], escape: re.Pattern[str], read: Callable[[re.Match[str]], str]
) -> Text:
    """Some stretches of a source as one text, in which each ``escape`` is what it is ``read`` as."""
    values: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    end = 0
    for at, end in stretches:
        for found in escape.finditer(source.text, at, end):
            character = read(found)
            values += (source.text[at : found.start()], character)
            offsets += (*range(at, found.start()), *[found.start()] * len(character))
            ends += (*range(at + 1, found.start() + 1), *[found.end()] * len(character))
            at = found.end()
        values.append(source.text[at:end])
        offsets += range(at, end)
        ends += range(at + 1, end + 1)
    return Text("".join(values), source, [*offsets, end], ends)


class TooDeep(SourceError):
    """A value nested deeper than MAX_DEPTH: no mistake in its writing, so it is not to be taken for another thing."""


def check_depth(value: Any, source: Source) -> None:
    """Raise SourceError for a value nested deeper than MAX_DEPTH."""
    level = [value]
    for _ in range(MAX_DEPTH):
        items = chain.from_iterable(each.values() if type(each) is dict else each for each in level)
        level = [item for item in items if type(item) in _CONTAINERS]
        if not level:
            return
    raise too_deep(source)


def too_deep(source: Source) -> TooDeep:
    return TooDeep(source.path, f"nested more than {MAX_DEPTH} levels deep", source.position(0))
