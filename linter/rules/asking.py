"""``forbid asking for DATA``: no message asks a customer for it."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..language.acts import Act
from ..policy.model import Rule
from ..policy.vocabulary import NEVER_PARTIAL
from .context import Context, Spoken, is_label
from .mends import reworded
from .witness import on_message
from .wording import called, instead, policy_line

VERB = "asking"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each category that a message asks for; with ``together`` one when it asks for all."""
    for spoken in context.concerned(rule):
        if is_label(spoken.message):
            continue
        asked = _asked(context, spoken, rule)
        if rule.sentence.bundle:
            if rule.sentence.data <= set(asked):
                yield _finding(context, spoken, rule, list(asked.values()))
        else:
            for act in sorted(asked.values(), key=lambda act: act.start):
                yield _finding(context, spoken, rule, [act])


def _asked(context: Context, spoken: Spoken, rule: Rule) -> dict[str, Act]:
    """The clearest request for each category that the rule forbids and no condition excuses."""
    asked: dict[str, Act] = {}
    for act in spoken.acts:
        if act.force != "request" or act.data not in rule.sentence.data or _excused(context, spoken, act, rule):
            continue
        if act.data not in asked or act.score > asked[act.data].score:
            asked[act.data] = act
    return asked


def _excused(context: Context, spoken: Spoken, act: Act, rule: Rule) -> bool:
    kinds = {condition.kind for condition in rule.sentence.unless}
    if "safe-channel" in kinds and context.safe(spoken, act):
        return True
    if act.partial:
        return "partial" in kinds and act.data not in NEVER_PARTIAL
    return act.shielded and "shielded" in kinds


def _finding(context: Context, spoken: Spoken, rule: Rule, acts: list[Act]) -> Finding:
    names = " and ".join(called(act.data) for act in acts)
    language = spoken.language_at(acts[0].start)
    finding = Finding(
        rule=rule.name,
        level=rule.level,
        message=f"this asks the customer for {names}" + (" together" if len(acts) > 1 else ""),
        source=spoken.located.source,
        span=spoken.span(acts[0].start, acts[0].end),
        because=rule.because,
        instead=instead(rule.instead, language),
        related=(policy_line(rule),),
        explanation=acts[0].construction,
        data=tuple(act.data for act in acts),
        entry=spoken.message.id,
        language=language,
        text=spoken.plain.text,
        mend=reworded(spoken, acts, rule),
    )
    return on_message(context, finding, spoken, rule)
