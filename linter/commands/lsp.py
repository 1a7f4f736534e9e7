"""``neverask lsp``: the language server for editors."""

from __future__ import annotations

import click

from .holding import policy_here
from .telling import fail


@click.command(short_help="Check in the editor: a language server.")
@click.option("--policy", metavar="FILE|NAME", help="Check against this policy (default: the one above each file).")
def lsp(policy: str | None) -> None:
    """Check in the editor: a language server on standard input and output.

    An editor starts it. Needs the extra 'lsp': pip install 'neverask[lsp]'.
    """
    try:
        from ..editor import server
    except ImportError as error:
        fail(f"the language server needs the extra 'lsp': pip install 'neverask[lsp]' ({error})")
    policy_here(policy)
    server(policy).start_io()
