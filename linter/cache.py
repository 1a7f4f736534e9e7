"""A cache of plain data between runs. Keys are made of content, so an entry can't be stale.

marshal holds data only, never code; an entry that can't be read, or a folder that can't be written, is as
good as none.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterable
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


def get(name: str) -> Any:
    """What was put under ``name``, now or when the package was built; None if nothing was, or nothing readable.

    What another user wrote nobody takes: it could say of any file that nothing is in it, or of any language that it
    has no words.
    """
    for place in _places():
        found = _read(place, name, _is_ours)
        if found is not None:
            return found
    return _read(_SHIPPED, name, lambda _: True)


def _places() -> list[str]:
    """Where entries of ours may stand: those that are written first."""
    shared = folder()
    if shared is None:
        return []
    own = _own(shared)
    return [shared] if own == shared else [own, shared]


_OF_USER = "of-"


def folders_of(folder: str) -> tuple[str, ...]:
    """The folders that are the cache if this one holds entries."""
    return (folder, os.path.dirname(folder)) if os.path.basename(folder).startswith(_OF_USER) else (folder,)


def _own(shared: str) -> str:
    """Where we write: in the cache of another user beside their entries, which would take turns with ours."""
    try:
        return shared if _is_own(os.stat(shared)) else os.path.join(shared, f"{_OF_USER}{os.geteuid()}")
    except OSError:
        return shared


def _read(place: str, name: str, is_to_be_believed: Callable[[os.stat_result], bool]) -> Any:
    try:
        # A pipe would be waited for, a device read for ever.
        with open(os.path.join(place, name), "rb", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not S_ISREG(status.st_mode) or not is_to_be_believed(status):
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


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_own(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()


def _is_ours(status: os.stat_result) -> bool:
    """Whether a file is our own or the machine's."""
    return status.st_uid == 0 or _is_own(status)


def put(name: str, value: Any, private: bool = False) -> None:
    """Keep plain data under ``name``: written whole or not at all, safe under parallel runs.

    ``private``: nobody else may read it, as it holds what stands in the files of whoever runs this.
    """
    shared = folder()
    if shared is None:
        return
    try:
        data = packed((name, value))
        os.makedirs(shared, _OURS_TO_WRITE | 0o111, exist_ok=True)
        place = _own(shared)
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

    shared = folder()
    if shared is None:
        return
    try:
        before = time.time() - _OLD
        with os.scandir(_own(shared)) as entries:
            for entry in entries:
                if _may_be_entry(entry) and entry.stat(follow_symlinks=False).st_mtime < before:
                    os.unlink(entry.path)
    except OSError:
        pass


def _may_be_entry(entry: os.DirEntry[str]) -> bool:
    """Whether a file is an entry, or one that was never finished. The folder may be one that holds others' files."""
    return is_entry(entry.name) and entry.is_file(follow_symlinks=False)


def is_entry(name: str) -> bool:
    """Whether an entry may be called so, or one that was never finished."""
    digits = (name.split(".")[1] if name.startswith(".") else name).rpartition("-")[2]
    return len(digits) == _DIGITS and not digits.strip("0123456789abcdef")
