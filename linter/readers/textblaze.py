"""Text Blaze: folders of snippets; commands in braces are filled in by the agent, who alone sees notes."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from ..expressions import expression
from . import Neighbours
from .common import Gathering, is_data, letters, named, same_words
from .nodes import Node
from .prose import is_sentence
from .unread import tell_unread

NAME = "textblaze"
TITLE = "Text Blaze snippets"

_LONG = 40
_NOTE = expression(r"(?is)\{note(?![^{}]*\binsert\s*=\s*yes)(?:\s*:[^{}]*)?\}(.*?)\{endnote\s*\}")


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
    tell_unread(gathering)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, snippet: dict[str, Any], path: Path, tags: tuple[str, ...]) -> None:
    name = named(snippet, ("name", "shortcut"))
    text, html = snippet.get("text"), snippet.get("html")
    if isinstance(text, str) and (len(text) > _LONG or is_sentence(text)):
        _say(gathering, name, Node(text, (*path, "text"), gathering.document), "plain", tags)
    if isinstance(html, str) and not (isinstance(text, str) and same_words(text, html)):
        _say(gathering, name, Node(html, (*path, "html"), gathering.document), "html", tags)


def _say(gathering: Gathering, name: str, node: Node, markup: str, tags: tuple[str, ...]) -> None:
    """Say what is inserted: all around the notes."""
    at = 0
    for note in _NOTE.finditer(node.text):
        _say_part(gathering, name, node, at, note.start(), markup, tags)
        inside = node.cut(*note.span(1))
        gathering.skip(inside.value.strip(), inside.path, "a note for agents", name, inside.document)
        at = note.end()
    _say_part(gathering, name, node, at, len(node.text), markup, tags)


def _say_part(
    gathering: Gathering, name: str, node: Node, start: int, end: int, markup: str, tags: tuple[str, ...]
) -> None:
    part = node.text[start:end]
    if part == node.text or letters(part):
        gathering.say(name, part, node.path, markup=markup, tags=tags, offset=start)
