"""Catalogues of messages in ICU syntax: ARB files (Flutter) and FormatJS."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import SAMPLE, Gathering, is_data
from .prose import is_sentence

NAME = "message-catalogue"
TITLE = "catalogue of ICU messages"


def claims(document: Document) -> bool:
    value = document.value
    return is_data(document) and (_is_arb(value) or _is_formatjs(value))


def _is_arb(value: Any) -> bool:
    """Strings with what belongs to ``key`` under ``@key``."""
    if not isinstance(value, dict):
        return False
    keys = [key for key in value if isinstance(key, str)]
    described = sum(1 for key in keys if key.startswith("@") and isinstance(value.get(key[1:]), str))
    return bool(described or "@@locale" in value) and any(
        isinstance(value[key], str) for key in keys if key[0:1] != "@"
    )


def _is_formatjs(value: Any) -> bool:
    if isinstance(value, dict):
        sample = list(islice(value.values(), SAMPLE))
    elif isinstance(value, list):
        sample = value[:SAMPLE]
    else:
        return False
    return bool(sample) and all(isinstance(item, dict) and "defaultMessage" in item for item in sample)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    if _is_arb(document.value):
        _read_arb(gathering, document.value)
    else:
        _read_formatjs(gathering, document.value)
    return gathering.conversation(NAME)


def _read_arb(gathering: Gathering, value: dict[str, Any]) -> None:
    said = value.get("@@locale")
    locale = said.replace("_", "-") if isinstance(said, str) else None
    for key, text in value.items():
        if isinstance(key, str) and not key.startswith("@") and isinstance(text, str):
            _say(gathering, key, text, (key,), locale)
        elif isinstance(text, dict) and isinstance(text.get("description"), str):
            gathering.skip(text["description"], (key, "description"), "a note for translators", str(key).lstrip("@"))


def _read_formatjs(gathering: Gathering, value: Any) -> None:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if not isinstance(item, dict):
            continue
        name = str(item.get("id") or key)
        text = item.get("defaultMessage")
        if isinstance(text, str):
            _say(gathering, name, text, (key, "defaultMessage"), None)
        note = item.get("description")
        gathering.skip(note, (key, "description"), "a note for translators", name)


def _say(gathering: Gathering, name: str, text: str, path: Path, locale: str | None) -> None:
    gathering.say(name, text, path, "reply" if is_sentence(text) else "label", locale=locale)
