"""A mistake in a policy: what, where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..meant import MOST, nearest
from ..source import Source, Span

_ALIKE = 0.6


@dataclass(frozen=True)
class Problem:
    """One mistake. ``hint`` says what to do ("did you mean 'bank-account'?"), "" where nothing is known.

    ``data`` is the word that should name data and does not, if that is the mistake.
    """

    message: str
    source: Source
    span: Span
    hint: str = ""
    data: str = ""


class PolicyError(Exception):
    """A policy that can't be used.

    Nothing is linted with half a policy. ``problems`` are all mistakes found.
    """

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        place = first.source.position(first.span.start)
        super().__init__(f"{first.source.path}:{place.line}:{place.column}: {first.message}")
        self.problems = problems


def closest(word: str, known: Collection[str]) -> str:
    """The question whether the nearest known word was meant; else the known ones if they are few, else ""."""
    if len(known) > MOST:
        return ""
    names = sorted(known)
    near = nearest(word, names, _ALIKE)
    by_case: dict[str, str] = {}
    if not near:
        by_case = {name.lower(): name for name in reversed(names)}
        near = nearest(word.lower(), by_case, _ALIKE)
    if near:
        return f"did you mean '{by_case.get(near, near)}'?"
    if len(names) <= 30:
        return "known: " + ", ".join(names)
    return ""
