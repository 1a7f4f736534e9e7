"""``check --fix``: findings mended in their files, nothing else touched.

Each edit is proved by reading the file again: every other value is what it was, the text is the expected one, and the
rule finds nothing in it any more. What can't be proved is not written.
"""

from __future__ import annotations

import codecs
import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .conversation import Message, Path
from .documents import Document, Table, open_source
from .documents.decoding import decode
from .documents.spreadsheets import column_name
from .documents.workbooks import with_cell
from .documents.writing import ways
from .documents.xmltext import Element
from .finding import Finding, Mend
from .policy.model import Policy
from .readers import find
from .replacing import replace
from .rules import check as check_rule
from .rules.context import Context
from .source import SourceError
from .surroundings import Folder, read_bytes

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CODECS = {"utf-8-sig": "utf-8"}
_BY_MARK = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass
class Result:
    """What was done: mended findings, those left with the reason, and each changed file before and after."""

    mended: list[Finding] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """A file's bytes and text before and after."""

    path: str
    before: bytes
    after: bytes
    old_text: str
    new_text: str

    def diff(self) -> str:
        """The change as a unified diff."""
        lines = difflib.unified_diff(
            self.old_text.splitlines(), self.new_text.splitlines(), self.path, self.path + " (mended)", lineterm=""
        )
        return "".join(line + "\n" for line in lines)


@dataclass
class _Job:
    """One text to be written anew and the findings that this mends."""

    message: Message
    start: int
    end: int
    text: str
    findings: list[Finding]


def mend(
    findings: Sequence[Finding],
    policies: dict[str, Policy],
    roots: Sequence[str],
    read: Callable[[str], bytes] = read_bytes,
) -> Result:
    """Work out the changes that mend findings; nothing is written. ``policies`` are the policies by file.

    ``read`` gives a file's bytes: an editor's text may be newer than the file.
    """
    result = Result()
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.mend is None:
            result.left.append((finding, "no wording can mend this: it needs a decision"))
        elif finding.mend.message is None:
            result.left.append((finding, finding.mend.reason))
        else:
            by_file.setdefault(finding.source.path, []).append(finding)
    for path, of in by_file.items():
        kind = _Workbook if of[0].source.cells else _File
        try:
            if of[0].source.members:
                raise SourceError(path, "a text in an archive is not mended: mend it where the archive is made")
            kind(path, read(path), policies[path], roots, result).mend(of)
        except SourceError as error:
            result.left += [(finding, error.reason) for finding in of]
    result.changes = [change for change in result.changes if change.before != change.after]
    return result


def write(change: Change) -> None:
    """Write a change in one step. Raises OSError, and then the file is as it was, and SourceError where it changed."""
    target = os.path.realpath(change.path)
    if read_bytes(target) != change.before:
        raise SourceError(change.path, "the file has changed meanwhile; run it again")
    replace(target, change.after)


class _Mended:
    """One file being mended: its bytes as they were, and what it is read as when it is changed."""

    def __init__(self, path: str, before: bytes, policy: Policy, roots: Sequence[str], result: Result) -> None:
        self.path, self.policy, self.roots, self.result = path, policy, roots, result
        self.before = self.now = before

    def mend(self, findings: list[Finding]) -> None:
        jobs = _jobs(findings)
        places = {id(job): job.message.located().span().start for job in jobs}
        for job in sorted(jobs, key=lambda job: (places[id(job)], job.start), reverse=True):
            reason = self._one(job)
            if reason:
                self.result.left += [(finding, reason) for finding in job.findings]
            else:
                self.result.mended += job.findings
        self.result.changes.append(Change(self.path, self.before, self.now, *self._texts()))

    def _texts(self) -> tuple[str, str]:
        raise NotImplementedError

    def _written(self, document: Document, job: _Job, start: int, end: int) -> Iterator[bytes]:
        """Ways to write the edit, as the bytes of the whole file."""
        raise NotImplementedError

    def _one(self, job: _Job) -> str:
        """Make one edit; the reason where none could be proved."""
        message = job.message
        document = next((d for d in self._read(self.now) if _holds(d, message)), None)
        if document is None:
            return "it stands in a document inside another, which is not written"
        start, end = message.offset + job.start, message.offset + job.end
        old = document.text(message.path).value
        expected = old[:start] + job.text + old[end:]
        reason = "no way to write it keeps the rest of the file as it is"
        try:
            for edited in self._written(document, job, start, end):
                after = next((d for d in self._read(edited) if d.source.path == document.source.path), None)
                if after is None or not _same_but(document.value, after.value, message.path, expected):
                    continue
                if self._still_found(after, job):
                    reason = "the rule would still find something in the text"
                    continue
                self.now = edited
                return ""
        except SourceError as error:
            return error.reason
        return reason

    def _read(self, data: bytes) -> list[Document]:
        try:
            return [document for document in open_source(self.path, data) if document.error is None]
        except SourceError:
            return []

    def _still_found(self, document: Document, job: _Job) -> bool:
        reader = find(document)
        if reader is None:
            return True
        conversation = reader.read(document, Folder(document, [document], self.roots))
        context = Context(conversation, self.policy, self.path)
        names = {finding.rule for finding in job.findings}
        begin = document.text(job.message.path).span()
        for rule in self.policy.rules:
            if rule.name in names:
                for finding in check_rule(context, rule):
                    if finding.source is document.source and begin.start <= finding.span.start < begin.end:
                        return True
        return False


class _File(_Mended):
    """A text file: characters are replaced, the encoding, its mark and all else stay."""

    def __init__(self, path: str, before: bytes, policy: Policy, roots: Sequence[str], result: Result) -> None:
        super().__init__(path, before, policy, roots, result)
        self.text, encoding = decode(path, self.before)
        self.mark = next((mark for mark in _MARKS if self.before.startswith(mark)), b"")
        self.codec = _BY_MARK.get(self.mark) or _CODECS.get(encoding, encoding)
        try:
            exact = self._bytes(self.text) == self.before
        except (LookupError, UnicodeError):
            exact = False
        if not exact:
            raise SourceError(path, "its bytes can't be kept as they are in this encoding")

    def _bytes(self, text: str) -> bytes:
        return self.mark + text.encode(self.codec)

    def _texts(self) -> tuple[str, str]:
        return self.text, decode(self.path, self.now)[0]

    def _written(self, document: Document, job: _Job, start: int, end: int) -> Iterator[bytes]:
        text = document.source.text
        for edit in ways(document, job.message.path, start, end, job.text):
            try:
                yield self._bytes(text[: edit.span.start] + edit.text + text[edit.span.end :])
            except UnicodeError:
                continue


class _Workbook(_Mended):
    """An Excel workbook: a cell is replaced, all other members stay byte by byte."""

    def _texts(self) -> tuple[str, str]:
        before, after = self._read(self.before), self._read(self.now)
        return before[0].source.text, after[0].source.text

    def _written(self, document: Document, job: _Job, start: int, end: int) -> Iterator[bytes]:
        if document.kind != "xlsx":
            raise SourceError(self.path, "only Excel workbooks are mended, not OpenDocument ones")
        sheet, row, column = job.message.path
        old = document.text(job.message.path).value
        cell = f"{column_name(int(column))}{int(row) + 1}"
        yield with_cell(self.path, self.now, str(sheet), cell, old[:start] + job.text + old[end:])


def _jobs(findings: list[Finding]) -> list[_Job]:
    """Edits that touch each other become one; the same wording stands once."""
    jobs: list[_Job] = []
    by_message: dict[tuple[Path, int], list[tuple[Mend, Finding]]] = {}
    for finding in findings:
        assert finding.mend is not None and finding.mend.message is not None
        message = finding.mend.message
        by_message.setdefault((message.path, message.offset), []).append((finding.mend, finding))
    for mends in by_message.values():
        mends.sort(key=lambda pair: (pair[0].start, pair[0].end))
        here: list[_Job] = []
        for one, finding in mends:
            assert one.message is not None
            if here and one.start < here[-1].end:
                here[-1].end = max(here[-1].end, one.end)
                here[-1].findings.append(finding)
                if one.text not in here[-1].text:
                    here[-1].text += " " + one.text
            else:
                said = any(one.text in job.text for job in here)
                here.append(_Job(one.message, one.start, one.end, "" if said else one.text, [finding]))
        jobs += here
    return jobs


def _holds(document: Document, message: Message) -> bool:
    try:
        there = document.text(message.path).value
    except LookupError:
        return False
    return there[message.offset : message.offset + len(message.text)] != "" and document.kind == getattr(
        message.document, "kind", document.kind
    )


def _same_but(before: Any, after: Any, path: Path, expected: str) -> bool:
    """Whether two values are equal but for the string at ``path``, which is now ``expected``."""
    if not path:
        return _string(after) == expected.replace("\r\n", "\n") if isinstance(after, str) else _own(after) == expected
    if type(before) is not type(after):
        return False
    if isinstance(before, Table):
        return _same_but(before.rows, after.rows, path, expected)
    if isinstance(before, Element):
        return _same_element(before, after, path, expected)
    if isinstance(before, dict):
        others = [key for key in before if key != path[0]]
        return (
            list(before) == list(after)
            and all(_equal(before[key], after[key]) for key in others)
            and _same_but(before[path[0]], after[path[0]], path[1:], expected)
        )
    if isinstance(before, list):
        if len(before) != len(after) or not isinstance(path[0], int):
            return False
        others_ = [n for n in range(len(before)) if n != path[0]]
        return all(_equal(before[n], after[n]) for n in others_) and _same_but(
            before[path[0]], after[path[0]], path[1:], expected
        )
    return False


def _same_element(before: Element, after: Element, path: Path, expected: str) -> bool:
    if before.tag != after.tag or len(before.children) != len(after.children):
        return False
    step = path[0]
    if isinstance(step, str):
        return False
    if before.attributes != after.attributes:
        return False
    others = [n for n in range(len(before.children)) if n != step]
    return all(_equal(before.children[n], after.children[n]) for n in others) and _same_but(
        before.children[step], after.children[step], path[1:], expected
    )


def _own(value: Any) -> str | None:
    return value.text if isinstance(value, Element) else None


def _string(value: str) -> str:
    return value.replace("\r\n", "\n")


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, Element) and isinstance(after, Element):
        return (
            before.tag == after.tag
            and before.attributes == after.attributes
            and len(before.children) == len(after.children)
            and all(map(_equal, before.children, after.children))
        )
    return type(before) is type(after) and bool(before == after or (before != before and after != after))


def told(result: Result, written: Iterable[str]) -> str:
    """What was mended and what was not, for the author."""
    lines = []
    for finding in sorted(result.mended, key=lambda f: (f.source.path, f.span.start)):
        place = finding.source.position(finding.span.start)
        lines.append(f"mended: {finding.source.path}:{place.line}:{place.column} [{finding.rule}]")
    for finding, reason in sorted(result.left, key=lambda pair: (pair[0].source.path, pair[0].span.start)):
        place = finding.source.position(finding.span.start)
        lines.append(f"not mended: {finding.source.path}:{place.line}:{place.column} [{finding.rule}]: {reason}")
    for path in written:
        lines.append(f"wrote {path}")
    return "".join(line + "\n" for line in lines)
