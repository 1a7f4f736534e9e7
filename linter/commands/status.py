"""The exit status of a check: 0 nothing found, 1 findings, 2 the job could not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages import many
from .telling import NO_FILE, tell

if TYPE_CHECKING:
    from ..report import Report
    from .asked import Asked


def status_of(report: Report, asked: Asked) -> int:
    """The status of a run; why the job could not be done is said."""
    if report.errors:
        return 2
    lacking = _lacking(report) if asked.strict else []
    if lacking:
        listed = asked.verbose or all(unread.error for unread in report.unread)
        tell(f"--strict: {'; '.join(lacking)}" + ("" if listed else " (--verbose lists files and places)"))
        return 2
    if not report.files and (report.unread or not report.policy_files) and not asked.may_be_nothing:
        if not report.unread:
            tell(f"nothing could be checked: {NO_FILE}")
            return 2
        tell(
            "nothing could be checked: no reader recognises any of these files. 'neverask show FILE' says "
            "what a reader sees; 'sources:' in neverask.yaml can name where the texts stand."
        )
        return 2
    counted = ("error",) if asked.warnings_ok else ("error", "warning")
    return 1 if any(finding.level in counted for finding in report.findings) else 0


def _lacking(report: Report) -> list[str]:
    """What was not checked, in numbers: files, places in files, texts."""
    left = [unread for unread in report.unread if not unread.error]
    unjudged = sum(report.without_rule.values())
    places = sum(unread.is_place for unread in left)
    documents = sum(unread.document > 0 for unread in left)
    counts = (
        (len(left) - places - documents, "file", "not recognised"),
        (documents, "document", "not recognised"),
        (places, "place", "not checked"),
        (report.untold, "text", "in a language without a pack, not checked"),
        (unjudged if unjudged == report.messages else 0, "message", "on channels where no rule holds"),
    )
    return [f"{many(count, what)} {why}" for count, what, why in counts if count]
