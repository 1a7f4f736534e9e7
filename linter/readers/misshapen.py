"""Sentences that a reader did not read because something else stands where it looks for a text: a list, a mapping.

A new version of a product gives a text a language ("text": {"en": …}) or puts a list around it. A reader that knows
texts only passes over it, and over the whole of a file in which nothing is as it was.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from ..conversation import Conversation, Message, Path, Skipped
from ..documents import Document
from ..documents.model import numbered
from .common import Said, is_table
from .fields import role
from .prose import is_sentence, places

NOTHING_READ = "nothing was read of this file, though a sentence stands here"
_OTHERWISE = "this '{}' is built otherwise than those that are read, so it is not read"
MAY_BE_SHOWN = frozenset(["", "text", "beside", "subject", "buttons"])
"""Kinds of fields that may hold something for customers."""
_NEAR_TEXT = 3  # names on the way to a text, the last ones, of which one is that of texts
_LOOKED_AT = 100_000  # values of a file of which nothing was read


def misshapen(document: Document, messages: Sequence[Message], done: set[Path]) -> Iterator[Skipped]:
    """The first sentence under each name that elsewhere in the document is one of a text. ``done`` is what was read,
    or left out for a reason.
    """
    paths = [message.path for message in messages if message.document is document and _last(message.path)]
    if not paths:
        return
    said = Said(message.text for message in messages)
    ways, shapes = set(map(_named, paths)), set(map(_shape, paths))
    near = {one for way in ways for one in _near(way)}
    told: set[str] = set()
    known: dict[tuple[tuple[str | None, ...], int], bool] = {}
    for name, depth, path, text in _below(document.value, set(map(_last, paths)), done):
        if name in told:
            continue
        shape = (_shape(path), depth)
        is_one = known.get(shape)
        if is_one is None:
            if depth == len(path):
                is_one = _named(path) in ways and shape[0] not in shapes  # any other is left out for what it says
            else:
                is_one = not near.isdisjoint(_near(_named(path[:depth])))
            known[shape] = is_one
        if is_one and text not in said:
            told.add(name)
            yield Skipped(path, document, _OTHERWISE.format(name))


def _near(way: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What ways to texts of one kind have in common: the last two names, or all but the one before the last, which may
    be that of an entry.
    """
    return ("", *way[-2:]), (*way[:-2], way[-1])


def nothing_read(document: Document, read: Conversation | None = None, done: Container[Path] = ()) -> Iterator[Skipped]:
    """The first sentence of a document, of which a reader took no sentence at all though it knows it.

    Where it took other words, or left some out for a reason, as the notes of colleagues are, what else stands there is
    only told where its name is one of texts. A piece of a long file tells nothing of the other pieces.
    """
    is_known = read is not None and any((read.messages, read.skipped, read.captures))
    if is_table(document) or _is_piece(document.value):
        return
    for path in places(document.value, is_sentence, _LOOKED_AT):
        may_be = role(_name_at(path)).kind in MAY_BE_SHOWN
        if is_known:
            may_be = any(role(key).kind == "text" for key in path[-_NEAR_TEXT:] if isinstance(key, str))
        if may_be and not any(path[:end] in done for end in range(len(path) + 1)):
            yield Skipped(path, document, NOTHING_READ)
            return


def _is_piece(value: Any) -> bool:
    lists = value.values() if isinstance(value, dict) else [value]
    return any(hasattr(one, "gap") for one in lists)


def _below(value: Any, names: set[str], done: set[Path]) -> Iterator[tuple[str, int, Path, str]]:
    """The sentences that are not done under one of the names or inside what stands there: that name, the length of the
    way to it, the place, the sentence.
    """
    left: list[tuple[Path, str, int, Any]] = [((), "", 0, value)]
    while left:
        path, name, depth, one = left.pop()
        if path in done:
            continue
        if isinstance(one, dict):
            if not name and names.isdisjoint(one):
                inside = [((*path, key), "", 0, item) for key, item in one.items() if isinstance(item, (dict, list))]
                left += reversed(inside)
                continue
            items: Any = one.items()
        elif isinstance(one, list):
            items = numbered(one)
        else:
            if name and is_sentence(one):
                yield name, depth, path, one
            continue
        inner = []
        for key, item in items:
            under, begun = (name, depth) if name else (key, len(path) + 1) if key in names else ("", 0)
            if under or isinstance(item, (dict, list)):
                inner.append(((*path, key), under, begun, item))
        left += reversed(inner)


def _last(path: Path) -> str:
    """The last name on the way to a text, where the text itself has it."""
    return path[-1] if path and isinstance(path[-1], str) else ""


def _name_at(path: Path) -> str:
    """The last name on a way."""
    return next((key for key in reversed(path) if isinstance(key, str)), "")


def _named(path: Path) -> tuple[str, ...]:
    """The names on a way, without numbers."""
    return tuple(str(key) for key in path if not str(key).isdecimal())


def _shape(path: Path) -> tuple[str | None, ...]:
    """The names on a way and, as nothing, the lists; a number may be the name of an entry, too."""
    return tuple(None if isinstance(key, int) else "0" if str(key).isdecimal() else str(key) for key in path)
