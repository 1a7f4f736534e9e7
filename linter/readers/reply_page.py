"""Pages of replies in Markdown, HTML or plain text, as people keep them: fenced, quoted, labelled, in tables, sections.

Text outside of these is guidance for the agent; the first of it is told as not read. A page that is documentation,
with code in its fences, is not claimed; in doubt a page must say of itself (in its name, heading or front matter) that
it holds replies.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..conversation import Conversation
from ..documents import Document
from ..messages import many
from . import Neighbours
from .common import Gathering
from .html_parts import cut_html, title_of
from .markdown_parts import Page, cut, with_lf
from .page_front import Front, called_in, is_for_colleagues, matter_of, reply_in, say_front, stated_in
from .page_marked import behind_labels, in_fences, in_quotes, in_quotes_beside, subjects
from .page_names import HINT, kept_under, says_of_itself, says_replies
from .page_outside import outside_of
from .page_sections import (
    Piece,
    Place,
    trimmed,
)
from .page_tables import in_tables
from .page_titles import with_labels, with_titles
from .page_unmarked import (
    as_one,
    in_lines,
    in_named_lines,
    in_paragraphs,
    in_points,
    in_sections,
    in_sections_beside,
    in_several_sections,
    under_title,
)

NAME = "reply-page"
TITLE = "page of replies"

_MARKUP = {"markdown": "markdown", "html": "html"}
_OPENING = 20_000  # characters within which a page says what it is


def claims(document: Document) -> bool:
    return _is_page(document) and not all(piece.left for piece in _pieces(document, matter_of(document)))


def _is_page(document: Document) -> bool:
    if document.kind == "markdown":
        return not document.path.lower().endswith((".qna", ".lu"))
    name = document.path.rsplit("/", 1)[-1].lower()
    if _kind(document) == "html":
        said = f"{name}\n{document.source.text[:_OPENING]}"
        return HINT.search(said) is not None or bool(kept_under(document))
    return document.kind == "text" and (name.endswith((".txt", ".text")) or "." not in name)


def _kind(document: Document) -> str:
    """How a page is written: in markdown, html or text."""
    return "html" if document.kind == "text" and document.path.lower().endswith((".html", ".htm")) else document.kind


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    front = matter_of(document, gathering)
    pieces = _pieces(document, front)
    if front is not None and is_for_colleagues(front.value):
        for piece in pieces:
            _skip(gathering, document, piece, "marked as internal")
        return gathering.conversation(NAME)
    reply = reply_in(front)
    stated = stated_in(front.value) if front is not None else None
    for piece in pieces:
        if piece.left:
            _skip(gathering, document, piece, piece.left)
        else:
            _say(gathering, document, piece, stated)
    kept = kept_under(document)
    if front is not None and stated is not None and (reply is not None or kept):
        say_front(gathering, front, stated)
    if reply is None:
        page = _page(with_lf(document.source.text), document.path, _kind(document), kept, called_in(front)).page
        _tell_outside(gathering, document, outside_of(page, pieces))
    return gathering.conversation(NAME)


def _skip(gathering: Gathering, document: Document, piece: Piece, reason: str) -> None:
    said = document.source.text[piece.start : piece.end]
    gathering.skip(said, (), reason, piece.id, Place(document, piece.start, piece.end))


def _say(gathering: Gathering, document: Document, piece: Piece, stated: Front | None) -> None:
    """Say a piece; what front matter states of the page holds for it."""
    locale, tags, channels = piece.standing
    if stated is not None:
        locale, tags, channels = locale or stated.locale or "", stated.tags + tags, channels or stated.channels
    said = document.source.text[piece.start : piece.end]
    markup = _MARKUP.get(_kind(document), "auto")
    gathering.say(piece.id, said, (), piece.kind, markup, channels, locale or None, tags, piece.start)


def _tell_outside(gathering: Gathering, document: Document, outside: list[tuple[int, int]]) -> None:
    if outside:
        more = f" (and {many(len(outside) - 1, 'more such paragraph')})" if len(outside) > 1 else ""
        reason = f"this stands outside the replies of the page, so it is not read{more}"
        gathering.overlook((), reason, document=Place(document, *outside[0]))


def _pieces(document: Document, front: Document | None) -> tuple[Piece, ...]:
    """What is said on the page; () when it is no page of replies. ``front`` is its front matter."""
    text = with_lf(document.source.text)
    return _found(text, document.path, _kind(document), reply_in(front), kept_under(document), called_in(front))


class _Read(NamedTuple):
    """The parts of a page, and what it says of itself."""

    page: Page
    said: str


@lru_cache(maxsize=2)
def _page(text: str, path: str, kind: str, kept: str, called: str) -> _Read:
    page = cut_html(text) if kind == "html" else with_labels(cut(text, plain=kind == "text"))
    said = says_of_itself(page, path, called or (title_of(text) if kind == "html" else ""))
    return _Read(with_titles(page) if kept or says_replies(said, kind) else page, said)


@lru_cache(maxsize=2)
def _found(text: str, path: str, kind: str, front: Front | None, kept: str, called: str) -> tuple[Piece, ...]:
    page, said = _page(text, path, kind, kept, called)
    if front is not None:
        whole = trimmed(page, Piece(front.id, page.body, len(text)))
        return (whole,) if front.shortcut else tuple(in_several_sections(with_titles(page), front.id)) or (whole,)
    pieces = _marked(page, said, kind, kept)
    if pieces:
        pieces += subjects(page)
    else:
        pieces = next(filter(None, _unmarked(page, said, kind, kept, called)), [])
    return tuple(sorted(pieces, key=lambda piece: piece.start))


def _marked(page: Page, said: str, kind: str, kept: str) -> list[Piece]:
    """What labels, tables and fences mark as replies, with what stands beside these in the same way; else quotes."""
    hinted = bool(kept) or HINT.search(said) is not None
    pieces = [*behind_labels(page, hinted), *in_tables(page, hinted)]
    fenced = list(in_fences(page, hinted))
    if pieces and not fenced:
        beside = in_sections_beside(page, pieces, said, kind, kept)
        pieces += beside or (in_quotes_beside(page, pieces) if hinted else [])
    elif fenced and not pieces and hinted:
        pieces = in_quotes_beside(page, fenced)
    return [*pieces, *fenced] or (in_quotes(page) if hinted else [])


def _unmarked(page: Page, said: str, kind: str, kept: str, called: str) -> Iterator[list[Piece]]:
    """What each of several ways to set replies apart finds, the surest first; one that finds any is enough."""
    if kind == "text" and (kept or HINT.search(said)):
        yield in_named_lines(page)
    if kept:
        yield in_points(page) or in_several_sections(page, kept)
    yield _in_sections(page, said, kind)
    if kind == "text":
        yield in_lines(page)
    yield in_paragraphs(page, said)
    yield under_title(page)
    if says_replies(said, kind):
        yield in_quotes(page, 1)
    if kept:
        yield as_one(page, called or kept)


def _in_sections(page: Page, said: str, kind: str) -> list[Piece]:
    """The sections that are replies; where there are any, those under a title that says so are others of them."""
    found = in_sections(page, said, kind)
    known = {piece.start for piece in found}
    return found + [piece for piece in (under_title(page) if known else ()) if piece.start not in known]
