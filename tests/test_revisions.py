"""``check --staged`` and ``check --diff``: what will be committed, and what a change makes worse."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from glob import glob
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from neverask import git, trees
from neverask import repository as around
from neverask.finding import Finding
from neverask.report import Report
from neverask.revisions import Ends, _Why
from neverask.source import Source, SourceError, Span

sys.path.insert(0, str(Path(__file__).parent))
from histories import commit, compare, edit

ASKS = "- id: 1\n  text: Please send us your IBAN, then we refund the lamp.\n"
GREETS = "- id: 2\n  text: Welcome back! How can we help?\n"
PASSWORD = "- id: 3\n  text: What is your password for the shop?\n"
POLICY = "neverask: 1\nextends: [whatsapp]\nchannels:\n  - {files: 'replies/*', channels: [CHANNEL]}\n"
NOTICE = "Please mind the privacy notice of this shop before you go on."
NOTICE_POLICY = f"""\
neverask: 1
disclaimers: {{notice: {{texts: {{en: "{NOTICE}"}}}}}}
rules:
  first: {{rule: require disclaimer notice before asking for email, level: error}}
"""
FLOW = f"""\
flow: order
channel: whatsapp
language: en
steps:
  - {{id: hello, say: Hello there., goto: NEXT}}
  - {{id: warn, say: "{NOTICE}", goto: ask}}
  - {{id: ask, ask: What is your email address?}}
"""


class Repository:
    """A git repository with a few words for what tests do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        command = ["git", *who, *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def rules(run: Any) -> list[tuple[str, str]]:
    return [(f["path"], f["rule"]) for f in json.loads(run.out)["findings"] if "library" not in f["rule"]]


def test_staged_reads_the_index(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", GREETS)
    repository.commit()
    repository.write("a.yaml", GREETS + ASKS)
    repository.git("add", "a.yaml")
    repository.write("a.yaml", GREETS)  # mended in the work tree alone
    repository.write("b.yaml", PASSWORD)  # not staged
    run = neverask("check", "--staged", "--format", "json", cwd=repository.folder)
    assert run.status == 1 and {path for path, _ in rules(run)} == {"a.yaml"}
    assert neverask("check", "a.yaml", cwd=repository.folder).status == 0
    repository.git("add", "a.yaml")
    assert neverask("check", "--staged", cwd=repository.folder).status == 0


def test_two_files_are_compared_by_a_baseline(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Two exports of one bot that are in no repository."""
    for name, text in (("old.yaml", GREETS + ASKS), ("new.yaml", ASKS + PASSWORD)):
        (tmp_path / name).write_text(text)
    run = neverask("check", "--diff", "old.yaml", "new.yaml", cwd=tmp_path)
    assert run.status == 2 and run.err.startswith("old.yaml: this is a file, where --diff takes a revision of git")
    assert neverask("baseline", "old.yaml", "-o", "known.json", cwd=tmp_path).status == 0
    run = neverask("check", "--baseline", "known.json", "--format", "json", "new.yaml", cwd=tmp_path)
    assert [one["entry"] for one in json.loads(run.out)["findings"]] == ["3"]


def test_what_held_on_an_earlier_day(
    repository: Repository, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts, the policy and its exceptions of then; what another branch had is not so before it is merged."""

    def on(day: str) -> None:
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        repository.commit()

    allowed = "exceptions: [{rule: no-sensitive-requests, file: a.yaml, reason: law, until: 2027-02-28}]\n"
    repository.write("neverask.yaml", f"neverask: 1\nextends: [whatsapp]\n{allowed}")
    repository.write("a.yaml", ASKS)
    on("2027-01-15")
    repository.git("checkout", "-q", "-b", "other")
    repository.write("b.yaml", PASSWORD)
    on("2027-02-01")
    repository.git("checkout", "-q", "main")
    repository.write("neverask.yaml", "neverask: 1\nextends: [whatsapp, avg]\n")
    on("2027-03-10")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2027-04-10T12:00:00Z")
    repository.git("merge", "-q", "--no-ff", "-m", "merged", "other")
    repository.write("a.yaml", GREETS)  # not committed

    def found(*as_of: str) -> list[str]:
        run = neverask("check", "--as-of", *as_of, "--format", "json", cwd=repository.folder)
        return sorted({path for path, rule in rules(run) if "sensitive" in rule or "expired" in rule})

    assert found("2027-02-15") == []
    assert found("2027-03-01") == ["a.yaml", "neverask.yaml"], "the exception is over"
    assert found("2027-03-01", "--date", "2027-02-15") == []
    assert found("2027-03-10") == ["a.yaml"]
    assert found("2027-04-30") == found("HEAD") == ["a.yaml", "b.yaml"]
    for day, extends, marked in (("2027-03-01", False, True), ("2027-03-10", True, False)):
        prose = neverask("policy", "show", "--as-of", day, cwd=repository.folder).out
        assert ("avg" in prose, "(expired)" in prose) == (extends, marked)
    for day, states in (("2027-02-15", [("used", "t")]), ("2027-03-01", [("expired", "t")]), ("2027-03-10", [])):
        listed = neverask("exceptions", "--as-of", day, "--format", "json", cwd=repository.folder)
        found_then = [(one["state"], one["owner"]) for one in json.loads(listed.out)["exceptions"]]
        assert found_then == states, "also those that are gone by now"
    on_disk = repository.write("known.json", '{"neverask-baseline": 2, "findings": []}')
    on("2027-05-10")
    assert neverask("baseline", "-o", "known.json", cwd=repository.folder).status == 0
    known = [found(day, "--baseline", "known.json") for day in ("2027-05-10", "2027-05-11")]
    assert known == [["b.yaml"]] * 2 and '"rule"' in on_disk.read_text(), "by the baseline of then"
    run = neverask("check", "--as-of", "2027-04-30", "--baseline", "known.json", cwd=repository.folder)
    assert run.status == 2 and "known.json: there was no such baseline then" in run.err
    assert neverask("check", "--diff", "2027-03-10", "b.yaml", cwd=repository.folder).status == 1
    report = neverask("check", "--as-of", "2027-02-15", "--format", "json", "--lang", "nl", cwd=repository.folder)
    assert json.loads(report.out)["summary"]["read_from"].startswith("2027-02-15 (")
    assert "per 2027-02-15: commit " in report.err and "(2027-01-15)" in report.err
    for as_of, told in (("2027-01-01", "nothing was committed by then"), ("2027-02-31", "there is no such revision")):
        run = neverask("check", "--as-of", as_of, cwd=repository.folder)
        assert run.status == 2 and told in run.err
    assert neverask("check", "--as-of", "HEAD", "--staged", cwd=repository.folder).status == 2


def test_staged_names_files_from_where_one_is(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("d'ici/a b.yaml", ASKS)
    repository.write("other/a.yaml", ASKS)
    repository.git("add", "-A")
    run = neverask("check", "--staged", "--format", "json", cwd=repository.folder / "d'ici")
    assert {path for path, _ in rules(run)} == {"a b.yaml", "../other/a.yaml"}
    run = neverask("check", "--format", "json", "..", "a b.yaml", cwd=repository.folder / "d'ici")
    assert sorted(path for path, _ in rules(run)) == ["../other/a.yaml", "a b.yaml"]


def test_staged_takes_the_policy_of_the_index(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("replies/a.yaml", ASKS)
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "email"))
    repository.commit()
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "whatsapp"))
    assert neverask("check", "--staged", cwd=repository.folder).status == 0
    repository.git("add", "neverask.yaml")
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "email"))
    run = neverask("check", "--staged", "--format", "json", cwd=repository.folder)
    assert run.status == 1 and rules(run), "the policy that is staged concerns every file"


def test_before_the_first_commit_all_is_staged(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", ASKS)
    repository.git("add", "a.yaml")
    assert neverask("check", "--staged", cwd=repository.folder).status == 1


@pytest.mark.parametrize("arguments", [("BASE",), ("BASE..HEAD",), ("BASE...HEAD",), ("BASE", "HEAD")])
def test_diff_tells_what_was_added(arguments: tuple[str, ...], repository: Repository, neverask: Any) -> None:
    repository.write("a.yaml", ASKS + GREETS)
    base = repository.commit()
    repository.write("moved/b.yaml", GREETS + ASKS)
    repository.write("a.yaml", PASSWORD + GREETS)
    repository.commit()
    given = [argument.replace("BASE", base) for argument in arguments]
    run = neverask("check", "--format", "json", "--diff", *given, cwd=repository.folder)
    assert run.status == 1
    found = json.loads(run.out)["findings"]
    assert {(f["path"], f["words"].split()[0]) for f in found if "library" not in f["rule"]} == {("a.yaml", "password")}
    assert all("the words are new" in f["since"] for f in found if "library" not in f["rule"])


@pytest.mark.parametrize("paths", [["replies/dutch"], ["replies/dutch/a.yaml"], ["replies/dutch", "replies/dutch"]])
def test_what_moved_to_the_paths_is_not_new(paths: list[str], repository: Repository, neverask: Any) -> None:
    repository.write("replies/nl/a.yaml", ASKS)
    repository.write("replies/nl/b.yaml", GREETS)
    repository.commit()
    repository.git("mv", "replies/nl", "replies/dutch")
    moved = neverask("check", "--diff", "HEAD", "--", *paths, cwd=repository.folder)
    assert moved.status == 0, moved.out
    repository.write("replies/dutch/a.yaml", ASKS + PASSWORD)
    told = neverask("check", "--diff", "HEAD", "--format", "json", "--", *paths, cwd=repository.folder)
    assert [finding["line"] for finding in json.loads(told.out)["findings"] if "library" not in finding["rule"]] == [4]


def test_a_second_copy_is_new(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", ASKS)
    repository.commit()
    repository.write("0.yaml", ASKS)
    run = neverask("check", "--format", "json", "--diff", "HEAD", cwd=repository.folder)
    assert {path for path, _ in rules(run)} == {"0.yaml"}


def test_a_channel_in_the_policy_makes_an_untouched_reply_bad(repository: Repository, neverask: Any) -> None:
    repository.write("replies/a.yaml", ASKS)
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "email"))
    repository.commit()
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "whatsapp"))
    run = neverask("check", "--diff", "HEAD", cwd=repository.folder)
    assert run.status == 1
    assert "this file is as it was, the policy neverask.yaml has changed" in run.out


def test_what_is_found_in_a_policy_says_why_it_is_new(repository: Repository, neverask: Any) -> None:
    repository.write("a.yaml", ASKS)
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "whatsapp"))
    repository.commit()
    entry = "exceptions:\n  - {rule: no-sensitive-requests, file: RULED, reason: agreed with legal}\n"
    repository.write("neverask.yaml", POLICY.replace("CHANNEL", "whatsapp") + entry.replace("RULED", "a.yaml"))
    repository.write("a.yaml", GREETS)
    run = neverask("check", "--diff", "HEAD", "--lang", "nl", cwd=repository.folder)
    assert "[unused-exception]" in run.out and "sinds HEAD: de woorden zijn nieuw" in run.out
    repository.write("a.yaml", ASKS)
    repository.commit()
    repository.write("a.yaml", GREETS)
    run = neverask("check", "--diff", "HEAD", cwd=repository.folder)
    assert "[unused-exception]" in run.out and "this file is as it was, what it holds for has changed" in run.out


def test_nothing_is_gone_from_a_file_that_can_not_be_read(repository: Repository, neverask: Any) -> None:
    for name in "abc":
        repository.write(f"{name}.yaml", ASKS + PASSWORD)
    repository.commit()
    repository.write("a.yaml", ASKS + "   x: is broken\n")
    repository.write("b.yaml", ASKS)
    run = neverask("check", "--diff", "HEAD", cwd=repository.folder)
    assert run.status == 2 and "a.yaml:3:" in run.out
    assert "0 findings new since HEAD, 1 finding of it gone" in run.err


def test_an_edge_that_is_gone_makes_an_untouched_step_bad(repository: Repository, neverask: Any) -> None:
    repository.write("bot.yaml", FLOW.replace("NEXT", "warn"))
    repository.write("neverask.yaml", NOTICE_POLICY)
    repository.commit()
    repository.write("bot.yaml", FLOW.replace("NEXT", "ask"))
    run = neverask("check", "--diff", "HEAD", cwd=repository.folder)
    assert run.status == 1 and "bot.yaml:7:" in run.out
    assert "the words were there, the way that leads there has changed" in run.out


def test_a_bot_is_read_whole_when_one_of_its_files_is_staged(repository: Repository, neverask: Any) -> None:
    agent = Path(__file__).parent / "readers" / "dialogflow_es" / "agent"
    shutil.copytree(agent, repository.folder / "agent")
    intent, other = repository.folder / "agent/intents/Welcome.json", repository.folder / "agent/agent.json"
    repository.write("replies.yaml", PASSWORD)
    repository.write(
        "agent/intents/Welcome.json", intent.read_text().replace("Hi! We sell lamps.", "What is your IBAN?")
    )
    repository.commit()
    other.write_text(other.read_text() + "\n")
    repository.git("add", "-A")
    run = neverask("check", "--staged", "agent/agent.json", "--format", "json", cwd=repository.folder)
    assert {path for path, _ in rules(run)} == {"agent/intents/Welcome.json"}
    repository.commit()
    (repository.folder / "agent/entities/serial.json").unlink()
    repository.git("add", "-A")
    run = neverask("check", "--staged", "--format", "json", cwd=repository.folder)
    assert {path for path, _ in rules(run)} == {"agent/intents/Welcome.json"}, "a file of the bot is gone"


def test_what_is_mended_leaves_nothing_new(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", GREETS + ASKS)
    repository.commit()
    repository.write("a.yaml", GREETS)
    run = neverask("check", "--diff", "HEAD", cwd=repository.folder)
    assert run.status == 0 and "0 findings new since HEAD, 1 finding of it gone" in run.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--diff", "nowhere"), "no such revision"),
        (("--diff", "--upload-pack=x"), "no such revision"),
        (("--diff", "^HEAD"), "no such revision"),
        (("--staged", "--fix"), "mend first, then stage"),
        (("--staged", "--diff", "HEAD..HEAD"), "one revision alone"),
    ],
)
def test_what_cannot_be_compared_is_told(
    arguments: tuple[str, ...], said: str, repository: Repository, neverask: Callable[..., Any]
) -> None:
    repository.write("a.yaml", GREETS)
    repository.commit()
    run = neverask("check", *arguments, cwd=repository.folder)
    assert run.status == 2 and said in run.err


def test_a_merge_that_is_not_resolved_is_told(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", GREETS)
    base = repository.commit()
    repository.write("a.yaml", GREETS + ASKS)
    repository.commit()
    repository.git("checkout", "-q", "-b", "other", base)
    repository.write("a.yaml", GREETS + PASSWORD)
    repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "main")
    repository.write("b.yaml", ASKS)
    repository.git("add", "b.yaml")
    run = neverask("check", "--staged", cwd=repository.folder)
    assert run.status == 2 and "a.yaml: cannot read: its merge is not resolved" in run.out and "b.yaml:" in run.out
    assert neverask("check", "--staged", "b.yaml", cwd=repository.folder).status == 1


def test_what_a_sparse_checkout_leaves_out_is_neither_gone_nor_passed_over_in_silence(
    repository: Repository, neverask: Callable[..., Any]
) -> None:
    repository.write("here/a.yaml", ASKS)
    repository.write("there/b.yaml", PASSWORD)
    repository.commit()
    repository.git("sparse-checkout", "set", "here")
    run = neverask("check", "--diff", "HEAD", cwd=repository.folder)
    assert run.status == 0 and "not compared, left out of this sparse checkout: 1 file of HEAD" in run.err
    assert "0 findings new" in run.err and "gone" not in run.err
    assert neverask("check", "--diff", "HEAD", "there/b.yaml", cwd=repository.folder).status == 2
    run = neverask("check", "--diff", "HEAD..HEAD", cwd=repository.folder)
    assert "not compared" not in run.err


def test_a_shallow_clone_without_the_base_is_told(repository: Repository, neverask: Any, tmp_path: Path) -> None:
    repository.write("a.yaml", GREETS)
    base = repository.commit()
    repository.commit()
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", "shallow")
    run = neverask("check", "--diff", base, cwd=repository.folder / "shallow")
    assert run.status == 2 and "it is a shallow clone" in run.err


def test_staged_paths_through_a_link_to_the_repository(
    repository: Repository, neverask: Any, tmp_path_factory: Any
) -> None:
    repository.write("a.yaml", ASKS)
    repository.git("add", "a.yaml")
    link = tmp_path_factory.mktemp("beside") / "link"
    link.symlink_to(repository.folder)
    assert neverask("check", "--staged", str(link / "a.yaml"), cwd=repository.folder).status == 1


def test_outside_a_repository(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    run = neverask("check", "--staged", cwd=tmp_path)
    assert run.status == 2 and "not a git repository" in run.err


@pytest.mark.parametrize("form", ["text", "json", "junit", "markdown", "html", "sarif"])
def test_a_report_says_what_a_comparison_leaves_out(
    form: str, repository: Repository, neverask: Callable[..., Any]
) -> None:
    repository.write("a.yaml", ASKS)
    repository.commit()
    repository.write("a.yaml", ASKS + GREETS)
    run = neverask("check", "--diff", "HEAD", "--format", form, cwd=repository.folder)
    left = {"json": '"not_shown": 1', "sarif": '"not_shown": 1'}.get(form, "not shown: 1 finding that stood at HEAD")
    assert run.status == 0 and left in run.out and "othing found" not in run.out


def test_a_report_names_the_commits_and_the_texts_that_it_is_about(
    repository: Repository, neverask: Callable[..., Any]
) -> None:
    """HEAD is another one tomorrow, and what is staged is not what stands in the folder."""
    repository.write("a.yaml", ASKS)
    first = repository.commit()
    staged = repository.write("a.yaml", ASKS + GREETS).read_bytes()
    repository.git("add", "a.yaml")
    repository.write("a.yaml", GREETS)
    form = ("--format", "markdown")
    page = neverask("check", "--staged", "--diff", "HEAD", *form, cwd=repository.folder).out
    assert "- Read from: the index\n" in page and f"they stood already: 1 (HEAD, {first})\n" in page
    assert f"- a.yaml {sha256(staged).hexdigest()}\n" in page
    assert "- Read from: the index\n" in neverask("check", "--staged", *form, cwd=repository.folder).out
    staged_json = neverask("check", "--staged", "--format", "json", cwd=repository.folder).out
    assert json.loads(staged_json)["summary"]["read_from"] == "the index"
    second = repository.commit()
    page = neverask("check", "--diff", "HEAD~1..HEAD", *form, cwd=repository.folder).out
    assert f"- Read from: HEAD ({second})\n" in page
    assert "Read from" not in neverask("check", *form, cwd=repository.folder).out
    for arguments, said in ((["--diff", "HEAD~1...HEAD"], f"HEAD ({second})"), ([], "")):
        for kind in ("json", "sarif"):
            told = json.loads(neverask("check", *arguments, "--format", kind, cwd=repository.folder).out)
            of = told["summary"] if kind == "json" else told["runs"][0]["properties"]
            assert of.get("read_from", "") == said, (arguments, kind)
    run = neverask("check", "--diff", first, "--format", "json", cwd=repository.folder)
    assert json.loads(run.out)["summary"]["diff"]["commit"] == first


def test_a_baseline_and_what_is_staged(repository: Repository, neverask: Callable[..., Any]) -> None:
    """What is known of files that are not staged is neither shown nor gone."""
    repository.write("a.yaml", ASKS)
    repository.write("b.yaml", PASSWORD + GREETS)
    repository.write("neverask.yaml", "neverask: 1\nextends: [whatsapp]\n")
    assert "2 findings" in neverask("baseline", cwd=repository.folder).out
    repository.commit()
    known = ("--staged", "--baseline", ".neverask-baseline.json")
    repository.write("b.yaml", PASSWORD + GREETS.replace("Welcome", "Hello"))
    repository.git("add", ".")
    run = neverask("check", *known, cwd=repository.folder)
    assert run.status == 0 and "1 known finding not shown\n" in run.err and "gone" not in run.err
    repository.write("b.yaml", ASKS.replace("IBAN", "passport") + GREETS)
    repository.git("add", ".")
    run = neverask("check", *known, cwd=repository.folder)
    assert run.status == 1 and "passport" in run.out and "gone: b.yaml" in run.err and "gone: a.yaml" not in run.err
    assert neverask("check", "--strict", "--baseline", known[-1], cwd=repository.folder).status == 1


def test_a_baseline_calls_nothing_gone_that_stood_at_the_base(repository: Repository, neverask: Any) -> None:
    repository.write("a.yaml", ASKS)
    neverask("baseline", cwd=repository.folder)
    repository.commit()
    repository.write("a.yaml", ASKS + PASSWORD)
    run = neverask("check", "--diff", "HEAD", "--baseline", ".neverask-baseline.json", cwd=repository.folder)
    assert "password" in run.out and "gone" not in run.err
    mended = repository.write("a.yaml", PASSWORD)
    run = neverask("check", "--baseline", ".neverask-baseline.json", cwd=repository.folder)
    assert f"gone: {mended.name}" in run.err


def test_the_hook_that_init_writes_knows_the_baseline(
    repository: Repository, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    repository.write("a.yaml", ASKS + GREETS)
    assert neverask("init", "--hook", cwd=repository.folder).status == 0
    neverask("baseline", cwd=repository.folder)
    command = tmp_path / "bin" / "neverask"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m neverask "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")

    def commit() -> int:
        repository.git("add", ".")
        run = subprocess.run(
            ["git", *who, "commit", "-q", "-m", "x"], cwd=repository.folder, env=environment, capture_output=True
        )
        return run.returncode

    assert commit() == 0, "old findings hold nobody up"
    repository.write("a.yaml", ASKS + GREETS + PASSWORD)
    assert commit() == 1
    repository.write("a.yaml", ASKS + GREETS.replace("Welcome", "Hello"))
    assert commit() == 0


def test_a_pointer_of_git_lfs_is_told(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", GREETS)
    repository.commit()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    repository.write("b.yaml", pointer)
    repository.write("logo.png", pointer)
    repository.git("add", "b.yaml", "logo.png")
    repository.write("b.yaml", ASKS)  # as the filter of LFS writes it
    for arguments in (("--staged",), ("--staged", "--diff", "HEAD"), ("--staged", "--jobs", "2")):
        run = neverask("check", *arguments, cwd=repository.folder)
        assert "1 file could not be read" in run.out and "logo.png: cannot read" not in run.out
        assert run.status == 2 and "b.yaml: cannot read: cannot read: Git LFS pointer" not in run.out
        assert "b.yaml: cannot read: Git LFS pointer" in run.out
    repository.git("commit", "-q", "-m", "a pointer")
    run = neverask("check", "--diff", "HEAD~1..HEAD", cwd=repository.folder)
    assert run.status == 2 and "Git LFS pointer" in run.out


def test_a_file_that_git_keeps_through_a_filter_is_told(repository: Repository, neverask: Callable[..., Any]) -> None:
    """Encrypted, say: it was taken for a file of no interest, and the commit passed."""
    repository.git("config", "filter.locked.clean", "base64")
    repository.git("config", "filter.locked.smudge", "base64 -d")
    repository.git("config", "filter.tidy.clean", "cat")
    repository.write(".gitattributes", "*.yaml filter=locked\n*.txt filter=locked\n*.json filter=tidy\n")
    repository.write("note.txt", "Bring milk.\n")
    repository.write("b.json", '[{"id": 1, "text": "Welcome to our shop."}]')
    repository.write("a.yaml", ASKS)
    repository.git("add", ".")
    said = "a.yaml: cannot read: git keeps this through its filter 'locked', and what it keeps is none of what neverask"
    run = neverask("check", "--staged", cwd=repository.folder)
    assert run.status == 2 and said in run.out and "Checked 1 file" in run.out and "1 file could not be" in run.out
    repository.commit()
    assert said in neverask("check", "--as-of", "HEAD", cwd=repository.folder).out
    (repository.folder / "a.yaml").write_text(ASKS + ASKS)
    assert neverask("check", "a.yaml", cwd=repository.folder).status == 1


def test_a_clone_of_one_branch_is_told_how_it_gets_another(
    repository: Repository, neverask: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It was told to be deepened, which fetches no other branch."""
    repository.write("a.yaml", GREETS)
    repository.commit()
    repository.git("checkout", "-q", "-b", "feature")
    repository.write("b.yaml", ASKS)
    repository.commit()
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", "-b", "feature", repository.folder.as_uri(), str(clone))
    said = neverask("check", ".", "--diff", "origin/main", cwd=clone).err
    told = re.search(r"there is no such revision in this repository; 'git (.*)' fetches it", said)
    assert told is not None, said
    subprocess.run(["git", *told[1].split()], cwd=clone, check=True, capture_output=True)
    run = neverask("check", ".", "--diff", "origin/main", cwd=clone)
    assert run.status == 1 and "1 error." in run.out
    assert "did you mean 'origin/main'?" in neverask("check", ".", "--diff", "main", cwd=clone).err
    assert "'git fetch --unshallow' fetches older commits" in neverask("check", ".", "--diff", "v1", cwd=clone).err


def test_a_pointer_of_git_lfs_whose_content_was_not_fetched_is_told(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    (tmp_path / "a.yaml").write_text(GREETS)
    read = ["b.csv", "b.json", "b.md", "b.txt", "b.xlsx", "b.yaml", "b.zip", "b.bpz", "b.bot", "b.xlsm"]
    for name in (*read, "logo.png", "logo.psd"):
        (tmp_path / name).write_text(pointer)
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("b.csv", pointer)
    run = neverask("check", ".", cwd=tmp_path)
    assert run.status == 2 and "Checked 1 file, 1 message" in run.out
    for name in (*read, "c.zip!b.csv"):
        assert f"{name}: cannot read: Git LFS pointer; its content is not here" in run.out
    assert "11 files could not be read" in run.out and "2 files not recognised" in run.out


def test_what_is_in_another_repository_is_not_compared(
    repository: Repository, neverask: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It would be the same on both sides, on the disk, or on one of them."""
    repository.write("a.yaml", GREETS)
    repository.commit()
    (repository.folder / "inner").mkdir()
    inner = Repository(repository.folder / "inner")
    inner.write("b.yaml", ASKS)
    inner.commit()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "c.yaml"
    elsewhere.write_text(ASKS)
    for path in (str(elsewhere), "inner", "inner/b.yaml"):
        run = neverask("check", "--diff", "HEAD", path, cwd=repository.folder)
        assert run.status == 2 and f"{path}: this is not in the repository" in run.err, path
    repository.write("deep/c.yaml", ASKS)
    for path in ("deep", "deep/c.yaml", "."):
        assert neverask("check", "--diff", "HEAD", path, cwd=repository.folder).status == 1


def test_another_repository_inside_is_told(
    repository: Repository, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Repository(other).write("b.yaml", ASKS)
    Repository(other).commit()
    repository.write("a.yaml", GREETS)
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "module")
    repository.git("add", "module", "a.yaml")
    repository.git("commit", "-q", "-m", "a module")
    (repository.folder / "was-a-file.yaml").write_text(GREETS)
    repository.git("add", "was-a-file.yaml")
    (repository.folder / "was-a-file.yaml").unlink()
    repository.write("was-a-file.yaml/c.yaml", GREETS)
    run = neverask("check", "-v", ".", cwd=repository.folder)
    assert run.status == 0 and run.out.count("a repository of its own") == 2, run.out
    assert "module: not checked: " in neverask("check", "-v", "--diff", "HEAD", cwd=repository.folder).out
    (repository.folder / ".gitmodules").unlink()
    run = neverask("check", "--strict", ".", "module", "./other/", cwd=repository.folder)
    assert run.status == 1 and run.out.count("bank account number") == 2, run.out
    shutil.rmtree(repository.folder / "module")
    (repository.folder / "module").mkdir()  # as in a clone that has not fetched it
    run = neverask("check", "-v", ".", cwd=repository.folder)
    assert "module: not checked: a submodule that is not here: 'git submodule update --init' fetches it" in run.out


def test_a_policy_in_a_submodule_holds_for_what_is_staged_and_for_revisions(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So firms of one group share a policy: the hook refused every commit, as there was no such file in the index."""
    for name in ("group", "brand"):
        (tmp_path / name).mkdir()
    group, brand = Repository(tmp_path / "group"), Repository(tmp_path / "brand")
    group.write("base.yaml", "neverask: 1\nextends: whatsapp\n")
    group.commit()
    brand.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(group.folder), "group")
    brand.write("neverask.yaml", "neverask: 1\nextends: group/base.yaml\n")
    brand.write("a.yaml", ASKS)
    brand.commit()
    monkeypatch.setenv("GIT_INDEX_FILE", str(brand.folder / ".git" / "index"))  # as a hook is told
    brand.write("a.yaml", ASKS + "- id: more\n  text: What is your policy number?\n")
    brand.git("add", "a.yaml")
    run = neverask("check", "--no-cache", "--staged", cwd=brand.folder)
    assert run.status == 1 and "bank account number" in run.out, run.err
    assert "0 findings new" in neverask("check", "--no-cache", "--diff", "HEAD", cwd=brand.folder).err
    brand.commit()
    monkeypatch.delenv("GIT_INDEX_FILE")
    inside = Repository(brand.folder / "group")
    inside.write(
        "base.yaml",
        "neverask: 1\nextends: whatsapp\ndata: {policy-number: {en: [policy number]}, sensitive: [+policy-number]}\n",
    )
    inside.commit()
    assert neverask("check", "--no-cache", "--staged", cwd=brand.folder).status == 0, "nothing is staged yet"
    brand.git("add", "group")
    run = neverask("check", "--no-cache", "--staged", "--diff", "HEAD", cwd=brand.folder)
    assert run.status == 1 and "the policy group/base.yaml has changed" in run.out
    (brand.folder / "linked").mkdir()
    (brand.folder / "linked" / "neverask.yaml").symlink_to("../group/base.yaml")
    brand.write("linked/b.yaml", "- id: more\n  text: What is your policy number?\n")
    brand.git("add", "linked")
    assert "linked/b.yaml:2:" in neverask("check", "--no-cache", "--staged", "linked", cwd=brand.folder).out
    brand.git("rm", "-q", "-f", "-r", "linked")
    brand.git("-c", "protocol.file.allow=always", "submodule", "deinit", "-f", "-q", "group")
    for how in ([], ["--staged"], ["--diff", "HEAD"]):
        run = neverask("check", "--no-cache", *how, ".", cwd=brand.folder)
        assert run.status == 2
        assert "'group' is empty: a submodule is fetched by 'git submodule update --init'" in run.err


def test_a_hook_of_one_repository_checks_another(
    repository: Repository, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Repository(other).write("b.yaml", ASKS)
    Repository(other).commit()
    (other / ".gitignore").write_text("*.yaml\n")
    repository.write("a.yaml", GREETS)
    repository.commit()
    monkeypatch.setenv("GIT_DIR", str(repository.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.folder / ".git" / "index"))
    assert neverask("check", "--no-cache", str(other), cwd=repository.folder).status == 1


def test_nothing_of_the_repository_is_run_or_written(repository: Repository, neverask: Callable[..., Any]) -> None:
    repository.write("a.yaml", GREETS)
    repository.write(".gitattributes", "*.yaml diff=evil filter=evil\n")
    repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"100644,{'0' * 39}1,gone.yaml")
    for name in ("diff.evil.textconv", "filter.evil.smudge", "filter.evil.clean", "core.fsmonitor"):
        repository.git("config", name, f"touch {repository.folder}/ran; cat")
    before = {path: path.stat().st_mtime_ns for path in (repository.folder / ".git").rglob("*")}
    run = neverask("check", "--staged", cwd=repository.folder)
    assert run.status == 2 and "git does not have the content of this file" in run.out
    assert neverask("check", "--diff", "HEAD~0..HEAD", cwd=repository.folder).status == 0
    assert not (repository.folder / "ran").exists()
    assert before == {path: path.stat().st_mtime_ns for path in (repository.folder / ".git").rglob("*")}


def test_a_git_that_refuses_is_told_where_a_day_is_named(repository: Repository, neverask: Callable[..., Any]) -> None:
    """It was taken for a day by which nothing was committed."""
    repository.write("a.yaml", GREETS)
    repository.commit()
    run = neverask("exceptions", "--as-of", "2035-01-31", cwd=repository.folder / ".git")
    assert run.status == 2 and "by then" not in run.err and "git: fatal" in run.err


def test_a_tree_of_git_looks_as_it_does_on_disk(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "bot/x.lg", "bot/in/y.lg", "bot/.hid/z.lg", "bot/in/deep/q.json", "é ü/w.json"):
        repository.write(name, name)
    (repository.folder / "link.yaml").symlink_to("bot/in/y.lg")
    (repository.folder / "bot" / "up").symlink_to("../é ü")
    (repository.folder / "out").symlink_to("/etc/passwd")
    (repository.folder / "nowhere").symlink_to("missing")
    (repository.folder / "round").symlink_to("round")
    repository.commit()
    monkeypatch.chdir(repository.folder)
    disk, git = trees.WorkTree(), around.revision("HEAD")
    assert sorted(git.below(".", [])) == sorted(disk.below(".", []))
    for folder in ("", "bot", "bot/in", "bot/up"):
        for pattern in ("*", "*/*.lg", "../*", "**/*.lg", "../*/x.lg", "in/y.lg", "*.json", "up/*"):
            if folder or not pattern.startswith(".."):
                expected = sorted(glob(pattern, root_dir=folder or ".", recursive=True))
                assert git.match(folder, pattern) == expected, (folder, pattern)
    for name in (
        "a.yaml",
        "link.yaml",
        "bot/up/w.json",
        "bot/../a.yaml",
        "bot",
        "missing",
        "nowhere",
        "round",
        "bot/up",
    ):
        path = os.path.join(".", name)
        assert (git.isfile(path), git.isdir(path), git.exists(path)) == (
            disk.isfile(path),
            disk.isdir(path),
            disk.exists(path),
        ), name
        if disk.isfile(path):
            assert (git.read(path), git.real(path)) == (disk.read(path), disk.real(path))
    assert not git.isfile("out"), "a link out of the repository is not followed"
    git.close()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(seed=6151, changes=2)  # a bot that can not be read any more
@given(seed=st.integers(0, 10_000), changes=st.integers(1, 4))
def test_diff_is_the_difference_of_two_full_runs(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        repository = Repository(Path(place).resolve())
        repository.write("replies/a.yaml", ASKS + GREETS + PASSWORD)
        repository.write(
            "replies/b.json", json.dumps([{"id": 7, "text": "Stuur ons uw BSN."}, {"id": 8, "text": "Hi!"}])
        )
        repository.write("bot.yaml", FLOW.replace("NEXT", "warn"))
        repository.write("neverask.yaml", NOTICE_POLICY.replace("rules", "extends: [whatsapp]\nrules"))
        agent = Path(__file__).parent / "readers" / "dialogflow_es" / "agent"
        shutil.copytree(agent, repository.folder / "agent")
        base = commit(repository.folder)
        for _ in range(changes):
            edit(repository.folder, chance)
        compared = compare(repository.folder, base, commit(repository.folder))
        assert compared.shown == compared.expected


ASKED = {
    "rev-parse": ("--staged",),
    "ls-files": ("--staged",),
    "cat-file": ("--staged",),
    "ls-tree": ("--diff", "HEAD"),
    "merge-base": ("--diff", "HEAD...HEAD"),
}
LATIN, ZEROS = r"\351\350\377\n", r"\0\0\0"
ANSWERS = [
    ("rev-parse", LATIN),
    ("rev-parse", r"/tmp\0/x\n"),
    ("rev-parse", ""),
    ("merge-base", LATIN),
    ("merge-base", ""),
    ("ls-tree", LATIN),
    ("ls-tree", ZEROS),
    ("ls-tree", r"warning: caf\351\n100644 blob OBJECT\ta.yaml\0"),
    ("ls-files", LATIN),
    ("ls-files", ZEROS),
    ("ls-files", r"100644 caf\351 0\ta.yaml\0"),
    ("cat-file", LATIN),
    ("cat-file", ""),
    ("cat-file", r"OBJECT blob -5\n"),
    ("cat-file", r"OBJECT blob \351\n"),
    ("cat-file", rf"OBJECT blob {'9' * 5000}\n"),
    ("cat-file", r"OBJECT blob 300\nless than it says"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="the other git is a shell script")
@pytest.mark.parametrize(("asked", "answer"), ANSWERS, ids=[f"{one}: {said[:30]}" for one, said in ANSWERS])
def test_a_git_that_is_not_understood_is_told(
    asked: str, answer: str, repository: Repository, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program around git may say anything in any encoding; no file is passed over for it."""
    repository.write("a.yaml", GREETS)
    repository.commit()
    repository.write("a.yaml", ASKS)
    repository.git("add", "-A")
    said = answer.replace("OBJECT", repository.git("rev-parse", ":a.yaml").strip())
    real = shutil.which("git")
    script = f"#!/bin/sh\ncase \" $* \" in *' {asked} '*) printf '{said}'; exit;; esac\nexec {real} \"$@\"\n"
    other = repository.write("bin/git", script)
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{other.parent}{os.pathsep}{os.environ['PATH']}")
    run = neverask("check", *ASKED[asked], cwd=repository.folder)
    assert run.status == 2 and "mistake here" not in run.out, run.out + run.err


@pytest.mark.skipif(sys.platform == "win32", reason="the other git is a shell script")
def test_no_file_is_passed_over_for_what_git_says_before_the_first(
    repository: Repository, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("a.yaml", ASKS)
    repository.write("gone.yaml", ASKS)
    repository.write(".gitignore", "bin\n")
    repository.git("add", "a.yaml", "gone.yaml")
    repository.git("commit", "-qm", "x")
    (repository.folder / "gone.yaml").unlink()
    real = shutil.which("git")
    other = repository.write("bin/git", f"#!/bin/sh\nprintf 'caf\\351: be careful\\n'\nexec {real} \"$@\"\n")
    other.chmod(0o755)
    (repository.folder / ".gitignore").rename(repository.folder / ".git" / "info" / "exclude")
    assert "Checked 1 file," in neverask("check", "--no-cache", ".", cwd=repository.folder).out
    monkeypatch.setenv("PATH", f"{other.parent}{os.pathsep}{os.environ['PATH']}")
    assert "Checked 1 file," in neverask("check", "--no-cache", ".", cwd=repository.folder).out


def test_a_commit_of_a_day_that_no_calendar_has(repository: Repository, neverask: Any) -> None:
    """git takes the year 10000."""
    day = "253402300800 +0000"
    repository.write("a.yaml", f"# neverask: allow no-sensitive-requests until 2099-01-31 -- tax\n{ASKS}")
    repository.git("add", "-A")
    tree = repository.git("write-tree").strip()
    head = f"tree {tree}\nauthor t <t@example.com> {day}\ncommitter t <t@example.com> {day}\n\nx\n"
    (repository.folder / "commit").write_text(head)
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "commit").strip()
    repository.git("update-ref", "refs/heads/main", commit)
    run = neverask("exceptions", "a.yaml", cwd=repository.folder)
    assert run.status == 0 and "owner:  t\n" in run.out


def test_a_folder_that_looks_like_a_repository_hides_nothing(
    repository: Repository, neverask: Callable[..., Any]
) -> None:
    """All of it may be content that was cloned: what it says to ignore would be left out unseen."""
    repository.write("replies/a.yaml", ASKS)
    repository.write("replies/b.yaml", GREETS)
    repository.write("replies/HEAD", "ref: refs/heads/main\n")
    repository.write("replies/config", "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\n")
    repository.write("replies/info/exclude", "a.yaml\n")
    for name in ("objects", "refs"):
        repository.write(f"replies/{name}/kept", "")
    repository.commit()
    for where, path in ((repository.folder, "replies"), (repository.folder / "replies", ".")):
        run = neverask("check", path, cwd=where)
        assert run.status == 1 and "a.yaml:2:" in run.out


def test_what_git_lacks_is_not_fetched_by_an_older_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not know the variable that forbids it, and takes from the repository the command to fetch with."""
    repository.write("a.yaml", GREETS)
    repository.commit()
    settings_of_it = {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::touch {repository.folder}/ran",
        "protocol.ext.allow": "always",
    }
    for name, value in settings_of_it.items():
        repository.git("config", name, value)
    repository.git("update-index", "--add", "--cacheinfo", f"100644,{'0' * 39}1,gone.yaml")
    monkeypatch.chdir(repository.folder)
    monkeypatch.delitem(git._NOTHING_BUT_READING, "GIT_NO_LAZY_FETCH")
    with pytest.raises(SourceError, match="git does not have the content"):
        around.index().read("gone.yaml")
    assert not (repository.folder / "ran").exists()


def test_nobody_waits_for_ever_for_git(
    repository: Repository, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("a.yaml", ASKS)
    os.mkfifo(repository.folder / ".gitignore")
    monkeypatch.setattr(git, "_PATIENCE", 1)
    run = neverask("check", "--no-cache", cwd=repository.folder)
    assert run.status == 2 and "a.yaml:2:" in run.out and "this is not a regular file" in run.out


def test_an_object_that_is_a_pipe_is_not_waited_for(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("a.yaml", ASKS)
    repository.commit()
    name = repository.git("rev-parse", "HEAD:a.yaml").strip()
    loose = repository.folder / ".git" / "objects" / name[:2] / name[2:]
    monkeypatch.chdir(repository.folder)
    tree = around.revision("HEAD")
    assert tree.read("a.yaml").decode() == ASKS
    tree.close()
    loose.unlink()
    os.mkfifo(loose)
    monkeypatch.setattr(git, "_PATIENCE", 1)
    with pytest.raises(SourceError, match="git did not answer within 1 seconds"):
        tree.read("a.yaml")


def test_very_many_findings_of_a_change_are_explained_in_linear_time() -> None:
    """For each of them the whole file was looked through, before and after."""

    class Tree(trees.WorkTree):
        def __init__(self, text: str) -> None:
            self.text = text

        def isfile(self, path: str) -> bool:
            return True

        def read(self, path: str) -> bytes:
            return self.text.encode()

    text = "Please send us your IBAN. " * 100_000
    source = Source("a.txt", text)
    found = Ends(Tree("x" + text), Tree(text), "HEAD", "", ())
    finding = Finding("no-iban", "error", "m", source, Span(20, 24))
    start = time.process_time()
    why = _Why(found, Report())
    for _ in range(20_000):
        assert "the words were there" in why.told(finding)
    assert time.process_time() - start < 10
