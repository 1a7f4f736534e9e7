"""Where the texts stand in a file that no reader knows: a proposal for ``sources``, for a person to judge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..documents import Document
from .fields import role
from .mapped import view_of
from .prose import is_sentence

_FEWEST = 3
_MOST_LEAVES = 20_000
_LIKE = 0.6
_PLAIN = re.compile(r"[^\W\d]\w*")
_ASIDE = {"title": "title", "language": "language", "channel": "channel", "audience": "audience", "group": "tags"}


@dataclass
class _Place:
    """All values that stand at one path pattern."""

    name: str
    values: list[str] = field(default_factory=list)
    sentences: int = 0


def is_reply_like(document: Document) -> bool:
    """Whether a file holds at least a few sentences that a program or a person keeps as data."""
    if document.kind in ("text", "markdown", "unreadable"):
        return False
    return any(place.sentences >= _FEWEST for place in _places(document).values())


def propose(document: Document) -> list[dict[str, str]]:
    """Mappings for a document, the surest first; [] where nothing looks like texts for customers."""
    places = _places(document)
    texts = [
        path
        for path, place in places.items()
        if place.sentences >= _FEWEST
        and place.sentences >= _LIKE * len(place.values)
        and role(place.name).kind not in ("customer", "agent")
    ]
    texts.sort(key=lambda path: (role(places[path].name).kind != "text", -places[path].sentences, path))
    return [{"text": path, **_beside(path, places)} for path in texts[:3]]


def _places(document: Document) -> dict[str, _Place]:
    places: dict[str, _Place] = defaultdict(lambda: _Place(""))
    for number, (path, name, value) in enumerate(_leaves(view_of(document), "$", "")):
        if number >= _MOST_LEAVES:
            break
        place = places[path]
        place.name = name
        place.values.append(value)
        place.sentences += is_sentence(value)
    return dict(places)


def _leaves(value: Any, path: str, name: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield path, name, value
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}[*]", name)
    elif isinstance(value, dict):
        alike = _alike(value)
        for key, item in value.items():
            step = ".*" if alike else _step(str(key))
            yield from _leaves(item, path + step, name if alike else str(key))


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
    """What stands in the same record, or above it, by what it is called."""
    found: dict[str, str] = {}
    for path, place in places.items():
        what = _ASIDE.get(role(place.name).kind)
        if what is None or path == text or what in found:
            continue
        above = path[: path.rfind(_last(path))]
        if text.startswith(above) and (above.count("[*]") or not text.count("[*]")):
            found[what] = path
    return found


def _last(path: str) -> str:
    match = re.search(r"(?:\.[^.\[\]]+|\['(?:[^'\\]|\\.)*'\])(?:\[\*\])*$", path)
    return match.group() if match else "$"
