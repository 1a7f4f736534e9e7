"""``neverask explain`` and ``completion``."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask import resources
from neverask.policy.load import bundled

RULES = [(policy, rule.name) for policy in resources.policies() for rule in bundled(policy).rules]
SHOWN = Path(__file__).parent / "policies" / "shown"


@pytest.mark.parametrize(("policy", "rule"), RULES)
def test_each_bundled_rule_is_explained(policy: str, rule: str, neverask: Callable[..., Any]) -> None:
    run = neverask("explain", rule, "--policy", policy)
    assert run.status == 0
    assert f"### {rule}" in run.out
    assert "It stands in" in run.out


def test_an_explanation(neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    golden(SHOWN / "explain-no-bsn.md", neverask("explain", "[no-bsn]", "--policy", "avg").out)


def test_a_rule_that_is_not_there_gets_a_suggestion(neverask: Callable[..., Any]) -> None:
    run = neverask("explain", "no-bns", "--policy", "avg")
    assert run.status == 2
    assert "did you mean 'no-bsn'" in run.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_is_a_script_of_its_shell(shell: str, neverask: Callable[..., Any]) -> None:
    script = neverask("completion", shell).out
    assert "neverask" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script.encode(), check=True)
