"""Gorgias macros: the text is an argument of the action that fills in the reply, in HTML and as plain text."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, same_words
from .unread import tell_unread

NAME = "gorgias"
TITLE = "Gorgias macros"

_ENVELOPES = ("data", "macros")
_KNOWN = frozenset({"arguments.body_html", "arguments.body_text"})
_ELSEWHERE = {
    "forwardByEmail": "goes to a third party or a colleague, not to the customer",
    "http": "goes to another program",
}
"""Actions that send something, and not to the customer."""


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_macro, *_ENVELOPES)


def _is_macro(record: Record) -> bool:
    actions = _actions(record)
    return bool(actions) and all("arguments" in action and "name" in action for action in actions)


def _actions(record: Record) -> list[dict[str, Any]]:
    actions = record.get("actions")
    if not isinstance(actions, list) or not all(isinstance(action, dict) for action in actions):
        return []
    return actions


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        for number, action in enumerate(_actions(record)):
            _read_action(gathering, record, number, action)
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME)


def _read_action(gathering: Gathering, record: Record, number: int, action: dict[str, Any]) -> None:
    arguments = action.get("arguments")
    if not isinstance(arguments, dict):
        return
    name = record.name("name", "id")
    html, plain = arguments.get("body_html"), arguments.get("body_text")
    spoken = [(key, text) for key, text in (("body_html", html), ("body_text", plain)) if isinstance(text, str)]
    if isinstance(html, str) and isinstance(plain, str) and same_words(html, plain):
        spoken = spoken[:1]
    language = record.get("language")
    locale = language if isinstance(language, str) else None
    does = str(action.get("name"))
    if does in _ELSEWHERE:
        gathering.skip(arguments, record.at("actions", number, "arguments"), _ELSEWHERE[does], name)
        return
    for key, text in spoken:
        path = record.at("actions", number, "arguments", key)
        if "note" in does.lower():
            gathering.skip(text, path, "an internal note", name)
            continue
        markup = "html" if key == "body_html" else "plain"
        gathering.say(name, text, path, markup=markup, locale=locale)
    subject = arguments.get("subject")
    if isinstance(subject, str):
        path = record.at("actions", number, "arguments", "subject")
        gathering.say(f"{name}.subject", subject, path, "subject", "plain", locale=locale)
