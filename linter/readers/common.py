"""What the readers share: gathering messages, walking records, telling texts from keys."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from ..conversation import Capture, Conversation, Located, Message, Path, Skipped, Variant
from ..documents import Document, Several, Table
from ..documents.model import numbered, simple_name
from ..expressions import expression
from ..source import brief
from .fields import role
from .formulas import FORMULA, TABLES, is_formula, spoken
from .nodes import Joined, Node

SAMPLE = 20
"""How many records are looked at to tell a format."""

MESSAGING = ("whatsapp", "messenger", "instagram", "telegram", "sms", "webchat")
"""Where a product's "messaging" or "chat" goes: it does not tell these apart."""

_LONGEST_LABEL = 5  # words
_NEAR_TOP = 10  # rows
_LONGEST_NAME = 60  # characters of a column's name
EVERYWHERE = (*MESSAGING, "email", "voice")
"""Where a conversation can take place."""

_CHANNELS: dict[str, tuple[str, ...]] = {
    "whatsapp": ("whatsapp",), "wa": ("whatsapp",), "wapp": ("whatsapp",),
    "facebook": ("messenger",), "messenger": ("messenger",), "facebook messenger": ("messenger",),
    "instagram": ("instagram",), "telegram": ("telegram",), "sms": ("sms",),
    "twilio": ("sms", "whatsapp"),
    "email": ("email",), "e-mail": ("email",), "mail": ("email",), "correo": ("email",),
    "chat": MESSAGING, "live chat": ("webchat",), "livechat": ("webchat",), "web": ("webchat",),
    "webchat": ("webchat",), "website": ("webchat",), "rest": ("webchat",), "socketio": ("webchat",),
    "webwidget": ("webchat",), "text": ("sms",), "textmessage": ("sms",),
    "voice": ("voice",), "phone": ("voice",), "telefoon": ("voice",), "telefon": ("voice",),
    "telephony": ("voice",), "ivr": ("voice",), "phone call": ("voice",), "phone calls": ("voice",),
    "voice call": ("voice",), "voice calls": ("voice",), "audiocodes": ("voice",), "audiocodes stream": ("voice",),
    "jambonz": ("voice",), "jambonz stream": ("voice",), "signalwire": ("voice",), "browser audio": ("voice",),
    "twilio media streams": ("voice",), "directlinespeech": ("voice",),
    "messaging": MESSAGING, "berichten": MESSAGING, "social": ("messenger", "instagram", "public"),
    "all": (), "any": (), "alle": (), "todos": (), "tous": (), "tutti": (), "": (),
}  # fmt: skip
_RUN_TOGETHER = {name.replace(" ", "").replace("-", ""): names for name, names in _CHANNELS.items()}
_BESIDE = frozenset(
    ["and", "en", "und", "et", "y", "e", "i", "of", "or", "oder", "ou", "o", "via", "on", "only", "alleen", "nur",
     "business", "api", "cloud", "app", "message", "messages", "messaging", "chat", "chats", "chatbot", "bot",
     "channel", "channels", "kanaal", "kanalen", "kanal", "canal", "canale"]
)  # fmt: skip
"""Words beside a channel's name that make no other of it."""

_CARRIERS = frozenset(["twilio"])
"""Who carries messages and calls: a word beside the name says which ("twilio_voice", "Twilio SMS")."""

_BETWEEN_TAGS = re.compile(r"[,;|\n]")
_TWO_WORDS = expression(r"[^\W\d_][^\w\s]*\s+[^\w\s]*\w|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4}")


@lru_cache(maxsize=4096)
def channel_names(said: str) -> tuple[str, ...]:
    """Channels in a cell such as "WhatsApp; e-mail"; () where it says all or nothing; unknown names stay."""
    found: list[str] = []
    for part in re.split(r"[;,/|+&\n]", said):
        name = " ".join(part.lower().split())
        names = _named_by(name)
        if name and not names:
            return ()
        found += names
    return tuple(dict.fromkeys(found))


def _named_by(name: str) -> tuple[str, ...]:
    """The channels of one name, however it is written ("Whats-App", "WhatsApp Business"); an unknown name stays."""
    known = _CHANNELS.get(name)
    if known is None:
        known = _RUN_TOGETHER.get("".join(re.findall(r"[^\W_]", name)))
    if known is not None:
        return known
    words = re.findall(r"[^\W_]+", name)
    words = [word for word in words if word not in _BESIDE] or words
    words = [word for word in words if word not in _CARRIERS] or words
    if all(word in _CHANNELS for word in words):
        several = [_CHANNELS[word] for word in words]
        return tuple(channel for channels in several for channel in channels) if all(several) else ()
    return (name,)


def known_channels(name: str) -> tuple[str, ...]:
    """The channels of a name that is known as one, () of any other."""
    name = " ".join(name.lower().split())
    names = _named_by(name)
    return () if names == (name,) and name not in _CHANNELS else names


def as_label(description: Any) -> str:
    """A builder's description of what is taken, where it names it as a label does; "" where it is a sentence."""
    return description if isinstance(description, str) and len(description.split()) <= _LONGEST_LABEL else ""


def is_text(value: object) -> bool:
    """Whether a value reads as words to a person: at least two, no address, path or markup of a program."""
    return isinstance(value, str) and _TWO_WORDS.search(value) is not None and not value.startswith(("<?xml", "data:"))


def strings(value: Any) -> tuple[str, ...]:
    """The strings in a list, or one string; () for anything else."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str) and item.strip())
    return ()


def labels(value: Any) -> tuple[str, ...]:
    """The tags in a list, or in one text with marks between them: "web, VIP"."""
    return tuple(tag.strip() for said in strings(value) for tag in _BETWEEN_TAGS.split(said) if tag.strip())


def named(values: dict[Any, Any], keys: Sequence[str]) -> str:
    """What an author knows a mapping by: the first of the keys with a string or number in it; "" if none."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, str) and value and not value.isspace():
            return value[:120] if value.isascii() and "\n" not in value else " ".join(value.split())[:120]
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


class Record:
    """One entry of a library, a mapping or a row of a table, that knows the paths to its fields.

    The fields of a row have the names of its columns in lower case and without accents.
    """

    __slots__ = ("columns", "path", "values")

    def __init__(self, values: dict[str, Any], path: Path, columns: dict[str, int] | None = None) -> None:
        self.values = values
        self.path = path
        self.columns = columns

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def has(self, *keys: str) -> bool:
        """Whether it has all of the keys."""
        return all(key in self.values for key in keys)

    def at(self, key: str, *steps: str | int) -> Path:
        """The path to a field, or to something inside it."""
        return (*self.path, key if self.columns is None else self.columns[key], *steps)

    def first(self, *keys: str) -> str:
        """The first of the keys whose value is a string with something in it; "" when none is."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str) and value and not value.isspace():
                return key
        return ""

    def name(self, *keys: str) -> str:
        """What an author knows the record by: the first of the keys that is filled in, else its number."""
        return named(self.values, keys) or (f"[{self.path[-1]}]" if self.path else "")


def records(document: Document, *keys: str) -> Iterator[Record]:
    """The entries of a library.

    These are the mappings in a list, in a list (or alone) under an envelope's ``keys``, or the value
    itself; the rows of a table below its header. Pages of answers that follow each other are read as one.
    """
    value = document.value
    if isinstance(value, list):
        for number, item in numbered(value):
            if isinstance(item, dict):
                yield from _in_envelope(item, keys, (number,))
    elif isinstance(value, Table):
        yield from rows(value, ())
    elif isinstance(value, dict):
        if document.kind in ("xlsx", "ods"):
            for name, table in value.items():
                yield from rows(table, (name,))
        else:
            yield from _in_envelope(value, keys, ())


def _in_envelope(value: dict[str, Any], keys: Sequence[str], path: Path) -> Iterator[Record]:
    found = [key for key in keys if isinstance(value.get(key), (list, dict))]
    for key in found:
        inner = value[key]
        if isinstance(inner, dict):
            yield Record(inner, (*path, key))
        else:
            for number, item in numbered(inner):
                if isinstance(item, dict):
                    yield Record(item, (*path, key, number))
    if not found:
        yield Record(value, path)


def header_row(table: Table) -> int:
    """The first row with at least two cells, since sheets may have a title above; 0 when there is none.

    Where that names nothing, and one near it names a text and what is beside it, or a text alone, it is that one.
    """
    top = [[cell for cell in row if cell.strip()] for row in islice(table.rows, _NEAR_TOP)]
    first = next((number for number, cells in enumerate(top) if len(cells) > 1), 0)
    known = max(1, _known(top[first])) if top else 0
    for number, cells in enumerate(top):
        is_lone = number < first and len(cells) == 1 and not table.rows[number][0].strip()
        if (len(cells) > 1 or is_lone) and any(role(cell).kind == "text" for cell in cells):
            names = _known(cells)
            if names > known or (is_lone and known == 1):
                return number
    return first


def _known(cells: Sequence[str]) -> int:
    """How many cells are names of something a library has."""
    return sum(1 for cell in cells if len(cell) <= _LONGEST_NAME and role(cell).kind)


def rows(table: Table, path: Path) -> Iterator[Record]:
    """The rows below the header as records; a further column of the same name has a number behind it ("answer 2")."""
    columns = columns_of(table)
    if not columns:
        return
    top = header_row(table)
    in_order, numbers = list(columns.items()), list(columns.values())
    for number, row in islice(table.numbered(), top + 1, None):
        if row:
            # As far as the row goes: of ten thousand columns it may fill two.
            values = {name: row[column] for name, column in in_order[: bisect_left(numbers, len(row))]}
            yield Record(values, (*path, number), columns)


_MOST_COLUMNS = 1 << 14


def columns_of(table: Table) -> dict[str, int]:
    """The columns that have a name, by their names as ``rows`` gives them; none of more than a spreadsheet can have."""
    if table.columns is None:
        table.columns = {}
        counts: dict[str, int] = {}
        header = table.rows[header_row(table)] if table.rows else []
        for number, cell in enumerate(header if len(header) <= _MOST_COLUMNS else ()):
            own = name = simple_name(cell)
            while name in table.columns:
                counts[own] = counts.get(own, 1) + 1
                name = f"{own} {counts[own]}"
            if name:
                table.columns[name] = number
    return table.columns


def mostly(document: Document, test: Callable[[Record], bool], *keys: str, least: float = 0.5) -> bool:
    """Whether at least a share of the first records pass a test."""
    return most(records(document, *keys), test, least)


def most(found: Iterable[Record], test: Callable[[Record], bool], least: float = 0.5) -> bool:
    """Whether at least a share of the first of some records pass a test; false where there are none."""
    passed = [test(record) for record in islice(found, SAMPLE)]
    return bool(passed) and sum(passed) >= max(1, least * len(passed))


def is_table(document: Document) -> bool:
    return document.kind in ("csv", "xlsx", "ods")


def truth(value: Any) -> bool | None:
    """What a flag says, however it is written, also as a cross in a list; None when it is no flag."""
    if isinstance(value, (bool, int)):
        return bool(value)
    if isinstance(value, str):
        return _TRUTHS.get(value.strip().lower())
    return None


_TRUTHS = {
    **dict.fromkeys(
        ["true", "1", "yes", "y", "t", "on", "ja", "j", "sim", "s", "sí", "si", "sì", "oui", "waar", "wahr", "vrai",
         "verdadero", "verdadeiro", "vero", "x", "✓", "✔", "✔️", "☑", "☑️", "✅"], True
    ),
    **dict.fromkeys(
        ["false", "0", "no", "n", "f", "off", "nee", "nein", "não", "nao", "non", "onwaar", "falsch", "faux", "falso",
         "☐", "✗", "✘", "❌"], False
    ),
}  # fmt: skip


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same when tags, entities, blanks and marks are left away."""
    return letters(one) == letters(other)


def letters(text: str) -> str:
    """What a text says when tags, entities, blanks and marks are left away."""
    if "&" in text:
        from html import unescape

        text = unescape(text)
    return "".join(_SAID.findall(_TAG.sub("", text) if "<" in text else text))


_TAG = expression(r"<[^<>]*>")
_SAID = expression(r"[^\W_]+")


class Said:
    """Texts, and whether another says the same as one of them, tags, blanks and marks left away.

    Most records have one text, which is never looked at.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._new = list(texts)
        self._known: set[str] = set()

    def add(self, text: str) -> None:
        self._new.append(text)

    def __bool__(self) -> bool:
        return bool(self._new or self._known)

    def __contains__(self, text: str) -> bool:
        self._known.update(map(letters, self._new))
        self._new.clear()
        return bool(self._known) and letters(text) in self._known


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


class Gathering:
    """What a reader has found in a document so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.messages: list[Message] = []
        self.captures: list[Capture] = []
        self.skipped: list[Skipped] = []
        self.unseen: list[Skipped] = []
        self.overlooked: list[Skipped] = []
        self.told: set[str] = set()
        """Names that were told to be unknown; once is enough."""
        self._taken: set[str] = set()

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
        document: Located | None = None,
        variant: Variant | None = None,
    ) -> None:
        """Take a text that a customer can read; blank ones and things that are no text are passed over.

        A number or truth value (an unquoted ``Yes`` of YAML) is taken as it is written.
        """
        if not isinstance(text, str):
            if text is None or isinstance(text, (dict, list)):
                return
            text = (document or self.document).text(path).value
        if text[:1] == "=" and document is None and self.document.kind in TABLES and is_formula(text):
            words, is_all = spoken(text)
            if not is_all:
                self.overlook(path, FORMULA, id)
            cell = Node(text, path, self.document)
            if len(words) > 1:
                document = Joined(self.document, [part for one in words for part in (one.before, cell.cut(*one[:2]))])
                text = document.value
            else:
                text, offset = text[words[0].start : words[0].end], offset + words[0].start
        if text and not text.isspace():
            where = document or self.document
            said = Message(brief(id), text, path, where, kind, markup, channels, locale, tags, offset, variant)
            self.messages.append(said)

    def take(
        self,
        name: str,
        path: Path,
        type: str = "",
        component: str = "text",
        label: str = "",
        channels: tuple[str, ...] = (),
    ) -> None:
        """Note how an answer is taken, each name once: the first place that is found counts."""
        if name not in self._taken:
            self._taken.add(name)
            self.captures.append(Capture(name, path, self.document, type, component, channels, label=label))

    def skip(self, value: Any, path: Path, reason: str, name: str = "", document: Located | None = None) -> None:
        """Note a text that is not for customers; nothing is noted where there is none."""
        if value not in (None, "", [], {}):
            self.skipped.append(Skipped(path, document or self.document, reason, brief(name)))

    def absent(self, path: Path, reason: str, name: str = "", document: Document | None = None) -> None:
        """Note a text that customers get and that is not in the file."""
        self.unseen.append(Skipped(path, document or self.document, reason, brief(name)))

    def overlook(
        self, path: Path, reason: str, name: str = "", document: Located | None = None, broken: bool = False
    ) -> None:
        """Note a text in the file of which it is not known what it is, or one for customers that can't be read."""
        self.overlooked.append(Skipped(path, document or self.document, reason, brief(name), broken))

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
            self.overlooked,
        )


def several(document: Document) -> Iterator[tuple[Path, Any]]:
    """The values of a file: each YAML document or JSON line with its path, or the one there is."""
    if isinstance(document.value, Several):
        yield from (((number,), value) for number, value in enumerate(document.value))
    else:
        yield (), document.value
