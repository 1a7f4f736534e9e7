"""A policy that was found right once is read from the cache: loading it needs no YAML, no grammar and no schema.

An entry is kept under a name made of the policy's path, its text and the state of neverask's own files; with it go
digests of the other files that it extends, and it counts only while they are what they were.
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from .. import cache
from ..source import BUNDLED, Source, Span
from ..state import state
from ..surroundings import text_of, top
from . import model
from .model import Policy

_CLASSES: tuple[type, ...] = (
    Policy, model.Rule, model.Sentence, model.Condition, model.ChannelRule, model.OwnPlace, model.SafeChannels,
    model.Disclaimer, model.Exemption, model.Mapping_, model.Ousted, model.Crossed, model.Lost, model.Place,
)  # fmt: skip


def load(path: str) -> Policy:
    """The policy in the file at ``path``. Raises as ``load.load`` does."""
    text = text_of(path)
    if text is None:
        from . import load

        return load.load(path)  # to say what is wrong
    root = os.path.dirname(os.path.abspath(path))
    return _stored(["file", path, os.path.abspath(path), top(root), text], path)


def bundled(name: str) -> Policy:
    """A bundled policy by name. Raises KeyError when there is none."""
    return _stored(["bundled", name], name, is_bundled=True)


def _stored(parts: list[str], name: str, is_bundled: bool = False) -> Policy:
    now = state()
    key = f"policy-{cache.key([now, *parts])}"
    entry = cache.get(key) if now else None
    if entry is not None and all(text_of(other) == text for other, text in entry[0] if not other.endswith(BUNDLED)):
        return _read(entry[1], [Source(*one) for one in entry[0]])  # type: ignore[no-any-return]
    from . import load

    policy = load.bundled(name) if is_bundled else load.load(name)
    files = list(policy.files)
    cache.put(key, ([(source.path, source.text) for source in files], _written(policy, files)), private=True)
    return policy


def _written(value: Any, files: list[Source]) -> Any:
    """A policy, or part of one, as data that ``marshal`` can keep: each object a tuple that begins with its kind."""
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, Source):
        return ("source", next(number for number, source in enumerate(files) if source is value))
    if isinstance(value, Span):
        return ("span", value.start, value.end)
    if isinstance(value, date):
        return ("date", value.isoformat())
    if isinstance(value, frozenset):
        return ("set", *sorted(value))
    if isinstance(value, (tuple, list)):
        return ("tuple", *(_written(item, files) for item in value))
    if isinstance(value, dict):
        return ("dict", *((key, _written(item, files)) for key, item in value.items()))
    fields = type(value).__dataclass_fields__
    return (_CLASSES.index(type(value)), *(_written(getattr(value, name), files) for name in fields))


def _read(value: Any, files: list[Source]) -> Any:
    if type(value) is not tuple:
        return value
    kind, *parts = value
    if kind == "tuple":
        return tuple([_read(part, files) for part in parts])
    if kind == "dict":
        return {key: _read(part, files) for key, part in parts}
    if kind == "source":
        return files[parts[0]]
    if kind == "span":
        return Span(*parts)
    if kind == "set":
        return frozenset(parts)
    if kind == "date":
        return date.fromisoformat(parts[0])
    return _CLASSES[kind](*[_read(part, files) for part in parts])
