"""What the documents show is what the program says: every block of a command is run and compared."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.policy.load import load

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = re.compile(r"```console\n\$ neverask ([^\n]+)\n(.*?)```", re.DOTALL)
POLICIES = re.compile(r"```yaml\n(neverask: 1\n.*?)```", re.DOTALL)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_blocks_of_output_are_real(path: Path, neverask: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")

    def block(match: re.Match[str]) -> str:
        run = neverask(*shlex.split(match.group(1)), cwd=ROOT)
        return f"```console\n$ neverask {match.group(1)}\n{run.out}```"

    real = COMMANDS.sub(block, text)
    if request.config.getoption("--accept"):
        path.write_text(real, encoding="utf-8", newline="\n")
    else:
        assert text == real


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_policies_in_documents_are_right(path: Path) -> None:
    for number, match in enumerate(POLICIES.finditer(path.read_text(encoding="utf-8"))):
        assert load(f"{path.name}-{number}.yaml", match.group(1)).rules


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), target


def test_the_policy_document_names_every_word_of_the_language() -> None:
    from neverask.policy import vocabulary
    from neverask.rules.disclaimer import SAID

    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    words = (*vocabulary.CATEGORIES, *vocabulary.CHANNELS, *vocabulary.PLACES, *SAID, *vocabulary.LEVELS)
    assert not [word for word in words if f"`{word}`" not in text]


def test_the_hook_is_what_the_readme_says() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["neverask", "neverask-whole"]
    assert all(hook["require_serial"] is True for hook in hooks) and hooks[1]["pass_filenames"] is False
    own = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in own["repos"]} == {"local"}


def test_the_files_for_ci_use_what_there_is(neverask: Callable[..., Any]) -> None:
    help_ = neverask("check", "--help").out
    for path in (ROOT / "action.yml", ROOT / "ci" / "gitlab.yml", ROOT / "docs" / "ci.md"):
        text = path.read_text(encoding="utf-8")
        for option in re.findall(r"(?<=[ (])--(?:also|format|policy|date)\b", text):
            assert option in help_
        from neverask.reporters import NAMES

        assert set(re.findall(r"--also \"?([a-z]+)=", text)) <= set(NAMES)
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert scripts and not [script for script in scripts if "${{" in script]  # inputs never become part of a script
    assert all(step.get("shell") for step in action["runs"]["steps"] if "run" in step)
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["neverask"]
    assert set(job["artifacts"]["reports"]) == {"codequality", "junit"}
