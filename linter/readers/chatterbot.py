"""ChatterBot's corpus files: conversations as lists of statements, each an answer to the one before.

The first statement of a conversation is a customer's; what follows in it ChatterBot may say.

Sources: the README of gunthercox/chatterbot-corpus; the specification of the corpus in the wiki of
gunthercox/ChatterBot (statements with a ``text``).
"""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, is_data, strings
from .nodes import Node, root
from .reasons import CUSTOMER
from .unread import tell_unread

NAME = "chatterbot"
TITLE = "ChatterBot corpora"

_SAMPLE = 20


def claims(document: Document) -> bool:
    value = document.value
    if not is_data(document) or not isinstance(value, dict) or not isinstance(value.get("categories"), list):
        return False
    conversations = value.get("conversations")
    if not isinstance(conversations, list) or not conversations:
        return False
    sample = conversations[:_SAMPLE]
    return 2 * sum(map(_is_conversation, sample)) >= len(sample)


def _is_conversation(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(_is_statement(one) for one in value)


def _is_statement(value: Any) -> bool:
    return not isinstance(value, (list, dict)) or (isinstance(value, dict) and "text" in value)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    whole = root(document)
    tags = strings(whole["categories"].value)
    for number, conversation in enumerate(whole["conversations"]):
        for place, statement in enumerate(conversation):
            text = _text(statement)
            if place:
                gathering.say(_text(conversation[0]).name or f"[{number}]", text.value, text.path, tags=tags)
            else:
                gathering.skip(text.value, text.path, CUSTOMER)
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _text(statement: Node) -> Node:
    return statement["text"] if statement.is_mapping else statement
