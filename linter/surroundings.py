"""What stands around a file: the other files of its export, inside the tree that is linted and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from .cache import digest, hasher
from .source import SourceError
from .trees import READING, Listed, current

if TYPE_CHECKING:
    from .documents import Document
    from .outcome import Outcome

_BLOCK = 1 << 20
_UP = "../"


class Folder:
    """The neighbours of a document.

    Files beside it, or members of the same archive. Never outside the tree. What is looked at is noted in ``outcome``.
    """

    def __init__(
        self,
        document: Document,
        members: Sequence[Document],
        roots: Sequence[str] = (),
        outcome: Outcome | None = None,
        around: Around | None = None,
    ) -> None:
        self._archive = {member.source.inner: member for member in members} if document.source.members else None
        inner = document.source.inner or document.source.path
        self._base = os.path.dirname(inner)
        self._around = around or Around(roots)
        if outcome is None:
            from .outcome import Outcome

            outcome = Outcome("")
        self._outcome = outcome

    def names(self, pattern: str) -> Sequence[str]:
        if self._archive is not None:
            from fnmatch import fnmatch

            relative = [os.path.relpath(name, self._base or ".") for name in self._archive]
            return sorted(name for name in relative if fnmatch(name, pattern))
        found = self._outcome.looked[self._base, pattern] = self._around.names(self._base, pattern)
        return found

    def open(self, name: str) -> Sequence[Document]:
        if self._archive is not None:
            member = self._archive.get(os.path.normpath(os.path.join(self._base, name)))
            return [member] if member is not None else []
        path = os.path.normpath(os.path.join(self._base, name))
        if not _inside(self._base, self._around.tree(self._base), name):
            self._outcome.opened[path] = ""
            return []
        from .documents import open_source

        try:
            data = read_bytes(path)
            self._outcome.opened[path] = digest(data)
            return [document for document in open_source(path, data) if document.error is None]
        except SourceError:
            self._outcome.opened.setdefault(path, "")
            return []


def _inside(base: str, root: str, name: str) -> bool:
    path = os.path.join(base or ".", name)
    return is_inside(path, root) and current().isfile(path)


def is_inside(path: str, root: str) -> bool:
    """Whether a path, all links followed, stays in a folder."""
    return os.path.commonpath([current().real(path), root]) == root


class Around:
    """What stands around the files of a run: each folder is looked into once, however many of its files ask."""

    def __init__(self, roots: Sequence[str], digests: Mapping[str, str] = MappingProxyType({})) -> None:
        self._roots = roots
        self._digests = dict(digests)
        self._trees: dict[str, str] = {}
        self._of_folder: dict[tuple[str, str], tuple[str, ...]] = {}
        self._listed: Listed = {}
        self._names: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._above: dict[tuple[str, int], str] = {}

    def still_hold(self, outcome: Outcome) -> bool:
        """Whether the neighbours that an outcome rests on are what they were."""
        return self.holds(os.path.dirname(outcome.path), outcome.looked, outcome.opened)

    def holds(self, folder: str, looked: Mapping[tuple[str, str], tuple[str, ...]], opened: Mapping[str, str]) -> bool:
        """Whether what was found around a folder is what there is: names by pattern, contents by their digests."""
        if not looked and not opened:
            return True
        root = self.tree(folder)
        if any(self._found(base, root, pattern) != names for (base, pattern), names in looked.items()):
            return False
        return all(self._content(path, root) == was for path, was in opened.items())

    def _content(self, path: str, root: str) -> str:
        """The digest of a neighbour, "" for one that can't be read or leads out of the tree."""
        try:
            return (self._digests.get(path) or digest(read_bytes(path))) if _inside("", root, path) else ""
        except SourceError:
            return ""

    def names(self, base: str, pattern: str) -> tuple[str, ...]:
        """What fits a pattern around a folder, without what leads out of its tree."""
        found = self._of_folder.get((base, pattern))
        if found is None:
            found = self._of_folder[base, pattern] = self._found(base, self.tree(base), pattern)
        return found

    def tree(self, folder: str) -> str:
        """The tree that a folder belongs to."""
        if folder not in self._trees:
            self._trees[folder] = tree(folder, self._roots)
        return self._trees[folder]

    def _found(self, base: str, root: str, pattern: str) -> tuple[str, ...]:
        levels = pattern.count(_UP)
        up = _UP * levels
        if not levels or not pattern.startswith(up):
            return self._within(base, root, pattern)
        above = self._folder_above(base, levels)
        if os.path.commonpath([above, root]) != root:
            return ()  # nothing out there is ours to look at
        return tuple(up + name for name in self._within(above, root, pattern.removeprefix(up)))

    def _within(self, base: str, root: str, pattern: str) -> tuple[str, ...]:
        key = base, root, pattern
        if key not in self._names:
            found = current().match(base, pattern, self._listed)
            self._names[key] = tuple(name for name in found if _inside(base, root, name))
        return self._names[key]

    def _folder_above(self, base: str, levels: int) -> str:
        """The folder some levels above another one: very many folders have the same one above them."""
        key = base, levels
        if key not in self._above:
            below = self._folder_above(base, levels - 1) if levels > 1 else current().real(base or ".")
            self._above[key] = os.path.dirname(below)
        return self._above[key]


def tree(folder: str, roots: Sequence[str]) -> str:
    """The repository around a folder; outside one, the folder that the user named, else the folder itself."""
    start = current().real(folder or ".")
    at = start
    while not current().exists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            named = [root for root in roots if os.path.commonpath([root, start]) == root]
            return min(named, key=len, default=start)
        at = above
    return at


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file.

    Raises SourceError for anything else (a pipe, a device) and for what can't be read.
    """
    return current().read(path)


def digest_of(path: str) -> str:
    """The digest of a regular file, read block by block. Raises SourceError as ``read_bytes`` does."""
    sum_of = hasher()
    with current().open(path) as file:
        try:
            while block := file.read(_BLOCK):
                sum_of.update(block)
        except OSError as error:
            raise SourceError(path, f"{READING}{error.strerror or error}") from None
    return sum_of.hexdigest()
