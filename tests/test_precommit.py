"""A support author's day: a reply that asks for a bank account is refused by the hook, the suggested wording passes.

The hook is installed with the real pre-commit from a copy of this checkout, with what is not committed yet.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    "linter",
    "grammar",
    "policies",
    "setup.cfg",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)
BAD = """\
replies:
  - id: hallo
    text: "Goedemiddag, waarmee kunnen we u helpen?"
  - id: terugbetaling
    text: "Kunt u ons uw rekeningnummer doorgeven? Dan storten we het bedrag terug."
"""
MESSAGE = """\
replies/whatsapp.yaml:5:26: error: this asks the customer for a bank account number [no-sensitive-requests]
  5 |     text: "Kunt u ons uw rekeningnummer doorgeven? Dan storten we het bedrag terug."
"""
INSTEAD = "Dit mogen we hier niet vragen. U regelt het veilig in uw klantportaal of telefonisch."


@pytest.mark.parametrize(
    "hook", yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()), ids=lambda one: one["id"]
)
def test_the_hooks_are_run_for_whatever_is_read(hook: dict[str, str]) -> None:
    """A page in HTML, a file of strings or a Voiceflow export was committed without a look at it."""
    ours = (".out", ".seen", ".places")
    read = [path for path in (ROOT / "tests" / "readers").rglob("*") if path.is_file() and path.suffix not in ours]
    assert len(read) > 200
    assert not [str(path) for path in read if not re.search(hook["files"], path.as_posix())]
    others = ["bot.bpz", "Shop.botTemplate", "conversationMessageDefinitions/Ask.conversationMessageDefinition"]
    others += ["REPLIES.CSV", "Replies.Json", "macros.xlsm"]
    assert not [name for name in others if not re.search(hook["files"], name)]
    assert re.search(hook["files"], "neverask.yaml") and not re.search(hook["files"], "shop/app.py")


class Repository:
    """A git repository with an environment of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        folder.mkdir()
        self.git("init", "-q", "-b", "main")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )

    def git(self, *arguments: str) -> str:
        run = self.run("git", *arguments)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout.strip()

    def commit(self, **files: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("dot", ".", 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", ".")
        return self.run("git", "commit", "-m", "A reply")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "NEVERASK", "PRE_COMMIT"))
    }
    (tmp_path / "home").mkdir()
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "NO_COLOR": "1",
    }


@pytest.mark.network
def test_a_bad_reply_is_refused_and_the_suggested_wording_accepted(tmp_path: Path, environment: dict[str, str]) -> None:
    hook = Repository(tmp_path / "neverask", environment)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, hook.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, hook.folder / name)
    assert hook.commit().returncode == 0

    shop = Repository(tmp_path / "shop", environment)
    config = f"repos:\n- repo: {hook.folder}\n  rev: {hook.git('rev-parse', 'HEAD')}\n  hooks:\n  - id: neverask\n"
    (shop.folder / ".pre-commit-config.yaml").write_text(config)
    installed = shop.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr

    # A file that is none of ours is no reason to refuse a commit.
    first = shop.commit(compose_yaml="services:\n  web:\n    image: nginx\n")
    assert first.returncode == 0, first.stdout + first.stderr

    refused = shop.commit(replies__whatsapp_yaml=BAD)
    said = refused.stdout + refused.stderr
    assert refused.returncode != 0
    assert MESSAGE in said
    assert f"instead: {INSTEAD}" in said
    assert "because: WhatsApp Business Messaging Policy" in said
    assert shop.git("rev-list", "--count", "HEAD") == "1"

    wording = f'    text: "{INSTEAD}"\n'
    accepted = shop.commit(replies__whatsapp_yaml="".join(BAD.splitlines(True)[:-1]) + wording)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert shop.git("rev-list", "--count", "HEAD") == "2"

    wrong = shop.commit(neverask_yaml="neverask: 1\nextends: [whatsap]\n")
    assert wrong.returncode != 0 and "did you mean 'whatsapp'?" in wrong.stdout + wrong.stderr
