"""Pages of replies in Markdown, HTML or plain text, as people keep them: fenced, quoted, labelled, in tables, sections.

Text outside of these is guidance for the agent; the first of it is told as not read. A page that is documentation,
with code in its fences, is not claimed; in doubt a page must say of itself (in its name, heading or front matter) that
it holds replies.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Any, NamedTuple

from ..conversation import Conversation, Path
from ..documents import Document, embedded
from ..messages import many
from ..source import SourceError, Span, Text
from . import Neighbours
from .common import Gathering, channel_names, is_text, named, strings
from .exports import folders_of, stem_of
from .fields import KINDS, Role, is_bare_text, is_for_staff, locale_of, role
from .html_parts import cut_html, title_of
from .markdown_parts import Page, Part, cut, front_matter
from .page_sections import (
    COMMENT,
    Piece,
    begins_letter,
    cut_up,
    is_greeting,
    mails_of,
    part_of,
    parts_apart,
    says_where,
    titled,
    trimmed,
    without_properties,
)
from .page_titles import with_labels, with_titles
from .plans import Plan, Standing, is_internal, is_library, is_name, is_note_name, plan_of, standing_of
from .prose import is_sentence

NAME = "reply-page"
TITLE = "page of replies"

_TEXT_FENCES = frozenset(["", "text", "txt", "markdown", "md", "html", "plaintext", "whatsapp", "email", "plain"])
_HINT = re.compile(
    r"repl(?:y|ies)|answer|respons|template|macro|canned|snippet|message|antwoord|sjablo|bericht|vorlage|antwort"
    r"|textbaustein|nachricht|r[eé]pons|mod[eè]l(?:es?|os?|li) d|mensaje|plantilla|respuesta"
    r"|respost|mensag|rispost|messagg|atendimento"
    r"|whatsapp|faq|klantcontact|kundenservice",
    re.IGNORECASE,
)
_SERVICE = (
    r"klant\w*|kund\w+|customer (?:service|support|care)|client(?:e|i|es|s|ele)?\b|whatsapp|chat|helpdesk|e-?mail|sms"
    r"|support|webshop|winkel|atendimento|atenci[oó]n"
)
_SEVERAL = (
    r"(?:replies|antwoord(?:en|teksten)|reacties|berichten|sjablonen|antworten|(?:text)?vorlagen|nachrichten|r[eé]ponses"
    r"|mod[eè]les|respuestas|plantillas|mensajes|respostas|modelos|mensagens|risposte|modelli|messaggi)"
)
_STRONG = re.compile(
    r"(?:canned|saved|quick|standard|default|auto\w{0,40}|e-?mail|whatsapp|chat|sms)[ _-]*"
    r"(?:repl|respons|answer|messag|templat)"
    r"|(?:canned|saved) (?:support|customer|e-?mail|helpdesk|chat) (?:repl|respons|answer|messag|templat)"
    r"|support[ _-](?:repl(?:y|ies)\b|responses\b|answers\b|(?:(?:response|reply)[ _-])?templat)"
    r"|reply[ _-]templat|macros\b|standaard(?:antwoord|reactie|bericht|tekst)|antwoordsjablo|sjablonen|snelle antwoord"
    r"|textbaustein|antwortvorlage|standardantwort|respuestas? (?:r[aá]pida|predefinida)"
    r"|respostas? (?:r[aá]pida|pronta|padr)"
    r"|mensagens (?:padr|pronta)"
    r"|r[eé]ponses? (?:type|rapide|pr[eé])|risposte (?:rapide|predefinite|pronte)|plantillas? de"
    r"|(?:mod[eè]les?|modelos?|modelli) d[ei] (?:r[eé]ponse|respuesta|resposta|mensa|rispost|messagg)"
    rf"|(?:{_SERVICE})(?:[ _-][^\n.:]{{0,30}})?{_SEVERAL}\b|\b{_SEVERAL}[ _-](?:[^\n.:]{{0,30}}[ _-])?(?:{_SERVICE})",
    re.IGNORECASE,
)
_CALLED = re.compile(rf"(?:{_STRONG.pattern})\w{{0,5}}", re.IGNORECASE)
"""The name of a folder that says so and nothing else ("canned-responses")."""
_LAST_WORD = re.compile(r"^.*[ _-](?=[^\W\d_]{3})")
"""What stands before the last word of a folder's name, a language aside: "support-replies", "my replies-en"."""
_REPLIES = re.compile(
    r"(?:(?:our|onze|unsere|nos|nuestras|nossas|nostre)[ _-])?(?:replies|antwoorden|reacties|antworten|r[eé]ponses"
    r"|respuestas|respostas|risposte)(?:[ _-](?:nl|en|de|fr|es|pt|it))?",
    re.IGNORECASE,
)
"""A file's name or a heading that says "replies" and nothing else."""
_EXPORTED = re.compile(r" [0-9a-f]{32}$")
"""What Notion puts behind the names of the pages and folders of an export."""
_NEAR = 2  # folders above a page, among which one may say that it holds replies
_ON_FOLDER = re.compile(
    r"(?i)read[_ -]?me|index\b|license|licence|changelog|contributing|guide|style|about|notes?\b|todo"
)
"""What begins the names of files on the replies beside them."""
_ADDRESS = re.compile(
    r"\b(?:you|your|yours|u(?=\s\w)|uw|jouw|jullie|je|sie|ihre?[nrms]?|ihnen|dich|dir|deine?[nrms]?|vous|votre|vos|usted|ustedes"
    r"|sus?|te|tu|voc[eê]s?|seus?|suas?|lei|suo|sua|vi|jij|euch|eu(?:er|re[nrms]?)|ton|ta|tes|toi|tus|teus?|tuas?|tuo|tuoi"
    r"|tue|ti|contigo|hello|hi|hey|dear|hallo|beste|geachte|goede\w+|dag|guten"
    r"|liebe[rs]?|bonjour|hola|ol[aá]|bom|boa|buon\w+|buen[oa]s|bonsoir|prezad[oa]s?|spettabile|egregi[oa]|salve|gentile|ciao|thanks?|bedankt|dank|danke|vielen|merci|gracias"
    r"|obrigad[oa]|grazie|please|alstublieft|alsjeblieft|bitte|por favor|per favore|estimad[oa]s?|cher|ch[eè]re)\b",
    re.IGNORECASE,
)
_ON_PAGE = re.compile(
    r"(?:this|these|the following|dit|deze|diese[rs]?|cette|ces|este|esta|estos|estas|estes|questa|questi|queste)\s+"
    r"(?:(?:\w+\s+){0,2}(?:library|collection|canned \w+|repl(?:y|ies)|responses|templates|macros|snippets|bibliotheek"
    r"|antwoorden|sjablonen|bibliothek|antworten|vorlagen|bibliothèque|modèles|réponses|biblioteca|respuestas|plantillas"
    r"|modelos|respostas|risposte|modelli)\b"
    r"|(?:page|document|file|folder|list|pagina|bestand|lijst|seite|datei|liste|página|lista|fichier|archivo|arquivo)\s+"
    r"(?:is|are|contains?|holds?|lists?|has|shows?|describes?|bevat|enthält|contient|contiene|contém|elenca)\b)"
    r"|\A\W*(?:an?\s+)?(?:list|collection|overview|set|library)\s+of\b",
    re.IGNORECASE,
)
"""How the words under a page's title speak of what is on it."""
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u3040-\uffdc]")
_CODE_LINE = re.compile(
    r"^[ \t]*(?![ \t])(?:[$%][ \t]|\S+\.\w{1,5}:\d+|[\w-]+[ \t]*=[ \t]*\S|import "
    r"|from \w+ import|def |class |function |curl |npm |pip "
    r"|git |sudo |cd |docker |\{(?!\{)|[}\]]"
    r"|(?!(?:[-*+•–][ \t]|\d{1,2}[.)][ \t]|(?:[^\W\d_][\w'’,:-]{0,40}[ \t]+){2})[^=(){}<>$\[\]]*;$)"
    r".*[;{]$)",
    re.MULTILINE,
)
"""An item of a list, and some words, may end in a semicolon."""
_COMMAND = re.compile(
    r"^[ \t]{0,8}([/#!:;][^\W\d_][\w-]{0,40})[ \t]{0,20}(?:[:=|\t]|->|→|—|–)[ \t]{0,20}(\S.*)$", re.MULTILINE
)
_ALONE = re.compile(r"\s*([^\s.!?:,;#<>|][^\n.!?:,;#<>|]{2,59}?):?[ \t]*\n[ \t]*\n")
"""A title in plain text."""
_TAG = re.compile(r"<[^<>]{1,400}>")
_ROW = re.compile(r"([^\w\s])\1{3,}|(?<!\S)([^\w\s]+\s+)\2{2,}")
_TITLES = ("title", "titel", "titulo", "titre", "name", "naam", "nombre", "nome")
_SHORTCUTS = ("shortcut", "short_code", "shortcode", "trigger", "sneltoets", "atalho", "atajo")
_MARKUP = {"markdown": "markdown", "html": "html"}
_OPENING = 20_000  # characters within which a page says what it is
_MOST = 100_000  # characters of a text by which it is told what it is
_LETTER = re.compile(r"[ \t>#*_-]{0,12}([A-Z])\d{0,3}[*_]{0,2}:")
_BOLD = re.compile(
    r"(?:\*\*|__)([^*_\n]{2,60}?)(?::(?:\*\*|__)|(?:\*\*|__)[ \t]?(?::|-|\u2013|\u2014|->|\u2192))[ \t]*(?=\S)"
)
"""What a point of a list is called: "- **Refund**: …"."""
_BULLET = re.compile(r"[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]+")


class _Reply(NamedTuple):
    """What front matter says of a page of a reply, or of several: only a page with a ``shortcut`` is surely one."""

    id: str
    tags: tuple[str, ...]
    channels: tuple[str, ...]
    locale: str | None
    shortcut: bool


def claims(document: Document) -> bool:
    return _is_page(document) and not all(piece.left for piece in _pieces(document, _front_matter(document)))


def _is_page(document: Document) -> bool:
    if document.kind == "markdown":
        return not document.path.lower().endswith((".qna", ".lu"))
    name = document.path.rsplit("/", 1)[-1].lower()
    if _kind(document) == "html":
        said = f"{name}\n{document.source.text[:_OPENING]}"
        return _HINT.search(said) is not None or bool(_kept(document))
    return document.kind == "text" and (name.endswith((".txt", ".text")) or "." not in name)


def _kind(document: Document) -> str:
    """How a page is written: in markdown, html or text."""
    return "html" if document.kind == "text" and document.path.lower().endswith((".html", ".htm")) else document.kind


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    front = _front_matter(document, gathering)
    reply = _front(front)
    pieces = _pieces(document, front)
    stated = _stated(front.value) if front is not None else None
    text = document.source.text
    markup = _MARKUP.get(_kind(document), "auto")
    if front is not None and _is_for_colleagues(front.value):
        for piece in pieces:
            place = _Place(document, piece.start, piece.end)
            gathering.skip(text[piece.start : piece.end], (), "marked as internal", piece.id, place)
        return gathering.conversation(NAME)
    for piece in pieces:
        value = text[piece.start : piece.end]
        if piece.left:
            gathering.skip(value, (), piece.left, piece.id, _Place(document, piece.start, piece.end))
            continue
        locale, tags, channels = piece.standing
        if stated is not None:
            locale, tags, channels = locale or stated.locale or "", stated.tags + tags, channels or stated.channels
        gathering.say(piece.id, value, (), piece.kind, markup, channels, locale or None, tags, piece.start)
    if front is not None and stated is not None and (reply is not None or _kept(document)):
        _say_front(gathering, front, stated)
    outside = _outside(document, pieces, _called(front)) if reply is None else []
    if outside:
        more = f" (and {many(len(outside) - 1, 'more such paragraph')})" if len(outside) > 1 else ""
        reason = f"this stands outside the replies of the page, so it is not read{more}"
        gathering.overlook((), reason, document=_Place(document, *outside[0]))
    return gathering.conversation(NAME)


class _Place:
    """A document of which a part is meant."""

    def __init__(self, document: Document, start: int, end: int) -> None:
        self.source = document.source
        self._document = document
        self._place = Span(start, end)

    def text(self, path: Path) -> Text:
        return self._document.text(path).cut(self._place.start, self._place.end)

    def span(self, path: Path) -> Span:
        return self._place


def _outside(document: Document, read: Sequence[Piece], called: str) -> list[tuple[int, int]]:
    """The paragraphs outside all replies that are said to somebody: to the agent as a rule, but they may be replies."""
    page = _page(document.source.text, document.path, _kind(document), _kept(document), called).page
    found = []
    number = 0
    beside = _sections_beside(page, read)
    begins = [section.start for section in beside]
    for start, end in sorted((*_loose(page), *_unknown_cells(page, {piece.start for piece in read}))):
        while number < len(read) and read[number].end <= start:
            number += 1
        text = page.said(start, end)
        is_read = number < len(read) and read[number].start < end
        if is_read or _is_frame(text):
            continue
        at = bisect_right(begins, start) - 1
        if _is_spoken(text) or (at >= 0 and start in beside[at] and is_sentence(text)):
            found.append((start, end))
    return found


def _sections_beside(page: Page, read: Sequence[Piece]) -> list[range]:
    """The sections without a reply where those of their level are replies: they may be said to nobody in particular."""
    starts = {piece.start for piece in read}
    if any(part.start in starts for part in page.parts if part.kind in ("fence", "quote", "row")):
        return []
    headings = [part for part in page.parts if part.kind == "heading"]
    ends = [*(part.start for part in headings[1:]), len(page.text)]
    sections = [(part.level, range(part.end, end)) for part, end in zip(headings, ends, strict=False)]
    ordered = sorted(starts)
    holds = [bisect_left(ordered, section.start) < bisect_left(ordered, section.stop) for _, section in sections]
    levels = {level for (level, _), one in zip(sections, holds, strict=True) if one}
    return [section for (level, section), one in zip(sections, holds, strict=True) if level in levels and not one]


def _unknown_cells(page: Page, read: set[int]) -> Iterator[tuple[int, int]]:
    """The cells under headings that say nothing, in tables of which others are read."""
    for rows, plan in _planned(page):
        for values in _records(page, rows):
            if not read.isdisjoint(start for start, _ in values.values()):
                yield from (values[name] for name in plan.unknown if name in values)


def _loose(page: Page) -> Iterator[tuple[int, int]]:
    """The paragraphs that are no headings, tables or code: lines that follow each other."""
    open_: tuple[int, int] | None = None
    for part in page.parts:
        follows = open_ is not None and not page.parted(open_[1], part.begins)
        if open_ is not None and part.kind == "line" and follows:
            open_ = open_[0], part.end
            continue
        if open_ is not None:
            yield open_
        open_ = (part.start, part.end) if part.kind in ("line", "label", "quote") else None
    if open_ is not None:
        yield open_


def _pieces(document: Document, front: Document | None) -> tuple[Piece, ...]:
    """What is said on the page; () when it is no page of replies. ``front`` is its front matter."""
    return _found(document.source.text, document.path, _kind(document), _front(front), _kept(document), _called(front))


def _kept(document: Document) -> str:
    """The page's name where it stands in a folder of replies; "" where it does not."""
    return _EXPORTED.sub("", stem_of(document)) if _is_kept_with_replies(document) else ""


def _called(front: Document | None) -> str:
    """The title that stands in front matter."""
    return named(front.value, _TITLES) if front is not None else ""


class _Read(NamedTuple):
    """The parts of a page, and what it says of itself."""

    page: Page
    said: str


@lru_cache(maxsize=2)
def _page(text: str, path: str, kind: str, kept: str, called: str) -> _Read:
    page = cut_html(text) if kind == "html" else with_labels(cut(text, plain=kind == "text"))
    said = _says_of_itself(page, path, called or (title_of(text) if kind == "html" else ""))
    return _Read(with_titles(page) if kept or _says_replies(said, kind) else page, said)


@lru_cache(maxsize=2)
def _found(text: str, path: str, kind: str, front: _Reply | None, kept: str, called: str) -> tuple[Piece, ...]:
    page, said = _page(text, path, kind, kept, called)
    if front is not None:
        whole = trimmed(page, Piece(front.id, page.body, len(text)))
        return (whole,) if front.shortcut else tuple(_several(with_titles(page), front.id)) or (whole,)
    hinted = bool(kept) or _HINT.search(said) is not None
    pieces = [*_labelled(page, hinted), *_in_tables(page, hinted)]
    fenced = list(_fenced(page, hinted))
    if pieces and not fenced:
        pieces += _beside(page, pieces, said, kind, kept) or (_quoted_beside(page, pieces) if hinted else [])
    if hinted and fenced and not pieces:
        pieces += _quoted_beside(page, fenced)
    pieces += fenced
    if not pieces and hinted:
        pieces += _quoted(page)
    if pieces:
        pieces += _subjects(page)
    if not pieces and hinted and kind == "text":
        pieces += _named_lines(page)
    if not pieces and kept:
        pieces += _points(page) or _several(page, kept)
    if not pieces:
        pieces += _sections(page, said, kind)
        known = {piece.start for piece in pieces}
        pieces += [piece for piece in (_under_title(page) if known else ()) if piece.start not in known]
    if not pieces and kind == "text":
        pieces += _lines(page)
    if not pieces:
        pieces += _in_paragraphs(page, said)
    if not pieces:
        pieces += _under_title(page)
    if not pieces and _says_replies(said, kind):
        pieces += _quoted(page, 1)
    if not pieces and kept:
        pieces += _whole(page, called or kept)
    return tuple(sorted(pieces, key=lambda piece: piece.start))


def _says_of_itself(page: Page, path: str, called: str) -> str:
    """The file's name and its title: in front matter, its first heading, in plain text a first line by itself."""
    heading = next((part.name for part in page.parts if part.kind == "heading"), "")
    titles = dict.fromkeys((heading, _first_line(page), called))
    return "\n".join((path.replace(chr(92), "/").rsplit("/", 1)[-1], " ".join(filter(None, titles))))


def _first_line(page: Page) -> str:
    """The first line where it stands alone and says clearly that these are replies."""
    found = _ALONE.match(page.text)
    return found[1] if found is not None and (_STRONG.search(found[1]) or _REPLIES.fullmatch(found[1])) else ""


def _is_title(page: Page, piece: Piece) -> bool:
    """Whether a piece is the first line, which says of the page that it holds replies."""
    title = _first_line(page)
    return bool(title) and page.said(piece.start, piece.end).rstrip(": \t") == title


def _front(matter: Document | None) -> _Reply | None:
    """Front matter that makes the page one reply: it has a shortcut, or says that it is a reply."""
    return _reply_of(matter.value) if matter is not None else None


def _front_matter(document: Document, gathering: Gathering | None = None) -> Document | None:
    """The front matter as a document of its own; None where there is no mapping in it. That it is broken is told."""
    start, end = front_matter(document.source.text)
    if document.kind != "markdown" or not end:
        return None
    try:
        inner = embedded(document, (), start, end, "yaml")
    except SourceError as error:
        if gathering is not None:
            gathering.overlook(
                (), f"what stands above the page is {error.reason}", document=_Place(document, start, end)
            )
        return None
    return inner if isinstance(inner.value, dict) else None


def _is_for_colleagues(values: dict[Any, Any]) -> bool:
    """Whether front matter says so; a page of the type "note" may be one of anybody's notes."""
    return is_internal(values, plan_of([key for key in values if isinstance(key, str) and key.lower() not in KINDS]))


def _say_front(gathering: Gathering, front: Document, reply: _Reply) -> None:
    """What front matter says to customers beside the reply: its subject, a footer."""
    for key, item in front.value.items():
        kind = role(str(key)).kind
        if kind in ("subject", "beside", "text") and is_text(item):
            said = "subject" if kind == "subject" else "reply"
            where = (f"{reply.id}.{key}", item, (key,), said, "auto", reply.channels, reply.locale, reply.tags)
            gathering.say(*where, document=front)


def _reply_of(values: dict[Any, Any]) -> _Reply | None:
    simple = _simple(values)
    shortcut = named(simple, _SHORTCUTS)
    says = " ".join(str(simple.get(key, "")) for key in ("type", "kind", "soort", "layout"))
    return _stated(values) if shortcut or _HINT.search(says) else None


def _simple(values: dict[Any, Any]) -> dict[str, Any]:
    return {str(key).lower().replace("-", "_"): item for key, item in values.items()}


def _stated(values: dict[Any, Any]) -> _Reply:
    """What front matter says of what stands on its page."""
    simple = _simple(values)
    shortcut = named(simple, _SHORTCUTS)
    id = named(simple, _TITLES) or shortcut
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    locale = ""
    for key, item in simple.items():
        kind = role(key).kind
        if kind == "group":
            tags += strings(item)
        elif kind == "channel":
            channels += channel_names(";".join(strings(item)))
        elif kind == "language" and isinstance(item, str):
            locale = locale_of(item)
    return _Reply(id or "reply", tags, channels, locale or None, bool(shortcut))


def _fenced(page: Page, hinted: bool) -> Iterator[Piece]:
    fences = [part for part in page.parts if part.kind == "fence"]
    spoken = [part for part in fences if part.name in _TEXT_FENCES and _is_spoken(page.inside(part))]
    enough = spoken and len(spoken) >= (0.4 if hinted else 0.8) * len(fences)
    if enough and (hinted or len(spoken) > 2):
        plain = {part for part in fences if part.name in _TEXT_FENCES and hinted and _is_plain(page, part)}
        chosen = set(spoken) | plain
    elif hinted:  # documentation of which a part is the text itself
        chosen = _called_text(page).intersection(spoken)
    else:
        return
    for title, part in titled(page):
        if part in chosen:
            yield trimmed(page, Piece(title or "fence", part.start, part.end))


def _subjects(page: Page) -> Iterator[Piece]:
    """The subjects that stand beside replies; they alone don't make a page one of replies."""
    for number, (title, part) in enumerate(titled(page)):
        if part.kind == "label" and role(part.name).kind == "subject":
            end = part.end
            if part.start == part.end:  # it stands below, to its first blank line
                end = next(_loose(replace(page, parts=page.parts[number + 1 :])), (0, part.end))[1]
            yield trimmed(page, Piece(f"{title}.{part.name}", part.start, end, "subject"))


def _called_text(page: Page) -> set[Part]:
    """The fences right behind a heading, a line in bold or a label that says that it is the text ("### Body")."""
    names = ("heading", "bold", "label")
    behind = ((before, part) for before, part in pairwise(page.parts) if part.kind == "fence" and before.kind in names)
    return {part for before, part in behind if role(before.name).kind == "text"}


def _is_plain(page: Page, part: Part) -> bool:
    """Words with hardly a trace of a program; in a page of replies that is a reply, however short."""
    inside = page.inside(part)
    return is_text(inside) and _code(inside) <= 0.34


def _code(text: str) -> float:
    """The share of lines that look like those of a program."""
    lines = [line for line in text[:4000].splitlines() if line.strip()]
    return sum(1 for line in lines if _CODE_LINE.match(line)) / max(1, len(lines))


def _is_spoken(text: str) -> bool:
    """Whether a text is said to somebody. Rows of marks only adorn it, comments are not seen."""
    if "<!--" in text:
        text = COMMENT.sub("", text[:_MOST])
    text = unescape(text[:_MOST]) if "&" in text else text
    words = _ROW.sub("", text[:_MOST])[:2000]
    letters = sum(1 for character in words if character.isalpha() or character.isspace())
    return (
        is_sentence(text.strip())
        and letters >= 0.7 * len(words)
        and _code(text) <= 0.1
        and (_ADDRESS.search(text) is not None or _OTHER_SCRIPT.search(text) is not None)
    )


def _labelled(page: Page, hinted: bool) -> list[Piece]:
    """What follows a label such as ``**Answer:**``, up to the next one, a heading or a rule.

    A label that isn't in bold counts only in a page that says it holds replies: headers of mails look the same.
    """
    found: list[Piece] = []
    current: Piece | None = None
    letters = _of_letters(page) if hinted else {}
    titles = [part.name for part in page.parts if part.kind in ("heading", "bold")] if hinted else []
    parts_of = Counter({name: count for name, count in Counter(titles).items() if count > 1 and part_of(name)})
    bold = [part.name for part in page.parts if part.kind == "bold" and is_bare_text(part.name)] if hinted else []
    if len(bold) > 1:  # "**Body:**", "**Macro text:**"
        parts_of.update(bold)
        parts_of.update(part.name for part in page.parts if part.kind == "bold" and is_for_staff(part.name))
    heading = ""
    questions: list[Piece] = []
    asked = ""
    for title, part in titled(page):
        is_label = hinted or part.level if part.kind == "label" else part.name in parts_of
        heading = part.name if part.kind == "heading" else heading
        kind = (letters.get(part.name) or role(part.name)) if is_label else None
        if part.kind in ("heading", "rule", "bold", "fence") or (kind is not None and kind.kind):
            if current is not None:
                found.append(current)
            current = None
        if part.kind in ("heading", "bold"):
            asked = ""
        elif kind is not None and kind.kind == "customer":
            asked = page.inside(part).strip("*_ \t")
            questions.append(trimmed(page, Piece(asked, part.start, part.end, left="a customer's words")))
        is_bold = part.name in bold if part.kind == "bold" else hinted and part.kind == "label" and part.level > 0
        if kind is not None and kind.kind == "text" and kind.rank <= is_bold:
            called = _LETTER.sub("", title, 1).strip() if letters else title
            called = heading if part.name in bold and heading else called
            current = Piece(asked or called or part.name, part.start if part.kind == "label" else part.end, part.end)
            asked = ""
        elif current is not None:
            current = current._replace(end=part.end)
    if current is not None:
        found.append(current)
    found = [trimmed(page, piece) for piece in found]
    spoken = [piece for piece in found if is_text(page.said(piece.start, piece.end))]
    return [*spoken, *questions] if len(spoken) > 1 else []


def _of_letters(page: Page) -> dict[str, Role]:
    """What one letter before what is said stands for, in a page of questions and answers: "Q: …", "A: …"."""
    found = Counter(
        begins[1] for part in page.parts if (begins := _LETTER.match(page.text, part.begins, part.end)) is not None
    )
    for question, answer in ("QA", "VA", "FA", "QR", "PR", "DR"):
        if min(found[question], found[answer]) > 1:
            return {question: Role("customer"), answer: Role("text")}
    return {}


def _in_tables(page: Page, hinted: bool) -> list[Piece]:
    if not hinted:
        return []
    headings = [part for part in page.parts if part.kind == "heading"]
    starts = [part.start for part in headings]
    found = []
    for rows, plan in _planned(page):
        number = bisect_right(starts, rows[0].start)
        section = headings[number - 1].name if number > 1 else ""  # under the first stands all of the page
        found += _in_table(page, rows, plan, section)
    return found


def _planned(page: Page) -> list[tuple[list[Part], Plan]]:
    """The tables of replies.

    One row alone is one where a longer table of the page has its replies in such a column, or where the header says of
    each column what it is.
    """
    tables = list(_tables(page))
    plans = [_plan(page, rows) if len(rows) > 2 else None for rows in tables]
    longer = [plan for plan in plans if plan is not None]
    found = []
    for rows, plan in zip(tables, plans, strict=True):
        if plan is None and len(rows) == 2:
            header = set(_header(page, rows))
            plan = next((one for one in longer if header.issuperset(key for key, _ in one.texts)), None)
            own = _plan(page, rows) if plan is None else None
            plan = own if own is not None and own.sure and own.titles and not own.unknown else plan
        if plan is not None:
            found.append((rows, plan))
    return found


def _tables(page: Page) -> Iterator[list[Part]]:
    """The rows of each table, its header first."""
    table: list[Part] = []
    for part in [*page.parts, Part("line", 0, 0)]:
        if part.kind == "row" and part.start not in page.first_rows:
            table.append(part)
            continue
        following = [part] if part.kind == "row" else []
        if part.kind == "divider":  # below the header of another table, where that stands apart
            if len(table) < 2 or not page.parted(table[-2].end, table[-1].start):
                continue
            following = [table.pop()]
        if len(table) > 1:
            yield table
        table = following


def _in_table(page: Page, rows: list[Part], plan: Plan, section: str) -> list[Piece]:
    """The replies in a table; those without a title are called by the section that it stands in."""
    found: dict[tuple[int, int], Piece] = {}
    for number, values in enumerate(_records(page, rows)):
        said = {name: page.said(*place) for name, place in values.items()}
        title = named(said, (*plan.titles, *plan.subjects, *plan.customer)).strip("*_` ") or f"{section}[{number}]"
        left = "marked as internal" if is_internal(said, plan) else ""
        spoken = {values.get(key) for key, _ in plan.texts}  # perhaps over several columns
        beside = {name: text.strip("*_` ") for name, text in said.items() if values[name] not in spoken}
        standing = standing_of(beside, plan, Standing())
        for key, locale in plan.texts:
            if is_text(said.get(key)) and not is_name(plan, key, said[key]):
                own = standing._replace(locale=locale or standing.locale)
                # A cell that goes on in the next row is said once.
                found.setdefault(values[key], Piece(title, *values[key], left=left, standing=own))
    return list(found.values())


def _plan(page: Page, rows: list[Part]) -> Plan | None:
    sample = _records(page, rows[:21])
    return is_library([{name: page.said(*place) for name, place in values.items()} for values in sample])


def _records(page: Page, rows: list[Part]) -> list[dict[str, tuple[int, int]]]:
    """Where the cells of each row stand, by the names in the header."""
    header = _header(page, rows)
    return [dict(zip(header, _cells(page, row), strict=False)) for row in rows[1:]]


def _header(page: Page, rows: list[Part]) -> list[str]:
    return [page.said(start, end).strip("*_` ").lower() for start, end in _cells(page, rows[0])]


def _cells(page: Page, row: Part) -> list[tuple[int, int]]:
    """The cells of a row without their blanks; a bar behind a backslash belongs to the cell."""
    if page.html:
        return page.cells[row.start]
    found = []
    line = page.inside(row)
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
    for left, right in pairwise(bars):
        cell = line[left + 1 : right]
        start = row.start + left + 1 + len(cell) - len(cell.lstrip())
        found.append((start, start + len(cell.strip())))
    return found


def _quoted(page: Page, fewest: int = 2) -> list[Piece]:
    """Quotes, if most of them are said to somebody; then the others are as well."""
    opening = _end_of_opening(page)
    quotes = [(title, part) for title, part in titled(page) if part.kind == "quote"]
    spoken = [part for _, part in quotes if _is_spoken(page.inside(part))]
    # What is quoted under the page's title, and said to nobody, is on the page.
    quotes = [(title, part) for title, part in quotes if part.start >= opening or part in spoken]
    if len(quotes) < fewest or len(spoken) < 0.5 * len(quotes):
        return []
    return [Piece(title or "quote", part.start, part.end) for title, part in quotes if is_text(page.inside(part))]


def _quoted_beside(page: Page, known: Sequence[Piece]) -> list[Piece]:
    """Quotes that are said to somebody, in sections without a reply that is known: there the quote is the reply."""
    starts = [part.start for part in page.parts if part.kind == "heading"]
    filled = {bisect_right(starts, piece.start) for piece in known}
    return [
        Piece(title or "quote", part.start, part.end)
        for title, part in titled(page)
        if part.kind == "quote"
        and bisect_right(starts, part.start) not in filled
        and _is_spoken(page.inside(part))
        and is_text(page.inside(part))
    ]


def _beside(page: Page, pieces: Sequence[Piece], said: str, kind: str, kept: str) -> list[Piece]:
    """The sections without a table or labels that are replies, where these are more than those that have such."""
    taken = sorted(piece.start for piece in pieces)
    found = _several(page, kept, taken) if kept else _sections(page, said, kind, taken)
    holding = sum(_holds(section, taken) for section in cut_up(page))
    return found if sum(not piece.left for piece in found) > holding else []


def _holds(section: Piece, taken: Sequence[int]) -> bool:
    """Whether a reply that is known already begins in the section."""
    return bisect_left(taken, section.start) < bisect_left(taken, section.end)


def _sections(page: Page, said: str, kind: str, taken: Sequence[int] = ()) -> list[Piece]:
    """Sections under headings or between rules, each said to somebody, in a page that says it holds replies.

    Those where a reply begins that is ``taken`` already are none.
    """
    called = _is_called_replies(said)
    if not _says_replies(said, kind):
        return []
    found = [piece for piece in _cut_up(page, letters_from=1) if not _holds(piece, taken)]
    mails = mails_of(page)
    spoken = [
        piece
        for piece in found
        if _is_spoken(page.said(piece.start, piece.end))
        or is_greeting(page.said(piece.start, piece.end))
        or (piece.start in mails and any(map(_is_spoken, _paragraphs(page, piece))))
    ]
    sure = set(spoken)
    opening = _end_of_opening(page)
    counted = [piece for piece in found if piece in sure or (piece.start >= opening and not is_note_name(piece.id))]
    if mails:  # between them stand notes on when they are sent
        counted = [piece for piece in counted if piece in sure or piece.start in mails]
    if len(spoken) < (1 if called else 2) or len(spoken) < (0.5 if called else 0.6) * len(counted):
        return []
    # In a page of replies a section with one paragraph that is said to somebody is a reply, whatever adorns it.
    sure.update(piece for piece in found if piece.start in mails or is_note_name(piece.id))
    chosen = [piece for piece in found if piece in sure or any(map(_is_spoken, _paragraphs(page, piece)))]
    return list(parts_apart(page, chosen, mails))


def _cut_up(page: Page, letters_from: int = 0) -> list[Piece]:
    """The texts under headings and between rules, but for what under the page's title speaks of the page."""
    opening = _end_of_opening(page)
    return [
        piece
        for piece in cut_up(page, letters_from)
        if piece.start >= opening or not _is_on_page(page.said(piece.start, piece.end))
    ]


def _is_on_page(text: str) -> bool:
    return _ON_PAGE.search(text[:_MOST]) is not None and not begins_letter(text)


def _says_replies(said: str, kind: str) -> bool:
    """Whether a page says that what stands in its sections are replies."""
    return bool(_STRONG.search(said) or _is_called_replies(said) or (kind == "text" and _HINT.search(said)))


def _spoken(page: Page, pieces: Iterable[Piece]) -> int:
    """How many pieces of a page are said to somebody."""
    return sum(_is_spoken(page.said(piece.start, piece.end)) for piece in pieces)


def _several(page: Page, name: str, taken: Sequence[int] = ()) -> list[Piece]:
    """The sections of a page that is known to hold replies, but for those with one that is ``taken`` already; none
    where all of it is one.
    """
    found = [piece for piece in _cut_up(page) if not _holds(piece, taken) and not _is_title(page, piece)]
    said = [piece for piece in found if not piece.left and not is_note_name(piece.id)]
    if len(found) < 2 or _spoken(page, said) < 0.5 * len(said) or any(part.kind == "fence" for part in page.parts):
        return []
    unnamed = sum(piece.id.startswith("[") for piece in found)
    for number, piece in enumerate(found):
        if piece.id.startswith("["):
            found[number] = piece._replace(id=f"{name}{piece.id}" if unnamed > 1 else name)
    return list(parts_apart(page, found, mails_of(page)))


def _points(page: Page) -> list[Piece]:
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
    return found if len(found) > 1 and _spoken(page, found) >= 0.6 * len(found) else []


def _end_of_opening(page: Page) -> int:
    """Where the sections under the page's title begin: what stands before them is on the page itself as a rule."""
    first, second, *_ = [*[part for part in page.parts if part.kind == "heading"], None, None]
    return second.start if first is not None and second is not None and first.level < second.level else 0


def _in_paragraphs(page: Page, said: str) -> list[Piece]:
    """Paragraphs and points of a list, most of them said to somebody, in a page that is called replies.

    A page on such replies is called so as well, but it speaks of them.
    """
    if not _STRONG.search(said) and not _is_called_replies(said):
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
    found = [piece for piece in found if not _is_frame(page.said(piece.start, piece.end))]
    if found and _is_title(page, found[0]):
        del found[0]
    texts = [page.said(piece.start, piece.end) for piece in found]
    spoken = sum(map(_is_spoken, texts))
    if not spoken or spoken < 0.6 * len(found) or any(map(_STRONG.search, texts)):
        return []
    return [piece for piece, text in zip(found, texts, strict=True) if is_text(text)]


def _under_title(page: Page) -> list[Piece]:
    """Sections of nothing but sentences, under a title that says "standard replies" and no more.

    Half of them may be said to nobody in particular ("We are open from nine to five"). A page about such replies speaks
    of them.
    """
    headings = [part for part in page.parts if part.kind == "heading"]
    if len(headings) < 2 or headings[0].level != 1 or not _CALLED.fullmatch(headings[0].name.strip()):
        return []
    if any(part.kind not in ("heading", "line") for part in page.parts) or page.parts[0] is not headings[0]:
        return []
    ends = [*(part.start for part in headings[2:]), len(page.text)]
    sections = zip(headings[1:], ends, strict=True)
    found = [trimmed(page, Piece(part.name, part.end, end)) for part, end in sections]
    found = [piece for piece in found if piece.end > piece.start]
    texts = [page.said(piece.start, piece.end) for piece in found]
    if any(_code(text) or _STRONG.search(text) or not is_sentence(text) for text in texts):
        return []
    if not texts or sum(map(_is_spoken, texts)) < 0.5 * len(texts):
        return []
    return [piece._replace(left="a note for agents") if is_note_name(piece.id) else piece for piece in found]


def _is_frame(text: str) -> bool:
    """Whether a paragraph is tags with hardly a word between them ("<details>", "<summary>Refund</summary>")."""
    return "<" in text and not is_text(_TAG.sub("", text[:_MOST]).strip())


def _paragraphs(page: Page, piece: Piece) -> list[str]:
    if page.html:
        first = bisect_right(page.parts, piece.start, key=lambda part: part.end)
        last = bisect_right(page.parts, piece.end, key=lambda part: part.end)
        return [page.inside(part) for part in page.parts[first:last]]
    return page.text[piece.start : min(piece.end, piece.start + _MOST)].split("\n\n")


def _is_kept_with_replies(document: Document) -> bool:
    """Whether one of the two folders above is called replies, and the file not as one on the folder is.

    Folders of a channel or a language between them don't count ("replies/whatsapp/nl").
    """
    if _ON_FOLDER.match(stem_of(document)):
        return False
    counted = 0
    for folder in reversed(folders_of(document)):
        name = _EXPORTED.sub("", folder)
        if _CALLED.fullmatch(name) or _REPLIES.fullmatch(_LAST_WORD.sub("", name)):
            return True
        counted += not says_where(name)
        if counted == _NEAR:
            break
    return False


def _whole(page: Page, name: str) -> list[Piece]:
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
    return [piece] if piece.end > piece.start and _is_spoken(text) else []


def _is_called_replies(said: str) -> bool:
    name, _, heading = said.partition("\n")
    return any(_REPLIES.fullmatch(one.strip()) for one in (name.rpartition(".")[0] or name, heading))


def _named_lines(page: Page) -> list[Piece]:
    """Plain text with a reply a line, each behind its name: "Refund: We pay you back."."""
    found = [Piece(part.name, part.start, part.end) for part in page.parts if part.kind == "label"]
    return found if 2 < len(found) == len(page.parts) and _spoken(page, found) >= 0.6 * len(found) else []


def _lines(page: Page) -> list[Piece]:
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
    spoken = [piece for piece in found if _is_spoken(text[piece.start : piece.end])]
    return found if len(spoken) > 2 and len(spoken) >= 0.6 * len(found) and len(found) >= 0.9 * len(page.parts) else []
