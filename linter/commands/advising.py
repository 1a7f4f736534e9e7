"""What whoever was refused can do: mend, ask why, or keep what has to stay."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .telling import say, told

if TYPE_CHECKING:
    from ..finding import Finding
    from ..report import Report
    from .asked import Asked

_WHY_ASKED, _WHY_KEPT = "why it has to be asked here", "why it may stay as it is"
_MANY = 10
"""Findings; a library that has more of them has not been checked before."""
_BEFORE = (
    "Were these here before you began? 'neverask baseline' writes them down, and a check with --baseline tells only of "
    "new ones."
)
_VERY_MANY = 50
_LIMIT = "'--limit 10' shows the first of so many findings and counts the others by rule."
_DAYS = 90  # for which a proposed exception holds


def what_now(report: Report, asked: Asked) -> Iterator[str]:
    """What to say, line by line; nothing where there is only a policy to tidy up."""
    from shlex import quote

    from ..finding import BUILT_IN
    from ..reporters.grouping import grouped

    findings = sorted(grouped(report.findings), key=lambda finding: finding.level)  # errors first
    findings = [finding for finding in findings if finding.rule not in BUILT_IN]
    if not findings:
        return
    first = next((finding for finding in findings if finding.data), findings[0])
    yield ""
    if first.data:
        mend = f"neverask check --fix {quote(first.source.path)}"
        yield told(f"What now? This puts the policy's wording in the place of a request: {mend}")
    elif first.instead:
        yield told("What now? Put the words behind 'instead:' into a reply that customers get first.")
    yield told(f"'neverask explain {first.rule.split(', ')[0]}' says why the rule is there, with examples.")
    if len(findings) > _MANY and not asked.known:
        yield told(_BEFORE)
    if len(findings) > _VERY_MANY and asked.limit is None:
        yield told(_LIMIT)
    yield from _how_to_keep(findings, asked)


def _how_to_keep(findings: Sequence[Finding], asked: Asked) -> Iterator[str]:
    """What to write for a finding that has to stay: for the first in a file with comments, and in one without."""
    from datetime import timedelta

    from ..inplace import comment, opening

    until = (asked.day + timedelta(days=_DAYS)).isoformat()
    said: set[bool] = set()
    texts: dict[str, str | None] = {}
    for finding in findings:
        path = finding.source.path
        if path not in texts:
            texts[path] = opening(path, finding.source.text)
        opens = texts[path]
        if (opens is None) in said:
            continue
        said.add(opens is None)
        if opens is None:
            yield from _in_policy(finding, asked.policy, until)
        else:
            yield told(f"What has to stay in {path} gets a comment right above the entry or paragraph that holds it:")
            yield f"  {comment(opens, finding.rule, until, _reason(finding))}"


def _in_policy(finding: Finding, policy: str | None, until: str) -> Iterator[str]:
    """What to write into a policy for a finding that has to stay."""
    from ..editing import entry_lines
    from ..in_force import Policies
    from ..reporters.text import visible

    path = finding.source.path
    files = Policies(policy).of(path).files
    own = next((file.path for file in reversed(files) if os.path.isfile(file.path)), "")
    if not own:
        yield told("'neverask init' writes a neverask.yaml, in which exceptions can stand.")
    yield told(f"What has to stay in {path} gets an entry under 'exceptions:' in {own or 'neverask.yaml'}:")
    for rule in finding.rule.split(", "):
        for line in entry_lines(finding, rule, own or "neverask.yaml", _reason(finding), until):
            yield visible(line)


def _reason(finding: Finding) -> str:
    """What stands where whoever keeps a finding is to say why."""
    return say(_WHY_ASKED if finding.data else _WHY_KEPT)
