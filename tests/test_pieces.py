"""A long file read piece by piece: what is read, found and reported is what reading it as a whole gives."""

from __future__ import annotations

import csv
import io
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neverask import engine, readers, slices
from neverask.conversation import Conversation, Message
from neverask.documents import pieces
from neverask.documents.pieces import Unlike
from neverask.opening import conversations
from neverask.outcome import Outcome
from neverask.pieces import Library
from neverask.readers.registry import LINES
from neverask.reporters import NAMES
from neverask.source import Source, SourceError

from .conftest import Run
from .reading import READERS

ROWS = 90  # records of a document that is made longer for a test
BY_RECORD = [line.module for line in LINES if line.by_record]
ASK = "Kunt u ons uw IBAN doorgeven?"
PLAIN = "Bedankt voor uw bericht, wij helpen u graag verder met uw bestelling."


@pytest.fixture(autouse=True)
def short_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    in_pieces_of(monkeypatch, 400)


def in_pieces_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(pieces, "LONG", 0)
    monkeypatch.setattr(pieces, "SIZE", size)
    monkeypatch.setattr(pieces, "_FEWEST", 34)


def seen(messages: list[Message]) -> list[Any]:
    found = []
    for one in messages:
        source, span = one.document.source, one.located().span()
        said = (one.id, one.text, one.path, one.kind, one.markup, one.channels, one.locale, one.tags, one.offset)
        found.append((*said, source.in_file(span), source.position(span.start), source.position(span.end)))
    return found


def whole(path: Path) -> Conversation | None:
    found = conversations(str(path), Outcome(str(path)))
    return found[0] if len(found) == 1 else None


def by_pieces(path: Path) -> list[Conversation] | None:
    """What the pieces of a file say; None where it has to be read as a whole."""
    with path.open("rb") as file:
        long = pieces.opened(str(path), file)
        if long is None:
            return None
        try:
            library = Library(long)
            return [library.conversation(piece) for piece in long.pieces()]
        except Unlike:
            return None


def read_alike(path: Path) -> bool:
    """Whether a file is read in more than one piece; if so, all of it is read as in one."""
    found = by_pieces(path)
    if found is None:
        return False
    at_once = whole(path)
    assert at_once is not None
    assert not at_once.flows and not at_once.captures
    for part in found:
        assert (part.format, part.channels, part.facts) == (at_once.format, at_once.channels, at_once.facts)
    assert seen([one for part in found for one in part.messages]) == seen(list(at_once.messages))
    unseen = [(one.path, one.reason, one.name) for part in found for one in part.unseen]
    assert unseen == [(one.path, one.reason, one.name) for one in at_once.unseen]
    return len(found) > 1


def longer(path: Path) -> list[tuple[str, str]]:
    """A document with its records again and again, as texts with the suffix of their names."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return []
    if path.suffix in (".jsonl", ".ndjson"):
        lines = [line for line in text.split("\n") if line.strip()]
        return [(path.suffix, "\n".join(lines * (ROWS // len(lines) + 1)) + "\n")] if lines else []
    if path.suffix in (".csv", ".tsv"):
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".tsv" else ","))
        except csv.Error:
            return []
        made = io.StringIO(newline="")
        table = csv.writer(made, delimiter="\t" if path.suffix == ".tsv" else ",")
        table.writerows(rows[:1] + rows[1:] * (ROWS // max(len(rows) - 1, 1) + 1))
        return [(path.suffix, made.getvalue())]
    try:
        value = json.loads(text, strict=False) if path.suffix == ".json" else yaml.load(text, yaml.BaseLoader)
    except (ValueError, RecursionError, yaml.YAMLError):
        return []
    lists = [value] if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    long = max((one for one in lists if isinstance(one, list)), key=len, default=[])
    if not any(isinstance(item, dict) for item in long):
        return []
    again = [*long] * (ROWS // len(long) + 1)
    whole = again if value is long else {key: again if one is long else one for key, one in value.items()}
    made_ways: list[dict[str, Any]] = [
        {"indent": 2},
        {"separators": (",", ":")},
        {"ensure_ascii": False, "indent": "\t"},
        {"ensure_ascii": False},
    ]
    found = [(".json", json.dumps(whole, **way)) for way in made_ways]
    return [*found, (".jsonl", "\n".join(map(json.dumps, again)))]


SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".yaml", ".yml")
DOCUMENTS = [path for path in sorted(READERS.rglob("*")) if path.suffix in SUFFIXES]


def test_every_document_of_the_readers_is_read_alike_in_pieces_and_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike: dict[str, int] = {}
    for document in DOCUMENTS:
        folder = document.relative_to(READERS).parts[0]
        if document.suffix in (".yaml", ".yml") and folder not in BY_RECORD:
            continue
        for number, (suffix, text) in enumerate(longer(document)):
            path = tmp_path / f"{document.stem}{number}{suffix}"
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            in_pieces_of(monkeypatch, len(text) // 4)
            alike[folder] = alike.get(folder, 0) + read_alike(path)
            path.unlink()
    never = [reader for reader in BY_RECORD if not alike.get(reader)]
    assert never == [], "no document of these readers is read in pieces"


def test_a_reader_that_reads_records_alone_is_known_by_its_module() -> None:
    known = {reader.__name__.rpartition(".")[2]: reader for reader in readers.known()}
    assert [name for name, reader in known.items() if readers.by_record(reader)] == BY_RECORD


WORDS = st.one_of(
    st.sampled_from(
        [ASK, PLAIN, "", " ", "Hallo!", "\n", "\r\n", '"', '""', "},{", '{"id": ', "];", "\\", "😀", "é,;|\t"]
    ),
    st.text(max_size=12),
)
TEXTS = st.lists(WORDS, max_size=5).map("".join)
RECORDS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=25)


@given(records=RECORDS, times=st.integers(2, 6), size=st.integers(30, 3000), way=st.sampled_from(["plain", "indent"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_them_records_are_read_alike(
    records: list[tuple[str, str]], times: int, size: int, way: str, tmp_path: Path
) -> None:
    pieces.SIZE = size  # put back by the fixture
    entries = [{"name": f"n{number}" + name, "reply": PLAIN + text} for number, (name, text) in enumerate(records)]
    entries *= ROWS // len(entries) * times // 2 + 1
    read_alike(written(tmp_path / "a.json", json.dumps({"x": [1], "replies": entries, "next": None}, **WAYS[way])))
    read_alike(written(tmp_path / "b.json", json.dumps(entries, ensure_ascii=False, **WAYS[way])))
    lines = [json.dumps(entry, ensure_ascii=way == "plain") for entry in entries]
    read_alike(written(tmp_path / "c.jsonl", ("\r\n" if way == "plain" else "\n\n").join(lines)))
    made = io.StringIO(newline="")
    table = csv.DictWriter(
        made, ["name", "reply"], lineterminator="\r\n" if way == "plain" else "\n", quoting=csv.QUOTE_ALL
    )
    table.writeheader()
    table.writerows(entries)
    read_alike(written(tmp_path / "d.csv", made.getvalue()))


WAYS: dict[str, dict[str, Any]] = {"plain": {"separators": (",", ":")}, "indent": {"indent": 1}}


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def library(folder: Path, form: str) -> Path:
    """A library in which some ask, at the beginning of the file, at its end, in long texts and behind emoji."""
    (folder / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    chance = random.Random(form)
    texts = [f"{PLAIN} Nummer {number}." for number in range(120)]
    for number in (0, 1, 41, 60, 61, 119):
        texts[number] = ASK
    for number in range(5, 115, 7):
        around = "Goede dag 😀. " * chance.randrange(30)
        texts[number] = f"{around}{ASK} {around}".replace("😀", "\n" if number % 2 and form != "jsonl" else "😀")
    entries = [{"id": number, "name": f"r{number}", "reply": text} for number, text in enumerate(texts)]
    path = folder / f"replies.{form.partition('-')[0]}"
    if form == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, ["id", "name", "reply"])
            table.writeheader()
            table.writerows(entries)
    elif form == "jsonl":
        written(path, "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries))
    else:
        way: dict[str, Any] = {"indent": 2} if form == "json" else {"separators": (",", ":")}
        written(path, json.dumps({"count": 120, "replies": entries, "next_page": None}, ensure_ascii=False, **way))
    return path


POLICY = """neverask: 1
extends: [whatsapp]
exceptions:
  - {rule: no-sensitive-requests, file: "*.*", at: r61, until: 2099-01-01, reason: agreed with the bank}
"""
FORMS = ("csv", "jsonl", "json", "json-on-one-line")


def as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LONG", 1 << 40)


@pytest.mark.parametrize("form", FORMS)
def test_every_report_is_the_same(form: str, tmp_path: Path, neverask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = library(tmp_path, form)

    def reports(*options: str) -> list[Run]:
        return [neverask("check", path.name, "--format", name, "--no-cache", *options, cwd=tmp_path) for name in NAMES]

    with monkeypatch.context() as patch:
        as_a_whole(patch)
        expected = reports()
    assert expected[0].status == 1 and expected[0].out.count("IBAN") >= 12
    monkeypatch.setattr("neverask.opening.open_source", None)
    for jobs, size in (("1", 300), ("3", 2_000)):
        in_pieces_of(monkeypatch, size)
        assert reports("--jobs", jobs) == expected


def found(path: Path, **options: Any) -> list[Any]:
    report = engine.check([str(path)], **options)
    return [
        [(f.rule, f.in_file, f.message, f.fingerprint, f.source.position(f.span.start)) for f in report.findings],
        (report.messages, report.languages, report.untold, report.unread, report.unseen, report.formats),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_second_run_says_what_the_first_said(form: str, tmp_path: Path) -> None:
    path = library(tmp_path, form)
    first = found(path, cached=True)
    assert len(first[0]) >= 10
    assert found(path, cached=True) == first
    path.write_bytes(path.read_bytes().replace(b"IBAN", b"naam"))
    assert found(path, cached=True) != first


@pytest.mark.parametrize("form", FORMS)
def test_what_is_mended_is_read_as_a_whole(form: str, tmp_path: Path, neverask: Any) -> None:
    path = library(tmp_path, form)
    before = path.read_bytes().count(b"Kunt u ons")
    neverask("check", path.name, "--fix", cwd=tmp_path)
    assert path.read_bytes().count(b"Kunt u ons") < before


def broken(at: int, put: bytes, form: str, folder: Path) -> Path:
    path = library(folder, form)
    data = path.read_bytes()
    middle = data.index(f"Nummer {at}.".encode())
    path.write_bytes(data[:middle] + put + data[middle:])
    return path


PUT = {
    "NUL": b"\0",
    "no UTF-8": b"\xe9\xff",
    "a quote": b'"',
    "a quote and a line": b'"\n',
    "a CR": b"\r",
    "a line": b"\n",
    "the end of an entry": b'"},{"id": 7, "name": "x", "reply": "',
    "the end of the list": b'"}], "more": [{"id": 7, "name": "x", "reply": "',
    "half an emoji": b"\\ud83d",
    "the end of a row": b'x"\r\n7,y,z\r\n8,"',
    "two versions": b'x"\r\n<<<<<<< HEAD\r\n7,y,z\r\n=======\r\n7,y,w\r\n>>>>>>> other\r\n8,"',
}


@pytest.mark.parametrize("what", PUT)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_broken_somewhere_is_told_as_ever(
    what: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in (3, 77, 118):
        path = broken(at, PUT[what], form, tmp_path)
        try:
            read_alike(path)
        except SourceError:
            pass
        in_pieces = found(path)
        with monkeypatch.context() as patch:
            as_a_whole(patch)
            assert in_pieces == found(path)


def test_a_process_that_dies_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = library(tmp_path, "jsonl")
    parent = os.getpid()

    def sent(*arguments: object) -> object:
        os._exit(9 if os.getpid() != parent else 0)

    monkeypatch.setattr(slices, "sent", sent)
    report = engine.check([str(path)], jobs=2)
    assert [unread.reason for unread in report.errors] == ["a process that checked this file died (exit status 9)"]


def test_a_file_that_changes_meanwhile_is_read_again_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = library(tmp_path, "jsonl")
    conversation = Library.conversation

    def changed(self: Library, piece: pieces.Piece) -> Conversation:
        if piece.first > 60:
            os.truncate(path, path.stat().st_size - 2)
        return conversation(self, piece)

    monkeypatch.setattr(Library, "conversation", changed)
    report = engine.check([str(path)])
    assert [unread.reason for unread in report.errors] and not report.findings


def test_a_text_that_is_a_part_of_a_file_tells_places_in_the_file() -> None:
    text = "head\n" + "a😀b\nc"
    part = pieces.Part(5, len(text), 105, 7, 12, 3, "before", "after")
    source = Source("x", text, part=part)
    assert source.position(5) == (7, 12, None)
    assert source.position(8) == (7, 15, None)
    assert source.position(9) == (8, 1, None)
    assert source.position(2) == (1, 3, None)
    assert source.stretch(7) == (5, 8, 12)
    assert source.stretch(8) == (9, 10, 1)
    assert [source.units(at) for at in (5, 6, 7, 8, 9)] == [15, 16, 18, 19, 1]
    short, span = pieces.excerpt(source, pieces.Span(7, 8))
    assert (short.text, short.text[slice(*span)]) == ("beforea😀b\ncafter", "b")
    assert short.position(span.start) == (7, 14, None)
    assert short.stretch(7) == (0, 9, 6)
    assert [short.units(at) for at in (0, 7, 8, 10)] == [9, 16, 18, 1]
    assert short.in_file(span) == (107, 108)


@pytest.mark.parametrize(
    "row",
    [
        "80,Hello, could you send us your IBAN, please?",
        '80,"Broken,"Send us your password please"',
        '80;"Please send us your IBAN"',
    ],
)
def test_a_table_with_a_row_that_is_cut_otherwise_than_meant_is_told_as_a_whole(row: str, tmp_path: Path) -> None:
    rows = [f'{number},"{PLAIN}"' for number in range(ROWS)]
    path = tmp_path / "replies.csv"
    path.write_text("\n".join(["id,reply", *rows, ""]))
    assert by_pieces(path) is not None
    path.write_text("\n".join(["id,reply", *rows[:80], row, *rows[80:], ""]))
    assert by_pieces(path) is None
    outcome = Outcome(str(path))
    conversations(str(path), outcome)
    assert [(one.line, one.error) for one in outcome.unread] == [(82, True)]


def test_a_file_of_which_nothing_is_read_is_told(tmp_path: Path) -> None:
    """A piece says nothing of the whole, so nobody said anything."""
    entry = {"id": 1, "title": "t", "content": {"en": "Please send us your IBAN."}, "content_html": None}
    (tmp_path / "r.json").write_text(json.dumps([{**entry, "id": number} for number in range(30_000)]))
    (tmp_path / "few.json").write_text(json.dumps([entry] * 3))
    report = engine.check([str(tmp_path)], "whatsapp", cached=False)
    assert report.formats == {"freshdesk": 2} and report.messages == 0
    assert len(report.unread) == 2 and len({one.reason for one in report.unread}) == 1


def test_an_entry_that_is_not_read_is_told_as_a_whole(tmp_path: Path) -> None:
    entries = [{"id": str(number), "text": PLAIN} for number in range(ROWS)]
    path = tmp_path / "replies.json"
    path.write_text(json.dumps({"replies": [*entries, {"id": "x", "txt": ASK}]}, indent=1))
    assert by_pieces(path) is None
    outcome = Outcome(str(path))
    conversations(str(path), outcome)
    assert [one.error for one in outcome.unread] == [False]
