"""What an auditor asks beside the findings: the policy as prose, the exceptions, what was checked and what was not."""

from __future__ import annotations

import os
from datetime import date
from hashlib import sha256

from .engine import Report
from .prose import render
from .reporters.summary import Audit, ExceptionNote
from .rules.wording import called


def audit(report: Report, today: date) -> Audit:
    """The audit of a run, with the exceptions as they stood ``today``."""
    left = {unread.path for unread in report.unread}
    exceptions = [
        ExceptionNote(
            one.rule,
            ", ".join(part for part in (one.file, one.at) if part) or "everywhere",
            one.reason,
            one.until.isoformat() if one.until else "",
            one.owner,
            f"{one.place.source.path}, line {one.place.source.position(one.place.span.start).line}",
            one.expired(today),
        )
        for policy in report.policies
        for one in policy.exemptions
    ]
    exceptions += [
        ExceptionNote(
            rule,
            f"{os.path.basename(path)}, beside the text",
            wrong or reason,
            until,
            "",
            f"{path}, line {line}",
            bool(until) and until < today.isoformat(),
        )
        for path, line, rule, until, reason, _, wrong in report.allowed
    ]
    return Audit(
        day=today.isoformat(),
        policies=[(policy.name, render(policy, today)) for policy in report.policies],
        files=_policy_files(report),
        exceptions=list(dict.fromkeys(exceptions)),
        checked=[path for path in report.checked if path in report.read and path not in left],
        formats=sorted(report.formats.items(), key=lambda pair: (-pair[1], pair[0])),
        called={name: called(name) for finding in report.findings for name in finding.data},
    )


def _policy_files(report: Report) -> list[tuple[str, str]]:
    """Which state of which files was the policy; the bundled ones go with the version of neverask."""
    sources = (source for policy in report.policies for source in policy.files)
    texts = {source.path: source.text for source in sources if not source.path.endswith("(bundled)")}
    return [(path, sha256(text.encode()).hexdigest()) for path, text in sorted(texts.items())]
