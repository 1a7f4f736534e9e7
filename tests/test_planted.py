"""Planted faults: a clean bot of each platform, with an ask in every kind of place where text can stand, a sensitive
capture behind an innocent prompt, and a way round the disclaimer. All are found, each at its line, nothing else.

Each folder in ``tests/planted/`` is a bot with marks in it. A clean bot has something harmless where a mark stands:

``~say~``       a text a customer reads: an ask planted here is found on this line;
``~pick~``      a button or an option: it is read, but a customer's own choice asks for nothing;
``~hide~``      what no customer reads (training phrases, notes, names, code): an ask planted here stays silent;
``~into~``      where an answer goes: a sensitive name planted here is found on this line, whatever the prompt says;
``~into:x~``    the same, where other places (``~ref:x~``) speak of it by name; ``~at:x~`` marks the line.

``plan.yaml`` beside it names the file that is checked, and ``changes`` of the text with what is then found ``at`` the
line that has these words: the ways round the disclaimer, captures whose type says it all, and others.
"""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.engine import check
from neverask.report import Report
from neverask.seen import conversations

PLANTED = Path(__file__).parent / "planted"
POLICY = str(PLANTED / "policy.yaml")
PLATFORMS = sorted(folder.name for folder in PLANTED.iterdir() if folder.is_dir())
MARK = re.compile(r"~(say|pick|hide|into|ref|at)(?::(\w+))?~")
CLEAN = {"say": "Have a nice day.", "pick": "Blue", "hide": "lamps", "into": "colour", "ref": "colour", "at": ""}
ASK = "Please send us your PIN code."
Found = set[tuple[str, int, str]]


@dataclass(frozen=True)
class Mark:
    """A mark in a bot: its file, its number among the marks of the file, what it is, and its line."""

    file: str
    number: int
    kind: str
    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}{self.number}"


class Bot:
    """A platform's bot, written into a folder with something planted into it."""

    def __init__(self, platform: str) -> None:
        self.home = PLANTED / platform
        self.plan: dict[str, Any] = yaml.safe_load((self.home / "plan.yaml").read_text(encoding="utf-8"))
        self.texts = {
            str(file.relative_to(self.home)): file.read_bytes().decode("utf-8")
            for file in sorted(self.home.rglob("*"))
            if file.is_file() and file.name != "plan.yaml"
        }

    def marks(self, kind: str) -> Iterator[Mark]:
        for file, text in self.texts.items():
            for number, found in enumerate(MARK.finditer(text)):
                if found[1] == kind:
                    line = text[: found.start()].count("\n") + 1
                    yield Mark(file, number, kind, found[2] or "", line)

    def clean(self) -> dict[str, str]:
        return self.with_planted("", "")

    def with_planted(self, kind: str, words: str) -> dict[str, str]:
        """The bot with the words at every mark of a kind."""

        def fill(found: re.Match[str]) -> str:
            planted = found[1] == kind or (kind == "into" and found[1] == "ref")
            suffix = f"_{found[2]}" if found[2] and found[1] != "at" else ""
            return (words if planted else CLEAN[found[1]]) + suffix

        return {file: MARK.sub(fill, text) for file, text in self.texts.items()}

    def write(self, folder: Path, texts: dict[str, str]) -> Path:
        """Write the bot; the path that is checked is returned."""
        shutil.rmtree(folder, ignore_errors=True)
        for file, text in texts.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(text.encode("utf-8"))
        return folder / str(self.plan["bot"])


def bots() -> Iterator[Any]:
    for platform in PLATFORMS:
        yield pytest.param(Bot(platform), id=platform)


def found_in(path: Path, folder: Path) -> Found:
    """What is found, by file, line and rule; it is an error not to read something."""
    report = check([str(path)], POLICY)
    assert [unread for unread in report.unread if unread.error] == []
    found = set()
    for finding in report.findings:
        archive, inside, member = finding.source.path.partition(".zip!")
        file = member if inside else os.path.relpath(archive, folder)
        found.add((file, finding.source.position(finding.span.start).line, finding.rule))
    return found


def lines_with(words: str, path: Path, folder: Path) -> set[tuple[str, int]]:
    """The lines on which a message has these words, by file."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = set()
    for file in (one for one in files if one.is_file()):
        for conversation in conversations(str(file), Report()):
            for message in conversation.messages:
                if words in message.text:
                    span = message.located().span(message.text.index(words))
                    at = message.document.source.position(span.start)
                    found.add((os.path.relpath(message.document.source.path, folder), at.line))
    return found


@pytest.mark.parametrize("bot", list(bots()))
def test_the_clean_bot_is_clean(bot: Bot, tmp_path: Path) -> None:
    path = bot.write(tmp_path, bot.clean())
    assert found_in(path, tmp_path) == set()
    assert list(bot.marks("say")) and list(bot.marks("hide"))
    assert list(bot.marks("into")) or bot.plan.get("takes nothing")


@pytest.mark.parametrize("bot", list(bots()))
def test_an_ask_is_found_wherever_text_can_stand(bot: Bot, tmp_path: Path) -> None:
    expected = {(mark.file, mark.line, "asks") for mark in bot.marks("say")}
    assert found_in(bot.write(tmp_path, bot.with_planted("say", ASK)), tmp_path) == expected


@pytest.mark.parametrize("bot", list(bots()))
def test_an_ask_that_no_customer_reads_is_none(bot: Bot, tmp_path: Path) -> None:
    assert found_in(bot.write(tmp_path, bot.with_planted("hide", ASK)), tmp_path) == set()


@pytest.mark.parametrize("bot", list(bots()))
def test_a_choice_is_read_and_asks_for_nothing(bot: Bot, tmp_path: Path) -> None:
    path = bot.write(tmp_path, bot.with_planted("pick", "Change my PIN"))
    assert found_in(path, tmp_path) == set()
    read = lines_with("Change my PIN", path, tmp_path)
    assert {(mark.file, mark.line) for mark in bot.marks("pick")} == read


@pytest.mark.parametrize("bot", list(bots()))
def test_a_sensitive_capture_is_found_behind_an_innocent_prompt(bot: Bot, tmp_path: Path) -> None:
    elsewhere = {mark.name: mark for mark in bot.marks("at")}
    places = [elsewhere.get(mark.name, mark) for mark in bot.marks("into")]
    expected = {(place.file, place.line, "takes") for place in places}
    assert found_in(bot.write(tmp_path, bot.with_planted("into", "iban")), tmp_path) == expected


def changes() -> Iterator[Any]:
    for platform in PLATFORMS:
        bot = Bot(platform)
        for change in bot.plan.get("changes", ()):
            yield pytest.param(bot, change, id=f"{platform}: {change['shows']}")


@pytest.mark.parametrize(("bot", "change"), list(changes()))
def test_a_change_is_found_at_its_line(bot: Bot, change: dict[str, Any], tmp_path: Path) -> None:
    texts = bot.clean()
    for file, old, new in change["edits"]:
        assert texts[file].count(old) == 1, f"{old!r} stands {texts[file].count(old)} times in {file}"
        texts[file] = texts[file].replace(old, new)
    expected = set()
    for file, rule, words in change.get("finds", ()):
        lines = [number for number, line in enumerate(texts[file].split("\n"), 1) if words in line]
        assert len(lines) == 1, f"{words!r} stands on {len(lines)} lines of {file}"
        expected.add((file, lines[0], rule))
    assert found_in(bot.write(tmp_path, texts), tmp_path) == expected


def test_each_bot_has_a_way_round_the_disclaimer() -> None:
    for platform in PLATFORMS:
        plan = Bot(platform).plan
        rules = {rule for change in plan.get("changes", ()) for _, rule, _ in change.get("finds", ())}
        assert "bare" in rules or plan.get("no order"), platform


@pytest.mark.parametrize("bot", list(bots()))
def test_a_zip_is_as_its_folder(bot: Bot, tmp_path: Path) -> None:
    """An archive with a folder in a folder; its files have byte order marks and the line ends of Windows."""
    expected = {(f"My export (2)/x/{mark.file}", mark.line, "asks") for mark in bot.marks("say")}
    archive = tmp_path / "bot.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file, text in bot.with_planted("say", ASK).items():
            packed.writestr(f"My export (2)/x/{file}", "\ufeff" + text.replace("\n", "\r\n"))
    assert found_in(archive, tmp_path) == expected


@pytest.mark.parametrize("bot", list(bots()))
def test_names_tell_nothing(bot: Bot, tmp_path: Path) -> None:
    """A bot of one file is known by what is in it."""
    texts = bot.with_planted("say", ASK)
    if len(texts) > 1:
        pytest.skip("files of a folder are found by their names")
    ((file, text),) = texts.items()
    renamed = tmp_path / ("untitled" + Path(file).suffix.replace(".vf", ".json"))
    renamed.write_text(text, encoding="utf-8")
    assert found_in(renamed, tmp_path) == {(renamed.name, mark.line, "asks") for mark in bot.marks("say")}


@pytest.mark.parametrize("bot", list(bots()))
def test_one_file_of_a_bot_is_read_without_the_others(bot: Bot, tmp_path: Path) -> None:
    """A pull request may hold a single file of an export; what it asks is found there."""
    for number, (file, text) in enumerate(bot.with_planted("say", ASK).items()):
        alone = tmp_path / str(number) / Path(file).name
        alone.parent.mkdir()
        alone.write_text(text, encoding="utf-8")
        expected = {mark.line for mark in bot.marks("say") if mark.file == file}
        found = found_in(alone, tmp_path) if expected else set()
        assert {line for _, line, rule in found if rule == "asks"} == expected, file
