"""XML as a light tree, by expat. Nothing outside the file is read and no entity of its own is expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..source import Source, Span, Text, mistake
from .conflicts import CONFLICT, conflict
from .model import MAX_DEPTH, Path, too_deep

_INVALID = 4  # expat's code of a sign that can't stand where it does
_ENDS = (3, 5, 6)  # expat's codes of what is said where a text ends too early
_CUT = (
    "it ends in the middle, with an element open; it was probably cut off when it was copied or downloaded: export it "
    "again"
)
_EMPTY = "there is nothing in it: was it exported or copied to the end?"
_HYPHENS = "two hyphens can't stand in a comment of XML: write a colon"
_SAID = {
    4: "this can't stand here; a '<' or '&' in a text is written &lt; or &amp;",
    7: "another element is open here than the one that this closes",
    8: "an attribute stands here twice",
    9: "the XML ends before this: what stands behind it is no XML",
    11: "XML knows no such entity: write the character itself",
}
"""What is wrong, by expat's codes; its own words for what seldom happens."""


WHOLE = "#whole"
"""The last step of a path to all the text of an element, that of inner elements too."""


@dataclass(slots=True)
class Element:
    """An element. A path to it is the indices of children from the root; at that path is its own text.

    ``children`` are elements and strings in order, neighbouring pieces of text and CDATA joined. An attribute
    has the path of its element and ``"@name"``.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly inside, without that of inner elements."""
        return "".join([child for child in self.children if isinstance(child, str)])

    @property
    def whole(self) -> str:
        """The text inside with that of inner elements, as it stands there; an empty element ends a line (``<br/>``)."""
        pieces = [child if isinstance(child, str) else child.whole or "\n" for child in self.children]
        return "".join(pieces)

    def elements(self) -> Iterator[tuple[int, Element]]:
        """Child elements with their indices."""
        return ((n, child) for n, child in enumerate(self.children) if isinstance(child, Element))


class _Refused(Exception):
    """Raised inside a handler to stop expat."""

    def __init__(self, reason: str, byte: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.byte = byte


def _parser() -> Any:
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = False
    parser.ordered_attributes = True

    def refuse(*_: object) -> None:
        raise _Refused("it declares entities of its own, which are not expanded", parser.CurrentByteIndex)

    parser.EntityDeclHandler = refuse
    return parser


def _parse(parser: Any, source: Source) -> None:
    """Run expat over the text; raises SourceError."""
    from xml.parsers import expat

    text = source.text.rstrip("\0")
    data = text.encode("utf-8", "surrogatepass")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = _SAID.get(error.code) or str(error).split(":")[0]
        if error.code in _ENDS:
            reason = _CUT if data.strip() else _EMPTY
        offset = len(data[: parser.ErrorByteIndex].decode("utf-8", "replace"))
        begun = conflict(text, offset)
        if error.code == _INVALID and text.rfind("<!--", 0, offset) > text.rfind("-->", 0, offset):
            reason = _HYPHENS
        at, reason = (begun, CONFLICT) if begun >= 0 else (offset, reason)
        raise mistake(source, at, f"not valid XML: {reason}") from None
    except _Refused as refused:
        offset = len(data[: refused.byte].decode("utf-8", "replace"))
        if "deep" in refused.reason:
            raise too_deep(source) from None
        raise mistake(source, offset, f"XML refused: {refused.reason}") from None


def load(source: Source) -> Element:
    """The root element; raises SourceError with the place of the first mistake."""
    parser = _parser()
    top = Element("")
    stack = [top]
    pieces: list[str] = []

    def flush() -> None:
        if pieces:
            stack[-1].children.append("".join(pieces))
            pieces.clear()

    def start(tag: str, attributes: list[str]) -> None:
        flush()
        element = Element(tag, dict(zip(attributes[::2], attributes[1::2], strict=True)))
        stack[-1].children.append(element)
        stack.append(element)
        if len(stack) > MAX_DEPTH:
            raise _Refused("nested too deep", parser.CurrentByteIndex)

    def end(_: str) -> None:
        flush()
        stack.pop()

    def skipped(name: str, parameter: bool) -> None:
        if not parameter:
            pieces.append(_named(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parser.SkippedEntityHandler = skipped
    _parse(parser, source)
    root = top.children[0]
    assert isinstance(root, Element)
    return root


def _named(name: str) -> str:
    """What an entity that only an outside DTD declares (``&nbsp;``) stands for."""
    from html.entities import html5

    return html5.get(name + ";", f"&{name};")


@dataclass(slots=True)
class _Chunk:
    """A run of text: pieces of it with the place of each, as expat reports them."""

    pieces: list[tuple[str, int]] = field(default_factory=list)
    end: int = 0


@dataclass(slots=True)
class _Node:
    """An element's places."""

    start: int
    tag_end: int = 0
    end: int = 0
    children: list[_Node | _Chunk] = field(default_factory=list)


def _chunks(node: _Node) -> Iterator[_Chunk]:
    """The runs of text in an element and in those inside it, in order; an empty one is the end of a line."""
    for child in node.children:
        if isinstance(child, _Chunk):
            yield child
            continue
        inner = list(_chunks(child))
        yield from inner or [_Chunk([("\n", child.start)])]


_ATTRIBUTE = re.compile(r"\s([^\s=>/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));|\r\n|[\r\n\t]")


class XmlPlaces:
    """Places in XML, from a second pass."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._root = self._scan()

    def _scan(self) -> _Node:
        parser = _parser()
        offset = _Offsets(self.source.text)
        top = _Node(0)
        stack = [top]

        def start(_: str, __: list[str]) -> None:
            node = _Node(offset(parser.CurrentByteIndex))
            stack[-1].children.append(node)
            stack.append(node)

        def end(_: str) -> None:
            stack.pop().end = offset(parser.CurrentByteIndex)

        def text(piece: str) -> None:
            children = stack[-1].children
            if not children or not isinstance(children[-1], _Chunk):
                children.append(_Chunk())
            chunk = children[-1]
            assert isinstance(chunk, _Chunk)
            chunk.pieces.append((piece, offset(parser.CurrentByteIndex)))

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.SkippedEntityHandler = lambda name, parameter: None if parameter else text(_named(name))
        _parse(parser, self.source)
        root = top.children[0]
        assert isinstance(root, _Node)
        return root

    def _find(self, path: Path) -> _Node | _Chunk:
        here: _Node | _Chunk = self._root
        for step in path:
            if not isinstance(here, _Node) or not isinstance(step, int):
                raise LookupError(path)
            here = here.children[step]
        return here

    def text(self, path: Path) -> Text:
        if path and path[-1] == WHOLE:
            node = self._find(path[:-1])
            assert isinstance(node, _Node)
            return self._text(list(_chunks(node)), self._tag_end(node))
        if path and isinstance(path[-1], str):
            return self._attribute(path)
        here = self._find(path)
        if isinstance(here, _Chunk):
            return self._text([here], 0)
        chunks = [child for child in here.children if isinstance(child, _Chunk)]
        return self._text(chunks, self._tag_end(here))

    def _text(self, chunks: list[_Chunk], empty_at: int) -> Text:
        values: list[str] = []
        offsets: list[int] = []
        ends: list[int] = []
        end = empty_at
        for chunk in chunks:
            for value, start in chunk.pieces:
                values.append(value)
                end = self._piece_end(value, start)
                if end - start == len(value):
                    offsets += range(start, end)
                    ends += range(start + 1, end + 1)
                else:
                    offsets += [start] * len(value)
                    ends += [end] * len(value)
        return Text("".join(values), self.source, [*offsets, end], ends)

    def _piece_end(self, value: str, start: int) -> int:
        """The end of a piece of text: itself, a reference, or a line break."""
        text = self.source.text
        if text.startswith(value, start) and value != "&":
            return start + len(value)
        if text[start] == "&":
            return text.index(";", start) + 1 if value != "&" or _REFERENCE.match(text, start) else start + 1
        return start + (2 if text.startswith("\r\n", start) else 1)

    def _tag_end(self, node: _Node) -> int:
        """The offset after an element's start tag."""
        at = node.start
        text = self.source.text
        quote = ""
        while at < len(text):
            character = text[at]
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'":
                quote = character
            elif character == ">":
                return at + 1
            at += 1
        return at

    def _attribute_match(self, path: Path) -> re.Match[str]:
        node = self._find(path[:-1])
        if not isinstance(node, _Node) or not str(path[-1]).startswith("@"):
            raise LookupError(path)
        for found in _ATTRIBUTE.finditer(self.source.text, node.start, self._tag_end(node)):
            if found[1] == str(path[-1])[1:]:
                return found
        raise LookupError(path)

    def _attribute(self, path: Path) -> Text:
        found = self._attribute_match(path)
        at, end = found.span(2 if found[2] is not None else 3)
        values: list[str] = []
        offsets: list[int] = []
        text = self.source.text
        for reference in _REFERENCE.finditer(text, at, end):
            values.append(text[at : reference.start()])
            offsets += range(at, reference.start())
            character = _referred(reference)
            values.append(character)
            offsets += [reference.start()] * len(character)
            at = reference.end()
        values.append(text[at:end])
        offsets += range(at, end + 1)
        return Text("".join(values), self.source, offsets, offsets[1:])

    def span(self, path: Path) -> Span:
        if path and path[-1] == WHOLE:
            return self.span(path[:-1])
        if path and isinstance(path[-1], str):
            found = self._attribute_match(path)
            return Span(found.start(1), found.end())
        here = self._find(path)
        if isinstance(here, _Chunk):
            value, start = here.pieces[-1]
            return Span(here.pieces[0][1], self._piece_end(value, start))
        return self._element_span(here)

    def _element_span(self, node: _Node) -> Span:
        tag_end = self._tag_end(node)
        if self.source.text[tag_end - 2] == "/":
            return Span(node.start, tag_end)
        return Span(node.start, self.source.text.find(">", node.end) + 1)

    def elements(self) -> Iterator[Span]:
        """Where each element stands, from its first tag to its last."""
        waiting: list[_Node | _Chunk] = [self._root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, _Node):
                yield self._element_span(node)
                waiting += node.children

    def key_span(self, path: Path) -> Span:
        if path and path[-1] == WHOLE:
            return self.key_span(path[:-1])
        if path and isinstance(path[-1], str):
            found = self._attribute_match(path)
            return Span(*found.span(1))
        here = self._find(path)
        return Span(here.start, self._tag_end(here)) if isinstance(here, _Node) else self.span(path)

    def duplicates(self) -> list[Span]:
        return []


def _referred(reference: re.Match[str]) -> str:
    """What a reference in an attribute means; white space there is a blank."""
    if reference[1] or reference[2]:
        return chr(int(reference[1] or reference[2], 10 if reference[1] else 16))
    simple = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
    return simple.get(reference[3]) or _named(reference[3]) if reference[3] else " "


class _Offsets:
    """Byte offsets of the UTF-8 form to character offsets; asked in rising order, so linear."""

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._data = b"" if self._ascii else text.encode("utf-8", "surrogatepass")
        self._byte = 0
        self._character = 0

    def __call__(self, byte: int) -> int:
        if self._ascii:
            return byte
        step = self._data[self._byte : byte]
        # Continuation bytes don't begin a character.
        self._character += len(step) - sum(map(step.count, _CONTINUATION)) if len(step) > 64 else _characters(step)
        self._byte = byte
        return self._character


_CONTINUATION = [bytes([byte]) for byte in range(0x80, 0xC0)]


def _characters(data: bytes) -> int:
    return sum(1 for byte in data if byte & 0xC0 != 0x80)
