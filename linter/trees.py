"""Where files are read from: the work tree, or a tree that git keeps (gittrees.py). One is in force at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from stat import S_ISREG
from typing import BinaryIO

from . import walking
from .source import SourceError
from .walking import Listed

LARGEST = 1 << 30  # bytes; a larger file is not read as a whole, and never in part
_LONGEST = 1 << 34  # bytes; nor is a longer one piece by piece
_UNTOLD = 1 << 20  # bytes that are read of a file that says that it holds none, as those in /proc do
READING = "can't read the file: "
_WITHOUT_WAITING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""What was a file a moment ago may be a pipe by now: opening it would wait for who writes into it."""
POINTS_TO_LFS = b"version https://git-lfs.github.com/spec/"
"""With what a file begins that only says which content Git LFS keeps for it."""
POINTER = "Git LFS pointer; git holds only a pointer to this file here, its content is in Git LFS"


class WorkTree:
    """Files as they stand on disk. ``name`` tells trees apart, whose results are kept apart."""

    name = ""

    def isfile(self, path: str) -> bool:
        return os.path.isfile(path)

    def isdir(self, path: str) -> bool:
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        """Whether there is anything at the path, be it a link that leads nowhere."""
        return os.path.lexists(path)

    def real(self, path: str) -> str:
        """The absolute path, without links."""
        return os.path.realpath(path)

    def size(self, path: str) -> int:
        """How large a file is, 0 if that can't be told."""
        try:
            return os.stat(path).st_size
        except OSError:
            return 0

    def below(self, path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
        """The files in and below a folder, as git sees them: see ``walking.below``."""
        return walking.below(path, closed)

    def left_out(self, path: str) -> int:
        """How many files of a folder are not on disk because a sparse checkout leaves them out."""
        return walking.left_out(path)

    def unfetched(self, path: str) -> str:
        """The empty folder in which a file is missing, as of a submodule that was not fetched; "" for none."""
        at = os.path.dirname(os.path.abspath(path))
        while not os.path.isdir(at):
            at = os.path.dirname(at)
        try:
            return "" if os.listdir(at) else at
        except OSError:
            return ""

    def match(self, folder: str, pattern: str, listed: Listed | None = None) -> list[str]:
        """What fits a glob, relative to the folder, names joined by slashes.

        ``listed`` keeps what stands in folders for one who asks often.
        """
        return sorted(set(walking.matching(folder or ".", "", pattern.split("/"), {} if listed is None else listed)))

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises SourceError for anything else (a pipe) and what can't be read."""
        handle, size = _opened(path, LARGEST)
        most = max(size, _UNTOLD)
        try:
            data = _read(handle, size, most)
        except OSError as error:
            raise SourceError(path, f"{READING}{error.strerror or error}") from None
        finally:
            os.close(handle)
        if len(data) > most:
            raise SourceError(path, f"{READING}it grew while it was read")
        return data

    def open(self, path: str) -> BinaryIO:
        """A regular file to read from, piece by piece. Raises SourceError as ``read`` does."""
        return os.fdopen(_opened(path, _LONGEST)[0], "rb")

    def close(self) -> None:
        """End what reads."""


def _opened(path: str, most: int) -> tuple[int, int]:
    """The handle of a regular file, and its size, which is ``most`` bytes at most.

    Raises SourceError for anything else and what can't be opened.
    """
    try:
        if not S_ISREG(os.stat(path).st_mode):
            raise SourceError(path, "this is not a regular file")
        handle = os.open(path, _WITHOUT_WAITING)
    except OSError as error:
        is_dead = isinstance(error, FileNotFoundError) and os.path.islink(path)
        why = "it is a link that leads nowhere" if is_dead else error.strerror or error
        raise SourceError(path, f"{READING}{why}") from None
    except ValueError:
        raise SourceError(path, "there is no such name of a file") from None
    status = os.fstat(handle)
    reason = "" if S_ISREG(status.st_mode) else "this is not a regular file"
    if status.st_size > most:
        reason = f"this file is larger than {most >> 20} MiB"
    if reason:
        os.close(handle)
        raise SourceError(path, reason)
    return handle, status.st_size


def _read(handle: int, size: int, most: int) -> bytes:
    """All of a file, which says how large it is; of one that is larger no more than a byte over ``most``.

    A small file costs one look at it: very many of them are read, and room for what isn't there costs too.
    """
    data = os.read(handle, size + 1)
    if len(data) == size > 0:
        return data
    parts = [data]
    left = most + 1 - len(data)
    while left > 0 and parts[-1]:
        parts.append(os.read(handle, min(left, _UNTOLD)))
        left -= len(parts[-1])
    return b"".join(parts)


_in_force: list[WorkTree] = [WorkTree()]


def current() -> WorkTree:
    """The tree that files are read from."""
    return _in_force[-1]


@contextmanager
def reading(tree: WorkTree) -> Iterator[None]:
    """Read from a tree until the block ends."""
    _in_force.append(tree)
    try:
        yield
    finally:
        _in_force.pop()
        tree.close()
