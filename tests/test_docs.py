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

    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    words = (*vocabulary.CATEGORIES, *vocabulary.CHANNELS, *vocabulary.PLACES, *vocabulary.ELEMENTS, *vocabulary.LEVELS)
    assert not [word for word in words if f"`{word}`" not in text]


def test_the_hook_is_what_the_readme_says() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["neverask"] and hooks[0]["require_serial"] is True
    own = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in own["repos"]} == {"local"}
