"""What a policy offers to write: its own wordings, held against its own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .doubts import WITHOUT_ASKING, about, is_own, unless_clear
from .finding import Finding, Related
from .policy.model import Place, Policy
from .policy.wordings import language_in

_LONGEST = 60  # characters of a wording that are told
Judge = Callable[[str, Policy, str, str], list[Finding]]
"""The findings in a text, under a policy, on a channel, in a language."""


class _Wording(NamedTuple):
    """A text that is offered by a rule (its ``instead``) or as a disclaimer, by the name of which."""

    name: str
    place: Place
    language: str
    text: str
    channel: str = ""


def forbidden(policy: Policy, judge: Judge) -> Iterator[Finding]:
    """The policy's own wordings in which one of its rules finds something."""
    wordings = list(_wordings(policy))
    if wordings:
        found = (finding for wording in wordings for finding in _judged(wording, policy, judge))
        yield from unless_clear(found, "wordings", policy)


def _wordings(policy: Policy) -> Iterator[_Wording]:
    for rule in policy.in_force:
        channel = min(rule.sentence.channels, default="")
        for language, text in rule.instead.items() if is_own(rule.place) else ():
            yield _Wording(rule.name, rule.place, language_in(language), text, channel)
    for disclaimer in policy.disclaimers.values():
        for language, text in disclaimer.texts.items() if is_own(disclaimer.place) else ():
            yield _Wording(disclaimer.name, disclaimer.place, language_in(language), text)


def _judged(wording: _Wording, policy: Policy, judge: Judge) -> Iterator[Finding]:
    """One finding for a wording that the rule which offers it would find, or another one as an error."""
    without = {rule.name for rule in policy.rules if rule.sentence.verb == "disclaimer"}
    for found in judge(wording.text, policy, wording.channel, wording.language):
        if found.rule in without or (found.rule != wording.name and found.level != "error"):
            continue
        text = wording.text if len(wording.text) <= _LONGEST else wording.text[: _LONGEST - 1] + "…"
        message = f"'{wording.name}' offers to write '{text}', in which '{found.rule}' finds something: {found.message}"
        related = Related("wording", wording.place.source, wording.place.span)
        yield about(wording.place, "forbidden-wording", message, WITHOUT_ASKING, related)
        return
