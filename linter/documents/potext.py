"""gettext catalogues: entries with their strings, adjacent quoted lines joined."""

from __future__ import annotations

import re
from typing import Any

from ..source import Source, SourceError, Span, Text, mistake
from .model import Path, Several, unescaped

_LINE = re.compile(
    r"[ \t]*(?:(?:(?P<comment>#[^\r\n]*)|(?:(?P<key>msg(?:ctxt|id_plural|id|str(?:\[\d+\])?))[ \t]*)?"
    r"\"(?P<string>[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*)\")[ \t]*)?(?P<end>\r\n|\r|\n|\0*$)"
)
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_UNCLOSED = "a quotation mark in this line is not closed"


class _Entry:
    """Strings of one entry by key: where the key is, where each quoted piece begins and ends."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.keys: dict[str, tuple[int, list[tuple[int, int]]]] = {}
        self.comments: list[str] = []


def _error(source: Source, at: int, reason: str) -> SourceError:
    return mistake(source, at, f"not a valid gettext catalogue: {reason}")


def _entries(source: Source) -> list[_Entry]:
    entries: list[_Entry] = []
    current: _Entry | None = None
    pieces: list[tuple[int, int]] = []
    comments: list[str] = []
    text = source.text
    at = 0
    while at < len(text):
        found = _LINE.match(text, at)
        if found is None:
            unclosed = text[at:].split("\n", 1)[0].count('"') == 1
            raise _error(source, at, _UNCLOSED if unclosed else "expected a keyword or a quoted string")
        key, span = found["key"], found.span("string")
        if found["comment"]:
            comments.append(found["comment"])
        elif key:
            if current is None or key == "msgctxt" or (key == "msgid" and "msgid" in current.keys) or comments:
                current = _Entry(found.start("key"))
                current.comments, comments = comments, []
                entries.append(current)
            pieces = [span]
            current.keys[key] = found.start("key"), pieces
        elif found["string"] is not None:
            if current is None:
                raise _error(source, at, "a string without a keyword")
            pieces.append(span)
        if current is not None and found["string"] is not None:
            current.end = span[1] + 1
        if found.end() == at:
            break
        at = found.end()
    return entries


def _text(source: Source, pieces: list[tuple[int, int]]) -> Text:
    return unescaped(source, pieces, _ESCAPE, _character)


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 8))
    return chr(int(escape[2], 16)) if escape[2] else _LETTERS.get(escape[3], escape[3])


def load(source: Source) -> Several:
    """Entries as mappings of msgctxt, msgid, msgid_plural, msgstr, msgstr[0] … and ``comments``, a list."""
    values = Several()
    for entry in _entries(source):
        value: dict[str, Any] = {key: _text(source, pieces).value for key, (_, pieces) in entry.keys.items()}
        value["comments"] = entry.comments
        values.append(value)
    return values


class PoPlaces:
    """Places in a gettext catalogue: a path is the number of the entry and a keyword."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._entries = _entries(source)

    def _find(self, path: Path) -> tuple[int, list[tuple[int, int]]]:
        if len(path) != 2 or not isinstance(path[0], int):
            raise LookupError(path)
        return self._entries[path[0]].keys[str(path[1])]

    def text(self, path: Path) -> Text:
        return _text(self.source, self._find(path)[1])

    def span(self, path: Path) -> Span:
        if not path:
            return Span(0, len(self.source.text))
        if len(path) == 1 and isinstance(path[0], int):
            entry = self._entries[path[0]]
            return Span(entry.start, entry.end)
        pieces = self._find(path)[1]
        return Span(pieces[0][0] - 1, pieces[-1][1] + 1)

    def key_span(self, path: Path) -> Span:
        if len(path) != 2:
            return self.span(path)
        start = self._find(path)[0]
        return Span(start, start + len(str(path[1])))

    def duplicates(self) -> list[Span]:
        return []
