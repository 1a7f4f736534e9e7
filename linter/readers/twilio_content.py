"""Twilio Content templates as the Content API lists and takes them."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .nodes import Node, holds, root, search

NAME = "twilio-content"
TITLE = "Twilio Content templates"

_TEXTS = {
    "body": "reply", "title": "title", "subtitle": "reply", "header_text": "title", "footer": "reply",
    "caption": "reply",
    "button": "button", "button_text": "button", "copy_code_text": "button",
    "item": "option", "description": "option",
    "label": "reply", "address": "reply",
}  # fmt: skip
_LISTS = {"actions": "button", "items": "option", "cards": "reply"}


def is_template(value: Any) -> bool:
    """Whether a value has types of content, each with the product that can show it before a slash."""
    types = value.get("types") if isinstance(value, dict) else None
    return isinstance(types, dict) and any(str(key).startswith(("twilio/", "whatsapp/")) for key in types)


def claims(document: Document) -> bool:
    return holds(document, is_template)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document, markup="plain")
    for node in search(root(document), is_template):
        name = node.first("friendly_name", "friendlyName", "sid").text or "template"
        locale = node["language"].text or None
        for type, content in node["types"].items():
            channels = ("whatsapp",) if type.startswith("whatsapp/") else ()
            _content(builder, content, f"{name}.{type}", locale, channels, "")
        builder.skip(node["variables"], "samples of what is filled in", name)
    return builder.conversation()


def _content(builder: Builder, node: Node, id: str, locale: str | None, channels: tuple[str, ...], kind: str) -> None:
    for key, value in node.items():
        if key in _TEXTS:
            builder.say(None, value, f"{id}.{key}", kind or _TEXTS[key], locale, channels=channels)
        elif key in _LISTS:
            inner = _LISTS[key] if key != "cards" else ""
            for number, item in enumerate(value):
                _content(builder, item, f"{id}.{key}[{number}]", locale, channels, inner)
