"""Requests to servers: whether what one sends is a message that a customer reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .building import Builder
from .channels import SENDS
from .drafts import StepDraft
from .nodes import Node
from .prose import is_sentence

UNKNOWN = "it is not known whether customers read what this request sends"
"""Why a text in one is not read."""

_CHAT = re.compile(r"whats|telegram|chatwoot|messenger|instagram|\bsms\b", re.IGNORECASE)
"""In the name of a node that asks a server of one's own, where the address tells nothing."""
_RECIPIENT_NAMES = """
number phone phonenumber phone_number to chatid chat_id recipient jid remotejid msisdn mobile numero telefono telefone
celular
"""
_RECIPIENTS = frozenset(_RECIPIENT_NAMES.split())
_BODY_NAMES = "message text body content msg mensagem mensaje texto caption textmessage messagetext"
BODIES = frozenset(_BODY_NAMES.split())
"""Names, in lower case, of what holds the words of a message."""
_OTHERS = frozenset(("subject", "html", "from_email", "messaging_product"))
"""What tells a mail, or a message that is known as such without an address."""
_COLLEAGUES = re.compile(
    r"slack|discord|notion|teams\.|office|hooks|sheets|airtable|hubspot|jira|atlassian|github|gitlab|trello|asana|clickup"
    r"|mail|sendgrid|supabase|sentry|pagerduty",
    re.IGNORECASE,
)
"""In the address of a request whose words are for colleagues, or for a store of data."""


def goes_to_chat(address: str) -> bool:
    """Whether a request to this address goes to a chat product."""
    return SENDS.search(address) is not None


def is_sent(pairs: Iterable[tuple[str, str]], address: str, title: str = "") -> bool | None:
    """Whether a request to a server of which nothing is known goes to a customer; None where that can't be known.

    The name of the node tells it (``title``), or a number to send to that stands in a field. A number that stands in
    the file is that of one person. ``pairs`` are names in its body, in lower case, with what stands behind them, in
    which "{{" is a field.
    """
    found = list(pairs)
    names = {name for name, _ in found}
    if BODIES.isdisjoint(names) or not _OTHERS.isdisjoint(names):
        return False
    to = [value for name, value in found if name in _RECIPIENTS]
    if any("{{" in value for value in to) or (not to and _CHAT.search(title)):
        return True
    says = any(name in BODIES and is_sentence(value) for name, value in found)
    return None if says and not _COLLEAGUES.search(address) else False


def for_customer(
    builder: Builder,
    step: StepDraft,
    place: Node,
    given: Iterable[tuple[str, Node]],
    address: str,
    title: str = "",
    fields: Callable[[str], str] = str,
) -> list[tuple[str, Node]] | None:
    """The words that a request says to the customer, with their names; None of one that goes to others.

    One of which that can't be known is told at ``place``. ``given`` are the names in its body with what stands behind
    them, ``fields`` writes a field in that as "{{…}}"; for ``address`` and ``title`` see ``is_sent``.
    """
    found = list(given)
    pairs = ((name.lower(), fields(value.text)) for name, value in found)
    is_shown = goes_to_chat(address) or is_sent(pairs, address, title)
    if is_shown is None:
        builder.overlook(place, UNKNOWN, step.id)
    return [(name, value) for name, value in found if name.lower() in BODIES] if is_shown else None
