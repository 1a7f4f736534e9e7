"""A run of ``neverask check``, step by step, in the order in which it is told of."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..again import Said
from ..engine import check
from ..files import folder_of, misnamed, misnaming
from ..messages import many
from .progress import progress_bar
from .refusing import refusals
from .reporting import put_report
from .status import status_of
from .telling import say_beside, tell, told
from .writing import spare

if TYPE_CHECKING:
    from ..again import Memory
    from ..baseline import Baseline
    from ..policy.model import Policy
    from ..report import Report
    from .asked import Asked
    from .progress import Progress


def run(asked: Asked, memory: Memory | None) -> Said:
    """Check what was asked and say what was found; what was said goes into the ``memory``, if there is one."""
    with refusals(), progress_bar() as progress:
        before = _baselines(asked.known, asked.as_of)
        report = _report(asked, progress)
    spare(asked.targets, _read(report))
    notes = _on_policies(report) if asked.policy is None else []
    say_beside(notes)
    _leave_out(before, report)
    _leave_out_written(report, asked)
    if asked.fix:
        from .fixing import mend

        mend(report, asked)
        if asked.dry_run:
            return Said("", notes, [], status_of(report, asked))
        with refusals():
            report = _mended(asked)
        _leave_out(before, report)
        _leave_out_written(report, asked)
    notes += _on_nothing(report, asked)
    text, after = put_report(report, asked)
    say_beside(after)
    status = status_of(report, asked)
    advice = _advice(report, asked) if status == 1 else []
    say_beside(advice)
    after += advice
    said = Said(text, notes, after, status)
    if memory is not None and report.basis is not None:
        memory.keep(report.basis, said)
    return said


def _baselines(paths: Sequence[str], as_of: str | None) -> list[Baseline]:
    """The baselines as they stand, or stood when what is checked did."""
    if not paths:
        return []
    from ..baseline import read

    tree = None
    if as_of is not None:
        from ..repository import revision

        tree = revision(as_of)
    return [read(path, tree) for path in dict.fromkeys(paths)]


def _leave_out(before: Sequence[Baseline], report: Report) -> None:
    """Leave out what the baselines know, if there is one."""
    if before:
        from .novelty import leave_out_known

        leave_out_known(report, before)


def _leave_out_written(report: Report, asked: Asked) -> None:
    """Leave out what stands where this run writes its reports; an empty one can't be told from any other list."""
    written = set(map(os.path.realpath, asked.targets))
    if written:
        report.unread = [one for one in report.unread if one.error or os.path.realpath(one.path) not in written]


def _read(report: Report) -> list[str]:
    """The files that a report rests on, and those of which it says that they can't be read."""
    policies = (source.path for of in report.policies for source in of.files)
    return [*report.read, *policies, *(one.path for one in report.errors)]


def _report(asked: Asked, progress: Progress) -> Report:
    """The report on the files as they stand, on what a change added, on what is staged or on what was."""
    if asked.base is None and not asked.staged and asked.as_of is None:
        cached, jobs = not asked.no_cache, asked.jobs or 0
        return check(asked.where, asked.policy, asked.day, progress, jobs, cached, asked.fix)
    from .comparing import of_change

    return of_change(asked, progress)


def _mended(asked: Asked) -> Report:
    """The report on the files as they are now that they were mended."""
    if asked.base is None:
        return check(asked.where, asked.policy, asked.day)
    from .comparing import of_change

    return of_change(asked, lambda done, total: None)


def _advice(report: Report, asked: Asked) -> list[str]:
    """What can be done about findings, for who reads them at a terminal or is an author whom a hook refused."""
    if asked.form != "text" or asked.output or asked.fix or not (asked.may_be_nothing or sys.stdout.isatty()):
        return []
    from .advising import what_now

    return list(what_now(report, asked))


def _on_policies(report: Report) -> list[str]:
    """Of which files no policy was found, so that a bundled one holds."""
    bundled = [of for of in report.policies if of.files and of.files[-1].is_bundled]
    if not bundled:
        return []
    meant = misnamed(sorted(set(map(folder_of, report.checked)))) or _idle(report, bundled)
    said = [told(note) for note in filter(None, (_without_one(report, of) for of in bundled))]
    return [*said, told(misnaming(meant))] if meant else said


def _idle(report: Report, bundled: Sequence[Policy]) -> str:
    """A policy under another name, in or above a folder of which files were judged by a bundled one; "" if none.

    Not one that a policy in force extends: that has another name on purpose.
    """
    extended = {os.path.realpath(source.path) for of in report.policies for source in of.own_files}
    names = {of.name for of in bundled}
    judged = [os.path.realpath(path) for path, policy in report.read.items() if policy in names]
    for path in report.idle:
        real = os.path.realpath(path)
        folder = os.path.join(os.path.dirname(real), "")
        if real not in extended and any(one.startswith(folder) for one in judged):
            return path
    return ""


def _without_one(report: Report, bundled: Policy) -> str:
    """That a bundled policy holds: for all files or for some, "" where it judged none of them."""
    using = f"up to the repository's root: using the bundled policy '{bundled.name.split()[0]}'"
    if len(report.policies) == 1:
        return f"no neverask.yaml found from the checked files {using}"
    files = sorted(path for path, policy in report.read.items() if policy == bundled.name)
    some = f"{len(files):,} of {many(len(report.read), 'file')}"
    return f"no neverask.yaml found from '{files[0]}' {using} for {some}" if files else ""


def _on_nothing(report: Report, asked: Asked) -> list[str]:
    """Says where there was nothing to check, and returns of it what may be said again."""
    if asked.staged and not report.files and not report.policy_files and not report.unread:
        tell("nothing is staged that neverask reads")
    if not report.policy_files or report.files:
        return []
    note = told("the policy has no mistakes; no other file was checked")
    say_beside([note])
    return [note]
