"""Reports: golden ones in every format, SARIF against its official schema, colours, carets, hostile texts."""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from neverask.finding import Finding
from neverask.reporters import NAMES
from neverask.reporters.masked import masked
from neverask.reporters.text import cells, excerpt, visible
from neverask.source import Part, Source, Span

HERE = Path(__file__).parent
INPUT = HERE / "reports" / "input"
ENDING = {
    "text": "text",
    "json": "json",
    "sarif": "json",
    "github": "text",
    "gitlab": "json",
    "junit": "xml",
    "markdown": "md",
    "csv": "csv",
    "html": "html",
}


@pytest.mark.parametrize("name", NAMES)
def test_golden_report(name: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    run = neverask("check", "--format", name, "--date", "2026-11-24", ".", cwd=INPUT)
    assert run.status == 2  # broken.json can't be read, and that is never passed over
    golden(HERE / "reports" / f"{name}.{ENDING[name]}", run.out)


def _validated(text: str) -> Any:
    import jsonschema

    log = json.loads(text)
    schema = json.loads((HERE / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    return log


@pytest.mark.parametrize("folder", [INPUT, HERE / "cases", HERE.parent / "examples"], ids=lambda path: path.name)
def test_sarif_is_valid(folder: Path, neverask: Callable[..., Any]) -> None:
    log = _validated(neverask("check", "--format", "sarif", ".", cwd=folder).out)
    results = log["runs"][0]["results"]
    assert results
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)


def test_sarif_columns_count_utf16_units(neverask: Callable[..., Any]) -> None:
    log = _validated(neverask("check", "--format", "sarif", ".", cwd=INPUT).out)
    line = (INPUT / "replies.yaml").read_text(encoding="utf-8").splitlines()[4]
    units = line.encode("utf-16-le")
    words = []
    for result in log["runs"][0]["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        if region["startLine"] == region["endLine"] == 5:
            cut = units[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)]
            words.append(cut.decode("utf-16-le"))
    assert words == ["rekeningnummer"]


def test_sarif_of_nothing_found_is_valid(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.yaml").write_text("replies:\n  - id: a\n    text: Good morning, how can we help you?\n")
    run = neverask("check", "--format", "sarif", ".", cwd=tmp_path)
    assert run.status == 0
    assert _validated(run.out)["runs"][0]["results"] == []


def test_github_is_chosen_by_itself(neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    run = neverask("check", "replies.yaml", cwd=INPUT)
    assert run.out.splitlines()[1].startswith("::error file=replies.yaml,line=5,col=")
    assert "::error" not in neverask("check", "--format", "text", "replies.yaml", cwd=INPUT).out


@pytest.mark.parametrize(
    ("form", "variable", "written"),
    [
        ("github", "GITHUB_WORKSPACE", "::error file=bots/de bot/a.yaml,line=3,"),
        ("sarif", "GITHUB_WORKSPACE", '"uri": "bots/de%20bot/a.yaml"'),
        ("sarif", "CI_PROJECT_DIR", '"uri": "bots/de%20bot/a.yaml"'),
        ("gitlab", "CI_PROJECT_DIR", '"path": "bots/de bot/a.yaml"'),
    ],
)
def test_a_job_in_a_folder_names_files_from_the_top_of_the_checkout(
    form: str, variable: str, written: str, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: Any
) -> None:
    folder = tmp_path / "bots" / "de bot"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text('replies:\n  - id: a\n    text: "Please send us your password now."\n')
    as_they_are = neverask("check", "--format", form, cwd=folder).out
    assert written not in as_they_are
    monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert neverask("check", "--format", form, cwd=folder).out == as_they_are
    monkeypatch.setenv(variable, str(tmp_path))
    run = neverask("check", "--format", form, cwd=folder)
    assert written in run.out, run.out
    assert written in neverask("check", "--format", form, str(folder / "a.yaml"), cwd=tmp_path.parent).out
    assert neverask("check", "--format", "text", cwd=folder).out.startswith("a.yaml:3:")


def test_github_escapes_what_the_runner_reads(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a,b%:c.yaml").write_text('replies:\n  - id: a\n    text: "Please send us your password now."\n')
    run = neverask("check", "--format", "github", ".", cwd=tmp_path)
    assert run.out.splitlines()[1].startswith("::error file=a%2Cb%25%3Ac.yaml,line=3,")
    assert all(line.startswith("::") for line in run.out.splitlines())


def test_output_goes_whole_to_a_file(neverask: Callable[..., Any], tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    run = neverask("check", "--format", "json", "--output", str(target), "replies.yaml", cwd=INPUT)
    assert run.status == 1 and run.out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["files"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", "<!doctype html>"),
        ("r.JSON", "{"),
        ("r.md", "#"),
        ("r.csv", "\ufefffile,"),
        ("r.txt", "replies.yaml:"),
    ],
)
def test_a_report_is_written_as_its_file_ends(
    name: str, begins: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    neverask("check", "--output", str(tmp_path / name), "replies.yaml", cwd=INPUT)
    assert (tmp_path / name).read_text(encoding="utf-8").lower().startswith(begins)
    neverask("check", "--format", "text", "--output", str(tmp_path / name), "replies.yaml", cwd=INPUT)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("replies.yaml:")


def test_a_report_that_cannot_be_written_is_an_error(neverask: Callable[..., Any], tmp_path: Path) -> None:
    run = neverask("check", "--output", str(tmp_path / "no" / "report"), "replies.yaml", cwd=INPUT)
    assert run.status == 2 and "can't write the file" in run.err


def test_colours_only_where_asked_for(neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = neverask("check", "replies.yaml", cwd=INPUT).out
    assert "\033" not in plain  # not a terminal
    painted = neverask("check", "--color", "always", "replies.yaml", cwd=INPUT).out
    assert "\033[31m" in painted
    assert re.sub(r"\033\[\d+m", "", painted) == plain


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_no_color_on_a_terminal(variable: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from neverask.commands.asked import in_color

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    assert in_color("auto") is (not variable)
    assert in_color("always")


def _found(line: str, words: str, path: str = "a.yaml") -> Finding:
    start = line.index(words)
    return Finding("rule", "error", "message", Source(path, line), Span(start, start + len(words)))


@pytest.mark.parametrize(
    "line",
    [
        "please send your password",
        "お客様 please send your password now",
        "👋🏽 👩‍👧 please send your password",
        "e\u0301le\u0300ve, your password",
        "\tyour\tpassword",
        "ｐlease your password",
        "x" * 300 + " your password " + "y" * 300,
        "王" * 200 + " your password " + "李" * 200,
    ],
)
def test_the_caret_stands_under_the_words(line: str) -> None:
    shown, carets = excerpt(_found(line, "password"))
    before = shown[: shown.index("password")]
    assert len(carets) - len(carets.lstrip()) == cells(before)
    assert carets.strip() == "^" * len("password")


def test_wide_words_get_as_many_carets_as_cells() -> None:
    _, carets = excerpt(_found("your 口座番号 please", "口座番号"))
    assert carets.strip() == "^" * 8
    assert unicodedata.east_asian_width("口") == "W"


def test_hostile_texts_cannot_drive_the_terminal(neverask: Callable[..., Any], tmp_path: Path) -> None:
    text = "Please send us your password \u202ewon\x1b[2J."
    name = "re\x1b[31mplies.json"
    (tmp_path / name).write_text(json.dumps({"replies": [{"id": "a\x07b", "text": text}]}), encoding="utf-8")
    run = neverask("check", "--format", "text", ".", cwd=tmp_path)
    assert run.status == 1
    assert not any(character in run.out for character in "\x1b\x07\u202e")
    assert visible("a\x1b[0m\nb") == "a\\u001b[0m⏎b"


def test_the_same_run_gives_the_same_report(neverask: Callable[..., Any]) -> None:
    runs = {neverask("check", "--format", "json", ".", cwd=HERE / "cases").out for _ in range(2)}
    assert len(runs) == 1


HOSTILE = 'Please send us your password ]]> <script>alert(1)</script> & "x" '
HOSTILE += "\ud800 \x00\x1b[2J\u202e\r\n::error::[a](1) {0} | `@all`"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    replies = [{"id": 'a\x07]]>"|<b', "text": HOSTILE}, {"id": "c", "text": "Please send\nus\nyour PIN\u2028now."}]
    (folder / "re\x1b[31m,:%<plies>&'.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_break_no_report(name: str, neverask: Callable[..., Any], hostile: Path) -> None:
    target = hostile.parent / "report"
    run = neverask("check", "--format", name, "--output", str(target), ".", cwd=hostile)
    assert run.status == 1, run.err
    report = target.read_text(encoding="utf-8")
    if name in ("json", "sarif", "gitlab"):
        found = json.loads(report)
        assert "password" in json.dumps(found)
    if name == "sarif":
        _validated(report)
    if name == "junit":
        _junit(report)
    if name == "csv":
        assert len(_table(target)) == 2
    if name == "html":
        assert "<script>alert" not in report and report.count("<script") == 1
    if name in ("html", "junit", "markdown", "csv", "text", "github"):
        assert not any(character in report for character in "\x00\x1b\x07\u202e\ufffe")
    if name == "github":
        assert all(line.startswith("::") and "::error::[a]" not in line for line in report.splitlines())
    if name == "markdown":
        assert not re.search(r"<(?!br>)|[^\n]\|[^\n]*@|\]\(", report)


def _junit(report: str) -> Any:
    """Parsed, and as the schema of Jenkins' plugin wants it: counts that are right, only known elements."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(report)
    assert root.tag == "testsuites"
    for suite in root:
        cases = list(suite)
        assert suite.tag == "testsuite" and len(cases) == int(suite.attrib["tests"])
        assert {case.tag for case in cases} == {"testcase"}
        for kind in ("failure", "error"):
            assert len(list(suite.iter(kind))) == int(suite.attrib[kind + "s"])
    for total, kind in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        assert len(list(root.iter(kind))) == int(root.attrib[total])
    return root


def _table(path: Path) -> list[dict[str, str]]:
    """The rows of a table that RFC 4180 allows and that no spreadsheet program reckons with, wherever it cuts lines."""
    report = path.read_bytes()
    assert report.startswith(b"\xef\xbb\xbffile,line,column,") and report.endswith(b"\r\n")
    lines = report.decode("utf-8-sig").split("\r\n")[:-1]
    assert all("\n" not in line and "\r" not in line for line in lines)
    head, *rows = csv.reader(lines, strict=True)
    assert {len(row) for row in rows} <= {len(head)}
    for row in (*rows, *csv.reader(lines, delimiter=";"), *csv.reader(lines, delimiter="\t")):
        assert not [cell for cell in row if cell.strip(' "').startswith(FORMULAS)]
    return [dict(zip(head, row, strict=True)) for row in rows]


FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("begin", [*FORMULAS, " =", '"=', "a;=", 'a;"=', "a; =", "\x00=", "\t=", " ="])
def test_no_cell_is_a_formula(begin: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    text = f"{begin}cmd|' /C calc'!A0. Please send us your password."
    (tmp_path / "=1+1.json").write_text(json.dumps({"replies": [{"id": f"{begin}1", "text": text}]}), encoding="utf-8")
    steps = [{"id": f"{begin}n", "say": "Hello.", "goto": "b"}, {"id": "b", "ask": text}]
    (tmp_path / "-2.json").write_text(json.dumps({"flow": begin, "steps": steps}), encoding="utf-8")
    assert neverask("check", "-o", "report.csv", ".", cwd=tmp_path).status == 1
    rows = _table(tmp_path / "report.csv")
    assert [row["file"] for row in rows if row["words"] == "password"] == ["'-2.json", "'=1+1.json"]


def test_a_table_has_a_row_for_each_finding(neverask: Callable[..., Any], tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    neverask("check", "--lang", "nl", "-o", str(target), ".", cwd=INPUT)
    report = json.loads(neverask("check", "--format", "json", ".", cwd=INPUT).out)
    *rows, broken = _table(target)
    assert broken["file"] == "broken.json" and broken["rule"] == "cannot-read" and broken["line"] == "1"
    assert [(row["rule"], row["line"], row["fingerprint"]) for row in rows] == [
        (one["rule"], str(one["line"]), one["fingerprint"]) for one in report["findings"]
    ]
    asked = next(row for row in rows if row["file"] == "bot.yaml")
    assert asked["words"] == "IBAN" and asked["entry"] == "account.ask" and asked["category"] == "bank-account"
    assert asked["level"] == "error" and asked["message"] == "dit vraagt de klant om een rekeningnummer"
    assert asked["path"].startswith("hello “Hello and welcome to the shop.” → (nog 3 stappen) → bulb ")


def test_a_table_names_the_cell_of_a_spreadsheet(neverask: Callable[..., Any], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["title", "reply"], ["a", "Please send us your password."]):
        book.active.append(row)
    book.save(tmp_path / "replies.xlsx")
    neverask("check", "-o", "report.csv", "replies.xlsx", cwd=tmp_path)
    row = next(row for row in _table(tmp_path / "report.csv") if row["words"] == "password")
    assert row["cell"] == "Sheet!B2" and not row["line"] and not row["column"]


def test_junit_has_a_test_where_nothing_is_found(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.yaml").write_text("replies:\n  - id: a\n    text: Good morning, how can we help you?\n")
    root = _junit(neverask("check", "--format", "junit", ".", cwd=tmp_path).out)
    assert root.attrib["tests"] == "1" and root.attrib["failures"] == "0"


def test_gitlab_has_each_place_once(neverask: Callable[..., Any], tmp_path: Path) -> None:
    text = '    text: "Please send us your password."\n'
    (tmp_path / "replies.yaml").write_text(f"replies:\n  - id: a\n{text}  - id: b\n{text}", encoding="utf-8")
    found = json.loads(neverask("check", "--format", "gitlab", "./", cwd=tmp_path).out)
    assert len(found) == 2 == len({one["fingerprint"] for one in found})
    assert all(one["location"]["path"] == "replies.yaml" for one in found)
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(found[0])


def test_the_job_summary_is_written_where_the_runner_wants_it(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "summary.md"
    target.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    neverask("check", "replies.yaml", cwd=INPUT)
    written = target.read_text(encoding="utf-8")
    assert written.startswith("before\n## neverask\n") and "| replies.yaml:5 |" in written


def test_a_file_holds_no_annotations_unless_they_are_asked_for(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    report = tmp_path / "report.txt"
    neverask("check", "-o", str(report), "replies.yaml", cwd=INPUT)
    assert report.read_text(encoding="utf-8").startswith("replies.yaml:")
    neverask("check", "--format", "github", "-o", str(report), "replies.yaml", cwd=INPUT)
    assert report.read_text(encoding="utf-8").startswith("::")


def test_the_job_summary_has_no_audit_and_not_every_place(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = [{"id": f"r{number}", "text": f"Could you send us your PIN {number}?"} for number in range(203)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}, indent=0), encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    neverask("check", "--also", "markdown=full.md", "replies.json", cwd=tmp_path)
    short, full = ((tmp_path / name).read_text(encoding="utf-8") for name in ("summary.md", "full.md"))
    assert short.count("| replies.json:") == 200 and "4 further places are in the full report." in short
    assert full.count("| replies.json:") == 204 and "further place" not in full
    assert "### The policy in words" in full and "###" not in short


def test_markdown_has_what_the_page_for_auditors_has(neverask: Callable[..., Any], tmp_path: Path) -> None:
    hostile = "<b>*x* @all [a](https://x.example) | `c` &amp;"
    policy = {
        "neverask": 1,
        "title": f"Ours {hostile}",
        "about": f"# {hostile}\nSecond line.",
        "extends": ["whatsapp"],
        "rules": {"no-names": {"rule": "forbid asking for name", "instead": {"en": f"Not here: {hostile}"}}},
        "disclaimers": {"privacy": {"texts": {"en": "Please keep PINs to yourself.", "nl": hostile}}},
        "exceptions": [
            {"rule": "no-names", "at": "b", "reason": f"Agreed {hostile}", "owner": "J. Doe", "until": "2035-01-31"}
        ],
    }
    (tmp_path / "neverask.yaml").write_text(json.dumps(policy), encoding="utf-8")
    replies = [{"id": "a", "text": "What is your name?"}, {"id": "b", "text": "What is your name?"}]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    run = neverask("check", "-o", "report.md", "--also", "html=report.html", "--date", "2026-11-24", cwd=tmp_path)
    assert run.status == 1, run.err
    written, page = ((tmp_path / name).read_text(encoding="utf-8") for name in ("report.md", "report.html"))
    assert not re.search(r"<(?!br>)|@|\]\(|https?://|[^\n|]`", written)
    lines = [unescape(line) for line in written.splitlines()]
    digest = sha256((tmp_path / "neverask.yaml").read_bytes()).hexdigest()
    for wanted in (
        f"#### Ours {hostile}",
        "###### no-names",
        "Forbid asking for name. A breach is an error: the commit or the build is refused.",
        f"- Say instead (en): Not here: {hostile}",
        "  - en: Please keep PINs to yourself.",
        f"| no-names | b | Agreed {hostile} | 2035-01-31 | J. Doe | neverask.yaml, line 1 | 1 |",
        "| replies.json:1 in “b” | this asks the customer for a name | no-names | neverask.yaml, line 1 |",
        "| no-names | forbid asking for name | error | 1 |",
        f"- Policy files by their SHA-256: neverask.yaml {digest}",
        "- Day on which exceptions were judged: 2026-11-24",
        f"- replies.json {sha256((tmp_path / 'replies.json').read_bytes()).hexdigest()}",
    ):
        assert wanted in lines
        words = wanted.lstrip("#-| ").partition(": ")[2] or wanted.strip("#-| ")
        assert all(part in unescape(page) for part in words.split(" | ")), "the page, too"


IBAN = "NL91ABNA0417164300"


def test_no_report_tells_a_value_whose_finding_it_leaves_out(neverask: Callable[..., Any], tmp_path: Path) -> None:
    sent, asked = f"Your account {IBAN} was credited.", "Please send us your PIN."
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nrules:\n  values: {rule: forbid sending bank-account}\n  pins: {rule: forbid asking for pin}\n"
        "exceptions:\n  - {rule: values, file: kept.yaml, reason: agreed}\n"
    )
    allowed = "  # neverask: allow values -- agreed\n"
    (tmp_path / "known.yaml").write_text(f"replies:\n  - {{id: a, text: {sent}}}\n")
    assert neverask("baseline", cwd=tmp_path).status == 0
    for name, comment in (("kept", ""), ("known", ""), ("placed", allowed)):
        text = f"replies:\n{comment}  - {{id: a, text: {sent} {asked}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    also = [f"--also={name}={name}.report" for name in NAMES]
    run = neverask("check", "--baseline", ".neverask-baseline.json", *also, cwd=tmp_path)
    left_out = "; 2 findings kept by exceptions; not shown: 1 finding that the baseline knows"
    assert run.status == 1 and left_out in run.out
    for report in (run.out, *((tmp_path / f"{name}.report").read_text(encoding="utf-8") for name in NAMES)):
        assert IBAN not in report
    summary = json.loads((tmp_path / "json.report").read_text(encoding="utf-8"))["summary"]
    kept = [(one["path"], one["line"], one["exception"]) for one in summary["kept"]]
    assert kept == [
        ("kept.yaml", 2, {"path": "neverask.yaml", "line": 6}), ("placed.yaml", 3, {"path": "placed.yaml", "line": 2})
    ]  # fmt: skip
    assert summary["policy_files"][0]["sha256"] == sha256((tmp_path / "neverask.yaml").read_bytes()).hexdigest()
    of = {one["path"]: (one["sha256"], one["policy"]) for one in summary["checked"]}
    assert of == {
        path: (sha256((tmp_path / path).read_bytes()).hexdigest(), "neverask.yaml")
        for path in of
    } and {"kept.yaml", "placed.yaml"} <= set(of)  # fmt: skip
    artifacts = json.loads((tmp_path / "sarif.report").read_text(encoding="utf-8"))["runs"][0]["artifacts"]
    assert {one["location"]["uri"]: one["hashes"]["sha-256"] for one in artifacts} == {
        path: digest for path, (digest, _) in of.items()
    }
    page = (tmp_path / "markdown.report").read_text(encoding="utf-8")
    assert "| placed.yaml:3 in “a” | this sends a bank account number | values | placed.yaml, line 2 |" in page
    rows = list(csv.DictReader((tmp_path / "csv.report").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["message"] for row in rows if row["rule"] == "not-shown"] == [
        "2 findings kept by exceptions", "not shown: 1 finding that the baseline knows"
    ]  # fmt: skip
    told = [(row["file"], row["because"], row["words"]) for row in rows if row["level"] == "kept"]
    assert told == [("kept.yaml", "neverask.yaml:6", ""), ("placed.yaml", "placed.yaml:2", "")]
    baseline = sha256((tmp_path / ".neverask-baseline.json").read_bytes()).hexdigest()
    assert summary["baseline"]["sha256"] == baseline
    run_of = _validated((tmp_path / "sarif.report").read_text(encoding="utf-8"))["runs"][0]["properties"]
    assert len(run_of["kept"]) == 2 and run_of["baseline"]["not_shown"] == 1 and run_of["day"]


def test_sarif_tells_what_was_not_checked(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("flow: a\nsteps:\n  - {id: b, say: Hello., goto: nowhere}\n")
    (tmp_path / "b.json").write_text('{"some": "thing else"}')
    (tmp_path / "c.json").write_text('{"some": ')
    run = _validated(neverask("check", "--format", "sarif", cwd=tmp_path).out)["runs"][0]
    told = run["invocations"][0]["toolExecutionNotifications"]
    levels = [(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], one["level"]) for one in told]
    assert sorted(levels) == [("a.yaml", "warning"), ("b.json", "note"), ("c.json", "error")]


def test_reports_in_another_language_leave_nothing_in_english(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text("""neverask: 1
data: {claim-code: {nl: [schadecode]}}
channels: [{tagged: web, channels: [webchat]}, {channels: [whatsapp]}]
rules: {codes: {rule: forbid asking for claim-code}}
""")
    (tmp_path / "replies.yaml").write_text("replies:\n  - {id: a, text: Wat is uw schadecode?}\n")
    also = [f"--also={name}={name}" for name in ("markdown", "csv", "html")]
    run = neverask("check", *also, "--lang", "nl", cwd=tmp_path)
    assert run.status == 1 and "dit vraagt de klant om 'schadecode'" in run.out, "own data are called as in the policy"
    markdown, table, page = ((tmp_path / name).read_text(encoding="utf-8") for name in ("markdown", "csv", "html"))
    for report in map(unescape, (markdown, table, page)):
        assert "'neverask show' noemt de labels" in report and " tells " not in report
    for report in map(unescape, (markdown, page)):
        assert "'schadecode'" in report and "niets heeft een label dat het beleid noemt" in markdown
        assert "claim code" not in report
    told = neverask("explain", "schadecode", "--lang", "nl", cwd=tmp_path).out
    assert (
        "'schadecode' is een gegeven van dit beleid zelf (claim-code)." in told
        and "- codes (fout): forbid asking" in told
    )


def test_own_data_that_two_policies_call_otherwise_keep_their_name(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    for brand, term in (("a", "schadecode"), ("b", "claimcode")):
        (tmp_path / brand).mkdir()
        (tmp_path / brand / "neverask.yaml").write_text(
            f"neverask: 1\ndata: {{claim-code: {{nl: [{term}]}}}}\n"
            "rules: {codes: {rule: forbid asking for claim-code}}\n"
        )
        (tmp_path / brand / "replies.yaml").write_text(f"replies:\n  - {{id: a, text: Wat is uw {term}?}}\n")
    out = neverask("check", "--lang", "nl", cwd=tmp_path).out
    assert out.count("dit vraagt de klant om 'claim code'") == 2


def test_several_reports_of_one_run(neverask: Callable[..., Any], tmp_path: Path) -> None:
    also = [f"--also={name}={tmp_path / name}" for name in NAMES]
    neverask("check", "--no-cache", *also, "--date", "2026-11-24", ".", cwd=INPUT)
    for name in NAMES:
        alone = neverask("check", "--format", name, "--date", "2026-11-24", ".", cwd=INPUT).out
        assert (tmp_path / name).read_text(encoding="utf-8") == alone
    assert neverask("check", "--also", "pdf=x", ".", cwd=INPUT).status == 2


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_own_reports_in_the_folder_that_is_checked_are_no_unknown_files(
    asks: bool, language: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    text = "Could you send us your password?" if asks else "Thanks for your message, we are on it."
    (tmp_path / "replies.yaml").write_text(f"replies:\n  - id: a\n    text: {text}\n")
    also = [f"--also={name}=out.{name}.{ENDING[name].replace('text', 'txt')}" for name in NAMES]
    words = ("check", "--strict", "--lang", language, *also)
    first = neverask(*words, cwd=tmp_path)
    again = neverask(*words, cwd=tmp_path)
    assert first.status == again.status == asks and first.out == again.out
    if not asks:
        (tmp_path / "out.gitlab.json").unlink()  # an empty list says of nobody that he wrote it
    neverask("baseline", "-o", "known.json", cwd=tmp_path)
    later = neverask("check", "--strict", "--lang", language, cwd=tmp_path)
    assert later.status == asks and later.out == first.out
    page = neverask("check", "--format", "html", cwd=tmp_path).out
    assert "<li>replies.yaml " in page and "<li>out." not in page and "<li>known" not in page


def test_a_report_of_very_many_findings_may_be_short(neverask: Callable[..., Any], tmp_path: Path) -> None:
    replies = "".join(f"  - id: a{n}\n    text: Please send us your password, number {n}.\n" for n in range(60))
    (tmp_path / "a.yaml").write_text(f"replies:\n{replies}", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("replies:\n  - id: b\n    text: Please send us your PIN.\n", encoding="utf-8")
    policy = "neverask: 1\nlanguages: [en]\nrules:\n"
    asks = "  asks: {rule: 'forbid asking for password on any channel', level: error}\n"
    pins = "  pins: {rule: 'forbid asking for pin on any channel', level: error}\n"
    (tmp_path / "neverask.yaml").write_text(policy + asks + pins, encoding="utf-8")
    run = neverask("check", "--allow-nothing", cwd=tmp_path)
    assert run.out.count("error: ") == 61 and "'--limit 10' shows the first" in run.err
    run = neverask("check", "--allow-nothing", "--limit", "2", "--also", "json=all.json", cwd=tmp_path)
    assert run.status == 1 and run.out.count("error: ") == 2 and "'--limit" not in run.err
    assert "59 more findings not shown (--limit), in 2 files: [asks] 58; [pins] 1\n" in run.out
    assert "61 errors. Checked 2 files" in run.out
    assert len(json.loads((tmp_path / "all.json").read_text())["findings"]) == 61
    run = neverask("check", "--limit", "60", "--lang", "nl", cwd=tmp_path)
    assert "nog 1 bevinding niet getoond (--limit), in 1 bestand: [pins] 1\n" in run.out
    refused = neverask("check", "--limit", "2", "--format", "json", cwd=tmp_path)
    assert refused.status == 2 and "leave it out for json" in refused.err
    (tmp_path / "neverask.yaml").write_text(policy + asks.replace("error", "warning") + pins, encoding="utf-8")
    run = neverask("check", "--limit", "1", cwd=tmp_path)
    assert "b.yaml:" in run.out and "a.yaml:" not in run.out, "an error comes before warnings"


def test_what_goes_to_a_file_is_said_in_short_on_the_screen(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.yaml").write_text("replies:\n  - id: a\n    text: Could you send us your password?\n")
    words = ("check", "--format", "json", "--output", "report.json", "replies.yaml")
    for _ in range(2):  # also where nothing has changed since
        run = neverask(*words, cwd=tmp_path)
        assert run.out == "" and "1 error. Checked 1 file" in run.err
        assert run.err.endswith(" The report is in report.json.\n")
    assert run.err.count("\n") == 2, "which policy holds, and the line"
    assert "Het rapport staat in report.json." in neverask(*words, "--lang", "nl", cwd=tmp_path).err
    assert "report.json" not in neverask(*words, "--quiet", cwd=tmp_path).err


@pytest.mark.parametrize(
    "beside", [["--also", "html={}"], ["--also", "sarif={}"], ["-o", "{}"], ["-o", "{}/../report"], ["-o", "{}-link"]]
)
def test_two_reports_can_not_go_into_one_file(neverask: Callable[..., Any], tmp_path: Path, beside: list[str]) -> None:
    target = tmp_path / "report"
    (tmp_path / "report-link").symlink_to(target)
    words = [word.format(target) for word in beside]
    told = neverask("check", "--also", f"sarif={target}", *words, ".", cwd=INPUT)
    assert told.status == 2
    assert "two reports can't go into one file" in told.err
    assert not target.exists()


def test_sarif_tells_the_way_and_the_rule(neverask: Callable[..., Any]) -> None:
    log = _validated(neverask("check", "--format", "sarif", "examples", cwd=HERE.parent).out)
    results = [one for one in log["runs"][0]["results"] if "codeFlows" in one]
    assert results
    for result in results:
        way = result["codeFlows"][0]["threadFlows"][0]["locations"]
        assert len(way) > 2
        assert way[-1]["location"]["physicalLocation"] == result["locations"][0]["physicalLocation"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["help"]["markdown"] and rule["help"]["text"] for rule in rules)
    assert all(one["partialFingerprints"]["neverask/v1"] for one in log["runs"][0]["results"])


def _long_flow(folder: Path, count: int) -> str:
    """A flow of so many steps, of which the last one asks."""
    steps = [{"id": f"n{step}", "say": f"Step {step}.", "goto": f"n{step + 1}"} for step in range(1, count)]
    flow = {"flow": "long", "channel": "whatsapp", "steps": [*steps, {"id": f"n{count}", "ask": "What is your IBAN?"}]}
    (folder / "flow.json").write_text(json.dumps(flow, indent=0), encoding="utf-8")
    return "flow.json"


def test_html_tells_the_line_of_each_step_of_a_long_way(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """What is left out of a way takes no line away from the steps behind it."""
    _long_flow(tmp_path, 12)
    found = json.loads(neverask("check", "--format", "json", "flow.json", cwd=tmp_path).out)["findings"]
    asked = next(one for one in found if one["rule"] == "no-sensitive-requests")
    last = [one["line"] for one in asked["related"] if one["message"].startswith("step ")][-1]
    html = neverask("check", "--format", "html", "flow.json", cwd=tmp_path).out
    way = re.findall(r"<span class=step>([^<]*)(?:<span class=quiet>line (\d+)</span>)?", html)
    left_out = next(number for number, (name, _) in enumerate(way) if "more step" in name)
    assert way[left_out][1] == ""
    assert way[-1][1] == str(last)


@pytest.mark.parametrize("name", NAMES)
def test_of_a_long_way_reports_name_the_first_step_and_the_last_ones(
    name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    told = neverask("check", "--format", name, _long_flow(tmp_path, 40), cwd=tmp_path).out
    at = 0
    for words in ("n1 ", "(35 more steps)", "n37 ", "n38 ", "n39 ", "n40 "):
        at = told.index(words, at)
    assert "n36 " not in told or name in ("json", "sarif"), "those have room for more steps, each with its place"
    assert "n2 " not in told
    assert "n40.ask" in told, "the entry, too"


def _menus(folder: Path) -> str:
    """A long flow in which the customer chooses on two menus, one of them with words that are no harmless ones."""
    steps: list[dict[str, Any]] = [{"id": f"n{n}", "say": f"Step {n}.", "goto": f"n{n + 1}"} for n in range(1, 40)]
    for at, words in ((5, "Billing <b>\u202e\n"), (15, "A refund of all that I have ever paid to this shop")):
        back = {"text": "Back", "goto": "n1"}
        steps[at - 1] = {
            "id": f"n{at}",
            "say": "Please choose.",
            "buttons": [{"text": words, "goto": f"n{at + 1}"}, back],
        }
    steps += [{"id": "n40", "ask": "What is your IBAN?", "capture": "iban"}]
    (folder / "flow.json").write_text(json.dumps({"flow": "bot", "steps": steps}), encoding="utf-8")
    return "flow.json"


@pytest.mark.parametrize("name", NAMES)
def test_a_long_way_says_what_the_customer_chooses_on_it(
    name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    told = neverask("check", "--format", name, _menus(tmp_path), cwd=tmp_path).out
    if name == "json":
        finding = json.loads(told)["findings"][0]
        labels = dict(zip(finding["witness"], finding["witness_labels"], strict=True))
        assert labels["(3 more steps)"] == "" and labels["(9 more steps)"].startswith("Billing <b>\u202e")
        assert [one["label"] for one in finding["related"] if "label" in one] == []
        return
    at = 0
    for words in ("n1 ", "(3 more steps)", "n5", "(Billing ", "(9 more steps)", "n15", "(A refund of all", "n37 "):
        at = told.index(words, at)
    assert "\u202e" not in told and "to this shop" not in told
    assert name != "html" or "(Billing &lt;b&gt;" in told


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_steps_that_are_left_out_are_told_in_the_language(
    name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    told = neverask("check", "--lang", "nl", "--format", name, _long_flow(tmp_path, 40), cwd=tmp_path).out
    assert "(nog 35 stappen)" in told


VALUES = HERE / "reports" / "values"
IN_FULL = re.compile(r"1234 5678|0417 1643|123456782|Welcome01|\b4821\b|𝟏𝟐𝟑𝟒")
DOTS = "•\U0001f784"


@pytest.mark.parametrize("name", NAMES)
def test_no_report_repeats_a_value_in_full(name: str, neverask: Callable[..., Any]) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in VALUES.iterdir())
    assert len(set(IN_FULL.findall(texts))) == 6
    for language in ("en", "nl"):
        report = neverask("check", "--no-cache", "--verbose", "--lang", language, "--format", name, ".", cwd=VALUES).out
        report = "\n".join(map(str, json.loads(report))) if name == "gitlab" else report
        assert not IN_FULL.search(report)
        assert "Your card 49•• •••• •••• ••15 is refunded." in report, "the name of an entry, too"
        assert "hello “We refunded the card 49•• •••• ••••…”" in report, "and the words of a step"


@pytest.mark.parametrize("arguments", [(), ("--path",), ("--format", "dot")])
def test_a_drawing_repeats_none_either(arguments: tuple[str, ...], neverask: Callable[..., Any]) -> None:
    run = neverask("graph", "bot.yaml", *arguments, cwd=VALUES)
    assert run.status == 0 and "We refunded the card 49•• •••• •••• ••15." in run.out.replace("#8226;", "•")
    assert not IN_FULL.search(run.out)


def test_a_value_that_is_not_shown_stands_where_it_did(neverask: Callable[..., Any]) -> None:
    found = json.loads(neverask("check", "--format", "json", ".", cwd=VALUES).out)["findings"]
    log = _validated(neverask("check", "--format", "sarif", ".", cwd=VALUES).out)["runs"][0]["results"]
    shown = [one["words"] for one in found if one["rule"] == "no-sensitive-values"]
    assert shown == [
        "49•• •••• •••• ••15",
        "•••••••••",
        "NL•• •••• •••• •••• 00",
        "𝟒𝟗🞄🞄 🞄🞄🞄🞄 🞄🞄🞄🞄 🞄🞄𝟏𝟓",
        "{{temp}}",
        "NL•• •••• •••• •••• 00",
        "49•••••••••••• ••••••••••••15",
        "12•••••82",
        "••••",
        "49•• •••• •••• ••15",
    ]
    for one, result in zip(found, log, strict=True):
        line = (VALUES / one["path"]).read_text(encoding="utf-8").splitlines()[one["line"] - 1]
        written = line[one["column"] - 1 : one["end_column"] - 1]
        region = result["locations"][0]["physicalLocation"]["region"]
        units = line.encode("utf-16-le")[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)]
        assert units.decode("utf-16-le") == written
        assert all(shown in (*DOTS, stands) for shown, stands in zip(one["words"], written, strict=True))


def test_a_value_is_not_shown_in_the_excerpts_of_others_either() -> None:
    """Of a long file each finding has only what stands around it, cut where it happens to be."""
    text = "Your IBAN NL91 ABNA 0417 1643 00 is known, so send us your PIN for it."
    value, asked = "NL91 ABNA 0417 1643 00", "PIN"
    found = []
    for words, first, last in ((value, 4, 50), (asked, 21, 70), (asked, 34, 70)):
        start = text.index(words)
        own = Source("a.json", text[first:last], part=Part(0, last - first, 9_000 + first, 7, 900 + first))
        finding = Finding("rule", "error", "message", own, Span(start - first, start - first + len(words)), text=text)
        about = (start, start + len(words)) if words == value else (0, 0)
        found.append(replace(finding, value=about, ends=2))
    told = masked(found)
    assert [one.source.text for one in told] == [
        " IBAN NL•• •••• •••• •••• 00 is known, so send",
        "••• •••• 00 is known, so send us your PIN for it.",
        "s known, so send us your PIN for it.",
    ]
    assert {one.text for one in told} == {"Your IBAN NL•• •••• •••• •••• 00 is known, so send us your PIN for it."}
    for one, before in zip(told, found, strict=True):
        assert one.source.position(one.span.start) == before.source.position(before.span.start)


def test_a_finding_about_a_value_is_known_again(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """What a report does not show counts for the fingerprint all the same: another account is another finding."""
    known = tmp_path / "known.json"
    assert neverask("baseline", "-o", str(known), ".", cwd=VALUES).status == 0
    assert neverask("check", "--baseline", str(known), ".", cwd=VALUES).status == 0
    text = "Your IBAN {} is on file.".format
    for number, account in enumerate(("NL91 ABNA 0417 1643 00", "NL39 RABO 0300 0652 64", "NL20 INGB 0001 2345 67")):
        (tmp_path / f"{number}.json").write_text(json.dumps({"replies": [{"id": "a", "text": text(account)}]}))
    report = json.loads(neverask("check", "--format", "json", ".", cwd=tmp_path).out)["findings"]
    assert len({one["fingerprint"] for one in report if one["words"].startswith("NL•")}) == 3


def test_very_many_libraries_without_a_disclaimer_are_told_at_once(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    texts = "".join(
        f"  utter_{name}:\n  - text: Thank you for your message, {name} will be here soon.\n" for name in "abc"
    )
    for number in range(7):
        (tmp_path / f"topic{number}.yml").write_text(f"version: '3.1'\nresponses:\n{texts}", encoding="utf-8")
        told = neverask("check", "--no-cache", str(tmp_path)).out
        assert told.count("no reply of this library") == (number + 1 if number < 5 else 4), told
    assert "the same is to be said of 4 more files: no reply of this library holds the disclaimer 'privacy'" in told
    assert neverask("check", "--no-cache", "--verbose", str(tmp_path)).out.count("no reply of this library") == 7
    dutch = neverask("check", "--no-cache", "--lang", "nl", str(tmp_path)).out
    assert "voor 4 andere bestanden geldt hetzelfde: geen antwoord van deze bibliotheek" in dutch
    report = json.loads(neverask("check", "--no-cache", "--format", "json", str(tmp_path)).out)
    assert len(report["findings"]) == 7


def test_rules_of_one_name_in_several_policies_are_told_each(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Only the last one was told, with the findings of all."""
    house = "neverask: 1\nchannels: [{channels: [sms]}]\nrules: {ask: {rule: forbid asking for pin, level: error}}\n"
    (tmp_path / "house.yaml").write_text(house)
    policies = {
        "a": "neverask: 1\nextends: ../house.yaml\nrules: {ask: {level: warning}}\n",
        "b": "neverask: 1\nrules: {ask: {rule: forbid asking for password, level: error, because: [b law]}}\n",
        "c": "neverask: 1\nrules: {ask: {rule: forbid asking for name, level: off}}\n",
    }
    (tmp_path / ".git").mkdir()
    for name, policy in policies.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "neverask.yaml").write_text(policy)
        (tmp_path / name / "r.yaml").write_text("- {id: 1, text: What is your PIN?}\n- {id: 2, text: Your password?}\n")
    said = neverask("check", "--format", "markdown", cwd=tmp_path).out
    assert "| ask | forbid asking for pin (a/neverask.yaml) | warning | 1 |" in said
    assert "| ask | forbid asking for password (b/neverask.yaml) | error | 1 |" in said
    assert "| ask | forbid asking for name (c/neverask.yaml) | off | 0 |" in said
    assert "| ask | forbid asking for pin / forbid asking for password / forbid asking for name | 2 |" in said
    assert "- house.yaml " not in said and "3 files read" in said
    assert "against 2 rules;" in said and "- Rules in force: 2\n" in said
    page = neverask("check", "--format", "html", cwd=tmp_path).out
    assert "ask</span> (forbid asking for pin)" in page and "ask</span> (forbid asking for password)" in page
    (run,) = json.loads(neverask("check", "--format", "sarif", cwd=tmp_path).out)["runs"]
    (rule,) = (one for one in run["tool"]["driver"]["rules"] if one["id"] == "ask")
    assert rule["defaultConfiguration"] == {"level": "error"} and "password" in rule["fullDescription"]["text"]


def test_a_text_in_a_language_without_a_pack_is_named(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Of one among thousands it was only said that there is one."""
    (tmp_path / "r.yaml").write_text(
        "- {id: one, text: Welcome to our shop!}\n"
        "- {id: two, text: Prosím vás pošlete nám to hned zpátky do našeho obchodu}\n",
        encoding="utf-8",
    )
    short = neverask("check", cwd=tmp_path).out
    assert "1 text in a language without a pack, not checked (--verbose says which)." in short
    assert "r.yaml: two: in a language without a pack" in neverask("check", "--verbose", cwd=tmp_path).out
    summary = json.loads(neverask("check", "--format", "json", cwd=tmp_path).out)["summary"]
    assert [one["path"] for one in summary["foreign"]] == ["r.yaml"] and summary["unseen"] == []
    for form in ("markdown", "html"):
        said = neverask("check", "--format", form, cwd=tmp_path).out
        assert "1 text in a language without a pack, not checked" in said and "r.yaml: two" in said


def test_words_of_another_language_than_the_text_are_marked_as_that(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nrules: {ask: {rule: forbid asking for pin, instead: {en: Please call us.}}}\n"
    )
    (tmp_path / "r.yaml").write_text("- {id: 1, text: Bitte nennen Sie uns Ihre PIN.}\n")
    page = neverask("check", "--format", "html", cwd=tmp_path).out
    assert '<p class=instead lang="en" dir=auto>Please call us.</p>' in page and '<div class=text lang="de"' in page


def test_a_file_with_a_place_that_is_not_read_is_among_those_that_were(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Findings were told of it, and nothing said in which state it was."""
    (tmp_path / "bot.yaml").write_text("flow: f\nsteps:\n  - {id: a, say: Please send us your IBAN., next: b}\n")
    digest = sha256((tmp_path / "bot.yaml").read_bytes()).hexdigest()
    said = neverask("check", "--format", "markdown", cwd=tmp_path).out
    assert f"- bot.yaml {digest}\n" in said and "- bot.yaml:3:" in said


def test_lines_inside_an_archive_are_none_of_the_file_that_a_server_shows(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """GitHub was told of a file 'e.zip!in/r.yaml', GitLab of a line of the archive, and not of which member."""
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("in/r.yaml", "\n\n- {id: a, text: What is your PIN?}\n")
        archive.writestr("in/broken.json", '{\n"replies": [{]}')
    said = neverask("check", "--format", "github", "e.zip", cwd=tmp_path).out.splitlines()[1:]
    assert said[0].startswith("::error file=e.zip,title=neverask%3A no-sensitive-requests::")
    assert "%0AAt: in/r.yaml%0AIn: a%0A" in said[0]
    assert said[1].startswith("::error file=e.zip,title=neverask%3A cannot read::in/broken.json: ")
    broken, found = json.loads(neverask("check", "--format", "gitlab", "e.zip", cwd=tmp_path).out)
    assert broken["location"] == found["location"] == {"path": "e.zip", "lines": {"begin": 1}}
    assert ". At: in/r.yaml. In: a. " in found["description"]
    assert broken["description"].startswith("cannot read: in/broken.json: ")
    log = _validated(neverask("check", "--format", "sarif", "e.zip", cwd=tmp_path).out)
    (told,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert told["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "e.zip"}},
            "logicalLocations": [{"fullyQualifiedName": "in/broken.json"}],
        }
    ]


def test_an_audit_names_every_file_of_a_bot(neverask: Callable[..., Any], tmp_path: Path) -> None:
    bot = {
        "domain.yml": "responses:\n  utter_ask_size:\n    - text: Which size do you have?\n",
        "data/flows.yml": "flows:\n  fit:\n    description: x\n    steps:\n      - collect: size\n",
    }
    for name, text in bot.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    neverask("check", "-o", "report.md", ".", cwd=tmp_path)
    lines = [unescape(line) for line in (tmp_path / "report.md").read_text(encoding="utf-8").splitlines()]
    for name in bot:
        assert f"- {name} {sha256((tmp_path / name).read_bytes()).hexdigest()}" in lines
    assert "- Files checked: 2" in lines
    assert neverask("init", "--dry-run", cwd=tmp_path).err.startswith("2 recognised")


def test_a_report_on_several_brands_names_what_judged_and_each_reason_with_its_source(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """The reasons of the last of two policies with the same rule were told of both, and a bundled policy under which
    no reply stood was named as one of those that judged."""
    (tmp_path / "README.md").write_text("# Our brands\n\nTwo of them.\n", encoding="utf-8")
    for brand, reason in (("north", "Decision 12"), ("south", "Circular 3")):
        (tmp_path / brand).mkdir()
        (tmp_path / brand / "neverask.yaml").write_text(
            "neverask: 1\nextends: whatsapp\nrules:\n"
            f"  no-sensitive-requests: {{because: [{reason}, 'GDPR: art. 32']}}\n"
            f"cited: {{{reason}: the intranet of {brand}, 'GDPR: art. 32': in the {brand}}}\n",
            encoding="utf-8",
        )
        (tmp_path / brand / "a.yaml").write_text("- id: a\n  text: What is your IBAN?\n", encoding="utf-8")
    for _ in range(2):  # also where nothing has changed since
        run = neverask("check", "-o", "report.html", "--also", "json=report.json", cwd=tmp_path)
        page = unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
        assert "Decision 12: the intranet of north</li>" in page and "Circular 3: the intranet of south</li>" in page
        assert page.count("GDPR: art. 32: in the north; in the south</p>") == 2
        assert "whatsapp (bundled)" not in page and "no neverask.yaml" not in run.err
        summary = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["summary"]
        assert summary["policies"] == ["north/neverask.yaml", "south/neverask.yaml"]
