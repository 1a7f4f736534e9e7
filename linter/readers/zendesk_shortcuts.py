"""Shortcuts of Zendesk Chat; ``options`` are buttons, written as "Yes/No"."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, strings
from .unread import tell_unread

NAME = "zendesk-shortcuts"
TITLE = "Zendesk Chat shortcuts"

_ENVELOPES = ("shortcuts", "shortcut")
_SCOPES = ("all", "agent", "department")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_shortcut, *_ENVELOPES)


def _is_shortcut(record: Record) -> bool:
    return (
        isinstance(record.get("message"), str)
        and record.has("name")
        and record.get("scope") in _SCOPES
        and (record.has("options") or record.has("departments") or record.has("agents"))
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("name", "id")
        tags = strings(record.get("tags"))
        gathering.say(name, record.get("message"), record.at("message"), markup="plain", tags=tags)
        options = record.get("options")
        if isinstance(options, str):
            _say_options(gathering, record, name, options, tags)
    tell_unread(gathering)
    return gathering.conversation(NAME, ("webchat",))


def _say_options(gathering: Gathering, record: Record, name: str, options: str, tags: tuple[str, ...]) -> None:
    at = 0
    for number, option in enumerate(options.split("/")):
        id = f"{name}.options[{number}]"
        gathering.say(id, option, record.at("options"), "button", "plain", tags=tags, offset=at)
        at += len(option) + 1
