"""Only what is new: findings that a baseline knows are left out of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..finding import BUILT_IN
from ..messages import many
from .telling import tell

if TYPE_CHECKING:
    from ..baseline import Baseline
    from ..report import Report

_SOME = 20  # of a long list that is told beside the report
_OLD = (
    "an older neverask wrote this baseline: a finding is new to it when any word of its reply has changed; "
    "'neverask baseline' writes it anew"
)


def leave_out_known(report: Report, baselines: Sequence[Baseline]) -> None:
    """Leave out what the baselines know, and say so."""
    from ..baseline import compare, joined
    from ..outcome import Hidden
    from ..reporters.grouping import grouped

    before = joined(baselines)
    paths = [one.path for one in baselines]
    looked_at = [path for path in report.checked if path not in report.unreadable]
    compared = compare(before, report.findings, [*looked_at, *report.folders])
    if report.stood is not None:  # what stood at the base was left out before: nobody knows what of it is gone
        compared = replace(compared, gone=[])
    known = len(grouped(report.findings)) - len(grouped(compared.new))
    report.leave_out(compared.new)
    digests = filter(None, (one.digest for one in baselines))
    report.known = Hidden(", ".join(paths), known, len(compared.gone), ", ".join(digests))
    said = f"baseline: {many(known, 'known finding')} not shown"
    if compared.gone:
        said += f", {many(len(compared.gone), 'known finding')} gone ('neverask baseline' takes them out):"
    tell(said)
    for rule, file, entry in compared.gone[:_SOME]:
        tell(f"  gone: {file}" + (f", {entry}" if entry else "") + f" [{rule}]")
    if len(compared.gone) > _SOME:
        tell(f"  and {len(compared.gone) - _SOME} more")
    rules = {rule.name for policy in report.policies for rule in policy.rules} | BUILT_IN
    lost = Counter(rule for rule, _, _ in compared.gone if rule not in rules)
    for rule, number in sorted(lost.items()) if report.policies else ():
        tell(
            f"no rule is called '{rule}' any more, by which the baseline knows {many(number, 'finding')}: if it has "
            "another name now, 'neverask baseline' writes them down by that"
        )
    if before.is_old and compared.new and compared.gone:
        tell(_OLD)
