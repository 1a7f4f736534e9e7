"""The front matter of a page: the reply that it makes of the page, and what it says of those on it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..documents import Document, embedded
from ..source import SourceError
from .common import Gathering, channel_names, is_text, named, strings
from .fields import KINDS, locale_of, role
from .markdown_parts import front_matter
from .page_names import HINT
from .page_sections import (
    Place,
)
from .plans import is_internal, plan_of

_TITLES = ("title", "titel", "titulo", "titre", "name", "naam", "nombre", "nome")
_SHORTCUTS = ("shortcut", "short_code", "shortcode", "trigger", "sneltoets", "atalho", "atajo")


class Front(NamedTuple):
    """What front matter says of a page of a reply, or of several: only a page with a ``shortcut`` is surely one."""

    id: str
    tags: tuple[str, ...]
    channels: tuple[str, ...]
    locale: str | None
    shortcut: bool


def called_in(front: Document | None) -> str:
    """The title that stands in front matter."""
    return named(front.value, _TITLES) if front is not None else ""


def reply_in(matter: Document | None) -> Front | None:
    """Front matter that makes the page one reply: it has a shortcut, or says that it is a reply."""
    return _reply_of(matter.value) if matter is not None else None


def matter_of(document: Document, gathering: Gathering | None = None) -> Document | None:
    """The front matter as a document of its own; None where there is no mapping in it. That it is broken is told."""
    start, end = front_matter(document.source.text)
    if document.kind != "markdown" or not end:
        return None
    try:
        inner = embedded(document, (), start, end, "yaml")
    except SourceError as error:
        if gathering is not None:
            gathering.overlook(
                (), f"what stands above the page is {error.reason}", document=Place(document, start, end)
            )
        return None
    return inner if isinstance(inner.value, dict) else None


def is_for_colleagues(values: dict[Any, Any]) -> bool:
    """Whether front matter says so; a page of the type "note" may be one of anybody's notes."""
    return is_internal(values, plan_of([key for key in values if isinstance(key, str) and key.lower() not in KINDS]))


def say_front(gathering: Gathering, front: Document, reply: Front) -> None:
    """What front matter says to customers beside the reply: its subject, a footer."""
    for key, item in front.value.items():
        kind = role(str(key)).kind
        if kind in ("subject", "beside", "text") and is_text(item):
            said = "subject" if kind == "subject" else "reply"
            where = (f"{reply.id}.{key}", item, (key,), said, "auto", reply.channels, reply.locale, reply.tags)
            gathering.say(*where, document=front)


def _reply_of(values: dict[Any, Any]) -> Front | None:
    simple = _simple(values)
    shortcut = named(simple, _SHORTCUTS)
    says = " ".join(str(simple.get(key, "")) for key in ("type", "kind", "soort", "layout"))
    return stated_in(values) if shortcut or HINT.search(says) else None


def _simple(values: dict[Any, Any]) -> dict[str, Any]:
    return {str(key).lower().replace("-", "_"): item for key, item in values.items()}


def stated_in(values: dict[Any, Any]) -> Front:
    """What front matter says of what stands on its page."""
    simple = _simple(values)
    shortcut = named(simple, _SHORTCUTS)
    id = named(simple, _TITLES) or shortcut
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    locale = ""
    for key, item in simple.items():
        kind = role(key).kind
        if kind == "group":
            tags += strings(item)
        elif kind == "channel":
            channels += channel_names(";".join(strings(item)))
        elif kind == "language" and isinstance(item, str):
            locale = locale_of(item)
    return Front(id or "reply", tags, channels, locale or None, bool(shortcut))
