"""A page of Markdown or plain text cut into parts with their places: headings, fences, quotes, tables, labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ..expressions import expression
from .prose import is_sentence

_HEADING = expression(r"(#{1,6})[ \t]+(.*)$")
_ATTRIBUTES = expression(r"[ \t]{1,9}(?:\{(?::|[ \t]{0,9}[#.][\w-]|/\*)[^{}]{0,200}\}|<!--[^<>]{0,200}-->)$")
"""What stands behind a heading for those who link to it: "{#refund}", "{: .note}", "<!-- refund -->"."""
_FENCE = expression(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)(.*)$")
_RULE = expression(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$")
_TITLED_RULE = expression(r"[ \t]*(?:-{3,}|={3,}|\*{3,})[ \t]*([^-=*\s].*)$")
_UNDERLINE = expression(r"[ \t]{0,3}(?:={2,}|-{3,})[ \t]*$")
_HTML_HEADING = expression(
    r"[ \t]*(?:<details\b[^<>]{0,200}>[ \t]*)?<(h[1-6]|summary)\b[^<>]{0,200}>(.{1,300}?)</\1>[ \t]*$", re.IGNORECASE
)
_TAG = expression(r"<[^<>]{1,200}>")
_QUOTE = expression(r"[ \t]{0,3}>[ \t]?")
_ROW = expression(r"[ \t]*\|.*\|[ \t]*$")
_DIVIDER = expression(r"[ \t]*\|[ \t:|-]+\|[ \t]*$")
_LABEL = expression(
    r"[ \t]*(?:[-*+][ \t]+)?(?:\*\*|__)([^*_]{1,60}?)(?::[ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*(.*)$"
)
_BARE_LABEL = expression(r"[ \t]*([^\W\d_][\w -]{1,24}|[A-Z]):[ \t]+(\S.*)$")
_BOLD_LINE = expression(r"[ \t]*(?:\d+[.)][ \t]+)?(?:\*\*|__)([^*_]{2,100}?)(?:\*\*|__)[ \t]*(?::[ \t]*)?$")
_LINE = expression(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_OTHER_ENDS = expression("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DASHES = expression(r"---[ \t]*(?:\r?\n|$)")
_LONGEST_TITLE = 80
FOLDED = 7
"""The level of what folded text is called."""
_MOST_LINES = 201  # of front matter, its end included


class Part(NamedTuple):
    """A part of the page. ``kind`` is heading, rule, fence, quote, row, label, bold or line.

    ``start`` and ``end`` are offsets of what is inside it: the lines of a fence, what follows a label. ``name``
    is the text of a heading, the word after a fence, the label; ``level`` that of a heading; of a label 1 when
    it is in bold. ``line`` is where a label begins.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    level: int = 0
    line: int = -1

    @property
    def begins(self) -> int:
        """Where it begins with all that belongs to it."""
        return self.start if self.line < 0 else self.line


@dataclass(slots=True)
class Page:
    """The parts of a text in order, blank lines left out, and where its body begins (behind front matter).

    ``html``: it is HTML; then ``cells`` has where the cells of a row stand, by where the row begins, ``first_rows``
    where tables begin with one.
    """

    text: str
    body: int = 0
    parts: list[Part] = field(default_factory=list)
    html: bool = False
    cells: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    first_rows: set[int] = field(default_factory=set)

    def inside(self, part: Part) -> str:
        return self.said(part.start, part.end)

    def said(self, start: int, end: int) -> str:
        """What stands there, as it is looked at to tell what it is: without the tags of HTML."""
        return words_of(self.text[start:end]) if self.html else self.text[start:end]

    def parted(self, start: int, end: int) -> bool:
        """Whether a blank line stands there; in HTML, whether it is more than one new line."""
        if not self.html:
            return self.text.count("\n", start, end) > 1
        between = self.text[start:end].lower()
        return between.count("<") > between.count("<br") or between.count("<br") > 1


@lru_cache(maxsize=2)
def cut(text: str, plain: bool = False) -> Page:
    """The parts of a text. In ``plain`` text there is no Markdown, but rules may have a title (``--- TITLE ---``).

    Remembered: a page is looked at to tell what it is, then to read it, then for what was not read.
    """
    page = Page(text, _front_matter(text))
    lines = _lines(text, page.body)
    number = 0
    underlines = False
    while number < len(lines):
        start, end = lines[number]
        line = text[start:end]
        if not line:
            number += 1
            continue
        if line.lstrip(" \t")[:1].isalpha():  # most lines are no more than that: no mark begins with a letter
            page.parts.append(_labelled(line, start, end))
            number += 1
            continue
        fence = _FENCE.match(line)
        if fence is not None:
            number = _fence(page, lines, number, fence)
        elif _QUOTE.match(line) and line.strip():
            number = _quote(page, lines, number)
        else:
            if _UNDERLINE.match(line) and (title := _underlined(page, lines, number, underlines)) is not None:
                page.parts[-1] = title
                underlines = True
            elif not line.isspace():
                page.parts.append(_part(line, start, end, plain))
            number += 1
    return page


def _underlined(page: Page, lines: list[tuple[int, int]], number: int, underlines: bool) -> Part | None:
    """The line above as a heading, since this one underlines it; None where this is a rule between two texts.

    A heading begins a paragraph and is its only line. A line as long as itself underlines it; any other line does in a
    page that begins with a heading or ``underlines`` its titles, if it is nothing that one says to a customer.
    """
    start, end = lines[number - 1] if number else (0, 0)
    above = page.text[start:end].rstrip()
    before = lines[number - 2] if number > 1 else (0, 0)
    begins = page.text[slice(*before)].isspace() or before[0] == before[1]
    if not above or not page.parts or not begins or page.parts[-1].end != end:
        return None
    if page.parts[-1].kind not in ("line", "label", "bold"):
        return None
    line = page.text[slice(*lines[number])].strip()
    first = len(page.parts) == 1
    sure = abs(len(line) - len(above.lstrip())) <= 2 or (first and line[0] == "=")
    if not sure and not (may_be_title(above) and (first or underlines or page.parts[0].kind == "heading")):
        return None
    title = _ATTRIBUTES.sub("", above).strip("#*_ \t")
    return Part("heading", start, lines[number][1], title, 1 if line[0] == "=" else 2)


def may_be_title(line: str) -> bool:
    """Whether a line can be what a reply is called: it is short, and nothing that one says to a customer."""
    return len(line) <= _LONGEST_TITLE and line[-1:] not in ".,;:!?" and not is_sentence(line)


def with_lf(text: str) -> str:
    """A text whose lines all end in CR alone, as some programs still write them, as long with LF in its place."""
    return text if "\n" in text or "\r" not in text else text.replace("\r", "\n")


def _lines(text: str, at: int) -> list[tuple[int, int]]:
    """Starts and ends of lines, line ends left out."""
    if _OTHER_ENDS.search(text) is not None:  # pasted from elsewhere; a line of the page goes on behind them
        return [found.span(1) for found in _LINE.finditer(text, at) if found[0]]
    found = []
    for line in text[at:].splitlines(keepends=True):
        found.append((at, at + len(line.rstrip("\r\n"))))
        at += len(line)
    return found


def _front_matter(text: str) -> int:
    """Where the text behind YAML front matter begins; 0 when there is none."""
    line = _DASHES.match(text)
    at = line.end() if line and line[0].endswith("\n") else 0
    for _ in range(_MOST_LINES if at else 0):
        if line := _DASHES.match(text, at):
            return line.end()
        at = text.find("\n", at) + 1
        if not at:
            break
    return 0


def front_matter(text: str) -> tuple[int, int]:
    """The span of the YAML between the lines of dashes; empty when there is none."""
    text = with_lf(text)
    end = _front_matter(text)
    if not end:
        return 0, 0
    first = text.index("\n") + 1
    return first, text.rindex("---", first, end)


def _fence(page: Page, lines: list[tuple[int, int]], number: int, fence: re.Match[str]) -> int:
    mark = fence[1]
    inner = number + 1
    while inner < len(lines):
        line = page.text[slice(*lines[inner])].strip()
        if line.startswith(mark) and not line.strip(mark[0]):
            break
        inner += 1
    if inner > number + 1:
        page.parts.append(Part("fence", lines[number + 1][0], lines[inner - 1][1], fence[2].lower()))
    return inner + 1


def _quote(page: Page, lines: list[tuple[int, int]], number: int) -> int:
    inner = number
    while inner < len(lines) and _QUOTE.match(page.text[slice(*lines[inner])]):
        inner += 1
    page.parts.append(Part("quote", lines[number][0], lines[inner - 1][1]))
    return inner


def _part(line: str, start: int, end: int, plain: bool) -> Part:
    heading = _HEADING.match(line)
    if heading is not None:
        title = _ATTRIBUTES.sub("", heading[2].strip())
        return Part("heading", start, end, title.rstrip("#").rstrip(), len(heading[1]))
    if line.lstrip()[0] == "<" and (written := _HTML_HEADING.match(line)) is not None:
        level = int(written[1][1]) if written[1][1].isdigit() else FOLDED
        return Part("heading", start, end, words_of(written[2]), level)
    if _RULE.match(line):
        return Part("rule", start, end)
    if plain:
        titled = _TITLED_RULE.match(line)
        if titled is not None:
            return Part("heading", start, end, titled[1].rstrip("-=* \t"), 1)
    if _ROW.match(line):
        return Part("divider" if _DIVIDER.match(line) else "row", start, end)
    bold = _BOLD_LINE.match(line)
    if bold is not None:
        return Part("bold", start, end, bold[1].strip(" :"))
    strong = _LABEL.match(line)
    if strong is not None:
        return Part("label", start + strong.start(2), end, strong[1].strip(), 1, _indented(line, start))
    return _labelled(line, start, end)


def words_of(html: str) -> str:
    """What a line of HTML says."""
    from html import unescape

    return " ".join(unescape(_TAG.sub("", html)).split())


def _labelled(line: str, start: int, end: int) -> Part:
    """A line that has no mark; there may be a label before what it says."""
    label = _BARE_LABEL.match(line) if ":" in line else None
    if label is not None:
        return Part("label", start + label.start(2), end, label[1].strip(), 0, _indented(line, start))
    return Part("line", start, end)


def _indented(line: str, start: int) -> int:
    return start + len(line) - len(line.lstrip(" \t"))
