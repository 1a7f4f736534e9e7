"""Files that no reader knows, read as a policy's ``sources`` says: a path for the text, and for what stands beside it.

The paths are JSONPath over the file as data: a table is a list of rows, each a mapping from column names to cells (a
workbook a mapping from sheet names to tables); an XML element is a mapping from the tags of its children to lists of
them, from "@name" to its attributes, and from "#text" to its own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .. import fieldpath
from ..conversation import Conversation, Path
from ..documents import Document, Table
from ..documents.model import simple_name
from ..documents.spreadsheets import column_name
from ..documents.xmltext import WHOLE, Element
from ..fieldpath import Keys
from ..source import SourceError
from .common import Gathering, channel_names, header_row, labels, truth
from .fields import locale_of, role
from .rich_text import is_rich, joined

NAME = "mapped"
INTERNAL = re.compile(
    r"\b(?:intern\w*|private?\w*|agents?|staff|team|notes?|medewerkers?|mitarbeiter\w*)\b", re.IGNORECASE
)
_LONGEST = 200  # characters of a name; more is a text
_NAMES = ("id", "name", "key", "title")
"""What things are called by, the surest first; other words for a title come after these."""
_ASIDE = ("title", "language", "channel", "tags", "audience")


class _Leaf(str):
    """A string of a table or of XML that knows where it stands in the document."""

    at: Path

    def __new__(cls, value: str, at: Path) -> _Leaf:
        leaf = super().__new__(cls, value)
        leaf.at = at
        return leaf


class _Inner(dict[str, Any]):
    """An element as paths see it. ``whole`` is its text with that of inner elements, where it has both, else None."""

    whole: _Leaf | None = None


class _Text(NamedTuple):
    """A text, number or truth value at a place: what it is, where it stands, and the language that its key names."""

    path: Path
    value: Any
    locale: str = ""


class Mapped(NamedTuple):
    """What was read, and which paths led to anything: the number of the mapping and the name of the field."""

    conversation: Conversation
    led: frozenset[tuple[int, str]]


def read(document: Document, mappings: Sequence[Mapping[str, str]]) -> Mapped:
    """A document as its mappings tell it, one after the other.

    Raises SourceError where no text's path leads anywhere, or only to what holds no text.
    """
    view = view_of(document)
    gathering = Gathering(document)
    found = 0
    led: set[tuple[int, str]] = set()
    for number, paths in enumerate(mappings):
        fields = [_field(name, paths[name], paths["text"], view) for name in _ASIDE if name in paths]
        led.update((number, field.name) for field in fields if field.constant is not None or field.values)
        chosen = fieldpath.chosen(paths["text"])
        for keys, value in fieldpath.find(paths["text"], view):
            said = {field.name: field.of(keys) for field in fields}
            leaves = list(_leaves(value, keys))
            title = " ".join(said.get("title", ())) or _called(view, keys, chosen) or f"#{found + 1}"
            _say(gathering, title, said, leaves)
            found += len(leaves)
            if leaves:
                led.add((number, "text"))
    if not found:
        paths_ = ", ".join(f"'{paths['text']}'" for paths in mappings)
        raise SourceError(document.path, f"{paths_} leads to no text here")
    return Mapped(gathering.conversation(NAME), frozenset(led))


def _called(view: Any, keys: Keys, chosen: frozenset[int]) -> str:
    """What the thing around a text is called, "" if nothing is: the nearest that has an id, a name or the like, or
    whose key is one of all that a path takes (``$.steps.*.say``).
    """
    names: list[str] = []
    for number, key in enumerate(keys):
        view = view[key]
        names.append(_name_of(view) if isinstance(view, dict) else "")
        if not names[-1] and number in chosen and isinstance(key, str):
            names[-1] = key
    return next((name for name in reversed(names) if name), "")


def _name_of(thing: Mapping[str, Any]) -> str:
    found: dict[str, Any] = {}
    for key, value in thing.items():
        found.setdefault(simple_name(str(key)).lstrip("@_"), value)
    names = sorted((name for name in reversed(found) if role(name).kind == "title"), key=_rank)
    named = (found[name] for name in names)
    plain = (one for one in named if isinstance(one, (str, int)) and not isinstance(one, bool))
    return next((name for one in plain if 0 < len(name := str(one).strip()) <= _LONGEST), "")


def _rank(name: str) -> int:
    return _NAMES.index(name) if name in _NAMES else len(_NAMES)


def _say(gathering: Gathering, title: str, said: Mapping[str, list[str]], leaves: list[_Text]) -> None:
    channels: tuple[str, ...] = ()
    for name in said.get("channel", ()):
        channels += channel_names(name)
    locale = next((code for name in said.get("language", ()) if (code := locale_of(name))), None)
    audience = said.get("audience", ())
    internal = any(INTERNAL.search(word) or truth(word) is False for word in audience)
    for place, (path, text, own) in enumerate(leaves):
        id = title if len(leaves) == 1 else f"{title}.{place + 1}"
        if internal:
            gathering.skip(text, path, "marked as internal", id)
        else:
            whole = joined(gathering.document, text, path) if is_rich(text) else None
            text = whole.value if whole else text
            tags = labels(said.get("tags", []))
            gathering.say(id, text, path, channels=channels, locale=own or locale, tags=tags, document=whole)


@dataclass(frozen=True)
class _Field:
    """What stands beside the texts: a constant, or values by the steps that they share with a text.

    Where the steps can't be counted (``common`` is None) the nearest value above a text is its own.
    """

    name: str
    constant: list[str] | None
    common: int | None
    values: Mapping[Keys, list[str]]

    def of(self, keys: Keys) -> list[str]:
        if self.constant is not None:
            return self.constant
        if self.common is not None:
            return self.values.get(keys[: self.common], [])
        above = (keys[:length] for length in range(len(keys) - 1, -1, -1))
        return next((self.values[steps] for steps in above if steps in self.values), [])


def _field(name: str, path: str, text: str, view: Any) -> _Field:
    if not path.startswith("$"):
        return _Field(name, [path], 0, {})
    common = fieldpath.shared(path, text)
    values: dict[Keys, list[str]] = {}
    for keys, value in fieldpath.find(path, view):
        steps = keys[:-1] if common is None else keys[:common]
        values.setdefault(steps, []).extend(_written(leaf.value) for leaf in _leaves(value, keys))
    return _Field(name, None, common, values)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _leaves(value: Any, keys: Keys, locale: str = "") -> Iterator[_Text]:
    """The texts, numbers and truth values at a place: itself, all of a list, the texts of a mapping or an element.

    What a mapping has besides texts says something about them, as the attributes of an element do. Elements in the
    middle of a text (``<b>``) are part of it; those of an element without any are texts of their own.
    """
    if isinstance(value, _Leaf):
        yield _Text(value.at, str(value), locale)
    elif isinstance(value, (str, int, float)) or is_rich(value):
        yield _Text(keys, value, locale)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, (*keys, number), locale)
    elif isinstance(value, _Inner) and value.whole is not None:
        yield _Text(value.whole.at, str(value.whole), locale)
    elif isinstance(value, _Inner) and "#text" in value:
        yield from _leaves(value["#text"], (*keys, "#text"), locale)
    elif isinstance(value, dict):
        texts = {key: item for key, item in value.items() if _may_say(str(key), item)}
        by_language = all(locale_of(str(key)) for key in texts)
        for key, item in texts.items():
            yield from _leaves(item, (*keys, key), locale_of(str(key)) if by_language else locale)


def _may_say(key: str, value: Any) -> bool:
    return isinstance(value, (str, dict, list)) and key[:1] != "@"


def view_of(document: Document) -> Any:
    """A document's value as paths see it: plain mappings, lists and strings."""
    value = document.value
    if isinstance(value, Table):
        return _rows(value, ())
    if isinstance(value, Element):
        return {value.tag: _element(value, ())}
    if isinstance(value, dict) and any(isinstance(inner, Table) for inner in value.values()):
        return {name: _rows(table, (name,)) for name, table in value.items()}
    return value


def _rows(table: Table, path: Path) -> list[dict[str, _Leaf]]:
    if not table.rows:
        return []
    top = header_row(table)
    names = _columns(table.rows[top])
    found = []
    for number, row in enumerate(table.rows[top + 1 :], top + 1):
        cells = (_Leaf(cell, (*path, number, column)) for column, cell in enumerate(row))
        found.append(dict(zip(names, cells, strict=False)))
    return found


def _columns(header: Iterable[str]) -> list[str]:
    """Names of columns as written; one without a name is known by its letter, a second of a name by both."""
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(header):
        name = cell.strip() or column_name(number)
        names.append(name if name not in taken else f"{name} {column_name(number)}")
        taken.add(names[-1])
    return names


def _element(element: Element, path: Path) -> dict[str, Any]:
    view = _Inner({f"@{name}": _Leaf(value, (*path, f"@{name}")) for name, value in element.attributes.items()})
    for number, child in element.elements():
        view.setdefault(child.tag, []).append(_element(child, (*path, number)))
    if element.text.strip():
        view["#text"] = _Leaf(element.text, path)
        if any(True for _ in element.elements()):
            view.whole = _Leaf(element.whole, (*path, WHOLE))
    return view
