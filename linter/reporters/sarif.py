"""SARIF 2.1.0 (OASIS), for code scanning.

Rules with help, results with places, the witness as a code flow.
"""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

from ..finding import NOTES, Finding, Related
from ..outcome import Kept, Unread
from ..source import Source, Span
from .checkout import from_top
from .jsontext import dumps
from .leading import entry, inside
from .leading import joined as joined_way
from .summary import MEANINGS, Checked, RuleNote, Summary, joined

NAME = "sarif"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(findings: list[Finding], summary: Summary) -> str:
    """One run with its rules; columns count UTF-16 units as SARIF's default says."""
    names = sorted({note.name for note in summary.notes} | {finding.rule for finding in findings})
    numbers = {name: number for number, name in enumerate(names)}
    notes = joined(summary.notes)
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
        **({"artifacts": [_artifact(one) for one in summary.checked]} if summary.checked else {}),
        "results": [_result(finding, numbers) for finding in findings],
        "invocations": [
            {
                "executionSuccessful": not any(u.error for u in summary.unread),
                "toolExecutionNotifications": [_notification(unread) for unread in summary.unread],
            }
        ],
        "properties": _of_run(summary),
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _artifact(of: Checked) -> dict[str, Any]:
    """A file that was judged, also one in which nothing was found, by the bytes that it had."""
    hashes = {"hashes": {"sha-256": of.sha256}} if of.sha256 else {}
    return {
        "location": {"uri": _uri(of.path)},
        "roles": ["analysisTarget"],
        **hashes,
        "properties": {"policy": of.policy},
    }


def _of_run(summary: Summary) -> dict[str, Any]:
    """What SARIF has no place for: by what it was judged, and what is no result as an exception or a baseline has it.

    A result with a suppression would be no better: code scanning shows it as any other.
    """
    hidden = {name: of for name, of in (("baseline", summary.known), ("diff", summary.stood)) if of is not None}
    return {
        "day": summary.day,
        **({"read_from": summary.read_from} if summary.read_from else {}),
        "policies": list(summary.policies),
        "policy_files": [{"path": path, "sha256": digest} for path, digest in summary.policy_files],
        **({"kept": [_kept(kept) for kept in summary.kept]} if summary.kept else {}),
        **{name: {"by": of.by, "state": of.state, "not_shown": of.number} for name, of in hidden.items()},
    }


def _kept(kept: Kept) -> dict[str, Any]:
    finding = kept.finding
    line = finding.source.position(finding.span.start).line
    return {
        "rule": finding.rule,
        "path": finding.source.path,
        "line": line,
        "message": finding.message,
        "exception": {"path": kept.path, "line": kept.line},
    }


def _rule(name: str, note: RuleNote | None) -> dict[str, Any]:
    if note is None:
        return _built_in(name)
    why = ", ".join(note.because)
    plain = [f"{note.sentence}."]
    rich = [f"**{_markdown(note.sentence)}**"]
    if why:
        plain.append(f"Because of {why}.")
        rich.append(f"Because of {_markdown(why)}.")
    if note.instead:
        plain.append(f"Say instead: {note.instead}")
        rich.append(f"Say instead:\n\n> {_markdown(note.instead)}")
    if note.sources:
        plain.append("\n".join(f"- {source}" for source in note.sources))
        rich.append("\n".join(f"- {_markdown(source)}" for source in note.sources))
    last = f"'neverask explain {name}' says more, with examples."
    rule: dict[str, Any] = {
        "id": name,
        "name": _pascal(name),
        "shortDescription": {"text": note.sentence},
        "fullDescription": {"text": f"{note.sentence}. Because of {why}." if why else f"{note.sentence}."},
        "help": {"text": "\n\n".join([*plain, last]), "markdown": "\n\n".join([*rich, _markdown(last)])},
        "defaultConfiguration": (
            {"level": note.level} if note.level in ("error", "warning") else {"enabled": False, "level": "none"}
        ),
        "properties": {"tags": ["privacy", "security"], "precision": "high"},
    }
    return rule


def _built_in(name: str) -> dict[str, Any]:
    """What is found under every policy, without a rule in it."""
    said = MEANINGS.get(name, name)
    more = f"'neverask explain {name}' says more."
    return {
        "id": name,
        "name": _pascal(name),
        "shortDescription": {"text": said},
        "fullDescription": {"text": f"{said}."},
        "help": {"text": f"{said}.\n\n{more}", "markdown": f"**{_markdown(said)}**\n\n{_markdown(more)}"},
        "defaultConfiguration": {"level": "note" if name in NOTES else "warning"},
    }


def _pascal(name: str) -> str:
    """A rule's name as SARIF likes it: no spaces, each word with a capital."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^\w]+", name)) or name


def _markdown(text: str) -> str:
    """A text in which nothing is Markdown, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def _result(finding: Finding, numbers: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": finding.level,
        "message": {"text": _no_link(finding.in_full(". "))},
        "locations": [_in_entry(_location(finding.source, finding.span), entry(finding))],
        "partialFingerprints": {"neverask/v1": finding.fingerprint, "neverask/v2": finding.local_fingerprint},
    }
    related = [
        {**_said(r.message, r.source, r.span), "id": number}
        for number, r in enumerate(finding.related)
        if not r.source.is_bundled
    ]
    if related:
        result["relatedLocations"] = related
    steps = [r for r in finding.related if r.step]
    if steps:
        way = [{"location": _said(_led(r), r.source, r.span), "kinds": ["branch"]} for r in steps]
        way.append({"location": _said(finding.message, finding.source, finding.span), "importance": "essential"})
        told = {"text": _no_link("the way there: " + joined_way(finding.witness, finding.labels))}
        result["codeFlows"] = [{"message": told, "threadFlows": [{"locations": way}]}]
    properties = {"entry": finding.entry, "language": finding.language, "data": list(finding.data)}
    result["properties"] = {name: value for name, value in properties.items() if value}
    return result


def _led(step: Related) -> str:
    """A step of the way with how one comes to it."""
    return f"({step.label}) → {step.message}" if step.label else step.message


def _in_entry(location: dict[str, Any], name: str) -> dict[str, Any]:
    """A place with the reply or node that it is in, if that has a name."""
    names = [*location.get("logicalLocations", ()), *([{"name": name}] if name else ())]
    return {**location, "logicalLocations": names} if names else location


def _said(message: str, source: Source, span: Span) -> dict[str, Any]:
    return {**_location(source, span), "message": {"text": _no_link(message)}}


def _no_link(text: str) -> str:
    """A plain message in which nothing is taken for a link to a place ("[words](1)") or an argument ("{0}")."""
    return re.sub(r"([\\\[\]])", r"\\\1", text) if "](" in text else text


def _location(source: Source, span: Span) -> dict[str, Any]:
    file: dict[str, Any] = {"artifactLocation": {"uri": _uri(source.file)}}
    start, end = source.position(span.start), source.position(span.end)
    if within := inside(source, start):
        return {"physicalLocation": file, "logicalLocations": [{"fullyQualifiedName": within}]}
    region = {
        "startLine": start.line,
        "startColumn": source.units(span.start),
        "endLine": end.line,
        "endColumn": source.units(span.end),
    }
    return {"physicalLocation": {**file, "region": region}}


def _uri(path: str) -> str:
    plain = os.fsencode(from_top(path).replace(os.sep, "/"))
    return ("file://" if plain.startswith(b"/") else "") + quote(plain, safe="/")


def _notification(unread: Unread) -> dict[str, Any]:
    """A file that could not be read, a place in one that was not checked, or a file that no reader knows."""
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(unread.file or unread.path)}}}
    if unread.inside:
        location["logicalLocations"] = [{"fullyQualifiedName": unread.inside}]
    elif unread.line:
        location["physicalLocation"]["region"] = {
            "startLine": unread.line,
            "startColumn": max(1, unread.column),
        }
    level = "error" if unread.error else "warning" if unread.line else "note"
    said = f"{'cannot read' if unread.error else 'not checked'}: {unread.reason}"
    return {"level": level, "message": {"text": _no_link(said)}, "locations": [location]}
