"""Queues of Whaticket and its kin (Ticketz), each with its greeting and its menu, and what their campaigns send."""

from __future__ import annotations

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records
from .nodes import Node
from .plans import overlook_others

NAME = "whaticket-queues"
TITLE = "Whaticket or Ticketz queues and campaigns"

_ENVELOPES = ("queues", "Queues", "campaigns", "Campaigns", "records")
_QUEUE = ("greetingMessage", "outOfHoursMessage")
_CAMPAIGN = tuple(f"{name}{number}" for name in ("message", "confirmationMessage") for number in range(1, 6))
_SENT = ("companyId", "whatsappId", "contactListId", "tenantId")
"""What tells a campaign from another list of messages: whose it is, where it goes."""
_KNOWN = frozenset((*_QUEUE, *_CAMPAIGN, "options"))


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, lambda record: bool(_texts(record)), *_ENVELOPES)


def _texts(record: Record) -> tuple[str, ...]:
    """The names of the texts that a queue or a campaign has; () of anything else."""
    if record.has("name", "color", "greetingMessage"):
        return _QUEUE
    sent = record.has("name", "message1", "message2") and any(record.has(sign) for sign in _SENT)
    return _CAMPAIGN if sent else ()


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document, *_ENVELOPES):
        name = record.name("name", "id")
        texts = _texts(record)
        for key in texts:
            gathering.say(f"{name}.{key}", record.get(key), record.at(key))
        if texts:
            _read_options(gathering, Node(record.get("options"), record.at("options"), document), name)
            overlook_others(gathering, record, _KNOWN)
    return gathering.conversation(NAME, ("whatsapp",))


def _read_options(gathering: Gathering, options: Node, name: str) -> None:
    """What can be chosen from a menu, what is said to whom chooses it, and the menu that comes then."""
    for number, option in enumerate(options):
        id = f"{name}.options[{number}]"
        gathering.say(f"{id}.title", option["title"].value, option["title"].path, "option")
        gathering.say(f"{id}.message", option["message"].value, option["message"].path)
        if option.is_mapping:
            overlook_others(gathering, Record(option.value, option.path), ("title", "message", "options"))
        _read_options(gathering, option["options"], id)
