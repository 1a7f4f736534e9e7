"""A text that repeats one thing very often is read in time that grows with its length, not with its square."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from neverask.checking import conversations
from neverask.editing import complete
from neverask.engine import Policies
from neverask.markup import goes_on, plain
from neverask.outcome import Outcome

READERS = Path(__file__).resolve().parent / "readers"
_MOST = 10
"""Seconds of processor: what was not linear took a minute or more."""


class Case(NamedTuple):
    """``said`` is put behind ``behind`` in a file of an export; ``export`` is the file or the folder that it is in."""

    export: str
    file: str
    behind: str
    said: str


CASES = {
    "literals of one expression, each compared with what stands before it": Case(
        "composer/bot", "language-generation/en-us/common.en-us.lg", "- ${dialog.answer", " + 'a'" * 100_000
    ),
    "strings of one formula, looked at from each letter of a word before them": Case(
        "copilot_studio/agent", "topics/Order.mcs.yml", 'e have no " & Topic.Colour', " " + "x" * 300_000
    ),
    "templates called by one name of very many parts": Case(
        "composer/bot", "language-generation/en-us/common.en-us.lg", "- ${dialog", ".a" * 100_000
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_dense_text_is_read_in_linear_time(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    source = READERS / case.export
    target = tmp_path / source.name
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
    file = target / case.file
    text = file.read_text(encoding="utf-8")
    at = text.index(case.behind) + len(case.behind)
    file.write_text(text[:at] + case.said + text[at:], encoding="utf-8")
    start = time.process_time()
    assert list(conversations(str(file), Outcome(str(file))))
    assert time.process_time() - start < _MOST


def test_a_blank_line_of_a_catalogue_is_read_in_linear_time(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text('msgid "a"\nmsgstr "b"\n' + " " * 200_000 + "x\n", encoding="utf-8")
    start = time.process_time()
    outcome = Outcome(str(file))
    assert not list(conversations(str(file), outcome)) and outcome.unread
    assert time.process_time() - start < _MOST


def test_a_name_of_many_parts_that_is_none_is_told_in_linear_time() -> None:
    """It took twice as long with each part: one of thirty took minutes."""
    start = time.process_time()
    plain("Hi [" + "a_" * 20_000 + "!]", "auto")
    plain("Hi [" + "a_" * 30 + "!]", "auto")
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("said", ["\t", " ", "<p>", "<p>\n", "\n ", "<br> a\n"])
def test_a_page_of_one_thing_is_seen_through_in_linear_time(said: str) -> None:
    text = f"<p>{said * 100_000}a</p>\nb"
    start = time.process_time()
    plain(text, "html")
    goes_on(text, "html")
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("words", ["1_", "nl ", "html-", "long_"])
def test_a_column_named_by_very_many_words_is_told_in_linear_time(words: str, tmp_path: Path) -> None:
    """Each word was left off in turn, to see what the others say, until the stack was full."""
    file = tmp_path / "replies.csv"
    column = "reply_" + words * 100_000
    file.write_text(f'title,answer,"{column}"\nLate,"Sorry, your parcel is late.",1\n', encoding="utf-8")
    start = time.process_time()
    outcome = Outcome(str(file))
    (found,) = conversations(str(file), outcome)
    assert not outcome.unread and [message.text for message in found.messages] == ["Sorry, your parcel is late."]
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize(
    "line",
    [
        "    rule: " + "a" * 100_000 + "!",
        "    rule: forbid " + "a-" * 50_000 + " !",
        "    " + "a" * 100_000 + "!",
        "    a" + " " * 100_000 + "b",
        "    - " + "- " * 200_000 + "a",
    ],
    ids=["a word", "words", "no key", "blanks", "lists"],
)
def test_a_long_line_of_a_policy_in_work_is_completed_in_linear_time(line: str) -> None:
    text = f"neverask: 1\nrules:\n  one:\n{line}\n{line}"
    start = time.process_time()
    complete(text, 4, len(line), Policies("whatsapp"), "neverask.yaml")
    assert time.process_time() - start < _MOST
