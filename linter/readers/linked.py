"""Bots of which each part is kept in a file of its own, and goes on in another."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ..documents import Document
from . import Neighbours
from .nodes import Node

Names = Callable[[Node], Collection[str]]


def plain(name: str) -> str:
    """A name as far as a file may be called by it."""
    return "".join(filter(str.isalnum, name.lower()))


def beside(document: Document, neighbours: Neighbours, called: Iterable[str] = (), most: int = 0) -> Iterator[Document]:
    """The other JSON files in a document's folder.

    Where that holds more than ``most``, only those in whose name something ``called`` stands (0: all in any case).
    """
    names = neighbours.names("*.json")
    own = posixpath.basename((document.source.inner or document.source.path).replace("\\", "/"))
    others = [name for name in names if posixpath.basename(name) != own]
    if most and len(names) > most:
        wanted = {plain(name) for name in called} - {""}
        others = [name for name in others if any(one in plain(name) for one in wanted)][:most]
    for name in others:
        yield from neighbours.open(name)


def connected(parts: Sequence[Node], others: Iterable[Sequence[Node]], names: Names, calls: Names) -> list[Node]:
    """The parts of other files that call some of these or are called by them, also by way of each other.

    ``others`` are the parts of a file each; whoever reads a file has to read all of it. A file with another part of a
    name that is here holds another version of this one.
    """
    here = {name for part in parts for name in names(part)}
    files = [file for file in others if here.isdisjoint(name for part in file for name in names(part))]
    named: dict[str, list[int]] = {}
    calling: dict[str, list[int]] = {}
    for number, file in enumerate(files):
        for part in file:
            for name in names(part):
                named.setdefault(name, []).append(number)
            for name in calls(part):
                calling.setdefault(name, []).append(number)
    found: dict[int, None] = {}
    newest = parts
    while newest:
        near = {number for part in newest for name in names(part) for number in calling.pop(name, ())}
        near |= {number for part in newest for name in calls(part) for number in named.pop(name, ())}
        new = sorted(near - found.keys())
        found.update(dict.fromkeys(new))
        newest = [part for number in new for part in files[number]]
    return [part for number in found for part in files[number]]
