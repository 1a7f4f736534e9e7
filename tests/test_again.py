"""A second run says what was said the first time, and only while all that it rests on is what it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask import cache, engine
from neverask.documents.model import MAX_DEPTH
from neverask.documents.yamltext import _is_far_in

POLICY = "neverask: 1\nextends: [whatsapp]\n"
DOMAIN = "version: '3.1'\nresponses:\n  utter_a:\n  - text: Please send us your IBAN today.\n"
STORIES = "version: '3.1'\nstories:\n- story: x\n  steps:\n  - intent: hi\n  - action: utter_a\n"
EXCEPTION = "exceptions:\n- {rule: no-sensitive-requests, file: more/replies.yaml, reason: bank, until: 2027-01-01}\n"
OTHER = "replies:\n- {id: b, text: Please send us your password today.}\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot of two files, a library in a folder of its own, a link, and a policy that extends another."""
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "tree"
    (root / ".git").mkdir(parents=True)
    (root / "more").mkdir()
    (root / "bot").mkdir()
    files = {
        "neverask.yaml": "neverask: 1\nextends: [./base.yaml]\n",
        "base.yaml": POLICY + EXCEPTION,
        "bot/domain.yml": DOMAIN,
        "bot/stories.yml": STORIES,
        "more/replies.yaml": "replies:\n- {id: a, text: Please send us your IBAN today.}\n",
        "more/other.yaml": OTHER,
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "more" / "link.yaml").symlink_to("replies.yaml")
    return root


def _refuse(*_: Any, **__: Any) -> Any:
    raise AssertionError("the files were judged again")


def test_nothing_is_judged_when_nothing_has_changed(
    tree: Path, neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("text", "json", "github"):
        first = neverask("check", "--format", form, "bot", "more", cwd=tree)
        assert first.status == 1
        with monkeypatch.context() as patch:
            patch.setattr(engine, "check", _refuse)
            again = neverask("check", "--format", form, "bot", "more", cwd=tree)
        assert (again.out, again.err, again.status) == (first.out, first.err, first.status)


def test_what_stands_beside_the_report_is_said_again(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "replies.yaml").write_text("replies:\n- {id: a, text: Please send us your IBAN.}\n", encoding="utf-8")
    monkeypatch.setenv("NEVERASK_CACHE", str(tmp_path / "cache"))
    first = neverask("check", "--allow-nothing", "replies.yaml", cwd=tmp_path)
    assert "using the bundled policy" in first.err and "What now?" in first.err
    monkeypatch.setattr(engine, "check", _refuse)
    again = neverask("check", "--allow-nothing", "replies.yaml", cwd=tmp_path)
    assert (again.out, again.err, again.status) == (first.out, first.err, first.status)


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda tree: (tree / name).write_text(text, encoding="utf-8")


def _retarget(tree: Path) -> None:
    (tree / "more" / "link.yaml").unlink()
    (tree / "more" / "link.yaml").symlink_to("other.yaml")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a text of the same length": _write("more/other.yaml", OTHER.replace("password", "passport")),
    "a neighbour of a bot": _write("bot/domain.yml", DOMAIN.replace("IBAN", "order")),
    "a new neighbour of a bot": _write("bot/config.yml", "language: en\n"),
    "a new file": _write("more/third.yaml", "replies:\n- {id: c, text: Please send us your PIN today.}\n"),
    "a file that is gone": lambda tree: (tree / "more" / "other.yaml").unlink(),
    "the policy": _write("neverask.yaml", POLICY),
    "a policy that is extended": _write("base.yaml", POLICY),
    "a policy in between": _write("more/neverask.yaml", POLICY),
    "a policy that is gone": lambda tree: (tree / "neverask.yaml").unlink(),
    "a repository in between": lambda tree: (tree / "more" / ".git").mkdir(),
    "a link": _retarget,
    "a broken file": _write("more/other.yaml", "replies: [\n"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_seen(change: str, tree: Path, neverask: Callable[..., Any]) -> None:
    command = ("check", "--format", "json", "bot", "more")
    before = neverask(*command, cwd=tree)
    CHANGES[change](tree)
    for _ in range(2):
        found = neverask(*command, cwd=tree)
        plain = neverask(*command, "--no-cache", cwd=tree)
        assert (found.out, found.status) == (plain.out, plain.status)
    assert change == "a new neighbour of a bot" or found.out != before.out


def test_an_exception_expires(tree: Path, neverask: Callable[..., Any]) -> None:
    days = {day: neverask("check", "--date", day, "more", cwd=tree).out for day in ("2026-12-31", "2027-01-02")}
    assert days["2026-12-31"] != days["2027-01-02"]
    for day, said in days.items():
        assert neverask("check", "--date", day, "more", cwd=tree).out == said


@pytest.mark.parametrize(
    "option", ["--verbose", "--lang=nl", "--strict", "--policy=whatsapp", "--warnings-ok", "--limit=0"]
)
def test_another_question_is_another_run(option: str, tree: Path, neverask: Callable[..., Any]) -> None:
    neverask("check", "more", cwd=tree)
    asked = neverask("check", option, "more", cwd=tree)
    plain = neverask("check", option, "--no-cache", "more", cwd=tree)
    assert (asked.out, asked.err, asked.status) == (plain.out, plain.err, plain.status)


# -- what is told by a few characters ------------------------------------------------------------------------------


@pytest.mark.parametrize("before", range(0, 45, 4))
@pytest.mark.parametrize("run", [" ", "- ", "? :"])
def test_deep_nesting_is_told_wherever_it_stands(before: int, run: str) -> None:
    line = (run * MAX_DEPTH)[:MAX_DEPTH]
    assert _is_far_in("a: b\n" + "x" * before + "\n" + line + "x\n")
    assert not _is_far_in("a: b\n" + "x" * before + "\n" + line[:-1] + "x\n")


def test_what_another_user_put_into_a_shared_cache_is_not_taken(
    tree: Path, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They could say of any file that nothing is in it, or of a language that it has no words."""
    first = neverask("check", ".", cwd=tree)
    names = {entry.name: entry.stat().st_ino for entry in (tmp_path / "cache").iterdir()}
    assert first.status == 1 and any(name.startswith("run-") for name in names)
    monkeypatch.setattr(cache, "_is_ours", lambda status: status.st_ino not in names.values())
    assert all(cache.get(name) is None for name in names if name.startswith(("run-", "results-", "policy-")))
    again = neverask("check", ".", cwd=tree)
    assert (again.status, again.out) == (first.status, first.out)
    assert all((tmp_path / "cache" / n).stat().st_ino != names[n] for n in names if n.startswith(("run-", "results-")))


def test_in_the_cache_of_another_user_ours_stand_beside_theirs(
    tree: Path, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two users who may both write there wrote over each other's in turn, and neither had any."""
    first = neverask("check", ".", cwd=tree)
    theirs = {entry.name for entry in (tmp_path / "cache").iterdir()}
    folder = (tmp_path / "cache").stat().st_ino
    monkeypatch.setattr(cache, "_is_own", lambda status: status.st_ino != folder)
    assert neverask("check", ".", "--limit", "1", cwd=tree).status == first.status
    new = {entry.name for entry in (tmp_path / "cache").iterdir()} - theirs
    assert len(new) == 1 and new.pop().startswith("of-")
