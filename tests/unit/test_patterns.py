"""Which file patterns of a policy take all that another one takes."""

from __future__ import annotations

import random

import pytest
from neverask.policy.patterns import Files, covers, matches, mistake, taking

LETTERS = "ab/"
PIECES = ["a", "b", "/", "*", "**", "**/", "?", "[ab]", "[!a]", "[a/]", "[", "]", ".json"]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("**/*.json", "bots/*.json"),
        ("**/*.json", "*.json"),
        ("*.json", "bots/deep/flow.json"),
        ("bots/**", "bots/flow.json"),
        ("bots/**", "bots/deep/**"),
        ("bots/*", "bots/**"),  # a star goes across folders
        ("flow.json", "bots/flow.json"),  # a name without a folder is that name in any
        ("flow?.json", "bots/flow1.json"),
        ("**", "bots/*.json"),
        ("*", "**"),
        ("bots/[ab]*.json", "bots/[ab]*.json"),
        ("bots/**", "bots/[ab].json"),
    ],
)
def test_a_pattern_that_takes_all_of_another(wide: str, narrow: str) -> None:
    assert covers(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("bots/*.json", "**/*.json"),
        ("bots/*.json", "bots/*"),
        ("bots/*.json", "*.json"),
        ("bots/flow.json", "flow.json"),
        ("a.json", "**/a.json"),  # which takes "xa.json", too
        ("bots/?.json", "bots/*.json"),
        ("bots/?.json", "bots/[ab].json"),  # not told, though so
        ("flow*", "bots/flow*.json"),  # "bots/flow/x.json"
        ("web/**", "bots/**"),
    ],
)
def test_a_pattern_that_may_not(wide: str, narrow: str) -> None:
    assert not covers(wide, narrow)


def test_what_is_said_to_be_taken_is_taken() -> None:
    chance = random.Random(7)
    paths = ["".join(chance.choices(LETTERS, k=chance.randrange(1, 6))).strip("/") for _ in range(150)]
    paths = [path for path in paths if path] + ["a.json", "a/b.json", "b/a/a.json"]
    pairs = 0
    for _ in range(20_000):
        wide, narrow = ("".join(chance.choices(PIECES, k=chance.randrange(1, 5))) for _ in range(2))
        if wide != narrow and covers(wide, narrow):
            pairs += 1
            lost = [path for path in paths if matches(path, (narrow,), "") and not matches(path, (wide,), "")]
            assert not lost, (wide, narrow)
    assert pairs > 300


def test_files_that_fit_are_those_that_match_one_by_one() -> None:
    chance = random.Random(8)
    for _ in range(3_000):
        paths = ["".join(chance.choices(LETTERS, k=chance.randrange(1, 6))) + ".json" for _ in range(4)]
        patterns = tuple("".join(chance.choices(PIECES, k=chance.randrange(1, 5))) for _ in range(2))
        root = chance.choice(["", ".", "a"])
        wanted = [number for number, path in enumerate(paths) if matches(path, (*patterns, "a.json"), root)]
        assert Files(paths).fitting((*patterns, "a.json"), root) == wanted, (paths, patterns, root)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("old [2025]/**", "old [2025]/a.yaml"),
        ("old [2025]/**", "old 5/a.yaml"),
        ("export [1].json", "export [1].json"),
        ("*[nl]*.csv", "x/replies [nl].csv"),
    ],
)
def test_brackets_may_be_those_of_a_name(pattern: str, path: str) -> None:
    assert matches(path, (pattern,), "") and Files([path]).fitting((pattern,), "") == [0]


@pytest.mark.parametrize("path", ["!a.json", "{a,b}.json", "a\\b.json", "old [2025]/{x}.json"])
def test_a_file_has_a_pattern_whatever_it_is_called(path: str) -> None:
    assert mistake(taking(path)) == ("", "") and matches(path, (taking(path),), "")
