"""A file written in one step: it is whole, or it is what it was."""

from __future__ import annotations

import os
import re

_HANDLES = "/proc/self/fd"
_BESIDE = re.compile(r"\.neverask-[0-9a-f]{16}~")


def replace(path: str, data: bytes) -> None:
    """Put a file in the place of another, with its mode. Raises OSError, and then nothing has changed.

    Where the system has files without a name, a run that is killed leaves nothing beside it.
    """
    folder = os.path.dirname(path)
    beside = os.path.join(folder, f".neverask-{os.urandom(8).hex()}~")
    try:
        mode = _mode(path)
        if not _written_without_name(folder or ".", beside, data, mode):
            _write(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), data)
            os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise


def is_left(name: str) -> bool:
    """Whether a file of this name is what a killed run left, and nothing of the user's."""
    return _BESIDE.fullmatch(name) is not None


def _written_without_name(folder: str, name: str, data: bytes, mode: int) -> bool:
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
        os.chmod(named, mode)
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


def _mode(path: str) -> int:
    """The mode of a file, or the one that a new file gets."""
    if os.path.exists(path):
        return os.stat(path).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
