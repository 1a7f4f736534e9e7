"""``neverask explain`` and ``completion``."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import BashComplete
from neverask import resources
from neverask.cli import main
from neverask.messages import LANGUAGES
from neverask.policy.load import bundled
from neverask.prose import BUILT_IN

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


def test_the_rules_of_one_place_are_explained_as_a_report_names_them(neverask: Callable[..., Any]) -> None:
    both = neverask("explain", "[no-bsn, unused-exception]", "--policy", "avg").out
    one, other = (neverask("explain", name, "--policy", "avg").out for name in ("no-bsn", "unused-exception"))
    assert both == f"{one}\n{other}"
    assert "did you mean 'no-bsn'" in neverask("explain", "[no-bsn, no-bns]", "--policy", "avg").err


@pytest.mark.parametrize("words", ["BSN", "bsn"])
def test_a_kind_of_data_is_no_slip_of_a_rule_that_is_called_after_it(words: str, neverask: Callable[..., Any]) -> None:
    said = neverask("explain", words, "--policy", "avg")
    assert said.out.startswith(f"'{words}' is a national identity number (national-id).") and not said.err


def test_a_rule_that_is_not_there_gets_a_suggestion(neverask: Callable[..., Any]) -> None:
    run = neverask("explain", "no-bns", "--policy", "avg")
    assert run.status == 2
    assert "did you mean 'no-bsn'" in run.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_policy_says_is_explained(
    language: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    runs = [neverask("explain", f"[{name}]", "--lang", language) for name in BUILT_IN]
    assert not any(run.status for run in runs)
    golden(SHOWN / f"explain-built-in-{language}.md", "\n".join(run.out for run in runs))
    assert "did you mean 'bad-exception'" in neverask("explain", "bad-exceptions").err


@pytest.mark.parametrize("language", LANGUAGES)
def test_safe_channels_are_explained(
    language: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None], tmp_path: Path
) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [pci-dss]\nsafe-channels:\n  own:\n    - {name: [Mijn Omgeving, My account], url: https://a.example}\n"
    )
    run = neverask("explain", "safe-channels", "--lang", language, cwd=tmp_path)
    golden(SHOWN / f"explain-safe-channels-{language}.md", run.out)
    assert neverask("explain", "website", "--lang", language, cwd=tmp_path).out == run.out
    assert "did you mean 'safe-channels'" in neverask("explain", "safe-channel").err
    assert "'phone' is a phone number" in neverask("explain", "phone").out, "data before places"


@pytest.mark.parametrize("words", ["IBAN", "rekeningnummer", "bank account", "bank-account"])
def test_a_kind_of_data_tells_which_rules_speak_of_it(words: str, neverask: Callable[..., Any]) -> None:
    run = neverask("explain", words, "--policy", "whatsapp")
    assert run.status == 0
    assert f"'{words}' is a bank account number (bank-account)." in run.out
    assert "- no-sensitive-requests (error): forbid asking for sensitive data on whatsapp unless partial" in run.out
    assert "No rule" not in run.out


@pytest.mark.parametrize("words", ["sensitive data", "sensitive", "Sensitive"])
def test_a_set_tells_what_it_holds_and_which_rules_name_it(words: str, neverask: Callable[..., Any]) -> None:
    told = neverask("explain", words, "--policy", "whatsapp").out
    assert told.startswith("The set 'sensitive' is: ") and "a PIN" in told
    assert "\n- no-sensitive-values (error): forbid sending sensitive data on whatsapp\n" in told
    dutch = neverask("explain", "sensitive", "--policy", "pci-dss", "--lang", "nl").out
    assert dutch.endswith("Geen regel van dit beleid noemt het bij deze naam.\n")


def test_data_that_no_rule_forbids_asking_for(neverask: Callable[..., Any]) -> None:
    run = neverask("explain", "geboortedatum", "--policy", "whatsapp")
    assert "No rule of this policy forbids asking for it." in run.out
    assert "- disclaimer-first (warning)" in run.out


def test_data_that_may_be_asked_for_by_itself(neverask: Callable[..., Any]) -> None:
    run = neverask("explain", "date of birth", "--policy", "gdpr")
    assert "No rule of this policy forbids asking for it by itself." in run.out
    assert "one alone does not break this rule" in neverask("explain", "no-identity-bundles", "--policy", "gdpr").out


def test_the_examples_are_about_the_rule(neverask: Callable[..., Any]) -> None:
    assert "It lets pass" not in neverask("explain", "disclaimer-in-library").out
    passed = neverask("explain", "no-sensitive-requests").out.partition("It lets pass")[2]
    assert "Deel nooit uw pincode" in passed and "klantnummer" not in passed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_is_a_script_of_its_shell(shell: str, neverask: Callable[..., Any]) -> None:
    script = neverask("completion", shell).out
    assert "neverask" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script.encode(), check=True)


@pytest.mark.parametrize(
    ("begun", "completed"),
    [
        (["check", "--policy", "wh"], ("plain", "whatsapp")),
        (["check", "--policy", "ne"], ("file", "ne")),
        (["policy", "show", "g"], ("plain", "gdpr")),
        (["explain", "no-p"], ("plain", "no-pins")),
        (["explain", "--policy", "avg", "no-bsn-"], ("plain", "no-bsn-captures")),
    ],
)
def test_policies_and_rules_are_completed(
    begun: list[str], completed: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of a policy nothing was, not even a file."""
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nrules: {no-pins: {rule: forbid asking for pin}}\n")
    monkeypatch.chdir(tmp_path)
    found = BashComplete(main, {}, "neverask", "_NEVERASK_COMPLETE").get_completions(begun[:-1], begun[-1])
    assert [(one.type, one.value) for one in found] == [completed]


def test_a_rule_about_a_disclaimer_says_what_that_holds(neverask: Callable[..., Any], tmp_path: Path) -> None:
    said = neverask("explain", "disclaimer-in-library", "--policy", "whatsapp", cwd=tmp_path).out
    assert "The disclaimer:\n- privacy: one of these texts, or any wording that says: don't send" in said
    assert "  - en: Please don't share sensitive data in this chat" in said
    assert "De waarschuwingstekst:" in neverask("explain", "disclaimer-in-library", "--lang", "nl", cwd=tmp_path).out


def test_what_a_policy_calls_by_a_name_is_explained(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Of a disclaimer, a channel or a place of one's own it was said that there is no rule of that name."""
    policy = """neverask: 1
channels: [{channels: [kiosk]}]
safe-channels: {own: [{name: [My Sweet, Mein Zoet]}]}
disclaimers: {house: {texts: {en: "Share nothing private."}}, idle: {texts: {en: "Share nothing at all."}}}
rules:
  first: {rule: require disclaimer house in the first message on kiosk}
  no-email: {rule: forbid asking for email, level: warning}
  no-phone: {rule: forbid asking for phone on sms}
"""
    (tmp_path / "neverask.yaml").write_text(policy, encoding="utf-8")

    def told(name: str) -> str:
        return str(neverask("explain", name, cwd=tmp_path).out)

    assert told("house").startswith("The disclaimer:\n- house: one of these texts\n  - en: Share nothing private.\n")
    assert told("house").endswith("- first (error): require disclaimer house in the first message on kiosk\n")
    assert told("idle").endswith("No rule in force speaks of it.\n")
    assert re.findall(r"^- (\S+) ", told("Kiosk"), re.M) == ["first", "no-email"]
    assert "'email' is an e-mail address" in told("email") and "'email' is a channel." in told("email")
    assert "'mein zoet' is a safe place of this policy" in told("mein zoet")
    assert neverask("explain", "hous", cwd=tmp_path).status == 2


def test_own_data_is_known_by_each_way_to_say_its_terms(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\ndata: {relation: {en: [(my) relation number/code]}}\n"
        "rules: {ask: {rule: 'forbid asking for relation, name and phone'}}\n"
    )
    for words in ("relation", "relation code", "My relation number"):
        said = neverask("explain", words, cwd=tmp_path).out
        assert said.startswith(f"'{words}' is data of this policy's own (relation).\nIt is spoken of by:\n- ask "), said
    assert neverask("explain", "name", cwd=tmp_path).out.startswith("'name' is a name.\n")
    said = neverask("explain", "telefoonnummer", "--lang", "nl", cwd=tmp_path).out
    assert said.startswith("'telefoonnummer' is een telefoonnummer (phone).\n"), "a policy names it in English"
