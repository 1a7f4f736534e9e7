"""``--fix``: findings mended in their files, or a look at how they would be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import click

from .refusing import as_shown, unreadable
from .speaking import language
from .telling import fail, say, tell

if TYPE_CHECKING:
    from ..mending.result import Result
    from ..report import Report
    from .asked import Asked


def mend(report: Report, asked: Asked) -> None:
    """Mend findings in their files, or show how."""
    from ..mending.told import told

    result = _mends(report, asked)
    if asked.dry_run:
        for change in result.changes:
            click.echo(change.diff(), nl=False)
        done = []
        _say_unreadable(report)
    else:
        done = _write(result)
    click.echo(say(told(result, done, dry_run=asked.dry_run)), nl=False, err=True)


def _say_unreadable(report: Report) -> None:
    """Say what could not be read, where no report follows that would."""
    from ..reporters.text import unreadable as told_unreadable

    if report.errors:
        click.echo(told_unreadable(as_shown(report.errors), language()), err=True)


def _mends(report: Report, asked: Asked) -> Result:
    from .. import mending
    from ..in_force import Policies

    policies = Policies(asked.policy)
    return mending.mend(
        report.findings,
        {finding.source.path: policies.of(finding.source.path) for finding in report.findings},
        [os.path.realpath(path) for path in asked.where if os.path.isdir(path)],
    )


def _write(result: Result) -> list[str]:
    """Write what was mended; the files that were written."""
    from ..mending import write
    from ..source import SourceError

    done: list[str] = []
    written: dict[str, bytes] = {}
    for change in result.changes:
        file = os.path.realpath(change.path)
        if written.get(file) == change.after:
            continue  # the same file under another name
        names = os.stat(file).st_nlink if os.path.exists(file) else 1
        try:
            write(change)
        except SourceError as error:
            _stop(done, unreadable(error))
        except OSError as error:
            _stop(done, f"{change.path}: can't write the file, it is as it was: {error.strerror}")
        done.append(change.path)
        if names > 1:
            tell(f"{change.path}: another name of this file (a hard link) keeps the text as it was")
        written[file] = change.after
    return done


def _stop(done: list[str], why: str) -> NoReturn:
    """End before all is written, and say what is."""
    for path in done:
        tell(f"wrote {path}")
    fail(why)
