"""Options and arguments that several commands have, told in the same words."""

from __future__ import annotations

import os

import click


def words(value: str) -> str:
    """What somebody says on the command line, in UTF-8 where the locale has no letters for it: no name of a file."""
    try:
        value.encode()
    except UnicodeEncodeError:  # Python keeps each byte as half a character
        return os.fsencode(value).decode("utf-8", "surrogateescape")
    return value


paths_to_check = click.argument("paths", nargs=-1, type=click.Path(readable=False))

policy_to_use = click.option(
    "--policy", "policy", metavar="FILE|NAME", help="Use this policy: a file, or a bundled one by name."
)
