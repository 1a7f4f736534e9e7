"""Sentences that a reader did not read because a name above them, a key's or a step's kind, has a slip of the hand.

Nobody has a list of all the names of a product, and a reader passes over those that are new to it. But a name that is
nearly one it looks for is a mistake of whoever wrote the file. What a reader looks for stands in its code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from ..conversation import Path, Skipped
from ..documents import Document
from ..meant import slip
from . import ReaderModule
from .prose import is_sentence, places

_KINDS = frozenset({"type", "kind", "$kind", "element", "contentType", "response_type"})
"""Keys whose value says what a step, an action or a text is."""
_TOOLS = frozenset({"building", "channels", "common", "fields", "nodes", "plans", "prose"})
"""Modules of the readers that know of no product's names."""
_WRAPPED = ("__func__", "__wrapped__", "fget", "func")
"""Where methods, properties and functions that remember their answers have the function."""
_LOOKED_AT = 1_000  # values below a name, among which the first sentence is looked for


class _Slip(NamedTuple):
    """A name that is nearly a known one: what it is and where it stands, which is ``meant``, and what is below it."""

    what: str
    name: str
    meant: str
    place: Path
    above: Path
    value: Any


def misspelt(document: Document, reader: ReaderModule, done: set[Path]) -> Iterator[Skipped]:
    """The places in a document where a sentence was not read below a name that is nearly a known one; ``done`` is what
    was read, or left out for a reason.
    """
    if not isinstance(document.value, (dict, list)):
        return
    for one in _slips(document.value, _names(reader.__name__)):
        below = places(one.value, is_sentence, _LOOKED_AT)
        if any(not _is_done((*one.above, *there), done) for there in below):
            said = f"'{one.name}' is no {one.what} that is known here, so this is not read"
            yield Skipped(one.place, document, f"{said}; did you mean '{one.meant}'?")


def _slips(value: Any, known: frozenset[str]) -> Iterator[_Slip]:
    meant: dict[str, str] = dict.fromkeys(known, "")
    left: list[tuple[Path, Any]] = [((), value)]
    while left:
        path, one = left.pop()
        if isinstance(one, list):
            left += [((*path, number), item) for number, item in enumerate(one) if isinstance(item, (dict, list))]
            continue
        for key, item in one.items():
            name = str(key)
            if name not in meant:
                meant[name] = _meant(name, known)
            if meant[name]:
                yield _Slip("key", name, meant[name], (*path, key), (*path, key), item)
            if isinstance(item, (dict, list)):
                left.append(((*path, key), item))
            elif key in _KINDS and isinstance(item, str):
                if item not in meant:
                    meant[item] = _meant(item.rpartition(".")[2], known)
                if meant[item]:
                    yield _Slip("kind", item, meant[item], (*path, key), path, one)


def _meant(name: str, known: frozenset[str]) -> str:
    """Behind a dollar sign may stand a language ("text$en")."""
    bare = name[:1] + name[1:].partition("$")[0]
    return "" if bare in known or _begins_as_known(bare, known) else slip(bare, known)


def _begins_as_known(name: str, known: frozenset[str]) -> bool:
    """Whether a name has one before its first "_" with which the product's own begin: "utter_x" is no slip."""
    begun, dash, _ = name.partition("_")
    return bool(dash) and begun + dash in known


def _is_done(path: Path, done: set[Path]) -> bool:
    return any(path[:length] in done for length in range(1, len(path) + 1))


@lru_cache(maxsize=64)
def _names(module: str) -> frozenset[str]:
    """The names in a reader's code, and in that of other readers whose functions it calls."""
    package = module.rpartition(".")[0]
    found: set[str] = set()
    seen: set[str] = set()
    left = [module]
    while left:
        name = left.pop()
        if name in seen or name.rpartition(".")[2] in _TOOLS or not name.startswith(f"{package}."):
            continue
        seen.add(name)
        for one, value in vars(sys.modules[name]).items():
            if isinstance(value, (FunctionType, type)) and value.__module__ != name:
                left.append(value.__module__)
            elif not one.startswith("__"):
                found.update(_words(value))
    return frozenset(found)


def _words(value: Any) -> Iterator[str]:
    """The strings in a value of a module: in a table, in what a function or a class does."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _words(key)
            yield from _words(item)
    elif isinstance(value, CodeType):
        yield from _words(value.co_consts)
    elif isinstance(value, FunctionType):
        yield from _words(value.__code__)
    elif isinstance(value, type):
        for name, item in vars(value).items():
            yield from _words(item) if not name.startswith("__") or name == "__init__" else ()
    else:
        for way in _WRAPPED:
            yield from _words(getattr(value, way, ()))
