"""Findings to text, one format a module."""

from __future__ import annotations

from typing import Protocol

from ..finding import Finding
from . import github, json_, sarif, text
from .summary import Summary


class Reporter(Protocol):
    """What a reporter's module offers: its name on the command line, and the report as a string."""

    NAME: str

    def render(self, findings: list[Finding], summary: Summary) -> str: ...


REPORTERS: tuple[Reporter, ...] = (text, json_, sarif, github)


def by_name(name: str) -> Reporter:
    """The reporter of that name. Raises KeyError."""
    for reporter in REPORTERS:
        if name == reporter.NAME:
            return reporter
    raise KeyError(name)


__all__ = ["REPORTERS", "Reporter", "Summary", "by_name"]
