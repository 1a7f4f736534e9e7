"""Text Blaze: folders of snippets; commands in braces are filled in by the agent."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import Gathering, is_data, named, same_words
from .prose import is_sentence

NAME = "textblaze"
TITLE = "Text Blaze snippets"

_LONG = 40


def claims(document: Document) -> bool:
    value = document.value
    if not (is_data(document) and isinstance(value, dict) and isinstance(value.get("folders"), list)):
        return False
    return any(_snippets(folder) for folder in value["folders"])


def _snippets(folder: Any) -> list[dict[str, Any]]:
    snippets = folder.get("snippets") if isinstance(folder, dict) else None
    if not isinstance(snippets, list):
        return []
    ours = [snippet if isinstance(snippet, dict) else {} for snippet in snippets]
    return ours if any("shortcut" in snippet and "text" in snippet for snippet in ours) else []


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for number, folder in enumerate(document.value["folders"]):
        tags = (folder["name"],) if isinstance(folder, dict) and isinstance(folder.get("name"), str) else ()
        for place, snippet in enumerate(_snippets(folder)):
            _read(gathering, snippet, ("folders", number, "snippets", place), tags)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, snippet: dict[str, Any], path: Path, tags: tuple[str, ...]) -> None:
    name = named(snippet, ("name", "shortcut"))
    text, html = snippet.get("text"), snippet.get("html")
    if isinstance(text, str) and (len(text) > _LONG or is_sentence(text)):
        gathering.say(name, text, (*path, "text"), markup="plain", tags=tags)
    if isinstance(html, str) and not (isinstance(text, str) and same_words(text, html)):
        gathering.say(name, html, (*path, "html"), markup="html", tags=tags)
