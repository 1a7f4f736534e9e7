"""The mistakes of a policy, gathered while its files are read, so that all are told at once."""

from __future__ import annotations

from collections.abc import Collection

from ..source import Source, Span, brief
from .errors import PolicyError, Problem
from .nodes import Node


class Mistakes:
    """Whoever reads a policy tells them, and goes on with what is left without them.

    ``unsure``: a policy that this one builds on, or a part of it, can't be read, so that nobody knows what names it
    would bring. ``flawed`` are the rules with something in them that can't stand there, ``told`` the examples of which
    that is so.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unsure = False
        self.flawed: set[str] = set()
        self.told: set[Span] = set()
        self._blind = False
        self._unreadable: list[Problem] = []
        self._unread: set[str] = set()

    def may_be(self, hint: str) -> bool:
        """Whether a name that nobody knows may stand in what can't be read: where ``hint`` has one like it, it rather
        is a slip, unless nothing is known of what the policy builds on.
        """
        return self.unsure and (self._blind or not hint.startswith("did"))

    def tell(self, node: Node, message: str, hint: str = "", data: str = "") -> None:
        self.problems.append(Problem(brief(message), node.source, node.span, hint, data))

    def tell_at(self, source: Source, span: Span, message: str, hint: str = "", data: str = "") -> None:
        """Tell of a mistake in a part of a value."""
        self.problems.append(Problem(message, source, span, hint, data))

    def left_out(self, problems: Collection[Problem], words: Collection[str]) -> None:
        """Tell what can't be read. Its words may be names, of which nobody can say that there is none of that name."""
        self.unsure = True
        self._blind = self._blind or "extends" in words
        self._unreadable += problems
        self._unread.update(words)

    def stop(self, source: Source) -> None:
        """Raise PolicyError if there is any, those in ``source`` first."""
        told = (one for one in self.problems if one.source.text[slice(*one.span)] not in self._unread)
        problems = [*self._unreadable, *told]
        if problems:
            unique = {(problem.source.path, problem.span, problem.message): problem for problem in problems}
            raise PolicyError(sorted(unique.values(), key=lambda p: (p.source is not source, p.source.path, p.span)))
