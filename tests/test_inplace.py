"""Exceptions that stand in comments beside the text, and the list of all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from neverask import exceptions
from neverask.documents import open_source
from neverask.engine import check
from neverask.inplace import allowed

ALLOW = "neverask: allow no-sensitive-requests until 2035-01-31 -- the tax office wants it"
TODAY = date(2026, 11, 24)
IBAN = "Please send us your IBAN."

COVERED = {
    "above the entry": (
        "a.yaml",
        f"# {ALLOW}\n- id: 1\n  title: x\n  text: {IBAN}\n- id: 2\n  text: Hello there, welcome.\n",
    ),
    "above the key": ("a.yaml", f"- id: 1\n  # {ALLOW}\n  text: {IBAN}\n"),
    "at the end of the line": ("a.yaml", f"- id: 1\n  text: {IBAN} # {ALLOW}\n"),
    "beside the first key": ("a.yaml", f"- id: 1  # {ALLOW}\n  text: {IBAN}\n"),
    "at a block scalar": ("a.yaml", f"- id: 1\n  text: |  # {ALLOW}\n    Hello.\n    {IBAN}\n"),
    "above all": ("a.yaml", f"# {ALLOW}\nreplies:\n  - id: 1\n    text: {IBAN}\n"),
    "among comments": ("a.yaml", f"- id: 1\n  # {ALLOW}\n  # and another word\n  text: {IBAN}\n"),
    "CRLF": ("a.yaml", f"# {ALLOW}\r\n- id: 1\r\n  text: {IBAN}\r\n"),
    "for two rules": (
        "a.yaml",
        f"- id: 1\n  # {ALLOW.replace('requests', 'requests, no-false-safety')}\n  text: {IBAN}\n",
    ),
    "markdown": ("a.md", f"# Answers\n\n## May I?\n\n<!-- {ALLOW} -->\n> {IBAN}\n\n## When?\n\n> On Monday, at ten.\n"),
    "over several lines": (
        "a.md",
        "# Answers\n\n## May I?\n\n<!--\n neverask: allow no-sensitive-requests\n until 2035-01-31 --\n\n"
        f" the tax office\n wants it\n-->\n> {IBAN}\n\n## When?\n\n> On Monday, at ten.\n",
    ),
    "above a heading": (
        "a.md",
        f"# Standard replies\n\n<!-- {ALLOW} -->\n\n## May I?\n\nThanks for your message.\n\n{IBAN}\n\n"
        "## When?\n\nWe call you on Monday, at ten.\n",
    ),
    "po": ("nl.po", f'msgid ""\nmsgstr "Language: en\\n"\n\n# {ALLOW}\nmsgid "refund.bank"\nmsgstr "{IBAN}"\n'),
}
NAMED_FREELY = {
    "blanks": ("no bank data", "no bank data until 2035-01-31 -- the tax office wants it"),
    "a dot": ("AVG art. 9", "AVG art. 9 -- the tax office wants it"),
    "two": ("AVG art. 9", "no-false-safety, AVG art. 9 -- the tax office wants it"),
    "until in it": ("valid until paid", "valid until paid until 2035-01-31 -- the tax office wants it"),
}


@pytest.mark.parametrize(("name", "said"), NAMED_FREELY.values(), ids=NAMED_FREELY)
def test_a_rule_that_is_called_in_words_is_allowed_by_them(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = f"  {name}: {{rule: forbid asking for bank-account}}\n  no-false-safety: {{level: 'off'}}\n"
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: [whatsapp]\nrules:\n{rules}")
    (tmp_path / "a.yaml").write_text(f"- id: 1\n  # neverask: allow {said}\n  text: {IBAN}\n")
    monkeypatch.chdir(tmp_path)
    found = [one.rule for one in check(["."], today=TODAY).findings]
    assert name not in found and "bad-exception" not in found
    (tmp_path / "a.yaml").write_text(f"- id: 1\n  # neverask: allow another {said}\n  text: {IBAN}\n")
    wrong = [one.message for one in check(["."], today=TODAY).findings if one.rule == "bad-exception"]
    assert wrong == ["this exception does not hold: it is not written as one"]


NOT_COVERED = {
    "in a string": ("a.yaml", f"- id: 1\n  title: 'a # {ALLOW}'\n  text: {IBAN}\n"),
    "in a block scalar": ("a.yaml", f"- id: 1\n  text: |\n    # {ALLOW}\n    {IBAN}\n"),
    "at the entry before": ("a.yaml", f"- id: 1\n  text: Hello there. # {ALLOW}\n- id: 2\n  text: {IBAN}\n"),
    "above another heading": (
        "a.md",
        f"# Answers\n\n<!-- {ALLOW} -->\n## When?\n\n> On Monday, at ten.\n\n## May I?\n\n> {IBAN}\n",
    ),
    "above another entry": ("a.yaml", f"# {ALLOW}\n- id: 1\n  text: Hello there.\n- id: 2\n  text: {IBAN}\n"),
}


def found(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch, today: date = TODAY) -> list[str]:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    monkeypatch.chdir(folder)
    report = check([name], today=today)
    assert report.files == 1, report.unread
    return [finding.rule for finding in report.findings if "disclaimer" not in finding.rule]


GUESSED = (
    "neverask: ignore",
    "neverask-ignore no-bsn",
    "neverask:allow no-bsn -- x",
    "neverask: negeer dit",
    "neverask: off",
    "neverask: alow no-sensitive-requests until 2035-01-31 -- x",
    "neverask: ingore no-sensitive-requests",
    "Neverask: allow no-sensitive-requests until 2035-01-31 -- x",
    "NEVERASK: allow no-sensitive-requests -- x",
    "never-ask: allow no-sensitive-requests -- x",
    "neverask: Allow no-sensitive-requests -- x",
    "neverask: sta toe no-sensitive-requests -- x",
    "neverask: sta dit toe -- x",
    "neverask allow no-sensitive-requests until 2035-01-31 -- x",
    "neverask allow",
)
NOT_GUESSED = (
    "neverask.yaml allows it",
    "neverask: read this twice",
    "about neverask: offices write here",
    "neverask: all of these go out at night",
    "neverask allow us to write this",
    "neverask reads this file",
    "never-ask is what we do",
)


@pytest.mark.parametrize("said", GUESSED)
def test_what_somebody_guesses_is_no_exception_and_says_how_to_write_one(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"- id: 1\n  # {said}\n  text: {IBAN}\n"
    assert found(tmp_path, "a.yaml", text, monkeypatch) == ["bad-exception", "no-sensitive-requests"]


@pytest.mark.parametrize("said", NOT_GUESSED)
def test_a_comment_about_neverask_is_no_exception(said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"- id: 1\n  # {said}\n  text: {IBAN}\n"
    assert found(tmp_path, "a.yaml", text, monkeypatch) == ["no-sensitive-requests"]


@pytest.mark.parametrize("case", COVERED)
def test_an_exception_covers_its_entry(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, text = COVERED[case]
    rules = set(found(tmp_path, name, text, monkeypatch)) - {"unused-exception"}
    assert not rules
    bare = text.replace("neverask: allow", "about")
    assert "no-sensitive-requests" in found(tmp_path, name, bare, monkeypatch)


def test_a_comment_is_shown_as_no_words_of_its_reply(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    text = (
        f"# Standard replies\n\n## May I?\n\n<!-- {ALLOW},\nas it says -->\n{IBAN}\n\n## When?\n\nOn Monday, at ten.\n"
    )
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    shown = neverask("show", "a.md", cwd=tmp_path).out
    assert f": {IBAN}\n" in shown and "neverask: allow" not in shown


@pytest.mark.parametrize("case", NOT_COVERED)
def test_it_covers_nothing_else(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no-sensitive-requests" in found(tmp_path, *NOT_COVERED[case], monkeypatch)


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        (ALLOW.partition(" --")[0], "bad-exception"),
        ("neverask: allow", "bad-exception"),
        (ALLOW.replace("2035-01-31", "soon"), "bad-exception"),
        (ALLOW.replace("requests", "reqeusts"), "bad-exception"),
        (ALLOW.replace("2035-01-31", "2026-11-23"), "expired-exception"),
    ],
)
def test_what_does_not_hold_is_a_finding(comment: str, rule: str, tmp_path: Path, monkeypatch: Any) -> None:
    rules = found(tmp_path, "a.yaml", f"- id: 1\n  # {comment}\n  text: {IBAN}\n", monkeypatch)
    assert rules == [rule, "no-sensitive-requests"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("replies.txt", f"Standard replies\n\n# {ALLOW}\nDear customer, {IBAN}\n\nThanks for your message.\n"),
        ("replies.json", json.dumps({"replies": [{"id": "a", "//": ALLOW, "text": IBAN}]})),
        ("replies.csv", f"id,text,note\na,{IBAN},{ALLOW}\n"),
    ],
)
def test_where_no_comment_can_stand_an_exception_is_told_where_to_stand(
    name: str, text: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    run = neverask("check", cwd=tmp_path)
    assert "[no-sensitive-requests]" in run.out
    assert "does not hold: a file of this kind has no comments [bad-exception]" in run.out
    assert "instead: Write it under 'exceptions:' in neverask.yaml" in run.out
    assert "een bestand van deze soort heeft geen opmerkingen" in neverask("check", "--lang", "nl", cwd=tmp_path).out


def test_in_a_workbook_an_exception_is_told_where_to_stand(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["title", "text", "note"], ["a", IBAN, ALLOW], ["b", "Thanks for your message.", ""]):
        book.active.append(row)
    book.save(tmp_path / "replies.xlsx")
    run = neverask("check", cwd=tmp_path)
    assert "replies.xlsx Sheet!C2: warning: this exception does not hold: in a workbook none is read" in run.out
    assert "instead: Write it under 'exceptions:' in neverask.yaml" in run.out


@pytest.mark.parametrize("case", ["above another entry", "above another heading"])
def test_one_that_stands_in_the_wrong_place_is_told_of_the_right_one(
    case: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    name, text = NOT_COVERED[case]
    (tmp_path / name).write_text(text, encoding="utf-8")
    line = text[: text.index(IBAN)].count("\n") + 1
    run = neverask("check", name, cwd=tmp_path)
    assert f"covers nothing where it stands; the nearest such finding is on line {line} [unused-exception]" in run.out
    assert "right above the entry, the heading or the paragraph" in run.out and "any more" not in run.out


def test_what_is_not_needed_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(
        tmp_path, "a.yaml", f"# {ALLOW}\n- id: 1\n  text: Hello there, welcome to our shop.\n", monkeypatch
    ) == ["unused-exception"]


REPLIES = f"- id: ask_iban\n  text: {IBAN}\n- id: hello\n  text: Welcome back.\n"
NO_PATTERN = (
    "'at' is the name of one reply or step, and no pattern: write an exception for each, or one for the whole file"
)


@pytest.mark.parametrize(
    ("entry", "message", "instead"),
    [
        (
            "file: replies/kcy.yaml",
            "no file that was checked is 'replies/kcy.yaml'",
            "did you mean 'replies/kyc.yaml'?",
        ),
        ("file: Replies/KYC.yaml", "is 'Replies/KYC.yaml'", "did you mean 'replies/kyc.yaml'?"),
        ("file: x/q.csv", "no file that was checked is 'x/q.csv'", "Mend the path, or remove it."),
        ("at: ask_ibn", "no reply or step of what was checked is called 'ask_ibn'", "did you mean 'ask_iban'?"),
        ("at: helo", "no reply or step of what was checked is called 'helo'", "did you mean 'hello'?"),
        ("at: nowhere", "no reply or step of what was checked is called 'nowhere'", "Mend the name, or remove it."),
        ("at: ask_*", "no reply or step of what was checked is called 'ask_*'", "did you mean 'ask_iban'?"),
        ("at: 'a*'", "no reply or step of what was checked is called 'a*'", NO_PATTERN),
        ("at: '*'", "no reply or step of what was checked is called '*'", NO_PATTERN),
        ("at: hello", "covers no finding", "Remove it: nothing that was checked needs it."),
    ],
)
def test_an_exception_of_the_policy_that_never_was_used(
    entry: str, message: str, instead: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "kyc.yaml").write_text(REPLIES, encoding="utf-8")
    (tmp_path / "neverask.yaml").write_text(
        f"neverask: 1\nextends: [whatsapp]\nexceptions:\n  - {{rule: no-sensitive-requests, {entry}, reason: r}}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    (about,) = [one for one in check(["."], today=TODAY).findings if one.rule == "unused-exception"]
    assert message in about.message
    assert about.instead == instead


def test_a_result_of_an_earlier_run_does_not_outlive_an_exception(tmp_path: Path, monkeypatch: Any) -> None:
    name, text = COVERED["above the key"]
    (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    expired = {"expired-exception", "no-sensitive-requests"}
    for today, expected in (
        (TODAY, set()), (date(2035, 2, 1), expired), (date(2035, 1, 31), set()), (date(2035, 3, 1), expired),
        (TODAY, set()),
    ):  # fmt: skip
        report = check([name], today=today, cached=True)
        assert {finding.rule for finding in report.findings if "disclaimer" not in finding.rule} == expected
        assert len(report.allowed) == 1


def test_in_xml_it_covers_the_element_behind_it() -> None:
    middle = "<text title='a'>Hello.\n\n<text/>" + IBAN + "</text>"
    text = f"<q>\n<!-- {ALLOW.replace(' --', ':')} -->\n{middle}\n<text>Bye</text></q>"
    (document,) = open_source("a.xml", text.encode())
    (one,) = allowed([document])
    assert (one.rule, one.until, one.reason) == ("no-sensitive-requests", date(2035, 1, 31), "the tax office wants it")
    covered = text[slice(*one.covers)]
    assert covered.startswith("<text title") and covered.endswith(f"{IBAN}</text>")
    (document,) = open_source("a.xml", f"<q><![CDATA[<!-- {ALLOW} -->]]></q>".encode())
    assert not allowed([document])


def test_the_list_names_all(tmp_path: Path, neverask: Callable[..., Any], git: Callable[..., str]) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [whatsapp]\nexceptions:\n"
        "  - {rule: no-false-safety, file: gone.yaml, reason: it was so, owner: Jan, until: 2020-01-01}\n",
        encoding="utf-8",
    )
    (tmp_path / "a.yaml").write_text(f"- id: 1\n  # {ALLOW}\n  text: {IBAN}\n", encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "both", "--date", "2026-01-01T12:00:00Z")
    run = neverask("exceptions", "--format", "json", cwd=tmp_path)
    listed = {one["path"]: one for one in json.loads(run.out)["exceptions"]}
    assert run.status == 0 and set(listed) == {"a.yaml", "neverask.yaml"}
    assert listed["a.yaml"] == {
        "path": "a.yaml",
        "line": 2,
        "rule": "no-sensitive-requests",
        "state": "used",
        "until": "2035-01-31",
        "since": "2026-01-01",
        "owner": "Jo",
        "reason": "the tax office wants it",
        "wrong": "",
    }
    assert (listed["neverask.yaml"]["state"], listed["neverask.yaml"]["owner"]) == ("expired", "Jan")
    out = neverask("exceptions", cwd=tmp_path).out
    assert "2 exceptions: 1 used, 0 unused, 1 expired, 0 malformed" in out
    assert out.count("  for:    ") == 1 and "no-false-safety (expired)\n  for:    gone.yaml\n" in out
    assert listed["neverask.yaml"]["file"] == "gone.yaml"


@pytest.mark.parametrize(
    ("name", "text", "line", "wrong"),
    [
        ("a.md", "# Replies\n\n## Refund\n\n<!– {} –>\nPlease send us your IBAN.\n", 5, "it stands in no comment"),
        ("a.md", "# Replies\n\n## Refund\n\n[//]: # ({})\nPlease send us your IBAN.\n", 5, "it stands in no comment"),
        ("a.md", "# Replies\n\n## Refund\n\n# {}\nPlease send us your IBAN.\n", 5, "it stands in no comment"),
        ("a.yaml", "- id: a\n  text: |\n    # {}\n    Please send us your IBAN.\n", 3, "it stands inside a text"),
        ("a.md", "# Replies\n\n## Refund\n\n    # {}\n\nPlease send us your IBAN.\n", 0, ""),
        ("a.md", "# Replies\n\n## Refund\n\nAuthors write `{}`.\nPlease send us your IBAN.\n", 0, ""),
    ],
)
def test_one_that_stands_in_no_comment_is_told(
    name: str, text: str, line: int, wrong: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    (tmp_path / name).write_text(text.format(ALLOW), encoding="utf-8")
    run = neverask("check", name, cwd=tmp_path)
    assert "[no-sensitive-requests]" in run.out
    assert (f"{name}:{line}:" in run.out and f"this exception does not hold: {wrong}" in run.out) == bool(line)
    assert wrong or "bad-exception" not in run.out


def test_each_has_its_own_day_where_all_begin_alike(
    tmp_path: Path, neverask: Callable[..., Any], git: Callable[..., str]
) -> None:
    """Exceptions for one rule share their first line: the day and the author of the last was told of all."""
    policy = tmp_path / "neverask.yaml"
    text = "neverask: 1\nextends: [whatsapp]\nexceptions:\n"
    git("init", "-q")
    for number, day in enumerate(("2026-01-05", "2026-03-01", "")):
        text += f"  - rule: no-false-safety\n    file: gone-{number}.yaml\n    reason: it was so\n"
        policy.write_text(text, encoding="utf-8")
        git("add", ".")
        if day:
            git("commit", "-q", "-m", "one more", "--date", f"{day}T12:00:00Z")
    policy.write_text(text.replace("exceptions:", "languages: [en]\n\nexceptions:"), encoding="utf-8")
    listed = json.loads(neverask("exceptions", "--format", "json", cwd=tmp_path).out)["exceptions"]
    assert [(one["file"], one["since"]) for one in listed] == [
        ("gone-0.yaml", "2026-01-05"),
        ("gone-1.yaml", "2026-03-01"),
        ("gone-2.yaml", ""),
    ]
    out = neverask("exceptions", "--date", "2026-02-04", cwd=tmp_path).out
    assert "age:    30 days, since 2026-01-05" in out and "not yet written on this day, since 2026-03-01" in out


@pytest.mark.parametrize(("most", "found"), [(100, [(0, 0), (3, 4), (1, 2)]), (1, [(0, 0), (3, 4), (1, 2)])])
def test_lines_are_known_by_where_they_stand(
    most: int, found: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exceptions, "_MOST_COMPARED", most)
    assert list(exceptions._same(["a", "b", "x", "a"], ["a", "new", "b", "y", "a"])) == found


def test_the_list_says_what_is_wrong_with_one(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    comments = (
        "no-sensitive-requests",
        "no-such-rule -- why",
        "",
        "no-false-safety until x -- y",
        "no-false-safety until 20990131 -- y",
        "no-false-safety until 31-1-2035 -- y",
        "no-false-safety -- \u200b.",
    )
    text = "".join(
        f"# neverask: allow {said}\n- id: {number}\n  text: Hello there, welcome to our shop.\n"
        for number, said in enumerate(comments)
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    run = neverask("exceptions", "--format", "json", cwd=tmp_path)
    listed = [(one["line"], one["state"], one["wrong"]) for one in json.loads(run.out)["exceptions"]]
    assert listed == [
        (1, "malformed", "it gives no reason"),
        (4, "malformed", "there is no rule 'no-such-rule'"),
        (7, "malformed", "it is not written as one"),
        (10, "malformed", "'x' is no date (year-month-day)"),
        (13, "malformed", "'20990131' is no date (year-month-day)"),
        (16, "malformed", "'31-1-2035' is no date (write it as 2035-01-31)"),
        (19, "malformed", "it gives no reason"),
    ]
    out = neverask("exceptions", cwd=tmp_path).out
    assert "no end" not in out
    assert "a.yaml:7: malformed\n  wrong:  it is not written as one\n" in out
    assert "7 exceptions: 0 used, 0 unused, 0 expired, 7 malformed" in out


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    import subprocess

    def run(*arguments: str) -> str:
        who = ["-c", "user.name=Jo", "-c", "user.email=jo@example.com", "-c", "commit.gpgsign=false"]
        return subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    return run
