"""What a run did, for the last line of every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..messages import speaker
from ..outcome import Unread


@dataclass(frozen=True)
class RuleNote:
    """A rule for the reports that list rules: name, sentence, level, reasons with their sources, wording."""

    name: str
    sentence: str
    level: str
    because: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True)
class ExceptionNote:
    """A finding that is kept on purpose, for the auditor: what, where, why, until when, who answers for it."""

    rule: str
    where: str
    reason: str
    until: str
    owner: str
    stands: str
    expired: bool


@dataclass(frozen=True)
class Audit:
    """What an auditor asks beside the findings.

    ``policies`` are (name, prose as Markdown); ``checked`` are the files that were read and judged; ``formats`` are
    (reader, files); ``called`` says categories in words; ``day`` is the day on which exceptions were judged.
    """

    day: str
    policies: Sequence[tuple[str, str]] = ()
    exceptions: Sequence[ExceptionNote] = ()
    checked: Sequence[str] = ()
    formats: Sequence[tuple[str, int]] = ()
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """Counts and notes of a run.

    ``languages`` are (code, texts); ``untold`` texts are in a language without a pack.
    """

    files: int
    messages: int
    rules: int
    languages: Sequence[tuple[str, int]]
    untold: int = 0
    unread: Sequence[Unread] = ()
    unseen: Sequence[tuple[str, str]] = ()
    crowded: Sequence[tuple[str, str]] = ()
    told: Sequence[tuple[str, str]] = ()
    policies: Sequence[str] = ()
    notes: Sequence[RuleNote] = field(default_factory=tuple)
    version: str = ""
    color: bool = False
    verbose: bool = False
    width: int = 100
    language: str = "en"
    audit: Audit | None = None

    def line(self, findings: int, errors: int, hint: bool = False) -> str:
        """'checked 3 files, 41 messages, 7 rules; languages: nl 30, en 11: 2 errors, 1 warning'."""
        languages = ", ".join(f"{code} {count}" for code, count in self.languages) or "none"
        say = speaker(self.language)
        said = say(
            f"Checked {_count(self.files, 'file')}, {_count(self.messages, 'message')} against "
            f"{_count(self.rules, 'rule')}; languages: {languages}"
        )
        if self.untold:
            said += "; " + say(f"{_count(self.untold, 'text')} in a language without a pack, not checked")
        left = sum(not unread.error for unread in self.unread)
        broken = sum(unread.error for unread in self.unread)
        if left:
            said += "; " + say(f"{_count(left, 'file')} not recognised")
            said += f" ({say('--verbose says which')})" if hint else ""
        if broken:
            said += "; " + say(f"{_count(broken, 'file')} could not be read")
        warnings = findings - errors
        verdict = (
            "nothing found"
            if not findings
            else " and ".join(
                part
                for part in (
                    _count(errors, "error") if errors else "",
                    _count(warnings, "warning") if warnings else "",
                )
                if part
            )
        )
        return f"{say(verdict)}. {said}."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
