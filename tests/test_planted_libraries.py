"""Planted faults: in each export of tests/readers an ask is put in the place of every text, one export a place.

Where a customer can read it, it is found at its line and column, and nothing else is; where it is internal (a note, a
keyword, a customer's question) it is silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from neverask import engine
from neverask.documents import open_source
from neverask.readers import find

PLANT = "Please send us your passport number."
WORDS = "passport number"
POLICY = """
neverask: 1
title: one kind of data
rules:
  asks: {rule: forbid asking for identity-document, level: error, because: [the test]}
"""
LABELS = ("button", "option")
_READERS = """
    chatwoot_inboxes whatsapp_templates zendesk_macros zendesk_dynamic_content zendesk_shortcuts chatwoot whaticket
    whaticket_queues zammad zammad_triggers espanso osticket osticket_templates github_replies freshdesk intercom
    front gorgias helpscout rocketchat livehelperchat freescout django_helpdesk salesforce salesforce_messages
    trengo hubspot libredesk kustomer textblaze twilio_flex quicktext_xml quicktext_json string_resources gettext_po
    message_catalogue reply_list reply_table reply_page
"""
READERS = _READERS.split()
FILES = [
    path
    for name in READERS
    for path in sorted((Path(__file__).parent / "readers" / name).iterdir())
    if path.suffix not in (".out", ".xlsx", ".ods")
]


class Alone:
    """No neighbours."""

    def names(self, pattern: str) -> list[str]:
        return []

    def open(self, name: str) -> list[Any]:
        return []


@dataclass(frozen=True)
class Planted:
    """An export with a plant: the file, where its words stand, whether they have to be found."""

    export: str
    what: str
    path: Path
    line: int
    column: int
    found: bool


def places(path: Path) -> list[tuple[str, bool, Any]]:
    """Every text of an export: its name, whether customers read it, and the text with its places."""
    (document,) = open_source(path.name, path.read_bytes())
    reader = find(document)
    assert reader is not None
    conversation = reader.read(document, Alone())
    found = [(message.id, message.kind not in LABELS, message.located()) for message in conversation.messages]
    for skipped in conversation.skipped:
        try:
            found.append((f"{skipped.name}: {skipped.reason}", False, skipped.document.text(skipped.path)))
        except (LookupError, TypeError, ValueError):
            continue  # a list or mapping as a whole
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Planted], dict[str, list[tuple[int, int, str]]]]:
    root = tmp_path_factory.mktemp("planted")
    (root / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    planted = []
    for export in FILES:
        (document,) = open_source(export.name, export.read_bytes())
        source = document.source.text
        for number, (what, read, text) in enumerate(places(export)):
            start, end = text.span()
            # What makes it a quotation or ends a block stays.
            start += 2 if source.startswith("> ", start) else 0
            end -= 1 if end > start and source[end - 1] == "\n" else 0
            new = source[:start] + PLANT + source[end:]
            folder = root / export.parent.name / export.name.replace(".", "_") / str(number)
            folder.mkdir(parents=True)
            (folder / export.name).write_text(new, encoding="utf-8", newline="")
            at = start + PLANT.index(WORDS)
            before = new[:at].replace("\r\n", "\n")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            name = f"{export.parent.name}/{export.name}"
            planted.append(Planted(name, what, folder / export.name, line, column, read))
    report = engine.check([str(root)])
    findings: dict[str, list[tuple[int, int, str]]] = {}
    for finding in report.findings:
        place = finding.source.position(finding.span.start)
        words = finding.source.text[finding.span.start : finding.span.end]
        findings.setdefault(finding.source.path, []).append((place.line, place.column, words))
    return planted, findings


@pytest.mark.parametrize("export", [f"{path.parent.name}/{path.name}" for path in FILES])
def test_each_planted_ask_is_found_where_it_stands(export: str, run: Any) -> None:
    planted, findings = run
    ours = [one for one in planted if one.export == export]
    wrong = []
    for one in ours:
        wanted = [(one.line, one.column, WORDS)] if one.found else []
        if findings.get(str(one.path), []) != wanted:
            wrong.append((one.what, one.found, wanted, findings.get(str(one.path), [])))
    assert not wrong


def test_plants_were_put_in_customers_and_in_internal_texts(run: Any) -> None:
    planted, _ = run
    assert sum(one.found for one in planted) > 150
    assert sum(not one.found for one in planted) > 30


def test_an_ask_in_a_workbook_is_found_in_its_cell(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Replies"
    sheet.append(["Title", "Text", "Internal note"])
    sheet.append(["Greeting", "Hello, how can we help you today?", PLANT])
    sheet.append(["Ask", PLANT, "only on Monday"])
    sheet.merge_cells("A4:A5")
    sheet["A4"] = "Merged"
    sheet["B4"] = "Your bike is ready in the shop."
    sheet["B5"] = f"Good morning. {PLANT}"
    book.save(tmp_path / "replies.xlsx")
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    report = engine.check([str(tmp_path)])
    cells = [finding.source.position(finding.span.start).cell for finding in report.findings]
    assert cells == ["Replies!B3", "Replies!B5"]


def test_every_library_reader_has_a_plant(run: Any) -> None:
    planted, _ = run
    assert {one.export.split("/")[0] for one in planted} == set(READERS)
