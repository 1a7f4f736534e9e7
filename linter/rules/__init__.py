"""One judgement a module: a context and a rule of the policy to findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..finding import Finding
from ..policy.model import Rule
from . import asking, claiming, collecting, disclaimer, redirecting, sending
from .context import Context


class RuleModule(Protocol):
    """What a rule's module offers: the verb of the sentences it judges, and the judgement."""

    VERB: str

    def check(self, context: Context, rule: Rule) -> Iterator[Finding]: ...


RULES: tuple[RuleModule, ...] = (asking, claiming, collecting, disclaimer, redirecting, sending)
_BY_VERB = {module.VERB: module for module in RULES}


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """The findings of one rule of the policy in one conversation."""
    yield from _BY_VERB[rule.sentence.verb].check(context, rule)


def check_all(context: Context) -> Iterator[Finding]:
    """The findings of all rules in force in one conversation."""
    for rule in context.policy.in_force:
        yield from check(context, rule)
