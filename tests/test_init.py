"""``neverask init``: the policy it proposes for a folder, that the policy holds, and that nothing is lost by it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CASES = sorted(path for path in (Path(__file__).parent / "init").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_policy_that_init_proposes_runs(
    case: Path, tmp_path: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(case, folder)
    made = neverask("init", cwd=folder)
    assert made.status == 0, made.err
    proposed = (folder / "neverask.yaml").read_text(encoding="utf-8")
    run = neverask("check", cwd=folder)
    assert run.status == 1, run.err
    told = f"$ neverask init\n{made.out}\n{proposed}\n$ neverask check\n{run.out}"
    golden(case.with_suffix(".out"), told)


def test_a_policy_that_is_there_is_not_written_over(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    policy = tmp_path / "neverask.yaml"
    policy.write_text("neverask: 1\nextends: gdpr\n", encoding="utf-8")
    run = neverask("init", cwd=tmp_path)
    assert run.status == 2
    assert "--force" in run.err
    assert policy.read_text(encoding="utf-8") == "neverask: 1\nextends: gdpr\n"
    assert neverask("init", "--force", cwd=tmp_path).status == 0
    assert "whatsapp" in policy.read_text(encoding="utf-8")


def test_an_empty_folder_gets_a_policy_that_holds(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    assert neverask("init", cwd=tmp_path).status == 0
    assert neverask("policy", "show", cwd=tmp_path).status == 0
    assert neverask("check", "--allow-nothing", cwd=tmp_path).status == 0


@pytest.mark.parametrize("name", ["a\"b: 'c' #{d}.json", "export [1].json", "!{a,b}.json"])
def test_names_of_files_can_not_break_the_policy(name: str, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    texts = ", ".join(f'{{"uiting": "Dit is zin {number}, nietwaar?", "q": 1}}' for number in range(4))
    (tmp_path / name).write_text(f'{{"x": [{texts}]}}', encoding="utf-8")
    assert neverask("init", cwd=tmp_path).status == 0
    run = neverask("show", name, cwd=tmp_path)
    assert run.status == 0, run.err
    assert "messages (4)" in run.out


def test_a_folder_whose_name_says_a_channel_in_a_phrase(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """Its mails went out over WhatsApp; what names two channels, or a part of another word, is left to be told."""
    for name in ("E-Mail Vorlagen [2025]", "réponses whatsapp", "mail en sms", "web shop"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "r.yaml").write_text("- {id: 1, text: Wat is uw ordernummer?}\n", encoding="utf-8")
    said = neverask("init", "--dry-run", cwd=tmp_path).out
    assert re.findall(r"files: \"(.+?)\", channels: \[(\w+)\]", said) == [
        ("E-Mail Vorlagen [2025]/**", "email"),
        ("réponses whatsapp/**", "whatsapp"),
    ]


def test_a_folder_called_as_a_bundled_policy_does_not_hide_it(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "whatsapp").mkdir()
    (tmp_path / "whatsapp" / "r.yaml").write_text("- {title: a, text: Stuur ons uw IBAN.}\n- {title: b, text: Dag!}\n")
    run = neverask("check", "--policy", "whatsapp", ".", cwd=tmp_path)
    assert run.status == 1, run.err


def test_a_policy_that_is_there_stays_where_only_the_hook_lacks(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    policy = tmp_path / "neverask.yaml"
    policy.write_text("neverask: 1\nextends: gdpr\n", encoding="utf-8")
    run = neverask("init", "--hook", cwd=tmp_path)
    assert run.status == 0 and "stays as it is" in run.out, run.err
    assert policy.read_text(encoding="utf-8") == "neverask: 1\nextends: gdpr\n"
    assert "check --staged" in (tmp_path / ".git" / "hooks" / "pre-commit").read_text(encoding="utf-8")


def test_a_hook_of_our_own_is_known_again_and_no_other(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert neverask("init", "--hook", cwd=tmp_path).status == 0
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    written = hook.read_text(encoding="utf-8")
    hook.write_text(re.sub("echo .*", "echo /gone/neverask)", written), encoding="utf-8")
    for arguments in (("--force",), ()):
        assert neverask("init", "--hook", *arguments, cwd=tmp_path).status == 0
        assert hook.read_text(encoding="utf-8") == written
    hook.write_text(written + "make lint\n", encoding="utf-8")
    run = neverask("init", "--hook", "--force", cwd=tmp_path)
    assert run.status == 2 and "is there already: add the line" in run.err
    assert hook.read_text(encoding="utf-8") == written + "make lint\n"


def test_below_a_policy_init_builds_on_it(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """What it wrote took the place of the group's policy, with kinds of safe places that this one did not have."""
    (tmp_path / ".git").mkdir()
    brand = tmp_path / "brands" / "north"
    brand.mkdir(parents=True)
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: avg\nsafe-channels: {kinds: [portal]}\n")
    (brand / "a.yaml").write_text("replies:\n  - Good morning to you.\n")
    assert neverask("init", cwd=brand).status == 0
    written = (brand / "neverask.yaml").read_text(encoding="utf-8")
    assert 'extends: ["../../neverask.yaml"]' in written and "kinds:" not in written and "channels:" not in written
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "note" not in run.out
    assert "Het beleid boven deze map geldt hier ook" in neverask("init", "--dry-run", "--lang", "nl", cwd=brand).out
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: no-such\n")
    assert neverask("init", "--dry-run", cwd=brand).status == 2
    (brand / ".git").mkdir()
    assert "extends: [whatsapp]" in neverask("init", "--dry-run", cwd=brand).out
