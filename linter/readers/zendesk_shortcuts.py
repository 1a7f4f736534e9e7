"""Shortcuts and triggers of Zendesk Chat; ``options`` are buttons, written as "Yes/No"."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, strings, truth
from .unread import tell_unread

NAME = "zendesk-shortcuts"
TITLE = "Zendesk Chat shortcuts and triggers"

_ENVELOPES = ("shortcuts", "shortcut", "triggers", "trigger")
_SENT = "sendMessageToVisitor"
_NOTES = ("setNote", "appendNote")
_SCOPES = ("all", "agent", "department")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(
        document, lambda record: _is_shortcut(record) or bool(_actions(record)), *_ENVELOPES
    )


def _is_shortcut(record: Record) -> bool:
    return (
        isinstance(record.get("message"), str)
        and record.has("name")
        and record.get("scope") in _SCOPES
        and (record.has("options") or record.has("departments") or record.has("agents"))
    )


def _actions(record: Record) -> list[Any]:
    """What a trigger does, each ``["sendMessageToVisitor", "Agent", "Hello!"]``; [] of anything else."""
    definition = record.get("definition")
    actions = definition.get("actions") if isinstance(definition, dict) and "event" in definition else None
    return actions if isinstance(actions, list) and all(isinstance(action, list) for action in actions) else []


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("name", "id")
        tags = strings(record.get("tags"))
        if _actions(record):
            _read_trigger(gathering, record, name)
            continue
        gathering.say(name, record.get("message"), record.at("message"), markup="plain", tags=tags)
        options = record.get("options")
        if isinstance(options, str):
            _say_options(gathering, record, name, options, tags)
    tell_unread(gathering)
    return gathering.conversation(NAME, ("webchat",))


def _read_trigger(gathering: Gathering, record: Record, name: str) -> None:
    gathering.skip(record.get("description"), record.at("description"), "a note for agents", name)
    tags = ("inactive",) if truth(record.get("enabled")) is False else ()
    for number, action in enumerate(_actions(record)):
        does, *parts = action or [None]
        path = record.at("definition", "actions", number, len(parts))
        if does == _SENT and parts:
            gathering.say(name, parts[-1], path, markup="plain", tags=tags)
        elif does in _NOTES and parts:
            gathering.skip(parts[-1], path, "an internal note", name)


def _say_options(gathering: Gathering, record: Record, name: str, options: str, tags: tuple[str, ...]) -> None:
    at = 0
    for number, option in enumerate(options.split("/")):
        id = f"{name}.options[{number}]"
        gathering.say(id, option, record.at("options"), "button", "plain", tags=tags, offset=at)
        at += len(option) + 1
