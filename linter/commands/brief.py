"""``neverask brief``: the do's and don'ts for helpdesk staff."""

from __future__ import annotations

import click

from ..resources import briefs
from .holding import policy_here
from .options import named, output_option, policy_option
from .speaking import of_locale
from .telling import fail
from .writing import put_out, spare


@click.command()
@policy_option("The policy to brief on (default: the one that holds here).")
@click.option(
    "--lang",
    metavar="CODE",
    callback=named,
    help=f"The language of the briefing: {', '.join(briefs())} (default: by locale, else en).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    help="How to write it (default: markdown).",
)
@output_option("Write it to this file.")
def brief(policy: str | None, lang: str | None, form: str, output: str | None) -> None:
    """Print the do's and don'ts for helpdesk staff, from the policy.

    What never to ask, what to say instead, what to do when a customer sends such data unasked, with the sources.
    """
    from ..brief import blocks, languages, markdown, page
    from ..reporters.text import visible_lines

    code = lang or of_locale()
    if lang is None and code not in languages():
        code = "en"
    if code not in languages():
        fail(f"there is no briefing in '{code}' yet: there is one in {', '.join(languages())}")
    of = policy_here(policy)
    spare([output] if output else [], (source.path for source in of.files))
    found = blocks(of, code)
    put_out(visible_lines(page(found, code) if form == "html" else markdown(found)), output)
