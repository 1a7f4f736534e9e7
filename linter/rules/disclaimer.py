"""``require disclaimer NAME in every reply | in the library``: the warning stands where it must."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..language.statements import elements
from ..policy.model import Disclaimer, Rule
from ..source import Span
from .context import Context, Spoken, is_label
from .wording import instead, policy_line

VERB = "disclaimer"
_SMALLEST_LIBRARY = 3  # a single message or two is no library
_SAID = {
    "no-sensitive-data": "don't send sensitive data here",
    "examples": "at least two examples of such data, from two of identity, money, health, login",
    "safe-alternative": "a safe place to go instead",
    "never-ask": "we never ask for it",
    "privacy-link": "the privacy statement",
    "bot-disclosure": "a bot speaks",
    "human-path": "how to reach a person",
    "retention": "how long the chat is kept",
    "third-party": "who else handles the chat",
}


def missing(spoken: Spoken, disclaimer: Disclaimer) -> tuple[str, ...]:
    """The elements that a message lacks; () when it is the disclaimer, by its accepted text or by its elements."""
    text = _normal(spoken.plain.text)
    if any(_normal(accepted) in text for accepted in disclaimer.texts.values()):
        return ()
    if not disclaimer.elements:
        return ("text",)
    found = elements(spoken.reading) if spoken.reading is not None else {}
    lacking = tuple(element for element in disclaimer.elements if element not in found)
    if not lacking and disclaimer.at_most and len(spoken.plain.text) > disclaimer.at_most * 3:
        return ("short",)
    return lacking


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """Where the position is every-reply one finding a reply that lacks it, for the library one at its first message."""
    disclaimer = context.policy.disclaimers[rule.sentence.disclaimer]
    if rule.sentence.position not in ("every-reply", "library") or context.conversation.flows:
        return
    replies = [spoken for spoken in context.concerned(rule) if not is_label(spoken.message) and spoken.message.kind == "reply"]
    if rule.sentence.position == "every-reply":
        for spoken in replies:
            lacking = missing(spoken, disclaimer)
            if lacking:
                yield _finding(spoken, rule, disclaimer, lacking, "this reply lacks the disclaimer")
        return
    if len({id(spoken.message) for spoken in replies}) < _SMALLEST_LIBRARY:
        return
    best: tuple[int, Spoken, tuple[str, ...]] | None = None
    for spoken in replies:
        lacking = missing(spoken, disclaimer)
        if not lacking:
            return
        if best is None or len(lacking) < best[0]:
            best = (len(lacking), spoken, lacking)
    if best is not None:
        nearest = "no-sensitive-data" not in best[2]
        at = best[1] if nearest else replies[0]
        lacking = best[2] if nearest else disclaimer.elements
        yield _finding(at, rule, disclaimer, lacking, "no reply of this library holds the disclaimer" + ("; this one comes nearest" if nearest else ""))


def _finding(spoken: Spoken, rule: Rule, disclaimer: Disclaimer, lacking: tuple[str, ...], what: str) -> Finding:
    said = "; ".join(_SAID.get(element, element) for element in lacking if element not in ("text", "short"))
    located = spoken.located
    whole = located.span(0, min(len(located.value), 1) or 0) if not located.value else located.span()
    first_line = located.source.text.find("\n", whole.start, whole.end)
    return Finding(
        rule=rule.name,
        level=rule.level,
        message=f"{what} '{disclaimer.name}'" + (f" (missing: {said})" if said else ""),
        source=located.source,
        span=Span(whole.start, first_line if first_line > whole.start else whole.end),
        because=rule.because,
        instead=instead(disclaimer.texts or rule.instead, spoken.language),
        related=(policy_line(rule),),
        entry=spoken.message.id,
        language=spoken.language,
    )


def _normal(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
