"""What was mended, or would be, and what not: told to the author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..finding import Finding
from ..reporters.text import visible
from .result import Result


def told(result: Result, written: Sequence[str], dry_run: bool = False) -> str:
    """What was mended, or would be, and what not, for the author."""
    lines = []
    done = "would mend" if dry_run else "mended"
    for (where, _), rules in _by_place((finding, "") for finding in result.mended).items():
        lines.append(f"{done}: {where} [{', '.join(rules)}]")
    for (where, reason), rules in _by_place(_still_there(result)).items():
        lines.append(f"not mended: {where} [{', '.join(rules)}]: {visible(reason)}")
    for path in written:
        lines.append(f"wrote {visible(path)}")
    if written:
        lines.append("read the mended texts before you use them: a wording knows nothing of the sentences around it")
    return "".join(line + "\n" for line in lines)


def _still_there(result: Result) -> Iterator[tuple[Finding, str]]:
    """What is left, but for what another rule's wording took away: the same datum at the same place."""
    gone = {(_where(finding), data) for finding in result.mended for data in finding.data}
    for finding, reason in result.left:
        if finding.lacks or not finding.data or any((_where(finding), data) not in gone for data in finding.data):
            yield finding, reason


def _by_place(findings: Iterable[tuple[Finding, str]]) -> dict[tuple[str, str], list[str]]:
    """The rules by place and reason, in the order of the places."""
    found: dict[tuple[str, str], list[str]] = {}
    for finding, reason in sorted(findings, key=lambda pair: (pair[0].source.path, pair[0].span.start)):
        rules = found.setdefault((_where(finding), reason), [])
        if finding.rule not in rules:
            rules.append(finding.rule)
    return found


def _where(finding: Finding) -> str:
    at = finding.source.position(finding.span.start)
    place = f" {at.cell}" if at.cell else f":{at.line}:{at.column}"
    return f"{visible(finding.source.path)}{place}"
