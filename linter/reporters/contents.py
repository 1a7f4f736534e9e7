"""What the reports that are filed have beside the findings: totals, and what an auditor asks. Each only writes it down.

All of it is text as people read it, in the language of ``say``; nothing is made safe for any format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..finding import Finding
from ..messages import ENGLISH, Say, many, spoken
from ..outcome import Hidden, Kept
from .leading import entry, stands
from .summary import Audit, ExceptionNote, Summary
from .text import visible

EXCEPTIONS = ("Rule", "Where", "Reason", "Until", "Owner", "Written in", "Findings")
KEPT = ("Where", "What", "Rule", "Written in")
RULES = ("Rule", "What it says", "Level", "Findings")


class Total(NamedTuple):
    """How often there is a place of each kind."""

    caption: str
    head: str
    counts: Counter[str]

    @property
    def ranked(self) -> list[tuple[str, int]]:
        """The kinds with their counts, the most frequent first."""
        return sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))


class Left(NamedTuple):
    """What was not checked: what it is, and each of it. ``broken``: it should have been."""

    title: str
    lines: Sequence[str]
    broken: bool = False


class Contents:
    """What is told of a run. ``places`` are the findings with what is one place joined."""

    def __init__(self, findings: Sequence[Finding], places: Sequence[Finding], summary: Summary) -> None:
        self._findings = findings
        self._places = places
        self._summary = summary
        self._audit = summary.audit or Audit("")
        self._say = summary.say

    @property
    def day(self) -> str:
        """The day for which the report holds, "" where none was told."""
        day = self._audit.day
        return self._say(f"Exceptions judged as on {day}, by neverask {self._summary.version}.") if day else ""

    @property
    def last(self) -> str:
        """What a report must not be taken for."""
        return self._say(
            f"neverask {self._summary.version}. It reads what is written down; it does not know what an agent types by "
            "hand. A clean report is no legal advice."
        )

    def called(self, category: str) -> str:
        """A category of data in words; one of the policy's own in quotes, by its first term in the language."""
        called = self._audit.called.get(category, category)
        said = self._say(called)
        if said != called or self._summary.language == ENGLISH:
            return said
        name = called.removeprefix("the ")
        return f"'{dict(self._summary.own_names).get(name, name)}'"

    def totals(self) -> list[Total]:
        """The places by rule, category, language and file; one that breaks two rules counts for both."""
        places, untold = self._places, self._say("not told")
        categories = (self.called(category) for place in places for category in place.data)
        return [
            Total("By rule", "Rule", Counter(rule for place in places for rule in place.rule.split(", "))),
            Total("By category of data", "Category", Counter(categories)),
            Total("By language", "Language", Counter(place.language or untold for place in places)),
            Total("By file", "File", Counter(place.source.path for place in places)),
        ]

    def facts(self) -> list[tuple[str, str]]:
        """What the run was, by name."""
        of, summary, say = self._audit, self._summary, self._say
        none = say("none")
        errors = sum(place.level == "error" for place in self._places)
        found = f"{many(len(self._places), 'place')}, {many(errors, 'of them an error', 'of them errors')}"
        return [
            ("Version", f"neverask {summary.version}"),
            ("Day on which exceptions were judged", of.day or say("not told")),
            ("Policies", ", ".join(summary.policies) or none),
            ("Policy files by their SHA-256", ", ".join(f"{path} {digest}" for path, digest in of.files) or none),
            *([("Read from", say(visible(of.read_from)))] if of.read_from else ()),
            ("Rules in force", str(summary.rules)),
            ("Files checked", say(f"{summary.files:,}")),
            ("Texts for customers", say(f"{summary.messages:,}")),
            ("By language", _counted(summary.languages, say) or none),
            ("Texts not checked: no pack for their language", say(f"{summary.untold:,}")),
            ("Texts on channels where no rule holds", _counted(sorted(summary.without_rule.items()), say) or none),
            ("Findings kept by exceptions", say(f"{len(summary.kept):,}")),
            *_hidden("Findings left out, as the baseline knows them", summary.known, say),
            *_hidden("Findings left out, as they stood already", summary.stood, say),
            ("Formats recognised", _counted(of.formats, say) or none),
            ("Findings", say(found)),
        ]

    def exceptions(self) -> list[tuple[str, ...]]:
        """A row, of cells by ``EXCEPTIONS``, for each exception."""
        return [self._exception(one) for one in self._audit.exceptions]

    def _exception(self, one: ExceptionNote) -> tuple[str, ...]:
        say = self._say
        until = one.until or say("without end")
        if one.first:
            until += " " + say(f"(from {one.first})")
        if one.state:
            until += " " + say(f"({one.state})")
        return (
            one.rule, say(one.where), say(one.reason), until, one.owner or say("nobody named"), say(one.stands),
            say(f"{one.keeps:,}"),
        )  # fmt: skip

    def kept(self) -> list[tuple[str, ...]]:
        """A row, of cells by ``KEPT``, for each finding that an exception keeps."""
        return [self._kept(one) for one in self._summary.kept]

    def _kept(self, one: Kept) -> tuple[str, ...]:
        finding, say = one.finding, self._say
        inside = f" {say(f'in “{entry(finding)}”')}" if entry(finding) else ""
        return (
            visible(stands(finding)) + inside, say(finding.message), finding.rule, say(f"{one.path}, line {one.line}")
        )  # fmt: skip

    def rules(self) -> list[tuple[str, ...]]:
        """A row, of cells by ``RULES``, for each rule of the policy, also for those that found nothing."""
        found = Counter(finding.rule for finding in self._findings)
        rows: list[tuple[str, ...]] = []
        for note in self._summary.notes:
            number = found[note.name]
            if note.policies:
                number = sum(note.level == finding.level and note.found(finding) for finding in self._findings)
            where = f" ({', '.join(map(visible, note.policies))})" if note.policies else ""
            rows.append((note.name, f"{note.sentence}{where}", self._say(note.level), self._say(f"{number:,}")))
        return rows

    def checked(self) -> Left:
        """The files that were read and judged."""
        of = self._audit
        files = f"{many(len(of.checked), 'file')} read"
        also = " and the policy that judged it" if of.judged_by else ""
        title = f"{files} (an export that spans files counts once above), each with its SHA-256{also}"
        by = {path: f"({visible(policy)})" for path, policy in of.judged_by.items()}
        told = ((visible(path), of.digests.get(path, ""), by.get(path, "")) for path in of.checked)
        return Left(self._say(title), [" ".join(filter(None, parts)) for parts in told])

    def left(self) -> list[Left]:
        """All that was not checked."""
        summary, say = self._summary, self._say
        broken = [f"{visible(unread.where)}: {say(unread.reason)}" for unread in summary.unread if unread.error]
        rest = [unread for unread in summary.unread if not unread.error]
        other = [f"{visible(unread.where)}: {say(unread.reason)}" for unread in rest if not unread.line]
        inside = [f"{visible(unread.where)}: {say(unread.reason)}" for unread in rest if unread.line]
        unseen = [f"{visible(path)}: {_unseen(reason, say)}" for path, reason in summary.unseen]
        foreign = [visible(": ".join((path, *reason.split(": ")[:-1]))) for path, reason in summary.foreign]
        untold = say(f"{many(len(foreign), 'text')} in a language without a pack, not checked")
        return [
            *([Left(say("Could not be read:"), broken, True)] if broken else ()),
            Left(say(f"{many(len(other), 'file')} that no reader recognises"), other),
            *([Left(say(f"{many(len(inside), 'place')} in files that were read otherwise"), inside)] if inside else ()),
            *([Left(untold, foreign)] if foreign else ()),
            Left(say(f"{many(len(unseen), 'text')} that a program or model words, not in the files"), unseen),
        ]

    def policies(self) -> list[str]:
        """Each policy as prose, in Markdown; of several each with the name by which the report knows it."""
        policies = self._audit.policies
        texts = [spoken(text, self._summary.language, self._summary.own_names) for _, text in policies]
        if len(policies) == 1:
            return texts
        parts = (text.partition("\n") for text in texts)
        return [
            f"{head}{end}{rest}" if name in head else f"{head}\n\n{visible(name)}{end}{rest}"
            for (name, _), (head, end, rest) in zip(policies, parts, strict=True)
        ]


def _hidden(name: str, of: Hidden | None, say: Say) -> list[tuple[str, str]]:
    if of is None:
        return []
    by = of.by if of.state in ("", of.by) else f"{of.by}, {of.state}"
    return [(name, f"{say(f'{of.number:,}')} ({visible(by)})")]


def _counted(counts: Sequence[tuple[str, int]], say: Say) -> str:
    return ", ".join(f"{name} {say(f'{count:,}')}" for name, count in counts)


def _unseen(reason: str, say: Say) -> str:
    """A text's name and why it is not in the file."""
    name, colon, why = reason.partition(": ")
    return f"{name}{colon}{say(why)}" if colon and say(reason) == reason else say(reason)
