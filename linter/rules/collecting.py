"""``forbid collecting DATA``: no flow takes it into a slot, field, upload or location, however innocent the prompt."""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Capture
from ..finding import Finding
from ..language import names, pack
from ..policy.model import Rule
from ..resources import languages
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
    for capture in context.conversation.captures:
        if not context.applies(rule, frozenset(capture.channels or context.conversation.channels), ()):
            continue
        for category, why in _categories(capture, packs).items():
            if category in rule.sentence.data:
                yield _finding(context, rule, capture, category, why)
                break


def _categories(capture: Capture, packs: list[pack.Pack]) -> dict[str, str]:
    found: dict[str, str] = {}
    for said in (capture.name, capture.type):
        for category, words in names.categories(said, packs).items():
            found.setdefault(category, f"its name '{said}' says '{words}'")
    if capture.component in _BY_COMPONENT:
        found.setdefault(_BY_COMPONENT[capture.component], f"it is a {capture.component} input")
    return found


def _finding(context: Context, rule: Rule, capture: Capture, category: str, why: str) -> Finding:
    language = next((spoken.language for spoken in context.spoken if spoken.language), "en")
    return Finding(
        rule=rule.name,
        level=rule.level,
        message=f"this takes {called(category)} from the customer: {why}",
        source=capture.document.source,
        span=capture.document.span(capture.path),
        because=rule.because,
        instead=instead(rule.instead, language),
        related=(policy_line(rule),),
        data=(category,),
        entry=capture.name,
        language=language,
    )
