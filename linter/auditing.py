"""What an auditor asks beside the findings: the policy as prose, the exceptions, what was checked and what was not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date

from .day import iso
from .prose import render
from .report import Report
from .reporters.summary import Audit, ExceptionNote
from .rules.wording import called
from .trees import reading


def audit(report: Report, today: date) -> Audit:
    """The audit of a run, with the exceptions as they stood ``today``."""
    judged_by = judged(report)
    checked = list(judged_by)
    with reading(report.tree):  # the policies that a policy builds on
        policies = [(policy.name, render(policy, today)) for policy in report.policies_that_judged]
    return Audit(
        day=today.isoformat(),
        read_from=report.read_from,
        policies=policies,
        files=report.policy_digests,
        exceptions=list(dict.fromkeys(_exceptions(report, today))),
        checked=checked,
        digests=report.digests(checked),
        judged_by=judged_by if len(report.policies_that_judged) > 1 else {},
        formats=sorted(report.formats.items(), key=lambda pair: (-pair[1], pair[0])),
        called={name: called(name) for finding in report.findings for name in finding.data},
    )


def judged(report: Report) -> dict[str, str]:
    """The files that were read and judged, each with the name of its policy."""
    left = {unread.path for unread in report.unread if unread.error or not unread.line}  # a place in it is no file
    return {path: name for path, name in report.judged_by().items() if path not in left}


def _exceptions(report: Report, today: date) -> Iterator[ExceptionNote]:
    """Those of the policies, then those beside the texts."""
    keeps = Counter((kept.path, kept.line) for kept in report.kept)
    for one in (one for policy in report.policies for one in policy.exemptions):
        path, line = one.place.source.path, one.place.line
        where = ", ".join(part for part in (one.file, one.at) if part) or "everywhere"
        until, first, stands = iso(one.until), iso(one.first), f"{path}, line {line}"
        state = "expired" if one.expired(today) else "later" if one.is_ahead(today) else ""
        yield ExceptionNote(one.rule, where, one.reason, until, one.owner, stands, state, keeps[path, line], first)
    for path, line, rule, until, reason, _, wrong in report.allowed:
        where, stands = f"{os.path.basename(path)}, beside the text", f"{path}, line {line}"
        state = "expired" if until and until < today.isoformat() else ""
        yield ExceptionNote(rule, where, wrong or reason, until, "", stands, state, keeps[path, line])
