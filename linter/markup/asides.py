"""Texts beside a text: what an element says when it is pointed at or read aloud, what a link writes for the customer.

They stand inside tags and addresses, in the middle of sentences, so each is a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .addresses import SMS, WHATSAPP
from .html import HIDDEN, elements, shown_instead
from .marks import has_sentence

Part = tuple[int, int, str]
"""A piece of the value (start, end) and what is put after it."""

_MAY_HOLD = re.compile(
    r"\b(?:title|label|placeholder|alt|value|description|srcdoc)\s*=\s*[\"']|[?&;](?:text|body|subject)=", re.IGNORECASE
)
_TITLE = re.compile(
    r"\]\(\s?<?[^()\s<>]{1,2000}>?[ \t]+(?P<inline>\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|\([^()\n]{1,500}\))\s?\)"
    r"|^[ \t]{0,3}\[[^\[\]\n]{1,200}\]:[ \t]*<?[^\s<>]{1,2000}>?[ \t]+"
    r"(?P<below>\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|\([^()\n]{1,500}\))[ \t]*$",
    re.MULTILINE,
)
"""What Markdown shows when a link or a picture is pointed at: beside its address, or beside that at the end."""
_ANNOTATION = re.compile(r"\]:[ \t]*(?:#|<>)[ \t]")
_SPOKEN = re.compile(
    r"""(?<![\w-])(?P<name>title|srcdoc|label|aria-(?:label|description|placeholder)|placeholder|alt|value)\s*=\s*"""
    r"""(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)')""",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""\s([\w-]{1,40})\s?=\s?(?:"([^"]+)"|'([^']+)')""")
_FIELDS = frozenset(["input", "textarea", "select"])
_NAMES_FIELD = frozenset(["title", "aria-label", "aria-description", "aria-placeholder", "placeholder"])
_ONLY_OF = {
    "alt": frozenset(["img", "input", "area"]),
    "placeholder": _FIELDS,
    "value": frozenset(["input"]),
    "label": frozenset(["option", "optgroup", "track"]),
    "srcdoc": frozenset(["iframe"]),
}
"""Elements that show an attribute; the others do with any."""
_ADDRESS = re.compile(
    rf"(?P<before>[\"'(<]?)(?:(?P<email>mailto:)|(?P<sms>{SMS})"
    r"|(?P<messenger>(?:https?://)?m\.me/)|(?P<telegram>tg://|(?:https?://)?t\.me/)"
    rf"|(?P<whatsapp>whatsapp://send|(?:https?://)?(?:wa\.me/|{WHATSAPP}/send)))",
    re.IGNORECASE,
)
_END = {'"': re.compile('"'), "'": re.compile("'"), "(": re.compile(r"[)\s]"), "": re.compile(r"[\s\"'<>)\]]")}
_WRITES = re.compile(r"[?&;](?:text|body|subject)=([^&#]*)", re.IGNORECASE)
_ENCODED = re.compile(r"\+|(?:%[0-9A-Fa-f]{2})+")
_FAR = 4000


_OF_ELEMENT = re.compile(r"\bcontent\s{0,9}:[^;{}<>]{0,99}\battr\(\s{0,9}([\w-]{1,40})", re.IGNORECASE)
"""What rules of how elements look show an attribute by."""


class Aside(NamedTuple):
    """A text beside another: the pieces it is made of.

    ``channel`` is where a link sends what it writes for the customer; "" where an element says it.
    """

    parts: list[Part]
    channel: str = ""


def may_hold(value: str) -> bool:
    """A cheap look that rules out most texts."""
    if "=" in value and (_MAY_HOLD.search(value) or _OF_ELEMENT.search(value)):
        return True
    return ("](" in value or "]:" in value) and _TITLE.search(value) is not None


def asides(value: str, html: bool) -> Iterator[Aside]:
    """All texts beside a value. ``html``: what looks like a tag is one."""
    if html and "<" in value:
        yield from _of_elements(value)
    if html and "]" in value:
        yield from _of_titles(value)
    yield from _of_links(value)


def _of_titles(value: str) -> Iterator[Aside]:
    for found in _TITLE.finditer(value):
        start, end = found.span("inline" if found["inline"] else "below")
        if has_sentence(value[start + 1 : end - 1]) and not _ANNOTATION.search(found[0]):
            yield Aside([(start + 1, end - 1, "")])


def _of_elements(value: str) -> Iterator[Aside]:
    named = {name.lower() for name in _OF_ELEMENT.findall(value)}
    for name, rest, element in elements(value):
        if named:
            yield from _of_attributes(element["rest"], rest, named)
        shown = shown_instead(element)
        if name == "input" and HIDDEN.search(element["rest"]):
            continue
        for found in _SPOKEN.finditer(element["rest"]):
            group = "double" if found["double"] is not None else "single"
            start, end = (rest + at for at in found.span(group))
            said = found["name"].lower()
            if (start, end) == shown or name not in _ONLY_OF.get(said, (name,)):
                continue
            names_field = name in _FIELDS and said in _NAMES_FIELD
            if has_sentence(found[group]) or (names_field and any(map(str.isalpha, found[group]))):
                yield Aside([(start, end, "")])


def _of_attributes(attributes: str, at: int, named: set[str]) -> Iterator[Aside]:
    for found in _ATTRIBUTE.finditer(attributes):
        group = 2 if found[2] is not None else 3
        if found[1].lower() in named and has_sentence(found[group]):
            yield Aside([(at + found.start(group), at + found.end(group), "")])


def _of_links(value: str) -> Iterator[Aside]:
    at = 0
    while (found := _ADDRESS.search(value, at)) is not None:
        at = found.end()
        if value[found.start() - 1 : found.start()].isalnum():
            continue
        end = _END.get(found["before"], _END[""]).search(value, at, at + _FAR)
        stop = end.start() if end else min(len(value), at + _FAR)
        for written in _WRITES.finditer(value, at, stop):
            yield Aside(list(_decoded(value, *written.span(1))), str(found.lastgroup))
        at = stop


def _decoded(value: str, start: int, end: int) -> Iterator[Part]:
    """A text of an address, each encoded character put where it stands."""
    at = start
    for found in _ENCODED.finditer(value, start, end):
        code = found[0]
        said = " " if code == "+" else bytes.fromhex(code.replace("%", "")).decode("utf-8", "replace")
        yield at, found.start(), said.replace("\r\n", "\n")
        at = found.end()
    yield at, end, ""
