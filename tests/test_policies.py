"""Policies: every way to write a wrong one, the bundled ones with their examples, extends, the schema, the prose."""

from __future__ import annotations

import json
import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask import resources
from neverask.messages import LANGUAGES
from neverask.policy.load import bundled, load
from neverask.policy.schema import schema

HERE = Path(__file__).parent
BAD = sorted((HERE / "policies" / "bad").glob("*.yaml"))
TESTED = sorted((HERE / "policies" / "tested").glob("*.yaml"))
SHOWN = sorted((HERE / "policies" / "shown").glob("*.yaml"))
ROOT = HERE.parent


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_policy_says_what_is_wrong_and_where(
    path: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    run = neverask("check", "--policy", path.name, "../../cases/asking", cwd=path.parent)
    assert run.status == 2
    assert run.out == "", "nothing is linted with half a policy"
    assert path.name in run.err
    golden(path.with_suffix(".out"), run.err)


def test_what_is_wrong_has_a_caret_or_a_place() -> None:
    for path in BAD:
        first = path.with_suffix(".out").read_text(encoding="utf-8").splitlines()
        assert first[0].split(":")[1].strip().isdigit() or path.stem == "nested-too-deeply", path.name
        assert any(set(line.strip()) == {"^"} for line in first) or len(first) == 1, path.name


@pytest.mark.parametrize("name", resources.policies())
def test_examples_of_a_bundled_policy(name: str, neverask: Callable[..., Any]) -> None:
    run = neverask("policy", "test", name)
    assert run.status == 0, run.out
    assert "FAIL" not in run.out and not run.out.startswith("0 examples")


@pytest.mark.parametrize("name", resources.policies())
def test_a_bundled_policy_cites_its_sources(name: str) -> None:
    policy = bundled(name)
    assert policy.title and policy.about
    for rule in policy.rules:
        assert rule.because, f"{rule.name} gives no reason"
        for reason in rule.because:
            assert reason in policy.cited, f"{rule.name}: {reason!r} has no source under 'cited'"


@pytest.mark.parametrize("name", resources.policies())
def test_every_bundled_rule_has_an_example_that_it_finds(name: str) -> None:
    from neverask.policy.nodes import parse

    policy = bundled(name)
    examples = parse(policy.files[-1]).plain()["examples"]
    found = {rule for example in examples for rule in example["finds"]}
    silent = [example for example in examples if not example["finds"]]
    asking = {
        key
        for key, rule in parse(policy.files[-1]).plain()["rules"].items()
        if rule["rule"].startswith(("forbid asking", "forbid sending", "forbid claiming"))
    }
    assert silent, "an example that must find nothing"
    assert asking - found <= _WITHOUT_EXAMPLE


# A placeholder's name decides what these find; tests/cases has them.
_WITHOUT_EXAMPLE: set[str] = {"no-unknown-requests", "no-card-values", "no-sensitive-in-chat"}


def test_wordings_of_the_bundled_policies_pass_the_policy_itself() -> None:
    from neverask.policy.wordings import language_in
    from neverask.trying import check_text

    for name in resources.policies():
        policy = bundled(name)
        said = [(rule.name, code, text) for rule in policy.rules for code, text in rule.instead.items()]
        said += [(d.name, code, text) for d in policy.disclaimers.values() for code, text in d.texts.items()]
        for what, code, text in said:
            found = [f.rule for f in check_text(text, policy, "whatsapp", language_in(code)) if f.level == "error"]
            assert not found, f"{name}: {what} ({code}) is refused by {found}: {text}"


def test_a_failing_example_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [whatsapp]\nexamples:\n"
        '  - {text: "Wat is uw ordernummer?", language: nl, finds: [no-sensitive-requests]}\n'
    )
    run = neverask("policy", "test", cwd=tmp_path)
    assert run.status == 1
    assert "FAIL neverask.yaml:4 'Wat is uw ordernummer?'" in run.out
    assert "finds nothing; the example wants no-sensitive-requests" in run.out


def test_a_flow_of_an_example_that_can_not_be_read_fails(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [whatsapp]\nexamples:\n"
        "  - {flow: no key, steps: [{id: a, ask: Who are you?, captur: iban}], finds: []}\n"
        "  - {flow: no step, steps: [{id: a, ask: Who are you?, goto: b}], finds: []}\n"
        "  - {flow: nothing, steps: [{id: a}], finds: []}\n"
    )
    run = neverask("policy", "test", cwd=tmp_path)
    assert run.status == 1
    assert "FAIL neverask.yaml:4 'no key'\n     'captur' is no key of this format" in run.out
    assert "FAIL neverask.yaml:5 'no step'\n" in run.out and "FAIL neverask.yaml:6 'nothing'\n" in run.out


@pytest.mark.parametrize("path", TESTED, ids=lambda path: path.stem)
def test_the_examples_of_a_policy(
    path: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    run = neverask("policy", "test", path.name, cwd=path.parent)
    golden(path.with_suffix(".out"), run.out + run.err)
    assert run.status == 0


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A folder whose policy says what does nothing."""
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "hello.yaml").write_text("replies:\n  - {id: a, text: Good morning to you.}\n")
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nlanguages: [nl, en]\ndisclaimers:\n  house: {texts: {nl: Deel hier niets.}}\n"
        "channels:\n  - {channels: [sms]}\n  - {files: replies/hallo.yaml, channels: [whatsapp]}\n"
        "rules:\n  first: {rule: require disclaimer house before any question}\n"
    )
    return tmp_path


def test_what_in_a_policy_does_nothing_is_found_where_its_folder_is_checked(
    doubtful: Path, neverask: Callable[..., Any]
) -> None:
    run = neverask("check", "--format", "json", cwd=doubtful)
    found = {one["rule"]: one for one in json.loads(run.out)["findings"]}
    levels = {rule: one["level"] for rule, one in found.items()}
    warnings = dict.fromkeys(["disclaimer-without-text", "unreachable-entry"], "warning")
    assert run.status == 1 and levels == {
        **warnings, "pattern-without-files": "note", "rule-without-flows": "note"
    }  # fmt: skip
    places = {rule: (one["path"], one["line"], one["words"]) for rule, one in found.items()}
    assert places == {
        "disclaimer-without-text": ("neverask.yaml", 4, "house"),
        "unreachable-entry": ("neverask.yaml", 7, "replies/hallo.yaml"),
        "pattern-without-files": ("neverask.yaml", 7, "replies/hallo.yaml"),
        "rule-without-flows": ("neverask.yaml", 9, "require disclaimer house before any question"),
    }
    assert found["pattern-without-files"]["instead"] == "did you mean 'replies/hello.yaml'?"
    assert neverask("check", "--warnings-ok", cwd=doubtful).status == 0


def test_a_pattern_for_files_that_are_not_there_yet_fails_no_build(
    tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    (tmp_path / "hello.yaml").write_text("replies:\n  - {id: a, text: Good morning to you.}\n")
    policy = "neverask: 1\nextends: [whatsapp]\nchannels:\n  - {files: 'email/**', channels: [email]}\n"
    (tmp_path / "neverask.yaml").write_text(policy + "rules:\n  disclaimer-in-library: {level: off}\n")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 0 and "[pattern-without-files]" in run.out and "\n1 note. " in run.out
    suite = neverask("check", "--format", "junit", cwd=tmp_path).out
    assert 'failures="0"' in suite and "pattern-without-files" in suite
    assert "\n::notice file=neverask.yaml" in "\n" + neverask("check", "--format", "github", cwd=tmp_path).out


def test_exceptions_without_bounds_and_wordings_that_ask_are_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    policy = """neverask: 1
extends: [whatsapp]
disclaimers:
  privacy: {texts: {en: "Never share your PIN. Send us your IBAN."}}
rules:
  disclaimer-in-library: {level: off}
  homes: {rule: forbid asking for home-address on sms, instead: {en: "What is your home address?", nl: "Bel ons."}}
exceptions:
  - {rule: no-sensitive-requests, reason: we may}
  - {rule: homes, reason: nothing needs it}
  - {rule: no-sensitive-requests, reason: we may, file: "*.yaml", until: 2999-01-01}
"""
    (tmp_path / "neverask.yaml").write_text(policy)
    (tmp_path / "hello.yaml").write_text(
        "replies:\n  - Send us your IBAN.\n"
        "  - Send us your PIN and password. # neverask: allow no-sensitive-requests until 2999-01-01 -- we may\n"
    )
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = json.loads(run.out)
    told = {(one["rule"], one["level"], one["line"]) for one in found["findings"]}
    assert told == {
        ("forbidden-wording", "warning", 4), ("forbidden-wording", "warning", 7),
        ("boundless-exception", "warning", 9), ("unused-exception", "warning", 10),
        ("unused-exception", "warning", 3),
    }  # fmt: skip
    assert found["summary"]["exceptions_kept"] == 3
    assert "; 3 findings kept by exceptions" in neverask("check", "hello.yaml", cwd=tmp_path).out
    told_too = neverask("policy", "test", cwd=tmp_path)
    assert told_too.out.count("[forbidden-wording]") == 2 and "[boundless-exception]" in told_too.out


def test_what_is_kept_in_place_is_counted(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    comment = "# neverask: allow no-sensitive-requests until 2999-01-01 -- we may"
    (tmp_path / "hello.yaml").write_text(f"replies:\n  - Send us your PIN and password. {comment}\n")
    assert "; 2 findings kept by exceptions" in neverask("check", cwd=tmp_path).out
    (tmp_path / "hello.yaml").write_text(f"replies:\n  - Send us your PIN. {comment}\n")
    assert "; 1 finding kept by exceptions" in neverask("check", cwd=tmp_path).out


def test_tags_and_flows_that_are_nowhere_are_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    policy = """neverask: 1
extends: [whatsapp]
channels:
  - {tagged: [Web, mobil], channels: [webchat]}
  - {channels: [whatsapp]}
rules:
  disclaimer-in-library: {level: off}
  first: {rule: require disclaimer privacy before any question unless tagged urgent}
  pins: {rule: forbid asking for pin unless tagged WEB}
"""
    (tmp_path / "neverask.yaml").write_text(policy)
    (tmp_path / "hello.yaml").write_text("replies:\n  - {id: a, text: Good morning to you., tags: [web]}\n")
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [(one["rule"], one["level"], one["line"]) for one in json.loads(run.out)["findings"]]
    assert found == [
        ("tag-without-content", "note", 4), ("rule-without-flows", "note", 8), ("tag-without-content", "note", 8),
    ]  # fmt: skip
    assert run.status == 0
    assert neverask("check", "hello.yaml", cwd=tmp_path).out.startswith("nothing found")
    (tmp_path / "flow.yaml").write_text(
        "flow: a\nsteps:\n  - {id: b, tags: Urgent, ask: Who?}\n  - {id: c, tags: mobil, say: Bye.}\n"
    )
    assert "nothing found" in neverask("check", cwd=tmp_path).out


def test_rules_on_replies_are_told_where_all_are_flows(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "neverask.yaml").write_text("""neverask: 1
disclaimers:
  house: {texts: {en: "Share nothing private."}}
rules:
  every: {rule: require disclaimer house in every reply}
  one: {rule: require disclaimer house in the library}
  first: {rule: require disclaimer house in the first message}
""")
    (tmp_path / "flow.yaml").write_text("flow: a\nsteps:\n  - {id: b, say: Share nothing private.}\n")
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [(one["rule"], one["level"], one["line"]) for one in json.loads(run.out)["findings"]]
    assert found == [("rule-without-replies", "note", 5), ("rule-without-replies", "note", 6)] and run.status == 0
    (tmp_path / "hello.yaml").write_text("replies:\n  - {id: a, text: Share nothing private.}\n")
    assert neverask("check", cwd=tmp_path).out.startswith("nothing found")


def test_what_one_of_the_policies_that_share_a_file_needs_is_not_told(tmp_path: Path, neverask: Any) -> None:
    """Of two shops under one house policy only one has anything on sms, and a tag: the house policy needs both."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "house.yaml").write_text("""neverask: 1
channels: [{tagged: text-message, channels: [sms]}, {channels: [whatsapp]}]
rules:
  no-pins: {rule: forbid asking for pin on sms}
  no-ibans: {rule: forbid asking for bank-account unless tagged vip}
  no-cards: {rule: forbid asking for payment-card on voice}
""")
    for shop in ("north", "south"):
        (tmp_path / shop).mkdir()
        (tmp_path / shop / "neverask.yaml").write_text("neverask: 1\nextends: ../house.yaml\n")
        tags = "" if shop == "north" else "tags: [vip, text-message], "
        (tmp_path / shop / "hello.yaml").write_text(f"replies:\n  - {{id: a, {tags}text: Good morning to you.}}\n")
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = {(one["path"], one["rule"], one["line"]) for one in json.loads(run.out)["findings"]}
    assert found == {("house.yaml", "channel-without-content", 6)}


def test_what_no_rule_speaks_of_and_where_nothing_goes_is_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "neverask.yaml").write_text("""neverask: 1
channels: [{channels: [whatsapp]}]
disclaimers:
  idle: {texts: {en: "Share nothing private."}}
data:
  wibble-code: {en: [wibble code]}
  wobble-code: {en: [wobble code]}
  parts: [wobble-code]
  whole: [parts]
  nothing: [pin]
  kept-out: {en: [kiosk code]}
rules:
  wobbles: {rule: forbid asking for whole on any channel unless in "nowhere/**"}
  chats: {rule: forbid asking for pin on webchat or sms}
  both: {rule: forbid asking for pin on sms or whatsapp}
  rest: {rule: forbid asking for whole and personal data except kept-out}
""")
    replies = "replies:\n  - {id: a, text: Good morning to you.}\n"
    (tmp_path / "hello.yaml").write_text(replies)
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [(one["rule"], one["line"]) for one in json.loads(run.out)["findings"] if one["level"] == "note"]
    told = [("unused-entry", line) for line in (4, 6, 10)]
    assert found == [*told, ("pattern-without-files", 13), ("channel-without-content", 14)]
    tested = neverask("policy", "test", cwd=tmp_path).out
    assert tested.count("[unused-entry]") == 3 and "neverask.yaml:6:3: note: no rule speaks of 'wibble-code'" in tested
    (tmp_path / "hello.yaml").write_text(replies.replace("text:", "channel: webchat, text:"))
    assert "'chats' holds on" not in neverask("check", cwd=tmp_path).out
    house = (tmp_path / "neverask.yaml").rename(tmp_path / "house.yaml").name
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: [{house}]\n")
    assert "[unused-entry]" not in neverask("check", cwd=tmp_path).out


def test_a_term_of_ones_own_that_is_a_word_of_ours_is_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """With "IBAN" below a name of their own an organisation no longer found who asks for an IBAN, and never knew."""
    policy = """neverask: 1
extends: whatsapp
data:
  house-account: {en: [IBAN, the house account, bank account number], nl: [rekeningnummer, rekening]}
  loyalty: {en: [sweet card number], nl: [spaarkaartnummer]}
  sensitive: [+loyalty]
rules:
  mails: {rule: forbid asking for house-account on email}
"""
    (tmp_path / "neverask.yaml").write_text(policy, encoding="utf-8")
    (tmp_path / "hello.yaml").write_text("replies:\n  - {id: a, text: Please send us your IBAN.}\n")
    run = neverask("check", cwd=tmp_path)
    told = (
        "neverask.yaml:4:3: note: what is called 'IBAN', 'bank account number', 'rekeningnummer' ... is found as "
        "'house-account' alone, and no longer as a bank account number by 'no-sensitive-requests', "
        "'no-sensitive-captures', 'no-sensitive-values' [taken-term]"
    )
    assert told in run.out and run.out.count("[taken-term]") == 1
    assert told in neverask("policy", "test", cwd=tmp_path).out
    assert "[taken-term]" in neverask("check", cwd=tmp_path).out, "also from the cache"
    assert "[taken-term]" not in neverask("check", "hello.yaml", cwd=tmp_path).out
    with_it = policy.replace("[+loyalty]", "[+loyalty, +house-account]")
    (tmp_path / "neverask.yaml").write_text(with_it, encoding="utf-8")
    assert "[taken-term]" not in neverask("check", cwd=tmp_path).out


@pytest.mark.parametrize("name", ["IBAN", "your IBAN", "us", "stuur", "Mijn Fietspas", "PIN portal", "My account"])
def test_a_place_of_ones_own_that_is_a_word_of_a_request_is_told(
    name: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """A safe place called "IBAN" or "us" made each request one that leads there, and all passed in silence."""
    place = f"safe-channels: {{own: [{{name: [Ons loket, {name}]}}]}}"
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: whatsapp\n{place}\n", encoding="utf-8")
    (tmp_path / "hello.yaml").write_text("replies:\n  - {id: a, text: Please send us your IBAN.}\n")
    run = neverask("check", cwd=tmp_path)
    told = f"warning: requests are made of the words '{name}': as the name of a safe place they ask for nothing"
    assert run.status == 1 and (told in run.out) is (name[0].islower() or name == "IBAN")
    assert (told in neverask("policy", "test", cwd=tmp_path).out) is (told in run.out)


def test_a_pattern_in_an_inherited_sentence_is_told_where_that_stands(
    tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """It was told again of each policy that changes the rule's level."""
    names = "rules: {names: {rule: 'forbid asking for name unless in \"old/**\"'}}\n"
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "house.yaml").write_text(f"neverask: 1\n{names}")
    for team, level in (("a", "warning"), ("b", "error")):
        (tmp_path / team).mkdir()
        change = f"rules: {{names: {{level: {level}}}}}\n" if team == "a" else ""
        (tmp_path / team / "neverask.yaml").write_text(f"neverask: 1\nextends: ../house/house.yaml\n{change}")
        (tmp_path / team / "hello.yaml").write_text("replies:\n  - {id: a, text: Good morning to you.}\n")
    (tmp_path / ".git").mkdir()
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [one for one in json.loads(run.out)["findings"] if one["rule"] == "pattern-without-files"]
    assert [one["path"] for one in found] == ["house/house.yaml"]


def test_what_is_judged_by_which_of_several_policies_is_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """It was said that no policy was found, where that was so of one file."""
    for team in ("a", "b", "c"):
        (tmp_path / team).mkdir()
        (tmp_path / team / "hello.yaml").write_text("replies:\n  - {id: a, text: Good morning to you.}\n")
    for team in ("a", "b"):
        (tmp_path / team / "neverask.yaml").write_text(f"neverask: 1\ntitle: {team}\nextends: whatsapp\n")
    (tmp_path / ".git").mkdir()
    run = neverask("check", "--format", "markdown", cwd=tmp_path)
    assert run.err.startswith(
        "no neverask.yaml found from 'c/hello.yaml' up to the repository's root: using the bundled policy 'whatsapp' "
        "for 1 of 3 files\n"
    )
    assert "each with its SHA-256 and the policy that judged it:" in run.out
    assert re.findall(r"^- (\w/hello.yaml) [0-9a-f]{64} \((.*)\)$", run.out, re.M) == [
        ("a/hello.yaml", "a/neverask.yaml"), ("b/hello.yaml", "b/neverask.yaml"),
        ("c/hello.yaml", "whatsapp (bundled)"),
    ]  # fmt: skip
    one = neverask("check", "--format", "markdown", "a", cwd=tmp_path)
    assert "each with its SHA-256:" in one.out and not one.err
    (tmp_path / "c" / "hello.yaml").write_text("hello: 1\n")
    assert not neverask("check", cwd=tmp_path).err


def test_channels_and_conditions_take_members_of_archives(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """As exceptions do: of a whole export all was on one channel."""
    replies = json.dumps([{"id": 1, "title": "A", "body": "Please send us your IBAN. What is your name?"}])
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as pack:
        for folder in ("mail", "chat", "old"):
            pack.writestr(f"in/{folder}/replies.json", replies)
    (tmp_path / "neverask.yaml").write_text("""neverask: 1
extends: whatsapp
channels:
  - {files: "export.zip!in/mail/*", channels: [email]}
  - {files: "export.zip", channels: [whatsapp]}
rules:
  names: {rule: 'forbid asking for name unless in "export.zip!in/old/**" or in "*!in/none/*"'}
  rest: {rule: 'forbid asking for name unless in "other.zip!in/old/**"', level: off}
""")
    run = neverask("check", "--format", "json", cwd=tmp_path)
    found = [(one["path"], one["rule"]) for one in json.loads(run.out)["findings"]]
    assert found == [
        ("export.zip!in/chat/replies.json", "no-sensitive-requests"), ("export.zip!in/chat/replies.json", "names"),
        ("export.zip!in/mail/replies.json", "names"), ("export.zip!in/old/replies.json", "no-sensitive-requests"),
    ]  # fmt: skip


def test_who_names_files_hears_of_the_policy_only_where_it_is_one_of_them(
    doubtful: Path, neverask: Callable[..., Any]
) -> None:
    assert neverask("check", "replies/hello.yaml", cwd=doubtful).status == 0
    run = neverask("check", "neverask.yaml", cwd=doubtful)
    assert run.status == 1 and "[disclaimer-without-text]" in run.out and "pattern-without-files" not in run.out
    within = neverask("check", "replies", cwd=doubtful).out  # not all that the pattern may be about
    assert "[unreachable-entry]" in within and "pattern-without-files" not in within


def test_a_commit_is_refused_for_its_policy_only_where_that_is_staged(
    doubtful: Path, neverask: Callable[..., Any]
) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=doubtful, check=True)

    git("init", "-q")
    git("add", ".")
    run = neverask("check", "--staged", cwd=doubtful)
    assert run.status == 1 and run.out.count("neverask.yaml:") == 4
    git("commit", "-qm", "first")
    (doubtful / "replies" / "bye.yaml").write_text("replies:\n  - {id: a, text: Good evening to you.}\n")
    git("add", ".")
    assert neverask("check", "--staged", cwd=doubtful).status == 0
    assert neverask("check", "--diff", "HEAD", cwd=doubtful).status == 0


@pytest.mark.parametrize("name", resources.policies())
def test_a_bundled_policy_is_not_doubtful(name: str, neverask: Callable[..., Any]) -> None:
    assert neverask("policy", "test", name).out.rstrip().endswith("0 failed")


def test_a_policy_without_examples_tests_nothing(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nrules:\n  a:\n    rule: forbid asking for pin\n")
    assert neverask("policy", "test", cwd=tmp_path).status == 2


def test_extends_takes_bundled_ones_and_files(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "base.yaml").write_text(
        "neverask: 1\nextends: pci-dss\nrules:\n  no-pin:\n    rule: forbid asking for pin\n    level: warning\n"
    )
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [whatsapp, house/base.yaml]\nrules:\n  no-pin: {level: error}\n"
        "  disclaimer-first: {level: off}\n"
    )
    policy = load(str(tmp_path / "neverask.yaml"))
    rules = {rule.name: rule for rule in policy.rules}
    assert rules["no-pin"].level == "error"
    assert rules["disclaimer-first"].level == "off"
    assert {"no-sensitive-requests", "no-card-numbers"} <= set(rules)


def test_what_a_policy_extends_lies_above_it_where_a_link_leads(neverask: Callable[..., Any], tmp_path: Path) -> None:
    inner = tmp_path / "desks" / "refunds"
    inner.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: whatsapp\n")
    (inner / "neverask.yaml").write_text("neverask: 1\nextends: ../../neverask.yaml\n")
    (inner / "replies.yaml").write_text("- {title: a, text: Please send us your IBAN.}\n- {title: b, text: Bye.}\n")
    (tmp_path / "link").symlink_to("desks/refunds")
    run = neverask("check", "--no-cache", "link", cwd=tmp_path)
    assert run.status == 1 and "no-sensitive-requests" in run.out, run.err


def test_an_own_text_keeps_the_elements_of_the_disclaimer(tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        'neverask: 1\nextends: [whatsapp]\ndisclaimers:\n  privacy: {texts: {nl: "Deel hier niets."}}\n'
    )
    privacy = load(str(tmp_path / "neverask.yaml")).disclaimers["privacy"]
    assert privacy.texts["nl"] == "Deel hier niets."
    assert "en" in privacy.texts and "safe-alternative" in privacy.elements


def test_who_words_a_language_anew_has_no_inherited_informal_wording(tmp_path: Path) -> None:
    own = '{nl: "Deel hier niets van uzelf.", fr-informal: "Ne donne rien ici."}'
    (tmp_path / "neverask.yaml").write_text(
        f"neverask: 1\nextends: [whatsapp]\ndisclaimers:\n  privacy: {{texts: {own}}}\n"
        f"rules:\n  no-sensitive-requests: {{instead: {own}}}\n"
    )
    policy = load(str(tmp_path / "neverask.yaml"))
    rule = next(rule for rule in policy.rules if rule.name == "no-sensitive-requests")
    for ways, base in ((policy.disclaimers["privacy"].texts, "N'envoyez"), (rule.instead, "Nous ne")):
        assert "nl-informal" not in ways and "de-informal" in ways
        assert ways["fr-informal"] == "Ne donne rien ici." and ways["fr"].startswith(base)


def test_an_own_disclaimer_can_do_without_the_elements_of_the_inherited_one(tmp_path: Path) -> None:
    own = '{texts: {nl: "Deel hier niets."}, elements: []}'
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: [whatsapp]\ndisclaimers:\n  privacy: {own}\n")
    assert load(str(tmp_path / "neverask.yaml")).disclaimers["privacy"].elements == ()


def test_the_schema_is_printed_and_valid(neverask: Callable[..., Any]) -> None:
    import jsonschema

    run = neverask("schema")
    assert run.status == 0
    printed = json.loads(run.out)
    assert printed == schema()
    jsonschema.Draft202012Validator.check_schema(printed)


@pytest.mark.parametrize("name", resources.policies())
def test_a_policy_as_prose(name: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    run = neverask("policy", "show", name)
    assert run.status == 0
    golden(HERE / "policies" / "shown" / f"{name}.md", run.out)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_an_own_policy_as_prose(
    path: Path, language: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    run = neverask("policy", "show", path.name, "--lang", language, cwd=path.parent)
    assert run.status == 0
    golden(path.with_name(f"{path.stem}-{language}.md"), run.out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_brand_departs_from_its_group(
    language: str, tmp_path: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    folder = HERE / "policies" / "shown" / "group"
    run = neverask("policy", "show", "brand.yaml", "--lang", language, cwd=folder)
    assert run.status == 0
    golden(folder / f"departures-{language}.md", run.out.split("\n## ")[1])
    alike = neverask("policy", "show", "alike.yaml", "--lang", language, cwd=folder)
    assert run.out.split("\n## ")[1].partition("\n")[0] not in alike.out


def test_the_bundled_policies_are_listed(neverask: Callable[..., Any]) -> None:
    run = neverask("policy", "list")
    assert [line.split()[0] for line in run.out.splitlines()] == resources.policies()


def test_the_policy_of_the_examples(neverask: Callable[..., Any]) -> None:
    run = neverask("policy", "test", cwd=ROOT / "examples")
    assert run.status == 0, run.out


def test_a_policy_by_another_name_that_is_named_is_read_as_one(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("neverask: 1\nsafe-channels: {kinds: [portal]}\n")
    (tmp_path / "broken.yaml").write_text("neverask: 1\nrules:\n  a: {rule: forbid asking for pim}\n")
    for _ in range(2):  # also where nothing has changed since
        assert neverask("check", "house.yaml", cwd=tmp_path).status == 0
    run = neverask("check", "house.yaml", "broken.yaml", cwd=tmp_path)
    assert run.status == 2 and "broken.yaml:3:31: there is no category or set 'pim'" in run.err
    (tmp_path / "house.yaml").write_text("neverask: 1\nchannels: [{channels: [sms]}, {channels: [email]}]\n")
    assert "house.yaml:2:32: warning: nothing gets to this entry" in neverask("check", "house.yaml", cwd=tmp_path).out


@pytest.mark.parametrize("name", ["neverask.yml", ".neverask.yaml"])
def test_a_policy_by_another_name_is_told(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / name).write_text("neverask: 1\nextends: whatsapp\n")
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "a.yaml").write_text("replies:\n  - Good morning to you.\n")
    run = neverask("check", "replies", cwd=tmp_path)
    assert run.status == 0 and f"{name} is not read as a policy: call it neverask.yaml" in run.err
    assert "noem het neverask.yaml" in neverask("check", "replies", "--lang", "nl", cwd=tmp_path).err


@pytest.mark.parametrize("command", [("policy", "show"), ("policy", "test"), ("brief",), ("explain", "pin")])
def test_it_is_told_also_where_a_policy_is_only_looked_at(
    command: tuple[str, ...], neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """All the examples of the bundled policy passed, and nothing was said of the officer's own."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "replies").mkdir()
    (tmp_path / "neverask.yml").write_text("neverask: 1\nextends: avg\n")
    run = neverask(*command, cwd=tmp_path / "replies")
    assert run.status == 0 and "neverask.yml is not read as a policy: call it neverask.yaml" in run.err
    (tmp_path / "neverask.yml").rename(tmp_path / "replies" / "neverask.yaml")
    run = neverask(*command, cwd=tmp_path)
    assert run.status == 0
    assert "this is the bundled policy 'whatsapp'. Below it there is 'replies/neverask.yaml': name the one" in run.err
    assert "dit is het meegeleverde beleid 'whatsapp'" in neverask(*command, "--lang", "nl", cwd=tmp_path).err or (
        command == ("brief",)
    )
    assert not neverask(*command, cwd=tmp_path / "replies").err


def test_a_policy_by_a_name_of_its_own_that_holds_for_nothing_is_told(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "a.yaml").write_text("replies:\n  - Good morning to you.\n")
    (tmp_path / "beleid.yaml").write_text("neverask: 1\nextends: avg\n")
    for _ in range(2):  # also where nothing has changed since
        assert "beleid.yaml is not read as a policy: call it neverask.yaml" in neverask("check", cwd=tmp_path).err
    assert not neverask("check", "--policy", "beleid.yaml", cwd=tmp_path).err
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: beleid.yaml\n")
    assert not neverask("check", cwd=tmp_path).err


def test_a_policy_that_does_not_extend_the_one_above_it_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A brand that wrote a policy of its own had nothing of the group's any more, in silence."""
    (tmp_path / ".git").mkdir()
    brand = tmp_path / "brand"
    brand.mkdir()
    (brand / "a.yaml").write_text("replies:\n  - Good morning to you.\n")
    said = "brand/neverask.yaml:1:1: note: this policy does not extend 'neverask.yaml', which stands above it"
    own = "neverask: 1\nextends: whatsapp\n"
    for group, policy, told in [
        ("", own, False),
        ("neverask: 1\nextends: avg\n", own, True),
        ("neverask: 1\nextends: avg\n", "neverask: 1\nextends: [whatsapp, ../neverask.yaml]\n", False),
    ]:
        (tmp_path / "neverask.yaml").write_text(group) if group else None
        (brand / "neverask.yaml").write_text(policy)
        run = neverask("check", cwd=tmp_path)
        assert run.status == 0 and (said in run.out) == told
    (brand / "neverask.yaml").write_text(own)
    assert "als ../neverask.yaml, als het hier ook moet gelden" in neverask("check", "--lang", "nl", cwd=brand).out
    assert "does not extend" not in neverask("check", "a.yaml", cwd=brand).out
    (brand / ".git").mkdir()
    assert "does not extend" not in neverask("check", cwd=brand).out, "what stands above it is another repository's"


def test_a_folder_that_is_named_as_a_policy_says_which_is_in_it(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "neverask.yaml").write_text("neverask: 1\nextends: avg\n")
    run = neverask("policy", "show", "north", cwd=tmp_path)
    assert run.status == 2 and run.err == "north: this is a folder: name the policy in it, north/neverask.yaml\n"


def test_a_policy_in_a_windows_code_page_is_told_with_its_line(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_bytes("neverask: 1\ntitle: Beléid\n".encode("cp1252"))
    (tmp_path / "a.yaml").write_text("replies:\n  - Good morning to you.\n")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 2 and "neverask.yaml:2:11: the policy is not UTF-8" in run.err


def test_the_pattern_of_a_condition_counts_from_where_it_stands(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """As those of channels and exceptions do: a policy further down that extends it lets no other folder pass."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "house.yaml").write_text(
        "neverask: 1\nrules: {ask: {rule: 'forbid asking for pin unless in \"internal/**\"'}}\n"
    )
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: house.yaml\nrules: {ask: {level: warning}}\n")
    for folder in ("internal", "b/internal"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "r.yaml").write_text("- {id: 1, text: What is your PIN?}\n- {id: 2, text: Welcome!}\n")
    (tmp_path / "b" / "neverask.yaml").write_text("neverask: 1\nextends: ../house.yaml\n")
    found = json.loads(neverask("check", "--format", "json", cwd=tmp_path).out)["findings"]
    assert [(one["path"], one["level"]) for one in found] == [("b/internal/r.yaml", "error")]


def test_a_reason_written_otherwise_is_the_source_that_is_cited(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    rule = "{rule: forbid asking for pin, because: [gdpr art 32, house rule 7]}"
    (tmp_path / "neverask.yaml").write_text(
        f"neverask: 1\nextends: [gdpr]\nrules:\n  no-pin: {rule}\n", encoding="utf-8"
    )
    run = neverask("explain", "no-pin", cwd=tmp_path)
    assert "GDPR art. 32: " in run.out and "house rule 7" in run.out, run.out


def test_a_place_that_two_policies_name_alike_is_told_once(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    place = "safe-channels: {own: [{name: [My account], url: 'https://my.example.com'}]}\n"
    (tmp_path / "house.yaml").write_text(f"neverask: 1\nextends: [whatsapp]\n{place}", encoding="utf-8")
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: [house.yaml]\n{place}", encoding="utf-8")
    assert neverask("policy", "show", cwd=tmp_path).out.count("- My account (") == 1


def test_a_slip_above_a_character_that_can_stand_nowhere_is_told(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """What reads the entries one by one came to the character, which the library had not got to."""
    text = "neverask: 1\nextends: [whatsapp}\n# " + "x" * 70_000 + '\ntitle: "a\x01b"\n'
    (tmp_path / "neverask.yaml").write_text(text, encoding="utf-8")
    run = neverask("check", cwd=tmp_path)
    assert run.status == 2 and "neverask.yaml:2:19: this is not YAML: a comma or the closing bracket" in run.err


def test_a_policy_of_very_many_slips_is_told_at_once(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    entries = "".join(f"k{part}:\n" + '  - {a: "b}\n' * 900 for part in range(90))
    for text in (entries, "a: [\n" * 50_000, "rules:\n" + "  a b " * 200_000):
        (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: [whatsapp]\n{text}\n", encoding="utf-8")
        begun = time.monotonic()
        assert neverask("check", cwd=tmp_path).status == 2
        assert time.monotonic() - begun < 20
