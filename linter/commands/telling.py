"""What a command says beside its report, in the language of the run, and how it ends where it can't go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

import click

from .speaking import language

if TYPE_CHECKING:
    from ..policy.model import Policy


def say(text: str, policy: Policy | None = None) -> str:
    """A text in the language of the run, with what the policy that it speaks of calls its own data."""
    from ..messages import spoken

    if policy is None:
        return spoken(text, language())
    from ..rules.wording import own_names

    return spoken(text, language(), own_names([policy], language()))


def told(text: str) -> str:
    """What is said beside a report, on one line: a name with a line end in it begins none of its own."""
    from ..reporters.text import visible

    return visible(say(text))


def tell(text: str, err: bool = True) -> None:
    """Say something beside a report."""
    click.echo(told(text), err=err)


def say_beside(lines: Iterable[str]) -> None:
    """Say lines that are told already."""
    for line in lines:
        click.echo(line, err=True)


def fail(message: str) -> NoReturn:
    """Say what is wrong, and end: the job could not be done."""
    tell(message)
    sys.exit(2)


def give_up(message: str, status: int = 2) -> NoReturn:
    """End though what was to be written is still in the buffer and can't be flushed."""
    try:
        tell(message)
    finally:
        os._exit(status)


NO_FILE = (
    "there is no file here that neverask reads (what git ignores is left out). It reads what is exported from reply "
    "libraries and chatbots: JSON, YAML, CSV, Excel, XML, Markdown and text, also in a zip. "
    "docs/platforms.md lists the products"
)
"""What is said of a folder without any file."""


def nothing_in(folder: str) -> str:
    """What is said of a folder in which there is nothing to read."""
    from ..files import walk

    said = f"{folder}: no reader recognises anything in this folder"
    if walk([folder]).files:
        return f"{said}; 'neverask check --verbose' says why, file by file"
    return f"{said}: {NO_FILE}"
