"""django-helpdesk fixtures: preset replies and mail templates. Templates for owners and cc go to staff."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records
from .unread import tell_unread

NAME = "django-helpdesk"
TITLE = "django-helpdesk preset replies and mail templates"

_MODELS = {
    "helpdesk.presetreply": ("body",),
    "helpdesk.emailtemplate": ("subject", "heading", "plain_text", "html"),
}
_KNOWN = frozenset({"fields.plain_text", "fields.html"})
_STAFF = ("_owner", "_cc")


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, _is_ours)


def _is_ours(record: Record) -> bool:
    return _model(record) in _MODELS and isinstance(record.get("fields"), dict)


def _model(record: Record) -> str:
    return str(record.get("model")).lower()


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in records(document):
        if _is_ours(record):
            _read(gathering, record, record.get("fields"))
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME, ("email",))


def _read(gathering: Gathering, record: Record, fields: dict[str, Any]) -> None:
    name = str(fields.get("name") or fields.get("template_name") or record.get("pk") or "")
    locale = fields.get("locale")
    for key in _MODELS[_model(record)]:
        path = record.at("fields", key)
        if name.endswith(_STAFF):
            gathering.skip(fields.get(key), path, "goes to staff", name)
            continue
        kind = "subject" if key in ("subject", "heading") else "reply"
        markup = "html" if key == "html" else "plain"
        id = f"{name}[{locale}]" if isinstance(locale, str) else name
        id += "" if key in ("body", "plain_text") else f".{key}"
        gathering.say(id, fields.get(key), path, kind, markup, locale=locale if isinstance(locale, str) else None)
