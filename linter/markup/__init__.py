"""Sees through markup and disguise: the plain text a customer reads, each character with its place.

``plain`` is what the language layer reads. Tags, Markdown and WhatsApp marks, entities, invisible characters
and look-alike letters are gone; placeholders are one character each. ``variants`` gives the texts of a value
with branches one by one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..expressions import expression
from . import lost, misread
from .marks import quotation
from .placeholders import OBJECT, Placeholder

if TYPE_CHECKING:
    from .blocks import Branching

__all__ = [
    "ACCENTED",
    "MOST_BRANCHES",
    "OBJECT",
    "Beside",
    "Link",
    "Placeholder",
    "Plain",
    "beside",
    "goes_on",
    "is_unchanged",
    "may_be_beside",
    "plain",
    "shortened",
    "shown",
    "variants",
    "without_breaks",
    "without_quotation",
]

ACCENTED = "À-ÖÙ-Ýß-öù-ýÿ-ďĒ-ĥĨ-İĴ-ķĹ-ľŃ-ňŌ-ťŨ-žȘ-ț"
"""Letters with accents that stay as they are; those with a stroke, without a dot, are taken for what they look like."""
MOST_BRANCHES = 16
"""So many branches of a text are read one by one."""

_NOT_LONE_AND = "(?!(?<= &) )"  # an "&" between blanks begins no entity
_SPECIAL_ASCII = expression(rf"[^ A-Za-z0-9.,:;!?()'\"\n/=+|-]{_NOT_LONE_AND}")
_SPECIAL = expression(f"[^ A-Za-z0-9.,:;!?()'\"\n/=+|€£¡¿«»“”„{ACCENTED}-]{_NOT_LONE_AND}")
_SPACED = expression(r"[A-ZÀ-ÖØ-Þ][ .\-/|][A-ZÀ-ÖØ-Þ][ .\-/|][A-ZÀ-ÖØ-Þ]")
_GOES_ON_BELOW = expression(
    "[\n\r\x0b\x0c\x85\u2028\u2029](?:(?<=\r)\n)?"
    r"(?=(?:[ \t\xa0>*_~`\[\\#\xad\u200b-\u200f\u2060\ufeff]|<[^<>\n]{1,300}>)*(?:[a-zß-öø-ÿœ]|[A-Z]{2}|&[#\w]))"
)
"""A line end whose next line may go on with a sentence; it begins with a set of characters, found at C speed."""
_LONG = 20_000  # characters; a shorter text is read at once, whatever it is made of
_KEPT = 100  # characters at both ends of a stretch without words
_WORDLESS = expression(r"[\W_]{1000,}")
_BULLET = expression(r"^[ \t]*\+[ \t]", re.MULTILINE)


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

    @property
    def linked(self) -> tuple[tuple[int, int], ...]:
        """Where the text of links stands that lead out of the conversation, and placeholders that stand for such."""
        if not self.links and not self.placeholders:
            return ()
        from .addresses import leads_away, names_address

        links = [(link.start, link.end) for link in self.links if leads_away(link.url)]
        places = [(one.start, one.end) for one in self.placeholders if names_address(one.name)]
        return tuple(sorted(links + places))

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
    if parts := _without_middles(value):
        return _finished(value, parts, markup)
    return _unchanged(value) if is_unchanged(value) else _finished(value, None, markup)


def shortened(value: str) -> str:
    """A value without the middle of what has no letter or digit for very long.

    A million exclamation marks say no more than a hundred, and each would be looked at.
    """
    parts = _without_middles(value)
    return "".join([value[start:end] for start, end, _ in parts]) if parts else value


def _without_middles(value: str) -> list[tuple[int, int, str]]:
    """The parts that are left of it; nothing if there is no such stretch."""
    parts: list[tuple[int, int, str]] = []
    start = 0
    for found in _WORDLESS.finditer(value) if len(value) > _LONG else ():
        parts.append((start, found.start() + _KEPT, ""))
        start = found.end() - _KEPT
    return [*parts, (start, len(value), "")] if parts else []


def is_unchanged(value: str) -> bool:
    """Whether a value has surely nothing to see through: it is its own plain text, whatever its markup."""
    if _special(value) or _SPACED.search(value) or "-\n" in value or ("+ " in value and _BULLET.search(value)):
        return False
    return quotation(value) is None


def without_quotation(value: str) -> str:
    """The value without the quotation marks that stand around all of it."""
    inside = quotation(value)
    return value if inside is None else value[slice(*inside)]


def without_breaks(value: str, markup: str) -> str:
    """The value with blanks in the place of line ends that HTML takes for blanks; it may be shorter."""
    if markup == "plain" or "<" not in value or "\n" not in value:
        return value
    from .html import break_edits

    parts: list[str] = []
    at = 0
    for start, end, new in break_edits(value, markup == "html"):
        parts += (value[at:start], new)
        at = end
    return "".join([*parts, value[at:]])


def shown(value: str, of: Plain, markup: str) -> Plain:
    """The plain text of a value, or of a branch of it, with blanks for what elements hold that are not shown."""
    if markup == "plain" or "<" not in value:
        return of
    from .unshown import unseen

    hidden = unseen(value)
    if not hidden:
        return of
    starts, ends = zip(*hidden, strict=True)
    text = "".join(
        letter if letter == "\n" or (at := bisect_right(starts, place) - 1) < 0 or place >= ends[at] else " "
        for letter, place in zip(of.text, of.offsets, strict=False)
    )
    return Plain(text, of.offsets, of.ends, of.placeholders, of.links)


def goes_on(value: str, markup: str) -> bool:
    """A cheap look that rules out most texts: a sentence may go on from one line of what is shown into the next."""
    if any(_is_open(value, found.start()) for found in _GOES_ON_BELOW.finditer(value)):
        return True
    if markup == "plain" or "<" not in value:
        return False
    from .html import may_go_on

    return may_go_on(value)


def _is_open(value: str, end: int) -> bool:
    """Whether no sentence ends with the line that ends here."""
    while end and value[end - 1] in " \t\xa0":
        end -= 1
    return end > 0 and not (value[end - 1].isspace() or value[end - 1] in ".!?:;…")


def branches(value: str) -> int:
    """How many texts show every branch of a value at least once; 1 where it has none."""
    branching = _branching(value)
    return branching.width if branching is not None else 1


def variants(value: str, markup: str = "auto") -> list[Plain]:
    """The texts a customer may see: one a branch, at most ``MOST_BRANCHES``; every branch is in one of them.

    With more branches the last text is that of all branches one after the other. Where elements stand in for words,
    there is a text with these; where some are not shown, one without them, too: a "Never" in them forbids nothing.
    """
    found = _of_branches(value, markup)
    if markup == "plain" or "<" not in value:
        return found
    from .standins import parts_instead
    from .unshown import seen_parts

    named, seen = parts_instead(value), seen_parts(value)
    first = [_finished(value, named, markup)] if named else []
    last = [_finished(value, seen, markup)] if seen else []
    known = {one.text for one in found}
    return [
        *(one for one in first if one.text not in known),
        *found,
        *(one for one in last if one.text not in known),
    ]


def _of_branches(value: str, markup: str) -> list[Plain]:
    branching = _branching(value)
    width = branching.width if branching is not None else 1
    if branching is None or width == 1:
        return [plain(value, markup)]
    numbers = range(width if width <= MOST_BRANCHES else MOST_BRANCHES - 1)
    found = [_finished(value, branching.variant(number), markup) for number in numbers]
    return found if width <= MOST_BRANCHES else [*found, plain(value, markup)]


def _branching(value: str) -> Branching | None:
    """The branches of a text, None for most, which can have none."""
    from .passes import may_branch

    if not may_branch(value):
        return None
    from .blocks import Branching

    return Branching(value) if Branching.possible(shortened(value)) else None


class Beside(NamedTuple):
    """A text beside another: ``channel`` is where a link sends it as the customer's, "" where an element says it."""

    plain: Plain
    channel: str


def may_be_beside(value: str) -> bool:
    """A very cheap look that rules out most texts: something may stand beside a value."""
    return "=" in value or "](" in value or "]:" in value


def beside(value: str, markup: str = "auto") -> list[Beside]:
    """What elements of a value say when they are pointed at or read aloud; what its links write for the customer."""
    if not may_be_beside(value):
        return []
    from .asides import asides, may_hold

    if not may_hold(value):
        return []
    found = asides(value, markup != "plain")
    return [Beside(_cut_out(value, one.parts, "plain" if one.channel else markup), one.channel) for one in found]


def _cut_out(value: str, parts: Sequence[tuple[int, int, str]], markup: str) -> Plain:
    """The plain text of parts of a value that stand near each other."""
    start, end = parts[0][0], parts[-1][1]
    inside = [(first - start, last - start, after) for first, last, after in parts]
    found = _finished(value[start:end], inside, markup)
    offsets, ends = ([at + start for at in places] for places in (found.offsets, found.ends))
    return Plain(found.text, offsets, ends, found.placeholders, found.links)


def _special(value: str) -> bool:
    """Whether there is anything to see through; the cheap question comes first."""
    if value.isascii():
        return _SPECIAL_ASCII.search(value) is not None or lost.may_be(value)
    return _SPECIAL.search(value) is not None or misread.may_be(value) or lost.may_be(value)


def _unchanged(value: str) -> Plain:
    length = len(value)
    return Plain(value, range(length + 1), range(1, length + 1))


def _finished(value: str, parts: Iterable[tuple[int, int, str]] | None, markup: str) -> Plain:
    """The plain text of a value, or of parts of it."""
    from .passes import see_through

    found = see_through(value, parts, markup)
    text, starts = found.traced.text, found.traced.starts
    placeholders = []
    at = text.find(OBJECT)
    while at >= 0:
        placeholders.append(Placeholder(at, at + 1, *found.names.get(starts[at], ("", "object"))))
        at = text.find(OBJECT, at + 1)
    links = [Link(bisect_left(starts, a), bisect_left(starts, b), url) for a, b, url in found.links]
    links = sorted(link for link in links if link.start < link.end)
    starts.append(len(value))
    return Plain(text, starts, found.traced.ends, placeholders, links)
