"""``neverask policy``: policies looked at and tested."""

from __future__ import annotations

import sys

import click

from .holding import policy_here
from .refusing import unreadable
from .speaking import in_language
from .telling import fail, say


@click.group()
def policy() -> None:
    """Look at policies and test them."""


@policy.command("list")
def policy_list() -> None:
    """The bundled policies."""
    from .. import resources
    from ..policy.load import bundled

    for name in resources.policies():
        click.echo(f"{name:12} {bundled(name).title}")


@policy.command("show", short_help="A policy as prose, with what it extends.")
@click.argument("name", required=False)
@in_language
def policy_show(name: str | None) -> None:
    """A policy as prose, with what it extends (default: the one that holds here)."""
    from ..prose import render
    from ..reporters.text import visible_lines

    click.echo(visible_lines(say(render(policy_here(name)))), nl=False)


@policy.command("test")
@click.argument("name", required=False)
@in_language
def policy_test(name: str | None) -> None:
    """Run the examples that stand in a policy."""
    from ..examples import run
    from ..reporters.text import visible_lines
    from ..source import SourceError

    try:
        text, failed, total = run(policy_here(name))
    except SourceError as error:
        fail(unreadable(error))
    click.echo(visible_lines(say(text)), nl=False)
    if not total:
        fail("this policy has no examples: there is nothing to test")
    sys.exit(1 if failed else 0)
