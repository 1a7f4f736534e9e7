"""A policy's YAML with the place of every key and value, and what stands in a part of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..documents.yamlmistakes import TAB, told
from ..documents.yamlscalars import locate_scalar
from ..documents.yamltext import check_nesting
from ..expressions import expression
from ..source import Position, Source, SourceError, Span
from .errors import PolicyError, Problem

_MOST = 200_000  # values; a policy of hundreds of terms has some thousands
_BLANKS = expression(r"(?:[ \t]*\n)*")
_PROPERTIES = expression(r"^(?:[&!]\S*\s+)+")


@dataclass(frozen=True, repr=False)
class Node:
    """A YAML value: ``value`` is a str, int, float, bool, None, list of Node, or list of (key Node, value
    Node).
    """

    kind: str  # scalar, list, map
    value: Any
    source: Source
    span: Span

    def __repr__(self) -> str:
        return self.source.text[slice(*self.span)]

    def get(self, name: str) -> Node | None:
        """The value of a key of a map, None if it has none."""
        return self._values.get(name) if self.kind == "map" else None

    @cached_property
    def _values(self) -> dict[str, Node]:
        """The values of a map by their keys; of a key that stands twice the first."""
        return {key.value: value for key, value in reversed(self.value) if isinstance(key.value, str)}

    def plain(self) -> Any:
        """The value without places."""
        if self.kind == "map":
            return {str(key.value): value.plain() for key, value in self.value}
        if self.kind == "list":
            return [item.plain() for item in self.value]
        return self.value

    def at(self, path: list[str | int]) -> Node:
        """The node at a path of keys and indices; the nearest above where it goes on past the end."""
        node = self
        for step in path:
            if node.kind == "map":
                following = node.get(str(step))
            elif node.kind == "list" and isinstance(step, int) and step < len(node.value):
                following = node.value[step]
            else:
                following = None
            if following is None:
                return node
            node = following
        return node


def parse(source: Source, instead: str | None = None) -> Node:
    """The policy's YAML as nodes, or that of a text of the same length ``instead`` of it.

    Raises PolicyError with the place of what is no YAML, SourceError for too much.
    """
    import yaml

    text = source.text if instead is None else instead
    check_nesting(source, text)
    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_class(text)
        try:
            root = loader.get_single_node()
            return (
                _node(root, source, loader, 0, [_MOST])
                if root is not None
                else Node("scalar", None, source, Span(0, 0))
            )
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        reason, at = told(source.text, error)
        message = reason if reason == TAB else f"this is not YAML: {reason}"
        raise PolicyError([Problem(message, source, Span(at, min(at + 1, len(source.text))))]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(source.path, f"this is not YAML: {error}") from None


def _node(node: Any, source: Source, loader: Any, depth: int, left: list[int]) -> Node:
    import yaml

    left[0] -= 1
    if left[0] < 0:
        place = Position(node.start_mark.line + 1, node.start_mark.column + 1)
        raise SourceError(source.path, f"a policy of more than {_MOST:,} values, aliases unfolded", place)
    if depth > 30:
        raise SourceError(source.path, "nested too deeply for a policy", Position(node.start_mark.line + 1, 1))
    span = Span(node.start_mark.index, node.end_mark.index)
    if isinstance(node, yaml.ScalarNode):
        return Node("scalar", _scalar(node, loader), source, _trimmed(source.text, span))
    if isinstance(node, yaml.SequenceNode):
        return Node("list", [_node(item, source, loader, depth + 1, left) for item in node.value], source, span)
    for key, _ in node.value:
        if key.tag.endswith(":merge"):
            message = "'<<' takes in another mapping, which a policy can't: write out here what stands there"
            raise PolicyError([Problem(message, source, Span(key.start_mark.index, key.end_mark.index))])
    pairs = [
        (_as_name(_node(k, source, loader, depth + 1, left)), _node(v, source, loader, depth + 1, left))
        for k, v in node.value
    ]
    return Node("map", pairs, source, span)


def _as_name(key: Node) -> Node:
    """A key as the text that it is written as where it is a list or a mapping, which no part of a policy is called."""
    return key if key.kind == "scalar" else Node("scalar", repr(key), key.source, key.span)


def _scalar(node: Any, loader: Any) -> Any:
    """The value of a scalar; off, on, yes and no are words (``level: off``, the language ``no``)."""
    word = str(loader.construct_scalar(node))
    if node.tag.endswith(":str") or (node.tag.endswith(":bool") and word.lower() not in ("true", "false")):
        return word
    try:
        return loader.construct_object(node)
    # A date that is none, such as 2027-13-45, or what has a tag that says it is something else than it is.
    except (ValueError, LookupError, AttributeError):
        return word


def _trimmed(text: str, span: Span) -> Span:
    end = span.end
    while end > span.start + 1 and text[end - 1 : end].isspace():
        end -= 1
    return Span(span.start, end)


def items(node: Node | None) -> list[Node]:
    """The items of a list; what is no list counts as one item."""
    if node is None or node.value is None:
        return []
    return list(node.value) if node.kind == "list" else [node]


def pairs(node: Node | None) -> list[tuple[Node, Node]]:
    """The keys and values of a map."""
    return list(node.value) if node is not None and node.kind == "map" else []


def text_of(node: Node | None) -> str:
    """A scalar as a text, "" where there is none."""
    return "" if node is None or node.value is None else str(node.value)


def key_of(node: Node, name: str) -> Node:
    """The key of a map, the map's first one where it has none of that name."""
    return next((key for key, _ in pairs(node) if key.value == name), head(node))


def head(node: Node) -> Node:
    """The first key of a map, so that a caret stands under a word and not under a whole block."""
    if node.kind == "map" and node.value:
        return node.value[0][0]  # type: ignore[no-any-return]
    return node


def shown(node: Node) -> str:
    """A node as a mistake in it names it."""
    if node.kind == "scalar":
        written = node.value if isinstance(node.value, str) else node.source.text[node.span.start : node.span.end]
        return "nothing" if node.value is None else f"'{written}'"
    return {"list": "a list", "map": "a mapping"}[node.kind]


def within(node: Node, text: str, start: int, end: int) -> Span:
    """Offsets in a scalar's value as a span of the file, also where it is folded over lines or escaped."""
    raw = node.source.text[node.span.start : node.span.end]
    at = raw.find(text)
    end = max(end, start + 1)
    if at >= 0:
        return Span(node.span.start + at + start, node.span.start + at + end)
    style = _PROPERTIES.sub("", raw)[:1]
    below = _BLANKS.match(node.source.text, node.span.end) if style in ("|", ">") else None
    whole = below.end() if below is not None else node.span.end
    located = locate_scalar(node.source, text, style if style in "'\"|>" else "", node.span.start, whole)
    if end > len(text):  # where it ends too early
        behind = located.span(0, len(text.rstrip())).end
        return Span(behind, behind + 1)
    return located.span(start, end)
