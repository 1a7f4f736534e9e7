"""The edits of one file that can be proved: all at once where that goes, else as many as do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from ..documents import Document
from ..documents.writing import Edit
from ..finding import Finding
from ..policy.model import Policy
from ..readers.nodes import Joined
from ..source import SourceError
from .jobs import Job, escapes, jobs_for, ways_of, with_edits
from .judge import Judge
from .proof import changed_as_expected, holds, one_changed, place_of, reads_alike, same_but, same_file
from .result import Change, Result

INSIDE = "it stands in a document inside another, which could not be written without touching more"
_JOINED = "its words stand in several strings or in a formula, which could not be written without touching more"


class Mended:
    """One file being mended: its bytes as they were, and what it is read as when it is changed."""

    _several = True
    """Whether several edits can be made at once."""

    def __init__(self, path: str, before: bytes, policy: Policy, roots: Sequence[str], result: Result) -> None:
        self.path, self.result = path, result
        self._judge = Judge(path, policy, roots)
        self.before = self.now = before
        self._made: list[Job] = []
        self._failed: list[tuple[Job, str]] = []

    def mend(self, findings: list[Finding]) -> None:
        """Make what edits can be proved, in the twins of the texts as well ("body_html" beside "body_text")."""
        self._mend(findings)
        twins = self._judge.come_to_light(self._made, self.before, self.now) if self._made else []
        if twins:
            self._mend(twins)
        self.result.changes.append(Change(self.path, self.before, self.now, self._texts()))

    def _mend(self, findings: list[Finding]) -> None:
        """Make edits. Where the one that holds the wording can't be made, no other goes on its account."""
        given_up: list[tuple[Finding, str]] = []
        before = self.now
        while True:
            self.now, self._made, self._failed = before, [], []
            jobs = jobs_for(findings)
            places = {id(job): place_of(job.message) for job in jobs}
            self._some(sorted(jobs, key=lambda job: (places[id(job)], job.start), reverse=True))
            silent = [(job, reason) for failed, reason in self._failed for job in self._made if failed.speaks_for(job)]
            if not silent:
                break
            given_up += [(finding, reason) for job, reason in (*self._failed, *silent) for finding in job.findings]
            gone = {id(finding) for finding, _ in given_up}
            findings = [finding for finding in findings if id(finding) not in gone]
        self.result.mended += [finding for job in self._made for finding in job.findings]
        self.result.left += [(finding, reason) for job, reason in self._failed for finding in job.findings]
        self.result.left += given_up

    def _some(self, jobs: list[Job]) -> None:
        """Make edits, those behind first: all at once where that can be proved, else each half of them.

        To read and judge the file anew for each would take a time that grows with the square of its length.
        """
        if len(jobs) > 1:
            if self._together(jobs):
                self._made += jobs
                return
            half = len(jobs) // 2
            self._some(jobs[:half])
            self._some(jobs[half:])
            return
        for job in jobs:
            reason = self._one(job)
            if reason:
                self._failed.append((job, reason))
            else:
                self._made.append(job)

    def _together(self, jobs: list[Job]) -> bool:
        """Make several edits of one document as they are written first, if all of them can be proved; else none."""
        documents = self._judge.read(self.now) if self._several else []
        document = next((d for d in documents if all(holds(d, job) for job in jobs)), None)
        if document is None:
            return False
        try:
            edits = sorted(edit for job in jobs for edit in islice(ways_of(document, job), 1))
            if len(edits) < len(jobs) or any(one.span.end > other.span.start for one, other in pairwise(edits)):
                return False
            edited = self._bytes(document, with_edits(document.source.text, edits))
            around = self._judge.read(edited)
            after = same_file(around, document)
            if after is None or not changed_as_expected(document, after, jobs):
                return False
        except (SourceError, UnicodeError, LookupError):
            return False
        if not self._judge.all_help((document, documents), (after, around), jobs, edits):
            return False
        self.now = edited
        return True

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        raise NotImplementedError

    def _bytes(self, document: Document, text: str) -> bytes:
        """The bytes of the whole file with the document's text replaced. Raises SourceError and UnicodeError."""
        raise NotImplementedError

    def _written(self, document: Document, job: Job, expected: str) -> Iterator[bytes]:
        """Ways to write the edit, which makes ``expected`` of the text, as the bytes of the whole file."""
        for edit in ways_of(document, job):
            try:
                yield self._bytes(document, with_edits(document.source.text, [edit]))
            except UnicodeError:
                continue

    def _one(self, job: Job) -> str:
        """Make one edit; the reason where none could be proved."""
        message = job.message
        documents = self._judge.read(self.now)
        document = next((d for d in documents if holds(d, job)), None)
        try:
            if document is None:
                return self._inner(documents, job)
            start, end = message.offset + job.start, message.offset + job.end
            old = document.text(message.path).value
            expected = old[:start] + job.text + old[end:]
            reason = "no way to write it keeps the rest of the file as it is"
            for edited in self._written(document, job, expected):
                around = self._judge.read(edited)
                after = same_file(around, document)
                if after is None or not same_but(document.value, after.value, message.path, expected):
                    continue
                fault = self._judge.still_wrong((document, documents), (after, around), job)
                if fault:
                    reason = fault
                    continue
                self.now = edited
                return ""
        except SourceError as error:
            return error.reason
        return reason

    def _inner(self, documents: list[Document], job: Job) -> str:
        """Make an edit in a string that is a document itself (JSON in JSON), or a piece of a text put together.

        Its proof is what the reader reads: all texts are what they were but this one, and one string has changed, or
        of XML one element.
        """
        located = job.message.located()
        document = next((d for d in documents if d.source.path == located.source.path), None)
        span = located.span(job.start, job.end)
        if document is None or document.source.text[: span.end] != located.source.text[: span.end]:
            return INSIDE
        before = self._judge.conversation(document, documents)
        for written in escapes(job):
            try:
                edited = self._bytes(document, with_edits(document.source.text, [Edit(span, written)]))
            except UnicodeError:
                continue
            around = self._judge.read(edited)
            after = same_file(around, document)
            if after is None or not one_changed(document.value, after.value, job.message.path):
                continue
            if not reads_alike(before, self._judge.conversation(after, around), job):
                continue
            fault = self._judge.still_wrong((document, documents), (after, around), job)
            if fault:
                return fault
            self.now = edited
            return ""
        return _JOINED if isinstance(job.message.document, Joined) else INSIDE
