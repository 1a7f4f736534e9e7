"""A mistake in a policy: what, where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from operator import itemgetter

from ..meant import MOST, is_slip, nearest, slips
from ..source import Source, Span

_ALIKE, _VERY = 0.6, 0.75
_TRIES = 3


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


def _near(word: str, names: Collection[str]) -> str:
    """The name that is most like a word, of those that are very much so or of which it may be a slip.

    Of the first few, which have the most letters in common with it, it is the one with the fewest amiss.
    """
    left, found = list(names), []
    for _ in range(_TRIES):
        near = nearest(word, left, _ALIKE)
        if not near:
            break
        amiss = slips(word, near)
        if amiss <= 1:
            return near
        if nearest(word, [near], _VERY) or is_slip(word, near):
            found.append((amiss, near))
        left.remove(near)
    return min(found, key=itemgetter(0))[1] if found else ""


def closest(word: str, known: Collection[str]) -> str:
    """The question whether the nearest known word was meant; else the known ones if they are few, else ""."""
    if len(known) > MOST:
        return ""
    names = sorted(known)
    near = _near(word, names)
    if not near:
        by_case = {name.lower(): name for name in reversed(names)}
        near = by_case.get(_near(word.lower(), by_case), "")
    if near:
        return f"did you mean '{near}'?"
    if 0 < len(names) <= 30:
        return "known: " + ", ".join(names)
    return ""


def explained(hint: str) -> str:
    """What there is to choose from among kinds of place, and where it is told what they are."""
    return f"{hint}; 'neverask explain safe-channels' says what each is" if hint.startswith("known") else hint
