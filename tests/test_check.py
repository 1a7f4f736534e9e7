"""The command line: exit statuses, which files, which policy, exceptions, strictness, hooks."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from neverask import cache
from neverask.engine import check

ASKS = 'replies:\n  - id: refund\n    text: "Kunt u uw rekeningnummer doorgeven?"\n'
HARMLESS = 'replies:\n  - id: hello\n    text: "Goedemiddag, waarmee kunnen we u helpen?"\n'
HERE = Path(__file__).parent
POLICY = "neverask: 1\nextends: [whatsapp]\n"


def write(folder: Path, **files: str) -> None:
    """Files by name; ``__`` stands for a slash and ``_`` before the ending for a dot."""
    for name, text in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


# Exit status ------------------------------------------------------------------------------------------------


def test_0_when_nothing_is_found(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=HARMLESS)
    run = neverask("check", cwd=tmp_path)
    assert (run.status, run.out) == (
        0,
        "nothing found. Checked 1 file, 1 message against 7 rules; languages: nl 1.\n",
    )
    assert "using the bundled policy 'whatsapp'" in run.err


def test_a_text_with_branches_is_one_text_of_its_language(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """The report of one text said that two were English."""
    text = "{% if known %}Good to see you again today.{% else %}What can we do for you?{% endif %} We are open now."
    write(tmp_path, replies_json=json.dumps([{"id": "a", "text": text}]))
    assert "1 message against 7 rules; languages: en 1." in neverask("check", cwd=tmp_path).out


def test_1_when_something_is_found(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS)
    assert neverask("check", cwd=tmp_path).status == 1


def test_warnings_count_unless_they_are_allowed(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS, neverask_yaml=POLICY + "rules:\n  no-sensitive-requests: {level: warning}\n")
    assert neverask("check", cwd=tmp_path).status == 1
    assert neverask("check", "--warnings-ok", cwd=tmp_path).status == 0


def test_a_hook_says_what_to_do_now(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, a_yaml=ASKS, neverask_yaml=POLICY)
    run = neverask("check", "--allow-nothing", "a.yaml", "--date", "2026-11-24", cwd=tmp_path)
    assert run.status == 1
    assert "neverask check --fix" in run.err and "neverask explain no-sensitive-requests" in run.err
    comment = "neverask: allow no-sensitive-requests until 2027-02-22 -- why it has to be asked here"
    assert comment in run.err
    # What it says can be copied, whatever the file is called, and what it says to write is what helps.
    (tmp_path / "our replies' ü.yaml").write_text(ASKS, encoding="utf-8")
    said = neverask("check", "--allow-nothing", "our replies' ü.yaml", cwd=tmp_path).err
    command = next(line for line in said.splitlines() if "check --fix" in line)
    assert shlex.split(command.partition(": ")[2]) == ["neverask", "check", "--fix", "our replies' ü.yaml"]
    write(tmp_path, a_yaml=ASKS.replace("  - id", f"  # {comment}\n  - id"))
    run = neverask("check", "--allow-nothing", "a.yaml", "--date", "2026-11-24", cwd=tmp_path)
    assert "no-sensitive-requests]" not in run.out and "bad-exception" not in run.out
    assert "What now?" not in neverask("check", "a.yaml", cwd=tmp_path).err


@pytest.mark.parametrize(("name", "text"), [
    ("replies.yaml", "- id: id\n  text: Wat is uw BSN?\n"),
    ("standaardantwoorden.md", "# Antwoorden\n\n## BSN\n\nWat is uw BSN?\n\n## Dank\n\nDank u wel voor uw bericht.\n"),
    ("replies.csv", 'title,reply\n"BSN: ja","Wat is uw BSN?"\n'),
    ("sub/replies.json", '{"replies": [{"id": "bsn", "text": "Wat is uw BSN?"}]}\n'),
])  # fmt: skip
def test_what_a_hook_says_to_write_is_enough(
    neverask: Callable[..., Any], tmp_path: Path, name: str, text: str
) -> None:
    policy = "neverask: 1\nextends: [whatsapp, avg]\nrules:\n  disclaimer-in-library: {level: off}\n"
    write(tmp_path, neverask_yaml=policy)
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    run = neverask("check", "--allow-nothing", name, "--date", "2026-11-24", cwd=tmp_path)
    assert run.status == 1 and "[no-bsn, no-sensitive-requests]" in run.out
    assert f": neverask check --fix {name}\n" in run.err
    added = "".join(line + "\n" for line in run.err.splitlines() if line.startswith("  "))
    if "'exceptions:' in neverask.yaml" in run.err:
        write(tmp_path, neverask_yaml=policy + "exceptions:\n" + added)
    else:
        asks = next(line for line in text.splitlines() if "Wat is" in line)
        file.write_text(text.replace(asks, added + asks), encoding="utf-8")
    run = neverask("check", name, "--date", "2026-11-24", cwd=tmp_path)
    assert run.status == 0, run.out + run.err


def test_a_command_that_is_not_there_gets_a_suggestion(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, a_yaml=ASKS)
    run = neverask("chek", cwd=tmp_path)
    assert run.status == 2 and "there is no command 'chek'. did you mean 'check'?" in run.err
    run = neverask("a.yaml", cwd=tmp_path)
    assert run.status == 2 and "did you mean 'neverask check a.yaml'?" in run.err


def test_a_policy_that_is_not_there_gets_a_suggestion(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, a_yaml=ASKS)
    run = neverask("check", "--policy", "whatsap", "a.yaml", cwd=tmp_path)
    assert run.status == 2 and "there is no such policy" in run.err and "did you mean 'whatsapp'?" in run.err


def test_a_rule_that_is_off_finds_nothing(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS, neverask_yaml=POLICY + "rules:\n  no-sensitive-requests: {level: off}\n")
    assert neverask("check", cwd=tmp_path).status == 0


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("broken.json", b'{"replies": [', "not valid JSON"),
        ("broken.yaml", b"replies: [a, b", "not valid YAML"),
        ("binary.json", bytes(range(256)), "binary"),
        ("truncated.xlsx", b"PK\x03\x04 no zip", ""),
    ],
)
def test_2_when_a_file_cannot_be_read(
    name: str, content: bytes, reason: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    write(tmp_path, replies_yaml=HARMLESS)
    (tmp_path / name).write_bytes(content)
    for paths in ([], [name], ["replies.yaml", name]):
        run = neverask("check", *paths, cwd=tmp_path)
        assert run.status == 2, paths
        assert f"{name}:" in run.out and "cannot read" in run.out and reason in run.out
        assert "1 file could not be read" in run.out


def test_2_when_a_path_is_not_there(neverask: Callable[..., Any], tmp_path: Path) -> None:
    run = neverask("check", "nowhere.yaml", cwd=tmp_path)
    assert run.status == 2 and "there is no such file or folder" in run.out and "nothing found" not in run.out


def test_2_when_a_file_is_a_dangling_link(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=HARMLESS)
    (tmp_path / "link.yaml").symlink_to("nowhere.yaml")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 2 and "it is a link that leads nowhere" in run.out + run.err
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert neverask("check", cwd=tmp_path).status == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_that_is_read_with_another_is_recognised(
    jobs: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Which of them comes first does not matter."""
    readers = Path(__file__).parent / "readers"
    shutil.copytree(readers / "dialogflow_es" / "agent", tmp_path / "agent")
    (tmp_path / "agent" / "package.json").write_text('{"version": "1.0.0"}')
    shutil.copytree(readers / "botpress" / "shop", tmp_path / "shop")
    (tmp_path / "shop" / "bot.config.json").write_text('{"id": "shop", "languages": ["en"]}')
    run = neverask("check", "-v", "--jobs", jobs, cwd=tmp_path)
    files = sum(path.is_file() for path in tmp_path.rglob("*"))
    assert "no reader" not in run.out and "not recognised" not in run.out, run.out
    assert f"Checked {files} files" in run.out, "each is told of, not each bot"
    (tmp_path / "agent" / "package.json").rename(tmp_path / "agent" / "other.json")
    assert "other.json: not checked: no reader" in neverask("check", "-v", "--jobs", jobs, cwd=tmp_path).out


def test_2_when_the_day_is_none(neverask: Callable[..., Any], tmp_path: Path) -> None:
    run = neverask("check", "--date", "2026-13-31", cwd=tmp_path)
    assert run.status == 2 and "'2026-13-31' is no date (year-month-day)" in run.err and "%" not in run.err


def test_2_when_a_file_is_a_pipe(neverask: Callable[..., Any], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    run = neverask("check", "pipe.yaml", cwd=tmp_path)
    assert run.status == 2 and "not a regular file" in run.out


@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        ("check", 2, "nothing could be checked: there is no file here that neverask reads"),
        ("show", 2, "empty: no reader recognises anything in this folder: there is no file here"),
        ("graph", 2, "empty: no reader recognises anything in this folder: there is no file here"),
        ("baseline", 0, "there is no file here that neverask reads"),
        ("exceptions", 0, "there is no file here that neverask reads"),
    ],
)
def test_an_empty_folder_is_told_as_such(
    command: str, status: int, says: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    run = neverask(command, "empty", cwd=tmp_path)
    assert run.status == status and run.err.startswith(says) and "JSON, YAML, CSV" in run.err
    assert "nothing found" not in run.out
    dutch = neverask(command, "empty", "--lang", "nl", cwd=tmp_path).err
    assert "hier is geen bestand dat neverask leest" in dutch and "there is" not in dutch


def test_what_a_folder_lacks_is_not_told_where_a_file_could_not_be_read(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    channels = "channels:\n  - {tagged: secret, channels: [email]}\n"
    rules = "rules: {first: {rule: require disclaimer warning before any question}}\n"
    rules += "disclaimers: {warning: {texts: {en: Never share passwords here., nl: Deel hier nooit uw wachtwoord.}}}\n"
    write(tmp_path, replies_yaml=ASKS, neverask_yaml="neverask: 1\nextends: [whatsapp]\n" + channels + rules)
    told = {one["rule"] for one in json.loads(neverask("check", "--format", "json", cwd=tmp_path).out)["findings"]}
    assert {"tag-without-content", "rule-without-flows"} <= told
    write(tmp_path, other_yaml="replies: [")
    told = {one["rule"] for one in json.loads(neverask("check", "--format", "json", cwd=tmp_path).out)["findings"]}
    assert told == {"no-sensitive-requests"}


@pytest.mark.parametrize("command", ["show", "graph"])
def test_2_when_a_file_of_a_folder_could_not_be_shown(
    command: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    write(tmp_path, flow_yaml="flow: f\nlanguage: en\nsteps: [{id: a, say: Welcome back.}]\n")
    assert neverask(command, ".", cwd=tmp_path).status == 0
    write(tmp_path, other_yaml="replies: [")
    run = neverask(command, ".", cwd=tmp_path)
    assert run.status == 2 and "Welcome back" in run.out and run.err.startswith("other.yaml:1:11: ")


def test_2_when_nothing_could_be_checked(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, notes_txt="", config_yaml="port: 8080\n")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 2 and "nothing could be checked" in run.err
    assert neverask("check", "--allow-nothing", cwd=tmp_path).status == 0


def test_2_when_the_policy_is_wrong(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS, neverask_yaml="neverask: 1\nextends: [whatsap]\n")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 2 and run.out == "" and "did you mean 'whatsapp'?" in run.err


def test_2_when_there_is_no_such_policy(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS)
    assert neverask("check", "--policy", "whatsap", cwd=tmp_path).status == 2


# Strictness and what was not checked -------------------------------------------------------------------------


def test_what_no_reader_knows_is_counted_listed_and_strictly_an_error(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    write(tmp_path, replies_yaml=HARMLESS, config_yaml="port: 8080\n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "2 files not recognised" in run.out and "config.yaml" not in run.out
    listed = neverask("check", "--verbose", cwd=tmp_path).out
    assert "config.yaml: not checked:" in listed and "photo.png: not checked:" in listed
    assert neverask("check", "--strict", cwd=tmp_path).status == 2


def test_a_form_in_program_code_is_named_at_once(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=HARMLESS)
    form = "FORM = {\n    'screens': [{'id': 'A', 'layout': {'type': 'SingleColumnLayout', 'children': []}}],\n}\n"
    (tmp_path / "form.py").write_text(form, encoding="utf-8")
    (tmp_path / "reader.py").write_text("KINDS = ['screens', 'SingleColumnLayout']\n", encoding="utf-8")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "1 file not recognised" in run.out
    assert "form.py:2:41: not checked: a WhatsApp Flow stands in this program code" in run.out
    assert "in deze programmacode staat een WhatsApp Flow" in neverask("check", "--lang", "nl", cwd=tmp_path).out


def test_a_language_without_a_pack_is_counted_and_strictly_an_error(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    finnish = "Lähetä meille tilinumerosi, niin palautamme rahat kolmen päivän kuluessa."
    write(tmp_path, replies_yaml=HARMLESS + f'  - id: fi\n    text: "{finnish}"\n')
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "1 text in a language without a pack, not checked" in run.out
    assert neverask("check", "--strict", cwd=tmp_path).status == 2


def test_some_places_that_were_not_checked_are_told_at_once(neverask: Callable[..., Any], tmp_path: Path) -> None:
    step = "- {{id: s{0}, say: Thank you., next: a}}\n"
    write(tmp_path, flow_yaml="flow: f\nlanguage: en\nsteps:\n" + step.format(1))
    run = neverask("check", cwd=tmp_path)
    assert "flow.yaml:4:35: not checked: 'next' is no key of this format" in run.out and "--verbose" not in run.out
    write(tmp_path, flow_yaml="flow: f\nlanguage: en\nsteps:\n" + "".join(map(step.format, range(9))))
    run = neverask("check", cwd=tmp_path)
    assert run.out.count("not checked: ") == 5 and "9 places in them not checked (--verbose says which)" in run.out
    assert neverask("check", "--verbose", cwd=tmp_path).out.count("not checked: ") == 9


def test_strict_says_what_made_it_fail(neverask: Callable[..., Any], tmp_path: Path) -> None:
    flow = "flow: f\nlanguage: en\nsteps:\n- {id: a, say: Thank you., goto: bb}\n- {id: b, say: Goodbye.}\n"
    (tmp_path / "flow.yaml").write_text(flow, encoding="utf-8")
    said = "--strict: 1 place not checked (--verbose lists files and places)"
    assert neverask("check", "--strict", cwd=tmp_path).err.splitlines()[-1] == said
    (tmp_path / "config.yaml").write_text("debug: true\n", encoding="utf-8")
    run = neverask("check", "--strict", "--verbose", cwd=tmp_path)
    assert run.status == 2 and run.err.splitlines()[-1] == "--strict: 1 file not recognised; 1 place not checked"
    dutch = neverask("check", "--strict", "--lang", "nl", cwd=tmp_path).err.splitlines()[-1]
    assert dutch.startswith("--strict: 1 bestand niet herkend; 1 plek niet nagekeken (")


def test_strict_is_content_with_a_folder_of_replies(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=HARMLESS, neverask_yaml=POLICY)
    assert neverask("check", "--strict", cwd=tmp_path).status == 0


PAGES = {
    "lamps.md": "## Late\n\nYour lamp is late.\n\n## Back\n\n{}\n",
    "lamps.txt": "Late\n----\nYour lamp is late.\n\nBack\n----\n{}\n",
    "lamps.html": "<h2>Late</h2>\n<p>Your lamp is late.</p>\n<h2>Back</h2>\n\n\n<p>{}</p>\n",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_finding_in_a_page_names_the_reply(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    page = PAGES[name].format("Please send us your IBAN.")
    (tmp_path / "replies" / name).write_text(page, encoding="utf-8")
    run = neverask("check", "--format", "json", ".", cwd=tmp_path)
    (finding,) = json.loads(run.out)["findings"]
    start, _, _ = page.partition("IBAN")
    assert finding["entry"] == "Back"
    assert (finding["line"], finding["column"]) == (start.count("\n") + 1, len(start.rpartition("\n")[2]) + 1)


def test_a_finding_in_a_text_that_stands_twice_names_the_first(neverask: Callable[..., Any], tmp_path: Path) -> None:
    text = "- title: Back\n  text: &back Please send us your IBAN.\n- title: Again\n  text: *back\n"
    (tmp_path / "replies.yaml").write_text(text, encoding="utf-8")
    run = neverask("check", "--format", "json", "replies.yaml", cwd=tmp_path)
    assert [finding["entry"] for finding in json.loads(run.out)["findings"]] == ["Back"]


# Which files --------------------------------------------------------------------------------------------------


def test_folders_are_walked_as_git_sees_them(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=HARMLESS, build__old_yaml=ASKS, new_yaml=HARMLESS)
    (tmp_path / ".gitignore").write_text("build/\n")
    assert neverask("check", cwd=tmp_path).status == 1  # not yet a repository
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "replies.yaml")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "Checked 2 files" in run.out
    assert neverask("check", "build/old.yaml", cwd=tmp_path).status == 1  # named, so wanted


def test_a_file_deleted_but_not_committed_is_simply_gone(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=HARMLESS, old_yaml=ASKS)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    (tmp_path / "old.yaml").unlink()
    assert neverask("check", cwd=tmp_path).status == 0


def test_a_file_named_twice_is_checked_once(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS)
    assert "Checked 1 file" in neverask("check", ".", "replies.yaml", "./replies.yaml", cwd=tmp_path).out


# Which policy -------------------------------------------------------------------------------------------------


def test_the_nearest_policy_upwards_holds(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(
        tmp_path,
        neverask_yaml=POLICY,
        a__replies_yaml=ASKS,
        a__neverask_yaml="neverask: 1\nrules:\n  no-pin:\n    rule: forbid asking for pin\n",
        b__replies_yaml=ASKS,
    )
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [finding for finding in json.loads(run.out)["findings"] if finding["rule"] != "not-extended-policy"]
    assert [finding["path"] for finding in found] == ["b/replies.yaml"]


def test_a_policy_beyond_the_repository_does_not_hold(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, neverask_yaml="neverask: 1\nrules:\n  a:\n    rule: forbid asking for pin\n", repo__r_yaml=ASKS)
    git(tmp_path / "repo", "init", "-q")
    run = neverask("check", cwd=tmp_path / "repo")
    assert run.status == 1 and "using the bundled policy" in run.err


def test_channels_decide_where_a_rule_holds(neverask: Callable[..., Any], tmp_path: Path) -> None:
    channels = 'channels:\n  - {files: "mail/**", channels: [email]}\n  - {channels: [whatsapp]}\n'
    write(tmp_path, neverask_yaml=POLICY + channels, mail__replies_yaml=ASKS, chat_yaml=ASKS)
    run = neverask("check", "--format", "json", cwd=tmp_path)
    assert [finding["path"] for finding in json.loads(run.out)["findings"]] == ["chat.yaml"]


def test_where_no_rule_holds_on_the_channels_nothing_counts_as_clean(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: whatsapp\nchannels:\n  - {channels: [webchat]}\n")
    (tmp_path / "replies.yaml").write_text(HARMLESS)
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "\nnothing was judged: no rule holds on webchat. Checked 1 file" in run.out
    assert "no rule of the policy holds on the channels of what was checked: 'on CHANNELS' in a rule says" in run.out
    assert "nothing found" not in run.out
    page = neverask("check", "--format", "html", cwd=tmp_path).out
    assert "Nothing was judged: no rule holds on webchat." in page and "Nothing found" not in page
    strict = neverask("check", "--strict", "--lang", "nl", cwd=tmp_path)
    assert strict.status == 2 and "er is niets beoordeeld: geen regel geldt op webchat." in strict.out
    assert "--strict: 1 bericht op kanalen waar geen regel geldt" in strict.err


def test_a_file_without_any_text_does_not_pass_for_one_in_order(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "nlu.md").write_text("## intent:greet\n- hi there\n- hello\n")
    said = {
        "en": "nothing found, as there is no text for customers",
        "nl": "niets gevonden, want in wat is gecontroleerd",
    }
    for language, begin in said.items():
        run = neverask("check", "--policy", "whatsapp", "--lang", language, cwd=tmp_path)
        assert run.status == 0 and run.out.startswith(begin)
    page = neverask("check", "--policy", "whatsapp", "--format", "html", cwd=tmp_path).out
    assert "Nothing found, as there is no text" in page and '<p class="good">' not in page


def test_the_page_does_not_praise_what_could_not_be_read(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.yaml").write_text("replies:\n  - id: a\n   text: broken\n", encoding="utf-8")
    run = neverask("check", "--format", "html", "replies.yaml", cwd=tmp_path)
    assert run.status == 2 and "Nothing was checked." in run.out and '<p class="good">' not in run.out


def test_messages_on_channels_without_a_rule_are_counted(neverask: Callable[..., Any], tmp_path: Path) -> None:
    channels = "channels:\n  - {files: mail.yaml, channels: [email]}\n  - {channels: [whatsapp]}\n"
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: whatsapp\n" + channels)
    (tmp_path / "replies.yaml").write_text(HARMLESS)
    (tmp_path / "mail.yaml").write_text(HARMLESS)
    run = neverask("check", "--strict", cwd=tmp_path)
    assert run.status == 0 and "; 1 message on email, where no rule holds." in run.out
    assert run.out.startswith("nothing found.") and run.err == ""


def test_members_of_an_archive_on_channels_without_a_rule_are_counted(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """The last member alone counted."""
    channels = 'channels:\n  - {files: "e.zip!mail/*", channels: [email]}\n  - {channels: [whatsapp]}\n'
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: whatsapp\n" + channels)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        for name in ("mail/a.yaml", "mail/b.yaml", "replies.yaml"):
            archive.writestr(name, HARMLESS)
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "; 2 messages on email, where no rule holds." in run.out


def test_a_pattern_of_channels_that_fits_no_file_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    policy = POLICY + 'channels:\n  - {files: ["replys/**", "replies/**"], channels: [email]}\n'
    write(tmp_path, neverask_yaml=policy, replies__a_yaml=HARMLESS)
    told = "neverask.yaml:4:14: note: 'channels:' names files 'replys/**', but none that was checked is called so"
    for _ in range(2):  # also where nothing has changed since
        run = neverask("check", cwd=tmp_path)
        assert run.status == 0 and run.out.startswith(told) and run.err == ""
    assert "heet zo" in neverask("check", "--lang", "nl", cwd=tmp_path).out
    assert neverask("check", "replies", cwd=tmp_path).status == 0, "not all files were looked at"


def test_a_slip_in_every_step_hides_no_other_one(neverask: Callable[..., Any], tmp_path: Path) -> None:
    steps = [{"id": f"s{number}", "say": "We mend lamps.", "next": "s1"} for number in range(20)]
    steps[12]["saay"] = "Please send us your password."
    write(tmp_path, bot_json=json.dumps({"flow": "lamps", "steps": steps}, indent=1))
    told = neverask("check", cwd=tmp_path).out
    assert "'saay' is no key" in told and told.count("'next' is no key") == 4


def test_own_terms_and_own_safe_places(neverask: Callable[..., Any], tmp_path: Path) -> None:
    policy = (
        POLICY + 'safe-channels:\n  own:\n    - {name: ["Lounge Zeven"]}\n'
        "data:\n  loyalty-number: {nl: [spaarkaartnummer]}\n"
        "rules:\n  no-loyalty:\n    rule: forbid asking for loyalty-number\n"
    )
    replies = (
        'replies:\n  - {id: a, text: "Kunt u uw spaarkaartnummer doorgeven?"}\n'
        '  - {id: b, text: "Uw rekeningnummer vult u in bij Lounge Zeven."}\n'
    )
    write(tmp_path, neverask_yaml=policy, replies_yaml=replies)
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [(finding["entry"], finding["rule"]) for finding in json.loads(run.out)["findings"]]
    assert found == [("a", "no-loyalty")]


def test_unless_redirecting_to_a_safe_channel(neverask: Callable[..., Any], tmp_path: Path) -> None:
    rule = "rules:\n  no-cards:\n    rule: forbid asking for payment-card"
    replies = 'replies:\n  - {id: a, text: "Please give us your card number."}\n'
    write(tmp_path, neverask_yaml=f"neverask: 1\n{rule} unless redirecting to a safe channel\n", replies_yaml=replies)
    assert neverask("check", cwd=tmp_path).status == 1


# Exceptions ---------------------------------------------------------------------------------------------------

EXCEPTION = (
    'exceptions:\n  - {{rule: no-sensitive-requests, file: "{file}", reason: "asked for by law", until: {until}}}\n'
)


def rules_found(folder: Path, paths: list[str], today: date, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    return [finding.rule for finding in check(paths, today=today).findings]


def test_an_exception_keeps_a_finding_until_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, replies_yaml=ASKS, neverask_yaml=POLICY + EXCEPTION.format(file="replies.yaml", until="2035-01-31"))
    assert rules_found(tmp_path, ["."], date(2035, 1, 31), monkeypatch) == []
    assert rules_found(tmp_path, ["."], date(2035, 2, 1), monkeypatch) == ["expired-exception", "no-sensitive-requests"]


def test_an_unused_exception_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = POLICY + EXCEPTION.format(file="replies.yaml", until="2035-01-31")
    write(tmp_path, replies_yaml=HARMLESS, other_yaml=HARMLESS, neverask_yaml=policy)
    today = date(2026, 1, 1)
    assert rules_found(tmp_path, ["."], today, monkeypatch) == ["unused-exception"]
    assert rules_found(tmp_path, ["replies.yaml"], today, monkeypatch) == ["unused-exception"]
    assert rules_found(tmp_path, ["other.yaml"], today, monkeypatch) == []


def test_a_run_over_a_part_of_the_tree_calls_no_pattern_unused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = POLICY + EXCEPTION.format(file="bot/**", until="2035-01-31")
    write(tmp_path, bot__a_yaml=HARMLESS, bot__b_yaml=ASKS, neverask_yaml=policy)
    today = date(2026, 1, 1)
    assert rules_found(tmp_path, ["bot/a.yaml"], today, monkeypatch) == []
    assert rules_found(tmp_path, ["."], today, monkeypatch) == []
    (tmp_path / "bot" / "b.yaml").write_text(HARMLESS)
    assert rules_found(tmp_path, ["."], today, monkeypatch) == ["unused-exception"]


def test_an_exception_for_one_entry_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = POLICY + 'exceptions:\n  - {rule: no-sensitive-requests, at: refund, reason: "asked for by law"}\n'
    write(tmp_path, replies_yaml=ASKS + ASKS.splitlines(True)[1].replace("refund", "other") + ASKS.splitlines(True)[2])
    (tmp_path / "neverask.yaml").write_text(policy)
    monkeypatch.chdir(tmp_path)
    found = check(["."], today=date(2026, 1, 1)).findings
    assert [(finding.rule, finding.entry) for finding in found] == [("no-sensitive-requests", "other")]


# Hooks and other commands -------------------------------------------------------------------------------------


def test_a_hook_may_be_given_the_policy_alone(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, neverask_yaml=POLICY, replies_yaml=ASKS)
    run = neverask("check", "neverask.yaml", cwd=tmp_path)
    assert run.status == 0 and "the policy has no mistakes" in run.err


def test_show_hides_account_numbers_as_reports_do(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml="replies:\n  - text: We have NL91 ABNA 0417 1643 00 of you, and order 1234567.\n")
    shown = neverask("show", "replies.yaml", cwd=tmp_path).out
    assert "We have NL•• •••• •••• •••• 00 of you, and order 1234567." in shown


def test_show_says_what_the_reader_saw(neverask: Callable[..., Any], tmp_path: Path) -> None:
    write(tmp_path, replies_yaml=ASKS, config_yaml="port: 8080\n")
    run = neverask("show", "replies.yaml", cwd=tmp_path)
    assert run.status == 0 and "messages (1)" in run.out and "3:12" in run.out and "refund" in run.out
    assert neverask("show", "config.yaml", cwd=tmp_path).status == 2


def test_inspect_answers_json_lines(neverask: Callable[..., Any]) -> None:
    lines = '{"id": 1, "lang": "nl", "text": "Wat is uw rekeningnummer?"}\nno json\n'
    run = neverask("inspect", input=lines)
    first, second = (json.loads(line) for line in run.out.splitlines())
    assert first["id"] == 1 and first["acts"][0]["act"] == "request" and first["acts"][0]["data"] == "bank-account"
    assert second["line"] == 2 and run.status == 2


@pytest.mark.parametrize(
    "line",
    [
        '{"text": null}', '{"text": ["x"]}', '{"text": "x", "lang": 5}', '{"text": "x", "id": 1e999}', "[" * 100_000,
        "5", '"x"', "[]", '{"text": "x"} {"text": "y"}', "\x00",
    ],
    ids=lambda line: line[:30],
)  # fmt: skip
def test_inspect_answers_what_is_no_question_and_goes_on(line: str, neverask: Callable[..., Any]) -> None:
    run = neverask("inspect", input=f'{line}\n{{"id": 2, "text": "Wat is uw BSN?"}}\n')
    first, second = map(json.loads, run.out.splitlines())
    assert run.status == 2 and first == {"line": 1, "error": "not a JSON object with a text"}
    assert second["id"] == 2 and second["acts"]


def test_inspect_knows_the_policys_own_terms(neverask: Callable[..., Any], tmp_path: Path) -> None:
    terms = "data:\n  ean-code: {nl: [EAN-code]}\n"
    assert "no word for data" in neverask("inspect", "Wat is uw EAN-code?", cwd=tmp_path).out
    write(tmp_path, neverask_yaml=POLICY + terms)
    assert "'EAN-code' = ean-code: ASKS" in neverask("inspect", "Wat is uw EAN-code?", cwd=tmp_path).out


def test_inspect_says_what_a_placeholder_asks_for(neverask: Callable[..., Any]) -> None:
    both = neverask("inspect", "Please type your {id_type} and your IBAN.")
    assert both.status == 0 and "'IBAN' = bank-account: ASKS" in both.out
    run = neverask("inspect", "Please type your {id_type}.")
    assert run.status == 0 and "= unknown: asks for something" in run.out


def test_inspect_draws_a_sentence(neverask: Callable[..., Any]) -> None:
    run = neverask("inspect", "Please send us your password now.")
    assert run.status == 0 and "language: English" in run.out and "ASKS" in run.out


def test_a_cache_that_cannot_be_written_changes_nothing(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, replies_yaml=ASKS)
    before = neverask("check", "replies.yaml", cwd=tmp_path).out
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / "no-folder" / "cache"))
    assert neverask("check", "replies.yaml", cwd=tmp_path).out == before


def test_very_many_processes_are_as_many_as_can_be_had(neverask: Callable[..., Any], tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"r{number}.yaml").write_text(ASKS, encoding="utf-8")
    few = neverask("check", "--no-cache", cwd=tmp_path)
    many = neverask("check", "--no-cache", "--jobs", str(10**20), cwd=tmp_path)
    assert (many.status, many.out) == (few.status, few.out) == (1, few.out)


@pytest.mark.parametrize("folder", ["", "relative"])
def test_a_user_without_a_home_has_no_cache(
    folder: str, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, replies_yaml=ASKS)
    before = neverask("check", "replies.yaml", cwd=tmp_path).out
    monkeypatch.setenv("NEVERASK_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", folder)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert neverask("check", "replies.yaml", cwd=tmp_path).out == before
    assert [path.name for path in tmp_path.iterdir()] == ["replies.yaml"]


def test_a_cache_in_a_folder_of_others_leaves_their_files(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, replies_yaml=ASKS)
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path))
    others = ["replies.yaml", "notes-2020.txt", ".hidden", "a" * 31, "run-" + "g" * 32]
    own = ["run-" + "0" * 32, "." + "results-" + "f" * 32 + ".123.abcdef01"]
    for name in (*others[1:], *own):
        (tmp_path / name).write_text("x")
    for path in tmp_path.iterdir():
        os.utime(path, (10**9, 10**9))
    neverask("check", "replies.yaml", cwd=tmp_path)
    assert all((tmp_path / name).exists() for name in others)
    assert not any((tmp_path / name).exists() for name in own)


@pytest.mark.skipif(os.name == "nt", reason="there files have no such modes")
def test_what_is_kept_of_texts_is_for_nobody_else(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may hold what reports do not show."""
    write(tmp_path, replies_yaml="replies:\n  - {id: a, text: Your account NL91ABNA0417164300 was credited.}\n")
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / "cache"))
    assert neverask("check", "replies.yaml", cwd=tmp_path).status == 1
    kept = [path for path in (tmp_path / "cache").iterdir() if b"NL91ABNA" in path.read_bytes()]
    assert kept and all(path.stat().st_mode & 0o077 == 0 for path in kept)


@pytest.mark.skipif(os.name == "nt", reason="there files have no such modes")
def test_what_is_kept_is_not_for_all_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may write results may say that nothing was found."""
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / "cache"))
    mask = os.umask(0)
    try:
        cache.put("a-name", 1)
    finally:
        os.umask(mask)
    assert cache.get("a-name") == 1
    assert all(path.stat().st_mode & 0o002 == 0 for path in ((tmp_path / "cache"), (tmp_path / "cache/a-name")))


@pytest.mark.parametrize("folder", ["cache", ".", ".cache/neverask"])
def test_a_cache_in_the_folder_that_is_checked_is_no_part_of_it(
    folder: str, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Servers of CI keep only what stands there. What was kept by one run was counted, and refused, by the next."""
    write(tmp_path, replies_yaml=HARMLESS)
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / folder))
    runs = [neverask("check", "--strict", ".", cwd=tmp_path) for _ in range(3)]
    assert runs == runs[:1] * 3 and runs[0].status == 0
    others = len(list((tmp_path / folder).iterdir()))
    neverask("check", "--strict", ".", cwd=tmp_path)
    assert len(list((tmp_path / folder).iterdir())) == others  # what was said is said again
    (tmp_path / folder / ("notes-" + "0" * 31)).write_text("x")
    assert neverask("check", "--strict", ".", cwd=tmp_path).status == 2


def test_a_poisoned_cache_is_not_believed(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, replies_yaml=ASKS)
    cache = tmp_path / "cache"
    monkeypatch.setenv("NEVERASK_CACHE", str(cache))
    before = neverask("check", "replies.yaml", cwd=tmp_path).out
    for path in cache.iterdir():
        path.write_bytes(path.read_bytes()[:7])
    assert neverask("check", "replies.yaml", cwd=tmp_path).out == before


def test_the_planted_faults_of_the_examples_are_found(neverask: Callable[..., Any]) -> None:
    run = neverask("check", "--format", "json", "examples", cwd=Path(__file__).parent.parent)
    found = {(Path(finding["path"]).name, finding["rule"]) for finding in json.loads(run.out)["findings"]}
    assert found == {
        ("flows.yml", "no-bsn-captures"),
        ("flows.yml", "no-sensitive-captures"),
        ("refund_update.json", "no-sensitive-requests"),
        ("service.md", "disclaimer-in-library"),
        ("service.md", "no-false-safety"),
        ("whatsapp-en.csv", "disclaimer-in-library"),
        ("whatsapp-en.csv", "no-copies-of-identity-documents"),
        ("whatsapp-en.csv", "no-sensitive-requests"),
        ("whatsapp-nl.yaml", "no-frame-numbers"),
        ("whatsapp-nl.yaml", "no-sensitive-requests"),
    }


# -- several processes, results of earlier runs --------------------------------------------------------------------


def _tree(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    for number in range(12):
        word = ("IBAN", "parcel", "password")[number % 3]
        text = "".join(f"  - {{id: r{i}, text: 'Please send us your {word} number {i} today.'}}\n" for i in range(4))
        (folder / f"f{number:02}.yaml").write_text(f"replies:\n{text}", encoding="utf-8")
    (folder / "broken.json").write_text('{"a": [1,', encoding="utf-8")
    (folder / "notes.bin").write_bytes(b"\0\1\2")


def _said(folder: Path, **options: Any) -> list[Any]:
    report = check([str(folder)], **options)
    found = [(f.source.path, f.span, f.rule, f.message, f.fingerprint, f.related, f.text) for f in report.findings]
    counts = (
        report.files,
        report.messages,
        sorted(report.languages.items()),
        report.untold,
        sorted(report.formats.items()),
    )
    return [found, [tuple(one) for one in report.unread], counts, sorted(report.rules)]


def _places(said: list[Any]) -> list[Any]:
    """Related places by their words: each run has sources of its own."""
    found = [(*one[:5], [(r.message, r.source.path, r.span) for r in one[5]], one[6]) for one in said[0]]
    return [found, *said[1:]]


def test_reports_are_the_same_whatever_the_jobs_and_the_cache(tmp_path: Path) -> None:
    _tree(tmp_path)
    wanted = _places(_said(tmp_path))
    assert len(wanted[0]) >= 32
    for jobs in (1, 2, 5):
        for cached in (False, True, True):
            assert _places(_said(tmp_path, jobs=jobs, cached=cached)) == wanted


def _bots(folder: Path) -> None:
    """Two bots of 40 files each, and a library of one."""
    head = "version: '3.1'\n"
    for bot in ("a", "b"):
        (folder / bot).mkdir()
        (folder / bot / "config.yml").write_text(f"{head}language: en\n", encoding="utf-8")
        for n in range(40):
            response = f"responses:\n  utter_{n}:\n  - text: Please send us your IBAN, number {n} of {bot}.\n"
            story = f"stories:\n- story: s{n}\n  steps:\n  - intent: hi\n  - action: utter_{n}\n"
            (folder / bot / f"d{n:02}.yml").write_text(head + response + story, encoding="utf-8")
    (folder / "replies.yaml").write_text("replies:\n- {id: x, text: 'Please send us your IBAN.'}\n", encoding="utf-8")


def test_several_processes_do_not_read_an_export_again_for_each_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neverask import checking

    tree, read = tmp_path / "tree", tmp_path / "read"
    tree.mkdir()
    _bots(tree)
    examine = checking.examine

    def noted(path: str, *rest: Any) -> Any:
        with open(read, "a", encoding="utf-8") as file:
            file.write(f"{path}\n")
        return examine(path, *rest)

    monkeypatch.setattr(checking, "examine", noted)
    wanted = _places(_said(tree))
    assert len(wanted[0]) >= 81
    assert len(read.read_text(encoding="utf-8").split()) == 5  # both configurations are read by themselves
    for jobs, most in ((2, 8), (5, 16)):
        read.unlink()
        assert _places(_said(tree, jobs=jobs)) == wanted
        assert len(read.read_text(encoding="utf-8").split()) <= most
    for _ in range(2):
        assert _places(_said(tree, jobs=2, cached=True)) == wanted


def test_a_result_is_used_again_only_while_everything_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neverask import checking

    _tree(tmp_path)
    read: list[str] = []
    examine = checking.examine
    monkeypatch.setattr(checking, "examine", lambda path, *rest: read.append(path) or examine(path, *rest))
    before = _said(tmp_path, cached=True)[0]
    read.clear()
    assert len(_said(tmp_path, cached=True)[0]) == len(before)
    assert [Path(path).name for path in read] == ["broken.json"]
    text = (tmp_path / "f00.yaml").read_text(encoding="utf-8")
    (tmp_path / "f00.yaml").write_text(text.replace("IBAN", "order"), encoding="utf-8")
    read.clear()
    assert len(_said(tmp_path, cached=True)[0]) == len(before) - 4
    assert sorted(Path(path).name for path in read) == ["broken.json", "f00.yaml"]
    policy = "neverask: 1\nextends: [whatsapp]\nexceptions:\n"
    policy += "  - {rule: no-sensitive-requests, reason: 'we are a bank', file: 'f03.yaml', until: 2027-01-01}\n"
    (tmp_path / "neverask.yaml").write_text(policy, encoding="utf-8")
    assert len(_said(tmp_path, cached=True, today=date(2026, 12, 1))[0]) == len(before) - 8
    assert len(_said(tmp_path, cached=True, today=date(2027, 2, 1))[0]) == len(before) - 4 + 1


def test_an_export_is_read_anew_when_a_neighbour_changes(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    domain = "version: '3.1'\nresponses:\n  utter_a:\n  - text: Please send us your IBAN today.\n"
    (tmp_path / "domain.yml").write_text(domain, encoding="utf-8")
    stories = "version: '3.1'\nstories:\n- story: x\n  steps:\n  - intent: hi\n  - action: utter_a\n"
    (tmp_path / "stories.yml").write_text(stories, encoding="utf-8")
    first = _places(_said(tmp_path, cached=True))
    assert _places(_said(tmp_path, cached=True)) == first
    (tmp_path / "domain.yml").write_text(domain.replace("IBAN", "order"), encoding="utf-8")
    assert _places(_said(tmp_path, cached=True)) == _places(_said(tmp_path))
    (tmp_path / "more.yml").write_text(domain.replace("utter_a", "utter_b"), encoding="utf-8")
    assert _places(_said(tmp_path, cached=True)) == _places(_said(tmp_path))


def test_a_folder_that_can_not_be_written_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path)
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / "f00.yaml" / "cache"))
    assert _places(_said(tmp_path, cached=True)) == _places(_said(tmp_path))


def test_a_worker_that_dies_is_an_error_with_the_name_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neverask import checking

    _tree(tmp_path)
    examine = checking.examine

    def deadly(path: str, *rest: Any) -> Any:
        if path.endswith("f04.yaml"):
            os.kill(os.getpid(), signal.SIGKILL)
        return examine(path, *rest)

    monkeypatch.setattr(checking, "examine", deadly)
    report = check([str(tmp_path)], jobs=2)
    assert [(Path(one.path).name, one.reason) for one in report.errors][1:] == [
        ("f04.yaml", "the process that checked this file died (signal 9)")
    ]
    assert report.files == 11


def test_ctrl_c_ends_it_with_the_status_of_shells(tmp_path: Path) -> None:
    _tree(tmp_path)
    code = (
        "import time; from neverask import checking; checking.examine = lambda *_: time.sleep(60)\n"
        "from neverask.cli import main; print('ready', flush=True); main(['check', '--no-cache', '--jobs', '2', '.'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whoever started the tests may ignore it
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(1)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert time.monotonic() - start < 5


def test_a_clear_text_in_a_language_that_the_policy_does_not_name_is_read(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    replies = [{"id": str(n), "text": text} for n, text in enumerate(["How can we help you today?"] * 150)]
    replies += [{"id": "nl", "text": "Wilt u ons uw rekeningnummer doorgeven?"}, {"id": "x", "text": "Uw saldo?"}]
    write(
        tmp_path, neverask_yaml="neverask: 1\nextends: [whatsapp]\nlanguages: [en]\n", replies_json=json.dumps(replies)
    )
    run = neverask("check", "replies.json", cwd=tmp_path)
    assert run.status == 1 and "bank account number" in run.out


def test_who_has_only_disclaimers_to_put_in_place_is_told_where(neverask: Callable[..., Any], tmp_path: Path) -> None:
    replies = [{"id": str(n), "text": f"How can we help you today, number {n}?"} for n in range(4)]
    write(tmp_path, neverask_yaml=POLICY, replies_json=json.dumps(replies))
    run = neverask("check", "--allow-nothing", "replies.json", cwd=tmp_path)
    assert run.status == 1 and "[disclaimer-in-library]" in run.out
    assert "--fix" not in run.err and "a reply that customers get first" in run.err


def test_show_names_the_file_of_what_stands_in_another_one(neverask: Callable[..., Any]) -> None:
    run = neverask("show", "agent/agent.json", cwd=HERE / "readers" / "dialogflow_cx")
    assert run.status == 0 and "agent/flows/" in run.out.partition("messages (")[2]


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("replies/refund.md", True),
        ("antwoorden/retour.txt", True),
        ("canned-responses/shop/refund.md", True),
        ("support replies/refund.md", True),
        ("shop/my-antwoorden-nl/refund.md", True),
        ("Textbausteine/refund.md", True),
        ("notes/refund.md", False),
        ("replies/README.md", False),
        ("a/replies/b/c/refund.md", False),
    ],
)
def test_a_page_in_a_folder_of_replies_is_one(
    neverask: Callable[..., Any], tmp_path: Path, path: str, read: bool
) -> None:
    page = tmp_path / path
    page.parent.mkdir(parents=True)
    page.write_text("# Refund\n\nDear customer,\n\nPlease send us your IBAN, so that we can pay you back.\n")
    (tmp_path / "neverask.yaml").write_text(POLICY)
    run = neverask("check", ".", cwd=tmp_path)
    assert run.status == (1 if read else 2), run
    assert (f"{path}:5:21:" in run.out) == read


@pytest.mark.parametrize(
    ("title", "sections"),
    [
        ("Standard replies", ["Please send us your IBAN.", "We are open from nine to five."]),
        ("Standaardantwoorden", ["We zijn open van 9 tot 5.", "Wat is uw IBAN?"]),
    ],
)
def test_a_page_under_such_a_title_is_read_section_by_section(
    title: str, sections: list[str], neverask: Callable[..., Any], tmp_path: Path
) -> None:
    parts = "".join(f"\n## Part {number}\n\n{text}\n" for number, text in enumerate(sections))
    write(tmp_path, page_md=f"# {title}\n{parts}", notes_md="# Notes on standard replies\n" + parts)
    run = neverask("check", "-v", cwd=tmp_path)
    assert run.status == 1 and "2 messages" in run.out and "[no-sensitive-requests]" in run.out
    assert "notes.md: not checked" in run.out


def test_a_page_about_replies_is_none(neverask: Callable[..., Any], tmp_path: Path) -> None:
    about = "# Standard replies\n\n## Use\n\nAll standard replies are in the menu.\n\n## Who\n\nAsk your team lead.\n"
    write(tmp_path, page_md=about)
    assert neverask("check", cwd=tmp_path).status == 2


def test_a_folder_of_replies_is_known_from_inside(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "refund.md").write_text("Dear customer,\n\nPlease send us your IBAN.\n")
    (tmp_path / "neverask.yaml").write_text(POLICY)
    assert "refund.md:3:21:" in neverask("check", cwd=tmp_path / "replies").out


def test_files_that_nobody_reads_are_no_clean_check(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A policy beside them is a file that was read, but no reply is; a hook may be given such files."""
    write(tmp_path, neverask_yaml=POLICY, config_yaml="port: 8080\n")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 2 and "nothing could be checked" in run.err
    assert neverask("check", "--allow-nothing", cwd=tmp_path).status == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("replies.yaml", "- id: a\n  text: Please send us your IBAN\n"),
        ("replies.csv", "Title,Reply\nRefund,Please send us your IBAN\n"),
        ("replies.json", '[{"text": "Please send us your IBAN"}, {"text": "Hello"}]'),
        ("replies/iban.txt", "Please send us your IBAN\n"),
    ],
)
def test_a_reply_needs_no_full_stop(neverask: Callable[..., Any], tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    (tmp_path / "neverask.yaml").write_text(POLICY)
    run = neverask("check", cwd=tmp_path)
    assert run.status == 1 and "IBAN" in run.out, run


def test_where_nothing_was_checked_the_files_are_named(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A hook that is refused nothing has no --verbose to be run with."""
    write(tmp_path, neverask_yaml=POLICY, config_yaml="port: 8080\n")
    run = neverask("check", "--allow-nothing", cwd=tmp_path)
    assert run.status == 0 and "config.yaml: not checked: " in run.out and "--verbose" not in run.out


@pytest.mark.parametrize("steps", [5, 21, 22, 60])
def test_a_bot_of_ones_own_is_read_whatever_its_size(neverask: Callable[..., Any], tmp_path: Path, steps: int) -> None:
    nodes = {
        f"n{number}": {"say": "Thanks! Let's go on.", "options": [{"label": "Yes", "goto": f"n{number + 1}"}]}
        for number in range(steps)
    }
    nodes["last"] = {
        "say": "Can you send me a picture of your passport?",
        "options": [{"label": "Later", "goto": "n0"}],
    }
    (tmp_path / "bot.json").write_text(json.dumps({"bot": "home", "start": "n0", "nodes": nodes}, indent=1))
    (tmp_path / "neverask.yaml").write_text(POLICY)
    run = neverask("check", cwd=tmp_path)
    assert run.status == 1 and "in:      last" in run.out, run
