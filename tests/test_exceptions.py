"""Exceptions of a policy: what they may say for a reply or step, and which of them a run can judge."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from neverask import needless
from neverask.engine import check
from neverask.policy.excepting import day_meant

TODAY = date(2026, 11, 24)
ASKS = "- id: refund\n  text: Please send us your IBAN.\n"
GREETS = "- id: hello\n  text: Welcome back.\n"
POLICY = "neverask: 1\nextends: [whatsapp]\nexceptions:\n"
FLOW = """\
flow: order
channel: whatsapp
language: en
steps:
  - {id: s1, title: Say hello, say: Welcome back., goto: s2}
  - {id: s2, title: Ask the IBAN, say: [Well., Please send us your IBAN.]}
"""


def entry(**said: str) -> str:
    return f"  - {json.dumps({'rule': 'no-sensitive-requests', 'reason': 'the law asks for it', **said})}\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def told() -> list[str]:
    """The rules of which something is found."""
    return [one.rule for one in check(["."], today=TODAY).findings]


@pytest.mark.parametrize(
    ("file", "text", "at"),
    [
        ("a.yaml", ASKS.replace("refund", "Money  back"), "Money back"),
        ("a.yaml", ASKS.replace("refund", '"Money\\u200bback"'), "Money\\u200bback"),
        ("a.yaml", ASKS.replace("refund", '"Money\\u00a0back"'), "Money\N{NO-BREAK SPACE}back"),
        ("a.yaml", ASKS.replace("refund", "7"), "7"),
        ("bot.yaml", FLOW, "s2.say[1]"),
        ("bot.yaml", FLOW, "s2.say"),
        ("bot.yaml", FLOW, "s2"),
        ("bot.yaml", FLOW, "Ask the IBAN"),
    ],
)
def test_a_name_as_it_is_told(
    file: str, text: str, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, neverask: Callable[..., Any]
) -> None:
    write(tmp_path, {file: text, "neverask.yaml": POLICY + entry(at=at)})
    monkeypatch.chdir(tmp_path)
    assert told() == []


def test_what_the_text_report_calls_a_reply_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, neverask: Callable[..., Any]
) -> None:
    texts = {"a.yaml": ASKS.replace("refund", '"Money  back\\u200b\\n(all)"'), "bot.yaml": FLOW}
    write(tmp_path, texts)
    out = neverask("check", cwd=tmp_path).out
    called = [line.partition("in:      ")[2] for line in out.splitlines() if line.startswith("  in:      ")]
    assert len(called) == 2
    write(tmp_path, {"neverask.yaml": POLICY + "".join(entry(at=name) for name in called)})
    monkeypatch.chdir(tmp_path)
    assert told() == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.yaml", "replies:\n  - {id: tax, title: Money back, text: Please send us your IBAN.}\n"),
        ("a.json", '{"replies": [{"id": "tax", "title": "Money back", "text": "Please send us your IBAN."}]}'),
        ("a.csv", "id,title,reply\ntax,Money back,Please send us your IBAN.\n"),
    ],
)
def test_who_names_the_id_of_a_reply_with_a_title_is_told_the_title(
    file: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {file: text, "neverask.yaml": POLICY + entry(at="tax")})
    monkeypatch.chdir(tmp_path)
    (about,) = (one for one in check(["."], today=TODAY).findings if one.rule == "unused-exception")
    assert about.instead == "did you mean 'Money back'?"


@pytest.mark.parametrize(
    ("file", "told_of"),
    [
        ("pack.zip!in/a.yaml", ["no-sensitive-requests"]),
        ("pack.zip!in/*.yaml", []),
        ("pack.zip", []),
        ("pack.zip!in/c.yaml", ["no-sensitive-requests", "no-sensitive-requests", "unused-exception"]),
    ],
)
def test_a_member_of_an_archive_is_named_as_reports_name_it(
    file: str, told_of: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as pack:
        for name in ("a", "b"):
            pack.writestr(f"in/{name}.yaml", ASKS)
    write(tmp_path, {"neverask.yaml": POLICY + entry(file=file, at="refund")})
    monkeypatch.chdir(tmp_path)
    assert sorted(told()) == told_of


def test_of_very_much_only_what_was_found_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needless, "_MOST_READ", 0)
    write(tmp_path, {"a.yaml": ASKS + GREETS, "neverask.yaml": POLICY + entry(at="refnd") + entry(at="helo")})
    monkeypatch.chdir(tmp_path)
    said = [(one.message, one.instead) for one in check(["."], today=TODAY).findings if "exception" in one.rule]
    nothing = "the exception for 'no-sensitive-requests' covers"
    assert said == [
        (f"{nothing} nothing: no such finding is at 'refnd'", "did you mean 'refund'?"),
        (f"{nothing} no finding", "Remove it: nothing that was checked needs it."),
    ]


def test_the_end_of_a_long_name_is_told_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "replies:\n  money:\n    back: Please send us your IBAN.\n    out: Please send us your IBAN.\n"
    write(tmp_path, {"a.yaml": text, "neverask.yaml": POLICY + entry(at="money.back")})
    monkeypatch.chdir(tmp_path)
    (said,) = (one for one in check(["."], today=TODAY).findings if one.rule == "unused-exception")
    assert said.instead == "did you mean 'replies.money.back'?"


def test_an_exception_that_several_policies_have_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, neverask: Callable[..., Any]
) -> None:
    """It covers something under one of them: so it is needed."""
    policy = POLICY + entry(file="a.yaml", until="2999-01-01") + entry(at="gone", until="2999-01-01")
    extending = "neverask: 1\nextends: [../neverask.yaml]\n"
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"a.yaml": ASKS, "neverask.yaml": policy, "b/neverask.yaml": extending, "b/b.yaml": GREETS})
    monkeypatch.chdir(tmp_path)
    assert told() == ["unused-exception"]
    listed = json.loads(neverask("exceptions", "--format", "json", cwd=tmp_path).out)["exceptions"]
    assert [(one["line"], one["state"]) for one in listed] == [(4, "used"), (5, "unused")]


PART = {
    "replies/a.yaml": GREETS,
    "replies/b.yaml": GREETS,
    "bots/bot.yaml": FLOW,
    "neverask.yaml": POLICY
    + entry(file="replies/a.yaml")
    + entry(file="replies/a.yml")
    + entry(file="replies/*.yaml", at="nobody")
    + entry(file="*.yaml", at="hello")
    + entry(at="hello")
    + entry(file="bots/*", at="s2")
    + entry(file="bots/bot.yaml", at="s1", until="2020-01-01"),
}


@pytest.mark.parametrize(
    ("paths", "judged", "left", "elsewhere"),
    [
        (["."], [4, 5, 6, 7, 8], 0, 0),
        (["replies"], [4, 5, 6], 2, 1),
        (["replies/a.yaml"], [4, 5], 3, 1),
        (["replies/a.yaml", "replies/b.yaml"], [4, 5], 3, 1),
        (["bots"], [5], 2, 2),
        (["replies", "bots"], [4, 5, 6], 2, 0),
    ],
    ids=["all", "a folder", "a file", "two files", "another folder", "two folders"],
)
def test_what_can_be_judged_of_a_part_is_judged_and_the_rest_is_counted(
    paths: list[str], judged: list[int], left: int, elsewhere: int, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """``elsewhere`` are for other files alone, of which nothing is said in a check."""
    write(tmp_path, PART)
    run = neverask("check", "--format", "json", *paths, cwd=tmp_path)
    found = [(one["rule"], one["line"]) for one in json.loads(run.out)["findings"] if one["path"] == "neverask.yaml"]
    assert [line for rule, line in found if rule == "unused-exception"] == judged
    assert ("expired-exception", 10) in found
    assert json.loads(run.out)["summary"]["exceptions_unjudged"] == left
    text = neverask("check", *paths, cwd=tmp_path).out.splitlines()[-1]
    assert text.endswith(f"; {left} exceptions not judged, as they may cover what was not checked.") == bool(left)
    listed = json.loads(neverask("exceptions", "--format", "json", *paths, cwd=tmp_path).out)["exceptions"]
    states = [one["state"] for one in listed]
    counts = [states.count(one) for one in ("unused", "unjudged", "expired")]
    assert counts == [len(judged), left + elsewhere, 1]


def test_the_list_says_what_it_could_not_judge(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    write(tmp_path, PART)
    run = neverask("exceptions", "replies", cwd=tmp_path)
    assert "7 exceptions: 0 used, 3 unused, 1 expired, 0 malformed, 3 unjudged\n" in run.out
    assert run.err == (
        "3 exceptions not judged, as they may cover what was not checked: without paths all are looked at\n"
    )
    assert "s1\n  reason: the law asks for it\n  ended:  2020-01-01\n" in run.out
    whole = neverask("exceptions", cwd=tmp_path)
    assert "unjudged" not in whole.out and not whole.err


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "replies/a.yaml until the end of 2020-01-01 (expired): law"),
        ("nl", "replies/a.yaml tot en met 2020-01-01 (verlopen): law"),
    ],
)
def test_the_policy_in_prose_says_which_are_over(
    language: str, said: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    policy = POLICY + "".join(
        entry(file="replies/a.yaml", reason="law", until=until) for until in ("2020-01-01", "2999-01-01")
    )
    write(tmp_path, {"neverask.yaml": policy})
    out = neverask("policy", "show", "--lang", language, cwd=tmp_path).out
    assert said in out and out.count("2020-01-01") == out.count("2999-01-01") == 1
    assert "2999-01-01 (" not in out


def test_they_are_listed_as_they_stood_on_a_day(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """What a report judged on a day can be looked up as on that day."""
    (tmp_path / "a.yaml").write_text("- {id: 1, text: What is your PIN?}\n- {id: 2, text: Welcome!}\n")
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nrules: {no-pins: {rule: forbid asking for pin}}\n"
        "exceptions: [{rule: no-pins, reason: for the test, until: 2027-02-28}]\n"
    )
    for day, state in (("2027-02-28", "used"), ("2027-03-01", "expired")):
        run = neverask("exceptions", "--date", day, "--format", "json", cwd=tmp_path)
        assert [one["state"] for one in json.loads(run.out)["exceptions"]] == [state]
        prose = neverask("policy", "show", "--date", day, cwd=tmp_path).out
        assert ("(expired)" in prose) == (state == "expired"), prose
    assert neverask("exceptions", "--date", "1 March", cwd=tmp_path).status == 2


def test_one_with_a_first_day_holds_from_that_day_on(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """One that is decided ahead covers nothing before, nor in a report of an earlier day."""
    days = {"from": "2027-03-01", "until": "2027-03-31"}
    write(tmp_path, {"a.yaml": ASKS + GREETS, "neverask.yaml": POLICY + entry(file="a.yaml", **days)})
    for day, state, status in (
        ("2027-02-28", "later", 1),
        ("2027-03-01", "used", 0),
        ("2027-03-31", "used", 0),
        ("2027-04-01", "expired", 1),
    ):
        assert neverask("check", "--date", day, cwd=tmp_path).status == status, day
        (one,) = json.loads(neverask("exceptions", "--date", day, "--format", "json", cwd=tmp_path).out)["exceptions"]
        assert (one["state"], one["from"]) == (state, "2027-03-01")
    later = neverask("policy", "show", "--date", "2027-02-28", "--lang", "nl", cwd=tmp_path).out
    assert "bij a.yaml vanaf 2027-03-01 (later) tot en met 2027-03-31: the law" in later
    report = neverask("check", "--date", "2027-02-28", "--format", "markdown", cwd=tmp_path).out
    assert "| 2027-03-31 (from 2027-03-01) (later) |" in report
    assert "1 later\n" in neverask("exceptions", "--date", "2027-02-28", cwd=tmp_path).out


def test_a_day_in_very_many_blanks_is_none_at_once() -> None:
    begun = time.monotonic()
    assert not day_meant("1." + " " * 100_000 + "x") and day_meant("1.  mei\n2035") == "2035-05-01"
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("until 31 december 2035", "'31 december 2035' is no date (write it as 2035-12-31)"),
        ("until December 31st, 2035", "'December 31st, 2035' is no date (write it as 2035-12-31)"),
        ("until the end of 2035", "'the end of 2035' is no date (year-month-day)"),
        ("from 2027-01-01 until 2035-01-31", "a first day stands in the policy alone"),
    ],
)
def test_a_day_in_words_beside_the_text_is_told(
    said: str, wrong: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    write(tmp_path, {"a.yaml": f"# neverask: allow no-sensitive-requests {said} -- the law\n{ASKS}{GREETS}"})
    assert f"this exception does not hold: {wrong} [bad-exception]" in neverask("check", cwd=tmp_path).out


@pytest.mark.parametrize("reason", ["until 2035-01-31", "until 2035-01-31, the tax office", "Until: 2035-01-31 by law"])
def test_a_last_day_in_the_place_of_the_reason_is_told(
    reason: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """Taken for words it would have kept the finding for ever."""
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nrules: {no-pins: {rule: forbid asking for pin}}\n")
    replies = f"# neverask: allow no-pins -- {reason}\n- {{id: 1, text: What is your PIN?}}\n- {{id: 2, text: Hi!}}\n"
    (tmp_path / "a.yaml").write_text(replies)
    run = neverask("check", cwd=tmp_path)
    assert run.status == 1 and "stands where the reason should" in run.out and "[no-pins]" in run.out
    (tmp_path / "a.yaml").write_text(replies.replace(reason, "kept until the office can do it, not until 2035-01-31"))
    assert neverask("check", cwd=tmp_path).status == 0


BROKEN = {
    "neverask.yaml": POLICY
    + entry(file="a.yaml")
    + entry(file="*.yaml", at="gone")
    + entry(file="pack.zip!b.yaml")
    + entry(file="c.yaml")
    + entry(file="away.yaml"),
    "a.yaml": ASKS + "   x: is broken\n",
    "c.yaml": GREETS,
}


def test_what_an_unreadable_file_may_need_is_not_called_unused(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    write(tmp_path, BROKEN)
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr("b.yaml", "replies: [")
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [one["line"] for one in json.loads(run.out)["findings"] if one["rule"] == "unused-exception"]
    assert run.status == 2 and found == [7, 8]
    assert json.loads(run.out)["summary"]["exceptions_unjudged"] == 3


def test_the_list_says_that_a_file_could_not_be_read(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    allowed = "- id: x\n  # neverask: allow no-sensitive-requests until 2035-01-31 -- the law\n  text: Your IBAN?\n"
    write(tmp_path, {"a.yaml": allowed + "   x: is broken\n"})
    run = neverask("exceptions", cwd=tmp_path)
    assert run.status == 2 and run.out == "0 exceptions\n" and "Your IBAN" not in run.err
    assert run.err.startswith("a.yaml:4:") and run.err.endswith("what it allows is not in this list\n")
    write(tmp_path, {"a.yaml": allowed})
    run = neverask("exceptions", cwd=tmp_path)
    assert run.status == 0 and run.out.startswith("a.yaml:2: no-sensitive-requests (used)")
