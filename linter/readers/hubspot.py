"""HubSpot snippets, as people copy them out, since HubSpot has no export of them.

Their sign is the shortcut, which agents type after a ``#``; what the columns are called differs.
"""

from __future__ import annotations

import re

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, Said, is_data, is_table, mostly, records, strings
from .fields import role
from .unread import tell_unread

NAME = "hubspot-snippets"
TITLE = "HubSpot snippets"

_ENVELOPES = ("snippets", "results", "data")
_SHORTCUT = re.compile(r"#[\w-]+")
_TITLES = ("name", "internal_name", "internal name", "internalName", "title", "shortcut")


def claims(document: Document) -> bool:
    return (is_data(document) or is_table(document)) and mostly(document, _is_snippet, *_ENVELOPES)


def _is_snippet(record: Record) -> bool:
    shortcut = record.get("shortcut")
    return isinstance(shortcut, str) and bool(_SHORTCUT.fullmatch(shortcut.strip())) and bool(_texts(record))


def _texts(record: Record) -> list[str]:
    """The columns with text, the surest first."""
    found = [
        (key, said)
        for key, value in record.values.items()
        if isinstance(value, str) and value.strip() and (said := role(key)).kind == "text"
    ]
    return [key for key, _ in sorted(found, key=lambda pair: pair[1].rank)]


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name(*_TITLES)
        tags = tuple(tag for key in ("folder", "team", "teams") for tag in strings(record.get(key)))
        said = Said()
        for key in _texts(record):
            text = record.get(key)
            if text not in said:
                said.add(text)
                gathering.say(name, text, record.at(key), tags=tags, locale=role(key).locale or None)
        for key, value in record.values.items():
            if isinstance(value, str) and key not in _TITLES and role(key).kind == "agent":
                gathering.skip(value, record.at(key), "a note for agents", name)
    tell_unread(gathering)
    return gathering.conversation(NAME)
