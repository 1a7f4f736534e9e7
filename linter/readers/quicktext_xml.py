"""Templates of the Quicktext add-on for Thunderbird; scripts, files and other templates hold text elsewhere."""

from __future__ import annotations

import re
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import Gathering

NAME = "quicktext"
TITLE = "Quicktext templates"

_ELSEWHERE = re.compile(r"\[\[(?:SCRIPT|TEXT|FILE|URL)=[^\]]{0,500}\]\]")


def claims(document: Document) -> bool:
    if document.kind != "xml" or document.value.tag != "quicktext":
        return False
    kind = next((child.text for _, child in document.value.elements() if child.tag == "filetype"), "templates")
    return kind.strip() in ("", "templates")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for number, menu in document.value.elements():
        if menu.tag == "menu":
            _read_menu(gathering, menu, (number,))
    return gathering.conversation(NAME, ("email",))


def _read_menu(gathering: Gathering, menu: Any, path: Path) -> None:
    """Version 1 has the texts right inside and their titles as attributes."""
    title = menu.attributes.get("title", "")
    for number, child in menu.elements():
        if child.tag == "title":
            title = child.text.strip()
        elif child.tag == "text":
            _read_text(gathering, child, (*path, number), title)
        elif child.tag == "texts":
            for inner, text in child.elements():
                if text.tag == "text":
                    _read_text(gathering, text, (*path, number, inner), title)


def _read_text(gathering: Gathering, text: Any, path: Path, menu: str) -> None:
    parts = {child.tag: ((*path, number), child.text) for number, child in text.elements()}
    name = text.attributes.get("title", "") or parts.get("name", ((), ""))[1].strip()
    tags = (menu,) if menu else ()
    if "subject" in parts:
        place, subject = parts["subject"]
        gathering.say(f"{name}.subject", subject, place, "subject", "plain", tags=tags)
    elif text.attributes.get("subject"):
        place = (*path, "@subject")
        gathering.say(f"{name}.subject", text.attributes["subject"], place, "subject", "plain", tags=tags)
    place, body = parts.get("body", (path, text.text))
    say_body(gathering, name, body, place, text.attributes.get("type") == "1", tags)


def say_body(gathering: Gathering, name: str, body: Any, place: Path, is_html: bool, tags: tuple[str, ...]) -> None:
    """Say what a template puts into a mail, and note where a part of it stands elsewhere."""
    if not isinstance(body, str):
        return
    if _ELSEWHERE.sub("", body).strip():
        gathering.say(name, body, place, markup="html" if is_html else "plain", tags=tags)
    if _ELSEWHERE.search(body):
        gathering.absent(place, "a script, file or other template holds (a part of) this text", name)
