"""What replies and steps are called, and what an exception may say for one under ``at``."""

from __future__ import annotations

import re

from .conversation import Conversation, Step
from .policy.model import spelled
from .reporters.text import visible

_NUMBER = re.compile(r"\[\d+\]")


def names(entry: str, step: Step | None = None) -> set[str]:
    """The names of a reply or node, as ``spelled`` and as reports print them; those of the step in which it stands.

    A node is called as well by what its name begins with and by each part of it, a text by its node: "order.ask[0]" is
    "order.ask", "order" and "ask".
    """
    parts = _NUMBER.sub("", entry).split(".")
    called = {entry, entry.split("[")[0], *entry.split("."), *parts}
    called.update(".".join(parts[:number]) for number in range(2, len(parts) + 1))
    if step is not None:
        called.update((step.title, step.id))
    return {spelled(said) for name in called for said in (name, visible(name))} - {""}


def names_in(conversation: Conversation) -> set[str]:
    """The names of all replies, of all steps, and of what they take."""
    found: set[str] = set()
    for entry in (*(one.id for one in conversation.messages), *(one.name for one in conversation.captures)):
        found |= names(entry)
    for flow in conversation.flows:
        for step in flow.steps:
            found |= names("", step)
    return found
