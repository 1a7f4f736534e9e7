"""Messages in other languages: complete, with the same parts, for every message of every rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask import messages
from neverask.messages import ENGLISH, LANGUAGES, catalogue, speaker
from neverask.reporters.summary import MEANINGS
from neverask.rules import disclaimer
from neverask.rules.wording import CALLED

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
HERE = Path(__file__).parent
ENDED = re.compile(r"(?:error|warning|note): (.+) \[[a-z-]+(?:, [a-z-]+)*\]$", re.MULTILINE)
LEFT = re.compile(r"\b(the|this|customer|without|says|exception)\b")


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_complete(language: str) -> None:
    english, own = catalogue(ENGLISH), catalogue(language)
    for part in ("words", "sentences"):
        assert list(english[part]) == list(own[part])
        for name, said in english[part].items():
            assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", own[part][name])), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_of_a_catalogue_stands_twice(language: str) -> None:
    """Only the last one would count: what the first one says is told in English."""
    text = (Path(messages.__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
    for part in re.split(r"^(?=\w)", text, flags=re.MULTILINE):
        names = re.findall(r"^  ([\w-]+):", part, re.MULTILINE)
        assert [name for name, count in Counter(names).items() if count > 1] == []


def test_what_has_changing_parts_stands_among_the_sentences() -> None:
    """Among the words it would never be met. The page for auditors fills in what it says itself."""
    words = catalogue(ENGLISH)["words"]
    assert [name for name, said in words.items() if re.search(r"\{\w+\}", said)] == ["shown"]


ALWAYS_MANY = {
    "wrong-long", "policy-many", "deep-levels", "deep-replies", "archive-members", "prose-at-most", "crowded-text",
    "branches", "wrong-very-many-words",
}  # fmt: skip
"""Sentences whose number is never one."""


def test_what_is_said_of_several_things_is_said_of_one_too() -> None:
    sentences = catalogue(ENGLISH)["sentences"]
    for name, said in sentences.items():
        several = re.search(r"\{count\} ((?:more |such |known )*\w{2,}?)(ies|s)\b", said)
        if several and name not in ALWAYS_MANY:
            one = f"1 {several[1]}{'y' if several[2] == 'ies' else ''}"
            assert any(re.search(rf"\b{one}\b", other) for other in sentences.values()), name


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("2 errors and 1 note", "2 fouten en 1 opmerking"),
        ("1 error, 2 warnings and 1 note", "1 fout, 2 waarschuwingen en 1 opmerking"),
        ("1 place, 1 of them an error", "1 plek, waarvan 1 fout"),
        ("2 places, 1 of them an error", "2 plekken, waarvan 1 fout"),
        ("2 places, 2 of them errors", "2 plekken, waarvan 2 fouten"),
        ("2 places, 0 of them errors", "2 plekken, waarvan 0 fouten"),
        ("1,200 errors and 1 note", "1.200 fouten en 1 opmerking"),
        ("12,000", "12.000"),
        (
            "Checked 1 file, 1,234,567 messages against 3 rules; languages: nl 1,200, en 40",
            "1 bestand en 1.234.567 berichten gecontroleerd op 3 regels; talen: nl 1.200, en 40",
        ),
        ("1 step", "1 stap"),
        ("1 more step of 2 is not drawn", "nog 1 stap van 2 is niet getekend"),
        ("1 example, 0 failed", "1 voorbeeld, 0 niet goed"),
        (
            "2 cells under 1 heading: put the text of this row in quotation marks (and 1 more such row)",
            "2 cellen onder 1 kop: zet de tekst van deze regel tussen aanhalingstekens (en nog 1 zo'n regel)",
        ),
        ("the exception for 'no-pin' covers no finding", "de uitzondering voor 'no-pin' dekt geen enkele bevinding"),
    ],
)
def test_one_thing_and_several(english: str, dutch: str) -> None:
    assert speaker("nl")(english) == dutch


def test_the_sentence_that_leaves_least_in_english_is_the_one() -> None:
    """A longer one that fits by chance, here "{texts} on channels where no rule holds", loses."""
    catalogue_of_nl = catalogue("nl")["sentences"]
    for owner in (
        "Texts on channels where no rule holds",
        "1 exception not judged, as it may cover what was not checked",
    ):
        key = next(key for key, said in catalogue(ENGLISH)["sentences"].items() if said == owner)
        assert speaker("nl")(f"expected {owner}").endswith(catalogue_of_nl[key])


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_rules_call_things_is_known(language: str) -> None:
    words = set(catalogue(ENGLISH)["words"].values())
    assert set(MEANINGS.values()) <= words
    assert set(CALLED.values()) <= words
    assert set(disclaimer.SAID.values()) <= words
    assert set(disclaimer._DOES.values()) <= words


def said_in_tests() -> list[str]:
    found = set()
    for path in HERE.rglob("*"):
        if path.is_file() and path.suffix in (".text", ".out", ".yaml", ".md"):
            found.update(ENDED.findall(path.read_text(encoding="utf-8", errors="replace")))
    return sorted(found)


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_of_the_cases_is_said(language: str) -> None:
    messages = said_in_tests()
    assert len(messages) > 25
    say = speaker(language)
    untold = [message for message in messages if LEFT.search(re.sub(r"'[^']*'", "", say(message)))]
    assert not untold, "\n".join(f"{message} -> {say(message)}" for message in untold)


THEIRS = {"the warehouse says where the order is"}
"""Reasons that stand in a file that was read."""
LEFT_OUT = re.compile(r"^\S+ (?:skipped|unseen|overlooked) .*?: (.+)$", re.MULTILINE)


@pytest.mark.parametrize("language", OTHERS)
def test_why_texts_are_not_read_is_said(language: str) -> None:
    """A name may have a colon in it, so that the reason begins behind any of them."""
    lines = {said for path in HERE.glob("readers/**/*.out") for said in LEFT_OUT.findall(path.read_text("utf-8"))}
    assert len(lines) > 30
    untold = [line for line in sorted(lines) if line not in THEIRS and messages.spoken(line, language) == line]
    assert not untold


@pytest.mark.parametrize(
    ("variables", "arguments", "dutch"),
    [
        ({}, (), False),
        ({}, ("--lang", "nl"), True),
        ({"LANG": "nl_NL.UTF-8"}, (), True),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "C.UTF-8"}, (), False),
        ({"LANG": "nl_NL.UTF-8"}, ("--lang", "en"), False),
        ({"LC_MESSAGES": "nl_BE"}, ("--format", "json"), False),
    ],
)
def test_the_language_is_chosen(
    variables: dict[str, str],
    arguments: tuple[str, ...],
    dutch: bool,
    tmp_path: Path,
    neverask: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.yaml").write_text("- id: 1\n  text: Please send us your IBAN.\n", encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    run = neverask("check", "a.yaml", *arguments, cwd=tmp_path)
    assert run.status == 1
    assert ("fout: dit vraagt de klant om een rekeningnummer [" in run.out) == dutch
    assert ("1 fout" in run.out and "1 bestand en 1 bericht gecontroleerd op 7 regels; talen: en 1" in run.out) == dutch
    assert ("this asks the customer for a bank account number" in run.out) != dutch
