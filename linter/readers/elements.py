"""XML elements that know their way: a reader walks down an export and never loses the place it is at."""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Path
from ..documents import Document
from ..documents.xmltext import Element
from .nodes import Node


def local(tag: str) -> str:
    """The name of an element without the prefix or address of its namespace."""
    return tag.rpartition(":")[2].rpartition("}")[2]


class Part:
    """An element of a document and the path to it."""

    __slots__ = ("document", "element", "path")

    def __init__(self, element: Element, path: Path, document: Document) -> None:
        self.element = element
        self.path = path
        self.document = document

    @property
    def tag(self) -> str:
        return local(self.element.tag)

    @property
    def text(self) -> str:
        """What stands in it, without the blanks around that."""
        return self.element.text.strip()

    @property
    def node(self) -> Node:
        """Its text as a node, for what is made of texts."""
        return Node(self.element.text, self.path, self.document)

    def __iter__(self) -> Iterator[Part]:
        """The elements in it."""
        for number, child in self.element.elements():
            yield Part(child, (*self.path, number), self.document)

    def all(self, *tags: str) -> Iterator[Part]:
        """The elements of these names in it."""
        return (part for part in self if part.tag in tags)

    def first(self, tag: str) -> Part | None:
        """The first element of a name in it."""
        return next(self.all(tag), None)

    def value(self, tag: str) -> str:
        """What stands in the first element of a name, "" without one."""
        part = self.first(tag)
        return part.text if part is not None else ""

    def below(self) -> Iterator[Part]:
        """All elements in it, however deep, in their order."""
        for part in self:
            yield part
            yield from part.below()


def top(document: Document) -> Part:
    """The outermost element of an XML document."""
    return Part(document.value, (), document)
