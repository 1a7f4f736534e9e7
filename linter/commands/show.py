"""``neverask show``: what is seen in a file or a folder."""

from __future__ import annotations

import sys

import click

from .options import policy_option
from .refusing import refusals
from .speaking import in_language, language
from .telling import nothing_in, tell


@click.command(short_help="Print what is seen in a file: messages, languages, steps.")
@click.argument("path", type=click.Path(exists=True))
@policy_option(
    "Use the 'channels:' and 'sources:' of this policy (default: the nearest neverask.yaml above each file)."
)
@in_language
def show(path: str, policy: str | None) -> None:
    """Print what is seen in a file or a folder: texts for customers with their places, channels and languages, what
    is taken from the customer, steps, and what was left out and why.
    """
    from ..in_force import Policies
    from ..messages import speaker
    from ..report import Report
    from ..rules.context import Context
    from ..seen import conversations_in
    from ..show import render

    report = Report()
    with refusals():
        found = 0
        for file, of, conversation in conversations_in(path, report, Policies(policy)):
            found += 1
            click.echo(render(Context(conversation, of, file, thorough=True), speaker(language())), nl=False)
    for unread in report.unread:
        tell(f"{unread.where}: {unread.reason}")
    if not found and not report.unread:
        tell(nothing_in(path))
    sys.exit(2 if report.errors or not found else 0)
