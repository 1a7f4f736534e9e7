"""Quick answers of Whaticket and its kin (Ticketz, Izing), which serve WhatsApp only."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records
from .unread import tell_unread

NAME = "whaticket"
TITLE = "Whaticket, Ticketz or Izing quick answers"

_ENVELOPES = (
    "quickAnswers",
    "QuickAnswers",
    "quickMessages",
    "QuickMessages",
    "fastReply",
    "FastReply",
    "records",
)
_SIGNS = ("companyId", "tenantId", "userId", "createdAt", "companyid", "tenantid", "userid", "createdat")
_NAMES = ("shortcut", "shortcode", "key")


def claims(document: Document) -> bool:
    if is_table(document):
        return mostly(document, _is_answer)
    return is_data(document) and mostly(document, _is_answer, *_ENVELOPES)


def _is_answer(record: Record) -> bool:
    """A shortcut, a message, and the columns that only these tables have."""
    return (
        isinstance(record.get("message"), str)
        and bool(record.first(*_NAMES))
        and any(record.has(sign) for sign in _SIGNS)
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        if record.first("message"):
            gathering.say(record.name(*_NAMES), record.get("message"), record.at("message"), markup="auto")
    tell_unread(gathering)
    return gathering.conversation(NAME, ("whatsapp",))
