"""The state of neverask itself: what results of earlier runs rest on besides what was read."""

from __future__ import annotations

import os
from functools import lru_cache

from . import resources
from .cache import blake2b


@lru_cache(maxsize=1)
def state() -> str:
    """Names, sizes and times of all files of neverask, its code among them: what results of earlier runs rest on.

    "" where they are no files of their own (a zip file).
    """
    digest = blake2b(digest_size=16)
    own = os.path.dirname(__file__)
    for top in dict.fromkeys((own, resources.folder_of("neverask.grammar"), resources.folder_of("neverask.policies"))):
        if not os.path.isdir(top):
            return ""
        _add(top, digest)
    return digest.hexdigest()


def with_libraries() -> str:
    """What results rest on besides files and policy: neverask itself and the libraries it is installed with.

    "" where that can't be told.
    """
    import click

    own = state()
    if not own:
        return ""
    try:
        beside = os.stat(os.path.dirname(os.path.dirname(click.__file__))).st_mtime_ns
    except OSError:
        return ""
    return f"{own} {beside}"


def _add(folder: str, digest: object) -> None:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    _add(entry.path, digest)
            else:
                status = entry.stat()
                digest.update(f"{entry.path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())  # type: ignore[attr-defined]
