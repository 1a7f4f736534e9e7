"""Skills of Rasa: ``skill.md``, prose for a language model with blocks of steps in it that are followed in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..documents import Document, embedded
from ..expressions import expression
from ..source import SourceError
from .exports import folder_of, stem_of
from .markdown_parts import front_matter
from .nodes import Node

_OPENS = expression(r"^:::[ \t]*ordered_block\b([^\n]*)\n", re.MULTILINE)
_CLOSES = expression(r"^:::[ \t]*$", re.MULTILINE)
_ID = expression(r"""\bid\s*=\s*["']?([\w.-]+)""")
_KEYS = frozenset({"requires", "complete_when", "import_tools", "tool_constraints", "utter", "invoke"})
_SPEAKS = expression(r"@(?:block|skill|tool|memory|response)\.\w|\bsession\.\w+\.\w")


class Skill(NamedTuple):
    """A skill's name, what stands in its head, its blocks by name, and the prose between them."""

    name: str
    head: Node
    blocks: dict[str, Node]
    prose: tuple[Document, ...]


def is_skill(document: Document) -> bool:
    """Whether a Markdown file is a skill of Rasa, and no skill of a coding assistant, which begins alike."""
    if document.kind != "markdown" or not document.source.text.startswith("---"):
        return False
    text = document.source.text
    head = _head(document)
    if not isinstance(head, dict) or "name" not in head or "description" not in head:
        return False
    return bool(_KEYS & head.keys()) or next(_blocks(text, 0), None) is not None or _SPEAKS.search(text) is not None


def _head(document: Document) -> Any:
    inner = _part(document, *front_matter(document.source.text), "yaml")
    return inner.value if inner is not None else None


def _part(document: Document, start: int, end: int, kind: str) -> Document | None:
    try:
        return embedded(document, (), start, end, kind)
    except SourceError:
        return None


def skill(document: Document) -> Skill:
    """The parts of a skill, each with its places. A skill is called as its folder is."""
    text = document.source.text
    start, end = front_matter(text)
    head = _part(document, start, end, "yaml")
    blocks: dict[str, Node] = {}
    for opened, closed in _blocks(text, end):
        inner = embedded(document, (), opened.end(), closed.start(), "yaml")
        name = _ID.search(opened[1])
        blocks[name[1] if name else f"block{len(blocks)}"] = Node(inner.value, (), inner)
    return Skill(
        folder_of(document) or stem_of(document),
        Node(head.value if head else None, (), head or document),
        blocks,
        tuple(_prose(document, end)),
    )


def _blocks(text: str, start: int) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """The lines that open and close each ordered block."""
    while (opened := _OPENS.search(text, start)) and (closed := _CLOSES.search(text, opened.end())):
        yield opened, closed
        start = closed.end()


def _prose(document: Document, start: int) -> Iterator[Document]:
    text = document.source.text
    for opened, closed in (*_blocks(text, start), (None, None)):
        end = opened.start() if opened else len(text)
        piece = text[start:end]
        if piece.strip(" -\n\r\t"):
            first = start + len(piece) - len(piece.lstrip(" -\n\r\t"))
            inner = _part(document, first, end, "markdown")
            if inner is not None:
                yield inner
        start = closed.end() if closed else end
