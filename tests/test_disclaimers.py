"""Disclaimers by their elements, in each language: tests/language/disclaimers.yaml, each text in a small library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

CASES: dict[str, dict[str, list[Any]]] = yaml.safe_load(
    (Path(__file__).parent / "language" / "disclaimers.yaml").read_text(encoding="utf-8")
)
SAID = {
    "no-sensitive-data": "don't send sensitive data here",
    "examples": "at least two examples of such data, from two of identity, money, health, login",
    "safe-alternative": "a safe place to go instead",
}
POLICY = """
neverask: 1
title: the disclaimer only
languages: [{code}]
safe-channels: {{kinds: [portal, app, phone, branch, post]}}
disclaimers:
  short:
    elements: [no-sensitive-data, examples, safe-alternative]
    at-most: 300
    texts: {{{code}: "{offered}"}}
rules:
  disclaimer: {{rule: require disclaimer short in the library, level: error, because: [article 32]}}
"""
OTHERS = {
    "nl": ["Goedendag, waarmee kunnen we u helpen?", "Uw fiets staat morgen voor u klaar in de winkel."],
    "en": ["Hello, how can we help you today?", "Your bike is ready for you in the shop tomorrow."],
    "de": ["Guten Tag, wie können wir Ihnen helfen?", "Ihr Fahrrad steht morgen im Laden für Sie bereit."],
    "fr": ["Bonjour, comment pouvons-nous vous aider ?", "Votre vélo est prêt demain dans notre magasin."],
    "es": ["Buenos días, ¿en qué podemos ayudarle?", "Su bicicleta estará lista mañana en la tienda."],
    "pt": ["Bom dia, como podemos ajudar você?", "A sua bicicleta estará pronta amanhã na loja."],
    "it": ["Buongiorno, come possiamo aiutarla?", "La sua bicicletta sarà pronta domani in negozio."],
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What ``neverask check`` says of a library with each text, by language and text."""
    import json
    import os

    from click.testing import CliRunner
    from neverask.cli import main
    from neverask.policy.load import bundled

    found: dict[str, dict[str, str]] = {}
    offered = bundled("whatsapp").disclaimers["privacy"].texts
    for code, cases in CASES.items():
        folder = tmp_path_factory.mktemp(code)
        (folder / "neverask.yaml").write_text(POLICY.format(code=code, offered=offered[code]), encoding="utf-8")
        texts = [*cases["pass"], *(case["text"] for case in cases["fail"])]
        for number, text in enumerate(texts):
            library = [{"title": f"reply {n}", "text": t} for n, t in enumerate([*OTHERS[code], text])]
            (folder / f"{number:02}.json").write_text(json.dumps(library), encoding="utf-8")
        before = os.getcwd()
        os.chdir(folder)
        try:
            run = CliRunner().invoke(main, ["check", "--format", "json", "."])
        finally:
            os.chdir(before)
        findings = json.loads(run.output)["findings"]
        said = {finding["path"]: finding["message"] + " | " + finding["instead"] for finding in findings}
        found[code] = {text: said.get(f"{number:02}.json", "") for number, text in enumerate(texts)}
    return found


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in CASES for text in CASES[code]["pass"]])
def test_in_other_words(code: str, text: str, reports: dict[str, dict[str, str]]) -> None:
    assert reports[code][text] == ""


@pytest.mark.parametrize(
    ("code", "text", "lacks"), [(code, c["text"], c["lacks"]) for code in CASES for c in CASES[code]["fail"]]
)
def test_false_friends(code: str, text: str, lacks: str, reports: dict[str, dict[str, str]]) -> None:
    """The finding says which element is missing, and offers the policy's wording."""
    from neverask.policy.load import bundled

    said = reports[code][text]
    assert "no reply of this library holds the disclaimer 'short'" in said
    if lacks != "no-sensitive-data":
        assert f"missing: {SAID[lacks]})" in said
    assert said.endswith(bundled("whatsapp").disclaimers["privacy"].texts[code])


def test_every_language_has_enough() -> None:
    from neverask.resources import languages

    assert set(CASES) == set(languages())
    assert all(len(cases[kind]) >= 8 for cases in CASES.values() for kind in ("pass", "fail"))


ELEMENTS: list[tuple[str, str, dict[str, list[str]]]] = [
    (element, code, texts)
    for path in sorted((Path(__file__).parent / "language").glob("elements*.yaml"))
    for element, by_code in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    for code, texts in by_code.items()
]


@pytest.mark.parametrize(("element", "code", "of"), ELEMENTS)
def test_an_element_by_itself(
    element: str, code: str, of: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every reply an element is required: those that look like it lack it, those that say it do not."""
    import json

    from click.testing import CliRunner
    from neverask.cli import main

    texts = [*of.get("says", ()), *of.get("looks", ())]
    policy = f"neverask: 1\nlanguages: [{code}]\ndisclaimers: {{one: {{elements: [{element}]}}}}\n"
    rules = "rules: {all: {rule: require disclaimer one in every reply, level: error}}\n"
    (tmp_path / "neverask.yaml").write_text(policy + rules, encoding="utf-8")
    library = [{"title": f"reply {number}", "text": text} for number, text in enumerate(texts)]
    (tmp_path / "replies.json").write_text(json.dumps(library, indent=0, ensure_ascii=False), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    findings = json.loads(CliRunner().invoke(main, ["check", "--format", "json", "replies.json"]).output)["findings"]
    lines = (tmp_path / "replies.json").read_text(encoding="utf-8").splitlines()
    lacking = [json.loads("{" + lines[finding["line"] - 1] + "}")["text"] for finding in findings]
    assert lacking == of.get("looks", [])
