"""Adaptive cards in files of their own, as their designer saves them, and activities of Bot Framework that hold some.

A card is a step; its inputs are captures. Texts in ``${…}`` are filled in by the bot that sends the card.
"""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .cards import say_card
from .drafts import StepDraft
from .nodes import Node, root, search

NAME = "adaptive-card"
TITLE = "Adaptive Cards"

_DEPTH = 4


def is_card(value: Any) -> bool:
    """Whether a value is a card with something on it."""
    if not isinstance(value, dict) or value.get("type") != "AdaptiveCard":
        return False
    return isinstance(value.get("body"), list) or isinstance(value.get("actions"), list)


def _is_activity(value: Any) -> bool:
    """Whether a value is a message with a card attached, or that attachment."""
    if not isinstance(value, dict):
        return False
    attachments = value.get("attachments")
    attached = attachments if isinstance(attachments, list) else [value]
    return any(isinstance(one, dict) and "contentType" in one and is_card(one.get("content")) for one in attached)


def claims(document: Document) -> bool:
    value: Any = document.value
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(is_card(one) or _is_activity(one) for one in values)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    flow = builder.flow("")

    def say(
        step: StepDraft | None, node: Node, id: str, kind: str, channels: tuple[str, ...] = (), markup: str = "markdown"
    ) -> None:
        builder.say(step, node, id, kind, markup=markup, channels=channels)

    whole = root(document)
    for activity in whole if whole.is_list else (whole,):
        for key in ("text", "speak"):
            if not is_card(activity.value):
                say(None, activity[key], key, "reply", ("voice",) if key == "speak" else ())
        for number, action in enumerate(activity["suggestedActions"]["actions"]):
            say(None, action["title"], f"suggestedActions[{number}]", "button")
    for number, card in enumerate(search(whole, is_card, _DEPTH)):
        id = card["id"].name or ("card" if number == 0 else f"card[{number}]")
        step = flow.step(number, card, id, card["title"].text)
        flow.enter(number)
        say_card(builder, say, step, card, step.id)
    return builder.conversation()
