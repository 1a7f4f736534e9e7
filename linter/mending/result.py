"""What was done to mend findings: those mended, those left with the reason, and each changed file."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..finding import Finding
from ..reporters.text import visible
from .diffs import unified


@dataclass
class Result:
    """What was done: mended findings, those left with the reason, and each changed file before and after."""

    mended: list[Finding] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """A file's bytes before and after; ``texts`` are those in it: (name, before, after), several in an archive."""

    path: str
    before: bytes
    after: bytes
    texts: tuple[tuple[str, str, str], ...]

    def diff(self) -> str:
        """The change as a unified diff, to be looked at: all that is hidden in it is made visible."""
        return "".join(
            "\t".join(map(visible, line.split("\t"))) + "\n"
            for path, old, new in self.texts
            for line in unified(old.splitlines(), new.splitlines(), visible(path))
        )
