"""The exit status of a check: 0 nothing found, 1 findings, 2 the job could not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .telling import tell

if TYPE_CHECKING:
    from ..engine import Report
    from .asked import Asked


def status_of(report: Report, asked: Asked) -> int:
    """The status of a run; why the job could not be done is said."""
    if report.errors:
        return 2
    if asked.strict and (any(not unread.error for unread in report.unread) or report.untold):
        tell(
            "--strict: there are files that no reader recognises, or texts in a language without a pack "
            "(--verbose lists the files)"
        )
        return 2
    if not report.files and not report.policy_files and not asked.may_be_nothing:
        tell(
            "nothing could be checked: no reader recognises any of these files. 'neverask show FILE' says "
            "what a reader sees; 'sources:' in neverask.yaml can name where the texts stand."
        )
        return 2
    found = [finding for finding in report.findings if finding.level == "error" or not asked.warnings_ok]
    return 1 if found else 0
