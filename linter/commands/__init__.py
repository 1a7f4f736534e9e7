"""The commands, one a module: the module ``check`` offers the command ``check``, and is imported when that is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import click

NAMES = (
    "check",
    "init",
    "baseline",
    "exceptions",
    "show",
    "graph",
    "inspect",
    "policy",
    "explain",
    "schema",
    "completion",
    "man",
    "brief",
    "serve",
    "lsp",
)
"""Every command, in the order in which --help lists them."""

SERVING = ("serve", "lsp")
"""Commands that go on until they are stopped, and end in their own way."""


def by_name(name: str) -> click.Command | None:
    """The command of that name, None where there is none."""
    if name not in NAMES:
        return None
    return cast("click.Command", getattr(import_module(f".{name}", __name__), name))
