"""``forbid redirecting DATA to PLACES``: no message sends the customer there to give it."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..policy.model import Rule
from .context import Context
from .mends import not_mended
from .witness import on_message
from .wording import called, instead, policy_line

VERB = "redirecting"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each category that a message sends to a place which the rule forbids."""
    wanted = {place.replace(" ", "-") for place in rule.sentence.places}
    own = {name.lower() for place in context.policy.safe.own for name in place.names}
    for spoken in context.concerned(rule):
        seen: set[str] = set()
        for act in spoken.acts:
            places = wanted & set(act.places)
            text = spoken.plain.text.lower()
            places |= {name for name in rule.sentence.places if name.lower() in own and name.lower() in text}
            if (
                act.force in ("redirect", "request")
                and places
                and act.data in rule.sentence.data
                and act.data not in seen
            ):
                seen.add(act.data)
                finding = Finding(
                    rule=rule.name,
                    level=rule.level,
                    message=f"this sends the customer to give {called(act.data)} by "
                    f"{', '.join(sorted(places)).replace('-', ' ')}",
                    source=spoken.located.source,
                    span=spoken.span(act.start, act.end),
                    because=rule.because,
                    instead=instead(rule.instead, spoken.language),
                    related=(policy_line(rule),),
                    data=(act.data,),
                    entry=spoken.message.id,
                    language=spoken.language,
                    text=spoken.plain.text,
                    mend=not_mended("where the customer is to go instead is to be decided"),
                )
                yield on_message(context, finding, spoken, rule)
