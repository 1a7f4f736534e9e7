"""A cache of plain data between runs. Keys are made of content, so an entry can't be stale.

marshal holds data only, never code; an entry that can't be read, or a folder that can't be written, is as
good as none.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable
from typing import Any

from . import __version__

try:
    from _blake2 import blake2b as blake2b  # hashlib would load OpenSSL with it
except ImportError:
    from hashlib import blake2b as blake2b


def folder() -> str:
    """Where compiled grammars and policies are kept: $NEVERASK_CACHE, else the user's cache folder."""
    own = os.environ.get("NEVERASK_CACHE")
    if own:
        return own
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "neverask")


def key(parts: Iterable[str]) -> str:
    """A name made of the parts, the version of neverask and of Python."""
    digest = blake2b(digest_size=16)
    for part in (__version__, sys.implementation.cache_tag or "", *parts):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def digest(data: bytes) -> str:
    """A name for the content of a file."""
    return blake2b(data, digest_size=16).hexdigest()


def get(name: str) -> Any:
    """What was put under ``name``; None if nothing was, or nothing readable."""
    try:
        with open(os.path.join(folder(), name), "rb") as file:
            value = marshal.loads(file.read())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    # The name stands inside too: a file that was cut short or put in another's place is not believed.
    if isinstance(value, tuple) and len(value) == 2 and value[0] == name:
        return value[1]
    return None


def put(name: str, value: Any) -> None:
    """Keep plain data under ``name``: written whole or not at all, safe under parallel runs."""
    try:
        data = marshal.dumps((name, value))
        place = folder()
        os.makedirs(place, exist_ok=True)
        temporary = os.path.join(place, f".{name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            with open(temporary, "xb") as file:
                file.write(data)
            os.replace(temporary, os.path.join(place, name))
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, ValueError):
        pass


_OLD = 60 * 24 * 3600  # seconds


def prune() -> None:
    """Delete what was written long ago: content that is gone is never asked for again."""
    import time

    try:
        before = time.time() - _OLD
        with os.scandir(folder()) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < before:
                    os.unlink(entry.path)
    except OSError:
        pass
