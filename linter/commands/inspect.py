"""``neverask inspect``: what a sentence asks for, and why."""

from __future__ import annotations

import sys

import click

from .holding import policy_here
from .options import words


@click.command()
@click.argument("text", nargs=-1, type=words)
@click.option("--lang", help="The language of the text (default: found from the text).")
@click.option("--policy", metavar="FILE|NAME", help="With this policy's own terms (default: the one that holds here).")
def inspect(text: tuple[str, ...], lang: str | None, policy: str | None) -> None:
    """Explain what a sentence asks for and why.

    Without a sentence on a terminal's command line, reads JSON lines {"id", "lang", "text"} from standard
    input and writes the acts of each as a JSON line.
    """
    from ..inspecting import explain, stream
    from ..reporters.text import visible_lines

    if text:
        click.echo(visible_lines(explain(" ".join(text), lang or "", policy_here(policy))), nl=False)
        return
    status = stream(sys.stdin.buffer, sys.stdout)
    sys.exit(status)
