"""What stands around a file: the other files of its export, inside the tree that is linted and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING

from .cache import digest, hasher
from .source import SourceError
from .trees import READING, current
from .walking import Listed

if TYPE_CHECKING:
    from .documents import Document
    from .outcome import Outcome

POLICY = "neverask.yaml"
"""What an organisation's own policy is called."""

_BLOCK = 1 << 20
_UP = "../"


class Members:
    """The documents of a file by the archive that each is in and by name: put in order once for all of them."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by_archive: dict[tuple[str, ...], dict[str, Document]] = {}
        for document in documents:
            if document.source.members:
                *archive, name = document.source.members
                self._by_archive.setdefault(tuple(archive), {})[os.path.normpath(name)] = document
        self._fitting: dict[tuple[tuple[str, ...], str], list[str]] = {}

    def get(self, archive: tuple[str, ...], name: str) -> Document | None:
        """The member of an archive of this name."""
        return self._by_archive.get(archive, {}).get(name)

    def fitting(self, archive: tuple[str, ...], pattern: str) -> list[str]:
        """The names of the members of an archive that fit a glob, in order."""
        key = archive, pattern
        if key not in self._fitting:
            wanted = pattern.split(os.sep)
            names = self._by_archive.get(archive, {})
            self._fitting[key] = sorted(name for name in names if _fits(name.split(os.sep), wanted))
        return self._fitting[key]


class Folder:
    """The neighbours of a document.

    Files beside it, or members of the same archive. Never outside the tree. What is looked at is noted in ``outcome``.
    """

    def __init__(
        self,
        document: Document,
        members: Sequence[Document] | Members,
        roots: Sequence[str] = (),
        outcome: Outcome | None = None,
        around: Around | None = None,
    ) -> None:
        way = document.source.members
        self._archive = tuple(way[:-1]) if way else None
        self._members = members if isinstance(members, Members) else Members(members)
        self._base = os.path.dirname(os.path.normpath(way[-1]) if way else document.source.path)
        self._folders = [] if way else os.path.abspath(self._base).split(os.sep)
        self._around = around or Around(roots)
        if outcome is None:
            from .outcome import Outcome

            outcome = Outcome("")
        self._outcome = outcome

    def names(self, pattern: str) -> Sequence[str]:
        if self._archive is not None:
            found = self._members.fitting(self._archive, os.path.normpath(os.path.join(self._base, pattern)))
            return [os.path.relpath(name, self._base or os.curdir) for name in found]
        names: dict[str, None] = {}
        for near in _nearer(pattern, self._folders) if pattern.startswith(_UP) else (pattern,):
            there = self._outcome.looked[self._base, near] = self._around.names(self._base, near)
            names.update(dict.fromkeys(_shortest(name, self._folders) for name in there))
        return list(names)

    def open(self, name: str) -> Sequence[Document]:
        if self._archive is not None:
            member = self._members.get(self._archive, os.path.normpath(os.path.join(self._base, name)))
            return [member] if member is not None else []
        path = called(os.path.join(self._base, name))
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


def called(path: str) -> str:
    """The one name that a file has in a run, wherever one stands and by whatever way it was come to."""
    path = os.path.normpath(path)
    return os.path.relpath(path) if path.startswith(os.pardir) else path


def _nearer(pattern: str, folders: Sequence[str]) -> Iterator[str]:
    """A pattern, and what is left of it when it leads up out of a folder and back into it: perhaps out of the tree."""
    yield pattern
    levels = pattern.count(_UP)
    inner = pattern.removeprefix(_UP * levels).split("/")
    while 0 < levels <= len(folders) and len(inner) > 1 and fnmatchcase(folders[-levels], inner[0]):
        levels, inner = levels - 1, inner[1:]
        yield _UP * levels + "/".join(inner)


def _shortest(name: str, folders: Sequence[str]) -> str:
    """A name without the way up out of a folder and back into it, so that no file has two names."""
    levels = name.count(_UP)
    inner = name[levels * len(_UP) :]
    while 0 < levels <= len(folders) and inner.startswith(folders[-levels] + "/"):
        levels, inner = levels - 1, inner.partition("/")[2]
    return _UP * levels + inner


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path fits a glob, both in their parts: as on a disk, where only ``**`` goes into any folder."""
    if not pattern or not parts:
        return not pattern and not parts
    part, rest = pattern[0], pattern[1:]
    if part == "**":
        return _fits(parts, rest or ["*"]) or (parts[0][:1] != "." and _fits(parts[1:], pattern))
    is_shown = parts[0][:1] != "." or part[:1] == "."
    return is_shown and fnmatchcase(parts[0], part) and _fits(parts[1:], rest)


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
            self._trees[folder] = tree(folder, (*self._roots, *_unnamed(folder)))
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
    named = (root for root in roots if os.path.commonpath([root, start]) == root)
    return top(start) or min(named, key=len, default=start)


def top(folder: str) -> str:
    """The nearest folder above that holds a .git, "" if none: no policy takes files from outside it."""
    at = folder
    while not current().exists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return ""
        at = above
    return at


def _unnamed(folder: str) -> Iterator[str]:
    """What the user need not name for it to be the tree: the folder where they stand, that of the policy in force.

    Not the top of a disk: below it is all.
    """
    here = os.getcwd()
    if os.path.dirname(here) != here:
        yield here
    at = current().real(folder or ".")
    while (above := os.path.dirname(at)) != at:
        if current().isfile(os.path.join(at, POLICY)):
            yield at
            return
        at = above


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file.

    Raises SourceError for anything else (a pipe, a device) and for what can't be read.
    """
    return current().read(path)


def text_of(path: str) -> str | None:
    """The text of a file, None for one that can't be read or is not in UTF-8."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except (SourceError, UnicodeDecodeError):
        return None


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
