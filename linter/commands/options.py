"""Options and arguments that several commands have, told in the same words."""

from __future__ import annotations

import click

paths_to_check = click.argument("paths", nargs=-1, type=click.Path(readable=False))

policy_to_use = click.option(
    "--policy", "policy", metavar="FILE|NAME", help="Use this policy: a file, or a bundled one by name."
)
