"""A cache of plain data between runs. Keys are made of content, so an entry can't be stale.

marshal holds data only, never code; an entry that can't be read, or a folder that can't be written, is as
good as none.
"""

from __future__ import annotations

import marshal
import os
import sys
import tempfile
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from . import __version__


def folder() -> Path:
    """Where compiled grammars and policies are kept: $NEVERASK_CACHE, else the user's cache folder."""
    own = os.environ.get("NEVERASK_CACHE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "neverask"


def key(parts: Iterable[str]) -> str:
    """A name made of the parts, the version of neverask and of Python."""
    digest = blake2b(digest_size=16)
    for part in (__version__, sys.implementation.cache_tag or "", *parts):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def get(name: str) -> Any:
    """What was put under ``name``; None if nothing was, or nothing readable."""
    try:
        value = marshal.loads((folder() / name).read_bytes())
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
        place.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, place / name)
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, ValueError):
        pass
