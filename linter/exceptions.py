"""All exceptions, those of the policy and those in place: who asked for them, since when, until when, why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .engine import check
from .outcome import Unread
from .reporters.jsontext import dumps
from .reporters.text import visible
from .source import SourceError
from .trees import blamed

_STATES = ("used", "unused", "expired", "malformed")
UNJUDGED = "unjudged"


class Entry(NamedTuple):
    """One exception. ``state`` is used, unused, expired, or malformed, and ``wrong`` then says what it lacks; it is
    unjudged where it may cover what was not checked.

    ``since`` is the day it was committed, "" if not known; ``file`` and ``at`` are what one in a policy is for, ""
    in place.
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


class Listed(NamedTuple):
    """Exceptions by place, and what could not be read, of which nobody knows what it allows."""

    entries: list[Entry]
    unread: list[Unread]


def listed(paths: Sequence[str], policy: str | None, today: date) -> Listed:
    """The exceptions that concern some files. Raises PolicyError or SourceError."""
    report = check(paths, policy, today, cached=True)
    blame: dict[str, dict[str, tuple[str, str]]] = {}
    texts: dict[str, list[str]] = {}
    found = []

    def add(
        path: str, line: int, rule: str, state: str, until: str, owner: str, reason: str, wrong: str, *of: str
    ) -> None:
        if path not in blame:
            blame[path], texts[path] = _blamed(path), _lines(path)
        said = texts[path][line - 1].strip() if 0 < line <= len(texts[path]) else ""
        author, since = blame[path].get(said, ("", ""))
        state = "malformed" if wrong else "expired" if until and until < today.isoformat() else state
        found.append(Entry(path, line, rule, state, until, since, owner or author, reason, wrong, *of))

    for path, line, rule, until, reason, used, wrong in report.allowed:
        add(path, line, rule, "used" if used else "unused", until, "", reason, wrong)
    for of in report.policies:
        for one in of.exemptions:
            source = one.place.source
            if not source.is_bundled:
                until = one.until.isoformat() if one.until else ""
                unused = UNJUDGED if one.stands in report.unjudged else "unused"
                state = "used" if one.stands in report.needed else unused
                add(source.path, one.place.line, one.rule, state, until, one.owner, one.reason, "", one.file, one.at)
    return Listed(sorted(set(found)), report.errors)


def _blamed(path: str) -> dict[str, tuple[str, str]]:
    try:
        return blamed(path)
    except SourceError:
        return {}


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
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
        if one.until or not one.wrong:  # the last day of one that is written wrong is not known
            lines.append(f"  {'ended' if one.state == 'expired' else 'until'}:  {one.until or 'no end'}")
        if one.since:
            days = max(0, (today - date.fromisoformat(one.since)).days)
            lines.append(f"  age:    {days} day{'' if days == 1 else 's'}, since {one.since}")
        else:
            lines.append("  age:    unknown (not committed, or not in git)")
        lines.append(f"  owner:  {visible(one.owner) or 'unknown'}")
        blocks.append("\n".join(lines))
    told = Counter(one.state for one in entries)
    counts = [f"{told[state]} {state}" for state in (*_STATES, *([UNJUDGED] if told[UNJUDGED] else []))]
    total = f"{len(entries)} exception{'' if len(entries) == 1 else 's'}"
    blocks.append(f"{total}: {', '.join(counts)}" if entries else total)
    return "\n\n".join(blocks) + "\n"


def as_json(entries: Sequence[Entry]) -> str:
    """The same for programs; only an exception of a policy has a file or an entry that it is for."""
    rows = []
    for one in entries:
        given = {name: value for name, value in one._asdict().items() if value or name not in ("file", "at")}
        rows.append({**given, "path": one.path.replace(os.sep, "/")})
    return dumps({"exceptions": rows})
