"""A mistake in a policy: what, where, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Source, Span


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


def closest(word: str, known: object) -> str:
    """The question whether the nearest known word was meant; else the known ones if they are few, else ""."""
    from difflib import get_close_matches

    names = sorted(str(name) for name in known)  # type: ignore[attr-defined]
    by_case = {name.lower(): name for name in reversed(names)}
    near = get_close_matches(word, names, n=1, cutoff=0.6) or get_close_matches(word.lower(), by_case, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{by_case.get(near[0], near[0])}'?"
    if len(names) <= 30:
        return "known: " + ", ".join(names)
    return ""
