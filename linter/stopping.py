"""Ctrl-C in a long call into C (decoding, parsing, one large substitution), during which Python hears no signal.

While a run only reads, such a call may be ended as every program is: the process dies of the signal, which shells show
as status 130. What writes, or has processes of its own, is left in order (``orderly``), and so is every program that
neverask is only a part of: nothing here does anything unless a command of the command line asked for it (``allow``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LARGE = 1 << 20
"""Bytes; calls into C on fewer are too short to be noticed."""

_allowed = False
_in_order = 0


def allow() -> None:
    """Let what only reads be ended at once, from now on."""
    global _allowed, _in_order
    _allowed, _in_order = True, 0


def forbid() -> None:
    """Let nothing be ended at once any more."""
    global _allowed
    _allowed = False


@contextmanager
def at_once(size: int = LARGE) -> Iterator[None]:
    """What is done here, on so many bytes, writes nothing and may be ended at once."""
    if not _allowed or _in_order or size < LARGE:
        yield
        return
    from signal import SIG_DFL, default_int_handler

    with _handled(default_int_handler, SIG_DFL):
        yield


@contextmanager
def orderly() -> Iterator[None]:
    """What is done here has something to leave in order, though it be part of what may be ended at once."""
    global _in_order
    if not _allowed:
        yield
        return
    from signal import SIG_DFL, default_int_handler

    _in_order += 1
    try:
        with _handled(SIG_DFL, default_int_handler):
            yield
    finally:
        _in_order -= 1


@contextmanager
def _handled(usual: Any, other: Any) -> Iterator[None]:
    """Ctrl-C does the other thing, if it does the usual one and this is the thread that may change that."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is not usual:
        yield
        return
    signal.signal(signal.SIGINT, other)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
