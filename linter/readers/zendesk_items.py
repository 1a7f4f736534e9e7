"""What stands behind ``{{dc.name}}`` in a Zendesk macro: items of dynamic content in the files beside it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from ..conversation import Located, Path
from ..documents import Document
from ..source import Span, Text
from . import Neighbours, zendesk_dynamic_content

REFERENCE = re.compile(r"@?\{\{\s*dc\.([\w.-]+)\s*\}\}")
_NAMED = ("*dynamic*.*", "*dynamic*/*.*", "../*dynamic*.*", "../*dynamic*/*.*", "*/*dynamic*.*")
_BESIDE = ("*.json", "*.yaml", "*.yml")
# A folder with a file a macro is not searched through for each of them.
_MOST_BESIDE = 20
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Variant:
    """One text of an item, in its own file; ``key`` is the locale as that file says it."""

    key: str
    locale: str | None
    text: str
    path: Path
    document: Document
    tags: tuple[str, ...]
    default: bool


Items = dict[str, list[Variant]]


def items(document: Document, neighbours: Neighbours) -> Items:
    """Every item in the files beside a document, by name in lower case, the first file that has it counts."""
    found = _items(document, neighbours, [name for pattern in _NAMED for name in neighbours.names(pattern)])
    beside = [name for pattern in _BESIDE for name in neighbours.names(pattern)]
    return found or (_items(document, neighbours, beside) if len(beside) <= _MOST_BESIDE else found)


def _items(document: Document, neighbours: Neighbours, names: list[str]) -> Items:
    found: Items = {}
    for name in dict.fromkeys(names):
        for other in neighbours.open(name):
            if other.path != document.path and zendesk_dynamic_content.claims(other):
                for item, variants in zendesk_dynamic_content.texts(other):
                    found.setdefault(item, [Variant(*variant) for variant in variants])
    return found


class Filled:
    """A macro's text with dynamic content in the place of its name; what came from there stands where the name is."""

    def __init__(self, document: Located, path: Path, chosen: dict[str, str]) -> None:
        self.source = document.source
        self._document = document
        self._chosen = chosen
        self.value = _filled(document.text(path).value, chosen)

    def text(self, path: Path) -> Text:
        own = self._document.text(path)
        offsets, ends = array("q"), array("q")
        at = 0
        for found in (*REFERENCE.finditer(own.value), None):
            for number in range(at, found.start() if found else len(own.value)):
                start, end = own.span(number, number + 1)
                offsets.append(start)
                ends.append(end)
            if found:
                start, end = own.span(found.start(), found.end())
                length = len(_filled(found[0], self._chosen))
                offsets.extend([start] * length)
                ends.extend([end] * length)
                at = found.end()
        offsets.append(own.span().end)
        return Text(self.value, own.source, offsets, ends)

    def span(self, path: Path) -> Span:
        return self._document.span(path)


def _filled(text: str, chosen: dict[str, str], depth: int = 0) -> str:
    """Items may name other items; a name without an item stays as it is."""

    def content(found: re.Match[str]) -> str:
        inside = chosen.get(found[1].lower())
        if inside is None or depth >= _DEEPEST:
            return found[0]
        return _filled(inside, chosen, depth + 1)

    return REFERENCE.sub(content, text)


def names_in(text: str) -> list[str]:
    """The items that a text names, each once."""
    if "dc." not in text:
        return []
    return list(dict.fromkeys(name.lower() for name in REFERENCE.findall(text)))


def choices(names: list[str], known: Items) -> Iterator[tuple[str | None, dict[str, str]]]:
    """For each locale that one of the items has: the locale, and the text of every known item in it."""
    keys: dict[str, str | None] = {}
    for name in names:
        for variant in known.get(name, ()):
            keys.setdefault(variant.key, variant.locale)
    for key, locale in keys.items():
        yield locale, {name: _in(variants, key).text for name, variants in known.items() if variants}


def _in(variants: list[Variant], key: str) -> Variant:
    """The variant of a locale, else the default one, as Zendesk does it."""
    default = next((variant for variant in variants if variant.default), variants[0])
    return next((variant for variant in variants if variant.key == key), default)
