"""``forbid sending DATA``.

No message gives it away, by a placeholder that stands for it or by a literal value.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..language import names, pack
from ..policy.model import Rule
from .context import Context, Spoken
from .values import find
from .wording import called, instead, policy_line

VERB = "sending"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each placeholder whose name says a category, and for each value that passes its
    checksum.
    """
    seen: dict[str, dict[str, str]] = {}
    for spoken in context.concerned(rule):
        for placeholder in spoken.plain.placeholders:
            if not placeholder.name:
                continue
            if placeholder.name not in seen:
                codes = {spoken.language or "en", "en"}
                seen[placeholder.name] = names.categories(placeholder.name, [pack.load(code) for code in sorted(codes)])
            for category in seen[placeholder.name]:
                if category in rule.sentence.data and not _asked_for(spoken, placeholder.start):
                    yield _finding(
                        spoken,
                        rule,
                        category,
                        placeholder.start,
                        placeholder.end,
                        f"the placeholder '{placeholder.name}' sends",
                    )
                    break
        own = _own_account(spoken)
        for category, start, end in find(spoken.plain.text):
            if category in rule.sentence.data and not (category == "bank-account" and own):
                yield _finding(spoken, rule, category, start, end, "this sends")


def _asked_for(spoken: Spoken, at: int) -> bool:
    """A masked value ("ending in {{last4}}") gives nothing away."""
    before = spoken.plain.text[max(0, at - 24) : at].lower()
    return any(mark in before for mark in ("****", "xxxx", "ending", "eindigend", "••"))


def _own_account(spoken: Spoken) -> bool:
    """A company tells its own account number so that customers can pay: 'our IBAN is', 'maak over naar'."""
    reading = spoken.reading
    if reading is None:
        return True
    tags = "".join(sentence.tags for sentence in reading.sentences)
    return "r" not in tags or "o" in tags


def _finding(spoken: Spoken, rule: Rule, category: str, start: int, end: int, what: str) -> Finding:
    return Finding(
        rule=rule.name,
        level=rule.level,
        message=f"{what} {called(category)}",
        source=spoken.located.source,
        span=spoken.span(start, end),
        because=rule.because,
        instead=instead(rule.instead, spoken.language),
        related=(policy_line(rule),),
        data=(category,),
        entry=spoken.message.id,
        language=spoken.language,
        text=spoken.plain.text,
    )
