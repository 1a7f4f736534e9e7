"""The exceptions that a policy file makes: what they are for, until when, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..day import day, is_day
from .excepting import day_meant, is_reason
from .mistakes import Mistakes
from .model import Exemption, Place
from .names import Names
from .nodes import Node, head, items, shown, text_of
from .values import patterns_in

_ANY_DAY = "write year, month and day, as in 2035-01-31"
_BOTH_DAYS = "it holds on both days and on those between them"


def exemptions(node: Node | None, root: str, mistakes: Mistakes, names: Names) -> Iterator[Exemption]:
    """The exceptions in a file below ``root``."""
    for item in items(node):
        rule, reason = item.get("rule"), item.get("reason")
        if rule is not None:
            names.check_rule(rule)
        first, until = _day(item.get("from"), mistakes), _day(item.get("until"), mistakes)
        if first is not None and until is not None and until < first:
            mistakes.tell(item.get("until") or item, f"this exception ends before it begins, on {first}", _BOTH_DAYS)
        if reason is not None and not is_reason(reason.value):
            mistakes.tell(reason, "an exception needs a reason", "say who decided it and why")
        patterns_in(item.get("file"), mistakes)
        for name, covers in (("file", "every file"), ("at", "all of the file")):
            where = item.get(name)
            if where is not None and not text_of(where).strip():
                hint = f"say which, or leave it out: then it is for {covers}"
                mistakes.tell(where, f"'{name}' is empty", hint)
        yield Exemption(
            rule=text_of(rule),
            reason=text_of(reason),
            place=Place(item.source, head(item).span),
            file=text_of(item.get("file")),
            at=text_of(item.get("at")),
            until=until,
            owner=text_of(item.get("owner")),
            root=root,
            first=first,
        )


def _day(node: Node | None, mistakes: Mistakes) -> datetime.date | None:
    """A day from or to which an exception holds; None where none is said, and where it is none, which is told."""
    if node is None or type(node.value) is datetime.date:  # a day with an hour is no day
        return None if node is None else node.value
    said = str(node.value)
    try:
        return day(said)
    except ValueError:
        hint = "there is no such day in the calendar"
        if not is_day(said):
            meant = day_meant(said)
            hint = f"write it as {meant}" if meant else _ANY_DAY
        mistakes.tell(node, f"{shown(node)} is not a date", hint)
        return None
