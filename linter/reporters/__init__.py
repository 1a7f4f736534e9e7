"""Findings to text, one format a module."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from ..finding import Finding
from .summary import Summary

_MODULES = {
    "text": "text",
    "json": "json_",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
    "csv": "csv_",
    "html": "html_",
}
NAMES = tuple(_MODULES)


class Reporter(Protocol):
    """What a reporter's module offers: its name on the command line, and the report as a string."""

    NAME: str

    def render(self, findings: list[Finding], summary: Summary) -> str: ...


def by_name(name: str) -> Reporter:
    """The reporter of that name, imported when it is used. Raises KeyError."""
    return cast(Reporter, import_module(f".{_MODULES[name]}", __name__))


__all__ = ["NAMES", "Reporter", "Summary", "by_name"]
