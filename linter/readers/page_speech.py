"""Whether a text on a page is said to somebody: to a customer, and not of the page, nor to a computer."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from html import unescape

from .common import is_text
from .markdown_parts import Page, Part
from .page_sections import (
    COMMENT,
    Piece,
    begins_letter,
)
from .prose import is_sentence

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
    r"|(?!(?:[-*+•–][ \t]|\d{1,2}[.)][ \t]|(?:[^\W\d_][\w'’,:-]{0,40}[ \t]+){2})[^=(){}<>$\[\]]*;\r?$)"
    r".*[;{]\r?$)",
    re.MULTILINE,
)
"""An item of a list, and some words, may end in a semicolon."""
_TAG = re.compile(r"<[^<>]{1,400}>")
_ROW = re.compile(r"([^\w\s])\1{3,}|(?<!\S)([^\w\s]+\s+)\2{2,}")
_BLANK_LINE = re.compile(r"\r?\n\r?\n")
_MOST = 100_000  # characters of a text by which it is told what it is


def is_plain(page: Page, part: Part) -> bool:
    """Words with hardly a trace of a program; in a page of replies that is a reply, however short."""
    inside = page.inside(part)
    return is_text(inside) and share_of_code(inside) <= 0.34


def share_of_code(text: str) -> float:
    """The share of lines that look like those of a program."""
    lines = [line for line in text[:4000].splitlines() if line.strip()]
    return sum(1 for line in lines if _CODE_LINE.match(line)) / max(1, len(lines))


def is_spoken(text: str) -> bool:
    """Whether a text is said to somebody. Rows of marks only adorn it, comments are not seen."""
    if "<!--" in text:
        text = COMMENT.sub("", text[:_MOST])
    text = unescape(text[:_MOST]) if "&" in text else text
    words = _ROW.sub("", text[:_MOST])[:2000]
    letters = sum(1 for character in words if character.isalpha() or character.isspace())
    return (
        is_sentence(text.strip())
        and letters >= 0.7 * len(words)
        and share_of_code(text) <= 0.1
        and (_ADDRESS.search(text) is not None or _OTHER_SCRIPT.search(text) is not None)
    )


def is_on_page(text: str) -> bool:
    return _ON_PAGE.search(text[:_MOST]) is not None and not begins_letter(text)


def spoken_among(page: Page, pieces: Iterable[Piece]) -> int:
    """How many pieces of a page are said to somebody."""
    return sum(is_spoken(page.said(piece.start, piece.end)) for piece in pieces)


def is_frame(text: str) -> bool:
    """Whether a paragraph is tags with hardly a word between them ("<details>", "<summary>Refund</summary>")."""
    return "<" in text and not is_text(_TAG.sub("", text[:_MOST]).strip())


def paragraphs_in(page: Page, piece: Piece) -> list[str]:
    if page.html:
        first = bisect_right(page.parts, piece.start, key=lambda part: part.end)
        last = bisect_right(page.parts, piece.end, key=lambda part: part.end)
        return [page.inside(part) for part in page.parts[first:last]]
    return _BLANK_LINE.split(page.text[piece.start : min(piece.end, piece.start + _MOST)])
