"""``forbid collecting DATA``.

No flow takes it into a slot, field, upload or location, however innocent the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..policy.model import Rule
from .captured import is_pointed, named_at
from .context import Context
from .mends import not_mended
from .together import asked, excused, on_ways
from .witness import on_capture
from .wording import called, instead

VERB = "collecting"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each capture whose name, type, label or pattern says a category that the rule names.

    None where the words that ask for it are a finding of that level already, or where a condition of the rule excuses
    all of them; one for a date that is taken in parts. With ``together`` none but for what is taken on a way on which
    all is taken that the rule names.
    """
    taken = list(_taken(context, rule))
    if rule.sentence.bundle:
        taken = _together(context, rule, taken)
    told = set()  # one finding for a capture is enough
    for number, category, why in taken:
        group = context.captured.group(number) if category == "date-of-birth" else (number,)
        if number not in told and not any(_asked(context, rule, one, category) for one in group):
            told.add(number)
            yield _finding(context, rule, number, category, why)


_Taken = tuple[int, str, str]


def _together(context: Context, rule: Rule, taken: list[_Taken]) -> list[_Taken]:
    """What is taken on a way of a flow on which all that the rule names is; what no step takes counts on every way."""
    gives: dict[int, set[str]] = {}
    for number, category, _ in taken:
        gives.setdefault(number, set()).add(category)
    in_steps = context.steps["captures"]
    loose = [number for number in gives if number not in in_steps]
    found = on_ways(context, rule, gives, lambda step: step.captures, loose)
    return [one for one in taken if one[0] in found]


def _taken(context: Context, rule: Rule) -> Iterator[_Taken]:
    """What captures take of what a rule names: the capture's number, the category, what says so."""
    captured = context.captured
    for number, capture in enumerate(context.conversation.captures):
        tags = context.tags_of(number)
        if not context.applies(rule, capture.document, context.taken_on(number), tags, capture.closed):
            continue
        for category, why in captured.categories(number).items():
            if category not in rule.sentence.data or (category == "date-of-birth" and number in captured.parts):
                continue
            if not (rule.sentence.unless and _is_excused(context, rule, number, category)):
                yield number, category, why


def _is_excused(context: Context, rule: Rule, number: int, category: str) -> bool:
    """Whether a condition of the rule lets all words pass that lead to a capture and speak of what it takes."""
    captured = context.captured
    said = [*captured.asked(number).get(category, ()), *captured.redirected(number).get(category, ())]
    return bool(said) and all(excused(context, spoken, act, rule) for spoken, act in said)


def _asked(context: Context, rule: Rule, number: int, category: str) -> bool:
    """Whether the words that lead to a capture are a finding of their own: one thing to mend, not two.

    Those of a button are none, and a warning of the words is none in the place of an error.
    """
    asks = context.captured.asked(number).get(category, ())
    return any(
        other.sentence.verb == "asking"
        and other.level in ("error", rule.level)
        and category in other.sentence.data
        and context.applies(other, spoken.message.document, spoken.channels, spoken.message.tags)
        and (not other.sentence.bundle or context.numbers[id(spoken.message)] in asked(context, other))
        for other in context.policy.rules
        for spoken, _ in asks
        if not spoken.message.is_choice and not context.captured.of_another(number, spoken)
    )


def _finding(context: Context, rule: Rule, number: int, category: str, why: str) -> Finding:
    capture = context.conversation.captures[number]
    language = context.captured.language
    finding = Finding(
        rule=rule.name,
        level=rule.level,
        message=f"this takes {called(category)} from the customer: {why}",
        source=capture.document.source,
        span=named_at(capture),
        because=rule.because,
        **instead(rule.instead, language, context.captured.words(number)),
        related=(rule.line,),
        data=(category,),
        entry=capture.name,
        language=language,
        text=capture.label or capture.name,
        pointed=is_pointed(capture),
        mend=not_mended("a step that takes such data has to go, or to lead to a safe place: that changes the flow"),
    )
    return on_capture(context, finding, number, rule)
