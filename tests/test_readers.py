"""Readers of reply libraries: what each sees in a small export, and that nothing else is taken for one.

``tests/readers/<reader>/`` holds exports, beside each the ``.out`` that tells what was seen in it;
``tests/readers/kept/`` holds folders of replies, whose pages need not say what they are,
``tests/readers/unclaimed/`` files that are no replies, ``tests/readers/training/`` what customers say.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.conversation import Conversation
from neverask.documents import Document, open_source
from neverask.readers import ReaderModule, find, known
from neverask.readers.common import channel_names, is_text
from neverask.readers.fields import locale_of, locale_over, role
from neverask.readers.markdown_parts import cut
from neverask.readers.prose import is_sentence

CASES = Path(__file__).parent / "readers"
LIBRARIES = """
    rasa chatwoot_inboxes whatsapp_templates zendesk_macros zendesk_dynamic_content zendesk_shortcuts chatwoot
    whaticket whaticket_queues zammad zammad_triggers espanso osticket osticket_templates github_replies freshdesk
    intercom front gorgias helpscout rocketchat livehelperchat freescout django_helpdesk salesforce
    salesforce_messages trengo hubspot libredesk kustomer textblaze twilio_flex quicktext_xml quicktext_json
    genesys_responses amazon_quick_responses chatterbot
    string_resources gettext_po message_catalogue reply_list reply_table reply_page
"""
NAMES = LIBRARIES.split()
EXPORTS = [path for name in NAMES for path in sorted((CASES / name).iterdir()) if path.suffix != ".out"]
TRAINING = sorted((CASES / "training").iterdir())
OTHERS = sorted((CASES / "unclaimed").iterdir())
KEPT = sorted(path for path in (CASES / "kept").rglob("*") if path.is_file() and path.suffix != ".out")


class Alone:
    """No neighbours."""

    def names(self, pattern: str) -> list[str]:
        return []

    def open(self, name: str) -> list[Document]:
        return []


def name_of(reader: ReaderModule | None) -> str:
    return "" if reader is None else reader.__name__.rpartition(".")[2]  # type: ignore[attr-defined]


def the_document(path: Path) -> Document:
    (document,) = open_source(path.name, path.read_bytes())
    return document


def seen(conversation: Conversation) -> str:
    """A conversation as text: the messages with their places, what was left out, what isn't in the file."""

    def at(document: Any, start: int) -> str:
        place = document.source.position(start)
        return place.cell or f"{place.line}:{place.column}"

    lines = [" ".join((conversation.format, *conversation.channels))]
    for message in conversation.messages:
        marks = (
            message.kind,
            message.markup,
            message.locale or "-",
            *message.channels,
            *(f"#{t}" for t in message.tags),
        )
        place = at(message.document, message.located().span().start)
        lines.append(f"{place} {' '.join(marks)} {message.id}: {message.text!r}")
    for capture in conversation.captures:
        place = at(capture.document, capture.document.span(capture.path).start)
        lines.append(f"{place} takes {capture.component} {capture.name} ({capture.type})")
    for word, left in (
        ("skipped", conversation.skipped),
        ("unseen", conversation.unseen),
        ("overlooked", conversation.overlooked),
    ):
        for one in left:
            lines.append(f"{at(one.document, one.document.span(one.path).start)} {word} {one.name}: {one.reason}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_seen(path: Path, golden: Callable[[Path, str], None]) -> None:
    document = the_document(path)
    reader = find(document)
    assert reader is not None and name_of(reader) == path.parent.name
    conversation = reader.read(document, Alone())
    assert conversation.messages or conversation.captures or conversation.unseen
    golden(path.with_name(path.name + ".out"), seen(conversation))


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_message_stands_where_it_says(path: Path) -> None:
    document = the_document(path)
    reader = find(document)
    assert reader is not None
    conversation = reader.read(document, Alone())
    for message in conversation.messages:
        assert message.located().value == message.text
    for one in (*conversation.captures, *conversation.skipped, *conversation.unseen, *conversation.overlooked):
        assert one.document.span(one.path).end > 0


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_page_in_a_folder_of_replies(path: Path, golden: Callable[[Path, str], None]) -> None:
    (document,) = open_source(str(path), path.read_bytes())
    reader = find(document)
    assert reader is not None
    conversation = reader.read(document, Alone())
    for message in conversation.messages:
        assert message.located().value == message.text
    golden(path.with_name(path.name + ".out"), seen(conversation))


@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["crlf", "cr"])
@pytest.mark.parametrize("path", [*EXPORTS, *KEPT], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_lines_may_end_otherwise(path: Path, end: bytes) -> None:
    data = path.read_bytes()
    lone = end == b"\r"
    if b"\r" in data or b"\0" in data or (lone and b"%YAML" in data):  # which nobody has written on such a machine
        return
    (before,), (after,) = open_source(str(path), data), open_source(str(path), data.replace(b"\n", end))
    assert find(before) is find(after)
    reader = find(after)
    assert reader is not None
    was, now = (reader.read(document, Alone()) for document in (before, after))
    assert [_said(one) for one in was.messages] == [_said(one) for one in now.messages]
    assert [one.name for one in was.skipped] == [one.name for one in now.skipped]


def _said(message: Any) -> tuple[Any, ...]:
    words = message.text.replace("\r\n", "\n").replace("\r", "\n")
    return message.id, message.kind, message.locale, message.channels, message.tags, words


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_other_files_are_not_claimed(path: Path) -> None:
    assert name_of(find(the_document(path))) == ""


@pytest.mark.parametrize("path", TRAINING, ids=lambda path: path.name)
def test_what_customers_say_is_never_a_message(path: Path) -> None:
    document = the_document(path)
    reader = find(document)
    assert reader is None or not reader.read(document, Alone()).messages


def test_every_library_reader_is_registered_and_has_an_export() -> None:
    registered = {name_of(reader) for reader in known()}
    for name in NAMES:
        assert name in registered
        assert any(path.suffix != ".out" for path in (CASES / name).iterdir())


def test_every_folder_of_exports_is_read_by_a_test() -> None:
    """An export in a folder that no list names would never be looked at, and all tests would pass."""
    of_bots = (CASES.parent / "test_flow_readers.py", CASES.parent / "test_bot_readers.py")
    lists = "".join(path.read_text(encoding="utf-8") for path in of_bots)
    named = {*NAMES, "training", "unclaimed", "kept"}
    folders = {path.name for path in CASES.iterdir() if path.is_dir()}
    assert not {name for name in folders - named if f'"{name}"' not in lists}


@pytest.mark.parametrize("path", sorted(p for p in CASES.parent.rglob("*") if p.is_file()), ids=lambda p: p.name)
def test_a_reader_is_loaded_for_every_document_that_it_claims(path: Path) -> None:
    """The words in the registry save time only: asking all readers finds the same one."""
    from neverask.source import SourceError

    try:
        documents = open_source(str(path), path.read_bytes())
    except SourceError:
        return
    for document in documents:
        if document.error is None:
            assert find(document) is next((reader for reader in known() if reader.claims(document)), None)


def test_generic_readers_are_asked_last() -> None:
    order = [name_of(reader) for reader in known()]
    assert order[-3:] == ["reply_list", "reply_table", "reply_page"]


ODD: list[Any] = [
    None,
    5,
    True,
    "some words here.",
    [],
    {},
    [None],
    ["two words", 3],
    {"text": None},
    [{"text": 3}],
    [[]],
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    value = deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = odd
    return value


DATA = [path for path in EXPORTS if path.suffix in (".json", ".arb", ".yml", ".yaml") and "stream" not in path.stem]


@pytest.mark.parametrize("path", DATA, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_export_with_anything_anywhere_is_read_or_left(path: Path) -> None:
    """Whatever stands in the place of a value, no reader fails, and each message stands where it says."""
    text = path.read_text(encoding="utf-8")
    value = json.loads(text) if path.suffix in (".json", ".arb") else yaml.safe_load(text)
    for place in places(value):
        for odd in ODD:
            data = json.dumps(changed(value, place, odd)).encode()
            (document,) = open_source("export.json", data)
            for reader in known():
                if name_of(reader) in NAMES and reader.claims(document):
                    conversation = reader.read(document, Alone())
                    for message in conversation.messages:
                        assert message.located().value == message.text, (place, odd, name_of(reader))


@pytest.mark.parametrize(
    "path", [p for p in EXPORTS if p.suffix in (".csv", ".tsv", ".md", ".txt", ".po", ".xml")], ids=lambda p: p.name
)
def test_an_export_cut_off_anywhere_is_read_or_left(path: Path) -> None:
    from neverask.source import SourceError

    data = path.read_bytes()
    for end in range(0, len(data), 7):
        try:
            (document,) = open_source(path.name, data[:end])
        except SourceError:
            continue
        for reader in known():
            if name_of(reader) in NAMES and reader.claims(document):
                for message in reader.read(document, Alone()).messages:
                    assert message.located().value == message.text


def test_a_hundred_thousand_replies_take_a_second_or_so() -> None:
    replies = [
        {"id": n, "title": f"Reply {n}", "text": f"Hello, your bike number {n} is ready."} for n in range(100_000)
    ]
    (document,) = open_source("replies.json", json.dumps(replies).encode())
    start = time.process_time()
    reader = find(document)
    assert reader is not None
    conversation = reader.read(document, Alone())
    assert time.process_time() - start < 3
    assert len(conversation.messages) == 100_000


def test_a_workbook_has_a_library_a_sheet() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Nederlands"
    sheet.append(["Onze antwoorden"])
    sheet.append(["Titel", "Tekst"])
    sheet.append(["Groet", "Goedendag, waarmee kan ik helpen?"])
    sheet.append(["Klaar", "Uw fiets staat klaar."])
    book.create_sheet("Prijzen").append(["fiets", 300])
    notes = book.create_sheet("Interne notities")
    notes.append(["Titel", "Tekst"])
    notes.append(["Groet", "Stuur ons uw paspoort, staat nog in de oude tekst."])
    data = io.BytesIO()
    book.save(data)
    (document,) = open_source("replies.xlsx", data.getvalue())
    reader = find(document)
    assert reader is not None
    conversation = reader.read(document, Alone())
    first, second = conversation.messages
    assert [(one.name, one.reason) for one in conversation.skipped] == [("Interne notities", "a note for agents")]
    assert (first.id, first.text, first.locale) == ("Groet", "Goedendag, waarmee kan ik helpen?", "nl")
    assert second.document.source.position(second.located().span().start).cell == "Nederlands!B4"


MERGED = [
    ["Categorie", "Kanaal", "Titel", "Tekst"],
    ["Geld", "E-mail", "IBAN", "Stuur ons uw handtekening."],
    ["", "", "Dank", "Dank u wel voor alles."],
    ["Fiets", "WhatsApp", "Klaar", "Uw fiets staat klaar."],
    ["", "", "", "Tot ziens en een fijne dag."],
    ["", "", "Laat", "Uw fiets komt iets later."],
]


def _merged(kind: str) -> bytes:
    """A workbook whose category and channel are merged over rows 2 and 3 and from 4 on, the title over 4 and 5."""
    areas = {(1, 0): 2, (1, 1): 2, (3, 0): 3, (3, 1): 2, (3, 2): 2}
    data = io.BytesIO()
    if kind == "xlsx":
        book = pytest.importorskip("openpyxl").Workbook()
        sheet = book.active
        sheet.title = "S"
        for row in MERGED:
            sheet.append(row)
        for (row, column), rows in areas.items():
            sheet.merge_cells(start_row=row + 1, end_row=row + rows, start_column=column + 1, end_column=column + 1)
        book.save(data)
        return data.getvalue()
    cells = (
        "<table:table-row>"
        + "".join(
            f'<table:table-cell table:number-rows-spanned="{areas.get((row, column), 1)}"><text:p>{text}</text:p>'
            "</table:table-cell>"
            if text
            else "<table:covered-table-cell/>"
            for column, text in enumerate(texts)
        )
        + "</table:table-row>"
        for row, texts in enumerate(MERGED)
    )
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            '<?xml version="1.0"?><d xmlns:table="t" xmlns:text="x"><table:table table:name="S">'
            f"{''.join(cells)}</table:table></d>",
        )
    return data.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_merged_over_several_rows_holds_for_each(kind: str) -> None:
    (document,) = open_source(f"replies.{kind}", _merged(kind))
    reader = find(document)
    assert reader is not None
    assert [(one.id, one.tags, one.channels) for one in reader.read(document, Alone()).messages] == [
        ("IBAN", ("S", "Geld"), ("email",)),
        ("Dank", ("S", "Geld"), ("email",)),
        ("Klaar", ("S", "Fiets"), ("whatsapp",)),
        ("Klaar", ("S", "Fiets"), ("whatsapp",)),
        ("Laat", ("S", "Fiets"), ()),
    ]


def test_an_export_inside_an_archive_is_read() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("macros/one.json", (CASES / "zendesk_macros" / "macros.json").read_bytes())
    (document,) = open_source("export.zip", data.getvalue())
    assert name_of(find(document)) == "zendesk_macros"


SHAPES: list[tuple[str, Any, list[tuple[Any, ...]]]] = [
    (
        "a text a channel",
        [{"name": "hi", "messages": {"whatsapp": "Hallo, hoe gaat het?", "email": "Beste klant, dank u."}}],
        [("hi.whatsapp", None, ("whatsapp",)), ("hi.email", None, ("email",))],
    ),
    (
        "a text a language",
        [{"shortcut": "hi", "text": {"nl": "Hallo, hoe gaat het?", "pt_BR": "Olá, como vai você?"}}],
        [("hi.nl", "nl", ()), ("hi.pt_BR", "pt-BR", ())],
    ),
    (
        "languages above names",
        {"nl": {"hi": "Hallo, hoe gaat het?"}, "en": {"hi": "Hello, how are you?"}},
        [("nl.hi", "nl", ()), ("en.hi", "en", ())],
    ),
    ("one reply", {"title": "Refund", "text": "Please send us your IBAN."}, [("Refund", None, ())]),
    (
        "one named reply in an envelope",
        {"canned_responses": {"refund": {"title": "Refund", "text": "Please send your IBAN."}}},
        [("refund", None, ())],
    ),
    (
        "variants of a text",
        {"greeting": ["Hello, how are you?", "Hi there, welcome!"]},
        [("greeting[0]", None, ()), ("greeting[1]", None, ())],
    ),
    (
        "the same text plain and as HTML",
        [{"title": "a", "body": "Hi there, all is well.", "body_html": "<p>Hi there, all is well.</p>"}],
        [("a", None, ())],
    ),
    (
        "a bot asks a question",
        {
            "flow": [
                {"id": "a", "question": "Which lamp is it?", "next_step": "b"},
                {"id": "b", "text": "We look at it."},
            ]
        },
        [("a", None, ()), ("b", None, ())],
    ),
    (
        "a bot asks with choices",
        [
            {"id": "a", "question": "Which lamp is it?", "options": ["The big one", "The small one"]},
            {"id": "b", "question": "Where does it stand?", "options": ["In the hall"]},
        ],
        [
            ("a", None, ()),
            ("a.options[0]", None, ()),
            ("a.options[1]", None, ()),
            ("b", None, ()),
            ("b.options[0]", None, ()),
        ],
    ),
    ("a quiz", [{"question": "Which lamp is it?", "options": ["a", "b"], "correct": 1}] * 3, []),
    (
        "steps of which few speak",
        {
            "steps": [
                {"id": "a", "type": "text", "text": "What is your name?"},
                {"id": "b", "type": "input"},
                {"id": "c", "type": "webhook"},
                {"id": "d", "type": "text", "text": "Thank you for that."},
                {"id": "e", "type": "end"},
            ]
        },
        [("a", None, ()), ("d", None, ())],
    ),
    (
        "a bot asks and says",
        {
            "bot": {"name": "Lia", "greeting": {"text": "Hello, I am Lia."}, "fallback": {"text": "What was that?"}},
            "topics": [
                {
                    "id": "lamps",
                    "flow": [
                        {"say": "Let us look at it."},
                        {"ask": "Which lamp is it?", "save_as": "lamp"},
                        {"say": "Thank you for that."},
                    ],
                }
            ],
        },
        [
            ("greeting", None, ()),
            ("fallback", None, ()),
            ("[0]", None, ()),
            ("[1]", None, ()),
            ("[2]", None, ()),
        ],
    ),
    (
        "a prompt that goes on",
        [
            {"id": "a", "prompt": "Which lamp is it?", "variable": "lamp"},
            {"id": "b", "prompt": "Where is it?", "next": "c"},
        ],
        [("a", None, ()), ("b", None, ())],
    ),
    (
        "prompts of a model",
        [{"id": "a", "prompt": "Write about a lamp.", "options": {"top": 1}}, {"id": "b", "prompt": "Be kind to all."}],
        [],
    ),
    (
        "a reply in a mapping of its own",
        [
            {"trigger": ["hi"], "reply": {"type": "text", "style": "a", "tone": "b", "text": "Hello, how are you?"}},
            {
                "trigger": ["menu"],
                "reply": {
                    "type": "list",
                    "tone": "c",
                    "header": "Menu",
                    "body": "Choose one of these.",
                    "buttons": [{"id": "1", "title": "Lamps"}, {"id": "2", "title": "Fans"}],
                },
            },
        ],
        [
            ("reply[0]", None, ()),
            ("reply[1]", None, ()),
            ("reply[1].buttons[0]", None, ()),
            ("reply[1].buttons[1]", None, ()),
        ],
    ),
    (
        "a single message and a group among others",
        {
            "messages": {
                "hi": {"id": 1, "text": "Hello, how are you?"},
                "bye": {"id": 2, "text": "See you soon again."},
                "reminders": {"day": {"id": 3, "text": "It comes tomorrow, we think."}},
            },
            "late": {"id": 4, "text": "It comes a day late."},
            "errors": {"unknown": "We did not get that."},
            "meta": {"note": "This is about the file."},
        },
        [
            ("hi", None, ()),
            ("bye", None, ()),
            ("day", None, ()),
            ("late", None, ()),
            ("errors.unknown", None, ()),
        ],
    ),
    ("a text with its class", [{"text": "I love it so much!", "label": 1}, {"text": "I hate it all.", "label": 1}], []),
    ("a mail of a customer", [{"name": "Anna", "email": "a@shop.example", "message": "Please call me back."}], []),
]


@pytest.mark.parametrize(("value", "expected"), [shape[1:] for shape in SHAPES], ids=[shape[0] for shape in SHAPES])
def test_shapes_that_people_make(value: Any, expected: list[tuple[Any, ...]]) -> None:
    (document,) = open_source("replies.json", json.dumps(value).encode())
    reader = find(document)
    messages = reader.read(document, Alone()).messages if reader is not None else []
    assert [(message.id, message.locale, message.channels) for message in messages] == expected


@pytest.mark.parametrize(
    ("name", "kind", "locale"),
    [
        ("text", "text", ""),
        ("Antwoord", "text", ""),
        ("Réponse", "text", ""),
        ("replyText", "text", ""),
        ("text_nl", "text", "nl"),
        ("Tekst Engels", "text", "en"),
        ("polished_text", "text", ""),
        ("message_2", "text", ""),
        ("customer-facing text", "text", ""),
        ("customer_message", "customer", ""),
        ("Antwoord aan klant", "text", ""),
        ("Réponse au client", "text", ""),
        ("Texto da mensagem", "text", ""),
        ("Antworttext", "text", ""),
        ("berichttekst", "text", ""),
        ("text1", "text", ""),
        ("context", "", ""),
        ("resposta_bot", "text", ""),
        ("text_short", "text", ""),
        ("mensaje_bot_2", "text", ""),
        ("order_new", "", ""),
        ("reply_to", "", ""),
        ("reply to agent", "", ""),
        ("title for customers", "title", ""),
        ("Tekst e-mail", "text", ""),
        ("Respuesta sugerida", "text", ""),
        ("Réponse type", "text", ""),
        ("Antwort_typ", "audience", ""),
        ("Voorbeeldantwoord", "text", ""),
        ("Klantantwoord", "", ""),
        ("Uitleg aan klant", "text", ""),
        ("prijs voor klant", "", ""),
        ("Anliegen des Kunden", "customer", ""),
        ("Kundenfrage", "customer", ""),
        ("Vorlagenname", "title", ""),
        ("Benutzername", "", ""),
        ("Hinweise für Mitarbeiter", "agent", ""),
        ("Bemerkung", "agent", ""),
        ("Vraag", "customer", ""),
        ("internal_note", "agent", ""),
        ("Alleen intern", "agent", ""),
        ("note text", "agent", ""),
        ("short_code", "title", ""),
        ("message_id", "title", ""),
        ("Betreff", "subject", ""),
        ("Kanaal", "channel", ""),
        ("weight", "", ""),
        ("", "", ""),
    ],
)
def test_what_a_column_is_called_says_what_it_holds(name: str, kind: str, locale: str) -> None:
    assert (role(name).kind, role(name).locale) == (kind, locale)


@pytest.mark.parametrize(
    ("name", "code"),
    [("nl", "nl"), ("pt_BR", "pt-BR"), ("Français", "fr"), ("zz", ""), ("notes", ""), ("nl-too-long", "")],
)
def test_languages_have_codes_and_names(name: str, code: str) -> None:
    assert locale_of(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [("nl_email", "nl"), ("Engels (chat)", "en"), ("is_email", ""), ("email", ""), ("nl", ""), ("Engels oud", "")],
)
def test_a_name_may_say_a_language_with_a_channel(name: str, code: str) -> None:
    assert locale_over(name) == code


@pytest.mark.parametrize(
    ("said", "channels"),
    [
        ("WhatsApp", ("whatsapp",)),
        ("WhatsApp; e-mail", ("whatsapp", "email")),
        ("all", ()),
        ("", ()),
        ("Slack", ("slack",)),
        ("facebook/Instagram", ("messenger", "instagram")),
        ("twilio", ("sms", "whatsapp")),
        ("twilio_voice", ("voice",)),
        ("Twilio Voice", ("voice",)),
        ("Twilio SMS", ("sms",)),
        ("Twilio WhatsApp", ("whatsapp",)),
        ("twilio_media_streams", ("voice",)),
        ("phone call; WhatsApp", ("voice", "whatsapp")),
        ("WhatsApp voice", ("whatsapp", "voice")),
    ],
)
def test_channels_by_their_names(said: str, channels: tuple[str, ...]) -> None:
    assert channel_names(said) == channels


@pytest.mark.parametrize(
    "text",
    [
        "We zijn gesloten.",
        "Merhaba, size nasıl yardımcı olabilirim?",
        "您好，请问有什么可以帮您？",
        "<p>Hi {{name}}, how are you?</p>",
        "Could you send us a picture of the bike",
    ],
)
def test_sentences(text: str) -> None:
    assert is_sentence(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "red bike",
        "https://shop.example/a b",
        "tsc -p .",
        "import json;",
        "2024-01-01T10:00:00 started the shop now",
        "x=>y",
        "node_modules/a",
    ],
)
def test_no_sentences(text: str) -> None:
    assert not is_sentence(text)


@pytest.mark.parametrize(
    "value", [None, 5, True, ["a b"], "word", "a/b/c", "https://shop.example", "someone@shop.example"]
)
def test_no_words(value: object) -> None:
    assert not is_text(value)


def test_a_page_in_parts() -> None:
    text = "# Title\n\n```\ncode\n```\n> said\n> more\n**Answer:** yes\n---\n| a | b |\n|---|---|\n"
    page = cut(text)
    parts = [(part.kind, part.name or text[part.start : part.end]) for part in page.parts if part.kind != "line"]
    assert parts == [
        ("heading", "Title"),
        ("fence", "code"),
        ("quote", "> said\n> more"),
        ("label", "Answer"),
        ("rule", "---"),
        ("row", "| a | b |"),
        ("divider", "|---|---|"),
    ]


def test_a_fence_that_is_never_closed_ends_with_the_page() -> None:
    text = "# Replies\n```\nHello there, how are you?"
    (fence,) = [part for part in cut(text).parts if part.kind == "fence"]
    assert text[fence.start : fence.end] == "Hello there, how are you?"


DYNAMIC = {
    "items": [
        {
            "placeholder": "{{dc.ask}}",
            "default_locale_id": 1005,
            "variants": [
                {"content": "Stuur ons uw BSN.", "locale_id": 1005},
                {"content": "Please send us your passport number.", "locale_id": 1},
            ],
        },
        {"placeholder": "{{dc.What}}", "variants": [{"content": "uw IBAN en {{dc.more}}", "locale_id": 1005}]},
        {"placeholder": "{{dc.more}}", "variants": [{"content": "uw BSN", "locale_id": 1005}]},
    ]
}
MACROS: list[tuple[str, list[tuple[str, str]]]] = [
    ("{{dc.ask}}", [("content.json:1:", "Stuur ons uw BSN."),
                    ("content.json:1:", "Please send us your passport number.")]),
    ("@{{ dc.ask }} Dank!", [("macros.json:1:", "Stuur ons uw BSN. Dank!"),
                             ("macros.json:1:", "Please send us your passport number. Dank!")]),
    ("Stuur {{dc.what}}.", [("macros.json:1:", "Stuur uw IBAN en uw BSN.")]),
    ("{{dc.gone}}", []),
    ("Hi {{dc.gone}}, hello.", [("macros.json:1:", "Hi {{dc.gone}}, hello.")]),
    ("Hi {{ticket.id}}", [("macros.json:1:", "Hi {{ticket.id}}")]),
]  # fmt: skip


@pytest.mark.parametrize("folder", [".", "dynamic_content"])
@pytest.mark.parametrize(("text", "expected"), MACROS, ids=[text for text, _ in MACROS])
def test_dynamic_content_is_read_where_a_macro_names_it(
    text: str, expected: list[tuple[str, str]], folder: str, tmp_path: Path
) -> None:
    from neverask.report import Report
    from neverask.seen import conversations

    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "content.json").write_text(json.dumps(DYNAMIC))
    macros = {"macros": [{"title": "A", "actions": [{"field": "comment_value", "value": ["channel:all", text]}]}]}
    (tmp_path / "macros.json").write_text(json.dumps(macros))
    (found,) = conversations(str(tmp_path / "macros.json"), Report(roots=(str(tmp_path),)))
    assert [(message.text, message.located().value) for message in found.messages] == [(t, t) for _, t in expected]
    for message, (place, _) in zip(found.messages, expected, strict=True):
        assert f"{Path(message.document.source.path).name}:1:" == place
    assert [one.reason for one in found.unseen if "{{dc.gone}}" in one.reason] == (
        ["the dynamic content {{dc.gone}} is in no file beside this one"] if "dc.gone" in text else []
    )


def test_an_ask_that_dynamic_content_completes_is_found(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "dynamic.json").write_text(json.dumps(DYNAMIC))
    text = "Stuur ons {{dc.more}} via WhatsApp."
    macros = {"macros": [{"title": "A", "actions": [{"field": "comment_value", "value": text}]}]}
    (tmp_path / "macros.json").write_text(json.dumps(macros))
    run = neverask("check", "macros.json", cwd=tmp_path)
    column = json.dumps(macros).index("{{dc.more}}") + 1
    assert f"macros.json:1:{column}: error: this asks the customer for a national identity number" in run.out


SINGLE = [
    {"replies": ["We are closed today."]},
    {"replies": [{"text": "We are closed today."}]},
    {"Antwoorden": [{"tekst": "We are closed today."}]},
    {"canned_responses": [{"message": "We are closed today."}]},
]


@pytest.mark.parametrize("value", SINGLE, ids=str)
def test_one_text_under_a_name_that_promises_replies_is_a_reply(value: Any) -> None:
    (document,) = open_source("replies.json", json.dumps(value).encode())
    reader = find(document)
    assert reader is not None
    assert [message.text for message in reader.read(document, Alone()).messages] == ["We are closed today."]


@pytest.mark.parametrize("mark", ["audience: internal", "internal: true", "Intern: ja", "is_internal: yes"])
def test_a_page_for_colleagues_is_left_out_and_told(mark: str) -> None:
    page = f"---\nshortcut: /refund\n{mark}\n---\nAsk the customer for the bank account number, please.\n"
    (document,) = open_source("refund.md", page.encode())
    reader = find(document)
    assert reader is not None
    conversation = reader.read(document, Alone())
    assert not conversation.messages
    assert [(one.name, one.reason) for one in conversation.skipped] == [("/refund", "marked as internal")]


@pytest.mark.parametrize("mark", ["private: true", "public: false", "internal: false", "internal: no", "type: note"])
def test_a_page_that_may_be_for_customers_is_read(mark: str) -> None:
    page = f"---\nshortcut: /refund\n{mark}\n---\nPlease send us your bank account number.\n"
    (document,) = open_source("refund.md", page.encode())
    reader = find(document)
    assert reader is not None
    assert [one.text for one in reader.read(document, Alone()).messages] == ["Please send us your bank account number."]
