"""A file written in one step: it is whole, or it is what it was."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from errno import EACCES

_HANDLES = "/proc/self/fd"
_BESIDE = re.compile(r"\.neverask-[0-9a-f]{16}~")


def replace(path: str, data: bytes) -> None:
    """Put a file in the place of another, with its mode and owner. Raises OSError, and then nothing has changed.

    One that may not be written to is not replaced either, though its folder would let us. Where the system has files
    without a name, a run that is killed leaves nothing beside it.
    """
    folder = os.path.dirname(path)
    beside = os.path.join(folder, f".neverask-{os.urandom(8).hex()}~")
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), path)
    try:
        if not _written_without_name(folder or ".", beside, data, path):
            _write(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), data)
            _become(beside, path)
        os.replace(beside, path)
    except BaseException:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise


def is_left(name: str) -> bool:
    """Whether a file of this name is what a killed run left, and nothing of the user's."""
    return _BESIDE.fullmatch(name) is not None


def _written_without_name(folder: str, name: str, data: bytes, like: str) -> bool:
    """Write a file that gets its name when it is whole; False where that can't be had."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not os.path.isdir(_HANDLES):
        return False
    try:
        handle = os.open(folder, os.O_WRONLY | flag, 0o600)
    except OSError:
        return False
    named = os.dup(handle)
    try:
        _write(handle, data)
        _become(named, like)
        # With src_dir_fd, which an absolute path makes no use of, Python has the link followed to the file itself.
        os.link(f"{_HANDLES}/{named}", name, src_dir_fd=named, follow_symlinks=True)
    except (FileNotFoundError, PermissionError, NotImplementedError):
        return False
    finally:
        os.close(named)
    return True


def _write(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _become(new: int | str, path: str) -> None:
    """Give a file the mode of the one whose place it takes, and its owner where we may; else those of a new file."""
    if not os.path.exists(path):
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(new, 0o666 & ~mask)
        return
    old, own = os.stat(path), os.stat(new)
    if (old.st_uid, old.st_gid) != (own.st_uid, own.st_gid) and hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(new, old.st_uid, old.st_gid)
    os.chmod(new, old.st_mode & 0o7777)
