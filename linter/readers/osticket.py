"""osTicket canned responses ("premade"): the YAML seed, or JSON of the table."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, is_table, mostly, records, truth
from .unread import tell_unread

NAME = "osticket"
TITLE = "osTicket canned responses"


def claims(document: Document) -> bool:
    return (is_data(document) or is_table(document)) and mostly(document, _is_canned)


def _is_canned(record: Record) -> bool:
    signs = record.has("isenabled") or record.has("canned_id") or record.has("dept_id")
    return signs and record.has("title", "response")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document):
        name = record.name("title", "canned_id")
        tags = ("inactive",) if truth(record.get("isenabled")) is False else ()
        language = record.get("lang")
        locale = language if isinstance(language, str) and language.strip() else None
        if record.has("response"):
            text, path = record.get("response"), record.at("response")
            gathering.say(name, text, path, markup="html", locale=locale, tags=tags)
        if record.first("notes"):
            gathering.skip(record.get("notes"), record.at("notes"), "a note for agents", name)
        _read_attachments(gathering, record, name, locale, tags)
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _read_attachments(
    gathering: Gathering, record: Record, name: str, locale: str | None, tags: tuple[str, ...]
) -> None:
    """A text that is attached is sent as well; of other files nothing is known."""
    attachments = record.get("attachments")
    for number, attachment in enumerate(attachments if isinstance(attachments, list) else ()):
        if not isinstance(attachment, dict):
            continue
        path = record.at("attachments", number)
        id = f"{name}.{_file_name(attachment, number)}"
        if str(attachment.get("type", "")).startswith("text/") and isinstance(attachment.get("data"), str):
            data = (*path, "data")
            gathering.say(id, attachment["data"], data, markup="plain", locale=locale, tags=tags)
        else:
            gathering.absent(path, "an attached file", id)


def _file_name(attachment: dict[str, Any], number: int) -> str:
    name = attachment.get("name")
    return name if isinstance(name, str) else f"attachments[{number}]"
