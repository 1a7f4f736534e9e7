"""JSON in Terraform files: ``jsonencode({…})``, with the keys of JSON or of Terraform (``name = "…"``), and heredocs.

What is no JSON in it is written as JSON in its place, each line as long as it was, so that places stay. Names in place
of values become null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..documents import Document, embedded
from ..documents.model import TooDeep, Whole
from ..source import Source, SourceError, Text
from .prose import is_sentence

_BEGINS = re.compile(r"(?:(?:\$\{|=)\s*jsonencode\(|=[ \t]*<<-?[ \t]*\w+[ \t]*\r?\n)\s*(?=\{)")
_BRACES = re.compile(r'"(?:[^"\\]|\\.)*(?P<closed>")?|[{}]')
_NOT_LINE_END = re.compile(r"[^\n]+")
# What is never closed reaches to the end, so that it is looked at once.
_INTERPOLATION = re.compile(r"\$\{[^}]*(?:\}|\Z)")
_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\$]|\\.|\$(?!\{)|\$\{[^}]*(?:\}|\Z))*)(?P<closed>")?'
    r"|(?P<comment>(?:\#|//)[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))"
    r"|<<-?[ \t]*(?P<mark>\w+)[ \t]*\r?\n(?P<lines>(?:(?![ \t]*(?P=mark)\b)[^\n]*\n)*)(?:[ \t]*(?P=mark)\b)?"
    r'|(?P<name>[A-Za-z_][\w.-]*(?:\["[^"]*"\]|\[[\w.]+\])*)'
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<mark_of_json>[{}\[\],:=])|(?P<other>[^\s{}\[\],:=\"]+)"
)
_CONSTANTS = frozenset(("true", "false", "null"))
_OPEN, _CLOSED = "{[", "}]"


class NoJson(Exception):
    """An expression that has more than one value."""


def holds_json(text: str) -> bool:
    """Whether a Terraform file has JSON in it."""
    return _BEGINS.search(text) is not None


def json_in(document: Document, wanted: re.Pattern[str]) -> Iterator[Document | None]:
    """The JSON of each ``jsonencode({…})`` and heredoc that has what is ``wanted`` in it; None where that can't be
    read."""
    text, at = document.source.text, 0
    while (start := _BEGINS.search(text, at)) is not None:
        at = _end(text, start.end())
        inside = text[start.end() : at]
        if wanted.search(inside):
            yield _read(document, start.end(), inside)


def _read(document: Document, start: int, inside: str) -> Document | None:
    for write in (str, _as_json):
        try:
            return _placed(document, start, write(inside))
        except TooDeep:
            raise
        except (SourceError, NoJson):
            continue
    return None


def _placed(document: Document, start: int, text: str) -> Document:
    whole = _Replaced(document.source, start, text)
    return embedded(Document("text", document.source, text, lambda: whole, document.encoding), ())


class _Replaced(Whole):
    """A part of a file that is written as JSON, in the places that it has there."""

    def __init__(self, source: Source, start: int, text: str) -> None:
        super().__init__(source)
        self._text, self._start = text, start

    def text(self, path: tuple[str | int, ...]) -> Text:
        return Text(self._text, self._source, self._start)


def _end(text: str, start: int) -> int:
    """Where the brace that opens at ``start`` closes."""
    depth = 0
    for found in _BRACES.finditer(text, start):
        if found["closed"]:
            continue
        for at in range(found.start(), found.end()):  # a brace, or all behind a quote that is never closed
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            if depth == 0 and text[at] == "}":
                return at + 1
    return len(text)


def _as_json(text: str) -> str:
    """The same as JSON; raises NoJson where that has no room or is no value."""
    return _Rewriting(text).rewritten()


def _blank(text: str) -> str:
    return _NOT_LINE_END.sub(lambda line: " " * len(line[0]), text)


class _Rewriting:
    """Writes Terraform's keys and expressions as JSON, character by character in its place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._made = list(_blank(text))
        self._tokens = [token for token in _TOKEN.finditer(text) if token["comment"] is None]
        self._at = 0

    def rewritten(self) -> str:
        self._value(0)
        return "".join(self._made)

    def _peek(self, ahead: int = 0) -> re.Match[str] | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _is(self, marks: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token is not None and token["mark_of_json"] is not None and token[0] in marks

    def _put(self, at: int, written: str) -> None:
        self._made[at : at + len(written)] = written

    def _next(self) -> re.Match[str]:
        token = self._peek()
        if token is None:
            raise NoJson
        self._at += 1
        return token

    def _value(self, depth: int) -> None:
        if depth > 200:
            raise NoJson
        if self._is(_OPEN):
            self._container(depth)
        else:
            self._expression()

    def _container(self, depth: int) -> None:
        token = self._next()
        self._put(token.start(), token[0])
        is_first = True
        while not self._is(_CLOSED):
            if self._is(","):
                self._at += 1
                continue
            if not is_first:
                self._comma()
            if token[0] == "{":
                self._key()
            self._value(depth + 1)
            is_first = False
        closing = self._next()
        self._put(closing.start(), closing[0])

    def _comma(self) -> None:
        """A comma between two items, where there is one or in the blanks between them."""
        before, here = self._peek(-1), self._peek()
        if before is None or here is None:
            raise NoJson
        if before["mark_of_json"] == ",":
            self._put(before.start(), ",")
            return
        blanks = [at for at in range(before.end(), here.start()) if self._text[at] in " \t"]
        if not blanks:
            raise NoJson
        self._put(blanks[0], ",")

    def _key(self) -> None:
        key = self._next()
        if not self._is("=:"):
            raise NoJson
        mark = self._next()
        if key["closed"]:
            self._put(key.start(), key[0])
            self._put(mark.start(), ":")
            return
        name, value = key["name"] or key["number"], self._peek()
        if not name or value is None:
            raise NoJson
        written = f'"{name}":'
        start = next((at for at in (key.start(), key.start() - 1) if at + len(written) <= value.start()), -1)
        if start < 0 or self._made[start] != " ":
            raise NoJson
        self._put(start, written)

    def _expression(self) -> None:
        """A constant, a text, or what Terraform works out: of that the one text that stands in it counts."""
        first = last = self._next()
        texts = [first]
        depth = _depth(first)
        while (token := self._peek()) is not None:
            is_behind = token["mark_of_json"] is not None and token[0] in ",}]"
            if depth <= 0 and (is_behind or "\n" in self._text[last.end() : token.start()]):
                break
            depth += _depth(token)
            last = self._next()
            texts.append(last)
        if len(texts) == 1 and (first["closed"] or first["mark"] or first["number"] or first[0] in _CONSTANTS):
            self._constant(first)
            return
        said = [one for one in texts if is_sentence(one["string"] or one["lines"] or "")]
        if len(said) > 1:
            raise NoJson
        if said:
            self._constant(said[0])
        else:
            self._put(first.start(), "null" if last.end() - first.start() >= len("null") else "0")

    def _constant(self, token: re.Match[str]) -> None:
        if token["mark"]:
            inner = re.sub(r'["\\]', "'", token["lines"])
            self._put(token.start(), '"')
            self._put(token.start("lines"), inner)
            self._put(token.end("lines"), '"')
        elif token["closed"]:
            inside = _INTERPOLATION.sub(lambda inner: inner[0].replace('"', "'"), token["string"])
            self._put(token.start(), f'"{inside}"')
        else:
            self._put(token.start(), token[0])


def _depth(token: re.Match[str]) -> int:
    """How many brackets a token of an expression opens more than it closes."""
    if token["closed"] or token["mark"]:
        return 0
    return sum({"(": 1, ")": -1, "[": 1, "]": -1, "{": 1, "}": -1}.get(character, 0) for character in token[0])
