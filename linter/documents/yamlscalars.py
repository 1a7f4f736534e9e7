"""Where each character of a YAML scalar stands.

libyaml says where a scalar begins and ends and what it means; these functions repeat its decoding and note
where each character came from. The result is compared with libyaml's own value.
"""

from __future__ import annotations

import re

from ..expressions import expression
from ..source import Source, Text

_PROPERTIES = expression(r"(?:[&!][^\s]*(?:[ \t]+(?:#[^\r\n]*)?|[\r\n]+)*)+")
_BREAK = expression("\r\n|[\r\n\x85\u2028\u2029]")
# A fold begins where its blanks begin: tried at each blank of a long row, it would be looked for as often.
_FOLDED = "(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*"
_FOLD = expression(rf"(?<![ \t])[ \t]*{_FOLDED}")
_DOUBLE = expression(
    rf"(?P<fold>(?:(?<![ \t])|(?<=\\[ \t]))[ \t]*{_FOLDED})"
    "|\\\\(?P<join>(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
    "|\\\\(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    "|\\\\(?P<code>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
    "|\\\\(?P<letter>.)",
    re.DOTALL,
)
_LETTERS = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEADER = expression(r"[|>]([-+1-9]*)[^\r\n]*")
_KEPT_BREAKS = "\u2028\u2029"


_Break = tuple[str, int, int]
"""A line break: the character it is read as, its start and end."""


class _Out:
    """Characters and where each came from."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def copy(self, text: str, start: int, end: int) -> None:
        self.characters.append(text[start:end])
        self.starts += range(start, end)
        self.ends += range(start + 1, end + 1)

    def put(self, character: str, start: int, end: int) -> None:
        self.characters.append(character)
        self.starts.append(start)
        self.ends.append(end)

    def put_all(self, breaks: list[_Break]) -> None:
        for line_break in breaks:
            self.put(*line_break)

    def value(self) -> str:
        return "".join(self.characters)


def locate_scalar(source: Source, value: str, style: str, start: int, end: int) -> Text:
    """The scalar that libyaml found at ``start``..``end`` with the place of each character of ``value``."""
    text = source.text
    if text[start : start + 1] in ("&", "!"):
        properties = _PROPERTIES.match(text, start, end)
        assert properties is not None
        start = properties.end()
    if style in ("'", '"'):
        start, end = start + 1, end - 1
    if text[start:end] == value and style not in ("|", ">"):
        return Text(value, source, start)
    out = _decode(text, value, style, start, end)
    if out.value() != value:
        # Never seen; a place that is too wide is better than one that is wrong.
        return Text(value, source, [*[start] * len(value), end], [end] * len(value))
    return Text(value, source, [*out.starts, out.ends[-1] if value else end], out.ends)


def _decode(text: str, value: str, style: str, start: int, end: int) -> _Out:
    if style in ("|", ">"):
        return _block(text, value, start, end)
    out = _Out()
    if style == '"':
        _double(out, text, start, end)
    elif style == "'":
        _single(out, text, start, end)
    else:
        _plain(out, text, start, end)
    return out


def _breaks(text: str, start: int, end: int) -> list[_Break]:
    """The line breaks between two offsets as YAML reads them."""
    return [_read(found) for found in _BREAK.finditer(text, start, end)]


def _read(found: re.Match[str]) -> _Break:
    return found[0] if found[0] in _KEPT_BREAKS else "\n", found.start(), found.end()


def _fold(out: _Out, text: str, start: int, end: int) -> None:
    """One line break becomes a space, of more the first is dropped."""
    breaks = _breaks(text, start, end)
    if breaks[0][0] != "\n":
        out.put_all(breaks)
    elif len(breaks) == 1:
        out.put(" ", start, end)
    else:
        out.put_all(breaks[1:])


def _plain(out: _Out, text: str, start: int, end: int) -> None:
    at = start
    for fold in _FOLD.finditer(text, start, end):
        out.copy(text, at, fold.start())
        _fold(out, text, fold.start(), fold.end())
        at = fold.end()
    out.copy(text, at, end)


def _single(out: _Out, text: str, start: int, end: int) -> None:
    at = start
    while at < end:
        quote = text.find("''", at, end)
        stop = end if quote < 0 else quote
        _plain(out, text, at, stop)
        if quote >= 0:
            stop += 2
            out.put("'", quote, stop)
        at = stop


def _double(out: _Out, text: str, start: int, end: int) -> None:
    at = start
    for found in _DOUBLE.finditer(text, start, end):
        here = found.start()
        out.copy(text, at, here)
        at = found.end()
        kind = found.lastgroup
        what = found[0]
        if kind == "fold":
            _fold(out, text, here, at)
        elif kind == "join":
            out.put_all(_breaks(text, here, at)[1:])
        elif kind == "pair":
            high, low = int(what[2:6], 16), int(what[8:12], 16)
            out.put(chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), here, at)
        elif kind == "code":
            code = int(what[2:], 16)
            out.put("\ufffd" if 0xD800 <= code < 0xE000 else chr(code), here, at)
        else:
            out.put(_LETTERS.get(what[1], what[1]), here, at)
    out.copy(text, at, end)


_Line = tuple[int, int, list[_Break]]
"""A line of a block: start, end, and its line break if it has one."""


def _block(text: str, value: str, start: int, end: int) -> _Out:
    """A literal or folded block; its indentation is found by comparing with the value."""
    header = _HEADER.match(text, start, end)
    assert header is not None
    lines = _lines(text, header.end(), end)
    for indent in _indents(text, lines, value):
        out = _read_block(text, lines, indent, text[start] == ">", header[1])
        if out.value() == value:
            return out
    return _Out()


def _lines(text: str, start: int, end: int) -> list[_Line]:
    """The lines after the header; the last one of a file may lack its break."""
    found: list[_Line] = []
    first = _BREAK.match(text, start)
    at = first.end() if first else end
    while at < end:
        line_break = _BREAK.search(text, at, end)
        if line_break is None:
            found.append((at, end, []))
            break
        found.append((at, line_break.start(), [_read(line_break)]))
        at = line_break.end()
    return found


def _indents(text: str, lines: list[_Line], value: str) -> list[int]:
    """Indentations worth trying, the likeliest first."""
    wanted = next((line for line in value.split("\n") if line.strip(" ")), "")
    inner = len(wanted) - len(wanted.lstrip(" "))
    for start, end, _ in lines:
        line = text[start:end]
        if line.strip(" "):
            outer = len(line) - len(line.lstrip(" "))
            return [outer - inner, *range(outer, -1, -1)]
    widest = max((end - start for start, end, _ in lines), default=0)
    return list(range(widest, -1, -1))


def _read_block(text: str, lines: list[_Line], indent: int, folded: bool, indicators: str) -> _Out:
    """libyaml's ``yaml_parser_scan_block_scalar``."""
    out = _Out()
    leading: list[_Break] = []
    trailing: list[_Break] = []
    was_blank = False
    for start, stop, broken in lines:
        content = start
        while content < stop and content - start < indent and text[content] == " ":
            content += 1
        if content == stop:
            trailing += broken
            continue
        blank = text[content] in " \t"
        if folded and leading and leading[0][0] == "\n" and not was_blank and not blank:
            if not trailing:
                out.put(" ", leading[0][1], content)
        else:
            out.put_all(leading)
        out.put_all(trailing)
        out.copy(text, content, stop)
        leading, trailing, was_blank = broken, [], blank
    if "-" not in indicators:
        out.put_all(leading)
    if "+" in indicators:
        out.put_all(trailing)
    return out
