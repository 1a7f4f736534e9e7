"""Where the texts stand in a file that no reader knows: a proposal for ``sources``, for a person to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from ..documents import Document
from .common import known_channels
from .fields import locale_of, role
from .mapped import INTERNAL, view_of
from .plans import leads_on
from .prose import is_sentence

_FEWEST = 3
_MOST_LEAVES = 20_000
_LIKE = 0.6
_MOST = 3
"""So many kinds of texts are proposed, each perhaps in several languages."""
_FEW_KINDS = 3  # of audience: customers, the company's own people, both
_LONGEST_NAME = 60  # characters
_PLAIN = re.compile(r"[^\W\d]\w*")
_ASIDE = {"title": "title", "language": "language", "channel": "channel", "audience": "audience", "group": "tags"}


class _Step(NamedTuple):
    """Where something stands: the path pattern, the name that says what it is, the language that a key says it is in.

    ``shape`` is the path without that key.
    """

    path: str = "$"
    name: str = ""
    language: str = ""
    shape: str = "$"

    def all(self, items: str) -> _Step:
        """Each of the like things in it: ``[*]`` or ``.*``."""
        return self._replace(path=self.path + items, shape=self.shape + items)

    def at(self, key: str) -> _Step:
        return self._replace(path=self.path + _step(key), name=key, shape=self.shape + _step(key))

    def said_in(self, key: str) -> _Step:
        return self._replace(path=self.path + _step(key), language=locale_of(key), shape=self.shape + ".*")


@dataclass
class _Place:
    """All values that stand at one path pattern."""

    step: _Step
    values: list[str] = field(default_factory=list)
    sentences: int = 0

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def are_sentences(self) -> bool:
        """Whether most of them are, and not few."""
        enough = self.sentences >= _FEWEST and self.sentences >= _LIKE * len(self.values)
        return enough and role(self.name).kind not in ("customer", "agent")

    @property
    def are_called_texts(self) -> bool:
        """Whether the name says that they are texts, one of each of several things."""
        several = "*" in self.step.path and len(self.values) > 1
        return several and self.sentences > 0 and role(self.name).kind == "text"


def is_reply_like(document: Document) -> bool:
    """Whether a file holds sentences that a program or a person keeps as data."""
    if document.kind in ("text", "markdown", "unreadable"):
        return False
    places = _places(document)
    return any(place.sentences >= _FEWEST for place in places.values()) or bool(_texts(document, places))


def propose(document: Document) -> list[dict[str, str]]:
    """Mappings for a document, the surest first; [] where nothing looks like texts for customers."""
    places = _places(document)
    texts = _texts(document, places)
    texts.sort(key=lambda path: (role(places[path].name).kind != "text", -places[path].sentences, path))
    shapes = list(dict.fromkeys(places[path].step.shape for path in texts))[:_MOST]
    return [{"text": path, **_beside(path, places)} for path in texts if places[path].step.shape in shapes]


def _texts(document: Document, places: dict[str, _Place]) -> list[str]:
    """The paths where texts stand. In a bot few of them need be sentences."""
    found = [path for path, place in places.items() if place.are_sentences]
    if found or not _is_bot(document.value):
        return found
    return [path for path, place in places.items() if place.are_called_texts]


def _is_bot(value: Any) -> bool:
    """Whether something in it says where it goes on, or what can be chosen."""
    left = [value]
    for _ in range(_MOST_LEAVES):
        if not left:
            break
        one = left.pop()
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            if any(leads_on(name) or role(name).kind == "buttons" for name in map(str, one)):
                return True
            left += one.values()
    return False


def _places(document: Document) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for step, value in islice(_leaves(view_of(document), _Step()), _MOST_LEAVES):
        place = places.setdefault(step.path, _Place(step))
        place.values.append(value)
        place.sentences += is_sentence(value)
    return places


def _leaves(value: Any, at: _Step) -> Iterator[tuple[_Step, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, at.all("[*]"))
    elif isinstance(value, dict):
        by_language = len(value) > 1 and all(locale_of(str(key)) for key in value)
        alike = not by_language and _alike(value)
        for key, item in value.items():
            inner = at.said_in(str(key)) if by_language else at.all(".*") if alike else at.at(str(key))
            yield from _leaves(item, inner)


def _alike(value: dict[Any, Any]) -> bool:
    """Whether the keys are names of like things, not fields of one."""
    kinds = {type(item) for item in value.values()}
    if len(value) < _FEWEST or len(kinds) != 1:
        return False
    first = next(iter(value.values()))
    if isinstance(first, str):
        return sum(map(is_sentence, value.values())) >= _LIKE * len(value) and not any(
            role(str(key)).kind for key in value
        )
    if isinstance(first, dict):
        shapes = [frozenset(item) for item in value.values()]
        return len(frozenset.intersection(*shapes)) >= 0.5 * max(map(len, shapes)) > 0
    return False


def _step(key: str) -> str:
    return f".{key}" if _PLAIN.fullmatch(key) else "['" + key.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _beside(text: str, places: dict[str, _Place]) -> dict[str, str]:
    """What stands in the same record, or above it, by what it is called, else by what its values are."""
    language = places[text].step.language
    found = {"language": language} if language else {}
    for path, place in places.items():
        what = _ASIDE.get(role(place.name).kind)
        if what is None or path == text or what in found:
            continue
        above = path[: path.rfind(_last(path))]
        if text.startswith(above) and (above.count("[*]") or not text.count("[*]")):
            found[what] = path
    record = text[: text.rfind(_last(text))]
    for path, place in places.items():
        beside = path != text and path not in found.values() and path[: path.rfind(_last(path))] == record
        if beside and "[*]" in record and (what := _told_by(place.values)) and what not in found:
            found[what] = path
    return found


def _told_by(values: list[str]) -> str:
    """What values say that stand beside texts: channels, an audience, names that are all others; "" for none of it."""
    kinds = {value.strip().lower() for value in values}
    if len(values) < _FEWEST or "" in kinds:
        return ""
    if all(map(known_channels, kinds)):
        return "channel"
    if 1 < len(kinds) <= _FEW_KINDS and len(kinds) < len(values):
        own = [kind for kind in kinds if INTERNAL.fullmatch(kind)]
        return "audience" if own and len(own) < len(kinds) else ""
    are_names = len(kinds) == len(values) and not any(map(is_sentence, values))
    return "title" if are_names and max(map(len, values)) <= _LONGEST_NAME else ""


def _last(path: str) -> str:
    match = re.search(r"(?:\.[^.\[\]]+|\['(?:[^'\\]|\\.)*'\])(?:\[\*\])*$", path)
    return match.group() if match else "$"
