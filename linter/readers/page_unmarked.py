"""Replies on a page that nothing marks: sections, points, paragraphs and lines, if most are said to somebody."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from .common import is_text
from .markdown_parts import Page
from .page_names import CALLED, STRONG, is_called_replies, is_title, says_replies
from .page_sections import (
    Piece,
    begins_letter,
    cut_up,
    end_of_opening,
    is_greeting,
    mails_of,
    parts_apart,
    says_where,
    titled,
    trimmed,
    without_properties,
)
from .page_speech import is_frame, is_on_page, is_spoken, paragraphs_in, share_of_code, spoken_among
from .plans import is_note_name
from .prose import is_sentence

_COMMAND = re.compile(
    r"^[ \t]{0,8}([/#!:;][^\W\d_][\w-]{0,40})[ \t]{0,20}(?:[:=|\t]|->|→|—|–)[ \t]{0,20}(\S[^\r\n]*)\r?$",
    re.MULTILINE,
)
_BOLD = re.compile(
    r"(?:\*\*|__)([^*_\n]{2,60}?)(?::(?:\*\*|__)|(?:\*\*|__)[ \t]?(?::|-|\u2013|\u2014|->|\u2192))[ \t]*(?=\S)"
)
"""What a point of a list is called: "- **Refund**: …"."""
_BULLET = re.compile(r"[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]+")


def in_sections_beside(page: Page, pieces: Sequence[Piece], said: str, kind: str, kept: str) -> list[Piece]:
    """The sections without a table or labels that are replies, where these are more than those that have such."""
    taken = sorted(piece.start for piece in pieces)
    found = in_several_sections(page, kept, taken) if kept else in_sections(page, said, kind, taken)
    holding = sum(_holds(section, taken) for section in cut_up(page))
    return found if sum(not piece.left for piece in found) > holding else []


def _holds(section: Piece, taken: Sequence[int]) -> bool:
    """Whether a reply that is known already begins in the section."""
    return bisect_left(taken, section.start) < bisect_left(taken, section.end)


def in_sections(page: Page, said: str, kind: str, taken: Sequence[int] = ()) -> list[Piece]:
    """Sections under headings or between rules, each said to somebody, in a page that says it holds replies.

    Those where a reply begins that is ``taken`` already are none.
    """
    called = is_called_replies(said)
    if not says_replies(said, kind):
        return []
    found = [piece for piece in _cut_up(page, letters_from=1) if not _holds(piece, taken)]
    mails = mails_of(page)
    spoken = [
        piece
        for piece in found
        if is_spoken(page.said(piece.start, piece.end))
        or is_greeting(page.said(piece.start, piece.end))
        or (piece.start in mails and any(map(is_spoken, paragraphs_in(page, piece))))
    ]
    sure = set(spoken)
    opening = end_of_opening(page)
    counted = [piece for piece in found if piece in sure or (piece.start >= opening and not is_note_name(piece.id))]
    if mails:  # between them stand notes on when they are sent
        counted = [piece for piece in counted if piece in sure or piece.start in mails]
    if len(spoken) < (1 if called else 2) or len(spoken) < (0.5 if called else 0.6) * len(counted):
        return []
    # In a page of replies a section with one paragraph that is said to somebody is a reply, whatever adorns it.
    sure.update(piece for piece in found if piece.start in mails or is_note_name(piece.id))
    chosen = [piece for piece in found if piece in sure or any(map(is_spoken, paragraphs_in(page, piece)))]
    return list(parts_apart(page, chosen, mails))


def _cut_up(page: Page, letters_from: int = 0) -> list[Piece]:
    """The texts under headings and between rules, but for what under the page's title speaks of the page."""
    opening = end_of_opening(page)
    return [
        piece
        for piece in cut_up(page, letters_from)
        if piece.start >= opening or not is_on_page(page.said(piece.start, piece.end))
    ]


def in_several_sections(page: Page, name: str, taken: Sequence[int] = ()) -> list[Piece]:
    """The sections of a page that is known to hold replies, but for those with one that is ``taken`` already; none
    where all of it is one.
    """
    found = [piece for piece in _cut_up(page) if not _holds(piece, taken) and not is_title(page, piece)]
    said = [piece for piece in found if not piece.left and not is_note_name(piece.id)]
    if len(found) < 2 or spoken_among(page, said) < 0.5 * len(said) or any(part.kind == "fence" for part in page.parts):
        return []
    unnamed = sum(piece.id.startswith("[") for piece in found)
    for number, piece in enumerate(found):
        if piece.id.startswith("["):
            found[number] = piece._replace(id=f"{name}{piece.id}" if unnamed > 1 else name)
    return list(parts_apart(page, found, mails_of(page)))


def in_points(page: Page) -> list[Piece]:
    """The points of a list, where a page holds nothing else below its headings and most are said to somebody."""
    found: list[Piece] = []
    for title, part in titled(page):
        if part.kind == "heading":
            continue
        bullet = _BULLET.match(page.text, part.begins, part.end)
        if bullet is None:
            return []
        bold = _BOLD.match(page.text, bullet.end(), part.end)
        if bold is not None and says_where(bold[1].strip()):
            return []
        name = bold[1].strip() if bold else f"{title}[{len(found)}]"
        found.append(trimmed(page, Piece(name, bold.end() if bold else bullet.end(), part.end)))
    return found if len(found) > 1 and spoken_among(page, found) >= 0.6 * len(found) else []


def in_paragraphs(page: Page, said: str) -> list[Piece]:
    """Paragraphs and points of a list, most of them said to somebody, in a page that is called replies.

    A page on such replies is called so as well, but it speaks of them.
    """
    if not STRONG.search(said) and not is_called_replies(said):
        return []
    found: list[Piece] = []
    title, end = "", -1
    for part in page.parts:
        if part.kind in ("heading", "rule", "bold"):
            title, end = part.name, -1
        elif part.kind not in ("line", "label"):
            return []
        else:
            start = part.begins
            bullet = _BULLET.match(page.text, start, part.end)
            if bullet is None and end >= 0 and not page.parted(end, start):
                found[-1] = found[-1]._replace(end=part.end)
            else:
                at = bullet.end() if bullet else start
                bold = _BOLD.match(page.text, at, part.end)
                name = bold[1].strip() if bold else f"{title}[{len(found)}]"
                found.append(trimmed(page, Piece(name, bold.end() if bold else at, part.end)))
            end = part.end
    found = [piece for piece in found if not is_frame(page.said(piece.start, piece.end))]
    if found and is_title(page, found[0]):
        del found[0]
    texts = [page.said(piece.start, piece.end) for piece in found]
    spoken = sum(map(is_spoken, texts))
    if not spoken or spoken < 0.6 * len(found) or any(map(STRONG.search, texts)):
        return []
    return [piece for piece, text in zip(found, texts, strict=True) if is_text(text)]


def under_title(page: Page) -> list[Piece]:
    """Sections of nothing but sentences, under a title that says "standard replies" and no more.

    Half of them may be said to nobody in particular ("We are open from nine to five"). A page about such replies speaks
    of them.
    """
    headings = [part for part in page.parts if part.kind == "heading"]
    if len(headings) < 2 or headings[0].level != 1 or not CALLED.fullmatch(headings[0].name.strip()):
        return []
    if any(part.kind not in ("heading", "line") for part in page.parts) or page.parts[0] is not headings[0]:
        return []
    ends = [*(part.start for part in headings[2:]), len(page.text)]
    sections = zip(headings[1:], ends, strict=True)
    found = [trimmed(page, Piece(part.name, part.end, end)) for part, end in sections]
    found = [piece for piece in found if piece.end > piece.start]
    texts = [page.said(piece.start, piece.end) for piece in found]
    if any(share_of_code(text) or STRONG.search(text) or not is_sentence(text) for text in texts):
        return []
    if not texts or sum(map(is_spoken, texts)) < 0.5 * len(texts):
        return []
    return [piece._replace(left="a note for agents") if is_note_name(piece.id) else piece for piece in found]


def as_one(page: Page, name: str) -> list[Piece]:
    """The page as one reply under its title, if all of it is said to somebody; a letter, where a table is in it."""
    first = page.parts[0] if page.parts else None
    if first is not None and first.kind == "heading":
        piece = Piece(first.name or name, first.end, len(page.text))
    else:
        piece = Piece(name, page.body, len(page.text))
    piece = without_properties(page, trimmed(page, piece))
    text = page.said(piece.start, piece.end)
    if any(part.kind in ("fence", "row") for part in page.parts) and not begins_letter(text):
        return []
    return [piece] if piece.end > piece.start and is_spoken(text) else []


def in_named_lines(page: Page) -> list[Piece]:
    """Plain text with a reply a line, each behind its name: "Refund: We pay you back."."""
    found = [Piece(part.name, part.start, part.end) for part in page.parts if part.kind == "label"]
    return found if 2 < len(found) == len(page.parts) and spoken_among(page, found) >= 0.6 * len(found) else []


def in_lines(page: Page) -> list[Piece]:
    """Plain text with a reply a line: behind a shortcut (``/hello: …``), or in a list of sentences."""
    text = page.text
    commands = [Piece(found[1], found.start(2), found.end(2)) for found in _COMMAND.finditer(text)]
    commands = [piece for piece in commands if is_sentence(text[piece.start : piece.end])]
    if len(commands) > 1:
        return commands
    found = []
    for number, part in enumerate(page.parts):
        line = text[part.start : part.end] if part.kind != "label" else ""
        bullet = _BULLET.match(line)
        if bullet is not None:
            found.append(Piece(f"[{number}]", part.start + bullet.end(), part.end))
    spoken = [piece for piece in found if is_spoken(text[piece.start : piece.end])]
    return found if len(spoken) > 2 and len(spoken) >= 0.6 * len(found) and len(found) >= 0.9 * len(page.parts) else []
