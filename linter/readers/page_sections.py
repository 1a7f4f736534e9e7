"""The sections of a page: what stands under its headings and between its rules, with what these say of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from ..conversation import Path
from ..documents import Document
from ..source import Span, Text
from .common import known_channels
from .fields import is_for_staff, locale_of, role
from .markdown_parts import Page, Part
from .plans import Standing, is_internal, is_note_name, plan_of, standing_of
from .prose import is_sentence

_HOLDS = re.compile(r"\s*</?(?:details|div|section|article|center|br|hr)\b[^<>]{0,200}>\s*", re.IGNORECASE)
"""A tag that holds a text, or parts it from the next."""
_GREETS = (
    r"(?:hi|hello|hey|dear|hallo|hoi|beste|geachte|goede\w+|dag|guten|gr[uü][sß]+|sehr geehrte\w*|liebe[rs]?|bonjour"
    r"|bonsoir|ch[eè]re?s?|madame|hola|estimad\w+|buen[oa]s|ol[aá]|oi|bom|boa|prezad\w+|car[oi]|ciao|gentile|buon\w+"
    r"|salve)\b"
)
_GREETING = re.compile(_GREETS, re.IGNORECASE)
_SALUTATION = re.compile(
    _GREETS + r"(?![^\n]{0,60}\b(?:team|all|everyone|colleagues?|collega\W?s?|allemaal|iedereen|zusammen|kolleg\w+"
    r"|[eé]quip\w+|colleg\w+)\b)[^\r\n.?]{0,60}(?:\r?\n|$)",
    re.IGNORECASE,
)
"""The line with which a letter to a customer begins."""
COMMENT = re.compile(r"<!--(?:-?>|.{0,400}?--!?>)", re.DOTALL)
"""What nobody sees on the page."""
_OF_A_REPLY = frozenset(["group", "channel", "language", "audience", "active", "agent", "customer", "title", ""])
"""What labels above a text may say of it."""
_BOLD_LEVEL = 8
_BEHIND = re.compile(r"[(\[]([^()\[\]]{2,20})[)\]]\s*$")
"""What stands in brackets behind a heading."""
_LEFT = {"agent": "a note for agents", "customer": "a customer's words"}
"""Why a section is left out that stands again and again under such a heading."""


_end = attrgetter("end")


class Piece(NamedTuple):
    """A text on the page. ``left`` is why it is not said to customers; "" where it is."""

    id: str
    start: int
    end: int
    kind: str = "reply"
    left: str = ""
    standing: Standing = Standing()


def is_greeting(text: str) -> bool:
    """Whether a text is a salutation and no more: "Hello!", "Goedemorgen {{name}},"."""
    return _SALUTATION.fullmatch(text.strip()) is not None


def begins_letter(text: str) -> bool:
    """Whether a text begins as a letter does, to customers or to colleagues: "Hello, …"."""
    return _GREETING.match(text.lstrip()) is not None


def trimmed(page: Page, piece: Piece) -> Piece:
    """The piece without blanks around it, and without tags that only hold it."""
    text, start, end = page.text, piece.start, piece.end
    if page.html:
        first = bisect_right(page.parts, start, key=_end)
        last = bisect_left(page.parts, end, key=_end)
        last -= last == len(page.parts) or page.parts[last].begins >= end
        if first > last:
            return piece._replace(end=start)
        start = max(start, page.parts[first].begins)
        return piece._replace(start=start, end=max(start, min(end, page.parts[last].end)))
    while (opens := _HOLDS.match(text, start, end)) is not None:
        start = opens.end()
    while (last := text.rfind("<", start, end)) >= 0:
        closes = _HOLDS.match(text, last, end)
        if closes is None or closes.end() < end:
            break
        end = last
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return piece._replace(start=start, end=start + len(inside.strip()))


def titled(page: Page) -> Iterator[tuple[str, Part]]:
    """Each part with the title it stands under: the last heading, or a line in bold before it.

    Where several have the same title ("NL"), the heading above stands before it, and where that says which part of a
    reply it is ("Body"), in its place.
    """
    often = Counter(part.name for part in page.parts if part.kind in ("heading", "bold"))
    above: list[tuple[int, str]] = []
    title = ""
    for part in page.parts:
        if part.kind in ("heading", "bold"):
            level = part.level or _BOLD_LEVEL
            while above and above[-1][0] >= level:
                above.pop()
            title = part.name
            if above and often[part.name] > 1:
                title = above[-1][1] if part_of(part.name) else f"{above[-1][1]}.{part.name}"
            above.append((level, part.name))
        yield title, part


def part_of(name: str) -> str:
    """Which part of a reply a heading is that stands again and again: its text, its subject, a note …; "" if none."""
    kind = role(name).kind
    return kind if kind in ("text", "subject", "customer", "agent") else ""


def cut_up(page: Page, letters_from: int = 0) -> list[Piece]:
    """The texts under headings and between rules, each named by its heading.

    Sections under deeper headings go on with a letter that the section above them begins with its salutation, unless
    they begin one of their own. What the page itself is about begins none where letters are counted ``from`` 1.
    """
    titles = {part.start: title for title, part in titled(page) if part.kind == "heading"}
    first = next(iter(titles), -1)
    often = Counter(part.name for part in page.parts if part.kind == "heading")
    standings = _standings(page)
    left, standing = "", Standing()
    found: list[Piece] = []
    title, level, start, number = "", 0, page.body, 0
    letter: int | None = None  # the level of the one that is open
    begins = not letters_from
    for part in [*page.parts, Part("heading", len(page.text), len(page.text))]:
        if part.kind not in ("heading", "rule"):
            continue
        piece = trimmed(page, Piece(title or f"[{number}]", start, part.start, "reply", left, standing))
        number += 1
        if piece.end > piece.start and not _is_unseen(page, piece):
            is_letter = _SALUTATION.match(page.text, piece.start, piece.end) is not None
            if letter is not None and level > letter and title and not is_letter:
                found[-1] = found[-1]._replace(end=piece.end)
            else:
                found.append(piece)
                letter = level if is_letter and begins else None
        begins = begins or part.start != first
        title, start = titles.get(part.start, ""), part.end
        level = part.level or level
        left = _LEFT.get(part_of(part.name), "") if often[part.name] > 1 else ""
        standing = standings.get(part.start, standing if part.kind == "rule" else Standing())
    return found


def _is_unseen(page: Page, piece: Piece) -> bool:
    """Whether a piece holds comments only."""
    if not page.text.startswith("<!--", piece.start):
        return False
    return not COMMENT.sub("", page.text[piece.start : piece.end]).strip()


def _standings(page: Page) -> dict[int, Standing]:
    """What headings say of the replies below them, by where they stand: channels or languages, where all beside each
    other say such.
    """
    above: list[Part] = []
    beside: dict[Part | None, list[Part]] = {}
    parents: dict[Part, Part | None] = {}
    for part in page.parts:
        if part.kind == "heading":
            while above and above[-1].level >= part.level:
                above.pop()
            parents[part] = above[-1] if above else None
            beside.setdefault(parents[part], []).append(part)
            above.append(part)
    sure = {parent for parent, parts in beside.items() if len(parts) > 1 and all(says_where(one.name) for one in parts)}
    marked = {part: channels for parts in beside.values() for part, channels in _marked(parts).items()}
    found: dict[int, Standing] = {}
    if not sure and not marked:
        return found
    for part, parent in parents.items():
        said = found.get(parent.start, Standing()) if parent is not None else Standing()
        if parent in sure:
            said = _standing_by(part.name, said)
        elif part in marked:
            said = said._replace(channels=marked[part])
        if said != Standing():
            found[part.start] = said
    return found


def _marked(headings: Sequence[Part]) -> dict[Part, tuple[str, ...]]:
    """The channels that stand in brackets behind headings beside each other: "Refund (e-mail)", "Refund (chat)".

    One alone may be what the reply is about.
    """
    said = ((part, _BEHIND.search(part.name)) for part in headings)
    found = {part: channels for part, mark in said if mark is not None and (channels := known_channels(mark[1]))}
    return found if len(set(found.values())) > 1 else {}


def says_where(name: str) -> bool:
    """Whether a name is that of a channel or a language and no other."""
    return role(name).kind != "text" and bool(locale_of(name) or known_channels(name))


def _standing_by(name: str, around: Standing) -> Standing:
    locale, channels = locale_of(name), known_channels(name)
    locale = locale.lower() if len(locale) == 2 else locale
    return around._replace(locale=locale or around.locale, channels=channels or around.channels)


def mails_of(page: Page) -> dict[int, Part]:
    """The subjects of mails by where their lines begin; none where there is but one."""
    labels = [part for part in page.parts if part.kind == "label" and role(part.name).kind == "subject"]
    return {part.begins: part for part in labels} if len(labels) > 1 else {}


def parts_apart(page: Page, sections: Iterable[Piece], mails: dict[int, Part]) -> Iterator[Piece]:
    """The sections; one that begins with the subject of a mail is the subject and what follows it, if by a rule.

    One that is called a note is left out, and so is what a section says of itself before its text ("Channel: chat"),
    and an internal note behind it.
    """
    title = ""
    for section in sections:
        if section.left or is_note_name(section.id):
            yield section._replace(left=section.left or "a note for agents")
            continue
        inside = _inside(page, section)
        variants = _variants(page, section, inside)
        if variants:
            yield from variants
            continue
        piece, *others = _without_notes(page, without_properties(page, section, inside), inside)
        part = mails.get(piece.start)
        if part is not None:
            yield trimmed(page, Piece(f"{piece.id}.{part.name}", part.start, part.end, "subject"))
            title = piece.id
            piece = trimmed(page, piece._replace(start=part.end))
        if piece.end > piece.start:
            name = title if title and piece.id.startswith("[") else piece.id
            yield piece._replace(id=name)
            title = ""
            others = [other._replace(id=name) for other in others]
        yield from others


def _inside(page: Page, piece: Piece) -> range:
    """The numbers of the parts of a piece."""
    first = bisect_right(page.parts, piece.start, key=_end)
    return range(first, bisect_right(page.parts, piece.end, first, key=_end))


def _variants(page: Page, piece: Piece, inside: range) -> list[Piece]:
    """The texts of a section by channel or language, where it has nothing but such: "NL: …", "EN: …"."""
    found: list[Piece] = []
    for number in inside:
        part = page.parts[number]
        if part.kind == "label" and says_where(part.name):
            standing = _standing_by(part.name, piece.standing)
            found.append(piece._replace(id=f"{piece.id}.{part.name}", start=part.start, standing=standing))
        elif not found or part.kind not in ("line", "quote", "fence"):
            return []
        found[-1] = found[-1]._replace(end=part.end)
    return [trimmed(page, one) for one in found] if len(found) > 1 else []


def without_properties(page: Page, piece: Piece, inside: range | None = None) -> Piece:
    """The piece behind a paragraph that says what it is: its channel, its language, who it is for, what it answers."""
    labels: list[Part] = []
    for number in inside or _inside(page, piece):
        part = page.parts[number]
        if part.kind != "label" or (labels and page.parted(labels[-1].end, part.begins)):
            break
        labels.append(part)
    if not labels or not _are_properties(page, labels):
        return piece
    rest = trimmed(page, piece._replace(start=labels[-1].end))
    if rest.start == rest.end or not page.parted(labels[-1].end, rest.start):
        return piece
    values = {part.name.lower(): page.inside(part) for part in labels}
    plan = plan_of(list(values))
    left = "marked as internal" if is_internal(values, plan) else ""
    return rest._replace(left=left, standing=standing_of(values, plan, piece.standing))


def _without_notes(page: Page, piece: Piece, inside: range) -> list[Piece]:
    """The piece, and behind it what it is cut into by paragraphs that say that they are for staff, these left out.

    Such a label alone on its line is for all up to the next label in bold.
    """
    found = [piece]
    end = -1
    for number in inside:
        part = page.parts[number]
        if part.begins < max(end, piece.start) or not _is_labelled(page, part) or not is_for_staff(part.name):
            continue
        last = _end_of_note(page, number, inside)
        end = page.parts[last].end
        found[-1] = trimmed(page, found[-1]._replace(end=part.begins))
        start = part.end if part.kind == "bold" else part.start
        found.append(trimmed(page, piece._replace(start=start, end=end, left="a note for agents")))
        rest = [page.parts[after] for after in range(last + 1, inside.stop)]
        if rest and not (all(one.kind == "label" for one in rest) and _are_properties(page, rest)):
            found.append(trimmed(page, piece._replace(start=rest[0].begins)))
    first, *others = found
    return [first, *(other for other in others if other.end > other.start)]


def _is_labelled(page: Page, part: Part) -> bool:
    """Whether it is a label, which alone on its line has a colon behind it."""
    return part.kind == "label" or (part.kind == "bold" and page.inside(part).rstrip("*_ \t").endswith(":"))


def _end_of_note(page: Page, number: int, inside: range) -> int:
    """The number of the last part of a note that begins with a label."""
    label = page.parts[number]
    alone = label.kind == "bold" or not page.inside(label).strip()
    last = number
    for after in range(number + 1, inside.stop):
        part = page.parts[after]
        if part.kind in ("bold", "rule") or (part.kind == "label" and part.level):
            break
        if not alone and page.parted(page.parts[last].end, part.begins):
            break
        last = after
    return last


def _are_properties(page: Page, labels: list[Part]) -> bool:
    """Whether labels say something of a reply, and none of them is said to the customer."""
    kinds = [role(part.name).kind for part in labels]
    said = [kind for kind, part in zip(kinds, labels, strict=True) if is_sentence(page.inside(part))]
    quiet = {"customer", "agent"} if len(labels) > 1 else {"customer"}
    return quiet.issuperset(said) and _OF_A_REPLY.issuperset({*kinds, ""}) and any(kinds)


class Place:
    """A document of which a part is meant."""

    def __init__(self, document: Document, start: int, end: int) -> None:
        self.source = document.source
        self._document = document
        self._place = Span(start, end)

    def text(self, path: Path) -> Text:
        return self._document.text(path).cut(self._place.start, self._place.end)

    def span(self, path: Path) -> Span:
        return self._place


def end_of_opening(page: Page) -> int:
    """Where the sections under the page's title begin: what stands before them is on the page itself as a rule."""
    first, second, *_ = [*[part for part in page.parts if part.kind == "heading"], None, None]
    return second.start if first is not None and second is not None and first.level < second.level else 0
