"""Sees through markup and disguise: the plain text a customer reads, each character with its place.

``plain`` is what the language layer reads. Tags, Markdown and WhatsApp marks, entities, invisible characters
and look-alike letters are gone; placeholders are one character each. ``variants`` gives the texts of a value
with branches one by one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from .placeholders import OBJECT, Placeholder
from .traced import Traced

__all__ = ["OBJECT", "Link", "Placeholder", "Plain", "plain", "variants"]

_SPECIAL = re.compile("[^ A-Za-z0-9.,:;!?()'\"\n/=+\\-|€£¡¿«»“”„…À-ÖØ-öø-ıĴ-ľŁ-ňŊ-žȘ-ț]|…")
_SPACED = re.compile(r"[A-ZÀ-ÖØ-Þ][ .\-/|][A-ZÀ-ÖØ-Þ][ .\-/|][A-ZÀ-ÖØ-Þ]")
_BULLET = re.compile(r"^[ \t]*\+[ \t]", re.MULTILINE)
_ROUNDS = 4


class Link(NamedTuple):
    """A link: where its text stands in the plain text, and its address."""

    start: int
    end: int
    url: str


class Plain:
    """Plain text with places: character ``i`` stands for ``value[offsets[i]:ends[i]]``.

    ``offsets`` has one item more than the text: the end of the value. ``placeholders`` and ``links`` are in
    order.
    """

    __slots__ = ("ends", "links", "offsets", "placeholders", "text")

    def __init__(
        self,
        text: str,
        offsets: Sequence[int],
        ends: Sequence[int],
        placeholders: Sequence[Placeholder] = (),
        links: Sequence[Link] = (),
    ) -> None:
        self.text = text
        self.offsets = offsets
        self.ends = ends
        self.placeholders = placeholders
        self.links = links

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the value, without the markup around it."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.ends[end - 1]

    def __repr__(self) -> str:
        return f"Plain({self.text!r})"


def plain(value: str, markup: str = "auto") -> Plain:
    """The plain text of ``value``, all branches of conditional blocks one after the other.

    ``markup`` is what the reader knows: "plain" (no HTML, no Markdown), "html", "markdown" or "auto".
    """
    if not _SPECIAL.search(value) and not _SPACED.search(value) and not _BULLET.search(value):
        return _unchanged(value)
    return _seen_through(Traced.of(value), len(value), markup)


def variants(value: str, markup: str = "auto", limit: int = 16) -> list[Plain]:
    """The texts a customer may see: one a branch, at most ``limit``; every branch is in one of them.

    With more branches than ``limit`` the last text is that of all branches one after the other.
    """
    if not _SPECIAL.search(value):
        return [plain(value, markup)]
    from .blocks import Branching

    if not Branching.possible(value):
        return [plain(value, markup)]
    branching = Branching(value)
    width = branching.width
    if width == 1:
        return [plain(value, markup)]
    numbers = range(width if width <= limit else limit - 1)
    found = [_seen_through(Traced.of_parts(value, branching.variant(n)), len(value), markup) for n in numbers]
    return found if width <= limit else [*found, plain(value, markup)]


def _unchanged(value: str) -> Plain:
    length = len(value)
    return Plain(value, range(length + 1), range(1, length + 1))


def _seen_through(traced: Traced, length: int, markup: str) -> Plain:
    """Every pass over the text until none finds anything: what is taken away may uncover more."""
    names: dict[int, tuple[str, str]] = {}
    links: list[tuple[int, int, str]] = []
    for _ in range(_ROUNDS):
        before = traced.text
        traced = _one_round(traced, markup, names, links)
        if traced.text == before:
            break
    text, starts = traced.text, traced.starts
    placeholders = []
    at = text.find(OBJECT)
    while at >= 0:
        placeholders.append(Placeholder(at, at + 1, *names.get(starts[at], ("", "object"))))
        at = text.find(OBJECT, at + 1)
    shown = [Link(bisect_left(starts, start), bisect_left(starts, end), url) for start, end, url in links]
    shown = sorted(link for link in shown if link.start < link.end)
    return Plain(text, [*starts, length], traced.ends, placeholders, shown)


def _one_round(
    traced: Traced, markup: str, names: dict[int, tuple[str, str]], links: list[tuple[int, int, str]]
) -> Traced:
    from . import characters, marks
    from .blocks import Branching
    from .placeholders import Tokenizer

    traced = traced.edit(characters.character_edits(traced.text))
    traced = traced.edit(marks.escape_edits(traced.text, markup != "plain"))
    if Branching.possible(traced.text):
        traced = traced.edit(Branching(traced.text).whole_edits())
    traced = traced.edit(Tokenizer(traced.text).find(traced, names))
    if markup != "plain":
        traced = _without_markup(traced, markup, links)
    traced = traced.edit(marks.line_edits(traced.text))
    traced = traced.edit(marks.emphasis_edits(traced.text))
    traced = traced.edit(characters.look_alike_edits(traced.text))
    return traced.edit(characters.spaced_edits(traced.text))


def _without_markup(traced: Traced, markup: str, links: list[tuple[int, int, str]]) -> Traced:
    from . import html, marks

    found: list[tuple[int, int, str]] = []

    def note() -> None:
        """Links are kept by their place in the value, which later edits don't move."""
        links.extend(
            (traced.starts[start], traced.ends[end - 1], url) for start, end, url in found if start < end
        )
        found.clear()

    if "<" in traced.text:
        edits = html.address_edits(traced.text, found)
        note()
        traced = traced.edit(edits)
        traced = traced.edit(html.break_edits(traced.text, markup == "html"))
        edits = html.tag_edits(traced.text, found)
        note()
        traced = traced.edit(edits)
    if "&" in traced.text:
        traced = traced.edit(html.entity_edits(traced.text))
    edits = marks.link_edits(traced.text, found)
    note()
    return traced.edit(edits)
