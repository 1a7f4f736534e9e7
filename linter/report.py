"""What a run found and did."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO

from .again import Basis
from .finding import Finding
from .outcome import Hidden, Outcome, Tally, Unread
from .policy.model import Policy, Stands
from .source import SourceError
from .trees import current, reading

_BLOCK = 1 << 20  # bytes


class Report(Tally):
    """All that a run found and did.

    ``rules`` are those that files were judged by: name, sentence, level. ``needed`` says where each exception of a
    policy is written that covered something, ``unjudged`` where those are that may cover what was not checked, and
    whether they are for anything that was. ``led`` says by their ``id`` which entries of ``sources`` were used
    ("files") and which of their paths led to anything. ``met_under`` is what was met of what each policy needs.
    ``read`` are the files that the report holds something of, each with the policy that judged it, ``checked`` those
    that were looked at, ``folders`` the folders of which all was; ``unreadable`` are the files and folders of which not
    all could be read, so that nothing can be said of what they lack. ``basis`` says what the report rests on, where
    that is known. ``known`` is what a baseline leaves out, ``stood`` what a comparison does, None where there is none;
    ``left_out`` are the findings that these are. ``tree`` is what the files were read from, which ``read_from`` says
    in words ("" for the files as they stand). ``idle`` are the files that are policies under another name.
    """

    def __init__(self, roots: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.rules: set[tuple[str, str, str]] = set()
        self.needed: set[Stands] = set()
        self.unjudged: dict[Stands, bool] = {}
        self.policies: list[Policy] = []
        self.led: set[tuple[int, str]] = set()
        self.met_under: dict[str, set[str]] = {}
        self.read: dict[str, str] = {}
        self.roots = roots
        self.checked: list[str] = []
        self.folders: list[str] = []
        self.unreadable: set[str] = set()
        self._blind: set[str] = set()
        self.basis: Basis | None = None
        self.known: Hidden | None = None
        self.stood: Hidden | None = None
        self.left_out: list[Finding] = []
        self.tree = current()
        self.read_from = ""
        self.idle: list[str] = []

    def miss(self, unread: Iterable[Unread]) -> None:
        """Take note of what could not be read, be it a file, a part of one or a folder."""
        for path in {one.file or one.path for one in unread if one.error} - self.unreadable:
            self.unreadable.add(path)
            at = os.path.realpath(path)
            while at not in self._blind:
                self._blind.add(at)
                at = os.path.dirname(at)

    def has_all_of(self, folder: str) -> bool:
        """Whether all that is below a folder, such as that of a policy, was looked at and could be read."""
        return all_below(folder, self.roots) and os.path.realpath(folder) not in self._blind

    @property
    def files_read(self) -> int:
        """How many files the report holds something of, each once, be it of several bots or be they one bot."""
        return len(set(map(current().real, self.read)))

    def judged_by(self) -> dict[str, str]:
        """The files that the report holds something of, as they were found, each with the policy that judged it."""
        with reading(self.tree):
            known = {current().real(path): policy for path, policy in self.read.items()}
            places = {path: current().real(path) for path in self.checked}
        return {path: known[place] for path, place in places.items() if place in known}

    @property
    def hidden(self) -> list[Finding]:
        """The findings that a report does not show as such."""
        return [*(one.finding for one in self.kept), *self.left_out]

    def leave_out(self, shown: Iterable[Finding]) -> None:
        """Have these of the findings alone in the report."""
        shown = list(shown)
        told = set(map(id, shown))
        self.left_out += (finding for finding in self.findings if id(finding) not in told)
        self.findings = shown

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """The SHA-256 of files, by their paths; of one that can't be read any more there is none."""
        found: dict[str, str] = {}
        with reading(self.tree):
            for path in paths:
                with suppress(SourceError), current().open(path) as file:
                    found[path] = _sha256(file)
        return found

    @property
    def policy_digests(self) -> list[tuple[str, str]]:
        """The policy files of the organisation's own with their SHA-256; bundled ones go with neverask's version."""
        paths = {source.path for of in self.policies for source in of.own_files}
        return sorted(self.digests(paths).items())

    @property
    def policies_that_judged(self) -> list[Policy]:
        """The policies that a report names: the organisation's own, and bundled ones that judged a file.

        A readme above the folders that have a policy each is nobody's reply, so that nothing was held against the
        bundled policy that would hold for it.
        """
        judged = set(self.read.values())
        return [of for of in self.policies if of.own_files or of.name in judged] or self.policies

    @property
    def errors(self) -> list[Unread]:
        return [unread for unread in self.unread if unread.error]

    def add(self, outcome: Outcome, policy: Policy) -> None:
        """Take in what became of a file."""
        self.count(outcome)
        if outcome.files:
            self.read.update(dict.fromkeys((outcome.path, *outcome.covered), policy.name))
            self.rules.update((rule.name, rule.sentence.text, rule.level) for rule in policy.in_force)


def _sha256(file: BinaryIO) -> str:
    from hashlib import sha256  # OpenSSL takes long to load

    found = sha256()
    while block := file.read(_BLOCK):
        found.update(block)
    return found.hexdigest()


def all_below(folder: str, roots: Iterable[str]) -> bool:
    """Whether a folder, such as that of a policy, is one of ``roots`` or below one, so that all in it was looked at."""
    real = os.path.realpath(folder)
    return any(os.path.commonpath([root, real]) == root for root in roots)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By file and place; the same judgement at the same place only once, for the first reply that is written there."""
    unique = {(f.source.path, f.in_file, f.rule, f.data, f.message): f for f in reversed([*findings])}
    return sorted(unique.values(), key=lambda f: (f.source.path, *f.in_file, f.rule, f.message))
