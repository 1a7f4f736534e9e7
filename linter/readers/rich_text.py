"""Texts that an editor keeps as a tree.

ProseMirror (TipTap, Atlassian), Slate, Lexical, Contentful, Portable Text, Draft.js, Editor.js, Notion, BlockNote and
Quill differ in names only: blocks hold runs, and a run holds characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..conversation import Located, Path
from .nodes import Joined, Node

_LISTS = ("content", "children", "blocks", "ops", "rich_text")
"""Names of a list of blocks or of runs."""
_INSIDE = (*_LISTS, "root", "data", "items")
_INLINE = frozenset(
    ["text", "span", "link", "autolink", "a", "hyperlink", "entry-hyperlink", "asset-hyperlink", "mention", "emoji"]
)
_LINE = ("\n", None)
_SAMPLE = 3


def is_rich(value: Any) -> bool:
    """Whether a value is the tree of an editor: a list of its blocks or runs, or a mapping with such a list."""
    if isinstance(value, list):
        return _all(value, _is_block)
    if not isinstance(value, dict):
        return False
    root = value["root"] if isinstance(value.get("root"), dict) else value
    return any(isinstance(root.get(name), list) and _all(root[name], _is_node) for name in _LISTS)


def _all(nodes: list[Any], test: Callable[[dict[str, Any]], bool]) -> bool:
    """Whether the first nodes pass a test, or some of them do and the others have a type: an image, a line."""
    sample = nodes[:_SAMPLE]
    if not all(isinstance(node, dict) for node in sample):
        return False
    passed = [test(node) for node in sample]
    return any(passed) and all(ok or _kind(node) for ok, node in zip(passed, sample, strict=True))


def _is_node(value: dict[str, Any]) -> bool:
    return _is_block(value) or (_kind(value) == "text" and _run(value) is not None)


def _is_block(value: dict[str, Any]) -> bool:
    """A block, or a run that no list of messages could hold."""
    if "insert" in value:
        return value.keys() <= {"insert", "attributes"}
    kind = _kind(value)
    if any(isinstance(value.get(name), list) for name in _LISTS):
        return bool(kind) or value.keys() <= {"children", "id", "key"}
    if "plain_text" in value or "entityRanges" in value:
        return _run(value) is not None
    own, data = value.get(kind), value.get("data")
    return bool(kind) and (
        (isinstance(own, dict) and "rich_text" in own)
        or (isinstance(data, dict) and isinstance(data.get("text", data.get("items")), (str, list)))
    )


def _kind(value: dict[str, Any]) -> str:
    kind = value.get("type", value.get("nodeType", value.get("_type")))
    return kind if isinstance(kind, str) else ""


def _run(value: dict[str, Any]) -> Path | None:
    """The way from a run to its characters; None where it is no run."""
    text = value.get("text")
    if isinstance(text, dict) and isinstance(text.get("content"), str):
        return ("text", "content")
    names = ["insert", "text", "plain_text"]
    if _kind(value) == "text":
        names.append("value")
    if "items" in value:
        names.append("content")
    return next(((name,) for name in names if isinstance(value.get(name), str)), None)


def joined(document: Located, value: Any, path: Path) -> Joined:
    """The tree as one text, a line for each block."""
    parts: list[Node | str] = []
    for text, at in _runs(value, path):
        if at is not None:
            parts.append(Node(text, at, document))
        elif parts and parts[-1] != text:
            parts.append(text)
    while parts and isinstance(parts[-1], str):
        parts.pop()
    return Joined(document, parts)


def plain(value: Any) -> str:
    """What the tree says, without its places."""
    return "".join(text for text, _ in _runs(value, ()))


def _runs(value: Any, path: Path) -> Iterator[tuple[str, Path | None]]:
    """The texts of a tree with the ways to them; what ends a line has none."""
    if isinstance(value, str):
        yield value, path
        yield _LINE
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _runs(item, (*path, number))
    elif isinstance(value, dict):
        kind, run = _kind(value), _run(value)
        if run is not None:
            yield (value[run[0]][run[1]] if len(run) > 1 else value[run[0]]), (*path, *run)
        inside = ("items",) if run is not None else dict.fromkeys((*_INSIDE, kind))
        for name in inside:
            if isinstance(value.get(name), (list, dict)):
                yield from _runs(value[name], (*path, name))
        is_block = run is None and kind not in _INLINE and (kind or not value.keys().isdisjoint(_LISTS))
        if is_block or "entityRanges" in value or "items" in value:
            yield _LINE
