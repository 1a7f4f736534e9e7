"""A document inside a string of another: JSON in a JSON string, front matter in Markdown."""

from __future__ import annotations

from ..source import Position, Source, SourceError, Span, Text
from .kinds import READERS
from .model import Document, Path
from .repeats import has_repeats


def embedded(document: Document, path: Path, start: int = 0, end: int | None = None, kind: str = "json") -> Document:
    """Read the string at ``path``, or a slice of it, as a document with places in the outer file.

    Raises SourceError, with the place in the outer file, when it is not valid, and LookupError when there is
    no string at ``path``.
    """
    outer = document.text(path)
    text = outer.value[start:end]
    source = Source(document.source.path, text)
    try:
        inner = READERS[kind](source)
    except SourceError as error:
        raise type(error)(error.path, error.reason, _outer_position(error, source, outer, start)) from None
    found = Document(
        inner.kind,
        document.source,
        inner.value,
        lambda: _MappedPlaces(inner, outer, start),
        document.encoding,
    )
    return document.holds(found) if isinstance(document, Document) and has_repeats(inner) else found


def _outer_position(error: SourceError, inner: Source, outer: Text, start: int) -> Position:
    at = inner.offset(error.position.line, error.position.column) if error.position else 0
    return outer.source.position(outer.span(start + at, start + at).start)


class _MappedPlaces:
    """Places of an inner document, carried over to the file that holds it."""

    def __init__(self, inner: Document, outer: Text, start: int) -> None:
        self._inner = inner
        self._outer = outer
        self._start = start

    def text(self, path: Path) -> Text:
        inner, outer = self._inner.text(path), self._outer
        if isinstance(inner.offsets, int):
            first = self._start + inner.offsets
            return outer.cut(first, first + len(inner.value))
        spans = [self._outer_span(*inner.span(n, n + 1)) for n in range(len(inner.value))]
        end = spans[-1].end if spans else self._outer_span(inner.offsets[0], inner.offsets[0]).start
        offsets = [*(span.start for span in spans), end]
        return Text(inner.value, outer.source, offsets, [span.end for span in spans])

    def _outer_span(self, start: int, end: int) -> Span:
        return self._outer.span(self._start + start, self._start + end)

    def span(self, path: Path) -> Span:
        return self._outer_span(*self._inner.span(path))

    def key_span(self, path: Path) -> Span:
        return self._outer_span(*self._inner.key_span(path))

    def duplicates(self) -> list[Span]:
        return [self._outer.span(self._start + start, self._start + end) for start, end in self._inner.duplicates]
