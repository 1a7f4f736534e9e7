"""Work that takes seconds and is done once, then kept: whoever waits is told of it, if a command asked for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listener: Callable[[str], None] | None = None


@contextmanager
def told_to(listener: Callable[[str], None] | None) -> Iterator[None]:
    """Who hears, inside this, what is waited for; nobody: None."""
    global _listener
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


def tell(text: str) -> None:
    """Say what is waited for."""
    if _listener is not None:
        _listener(text)
