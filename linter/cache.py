"""A cache of plain data between runs. Keys are made of content, so an entry can't be stale.

marshal holds data only, never code; an entry that can't be read, or a folder that can't be written, is as
good as none.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable
from stat import S_ISREG
from typing import Any

from . import __version__, stopping

try:
    from _blake2 import blake2b as blake2b  # hashlib would load OpenSSL with it
except ImportError:
    from hashlib import blake2b as blake2b


_SUM = 16  # bytes before the data, by which damage is told
_DIGITS = 32  # at the end of the name of each entry
_MARSHAL = 4  # the form of marshal that every Python since 3.4 reads
_SHIPPED = os.path.join(os.path.dirname(__file__), "grammar", "compiled")
"""What was compiled when the package was built, so that the first run is as quick as the next; read only."""


def folder() -> str | None:
    """Where compiled grammars and policies are kept: $NEVERASK_CACHE, else the user's cache folder.

    None for a user without a home, as in some containers: "~" would be a folder in that of the replies.
    """
    own = os.environ.get("NEVERASK_CACHE")
    if own:
        return own
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "neverask") if os.path.isabs(base) else None


def key(parts: Iterable[str], any_python: bool = False) -> str:
    """A name made of the parts, the version of neverask and, but for what is the same in all, of Python."""
    digest = blake2b(digest_size=16)
    for part in (__version__, "" if any_python else sys.implementation.cache_tag or "", *parts):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def digest(data: bytes) -> str:
    """A name for the content of a file."""
    return blake2b(data, digest_size=16).hexdigest()


def hasher() -> blake2b:
    """What makes of the blocks of a content the name that ``digest`` gives it."""
    return blake2b(digest_size=16)


def packed(value: Any) -> bytes:
    """Plain data as bytes that ``marshal.loads`` of every Python reads."""
    return marshal.dumps(value, _MARSHAL)


def get(name: str, private: bool = False) -> Any:
    """What was put under ``name``, now or when the package was built; None if nothing was, or nothing readable.

    ``private`` as when it was put: of another user nobody takes it, who could say of any file that nothing is in it.
    """
    found = _read(folder(), name, private)
    return _read(_SHIPPED, name) if found is None else found


def _read(place: str | None, name: str, private: bool = False) -> Any:
    if place is None:
        return None
    path = os.path.join(place, name)
    try:
        if not S_ISREG(os.stat(path).st_mode):  # a link to a device would be read for ever
            return None
        with open(path, "rb") as file:
            if private and _is_of_another(os.fstat(file.fileno())):
                return None
            data = memoryview(file.read())
        # Of damaged data marshal may make anything, even the end of the process.
        if data[:_SUM] != blake2b(data[_SUM:], digest_size=_SUM).digest():
            return None
        value = marshal.loads(data[_SUM:])
    except (OSError, ValueError, EOFError, TypeError):
        return None
    # The name stands inside too: a file that was cut short or put in another's place is not believed.
    if isinstance(value, tuple) and len(value) == 2 and value[0] == name:
        return value[1]
    return None


def _is_of_another(status: os.stat_result) -> bool:
    """Whether a file is neither ours nor the machine's own."""
    return hasattr(os, "geteuid") and status.st_uid not in (0, os.geteuid())


def put(name: str, value: Any, private: bool = False) -> None:
    """Keep plain data under ``name``: written whole or not at all, safe under parallel runs.

    ``private``: nobody else may read it, as it holds what stands in the files of whoever runs this.
    """
    place = folder()
    if place is None:
        return
    try:
        data = packed((name, value))
        os.makedirs(place, _OURS_TO_WRITE | 0o111, exist_ok=True)
        with stopping.orderly():
            _write(place, name, blake2b(data, digest_size=_SUM).digest() + data, private)
    except (OSError, ValueError):
        pass


def _write(place: str, name: str, data: bytes, private: bool) -> None:
    temporary = os.path.join(place, f".{name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with open(temporary, "xb", opener=_for_us_alone if private else _for_all_to_read) as file:
            file.write(data)
        os.replace(temporary, os.path.join(place, name))
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


_OURS_TO_WRITE = 0o664
"""For us and our group, under a mask of nothing, too: results that anybody may write are anybody's."""


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _for_all_to_read(path: str, flags: int) -> int:
    return os.open(path, flags, _OURS_TO_WRITE)


_OLD = 60 * 24 * 3600  # seconds


def prune() -> None:
    """Delete what was written long ago: content that is gone is never asked for again."""
    import time

    place = folder()
    if place is None:
        return
    try:
        before = time.time() - _OLD
        with os.scandir(place) as entries:
            for entry in entries:
                if _is_ours(entry) and entry.stat(follow_symlinks=False).st_mtime < before:
                    os.unlink(entry.path)
    except OSError:
        pass


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """Whether a file is an entry, or one that was never finished. The folder may be one that holds others' files."""
    return is_entry(entry.name) and entry.is_file(follow_symlinks=False)


def is_entry(name: str) -> bool:
    """Whether an entry may be called so, or one that was never finished."""
    digits = (name.split(".")[1] if name.startswith(".") else name).rpartition("-")[2]
    return len(digits) == _DIGITS and not digits.strip("0123456789abcdef")
