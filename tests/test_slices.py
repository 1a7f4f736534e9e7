"""A long library judged slice by slice and by several processes: the report is the same; one that dies is an error."""

from __future__ import annotations

import gc
import json
import os
import random
import weakref
from pathlib import Path
from typing import Any

import pytest
from neverask import slices
from neverask.engine import check
from neverask.language import analysis
from neverask.language.analysis import Reading
from neverask.report import Report
from neverask.rules.held import _KEPT

ASK = "Kunt u ons uw IBAN doorgeven?"
NEAR = "Stuur ons geen wachtwoord of pincode via deze chat."
WHOLE = "Deel geen gevoelige gegevens in deze chat, zoals uw BSN of uw pincode. Bel ons liever."
PLAIN = "Bedankt voor uw bericht, wij helpen u graag verder met uw bestelling."


@pytest.fixture(autouse=True)
def short_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "_LONG", 2)


def library(folder: Path, texts: list[str]) -> Path:
    (folder / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    replies = [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]
    path = folder / "replies.json"
    path.write_text(json.dumps({"replies": replies}, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def said(report: Report) -> list[object]:
    findings = [
        (f.rule, f.entry, f.message, f.span, f.fingerprint, f.text, f.data, [(r.message, r.span) for r in f.related])
        for f in report.findings
    ]
    return [
        findings,
        report.messages,
        report.languages,
        report.untold,
        report.unread,
        report.unseen,
        len(report.needed),
    ]


@pytest.mark.parametrize(
    "special",
    [[], [NEAR], [NEAR, NEAR], [WHOLE], [NEAR, WHOLE], ["Bel ons over uw wachtwoord.", NEAR]],
    ids=["none", "one near", "two near", "one whole", "near and whole", "two elements apart"],
)
def test_the_report_is_the_same_whatever_the_number_of_processes_and_slices(
    special: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    texts = [f"{ASK} {number}" if number % 5 == 0 else f"{PLAIN} {number}" for number in range(60)]
    for text in special:
        texts.insert(chance.randrange(len(texts)), text)
    path = library(tmp_path, texts)
    monkeypatch.setattr(slices, "_LONG", 1_000)
    whole = said(check([str(path)], jobs=1))
    assert len(whole[0]) >= 12  # type: ignore[arg-type]
    monkeypatch.setattr(slices, "_LONG", 2)
    for jobs, most in ((1, 7), (1, 1), (2, 1_000), (3, 5), (40, 1_000)):
        monkeypatch.setattr(slices, "_MOST", most)
        assert said(check([str(path)], jobs=jobs)) == whole


def test_nothing_of_a_slice_stays_when_it_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "_MOST", 10)
    path = library(tmp_path, [f"{ASK if number % 2 else PLAIN} {number}" for number in range(100)])
    made: list[weakref.ref[Noted]] = []

    class Noted(Reading):
        """One that can be referred to weakly, and is."""

        def __init__(self, *parts: Any) -> None:
            super().__init__(*parts)
            made.append(weakref.ref(self))
            assert sum(one() is not None for one in made) <= 10 + _KEPT

    monkeypatch.setattr(analysis, "Reading", Noted)
    gc.disable()
    try:
        assert len(check([str(path)], jobs=1).findings) >= 50
    finally:
        gc.enable()
    assert len(made) >= 50


def test_two_replies_are_no_library_in_two_slices_either(tmp_path: Path) -> None:
    path = library(tmp_path, [PLAIN, f"{PLAIN} 2"])
    assert check([str(path)], jobs=2).findings == []


def test_a_process_that_dies_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = library(tmp_path, [f"{PLAIN} {number}" for number in range(20)])
    parent = os.getpid()

    def plain(*arguments: object) -> object:
        os._exit(9 if os.getpid() != parent else 0)

    monkeypatch.setattr(slices, "to_plain", plain)
    report = check([str(path)], jobs=2)
    assert [unread.reason for unread in report.errors] == ["a process that checked this file died (exit status 9)"]
