"""Values that know their way: a reader walks down an export and never loses the place it is at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..conversation import Located, Path
from ..documents import Document, embedded
from ..documents.model import Places, TooDeep
from ..documents.repeats import loses_keys
from ..source import Source, SourceError, Span, Text, mistake

_WIDE = 60
_SCHEMA_WORDS = ("json-schema.org", "postman", "openapi")


class Node:
    """A value of a document and the path to it. A way that leads nowhere gives a node whose value is None."""

    __slots__ = ("document", "path", "value")

    def __init__(self, value: Any, path: Path, document: Located) -> None:
        self.value = value
        self.path = path
        self.document = document

    def __getitem__(self, key: str | int) -> Node:
        value = self.value
        found = None
        if isinstance(value, dict):
            found = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            key = key % len(value)
            found = value[key]
        return Node(found, (*self.path, key), self.document)

    def at(self, *keys: str | int) -> Node:
        """The node that several keys lead to."""
        node = self
        for key in keys:
            node = node[key]
        return node

    def first(self, *keys: str) -> Node:
        """The first of several keys that has a value here; the last one's node when none has."""
        node = Node(None, self.path, self.document)
        for key in keys:
            node = self[key]
            if node.value is not None:
                return node
        return node

    def __iter__(self) -> Iterator[Node]:
        """The items of a list; nothing for other values."""
        if isinstance(self.value, list):
            for number, item in enumerate(self.value):
                yield Node(item, (*self.path, number), self.document)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping; nothing for other values."""
        if isinstance(self.value, dict):
            for key, item in self.value.items():
                yield str(key), Node(item, (*self.path, key), self.document)

    def __contains__(self, key: object) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def __bool__(self) -> bool:
        return bool(self.value)

    @property
    def text(self) -> str:
        """The string here, "" for other values."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def name(self) -> str:
        """A string or number as a name, "" for other values."""
        return name_of(self.value)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    def cut(self, start: int, end: int) -> Node:
        """A piece of the string here, as a string of its own."""
        return Node(self.text[start:end], self.path, _Piece(self.document, start, end))

    def inner(self, start: int = 0, patch: Callable[[str], str] | None = None) -> Node:
        """The JSON in the string here (from ``start``), placed in the file; None when it is none.

        ``patch`` may make JSON of a text that is none, such as one with bare variables in it; characters have to
        stay where they are. Raises SourceError for JSON that is nested too deeply.
        """
        text = self.text[start:] if start else self.text
        if text.lstrip()[:1] in ("{", "["):
            for change in (None, patch):
                try:
                    document = _within(self.document, self.path, text, start, change)
                except TooDeep as error:
                    source = self.document.source
                    raise mistake(source, self.document.span(self.path).start, error.reason) from None
                except SourceError:
                    if patch is None:
                        break
                else:
                    return Node(document.value, (), document)
        return Node(None, self.path, self.document)


def name_of(value: Any) -> str:
    """A string or number as a name, "" for other values."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


class _Piece:
    """A document of which every text is cut."""

    def __init__(self, document: Located, start: int, end: int) -> None:
        self.source = document.source
        self._document = document
        self._start = start
        self._end = end

    def text(self, path: Path) -> Text:
        return self._document.text(path).cut(self._start, self._end)

    def span(self, path: Path) -> Span:
        return self.text(path).span()


class _Patched:
    """A document whose string at one path is other characters in the same places."""

    def __init__(self, document: Document, value: str) -> None:
        self._document = document
        self._value = value
        self.source = document.source
        self.encoding = document.encoding

    def text(self, path: Path) -> Text:
        text = self._document.text(path)
        return Text(self._value, text.source, text.offsets, text.ends)


def _within(outer: Located, path: Path, text: str, start: int, patch: Callable[[str], str] | None = None) -> Document:
    """JSON in a string. Its places need those of the whole file, so they are worked out late."""
    from ..documents import jsontext

    assert isinstance(outer, Document)
    written = text if patch is None else patch(text)
    value = jsontext.load(Source(outer.source.path, written))

    def locate() -> Places:
        if patch is None:
            return embedded(outer, path, start).places
        whole = outer.text(path).value
        inner: Any = _Patched(outer, whole[:start] + written)
        return embedded(inner, path, start).places

    found = Document("json", outer.source, value, locate, outer.encoding)
    return outer.holds(found) if loses_keys(written, value) else found


class Joined:
    """Strings that a customer reads as one text: the runs of a sentence with a bold word or a link in it.

    ``parts`` are nodes of strings, and plain strings for what has no place of its own (a line break between
    paragraphs, a variable's name). ``text`` of any path is the whole; ``span`` is the document's.
    """

    def __init__(self, document: Located, parts: Sequence[Node | str]) -> None:
        self.source = document.source
        self.value = "".join(part if isinstance(part, str) else part.text for part in parts)
        self._document = document
        self._parts = tuple(parts)

    def text(self, path: Path) -> Text:
        starts: list[int] = []
        ends: list[int] = []
        at: int | None = None
        waiting = 0
        for part in self._parts:
            if isinstance(part, str):
                waiting += len(part)
                continue
            located = part.document.text(part.path)
            length = len(located.value)
            if at is None:
                at = located.span(0, 0).start
            starts += [at] * waiting
            ends += [at] * waiting
            waiting = 0
            for number in range(length):
                start, end = located.span(number, number + 1)
                starts.append(start)
                ends.append(end)
            at = ends[-1] if ends else at
        at = self._document.span(path).start if at is None else at
        starts += [at] * waiting
        ends += [at] * waiting
        return Text(self.value, self.source, [*starts, at], ends)

    def span(self, path: Path) -> Span:
        return self._document.span(path)


def root(document: Document) -> Node:
    """The document as a node; a node of None when it is a table or a text rather than data."""
    value = document.value if isinstance(document.value, (dict, list)) else None
    return Node(value, (), document)


def is_schema(value: Any) -> bool:
    """Whether a mapping describes data (JSON Schema, OpenAPI) instead of being it; key names are the same."""
    if not isinstance(value, dict):
        return False
    if "openapi" in value or "swagger" in value:
        return True
    if any(word in str(value.get("$schema", "")) for word in _SCHEMA_WORDS):
        return True
    return isinstance(value.get("properties"), dict) and isinstance(value.get("type"), str) and "states" not in value


def search(node: Node, wanted: Callable[[Any], bool], depth: int = 3, wide: int = 0) -> Iterator[Node]:
    """The outermost nodes that are ``wanted``, wrapped in at most ``depth`` mappings and lists.

    ``wide`` limits the values looked at on each level, for a quick look; 0 is no limit. Schemas are left out.
    """
    if wanted(node.value):
        yield node
        return
    if depth == 0 or is_schema(node.value):
        return
    inner = (item for _, item in node.items()) if node.is_mapping else iter(node)
    for number, item in enumerate(inner):
        if wide and number >= wide:
            return
        if isinstance(item.value, (dict, list)):
            yield from search(item, wanted, depth - 1, wide)


def holds(document: Document, wanted: Callable[[Any], bool], depth: int = 3) -> bool:
    """Whether a quick look finds a ``wanted`` value in the document."""
    if not isinstance(document.value, (dict, list)):
        return False
    return next(search(root(document), wanted, depth, _WIDE), None) is not None
