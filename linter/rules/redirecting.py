"""``forbid redirecting DATA to PLACES``: no message sends the customer there to give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..finding import Finding
from ..language.acts import Act
from ..language.alternatives import PRIVATE_MESSAGE, is_in_private, ways
from ..policy.model import OwnPlace, Rule
from ..policy.wordings import bare_address, stands_in
from .context import Context, Spoken
from .mends import not_mended
from .witness import in_message
from .wording import called

VERB = "redirecting"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each category that a message sends to a place which the rule forbids."""
    wanted = {place.replace(" ", "-") for place in rule.sentence.places}
    own = _own_places(context, rule)
    for spoken in context.concerned(rule):
        seen: set[str] = set()
        named = _named(own, spoken) if own else set()
        for act in spoken.acts:
            places = (wanted & _led(context, spoken, act)) | named | _called(spoken, act, wanted)
            if act.force not in ("redirect", "request") or not places:
                continue
            if act.data in rule.sentence.data and act.data not in seen:
                seen.add(act.data)
                there = ", ".join(sorted(places)).replace("-", " ")
                message = f"this sends the customer to give {called(act.data)} by {there}"
                mend = not_mended("where the customer is to go instead is to be decided")
                yield in_message(context, spoken, rule, message, act.start, act.end, spoken.language, mend, (act.data,))


def _led(context: Context, spoken: Spoken, act: Act) -> set[str]:
    """The kinds of place to which an act leads. The page of a place of the policy's own is that place, no website."""
    own = "website" in act.places and any(_is_led_by_address(place, _said(spoken)) for place in context.policy.safe.own)
    return {place for place in act.places if not own or place != "website"}


def _called(spoken: Spoken, act: Act, wanted: set[str]) -> set[str]:
    """Those to which words lead that name no place ("call us with your card number"), and a private message, in which
    what is asked for is asked for here.
    """
    reading = spoken.reading_at(act.start)
    if reading is None:
        return set()
    if act.force == "redirect":
        return ways(reading, act.start, wanted)
    asked_so = PRIVATE_MESSAGE in wanted and is_in_private(reading, act.start)
    return {PRIVATE_MESSAGE} if asked_so else set()


def _own_places(context: Context, rule: Rule) -> dict[str, OwnPlace]:
    """The places of the policy's own that a rule names, by the name that it has for each."""
    names = {name.lower(): name for name in rule.sentence.places}
    own = context.policy.safe.own if names else ()
    return {names[name.lower()]: place for place in own for name in place.names if name.lower() in names}


def _named(own: Mapping[str, OwnPlace], spoken: Spoken) -> set[str]:
    """Those that a message names, by any of their names or by their address."""
    said = _said(spoken)
    return {
        called
        for called, place in own.items()
        if any(stands_in(name, said[0]) for name in place.names) or _is_led_by_address(place, said)
    }


def _said(spoken: Spoken) -> list[str]:
    """The text of a message, and where its links lead."""
    return [spoken.plain.text.lower(), *(link.url.lower() for link in spoken.plain.links)]


def _is_led_by_address(place: OwnPlace, said: list[str]) -> bool:
    """Whether what is said has the address of a place of the policy's own."""
    return bool(place.url) and any(stands_in(bare_address(place.url), one) for one in said)
