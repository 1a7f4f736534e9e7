"""``neverask baseline`` and ``check --baseline``: only what is new is reported, wherever the old stands by now."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

REPLIES = [
    {"id": 1, "title": "Refund", "text": "Please send us your IBAN, then we refund the lamp."},
    {"id": 2, "title": "Hello", "text": "Welcome back! How can we help?"},
    {"id": 3, "title": "Identity", "text": "Please send a photo of your passport for the courier."},
]
NEW = {"id": 9, "title": "Login", "text": "What is your password for the shop?"}


def written(path: Path, replies: list[dict[str, Any]]) -> None:
    path.write_text(yaml.safe_dump(replies, sort_keys=False), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, neverask: Callable[..., Any]) -> Path:
    written(tmp_path / "replies.yaml", REPLIES)
    made = neverask("baseline", cwd=tmp_path)
    assert made.status == 0, made.err
    assert "3 findings" in made.out
    return tmp_path


def check(neverask: Callable[..., Any], folder: Path) -> Any:
    return neverask("check", "--baseline", ".neverask-baseline.json", "--format", "json", cwd=folder)


def test_what_is_known_is_not_reported(folder: Path, neverask: Callable[..., Any]) -> None:
    run = check(neverask, folder)
    assert run.status == 0
    assert "3 known findings not shown" in run.err


@pytest.mark.parametrize("as_written", ["reordered", "new ids", "renamed", "minified json", "moved down"])
def test_what_is_known_stays_known(as_written: str, folder: Path, neverask: Callable[..., Any]) -> None:
    path = folder / "replies.yaml"
    if as_written == "reordered":
        written(path, REPLIES[::-1])
    elif as_written == "new ids":
        written(path, [{**reply, "id": reply["id"] + 100, "title": reply["title"].upper()} for reply in REPLIES])
    elif as_written == "renamed":
        path.rename(folder / "answers.yaml")
    elif as_written == "moved down":
        written(path, [{"id": 0, "title": "Bye", "text": "Goodbye and thank you!"}] * 3 + REPLIES)
    else:
        path.unlink()
        (folder / "replies.json").write_text(json.dumps(REPLIES, separators=(",", ":")), encoding="utf-8")
    run = check(neverask, folder)
    findings = [f for f in json.loads(run.out)["findings"] if f["rule"] != "disclaimer-in-library"]
    assert not findings, findings


NOTICE = "disclaimers: {privacy: {elements: [no-sensitive-data]}}\n"


@pytest.mark.parametrize(
    ("before", "rule"),
    [
        ("", "forbid collecting bank-account"),
        (NOTICE, "require disclaimer privacy before asking for bank-account"),
    ],
)
def test_what_is_taken_stays_known_where_an_export_numbers_it_anew(
    before: str, rule: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """A builder that imports a flow gives its variables other numbers, and those stand where an answer is taken."""
    policy = f"neverask: 1\n{before}rules:\n  one: {{rule: {rule} on any channel}}\n"
    (tmp_path / "neverask.yaml").write_text(policy, encoding="utf-8")
    flow = tmp_path / "flow.json"

    def export(number: str) -> None:
        block = {"id": f"b{number}", "type": "text input", "options": {"variableId": f"v{number}"}}
        start = {"id": f"e{number}", "type": "start", "outgoingEdgeId": f"w{number}"}
        typebot = {
            "version": "6",
            "events": [start],
            "groups": [{"id": f"g{number}", "title": "Ask", "blocks": [block]}],
            "edges": [{"id": f"w{number}", "from": {"eventId": f"e{number}"}, "to": {"groupId": f"g{number}"}}],
            "variables": [{"id": f"v{number}", "name": "iban"}],
        }
        flow.write_text(json.dumps(typebot, indent=1), encoding="utf-8")

    export("1a2b")
    assert "1 finding" in neverask("baseline", cwd=tmp_path).out
    export("7f3c")
    run = check(neverask, tmp_path)
    assert run.status == 0, run.out
    assert "1 known finding not shown" in run.err


def test_it_counts_as_the_check_does(folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp, avg]\n", encoding="utf-8")
    bsn = {"id": 9, "title": "Tax", "text": "Please send us your BSN."}  # two rules, one place
    written(folder / "replies.yaml", [*REPLIES, bsn])
    summary = neverask("check", cwd=folder).out.splitlines()[-1]
    found = sum(int(number) for number in re.findall(r"(\d+) (?:errors?|warnings?)", summary))
    told = neverask("baseline", cwd=folder).out
    assert f": {found} findings; now" in told
    assert f"{found} known findings not shown" in check(neverask, folder).err


def test_a_baseline_of_a_part_says_what_it_leaves_out(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "other.yaml", [REPLIES[1], REPLIES[1], NEW])
    run = neverask("baseline", "other.yaml", cwd=folder)
    assert run.status == 0 and "it held 3 findings of other files, which are out of it now" in run.err
    assert "it held" in neverask("baseline", "replies.yaml", cwd=folder).err
    assert "it held" not in neverask("baseline", cwd=folder).err


def test_what_is_new_is_reported(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", [*REPLIES, NEW])
    run = check(neverask, folder)
    assert run.status == 1
    assert [finding["data"] for finding in json.loads(run.out)["findings"]] == [["password"]]


def test_a_second_copy_of_something_known_is_new(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", [*REPLIES, dict(REPLIES[0])])
    run = check(neverask, folder)
    assert [finding["data"] for finding in json.loads(run.out)["findings"]] == [["bank-account"]]


def new(neverask: Callable[..., Any], folder: Path) -> list[tuple[str, str]]:
    """The rule and entry of each finding that a baseline does not know."""
    return [(one["rule"], one["entry"]) for one in json.loads(check(neverask, folder).out)["findings"]]


ASKED = "no-sensitive-requests"
REWORDED = {**REPLIES[0], "text": "Please send us your IBAN, and we refund the chair."}


def test_other_words_around_a_known_request_make_it_no_new_one(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", [{"id": 0, "title": "Bye", "text": "Goodbye!"}, REWORDED, *REPLIES[1:]])
    run = check(neverask, folder)
    assert run.status == 0 and run.err.endswith("baseline: 3 known findings not shown\n")


@pytest.mark.parametrize("text", ["Please send us your bank account number.", "Please send us your BSN."])
def test_another_request_in_its_place_is_new(text: str, folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", [{**REPLIES[0], "text": text}, *REPLIES[1:]])
    run = check(neverask, folder)
    assert new(neverask, folder) == [(ASKED, "Refund")] and "gone: replies.yaml, Refund" in run.err


@pytest.mark.parametrize(
    "added",
    [
        [REWORDED, {**REPLIES[0], "title": "Other"}],
        [REPLIES[0], {**REWORDED, "title": "Other"}],
        [REWORDED, {**REWORDED, "title": "Other"}],
        [{"id": 5, "title": "Other", "text": "We need your IBAN."}, REWORDED],
        [{"id": 5, "title": "Other", "text": "We need your IBAN."}],
    ],
    ids=["a copy, then the first reworded", "a copy reworded", "both reworded", "another before it", "another instead"],
)
def test_the_same_words_in_another_reply_are_new(
    added: list[dict[str, Any]], folder: Path, neverask: Callable[..., Any]
) -> None:
    written(folder / "replies.yaml", [*added, *REPLIES[1:]])
    assert new(neverask, folder) == [(ASKED, "Other")]


def test_two_requests_in_replies_of_one_name_are_two(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", [*REPLIES, {**REPLIES[0], "id": 4}])
    neverask("baseline", cwd=folder)
    written(folder / "replies.yaml", [REWORDED, *REPLIES[1:], {**REWORDED, "id": 4}])
    assert new(neverask, folder) == []
    written(folder / "replies.yaml", [REWORDED, *REPLIES[1:], {**REWORDED, "id": 4}, {**REWORDED, "id": 5}])
    assert new(neverask, folder) == [(ASKED, "Refund")]


def test_replies_with_other_ids_are_known_by_their_texts(folder: Path, neverask: Callable[..., Any]) -> None:
    """What a reply is called may be a number in a row: one put in before must not make new what only moved."""
    texts = [f"Please send us your IBAN, {why}." for why in ("for the lamp", "for the chair", "for the desk")]
    rows = [{"id": number, "text": text} for number, text in enumerate(texts, 1)]
    written(folder / "replies.yaml", rows)
    neverask("baseline", cwd=folder)
    before = {"id": 1, "text": "We need your IBAN."}
    written(folder / "replies.yaml", [before, *({**row, "id": row["id"] + 1} for row in rows)])
    assert new(neverask, folder) == [(ASKED, "1")]


LACKS = "disclaimer-in-library"


def test_what_a_library_lacks_is_known_wherever_it_is_told(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", [REPLIES[1], {**NEW, "text": "Please don't send us your password."}, *REPLIES])
    run = check(neverask, folder)
    assert run.status == 0 and run.err.endswith("baseline: 3 known findings not shown\n")
    (folder / "more.yaml").write_text((folder / "replies.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert (LACKS, "Login") in new(neverask, folder)


def test_what_a_library_lacks_is_known_where_it_has_another_name_and_another_first_reply(
    folder: Path, neverask: Callable[..., Any]
) -> None:
    """An export with its date in its name and a new reply on top failed the build."""
    (folder / "export").mkdir()
    written(folder / "export" / "2026-11-30.yaml", [{"id": 0, "title": "Bye", "text": "Goodbye, thanks!"}, *REPLIES])
    assert (LACKS, "Bye") in new(neverask, folder), "beside the known one it is a second library"
    (folder / "replies.yaml").unlink()
    run = check(neverask, folder)
    assert run.status == 0 and run.err.endswith("baseline: 3 known findings not shown\n")
    written(folder / "second.yaml", [{"id": 8, "title": "Morning", "text": "Good morning to you!"}, *REPLIES])
    assert (LACKS, "Morning") in new(neverask, folder), "one has moved, the other is new"


def test_what_a_folder_lacks_is_known_with_another_first_file(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    replies = tmp_path / "replies"
    replies.mkdir()
    for name in "bcd":
        (replies / f"{name}.md").write_text(f"# {name}\n\nThank you for your order, {name}.\n", encoding="utf-8")
    assert "1 finding;" in neverask("baseline", cwd=tmp_path).out
    (replies / "b.md").unlink()
    (replies / "a.md").write_text("# a\n\nWelcome back. How can we help?\n", encoding="utf-8")
    assert check(neverask, tmp_path).status == 0
    run = neverask("check", "--baseline", ".neverask-baseline.json", "replies/c.md", cwd=tmp_path)
    assert "gone" not in run.err, "of one file it can't be told"
    warning = "Please never send us your passwords, PIN or passport number in this chat. Use your customer portal."
    (replies / "a.md").write_text(f"# a\n\n{warning}\n", encoding="utf-8")
    assert f"gone: replies/b.md, b [{LACKS}]" in check(neverask, tmp_path).err


def test_a_reply_without_its_disclaimer_stays_known(folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / "neverask.yaml").write_text(
        "neverask: 1\ndisclaimers: {mind: {texts: {en: Mind the notice.}}}\n"
        "rules: {each: {rule: require disclaimer mind in every reply}}\n",
        encoding="utf-8",
    )
    neverask("baseline", cwd=folder)
    written(folder / "replies.yaml", [{**REPLIES[0], "text": "Hi."}, *REPLIES[1:], NEW])
    assert new(neverask, folder) == [("each", "Login")]


OLD = """{"neverask-baseline": 1, "made-by": "1.0.0", "findings": [
  {"fingerprint": "dc8c11eeba8aa14b0c46", "count": 1, "rule": "disclaimer-in-library", "file": "replies.yaml", "entry": "Refund", "data": []},
  {"fingerprint": "889c8df1e00f4639ac71", "count": 1, "rule": "no-sensitive-requests", "file": "replies.yaml", "entry": "Identity", "data": ["identity-document-copy"]},
  {"fingerprint": "e001fffa32eaea732deb", "count": 1, "rule": "no-sensitive-requests", "file": "replies.yaml", "entry": "Refund", "data": ["bank-account"]}
]}
"""  # noqa: E501


def test_a_baseline_of_the_first_version_holds(folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / ".neverask-baseline.json").write_text(OLD, encoding="utf-8")
    for title in ("Refund", "Money back"):
        written(folder / "replies.yaml", [{**REPLIES[0], "title": title}, *REPLIES[1:]])
        run = check(neverask, folder)
        assert run.status == 0 and run.err.endswith("baseline: 3 known findings not shown\n")
    written(folder / "replies.yaml", [REWORDED, *REPLIES[1:]])
    run = check(neverask, folder)
    assert run.status == 1 and "an older neverask wrote this baseline" in run.err


def test_what_was_mended_is_said(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "replies.yaml", REPLIES[:2])
    run = check(neverask, folder)
    assert run.status == 0
    assert "gone: replies.yaml, Identity [no-sensitive-requests]" in run.err


def test_nothing_is_gone_from_a_file_that_can_not_be_read(folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / "replies.yaml").write_text("replies: [", encoding="utf-8")
    run = check(neverask, folder)
    assert run.status == 2 and '"path": "replies.yaml"' in run.out
    assert "0 known findings not shown\n" in run.err and "gone" not in run.err


def test_a_file_that_was_not_looked_at_is_not_called_mended(folder: Path, neverask: Callable[..., Any]) -> None:
    written(folder / "other.yaml", [REPLIES[1], REPLIES[1], NEW])
    run = neverask("check", "--baseline", ".neverask-baseline.json", "other.yaml", cwd=folder)
    assert "gone" not in run.err


def test_a_baseline_is_not_emptied_where_nothing_could_be_checked(folder: Path, neverask: Callable[..., Any]) -> None:
    """A new export that no reader knows took all with it that was known, and the status was 0."""
    before = (folder / ".neverask-baseline.json").read_bytes()
    (folder / "replies.yaml").write_text("wholly: {other: things}\n")
    run = neverask("baseline", cwd=folder)
    assert run.status == 2 and "nothing could be checked" in run.err and "3 findings" in run.err
    assert (folder / ".neverask-baseline.json").read_bytes() == before
    written(folder / "replies.yaml", REPLIES[:1])
    assert neverask("baseline", cwd=folder).status == 0


def test_a_baseline_holds_no_text(folder: Path) -> None:
    text = (folder / ".neverask-baseline.json").read_text(encoding="utf-8")
    assert "lamp" not in text
    assert "passport" not in text


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "\x00",
        "[" * 100_000,
        '{"neverask-baseline": 2}',
        '{"neverask-baseline": true, "findings": []}',
        '{"neverask-baseline": 1.0, "findings": []}',
        '{"neverask-baseline": 1}',
        '{"neverask-baseline": 1, "findings": 5}',
        '{"neverask-baseline": 1, "findings": [{}]}',
        '{"neverask-baseline": 1, "findings": [{"fingerprint": "x", "count": ' + "9" * 5000 + "}]}",
    ],
    ids=lambda content: content[:50],
)
def test_what_is_no_baseline_is_refused(content: str, folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / ".neverask-baseline.json").write_text(content, encoding="utf-8")
    run = check(neverask, folder)
    assert run.status == 2
    assert "baseline" in run.err


def test_a_finding_that_two_branches_wrote_down_is_known_once(folder: Path, neverask: Callable[..., Any]) -> None:
    """Of two copies the second is new, also where git has joined two baselines that hold the first."""
    path = folder / ".neverask-baseline.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**value, "findings": value["findings"] * 2}), encoding="utf-8")
    run = check(neverask, folder)
    assert run.status == 0 and "3 known findings not shown\n" in run.err
    written(folder / "replies.yaml", [*REPLIES, dict(REPLIES[0])])
    assert check(neverask, folder).status == 1


ODD = [(10**12, "a\0b"), (-5, "../../etc/passwd"), (1e308, "\ud800"), ("x", 5)]


def test_a_baseline_that_git_could_not_merge_is_told_as_that(folder: Path, neverask: Callable[..., Any]) -> None:
    """Both branches wrote it, and it was "Expecting value: line 2 column 1 (char 68)"."""
    baseline = folder / ".neverask-baseline.json"
    head, first, *others = baseline.read_text(encoding="utf-8").splitlines(keepends=True)
    both = [head, "<<<<<<< HEAD\n", first, "=======\n", first, ">>>>>>> feature\n", *others]
    baseline.write_text("".join(both), encoding="utf-8")
    run = check(neverask, folder)
    assert run.status == 2
    assert "baseline.json:2:1: this is no baseline: git could not merge two versions of this: keep the lines" in run.err
    merged = "".join(line for line in both if line[:3] not in ("<<<", "===", ">>>"))
    baseline.write_text(merged, encoding="utf-8")
    assert check(neverask, folder).status == 0


def test_a_baseline_of_odd_counts_and_files_is_harmless(folder: Path, neverask: Callable[..., Any]) -> None:
    rows = [{"fingerprint": str(number), "count": count, "file": file} for number, (count, file) in enumerate(ODD)]
    value = {"neverask-baseline": 1, "findings": rows}
    (folder / ".neverask-baseline.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(value).encode())
    run = check(neverask, folder)
    assert run.status == 1
    assert len(run.err) < 3000 and "\0" not in run.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_baseline_that_is_no_file_is_told(folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / ".neverask-baseline.json").unlink()
    os.mkfifo(folder / ".neverask-baseline.json")
    run = check(neverask, folder)
    assert run.status == 2 and "not a regular file" in run.err
    assert neverask("check", "--baseline", "/dev/zero", ".", cwd=folder).status == 2


@pytest.mark.parametrize("form", ["text", "json", "junit", "github", "markdown", "html", "sarif"])
def test_a_report_says_what_the_baseline_leaves_out(form: str, folder: Path, neverask: Callable[..., Any]) -> None:
    """A report goes to others, who do not see the command."""
    run = neverask("check", "--baseline", ".neverask-baseline.json", "--format", form, cwd=folder)
    left = {"json": '"not_shown": 3', "sarif": '"not_shown": 3'}.get(form, "not shown: 3 findings that the baseline")
    assert run.status == 0 and left in run.out
    assert "othing found" not in run.out
    if form in ("markdown", "html"):
        assert "Findings left out, as the baseline knows them" in run.out and ".neverask-baseline.json" in run.out


def test_a_rule_that_has_another_name_now(folder: Path, neverask: Callable[..., Any]) -> None:
    policy = "neverask: 1\nrules:\n  NAME: {rule: forbid asking for bank-account}\n"
    (folder / "neverask.yaml").write_text(policy.replace("NAME", "no-accounts"), encoding="utf-8")
    assert neverask("baseline", cwd=folder).status == 0
    (folder / "neverask.yaml").write_text(policy.replace("NAME", "no-ibans"), encoding="utf-8")
    run = check(neverask, folder)
    assert run.status == 1
    assert "no rule is called 'no-accounts' any more, by which the baseline knows 1 finding: if" in run.err


def test_baselines_of_several_teams_hold_together(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """Each knows its files from where it stands; what two of them know is known once, and a copy of it is new."""
    for team, asked in (("sales", "IBAN"), ("service", "BSN")):
        (tmp_path / team).mkdir()
        written(tmp_path / team / "r.yaml", [{"id": 1, "text": f"Please send us your {asked}."}, *REPLIES])
        assert neverask("baseline", cwd=tmp_path / team).status == 0
    assert neverask("baseline", "-o", "all.json", cwd=tmp_path).status == 0
    known = ["sales/.neverask-baseline.json", "service/.neverask-baseline.json"]
    both = [part for path in known for part in ("--baseline", path)]
    run = neverask("check", *both, cwd=tmp_path)
    assert run.status == 0 and " gone" not in run.err, run.out
    run = neverask("check", *both, "--baseline", "all.json", "--format", "json", cwd=tmp_path)
    hidden = json.loads(run.out)["summary"]["baseline"]
    assert hidden["file"] == ", ".join([*known, "all.json"]) and len(hidden["sha256"].split(", ")) == 3
    assert run.status == 0 and hidden["gone"] == 0
    again = [{"id": 1, "text": "Please send us your IBAN."}, {"id": 2, "text": "Please send us your IBAN."}, *REPLIES]
    written(tmp_path / "sales" / "r.yaml", again)
    (tmp_path / "service" / "r.yaml").unlink()
    run = neverask("check", *both, "--baseline", "all.json", "--format", "json", cwd=tmp_path)
    report = json.loads(run.out)
    assert [one["path"] for one in report["findings"]] == ["sales/r.yaml"]
    assert (
        report["summary"]["baseline"]["gone"] == run.err.count("gone: service/r.yaml, ") == 4
        and "gone: service/r.yaml, 1 [" in run.err
    )
