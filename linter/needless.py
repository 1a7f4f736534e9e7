"""Exceptions of the policies in force that hold no more, or that nothing of what was checked needs."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from .doubts import about, is_own
from .entries import called_otherwise, names_in
from .finding import Finding, Related
from .policy.errors import closest
from .policy.excepting import told_expired
from .policy.model import Exemption, Policy, Stands, spelled
from .policy.patterns import Files, near
from .reporters.text import visible
from .trees import current

_MOST_NAMES = 1000  # among which one is looked for that is like a misspelt one
_MOST_READ = 200  # files that are read once more, to see whether anything is called as an exception says
_MOST_BYTES = 20_000_000  # that these have
_MOST_MEANT = 100  # exceptions for which the name is looked for that was meant; who has more made no slip of the pen
_MAGIC = re.compile(r"[*?\[]")
_NO_PATTERN = (
    "'at' is the name of one reply or step, and no pattern: write an exception for each, or one for the whole file"
)


class Run(NamedTuple):
    """What exceptions are judged by: files with their policies, the folders of which all was checked, what they found.

    ``needed`` are the exceptions that covered something, ``unreadable`` the files and folders of which not all could be
    read.
    """

    todo: Sequence[tuple[str, Policy]]
    folders: Sequence[str]
    needed: set[Stands]
    findings: Sequence[Finding]
    unreadable: Collection[str] = ()


def judged(policies: Iterable[Policy], run: Run, today: date) -> tuple[list[Finding], dict[Stands, bool]]:
    """The findings about exceptions, and those that can't be judged, as they may cover what was not checked.

    Of these it is said whether they are for anything that was checked.
    """
    found: list[Finding] = []
    left: dict[Stands, bool] = {}
    judge = _Judge(run)
    done: set[Stands] = set()
    for of in policies:
        for exemption in of.exemptions:
            if exemption.stands in done or not is_own(exemption.place):
                continue
            done.add(exemption.stands)
            if exemption.is_ahead(today):  # what it is for need not be there yet
                continue
            if exemption.expired(today):
                found.append(_expired(exemption))
            elif exemption.stands not in run.needed:
                if judge.concerns(exemption):
                    found.append(_about(exemption, "unused-exception", *judge.unused(exemption)))
                else:
                    left[exemption.stands] = judge.is_for_checked(exemption)
    return found, left


def expired(policy: Policy, today: date) -> list[Finding]:
    """The findings about exceptions that have expired, which nothing has to be checked for."""
    return [_expired(one) for one in policy.exemptions if one.expired(today) and is_own(one.place)]


def _expired(exemption: Exemption) -> Finding:
    return _about(exemption, "expired-exception", *told_expired(exemption.rule, exemption.until))


class _Judge:
    """Judges exceptions that cover nothing, by what is there."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._files = Files(path for path, _ in run.todo)
        self._checked = {os.path.abspath(path) for path, _ in run.todo}
        self._folders = [os.path.abspath(folder) for folder in run.folders]
        self._of_one: dict[str, set[str]] = {}
        self._otherwise: dict[str, str] = {}
        self._of_files: dict[tuple[str, ...], set[str] | None] = {}
        self._found: defaultdict[str, set[str]] = defaultdict(set)
        for finding in run.findings:
            self._found[finding.rule].add(visible(finding.entry))
        self._to_mean = _MOST_MEANT
        self._unreadable = Files(run.unreadable)
        self._closed = [os.path.abspath(path) for path in run.unreadable if current().isdir(path)]

    def is_for_checked(self, exemption: Exemption) -> bool:
        """Whether an exception is for a file of this run."""
        return bool(self._named_by(exemption))

    def concerns(self, exemption: Exemption) -> bool:
        """Whether all files that an exception may speak of were part of this run, or there is none.

        It covers nothing yet in one that could not be read.
        """
        if self._run.unreadable and self._may_be_unread(exemption):
            return False
        root = os.path.abspath(exemption.root)
        if self._has_all(root):
            return True
        fixed = _MAGIC.split(exemption.file)[0]
        folder = fixed.rpartition("/")[0]  # without one it is for files of that name in any folder
        if folder and self._has_all(_joined(root, folder)):
            return True
        path = _joined(root, fixed)
        return fixed == exemption.file and (path in self._checked or (bool(folder) and not current().exists(path)))

    def _may_be_unread(self, exemption: Exemption) -> bool:
        """Whether an exception may be for a file of which not all could be read."""
        if not exemption.file or self._unreadable.fitting(_names(exemption), exemption.root):
            return True
        begins = _joined(os.path.abspath(exemption.root), _MAGIC.split(exemption.file)[0])
        return any(begins.startswith(folder) or folder.startswith(begins) for folder in self._closed)

    def unused(self, exemption: Exemption) -> tuple[str, str]:
        """What is wrong with an exception that covers nothing, and what to do: its path or name may be misspelt."""
        nothing = f"the exception for '{exemption.rule}' covers nothing"
        todo = self._named_by(exemption)
        if exemption.file and not todo:
            hint = self._file_meant(exemption)
            return (
                f"{nothing}: no file that was checked is '{exemption.file}'",
                hint if hint.startswith("did") else "Mend the path, or remove it.",
            )
        if exemption.at:
            known = self._named(todo)
            if known is None:
                hint = self._meant(exemption)
                if hint:
                    return f"{nothing}: no such finding is at '{exemption.at}'", hint
            elif spelled(exemption.at) not in known:
                what = f"{nothing}: no reply or step of what was checked is called '{exemption.at}'"
                pattern = "*" in exemption.at or "?" in exemption.at
                mend = _NO_PATTERN if pattern else "Mend the name, or remove it."
                called = self._otherwise.get(spelled(exemption.at))
                hint = f"did you mean '{visible(called)}'?" if called else self._meant(exemption, known)
                return what, hint or mend
        return (
            f"the exception for '{exemption.rule}' covers no finding",
            "Remove it: nothing that was checked needs it.",
        )

    def _has_all(self, path: str) -> bool:
        return any(os.path.commonpath([path, folder]) == folder for folder in self._folders)

    def _named(self, todo: Sequence[tuple[str, Policy]]) -> set[str] | None:
        """What the replies and steps of some files are called; None where these are too many to be read again."""
        paths = tuple(path for path, _ in todo)
        if paths not in self._of_files:
            self._of_files[paths] = None if _is_much(paths) else set().union(*(self._of_file(*one) for one in todo))
        return self._of_files[paths]

    def _of_file(self, path: str, policy: Policy) -> set[str]:
        from .opening import conversations
        from .outcome import Outcome

        if path not in self._of_one:
            roots = list(map(current().real, self._folders))
            found = conversations(path, Outcome(path), roots, policy=policy)
            self._of_one[path] = set().union(*map(names_in, found))
            for conversation in found:
                self._otherwise.update(called_otherwise(conversation))
        return self._of_one[path]

    def _named_by(self, exemption: Exemption) -> Sequence[tuple[str, Policy]]:
        """The files that an exception names, be it by a member of the archive that one is."""
        if not exemption.file:
            return self._run.todo
        return [self._run.todo[number] for number in self._files.fitting(_names(exemption), exemption.root)]

    def _file_meant(self, exemption: Exemption) -> str:
        """The question whether another file was meant; "" where none is like it, or others were asked for before."""
        self._to_mean -= 1
        if self._to_mean < 0:
            return ""
        return closest(exemption.file, near(exemption.file, exemption.root, (path for path, _ in self._run.todo)))

    def _meant(self, exemption: Exemption, known: Iterable[str] = ()) -> str:
        """The question whether a name was meant that has such a finding, else one of ``known``; "" for none."""
        self._to_mean -= 1
        for every in (self._found[exemption.rule] - {""}, known) if self._to_mean >= 0 else ():
            ends = sorted(name for name in every if name.endswith(f".{exemption.at}"))
            if len(ends) == 1:
                return f"did you mean '{ends[0]}'?"
            # Who mistypes a name mostly writes as many letters as it has.
            likely = sorted(every, key=lambda name: (abs(len(name) - len(exemption.at)), name))[:_MOST_NAMES]
            hint = closest(exemption.at, likely)
            if hint.startswith("did"):
                return hint
        return ""


def _names(exemption: Exemption) -> tuple[str, ...]:
    """What an exception calls its files, and the archive in which that may be one."""
    return tuple(dict.fromkeys((exemption.file, exemption.file.partition("!")[0])))


def _is_much(paths: Sequence[str]) -> bool:
    return len(paths) > _MOST_READ or sum(map(current().size, paths)) > _MOST_BYTES


def _joined(root: str, path: str) -> str:
    return os.path.normpath(os.path.join(root, path))


def _about(exemption: Exemption, rule: str, message: str, instead: str) -> Finding:
    place = exemption.place
    return about(place, rule, message, instead, Related("exception", place.source, place.span))
