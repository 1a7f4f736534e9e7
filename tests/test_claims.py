"""Texts that call this channel safe, and texts that only look so: tests/language/claims.yaml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

CASES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "language" / "claims.yaml").read_text(encoding="utf-8")
)
POLICY = """
neverask: 1
title: no false assurance
languages: [{code}]
rules:
  safe: {{rule: forbid claiming the channel is safe on any channel, level: error}}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The texts of each language that ``neverask check`` reports."""
    from neverask.cli import main

    found: dict[str, set[str]] = {}
    for code, cases in CASES.items():
        folder = tmp_path_factory.mktemp(code)
        texts = [text for several in cases.values() for text in several]
        policy, replies = folder / "neverask.yaml", folder / "replies.json"
        policy.write_text(POLICY.format(code=code), encoding="utf-8")
        library = [{"title": str(number), "text": text} for number, text in enumerate(texts)]
        replies.write_text(json.dumps(library, ensure_ascii=False, indent=0), encoding="utf-8")
        result = CliRunner().invoke(main, ["check", str(replies), "--format", "json", "--policy", str(policy)])
        assert result.exit_code == 1, result.output
        lines = {finding["line"] for finding in json.loads(result.stdout)["findings"]}
        # four lines a reply, the text on the third, behind the bracket of the list
        found[code] = {text for number, text in enumerate(texts) if 4 * number + 4 in lines}
    return found


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in CASES for text in CASES[code]["says"]])
def test_claims(code: str, text: str, told: dict[str, set[str]]) -> None:
    assert text in told[code]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in CASES for text in CASES[code]["looks"]])
def test_false_friends(code: str, text: str, told: dict[str, set[str]]) -> None:
    assert text not in told[code]
