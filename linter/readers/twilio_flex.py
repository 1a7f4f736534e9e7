"""Canned responses of Twilio Flex: sections of labelled texts."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, is_data, named
from .unread import tell_unread

NAME = "twilio-flex"
TITLE = "Twilio Flex canned responses"


def claims(document: Document) -> bool:
    return is_data(document) and any(_responses(category) for category in _categories(document.value))


def _categories(value: Any) -> list[Any]:
    categories = value.get("categories") if isinstance(value, dict) else None
    return categories if isinstance(categories, list) else []


def _responses(category: Any) -> list[Any]:
    """The responses of a section, () where it isn't one."""
    if not isinstance(category, dict) or "section" not in category or not isinstance(category.get("responses"), list):
        return []
    responses: list[Any] = category["responses"]
    return responses if any(isinstance(item, dict) and {"label", "text"} <= set(item) for item in responses) else []


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for number, category in enumerate(_categories(document.value)):
        for place, item in enumerate(_responses(category)):
            if isinstance(item, dict):
                path = ("categories", number, "responses", place, "text")
                gathering.say(named(item, ("label",)), item.get("text"), path, tags=(str(category["section"]),))
    tell_unread(gathering)
    return gathering.conversation(NAME)
