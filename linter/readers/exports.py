"""For exports that span files: the files of one bot, free payloads, and ways from many steps to many."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from ..conversation import Located
from ..documents import Document
from . import Neighbours
from .building import Builder
from .drafts import FlowDraft, StepDraft
from .fields import role
from .nodes import Node
from .prose import is_sentence

SHOWN = frozenset({
    "text", "title", "subtitle", "body", "header", "footer", "label", "description", "caption", "message",
    "placeholder", "speech", "displaytext", "texttospeech", "alttext", "content", "errormessage", "fallbacktext",
    "html", "heading", "subheading", "header_text", "headertext", "body_text", "bodytext", "footer_text", "footertext",
    "alt", "alt_text", "speak", "summary", "prompt", "accessibilitytext", "tooltip", "hint", "hint_text", "question",
    "formattedtext", "ssml", "destinationname", "pretext",
})  # fmt: skip
"""Keys, in lower case, whose strings one channel or another shows to the customer."""

_BUTTONS = frozenset({
    "buttons", "quickreplies", "quick_replies", "options", "actions", "suggestions", "replies", "choices",
    "suggestedactions", "inline_keyboard", "keyboard",
})  # fmt: skip
_NEVER = frozenset({"metadata", "headers", "parameters", "postback", "data", "styles", "style"})
_CALLED = frozenset({"text", "title", "label"})
_FIELD = frozenset({"label", "placeholder", "content", "replyMessage"})
"""What stands under "data" where a product has its words there: a field of a form, Amazon Connect's messages."""
_SENT_BACK = frozenset({"value", "payload", "callback_data", "callbackdata", "callback", "url", "href", "src", "regex"})
"""Keys of what a button or an option stands for: the customer's words, or none."""
_NO_TEXT = ("customer", "agent", "title")
_UNKNOWN = "what a channel does with this part of a payload is not known, so it is not read"
_MOST_PAIRS = 10_000
_MOST_STARTS = 12  # of a step behind several that are not asked for


def folder_of(document: Located) -> str:
    """The last folder of a document's path, inside its archive; "" at the root."""
    return (folders_of(document) or ("",))[-1]


def folders_of(document: Located) -> tuple[str, ...]:
    """The folders of a document's path, the innermost last; a path in an archive begins at its root."""
    path = _inner(document)
    if not document.source.members:
        path = os.path.abspath(path).replace("\\", "/")
    return tuple(part for part in posixpath.dirname(path).split("/") if part not in ("", "."))


def stem_of(document: Located) -> str:
    """The file's name without its last suffix."""
    name = posixpath.basename(_inner(document))
    return name.rpartition(".")[0] or name


def _inner(document: Located) -> str:
    source = document.source
    return (source.members[-1] if source.members else source.path).replace("\\", "/")


def files(
    document: Document, neighbours: Neighbours, patterns: Iterable[str], mine: Callable[[Document], bool]
) -> Iterator[Document]:
    """The documents of an export, the given one among them, that fit the patterns and are ``mine``, each once."""
    own = posixpath.normpath(_inner(document))
    base = posixpath.dirname(own)
    seen = {own}
    yield document
    for pattern in patterns:
        for name in neighbours.names(pattern):
            path = posixpath.normpath(posixpath.join(base, name))
            if path not in seen:
                seen.add(path)
                yield from (found for found in neighbours.open(name) if mine(found))


def is_found(document: Document, neighbours: Neighbours, patterns: Iterable[str]) -> bool:
    """Whether a document is itself one of those that the patterns find."""
    own = posixpath.normpath(_inner(document))
    base = posixpath.dirname(own)
    names = (name for pattern in patterns for name in neighbours.names(pattern))
    return any(posixpath.normpath(posixpath.join(base, name)) == own for name in names)


def place(node: Node, *keys: str) -> Node:
    """Where something stands: the first of the keys that is there, else the node itself."""
    return next((node[key] for key in keys if key in node), node)


def say_payload(
    builder: Builder,
    step: StepDraft | None,
    node: Node,
    id: str,
    kind: str = "reply",
    locale: str | None = None,
    channels: tuple[str, ...] = (),
    key: str = "text",
) -> None:
    """The strings of a free payload that are shown on some channel; JSON in strings is looked into."""
    if node.is_mapping:
        for name, item in node.items():
            lower = name.lower()
            if lower not in _NEVER or _is_shown_inside(lower, item):
                inner = "button" if lower in _BUTTONS else kind
                named = lower == "name" and kind == "button" and not _CALLED & node.value.keys()
                shown = "title" if named else lower
                say_payload(builder, step, item, f"{id}.{name}", inner, locale, channels, shown)
    elif node.is_list:
        for number, item in enumerate(node):
            say_payload(builder, step, item, f"{id}[{number}]", kind, locale, channels, key)
    elif node.text:
        inside = node.inner()
        if inside.value is not None:
            say_payload(builder, step, inside, id, kind, locale, channels, key)
        elif key in SHOWN or key in _BUTTONS or is_called_text(key, node.text):
            builder.say(step, node, id, kind, locale, channels=channels)
        elif key not in _SENT_BACK and role(key).kind not in _NO_TEXT and is_sentence(node.text):
            builder.overlook(node, _UNKNOWN, id)


def _is_shown_inside(key: str, item: Node) -> bool:
    """Whether what seldom holds texts does: a card's metadata, a template's parameters, a field of a form."""
    if key == "parameters":
        return item.is_list
    return (key == "metadata" and "contentType" in item) or (
        key == "data" and item.is_mapping and not _FIELD.isdisjoint(item.value)
    )


def is_called_text(key: str, text: str) -> bool:
    """Whether a sentence stands under a name for texts that a channel of one's own has ("tekst", "reply")."""
    named = role(key)
    return named.kind in ("text", "beside") and key not in _SENT_BACK and is_sentence(text)


def link_all(
    flow: FlowDraft, starts: Sequence[Hashable], ends: Sequence[Hashable], condition: str, place: Node
) -> None:
    """Ways from every start to every end. Very many go by way of a step at ``place``, so that they stay few."""
    if len(starts) * len(ends) > _MOST_PAIRS:
        hub = ("hub", condition)
        flow.step(hub, place, condition)
        lead_to(flow, starts, hub, condition)
        starts = (hub,)
    for start in starts:
        for end in ends:
            if start != end:
                flow.link(end, condition, start=start)


def past(flow: FlowDraft, before: Sequence[Hashable], key: Hashable, place: Node, id: str) -> list[Hashable]:
    """Where the conversation goes on behind the step ``key``, which is not asked for, unless a program does: from it,
    or from the steps ``before`` it. Where these are very many, from one at ``place`` at which they meet.
    """
    starts = [*before, key]
    if len(starts) <= _MOST_STARTS:
        return starts
    met = ("past", key)
    flow.step(met, place, id)
    lead_to(flow, starts, met)
    return [met]


def lead_to(flow: FlowDraft, starts: Sequence[Hashable], end: Hashable, condition: str = "") -> None:
    """Ways from every start to a step."""
    for start in starts:
        flow.link(end, condition, start=start)


def component(type: str) -> str:
    """The component for a product's own entity type, typed in a chat: a place or a name is typed text."""
    words = {word.lower() for word in _WORDS.findall(type)}
    return next((found for found, names in _TYPES if words & names), "text")


_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TYPES = (
    ("email", frozenset({"email", "mail"})),
    ("phone", frozenset({"phone", "telephone", "mobile"})),
    ("upload", frozenset({"attachment", "file"})),
    ("date", frozenset({"date", "time", "duration", "datetime"})),
    ("choice", frozenset({"boolean", "confirm", "confirmation", "yes", "choice", "list", "embedded"})),
    ("number", frozenset({"number", "cardinal", "ordinal", "age", "currency", "percentage", "money", "unit"})),
)
