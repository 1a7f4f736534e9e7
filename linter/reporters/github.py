"""GitHub Actions annotations: one workflow command a finding, then the summary as a notice."""

from __future__ import annotations

from ..finding import Finding
from .checkout import from_top
from .grouping import grouped
from .leading import inside, placed
from .summary import Summary
from .text import visible_lines

NAME = "github"
_COMMAND = {"note": "notice"}


def render(findings: list[Finding], summary: Summary) -> str:
    """Workflow commands, with the characters escaped that the runner reads as its own."""
    lines = []
    findings = grouped(findings)
    for finding in findings:
        start, end = finding.source.position(finding.span.start), finding.source.position(finding.span.end)
        within = inside(finding.source, start)
        message = finding.in_full("\n", *placed(finding))
        where = f"file={_property(from_top(finding.source.file))}"
        if not within:
            where += f",line={start.line},col={start.column}"
            where += f",endColumn={end.column}" if end.line == start.line else ""
        where += f",title={_property('neverask: ' + finding.rule)}"
        lines.append(f"::{_COMMAND.get(finding.level, finding.level)} {where}::{_data(message)}")
    for unread in summary.unread:
        if unread.error:
            where = f"file={_property(from_top(unread.file or unread.path))}"
            where += f",line={unread.line}" if unread.line and not unread.inside else ""
            reason = ": ".join(filter(None, (unread.inside, unread.reason)))
            lines.append(f"::error {where},title={_property('neverask: cannot read')}::{_data(reason)}")
    lines.append(f"::notice title=neverask::{_data(summary.line(findings))}")
    return "\n".join(lines) + "\n"


def _data(text: str) -> str:
    return visible_lines(text.replace("\r", "\n")).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
