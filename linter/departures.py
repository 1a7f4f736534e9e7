"""Where a policy departs from those that it extends: what an auditor of the group asks of a brand's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

from .policy.errors import PolicyError
from .policy.model import Policy, Rule
from .policy.vocabulary import SETS
from .rules.wording import called
from .source import SourceError


def departures(policy: Policy) -> list[str]:
    """What a policy's own file changes in what the others say, a line each; none of one that comes with neverask."""
    base = _beneath(policy)
    return list(dict.fromkeys(_told(policy, base))) if base is not None else []


def _beneath(policy: Policy) -> Policy | None:
    """What would hold if its own file said nothing but what it extends."""
    own = policy.files[-1] if policy.files else None
    if own is None or own.is_bundled or not policy.extends:
        return None
    from .policy.load import load
    from .policy.nodes import parse

    named = parse(own).get("extends")
    if named is None:
        return None
    with suppress(PolicyError, SourceError):  # the files have changed meanwhile
        return load(own.path, f"neverask: 1\nextends: {json.dumps(named.plain())}\n", to_extend=True)
    return None


def _told(policy: Policy, base: Policy) -> Iterator[str]:
    before = {rule.name: rule for rule in base.rules}
    for rule in policy.rules:
        if rule.name in before:
            yield from _changed(rule, before[rule.name])
        else:
            yield f"{rule.name}: a rule of its own"
    yield from _excepted(policy, base)
    if base.languages and policy.languages != base.languages:
        yield f"languages: {', '.join(policy.languages)}, in the place of {', '.join(base.languages)}"
    yield from _reworded(policy, base)
    if base.channels and _entries(policy) != _entries(base):
        yield "channels: its own, in the place of the inherited ones"
    own = frozenset(place.names[0] for place in policy.safe.own if place not in base.safe.own and place.names)
    more, less = (policy.safe.kinds - base.safe.kinds) | own, base.safe.kinds - policy.safe.kinds
    if more:
        yield f"safe-channels: customers may be sent to {_list(more)} as well"
    if less:
        yield f"safe-channels: customers may no longer be sent to {_list(less)}"
    for name, disclaimer in policy.disclaimers.items():
        was = base.disclaimers.get(name)
        if was is not None and (disclaimer.texts, disclaimer.elements, disclaimer.at_most) != (
            was.texts, was.elements, was.at_most
        ):  # fmt: skip
            yield f"{name}: another disclaimer"
    for name, now in policy.sets.items():
        old = base.sets.get(name, SETS.get(name))
        if old is not None and name != "any":
            yield from _moved(name, now - old, old - now)


def _entries(policy: Policy) -> list[tuple[object, ...]]:
    """What it says about channels, wherever that stands."""
    return [(entry.channels, entry.files, entry.tagged, entry.root) for entry in policy.channels]


def _changed(rule: Rule, before: Rule) -> Iterator[str]:
    if rule.level != before.level:
        yield f"{rule.name}: level '{rule.level}', in the place of '{before.level}'"
    if rule.sentence.text != before.sentence.text:
        yield f"{rule.name}: another sentence, in the place of: {before.sentence.text}"
    if rule.because != before.because:
        yield f"{rule.name}: other reasons, in the place of: {', '.join(before.because) or 'none'}"
    if rule.instead != before.instead:
        yield f"{rule.name}: another wording to write instead"


def _excepted(policy: Policy, base: Policy) -> Iterator[str]:
    """The rules from which it has exceptions of its own; what these are stands in a part of its own."""
    inherited = {exemption.stands for exemption in base.exemptions}
    for rule in dict.fromkeys(one.rule for one in policy.exemptions if one.stands not in inherited):
        yield f"{rule}: exceptions of its own"


def _reworded(policy: Policy, base: Policy) -> Iterator[str]:
    """Inherited data of the organisation's that have other words, in the languages that it words anew."""
    for name, before in base.terms.items():
        for code, words in before.items():
            if set(policy.terms.get(name, {}).get(code, ())) != set(words):
                yield f"{name} ({code}): other words, in the place of: {', '.join(words)}"


def _moved(name: str, more: frozenset[str], less: frozenset[str]) -> Iterator[str]:
    if more:
        yield f"The set '{name}' has {_called(more)} as well."
    if less:
        yield f"The set '{name}' is without {_called(less)}."


def _called(categories: frozenset[str]) -> str:
    return ", ".join(called(category) for category in sorted(categories))


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
