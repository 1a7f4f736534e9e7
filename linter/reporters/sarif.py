"""SARIF 2.1.0 (OASIS), for code scanning.

Rules with help, results with places, the witness as a code flow.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from ..finding import Finding
from ..source import Source, Span
from .jsontext import dumps
from .summary import Summary

NAME = "sarif"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(findings: list[Finding], summary: Summary) -> str:
    """One run with its rules; columns count UTF-16 units as SARIF's default says."""
    names = sorted({note.name for note in summary.notes} | {finding.rule for finding in findings})
    notes = {note.name: note for note in summary.notes}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "neverask",
                "version": summary.version,
                "semanticVersion": summary.version,
                "rules": [_rule(name, notes.get(name)) for name in names],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [_result(finding, names) for finding in findings],
        "invocations": [
            {
                "executionSuccessful": not any(u.error for u in summary.unread),
                "toolExecutionNotifications": [_notification(u) for u in summary.unread if u.error],
            }
        ],
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str, note: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": name}
    if note is not None:
        why = "; ".join(note.because)
        sources = "\n".join(f"- {source}" for source in note.sources)
        rule["shortDescription"] = {"text": note.sentence}
        rule["fullDescription"] = {"text": f"{note.sentence}. {why}".strip()}
        rule["help"] = {
            "text": f"{note.sentence}\nBecause: {why}\nInstead: {note.instead}\n{sources}",
            "markdown": f"**{note.sentence}**\n\nBecause: {why}\n\nInstead: {note.instead}\n\n{sources}",
        }
        rule["defaultConfiguration"] = {"level": note.level if note.level in ("error", "warning") else "none"}
    return rule


def _result(finding: Finding, names: list[str]) -> dict[str, Any]:
    text = finding.message
    if finding.because:
        text += f". Because: {', '.join(finding.because)}"
    if finding.instead:
        text += f". Instead: {finding.instead}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": names.index(finding.rule),
        "level": finding.level,
        "message": {"text": text},
        "locations": [_location(finding.source, finding.span)],
        "partialFingerprints": {"neverask/v1": finding.fingerprint},
    }
    related = [
        {**_location(r.source, r.span), "id": number, "message": {"text": r.message}}
        for number, r in enumerate(finding.related)
        if not r.source.path.endswith("(bundled)")
    ]
    if related:
        result["relatedLocations"] = related
    if finding.witness:
        steps = [r for r in finding.related if r.message.startswith("step")]
        if steps:
            places = [{"location": {**_location(r.source, r.span), "message": {"text": r.message}}} for r in steps]
            result["codeFlows"] = [{"threadFlows": [{"locations": places}]}]
    return result


def _location(source: Source, span: Span) -> dict[str, Any]:
    start, end = source.position(span.start), source.position(span.end)
    region = {
        "startLine": start.line,
        "startColumn": _units(source.line(start.line)[: start.column - 1]) + 1,
        "endLine": end.line,
        "endColumn": _units(source.line(end.line)[: end.column - 1]) + 1,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(source.file)}, "region": region}}


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _uri(path: str) -> str:
    plain = os.fsencode(path.replace(os.sep, "/"))
    return ("file://" if plain.startswith(b"/") else "") + quote(plain, safe="/")


def _notification(unread: Any) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(unread.file or unread.path)}}}
    if unread.line:
        location["physicalLocation"]["region"] = {
            "startLine": unread.line,
            "startColumn": max(1, unread.column),
        }
    return {"level": "error", "message": {"text": f"cannot read: {unread.reason}"}, "locations": [location]}
