"""Where each character of a YAML scalar stands.

libyaml says where a scalar begins and ends and what it means; these functions repeat its decoding and note
where each character came from. The result is compared with libyaml's own value.
"""

from __future__ import annotations

import re

from ..source import Source, Text

_PROPERTIES = re.compile(r"(?:[&!][^\s]*(?:[ \t]+(?:#[^\r\n]*)?|[\r\n]+)*)+")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_FOLD = re.compile("[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*")
_DOUBLE = re.compile(
    "(?P<fold>[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
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
_HEADER = re.compile(r"[|>]([-+1-9]*)[^\r\n]*")
_KEPT_BREAKS = "\u2028\u2029"


class _Out:
    """Characters and where each came from."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.offsets: list[int] = []

    def copy(self, text: str, start: int, end: int) -> None:
        self.characters.append(text[start:end])
        self.offsets += range(start, end)

    def put(self, character: str, offset: int) -> None:
        self.characters.append(character)
        self.offsets.append(offset)

    def put_all(self, breaks: list[tuple[str, int]]) -> None:
        for character, offset in breaks:
            self.put(character, offset)

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
    out, last = _decode(text, value, style, start, end)
    if out.value() != value:
        # Never seen; a place that is too wide is better than one that is wrong.
        return Text(value, source, [*[start] * len(value), end])
    return Text(value, source, [*out.offsets, last])


def _decode(text: str, value: str, style: str, start: int, end: int) -> tuple[_Out, int]:
    if style in ("|", ">"):
        return _block(text, value, start, end)
    out = _Out()
    if style == '"':
        _double(out, text, start, end)
    elif style == "'":
        _single(out, text, start, end)
    else:
        _plain(out, text, start, end)
    return out, end


def _breaks(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """The line breaks between two offsets as YAML reads them."""
    return [
        (found[0] if found[0] in _KEPT_BREAKS else "\n", found.start())
        for found in _BREAK.finditer(text, start, end)
    ]


def _fold(out: _Out, text: str, start: int, end: int) -> None:
    """One line break becomes a space, of more the first is dropped."""
    breaks = _breaks(text, start, end)
    if breaks[0][0] != "\n":
        out.put_all(breaks)
    elif len(breaks) == 1:
        out.put(" ", start)
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
            out.put("'", quote)
            stop += 2
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
            out.put(chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), here)
        elif kind == "code":
            out.put(chr(int(what[2:], 16)), here)
        else:
            out.put(_LETTERS.get(what[1], what[1]), here)
    out.copy(text, at, end)


def _block(text: str, value: str, start: int, end: int) -> tuple[_Out, int]:
    """A literal or folded block; its indentation is found by comparing with the value."""
    header = _HEADER.match(text, start, end)
    assert header is not None
    lines = _lines(text, header.end(), end)
    for indent in _indents(text, lines, value):
        out, last = _read_block(text, lines, indent, text[start] == ">", header[1])
        if out.value() == value:
            return out, last
    return _Out(), end


def _lines(text: str, start: int, end: int) -> list[tuple[int, int, str, int]]:
    """The lines after the header: start, end, the break as YAML reads it ("" at the end), its offset."""
    found = []
    first = _BREAK.match(text, start)
    at = first.end() if first else end
    while at < end:
        line_break = _BREAK.search(text, at, end)
        if line_break is None:
            found.append((at, end, "", end))
            break
        character = line_break[0] if line_break[0] in _KEPT_BREAKS else "\n"
        found.append((at, line_break.start(), character, line_break.start()))
        at = line_break.end()
    return found


def _indents(text: str, lines: list[tuple[int, int, str, int]], value: str) -> list[int]:
    """Indentations worth trying, the likeliest first."""
    wanted = next((line for line in value.split("\n") if line.strip(" ")), "")
    inner = len(wanted) - len(wanted.lstrip(" "))
    for start, end, _, _ in lines:
        line = text[start:end]
        if line.strip(" "):
            outer = len(line) - len(line.lstrip(" "))
            return [outer - inner, *range(outer, -1, -1)]
    widest = max((end - start for start, end, _, _ in lines), default=0)
    return list(range(widest, -1, -1))


def _read_block(
    text: str, lines: list[tuple[int, int, str, int]], indent: int, folded: bool, indicators: str
) -> tuple[_Out, int]:
    """libyaml's ``yaml_parser_scan_block_scalar``; returns the characters and the end of the last one."""
    out = _Out()
    leading: list[tuple[str, int]] = []
    trailing: list[tuple[str, int]] = []
    was_blank = False
    end = lines[0][0] if lines else 0
    for start, stop, line_break, break_at in lines:
        content = start
        while content < stop and content - start < indent and text[content] == " ":
            content += 1
        broken = [(line_break, break_at)] if line_break else []
        if content == stop:
            trailing += broken
            continue
        blank = text[content] in " \t"
        if folded and leading and leading[0][0] == "\n" and not was_blank and not blank:
            if not trailing:
                out.put(" ", leading[0][1])
        else:
            out.put_all(leading)
        out.put_all(trailing)
        out.copy(text, content, stop)
        leading, trailing, was_blank, end = broken, [], blank, stop
    if "-" not in indicators and leading:
        out.put_all(leading)
        end = _after(text, leading[-1][1])
    if "+" in indicators and trailing:
        out.put_all(trailing)
        end = _after(text, trailing[-1][1])
    return out, end


def _after(text: str, offset: int) -> int:
    """The end of the line break at ``offset``."""
    found = _BREAK.match(text, offset)
    return found.end() if found else offset
