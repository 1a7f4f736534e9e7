"""Which name somebody meant who wrote another one."""

from __future__ import annotations

import difflib
import random

import pytest
from neverask import meaning, meant
from neverask.policy.errors import Problem, closest
from neverask.source import Source, Span

LETTERS = "abcdeAB-_ é"


def words(random: random.Random, count: int) -> list[str]:
    return ["".join(random.choices(LETTERS, k=random.randrange(12))) for _ in range(count)]


@pytest.mark.parametrize("alike", [0.6, 0.7, 0.8])
def test_the_answers_are_those_of_difflib(alike: float) -> None:
    chance = random.Random(int(alike * 10))
    for _ in range(500):
        known = words(chance, chance.randrange(1, 20))
        said = chance.choice(known)
        at = chance.randrange(len(said) + 1)
        for word in (said[:at] + chance.choice(LETTERS) + said[at:], said[:at] + said[at + 1 :], *words(chance, 1)):
            expected = difflib.get_close_matches(word, known, n=1, cutoff=alike)
            assert meant.nearest(word, known, alike) == "".join(expected[:1])


def test_what_is_unlike_is_not_compared_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    matcher = difflib.SequenceMatcher

    class Counted(matcher):  # type: ignore[misc, valid-type]
        def ratio(self) -> float:
            compared.append(self.a)
            return super().ratio()

    monkeypatch.setattr(difflib, "SequenceMatcher", Counted)
    known = [f"{one}{other}" for one in ("alpha", "gamma", "delta") for other in range(100, 700)]
    assert meant.nearest("whiskey", known, 0.6) == ""
    assert meant.nearest("alpha650", known, 0.6) == "alpha650"
    assert len(compared) < 20


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("emale", ["email", "name"], "email"),
        ("expect", ["except", "unless"], "except"),
        ("telephone", ["phone"], "phone"),
        ("login", ["login-name"], "login-name"),
        ("bank account", ["bank-account"], "bank-account"),
        ("Whatsap", ["whatsapp"], "whatsapp"),
        ("tiles", ["title", "files"], "files"),  # "title" has more of its letters
        ("photo", ["phone"], ""),
        ("number", ["name"], ""),
        ("teams", ["telegram"], ""),
        ("citations", ["exceptions"], ""),
        ("", ["pin"], ""),
        ("--", ["pin"], ""),
    ],
)
def test_a_name_is_proposed_where_it_may_be_misspelt(word: str, known: list[str], meant: str) -> None:
    assert closest(word, known) == (f"did you mean '{meant}'?" if meant else "known: " + ", ".join(known))


def test_of_very_many_names_none_is_told() -> None:
    assert closest("rule-1x", [f"rule-{number}" for number in range(meant.MOST)]).startswith("did you mean")
    assert closest("rule-1x", [f"rule-{number}" for number in range(meant.MOST + 1)]) == ""


def test_misspelt_terms_are_looked_for_in_the_first_mistakes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for = []
    monkeypatch.setattr(meaning, "_misspelt", looked_for.append)
    source = Source("neverask.yaml", "x")
    problems = [Problem("", source, Span(0, 1), "known: pin", f"qqqqq{number}") for number in range(500)]
    assert meaning.meant(problems) == ["known: pin"] * 500
    assert len(looked_for) == 20
