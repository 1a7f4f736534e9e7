"""The report as JSON, for programs: ``{"findings": [...], "summary": {...}}``."""

from __future__ import annotations

from typing import Any

from ..finding import Finding, Related
from ..outcome import Hidden, Kept
from .jsontext import dumps
from .summary import Summary

NAME = "json"


def render(findings: list[Finding], summary: Summary) -> str:
    """One object; lines and columns count from 1, in characters."""
    value = {
        "version": summary.version,
        "findings": [_finding(finding) for finding in findings],
        "summary": {
            "files": summary.files,
            "messages": summary.messages,
            "rules": summary.rules,
            "languages": dict(summary.languages),
            "without_pack": summary.untold,
            "without_rule": dict(summary.without_rule),
            "day": summary.day,
            "read_from": summary.read_from,
            "exceptions_kept": len(summary.kept),
            "kept": [_kept(kept) for kept in summary.kept],
            "exceptions_unjudged": summary.exceptions_unjudged,
            "baseline": _hidden("file", "sha256", summary.known),
            "diff": _hidden("base", "commit", summary.stood),
            "policies": list(summary.policies),
            "policy_files": [{"path": path, "sha256": digest} for path, digest in summary.policy_files],
            "checked": [one._asdict() for one in summary.checked],
            "unread": [
                {"path": u.path, "reason": u.reason, "error": u.error, "line": u.line, "column": u.column}
                for u in summary.unread
            ],
            "unseen": [{"path": path, "reason": reason} for path, reason in summary.unseen],
            "crowded": [{"path": path, "reason": reason} for path, reason in summary.crowded],
            "foreign": [{"path": path, "reason": reason} for path, reason in summary.foreign],
        },
    }
    return dumps(value)


def _hidden(name: str, state: str, of: Hidden | None) -> dict[str, Any] | None:
    """How many findings are left out and how many are gone, None where nothing is."""
    return None if of is None else {name: of.by, state: of.state, "not_shown": of.number, "gone": of.gone}


def _kept(kept: Kept) -> dict[str, Any]:
    """A finding that is in the report only by the exception that keeps it."""
    finding = kept.finding
    place = finding.source.position(finding.span.start)
    return {
        "rule": finding.rule,
        "message": finding.message,
        "path": finding.source.path,
        "line": place.line,
        "column": place.column,
        "entry": finding.entry,
        "fingerprint": finding.fingerprint,
        "exception": {"path": kept.path, "line": kept.line},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    start, end = finding.source.position(finding.span.start), finding.source.position(finding.span.end)
    return {
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "path": finding.source.path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "cell": start.cell,
        "words": finding.source.text[finding.span.start : finding.span.end],
        "data": list(finding.data),
        "entry": finding.entry,
        "language": finding.language,
        "because": list(finding.because),
        "instead": finding.instead,
        "construction": finding.explanation,
        "witness": list(finding.witness),
        "witness_labels": list(finding.labels),
        "related": [_related(related) for related in finding.related],
        "fingerprint": finding.fingerprint,
        "local_fingerprint": finding.local_fingerprint,
        **({"since": finding.since} if finding.since else {}),
    }


def _related(related: Related) -> dict[str, Any]:
    place = related.source.position(related.span.start)
    return {
        "message": related.message,
        "path": related.source.path,
        "line": place.line,
        "column": place.column,
        **({"label": related.label} if related.label else {}),
    }
