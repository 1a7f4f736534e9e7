"""``neverask explain``: what a rule forbids, why, what to write instead; or which rules speak of a kind of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..meaning import categories
from .holding import policy_here
from .options import policy_option, words
from .speaking import in_language
from .telling import fail, say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..policy.model import Policy


def _rules_like(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    """What a shell completes to a rule, of the policy that holds here."""
    from click.shell_completion import CompletionItem

    from ..files import FILE_NAME
    from ..in_force import Policies
    from ..policy.errors import PolicyError
    from ..source import SourceError

    try:
        rules = Policies(ctx.params.get("policy")).of(FILE_NAME).rules
    except (PolicyError, SourceError):
        return []
    return [CompletionItem(rule.name) for rule in rules if rule.name.startswith(begun)]


@click.command(short_help="Explain a rule: what, why, what to write, examples.")
@click.argument("rule", type=words, shell_complete=_rules_like)
@policy_option("The policy it stands in (default: the one that holds here).")
@in_language
def explain(rule: str, policy: str | None) -> None:
    """Explain a rule: what it forbids, why, what to write instead, with examples.

    A finding names its rule at the end of its first line, in brackets. The name of a kind of data ("date of birth",
    "IBAN") or of a set of them ("sensitive data") tells which rules speak of it; "safe-channels" tells what the kinds
    of place are to which customers may be sent, the name of a channel which rules hold there, and that of a disclaimer
    or of a place of your own what it is.
    """
    from ..policy.errors import closest
    from ..policy.vocabulary import PLACES
    from ..prose import BUILT_IN, SAFE_CHANNELS, about_name, built_in, explained, safe_channels
    from ..reporters.text import visible_lines

    of = policy_here(policy)
    name = rule.strip("[]")
    rules = {known.name: known for known in of.rules}
    several = [name] if name in rules else [one.strip() for one in name.split(",")]  # as a finding names them
    if all(one in rules or one in BUILT_IN for one in several):
        told = (explained(of, rules[one]) if one in rules else built_in(one) for one in several)
        click.echo(visible_lines(say("\n".join(told), of)), nl=False)
        return
    if any(one in rules for one in several):
        rule = name = next(one for one in several if one not in rules and one not in BUILT_IN)
    hint = closest(rule, [*rules, *BUILT_IN, SAFE_CHANNELS])
    is_place = name in (SAFE_CHANNELS, *PLACES)
    other = about_name(of, name)
    is_slip = hint.startswith("did") and name.lower() not in hint  # "bsn" is no slip of "no-bsn"
    about = _about_data(rule, of, guess=not (is_place or other or is_slip))
    if is_place and not about:
        about = safe_channels(of)
    about = "\n".join(filter(None, (about, other)))
    if not about:
        hint = hint or "'neverask policy show' reads the policy aloud."
        fail(f"the policy {of.name} has no rule '{rule}', and no data that are known are called so. {hint}")
    click.echo(say(about, of), nl=False)


def _about_data(words: str, of: Policy, guess: bool) -> str:
    """Which rules of a policy speak of the data that words name, "" where they name none; ``guess`` by any language."""
    from ..policy.vocabulary import CATEGORIES
    from ..prose import about_data, about_set

    known = {*CATEGORIES, *of.terms}
    dashed = words.strip().lower().replace(" ", "-")
    if dashed not in known and (told := about_set(of, dashed) or about_set(of, dashed.removesuffix("-data"))):
        return told
    own = [
        name
        for name, terms in of.terms.items()
        if any(words.lower() in map(str.lower, said) for said in terms.values())
    ]
    return about_data(of, words, [dashed] if dashed in known else own or (categories(words, of) if guess else []))
