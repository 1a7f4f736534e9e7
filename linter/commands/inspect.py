"""``neverask inspect``: what a sentence asks for, and why."""

from __future__ import annotations

import sys

import click

from ..resources import languages
from .holding import policy_here
from .options import policy_option, words
from .speaking import choose, language


@click.command(short_help="Explain what a sentence asks for, and why.")
@click.argument("text", nargs=-1, type=words)
@click.option(
    "--lang",
    type=click.Choice(languages()),
    metavar="CODE",
    callback=choose,
    help="The language to speak: en, nl (default: by LC_ALL, LC_MESSAGES, LANG; else English). A text that does not "
    "tell its language is taken to be in this one, too.",
)
@click.option(
    "--text-lang",
    type=click.Choice(languages()),
    metavar="CODE",
    help=f"The language of the text: {', '.join(languages())} (default: found from the text).",
)
@policy_option("With this policy's own terms, and what it finds in the text (default: the one that holds here).")
def inspect(text: tuple[str, ...], lang: str | None, text_lang: str | None, policy: str | None) -> None:
    """Explain what a sentence asks for, and why it is a finding or not.

    Without a sentence on the command line, reads JSON lines {"id", "lang", "text"} from standard input and writes the
    acts of each as a JSON line.
    """
    from ..inspecting import explain, stream
    from ..reporters.text import visible_lines

    if text:
        of = policy_here(policy)
        click.echo(visible_lines(explain(" ".join(text), text_lang or "", of, language(), lang or "")), nl=False)
        return
    status = stream(sys.stdin.buffer, sys.stdout)
    sys.exit(status)
