"""``check --fix``: each folder of ``tests/fix`` mended, compared with what is expected, byte by byte."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask import mending
from neverask.language import tracewords
from neverask.resources import languages

CASES = sorted(path for path in (Path(__file__).parent / "fix").iterdir() if path.is_dir())


def mended(case: Path, tmp_path: Path, neverask: Callable[..., Any]) -> tuple[Path, Any]:
    folder = tmp_path / "folder"
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("*.diff", "*.out"))
    return folder, neverask("check", "--fix", ".", cwd=folder)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_what_is_mended(
    case: Path, tmp_path: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("*.diff"))
    shown = neverask("check", "--fix", "--dry-run", ".", cwd=folder)
    golden(case / "expected.diff", shown.out + shown.err)
    for path in folder.iterdir():
        assert path.read_bytes() == (case / path.name).read_bytes(), "a dry run wrote something"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_no_request_is_left_and_a_second_run_changes_nothing(
    case: Path, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    folder, run = mended(case, tmp_path, neverask)
    assert "asks the customer for" not in run.out, run.out
    for path in folder.glob("*.yaml"):
        yaml.safe_load(path.read_text(encoding="utf-8"))  # others are to read it as well
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "mended:" not in neverask("check", "--fix", ".", cwd=folder).err.replace("not mended:", "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_can_not_be_read_is_said_where_nothing_is_written(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "replies.json").write_text('{"replies": [{"id": "a", "text": "Please send us your IBAN."}]}')
    (tmp_path / "torn.json").write_text('{"replies": [')
    run = neverask("check", "--fix", "--dry-run", ".", cwd=tmp_path)
    assert run.status == 2 and run.out.startswith("--- replies.json\n")
    assert "torn.json:1:" in run.err and "cannot read: not valid JSON" in run.err
    assert "kan niet worden gelezen" in neverask("check", "--fix", "--dry-run", "--lang", "nl", ".", cwd=tmp_path).err
    assert "cannot read: not valid JSON" in neverask("check", "--fix", ".", cwd=tmp_path).out


def test_what_was_written_is_told_where_another_file_has_changed_meanwhile(
    tmp_path: Path, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = '{"replies": [{"id": "a", "text": "Please send us your IBAN."}]}'
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(asks)
    write = mending.write

    def late(change: mending.Change) -> None:
        if change.path == "b.json":
            (tmp_path / "b.json").write_text(asks + "\n")
        write(change)

    monkeypatch.setattr(mending, "write", late)
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert run.status == 2 and run.err.endswith("wrote a.json\nb.json: the file has changed meanwhile; run it again\n")
    assert [(tmp_path / f"{name}.json").read_text() for name in "bc"] == [asks + "\n", asks]


def test_a_dry_run_is_one_of_fix(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "replies.json").write_text('{"replies": [{"id": "a", "text": "Please send us your IBAN."}]}')
    run = neverask("check", "--dry-run", ".", cwd=tmp_path)
    assert run.status == 2 and run.out == "" and "belongs to it: --fix --dry-run" in run.err


@pytest.mark.parametrize("more", [("-o", "report.html"), ("--also", "csv=report.csv"), ("--format", "json")])
def test_a_dry_run_writes_no_report_and_says_so(
    more: tuple[str, ...], tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    (tmp_path / "replies.json").write_text('{"replies": [{"id": "a", "text": "Please send us your IBAN."}]}')
    run = neverask("check", "--fix", "--dry-run", *more, ".", cwd=tmp_path)
    assert run.status == 2 and run.out == "" and "writes no report" in run.err


@pytest.mark.parametrize(
    "text",
    [
        "Please send us your order number and *your IBAN*.",
        "<p>Please send us your <b>order number</b> and your IBAN.</p>",
        "Please send us your e-mail address, and write down in your next message your IBAN.",
    ],
)
def test_what_can_not_be_taken_out_of_a_sentence_is_left_and_told(
    text: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    before = json.dumps({"replies": [{"id": "a", "text": text}]})
    (tmp_path / "replies.json").write_text(before, encoding="utf-8")
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert run.status == 1 and (tmp_path / "replies.json").read_text(encoding="utf-8") == before
    assert "asks for other things, too, which should stay: it needs other words" in run.err
    assert "vraagt ook om andere dingen" in neverask("check", "--fix", "--lang", "nl", ".", cwd=tmp_path).err


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_only_lines_with_findings_change(case: Path, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    folder, _ = mended(case, tmp_path, neverask)
    for path in folder.iterdir():
        old, new = (case / path.name).read_bytes(), path.read_bytes()
        assert old[:3] == new[:3]
        assert (b"\r\n" in old) == (b"\r\n" in new)
        if b"\r\n" in old:
            assert new.replace(b"\r\n", b"").count(b"\n") == 0
        kept = [line for line in old.splitlines() if b"welcome" in line or b"Tot ziens" in line or b"welkom" in line]
        if case.name != "every-reply":
            assert all(line in new.splitlines() for line in kept)


def test_no_request_goes_on_the_account_of_a_wording_that_could_not_be_put_in(
    tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nlanguages: [en]\nrules:\n  asks:\n    rule: forbid asking for any data on any channel\n"
        '    level: error\n    instead: {en: "Use My account.\\nOr call us."}\n'
    )
    plain = "- title: plain\n  text: Please send us\n    your IBAN. It will help. What is your PIN? Thank you.\n"
    quoted = '- title: quoted\n  text: "Please send us your IBAN. It will help. What is your PIN? Thank you."\n'
    (tmp_path / "r.yaml").write_text(plain + quoted)
    run = neverask("check", "--fix", "r.yaml", cwd=tmp_path)
    assert run.err.count("\nnot mended: ") == 2 and run.err.count("mended: r.yaml:5:") == 2, run.err
    mended_text = quoted.replace("Please send us your IBAN", "Use My account.\\nOr call us").replace(
        " What is your PIN?", ""
    )
    assert (tmp_path / "r.yaml").read_text() == plain + mended_text


@pytest.mark.parametrize("marks", ["📦📸🪪", "-•*", "123"])
def test_a_list_that_asks_for_other_things_too_stays(marks: str, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    lines = ("your order number", "a photo of the damage", "a copy of your passport")
    listed = "".join(f"      {mark}{'.' * mark.isdigit()} {line}\n" for mark, line in zip(marks, lines, strict=True))
    before = f"replies:\n  - id: a\n    text: |\n      Please send us:\n{listed}"
    (tmp_path / "replies.yaml").write_text(before, encoding="utf-8")
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert "not mended: replies.yaml:7:" in run.err and "other things" in run.err
    assert (tmp_path / "replies.yaml").read_text(encoding="utf-8") == before


FORM = """\
{"version": "7.0", "screens": [{"id": "A", "title": "Refund", "terminal": true, "layout": {"type": "SingleColumnLayout",
  "children": [
    {"type": "TextBody", "text": "Please fill in your PIN below."},
    {"type": "TextInput", "name": "code", "label": "Enter your PIN", "helper-text": "What is your PIN?"},
    {"type": "TextInput", "name": "shop", "label": "Shop", "helper-text": "Please type your password."},
    {"type": "Footer", "label": "Send", "on-click-action": {"name": "complete"}}]}}]}
"""
STUDIO = """\
{"description": "Care", "initial_state": "Trigger", "states": [
  {"name": "Trigger", "type": "trigger", "transitions": [{"event": "incomingMessage", "next": "warn"}]},
  {"name": "warn", "type": "send-message", "properties": {"body": "Please message us your password."},
    "transitions": [{"event": "sent", "next": "code"}]},
  {"name": "code", "type": "send-and-wait-for-reply", "properties": {"body": "What is your PIN?"},
    "transitions": [{"event": "incomingMessage", "next": "bye"}]},
  {"name": "bye", "type": "send-message", "properties": {"body": "Now send us your IBAN."}, "transitions": []}]}
"""


@pytest.mark.parametrize(
    ("text", "mended", "left"),
    [
        (FORM, [], [(3, "code"), (4, "code"), (4, "code"), (5, "shop")]),
        (STUDIO, ["Please message us your password.", "Now send us your IBAN."], [(5, "code")]),
    ],
    ids=["form", "bot"],
)
def test_the_words_of_a_step_that_takes_the_answer_stay(
    text: str, mended: list[str], left: list[tuple[int, str]], tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """With other words it would still take it: whoever builds the bot has to remove it."""
    policy = (
        "rules: {asks: {rule: forbid asking for sensitive data on any channel, level: error, instead: {en: Call us.}}}"
    )
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nlanguages: [en]\n{policy}\n", encoding="utf-8")
    (tmp_path / "bot.json").write_text(text, encoding="utf-8")
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    expected = text
    for words in mended:
        expected = expected.replace(words, "Call us.")
    assert (tmp_path / "bot.json").read_text(encoding="utf-8") == expected
    told = re.findall(r"^not mended: bot.json:(\d+):\d+ \[asks\]: (.+)$", run.err, re.MULTILINE)
    why = "'{}' would still take the answer: that field or step has to go, or to lead to a safe place"
    assert told == [(str(line), why.format(name)) for line, name in left]


def test_the_mode_and_the_link_stay(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    real = tmp_path / "real" / "r.yaml"
    real.parent.mkdir()
    real.write_text("- {title: a, text: Wat is uw BSN?}\n- {title: b, text: Dag en bedankt!}\n", encoding="utf-8")
    real.chmod(0o640)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "r.yaml").symlink_to(real)
    neverask("check", "--fix", "r.yaml", cwd=folder)
    assert (folder / "r.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "BSN" not in real.read_text(encoding="utf-8")
    assert sorted(os.listdir(real.parent)) == ["r.yaml"]


def test_a_file_under_two_names_is_mended_once(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("- {title: a, text: Wat is uw BSN?}\n- {title: b, text: Dag en bedankt!}\n", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("r.yaml")
    run = neverask("check", "--fix", "r.yaml", "link.yaml", str(path), cwd=tmp_path)
    assert run.status == 0 and run.err.count("wrote ") == 1, run.err
    assert "BSN?" not in path.read_text(encoding="utf-8") and (tmp_path / "link.yaml").is_symlink()


def test_a_file_that_can_not_be_written_stays_whole(
    tmp_path: Path, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.yaml"
    text = "- {title: a, text: Wat is uw BSN?}\n- {title: b, text: Dag en bedankt!}\n"
    path.write_text(text, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert run.status == 2
    assert "No space left" in run.err
    assert path.read_text(encoding="utf-8") == text
    assert os.listdir(tmp_path) == ["r.yaml"]


def workbook(path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Antwoorden & zo"
    for row in (
        ["titel", "antwoord"],
        ["borg", "Fijn! Kunt u ons uw IBAN doorgeven?\nDan <storten> we het."],
        ["groet", "Tot ziens en bedankt voor uw bezoek!"],
        ["id", "Wat is uw BSN?"],
    ):
        sheet.append(row)
    sheet["B2"].font = openpyxl.styles.Font(bold=True)
    book.create_sheet("leeg")
    book.save(path)


def test_one_cell_of_a_workbook_is_mended(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "replies.xlsx"
    workbook(path)
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert run.err.count("\nmended:") + run.err.startswith("mended:") == 2, run.err
    after = zipfile.ZipFile(path)
    assert after.testzip() is None
    assert after.namelist() == before.namelist()
    changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    sheet = openpyxl.load_workbook(path)["Antwoorden & zo"]
    assert sheet["B2"].value.startswith("Fijn! Dit mogen we hier niet vragen.")
    assert sheet["B2"].value.endswith("\nDan <storten> we het.")
    assert sheet["B2"].font.bold
    assert sheet["B3"].value == "Tot ziens en bedankt voor uw bezoek!"
    assert "BSN" not in sheet["B4"].value


def in_utf_16(archive: zipfile.ZipFile) -> dict[str, bytes]:
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    return {"xl/worksheets/sheet1.xml": sheet.replace("UTF-8", "UTF-16").encode("utf-16")}


def with_a_long_cell(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """One text is made long wherever it stands: some releases of openpyxl write a list of texts, others none."""
    members = {name: archive.read(name) for name in archive.namelist()}
    long = b"Wat is uw BSN? " + b"Dank u! " * 4090
    return {name: content.replace(b"Wat is uw BSN?", long) for name, content in members.items()}


NOT_WRITTEN = {
    "the spreadsheet is signed": lambda archive: {"_xmlsignatures/sig1.xml": b"<Signature/>"},
    "its bytes can't be kept as they are in this encoding": in_utf_16,
    "the cell Antwoorden & zo!B4 would be longer than Excel takes": with_a_long_cell,
}


@pytest.mark.parametrize("why", NOT_WRITTEN)
def test_a_workbook_that_would_be_damaged_is_left(why: str, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    path = tmp_path / "replies.xlsx"
    workbook(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as before, zipfile.ZipFile(path, "w") as archive:
        members = {name: before.read(name) for name in before.namelist()} | NOT_WRITTEN[why](before)
        for name, content in members.items():
            archive.writestr(name, content)
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert run.status == 1 and f"B4 [no-sensitive-requests]: {why}" in run.err, run.err


def spreadsheet(path: Path) -> None:
    """An OpenDocument one with a repeated row, a styled paragraph, blanks in a row, and a text in pieces."""

    def cell(text: str, style: str = "") -> str:
        return f'<table:table-cell office:value-type="string"{style}>{text}</table:table-cell>'

    rows = [
        cell("<text:p>titel</text:p>") + cell("<text:p>antwoord</text:p>"),
        cell("<text:p>borg</text:p>")
        + cell(
            '<text:p text:style-name="P1">Fijn! Kunt u ons uw<text:s text:c="2"/>IBAN doorgeven?</text:p>'
            '<text:p text:style-name="P1">Dan &lt;storten&gt; we het.</text:p>',
            ' table:style-name="ce1"',
        ),
        cell("<text:p>id</text:p>") + cell("<text:p>Wat is <text:span>uw</text:span> BSN?</text:p>"),
        cell("<text:p>dag</text:p>") + cell("<text:p>Tot ziens en bedankt!</text:p>"),
    ]
    empty = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    table = empty.join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Blad &amp; 1">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<m/>")


def test_one_cell_of_an_opendocument_spreadsheet_is_mended(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    path = tmp_path / "replies.ods"
    spreadsheet(path)
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert "mended: replies.ods Blad & 1!B4 [no-sensitive-requests]" in run.err.splitlines()
    assert "in row 7, column 2 of Blad & 1 is formatted in pieces" in run.err
    after = zipfile.ZipFile(path)
    assert after.testzip() is None and after.namelist() == before.namelist()
    old, new = (archive.read("content.xml").decode() for archive in (before, after))
    assert new == old.replace(
        'Kunt u ons uw<text:s text:c="2"/>IBAN doorgeven?',
        "Dit mogen we hier niet vragen. U regelt het veilig in uw klantportaal of telefonisch.",
    )
    whole = path.read_bytes()
    assert "\nmended:" not in "\n" + neverask("check", "--fix", ".", cwd=tmp_path).err and path.read_bytes() == whole


def test_what_is_packed_otherwise_is_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    import tarfile

    text = b"- {id: 1, text: Please send us your IBAN.}\n- {id: 2, text: Hello and welcome!}\n"
    (tmp_path / "r.yaml").write_bytes(text)
    with tarfile.open(tmp_path / "r.tgz", "w:gz") as archive:
        archive.add(tmp_path / "r.yaml", "r.yaml")
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as packed:
        packed.writestr("r.yaml", text)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as packed:
        packed.write(tmp_path / "inner.zip", "inner.zip")
    run = neverask("check", "--fix", "r.tgz", "outer.zip", cwd=tmp_path)
    assert run.status == 1 and "wrote" not in run.err
    assert "a text in an archive other than .zip is not mended: mend it where the archive is made" in run.err
    assert "a text in a file that is packed twice is not mended" in run.err


def test_a_library_gets_its_disclaimer_where_one_reply_warns(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    replies = "- {id: 1, text: Hello and welcome!}\n- {id: 2, text: Goodbye and thank you!}\n"
    warns = "- id: 3\n  text: Please don't share sensitive data such as passwords in this chat.  # ours\n"
    (tmp_path / "r.yaml").write_text(replies + warns, encoding="utf-8")
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert run.status == 0 and "mended: r.yaml:4:9 [disclaimer-in-library]" in run.err, run.err
    after = (tmp_path / "r.yaml").read_text(encoding="utf-8")
    assert after.startswith(replies) and "in this chat. Please don't share sensitive data in this chat" in after
    assert after.endswith("# ours\n")
    (tmp_path / "r.yaml").write_text(replies + "- {id: 4, text: Your parcel is on its way.}\n", encoding="utf-8")
    run = neverask("check", "--fix", ".", cwd=tmp_path)
    assert "choose the one that customers get first, and put the disclaimer in it" in run.err


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_very_many_are_mended_in_good_time(kind: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Each was made and proved by itself, in a file read anew: 400 took a minute, 4,000 more than an hour."""
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n")
    texts = [f"Geef ons uw IBAN door. Dank u wel, klant {number}." for number in range(400)]
    texts[200] = "Geef ons uw IBAN, en stuur een foto van uw paspoort. Wat is uw pincode?"
    target = tmp_path / f"replies.{kind}"
    if kind == "json":
        target.write_text(json.dumps({"replies": [{"id": str(n), "text": text} for n, text in enumerate(texts)]}))
    else:
        target.write_text("id,text\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(texts)))
    before = target.read_text()
    for code in languages():
        tracewords.of(code)  # compiled by whoever comes first, and not what is measured
    started = time.process_time()
    run = neverask("check", "--fix", "--no-cache", target.name, cwd=tmp_path)
    assert time.process_time() - started < 20
    assert run.err.count("mended: ") >= 400
    assert before.count("IBAN") >= 400 and target.read_text().count("IBAN") == 0
    assert target.read_text().count("Dank u wel, klant") == 399


def test_another_name_of_a_mended_file_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """What is written takes the place of one name; the other went on with the old text, and nobody heard of it."""
    (tmp_path / "a.yaml").write_text("- {id: a, text: 'Please send us your PIN.'}\n")
    (tmp_path / "b").hardlink_to(tmp_path / "a.yaml")
    result = neverask("check", "--fix", "a.yaml", cwd=tmp_path)
    assert "a.yaml: another name of this file (a hard link) keeps the text as it was" in result.err
    assert "PIN" in (tmp_path / "b").read_text() and "PIN" not in (tmp_path / "a.yaml").read_text()
