"""``neverask baseline``: the findings of today are written down, so that only new ones are reported."""

from __future__ import annotations

import os

import click

from .. import __version__
from ..messages import many
from .options import output_option, paths_to_check, policy_to_use
from .refusing import refusals
from .speaking import in_language
from .telling import NO_FILE, fail, tell
from .writing import spare, write


@click.command(short_help="Write down today's findings: only new ones are reported.")
@paths_to_check
@policy_to_use
@output_option("Where to write it (default: .neverask-baseline.json).")
@in_language
def baseline(paths: tuple[str, ...], policy: str | None, output: str | None) -> None:
    """Write down the findings of today in some files and folders (default: this folder), so that 'check --baseline'
    reports only new ones.
    """
    from ..baseline import FILE_NAME, known_in, left_out, written
    from ..engine import check
    from ..reporters.grouping import grouped

    target = output or FILE_NAME
    with refusals():
        report = check(paths or (".",), policy)
    spare([target], [*paths, *report.read, *(source.path for of in report.policies for source in of.files)])
    for unread in report.errors:
        tell(f"{unread.where}: {unread.reason}")
    if report.errors:
        fail("a file could not be read: a baseline without it would not hold; nothing was written")
    if not report.checked:
        tell(NO_FILE)
    known = 0 if report.files else known_in(target)
    if known:
        fail(f"nothing could be checked: {target} stays as it is, and goes on knowing {many(known, 'finding')}")
    lost = left_out(target, report.checked)
    write(target, written(report.findings, __version__, os.path.dirname(target)))
    found = many(len(grouped(report.findings)), "finding")
    tell(f"wrote {target}: {found}; now: neverask check --baseline {target}", err=False)
    if lost:
        tell(
            f"it held {many(lost, 'finding')} of other files, which are out of it now: without paths all are looked at"
        )
