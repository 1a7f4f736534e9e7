"""``neverask brief``: the briefing in each language, its page, and that what it says passes every bundled policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask import brief, resources
from neverask.policy.load import bundled, load
from neverask.trying import check_text

HERE = Path(__file__).parent / "briefs"
EVERYTHING = [(policy, language) for policy in resources.policies() for language in brief.languages()]


@pytest.mark.parametrize("language", brief.languages())
def test_the_briefing_in_words(
    language: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    run = neverask("brief", "--lang", language, "--policy", "avg")
    assert run.status == 0
    golden(HERE / f"avg-{language}.md", run.out)


@pytest.mark.parametrize("language", brief.languages())
@pytest.mark.parametrize("path", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_briefing_of_an_own_policy(
    path: Path, language: str, neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    run = neverask("brief", "--lang", language, "--policy", path.name, cwd=path.parent)
    assert run.status == 0
    golden(path.with_name(f"{path.stem}-{language}.md"), run.out)


def said(blocks: list[brief.Block]) -> Iterator[str]:
    """Each text by itself, but a list of data, which says nothing alone, below the words that forbid it."""
    heading = ""
    for block in blocks:
        heading = block.text if block.kind == "heading" else heading
        if block.kind == "ticks":
            yield heading + ":\n" + "\n".join(f"- {item}" for item in block.items)
        else:
            yield from filter(None, (block.text, *block.items))


@cache
def asked(text: str, policy: str, language: str) -> tuple[str, ...]:
    """What a policy finds in a text; briefings have most of theirs in common."""
    found = check_text(text, bundled(policy), "whatsapp", language)
    return tuple(finding.message for finding in found if finding.data or "safe" in finding.rule)


@pytest.mark.parametrize(("policy", "language"), EVERYTHING)
def test_what_it_says_passes_the_policies(policy: str, language: str) -> None:
    for text in said(brief.blocks(bundled(policy), language)):
        for name in resources.policies():
            assert not asked(text, name, language), text


@pytest.mark.parametrize("language", brief.languages())
def test_the_answer_where_there_is_no_portal_passes_too(language: str) -> None:
    """It named a portal and the telephone, whatever the policy says of safe places."""
    words = yaml.safe_load(resources.policy(f"briefs/{language}.yaml"))["unasked"]
    assert words["reply"] != words["reply-elsewhere"]
    for text in (words[key] for key in words if key.startswith("reply")):
        for name in resources.policies():
            assert not asked(text, name, language), text
    assert ("reply-elsewhere-informal" in words) is ("reply-informal" in words) is bool(resources.formality(language))


@pytest.mark.parametrize(("policy", "language"), EVERYTHING)
def test_no_word_is_missing(policy: str, language: str) -> None:
    text = brief.markdown(brief.blocks(bundled(policy), language))
    assert not re.search(r"\{\w*\}", text)


def test_the_page_needs_nothing_else_and_lets_nothing_out(tmp_path: Path) -> None:
    evil = '"</style><script>alert(1)</script><img src=//x.example/y>'
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: whatsapp\ntitle: '{evil}'\n", encoding="utf-8")
    page = brief.page(brief.blocks(load(str(tmp_path / "neverask.yaml")), "en"), "en")

    found: set[str] = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.add(tag)

    Tags().feed(page)
    assert not found & {"script", "img", "link", "iframe", "object"}
    assert "default-src 'none'" in page


def test_a_language_without_a_briefing_is_refused(neverask: Callable[..., Any]) -> None:
    run = neverask("brief", "--lang", "pl")
    assert run.status == 2
    assert "de, en, es, fr, it, nl, pt" in run.err


def test_own_data_is_called_as_in_the_language(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [whatsapp]\ndata:\n  ean-code: {nl: ['EAN (code)', EAN-nummer]}\n"
        "rules:\n  no-ean:\n    rule: forbid asking for ean-code on whatsapp\n",
        encoding="utf-8",
    )
    assert "- ✗ EAN-nummer\n" in neverask("brief", "--lang", "nl", cwd=tmp_path).out
    assert "- ✗ ean code\n" in neverask("brief", "--lang", "en", cwd=tmp_path).out


def test_wordings_speak_as_those_of_the_organisation(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Where a house says je, a briefing with its own wording beside a bundled one in u would teach both."""
    policy = tmp_path / "neverask.yaml"
    for said, other in (("Regel het in je account.", "Geef je kaart"), ("Regel het in uw account.", "Geef uw kaart")):
        policy.write_text(
            "neverask: 1\nextends: [whatsapp, pci-dss]\n"
            f"rules: {{no-sensitive-requests: {{instead: {{nl: {said}}}}}}}\n"
        )
        out = neverask("brief", "--lang", "nl", cwd=tmp_path).out
        assert f"> {said}\n" in out and f"> {other}gegevens nooit door" in out
        assert ("> Dank je wel, " in out) is ("je account" in said)


def test_the_policy_is_not_written_over(neverask: Callable[..., Any], tmp_path: Path) -> None:
    policy = tmp_path / "neverask.yaml"
    policy.write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    run = neverask("brief", "-o", "./neverask.yaml", cwd=tmp_path)
    assert run.status == 2 and "one of the files that are read" in run.err
    assert policy.read_text(encoding="utf-8").startswith("neverask: 1")


@pytest.mark.parametrize("language", brief.languages())
def test_no_heading_stands_over_nothing(language: str, tmp_path: Path) -> None:
    """A policy without a rule on asking had "Never ask for" and then the next heading."""
    off = ", ".join(f"{name}: {{level: off}}" for name in ("no-sensitive-requests", "no-unknown-requests"))
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nextends: whatsapp\nrules: {{{off}}}\n")
    kinds = [block.kind for block in brief.blocks(load(str(tmp_path / "neverask.yaml")), language)]
    assert ("heading", "heading") not in pairwise(kinds)


@pytest.mark.parametrize("language", brief.languages())
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_briefing_beside_the_replies_is_none(
    language: str, form: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """It says what must not be asked for, each on a line of its own."""
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "a.yaml").write_text("- id: a\n  text: Good morning to you.\n")
    target = f"replies/brief.{'md' if form == 'markdown' else 'html'}"
    assert neverask("brief", "--lang", language, "--format", form, "-o", target, cwd=tmp_path).status == 0
    run = neverask("check", "--strict", cwd=tmp_path)
    assert run.status == 0 and "Checked 1 file, 1 message" in run.out
