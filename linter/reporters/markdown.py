"""The report as GitHub Markdown: to be filed, or for a comment; without the audit it is the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..finding import Finding
from ..messages import Say, many
from .contents import EXCEPTIONS, KEPT, RULES, Contents, Left, Total
from .grouping import grouped
from .leading import entry, stands, way
from .summary import MEANINGS, Summary, joined
from .text import visible

NAME = "markdown"
_MOST = 200  # places in the summary of a job; GitHub refuses one of more than a megabyte
_SPECIAL = set("\\`*_[]<>#!|~@$&")
_MARK = re.compile(r" *- |#+ |")
_DEEPER = "###"  # headings of a policy stand below the one over it
_NUMBERS = frozenset({"Places", "Findings"})


def render(findings: list[Finding], summary: Summary) -> str:
    """What was found in one line, how often each rule, the places with what to write instead, and the audit."""
    places = grouped(findings)
    say = summary.say
    contents = Contents(findings, places, summary)
    lines = ["## neverask", "", _plain(f"{summary.line(places)} {contents.day}"), ""]
    for unread in summary.unread:
        if unread.error:
            lines += [f"- **{say('cannot read')}** {_path(unread.where)}: {_plain(say(unread.reason))}"]
    if places:
        by_rule, *totals = contents.totals()
        said = {name: say(what) for name, what in MEANINGS.items()}
        said.update((name, note.sentence) for name, note in joined(summary.notes).items())
        lines += _table(say, ("Rule", "What it says", "Places"), _counted(by_rule, say, said))
        told = places if summary.audit else places[:_MOST]
        lines += _table(say, ("Where", "What", "Say instead"), (_place(place, say) for place in told))
        left = len(places) - len(told)
        if left:
            more = many(left, "further place is in the full report", "further places are in the full report")
            lines += ["", f"{say(more)}."]
        if summary.audit:
            lines += _totals(totals, say)
    if summary.audit:
        lines += _audit(contents, say)
    return "\n".join(lines) + "\n"


def _place(place: Finding, say: Say) -> list[str]:
    """Where it is, what is wrong there, by which rule, what leads there, and what to say instead."""
    words = place.source.text[slice(*place.span)]
    inside = f"in “{entry(place)}”"
    parts = [
        f"**{say(place.level)}** {_plain(say(place.message))} ({_plain(_short(words))})",
        _plain(say(inside)) if entry(place) else "",
        _named("Rule", place.rule, say),
        _named("The way there", way(place, say), say),
        _named("Why it is new", say(place.since), say),
        _named("Because", ", ".join(place.because), say),
    ]
    return [_path(stands(place)), "<br>".join(filter(None, parts)), _plain(place.way_out(say))]


def _named(name: str, words: str, say: Say) -> str:
    return f"{say(name)}: {_plain(words)}" if words else ""


def _counted(total: Total, say: Say, said: dict[str, str] | None = None) -> Iterator[list[str]]:
    """A row for each kind, the most frequent first; with what is ``said`` of it, if anything is of any."""
    for name, count in total.ranked:
        yield [_path(name), *([_plain(said.get(name, ""))] if said is not None else ()), say(f"{count:,}")]


def _totals(totals: Sequence[Total], say: Say) -> Iterator[str]:
    yield from ("", f"### {say('Totals')}")
    for total in totals:
        if total.counts:
            yield from _table(say, (total.head, "Places"), _counted(total, say))


def _audit(contents: Contents, say: Say) -> Iterator[str]:
    """What an auditor asks."""
    yield from ("", f"### {say('The run')}", "")
    yield from (f"- {say(name)}: {_plain(value)}" for name, value in contents.facts())
    yield from ("", f"### {say('Exceptions')}")
    exceptions = [list(map(_plain, row)) for row in contents.exceptions()]
    yield from _table(say, EXCEPTIONS, exceptions) if exceptions else ("", say("There are none."))
    if kept := contents.kept():
        yield from ("", f"### {say('Findings kept by exceptions')}")
        yield from _table(say, KEPT, (map(_plain, row) for row in kept))
    yield from ("", f"### {say('Rules')}")
    yield from _table(say, RULES, (map(_plain, row) for row in contents.rules()))
    yield from ("", f"### {say('What was checked')}")
    yield from _list(contents.checked())
    yield from ("", f"### {say('What was not checked')}")
    for left in contents.left():
        yield from _list(left)
    yield from ("", f"### {say('The policy in words')}")
    for text in contents.policies():
        yield from ("", *map(_deeper, text.splitlines()))
    yield from ("", _plain(contents.last))


def _table(say: Say, heads: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table with a blank line before it; its cells are Markdown."""
    yield from ("", f"| {' | '.join(map(say, heads))} |")
    yield f"| {' | '.join('--:' if head in _NUMBERS else ':--' for head in heads)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _list(left: Left) -> Iterator[str]:
    yield from ("", f"{_plain(left.title.removesuffix(':'))}{':' if left.lines else '.'}")
    if left.lines:
        yield from ("", *(f"- {_path(line)}" for line in left.lines))


def _deeper(line: str) -> str:
    """A line of a policy in words: its heading or the mark of its list stays, its words are no Markdown."""
    mark = _MARK.match(line)
    end = mark.end() if mark else 0
    return (_DEEPER if line.startswith("#") else "") + line[:end] + _plain(line[end:])


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:59] + "…"


def _path(name: str) -> str:
    """A name whose blanks are part of it."""
    return _plain(visible(name))


def _plain(text: str) -> str:
    """A text in which nothing is Markdown, HTML or a mention, on one line."""
    line = "".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in visible(" ".join(text.split())))
    return line.replace("://", "&#58;//")
