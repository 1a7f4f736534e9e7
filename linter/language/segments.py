"""A text cut into segments, each of which reads the same wherever it stands.

A segment ends with a line, or with a full stop that nothing can carry a phrase or a sentence over. Replies are made of
the same greetings, lines and sentences again and again: what was made of a segment is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ..remembering import remembered
from . import calling, clauses, disguise, menus, ordinals, origins, sites
from .hanging import completed
from .leading import Range, leading
from .lexicon import Unit
from .pack import Pack
from .sentences import REFERRING, WORDS, Part, joined, merged, numbered, split, words_of
from .tokens import Token, tokenise

_MOST = 600  # segments that are remembered for a pack, of 5 KB each or so
_MOST_GISTS = 1_500  # of 1 to 4 KB each
_NAMING = frozenset("DdPQE")  # what others may hang on: data, and places by which something is sent; beside things
_END = re.compile(r"[.!?] (?!»)|[\r\n]{6,}|[\r\n]")  # letters on both sides of six line ends are not one word
_LONE = re.compile(r"(?<![^\W_])[^\W_][\W_]{0,2}\Z")
_LONE_AFTER = re.compile(r"[\W_]{0,2}[^\W_](?![^\W_])")
_MANY = 40  # sentences of one line
_FAR = 2_000  # characters after which a stop or a line end ends a segment, whatever comes after it
_FARTHEST = 8_000  # and after which a blank does: nobody writes such a sentence
_NUMBER = 5  # digits; a shorter one before a stop may be a day, a year, a place in a row
_NEAR = 5  # characters beside a line end in which a single letter may stand
_PICTURES = "\u2190"  # from here on there are arrows, marks and emoji, which may hide letters beside digits


class Stretch(NamedTuple):
    """Where a segment stands in a text; ``fresh``: a line begins with it."""

    start: int
    end: int
    fresh: bool


class Segment:
    """What was made of a segment. ``strong``: it has a word of asking, so that disguises are looked for beside it."""

    __slots__ = ("_linked", "_pack", "_parts", "_seen", "_text", "_tokens", "_units", "strong")

    def __init__(self, pack: Pack, text: str, linked: tuple[Range, ...] = ()) -> None:
        self._pack = pack
        self._text = text
        self._linked = linked
        self._tokens = completed(joined(tokenise(text), text, pack.abbreviations), text, pack.lexicon)
        self._units = pack.lexicon.tag(self._tokens)
        self.strong = disguise.looks_like_asking(self._units) or disguise.spelt_apart(text)
        self._parts: dict[bool, list[Part]] = {}
        self._seen: dict[bool, list[Part]] = {}

    def parts(self, fresh: bool) -> list[Part]:
        """Its parts; ``fresh``: a line begins with it."""
        if fresh not in self._parts:
            self._parts[fresh] = self._cut(self._tokens, self._units, fresh)
        return self._parts[fresh]

    def seen_through(self, fresh: bool) -> list[Part]:
        """The parts with disguised words put right."""
        if fresh not in self._seen:
            plainer = disguise.seen_through(self._text, self._tokens, self._units, self._pack.code)
            again = self._cut(plainer, self._pack.lexicon.tag(plainer), fresh) if plainer is not None else None
            self._seen[fresh] = self.parts(fresh) if again is None else again
        return self._seen[fresh]

    def _cut(self, tokens: list[Token], units: list[Unit], fresh: bool) -> list[Part]:
        described = self._pack.described
        units = described.joined(numbered(units, tokens, self._text), tokens, self._pack.lexicon)
        units = ordinals.joined(units, tokens, described.places)
        units = menus.joined(units, tokens, self._text)
        units = sites.joined(units, tokens, self._text, described.sites)
        units = origins.joined(units, tokens, described.origins)
        units = calling.joined(units, tokens, described.numbers, described.called)
        units = leading(merged(units), tokens, self._text, self._linked)
        sentences = split(units, tokens, self._text, self._pack.abbreviations, fresh)
        parts = clauses.apart(sentences, self._pack.cuts)
        parts = parts if len(parts) < _MANY else _sharing(parts, self._text)
        for part in parts:
            if REFERRING not in part.memo:
                part.memo[REFERRING] = self._pack.pronouns.shown(part.units, tokens)
        return parts


def _sharing(parts: list[Part], text: str) -> list[Part]:
    """The parts, those with the same words with one memo: what is made of the one is not made of the others anew."""
    memos: dict[tuple[Any, ...], dict[Any, Any]] = {}
    found = []
    for part in parts:
        units, tokens = part.units, part.tokens
        said = text[tokens[units[0].first].start : tokens[units[-1].last - 1].end]
        data = tuple([unit.data for unit in units if unit.data])
        found.append(part._replace(memo=memos.setdefault((part.tags, said, part.item, data), {})))
    return found


class Gist(NamedTuple):
    """What a segment does to those beside it; its words have no places, unless it names data or a place.

    ``seen`` are the parts with disguised words put right.
    """

    strong: bool
    parts: list[Part]
    seen: list[Part]

    @classmethod
    def of(cls, segment: Segment, fresh: bool) -> Gist:
        read, seen = segment.parts(fresh), segment.seen_through(fresh)
        parts = [_slim(part) for part in read]
        return cls(segment.strong, parts, parts if seen is read else [_slim(part) for part in seen])


def _slim(part: Part) -> Part:
    if not _NAMING.isdisjoint(part.tags) or any(unit.data for unit in part.units):
        return part
    start, end = part.units[0].first, part.units[-1].last
    memo = {WORDS: words_of(part.tokens[start:end]), REFERRING: part.memo[REFERRING]}
    return part._replace(tokens=[], units=[], memo=memo)


def cut(text: str, abbreviations: frozenset[str]) -> list[Stretch]:
    """The segments of a text in order; blank ones are left out."""
    found: list[Stretch] = []
    start, fresh = 0, True
    for match in _END.finditer(text):
        at = match.start()
        if text[at] in "\r\n":
            end = match.end()
            if end - at > 1 or at - start > _FAR or not _letters_apart(text, at):
                if at - start > _FARTHEST:
                    found += _shortened(text, Stretch(start, at, fresh))
                elif start < at:
                    found.append(Stretch(start, at, fresh))
                start, fresh = end, True
        elif (at - start > _FAR or text[at + 2 : at + 3].isupper()) and _ends_word(text, at, abbreviations):
            found += _shortened(text, Stretch(start, at + 1, fresh))
            start, fresh = at + 2, False
    if start < len(text):
        found += _shortened(text, Stretch(start, len(text), fresh))
    return found


def _shortened(text: str, stretch: Stretch) -> list[Stretch]:
    """A stretch cut between words where it has become far longer than any sentence."""
    start, end, fresh = stretch
    if end - start <= _FARTHEST:
        return [stretch]
    found: list[Stretch] = []
    while end - start > _FARTHEST and (at := text.find(" ", start + _FARTHEST, end)) >= 0:
        found.append(Stretch(start, at, fresh))
        start, fresh = at + 1, False
    if start < end:
        found.append(Stretch(start, end, fresh))
    return found


def _ends_word(text: str, at: int, abbreviations: frozenset[str]) -> bool:
    """Whether the stop stands behind a word that is no abbreviation, or behind a number too long to be "the 12." """
    if at >= _NUMBER and text[at - _NUMBER : at].isdecimal():
        return True
    if at < 3 or not text[at - 3 : at].isalpha():
        return False
    first = at - 3
    while first > 0 and text[first - 1].isalnum():
        first -= 1
    return text[first:at].lower() not in abbreviations


def _letters_apart(text: str, at: int) -> bool:
    """Whether single letters stand on both sides of a line end: they may be a word, spelt out line by line."""
    if _LONE_AFTER.match(text, at + 1, at + 1 + _NEAR) is None:
        return False
    return _LONE.search(text[max(0, at - _NEAR) : at]) is not None


def reader(pack: Pack) -> Callable[[str, tuple[Range, ...]], Segment]:
    """Reads a segment by its text and the links in it; remembers what it read."""
    known = _known(pack)[0]

    def read(text: str, linked: tuple[Range, ...]) -> Segment:
        return known(_alike(text, pack), linked)

    return read


def skimmer(pack: Pack) -> Callable[[str, bool], Gist]:
    """The same for what a segment does to those beside it, of which very many are remembered."""
    return _known(pack)[1]


def _alike(text: str, pack: Pack) -> str:
    """The text that is read in the place of one: a sentence with a new number need not be read anew."""
    pictures = not text.isascii() and max(text) >= _PICTURES
    return text if pictures else pack.numbers.alike(text)


def _known(pack: Pack) -> tuple[Callable[..., Segment], Callable[[str, bool], Gist]]:
    if pack.segments is None:
        read = remembered(partial(Segment, pack), _MOST)

        def skim(text: str, fresh: bool) -> Gist:
            return Gist.of(read(_alike(text, pack), ()), fresh)

        pack.segments = read, remembered(skim, _MOST_GISTS)
    return pack.segments  # type: ignore[no-any-return]
