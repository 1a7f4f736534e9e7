"""Salesforce messaging components (``*.conversationMessageDefinition-meta.xml``), for messaging channels only, and what
a channel answers by itself (``*.messagingChannel-meta.xml``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import MESSAGING, Gathering
from .elements import local, top
from .fields import role
from .plans import overlook_once

NAME = "salesforce-messages"
TITLE = "Salesforce messaging components"

_OPTIONS = ("option", "button", "item")
_CHANNEL = "MessagingChannel"
_CHANNELS = {
    "WhatsApp": ("whatsapp",), "Text": ("sms",), "Facebook": ("messenger",), "EmbeddedMessaging": ("webchat",),
    "Line": ("line",), "AppleMessagesForBusiness": ("imessage",), "Voice": ("voice",), "PstnVoice": ("voice",),
    "WhatsAppVoice": ("voice",), "Custom": MESSAGING,
}  # fmt: skip
_RESPONSES = "automatedResponses"


def claims(document: Document) -> bool:
    return document.kind == "xml" and local(document.value.tag) in ("ConversationMessageDefinition", _CHANNEL)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    root = document.value
    if local(root.tag) == _CHANNEL:
        return _read_channel(gathering, document)
    component = _child_text(root, "label") or _child_text(root, "masterLabel") or "message"
    locale = _child_text(root, "language") or None
    for path, element in _below(root, ()):
        if local(element.tag) in ("constants", "conversationMessageConstants"):
            _read_constant(gathering, element, path, component, locale)
        elif local(element.tag) == "description":
            gathering.skip(element.text.strip(), path, "a note for agents", component)
        else:
            _overlook(gathering, element, path)
    return gathering.conversation(NAME, MESSAGING)


def _read_constant(gathering: Gathering, constant: Any, path: Path, component: str, locale: str | None) -> None:
    name = _child_text(constant, "name") or _child_text(constant, "label")
    number = 0
    for inner, element in _below(constant, path):
        if local(element.tag) in ("textValue", "constantValueText") and element.text.strip():
            kind = "button" if any(word in name.lower() for word in _OPTIONS) else "reply"
            id = f"{component}.{name}" if name else component
            id += f"[{number}]" if number else ""
            gathering.say(id, element.text, inner, kind, "plain", locale=locale)
            number += 1
        else:
            _overlook(gathering, element, inner)


def _read_channel(gathering: Gathering, document: Document) -> Conversation:
    """What a channel answers by itself: when a conversation begins or ends, when nobody is there, to a keyword."""
    root = top(document)
    for note in root.all("description"):
        gathering.skip(note.text, note.path, "a note for agents", root.value("masterLabel"))
    for response in root.all(_RESPONSES):
        id, locale = response.value("type") or "response", response.value("language") or None
        for part in response:
            if part.tag == "response":
                gathering.say(id, part.element.text, part.path, "reply", "plain", locale=locale)
            else:
                _overlook(gathering, part.element, part.path)
    for part in root:
        if part.tag not in ("description", _RESPONSES):
            _overlook(gathering, part.element, part.path)
    return gathering.conversation(NAME, _CHANNELS.get(root.value("messagingChannelType"), MESSAGING))


def _overlook(gathering: Gathering, element: Any, path: Path) -> None:
    """Note the first sentence in each kind of element that is not known, but for names."""
    if role(local(element.tag)).kind != "title":
        overlook_once(gathering, element.text.strip(), path, local(element.tag))


def _below(element: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    for number, child in element.elements():
        yield (*path, number), child
        if local(child.tag) not in ("constants", "conversationMessageConstants"):
            yield from _below(child, (*path, number))


def _child_text(element: Any, tag: str) -> str:
    return next((child.text.strip() for _, child in element.elements() if local(child.tag) == tag), "")
