"""``together``: which asks and captures lie on one way through a flow, on which all is gathered that a rule names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from ..conversation import Step
from ..language.acts import Act
from ..policy.model import Rule
from ..policy.vocabulary import NEVER_PARTIAL
from .context import Context, Spoken
from .gathering import TooMany, gathering

Gives = Mapping[int, Collection[str]]
"""The categories that messages or captures give, by their numbers."""


def on_ways(
    context: Context, rule: Rule, gives: Gives, of_step: Callable[[Step], Sequence[int]], loose: Iterable[int] = ()
) -> set[int]:
    """Those that lie on a way of a flow on which all is given that the rule names.

    ``of_step`` has the numbers of those in a step; the ``loose`` ones are in none, and count on every way.
    """
    if not rule.sentence.data <= {category for given in gives.values() for category in given}:
        return set()
    bits = {category: 1 << number for number, category in enumerate(sorted(rule.sentence.data))}
    given = {number: sum(bits[one] for one in {*categories} & bits.keys()) for number, categories in gives.items()}
    wanted = sum(bits.values())
    flows = context.conversation.flows
    everywhere = list(loose)
    has = _united(given, everywhere)
    found = set(everywhere) if has == wanted else set()
    for number, flow in enumerate(flows):
        if any(not given.keys().isdisjoint(of_step(step)) for step in flow.steps):
            found.update(_on_a_way(context, rule, number, given, of_step, has, wanted))
    if found:
        found.update(everywhere)
    return found & given.keys()


def _on_a_way(
    context: Context,
    rule: Rule,
    flow: int,
    given: Mapping[int, int],
    of_step: Callable[[Step], Sequence[int]],
    has: int,
    wanted: int,
) -> Iterator[int]:
    """What stands in the steps of a flow that lie on ways on which all that is wanted is given."""
    steps = context.conversation.flows[flow].steps
    of_steps = [_united(given, of_step(step)) for step in steps]
    if _united(dict(enumerate(of_steps)), range(len(steps))) | has != wanted:
        return
    try:
        found: Iterable[int] = gathering(context.graph(flow, rule.sentence.channels), of_steps, has, wanted)
    except TooMany:
        found = range(len(steps))
    for step in found:
        yield from of_step(steps[step])


def _united(given: Mapping[int, int], numbers: Iterable[int]) -> int:
    """All that some of them give."""
    all_of_them = 0
    for number in numbers:
        all_of_them |= given.get(number, 0)
    return all_of_them


def asked(context: Context, rule: Rule) -> Mapping[int, list[tuple[Spoken, list[Act]]]]:
    """What messages ask for on one way through a flow, where a rule forbids to ask for all of it together.

    By the numbers of the messages, each text with its requests; without those that ask for all of it by themselves.
    """
    known = context.asked_together
    if rule.name not in known:
        found: dict[int, list[tuple[Spoken, list[Act]]]] = {}
        for spoken in context.concerned(rule) if context.conversation.flows else ():
            acts = [] if spoken.message.is_choice else forbidden(context, spoken, rule)
            if acts and not rule.sentence.data <= {act.data for act in acts}:
                found.setdefault(context.numbers[id(spoken.message)], []).append((spoken, acts))
        gives = {number: {act.data for _, acts in said for act in acts} for number, said in found.items()}
        here = on_ways(context, rule, gives, lambda step: step.messages)
        known[rule.name] = {number: said for number, said in found.items() if number in here}
    return known[rule.name]


def forbidden(context: Context, spoken: Spoken, rule: Rule) -> list[Act]:
    """The requests of a text for what the rule forbids."""
    return [act for act in spoken.acts if is_forbidden(context, spoken, act, rule)]


def is_forbidden(context: Context, spoken: Spoken, act: Act, rule: Rule) -> bool:
    """Whether it asks for what the rule forbids, and no condition excuses it."""
    return act.force == "request" and act.data in rule.sentence.data and not excused(context, spoken, act, rule)


def excused(context: Context, spoken: Spoken, act: Act, rule: Rule) -> bool:
    kinds = {condition.kind for condition in rule.sentence.unless}
    if "safe-channel" in kinds and context.safe(spoken, act):
        return True
    if act.partial:
        return "partial" in kinds and act.data not in NEVER_PARTIAL
    return act.shielded and "shielded" in kinds
