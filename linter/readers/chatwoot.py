"""Chatwoot: canned responses, and the messages that macros and automation rules send."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records, truth
from .unread import tell_unread

NAME = "chatwoot"
TITLE = "Chatwoot canned responses and macros"

_ENVELOPES = ("payload", "canned_responses", "macros", "automation_rules", "data")
_SENT = ("send_message", "send_email_transcript_message")
_INTERNAL = ("add_private_note", "send_email_to_team")


def claims(document: Document) -> bool:
    if is_table(document):
        return mostly(document, _is_canned)
    return is_data(document) and mostly(
        document, lambda record: _is_canned(record) or _has_actions(record), *_ENVELOPES
    )


def _is_canned(record: Record) -> bool:
    return record.has("short_code") and isinstance(record.get("content"), str)


def _has_actions(record: Record) -> bool:
    actions = record.get("actions")
    return (
        isinstance(actions, list)
        and bool(actions)
        and all(isinstance(action, dict) and "action_name" in action for action in actions)
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        if _is_canned(record):
            name = record.name("short_code", "id")
            gathering.say(name, record.get("content"), record.at("content"), markup="markdown")
        elif _has_actions(record):
            _read_actions(gathering, record, record.get("actions"))
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _read_actions(gathering: Gathering, record: Record, actions: list[dict[str, Any]]) -> None:
    name = record.name("name", "id")
    tags = ("inactive",) if truth(record.get("active")) is False else ()
    for number, action in enumerate(actions):
        parameters = action.get("action_params")
        for place, text in enumerate(parameters if isinstance(parameters, list) else ()):
            path = record.at("actions", number, "action_params", place)
            if action["action_name"] in _SENT and isinstance(text, str):
                gathering.say(name, text, path, markup="markdown", tags=tags)
            elif action["action_name"] in _INTERNAL:
                gathering.skip(text, path, "an internal note", name)
