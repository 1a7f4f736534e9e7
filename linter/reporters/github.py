"""GitHub Actions annotations: the summary as a notice, then one workflow command a finding.

The summary comes first, since of each level GitHub shows no more than the first ten of a step, which it says of none.
"""

from __future__ import annotations

from collections import Counter

from ..finding import Finding
from .checkout import from_top
from .grouping import grouped
from .leading import inside, placed
from .summary import Summary
from .text import visible_lines

NAME = "github"
_COMMAND = {"note": "notice"}
_SHOWN = 10  # annotations of a level, of one step


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
    told = summary.line(findings) + _not_shown(lines)
    return "\n".join([f"::notice title=neverask::{_data(told)}", *lines]) + "\n"


def _not_shown(lines: list[str]) -> str:
    """That not all of them are seen beside the lines; the summary of the job has them."""
    of_each = Counter(line[2:].partition(" ")[0] for line in lines)
    of_each["notice"] += 1  # this one
    if max(of_each.values()) <= _SHOWN:
        return ""
    return f" GitHub shows the first {_SHOWN} annotations of each level: see the job's summary."


def _data(text: str) -> str:
    return visible_lines(text.replace("\r", "\n")).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
