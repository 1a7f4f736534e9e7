"""Reports: golden ones in every format, SARIF against its official schema, colours, carets, hostile texts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask.finding import Finding
from neverask.reporters import REPORTERS
from neverask.reporters.text import cells, excerpt, visible
from neverask.source import Source, Span

HERE = Path(__file__).parent
INPUT = HERE / "reports" / "input"
ENDING = {"text": "text", "json": "json", "sarif": "json", "github": "text"}


@pytest.mark.parametrize("name", [reporter.NAME for reporter in REPORTERS])
def test_golden_report(name: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    run = neverask("check", "--format", name, ".", cwd=INPUT)
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
    assert run.out.startswith("::error file=replies.yaml,line=5,col=")
    assert "::error" not in neverask("check", "--format", "text", "replies.yaml", cwd=INPUT).out


def test_github_escapes_what_the_runner_reads(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a,b%:c.yaml").write_text('replies:\n  - id: a\n    text: "Please send us your password now."\n')
    run = neverask("check", "--format", "github", ".", cwd=tmp_path)
    assert run.out.startswith("::error file=a%2Cb%25%3Ac.yaml,line=3,")
    assert all(line.startswith("::") for line in run.out.splitlines())


def test_output_goes_whole_to_a_file(neverask: Callable[..., Any], tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    run = neverask("check", "--format", "json", "--output", str(target), "replies.yaml", cwd=INPUT)
    assert run.status == 1 and run.out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["files"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


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
    from neverask import cli

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(cli.sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    assert cli._color("auto") is (not variable)
    assert cli._color("always")


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
    text = "Please send us your \u202epassword\x1b[2J now."
    name = "re\x1b[31mplies.json"
    (tmp_path / name).write_text(json.dumps({"replies": [{"id": "a\x07b", "text": text}]}), encoding="utf-8")
    run = neverask("check", "--format", "text", ".", cwd=tmp_path)
    assert run.status == 1
    assert not any(character in run.out for character in "\x1b\x07\u202e")
    assert visible("a\x1b[0m\nb") == "a\\u001b[0m⏎b"


def test_the_same_run_gives_the_same_report(neverask: Callable[..., Any]) -> None:
    runs = {neverask("check", "--format", "json", ".", cwd=HERE / "cases").out for _ in range(2)}
    assert len(runs) == 1
