"""gettext catalogues: what a program says, translated or, where it isn't yet, in its own words."""

from __future__ import annotations

import re
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering
from .prose import is_sentence

NAME = "gettext"
TITLE = "gettext catalogue"

_LANGUAGE = re.compile(r"^Language:\s*([\w@.-]+)", re.MULTILINE)


def claims(document: Document) -> bool:
    return document.kind == "po" and any(isinstance(entry, dict) and entry.get("msgid") for entry in document.value)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    locale: str | None = None
    for number, entry in enumerate(document.value):
        if not entry.get("msgid"):
            found = _LANGUAGE.search(entry.get("msgstr", ""))
            locale = found[1].split(".")[0].replace("_", "-") if found else locale
        else:
            _read_entry(gathering, number, entry, locale)
    return gathering.conversation(NAME)


def _read_entry(gathering: Gathering, number: int, entry: dict[str, Any], locale: str | None) -> None:
    """The translations, or the original while there is none (then its language is the program's)."""
    context = entry.get("msgctxt")
    name = " ".join(str(context or entry["msgid"]).split())[:80]
    fuzzy = any(comment.startswith("#,") and "fuzzy" in comment for comment in entry.get("comments", ()))
    tags = ("fuzzy",) if fuzzy else ()
    translated = [key for key in entry if key.startswith("msgstr") and entry[key].strip()]
    for key in translated or [key for key in ("msgid", "msgid_plural") if key in entry]:
        text = entry[key]
        kind = "reply" if is_sentence(text) else "label"
        id = name if key in ("msgstr", "msgid") else f"{name}.{key}"
        gathering.say(id, text, (number, key), kind, locale=locale if translated else None, tags=tags)
