"""``check --fix``: each folder of ``tests/fix`` mended, compared with what is expected, byte by byte."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "mended:" not in neverask("check", "--fix", ".", cwd=folder).err.replace("not mended:", "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


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
