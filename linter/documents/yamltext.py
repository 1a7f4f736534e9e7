"""YAML: values and places from libyaml's node graph, tolerant of what products write.

Strings that are meant as text stay text (dates, ``yes``, ``no``, ``012345``); only null, true, false and
numbers in the YAML 1.2 sense are converted. Tags no schema knows (``!Ref``) are ignored. Keys are strings.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from ..expressions import expression
from ..source import Source, SourceError, Span, Text, mistake
from .model import MAX_DEPTH, Path, Several, too_deep
from .yamlmistakes import told
from .yamlscalars import locate_scalar

_INTEGER = expression(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED = expression(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = expression(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".inf": float("inf"), ".Inf": float("inf"), ".INF": float("inf"), "+.inf": float("inf"),
    "-.inf": float("-inf"), "-.Inf": float("-inf"), "-.INF": float("-inf"),
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
}  # fmt: skip
_NUMERIC = frozenset("-+.0123456789")
_PLAIN, _TEXT, _NODE = "plain", "text", "node"
_TYPES = {"tag:yaml.org,2002:" + name: name for name in ("null", "bool", "int", "float")}
_SURROGATE = expression(r"\\u[dD]([89a-fA-F])")
_AT_START = expression(r"^([ ]*(?:- +)*(?:[\w.-]+:[ ]+)?)([@`%]|\*(?![\w]))", re.MULTILINE)
_SLASHES = expression(r"^([ ]*)//", re.MULTILINE)
_VERSION = expression(r"\A((?:[ \t]*(?:#.*)?\r?\n)*)%(?=YAML[ \t]+1\.\d+[ \t]*\r?$)", re.MULTILINE)
_FENCE = expression(r"^```(?=\w*[ \t]*$)", re.MULTILINE)
_FORMULA = expression(r"^([ ]*(?:- +)*[\w.-]+:[ ]+\"=)(.*)(?=\"[ \t]*$)", re.MULTILINE)
_BARE_FORMULA = expression(r"^([ ]*(?:- +)*[\w.-]+:[ ]+=)(.*: .*)$", re.MULTILINE)
# Stand-ins of the same length for what libyaml refuses; they are turned back in values.
_STANDINS = {"@": "\ue800", "`": "\ue801", "%": "\ue802", "*": "\ue803", '"': "\ue804", ":": "\ue805"}
_SEPARATORS = {"\u2028": "\ue806", "\u2029": "\ue807", "\x85": "\ue808"}  # end a line in YAML 1.1 alone
_NO_LINE_ENDS = str.maketrans(_SEPARATORS)
_BACK = {ord(standin): original for original, standin in (*_STANDINS.items(), *_SEPARATORS.items())}
_BINARY = "tag:yaml.org,2002:binary"
_WORDS_IN_A_ROW = expression(r"[^\W\d_]+[,;:]?\s+[^\W\d_]+")
_ALIAS_FACTOR = 10
_SMALL = 100_000  # characters
_latest: deque[tuple[Source, list[Any], bool]] = deque(maxlen=16)
"""The nodes of the texts that were read last, if they are small: places are mostly asked for soon, or never."""


def _loader(text: str) -> Any:
    """A libyaml composer for ``text`` whose tags say only whether a scalar is plain."""
    global _LOADER
    if _LOADER is None:
        _LOADER = _make_loader()
    return _LOADER(text)


_LOADER: Any = None


def _make_loader() -> Any:
    import yaml

    class Resolver:
        def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
            if kind is yaml.ScalarNode:
                return _PLAIN if implicit[0] else _TEXT
            return _NODE

        def descend_resolver(self, node: Any, index: Any) -> None:
            pass

        def ascend_resolver(self) -> None:
            pass

    try:
        from yaml._yaml import CParser

        class CLoader(CParser, Resolver):
            pass

        return CLoader
    except ImportError:
        from yaml.composer import Composer
        from yaml.parser import Parser
        from yaml.reader import Reader
        from yaml.scanner import Scanner

        class Loader(Reader, Scanner, Parser, Composer, Resolver):
            def __init__(self, text: str) -> None:
                Reader.__init__(self, text)
                Scanner.__init__(self)
                Parser.__init__(self)
                Composer.__init__(self)

        return Loader


def _compose(text: str) -> list[Any]:
    loader = _loader(text)
    try:
        nodes = []
        while loader.check_node():
            nodes.append(loader.get_node())
        return nodes
    finally:
        loader.dispose()


_BRACKETS = expression(r"[\[\]{}]")
_STEP = 20
_MAYBE_FAR_IN = expression(rf"[ \-?:]{{{MAX_DEPTH // _STEP}}}")
_FAR_IN = expression(rf"^[ \-?:]{{{MAX_DEPTH},}}", re.MULTILINE)


def check_nesting(source: Source, text: str) -> None:
    """Raise SourceError for a YAML text nested too deeply, of which some versions of the C library crash.

    Most texts are told by a cheap look; of the others the events are counted, which are made without recursion.
    """
    import yaml

    if not _is_far_in(text) and not _opens_many(text):
        return
    try:
        from yaml._yaml import CParser
    except ImportError:
        return  # Python's own recursion has a limit
    events = CParser(text)
    depth = 0
    try:
        while events.check_event():
            event = events.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise too_deep(source)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        pass  # whoever reads it says what is wrong
    finally:
        events.dispose()


def _is_far_in(text: str) -> bool:
    """Whether a line begins with so many blanks and marks; told by a few characters where there are none in a row."""
    return _MAYBE_FAR_IN.search(text[::_STEP]) is not None and _FAR_IN.search(text) is not None


def _opens_many(text: str) -> bool:
    """Whether so many brackets are open somewhere that a text may be nested deeply."""
    if text.count("[") + text.count("{") < MAX_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth >= MAX_DEPTH:
            return True
    return False


def _repaired(text: str) -> str:
    """The same text, every character in its place, without what libyaml refuses and products write.

    ``"\\ud83d\\ude00"``: a pair of surrogates (Rasa reads them); unquoted values that begin with ``@``,
    ``%``, a backtick or ``*/*``, ``//`` comments, formulas in quotes that hold quotes and bare ones that
    hold colons, fences around the whole (Copilot Studio reads them), a first version of YAML (osTicket); separators
    that end a line no more.
    """
    text = _VERSION.sub(r"\1#", text)
    if not text.isascii():
        text = text.translate(_NO_LINE_ENDS)
    text = _FENCE.sub("###", text)
    text = _SURROGATE.sub(lambda m: "\\ue" + format(int(m[1], 16) - 8, "x"), text)
    text = _AT_START.sub(lambda m: m[1] + _STANDINS[m[2]], text)
    text = _FORMULA.sub(lambda m: m[1] + m[2].replace('"', _STANDINS['"']), text)
    text = _BARE_FORMULA.sub(lambda m: m[1] + m[2].replace(": ", _STANDINS[":"] + " "), text)
    return _SLASHES.sub(r"\1##", text)


def _restored(value: str) -> str:
    """A value of a repaired text as its author meant it."""
    if value.isascii():
        return value
    value = value.translate(_BACK)
    wide = "".join(chr(ord(c) - 0xE000 + 0xD800) if "\ue000" <= c <= "\ue7ff" else c for c in value)
    return wide.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _graph(source: Source) -> tuple[list[Any], bool]:
    """The node graphs of a text, and whether it had to be repaired; raises SourceError."""
    import yaml

    text = source.text.rstrip("\0")
    check_nesting(source, text)
    try:
        return _compose(text), False
    except yaml.YAMLError as error:
        repaired = _repaired(text)
        if repaired != text:
            try:
                return _compose(repaired), True
            except yaml.YAMLError:
                pass
        raise _error(source, error) from None
    except RecursionError:
        raise too_deep(source) from None


def is_regular(source: Source) -> bool:
    """Whether a YAML text is read as it is, as any YAML reader would; raises SourceError."""
    return not _graph(source)[1]


def _error(source: Source, error: Exception) -> SourceError:
    reason, offset = told(source.text, error)
    if "exceeded maximum nesting depth" in reason:
        return too_deep(source)
    return mistake(source, offset, f"not valid YAML: {reason}")


def nodes(source: Source) -> Iterator[Any]:
    """All nodes of a YAML text, each once; raises SourceError."""
    seen: set[int] = set()
    waiting = list(_graph(source)[0])
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if node.id == "sequence":
            waiting += node.value
        elif node.id == "mapping":
            waiting += (part for pair in node.value for part in pair)


def load(source: Source) -> tuple[Any, bool]:
    """The value of a YAML text, and whether a key stands twice in a mapping; raises SourceError.

    The value is a Several when the text holds more than one document.
    """
    nodes, repaired = _graph(source)
    if len(source.text) < _SMALL:
        _latest.append((source, nodes, repaired))
    builder = _Builder(source, repaired)
    values = Several(builder.build(node, 0) for node in nodes)
    return (values[0] if len(values) == 1 else values if values else None), builder.repeats


def scalar(value: str, tag: str) -> Any:
    """What a scalar means: plain ones may be null, a truth value or a number, all others are text."""
    if tag != _PLAIN and tag not in _TYPES:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if value[0] not in _NUMERIC or len(value) > 1000:
        return value
    if _INTEGER.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value):
        return float(value)
    if _BASED.fullmatch(value):
        return int(value[2:], 8 if value[1] == "o" else 16)
    return value


def _says_something(value: str) -> bool:
    """Whether base64 stands for a text: Ruby writes one so that it doesn't know the encoding of."""
    from base64 import b64decode

    try:
        return _WORDS_IN_A_ROW.search(b64decode(value).decode()) is not None
    except ValueError:
        return False


def _pairs(node: Any, repaired: bool, source: Source) -> Iterator[tuple[str, Any, Any]]:
    """Keys, key nodes and value nodes of a mapping node as they stand, merge keys included."""
    for key_node, value_node in node.value:
        yield _key(key_node, repaired, source), key_node, value_node


def _key(node: Any, repaired: bool, source: Source) -> str:
    if not isinstance(node.value, str):
        return source.text[node.start_mark.index : node.end_mark.index].strip()
    return _restored(node.value) if repaired else node.value


def _is_merge(key: str, key_node: Any) -> bool:
    return key == "<<" and key_node.tag == _PLAIN


def _merged(node: Any) -> list[Any]:
    """The mappings a merge key names, the weakest first."""
    found = node.value[::-1] if node.id == "sequence" else [node]
    return [one for one in found if one.id == "mapping"]


class _Builder:
    """Node graph to values. Aliased values are built once; what they would unfold to is bounded."""

    def __init__(self, source: Source, repaired: bool) -> None:
        self._source = source
        self._repaired = repaired
        self._built: dict[int, tuple[Any, int] | None] = {}
        self._count = 0
        self.repeats = False
        self._limit = 100_000 + _ALIAS_FACTOR * len(source.text)

    def build(self, node: Any, depth: int) -> Any:
        self._count += 1
        value = node.value
        if type(value) is str:
            if self._repaired:
                value = _restored(value)
            return value if node.tag == _TEXT else self._scalar(node, value)
        if depth >= MAX_DEPTH:
            raise too_deep(self._source)
        known = self._built.get(id(node), ())
        if known is None:
            raise self._bad(node, "an alias that holds itself")
        if known:
            self._count += known[1]
            if self._count > self._limit:
                raise self._bad(node, "aliases that unfold to far more than the file holds")
            return known[0]
        self._built[id(node)] = None
        before = self._count
        built = [self.build(item, depth + 1) for item in value] if node.id == "sequence" else self._map(node, depth)
        self._built[id(node)] = built, self._count - before
        return built

    def _map(self, node: Any, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        plain = not self._repaired
        names = len(node.value)
        for key_node, value_node in node.value:
            key = key_node.value
            value = value_node.value
            if type(key) is not str or self._repaired:
                key = _key(key_node, self._repaired, self._source)
            if key == "<<" and _is_merge(key, key_node):
                names -= 1
                for other in _merged(value_node):
                    merged.update(self.build(other, depth + 1))
            elif plain and type(value) is str:  # as build does, without a call: most nodes of a file are these
                self._count += 1
                result[key] = value if value_node.tag == _TEXT else self._scalar(value_node, value)
            else:
                result[key] = self.build(value_node, depth + 1)
        if len(result) < names:
            self.repeats = True
        return {**merged, **result} if merged else result

    def _scalar(self, node: Any, value: str) -> Any:
        if node.tag == _BINARY and _says_something(value):
            raise self._bad(node, "a text written as !!binary, which nobody can read: write it as it is said")
        return scalar(value, node.tag)

    def _bad(self, node: Any, reason: str) -> SourceError:
        return mistake(self._source, node.start_mark.index, reason)


class YamlPlaces:
    """Places in a YAML text, from its nodes if they are still there, else from a second composition of it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        kept = next(((nodes, repaired) for of, nodes, repaired in list(_latest) if of is source), None)
        self._nodes, self._repaired = kept or _graph(source)
        self._maps: dict[int, dict[str, tuple[Any, Any]]] = {}

    def _members(self, node: Any) -> dict[str, tuple[Any, Any]]:
        known = self._maps.get(id(node))
        if known is None:
            known = {}
            merged: dict[str, tuple[Any, Any]] = {}
            self._maps[id(node)] = known
            for key, key_node, value_node in _pairs(node, self._repaired, self.source):
                if _is_merge(key, key_node):
                    for other in _merged(value_node):
                        merged.update(self._members(other))
                else:
                    known[key] = key_node, value_node
            for key, pair in merged.items():
                known.setdefault(key, pair)
        return known

    def _find(self, path: Path) -> tuple[Any, Any]:
        """The key node, if any, and the value node at ``path``."""
        key_node = None
        if len(self._nodes) == 1:
            node = self._nodes[0]
        else:
            if not path or not isinstance(path[0], int):
                raise LookupError(path)
            node, path = self._nodes[path[0]], path[1:]
        for step in path:
            key_node = None
            if node.id == "mapping":
                key_node, node = self._members(node)[str(step)]
            elif node.id == "sequence" and isinstance(step, int):
                node = node.value[step]
            else:
                raise LookupError(path)
        return key_node, node

    def text(self, path: Path) -> Text:
        node = self._find(path)[1]
        if node.id != "scalar":
            raise LookupError(path)
        value = _restored(node.value) if self._repaired else node.value
        style = node.style or ""
        return locate_scalar(self.source, value, style, node.start_mark.index, node.end_mark.index)

    def span(self, path: Path) -> Span:
        if not path and len(self._nodes) != 1:
            return Span(0, len(self.source.text))
        return self._span(self._find(path)[1])

    def key_span(self, path: Path) -> Span:
        if not path:
            return self.span(path)
        key_node, node = self._find(path)
        return self._span(node if key_node is None else key_node)

    def _span(self, node: Any) -> Span:
        start, end = node.start_mark.index, node.end_mark.index
        # A block ends where the next token begins; the blank lines between are not part of it.
        return Span(start, start + len(self.source.text[start:end].rstrip()))

    def duplicates(self) -> list[Span]:
        found: list[Span] = []
        seen: set[int] = set()
        todo = list(self._nodes)
        while todo:
            node = todo.pop()
            if id(node) in seen or node.id == "scalar":
                continue
            seen.add(id(node))
            if node.id == "sequence":
                todo += node.value
                continue
            last: dict[str, Any] = {}
            for key, key_node, value_node in _pairs(node, self._repaired, self.source):
                if key in last and not _is_merge(key, key_node):
                    found.append(self._span(last[key]))
                last[key] = key_node
                todo.append(value_node)
        return sorted(found)
