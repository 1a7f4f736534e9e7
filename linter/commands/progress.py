"""How far a run is, for whoever waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from .. import waiting
from .telling import tell

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

Progress = Callable[[int, int], None]
"""What is told how many files of how many are done."""

_FEW = 50  # files; fewer are done before a bar is seen


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Tells how far a run is, and what it waits for: on a terminal, elsewhere not at all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bar = _Bar()
    try:
        with waiting.told_to(tell):
            yield bar.step
    finally:
        bar.end()


class _Bar:
    """A bar that is drawn once there is much to wait for."""

    def __init__(self) -> None:
        self._bar: ProgressBar[int] | None = None
        self._at = 0

    def step(self, done: int, total: int) -> None:
        if total < _FEW:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, label="checking", file=sys.stderr).__enter__()
        self._bar.update(done - self._at)
        self._at = done

    def end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
