"""The order in which a text is seen through."""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import characters, lost, marks, misread
from .placeholders import Tokenizer
from .traced import Traced

_ROUNDS = 4
# Without any of these a text that has been seen through once is done.
_MORE = re.compile(r"[^ A-Za-z0-9.,:;!?()'\"\n/=+|À-ɏ\ufffc-]")


class SeenThrough:
    """A text on its way to plain text, with what was found so far.

    ``names`` are names and families of placeholders by their place in the value, ``links`` the place of each link's
    text in the value and its address.
    """

    def __init__(self, traced: Traced, markup: str) -> None:
        self.traced = traced
        self.names: dict[int, tuple[str, str]] = {}
        self.links: list[tuple[int, int, str]] = []
        self._markup = markup
        self._ticks_say = False
        self._has_lines = False  # those that HTML has written, which are no blanks when it is looked at again

    def once(self) -> None:
        """Every pass over the text."""
        traced = self.traced
        traced = _reread(traced)  # before the signs that stand for letters are taken for themselves
        traced = traced.edit(lost.lost_edits(traced.text))
        traced = traced.edit(characters.reversed_edits(traced.text))
        traced = traced.edit(characters.turned_edits(traced.text))  # before a letter passes for its like
        traced = traced.edit(characters.footnote_edits(traced.text, self._markup != "plain"))
        traced = traced.edit(characters.character_edits(traced.text))
        traced = traced.edit(marks.escape_edits(traced.text, self._markup != "plain"))
        traced = traced.edit(marks.hyphen_edits(traced.text))
        traced = traced.edit(marks.literal_edits(traced.text))
        traced = _all_branches(traced)
        marked = marks.marked(traced.text)  # before "[x]" passes for a placeholder
        self._ticks_say = self._ticks_say or marks.ticks_say(marked)
        traced = traced.edit(marks.mark_edits(traced.text, marked, self._ticks_say))
        traced = traced.edit(Tokenizer(traced.text).find(traced, self.names))
        if self._markup != "plain":
            traced = self._without_markup(traced)
        traced = traced.edit(marks.line_edits(traced.text))
        traced = traced.edit(marks.struck_edits(traced.text))
        traced = traced.edit(marks.emphasis_edits(traced.text))
        traced = traced.edit(characters.look_alike_edits(traced.text))
        self.traced = traced.edit(characters.spaced_edits(traced.text))

    def _without_markup(self, traced: Traced) -> Traced:
        found: list[tuple[int, int, str]] = []
        if "<" in traced.text or "&" in traced.text:
            from . import html  # most texts have none of it, so it is not loaded for them
        if "<" in traced.text:
            traced = self._noted(traced, found, traced.edit(html.address_edits(traced.text, found)))
            traced = traced.edit(html.struck_edits(traced.text))
            if not self._has_lines:
                traced = traced.edit(html.break_edits(traced.text, self._markup == "html"))
            edits = html.tag_edits(traced.text, found)
            self._has_lines = self._has_lines or bool(edits)
            traced = self._noted(traced, found, traced.edit(edits))
        if "&" in traced.text:
            traced = traced.edit(html.entity_edits(traced.text))
        traced = traced.edit(marks.comment_edits(traced.text))
        traced = traced.edit(marks.bbcode_edits(traced.text))
        return self._noted(traced, found, traced.edit(marks.link_edits(traced.text, found)))

    def _noted(self, before: Traced, found: list[tuple[int, int, str]], after: Traced) -> Traced:
        """Keep links by their place in the value, which later edits don't move."""
        for start, end, url in found:
            if start < end:
                self.links.append((before.starts[start], before.ends[end - 1], url))
        found.clear()
        return after


def _reread(traced: Traced) -> Traced:
    for _ in range(misread.TIMES):
        edits = misread.misread_edits(traced.text)
        if not edits:
            break
        traced = traced.edit(edits)
    return traced


def may_branch(text: str) -> bool:
    """A very cheap look for what conditional blocks and choosing functions are written with."""
    return "{" in text or "f(" in text or "F(" in text or "<%" in text or "@unless" in text


def _all_branches(traced: Traced) -> Traced:
    if not may_branch(traced.text):
        return traced
    from .blocks import Branching

    return traced.edit(Branching(traced.text).whole_edits()) if Branching.possible(traced.text) else traced


def see_through(value: str, parts: Iterable[tuple[int, int, str]] | None, markup: str) -> SeenThrough:
    """Every pass until none finds anything: what is taken away may uncover more."""
    traced = Traced.of(value) if parts is None else Traced.of_parts(value, parts)
    found = SeenThrough(traced.edit(marks.quotation_edits(value)) if parts is None else traced, markup)
    for _ in range(_ROUNDS):
        before = found.traced
        found.once()
        text = found.traced.text
        if found.traced is before or not (_MORE.search(text) or misread.may_be(text)):
            break
    return found
