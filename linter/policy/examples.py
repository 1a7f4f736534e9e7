"""The examples in a policy file: each is a text or a flow, and names rules, channels and languages that there are."""

from __future__ import annotations

from collections.abc import Collection

from .mistakes import Mistakes
from .model import Policy
from .names import Names, channel_meant
from .nodes import Node, head, items
from .vocabulary import CHANNELS


def check_examples(
    node: Node | None, policy: Policy, own_channels: Collection[str], mistakes: Mistakes, names: Names
) -> None:
    """An example of a channel or language that there is not would find nothing, whatever the rules say."""
    spoken_of = {channel for rule in policy.rules for channel in rule.sentence.channels}
    known = {*CHANNELS, *own_channels, *spoken_of, *(name for rule in policy.channels for name in rule.channels)}
    for example in items(node):
        for rule in items(example.get("finds")):
            names.check_rule(rule)
        text, steps = example.get("text"), example.get("steps")
        if text is None and not items(steps) and example.kind == "map" and example.span not in mistakes.told:
            mistakes.tell(head(example), "'text' is missing", "or 'steps:', those of a small flow")
        elif text is not None and (steps is not None or example.get("flow") is not None):
            mistakes.tell(head(example), "an example is a text or a flow, not both", "write two examples")
        channel, language = example.get("channel"), example.get("language")
        if language is not None:
            names.check_language(language)
        if channel is not None and names.channel(str(channel.value)) not in known:
            hint = channel_meant(str(channel.value), known)
            if not mistakes.may_be(hint):
                mistakes.tell(channel, f"there is no channel '{channel.value}'", hint)
