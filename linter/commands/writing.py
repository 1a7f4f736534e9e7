"""What a command writes out: into a file, whole or not at all, or to standard output."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from .telling import fail, tell


def put_out(text: str, path: str | None, color: bool | None = None) -> None:
    """Write a text into the file that was named, else to standard output."""
    if path:
        write(path, text)
    else:
        click.echo(text, nl=False, color=color)


def write(path: str, text: str) -> None:
    """A file is written whole or stays what it was; a device or a pipe is written to."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", newline="\n", opener=_without_waiting) as file:
                file.write(text)
        else:
            from ..replacing import replace

            path = os.path.realpath(path)
            if os.path.islink(path):  # links in a circle, which lead to no file
                os.stat(path)
            replace(path, text.encode())
    except OSError as error:
        fail(f"{path}: can't write the file: {error.strerror}")


def spare(targets: Iterable[str], read: Iterable[str]) -> None:
    """End where a file that was read would be written over; a pipe or a device may be both."""
    kept = {os.path.realpath(path) for path in read if os.path.isfile(path)}
    for path in targets:
        if os.path.realpath(path) in kept:
            fail(f"{path} is one of the files that are read: a report in its place would be the end of it")


def _without_waiting(path: str, flags: int) -> int:
    """Open what is no file: a pipe that nobody reads from is an error, and no reason to wait for ever."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(handle, True)
    return handle


def append(path: str, text: str) -> None:
    """Add a text to a file, all of it or nothing."""
    before = os.path.getsize(path) if os.path.isfile(path) else None
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        if before is not None:
            os.truncate(path, before)
        tell(f"{path}: can't write the job summary: {error.strerror}")


def whole(text: str) -> str:
    """A report without halves of characters, which JSON can hold and UTF-8 can't: as JSON writes them."""
    return text.encode("utf-8", "backslashreplace").decode()
