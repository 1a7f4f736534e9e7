"""What replies and steps are called, and what an exception may say for one under ``at``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .conversation import Conversation, Message, Step
from .documents import Document, Table
from .policy.model import spelled
from .reporters.text import visible

_LONGEST = 60  # characters of an id
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


def called_otherwise(conversation: Conversation) -> dict[str, str]:
    """What reports call the replies, by what else is short in the record of each: of "id: tax" they give the title."""
    found: dict[str, str] = {}
    for message in conversation.messages:
        for value in _record(message):
            if isinstance(value, (str, int)) and len(said := str(value)) <= _LONGEST:
                found.setdefault(spelled(said), message.id)
    return found


def _record(message: Message) -> Iterable[object]:
    """The values of the mapping or the row that a message is in; none where it is in neither."""
    value: Any = message.document.value if isinstance(message.document, Document) else None
    is_row = isinstance(value, Table)
    value = value.rows if isinstance(value, Table) else value
    for part in message.path[:-1]:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return ()
    return value.values() if isinstance(value, dict) else value if is_row else ()


def names_in(conversation: Conversation) -> set[str]:
    """The names of all replies, of all steps, and of what they take."""
    found: set[str] = set()
    for entry in (*(one.id for one in conversation.messages), *(one.name for one in conversation.captures)):
        found |= names(entry)
    for flow in conversation.flows:
        for step in flow.steps:
            found |= names("", step)
    return found
