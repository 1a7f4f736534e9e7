"""Which format a text is in: its content decides, its name is only a hint."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..source import Source, SourceError
from . import webpages
from .conflicts import refuse_conflict
from .model import Document, Whole

_HINTS = {
    "json": "json", "dialog": "json", "vf": "json", "flow": "json",
    "jsonl": "jsonl", "ndjson": "jsonl",
    "yaml": "yaml", "yml": "yaml",
    "csv": "csv", "tsv": "csv", "tab": "csv",
    "xml": "xml", "resx": "xml", "xlf": "xml", "xliff": "xml",
    "md": "markdown", "mdx": "markdown", "markdown": "markdown", "qna": "markdown",
    "lg": "lg",
    "po": "po", "pot": "po",
    "strings": "text",
    "lu": "text", "rst": "text", "html": "text", "htm": "text", "js": "text", "ts": "text", "py": "text",
}  # fmt: skip
_YAML_START = re.compile(r"---|- |[\w.\"'-][\w. \"'/-]*:(?:\s|$)")
_LINE = re.compile(r"[^\n]*\n?")


def _looks_like_yaml(text: str) -> bool:
    """Whether the first line that is no comment, directive or blank begins a YAML document. One look at each line."""
    at = 0
    while at < len(text):
        found = _LINE.match(text, at)
        assert found is not None
        line = found.group().strip()
        if line and line[0] not in "#%":
            return _YAML_START.match(line) is not None
        at = found.end()
    return False


def hint_of(path: str) -> str:
    """What the name of a file promises; "" when it promises nothing."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return _HINTS.get(name.rsplit(".", 1)[-1], "") if "." in name else ""


def open_text(path: str, text: str, encoding: str) -> Document:
    """Read a decoded text; raises SourceError when it is broken."""
    source = Source(path, text)
    hint = hint_of(path)
    refuse_conflict(source, hint)
    try:
        document = READERS[hint](source) if hint else _by_content(source)
    except SourceError as error:
        reason = webpages.page(text)
        raise (SourceError(path, reason) if reason else error) from None
    document.encoding = encoding
    return document


def _by_content(source: Source) -> Document:
    """A file whose name says nothing."""
    first = source.text.lstrip()[:1]
    if first and first in "{[":
        return _json_or(source, _text)
    if source.text.startswith("<?xml"):
        return _xml(source)
    if _looks_like_yaml(source.text):
        try:
            document = _yaml(source)
        except SourceError:
            return _text(source)
        if isinstance(document.value, (dict, list)) and not _is_prose(document):
            return document
    return _csv(source) if _is_table(source.text) else _text(source)


def _is_prose(document: Document) -> bool:
    """A list in a text file is a list to read, not YAML, and so are labels that stand in it again and again."""
    return document.path.lower().endswith(".txt") and (isinstance(document.value, list) or document.repeats)


def _is_table(text: str) -> bool:
    """Whether nearly all records have the same number of cells, cut by something that is rare in prose."""
    from . import csvtext

    if not any(delimiter in text[:4096] for delimiter in "\t;|"):
        return False
    delimiter = csvtext.sniff(text)
    widths = csvtext.widths(text, delimiter)
    usual = max(widths, key=widths.count, default=0)
    return delimiter != "," and len(widths) > 1 and usual > 1 and widths.count(usual) >= 0.9 * len(widths)


def _json_or(source: Source, other: Callable[[Source], Document]) -> Document:
    """JSON if it is JSON, otherwise whatever ``other`` makes of it."""
    try:
        return _json(source)
    except SourceError:
        return other(source)


def _json(source: Source) -> Document:
    from . import jsontext

    try:
        return Document("json", source, jsontext.load(source), lambda: jsontext.JsonPlaces(source))
    except jsontext.MoreBehindError as error:
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

    value, repeats = yamltext.load(source)
    document = Document("yaml", source, value, lambda: yamltext.YamlPlaces(source))
    document.repeats = repeats
    return document


def _csv(source: Source) -> Document:
    first = source.text.lstrip()[:1]
    if first and first in "{[":
        return _json_or(source, _delimited)
    return _delimited(source)


def _delimited(source: Source) -> Document:
    from . import csvtext

    table = csvtext.load(source, csvtext.hinted(source.path))
    start, _ = csvtext.body_start(source.text)
    return Document("csv", source, table, lambda: csvtext.CsvPlaces(source, table.delimiter, start))


def _xml(source: Source) -> Document:
    from . import xmltext

    return Document("xml", source, xmltext.load(source), lambda: xmltext.XmlPlaces(source))


def _po(source: Source) -> Document:
    from . import potext

    return Document("po", source, potext.load(source), lambda: potext.PoPlaces(source))


def _markdown(source: Source) -> Document:
    return Document("markdown", source, source.text, lambda: Whole(source))


def _lg(source: Source) -> Document:
    return Document("lg", source, source.text, lambda: Whole(source))


def _text(source: Source) -> Document:
    return Document("text", source, source.text, lambda: Whole(source))


READERS: dict[str, Callable[[Source], Document]] = {
    "json": _json,
    "jsonl": _jsonl,
    "yaml": _yaml,
    "csv": _csv,
    "xml": _xml,
    "po": _po,
    "markdown": _markdown,
    "lg": _lg,
    "text": _text,
}
