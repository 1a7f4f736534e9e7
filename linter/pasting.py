"""One reply that somebody pastes: what is wrong with it, where, and a wording that passes the same policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .finding import Finding, Mend
from .policy.model import Policy
from .reporters.grouping import grouped, unreported
from .rules import check_all
from .trying import context_of

_TRIES = 3
_OF_A_LIBRARY = ("library", "first-message")


@dataclass(frozen=True)
class Judgement:
    """``findings`` at places of the very text; ``languages`` that it was read in, "" where one is not known.

    ``wording`` is the text with what must go replaced by the policy's words; "" where that alone does not pass, and
    ``reasons`` then say why. ``is_judged``: whether any rule holds for a reply on its channel.
    """

    text: str
    findings: tuple[Finding, ...]
    languages: tuple[str, ...]
    wording: str = ""
    reasons: tuple[str, ...] = ()
    is_judged: bool = True


def judge(text: str, policy: Policy, channel: str, language: str = "") -> Judgement:
    """One reply under a policy, as if it went out over ``channel``; ``language`` "" finds the language itself.

    What only a whole library can keep (a disclaimer in one of its replies) is not asked of one reply.
    """
    rules = tuple(rule for rule in policy.rules if rule.sentence.position not in _OF_A_LIBRARY)
    policy = replace(policy, rules=rules)
    findings, languages = _found(text, policy, channel, language)
    if not findings:
        held = (rule.sentence.channels for rule in policy.in_force)
        return Judgement(text, (), languages, is_judged=any(not on or channel in on for on in held))
    wording, reasons = _mended(text, findings, policy, channel, language)
    return Judgement(text, tuple(grouped(findings)), languages, wording, reasons)


def _found(text: str, policy: Policy, channel: str, language: str) -> tuple[list[Finding], tuple[str, ...]]:
    context = context_of(text, policy, channel, language, "reply")
    unique = {(one.span, one.rule, one.data, one.message): one for one in check_all(context)}
    ordered = sorted(unique.values(), key=lambda one: (one.span.start, one.span.end, one.rule))
    return ordered, tuple(dict.fromkeys(spoken.language for spoken in context.spoken))


def _mended(
    text: str, findings: list[Finding], policy: Policy, channel: str, language: str
) -> tuple[str, tuple[str, ...]]:
    for _ in range(_TRIES):
        silent = unreported(findings)
        # Of those at one place the first gives the words: it is the one whose way out is told.
        ordered = sorted(findings, key=lambda finding: id(finding) in silent)
        mends = [finding.mend for finding in ordered if finding.mend is not None]
        reasons = tuple(dict.fromkeys(mend.reason for mend in mends if mend.message is None and mend.reason))
        changed = replaced(text, (mend for mend in mends if mend.message is not None))
        if changed == text:
            return "", reasons
        text = changed
        findings, _languages = _found(text, policy, channel, language)
        if not findings:
            return text, ()
    left = tuple(dict.fromkeys(f"with the policy's wording in it, {finding.message}" for finding in findings))
    return "", left


def replaced(text: str, mends: Iterable[Mend]) -> str:
    """A text with mends made in it. Of those that overlap the first gives the words, all of their places go."""
    joined: list[tuple[int, int, Mend]] = []
    for mend in sorted(mends, key=lambda one: (one.start, one.end)):
        if joined and (mend.start < joined[-1][1] or mend.start == joined[-1][0]):
            start, end, first = joined[-1]
            joined[-1] = (start, max(end, mend.end), first)
        else:
            joined.append((mend.start, mend.end, mend))
    said: set[str] = set()
    made: list[tuple[int, int, str]] = []
    for start, end, mend in joined:
        # The same words twice in one reply say nothing more.
        made.append((start, end, "" if mend.worded in said and start != end else mend.text))
        said.add(mend.worded)
    for start, end, words in reversed(made):
        text = text[:start] + words + text[end:]
    return text
