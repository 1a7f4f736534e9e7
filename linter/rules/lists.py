"""Plain lists in a sentence that asks: what may be asked for stays when the rest is taken out.

"Please send us your order number and your IBAN" keeps the order number. A list is told by the tags of its words, so
that it is one in every language: things with or without "your", commas and "and" between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..language.acts import Act
from ..language.sentences import Sentence
from .context import Spoken

_THING = "(?:_?r?#?O|_?r?[DQP]|_?r[#xO]{1,3})"
_LIST = re.compile(rf"(?<![K#_&,xr]){_THING}(?:(?:,&?|&){_THING})+")
_ONE = re.compile(_THING)
_CORE = re.compile("_?r?")
_BEHIND = re.compile(r"[Gup]{0,3}[.?!:]*")
"""What may stand behind the last thing of a list that goes: the verb of some languages, and "please"."""
_ENDS = ".?!:…"
UNCLEAR = ("", "")
"""A list from which nothing can be taken out."""


class _Thing:
    """One thing of a list: where it stands among the words of its sentence, and in the text."""

    def __init__(self, sentence: Sentence, first: int, last: int) -> None:
        bare = _CORE.match(sentence.tags, first, last)
        core = bare.end() if bare else first
        self.span = sentence.span(first, last)
        self.lead = sentence.span(first, core) if core > first else None

    def holds(self, act: Act) -> bool:
        return self.span[0] <= act.start and act.end <= self.span[1]


def without(spoken: Spoken, sentence: Sentence, forbidden: Sequence[Act]) -> tuple[str, str] | None:
    """A sentence without what is forbidden in it, and what that is called, both as they are written in the message.

    None where it is no list with more in it, ``UNCLEAR`` where it is one that can't be cut without touching the rest.
    """
    start, end = sentence.span(0, len(sentence.units))
    here = [act for act in forbidden if start <= act.start < end]
    for found in _LIST.finditer(sentence.tags):
        things = [_Thing(sentence, *one.span()) for one in _ONE.finditer(sentence.tags, *found.span())]
        gone = [any(thing.holds(act) for act in here) for thing in things]
        if all(any(thing.holds(act) for thing in things) for act in here) and not all(gone):
            behind = sentence.tags[found.end() :]
            if gone[-1] and not _BEHIND.fullmatch(behind):
                return UNCLEAR
            return _Written(spoken, start, end, things).without(gone)
    return None


class _Written:
    """A list as it is written in a message."""

    def __init__(self, spoken: Spoken, start: int, end: int, things: Sequence[_Thing]) -> None:
        self._spoken = spoken
        self._start, self._end = start, end
        self._things = things
        self._between = [self._said(one.span[1], other.span[0]) for one, other in pairwise(things)]

    def _said(self, start: int, end: int) -> str:
        first, last = self._spoken.plain.span(start, end) if start < end else (0, 0)
        return self._spoken.message.text[first:last]

    def without(self, gone: Sequence[bool]) -> tuple[str, str]:
        head = self._said(self._start, self._things[0].span[0])
        tail = self._said(self._things[-1].span[1], self._end)
        said = [self._said(*one.span) for one in self._things]
        whole = head + "".join(map("".join, zip(said, (*self._between, tail), strict=True)))
        if whole != self._said(self._start, self._end) or any("\n" in piece for piece in self._between):
            return UNCLEAR  # there are marks or tags around a thing
        kept = self._joined([number for number, out in enumerate(gone) if not out], self._between[-1])
        called = self._joined([number for number, out in enumerate(gone) if out], ", ")
        if not head:
            kept = kept[:1].upper() + kept[1:]
        sentence = f"{head}{kept}{tail}".rstrip()
        return sentence + ("" if sentence[-1:] in _ENDS else "."), called[:1].upper() + called[1:]

    def _joined(self, numbers: Sequence[int], last: str) -> str:
        """Some things of the list as one of their own; the first has the "your" that it shared with one before it."""
        lead = self._things[numbers[0]].lead
        before = [one.lead for one in self._things[: numbers[0]] if one.lead is not None]
        first = "" if lead is not None or not before else f"{self._said(*before[-1])} "
        said = [self._said(*self._things[number].span) for number in numbers]
        if len(said) == 1:
            return first + said[0]
        return first + ", ".join(said[:-1]) + last + said[-1]
