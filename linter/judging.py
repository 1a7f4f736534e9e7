"""Files judged one by one, in one process or several: what became of each, taken from an earlier run where it holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import stopping
from .cache import digest
from .outcome import Outcome, Unread, from_plain, to_plain
from .policy.model import Policy
from .source import SourceError
from .surroundings import Around, digest_of, read_bytes
from .trees import current

if TYPE_CHECKING:
    from .results import Results

_MOST = 200  # processes; more than some hundred could not be listened to at once, and none is quicker
_FEW = 200  # files
_LITTLE = 2_000_000  # bytes; what one process reads and judges in about the time that a second takes to start
_EACH = 16  # shares a process
_ALONE = 1_000  # bytes of text that take as long as a file does however short it is

Todo = Sequence[tuple[str, Policy]]
"""Files, each with the policy that it is judged by."""
Share = Sequence[int]
"""The numbers of files that one process judges, one after the other."""


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
            judged = self._by_several if several else self._by_one
            for path, of, outcome in judged(todo, jobs, covered):
                if outcome is not None:
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
            content = _content_if_readable(path)
            known = self._results.get(path, of, *content) if content[1] else None
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

    def _by_several(self, todo: Todo, jobs: int, covered: set[str]) -> Iterator[tuple[str, Policy, Outcome | None]]:
        """The outcomes of files that are judged in several processes. None for what is covered.

        Each process takes a share of files that follow one another: as a rule those of one export, read but once.
        """
        found, left = self._known(todo)
        awaited = set(left)
        at = 0
        for numbers, outcomes in chain([((), {})], self._heard(todo, _shares(todo, left, jobs, covered), jobs)):
            found.update(outcomes)
            awaited.difference_update(numbers)
            while at < len(todo):
                path, of = todo[at]
                outcome = found.pop(at, None)
                if covered and current().real(path) in covered:
                    yield path, of, None
                elif at in awaited:
                    break
                else:  # left out as covered, by what turned out to be covered itself: judged here
                    yield path, of, self._outcome(path, of, 1) if outcome is None else outcome
                at += 1

    def _known(self, todo: Todo) -> tuple[dict[int, Outcome], list[int]]:
        """What earlier runs found of the files, by their numbers, and the numbers of those to be judged."""
        found: dict[int, Outcome] = {}
        left: list[int] = []
        covered: set[str] = set()
        for number, (path, of) in enumerate(todo):
            if covered and current().real(path) in covered:
                continue
            content = _content_if_readable(path) if self._results is not None else (None, "")
            known = self._results.get(path, of, *content) if self._results is not None and content[1] else None
            if known is None:
                left.append(number)
            else:
                found[number] = known
                covered.update(known.covered)
        return found, left

    def _heard(self, todo: Todo, shares: Iterable[Share], jobs: int) -> Iterator[tuple[Share, dict[int, Outcome]]]:
        """The numbers of each share and what became of its files, as the shares are ready.

        A process that dies is an error: its share is judged anew, each file in a process of its own, to tell of which.
        """
        from . import workers

        given: list[Share] = []
        again: list[Share] = []

        def orders() -> Iterator[Share]:
            for share in shares:
                given.append(share)
                yield share

        covered: set[str] = set()  # of each process its own: what it has read itself
        for index, answer, reason in workers.run(orders(), lambda numbers: self._work(todo, numbers, covered), jobs):
            numbers = given[index]
            if not reason:
                yield numbers, {number: self._received(todo[number], plain) for number, plain in answer}
            elif len(numbers) > 1:
                again += ([number] for number in numbers)
            else:
                path = todo[numbers[0]][0]
                yield numbers, {numbers[0]: _unread(path, f"the process that checked this file died ({reason})")}
        if again:
            yield from self._heard(todo, again, jobs)

    def _work(self, todo: Todo, numbers: Share, covered: set[str]) -> list[tuple[int, Any]]:
        """A share judged in a process of its own: the numbers of its files with what became of them, as plain data.

        What is ``covered`` by files of earlier shares is left out, and what those of this one cover is put there.
        """
        answers: list[tuple[int, Any]] = []
        for number in numbers:
            path, of = todo[number]
            if not covered or current().real(path) not in covered:
                outcome = self._judged(path, of)
                covered.update(outcome.covered)
                answers.append((number, (*outcome.content, to_plain(outcome, of.files))))
        return answers

    def _judged(self, path: str, of: Policy) -> Outcome:
        return self._examined(path, of, _content_if_readable(path), 1)

    def _received(self, judged: tuple[str, Policy], answer: Any) -> Outcome:
        """What ``_work`` wrote down of a file: the size and digest of its content, the outcome."""
        from .results import reader

        path, of = judged
        size, content, plain = answer
        try:
            outcome = from_plain(plain, of.files, reader(path, content))
        except SourceError as error:
            return _unread(error.path, error.reason)
        outcome.content = size, content
        if self._results is not None and content:
            self._results.put(outcome, of, content)
        return outcome


def _shares(todo: Todo, numbers: Sequence[int], jobs: int, covered: set[str]) -> Iterator[Share]:
    """Files by their numbers, in order, in shares of about as many bytes; enough that no process waits long.

    What is ``covered`` by when its share is asked for is in none.
    """
    sizes = [current().size(todo[number][0]) + _ALONE for number in numbers]
    most = sum(sizes) / (jobs * _EACH)
    share: list[int] = []
    filled = 0
    for number, size in zip(numbers, sizes, strict=True):
        if not covered or current().real(todo[number][0]) not in covered:
            share.append(number)
            filled += size
        if filled >= most:
            yield share
            share, filled = [], 0
    if share:
        yield share


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


def _content_if_readable(path: str) -> tuple[bytes | None, str]:
    """The same; "" for the digest of a file that can't be read: whether that matters, and why, is found again."""
    try:
        return _content(path)
    except SourceError:
        return None, ""


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
