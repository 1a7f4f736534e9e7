"""What the rules find in a library, in its slices or in all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from . import slices
from .conversation import Conversation, Message
from .finding import Finding
from .markup import MOST_BRANCHES
from .outcome import Outcome, Unseen
from .policy.model import Rule
from .rules import check as check_rule
from .rules import disclaimer
from .rules.context import Context, sieve_of

FOREIGN = "in a language without a pack, not checked"


def found_in(context: Context, outcome: Outcome, rules: Sequence[Rule]) -> list[Finding]:
    """What the rules find, exceptions aside; texts and languages are counted on the way."""
    path = context.relative
    outcome.unseen += [Unseen(path, message.id, _crowded(message, number), True) for message, number in context.crowded]
    counted: set[tuple[int, str]] = set()  # a message once in each language, however many branches it has
    for spoken in context.spoken:
        once = (id(spoken.message), spoken.language)
        if once in counted:
            continue
        counted.add(once)
        if spoken.language:
            outcome.languages[spoken.language] = outcome.languages.get(spoken.language, 0) + 1
        elif any(character.isalpha() for character in spoken.plain.text) and len(spoken.plain.text.split()) > 3:
            outcome.untold += 1
            outcome.unseen.append(Unseen(path, spoken.message.id, FOREIGN, foreign=True))
    return [finding for rule in rules for finding in check_rule(context, rule)]


def found_in_slices(context: Context, outcome: Outcome, jobs: int) -> list[Finding]:
    """The same, found slice by slice."""
    sieve_of(context.policy, context.conversation)  # made once, before there are several processes
    by_slice = BySlice(context)
    parts = by_slice.take(slices.judged(context.conversation, context.policy.files, jobs, by_slice.judge), outcome)
    found, outcome.findings = outcome.findings, []  # exceptions are yet to be looked at
    return found + by_slice.of_library(parts)


class BySlice:
    """A library judged slice by slice. ``whole`` is the context of all of it, or of its beginning."""

    def __init__(self, whole: Context) -> None:
        self._whole = whole
        self._of_library = [rule for rule in whole.policy.in_force if disclaimer.is_of_library(rule)]
        self._others = [rule for rule in whole.policy.in_force if rule not in self._of_library]
        self._beaten: dict[str, float] = {}
        """How much the best reply for a disclaimer lacked in the slices before, by rule."""

    def judge(self, part: Conversation) -> tuple[Outcome, list[disclaimer.Part]]:
        """What is found in a slice, and what it has of what the library as a whole must have."""
        whole = self._whole
        inner = Context(part, whole.policy, whole.relative, whole=whole)
        outcome = Outcome(whole.relative)
        outcome.findings = found_in(inner, outcome, self._others)
        parts = [disclaimer.part(inner, rule, self._beaten.get(rule.name, inf)) for rule in self._of_library]
        for rule, of_slice in zip(self._of_library, parts, strict=True):
            if of_slice.complete or of_slice.lacking:
                self._beaten[rule.name] = min(self._beaten.get(rule.name, inf), len(of_slice.lacking))
        inner.forget()
        return outcome, parts

    @staticmethod
    def take(judged: Iterable[tuple[Outcome, list[disclaimer.Part]]], outcome: Outcome) -> list[list[disclaimer.Part]]:
        """Take in the outcomes of slices; their parts are returned."""
        parts = []
        for of_slice, of_library in judged:
            outcome.count(of_slice)
            outcome.used |= of_slice.used
            parts.append(of_library)
        return parts

    def joined(self, parts: Sequence[Sequence[disclaimer.Part]]) -> list[disclaimer.Part]:
        """One part for each rule on the library."""
        return [disclaimer.joined([of[number] for of in parts]) for number in range(len(self._of_library))]

    def of_library(self, parts: Sequence[Sequence[disclaimer.Part]]) -> list[Finding]:
        """The findings in the library as a whole."""
        found = (disclaimer.of_parts([part]) for part in self.joined(parts))
        return [finding for finding in found if finding is not None]


def _crowded(message: Message, number: int) -> str:
    place = message.document.source.position(message.located().span().start)
    where = place.cell or f"{place.line}:{place.column}"
    one_by_one = MOST_BRANCHES - 1
    return f"this text, at {where}, has {number} branches; {one_by_one} were read one by one, and all in a row"
