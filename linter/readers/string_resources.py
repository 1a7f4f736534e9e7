"""Texts of a bot in the files for texts of a program and their translations.

Java's ``.properties``, Android's ``strings.xml``, Apple's ``.strings``, .NET's ``.resx`` (Copilot Studio writes the
translations of a bot so), XLIFF.

Most such files hold what stands on the screens of an app, where asking for a password is in order: the file's name, its
folder or its keys must say that these are a bot's or replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..conversation import Conversation, Located, Path
from ..documents import Document
from ..documents.model import unescaped
from ..documents.xmltext import Element
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
    r"(?:^|(?<=\r))[ \t\f]*(?![#!])(?P<key>(?:[^\\\s=:]|\\.)+)[ \t\f]*(?:[=:][ \t\f]*|[ \t\f])"
    r"(?P<text>(?:[^\\\r\n]|\\(?:\r\n|[^\r]|\r))*)",
    re.MULTILINE,
)
_APPLE = expression(
    r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|//[^\r\n]*"
    r"|(?:\"(?P<key>(?:[^\"\\]|\\[\s\S])*)\"|(?P<name>[\w.-]+))\s*=\s*\"(?P<text>(?:[^\"\\]|\\[\s\S])*)\"\s*;"
)
_OF_COPILOT = expression(
    r"(?:dialog|topic|trigger|action|question|sendMessage)\w*\(|\b(?:sendMessage|question|sendActivity)_\w"
)
"""What the keys of Copilot Studio's translations are made of: the way to a text in its topic."""
_ESCAPE = expression(r"\\(?:[uU]((?:[dD][89abAB][0-9a-fA-F]{2}\\u)?[0-9a-fA-F]{4})|(\r\n|\r|\n)[ \t\f]*|(.))")
_LITERAL = expression(r"\s*<!\[CDATA\[(.*?)\]\]>\s*", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_CODES = {character: letter for letter, character in _LETTERS.items()}
_IN_APPLE = expression(r"[\\\"\n\t\r]")
_IN_XML = expression(r"[\\'\"\n\t\r]")
_IN_PROPERTIES = expression(r"[\\\n\t\r\f]")
_IN_ASCII = expression(r"[\\\n\t\r\f]|[^\x00-\x7f]")
_FIRST = expression(r"\A[@?]")
"""What begins something else than a text in Android's files."""
_LANGUAGE = expression(r"(?:^|[_.-])([a-z]{2}(?:[_-]r?[A-Z]{2})?)$")


_OF_PAIRS = {"properties": _PAIR, "strings": _APPLE}
_TEXTS = frozenset({"value", "source", "target", "comment"})
_NO_TEXTS = frozenset({"resheader", "metadata", "assembly", "xsd:schema", "alt-trans", "header", "notes", "note"})
_KEYS = ("resname", "name", "id", "original")


class _Stretch:
    """A part of a file."""

    def __init__(self, document: Document, span: Span) -> None:
        self.source = document.source
        self._span = span

    def span(self, path: Path) -> Span:
        return self._span


class _Unescaped(_Stretch):
    """A part of a file with its escapes read."""

    kind = "escaped"

    def text(self, path: Path) -> Text:
        return unescaped(self.source, [self._span], _ESCAPE, _character)

    def written(self, text: str) -> str:
        """A text as it is written in such a file."""
        if self.source.path.lower().endswith(".strings"):
            return _IN_APPLE.sub(_escape, text)
        if self.source.path.lower().endswith(".xml"):
            return _FIRST.sub(r"\\\g<0>", _IN_XML.sub(_escape, text))
        return (_IN_ASCII if self.source.text.isascii() else _IN_PROPERTIES).sub(_escape, text)


class _Inline(_Stretch):
    """A part of an XML file with elements in it, as it stands there."""

    kind = "inline"

    def text(self, path: Path) -> Text:
        return Text(self.source.text[self._span.start : self._span.end], self.source, self._span.start)


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
        root = document.value
        if root.tag == "resources":
            return _is_of_a_bot(document, (child.attributes.get("name", "") for _, child in root.elements()))
        if root.tag in ("root", "xliff"):
            units = list(_units(document))
            return bool(units) and _is_of_a_bot(document, (name for _, name, _ in units))
        return False
    pairs = list(_pairs(document)) if document.kind == "text" and _suffix(document) in _OF_PAIRS else []
    return any(is_sentence(_Unescaped(document, span).text(()).value) for _, span in pairs) and _is_of_a_bot(
        document, (key for key, _ in pairs)
    )


def _suffix(document: Document) -> str:
    return document.path.lower().rpartition(".")[2]


def _is_of_a_bot(document: Document, keys: Iterable[str]) -> bool:
    """Whether the name of the file or of a folder above it says so, or most of the keys do."""
    names = (*folders_of(document)[-3:], stem_of(document))
    if any(_OF_A_BOT.search(name.lower()) for name in names):
        return True
    keys = [key for key in keys if key]
    return sum(map(_is_called_so, keys)) > 0.5 * len(keys)


def _is_called_so(key: str) -> bool:
    """Whether the first word of a key names a bot, or the key is one of Copilot Studio's."""
    first = words_of(key)[:1]
    return (bool(first) and _OF_A_BOT.match(first[0]) is not None) or _OF_COPILOT.search(key) is not None


def _pairs(document: Document) -> Iterator[tuple[str, Span]]:
    for found in _OF_PAIRS[_suffix(document)].finditer(document.source.text):
        if found["text"] is not None:
            key = found["key"] if found["key"] is not None else found["name"]
            yield _ESCAPE.sub(_character, key), Span(*found.span("text"))


def _units(document: Document) -> Iterator[tuple[Path, str, Element]]:
    """The texts of a translation, each with its way and its key, wherever groups of them stand in groups."""
    is_resx = document.value.tag == "root"
    pending: list[tuple[Path, Element, str]] = [((), document.value, "")]
    while pending:
        path, element, name = pending.pop()
        if element.tag in _TEXTS:
            yield path, name, element
        elif not (element.attributes.get("translate") == "no" or element.tag in _NO_TEXTS):
            named = next((element.attributes[key] for key in _KEYS if key in element.attributes), name)
            inner = [((*path, number), child, named) for number, child in element.elements()]
            pending += reversed([one for one in inner if path or not is_resx or _is_text(one[1])])


def _is_text(data: Element) -> bool:
    """Whether an entry of a ``.resx`` is a string, and no picture or number."""
    return data.tag == "data" and "name" in data.attributes and not {"type", "mimetype"} & data.attributes.keys()


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    if document.kind != "xml":
        locale = _locale(stem_of(document)) or _locale((folders_of(document) or ("",))[-1].removesuffix(".lproj"))
        for number, (key, span) in enumerate(_pairs(document)):
            _say(gathering, key, span, (number,), "plain", locale)
    elif document.value.tag == "resources":
        for number, child in document.value.elements():
            _read_element(gathering, child, (number,), child.attributes.get("name", ""))
    else:
        _read_units(gathering)
    return gathering.conversation(NAME)


def _locale(name: str) -> str:
    """The language with which the name of a file or a folder ends."""
    found = _LANGUAGE.search(name)
    return locale_of(found[1]) if found else ""


def _read_units(gathering: Gathering) -> None:
    """Translations, and the original where there is none yet; what is to be known of them is not said."""
    document = gathering.document
    root = document.value
    of_file = _locale(stem_of(document))
    pending: tuple[Path, str, Element] | None = None
    for path, name, element in (*_units(document), ((), "", root)):
        translated = element.tag == "target" and bool(element.whole.strip())
        if pending is not None and not (translated and path[:-1] == pending[0][:-1]):
            source = _language(document, pending[0], ("source-language", "srcLang"))
            _say_unit(gathering, *pending, source)
        pending = (path, name, element) if element.tag == "source" else None
        if translated:
            _say_unit(gathering, path, name, element, _language(document, path, ("target-language", "trgLang")))
        elif element.tag == "value":
            _say_unit(gathering, path, name, element, of_file)
        elif element.tag == "comment":
            gathering.skip(element.text, path, "a note for translators", name)


def _language(document: Document, path: Path, keys: tuple[str, ...]) -> str:
    """The language that an element around a text names."""
    element: Any = document.value
    found = ""
    for step in path:
        found = next((element.attributes[key] for key in keys if key in element.attributes), found)
        element = element.children[step]
    return found


def _say_unit(gathering: Gathering, path: Path, name: str, element: Element, locale: str) -> None:
    document: Located = gathering.document
    text, markup = element.text, "auto"
    if any(element.elements()):
        document = _Inline(gathering.document, _inside(gathering.document, path))
        text, markup = document.text(path).value, "html"
    kind = "reply" if is_sentence(text) else "label"
    gathering.say(name, text, path, kind, markup, locale=locale or None, document=document)


def _read_element(gathering: Gathering, element: Any, path: Path, name: str) -> None:
    """A string, or those of an array or of the forms of a plural."""
    document = gathering.document
    if element.tag in ("string", "item"):
        locale = _locale((folders_of(document) or ("",))[-1].replace("-r", "-"))
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
