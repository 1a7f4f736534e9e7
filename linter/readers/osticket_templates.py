"""osTicket's mails and pages as it ships them: one a file, each with notes for the administrator.

What goes to staff says so in the file's name (``assigned.alert.yaml``), in the notes, or by a link that only staff has.
"""

from __future__ import annotations

import re
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from ..expressions import expression
from . import Neighbours
from .common import Gathering

NAME = "osticket-templates"
TITLE = "osTicket mail and page templates"

_KEYS = frozenset({"type", "name", "notes", "subject", "body", "lang"})
_STAFF_FILE = re.compile(r"(?:^|[.-])(?:alert|staff)(?:[.-]|$)", re.IGNORECASE)
_STAFF_NOTE = expression(r"\b(?:to|for)\s+(?:an?\s+|the\s+)?(?:staff|agents?)\b", re.IGNORECASE)
_STAFF_LINK = expression(r"%\{\s*\w+\.staff_link\b")


def claims(document: Document) -> bool:
    value = document.value
    if document.kind != "yaml" or not isinstance(value, dict) or not _KEYS.issuperset(value):
        return False
    is_template = "notes" in value and isinstance(value.get("body"), str) and ("subject" in value or "name" in value)
    return is_template and ("type" in value or any("%{" in str(text) for text in value.values()))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    value = document.value
    file = document.path.replace("\\", "/").rpartition("/")[2]
    name = file.rpartition(".")[0] or "template"
    gathering.skip(value["notes"], ("notes",), "a note for agents", name)
    if _is_for_staff(value, file):
        for key in ("subject", "name", "body"):
            gathering.skip(value.get(key), (key,), "goes to staff", name)
        return gathering.conversation(NAME)
    channels = ("email",) if "subject" in value else ()
    heading = ("subject", "subject") if "subject" in value else ("name", "title")
    gathering.say(f"{name}.{heading[0]}", value[heading[0]], (heading[0],), heading[1], "plain", channels)
    gathering.say(name, value["body"], ("body",), markup="html", channels=channels)
    return gathering.conversation(NAME)


def _is_for_staff(value: dict[str, Any], file: str) -> bool:
    return (
        _STAFF_FILE.search(file) is not None
        or _STAFF_NOTE.search(str(value["notes"])) is not None
        or _STAFF_LINK.search(value["body"]) is not None
    )
