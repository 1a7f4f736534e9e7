"""Hostile content: nothing in a library is obeyed by a terminal, leaves the tree, is executed, or breaks a report."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from neverask.policy import resolving
from neverask.policy.model import Policy
from neverask.policy.patterns import matches
from neverask.reporters import NAMES as FORMATS

ASK = "Geef ons uw IBAN door."
POLICY = "neverask: 1\nextends: [whatsapp]\n"
HOSTILE = {
    "escape": "\x1b[2J\x1b]0;owned\x07",
    "eight-bit escape": "\x9b31m",
    "bidi override": "\u202ekcatta\u202c",
    "bidi isolate": "\u2066x\u2069",
    "newline": "a\n::error file=x::owned",
    "carriage return": "a\r\nchecked 0 files",
    "next line": "a\x85b\u2028c\u2029d",
    "half a pair": "\ud800",
    "tag characters": "\U000e0041\U000e007f",
    "null": "\x00",
    "backspace": "abc\x08\x08\x08",
    "html": "<script>alert(1)</script>",
    "xml": "]]>&lt;!--",
    "command": "::set-output name=x::1 %0A::error::x",
    "formula": '=HYPERLINK("http://x")',
    "hidden": "\u200b\u2060\ufeff\xad",
}
OBEYED = set(map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])) | {
    "\u2028", "\u2029", "\u061c", "\u200e", "\u200f",
}  # fmt: skip
OBEYED.discard("\n")


def library(folder: Path, text: str, name: str = "replies.json") -> None:
    value = {"replies": [{"id": f"one {text}", "title": text, "text": f"{ASK} {text} {ASK}"}]}
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_texts_are_made_visible(kind: str, form: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    library(tmp_path, HOSTILE[kind])
    run = neverask("check", "--format", form, "--no-cache", ".", cwd=tmp_path)
    assert run.status == 1
    assert not OBEYED & set(run.out + run.err)
    run.out.encode("utf-8")
    if form in ("json", "sarif"):
        json.loads(run.out)
    if form == "github":
        assert all(line.startswith("::") for line in run.out.splitlines())
        assert run.out.count("\n::error file=x") == 0


NAMES = [
    b"a\x1b[2Jb.json",
    b"a\nb.json",
    b"a\xe2\x80\xaeb.json",
    b"\xff\xfe.json",
    b"a!b.json",
    b"-o.json",
    b"a%0Ab,c:.json",
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", ["good", "broken"])
def test_names_are_made_visible(
    name: bytes, content: str, form: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    library(tmp_path, "", os.fsdecode(name))
    if content == "broken":
        (tmp_path / os.fsdecode(name)).write_text('{"replies": [', encoding="utf-8")
    run = neverask("check", "--format", form, "--no-cache", ".", cwd=tmp_path)
    assert run.status == (1 if content == "good" else 2)
    assert not OBEYED & set(run.out + run.err)
    run.out.encode("utf-8")
    shown = neverask("show", os.fsdecode(name), cwd=tmp_path) if name[:1] != b"-" else run
    assert not OBEYED & set(shown.out + shown.err)
    if form == "sarif":
        places = [r["locations"][0]["physicalLocation"] for r in json.loads(run.out)["runs"][0]["results"]]
        assert all("%21" in place["artifactLocation"]["uri"] or b"!" not in name for place in places)


ALIKE = (b"\xff.json", b"\xfe.json", b"a\tb.json", b"a b.json")
"""Names that are not to be taken for each other: bytes that are no UTF-8, a tab and a blank."""


@pytest.mark.parametrize("form", FORMATS)
def test_no_two_names_are_told_alike(form: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    reports = set()
    for number, name in enumerate(ALIKE):
        folder = tmp_path / str(number)
        folder.mkdir()
        library(folder, "", os.fsdecode(name))
        reports.add(neverask("check", "--format", form, "--no-cache", ".", cwd=folder).out.replace("\t", " "))
    assert len(reports) == len(ALIKE)
    if form in ("json", "gitlab", "sarif"):
        for report in reports:
            json.dumps(json.loads(report), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_baseline_knows_every_name(name: bytes, neverask: Callable[..., Any], tmp_path: Path) -> None:
    library(tmp_path, HOSTILE["half a pair"], os.fsdecode(name))
    assert neverask("baseline", ".", cwd=tmp_path).status == 0
    assert neverask("check", "--baseline", ".neverask-baseline.json", ".", cwd=tmp_path).status == 0
    (tmp_path / os.fsdecode(name)).unlink()
    library(tmp_path, "", "other.json")
    run = neverask("check", "--baseline", ".neverask-baseline.json", ".", cwd=tmp_path)
    assert run.status == 1 and not OBEYED & set(run.out + run.err)


@pytest.mark.parametrize(
    "arguments", [("show", "."), ("graph", "."), ("baseline", "."), ("check", "."), ("exceptions", ".")], ids=" ".join
)
def test_a_name_begins_no_line(arguments: tuple[str, ...], neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A runner of CI takes lines of either output for commands."""
    library(tmp_path, "", "a\n::error::owned\n.json")
    (tmp_path / "b\n::error::owned\n.json").write_text("{", encoding="utf-8")
    run = neverask(*arguments, cwd=tmp_path)
    assert not [line for line in (run.out + "\n" + run.err).splitlines() if line.startswith("::error::owned")]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_what_to_do_is_told_without_speaking_to_the_terminal(tmp_path: Path) -> None:
    import pty

    hostile = "a" + HOSTILE["escape"] + HOSTILE["eight-bit escape"] + HOSTILE["bidi override"] + "$(x)"
    library(tmp_path, hostile, hostile + ".json")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "neverask", "check", "--color", "never", "."]
    with subprocess.Popen(command, cwd=tmp_path, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        said = b""
        try:
            while piece := os.read(master, 1 << 16):
                said += piece
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(master)
    text = said.decode().replace("\r\n", "\n")
    assert process.returncode == 1 and "exceptions:" in text
    assert not OBEYED & set(text)
    assert "--fix 'a" in text  # a name that a shell would obey is quoted where a command is proposed


def test_a_mark_in_a_name_makes_no_archive(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        POLICY + "exceptions:\n  - {rule: no-sensitive-requests, file: 'wow!.json', reason: x, owner: y}\n"
    )
    library(tmp_path, "", "wow!.json")
    library(tmp_path, "", "wow")
    run = neverask("check", "--format", "json", "wow!.json", cwd=tmp_path)
    assert not [f for f in json.loads(run.out)["findings"] if f["rule"] == "no-sensitive-requests"], run.err
    with zipfile.ZipFile(tmp_path / "all!.zip", "w") as archive:
        archive.writestr("in!side/replies.json", (tmp_path / "wow!.json").read_bytes())
    run = neverask("check", "--format", "sarif", "all!.zip", cwd=tmp_path)
    results = json.loads(run.out)["runs"][0]["results"]
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results} == {"all%21.zip"}


def test_links_out_of_the_tree_are_not_read(neverask: Callable[..., Any], tmp_path: Path) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    tree.mkdir()
    outside.mkdir()
    library(outside, "secret")
    library(tree, "own")
    (tree / "link.json").symlink_to(outside / "replies.json")
    (tree / "folder").symlink_to(outside)
    run = neverask("check", "-v", "--format", "text", "--no-cache", ".", cwd=tree)
    assert "secret" not in run.out
    assert "link.json: not checked: a link that leads out of this tree" in run.out
    assert "folder: not checked: a link that leads out of this tree" in run.out
    assert neverask("check", "--strict", ".", cwd=tree).status == 2
    for name in ("link.json", "folder"):
        assert "secret" in neverask("check", "--no-cache", name, cwd=tree).out  # who names it means it
        (tree / name).unlink()
    (tree / "in").mkdir()
    (tree / "again").symlink_to("in")
    (tree / "node_modules").symlink_to(outside)
    assert "not checked" not in neverask("check", "-v", ".", cwd=tree).out


def test_a_policy_is_no_link_out_of_the_repository(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """The mistakes of a policy show its lines, which are those of whatever the link leads to."""
    tree, outside = tmp_path / "tree", tmp_path / "outside.yaml"
    (tree / ".git").mkdir(parents=True)
    library(tree, "own")
    outside.write_text("token: secret-value\n")
    (tree / "neverask.yaml").symlink_to(outside)
    run = neverask("check", "--no-cache", "replies.json", cwd=tree)
    assert run.status == 2 and "secret-value" not in run.out + run.err
    assert run.err.startswith("neverask.yaml: a link that leads out of the repository, to ")
    assert "buiten de repository" in neverask("check", "replies.json", "--lang", "nl", cwd=tree).err
    outside.write_text("neverask: 1\nextends: [whatsapp]\n")
    assert neverask("check", "replies.json", "--policy", "neverask.yaml", cwd=tree).status == 1
    (tree / "house.yaml").write_text("neverask: 1\nextends: [whatsapp]\n")
    (tree / "neverask.yaml").unlink()
    (tree / "neverask.yaml").symlink_to("house.yaml")
    assert neverask("check", "replies.json", cwd=tree).status == 1


def test_no_folder_outside_the_tree_is_looked_into(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers look for the other files of a bot in the folders above: not in those above the repository."""
    tree = tmp_path / "tree"
    looked: list[str] = []
    (tree / ".git").mkdir(parents=True)
    shutil.copy(Path(__file__).parent / "readers" / "rasa" / "flows.yml", tree)
    real = os.scandir

    def scandir(path: Any = ".") -> Any:
        looked.append(os.path.realpath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    run = neverask("check", "--no-cache", "--warnings-ok", "--policy", "whatsapp", ".", cwd=tree)
    assert "Checked 1 file" in run.out
    assert str(tree / "domain") in looked
    assert not [path for path in looked if Path(path).parent == tmp_path and path != str(tree)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "macros.json",
            json.dumps(
                {"neverask": 1, "macros": [{"title": "a", "actions": [{"field": "comment_value", "value": ASK}]}]}
            ),
        ),
        ("flow.yaml", f"neverask: flow\nsteps:\n  - id: a\n    say: {ASK}\n"),
        ("replies.yaml", f"neverask: 1\ntitle: replies\nreplies:\n  - text: {ASK}\n"),
    ],
)
def test_a_key_of_policies_hides_no_texts(name: str, text: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "spare.yaml").write_text(f"{POLICY}examples: [{{says: {ASK}}}]\n", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    run = neverask("check", ".", cwd=tmp_path)
    assert run.status == 1
    assert f"{name}:" in run.out and "bank account" in run.out
    assert "spare.yaml" not in run.out + run.err


def test_a_policy_takes_nothing_from_outside(neverask: Callable[..., Any], tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tmp_path / "base.yaml").write_text(POLICY)
    (tree / "link.yaml").symlink_to(tmp_path / "base.yaml")
    library(tree, "")
    for name in ("../base.yaml", "link.yaml", str(tmp_path / "base.yaml")):
        (tree / "neverask.yaml").write_text(f"neverask: 1\nextends: [whatsapp, {name}]\n")
        for repository in (False, True):
            (tree / ".git").mkdir(exist_ok=True) if repository else None
            run = neverask("check", "replies.json", cwd=tree)
            assert run.status == 2 and "lies outside" in run.err
        (tree / ".git").rmdir()


def test_loops_of_links_end(neverask: Callable[..., Any], tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "data"):
        folder.mkdir(exist_ok=True)
        for name in ("a", "b", "c"):
            (folder / name).symlink_to(".")
    (tmp_path / "self.yml").symlink_to("self.yml")
    (tmp_path / "domain.yml").write_text("version: '3.1'\nresponses:\n  utter_ask:\n  - text: Geef ons uw IBAN door.\n")
    started = time.monotonic()
    run = neverask("check", "--no-cache", "domain.yml", cwd=tmp_path)
    assert run.status == 1
    run = neverask("check", "--no-cache", ".", cwd=tmp_path)
    assert run.status == 2 and "self.yml" in run.out
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "text",
    [
        '!!python/object/apply:os.system ["touch OWNED"]',
        'replies:\n  - text: !!python/object/apply:os.system ["touch OWNED"]\n',
        "replies:\n  - text: !!python/name:os.system\n",
        "replies:\n  - text: !!python/object/new:type {args: [z, [], {}]}\n",
        "replies:\n  - text: !include /etc/passwd\n",
    ],
)
def test_tags_are_not_executed(text: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.yaml").write_text(text)
    for name in ("replies.yaml", "neverask.yaml"):
        (tmp_path / name).write_text(text if name != "neverask.yaml" else POLICY + text)
        run = neverask("check", ".", cwd=tmp_path)
        assert not (tmp_path / "OWNED").exists()
        assert "root:x:" not in run.out + run.err


@pytest.mark.parametrize(
    "pattern", ["*a" * 60 + "b", "[a-z]*" * 40 + "!", "**/" * 40 + "x", "?*" * 60 + "Q", "[" * 300]
)
def test_no_pattern_of_a_policy_takes_long(pattern: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        POLICY
        + f"channels:\n  - files: ['{pattern}']\n    channels: [whatsapp]\n"
        + f"exceptions:\n  - {{rule: no-sensitive-requests, file: '{pattern}', reason: x, owner: y}}\n"
        + "terms:\n  bank-account:\n    nl: ['"
        + "*a" * 1
        + "', '"
        + "(x/y) " * 6
        + "z']\n"
    )
    folder = tmp_path / ("a" * 200) / ("a" * 200)
    folder.mkdir(parents=True)
    library(folder, "a" * 5000, "a" * 200 + ".json")
    started = time.monotonic()
    run = neverask("check", ".", cwd=tmp_path)
    assert run.status in (1, 2)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "path",
    [
        "$" + "..*" * 8,
        "$" + "['a','a']" * 30,
        "$" + "[*,*,*]" * 9 + ".x",
        "$..[?(@..[?(@..[?(@..a)])])].x",
        "$[*][?count($[*]) > 1].x",
        "$..[?match(@.x, '(a+)+$')].x",
        "$..[?search(@.x, '(a|a)*b')].x",
        "$" + "[?" * 3000 + "@.a" + "]" * 3000,
        "$[?" + "(" * 3000 + "@.a" + ")" * 3000 + "]",
        "$[?@.a == '" + "\\\\" * 5000,
        "$" + ".a" * 5000,
        "$[" + "9" * 5000 + "]",
        "$[0:" + "9" * 15 + ":1]",
    ],
    ids=lambda path: path[:30],
)
def test_no_path_of_a_policy_takes_long(path: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    value: Any = {"text": ASK, "x": "a" * 60 + "!"}
    for _ in range(11):
        value = {"a": [value, value], "x": "a" * 60 + "!"}
    (tmp_path / "own.json").write_text(json.dumps(value))
    (tmp_path / "neverask.yaml").write_text(
        POLICY + f"sources:\n  - {{files: own.json, text: {json.dumps(path)}, title: {json.dumps(path)}}}\n"
    )
    started = time.monotonic()
    run = neverask("check", "--no-cache", "own.json", cwd=tmp_path)
    assert run.status == 2 and "mistake here" not in run.out, run.out
    assert time.monotonic() - started < 15


def test_policies_that_extend_each_other_twice_are_read_once(neverask: Callable[..., Any], tmp_path: Path) -> None:
    library(tmp_path, "")
    for number in range(40):
        base = f"p{number + 1}.yaml" if number < 39 else "whatsapp"
        (tmp_path / f"p{number}.yaml").write_text(f"neverask: 1\nextends: [{base}, {base}]\n")
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: [p0.yaml, p0.yaml]\n")
    started = time.monotonic()
    assert neverask("check", "replies.json", cwd=tmp_path).status == 1
    assert time.monotonic() - started < 10
    for number in range(2000):
        (tmp_path / f"p{number}.yaml").write_text(f"neverask: 1\nextends: [p{number + 1}.yaml]\n")
    run = neverask("check", "replies.json", cwd=tmp_path)
    assert run.status == 2 and "more than 50 policies above each other" in run.err


def test_data_called_by_their_name_are_not_looked_for_among_very_many() -> None:
    class Untold(dict[str, Any]):
        def __iter__(self) -> Any:
            raise AssertionError("all were looked through")

    called = resolving.data_called("thing", Policy("p", terms=Untold(thing={})))
    assert called == "thing"
    assert resolving.data_called("Thing data", Policy("p", terms={"thing": {}})) == "thing"


def test_very_many_patterns_of_a_policy_take_no_time() -> None:
    """An expression was made of each of them: 9 seconds."""
    patterns = tuple(f"**/team{number}/*.json" for number in range(20_000))
    started = time.process_time()
    assert not matches("replies/team/a.json", patterns, "") and matches("replies/team1999/a.json", patterns, "")
    assert time.process_time() - started < 1


PATTERNS = [
    ("a/b/c.json", "**/c.json", True),
    ("c.json", "**/c.json", True),
    ("a/b/c.json", "c.json", True),
    ("a/b/c.json", "a/*.json", True),
    ("a/b/c.json", "a/**", True),
    ("a/b/c.json", "[ab]/b/?.json", True),
    ("a/b/c.json", "?.js[no]n", True),
    ("a/b/c.json", "[a-c].json", True),
    ("a/b/[c.json", "a/b/[[]c.json", True),
    ("a/b/[c.json", "a/*/[c.json", True),
    ("a/b/c.json", "b/**", False),
    ("a/b/c.json", "**/b/c", False),
    ("a/b/c.json", "a/*c*b*", False),
]


@pytest.mark.parametrize(("path", "pattern", "fits"), PATTERNS)
def test_patterns_fit_as_they_did_before_they_were_looked_at_in_short(path: str, pattern: str, fits: bool) -> None:
    assert matches(path, (pattern,), "") is fits


@pytest.mark.parametrize("kind", ["a link that leads nowhere", "a pipe", "a device", "a circle"])
def test_a_policy_that_is_no_file_is_not_passed_over(kind: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    library(tmp_path, "")
    policy = tmp_path / "neverask.yaml"
    if kind == "a pipe":
        os.mkfifo(policy)
    else:
        policy.symlink_to({"a device": os.devnull, "a circle": "neverask.yaml"}.get(kind, "nowhere.yaml"))
    for _ in range(2):
        run = neverask("check", "replies.json", cwd=tmp_path)
        assert run.status == 2 and "neverask.yaml" in run.err and "bundled" not in run.err, run.err
    policy.unlink()
    policy.mkdir()
    assert "bundled" in neverask("check", "replies.json", cwd=tmp_path).err


def test_a_policy_with_bombs_is_refused(neverask: Callable[..., Any], tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    library(tmp_path, "")
    for text in (
        POLICY + "\n".join(lines) + "\n",
        POLICY + "terms: &t\n  bank-account: *t\n",
        POLICY + "terms: " + "[" * 100_000,
        POLICY + "terms:\n  bank-account:\n    nl: ['" + "(a/b) " * 60 + "c']\n",
        POLICY + "\x00",
    ):
        (tmp_path / "neverask.yaml").write_text(text)
        started = time.process_time()
        run = neverask("check", "replies.json", cwd=tmp_path)
        assert run.status == 2 and run.err, text[:200]
        assert time.process_time() - started < 10


def test_output_is_the_same_under_every_locale(tmp_path: Path) -> None:
    library(tmp_path, "é ⏎ 漢 \ud800 \u202e")
    (tmp_path / "broken.json").write_text("{")
    seen = set()
    for extra in (
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "C.UTF-8"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii:strict", "PYTHONHASHSEED": "7", "LC_ALL": "tr_TR.UTF-8"},
    ):
        command = [sys.executable, "-m", "neverask", "check", "--no-cache", "."]
        run = subprocess.run(command, cwd=tmp_path, env={**os.environ, **extra}, capture_output=True, timeout=60)
        assert run.returncode == 2 and b"Traceback" not in run.stderr
        seen.add(run.stdout)
    assert len(seen) == 1


def test_a_member_of_an_archive_stays_in_it(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """An export in an archive that names files around the archive gets none of them."""
    (tmp_path / "secret.lg").write_text("# t\n- Geef ons uw IBAN door. secret\n")
    dialog = {
        "$kind": "Microsoft.AdaptiveDialog",
        "triggers": [
            {
                "$kind": "Microsoft.OnUnknownIntent",
                "actions": [{"$kind": "Microsoft.SendActivity", "activity": "${t()}"}],
            }
        ],
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("bot/main.dialog", json.dumps(dialog))
        archive.writestr("bot/main.lg", "[import](../../secret.lg)\n[i](../../../../etc/passwd)\n# u\n- hallo\n")
        archive.writestr("../out.json", json.dumps({"replies": [{"text": ASK + " secret"}]}))
        archive.writestr("/abs.json", json.dumps({"replies": [{"text": ASK + " secret"}]}))
    (tmp_path / "bot.zip").write_bytes(data.getvalue())
    run = neverask("check", "-v", "--no-cache", "bot.zip", cwd=tmp_path)
    assert run.status == 2 and "secret" not in run.out.replace("secret.lg", "")
    assert "leads out of the archive" in run.out and "absolute path" in run.out


def test_entities_outside_are_not_followed(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    for head in (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{escape(str(tmp_path / "secret.txt"))}">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "secret.txt"> %p;]>',
        "<!DOCTYPE r ["
        + '<!ENTITY a0 "x">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + "]>",
    ):
        body = "&a11;" if "a11" in head else "&x;"
        (tmp_path / "replies.xml").write_text(f'<?xml version="1.0"?>{head}<r><t>{body} {ASK}</t></r>')
        started = time.monotonic()
        run = neverask("check", "replies.xml", cwd=tmp_path)
        assert run.status == 2 and "secret " not in run.out and run.out.count("\n") < 20
        assert time.monotonic() - started < 5


SAYS = json.dumps("x " + HOSTILE["escape"] + HOSTILE["eight-bit escape"] + HOSTILE["bidi override"] + "\x85\u2028")
COMMANDS = [
    ("check", "--fix", "--dry-run", "."),
    ("check", "-v", "."),
    ("policy", "show"),
    ("policy", "test"),
    ("explain", "no-x"),
    ("exceptions", "."),
    ("exceptions", "--format", "json", "."),
    ("brief",),
    ("brief", "--format", "html"),
    ("brief", "--lang", "nl"),
    ("show", "replies.json"),
    ("show", "flow.yaml"),
    ("graph", "flow.yaml"),
    ("graph", "--format", "dot", "flow.yaml"),
    ("graph", "--path", "flow.yaml"),
    ("init", "--dry-run", "."),
    ("inspect", "Geef ons uw \x1b[2J IBAN\u202e door."),
    ("baseline", "."),
    ("baseline", "--policy", "no\x1b[2J", "."),
    ("check", "--baseline", "known.json", "."),
    ("check", "no\x1b[2J\u202e.json"),
    ("show", "no\x1b[2J\u202e.json"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_lets_a_policy_or_a_text_speak_to_the_terminal(
    arguments: tuple[str, ...], neverask: Callable[..., Any], tmp_path: Path
) -> None:
    policy = (
        f"neverask: 1\nextends: [whatsapp]\ntitle: {SAYS}\nabout: {SAYS}\ncited:\n  {SAYS}: {SAYS}\n"
        "rules:\n  no-x:\n    rule: forbid asking for bank-account\n    level: error\n"
        f"    because: [{SAYS}]\n    instead: {{nl: {SAYS}, en: {SAYS}}}\n"
        f"exceptions:\n  - {{rule: no-x, file: {SAYS}, reason: {SAYS}, owner: {SAYS}}}\n"
    )
    (tmp_path / "neverask.yaml").write_text(policy, encoding="utf-8")
    text = "x " + "".join(HOSTILE[kind] for kind in ("escape", "eight-bit escape", "bidi override", "next line"))
    value = {"replies": [{"id": text, "title": text, "text": f"{text} {ASK} {text}"}]}
    for name in ("replies.json", os.fsdecode(b"a\x1b[2J\xe2\x80\xaeb\nc.json")):
        (tmp_path / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "flow.yaml").write_text(
        f"flow: {SAYS}\nchannel: whatsapp\nsteps:\n"
        f"  - {{id: {SAYS}, title: {SAYS}, say: {SAYS}, buttons: [{SAYS}], goto: b}}\n"
        f"  - {{id: b, ask: {json.dumps(ASK)}, capture: {{name: {SAYS}, type: text}}}}\n",
        encoding="utf-8",
    )
    known = {"fingerprint": "1", "count": 1, "rule": text, "file": text, "entry": text}
    (tmp_path / "known.json").write_text(json.dumps({"neverask-baseline": 1, "findings": [known]}))
    run = neverask(*arguments, cwd=tmp_path)
    assert run.out + run.err
    assert not OBEYED & set(run.out + run.err)
