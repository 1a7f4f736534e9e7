"""What is to be written: each text with the findings that this mends, and the ways to write it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape as xml_escape

from ..conversation import Message, Path
from ..documents import Document
from ..documents.writing import Edit, ways
from ..finding import Finding, Mend, worded
from ..reporters.grouping import unreported


@dataclass
class Job:
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

    def speaks_for(self, other: Job) -> bool:
        """Whether another request in the same text goes without a wording of its own, since this one brings it."""
        same = (self.message.path, self.message.offset, self.findings[0].source.path)
        return bool(self.text and not other.text) and same == (
            other.message.path,
            other.message.offset,
            other.findings[0].source.path,
        )


def jobs_for(findings: list[Finding]) -> list[Job]:
    """Edits that touch each other become one; the same wording stands once, and of one place only the one reported."""
    jobs: list[Job] = []
    by_message: dict[tuple[str, Path, int], list[tuple[Mend, Finding]]] = {}
    silent = unreported(findings)
    for finding in findings:
        assert finding.mend is not None and finding.mend.message is not None
        message = finding.mend.message
        by_message.setdefault((finding.source.path, message.path, message.offset), []).append((finding.mend, finding))
    for mends in by_message.values():
        mends.sort(key=lambda pair: (pair[0].start, pair[0].end, id(pair[1]) in silent))
        here: list[Job] = []
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
                here.append(Job(one.message, start, one.end, "" if said else one.text, [finding], one.wording))
        jobs += here
    return jobs


def escapes(job: Job) -> Iterator[str]:
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


def ways_of(document: Document, job: Job) -> Iterator[Edit]:
    start = job.message.offset
    return ways(document, job.message.path, start + job.start, start + job.end, job.text)


def with_edits(text: str, edits: list[Edit]) -> str:
    """A text with edits made, which are in order."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])
