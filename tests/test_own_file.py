"""What a policy says of files holds for each file of a bot, whichever of them was named or is read first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from neverask.engine import check

BOT = {
    "config.yml": "recipe: default.v1\n",
    "data/flows.yml": """
flows:
  money:
    description: gives money back
    steps:
      - collect: account
      - action: utter_mail
""",
    "domain/chat.yml": """
responses:
  utter_ask_account:
    - text: Please send us your IBAN.
""",
    "domain/mail.yml": """
responses:
  utter_mail:
    - text: Please send us a copy of your passport.
""",
}
RULE = "forbid asking for bank-account or identity-document-copy on whatsapp"
POLICIES = {
    "channels": f"""
neverask: 1
channels:
  - {{files: "domain/mail.yml", channels: [email]}}
  - {{files: "data/**", channels: [sms]}}
  - {{channels: [whatsapp]}}
rules:
  asking: {{rule: {RULE}, level: error}}
""",
    "condition": f"""
neverask: 1
rules:
  asking: {{rule: '{RULE} unless in "domain/mail.yml"', level: error}}
""",
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("named", [".", "data/flows.yml", "domain/chat.yml", "domain/mail.yml"])
def test_of_a_bot(policy: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {**BOT, "neverask.yaml": POLICIES[policy]}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    findings = check([named], None, date(2026, 11, 1), cached=False).findings
    assert [(one.source.path, one.data) for one in findings] == [("domain/chat.yml", ("bank-account",))]


@pytest.mark.parametrize("named", [".", "domain"])
def test_a_policy_that_does_not_hold_for_its_part_of_a_bot_is_told(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"domain/neverask.yaml": "neverask: 1\nrules:\n  names: {rule: forbid asking for name, level: error}\n"}
    for name, text in {**BOT, "neverask.yaml": POLICIES["condition"], **own}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        findings = check([named], None, date(2026, 11, 1), cached=True).findings
        told = [one.source.path for one in findings if one.rule == "passed-over-policy"]
        assert told == (["domain/neverask.yaml"] if named == "." else [])
