"""A piece of a value written anew in its own style: escapes, quotes, indentation as the file has them.

Each style proposes one or more ways; whoever uses them reads the file again and keeps the first that gives back the
right values and no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape as xml_escape

from ..expressions import expression
from ..source import Span, Text
from .model import Document, Path

_NOT_ASCII = expression(r"[^ -~]")
_ESCAPE = expression(r"\\(?:u|U000|x)[0-9A-Fa-f]{2}")
_NOT_PRINTABLE = expression("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")  # in YAML, or not in its lines


class Edit(NamedTuple):
    """Source characters ``span`` are to become ``text``."""

    span: Span
    text: str


def ways(document: Document, path: Path, start: int, end: int, new: str) -> Iterator[Edit]:
    """Ways to write ``new`` in place of ``[start:end]`` of the string at ``path``, the smallest change first."""
    style = _STYLES.get(document.kind)
    if style is not None:
        text = document.text(path)
        yield from style(document, path, text, start, end, new)


def _json(document: Document, path: Path, text: Text, start: int, end: int, new: str) -> Iterator[Edit]:
    written = json.dumps(new, ensure_ascii=_is_escaped(document.source.text))[1:-1]
    yield Edit(text.span(start, end), written)


def _yaml(document: Document, path: Path, text: Text, start: int, end: int, new: str) -> Iterator[Edit]:
    source = document.source.text
    whole = document.span(path)
    first = _opening(source, whole)
    place = text.span(start, end)
    if first == "'":
        yield Edit(place, new.replace("'", "''"))
    elif first == '"':
        yield Edit(place, _double_quoted(new, _is_escaped(source)))
    elif first in ("|", ">"):
        yield Edit(place, _indented(source, place, new if first == "|" else new.replace("\n", "\n\n")))
    else:
        yield Edit(place, new)
    value = text.value[:start] + new + text.value[end:]
    if first not in ("'", '"', "|", ">") and "\n" not in value:
        yield Edit(text.span(), "'" + value.replace("'", "''") + "'")
        yield Edit(text.span(), f'"{_double_quoted(value, _is_escaped(source))}"')


def _is_escaped(source: str) -> bool:
    """Whether a file writes letters such as "ü" as escapes; one that has none at all is to be read by people."""
    return source.isascii() and _ESCAPE.search(source) is not None


def _double_quoted(text: str, in_ascii: bool) -> str:
    """A text as it stands between YAML's double quotes: as in JSON, but that half a surrogate pair is no character."""
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    return (_NOT_ASCII if in_ascii else _NOT_PRINTABLE).sub(
        lambda found: f"\\u{ord(found[0]):04x}" if found[0] <= "\uffff" else f"\\U{ord(found[0]):08X}", escaped
    )


def _opening(source: str, whole: Span) -> str:
    """The character that begins a scalar, behind its anchor and tag."""
    at = whole.start
    while at < whole.end and source[at] in "&!":
        while at < whole.end and not source[at].isspace():
            at += 1
        while at < whole.end and source[at].isspace():
            at += 1
    return source[at : at + 1]


def _indented(source: str, place: Span, new: str) -> str:
    line = source.rfind("\n", 0, place.start) + 1
    margin = source[line : place.start]
    margin = margin[: len(margin) - len(margin.lstrip(" "))]
    ending = "\r\n" if "\r\n" in source else "\n"
    return re.sub(r"\n+", lambda ends: ending * len(ends[0]) + margin, new)


def _csv(document: Document, path: Path, text: Text, start: int, end: int, new: str) -> Iterator[Edit]:
    source = document.source.text
    whole = document.span(path)
    ending = "\r\n" if "\r\n" in source else "\n"
    quoted = source[whole.start : whole.start + 1] == '"'
    if quoted:
        yield Edit(text.span(start, end), new.replace('"', '""').replace("\n", ending))
    else:
        yield Edit(text.span(start, end), new)
        value = text.value[:start] + new + text.value[end:]
        yield Edit(whole, '"' + value.replace('"', '""').replace("\n", ending) + '"')


def _xml(document: Document, path: Path, text: Text, start: int, end: int, new: str) -> Iterator[Edit]:
    yield Edit(text.span(start, end), xml_escape(new, {'"': "&quot;"}))
    yield Edit(text.span(start, end), new)  # inside CDATA


def _po(document: Document, path: Path, text: Text, start: int, end: int, new: str) -> Iterator[Edit]:
    written = new.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    yield Edit(text.span(start, end), written)


def _as_it_is(document: Document, path: Path, text: Text, start: int, end: int, new: str) -> Iterator[Edit]:
    ending = "\r\n" if "\r\n" in document.source.text else "\n"
    yield Edit(text.span(start, end), new.replace("\n", ending))


_STYLES: dict[str, Callable[[Document, Path, Text, int, int, str], Iterator[Edit]]] = {
    "json": _json,
    "jsonl": _json,
    "yaml": _yaml,
    "csv": _csv,
    "xml": _xml,
    "po": _po,
    "markdown": _as_it_is,
    "text": _as_it_is,
    "lg": _as_it_is,
}
