"""The files of a revision or of git's index, read from the objects of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from glob import has_magic
from io import BytesIO
from typing import BinaryIO, NamedTuple

from .git import IN_REVISION, OF_ANOTHER, Objects, ask, environment, parsed, sizes
from .source import SourceError
from .trees import LARGEST, POINTER, POINTS_TO_LFS, READING, WorkTree
from .walking import Listed

_MOST_LINKS = 40
_LINK, MODULE = "120000", "160000"


class Blob(NamedTuple):
    """A file of a revision or of the index: its mode and the name of its content."""

    mode: str
    name: str


class GitTree(WorkTree):
    """The files of a revision or of the index of the repository at ``top``; outside it the disk.

    A file of a submodule, such as the policy of a group of firms, is read as the tree has it: of the commit that it
    names, if that is here. ``without`` are variables that are not for the git of this repository.
    """

    name = "git"

    def __init__(self, top: str, files: dict[str, Blob], without: Sequence[str] = ()) -> None:
        self.top = top
        self.files = files
        self._modules: dict[str, GitTree] = {}
        self._folders: dict[str, set[str]] = {"": set()}
        for path in files:
            self._enter(path)
        self._sizes: dict[str, int] | None = None
        self._objects = Objects(top, without)

    def _enter(self, path: str) -> None:
        while path:
            folder, _, name = path.rpartition("/")
            known = self._folders.setdefault(folder, set())
            if name in known:
                return
            known.add(name)
            path = folder

    def without(self, names: Iterable[str]) -> GitTree:
        """The same tree without some of its files."""
        left_out = set(names)
        return GitTree(self.top, {name: blob for name, blob in self.files.items() if name not in left_out})

    def inside(self, path: str) -> str | None:
        """The path within the repository, links followed; None outside it."""
        for made in (os.path.abspath, os.path.realpath):
            whole = made(path)
            if whole == self.top or whole.startswith(self.top + os.sep):
                return self._resolved(os.path.relpath(whole, self.top).replace(os.sep, "/"), _MOST_LINKS)
        return None

    def _resolved(self, path: str, left: int) -> str | None:
        at = ""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        for number, part in enumerate(parts):
            if part == "..":
                if not at:
                    return None
                at = at.rpartition("/")[0]
                continue
            at = f"{at}/{part}" if at else part
            blob = self.files.get(at)
            if blob is not None and blob.mode == _LINK:
                target = os.fsdecode(self._content(blob.name, at))
                if os.path.isabs(target) or not left:
                    return None
                rest = "/".join([at.rpartition("/")[0], target, *parts[number + 1 :]])
                return self._resolved(rest, left - 1)
        return at

    def module(self, inner: str) -> GitTree | None:
        """The submodule in which a path within the repository lies, None where it lies in none that can be read."""
        at = inner
        while at and at not in self.files:
            at = at.rpartition("/")[0]
        blob = self.files.get(at)
        if blob is None or blob.mode != MODULE:
            return None
        if at not in self._modules:
            self._modules[at] = _submodule(os.path.join(self.top, *at.split("/")), blob.name)
        return self._modules[at]

    def isfile(self, path: str) -> bool:
        inner = self.inside(path)
        if inner is None:
            return self._elsewhere(path) and os.path.isfile(path)
        if inner in self.files:
            return self.files[inner].mode != MODULE
        module = self.module(inner)
        return module is not None and module.isfile(os.path.join(self.top, inner))

    def isdir(self, path: str) -> bool:
        inner = self.inside(path)
        if inner is None:
            return self._elsewhere(path) and os.path.isdir(path)
        return inner in self._folders

    def unfetched(self, path: str) -> str:
        inner = self.inside(path)
        module = self.module(inner) if inner is not None else None
        return module.top if module is not None and not module.files else ""

    def exists(self, path: str) -> bool:
        whole = os.path.abspath(path)
        if whole == os.path.join(self.top, ".git"):
            return True
        if not whole.startswith(self.top + os.sep):
            return os.path.lexists(path)
        folder = self.inside(os.path.dirname(whole))
        return folder is not None and os.path.basename(whole) in self._folders.get(folder, ())

    def _elsewhere(self, path: str) -> bool:
        """Whether a path lies outside the repository: one whose link leads out of it does not."""
        return not os.path.abspath(path).startswith(self.top + os.sep)

    def real(self, path: str) -> str:
        inner = self.inside(path)
        return os.path.realpath(path) if inner is None else os.path.normpath(os.path.join(self.top, inner))

    def size(self, path: str) -> int:
        if self._sizes is None:
            names = sorted({blob.name for blob in self.files.values() if blob.mode != MODULE})
            self._sizes = sizes(self.top, names)
        inner = self.inside(path)
        return self._sizes.get(self.files[inner].name, 0) if inner in self.files and inner is not None else 0

    def left_out(self, path: str) -> int:
        return super().left_out(path) if self._elsewhere(path) else 0

    def below(self, path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
        inner = self.inside(path)
        if inner is None:
            return super().below(path, closed) if self._elsewhere(path) else []
        start = f"{inner}/" if inner else ""
        found = []
        for name, blob in self.files.items():
            if not name.startswith(start):
                continue
            end = [""] if blob.mode == MODULE else []
            own = os.path.join(path, *name[len(start) :].split("/"), *end)
            found.append((own, os.path.islink(own)))
        return found

    def match(self, folder: str, pattern: str, listed: Listed | None = None) -> list[str]:
        inner = self.inside(folder or ".")
        if inner is None:
            return super().match(folder, pattern, listed) if self._elsewhere(folder) else []
        return sorted(dict.fromkeys(self._fitting(inner, "", pattern.split("/"))))

    def _fitting(self, folder: str | None, so_far: str, parts: list[str]) -> Iterator[str]:
        if folder is None or folder not in self._folders:
            return
        part, rest = parts[0], parts[1:]
        if part in ("", ".", ".."):
            above = folder if part != ".." else (folder.rpartition("/")[0] if folder else None)
            if rest:
                yield from self._fitting(above, f"{so_far}{part}/", rest)
            return
        if part == "**":
            yield from self._fitting(folder, so_far, rest or ["*"])
        names = sorted(self._folders[folder]) if has_magic(part) else [part] * (part in self._folders[folder])
        for name in names:
            if has_magic(part) and not (fnmatchcase(name, part) and (name[:1] != "." or part[:1] == ".")):
                continue
            below = self._resolved(f"{folder}/{name}", _MOST_LINKS)
            if part == "**":
                yield from self._fitting(below, f"{so_far}{name}/", parts)
            elif rest:
                yield from self._fitting(below, f"{so_far}{name}/", rest)
            else:
                yield f"{so_far}{name}"

    def read(self, path: str) -> bytes:
        inner = self.inside(path)
        if inner is None and self._elsewhere(path):
            return super().read(path)
        if inner is not None and inner not in self.files and (module := self.module(inner)) is not None:
            return module.read(os.path.join(self.top, inner))
        if inner is None or inner not in self.files or self.files[inner].mode == MODULE:
            raise SourceError(path, READING + "it is a link that leads nowhere, or out of the repository")
        data = self._content(self.files[inner].name, path)
        if data.startswith(POINTS_TO_LFS):
            raise SourceError(path, POINTER)
        return data

    def open(self, path: str) -> BinaryIO:
        inside = self.inside(path) is not None or not self._elsewhere(path)
        return BytesIO(self.read(path)) if inside else super().open(path)

    def _content(self, name: str, path: str) -> bytes:
        return self._objects.content(name, path, LARGEST)

    def close(self) -> None:
        for module in self._modules.values():
            module.close()
        self._objects.close()


def _submodule(top: str, commit: str) -> GitTree:
    """The tree of a submodule at the commit that the repository around it names; an empty one where it is not here."""
    found: list[tuple[bytes, ...]] = []
    if os.path.lexists(os.path.join(top, ".git")):  # else git takes the repository around it
        with suppress(SourceError):
            listed = ask(["-C", top, "ls-tree", "-r", "-z", "--full-tree", commit], env=environment(OF_ANOTHER))
            found = parsed(listed, IN_REVISION)
    files = {os.fsdecode(path): Blob(mode.decode(), name.decode()) for mode, name, path in found}
    return GitTree(top, files, OF_ANOTHER)
