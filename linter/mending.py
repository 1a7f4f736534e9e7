"""``check --fix``: findings mended in their files, nothing else touched.

Each edit is proved by reading the file again: every other value is what it was, the text is the expected one, and the
rule finds nothing in it any more. What can't be proved is not written.
"""

from __future__ import annotations

import codecs
import difflib
import io
import json
import os
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, islice, pairwise
from math import inf
from typing import Any
from xml.sax.saxutils import escape as xml_escape

from .conversation import Conversation, Message, Path
from .documents import Document, Table, odscells, open_source, workbooks, yamltext
from .documents.archives import is_archive
from .documents.decoding import decode, marks
from .documents.repacking import with_member
from .documents.spreadsheets import column_name
from .documents.writing import Edit, ways
from .documents.xmltext import Element
from .finding import Finding, Mend, worded
from .meant import begun_alike
from .policy.model import Policy
from .readers import find
from .readers.nodes import Joined
from .replacing import replace
from .reporters.grouping import unreported
from .reporters.text import visible
from .rules import check as check_rule
from .rules.context import Context
from .source import SourceError
from .surroundings import Folder, read_bytes

_CODECS = {"utf-8-sig": "utf-8"}
_BY_MARK = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

_INSIDE = "it stands in a document inside another, which could not be written without touching more"
_JOINED = "its words stand in several strings or in a formula, which could not be written without touching more"


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
            for line in _unified(old.splitlines(), new.splitlines(), visible(path))
        )


def _unified(old: list[str], new: list[str], name: str) -> Iterator[str]:
    """A unified diff as difflib makes it, which alone would compare each line with all those that are like it."""
    matcher: Any = difflib.SequenceMatcher()
    matcher.opcodes = list(_opcodes(old, new))
    for number, group in enumerate(matcher.get_grouped_opcodes()):
        if not number:
            yield from (f"--- {name}", f"+++ {name} (mended)")
        first, last = group[0], group[-1]
        yield f"@@ -{_lines(first[1], last[2])} +{_lines(first[3], last[4])} @@"
        for kind, start, end, there, until in group:
            if kind == "equal":
                yield from (f" {line}" for line in old[start:end])
            else:
                yield from (f"-{line}" for line in old[start:end])
                yield from (f"+{line}" for line in new[there:until])


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What becomes of which lines. Edits that leave as many as there were are seen line by line."""
    if len(old) == len(new):
        at = 0
        for is_alike, run in groupby(zip(old, new, strict=True), lambda pair: pair[0] == pair[1]):
            start, at = at, at + sum(1 for _ in run)
            yield "equal" if is_alike else "replace", start, at, start, at
        return
    before = begun_alike(old, new)
    after = min(begun_alike(old[::-1], new[::-1]), len(old) - before, len(new) - before)
    ends = len(old) - after, len(new) - after
    yield "equal", 0, before, 0, before
    between = difflib.SequenceMatcher(None, old[before : ends[0]], new[before : ends[1]])
    for kind, start, end, there, until in between.get_opcodes():
        yield kind, before + start, before + end, before + there, before + until
    yield "equal", ends[0], len(old), ends[1], len(new)


def _lines(start: int, end: int) -> str:
    """Lines as a hunk of a diff names them."""
    return f"{start + 1}" if end - start == 1 else f"{start + (end > start)},{end - start}"


@dataclass
class _Job:
    """One text to be written anew and the findings that this mends."""

    message: Message
    start: int
    end: int
    text: str
    findings: list[Finding]
    wording: str = ""

    def add(self, other: Mend) -> None:
        """Say what mends another finding at the same place; what each would keep can't be told apart then."""
        begins_alike = self.text[1:] == self.wording[1:]
        mine, others = self.text if begins_alike else self.wording or self.text, other.wording or other.text
        self.text, self.wording = mine if others[1:] in mine else f"{mine} {others}", ""

    @property
    def worded(self) -> str:
        return worded(self.text, self.wording)

    def speaks_for(self, other: _Job) -> bool:
        """Whether another request in the same text goes without a wording of its own, since this one brings it."""
        same = (self.message.path, self.message.offset, self.findings[0].source.path)
        return bool(self.text and not other.text) and same == (
            other.message.path,
            other.message.offset,
            other.findings[0].source.path,
        )


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
            by_file.setdefault(finding.source.file, []).append(finding)
    for path, of in by_file.items():
        kind = _Archive if of[0].source.members else _Workbook if of[0].source.cells else _File
        try:
            kind(path, read(path), policies[of[0].source.path], roots, result).mend(of)
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

    _several = True
    """Whether several edits can be made at once."""

    def __init__(self, path: str, before: bytes, policy: Policy, roots: Sequence[str], result: Result) -> None:
        self.path, self.policy, self.roots, self.result = path, policy, roots, result
        self.before = self.now = before
        self._made: list[_Job] = []
        self._failed: list[tuple[_Job, str]] = []

    def mend(self, findings: list[Finding]) -> None:
        """Make what edits can be proved, in the twins of the texts as well ("body_html" beside "body_text")."""
        self._mend(findings)
        twins = self._come_to_light() if self._made else []
        if twins:
            self._mend(twins)
        self.result.changes.append(Change(self.path, self.before, self.now, self._texts()))

    def _come_to_light(self) -> list[Finding]:
        """What was mended, as it is found again in texts that are read only now: the same words stood elsewhere."""
        mended = {(finding.rule, finding.data) for job in self._made for finding in job.findings}
        rules = [rule for rule in self.policy.rules if rule.name in {name for name, _ in mended}]
        known = {place for _, places in self._said(self.before) for place in places}
        found: dict[tuple[str, Path, int, str], Finding] = {}
        for conversation, places in self._said(self.now):
            new = places - known
            context = Context(conversation, self.policy, self.path)
            for finding in (one for rule in rules for one in check_rule(context, rule)) if new else ():
                message = finding.mend.message if finding.mend is not None else None
                path = finding.source.path
                if message is not None and (path, message.path) in new and (finding.rule, finding.data) in mended:
                    found[path, message.path, finding.span.start, finding.rule] = finding
        return list(found.values())

    def _said(self, data: bytes) -> Iterator[tuple[Conversation, set[tuple[str, Path]]]]:
        """The conversations in the file's bytes, each with the places of its texts."""
        documents = self._read(data)
        for document in documents:
            conversation = self._conversation(document, documents)
            if conversation is not None:
                yield conversation, {(document.source.path, message.path) for message in conversation.messages}

    def _mend(self, findings: list[Finding]) -> None:
        """Make edits. Where the one that holds the wording can't be made, no other goes on its account."""
        given_up: list[tuple[Finding, str]] = []
        before = self.now
        while True:
            self.now, self._made, self._failed = before, [], []
            jobs = _jobs(findings)
            places = {id(job): _place(job.message) for job in jobs}
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

    def _some(self, jobs: list[_Job]) -> None:
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

    def _together(self, jobs: list[_Job]) -> bool:
        """Make several edits of one document as they are written first, if all of them can be proved; else none."""
        documents = self._read(self.now) if self._several else []
        document = next((d for d in documents if all(_holds(d, job) for job in jobs)), None)
        if document is None:
            return False
        try:
            edits = sorted(edit for job in jobs for edit in islice(_ways(document, job), 1))
            if len(edits) < len(jobs) or any(one.span.end > other.span.start for one, other in pairwise(edits)):
                return False
            edited = self._bytes(document, _with(document.source.text, edits))
            around = self._read(edited)
            after = _same_file(around, document)
            if after is None or not _changed_as_expected(document, after, jobs):
                return False
        except (SourceError, UnicodeError, LookupError):
            return False
        if not self._all_help((document, documents), (after, around), jobs, edits):
            return False
        self.now = edited
        return True

    def _all_help(
        self,
        old: tuple[Document, list[Document]],
        new: tuple[Document, list[Document]],
        jobs: list[_Job],
        edits: list[Edit],
    ) -> bool:
        """Whether each text has fewer findings than before by those that were to be mended, or none."""
        names = {finding.rule for job in jobs for finding in job.findings}
        before, after = self._found(*old, names), self._found(*new, names)
        if after is None:
            return False
        ends = [edit.span.end for edit in edits]
        moved = [0, *accumulate(len(edit.text) - (edit.span.end - edit.span.start) for edit in edits)]
        by_text: dict[int, list[_Job]] = {}
        for job in jobs:
            by_text.setdefault(job.message.located().span().start, []).append(job)
        for start, of_text in by_text.items():
            rules = {finding.rule for job in of_text for finding in job.findings}
            there = start + moved[bisect_right(ends, start)]
            left = sum(rule in rules for rule in after.get(there, ()))
            least = sum(len(job.findings) for job in of_text)
            if left and left > sum(rule in rules for rule in (before or {}).get(start, ())) - least:
                return False
        return True

    def _found(self, document: Document, around: list[Document], names: set[str]) -> dict[int, list[str]] | None:
        """The rules that find something in each text, once a finding, by where the text begins; None for no replies."""
        conversation = self._conversation(document, around)
        if conversation is None:
            return None
        texts = {
            located.span()
            for message in conversation.messages
            if (located := message.located()).source is document.source
        }
        context = Context(conversation, self.policy, self.path)
        places = {
            (finding.span.start, finding.rule, finding.span, finding.data)
            for rule in self.policy.rules
            if rule.name in names
            for finding in check_rule(context, rule)
            if finding.source is document.source
        }
        starts = sorted(place[0] for place in places)
        rules = [place[1] for place in sorted(places)]
        found: dict[int, list[str]] = {}
        for start, end in texts:
            here = rules[bisect_left(starts, start) : bisect_left(starts, end)]
            found[start] = max(found.get(start, []), here, key=len)
        return found

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        raise NotImplementedError

    def _bytes(self, document: Document, text: str) -> bytes:
        """The bytes of the whole file with the document's text replaced. Raises SourceError and UnicodeError."""
        raise NotImplementedError

    def _written(self, document: Document, job: _Job, expected: str) -> Iterator[bytes]:
        """Ways to write the edit, which makes ``expected`` of the text, as the bytes of the whole file."""
        for edit in _ways(document, job):
            try:
                yield self._bytes(document, _with(document.source.text, [edit]))
            except UnicodeError:
                continue

    def _one(self, job: _Job) -> str:
        """Make one edit; the reason where none could be proved."""
        message = job.message
        documents = self._read(self.now)
        document = next((d for d in documents if _holds(d, job)), None)
        try:
            if document is None:
                return self._inner(documents, job)
            start, end = message.offset + job.start, message.offset + job.end
            old = document.text(message.path).value
            expected = old[:start] + job.text + old[end:]
            reason = "no way to write it keeps the rest of the file as it is"
            for edited in self._written(document, job, expected):
                around = self._read(edited)
                after = _same_file(around, document)
                if after is None or not _same_but(document.value, after.value, message.path, expected):
                    continue
                fault = self._still_wrong((document, documents), (after, around), job)
                if fault:
                    reason = fault
                    continue
                self.now = edited
                return ""
        except SourceError as error:
            return error.reason
        return reason

    def _inner(self, documents: list[Document], job: _Job) -> str:
        """Make an edit in a string that is a document itself (JSON in JSON), or a piece of a text put together.

        Its proof is what the reader reads: all texts are what they were but this one, and one string has changed, or
        of XML one element.
        """
        located = job.message.located()
        document = next((d for d in documents if d.source.path == located.source.path), None)
        span = located.span(job.start, job.end)
        if document is None or document.source.text[: span.end] != located.source.text[: span.end]:
            return _INSIDE
        before = self._conversation(document, documents)
        for written in _escapes(job):
            try:
                edited = self._bytes(document, _with(document.source.text, [Edit(span, written)]))
            except UnicodeError:
                continue
            around = self._read(edited)
            after = _same_file(around, document)
            if after is None or not _one_changed(document.value, after.value, job.message.path):
                continue
            if not _reads_alike(before, self._conversation(after, around), job):
                continue
            fault = self._still_wrong((document, documents), (after, around), job)
            if fault:
                return fault
            self.now = edited
            return ""
        return _JOINED if isinstance(job.message.document, Joined) else _INSIDE

    def _read(self, data: bytes) -> list[Document]:
        try:
            return [document for document in open_source(self.path, data) if document.error is None]
        except SourceError:
            return []

    def _conversation(self, document: Document, around: list[Document]) -> Conversation | None:
        reader = find(document)
        return None if reader is None else reader.read(document, Folder(document, around, self.roots))

    def _still_wrong(
        self, old: tuple[Document, list[Document]], new: tuple[Document, list[Document]], job: _Job
    ) -> str:
        """Why an edit does not help, "" for one that does. Other parts of the text may still wait to be mended."""
        start = job.message.located().span().start
        conversation = self._conversation(*new)
        if conversation is None:
            return "without these words the file would not be known as replies any more"
        length = len(job.message.text)
        left = self._count(new[0], conversation, job, start, length - (job.end - job.start) + len(job.text))
        if left and left > self._count(old[0], self._conversation(*old), job, start, length) - len(job.findings):
            return "the rule would still find something in the text"
        return ""

    def _count(self, document: Document, conversation: Conversation | None, job: _Job, start: int, length: int) -> int:
        """How many findings of the job's rules begin in a text, by where it begins and how long it is at least."""
        if conversation is None:
            return 0
        context = Context(conversation, self.policy, self.path)
        names = {finding.rule for finding in job.findings}
        end = max(
            (
                located.span().end
                for message in conversation.messages
                if (located := message.located()).source is document.source and located.span().start == start
            ),
            default=start + length,
        )
        found = {
            (finding.rule, finding.span, finding.data)
            for rule in self.policy.rules
            if rule.name in names
            for finding in check_rule(context, rule)
            if finding.source is document.source and start <= finding.span.start < end
        }
        return len(found)


class _Encoding:
    """How the bytes of a text file come from its characters: its encoding and its mark stay."""

    def __init__(self, path: str, before: bytes) -> None:
        self.text, encoding = decode(path, before)
        self._mark = marks(before)
        by_mark = (codec for mark, codec in _BY_MARK.items() if self._mark.startswith(mark))
        self._codec = next(by_mark, None) or _CODECS.get(encoding, encoding)
        try:
            exact = self.encoded(self.text) == before
        except (LookupError, UnicodeError):
            exact = False
        if not exact:
            raise SourceError(path, "its bytes can't be kept as they are in this encoding")

    def encoded(self, text: str) -> bytes:
        return self._mark + text.encode(self._codec)


class _File(_Mended):
    """A text file: characters are replaced, all else stays."""

    def __init__(self, path: str, before: bytes, policy: Policy, roots: Sequence[str], result: Result) -> None:
        super().__init__(path, before, policy, roots, result)
        self._encoding = _Encoding(path, before)

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        return ((self.path, self._encoding.text, decode(self.path, self.now)[0]),)

    def _bytes(self, document: Document, text: str) -> bytes:
        return self._encoding.encoded(text)


class _Archive(_Mended):
    """A zip archive: texts in its members are replaced, every other member stays byte by byte."""

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        after = {document.source.path: document.source.text for document in self._read(self.now)}
        return tuple(
            (document.source.path, document.source.text, after[document.source.path])
            for document in self._read(self.before)
            if document.source.text != after.get(document.source.path, document.source.text)
        )

    def _bytes(self, document: Document, text: str) -> bytes:
        names = document.source.members
        if len(names) > 1 or document.source.cells or is_archive(self.now) != "zip":
            what = "in a tar or gzip archive" if len(names) == 1 else "in a file that is packed twice"
            raise SourceError(self.path, f"a text {what} is not mended: mend it where the archive is made")
        with zipfile.ZipFile(io.BytesIO(self.now)) as archive:
            before = archive.read(names[0])
        return with_member(self.path, self.now, names[0], _Encoding(document.source.path, before).encoded(text))


class _Workbook(_Mended):
    """A spreadsheet: a cell is replaced, all other members stay byte by byte."""

    _several = False

    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        before, after = self._read(self.before), self._read(self.now)
        return ((self.path, before[0].source.text, after[0].source.text),)

    def _bytes(self, document: Document, text: str) -> bytes:
        raise SourceError(self.path, _INSIDE)

    def _written(self, document: Document, job: _Job, expected: str) -> Iterator[bytes]:
        sheet, row, column = job.message.path
        if document.kind == "xlsx":
            cell = f"{column_name(int(column))}{int(row) + 1}"
            yield workbooks.with_cell(self.path, self.now, str(sheet), cell, expected)
        else:
            yield odscells.with_cell(self.path, self.now, str(sheet), int(row), int(column), expected)


def _jobs(findings: list[Finding]) -> list[_Job]:
    """Edits that touch each other become one; the same wording stands once, and of one place only the one reported."""
    jobs: list[_Job] = []
    by_message: dict[tuple[str, Path, int], list[tuple[Mend, Finding]]] = {}
    silent = unreported(findings)
    for finding in findings:
        assert finding.mend is not None and finding.mend.message is not None
        message = finding.mend.message
        by_message.setdefault((finding.source.path, message.path, message.offset), []).append((finding.mend, finding))
    for mends in by_message.values():
        mends.sort(key=lambda pair: (pair[0].start, pair[0].end, id(pair[1]) in silent))
        here: list[_Job] = []
        for one, finding in mends:
            assert one.message is not None
            if here and one.start < here[-1].end:
                here[-1].end = max(here[-1].end, one.end)
                here[-1].findings.append(finding)
                if one.worded not in here[-1].worded and id(finding) not in silent:
                    here[-1].add(one)
            else:
                said = any(one.worded in job.worded for job in here)
                # What goes without a wording takes the blanks before it with it.
                start = max(here[-1].end, len(one.message.text[: one.start].rstrip())) if said else one.start
                here.append(_Job(one.message, start, one.end, "" if said else one.text, [finding], one.wording))
        jobs += here
    return jobs


def _same_file(documents: list[Document], document: Document) -> Document | None:
    """A document as it is read again after an edit; None where other programs could read it before and can't now."""
    again = next((other for other in documents if other.source.path == document.source.path), None)
    if again is not None and again.kind == document.kind == "yaml" and not yamltext.is_regular(again.source):
        return again if not yamltext.is_regular(document.source) else None
    return again


def _escapes(job: _Job) -> Iterator[str]:
    """A text as it is written where it stands; else as it may be in a string in a string: in JSON, in a program, each
    some times over.
    """
    text = job.text
    own = getattr(job.message.document, "written", None)
    if own is not None:
        yield own(text)
        return
    for written in dict.fromkeys((text, text.replace("'", "\\'"), xml_escape(text))):
        for _ in range(3):
            yield written
            written = json.dumps(written, ensure_ascii=False)[1:-1]


def _ways(document: Document, job: _Job) -> Iterator[Edit]:
    start = job.message.offset
    return ways(document, job.message.path, start + job.start, start + job.end, job.text)


def _with(text: str, edits: list[Edit]) -> str:
    """A text with edits made, which are in order."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def _changed_as_expected(before: Document, after: Document, jobs: list[_Job]) -> bool:
    """Whether the texts of the jobs are what they should be, and nothing else has changed. Jobs behind come first."""
    expected: dict[Path, str] = {}
    for job in jobs:
        path, offset = job.message.path, job.message.offset
        old = expected[path] if path in expected else before.text(path).value
        expected[path] = old[: offset + job.start] + job.text + old[offset + job.end :]
    if any(_string(after.text(path).value) != _string(text) for path, text in expected.items()):
        return False
    return _strings_changed(before.value, after.value, inf) == len(expected)


def _one_changed(before: Any, after: Any, path: Path) -> bool:
    """Whether one string is another one; in XML, whether nothing is outside of the element at a path."""
    if not (isinstance(before, Element) and isinstance(after, Element)):
        return _strings_changed(before, after) == 1
    if before.tag != after.tag or before.attributes != after.attributes:
        return False
    if not path:
        return True
    if len(before.children) != len(after.children):
        return False
    pairs = list(zip(before.children, after.children, strict=True))
    return all(
        _equal(*pair) or (number == path[0] and _one_changed(*pair, path[1:])) for number, pair in enumerate(pairs)
    )


def _strings_changed(before: Any, after: Any, otherwise: float = 2) -> float:
    """How many strings differ between two values of one shape; ``otherwise`` where their shapes differ."""
    if isinstance(before, Table) and isinstance(after, Table):
        return _strings_changed(before.rows, after.rows, otherwise)
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        return sum(_strings_changed(before[key], after[key], otherwise) for key in before)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return sum(_strings_changed(one, other, otherwise) for one, other in zip(before, after, strict=True))
    if isinstance(before, str) and isinstance(after, str):
        return int(before != after)
    return 0 if _equal(before, after) else otherwise


def _reads_alike(before: Conversation | None, after: Conversation | None, job: _Job) -> bool:
    """Whether a reader reads the same, but for the one text, wherever it is used."""
    if before is None or after is None or len(before.messages) != len(after.messages):
        return False
    expected = job.message.text[: job.start] + job.text + job.message.text[job.end :]
    changed = [
        (old.text, new.text)
        for old, new in zip(before.messages, after.messages, strict=True)
        if (old.id, old.kind, old.text) != (new.id, new.kind, new.text)
    ]
    return (
        set(changed) == {(job.message.text, expected)}
        and [(one.name, one.type) for one in before.captures] == [(one.name, one.type) for one in after.captures]
        and [len(flow.steps) for flow in before.flows] == [len(flow.steps) for flow in after.flows]
        and [one.name for one in before.skipped] == [one.name for one in after.skipped]
    )


def _place(message: Message) -> tuple[str, int]:
    located = message.located()
    return located.source.path, located.span().start


def _holds(document: Document, job: _Job) -> bool:
    """Whether what goes stands in the string of a document that the message is, or is a part of."""
    message = job.message
    if document.source.members and document.source.path != message.located().source.path:
        return False
    try:
        there = document.text(message.path).value
    except LookupError:
        return False
    if isinstance(message.document, Joined) and not there.startswith(message.text[: job.end]):
        return False  # in another string than the first, or in one that is written in a formula
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
        mended = {**before.attributes, step.removeprefix("@"): expected}
        return (
            list(after.attributes.items()) == list(mended.items())
            and len(mended) == len(before.attributes)
            and all(map(_equal, before.children, after.children))
        )
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


def told(result: Result, written: Sequence[str], dry_run: bool = False) -> str:
    """What was mended, or would be, and what not, for the author."""
    lines = []
    done = "would mend" if dry_run else "mended"
    for (where, _), rules in _by_place((finding, "") for finding in result.mended).items():
        lines.append(f"{done}: {where} [{', '.join(rules)}]")
    for (where, reason), rules in _by_place(_still_there(result)).items():
        lines.append(f"not mended: {where} [{', '.join(rules)}]: {visible(reason)}")
    for path in written:
        lines.append(f"wrote {visible(path)}")
    if written:
        lines.append("read the mended texts before you use them: a wording knows nothing of the sentences around it")
    return "".join(line + "\n" for line in lines)


def _still_there(result: Result) -> Iterator[tuple[Finding, str]]:
    """What is left, but for what another rule's wording took away: the same datum at the same place."""
    gone = {(_where(finding), data) for finding in result.mended for data in finding.data}
    for finding, reason in result.left:
        if finding.lacks or not finding.data or any((_where(finding), data) not in gone for data in finding.data):
            yield finding, reason


def _by_place(findings: Iterable[tuple[Finding, str]]) -> dict[tuple[str, str], list[str]]:
    """The rules by place and reason, in the order of the places."""
    found: dict[tuple[str, str], list[str]] = {}
    for finding, reason in sorted(findings, key=lambda pair: (pair[0].source.path, pair[0].span.start)):
        rules = found.setdefault((_where(finding), reason), [])
        if finding.rule not in rules:
            rules.append(finding.rule)
    return found


def _where(finding: Finding) -> str:
    at = finding.source.position(finding.span.start)
    place = f" {at.cell}" if at.cell else f":{at.line}:{at.column}"
    return f"{visible(finding.source.path)}{place}"
