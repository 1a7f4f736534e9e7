"""``forbid collecting DATA``.

No flow takes it into a slot, field, upload or location, however innocent the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Capture
from ..documents import Document
from ..finding import Finding
from ..language import names, pack
from ..policy.model import Rule
from ..resources import languages
from ..source import Span
from .context import Context
from .wording import called, instead, policy_line

VERB = "collecting"
_BY_COMPONENT = {
    "passcode": "pin",
    "password": "password",
    "location": "location",
    "contact": "phone",
    "email": "email",
    "phone": "phone",
    "signature": "signature",
}


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each capture whose name, type or pattern says a category that the rule names."""
    packs = [pack.load(code) for code in languages()] if context.conversation.captures else []
    for number, capture in enumerate(context.conversation.captures):
        if not context.applies(rule, frozenset(capture.channels or context.conversation.channels), ()):
            continue
        for category, why in _categories(capture, packs).items():
            if category in rule.sentence.data and not _asked(context, number, category):
                yield _finding(context, rule, number, category, why)
                break


def _categories(capture: Capture, packs: list[pack.Pack]) -> dict[str, str]:
    found: dict[str, str] = {}
    for said in (capture.name, capture.type):
        for category, words in names.categories(said, packs).items():
            found.setdefault(category, f"its name '{said}' says '{words}'")
    if capture.component in _BY_COMPONENT:
        found.setdefault(_BY_COMPONENT[capture.component], f"it is a {capture.component} input")
    for category in _by_pattern(capture.pattern):
        found.setdefault(category, f"its pattern '{capture.pattern}' fits such values")
    return found


def _by_pattern(pattern: str) -> Iterator[str]:
    """What a regular expression is for, by its shape; it is never run."""
    squeezed = pattern.replace(" ", "").replace("[0-9]", "\\d")
    if "[A-Z]{2}\\d{2}" in squeezed or "[a-zA-Z]{2}\\d{2}" in squeezed:
        yield "bank-account"
    elif any(
        shape in squeezed
        for shape in (
            "\\d{16}",
            "\\d{13,16}",
            "\\d{13,19}",
            "\\d{12,19}",
            "(?:\\d{4}[-]?){3}\\d{4}",
            "\\d{4}-?\\d{4}-?\\d{4}-?\\d{4}",
        )
    ):
        yield "payment-card"


def _asked(context: Context, number: int, category: str) -> bool:
    """Whether the words of the step, or of one that leads to it, ask for it already: one finding, not two."""
    if not any(
        rule.sentence.verb == "asking" and category in rule.sentence.data and rule.level != "off"
        for rule in context.policy.rules
    ):
        return False
    place = context.steps["captures"].get(number)
    if place is None:
        return False
    flow = context.conversation.flows[place[0]]
    near = {place[1], *(edge.start for edge in context.edges_to(place[0]).get(place[1], ()))}
    for step in near:
        for message in flow.steps[step].messages:
            for spoken in context.by_message.get(message, ()):
                if any(act.force == "request" and act.data == category for act in spoken.acts):
                    return True
    return False


def _named_at(capture: Capture) -> Span:
    """Where the name stands that says what is taken: the key, where the capture is an entry of a mapping."""
    if capture.path and capture.path[-1] == capture.name and isinstance(capture.document, Document):
        return capture.document.key_span(capture.path)
    return capture.document.span(capture.path)


def _finding(context: Context, rule: Rule, number: int, category: str, why: str) -> Finding:
    capture = context.conversation.captures[number]
    way = context.way("captures", number, rule)
    language = next((spoken.language for spoken in context.spoken if spoken.language), "en")
    return Finding(
        rule=rule.name,
        level=rule.level,
        message=f"this takes {called(category)} from the customer: {why}",
        source=capture.document.source,
        span=_named_at(capture),
        because=rule.because,
        instead=instead(rule.instead, language),
        related=(policy_line(rule), *(way.related() if way else ())),
        witness=way.names if way else (),
        data=(category,),
        entry=capture.name,
        language=language,
        text=capture.label or capture.name,
    )
