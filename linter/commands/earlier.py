"""``--as-of``: files and policies as they stood at a revision, or at the end of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click

from .options import Once, named
from .telling import tell

if TYPE_CHECKING:
    from ..gittrees import GitTree

_F = TypeVar("_F", bound=Callable[..., object])


def as_of_option(help: str) -> Callable[[_F], _F]:
    """The option that names a day or a revision of git."""
    return click.option("--as-of", "as_of", cls=Once, metavar="YYYY-MM-DD|REVISION", callback=named, help=help)


def day_of(as_of: str, day: date) -> date:
    """The day on which exceptions are judged: that of ``--date``, else the one as of which is asked."""
    from click.core import ParameterSource

    from ..day import day as said

    if click.get_current_context().get_parameter_source("day") is not ParameterSource.DEFAULT:
        return day
    try:
        return said(as_of)
    except ValueError:
        return day


def tree_of(as_of: str) -> tuple[str, GitTree]:
    """The commit of then, which is told, and what git keeps of it. Raises SourceError."""
    from ..repository import commit_of, described, revision

    commit = commit_of(as_of)
    tree = revision(commit)
    tell(f"as of {as_of}: commit {described(commit)}")
    return commit, tree
