"""What a run has to say, as a report: in the format that was asked for, and in those also asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from .. import __version__
from ..reporters import by_name
from ..reporters.grouping import grouped
from ..reporters.masked import masked
from ..reporters.summary import Checked, RuleNote, Summary
from ..rules.wording import own_names
from .asked import job_summary
from .refusing import as_shown
from .speaking import language
from .telling import told
from .writing import append, put_out, whole, write

if TYPE_CHECKING:
    from ..finding import Finding
    from ..outcome import Kept, Unseen
    from ..report import Report
    from .asked import Asked

_FOR_PEOPLE = ("text", "markdown", "csv", "html")
_FILED = frozenset({"markdown", "html"})
"""Reports that an auditor gets, with what is asked beside the findings."""
_DATED = frozenset({"json", "sarif"})
"""Reports that say by which state of the policy was judged."""


def put_report(report: Report, asked: Asked) -> tuple[str, list[str]]:
    """Write the reports of a run; the one that was asked for first is returned, and what is to be said of it."""
    summary = _summary(report, asked)
    findings = masked(report.findings, report.hidden)
    text = _rendered(asked.form, findings, summary)
    for name, path in asked.also:
        write(path, _rendered(name, findings, replace(summary, color=False, language=_language_of(name))))
    if asked.form == "github" and job_summary():
        append(job_summary(), _rendered("markdown", findings, replace(summary, audit=None)))
    put_out(text, asked.output, asked.painted)
    return text, [_in_short(report, summary, asked.output)] if asked.output and not asked.quiet else []


def _in_short(report: Report, summary: Summary, path: str) -> str:
    """What a report that went into a file says in one line, and where it is."""
    line = replace(summary, language=language()).line(grouped(report.findings), hint=not summary.verbose)
    return f"{line} {told(f'The report is in {path}.')}"


def _rendered(form: str, findings: list[Finding], summary: Summary) -> str:
    return whole(by_name(form).render(findings, summary))


def _language_of(form: str) -> str:
    """Programs are told in English, whoever runs them."""
    return language() if form in _FOR_PEOPLE else "en"


def _summary(report: Report, asked: Asked) -> Summary:
    summary = Summary(
        files=report.files_read,
        messages=report.messages,
        rules=len(report.rules),
        languages=sorted(report.languages.items(), key=lambda pair: (-pair[1], pair[0])),
        untold=report.untold,
        without_rule=report.without_rule,
        kept=_kept(report),
        exceptions_unjudged=sum(report.unjudged.values()),
        known=report.known,
        stood=report.stood,
        unread=as_shown(report.unread),
        unseen=[_unseen(unseen) for unseen in report.unseen if not unseen.crowded and not unseen.foreign],
        crowded=[_unseen(unseen) for unseen in report.unseen if unseen.crowded],
        foreign=[_unseen(unseen) for unseen in report.unseen if unseen.foreign],
        told=[_unseen(unseen) for unseen in report.unseen if unseen.told],
        policies=[policy.name for policy in report.policies_that_judged],
        policy_files=report.policy_digests if _DATED & asked.forms else [],
        checked=_checked(report) if _DATED & asked.forms else [],
        day=asked.day.isoformat(),
        read_from=report.read_from,
        notes=_notes(report),
        version=__version__,
        color=asked.painted,
        verbose=asked.verbose,
        limit=asked.limit,
        language=_language_of(asked.form),
        own_names=own_names(report.policies, _language_of(asked.form)),
    )
    if not _FILED & asked.forms:
        return summary
    from ..auditing import audit

    return replace(summary, audit=audit(report, asked.day))


def _checked(report: Report) -> list[Checked]:
    """The files that were judged, also those in which nothing was found."""
    from ..auditing import judged

    by = judged(report)
    digests = report.digests(by)
    return [Checked(path, digests.get(path, ""), policy) for path, policy in by.items()]


def _kept(report: Report) -> list[Kept]:
    """The findings that exceptions cover, as reports show them and in their order."""
    shown = masked([one.finding for one in report.kept], [*report.findings, *report.hidden])
    kept = [one._replace(finding=finding) for one, finding in zip(report.kept, shown, strict=True)]
    return sorted(kept, key=lambda one: (one.finding.source.path, one.finding.span, one.finding.rule))


def _notes(report: Report) -> list[RuleNote]:
    """The rules of all policies; those of one name that differ each by itself, with the policies that have it so."""
    notes: dict[tuple[str, str, str], RuleNote] = {}
    stands: dict[tuple[str, str, str], list[str]] = {}
    for policy in report.policies_that_judged:
        for rule in policy.rules:
            sources = tuple(f"{name}: {policy.cited[name]}" for name in rule.because if name in policy.cited)
            instead = rule.instead.get("en") or next(iter(rule.instead.values()), "")
            note = RuleNote(rule.name, rule.sentence.text, rule.level, rule.because, sources, instead)
            key = note.name, note.sentence, note.level
            notes[key] = notes[key].with_reasons_of(note) if key in notes else note
            stands.setdefault(key, []).append(policy.name)
    alike = Counter(name for name, _, _ in notes)
    return [replace(note, policies=tuple(stands[key])) if alike[note.name] > 1 else note for key, note in notes.items()]


def _unseen(unseen: Unseen) -> tuple[str, str]:
    return unseen.path, f"{unseen.name}: {unseen.reason}" if unseen.name else unseen.reason
