"""``neverask exceptions``: all of them, and whether they are still used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .earlier import as_of_option, day_of, tree_of
from .options import day_option, paths_to_check, policy_to_use
from .refusing import refusals
from .speaking import in_language
from .telling import NO_FILE, fail, say, tell

if TYPE_CHECKING:
    from datetime import date


@click.command(short_help="List all exceptions, and whether they are still used.")
@paths_to_check
@policy_to_use
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to list them.")
@day_option("List them as they stood on this day, by their last days (default: today).")
@as_of_option("List those that there were by this day, or at this revision of git.")
@in_language
def exceptions(paths: tuple[str, ...], policy: str | None, form: str, day: date, as_of: str | None) -> None:
    """List all exceptions for some files and folders (default: this folder): reason, owner, age, until when, whether
    they are used.

    They stand in the policy, under 'exceptions:', or in a comment beside the text that they are for.
    """
    from ..exceptions import UNJUDGED, as_json, as_text, listed
    from ..reporters.summary import not_judged
    from ..trees import WorkTree, reading

    commit, tree = "", WorkTree()
    with refusals():
        if as_of is not None:
            commit, tree = tree_of(as_of)
            day = day_of(as_of, day)
        with reading(tree):
            found, unread = listed(paths or (".",), policy, day, commit)
    click.echo(as_json(found) if form == "json" else say(as_text(found, day)), nl=False)
    left = sum(one.state == UNJUDGED for one in found)
    if left and form == "text":
        tell(f"{not_judged(left)}: without paths all are looked at")
    if not found and not unread and form == "text":
        from ..files import walk
        from ..inplace import EXAMPLE

        if not walk(paths or (".",)).files:
            tell(NO_FILE)
        tell(f"One stands in a comment beside the text ({EXAMPLE}) or in the policy, under 'exceptions:'.")
    for one in unread:
        tell(f"{one.where}: {one.reason}")
    if unread:
        fail("a file could not be read: what it allows is not in this list")
