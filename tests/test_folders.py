"""A folder with a reply or two a file is a library: what the policy asks of libraries is asked of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from neverask.engine import check

TODAY = date(2026, 11, 1)
WARNING = (
    "Please never send us your passwords, PIN, bank details or passport number in this chat. Use your customer portal."
)
REPLY = "Thank you for your order. We send it today."


def write(folder: Path, **replies: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in replies.items():
        (folder / f"{name}.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
    return folder


def told(*paths: Path | str, jobs: int = 1, cached: bool = False, policy: str | None = "whatsapp") -> list[str]:
    findings = check(map(str, paths), policy, TODAY, jobs=jobs, cached=cached).findings
    return [f"{Path(one.source.path).name} {one.rule}" for one in findings]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_without_the_disclaimer_is_told_once(jobs: int, tmp_path: Path) -> None:
    replies = write(tmp_path / "replies", a=REPLY, b=REPLY, c=REPLY)
    for _ in range(2):
        assert told(replies, jobs=jobs, cached=True) == ["a.md disclaimer-in-library"]
    assert told(tmp_path, jobs=jobs) == ["a.md disclaimer-in-library"]


def test_one_reply_with_it_is_enough(tmp_path: Path) -> None:
    assert told(write(tmp_path / "replies", a=REPLY, b=REPLY, c=WARNING)) == []


def test_each_folder_is_a_library(tmp_path: Path) -> None:
    write(tmp_path / "en" / "replies", a=REPLY, b=REPLY, c=WARNING)
    write(tmp_path / "nl" / "replies", **dict.fromkeys("abc", "Bedankt voor uw bericht, u hoort morgen van ons."))
    assert told(tmp_path) == ["a.md disclaimer-in-library"]


def test_two_replies_are_no_library(tmp_path: Path) -> None:
    assert told(write(tmp_path / "replies", a=REPLY, b=REPLY)) == []


def test_files_of_a_folder_that_was_not_looked_at_are_none(tmp_path: Path) -> None:
    replies = write(tmp_path / "replies", a=REPLY, b=REPLY, c=REPLY, d=WARNING)
    assert told(*(replies / f"{name}.md" for name in "abc")) == []


def test_a_longer_library_in_the_folder_is_judged_by_itself(tmp_path: Path) -> None:
    replies = write(tmp_path / "replies", a=REPLY, b=REPLY, c=REPLY)
    text = "".join(f"- title: t{number}\n  text: {REPLY}\n" for number in range(3))
    (replies / "more.yaml").write_text(text, encoding="utf-8")
    assert told(replies) == ["more.yaml disclaimer-in-library"]
    (replies / "more.yaml").write_text(f"{text}- title: w\n  text: {WARNING}\n", encoding="utf-8")
    assert told(replies) == []


def test_an_exception_for_one_file_is_one_for_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "replies", a=REPLY, b=REPLY, c=REPLY)
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [whatsapp]\nexceptions:\n"
        "  - {rule: disclaimer-in-library, file: replies/b.md, reason: the window shows it}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    assert told(".", policy=None) == []


def test_so_is_one_in_place(tmp_path: Path) -> None:
    replies = write(tmp_path / "replies", a=REPLY, c=REPLY)
    allow = "# neverask: allow disclaimer-in-library -- the window shows it"
    (replies / "b.yaml").write_text(f"title: b\n{allow}\ntext: {REPLY}\n", encoding="utf-8")
    assert told(replies) == []
    (replies / "b.yaml").write_text(f"title: b\ntext: {REPLY}\n", encoding="utf-8")
    assert told(replies) == ["a.md disclaimer-in-library"]


@pytest.mark.parametrize(("name", "told_at"), [("a.md", ["a.md"]), ("b.md", [])])
def test_it_is_told_of_its_first_file_only(name: str, told_at: list[str], tmp_path: Path) -> None:
    """Else a change of another file would tell anew what a baseline knows."""
    replies = write(tmp_path / "replies", a=REPLY, b=REPLY, c=REPLY)
    report = check([str(replies)], "whatsapp", TODAY, concerned=lambda outcome, _: outcome.path.endswith(name))
    assert [Path(one.source.path).name for one in report.findings] == told_at


def test_a_page_begins_with_its_comment(tmp_path: Path) -> None:
    """What a page lacks is told at its first character; where that is an exception's, it covers it."""
    replies = write(tmp_path / "replies", a=REPLY, b=REPLY, c=REPLY)
    (replies / "a.md").write_text(f"{REPLY}\n", encoding="utf-8")
    assert told(replies) == ["a.md disclaimer-in-library"]
    comment = "<!-- neverask: allow disclaimer-in-library until 2035-01-31 -- it is on the website -->"
    (replies / "a.md").write_text(f"{comment}\n{REPLY}\n", encoding="utf-8")
    assert told(replies) == []


def test_a_file_that_is_named_in_several_ways_is_read_once(neverask: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "replies.yaml"
    file.write_text(
        "- id: a\n  text: Please send us your PIN.\n- id: b\n  text: Hello there, friend.\n", encoding="utf-8"
    )
    names = ["replies.yaml", str(file), f"../{tmp_path.name}/replies.yaml", "./replies.yaml", "."]
    run = neverask("check", "--policy", "whatsapp", *names, cwd=tmp_path)
    assert run.status == 1 and "Checked 1 file," in run.out and "\nreplies.yaml:2:" in f"\n{run.out}"


def test_what_a_sparse_checkout_leaves_out_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A check of a part of the repository passed for one of all of it."""
    top = tmp_path / "repo"
    (top / "replies").mkdir(parents=True)
    (top / "ok.yaml").write_text("- {id: a, text: 'Thank you, dear customer.'}\n")
    (top / "replies" / "bad.yaml").write_text("- {id: a, text: 'Please send us your PIN.'}\n")
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for asked in (
        ["init", "-q"],
        ["add", "."],
        [*who, "commit", "-qm", "a"],
        ["sparse-checkout", "set", "--no-cone", "/ok.yaml"],
    ):
        subprocess.run(["git", *asked], cwd=top, check=True, capture_output=True)
    result = neverask("check", ".", "-v", cwd=top)
    assert result.status == 0 and "a sparse checkout leaves out 1 file" in result.out
    assert neverask("check", ".", "--strict", cwd=top).status == 2
    said = neverask("check", ".", "-v", "--lang", "nl", cwd=top).out
    assert "een sparse checkout laat 1 bestand weg" in said
