"""JSON and JSON Lines: values at the speed of ``json``, places by a scanner that runs when first asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from ..expressions import expression
from ..source import Source, SourceError, Span, Text, mistake
from .jsonmistakes import after_blanks, told
from .model import Path, Places, Several, check_depth, too_deep

_ATOM = expression(r"[^\s,\]}\"\[{:]+")
_ESCAPE = expression(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_STRICT = json.JSONDecoder(strict=False)
_SCAN = _STRICT.scan_once  # type: ignore[attr-defined]
# Containers are looked into two levels at a time and measured at C speed below; so deep down each character
# is passed many times, unless the scanner then takes the rest in one go.
_LEVELS = 2
_FEW_LEVELS = 100  # a text with fewer brackets is nested less deeply than is allowed
_DEEP = 32
_ALL = 1 << 60


def _integer(digits: str) -> int | float:
    """An integer of any length; Python refuses to convert those of more than 4,300 digits."""
    return int(digits) if len(digits) < 4000 else float(digits)


_PATIENT = json.JSONDecoder(strict=False, parse_int=_integer)


class MoreBehindError(SourceError):
    """A value with something behind it, which may be another one."""


def _error(source: Source, error: json.JSONDecodeError) -> SourceError:
    reason, at = told(source, error)
    found = mistake(source, at, f"not valid JSON: {reason}")
    if error.msg == "Extra data":
        return MoreBehindError(found.path, found.reason, found.position, found.words)
    return found


_LONE = expression(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_OPENS = ("{", "[", '"', "")
"""What shows without a blank before it that another value begins; "012" is not 0 and 12."""


def _body(text: str) -> str:
    """The text to parse, every character in its place.

    Some exporters pad the file with NULs, some cut an emoji in half; half a character can't be printed by anyone.
    """
    if text.endswith("\0"):
        text = text.rstrip("\0")
    if ("\\ud" in text or "\\uD" in text) and _LONE.search(text):
        return _ESCAPE.sub(_whole, text)
    return text


def _whole(escape: re.Match[str]) -> str:
    """An escape, if it is not half a character."""
    written = escape[0]
    half = len(written) == 6 and written[2] in "dD" and written[3] in "89abcdefABCDEF"
    return "\\ufffd" if half else written


@contextmanager
def _refused(source: Source) -> Iterator[None]:
    """What the decoder says of a mistake, as a SourceError with its place."""
    try:
        yield
    except json.JSONDecodeError as error:
        raise _error(source, error) from None
    except RecursionError:
        raise too_deep(source) from None


def _next(text: str, at: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    try:
        return _STRICT.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return _PATIENT.raw_decode(text, at)


def load(source: Source) -> Any:
    """The value of a JSON text; raises SourceError with the place of the first mistake."""
    text = _body(source.text)
    with _refused(source):
        try:
            value = _STRICT.decode(text)
        except json.JSONDecodeError:
            raise
        except ValueError:
            value = _PATIENT.decode(text)
    _check(value, source)
    return value


def load_lines(source: Source) -> Several:
    """The values of JSON Lines, or of JSON values that simply follow each other; raises SourceError."""
    return lines(source)[0]


def lines(source: Source) -> tuple[Several, list[int]]:
    """The values of JSON Lines, and where each begins. Raises SourceError."""
    values = Several()
    starts: list[int] = []
    text = _body(source.text)
    at = after_blanks(text, 0)
    with _refused(source):
        while at < len(text):
            value, end = _next(text, at)
            values.append(value)
            starts.append(at)
            at = after_blanks(text, end)
            if at == end and text[at : at + 1] not in _OPENS:
                raise json.JSONDecodeError("Extra data", text, at)
    _check(values, source)
    return values, starts


class LongList(NamedTuple):
    """A list in the root, or under a key of it, and where its first entries begin and end.

    ``first_key_end`` is where the first key of the second entry ends.
    """

    key: str | None
    starts: list[int]
    ends: list[int]
    first_key_end: int


def long_list(text: str, entries: int) -> LongList | None:
    """The first list of more objects than ``entries`` in a text that may be cut; None where none is seen."""
    try:
        at = after_blanks(text, 0)
        if text[at] == "[":
            return _begun(text, at, None, entries)
        while text[at] in "{,":
            key, at = scanstring(text, after_blanks(text, at + 1) + 1, False)
            at = after_blanks(text, after_blanks(text, at) + 1)
            try:
                value, end = _SCAN(text, at)
            except (ValueError, StopIteration):
                return _begun(text, at, key, entries) if text[at] == "[" else None
            if isinstance(value, list) and len(value) > entries:
                return _begun(text, at, key, entries)
            at = after_blanks(text, end)
    except (ValueError, StopIteration, IndexError, RecursionError):
        pass
    return None


def _begun(text: str, at: int, key: str | None, entries: int) -> LongList | None:
    starts: list[int] = []
    ends: list[int] = []
    while len(starts) <= entries and text[at] in "[,":
        at = after_blanks(text, at + 1)
        value, end = _SCAN(text, at)
        if not isinstance(value, dict):
            return None
        starts.append(at)
        ends.append(end)
        at = after_blanks(text, end)
    if len(starts) <= entries:
        return None
    first_key = after_blanks(text, starts[1] + 1)
    return LongList(key, starts, ends, scanstring(text, first_key + 1, False)[1]) if text[first_key] == '"' else None


def list_end(text: str) -> int:
    """Where the last entry of a list ends in a text that begins with one of its entries; -1 if it has no end."""
    at = 0
    try:
        while True:
            end = _SCAN(text, at)[1]
            at = after_blanks(text, end)
            if text[at] != ",":
                return end if text[at] == "]" else -1
            at = after_blanks(text, at + 1)
    except (ValueError, StopIteration, IndexError, RecursionError):
        return -1


def frame(source: Source, key: str | None) -> dict[str, Any] | None:
    """The mapping in which a list stands whose entries were left out.

    None where it is another list by now, or a key stands twice.
    """
    twice: list[bool] = []

    def seen(of: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.append(len(dict(of)) < len(of))
        return dict(of)

    value = load(source)
    if key is None:
        return {} if value == [] else None
    json.JSONDecoder(strict=False, parse_int=_integer, object_pairs_hook=seen).decode(_body(source.text))
    known = isinstance(value, dict) and value.get(key) == []
    return value if known and not any(twice) else None


def entries(source: Source) -> tuple[list[Any], list[int]]:
    """The values of a text that is the inside of a list, and where each begins. Raises SourceError."""
    values: list[Any] = []
    starts: list[int] = []
    text = _body(source.text)
    at = after_blanks(text, 0)
    with _refused(source):
        while True:
            value, end = _next(text, at)
            values.append(value)
            starts.append(at)
            at = after_blanks(text, end)
            if at == len(text):
                break
            if text[at] != ",":
                raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
            at = after_blanks(text, at + 1)
    for value, start, end in zip(values, starts, [*starts[1:], len(text)], strict=True):
        _check([value], source, start, end)
    return values, starts


def _check(value: Any, source: Source, start: int = 0, end: int | None = None) -> None:
    """Look how deep a value is nested that stands in the text from ``start`` to ``end``, if it may be too deep."""
    text = source.text
    if text.count("[", start, end) + text.count("{", start, end) >= _FEW_LEVELS:
        check_depth(value, source)


class _Node:
    """An object or array: its span, what it holds, and the places of its keys.

    What it holds are nodes and, for strings and other atoms, plain spans. ``members`` is None until somebody
    looks inside.
    """

    __slots__ = ("end", "keys", "members", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.members: dict[str | int, _Node | Span] | None = None
        self.keys: dict[str | int, Span] = {}


class _Scanner:
    """Finds places in JSON that is known to be well-formed. Iterative, linear in what it looks at."""

    def __init__(self, text: str, duplicates: list[Span] | None = None) -> None:
        self.text = text
        self.duplicates = duplicates

    def blanks(self, at: int) -> int:
        if self.text[at : at + 1] > " ":  # as mostly: all blanks are smaller
            return at
        return after_blanks(self.text, at)

    def scan(self, at: int, levels: int) -> _Node | Span:
        """The value at ``at``; containers below ``levels`` are only measured."""
        text = self.text
        open_nodes: list[_Node] = []
        key: str | int = 0
        key_span = Span(0, 0)
        while True:
            value: _Node | Span
            first = text[at]
            node = None
            if first in "{[":
                node = _Node(at)
                value = node
                if open_nodes:
                    self._put(open_nodes[-1], key, key_span, value)
                end = self._skip(at) if len(open_nodes) >= levels else None
                if end is None:
                    node.members = {}
                    at = self.blanks(at + 1)
                    if text[at] not in "}]":
                        open_nodes.append(node)
                        key, key_span, at = self._key(node, at)
                        continue
                    end = at + 1
                node.end = end
            else:
                end = scanstring(text, at + 1, False)[1] if first == '"' else _ATOM.match(text, at).end()  # type: ignore[union-attr]
                value = Span(at, end)
                if open_nodes:
                    self._put(open_nodes[-1], key, key_span, value)
            while open_nodes:
                at = self.blanks(end)
                node = open_nodes[-1]
                if text[at] == ",":
                    key, key_span, at = self._key(node, self.blanks(at + 1))
                    break
                end = node.end = at + 1
                value = open_nodes.pop()
            else:
                return value

    def _key(self, node: _Node, at: int) -> tuple[str | int, Span, int]:
        """Of the member of ``node`` that begins at ``at``: key, place of the key, where the value begins."""
        if self.text[node.start] == "[":
            assert node.members is not None
            return len(node.members), Span(at, at), at
        key, end = scanstring(self.text, at + 1, False)
        return key, Span(at, end), self.blanks(self.blanks(end) + 1)

    def _put(self, node: _Node, key: str | int, span: Span, value: _Node | Span) -> None:
        assert node.members is not None
        if self.duplicates is not None and key in node.members:
            self.duplicates.append(node.keys[key])
        node.members[key] = value
        if self.text[node.start] == "{":
            node.keys[key] = span

    def _skip(self, at: int) -> int | None:
        """The end of a container, found at C speed; None where it has to be walked."""
        try:
            return _SCAN(self.text, at)[1]  # type: ignore[no-any-return]
        except (ValueError, RecursionError):
            return None


class JsonPlaces:
    """Places in one JSON text. The upper levels are scanned at first use, what is below when visited."""

    def __init__(self, source: Source, start: int = 0, text: str | None = None) -> None:
        self.source = source
        self._text = _body(source.text) if text is None else text
        self._scanner = _Scanner(self._text)
        self._start = self._scanner.blanks(start)
        self._root = self._scanner.scan(self._start, _LEVELS)

    @property
    def end(self) -> int:
        return self._root.end

    def _find(self, path: Path) -> _Node | Span:
        here = self._root
        for depth, step in enumerate(path):
            here = self._members(here, path, depth)[step]
        return here

    def _members(self, here: _Node | Span, path: Path, depth: int) -> dict[str | int, _Node | Span]:
        if not isinstance(here, _Node):
            raise LookupError(path)
        if here.members is None:
            whole = self._scanner.scan(here.start, _LEVELS if depth < _DEEP else _ALL)
            assert isinstance(whole, _Node)
            here.members, here.keys = whole.members, whole.keys
        assert here.members is not None
        return here.members

    def text(self, path: Path) -> Text:
        here = self._find(path)
        if isinstance(here, _Node):
            raise LookupError(path)
        return json_string(self.source, self._text, here)

    def span(self, path: Path) -> Span:
        here = self._find(path)
        return Span(here.start, here.end)

    def key_span(self, path: Path) -> Span:
        if not path:
            return self.span(path)
        parent = self._find(path[:-1])
        self._members(parent, path, len(path) - 1)
        assert isinstance(parent, _Node)
        return parent.keys.get(path[-1]) or self.span(path)

    def duplicates(self) -> list[Span]:
        found: list[Span] = []
        _Scanner(self._text, found).scan(self._start, _ALL)
        return sorted(found)


class EntryPlaces:
    """Places in a JSON text of one long list, whose entries from a number on begin at known places.

    ``to_list`` is the path to that list, () for JSON Lines; what stands elsewhere is looked for by ``all_places``.
    """

    def __init__(
        self, source: Source, to_list: Path, first: int, starts: list[int], all_places: Callable[[Source], Places]
    ) -> None:
        self._source = source
        self._list = to_list
        self._first = first
        self._starts = starts
        self._text = _body(source.text)
        self._entries: dict[int, JsonPlaces] = {}
        self._all_places = all_places
        self._all: Places | None = None

    def _at(self, path: Path) -> tuple[Places, Path]:
        """Where to look for what a path leads to, and the path from there."""
        depth = len(self._list)
        step = path[depth] if len(path) > depth and path[:depth] == self._list else -1
        number = step - self._first if isinstance(step, int) else -1
        if not 0 <= number < len(self._starts):
            if self._all is None:
                self._all = self._all_places(self._source)
            return self._all, path
        if number not in self._entries:
            self._entries[number] = JsonPlaces(self._source, self._starts[number], self._text)
        return self._entries[number], path[depth + 1 :]

    def text(self, path: Path) -> Text:
        places, rest = self._at(path)
        return places.text(rest)

    def span(self, path: Path) -> Span:
        places, rest = self._at(path)
        return places.span(rest)

    def key_span(self, path: Path) -> Span:
        places, rest = self._at(path)
        return places.key_span(rest)

    def duplicates(self) -> list[Span]:
        return self._all_places(self._source).duplicates()


def json_string(source: Source, text: str, span: Span) -> Text:
    """The string (or other atom) that stands at ``span`` of ``text`` with the place of each character."""
    start, end = span
    if text[start] != '"':
        return Text(text[start:end], source, start)
    raw = text[start + 1 : end - 1]
    if "\\" not in raw:
        return Text(raw, source, start + 1)
    value = scanstring(text, start + 1, False)[0]
    offsets: list[int] = []
    at = start + 1
    for escape in _ESCAPE.finditer(text, at, end - 1):
        offsets += range(at, escape.start() + 1)
        at = escape.end()
    offsets += range(at, end)
    return Text(value, source, offsets, offsets[1:])


class LinePlaces:
    """Places in JSON Lines: the first step of a path is the number of the value, from 0."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._starts: list[int] = []
        self._lines: dict[int, JsonPlaces] = {}
        text = self._text = _body(source.text)
        at = after_blanks(text, 0)
        scanner = _Scanner(text)
        while at < len(text):
            self._starts.append(at)
            at = scanner.blanks(scanner.scan(at, 0).end)

    def _line(self, path: Path) -> Places:
        if not path or not isinstance(path[0], int) or not 0 <= path[0] < len(self._starts):
            raise LookupError(path)
        if path[0] not in self._lines:
            self._lines[path[0]] = JsonPlaces(self.source, self._starts[path[0]], self._text)
        return self._lines[path[0]]

    def text(self, path: Path) -> Text:
        return self._line(path).text(path[1:])

    def span(self, path: Path) -> Span:
        if not path:
            return Span(0, len(self.source.text))
        return self._line(path).span(path[1:])

    def key_span(self, path: Path) -> Span:
        return self._line(path).key_span(path[1:]) if path else self.span(path)

    def duplicates(self) -> list[Span]:
        found: list[Span] = []
        for start in self._starts:
            found += JsonPlaces(self.source, start, self._text).duplicates()
        return found
