"""All exceptions, those of the policy and those in place: who asked for them, since when, until when, why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from .day import iso
from .engine import check
from .outcome import Unread
from .reporters.jsontext import dumps
from .reporters.text import visible
from .repository import blamed
from .source import SourceError
from .trees import current

_STATES = ("used", "unused", "expired", "malformed")
UNJUDGED = "unjudged"
_LATER = "later"
_OF_POLICY = ("file", "at", "first")
_MOST_COMPARED = 1_000_000
"""Pairs of changed lines that are compared; of more, lines of a text that stands once are told alone."""


class Entry(NamedTuple):
    """One exception. ``state`` is used, unused, expired, or malformed, and ``wrong`` then says what it lacks; it is
    unjudged where it may cover what was not checked, and later where its first day is still to come.

    ``since`` is the day it was committed, "" if not known; ``file``, ``at`` and ``first`` are what one in a policy is
    for and from which day on, "" in place.
    """

    path: str
    line: int
    rule: str
    state: str
    until: str
    since: str
    owner: str
    reason: str
    wrong: str = ""
    file: str = ""
    at: str = ""
    first: str = ""


class Listed(NamedTuple):
    """Exceptions by place, and what could not be read, of which nobody knows what it allows."""

    entries: list[Entry]
    unread: list[Unread]


def listed(paths: Sequence[str], policy: str | None, today: date, commit: str = "") -> Listed:
    """The exceptions that concern some files; ``commit`` is the one of which the tree is read, if it is one.

    Raises PolicyError or SourceError.
    """
    report = check(paths, policy, today, cached=True)
    blame: dict[str, dict[int, tuple[str, str]]] = {}
    found = []

    def add(
        path: str, line: int, rule: str, state: str, until: str, owner: str, reason: str, wrong: str, *of: str
    ) -> None:
        if path not in blame:
            blame[path] = _blamed(path, commit)
        author, since = blame[path].get(line, ("", ""))
        state = "malformed" if wrong else "expired" if until and until < today.isoformat() else state
        found.append(Entry(path, line, rule, state, until, since, owner or author, reason, wrong, *of))

    for path, line, rule, until, reason, used, wrong in report.allowed:
        add(path, line, rule, "used" if used else "unused", until, "", reason, wrong)
    for of in report.policies:
        for one in of.exemptions:
            source = one.place.source
            if not source.is_bundled:
                until = iso(one.until)
                unused = UNJUDGED if one.stands in report.unjudged else "unused"
                state = _LATER if one.is_ahead(today) else "used" if one.stands in report.needed else unused
                place, of_it = (source.path, one.place.line), (one.file, one.at, iso(one.first))
                add(*place, one.rule, state, until, one.owner, one.reason, "", *of_it)
    return Listed(sorted(set(found)), report.errors)


def _blamed(path: str, commit: str) -> dict[int, tuple[str, str]]:
    """Who committed the lines of a file as it stands, by their numbers, and when; changed ones have none.

    Lines are told by where they stand among the others: exceptions for one rule begin alike.
    """
    try:
        committed = blamed(path, commit)
    except SourceError:
        return {}
    before, now = [text for text, _, _ in committed], [line.strip() for line in _lines(path)]
    return {to + 1: committed[at][1:] for at, to in _same(before, now)}


def _same(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines that stand in both, as pairs of where they do."""
    most = min(len(before), len(now))
    head = next((at for at in range(most) if before[at] != now[at]), most)
    tail = next((at for at in range(most - head) if before[-1 - at] != now[-1 - at]), most - head)
    yield from ((at, at) for at in range(head))
    yield from ((len(before) - at, len(now) - at) for at in range(1, tail + 1))
    left, right = before[head : len(before) - tail], now[head : len(now) - tail]
    if len(left) * len(right) > _MOST_COMPARED:
        once = {text for text, count in Counter(left).items() if count == 1}
        places = {text: at for at, text in enumerate(left) if text in once}
        yield from ((head + places[text], head + to) for to, text in enumerate(right) if text in places)
        return
    for at, to, size in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        yield from ((head + at + step, head + to + step) for step in range(size))


def _lines(path: str) -> list[str]:
    try:
        return current().read(path).decode("utf-8-sig", "replace").splitlines()
    except SourceError:
        return []


def as_text(entries: Sequence[Entry], today: date) -> str:
    """A list for people."""
    blocks = []
    for one in entries:
        lines = [f"{visible(one.path)}:{one.line}: {f'{one.rule} ({one.state})' if one.rule else one.state}"]
        if one.wrong:
            lines.append(f"  wrong:  {one.wrong}")
        if one.file or one.at:
            lines.append(f"  for:    {visible(', '.join(part for part in (one.file, one.at) if part))}")
        lines.append(f"  reason: {visible(one.reason) or 'none'}")
        if one.first:
            lines.append(f"  from:   {one.first}")
        if one.until or not one.wrong:  # the last day of one that is written wrong is not known
            lines.append(f"  {'ended' if one.state == 'expired' else 'until'}:  {one.until or 'no end'}")
        if one.since > today.isoformat():
            lines.append(f"  age:    not yet written on this day, since {one.since}")
        elif one.since:
            days = (today - date.fromisoformat(one.since)).days
            lines.append(f"  age:    {days} day{'' if days == 1 else 's'}, since {one.since}")
        else:
            lines.append("  age:    unknown (not committed, or not in git)")
        lines.append(f"  owner:  {visible(one.owner) or 'unknown'}")
        blocks.append("\n".join(lines))
    told = Counter(one.state for one in entries)
    counts = [f"{told[state]} {state}" for state in (*_STATES, *(state for state in (UNJUDGED, _LATER) if told[state]))]
    total = f"{len(entries)} exception{'' if len(entries) == 1 else 's'}"
    blocks.append(f"{total}: {', '.join(counts)}" if entries else total)
    return "\n\n".join(blocks) + "\n"


def as_json(entries: Sequence[Entry]) -> str:
    """The same for programs; only an exception of a policy has a file or an entry that it is for, and a first day."""
    rows = []
    for one in entries:
        given = {name: value for name, value in one._asdict().items() if value or name not in _OF_POLICY}
        if "first" in given:
            given["from"] = given.pop("first")  # as the policy calls it
        rows.append({**given, "path": one.path.replace(os.sep, "/")})
    return dumps({"exceptions": rows})
