"""Faults around a run: killed, stopped, two at once, other locales, nowhere to write."""

from __future__ import annotations

import json
import marshal
import os
import random
import resource
import select
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from neverask import engine, opening, replacing, stopping
from neverask.replacing import is_left

ASK = "Geef ons uw IBAN door."


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n")
    for number in range(40):
        replies = [{"id": f"{number}-{n}", "text": f"{ASK} Dank u wel, klant {n}."} for n in range(5)]
        (folder / f"{number}.json").write_text(json.dumps({"replies": replies}))
    return folder


def environment(cache: Path | str, **others: str) -> dict[str, str]:
    return {**os.environ, "NEVERASK_CACHE": str(cache), **others}


def start(tree: Path, *arguments: str, cache: Path | str = "", **others: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "neverask", "check", *arguments, "."],
        cwd=tree,
        env=environment(cache or os.environ["NEVERASK_CACHE"], **others),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whoever started the tests may ignore it
    )


def finished(process: subprocess.Popen[bytes], limit: int = 120) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(timeout=limit)
    return process.returncode, out, err


def copied_cache(tmp_path: Path) -> Path:
    """The compiled grammars of this run of the tests, and no results."""
    cache = tmp_path / "cache"
    os.makedirs(os.environ["NEVERASK_CACHE"], exist_ok=True)
    shutil.copytree(
        os.environ["NEVERASK_CACHE"], cache, ignore=lambda _, names: [n for n in names if n[0] == "." or "results" in n]
    )
    return cache


def test_killed_at_any_moment(tree: Path, tmp_path: Path) -> None:
    expected = finished(start(tree, "--no-cache", "--format", "json"))
    assert expected[0] == 1
    cache = copied_cache(tmp_path)
    report = tree.parent / "report.json"
    rng = random.Random(4)
    for _ in range(8):
        process = start(tree, "--format", "json", "-o", str(report), cache=cache)
        time.sleep(rng.uniform(0.05, 1.2))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if report.exists():
            assert report.read_bytes() == expected[1]
            report.unlink()
        for entry in cache.iterdir():
            if entry.name[0] != ".":
                assert marshal.loads(entry.read_bytes()[16:])[0] == entry.name
    assert finished(start(tree, "--format", "json", cache=cache))[:2] == expected[:2]
    assert finished(start(tree, "--format", "json", cache=cache))[:2] == expected[:2]


WRITES = {
    "a report": ["check", "-o", "report.json", "--format", "json", "3.json"],
    "a mended file": ["check", "--fix", "3.json"],
    "a baseline": ["baseline", "3.json"],
    "a policy": ["init", "--force", "."],
}


@pytest.mark.parametrize("moment", ["fsync", "replace"])
@pytest.mark.parametrize("what", WRITES)
def test_killed_while_a_file_is_written(what: str, moment: str, tree: Path) -> None:
    before = {path.name: path.read_bytes() for path in tree.iterdir()}
    code = (
        "import os, signal\n"
        f"os.{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"from neverask.cli import main\nmain({WRITES[what]!r})\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tree, capture_output=True, timeout=120)
    assert run.returncode == -signal.SIGKILL
    left = {path.name: path.read_bytes() for path in tree.iterdir()}
    assert before.items() <= left.items()
    beside = left.keys() - before.keys()
    if moment == "fsync" and sys.platform == "linux":
        assert not beside
    assert all(is_left(name) for name in beside)  # and no later run takes it for a reply library
    plain = finished(start(tree, "--format", "json", "--no-cache"))
    for name in beside:
        (tree / name).unlink()
    assert plain == finished(start(tree, "--format", "json", "--no-cache"))


def test_where_files_without_a_name_can_not_be_had(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(os.listdir(tree))
    target, mode = tree / "3.json", (tree / "3.json").stat().st_mode
    monkeypatch.setattr(replacing, "_HANDLES", "/nowhere")
    replacing.replace(str(target), b"new")
    assert (target.read_bytes(), target.stat().st_mode) == (b"new", mode)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        replacing.replace(str(target), b"newer")
    assert target.read_bytes() == b"new" and sorted(os.listdir(tree)) == before


@pytest.mark.parametrize("handles", ["/proc/self/fd", "/nowhere"])
def test_what_is_written_over_keeps_its_owner(handles: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container that runs as root a mended file was root's afterwards."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can give files away")
    monkeypatch.setattr(replacing, "_HANDLES", handles)
    target = tree / "3.json"
    target.chmod(0o640)
    os.chown(target, 12345, 23456)
    replacing.replace(str(target), b"new")
    found = target.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o7777, target.read_bytes()) == (12345, 23456, 0o640, b"new")


def test_what_may_not_be_written_to_is_not_replaced(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder would let us."""
    target = tree / "3.json"
    before = target.read_bytes()
    target.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write to everything
    with pytest.raises(PermissionError, match="Permission denied"):
        replacing.replace(str(target), b"new")
    assert target.read_bytes() == before and len(os.listdir(tree)) == 41
    replacing.replace(str(tree / "new.json"), b"new")


def test_links_in_a_circle_are_no_place_for_a_report(tree: Path, neverask: Any) -> None:
    (tree / "a").symlink_to("b")
    (tree / "b").symlink_to("a")
    run = neverask("check", "-o", "a", "3.json", cwd=tree)
    assert run.status == 2 and "can't write the file" in run.err and (tree / "a").is_symlink()


def test_two_runs_at_once(tree: Path, tmp_path: Path) -> None:
    cache = copied_cache(tmp_path)
    runs = [start(tree, "--format", "json", cache=cache) for _ in range(3)]
    found = [finished(run) for run in runs]
    assert {status for status, _, _ in found} == {1}
    assert len({out for _, out, _ in found}) == 1
    assert not [name for name in os.listdir(cache) if name[0] == "."]


def test_a_poisoned_cache_changes_nothing(tree: Path, tmp_path: Path) -> None:
    cache = copied_cache(tmp_path)
    expected = finished(start(tree, "--format", "json", cache=cache))
    for number, entry in enumerate(sorted(cache.iterdir())):
        data = entry.read_bytes()
        entry.write_bytes((b"", data[: len(data) // 2], b"\xff" * 50, marshal.dumps((entry.name, 5)))[number % 4])
        if number % 7 == 0:
            entry.unlink()
            entry.mkdir()
        elif number % 7 == 1:
            entry.unlink()
            entry.symlink_to("/dev/zero")
        elif number % 7 == 2:
            entry.unlink()
            os.mkfifo(entry)
    assert finished(start(tree, "--format", "json", cache=cache))[:2] == expected[:2]


@pytest.mark.parametrize("other", [5, (), [None] * 8, tuple(range(8)), {}, ("2026-01-01",) * 8], ids=repr)
def test_what_is_remembered_in_another_shape_is_not_believed(other: Any, tree: Path, tmp_path: Path) -> None:
    cache = copied_cache(tmp_path)
    expected = finished(start(tree, "--format", "json", cache=cache))
    for entry in cache.iterdir():
        if entry.name.startswith(("run-", "results-")):
            data = marshal.dumps((entry.name, other), 4)
            entry.write_bytes(blake2b(data, digest_size=16).digest() + data)
    assert finished(start(tree, "--format", "json", cache=cache)) == expected


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_control_c(jobs: str, tree: Path) -> None:
    big = [{"id": str(n), "text": f"{ASK} {n} " + "Wij helpen u graag verder. " * 10} for n in range(4000)]
    for number in range(4):
        (tree / f"big{number}.json").write_text(json.dumps({"replies": big}))
    process = start(tree, "--no-cache", "--jobs", jobs)
    time.sleep(2.5)
    assert process.poll() is None, "the run ended before it could be stopped"
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    status, out, err = finished(process)
    assert time.monotonic() - started < 3  # a second of a machine that is not busy with other things
    assert out == b"" and b"Traceback" not in err
    assert (status == 130 and b"stopped" in err) or (jobs == "1" and status == -signal.SIGINT)


LONG_CALL = (
    "from neverask import opening\n"
    "def long(path, data):\n"
    "    print('now', flush=True)\n"
    "    sum(range(10 ** 11))\n"  # Python hears no signal before that is done, in an hour or so
    "opening.open_source = long\n"
    "from neverask.cli import main\nmain(['check', '--no-cache', 'large.json'])\n"
)


def test_control_c_in_a_long_call(tree: Path, tmp_path: Path) -> None:
    """Decoding hundreds of megabytes is one call into C, during which Python hears nothing."""
    (tree / "large.json").write_bytes(b" " * 1_100_000)
    cache = copied_cache(tmp_path)
    command = [sys.executable, "-c", LONG_CALL]
    shown = "trap : INT; " + " ".join(map(shlex.quote, command)) + "; echo $?"  # as a shell shows it
    for arguments, status, told in ((command, -signal.SIGINT, b""), (["sh", "-c", shown], 0, b"130\n")):
        process = subprocess.Popen(
            arguments,
            cwd=tree,
            env=environment(cache),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert process.stdout is not None and process.stdout.readline() == b"now\n"
        started = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (status, told) and b"Traceback" not in err
        assert time.monotonic() - started < 1
    assert not [name for name in os.listdir(cache) if name[0] == "."]


@pytest.fixture
def usual() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("usual")
def test_only_the_command_line_is_ended_at_once(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that uses neverask keeps what it does on Ctrl-C, and so does a thread, and what writes."""
    (tree / "large.json").write_bytes(b" " * 1_100_000)
    heard: list[Any] = []

    def opened(*_: Any) -> list[Any]:
        heard.append(signal.getsignal(signal.SIGINT))
        with stopping.orderly():
            heard.append(signal.getsignal(signal.SIGINT))
        return []

    monkeypatch.setattr(opening, "open_source", opened)

    def check() -> list[Any]:
        heard.clear()
        engine.check([str(tree / "large.json")])
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        return list(heard)

    usual = signal.default_int_handler
    assert check() == [usual, usual]
    stopping.allow()
    try:
        assert check() == [signal.SIG_DFL, usual]
        with stopping.orderly():
            assert check() == [usual, usual]
        thread = threading.Thread(target=check)
        thread.start()
        thread.join()
        assert heard == [usual, usual]
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what runs in the background
        engine.check([str(tree / "large.json")])
        assert heard[-2:] == [signal.SIG_IGN, signal.SIG_IGN]
    finally:
        stopping.forbid()


def test_a_worker_that_dies_is_an_error(tree: Path) -> None:
    code = (
        "import os, sys\n"
        "from neverask import checking\n"
        "real = checking.examine\n"
        "def examine(path, *rest, **more):\n"
        "    if path.endswith('17.json'): os.kill(os.getpid(), 9)\n"
        "    return real(path, *rest, **more)\n"
        "checking.examine = examine\n"
        "from neverask.cli import main\n"
        "main(['check', '--no-cache', '--jobs', '2', '--format', 'json', '.'])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tree, capture_output=True, timeout=120)
    assert run.returncode == 2 and b"Traceback" not in run.stderr
    report: Any = json.loads(run.stdout)
    assert [unread["path"] for unread in report["summary"]["unread"] if unread["error"]] == ["17.json"]
    assert report["summary"]["files"] == 39


def test_too_little_memory_is_no_finding(tree: Path) -> None:
    """A traceback would end with the status of a run that found something."""
    code = (
        "from neverask import engine, checking\n"
        "def full(*_, **__): raise MemoryError\n"
        "{}.{} = full\n"
        "from neverask.cli import main\nmain(['check', '--no-cache', '3.json'])\n"
    )
    for module, name, said in (("engine", "walk", b"not enough memory"), ("checking", "_judge", b"not enough memory")):
        command = [sys.executable, "-c", code.format(module, name)]
        run = subprocess.run(command, cwd=tree, capture_output=True, timeout=120)
        assert run.returncode == 2 and said in run.stdout + run.stderr and b"Traceback" not in run.stderr


def test_a_mistake_of_ours_is_no_finding(tree: Path) -> None:
    code = (
        "from neverask import engine\n"
        "def wrong(*_, **__): raise KeyError('\\x1b[2J')\n"
        "engine.walk = wrong\n"
        "from neverask.cli import main\nmain(['check', '--no-cache', '3.json'])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tree, capture_output=True, timeout=120)
    assert run.returncode == 2 and b"made a mistake here" in run.stderr
    assert b"Traceback" not in run.stderr and b"\x1b" not in run.stderr
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tree,
        capture_output=True,
        timeout=120,
        env={**os.environ, "NEVERASK_DEBUG": "1"},
    )
    assert b"Traceback" in run.stderr


def test_control_c_while_a_class_is_made_is_no_mistake_of_ours(tree: Path) -> None:
    """Python before 3.12 makes a RuntimeError of what is raised there, as where a module is loaded."""
    code = (
        "from neverask import engine\n"
        "def stopped(*_, **__):\n"
        "    raise RuntimeError('Error calling __set_name__') from KeyboardInterrupt()\n"
        "engine.walk = stopped\n"
        "from neverask.cli import main\nmain(['check', '--no-cache', '3.json'])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tree, capture_output=True, timeout=120)
    assert (run.returncode, run.stderr) == (130, b"stopped\n")


def test_the_same_bytes_whatever_the_surroundings(tree: Path, tmp_path: Path) -> None:
    """It is never the same day in both time zones: their clocks are 26 hours apart."""
    other = tmp_path / "other"
    other.mkdir()
    for name in sorted(os.listdir(tree), reverse=True):  # another order in the folder
        (other / name).write_bytes((tree / name).read_bytes())
    for form in ("text", "json", "sarif", "github"):
        runs = [
            start(tree, "--format", form, "--no-cache", "--jobs", "1", PYTHONHASHSEED="1", LC_ALL="C", TZ="Etc/GMT+12"),
            start(other, "--format", form, "--no-cache", "--jobs", "2", PYTHONHASHSEED="2", LC_ALL="de_DE.UTF-8"),
            start(other, "--format", form, PYTHONHASHSEED="3", PYTHONIOENCODING="latin-1", TZ="Etc/GMT-14"),
        ]
        found = [finished(run) for run in runs]
        assert {status for status, _, _ in found} == {1}
        assert len({out for _, out, _ in found}) == 1


def test_nowhere_to_write(tree: Path, tmp_path: Path) -> None:
    """No home, and a cache that is no folder: slower, but the same."""
    expected = finished(start(tree, "--format", "json", "--no-cache"))
    (tmp_path / "file").write_text("x")
    few = tmp_path / "few"
    few.mkdir()
    (few / "0.json").write_bytes((tree / "0.json").read_bytes())
    status, out, err = finished(start(few, "--format", "json", cache=tmp_path / "file" / "x", HOME="/nowhere"), 300)
    assert status == 1 and b"Traceback" not in err
    first = [finding for finding in json.loads(expected[1])["findings"] if finding["path"] == "0.json"]
    assert json.loads(out)["findings"][0]["words"] == first[0]["words"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_report_comes_out_whole_or_is_told(unbuffered: str, tree: Path) -> None:
    """Through a pipe that does not wait, and into a file that may grow no further."""
    whole = finished(start(tree, "--format", "json", "--no-cache"))[1]
    arguments = [sys.executable, "-m", "neverask", "check", "--format", "json", "--no-cache", "."]
    surroundings: dict[str, Any] = {"cwd": tree, "env": {**os.environ, "PYTHONUNBUFFERED": unbuffered}}
    read, write = os.pipe()
    os.set_blocking(write, False)
    process = subprocess.Popen(arguments, stdout=write, stderr=subprocess.PIPE, **surroundings)
    os.close(write)
    assert select.select([read], [], [], 120)[0]
    time.sleep(0.2)  # nobody reads while the pipe is full
    with open(read, "rb") as pipe:
        assert pipe.read() == whole
    assert finished(process)[0] == 1

    limit = len(whole) // 2
    surroundings["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with (tree.parent / "report").open("wb") as file:
        run = subprocess.run(arguments, stdout=file, stderr=subprocess.PIPE, check=False, **surroundings)
    assert run.returncode == 2 and b"can't write the output: File too large" in run.stderr
