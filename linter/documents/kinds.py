"""Which format a text is in: its content decides, its name is only a hint."""

from __future__ import annotations

import re
from typing import Any

from ..source import Source, SourceError
from .model import Document, Whole

_HINTS = {
    "json": "json", "dialog": "json", "vf": "json", "flow": "json",
    "jsonl": "jsonl", "ndjson": "jsonl",
    "yaml": "yaml", "yml": "yaml",
    "csv": "csv", "tsv": "csv", "tab": "csv",
    "xml": "xml",
    "md": "markdown", "mdx": "markdown", "markdown": "markdown", "qna": "markdown",
    "lg": "lg",
    "po": "po", "pot": "po",
    "txt": "text", "lu": "text", "rst": "text", "html": "text", "htm": "text",
}  # fmt: skip
_YAML_START = re.compile(r"(?:\s*#[^\n]*\n|\s*\n|\s*%[^\n]*\n)*\s*(?:---|- |[\w.\"'-][\w. \"'/-]*:(?:\s|$))")


def hint_of(path: str) -> str:
    """What the name of a file promises; "" when it promises nothing."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return _HINTS.get(name.rsplit(".", 1)[-1], "") if "." in name else ""


def open_text(path: str, text: str, encoding: str) -> Document:
    """Read a decoded text; raises SourceError when it is broken."""
    source = Source(path, text)
    hint = hint_of(path)
    document = _READERS[hint](source) if hint in _READERS else _by_content(source)
    document.encoding = encoding
    return document


def _by_content(source: Source) -> Document:
    first = source.text.lstrip()[:1]
    if first and first in "{[":
        return _json_or(source, _text)
    if _YAML_START.match(source.text):
        try:
            document = _yaml(source)
        except SourceError:
            return _text(source)
        if isinstance(document.value, dict | list):
            return document
    return _text(source)


def _json_or(source: Source, other: Any) -> Document:
    """JSON if it is JSON, otherwise whatever ``other`` makes of it."""
    try:
        return _json(source)
    except SourceError:
        document: Document = other(source)
        return document


def _json(source: Source) -> Document:
    from . import jsontext

    try:
        return Document("json", source, jsontext.load(source), lambda: jsontext.JsonPlaces(source))
    except SourceError as error:
        if "extra data" not in error.reason:
            raise
        try:
            return _jsonl(source)
        except SourceError as in_lines:
            raise (in_lines if source.text[:1] == "{" else error) from None


def _jsonl(source: Source) -> Document:
    from . import jsontext

    return Document("jsonl", source, jsontext.load_lines(source), lambda: jsontext.LinePlaces(source))


def _yaml(source: Source) -> Document:
    first = source.text.lstrip()[:1]
    # JSON is YAML to people but not to libyaml (tabs, surrogate pairs).
    return _json_or(source, _plain_yaml) if first and first in "{[" else _plain_yaml(source)


def _plain_yaml(source: Source) -> Document:
    from . import yamltext

    return Document("yaml", source, yamltext.load(source), lambda: yamltext.YamlPlaces(source))


def _csv(source: Source) -> Document:
    from . import csvtext

    hint = "\t" if source.path.lower().endswith((".tsv", ".tab")) else ""
    table = csvtext.load(source, hint)
    start, _ = csvtext.body_start(source.text)
    return Document("csv", source, table, lambda: csvtext.CsvPlaces(source, table.delimiter, start))


def _markdown(source: Source) -> Document:
    return Document("markdown", source, source.text, lambda: Whole(source))


def _lg(source: Source) -> Document:
    return Document("lg", source, source.text, lambda: Whole(source))


def _text(source: Source) -> Document:
    return Document("text", source, source.text, lambda: Whole(source))


_READERS = {
    "json": _json,
    "jsonl": _jsonl,
    "yaml": _yaml,
    "csv": _csv,
    "markdown": _markdown,
    "lg": _lg,
    "text": _text,
}
