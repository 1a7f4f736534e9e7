"""The files that a policy is made of: its own, and those that it extends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from .. import resources
from ..source import BUNDLED, Position, Source, SourceError
from ..surroundings import is_inside, top
from ..trees import READING, current
from .errors import PolicyError, closest
from .mistakes import Mistakes
from .model import Place
from .nodes import Node, items, parse
from .schema import checked

_MOST_ABOVE = 50  # policies, each of which extends the next
_BRING_IN = "bring it in, as a submodule of git or a copy"
_FETCH = "a submodule is fetched by 'git submodule update --init'"


class File(NamedTuple):
    """A file of a policy. ``below`` are the files on which it builds, each with the item of ``extends`` that leads to
    it; ``direct`` those that it names itself.
    """

    name: str
    node: Node
    source: Source
    root: str
    below: dict[str, Node]
    direct: tuple[str, ...]


class Files:
    """All files by their identity, each behind those that it builds on.

    So each is read once, however many extend it, and what one says stands until a later one says otherwise, and not
    until a later one inherits otherwise.
    """

    def __init__(self, outermost: str, mistakes: Mistakes) -> None:
        self._outermost = outermost
        self._mistakes = mistakes
        self._by_name: dict[str, File] = {}

    def __iter__(self) -> Iterator[File]:
        return iter(self._by_name.values())

    def add(self, source: Source, root: str, above: tuple[str, ...] = ()) -> None:
        """Read a file of a policy, behind those that it extends."""
        node = checked(self._parsed(source), self._mistakes)
        name = _identity(source, root)
        below: dict[str, Node] = {}
        direct: list[str] = []
        for item in items(node.get("extends")):
            inherited = self._inherited(item, root, (*above, name))
            if inherited is not None:
                direct.append(inherited.name)
                below.setdefault(inherited.name, item)
                for further in inherited.below:
                    below.setdefault(further, item)
        self._by_name[name] = File(name, node, source, root, below, tuple(dict.fromkeys(direct)))

    def _parsed(self, source: Source) -> Node:
        """The YAML of a file; what is none is told, and left out where the rest can be read without it."""
        try:
            return parse(source)
        except PolicyError as error:
            from .readable import readable

            left = readable(source)
            if left is None:
                raise
            try:
                node = parse(source, left.text)
            except (PolicyError, SourceError):
                raise PolicyError(left.problems) from error
            if node.get("neverask") is None:  # too little is left of it
                raise PolicyError(left.problems) from None
            self._mistakes.left_out(left.problems, left.words)
            return node

    def _inherited(self, item: Node, root: str, above: tuple[str, ...]) -> File | None:
        name = str(item.value)
        if name in resources.policies():
            source, folder = bundled(name), ""
        elif name.endswith((".yaml", ".yml")):
            path = _beside(root, name)
            repository = top(root) or top(current().real(root))
            if os.path.isabs(name) or not is_inside(path, os.path.realpath(repository or self._outermost)):
                around = "repository" if repository else "folder of the policy"
                wrong = f"'{name}' lies outside the {around}: a policy takes only files inside it"
                self._mistakes.tell(item, wrong, _BRING_IN if repository else "")
                self._mistakes.unsure = True
                return None
            if not current().isfile(path):
                empty = current().unfetched(path)
                hint = f"'{os.path.relpath(empty)}' is empty: {_FETCH}" if empty else ""
                self._mistakes.tell(item, f"there is no policy file '{name}' beside this one", hint)
                self._mistakes.unsure = True
                return None
            source, folder = from_file(path, os.path.relpath(path)), os.path.dirname(path)
        else:
            hint = closest(name, resources.policies())
            self._mistakes.tell(item, f"there is no bundled policy '{name}'", hint)
            meant = next((known for known in resources.policies() if hint == f"did you mean '{known}'?"), None)
            if meant is None:
                self._mistakes.unsure = True
                return None
            source, folder = bundled(meant), ""  # to see whether the rest is right
        if _identity(source, folder) in above:
            self._mistakes.tell(item, f"'{name}' extends this policy in turn: that is a circle")
            return None
        if len(above) > _MOST_ABOVE:
            self._mistakes.tell(item, f"there are more than {_MOST_ABOVE} policies above each other")
            return None
        known = _identity(source, folder)
        if known not in self._by_name:
            self.add(source, folder, above)
        return self._by_name[known]

    def joined(self, file: File, place: Place) -> Place | None:
        """The ``extends`` by which a file and that of a place came together side by side, None where they did not."""
        other = next((name for name, one in self._by_name.items() if one.source is place.source), file.name)
        if other == file.name or other in file.below:
            return None
        joined = next(one for one in self._by_name.values() if file.name in one.below and other in one.below)
        return Place(joined.source, joined.below[file.name].span)


def from_file(path: str, name: str = "") -> Source:
    """A policy file, which is called by its path if it has no other name. Raises SourceError."""
    return Source(name or path, _read(path))


def from_text(path: str, text: str) -> Source:
    """A policy file as an editor holds it, perhaps with half of an emoji in it while one types. Raises SourceError."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _not_utf8(path, text[: error.start]) from None
    return Source(path, text)


def bundled(name: str) -> Source:
    return Source(name + BUNDLED, resources.policy(f"{name}.yaml"))


def _read(path: str) -> str:
    """The text of a policy file."""
    try:
        data = current().read(path)
    except SourceError as error:
        raise SourceError(path, f"can't read the policy: {error.reason.removeprefix(READING)}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data[: error.start].decode("utf-8-sig")) from None


def _not_utf8(path: str, before: str) -> SourceError:
    place = Position(before.count("\n") + 1, len(before) - before.rfind("\n"))
    return SourceError(path, "the policy is not UTF-8: save it as that", place)


def _identity(source: Source, root: str) -> str:
    return os.path.abspath(source.path) if root else source.path


def _beside(folder: str, name: str) -> str:
    """The path of a file that a policy names from its folder; ".." is what lies above it where a link leads."""
    path = os.path.normpath(os.path.join(folder, name))
    there = os.path.normpath(os.path.join(current().real(folder), name))
    return path if current().real(path) == current().real(there) else there
