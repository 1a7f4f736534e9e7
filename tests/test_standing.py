"""A bot of several files is one bot, whichever of them is named, wherever one stands, and however it is packed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask.in_force import Policies
from neverask.report import Report
from neverask.seen import conversations_in

PLANTED = Path(__file__).parent / "planted"
BOTS = {
    "botpress": "shop",
    "composer": "bot",
    "copilot_studio": "agent",
    "dialogflow_cx": "agent",
    "dialogflow_es": "agent",
    "lex_v2": "export",
    "rasa": "bot",
    "rasa_calm": "bot",
}
Read = list[tuple[int, int, int, list[str]]]


def read(name: str) -> Read:
    """How much each conversation of a file or folder has, and what it says."""
    report = Report()
    found = [one for _, _, one in conversations_in(name, report, Policies("whatsapp"))]
    return sorted(
        (len(one.documents), len(one.captures), sum(len(flow.steps) for flow in one.flows), sorted(texts))
        for one in found
        if (texts := [message.text for message in one.messages])
    )


def files_of(bot: Path) -> list[Path]:
    return sorted(path for path in bot.rglob("*") if path.is_file())


@pytest.fixture(params=BOTS)
def bot(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    there: Path = tmp_path / "bots" / request.param
    shutil.copytree(PLANTED / request.param / BOTS[request.param], there)
    return there


def test_it_is_the_same_wherever_one_stands(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bot.parent / ".git").mkdir()
    monkeypatch.chdir(bot.parent)
    whole = read(bot.name)
    assert whole
    for file in files_of(bot):
        monkeypatch.chdir(bot.parent)
        from_above = read(os.path.relpath(file))
        assert from_above in (whole, [])  # no reader knows the file, or it is none of the bot
        monkeypatch.chdir(file.parent)
        assert read(file.name) == from_above, file
        monkeypatch.chdir(min(one for one in bot.rglob("*") if one.is_dir()))
        assert read(os.path.relpath(file)) == from_above, file


def test_out_of_a_repository_it_is_what_one_stands_above(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bot)
    whole = read(".")
    for file in files_of(bot):
        assert read(os.path.relpath(file)) in (whole, []), file


def test_or_what_the_policy_stands_above(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bot / "neverask.yaml").write_text("neverask: 1\nextends: whatsapp\n", encoding="utf-8")
    monkeypatch.chdir(bot)
    whole = read(".")
    for file in files_of(bot):
        monkeypatch.chdir(file.parent)
        assert read(file.name) in (whole, []), file


def test_what_stands_above_is_nobodys_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a repository, a policy or somebody who stands there nothing says that the folder above belongs to it."""
    shutil.copytree(PLANTED / "rasa" / "bot", tmp_path / "bot")
    monkeypatch.chdir(tmp_path / "bot" / "data")
    assert read("rules.yml") == []


@pytest.mark.parametrize("inside", [".", "{}"])
def test_it_is_the_same_when_it_is_packed(inside: str, bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``tar czf bot.tgz -C bot .`` names its members ``./…``."""
    monkeypatch.chdir(bot.parent)
    with tarfile.open("packed.tgz", "w:gz") as packed:
        for file in reversed(files_of(bot)):
            packed.add(file, f"{inside.format(bot.name)}/{file.relative_to(bot).as_posix()}")
    assert read("packed.tgz") == read(bot.name)


def test_a_change_is_told_once(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """``check --diff`` from the folder of the file that was changed reads no file twice."""
    bot = tmp_path / "agent"
    shutil.copytree(PLANTED / "dialogflow_cx" / "agent", bot)
    own = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "-A"), (*own, "commit", "-qm", "x")):
        subprocess.run(["git", *words], cwd=bot, check=True, capture_output=True)
    file = bot / "flows" / "Start" / "pages" / "Order.json"
    before = file.read_text(encoding="utf-8")
    after = before.replace("~say~", "Please send us the PIN of your card.", 1)
    assert after != before
    file.write_text(after, encoding="utf-8")
    for folder in (bot, file.parent, file.parent.parent):
        told = neverask("check", "--diff", "HEAD", "--policy", "whatsapp", cwd=folder)
        assert [line.partition(":")[0] for line in told.out.splitlines() if "Order.json:" in line] == [
            os.path.relpath(file, folder)
        ]
