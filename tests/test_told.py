"""Instructions for language models: no message, so no finding, but what they speak of is always said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from neverask.cli import main

PLAYBOOK = {"name": "p", "displayName": "Pay", "goal": "Help customers", "instruction": {"steps": [{"text": ""}]}}
AGENT = {"displayName": "a", "defaultLanguageCode": "en", "timeZone": "x", "startPlaybook": "Pay"}


def run(folder: Path, order: str, *options: str) -> str:
    (folder / "playbooks" / "Pay").mkdir(parents=True)
    (folder / "agent.json").write_text(json.dumps(AGENT), encoding="utf-8")
    playbook = {**PLAYBOOK, "instruction": {"steps": [{"text": order}]}}
    (folder / "playbooks" / "Pay" / "Pay.json").write_text(json.dumps(playbook, indent=1), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--policy", "whatsapp", *options, str(folder)])
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize(
    ("order", "data"),
    [
        ("Ask the customer for the IBAN.", "a bank account number"),
        ("Frage den Kunden nach seiner IBAN und seinem Passwort.", "a bank account number, a password"),
        ("Vraag de klant om zijn BSN.", "a national identity number"),
    ],
)
def test_what_a_model_is_told_about_is_said(order: str, data: str, tmp_path: Path) -> None:
    output = run(tmp_path, order)
    said = f"Pay.json: Pay: line 8: a language model is told about {data}; what it asks customers is not in the file"
    assert said in output
    assert "nothing found" in output


def test_an_instruction_without_such_data_is_counted_only(tmp_path: Path) -> None:
    output = run(tmp_path, "Ask the customer for the order number and be kind.")
    assert "is told about" not in output
    assert "2 texts are not in the files" in output


def test_in_verbose_and_json_it_is_said_once(tmp_path: Path) -> None:
    assert run(tmp_path / "a", "Ask the customer for the IBAN.", "--verbose").count("is told about") == 1
    unseen = json.loads(run(tmp_path / "b", "Ask the customer for the IBAN.", "--format", "json"))["summary"]["unseen"]
    assert sum("is told about" in one["reason"] for one in unseen) == 1


def test_what_an_agent_of_salesforce_is_told_about_is_said() -> None:
    topic = Path(__file__).parent / "readers" / "einstein_bot" / "Repair.genAiPlugin-meta.xml"
    result = CliRunner().invoke(main, ["check", "--policy", "whatsapp", str(topic)])
    assert "instruction_0: line 14: a language model is told about a bank account number" in result.output
    assert "PIN" not in result.output
