"""JUnit XML, for CI servers that show tests: each file a suite, each place that breaks a rule a failure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from ..finding import Finding
from .grouping import grouped
from .leading import led
from .summary import Summary
from .text import excerpt, visible

NAME = "junit"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(findings: list[Finding], summary: Summary) -> str:
    """A suite for each file with findings, one for files that could not be read, one that says what was checked."""
    places = grouped(findings)
    broken = [unread for unread in summary.unread if unread.error]
    suites = []
    for path, of_file in groupby(places, key=lambda place: place.source.path):
        of_path = list(of_file)
        cases = [_case(place) for place in of_path]
        suites.append(_suite(path, cases, failures=_failures(of_path)))
    if broken:
        cases = [
            f"<testcase classname={_attribute(unread.path)} name={_attribute('readable')}>"
            f"<error message={_attribute(f'{unread.where}: {unread.reason}')}/></testcase>"
            for unread in broken
        ]
        suites.append(_suite("files that could not be read", cases, errors=len(cases)))
    said = summary.line(places)
    # A server takes a report without a single test for a step that did not run.
    passed = f'<testcase classname="neverask" name="the check ran"><system-out>{_data(said)}</system-out></testcase>'
    suites.append(_suite("neverask", [passed]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="neverask" tests="{len(places) + len(broken) + 1}" failures="{_failures(places)}" '
        f'errors="{len(broken)}">\n' + "\n".join(suites) + "\n</testsuites>\n"
    )


def _failures(places: Sequence[Finding]) -> int:
    return sum(place.level != "note" for place in places)


def _suite(name: str, cases: list[str], failures: int = 0, errors: int = 0) -> str:
    return (
        f'<testsuite name={_attribute(name)} tests="{len(cases)}" failures="{failures}" errors="{errors}" '
        'skipped="0" time="0">\n' + "\n".join(cases) + "\n</testsuite>"
    )


def _case(finding: Finding) -> str:
    at = finding.source.position(finding.span.start)
    where = at.cell or f"{at.line}:{at.column}"
    lines = [f"{finding.source.path}:{where}: {finding.level}: {finding.message}", *excerpt(finding)]
    lines += (f"{name}: {words}" for name, words in led(finding))
    if finding.because:
        lines.append("because: " + ", ".join(finding.because))
    if finding.instead:
        lines.append("instead: " + finding.instead)
    name = f"{where} {finding.rule}" + (f" in {finding.entry}" if finding.entry else "")
    told = _data(chr(10).join(visible(line) for line in lines))
    body = f"<failure type={_attribute(finding.level)} message={_attribute(finding.message)}>{told}</failure>"
    if finding.level == "note":
        body = f"<system-out>{told}</system-out>"
    return f'<testcase classname={_attribute(finding.source.path)} name={_attribute(name)} time="0">{body}</testcase>'


def _attribute(text: str) -> str:
    return quoteattr(visible(text))


def _data(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
