"""Texts of a bot in the files for texts of a program: Java's ``.properties``, Android's ``strings.xml``.

Most such files hold what stands on the screens of an app, where asking for a password is in order: the file's name, its
folder or its keys must say that these are a bot's or replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from ..documents.model import unescaped
from ..expressions import expression
from ..source import Span, Text
from . import Neighbours
from .common import Gathering
from .exports import folders_of, stem_of
from .fields import locale_of, words_of
from .prose import is_sentence

NAME = "string-resources"
TITLE = "string resources of a bot"

_OF_A_BOT = expression(
    r"chat|bot(?![a-z])|whatsapp|repl(?:y|ies)|antwoord|antwort|respost|respuest|rispost|reponse|canned"
)
_PAIR = expression(
    r"^[ \t\f]*(?![#!])(?P<key>(?:[^\\\s=:]|\\.)+)[ \t\f]*(?:[=:][ \t\f]*|[ \t\f])"
    r"(?P<text>(?:[^\\\r\n]|\\(?:\r\n|[^\r]|\r))*)",
    re.MULTILINE,
)
_ESCAPE = expression(r"\\(?:u((?:[dD][89abAB][0-9a-fA-F]{2}\\u)?[0-9a-fA-F]{4})|(\r\n|\r|\n)[ \t\f]*|(.))")
_LITERAL = expression(r"\s*<!\[CDATA\[(.*?)\]\]>\s*", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_CODES = {character: letter for letter, character in _LETTERS.items()}
_IN_XML = expression(r"[\\'\"\n\t\r]")
_IN_PROPERTIES = expression(r"[\\\n\t\r\f]")
_IN_ASCII = expression(r"[\\\n\t\r\f]|[^\x00-\x7f]")
_FIRST = expression(r"\A[@?]")
"""What begins something else than a text in Android's files."""
_LANGUAGE = expression(r"(?:^|[_-])([a-z]{2}(?:[_-]r?[A-Z]{2})?)$")


class _Unescaped:
    """A part of a file with its escapes read."""

    kind = "escaped"

    def __init__(self, document: Document, span: Span) -> None:
        self.source = document.source
        self._span = span

    def text(self, path: Path) -> Text:
        return unescaped(self.source, [self._span], _ESCAPE, _character)

    def span(self, path: Path) -> Span:
        return self._span

    def written(self, text: str) -> str:
        """A text as it is written in such a file."""
        if self.source.path.lower().endswith(".xml"):
            return _FIRST.sub(r"\\\g<0>", _IN_XML.sub(_escape, text))
        return (_IN_ASCII if self.source.text.isascii() else _IN_PROPERTIES).sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    """A character with a backslash: by its letter, its number in units of UTF-16, or itself."""
    character = found[0]
    if not character.isascii():
        return "".join(f"\\u{unit:04x}" for unit in memoryview(character.encode("utf-16")[2:]).cast("H"))
    return "\\" + _CODES.get(character, character)


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in escape[1].split("\\u"))
        return units.decode("utf-16-be", "replace")
    return "" if escape[2] else _LETTERS.get(escape[3], escape[3])


def claims(document: Document) -> bool:
    if document.kind == "xml":
        keys = (child.attributes.get("name", "") for _, child in document.value.elements())
        return document.value.tag == "resources" and _is_of_a_bot(document, keys)
    if document.kind != "text" or not document.path.lower().endswith(".properties"):
        return False
    pairs = list(_pairs(document))
    return any(is_sentence(_Unescaped(document, span).text(()).value) for _, span in pairs) and _is_of_a_bot(
        document, (key for key, _ in pairs)
    )


def _is_of_a_bot(document: Document, keys: Iterator[str]) -> bool:
    """Whether the name of the file or of a folder above it says so, or what most of the keys begin with."""
    names = (*folders_of(document)[-3:], stem_of(document))
    if any(_OF_A_BOT.search(name.lower()) for name in names):
        return True
    firsts = [words_of(key)[:1] for key in keys if key]
    return sum(bool(first) and _OF_A_BOT.match(first[0]) is not None for first in firsts) > 0.5 * len(firsts)


def _pairs(document: Document) -> Iterator[tuple[str, Span]]:
    for found in _PAIR.finditer(document.source.text):
        yield _ESCAPE.sub(_character, found["key"]), Span(*found.span("text"))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    if document.kind == "xml":
        for number, child in document.value.elements():
            _read_element(gathering, child, (number,), child.attributes.get("name", ""))
    else:
        language = _LANGUAGE.search(stem_of(document))
        locale = locale_of(language[1]) if language else ""
        for number, (key, span) in enumerate(_pairs(document)):
            _say(gathering, key, span, (number,), "plain", locale)
    return gathering.conversation(NAME)


def _read_element(gathering: Gathering, element: Any, path: Path, name: str) -> None:
    """A string, or those of an array or of the forms of a plural."""
    document = gathering.document
    if element.tag in ("string", "item"):
        folder = (folders_of(document) or ("",))[-1]
        language = _LANGUAGE.search(folder)
        locale = locale_of(language[1].replace("-r", "-")) if language else ""
        _say(gathering, name, _inside(document, path), path, "html", locale)
    elif element.tag in ("string-array", "plurals"):
        for count, (number, child) in enumerate(element.elements()):
            _read_element(gathering, child, (*path, number), f"{name}.{child.attributes.get('quantity', count)}")


def _inside(document: Document, path: Path) -> Span:
    """What stands between the tags of an element."""
    written = document.source.text
    whole, start = document.span(path), document.key_span(path).end
    end = max(start, written.rfind("</", start, whole.end))
    literal = _LITERAL.fullmatch(written, start, end)
    return Span(*literal.span(1)) if literal is not None else Span(start, end)


def _say(gathering: Gathering, name: str, span: Span, path: Path, markup: str, locale: str) -> None:
    place = _Unescaped(gathering.document, span)
    text = place.text(path).value
    kind = "reply" if is_sentence(text) else "label"
    gathering.say(name, text, path, kind, markup, locale=locale or None, document=place)
