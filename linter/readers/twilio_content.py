"""Twilio Content templates as the Content API lists and takes them."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder
from .components import component_of
from .nodes import Node, holds, root, search

NAME = "twilio-content"
TITLE = "Twilio Content templates"

_TEXTS = {
    "body": "reply", "title": "title", "subtitle": "reply", "header_text": "title", "footer": "reply",
    "caption": "reply",
    "button": "button", "button_text": "button", "copy_code_text": "button",
    "item": "option", "section_title": "title", "description": "reply",
    "label": "reply", "address": "reply",
}  # fmt: skip
_FORM = ("whatsapp",)
_OWN_WORDS = frozenset({"description", "section_title"})
"""What is said of a choice, and not by choosing it."""
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
        if key in _TEXTS or (key == "name" and kind == "option"):
            said = _TEXTS[key] if key in _OWN_WORDS or not kind else kind
            builder.say(None, value, f"{id}.{key}", said, locale, channels=channels)
        elif key == "pages":
            for number, page in enumerate(value):
                _page(builder, page, f"{id}.pages[{number}]", locale)
        elif key in _LISTS:
            inner = _LISTS[key] if key != "cards" else ""
            for number, item in enumerate(value):
                _content(builder, item, f"{id}.{key}[{number}]", locale, channels, inner)


def _page(builder: Builder, node: Node, id: str, locale: str | None) -> None:
    """A screen of a form that WhatsApp opens: texts, and the inputs that customers fill in."""
    for key in ("title", "subtitle"):
        builder.say(None, node[key], f"{id}.{key}", "title", locale, channels=_FORM)
    for number, part in enumerate(node["layout"]):
        here = f"{id}.layout[{number}]"
        type = part["type"].name
        for key in ("label", "text", "helper_text", "description"):
            builder.say(None, part[key], f"{here}.{key}", "label" if part["name"] else "reply", locale, channels=_FORM)
        for place, option in enumerate(part["options"]):
            for key in ("label", "title", "description"):
                builder.say(None, option[key], f"{here}.options[{place}].{key}", "option", locale, channels=_FORM)
        if part["name"].name:
            shown = "choice" if part["options"] else component_of(type, "text")
            builder.take(None, part["name"], part["name"].name, type, shown, "", part["label"].text, _FORM)
