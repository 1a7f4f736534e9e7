"""What a Dutch support author meets in the common commands: no English sentence of neverask's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from neverask.messages import spoken

ENGLISH = re.compile(
    r"\b(the|this|that|which|with|without|found|files?|texts|nothing|checked|not|could|wrote|now|reason|owner|until"
    r"|age|used|unused|expired|known|mended|findings?|does|are|were|your|what|where|why|rules?|totals|because)\b",
    re.IGNORECASE,
)
POLICY = """\
neverask: 1
extends: [whatsapp, avg]
exceptions:
  - {rule: no-false-safety, file: weg.yaml, reason: het was zo, owner: Jan, until: 2020-01-01}
"""
REPLIES = """\
- id: een
  text: Kunt u ons uw rekeningnummer doorgeven?
# neverask: allow
- id: twee
  text: Wat is uw BSN?  # neverask: allow no-sensitive-requests until 2099-01-31 -- de wet vraagt het
- id: drie
  text: Tot ziens en bedankt voor uw bezoek!
"""
OWN = re.compile(  # names, words of the policy's language, quotations, wordings in other languages
    r"'[^']*'|“[^”]*”|https?://\S+|^.*(?:GDPR|Regulation|Policy:|WhatsApp Business|liever \(|Dutch|UAVG|AVG art).*$"
    r"|^(?:Forbid|Require) [^.]*\.|^- (?!\w+ )[^:]*$|\[[\w, -]+\]|--[\w-]+|\S*/\S*|^ +\d+ \|.*$|<[^>]*>"
    r"|neverask: allow \w+ until|^(?: +(?:[A-Z]+(?::[\w/-]+)?|·))+$",
    re.MULTILINE,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "antwoorden").mkdir()
    (tmp_path / "antwoorden" / "a.yaml").write_text(REPLIES, encoding="utf-8")
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def english(text: str) -> list[str]:
    return [line for line in OWN.sub("", text).splitlines() if ENGLISH.search(line)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--verbose", "--strict", "antwoorden", "niets.yaml"),
        ("check", "--fix", "--dry-run"),
        ("check", "--fix"),
        ("check", "--staged"),
        ("check", "--diff", "HEAD"),
        ("check", "--baseline", "niets.json"),
        ("check", "--policy", "niets"),
        ("check", "neverask.yaml"),
        ("check", "stuk.json"),
        ("baseline",),
        ("baseline", "stuk.json"),
        ("exceptions",),
        ("explain", "no-sensitive-requests"),
        ("explain", "no-sensitive-request"),
        ("init",),
        ("init", "--force"),
        ("init", "--dry-run"),
        ("policy", "test", "avg"),
        ("inspect", "Stuur ons uw rekeningnummer, maar nooit uw pincode."),
        ("inspect", "Wat een mooie fiets."),
        ("show", "antwoorden"),
        ("show", "leeg"),
        ("graph", "antwoorden"),
        ("graph", "leeg"),
        ("check", "leeg"),
        ("baseline", "leeg"),
        ("exceptions", "leeg"),
    ],
    ids=" ".join,
)
def test_no_english_sentence(arguments: tuple[str, ...], folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / "stuk.json").write_text('{"a": [1,}', encoding="utf-8")
    (folder / "leeg").mkdir()
    run = neverask(*arguments, "--lang", "nl", cwd=folder)
    told = [line for line in (run.out + run.err).splitlines() if not re.match(r"[ +@-]|#   ", line) or "  " in line[:3]]
    assert (run.out + run.err).strip()
    assert not english(
        "\n".join(line for line in told if not line.startswith(("ok ", "#   ", "# rules:", "- ", "+", "-", "   ")))
    )


def test_the_policy_in_words(folder: Path, neverask: Callable[..., Any]) -> None:
    out = neverask("policy", "show", "neverask.yaml", "--lang", "nl", cwd=folder).out
    rules = out.partition("## Regels")[2].partition("## Bronnen")[0]
    assert "Een overtreding is een fout: de commit of de build wordt geweigerd." in rules
    assert "- Het gaat om: een geheime sleutel of toegangscode, een rekeningnummer, een gezicht, stem of" in rules
    assert "no-false-safety bij weg.yaml tot en met 2020-01-01 (verlopen): het was zo (Jan)" in rules
    assert not english("\n".join(line for line in rules.splitlines() if not line.startswith(("- Zeg", "###", "  - "))))


def test_the_mistakes_of_a_policy(folder: Path, neverask: Callable[..., Any]) -> None:
    for bad in sorted((Path(__file__).parent / "policies" / "bad").glob("*.yaml")):
        run = neverask("check", "--policy", str(bad), "--lang", "nl", "antwoorden", cwd=folder)
        assert run.status == 2
        said = [line for line in run.err.splitlines() if not re.match(r" +(\d+ \||\^)", line)]
        said = [re.sub(r"^\S+:\d+:\d+: ", "", line) for line in said]
        # The words of YAML's own parser stay, and what a schema says a field is for.
        said = [line for line in said if not re.search(r"YAML|verwacht: |zoals  |bekend: |^  '", line)]
        assert not english("\n".join(said)), bad.name


def test_the_report_as_a_page(folder: Path, neverask: Callable[..., Any]) -> None:
    page = neverask("check", "--format", "html", "--lang", "nl", cwd=folder).out
    assert '<html lang="nl">' in page
    body = re.sub(
        r"<(style|script)>.*?</\1>|<div class=policy>.*?</div>|<caption>.*?</table>", "", page, flags=re.DOTALL
    )
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "\n", body)))
    labels = re.findall(r'aria-label="([^"]+)"|<label[^>]*>([^<]+)|<h\d[^>]*>([^<]+)|<dt>([^<]+)', body)
    said = [next(filter(None, label)) for label in labels]
    assert len(said) > 20 and not english("\n".join(said)), said
    for wanted in ("Totalen", "Bevindingen", "Voor de auditor", "2 fouten", "Zeg liever", "Wat niet is gecontroleerd"):
        assert wanted in words, wanted


def test_the_report_in_markdown(folder: Path, neverask: Callable[..., Any]) -> None:
    (folder / "stuk.json").write_text('{"a": [1,}', encoding="utf-8")
    report = neverask("check", "--format", "markdown", "--lang", "nl", ".", "niets.yaml", cwd=folder).out
    told, _, policy = report.partition("### Het beleid in woorden")
    told = re.sub(r"\| (?:require|forbid) [^|]* \||\b[a-z]+(?:-[a-z]+)+\b|\(rule\)", "", told)  # the policy's words
    assert "- Beleidsbestanden met hun SHA-256: neverask.yaml " in told
    assert " het was zo | 2020-01-01 (verlopen) | Jan | neverask.yaml, regel 4 |" in told
    assert "- **kan niet worden gelezen** niets.yaml: dit bestand of deze map is er niet" in told
    assert (
        "| Waar | Wat | Zeg liever |" in told
        and "| een uitzondering in het beleid is verlopen | 1 |" in told
        and "<br>in “een”<br>" in told
    )
    assert "##### Regels" in policy and "Een overtreding is een fout" in policy
    assert not english(told)


def test_programs_read_english(folder: Path, neverask: Callable[..., Any]) -> None:
    for form in ("json", "sarif", "gitlab", "junit", "github"):
        ours, theirs = (neverask("check", "--format", form, "--lang", code, cwd=folder).out for code in ("nl", "en"))
        assert ours == theirs
    listed = neverask("exceptions", "--format", "json", "--lang", "nl", cwd=folder).out
    assert {one["state"] for one in json.loads(listed)["exceptions"]} == {"malformed", "used", "expired"}


@pytest.mark.parametrize(
    "line",
    [
        "  5 |     level: error",
        "    kinds: [portal, app, phone]",
        "#     level: warning",
        "- Bel ons, email, or post.",
        "  reden:  Call us, email or post.",
    ],
)
def test_words_of_others_stay(line: str) -> None:
    assert spoken(line, "nl") == line


def test_the_auditor_sees_exceptions_of_both_kinds(folder: Path, neverask: Callable[..., Any]) -> None:
    page = neverask("check", "--format", "html", "--lang", "nl", cwd=folder).out
    table = page.partition("<h3>Uitzonderingen</h3>")[2].partition("</table>")[0]
    assert "neverask.yaml, regel 4" in table and "het was zo" in table and "(verlopen)" in table
    assert "antwoorden/a.yaml, regel 5" in table and "de wet vraagt het" in table and "2099-01-31" in table
