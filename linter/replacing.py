"""A file written in one step: it is whole, or it is what it was."""

from __future__ import annotations

import os
import tempfile


def replace(path: str, data: bytes) -> None:
    """Put a file in the place of another, with its mode. Raises OSError, and then nothing has changed."""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".neverask-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """The mode of a file, or the one that a new file gets."""
    if os.path.exists(path):
        return os.stat(path).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
