"""A summary as GitHub Markdown: the job summary of a workflow, a comment on a merge request."""

from __future__ import annotations

from collections import Counter

from ..finding import Finding
from ..messages import many, speaker
from .grouping import grouped
from .leading import entry, way
from .summary import Summary
from .text import visible

NAME = "markdown"
_MOST = 200  # places that are listed; GitHub refuses a summary of more than a megabyte
_SPECIAL = set("\\`*_[]<>#!|~@$&")


def render(findings: list[Finding], summary: Summary) -> str:
    """What was found in one line, how often each rule, then the places with what to write instead."""
    places = grouped(findings)
    say = speaker(summary.language)
    lines = ["## neverask", "", _plain(summary.line(places)), ""]
    for unread in summary.unread:
        if unread.error:
            lines += [f"- **cannot read** {_plain(visible(unread.where))}: {_plain(unread.reason)}"]
    if places:
        rules = {note.name: note for note in summary.notes}
        counts = Counter(rule for place in places for rule in place.rule.split(", "))
        lines += ["", "| Rule | What it says | Places |", "| :-- | :-- | --: |"]
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            said = rules[name].sentence if name in rules else ""
            lines.append(f"| {_plain(name)} | {_plain(said)} | {count} |")
        lines += ["", "| Where | What | Say instead |", "| :-- | :-- | :-- |"]
        for place in places[:_MOST]:
            at = place.source.position(place.span.start)
            where = f"{place.source.path} {at.cell}" if at.cell else f"{place.source.path}:{at.line}"
            words = place.source.text[place.span.start : place.span.end]
            what = f"**{place.level}** {_plain(place.message)} ({_plain(_short(words))})"
            if entry(place):
                inside = f"in “{entry(place)}”"
                what += f"<br>{_plain(say(inside))}"
            if place.witness:
                what += f"<br>{_plain(say('The way there'))}: {_plain(way(place, say))}"
            if place.because:
                what += f"<br>{_plain(', '.join(place.because))}"
            lines.append(f"| {_plain(visible(where))} | {what} | {_plain(place.instead)} |")
        if len(places) > _MOST:
            lines += ["", f"{many(len(places) - _MOST, 'further place is', 'further places are')} in the full report."]
    return "\n".join(lines) + "\n"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:59] + "…"


def _plain(text: str) -> str:
    """A text in which nothing is Markdown, HTML or a mention, on one line."""
    line = "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in visible(" ".join(text.split())))
    return line.replace("://", "&#58;//")
