"""What a page says of itself, in its name, its title and the folders above it: that replies stand on it."""

from __future__ import annotations

import re

from ..documents import Document
from .exports import folders_of, stem_of
from .markdown_parts import Page
from .page_sections import (
    Piece,
    says_where,
)

HINT = re.compile(
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
STRONG = re.compile(
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
CALLED = re.compile(rf"(?:{STRONG.pattern})\w{{0,5}}", re.IGNORECASE)
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
_ALONE = re.compile(r"\s*([^\s.!?:,;#<>|][^\r\n.!?:,;#<>|]{2,59}?):?[ \t]*\r?\n[ \t]*\r?\n")
"""A title in plain text."""


def kept_under(document: Document) -> str:
    """The page's name where it stands in a folder of replies; "" where it does not."""
    return _EXPORTED.sub("", stem_of(document)) if _is_kept_with_replies(document) else ""


def says_of_itself(page: Page, path: str, called: str) -> str:
    """The file's name and its title: in front matter, its first heading, in plain text a first line by itself."""
    heading = next((part.name for part in page.parts if part.kind == "heading"), "")
    titles = dict.fromkeys((heading, _first_line(page), called))
    return "\n".join((path.replace(chr(92), "/").rsplit("/", 1)[-1], " ".join(filter(None, titles))))


def _first_line(page: Page) -> str:
    """The first line where it stands alone and says clearly that these are replies."""
    found = _ALONE.match(page.text)
    return found[1] if found is not None and (STRONG.search(found[1]) or _REPLIES.fullmatch(found[1])) else ""


def is_title(page: Page, piece: Piece) -> bool:
    """Whether a piece is the first line, which says of the page that it holds replies."""
    title = _first_line(page)
    return bool(title) and page.said(piece.start, piece.end).rstrip(": \t") == title


def says_replies(said: str, kind: str) -> bool:
    """Whether a page says that what stands in its sections are replies."""
    return bool(STRONG.search(said) or is_called_replies(said) or (kind == "text" and HINT.search(said)))


def _is_kept_with_replies(document: Document) -> bool:
    """Whether one of the two folders above is called replies, and the file not as one on the folder is.

    Folders of a channel or a language between them don't count ("replies/whatsapp/nl").
    """
    if _ON_FOLDER.match(stem_of(document)):
        return False
    counted = 0
    for folder in reversed(folders_of(document)):
        name = _EXPORTED.sub("", folder)
        if CALLED.fullmatch(name) or _REPLIES.fullmatch(_LAST_WORD.sub("", name)):
            return True
        counted += not says_where(name)
        if counted == _NEAR:
            break
    return False


def is_called_replies(said: str) -> bool:
    name, _, heading = said.partition("\n")
    return any(_REPLIES.fullmatch(one.strip()) for one in (name.rpartition(".")[0] or name, heading))
