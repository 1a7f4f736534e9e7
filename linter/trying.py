"""A text or a small flow checked by itself, as a policy's examples are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import Finding
from .outcome import Outcome
from .policy.model import Policy
from .report import ordered

if TYPE_CHECKING:
    from .rules.context import Context


def check_text(text: str, policy: Policy, channel: str = "", language: str = "") -> list[Finding]:
    """The findings in one text (for ``policy test``): the text as a library of its own."""
    from .rules import check_all

    return ordered(check_all(context_of(text, policy, channel, language)))


def check_flow(flow: dict[str, Any], policy: Policy) -> list[Finding]:
    """The findings in a small flow (for ``policy test``), in the form of docs/flow-format.md.

    Raises ValueError with what in it can't be read.
    """
    import json

    from .opening import conversations
    from .rules import check_all
    from .rules.context import Context

    outcome = Outcome("example.json")
    read = conversations(outcome.path, outcome, data=json.dumps(flow).encode())
    if outcome.unread or not read:
        raise ValueError(outcome.unread[0].reason if outcome.unread else "no step says or asks anything")
    return ordered(check_all(Context(read[0], policy, outcome.path)))


def context_of(text: str, policy: Policy, channel: str = "", language: str = "", name: str = "example") -> Context:
    """What rules look at in one text that stands by itself."""
    from .conversation import Conversation, Message
    from .documents import Document
    from .documents.model import Whole
    from .rules.context import Context
    from .source import Source

    source = Source(name, text)
    document = Document("text", source, text, lambda: Whole(source))
    message = Message(name, text, (), document, channels=(channel or "whatsapp",), locale=language or None)
    return Context(Conversation(name, (document,), (message,)), policy, name, thorough=True)
