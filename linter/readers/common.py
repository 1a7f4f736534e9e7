"""What the readers share: gathering messages, walking records, telling texts from keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ..conversation import Capture, Conversation, Message, Path, Skipped
from ..documents import Document, Several

SAMPLE = 20
"""How many records are looked at to tell a format."""

MESSAGING = ("whatsapp", "messenger", "instagram", "telegram", "sms", "webchat")
"""Where a product's "messaging" or "chat" goes: it does not tell these apart."""

_CHANNELS: dict[str, tuple[str, ...]] = {
    "whatsapp": ("whatsapp",), "wa": ("whatsapp",), "wapp": ("whatsapp",),
    "facebook": ("messenger",), "messenger": ("messenger",), "facebook messenger": ("messenger",),
    "instagram": ("instagram",), "telegram": ("telegram",), "sms": ("sms",),
    "twilio": ("sms", "whatsapp"),
    "email": ("email",), "e-mail": ("email",), "mail": ("email",), "correo": ("email",),
    "chat": ("webchat",), "live chat": ("webchat",), "livechat": ("webchat",), "web": ("webchat",),
    "webchat": ("webchat",), "website": ("webchat",), "rest": ("webchat",), "socketio": ("webchat",),
    "voice": ("voice",), "phone": ("voice",), "telefoon": ("voice",), "telefon": ("voice",),
    "messaging": MESSAGING, "berichten": MESSAGING, "social": ("messenger", "instagram", "public"),
    "all": (), "any": (), "alle": (), "todos": (), "tous": (), "tutti": (), "": (),
}  # fmt: skip

_TWO_WORDS = re.compile(
    r"[^\W\d_]['’\w-]*[^\w\s]*\s+[^\w\s]*\w|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4}"
)
_CODE = re.compile(r"\s*(?:\S+|<\?xml.*|data:.*)\s*$", re.DOTALL)


def channel_names(said: str) -> tuple[str, ...]:
    """Channels in a cell such as "WhatsApp; e-mail"; () where it says all or nothing; unknown names stay."""
    found: list[str] = []
    for part in re.split(r"[;,/|+&]", said):
        name = part.strip().lower()
        if name in _CHANNELS and not _CHANNELS[name] and name:
            return ()
        found += _CHANNELS.get(name, (name,))
    return tuple(dict.fromkeys(found))


def is_text(value: object) -> bool:
    """Whether a value reads as words to a person: at least two, no address, path or markup of a program."""
    return isinstance(value, str) and _TWO_WORDS.search(value) is not None and _CODE.match(value) is None


def first(record: dict[str, Any], keys: Iterable[str]) -> str:
    """The first of the keys that has a string with something in it; "" when none has."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def named(record: dict[str, Any], keys: Iterable[str], fallback: object) -> str:
    """What an author knows a record by: the first key with a string or number in it."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:120]
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return str(fallback)


def strings(value: Any) -> tuple[str, ...]:
    """The strings in a list, or one string; () for anything else."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str) and item.strip())
    return ()


def records(value: Any, keys: Sequence[str] = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The mappings in a list, in a list (or alone) under one of an envelope's ``keys``, or the value itself.

    Pages of answers that follow each other are read as one.
    """
    if isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, dict):
                for path, record in _in_envelope(item, keys):
                    yield (number, *path), record
    elif isinstance(value, dict):
        yield from _in_envelope(value, keys)


def _in_envelope(value: dict[str, Any], keys: Sequence[str]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for key in keys:
        inner = value.get(key)
        if isinstance(inner, list):
            for number, item in enumerate(inner):
                if isinstance(item, dict):
                    yield (key, number), item
            return
        if isinstance(inner, dict):
            yield (key,), inner
            return
    yield (), value


def mostly(
    value: Any, keys: Sequence[str], test: Callable[[dict[str, Any]], bool], least: float = 0.5
) -> bool:
    """Whether most of the first records pass a test."""
    found = [test(record) for _, record in islice(records(value, keys), SAMPLE)]
    return bool(found) and sum(found) >= max(1, least * len(found))


def is_data(document: Document) -> bool:
    """JSON, JSON Lines or YAML with a mapping or list at its root, and no schema of such."""
    value = document.value
    if document.kind not in ("json", "jsonl", "yaml") or not isinstance(value, (dict, list)):
        return False
    return not (isinstance(value, dict) and is_description(value))


def is_description(value: dict[str, Any]) -> bool:
    """Whether a mapping describes data (JSON Schema, OpenAPI, Postman) or configures a program."""
    schema = value.get("$schema")
    if isinstance(schema, str) and "json-schema.org" in schema:
        return True
    if "openapi" in value or "swagger" in value or "asyncapi" in value:
        return True
    if isinstance(value.get("properties"), dict) and value.get("type") == "object":
        return True
    info = value.get("info")
    return isinstance(info, dict) and "postman" in str(info.get("schema", ""))


def has(record: Any, *keys: str) -> bool:
    """Whether a value is a mapping with all of the keys."""
    return isinstance(record, dict) and all(key in record for key in keys)


class Gathering:
    """What a reader has found in a document so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.messages: list[Message] = []
        self.captures: list[Capture] = []
        self.skipped: list[Skipped] = []
        self.unseen: list[Skipped] = []

    def say(
        self,
        id: str,
        text: Any,
        path: Path,
        kind: str = "reply",
        markup: str = "auto",
        channels: tuple[str, ...] = (),
        locale: str | None = None,
        tags: tuple[str, ...] = (),
        offset: int = 0,
        document: Document | None = None,
    ) -> None:
        """Take a text that a customer can read; blank ones and things that are no text are passed over.

        A number or truth value (an unquoted ``Yes`` of YAML) is taken as it is written.
        """
        if not isinstance(text, str):
            if text is None or isinstance(text, (dict, list)):
                return
            text = (document or self.document).text(path).value
        if text and not text.isspace():
            self.messages.append(
                Message(
                    id, text, path, document or self.document, kind, markup, channels, locale, tags, offset
                )
            )

    def skip(
        self, value: Any, path: Path, reason: str, name: str = "", document: Document | None = None
    ) -> None:
        """Note a text that is not for customers; nothing is noted where there is none."""
        if value not in (None, "", [], {}):
            self.skipped.append(Skipped(path, document or self.document, reason, name))

    def absent(self, path: Path, reason: str, name: str = "", document: Document | None = None) -> None:
        """Note a text that customers get and that is not in the file."""
        self.unseen.append(Skipped(path, document or self.document, reason, name))

    def conversation(self, format: str, channels: tuple[str, ...] = (), **facts: Any) -> Conversation:
        return Conversation(
            format,
            (self.document,),
            self.messages,
            self.captures,
            (),
            self.skipped,
            self.unseen,
            channels,
            facts,
        )


def several(document: Document) -> Iterator[tuple[Path, Any]]:
    """The values of a file: each YAML document or JSON line with its path, or the one there is."""
    if isinstance(document.value, Several):
        yield from (((number,), value) for number, value in enumerate(document.value))
    else:
        yield (), document.value
