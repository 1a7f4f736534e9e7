"""Lines that stand as titles over the replies of a page although no mark of Markdown says so.

``[Refund]``, ``== Refund ==``, ``Title: Refund``, ``1. Refund``, ``REFUND``, ``Refund:``, a line in bold, or the first
line of each paragraph: a page has one way, and begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import zip_longest

from ..expressions import expression
from .fields import role
from .markdown_parts import Page, Part, may_be_title

_BRACKETS = expression(r"[ \t]*\[([^\[\]|{}\n]{2,60})\]:?[ \t]*$")
_ENCLOSED = expression(r"[ \t]*([=*~#-])\1+[ \t]*([^\s=*~#-].{1,60}?)[ \t]*\1{2,}[ \t]*$")
_NUMBERED = expression(r"[ \t]*\d{1,3}[.)][ \t]+(\S.*?)[ \t]*$")
_COLON = expression(r"[ \t]*([^\s.!?:;,][^.!?:;,\n]{1,60}):[ \t]*$")
_LEVEL = 2  # below the page's own title


def with_titles(page: Page) -> Page:
    """The page with such lines as headings; the page itself where it has headings, or no such lines."""
    headings = [number for number, part in enumerate(page.parts) if part.kind == "heading"]
    if headings not in ([], [0]):
        return page
    blocks = list(_blocks(page, len(headings)))
    for title_of in _WAYS:
        titles = _titles(page, blocks, title_of)
        if titles:
            parts = [titles.get(number, part) for number, part in enumerate(page.parts)]
            return replace(page, parts=parts)
    return page


def with_labels(page: Page) -> Page:
    """The page with lines such as "Email body:" as labels, where what they are for stands indented below them."""
    parts = [
        Part("label", part.end, part.end, said[1].strip(), 1, part.begins) if said else part
        for part, said in zip(page.parts, _alone(page), strict=True)
    ]
    return replace(page, parts=parts) if any(part.kind == "label" for part in parts) else page


def _alone(page: Page) -> Iterator[re.Match[str] | None]:
    """For each part the name of a text or a subject that stands alone on its line, above an indented one."""
    for part, following in zip_longest(page.parts, page.parts[1:]):
        said = _COLON.match(page.text, part.begins, part.end) if part.kind == "line" and following else None
        if said is not None and role(said[1]).kind in ("text", "subject"):
            begins = page.text.rfind("\n", 0, following.begins) + 1
            yield said if page.text.startswith(("\t", "    "), begins) else None
        else:
            yield None


def _blocks(page: Page, first: int) -> Iterator[range]:
    """The numbers of the parts of each paragraph: of those with no blank line or rule between them."""
    start = first
    for number in range(first, len(page.parts)):
        part = page.parts[number]
        if number > start and (part.kind == "rule" or page.parted(page.parts[number - 1].end, part.begins)):
            yield range(start, number)
            start = number
        if part.kind == "rule":
            start = number + 1
    if start < len(page.parts):
        yield range(start, len(page.parts))


def _titles(page: Page, blocks: list[range], title_of: Callable[[Part, str], str]) -> dict[int, Part]:
    """The headings by their numbers among the parts; none where the page is not made in this way."""
    found: dict[int, Part] = {}
    for count, block in enumerate(blocks):
        part = page.parts[block[0]]
        line = page.said(part.begins, part.end)
        title = title_of(part, line) if title_of is not _first_of_block or len(block) > 1 else ""
        if title:
            found[block[0]] = Part("heading", part.begins, part.end, title, _LEVEL)
        elif not _is_title(page, block) if count == 0 else (not found or title_of is _first_of_block):
            return {}
    names = {title.name.lower() for title in found.values()}
    ends = [*list(found)[1:], len(page.parts)]
    filled = sum(end - start > 1 for start, end in zip(found, ends, strict=False))
    return found if len(found) > 1 and len(names) > 0.7 * len(found) and filled > 0.7 * len(found) else {}


def _is_title(page: Page, block: range) -> bool:
    """Whether a paragraph may be the title of the page."""
    part = page.parts[block[0]]
    return len(block) == 1 and part.kind in ("line", "bold") and may_be_title(page.inside(part).strip().rstrip(":"))


def _matched(pattern: re.Pattern[str], group: int = 1) -> Callable[[Part, str], str]:
    def title_of(part: Part, line: str) -> str:
        found = pattern.match(line) if part.kind == "line" else None
        return found[group].strip() if found is not None and may_be_title(found[group]) else ""

    return title_of


def _label(part: Part, line: str) -> str:
    said = line[line.find(":") + 1 :].strip(" \t*_")
    return said if part.kind == "label" and said and role(part.name).kind == "title" else ""


def _bold(part: Part, line: str) -> str:
    return part.name if part.kind == "bold" and may_be_title(part.name) else ""


def _capitals(part: Part, line: str) -> str:
    title = line.strip()
    return title if part.kind == "line" and title.isupper() and len(title) > 1 and may_be_title(title) else ""


def _first_of_block(part: Part, line: str) -> str:
    return line.strip() if part.kind == "line" and may_be_title(line.strip()) else ""


_WAYS = (
    _matched(_BRACKETS), _matched(_ENCLOSED, 2), _label, _bold, _matched(_NUMBERED), _capitals, _matched(_COLON),
    _first_of_block,
)  # fmt: skip
