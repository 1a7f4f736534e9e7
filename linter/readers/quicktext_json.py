"""Templates of the Quicktext add-on as its present versions keep them: groups, and a list of texts for each of them."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering
from .nodes import Node, root
from .quicktext_xml import say_body
from .unread import tell_unread

NAME = "quicktext-json"
TITLE = "Quicktext templates (JSON)"


def claims(document: Document) -> bool:
    templates = _templates(document)
    groups = templates["texts"].value
    return (
        isinstance(templates["groups"].value, list)
        and isinstance(groups, list)
        and all(isinstance(group, list) for group in groups)
        and any(_is_text(text) for group in groups for text in group)
    )


def _templates(document: Document) -> Node:
    whole = root(document)
    return whole["templates"] if whole["templates"].is_mapping else whole


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and "name" in value and isinstance(value.get("text"), str)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    templates = _templates(document)
    for number, texts in enumerate(templates["texts"]):
        group = templates["groups"][number]["name"].text
        for text in texts:
            _read_text(gathering, text, (group,) if group else ())
    tell_unread(gathering)
    return gathering.conversation(NAME, ("email",))


def _read_text(gathering: Gathering, text: Node, tags: tuple[str, ...]) -> None:
    name = text["name"].name or text["keyword"].name
    subject, body = text["subject"], text["text"]
    gathering.say(f"{name}.subject", subject.value, subject.path, "subject", "plain", tags=tags)
    say_body(gathering, name, body.value, body.path, text["type"].text == "text/html", tags)
