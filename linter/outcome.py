"""What became of one file, as objects and as plain data: the form in which workers send it and the cache keeps it.

A place is kept as its source's number and offsets. Sources that are files themselves are not kept: their text is
read anew, and whoever hands over plain data answers for it that the file is the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from .finding import Finding, Related
from .source import Part, Source, SourceError, Span


def own_mistake(error: Exception) -> str:
    """What is said where neverask itself fails. Raises the error where $NEVERASK_DEBUG is set.

    Raises KeyboardInterrupt where it is no mistake but Ctrl-C: Python before 3.12 makes another error of it while a
    class is made.
    """
    if isinstance(error.__cause__, KeyboardInterrupt):
        raise error.__cause__
    if os.environ.get("NEVERASK_DEBUG"):
        raise error
    return f"neverask made a mistake here ({type(error).__name__}: {error}); please report it"


class Unread(NamedTuple):
    """A file that was not checked.

    ``error``: it should have been (broken, no permission); else no reader knows it, or with a line this place in it.
    ``file`` is the archive that it is in, if any. ``words`` is what stands at the place, after ``before`` characters of
    its line; ``cell`` names it in a spreadsheet. ``document`` is the number, from 1, of a whole document of a
    stream, whose first words then stand at the place.
    """

    path: str
    reason: str
    error: bool
    line: int = 0
    column: int = 0
    file: str = ""
    words: str = ""
    before: int = 0
    cell: str = ""
    document: int = 0

    @classmethod
    def of(cls, mistake: SourceError, path: str, error: bool, file: str = "") -> Unread:
        """A file with a mistake in it."""
        line, column = mistake.position[:2] if mistake.position else (0, 0)
        words, before = mistake.words or ("", 0)
        cell = (mistake.position.cell if mistake.position else "") or ""
        return cls(path, mistake.reason, error, line, column, file, words, before, cell)

    @property
    def is_place(self) -> bool:
        """Whether it is a place in what was read: neither a file nor a whole document."""
        return not self.error and self.line > 0 and not self.document

    @property
    def inside(self) -> str:
        """Where it is in an archive or in a spreadsheet, whose lines are none of the file on disk; "" elsewhere."""
        member = self.path[len(self.file) + 1 :] if self.file else ""
        return "!".join(filter(None, (member, self.cell)))

    @property
    def where(self) -> str:
        """The file with the line and column, or the cell of a spreadsheet, if they are known."""
        if self.cell:
            return f"{self.path} {self.cell}"
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


FLOWS = "[flows]"
"""By what name flows are counted that were met; no tag is called so."""
REPLIES = "[replies]"
"""The same of texts that stand in no flow."""


def over(channel: str) -> str:
    """By what name what goes out over a channel is counted; "" for what may go out over any."""
    return f"[over {channel}]"


SMALLEST_LIBRARY = 3  # texts; a single message or two is no library


class Unseen(NamedTuple):
    """A text that customers get and that is not in the file: in which file, what it is called, why.

    ``crowded``: it is in the file and was read, but has too many branches for each to be read by itself.
    ``foreign``: it is in the file and in a language without a pack.
    ``told``: a language model is told about data that it may not ask for; this is always shown.
    """

    path: str
    name: str
    reason: str
    crowded: bool = False
    told: bool = False
    foreign: bool = False


class Hidden(NamedTuple):
    """Findings that a report leaves out: how many, by what (the file of a baseline, or the revision at which they stood
    already), and how many that were there are gone. ``state`` says in which state that was: the SHA-256 of the file, or
    the commit.
    """

    by: str
    number: int
    gone: int
    state: str = ""


class Kept(NamedTuple):
    """A finding that an exception covers, and where that is written: the file and the line."""

    finding: Finding
    path: str
    line: int


class Tally:
    """Findings, what was not checked, and counts, of a file or of a whole run.

    ``kept`` are the findings that exceptions cover, those of the policy and those in place;
    ``allowed`` are the exceptions in place (path, line, rule, until, reason, used, what is wrong with it);
    ``without_rule`` the numbers of messages on channels for which no rule holds, by the names of these. ``met`` says
    how often something was there that a policy needs: ``FLOWS``, ``REPLIES``, what is ``over`` each channel, and the
    tags that it names, as they are compared.
    """

    __slots__ = (
        "allowed",
        "files",
        "findings",
        "formats",
        "kept",
        "languages",
        "messages",
        "met",
        "policy_files",
        "unread",
        "unseen",
        "untold",
        "used",
        "without_rule",
    )  # fmt: skip

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.unread: list[Unread] = []
        self.unseen: list[Unseen] = []
        self.allowed: list[tuple[str, int, str, str, str, bool, str]] = []
        self.files = 0
        self.policy_files = 0
        self.messages = 0
        self.untold = 0
        self.kept: list[Kept] = []
        self.languages: dict[str, int] = {}
        self.formats: dict[str, int] = {}
        self.used: set[int] = set()
        self.without_rule: dict[str, int] = {}
        self.met: dict[str, int] = {}

    def count(self, other: Tally) -> None:
        """Take in all of another tally but its ``used``."""
        self.findings += other.findings
        self.unread += other.unread
        self.unseen += other.unseen
        self.allowed += other.allowed
        self.files += other.files
        self.policy_files += other.policy_files
        self.messages += other.messages
        self.untold += other.untold
        self.kept += other.kept
        of_each = (
            (self.languages, other.languages),
            (self.formats, other.formats),
            (self.without_rule, other.without_rule),
            (self.met, other.met),
        )
        for total, counts in of_each:
            for name, count in counts.items():
                total[name] = total.get(name, 0) + count


class Outcome(Tally):
    """Findings and counts of the file at ``path``.

    ``covered`` are other files that were read with it as one export, ``used`` the numbers of the exceptions that
    covered something. ``looked`` says what was asked of the folders around: (folder, pattern) and the names found,
    ``opened`` the neighbours that were read; ``holds`` is the last day for which the outcome is right, "" for any,
    and ``expired`` the last one for which it is not yet. ``led`` are the paths of the policy's ``sources`` that led to
    anything: the number of the entry and the name of the field, "files" for an entry that was used. ``ours``: it
    is a report of neverask's own. ``content`` is the size and the digest of the bytes that it is about, where they are
    known. ``alone`` are findings in a file of one reply or two, which are told of its folder if that is a library;
    ``warned`` are the rules on libraries to which such a file gives what they ask for, or an exception to them.
    """

    __slots__ = (
        "alone", "content", "covered", "expired", "holds", "led", "looked", "opened", "ours", "path", "warned"
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.alone: list[Finding] = []
        self.covered: list[str] = []
        self.warned: list[str] = []
        self.looked: dict[tuple[str, str], tuple[str, ...]] = {}
        self.opened: dict[str, str] = {}
        self.led: list[tuple[int, str]] = []
        self.ours = False
        self.holds = ""
        self.expired = ""
        self.content = (0, "")


_WORDS = tuple(field.name for field in fields(Finding) if field.name not in ("source", "span", "related", "mend"))
"""What is told of a finding in words and numbers. (What would mend it belongs to the text as it was read.)"""

_PARTS = (
    "files",
    "policy_files",
    "messages",
    "untold",
    "languages",
    "formats",
    "without_rule",
    "met",
    "covered",
    "opened",
    "led",
    "ours",
    "warned",
    "allowed",
    "holds",
    "expired",
)


def to_plain(outcome: Outcome, own: Sequence[Source]) -> tuple[Any, ...]:
    """The outcome as tuples, dicts, strings and numbers. ``own`` are the policy's sources, told by their number."""
    numbers = {id(source): number for number, source in enumerate(own)}
    kept: list[Any] = []

    def number_of(source: Source) -> int:
        number = numbers.get(id(source))
        if number is None:
            number = numbers[id(source)] = len(own) + len(kept)
            of_its_own = not source.members and (source.path == outcome.path or source.path in outcome.opened)
            if source.cells or source.part or not of_its_own:
                part = tuple(source.part) if source.part else None
                kept.append((source.path, source.text, source.cells, source.members, part))
            else:
                kept.append((source.path, outcome.opened.get(source.path, "")))
        return number

    findings = [
        (
            [getattr(f, name) for name in _WORDS],
            number_of(f.source),
            *f.span,
            tuple((r.message, number_of(r.source), *r.span, r.step, r.label) for r in f.related),
        )
        for f in (*outcome.findings, *outcome.alone, *(one.finding for one in outcome.kept))
    ]
    return (
        outcome.path,
        findings,
        kept,
        [tuple(unread) for unread in outcome.unread],
        [tuple(unseen) for unseen in outcome.unseen],
        [getattr(outcome, part) for part in _PARTS],
        sorted(outcome.used),
        list(outcome.looked.items()),
        len(outcome.alone),
        [(one.path, one.line) for one in outcome.kept],
    )


def _source(path: str, text: str, cells: Any, members: Any, part: Any) -> Source:
    return Source(path, text, cells, members, Part(*part) if part else None)


def from_plain(plain: tuple[Any, ...], own: Sequence[Source], text_of: Callable[[str, str], str]) -> Outcome:
    """The outcome that ``to_plain`` wrote down; ``text_of`` reads a file, whose digest is "" for the file itself."""
    path, findings, kept, unread, unseen, parts, used, looked, alone, excepted = plain
    outcome = Outcome(path)
    sources = [*own, *(Source(k[0], text_of(*k)) if len(k) == 2 else _source(*k) for k in kept)]
    for words, source, start, end, related in findings:
        places = tuple(
            Related(said, sources[number], Span(first, last), *step) for said, number, first, last, *step in related
        )
        said = dict(zip(_WORDS, words, strict=True))
        outcome.findings.append(Finding(source=sources[source], span=Span(start, end), related=places, **said))
    told = len(findings) - len(excepted)
    outcome.kept = [Kept(one, *by) for one, by in zip(outcome.findings[told:], excepted, strict=True)]
    outcome.findings, outcome.alone = outcome.findings[: told - alone], outcome.findings[told - alone : told]
    outcome.unread = [Unread(*one) for one in unread]
    outcome.unseen = [Unseen(*one) for one in unseen]
    for name, value in zip(_PARTS, parts, strict=True):
        setattr(outcome, name, value)
    outcome.used = set(used)
    outcome.looked = dict(looked)
    return outcome
