"""What pages share: words made safe for HTML, styles and scripts with their hashes, simple Markdown as HTML."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from html import escape as _escape

from .. import resources

_NUMBERED = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """A style or script that lies beside this module, such as ``base.css``."""
    return resources.page(name)


def hashed(text: str) -> str:
    """An inline style or script as a Content-Security-Policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def escape(text: str) -> str:
    """A text for HTML: its line ends stay, other controls, bidi overrides and halves of characters are made visible."""
    if not text.isprintable():
        text = "".join(_visible(character) for character in text.replace("\r\n", "\n"))
    return _escape(text)


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t\u200d":
        return character
    if character in "\u00a0\u202f\u2007\u3000\u2009":
        return " "
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else "\ufffd"


def slug(name: str) -> str:
    """A name as part of an HTML id."""
    return _NUMBERED.sub("-", name.lower()).strip("-") or "x"


def marked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text as HTML with some words marked; places that overlap or stand outside are joined or cut."""
    out: list[str] = []
    at = 0
    for start, end in sorted(places):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join(out) + escape(text[at:])


_ADDRESS = re.compile(r"https?://[^\s<>\"'()]+[^\s<>\"'().,;:]")


def linked(text: str) -> str:
    """A text as HTML with its web addresses as links. Nothing is loaded before somebody follows one."""
    out: list[str] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        address = escape(found.group())
        out += [escape(text[at : found.start()]), f'<a href="{address}" rel="noreferrer noopener">{address}</a>']
        at = found.end()
    return "".join(out) + escape(text[at:])


def from_markdown(text: str, top: int) -> str:
    """Headings, paragraphs and lists as HTML; ``top`` is the level that the first heading gets."""
    out: list[str] = []
    depth = 0
    for line in text.splitlines():
        body = line.lstrip(" ")
        wanted = (1 + (len(line) - len(body)) // 2) if body.startswith("- ") else 0
        while depth > wanted:
            out.append("</li></ul>")
            depth -= 1
        if wanted:
            if depth == wanted:
                out.append("</li>")
            while depth < wanted:
                out.append("<ul>")
                depth += 1
            out.append(f"<li>{linked(body[2:])}")
        elif body.startswith("#"):
            level = min(6, top - 1 + len(body) - len(body.lstrip("#")))
            out.append(f"<h{level}>{escape(body.lstrip('# '))}</h{level}>")
        elif body:
            out.append(f"<p>{linked(body)}</p>")
    out.append("</li></ul>" * depth)
    return "".join(out)
