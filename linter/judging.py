"""Files judged one by one, in one process or several: what became of each, taken from an earlier run where it holds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from . import stopping
from .cache import digest
from .outcome import Outcome, Unread
from .policy.model import Policy
from .source import SourceError
from .surroundings import Around, digest_of, read_bytes
from .trees import current

if TYPE_CHECKING:
    from .results import Results

_MOST = 200  # processes; more than some hundred could not be listened to at once, and none is quicker
_FEW = 200  # files
_LITTLE = 2_000_000  # bytes; what one process reads and judges in about the time that a second takes to start

Todo = Sequence[tuple[str, Policy]]
"""Files, each with the policy that it is judged by."""


class Judging:
    """How the files of a run are judged.

    ``roots`` are the folders that the user named. ``cached``: results of earlier runs are used, those of this one kept.
    ``mends``: findings come with what would mend them, which is an object of this process, so that neither other
    processes nor earlier runs can help.
    """

    def __init__(self, roots: Sequence[str], today: date, cached: bool, mends: bool) -> None:
        self._roots = roots
        self._today = today
        self._mends = mends
        self._around = Around(roots)
        self._results: Results | None = None
        if cached and not mends:
            from .results import Results

            self._results = Results(roots, today, self._around)

    def outcomes(self, todo: Todo, jobs: int) -> Iterator[tuple[str, Policy, Outcome | None]]:
        """What became of each file, in order; None for one that was read as part of another file's export.

        ``jobs`` processes read and judge them; 0: as many as seem worth it.
        """
        covered: set[str] = set()
        jobs = 1 if self._mends else min(jobs, _MOST) or _worthwhile(todo)
        several = jobs > 1 and len(todo) > 1 and hasattr(os, "fork")
        try:
            for path, of, outcome in self._by_several(todo, jobs) if several else self._by_one(todo, jobs, covered):
                if outcome is None or (covered and current().real(path) in covered):
                    yield path, of, None
                else:
                    covered.update(outcome.covered)
                    yield path, of, outcome
        finally:
            if self._results is not None:
                self._results.save()

    def _by_one(self, todo: Todo, jobs: int, covered: set[str]) -> Iterator[tuple[str, Policy, Outcome | None]]:
        """The outcomes of files that this process judges; several may share a long one. None for what is covered."""
        for path, of in todo:
            skip = bool(covered) and current().real(path) in covered
            yield path, of, None if skip else self._outcome(path, of, jobs)

    def _outcome(self, path: str, of: Policy, jobs: int) -> Outcome:
        content: tuple[bytes | None, str] = None, ""
        if self._results is not None:
            try:
                content = _content(path)
            except SourceError as error:
                return _unread(path, error.reason)
            known = self._results.get(path, of, *content)
            if known is not None:
                return known
        outcome = self._examined(path, of, content, jobs)
        if self._results is not None and outcome.content[1]:
            self._results.put(outcome, of, outcome.content[1])
        return outcome

    def _examined(self, path: str, of: Policy, content: tuple[bytes | None, str], jobs: int) -> Outcome:
        """A file read and judged; ``content`` as ``_content`` gives it, "" where it is unknown or was changed since."""
        from .checking import examine

        data, digest = content
        outcome = examine(path, of, self._today, self._roots, data, jobs, self._around, self._mends)
        if digest and (data is not None or digest == _digest(path)):
            outcome.content = len(data) if data is not None else current().size(path), digest
        return outcome

    def _by_several(self, todo: Todo, jobs: int) -> Iterator[tuple[str, Policy, Outcome]]:
        """The outcomes of files that are judged in several processes; a process that dies is an error."""
        from . import workers

        found = self._known(todo)
        rest = [number for number in range(len(todo)) if number not in found]
        at = 0
        for index, answer, reason in workers.run(range(len(rest)), lambda index: self._work(*todo[rest[index]]), jobs):
            path, of = todo[rest[index]]
            if reason:
                found[rest[index]] = _unread(path, f"the process that checked this file died ({reason})")
            else:
                found[rest[index]] = self._received(path, of, answer)
            while at in found:
                yield (*todo[at], found.pop(at))
                at += 1
        while at in found:
            yield (*todo[at], found.pop(at))
            at += 1

    def _known(self, todo: Todo) -> dict[int, Outcome]:
        """What earlier runs found of the files, by their numbers."""
        found: dict[int, Outcome] = {}
        for number, (path, of) in enumerate(todo if self._results is not None else ()):
            try:
                known = self._results.get(path, of, *_content(path)) if self._results is not None else None
            except SourceError as error:
                known = _unread(path, error.reason)
            if known is not None:
                found[number] = known
        return found

    def _work(self, path: str, of: Policy) -> Any:
        """A file judged in a process of its own, as plain data: the size and digest of its content, the outcome."""
        from .outcome import to_plain

        try:
            content = _content(path)
        except SourceError:
            content = None, ""  # the reason is found again, and told
        outcome = self._examined(path, of, content, 1)
        return (*outcome.content, to_plain(outcome, of.files))

    def _received(self, path: str, of: Policy, answer: Any) -> Outcome:
        """What ``_work`` wrote down."""
        from .outcome import from_plain
        from .results import reader

        size, content, plain = answer
        try:
            outcome = from_plain(plain, of.files, reader(path, content))
        except SourceError as error:
            return _unread(error.path, error.reason)
        outcome.content = size, content
        if self._results is not None and content:
            self._results.put(outcome, of, content)
        return outcome


def _worthwhile(todo: Todo) -> int:
    """How many processes are worth starting: one for little text, else one for each processor."""
    if len(todo) < _FEW:
        total = 0
        for path, _ in todo:
            total += current().size(path)
        if total < _LITTLE:
            return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _content(path: str) -> tuple[bytes | None, str]:
    """The bytes of a file and their digest; None for the bytes of one that is read piece by piece."""
    size = current().size(path)
    if size >= _LITTLE:
        from .documents.pieces import may_be_long

        if may_be_long(path, size):
            return None, digest_of(path)
    with stopping.at_once(size):
        data = read_bytes(path)
        return data, digest(data)


def _digest(path: str) -> str:
    """The digest of a file as it is now; "" for one that can't be read any more."""
    try:
        return digest_of(path)
    except SourceError:
        return ""


def _unread(path: str, reason: str) -> Outcome:
    outcome = Outcome(path)
    outcome.unread.append(Unread(path, reason, True))
    return outcome
