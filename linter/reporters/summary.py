"""What a run did, for the last line of every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..finding import LEVELS, Finding
from ..messages import OwnNames, Say, many, series, speaker
from ..outcome import Hidden, Kept, Unread

NOTHING_FOUND = "nothing found"
"""What is said of files that were judged and are in order."""
NOTHING_NEW = "nothing new found"
"""What is said where there are findings and the report leaves out all of them."""
MEANINGS = {
    "bad-exception": "an exception in a comment does not hold",
    "expired-exception": "an exception of the policy has expired",
    "unused-exception": "an exception of the policy covers nothing any more",
    "boundless-exception": "an exception of the policy is for everything a rule finds, without end",
    "idle-words": "a part of a rule's sentence makes no difference",
    "forbidden-wording": "a wording of the policy is what the policy forbids",
    "ousted-rule": "a rule of one policy gave way to another one of its name, in a policy beside it",
    "ousted-channels": "what one policy says about channels gave way to what a policy beside it says",
    "ousted-part": "something that one policy says gave way to what a policy beside it says",
    "passed-over-policy": "a policy does not hold for a file below it that another one judges with its bot",
    "disclaimer-without-text": "a disclaimer that is required has no text in a language of the policy",
    "unreachable-entry": "an earlier entry of the policy's channels takes all that this one names",
    "place-without-words": "a rule of the policy names only places to which no text is read to lead",
    "pattern-without-files": "a file pattern of the policy fits no file",
    "path-without-texts": "a path of the policy's sources leads to nothing",
    "tag-without-content": "nothing has a tag that the policy names",
    "rule-without-flows": "a rule of the policy looks at flows, and there are none",
    "rule-without-replies": "a rule of the policy looks at lists of replies, and there are none",
    "channel-without-content": "nothing goes out over the channels of a rule of the policy",
    "unused-entry": "no rule speaks of something that the policy has",
    "not-extended-policy": "a policy does not extend the one that stands above it",
    "data-without-words": "data of the policy's own have no words in one of its languages",
    "lost-term": "the policy has other terms for something than one that it extends",
    "taken-term": "a term of the policy's own means other data by itself",
}
"""What is found under every policy, without a rule in it."""
PLACES_SHOWN = 5
"""So many places that were not checked are told at once: mostly a slip of whoever wrote the file."""


def _some(places: Sequence[Unread]) -> list[Unread]:
    """A few of the places, in their order; those first that say something new, as one slip may stand in a thousand."""
    reasons: set[str] = set()
    again = []
    for number, place in enumerate(places):
        again.append((place.reason in reasons, number))
        reasons.add(place.reason)
    return [places[number] for number in sorted(number for _, number in sorted(again)[:PLACES_SHOWN])]


@dataclass(frozen=True)
class RuleNote:
    """A rule for the reports that list rules: name, sentence, level, reasons with their sources, wording.

    ``policies`` are those in which it is so, where others in force have another rule of this name.
    """

    name: str
    sentence: str
    level: str
    because: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    instead: str = ""
    policies: tuple[str, ...] = ()

    def with_reasons_of(self, other: RuleNote) -> RuleNote:
        """The same with the reasons that another policy gives for the rule: a finding has those of its own."""
        because = tuple(dict.fromkeys((*self.because, *other.because)))
        sources = tuple(dict.fromkeys((*self.sources, *other.sources)))
        return replace(self, because=because, sources=sources, instead=self.instead or other.instead)

    def found(self, finding: Finding) -> bool:
        """Whether a finding is one of this rule, be it joined with others at one place."""
        if self.name not in finding.rule.split(", "):
            return False
        told = f"policy: {self.sentence}"
        return not self.policies or any(related.message == told for related in finding.related)


def joined(notes: Iterable[RuleNote]) -> dict[str, RuleNote]:
    """The rules by name, those of one name as one: all their sentences, and the worst of their levels."""
    found: dict[str, RuleNote] = {}
    for note in notes:
        other = found.get(note.name)
        if other is not None:
            said = " / ".join(dict.fromkeys((*other.sentence.split(" / "), note.sentence)))
            level = min(other.level, note.level, key=lambda one: (*LEVELS, "off").index(one))
            note = replace(other.with_reasons_of(note), sentence=said, level=level, policies=())
        found[note.name] = note
    return found


@dataclass(frozen=True)
class ExceptionNote:
    """An exception, for the auditor: what, where, why, until when, who answers for it, how many findings it keeps.

    ``state`` is expired, later (it begins after that day), or "" for one that holds; ``first`` is the day from which it
    does, "" where none is said.
    """

    rule: str
    where: str
    reason: str
    until: str
    owner: str
    stands: str
    state: str = ""
    keeps: int = 0
    first: str = ""


class Checked(NamedTuple):
    """A file that was read and judged: its SHA-256, "" where it can't be read any more, and the name of the policy."""

    path: str
    sha256: str
    policy: str


@dataclass(frozen=True)
class Audit:
    """What an auditor asks beside the findings.

    ``policies`` are (name, prose as Markdown), ``files`` the policy files of the organisation's own, each with the
    SHA-256 of its text; ``checked`` are the files that were read and judged, ``digests`` the SHA-256 of each
    and ``judged_by`` the policy, where there are several;
    ``formats`` are (reader, files); ``called`` says categories in words; ``day`` is the day on which exceptions were
    judged, ``read_from`` the index or the revision that was read in the place of the files as they stand.
    """

    day: str
    read_from: str = ""
    policies: Sequence[tuple[str, str]] = ()
    files: Sequence[tuple[str, str]] = ()
    exceptions: Sequence[ExceptionNote] = ()
    checked: Sequence[str] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    judged_by: Mapping[str, str] = field(default_factory=dict)
    formats: Sequence[tuple[str, int]] = ()
    called: Mapping[str, str] = field(default_factory=dict)


def not_judged(count: int) -> str:
    """What is said of exceptions of which it can't be told whether they are needed."""
    they = "it" if count == 1 else "they"
    return f"{many(count, 'exception')} not judged, as {they} may cover what was not checked"


@dataclass(frozen=True)
class Summary:
    """Counts and notes of a run.

    ``languages`` are (code, texts); ``untold`` texts are in a language without a pack; ``without_rule`` are the
    messages on channels for which no rule holds, by the names of these. ``kept`` are the findings that exceptions
    cover, ``exceptions_unjudged`` is how many for what was checked may cover more. ``known`` is what a baseline leaves
    out, ``stood`` what was there already at the revision that the report is held against. ``policy_files`` are those
    of the organisation's own with the SHA-256 of each, ``checked`` the files that were judged, ``own_names``
    what these call their own kinds of data in the language of the report, ``day`` is the one on which exceptions were
    judged, ``read_from`` the index or the revision that was read in the place of the files as they stand.
    """

    files: int
    messages: int
    rules: int
    languages: Sequence[tuple[str, int]]
    untold: int = 0
    without_rule: Mapping[str, int] = field(default_factory=dict)
    kept: Sequence[Kept] = ()
    exceptions_unjudged: int = 0
    known: Hidden | None = None
    stood: Hidden | None = None
    unread: Sequence[Unread] = ()
    unseen: Sequence[tuple[str, str]] = ()
    crowded: Sequence[tuple[str, str]] = ()
    foreign: Sequence[tuple[str, str]] = ()
    told: Sequence[tuple[str, str]] = ()
    policies: Sequence[str] = ()
    policy_files: Sequence[tuple[str, str]] = ()
    checked: Sequence[Checked] = ()
    day: str = ""
    read_from: str = ""
    notes: Sequence[RuleNote] = field(default_factory=tuple)
    version: str = ""
    color: bool = False
    verbose: bool = False
    limit: int | None = None
    width: int = 100
    language: str = "en"
    own_names: OwnNames = ()
    audit: Audit | None = None

    @property
    def say(self) -> Say:
        """Says an English text in the language of the report, with what the policies call their own data in it."""
        return speaker(self.language, self.own_names)

    @property
    def places(self) -> list[Unread]:
        """Places in files that were not checked: a dead way, a key that the format does not have."""
        return [unread for unread in self.unread if unread.is_place]

    @property
    def documents(self) -> list[Unread]:
        """Documents that no reader knows, in streams of which others were read."""
        return [unread for unread in self.unread if unread.document and not unread.error]

    @property
    def named(self) -> list[Unread]:
        """What is told at once: documents and places; where nothing at all was checked, the files that none knows."""
        shown = [*self.documents[:PLACES_SHOWN], *_some(self.places)]
        return shown if self.files else [*shown, *self._unknown[:PLACES_SHOWN]]

    @property
    def unjudged(self) -> str:
        """What is said where there were messages and no rule held for any of them; "" else."""
        if not self.messages or (self.rules and sum(self.without_rule.values()) < self.messages):
            return ""
        why = f"no rule holds on {self.ruleless}" if self.rules else "no rule is in force"
        return f"nothing was judged: {why}"

    @property
    def ruleless(self) -> str:
        """The channels for which no rule holds."""
        names = {name for names in self.without_rule for name in names.split(", ")}
        return ", ".join(sorted(names))

    @property
    def _unknown(self) -> list[Unread]:
        return [unread for unread in self.unread if not unread.error and not unread.line]

    def line(self, findings: Sequence[Finding], hint: bool = False) -> str:
        """'checked 3 files, 41 messages, 7 rules; languages: nl 30, en 11: 2 errors, 1 warning'."""
        languages = ", ".join(f"{code} {count}" for code, count in self.languages) or "none"
        say = self.say
        which = f" ({say('--verbose says which')})" if hint else ""
        said = say(
            f"Checked {many(self.files, 'file')}, {many(self.messages, 'message')} against "
            f"{many(self.rules, 'rule')}; languages: {languages}"
        )
        if self.untold:
            said += "; " + say(f"{many(self.untold, 'text')} in a language without a pack, not checked")
            said += "" if self._unknown else which
        if self.without_rule and (findings or not self.unjudged):
            outside = many(sum(self.without_rule.values()), "message")
            said += "; " + say(f"{outside} on {self.ruleless}, where no rule holds")
        left = len(self._unknown)
        parts, documents = len(self.places), len(self.documents)
        broken = len({unread.path for unread in self.unread if unread.error})
        if left:
            said += "; " + say(f"{many(left, 'file')} not recognised")
            said += which if self.files or left > PLACES_SHOWN else ""
        if documents:
            said += "; " + say(f"{many(documents, 'document')} not recognised")
            said += which if not left and documents > PLACES_SHOWN else ""
        if parts:
            said += "; " + say(f"{many(parts, 'place')} in them not checked")
            said += which if not left and parts > PLACES_SHOWN else ""
        if broken:
            said += "; " + say(f"{many(broken, 'file')} could not be read")
        unjudged = [not_judged(self.exceptions_unjudged)] if self.exceptions_unjudged else []
        said += "".join(f"; {say(told)}" for told in (*self._kept, *unjudged, *self._known))
        counts = Counter(finding.level for finding in findings)
        verdict = series([many(counts[level], level) for level in LEVELS if counts[level]])
        return f"{say(verdict or self.nothing)}. {said}."

    @property
    def left_out(self) -> list[str]:
        """What was found and is none of the findings of the report."""
        return [*self._kept, *self._known]

    @property
    def _kept(self) -> list[str]:
        return [f"{many(len(self.kept), 'finding')} kept by exceptions"] if self.kept else []

    @property
    def _known(self) -> list[str]:
        hidden = ((self.known, "the baseline knows"), (self.stood, f"stood at {self.stood.by}" if self.stood else ""))
        return [f"not shown: {many(of.number, 'finding')} that {why}" for of, why in hidden if of and of.number]

    @property
    def nothing(self) -> str:
        """What is said where there is no finding: files without any text must not pass for files that are in order."""
        if not self.files and (self.unread or not self.policies):
            return "nothing was checked"
        if self.files and not self.messages:
            return "nothing found, as there is no text for customers in what was checked"
        hides = any(hidden is not None and hidden.number for hidden in (self.known, self.stood))
        return self.unjudged or (NOTHING_NEW if hides else NOTHING_FOUND)
