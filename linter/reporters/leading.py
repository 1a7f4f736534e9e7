"""What leads to a finding: the reply or node that it is in, and the way there."""

from __future__ import annotations

from collections.abc import Iterable

from ..finding import Finding
from ..messages import Say, many
from ..source import Position, Source


def entry(finding: Finding) -> str:
    """The reply's or node's own name; "" where it has none: of "[3]", its place in a list, the line says more."""
    return "" if finding.entry == finding.source.path or finding.entry.startswith("[") else finding.entry


def stands(finding: Finding) -> str:
    """Where it is: the file with the line, or with the cell of a spreadsheet."""
    at = finding.source.position(finding.span.start)
    return f"{finding.source.path} {at.cell}" if at.cell else f"{finding.source.path}:{at.line}"


def inside(source: Source, at: Position) -> str:
    """Where a place is in an archive or in a spreadsheet, whose lines are none of the file on disk; "" elsewhere."""
    return "!".join(filter(None, (source.inner, at.cell)))


def led(finding: Finding) -> list[tuple[str, str]]:
    """Both, each with its name, as far as they are known."""
    return [(name, words) for name, words in (("in", entry(finding)), ("path", way(finding))) if words]


def placed(finding: Finding) -> list[tuple[str, str]]:
    """The same, behind where that is inside the file, for a report that places it by its line alone."""
    within = inside(finding.source, finding.source.position(finding.span.start))
    return [("at", within), *led(finding)] if within else led(finding)


def steps(finding: Finding, say: Say = str) -> list[str]:
    """The way to it, each step with its words; of those left out how many."""
    told = zip(finding.witness, finding.numbers, strict=True)
    return [name if number > 0 else f"({say(many(-number, 'more step'))})" for name, number in told]


def way(finding: Finding, say: Say = str) -> str:
    """The same on one line, before each step how one comes to it; "" where no way is known."""
    return joined(steps(finding, say), finding.labels)


def joined(steps: Iterable[str], labels: Iterable[str]) -> str:
    """Steps on one line, each with its label before it."""
    told = zip(steps, labels, strict=True)
    return " → ".join(part for step, label in told for part in ((f"({label})", step) if label else (step,)))
