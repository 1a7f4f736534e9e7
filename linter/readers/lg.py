"""Language generation files (.lg): which texts a template can say, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEAD = re.compile(r"[ \t]*#[ \t]*([\w.]+)[ \t]*(?:\(.*)?$")
_VARIANT = re.compile(r"[ \t]*[-*+][ \t]?")
_BRANCH = re.compile(r"(?:IF|ELSEIF|ELSE IF|ELSE|SWITCH|CASE|DEFAULT)[ \t]*:", re.IGNORECASE)
_STRUCTURE = re.compile(r"[ \t]*\[(?!import\]|[^\]\n]*\]\()[ \t]*(\w+)[ \t]*(.*)$")
_PROPERTY = re.compile(r"[ \t]*([\w.]+)[ \t]*=[ \t]*")
_IMPORT = re.compile(r"[ \t]*\[[^\]\n]*\]\([^)\n]*\)")
_FENCE = "```"
_TEXTS = {
    "text": "reply", "title": "reply", "subtitle": "reply", "message": "reply", "displaytext": "reply",
    "suggestedactions": "button", "buttons": "button", "speak": "speak",
}  # fmt: skip


@dataclass
class Piece:
    """A text in the file, from ``start`` to ``end``: a variant, or the value of a structure's property.

    ``kind`` is reply, button, speak, card (JSON) or other (a value that customers don't read). ``variant`` is the
    number of the variant that it is of.
    """

    kind: str
    start: int
    end: int
    variant: int = 0


@dataclass
class Template:
    """A template with its place. ``open`` is how many of its conditions are without an otherwise."""

    name: str
    start: int
    pieces: list[Piece] = field(default_factory=list)
    variants: int = 0
    open: int = 0


def looks_like_lg(text: str) -> bool:
    """Whether a text has a template's head and a body below it."""
    return any(template.pieces for template in templates(text))


def templates(text: str) -> Iterator[Template]:
    """The templates of a file in order."""
    current: Template | None = None
    lines = _Lines(text)
    while not lines.done:
        start, line = lines.next()
        head = _HEAD.match(line)
        if head is not None:
            if current is not None:
                yield current
            current = Template(head[1], start + line.index("#"))
        elif current is None or not line.strip() or line.lstrip()[0] == ">" or _IMPORT.match(line):
            continue
        elif _STRUCTURE.match(line):
            current.variants += 1
            _structure(lines, start, line, current)
        else:
            _variant(lines, start, line, current)
    if current is not None:
        yield current


class _Lines:
    """Lines with the place where they begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def next(self) -> tuple[int, str]:
        start = self.at
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.at = end + 1
        return start, self.text[start:end].rstrip("\r")

    def fenced(self, start: int) -> tuple[int, int]:
        """The inside of a fence that opens at ``start``; the lines go on after it."""
        inner = start + len(_FENCE)
        end = self.text.find(_FENCE, inner)
        end = len(self.text) if end < 0 else end
        line = self.text.find("\n", end)
        self.at = len(self.text) if line < 0 else line + 1
        return inner, end


def _add(template: Template, text: str, kind: str, start: int, end: int) -> None:
    """Add a text without the blanks around it."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    end -= len(inside) - len(inside.rstrip())
    if start < end:
        if kind == "reply" and text[start] in "{[" and text[end - 1] in "}]" and '"' in text[start:end]:
            kind = "card"
        template.pieces.append(Piece(kind, start, end, template.variants))


def _variant(lines: _Lines, start: int, line: str, template: Template) -> None:
    mark = _VARIANT.match(line)
    at = start + (mark.end() if mark else 0)
    branch = _BRANCH.match(line, mark.end()) if mark is not None else None
    if branch is not None:
        word = branch[0].rstrip(": \t").upper()
        template.open += 1 if word in ("IF", "SWITCH") else -1 if word in ("ELSE", "DEFAULT") else 0
        return
    template.variants += 1
    if lines.text.startswith(_FENCE, at):
        at, end = lines.fenced(at)
    else:
        end = start + len(line)
    _add(template, lines.text, "reply", at, end)


def _structure(lines: _Lines, start: int, line: str, template: Template) -> None:
    """``[Activity`` and the like: a property a line, until the bracket closes."""
    one_line = line.rstrip().endswith("]")
    if one_line:
        found = _STRUCTURE.match(line)
        assert found is not None
        _property(lines, start + found.start(2), found[2].rstrip()[:-1], template)
        return
    while not lines.done:
        start, line = lines.next()
        if line.strip() == "]" or _HEAD.match(line):
            if line.strip() != "]":
                lines.at = start
            return
        _property(lines, start, line, template)


def _property(lines: _Lines, start: int, line: str, template: Template) -> None:
    found = _PROPERTY.match(line)
    if found is None:
        return
    kind = _TEXTS.get(found[1].lower(), "other")
    at = start + found.end()
    if lines.text.startswith(_FENCE, at):
        at, end = lines.fenced(at)
        _add(template, lines.text, kind, at, end)
        return
    end = start + len(line)
    while lines.text[at:end].endswith("\\") and not lines.done:
        following, more = lines.next()
        end = following + len(more)
    for first, last in _choices(lines.text, at, end) if kind == "button" else ((at, end),):
        _add(template, lines.text, kind, first, last)


def _choices(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between bars, but for those inside of braces."""
    depth = 0
    first = start
    for at in range(start, end):
        character = text[at]
        if character == "{":
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
        elif character == "|" and depth == 0 and text[at - 1] != "\\":
            yield first, at
            first = at + 1
    yield first, end
