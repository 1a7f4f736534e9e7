"""Salesforce messaging components: ``*.conversationMessageDefinition-meta.xml``, for messaging channels only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import MESSAGING, Gathering
from .fields import role
from .plans import overlook_once

NAME = "salesforce-messages"
TITLE = "Salesforce messaging components"

_OPTIONS = ("option", "button", "item")


def claims(document: Document) -> bool:
    return document.kind == "xml" and _local(document.value.tag) == "ConversationMessageDefinition"


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].rpartition("}")[2]


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    root = document.value
    component = _child_text(root, "label") or _child_text(root, "masterLabel") or "message"
    locale = _child_text(root, "language") or None
    for path, element in _below(root, ()):
        if _local(element.tag) in ("constants", "conversationMessageConstants"):
            _read_constant(gathering, element, path, component, locale)
        elif _local(element.tag) == "description":
            gathering.skip(element.text.strip(), path, "a note for agents", component)
        else:
            _overlook(gathering, element, path)
    return gathering.conversation(NAME, MESSAGING)


def _read_constant(gathering: Gathering, constant: Any, path: Path, component: str, locale: str | None) -> None:
    name = _child_text(constant, "name") or _child_text(constant, "label")
    number = 0
    for inner, element in _below(constant, path):
        if _local(element.tag) in ("textValue", "constantValueText") and element.text.strip():
            kind = "button" if any(word in name.lower() for word in _OPTIONS) else "reply"
            id = f"{component}.{name}" if name else component
            id += f"[{number}]" if number else ""
            gathering.say(id, element.text, inner, kind, "plain", locale=locale)
            number += 1
        else:
            _overlook(gathering, element, inner)


def _overlook(gathering: Gathering, element: Any, path: Path) -> None:
    """Note the first sentence in each kind of element that is not known, but for names."""
    if role(_local(element.tag)).kind != "title":
        overlook_once(gathering, element.text.strip(), path, _local(element.tag))


def _below(element: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    for number, child in element.elements():
        yield (*path, number), child
        if _local(child.tag) not in ("constants", "conversationMessageConstants"):
            yield from _below(child, (*path, number))


def _child_text(element: Any, tag: str) -> str:
    return next((child.text.strip() for _, child in element.elements() if _local(child.tag) == tag), "")
