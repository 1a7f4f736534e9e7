"""The texts that a program says in so many words: ``msg.payload.content = 'Hello ' + name + '!'``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..expressions import FILLED, IN_TEMPLATE
from ..source import Span
from .common import is_text
from .prose import is_sentence

_STRING = rf"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`{IN_TEMPLATE}*`)"""
_CHOICE = r"""(?:(?:[^,;{}\n'"`?|:]|\?(?=\.)|\|(?!\|)|'[^'\n]{0,40}'|"[^"\n]{0,40}"){1,200}(?:\|\||\?\??|:)\s*){1,3}?"""
"""What stands before a literal that is taken where another value is not there, or where something holds."""
_ASSIGNED = re.compile(
    r"""(?<![\w$])["']?(?P<name>[\w$]{1,80})["']?\s*(?P<sign>\+?=|:)\s*"""
    rf"(?P<other>{_CHOICE})?"
    r"""(?:f(?=["']))?"""
    rf"(?P<text>{_STRING}(?:\s*\+\s*(?:[\w$.\[\]() ]{{1,80}}?\+\s*)?{_STRING})*)",
    re.DOTALL,
)
_ELSE = re.compile(rf"\s*:\s*({_STRING})", re.DOTALL)
_MADE = re.compile(r"""(?<![\w$.])["']?(?P<name>[\w$]{1,80})["']?\s*(?:\+?=(?![=>])|:)\s*(?P<value>[^,;\n{}]{1,400})""")
_TAKEN_APART = re.compile(r"\{([^{}]{1,200})\}\s*=\s*[\w$.()]{0,80}json\b")
_PROPERTY = re.compile(r"""(?:\.|\[["'])([\w$]+)""")
_VARIABLE = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$]*")
_KEPT = re.compile(
    r"""(?<![\w$])(?:flow|global|context|chat)\s*\.\s*set\(\s*(["'`])(?P<name>[^"'`\n]{1,80})\1\s*,\s*"""
)
_WHOLE = re.compile(rf"{_STRING}(?:\s*\+\s*(?:[\w$.\[\]() ]{{1,80}}?\+\s*)?{_STRING})*", re.DOTALL)
_BRACKET = re.compile(rf"{_STRING}|[()]", re.DOTALL)
_LONGEST_CALL = 10_000  # characters
_QUOTED = re.compile(_STRING, re.DOTALL)
_QUOTE = re.compile(r"['\"`]")
_OPENED = {
    "'": re.compile(r"'(?:[^'\\]|\\.)*"),
    '"': re.compile(r'"(?:[^"\\]|\\.)*'),
    "`": re.compile(rf"`{IN_TEMPLATE}*", re.DOTALL),
}
_INSIDE = re.compile(FILLED, re.DOTALL)
_COMPARED = re.compile(r"[=!]=\s*$")
_NEAR = 6  # characters before a literal, in which it is told that something is compared with it
_COMMENT = re.compile(r"\s*(?://|\*|/\*|#)")
_SPOKEN = re.compile(
    r"(?:\w*(?:_|[a-z](?=[A-Z])))?(?i:message|text|reply|msg|response|mensagem|mensaje|resposta|respuesta|texto|bericht"
    r"|nachricht)"
)


class Said(NamedTuple):
    """A string, or several with what stands between them, and the name that it is given."""

    name: str
    is_key: bool
    start: int
    text: str

    @property
    def is_spoken(self) -> bool:
        """Whether its name says that it is a text."""
        return _SPOKEN.fullmatch(self.name) is not None


class Made(NamedTuple):
    """A field or variable, and what it is made from: properties of other values, and variables."""

    name: str
    fields: list[str]
    variables: list[str]


def literals(text: str, start: int = 0, end: int | None = None, quotes: str = "'\"") -> Iterator[Span]:
    """The literals of an expression, with their quotes.

    Where a quote is never closed, no other of its kind is up to where its text ends: each stands behind a backslash.
    """
    last = len(text) if end is None else end
    open_to = dict.fromkeys(quotes, start)
    while (mark := _QUOTE.search(text, start, last)) is not None:
        at, start = mark.start(), mark.end()
        if at >= open_to.get(mark[0], last) and (opened := _OPENED[mark[0]].match(text, at, last)) is not None:
            if opened.end() < last and text[opened.end()] == mark[0]:
                start = opened.end() + 1
                yield Span(at, start)
                yield from _inside(text, at, start, quotes)
            else:
                open_to[mark[0]] = opened.end()


def _inside(text: str, start: int, end: int, quotes: str) -> Iterator[Span]:
    """The literals in what is filled into a template literal."""
    for filled in _INSIDE.finditer(text, start, end) if text.find("`", start, end) >= 0 else ():
        yield from literals(text, filled.start(), filled.end(), quotes)


def sentences_in(code: str) -> Iterator[tuple[int, str]]:
    """The sentences among the literals of an expression, with where they begin; what it compares with is none."""
    lines = _Lines(code)
    for start, end in literals(code, quotes="'\"`"):
        text = code[start + 1 : end - 1]
        if lines.are_said(start) and is_sentence(text) and not _COMPARED.search(code[max(0, start - _NEAR) : start]):
            yield start + 1, text


class _Lines:
    """The lines of code, asked for in their order, of which those that are commented out aren't said."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._before = 0
        self._comment = _COMMENT.match(code)

    def are_said(self, at: int) -> bool:
        """Whether the line of a place is none that is commented out."""
        line = self._code.rfind("\n", self._before, at) + 1
        if line:
            self._comment = _COMMENT.match(self._code, line)
        self._before = at
        return self._comment is None or self._comment.end() > at


def said_in(code: str) -> Iterator[Said]:
    """What has a name in the code and is a text; what is commented out isn't said."""
    lines = _Lines(code)
    for found in _ASSIGNED.finditer(code):
        is_said = lines.are_said(found.start())
        text = found["text"][1:-1]
        if is_said and is_text(text):
            yield Said(found["name"], found["sign"] == ":", found.start("text") + 1, text)
            for literal in _inside(code, *found.span("text"), "'\"`"):
                inner = code[literal.start + 1 : literal.end - 1]
                if is_sentence(inner) and not _COMPARED.search(code[max(0, literal.start - _NEAR) : literal.start]):
                    yield Said(found["name"], found["sign"] == ":", literal.start + 1, inner)
        if found["other"] and "?" in found["other"] and (other := _ELSE.match(code, found.end())) is not None:
            text = other[1][1:-1]
            if is_said and is_text(text):
                yield Said(found["name"], found["sign"] == ":", other.start(1) + 1, text)


def kept_in(code: str) -> Iterator[Said]:
    """What a program of Node-RED keeps for others by a name: ``flow.set('ask', 'Which lamp is it?')``."""
    lines = _Lines(code)
    for found in _KEPT.finditer(code):
        if not lines.are_said(found.start()):
            continue
        whole = _WHOLE.match(code, found.end())
        if whole is not None:
            yield Said(found["name"], False, whole.start() + 1, whole[0][1:-1])
            continue
        for start, end in literals(code, found.end(), _end_of_call(code, found.end()), quotes="'\"`"):
            if is_sentence(text := code[start + 1 : end - 1]):
                yield Said(found["name"], True, start + 1, text)


def _end_of_call(code: str, start: int) -> int:
    """Where the brackets of a call end in which a place is, those in strings aside."""
    last = min(len(code), start + _LONGEST_CALL)
    depth = 1
    for found in _BRACKET.finditer(code, start, last):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    return last


def made_in(code: str) -> Iterator[Made]:
    """What each name in the code is made from, as far as a line tells."""
    for found in _MADE.finditer(code):
        value = _QUOTED.sub("", found["value"])
        yield Made(found["name"], _PROPERTY.findall(found["value"]), _VARIABLE.findall(value))
    for found in _TAKEN_APART.finditer(code):
        for name in _VARIABLE.findall(found[1]):
            yield Made(name, [name], [])
