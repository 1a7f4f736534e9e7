"""What ``neverask check`` was asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "csv", "html")


class Asked:
    """The options of a check, by the names that the command line has for them.

    ``also`` are further reports (format, file), ``known`` are the files of baselines, ``base`` what --diff
    compares with. (A plain class: to make a dataclass takes longer than a check of what has not changed can spare.)
    """

    paths: tuple[str, ...]
    policy: str | None
    form: str
    output: str | None
    also: list[tuple[str, str]]
    day: date
    strict: bool
    verbose: bool
    quiet: bool
    limit: int | None
    color: str
    known: tuple[str, ...]
    base: str | None
    staged: bool
    as_of: str | None
    fix: bool
    dry_run: bool
    warnings_ok: bool
    allow_nothing: bool
    jobs: int | None
    no_cache: bool

    def __init__(self, given: Mapping[str, object]) -> None:
        vars(self).update(given)

    @property
    def where(self) -> tuple[str, ...]:
        """What is to be checked: this folder, if nothing was named."""
        return self.paths or (".",)

    @property
    def targets(self) -> list[str]:
        """The files into which reports go."""
        return [path for path in (self.output, *(path for _, path in self.also)) if path]

    @property
    def forms(self) -> frozenset[str]:
        """The formats of all its reports."""
        return frozenset((self.form, *(name for name, _ in self.also)))

    @property
    def painted(self) -> bool:
        """Whether the report has colours."""
        return self.form == "text" and in_color(self.color) and self.output is None

    @property
    def simple(self) -> bool:
        """Whether all there is to a run is its report, so that it may be said again where nothing has changed."""
        more = self.known or self.base or self.staged or self.as_of or self.fix or self.also or job_summary()
        return not more and not self.no_cache

    @property
    def may_be_nothing(self) -> bool:
        """Whether it is no error that no file is recognised."""
        return self.allow_nothing or self.staged


def in_color(choice: str) -> bool:
    """Whether what goes to standard output has colours."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def job_summary() -> str:
    """The file to which a job under GitHub Actions adds its summary, "" where there is none."""
    return os.environ.get("GITHUB_STEP_SUMMARY", "")
