"""A long file of records judged piece by piece, in one process or several: a piece is forgotten but for its findings.

Only where that gives what reading the file as a whole would give: one reader claims all pieces, reads each record by
itself and asks for no other file. Where it doesn't, Unlike is raised.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from . import slices, workers
from .conversation import LANGUAGE_MODEL, Conversation, Message, Skipped
from .documents.pieces import SIZE, Long, Piece, Unlike, excerpt
from .files import FILE_NAME
from .finding import Finding, Related
from .outcome import Outcome
from .readers import by_record, find, looked_through
from .readers.torn import torn
from .rules.disclaimer import Part
from .source import Source, SourceError

Judge = Callable[[Conversation], tuple[Outcome, list[Part]]]
_OFTEN = 20
_BEGINNING = 400  # messages; what a library's main language is told by


class Library:
    """A long file as the conversations of its pieces.

    ``beginning`` is what the file begins with, and about as much comes ``times`` times, or at least so often that it
    makes no difference.
    """

    def __init__(self, long: Long) -> None:
        self._long = long
        self._state = long.state()
        pieces = long.pieces()
        first = next(pieces, None)
        if first is None:
            raise Unlike
        document = long.document(first)
        if isinstance(document.value, dict) and FILE_NAME.partition(".")[0] in document.value:
            raise Unlike
        reader = find(document)
        if reader is None or not by_record(reader):
            raise Unlike
        self._reader = reader
        self._head = reader.read(long.head(), _Nobody())
        self.beginning = self.conversation(first)
        for piece in pieces:
            if len(self.beginning.messages) >= _BEGINNING:
                break
            messages = [*self.beginning.messages, *self.conversation(piece).messages]
            self.beginning = replace(self.beginning, messages=messages)
        self.times = min(long.size // SIZE + 1, _OFTEN)

    def conversation(self, piece: Piece) -> Conversation:
        """What a piece says. Raises Unlike where the whole might say it otherwise."""
        document = self._long.document(piece)
        if looked_through(document):
            raise Unlike
        read = self._reader.read(document, _Nobody())
        if read.overlooked or torn(document, read.messages):
            raise Unlike
        if read.flows or read.captures or read.facts or (read.channels != self._head.channels):
            raise Unlike
        if piece.first:
            messages = _without_head(read.messages, self._head.messages)
            unseen = _without_head(read.unseen, self._head.unseen)
        else:
            messages, unseen = list(read.messages), list(read.unseen)
        numbers = range(piece.first, piece.first + piece.records)
        for one in (*messages, *unseen):
            if one.document is document and self._long.number(one.path) not in numbers:
                raise Unlike
        if any(one.reason == LANGUAGE_MODEL for one in unseen):
            raise Unlike
        return replace(read, messages=messages, unseen=unseen, skipped=())

    def judged(self, judge: Judge, jobs: int, own: Sequence[Source]) -> Iterator[tuple[Outcome, list[Part]]]:
        """What ``judge`` finds in the pieces, in their order. ``own`` are sources that findings speak of besides.

        Raises SourceError when a process dies.
        """
        if jobs > 1 and hasattr(os, "fork"):
            yield from self._in_parallel(judge, jobs, own)
        else:
            for piece in self._long.pieces():
                yield _detached(*judge(self.conversation(piece)))
        if self._long.state() != self._state:
            raise Unlike

    def _in_parallel(self, judge: Judge, jobs: int, own: Sequence[Source]) -> Iterator[tuple[Outcome, list[Part]]]:
        def work(order: Any) -> Any:
            try:
                return slices.sent(*_detached(*judge(self.conversation(Piece(*order)))), own)
            except Exception:
                return False  # reading the whole tells what is wrong

        found: dict[int, tuple[Outcome, list[Part]]] = {}
        at = 0
        for number, answer, reason in workers.run(map(tuple, self._long.pieces()), work, jobs):
            if reason:
                raise SourceError(self._long.path, f"a process that checked this file died ({reason})")
            if not answer:
                raise Unlike
            found[number] = slices.received(answer, own)
            while at in found:
                yield found.pop(at)
                at += 1


class _Nobody:
    """No neighbours: what stands beside the file would be looked into anew for each piece."""

    def names(self, pattern: str) -> NoReturn:
        raise Unlike

    def open(self, name: str) -> NoReturn:
        raise Unlike


def _without_head(found: Sequence[Any], head: Sequence[Any]) -> list[Any]:
    """What comes after that of the head. Raises Unlike where that is not what it was."""
    if list(map(_told, found[: len(head)])) != list(map(_told, head)):
        raise Unlike
    return list(found[len(head) :])


def _told(one: Message | Skipped) -> tuple[Any, ...]:
    if isinstance(one, Skipped):
        return one.path, one.reason, one.name
    return (
        one.id, one.text, one.path, one.kind, one.markup, one.channels, one.locale, one.tags, one.offset, one.variant
    )  # fmt: skip


def _detached(outcome: Outcome, parts: list[Part]) -> tuple[Outcome, list[Part]]:
    """The same without the piece's text."""
    outcome.findings = [_excerpted(finding) for finding in outcome.findings]
    return outcome, [
        part._replace(
            first=_excerpted(part.first) if part.first else None,
            nearest=_excerpted(part.nearest) if part.nearest else None,
        )
        for part in parts
    ]


def _excerpted(finding: Finding) -> Finding:
    related = tuple(map(_excerpted_place, finding.related))
    if finding.source.part is None:
        return replace(finding, related=related, mend=None)
    source, span = excerpt(finding.source, finding.span)
    return replace(finding, source=source, span=span, related=related, mend=None)


def _excerpted_place(one: Related) -> Related:
    if one.source.part is None:
        return one
    source, span = excerpt(one.source, one.span)
    return replace(one, source=source, span=span)
