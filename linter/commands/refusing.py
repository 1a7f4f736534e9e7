"""How a command ends where a policy has mistakes or a file can't be read: with what is wrong, and where."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..messages import many
from .telling import fail, say

if TYPE_CHECKING:
    from ..outcome import Unread
    from ..policy.errors import PolicyError, Problem
    from ..source import SourceError

_MOST = 100
"""Mistakes of a policy that are told; whoever mends these sees the others."""


@contextmanager
def refusals() -> Iterator[None]:
    """A policy with mistakes or a file that can't be read ends the command with what is wrong and where."""
    from ..policy.errors import PolicyError
    from ..source import SourceError

    try:
        yield
    except PolicyError as error:
        click.echo(_mistakes(error), err=True)
        sys.exit(2)
    except SourceError as error:
        fail(unreadable(error))


def unreadable(error: SourceError) -> str:
    """What is said of a file that can't be read."""
    place = f":{error.position.line}:{error.position.column}" if error.position else ""
    return f"{error.path}{place}: {error.reason}"


def as_shown(unread: Iterable[Unread]) -> list[Unread]:
    """What was not checked, without the values that stand at its places: reports go to others."""
    from ..rules.held import without_values

    return [one._replace(words=without_values(one.words)) if one.words else one for one in unread]


def _mistakes(error: PolicyError) -> str:
    from ..meaning import meant

    shown = error.problems[:_MOST]
    blocks = [_block(problem, hint) for problem, hint in zip(shown, meant(shown), strict=True)]
    if len(error.problems) > _MOST:
        blocks.append(say(f"and {many(len(error.problems) - _MOST, 'more mistake')}"))
    return "\n\n".join([*blocks, say("the policy has mistakes: nothing was checked")])


def _block(problem: Problem, hint: str) -> str:
    """A policy's mistake with its line, a caret and what was probably meant."""
    from ..finding import Finding
    from ..reporters.text import excerpt, visible

    place = problem.source.position(problem.span.start)
    finding = Finding("policy", "error", problem.message, problem.source, problem.span)
    lines = [f"{visible(problem.source.path)}:{place.line}:{place.column}: {visible(say(problem.message))}"]
    lines += [f"  {line}" for line in excerpt(finding)]
    if hint:
        lines.append(f"  {visible(say(hint))}")
    return "\n".join(lines)
