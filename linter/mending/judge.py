"""What a file is read as, and what the rules find in it, before and after an edit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ..conversation import Conversation, Path
from ..documents import Document, open_source
from ..documents.writing import Edit
from ..finding import Finding
from ..policy.model import Policy
from ..readers import find
from ..rules import check as check_rule
from ..rules.context import Context
from ..source import SourceError
from ..surroundings import Folder
from .jobs import Job

Read = tuple[Document, list[Document]]
"""A document, and all those of its file."""


class Judge:
    """Judges the bytes of the file at a path by a policy."""

    def __init__(self, path: str, policy: Policy, roots: Sequence[str]) -> None:
        self._path, self._policy, self._roots = path, policy, roots

    def read(self, data: bytes) -> list[Document]:
        """The documents in it that can be read."""
        try:
            return [document for document in open_source(self._path, data) if document.error is None]
        except SourceError:
            return []

    def conversation(self, document: Document, around: list[Document]) -> Conversation | None:
        """What a reader makes of one of them, None where none knows it."""
        reader = find(document)
        return None if reader is None else reader.read(document, Folder(document, around, self._roots))

    def still_wrong(self, old: Read, new: Read, job: Job) -> str:
        """Why an edit does not help, "" for one that does. Other parts of the text may still wait to be mended."""
        start = job.message.located().span().start
        conversation = self.conversation(*new)
        if conversation is None:
            return "without these words the file would not be known as replies any more"
        length = len(job.message.text)
        left = self._count(new[0], conversation, job, start, length - (job.end - job.start) + len(job.text))
        if left and left > self._count(old[0], self.conversation(*old), job, start, length) - len(job.findings):
            return "the rule would still find something in the text"
        return ""

    def all_help(
        self,
        old: Read,
        new: Read,
        jobs: list[Job],
        edits: list[Edit],
    ) -> bool:
        """Whether each text has fewer findings than before by those that were to be mended, or none."""
        names = {finding.rule for job in jobs for finding in job.findings}
        before, after = self._found(*old, names), self._found(*new, names)
        if after is None:
            return False
        ends = [edit.span.end for edit in edits]
        moved = [0, *accumulate(len(edit.text) - (edit.span.end - edit.span.start) for edit in edits)]
        by_text: dict[int, list[Job]] = {}
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

    def come_to_light(self, made: Iterable[Job], before: bytes, now: bytes) -> list[Finding]:
        """What was mended, as it is found again in texts that are read only now: the same words stood elsewhere."""
        mended = {(finding.rule, finding.data) for job in made for finding in job.findings}
        rules = [rule for rule in self._policy.rules if rule.name in {name for name, _ in mended}]
        known = {place for _, places in self._said(before) for place in places}
        found: dict[tuple[str, Path, int, str], Finding] = {}
        for conversation, places in self._said(now):
            new = places - known
            context = Context(conversation, self._policy, self._path)
            for finding in (one for rule in rules for one in check_rule(context, rule)) if new else ():
                message = finding.mend.message if finding.mend is not None else None
                path = finding.source.path
                if message is not None and (path, message.path) in new and (finding.rule, finding.data) in mended:
                    found[path, message.path, finding.span.start, finding.rule] = finding
        return list(found.values())

    def _said(self, data: bytes) -> Iterator[tuple[Conversation, set[tuple[str, Path]]]]:
        """The conversations in the file's bytes, each with the places of its texts."""
        documents = self.read(data)
        for document in documents:
            conversation = self.conversation(document, documents)
            if conversation is not None:
                yield conversation, {(document.source.path, message.path) for message in conversation.messages}

    def _found(self, document: Document, around: list[Document], names: set[str]) -> dict[int, list[str]] | None:
        """The rules that find something in each text, once a finding, by where the text begins; None for no replies."""
        conversation = self.conversation(document, around)
        if conversation is None:
            return None
        texts = {
            located.span()
            for message in conversation.messages
            if (located := message.located()).source is document.source
        }
        context = Context(conversation, self._policy, self._path)
        places = {
            (finding.span.start, finding.rule, finding.span, finding.data)
            for rule in self._policy.rules
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

    def _count(self, document: Document, conversation: Conversation | None, job: Job, start: int, length: int) -> int:
        """How many findings of the job's rules begin in a text, by where it begins and how long it is at least."""
        if conversation is None:
            return 0
        context = Context(conversation, self._policy, self._path)
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
            for rule in self._policy.rules
            if rule.name in names
            for finding in check_rule(context, rule)
            if finding.source is document.source and start <= finding.span.start < end
        }
        return len(found)
