"""``neverask policy``: policies looked at and tested."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .earlier import as_of_option, day_of, tree_of
from .holding import policy_here
from .options import day_option, policies_like
from .refusing import refusals, unreadable
from .speaking import in_language, language
from .telling import fail, say

if TYPE_CHECKING:
    from datetime import date


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
@click.argument("name", required=False, shell_complete=policies_like)
@day_option("Tell which exceptions have expired on this day (default: today).")
@as_of_option("Show it as it was committed by this day, or at this revision of git.")
@in_language
def policy_show(name: str | None, day: date, as_of: str | None) -> None:
    """A policy as prose, with what it extends (default: the one that holds here)."""
    from ..prose import render
    from ..reporters.text import visible_lines
    from ..trees import WorkTree, reading

    tree = WorkTree()
    if as_of is not None:
        with refusals():
            tree = tree_of(as_of)[1]
        day = day_of(as_of, day)
    with reading(tree):
        of = policy_here(name)
        prose = render(of, day)
    click.echo(visible_lines(say(prose, of)), nl=False)


@policy.command("test", short_help="Run the examples of a policy; say what in it is doubtful.")
@click.argument("name", required=False, shell_complete=policies_like)
@in_language
def policy_test(name: str | None) -> None:
    """Run the examples that stand in a policy, and say what in it may do otherwise than one thinks.

    Only an example that fails makes the exit status 1.
    """
    from ..doubts import doubts
    from ..examples import run
    from ..offered import forbidden
    from ..reporters.text import places, visible_lines
    from ..source import SourceError
    from ..taken import missing, taken
    from ..trying import check_text

    of = policy_here(name)
    try:
        text, failed, total = run(of)
    except SourceError as error:
        fail(unreadable(error))
    click.echo(visible_lines(say(text)), nl=False)
    told = [*doubts(of, notes=True), *forbidden(of, check_text), *taken(of), *missing(of)]
    found = places(sorted(told, key=lambda one: (one.source.path, one.span)), language())
    if found:
        click.echo(f"\n{found}")
    if not total:
        fail("this policy has no examples: there is nothing to test")
    sys.exit(1 if failed else 0)
