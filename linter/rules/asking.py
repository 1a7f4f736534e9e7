"""``forbid asking for DATA``: no message asks a customer for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from ..finding import Finding, Mend, Related
from ..language.acts import Act
from ..messages import series
from ..policy.model import Rule
from . import together
from .context import Context, Spoken
from .mends import not_mended, reworded
from .sequences import AskedNext
from .together import forbidden, is_forbidden
from .witness import in_message
from .wording import called

VERB = "asking"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each category that a message asks for, and for each language in which it does.

    With ``together`` one when it asks for all, or when all is asked for along one way through a flow.
    """
    if rule.sentence.data.isdisjoint(context.asked):
        return
    for spoken in context.concerned(rule):
        if spoken.message.is_choice:
            continue
        acts = forbidden(context, spoken, rule)
        if rule.sentence.bundle:
            asked = _clearest((act.data, act) for act in acts)
            if rule.sentence.data <= {act.data for act in asked}:
                yield _finding(context, spoken, rule, asked, acts)
        else:
            asked = _clearest(((act.data, spoken.language_at(act.start)), act) for act in acts)
            for act in sorted(asked, key=lambda act: act.start):
                yield _finding(context, spoken, rule, [act], acts)
    if rule.sentence.bundle:
        for said in together.asked(context, rule).values():
            for spoken, acts in said:
                yield _on_a_way(_finding(context, spoken, rule, _clearest((act.data, act) for act in acts), acts), rule)
    for one in context.asked_next if not rule.sentence.bundle else ():
        if context.applies_to(rule, one.first) and is_forbidden(context, one.first, one.act, rule):
            yield _spread(_finding(context, one.first, rule, [one.act], ()), one.next)
    for one in context.asked_again if not rule.sentence.bundle else ():
        if context.applies_to(rule, one.next) and is_forbidden(context, one.first, one.act, rule):
            yield _once_more(context, rule, one)


def _on_a_way(finding: Finding, rule: Rule) -> Finding:
    """A finding in a text of a flow whose other texts ask for the rest of what is forbidden together."""
    rest = series([called(category) for category in sorted(rule.sentence.data - set(finding.data))])
    message = finding.message.removesuffix(" together")
    message += f", and on a way through this flow the rest is asked for: {rest}"
    mend = not_mended("several steps ask for it together: which of them is to go is to be decided")
    return replace(finding, message=message, mend=mend)


def _spread(finding: Finding, following: Spoken) -> Finding:
    """A finding in a text of which the next one asks for what it names."""
    end = len(following.plain.text)
    message = finding.message.replace("this asks", "this and the next message ask", 1)
    place = Related("the next message asks for it", following.located.source, following.span(0, end))
    mend = not_mended("the next message asks for what this one names: both need other words")
    return replace(finding, message=message, related=(*finding.related, place), mend=mend)


def _once_more(context: Context, rule: Rule, one: AskedNext) -> Finding:
    """A finding in a text that asks once more for what an earlier one asked for."""
    whole = replace(one.act, start=0, end=len(one.next.plain.text))
    finding = _finding(context, one.next, rule, [whole], ())
    message = finding.message.replace("this asks the customer for", "this asks the customer once more for", 1)
    place = Related("asked for here", one.first.located.source, one.first.span(one.act.start, one.act.end))
    mend = not_mended("it asks once more for what an earlier message asks for: both need other words")
    return replace(finding, message=message, related=(*finding.related, place), mend=mend)


def _clearest(acts: Iterable[tuple[Hashable, Act]]) -> list[Act]:
    """The clearest request of each kind, in the order in which the kinds first come."""
    found: dict[Hashable, Act] = {}
    for kind, act in acts:
        if kind not in found or act.score > found[kind].score:
            found[kind] = act
    return list(found.values())


def _mend(context: Context, spoken: Spoken, acts: list[Act], rule: Rule, all_acts: Sequence[Act]) -> Mend:
    """The wording in place of the request, but where an answer is taken: that would still be so."""
    capture = context.captured.answer_to(spoken)
    if capture is None:
        return reworded(spoken, acts, rule, all_acts)
    what = f"'{capture.name}'" if capture.name else "this step"
    return not_mended(f"{what} would still take the answer: that field or step has to go, or to lead to a safe place")


def _finding(context: Context, spoken: Spoken, rule: Rule, acts: list[Act], all_acts: Sequence[Act]) -> Finding:
    names = series([called(act.data) for act in acts])
    message = f"this asks the customer for {names}" + (" together" if len(acts) > 1 else "")
    start, end, data = acts[0].start, acts[0].end, tuple(act.data for act in acts)
    mend = _mend(context, spoken, acts, rule, all_acts)
    language = spoken.language_at(start)
    return in_message(context, spoken, rule, message, start, end, language, mend, data, acts[0].construction)
