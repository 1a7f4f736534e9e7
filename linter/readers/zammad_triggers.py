"""Zammad triggers, scheduled jobs and macros: what they send to customers, and notes that customers can see."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, strings, truth
from .nodes import Node
from .plans import overlook_others

NAME = "zammad-triggers"
TITLE = "Zammad triggers and macros"

_ENVELOPES = ("triggers", "jobs", "macros", "Trigger", "Job", "Macro")
_CUSTOMERS = frozenset({"article_last_sender", "ticket_customer"})
"""Recipients who are customers, or may be: who wrote last may be an agent as well."""
_SENT = {"notification.email": ("html", "email"), "notification.sms": ("plain", "sms")}
_NOTE = "article.note"


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_trigger, *_ENVELOPES)


def _is_trigger(record: Record) -> bool:
    """A macro may only set fields of a ticket."""
    perform = record.get("perform")
    return isinstance(perform, dict) and record.has("name") and any("." in str(key) for key in perform)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        if _is_trigger(record):
            _read(gathering, record)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, record: Record) -> None:
    name = record.name("name", "id")
    tags = ("inactive",) if truth(record.get("active")) is False else ()
    gathering.skip(record.get("note"), record.at("note"), "a note for administrators", name)
    perform = Node(record.get("perform"), record.at("perform"), gathering.document)
    for key, action in perform.items():
        subject, body = action["subject"], action["body"]
        if key in _SENT:
            markup, channel = _SENT[key]
            if _CUSTOMERS.isdisjoint(strings(action["recipient"].value)):
                _skip(gathering, action, "goes to an agent", name)
                continue
            gathering.say(f"{name}.subject", subject.value, subject.path, "subject", "plain", (channel,), tags=tags)
            gathering.say(name, body.value, body.path, "reply", markup, (channel,), tags=tags)
        elif key == _NOTE and truth(action["internal"].value) is not False:
            _skip(gathering, action, "an internal note", name)
        elif key == _NOTE:
            gathering.say(f"{name}.subject", subject.value, subject.path, "subject", "plain", tags=tags)
            gathering.say(name, body.value, body.path, "reply", "html", tags=tags)
    others: dict[str, Any] = {key: value for key, value in perform.value.items() if key not in _SENT}
    overlook_others(gathering, Record(others, perform.path), (_NOTE,))


def _skip(gathering: Gathering, action: Node, reason: str, name: str) -> None:
    for key in ("subject", "body"):
        gathering.skip(action[key].value, action[key].path, reason, name)
