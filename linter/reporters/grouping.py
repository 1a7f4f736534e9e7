"""The same judgement at the same place by several rules is one thing to mend: reports for people show it once."""

from __future__ import annotations

from dataclasses import replace

from ..finding import LEVELS, Finding


def grouped(findings: list[Finding]) -> list[Finding]:
    """The findings in their order, those with the same place and message joined: rules, reasons and places of all.

    The way out is in the language of the text where a rule has one in that, and of these the organisation's own where a
    rule of its own policy has one, else the first.
    """
    return [joined(group) for group in groups(findings)]


def groups(findings: list[Finding]) -> list[list[Finding]]:
    """The findings by place and message."""
    found: dict[tuple[str, int, int, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.source.path, *finding.in_file, finding.message)
        found.setdefault(key, []).append(finding)
    return list(found.values())


def joined(group: list[Finding]) -> Finding:
    """One finding for those of a group."""
    if len(group) == 1:
        return group[0]
    led = next((finding for finding in group if finding.witness), group[0])
    ways = sorted((finding for finding in group if finding.instead), key=_is_lesser)
    return replace(
        group[0],
        rule=", ".join(dict.fromkeys(finding.rule for finding in group)),
        level=min((finding.level for finding in group), key=LEVELS.index),
        because=tuple(dict.fromkeys(reason for finding in group for reason in finding.because)),
        instead=ways[0].instead if ways else "",
        instead_in=ways[0].instead_in if ways else "",
        witness=led.witness,
        numbers=led.numbers,
        labels=led.labels,
        related=tuple(dict.fromkeys(related for finding in group for related in finding.related)),
    )


def unreported(findings: list[Finding]) -> set[int]:
    """Which findings, by identity, break a rule with a judgement that is told with the way out of another rule."""
    silent: set[int] = set()
    for group in groups(findings):
        shown = joined(group).instead
        first = next((finding for finding in group if finding.instead == shown), group[0])
        silent.update(id(finding) for finding in group if finding is not first)
    return silent


def _is_lesser(finding: Finding) -> tuple[bool, bool]:
    """Whether a way out is in another language than the text, and whether it is a bundled one."""
    return bool(finding.instead_in), not finding.related or finding.related[0].source.is_bundled
