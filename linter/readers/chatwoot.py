"""Chatwoot: canned responses, and the messages that macros, automation rules and campaigns send.

Source of campaigns: ``app/views/api/v1/models/_campaign.json.jbuilder`` of chatwoot/chatwoot.
"""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .chatwoot_inboxes import channels_of, is_inbox, read_inbox
from .common import Gathering, Record, is_data, is_table, mostly, records, truth
from .unread import tell_unread

NAME = "chatwoot"
TITLE = "Chatwoot canned responses, macros and campaigns"

_ENVELOPES = ("payload", "canned_responses", "macros", "automation_rules", "campaigns", "data")
_SENT = ("send_message", "send_email_transcript_message")
_KNOWN = frozenset(("inbox", "audience"))
_INTERNAL = ("add_private_note", "send_email_to_team")


def claims(document: Document) -> bool:
    if is_table(document):
        return mostly(document, _is_canned)
    return is_data(document) and mostly(
        document, lambda record: _is_canned(record) or _has_actions(record) or _is_campaign(record), *_ENVELOPES
    )


def _is_canned(record: Record) -> bool:
    return record.has("short_code") and isinstance(record.get("content"), str)


def _is_campaign(record: Record) -> bool:
    return record.has("campaign_type", "title") and isinstance(record.get("message"), str)


def _has_actions(record: Record) -> bool:
    actions = record.get("actions")
    return (
        isinstance(actions, list)
        and bool(actions)
        and all(isinstance(action, dict) and "action_name" in action for action in actions)
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    inboxes: set[str] = set()
    for record in records(document, *_ENVELOPES):
        if _is_canned(record):
            name = record.name("short_code", "id")
            gathering.say(name, record.get("content"), record.at("content"), markup="markdown")
        elif _has_actions(record):
            _read_actions(gathering, record, record.get("actions"))
        elif _is_campaign(record):
            _read_campaign(gathering, record, inboxes)
    tell_unread(gathering, _KNOWN)
    if not inboxes:
        return gathering.conversation(NAME)
    # A fact tells that no record was read by itself: each inbox is read with the first campaign that has it.
    return gathering.conversation(NAME, inboxes=True)


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


def _read_campaign(gathering: Gathering, record: Record, inboxes: set[str]) -> None:
    """What a campaign sends, and what its inbox says by itself; each inbox once."""
    name = record.name("title", "id")
    inner = record.get("inbox")
    inbox = Record(inner if isinstance(inner, dict) else {}, record.at("inbox"))
    tags = ("inactive",) if truth(record.get("enabled")) is False else ()
    channels = channels_of(inbox)
    gathering.say(name, record.get("message"), record.at("message"), "reply", "markdown", channels, tags=tags)
    gathering.skip(record.get("description"), record.at("description"), "a note for agents", name)
    if is_inbox(inbox) and (called := inbox.name("id", "name")) not in inboxes:
        inboxes.add(called)
        read_inbox(gathering, inbox)
