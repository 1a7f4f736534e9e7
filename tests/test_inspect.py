"""``neverask inspect``: what was recognised is told in plain words, in the language of whoever asks."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.glosses import FILE, Glosses
from neverask.language import pack
from neverask.language.tagset import tags
from neverask.messages import LANGUAGES
from neverask.policy.vocabulary import CATEGORIES
from neverask.resources import grammar, languages

HERE = Path(__file__).parent / "inspect"
NEVER_SHOWN = ("CUT_", "END_")
TOLD = {
    "ask": "Please send me your password.",
    "promise": "We will never ask for your PIN. Send me the last four digits of your card, or type {id_type}.",
    "quoted": "Never answer messages such as 'Send us your PIN'.",
    "nothing": "What a lovely bicycle that is, thank you.",
}


@pytest.fixture(scope="module")
def glossed() -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load(grammar(FILE))
    return value


@pytest.mark.parametrize("code", languages())
def test_every_construction_has_its_gloss(code: str, glossed: dict[str, Any]) -> None:
    names = {one.name for one in pack.load(code).constructions if not one.name.startswith(NEVER_SHOWN)}
    assert sorted(names - set(glossed["constructions"])) == [], "add a line to grammar/glosses.yaml"
    assert {name.partition("_")[0] for name in names} <= set(glossed["forces"])


def test_no_gloss_is_left_over(glossed: dict[str, Any]) -> None:
    known = {one.name for code in languages() for one in pack.load(code).constructions}
    known |= set(re.findall(r"^(REF_\w+):", grammar("reference.lark"), re.MULTILINE))
    assert sorted(set(glossed["constructions"]) - known) == []
    assert set(re.findall(r"^(REF_\w+):", grammar("reference.lark"), re.MULTILINE)) <= set(glossed["constructions"])


def test_no_gloss_is_given_twice() -> None:
    """YAML would forget the first of them."""
    for _, section in yaml.compose(grammar(FILE)).value:
        counts = Counter(key.value for key, _ in section.value)
        assert [name for name, count in counts.items() if count > 1] == []


def test_every_tag_has_its_gloss(glossed: dict[str, Any]) -> None:
    assert set(glossed["tags"]) == set(tags(grammar("tags.lark")))


def test_glosses_are_in_every_language_that_neverask_speaks(glossed: dict[str, Any]) -> None:
    for section in glossed.values():
        for name, said in section.items():
            assert sorted(said) == sorted(LANGUAGES) and all(said.values()), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", languages())
def test_every_feature_that_weighs_is_said_in_words(code: str, language: str) -> None:
    glosses = Glosses(language, lambda category: "" if category in CATEGORIES else f"<{category}>")
    for name in pack.load(code).weights:
        said = glosses.feature(name)
        assert name == "bias" or ("<" not in said and not said.endswith(": ")) or name.startswith("category:"), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOLD)
def test_what_inspect_tells(
    name: str, language: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None], tmp_path: Path
) -> None:
    run = neverask("inspect", "--lang", language, TOLD[name], cwd=tmp_path)
    assert run.status == 0 and not run.err
    golden(HERE / f"{name}.{language}", run.out)


def test_the_language_spoken_is_not_that_of_the_text(neverask: Callable[..., Any], tmp_path: Path) -> None:
    run = neverask("inspect", "--lang", "nl", "Please send us your password.", cwd=tmp_path)
    assert run.out.startswith("taal: Engels\ndit vraagt de klant om een wachtwoord\n")
    assert "'password' = password: VRAAGT" in run.out
    both = neverask("inspect", "--lang", "nl", "--text-lang", "de", "Your IBAN?", cwd=tmp_path)
    assert both.out.startswith("taal: Duits\n")


@pytest.mark.parametrize(("option", "read"), [("nl", "Nederlands"), ("en", "English")])
def test_a_text_that_tells_no_language_is_in_that_of_whoever_asks(
    option: str, read: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    assert neverask("inspect", "--lang", option, "IBAN?", cwd=tmp_path).out.splitlines()[0].endswith(f": {read}")


def test_a_language_that_is_not_read_is_refused(neverask: Callable[..., Any]) -> None:
    run = neverask("inspect", "--text-lang", "xx", "IBAN?")
    assert run.status == 2 and "'xx'" in run.err


def test_a_language_of_a_line_that_is_not_read_is_an_error(neverask: Callable[..., Any]) -> None:
    lines = [{"id": 1, "lang": "xx", "text": "IBAN?"}, {"id": 2, "lang": "nl_BE", "text": "Wat is uw IBAN?"}]
    run = neverask("inspect", input="".join(json.dumps(line) + "\n" for line in lines))
    first, second = map(json.loads, run.out.splitlines())
    assert run.status == 2 and first["id"] == 1 and "no language 'xx'" in first["error"]
    assert second["lang"] == "nl" and second["acts"]


def test_a_text_without_words_is_told_as_one(neverask: Callable[..., Any]) -> None:
    assert neverask("inspect", "").out == "there are no words in this text\n"
    assert neverask("inspect", "--lang", "nl", "?!").out == "er staan geen woorden in deze tekst\n"


def test_what_the_policy_finds_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nrules:\n  no-pin:\n    rule: forbid asking for pin on whatsapp\n", encoding="utf-8"
    )
    found = neverask("inspect", "Send us your PIN and your name.", cwd=tmp_path).out
    assert "under the policy neverask.yaml, as a reply over WhatsApp:\n    error: " in found and "[no-pin]" in found
    assert neverask("inspect", "Send us your IBAN.", cwd=tmp_path).out.endswith("WhatsApp:\n    no finding\n")


def test_the_policy_judges_it_over_the_channel_of_all_the_rest(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A policy for a channel of its own found nothing in anything, since only WhatsApp was asked for."""
    rule = "rules: {r: {rule: forbid asking for name on kiosk}}\n"
    entries = "channels: [{files: 'x/**', channels: [email]}, {channels: [kiosk]}]\n"
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\n{entries}{rule}", encoding="utf-8")
    out = neverask("inspect", "What is your name?", cwd=tmp_path).out
    assert "as a reply over kiosk:\n    error: this asks the customer for a name [r]" in out
