"""Lists of entries become a trie that holds their phrases, those and no others, and what is alike once."""

from __future__ import annotations

import functools
import itertools

import hypothesis
import pytest
from hypothesis import strategies as st
from neverask.language import trie
from neverask.language.alike import neighbours
from neverask.language.lexicon import Lexicon
from neverask.language.trie import Root
from neverask.language.wordlists import Lists, compile_lists
from neverask.resources import PackError

WORD = st.sampled_from(["a", "b", "bc", "naïve", "*ende", "vor*", "7"])
CHOICE = st.lists(WORD, min_size=1, max_size=3, unique=True)
PART = st.tuples(CHOICE, st.booleans(), st.booleans())  # words, whether none may stand, whether a comma follows
ENTRY = st.tuples(st.lists(PART, max_size=3), WORD)
"""Parts, and a word at the end, so that no entry is without one."""


def written(entry) -> str:
    parts, last = entry
    said = [("({})" if optional else "{}").format("/".join(words)) + "," * comma for words, optional, comma in parts]
    return " ".join([*said, last])


def spelt(word: str) -> str:
    return "^" + word[:-1] if word.endswith("*") else word


def phrases(entry) -> set[tuple[str, ...]]:
    """What an entry stands for, written out."""
    parts, last = entry
    choices = [words + [""] * optional for words, optional, _ in parts]
    said = {tuple(spelt(word) for word in (*choice, last) if word) for choice in itertools.product(*choices)}
    return said | {tuple(word.replace("ï", "i") for word in phrase) for phrase in said}


@hypothesis.given(st.lists(ENTRY, min_size=1, max_size=6))
def test_an_entry_stands_for_its_phrases_and_the_first_of_two_wins(entries):
    lists = Lists()
    for number, entry in enumerate(entries):
        lists.add(written(entry), "D", (str(number),), "here")
    lexicon = Lexicon(lists.trie(), lists.meanings, [])
    wanted: dict[tuple[str, ...], str] = {}
    for number, entry in enumerate(entries):
        for phrase in phrases(entry):
            wanted.setdefault(phrase, str(number))
    found = [(tuple(path), meaning.data[0]) for path, meaning in lexicon.entries()]
    assert sorted(found) == sorted(wanted.items())


@hypothesis.given(st.lists(ENTRY, min_size=1, max_size=6), st.sets(st.integers(0, 5)))
def test_entries_of_wanted_meanings_are_those_of_all_that_have_them(entries, numbers):
    lists = Lists()
    for number, entry in enumerate(entries):
        lists.add(written(entry), "D", (str(number),), "here")
    lexicon = Lexicon(lists.trie(), lists.meanings, [])
    some = lexicon.entries(lambda meaning: int(meaning.data[0]) in numbers)
    all_of_them = [(path, meaning) for path, meaning in lexicon.entries() if int(meaning.data[0]) in numbers]
    assert sorted(some) == sorted(all_of_them)


@hypothesis.given(st.lists(ENTRY, min_size=1, max_size=6), st.booleans())
def test_words_and_numbers_of_a_trie_are_those_of_its_entries(entries, packed):
    lists = Lists()
    for number, entry in enumerate(entries):
        lists.add(written(entry), "D", (str(number),), "here")
    root = lists.trie()
    paths = [path for path, _ in Lexicon(root, lists.meanings, []).entries()]
    held = Root(Root.packed(root)) if packed else root
    assert trie.words_in(held) == {word for path in paths for word in path}
    found = set(itertools.chain.from_iterable(map(neighbours, trie.numbered_in(held))))
    assert found >= set(itertools.chain.from_iterable(map(neighbours, paths)))


def test_an_entry_that_waits_goes_before_others_and_those_of_another_word_before_that():
    lists = Lists()
    for entry, category in (("send", "a"), ("send … code", "b"), ("send … card", "c"), ("send", "d")):
        lists.add(entry, "D", (category,), "here")
    found = [(meaning.data[0], meaning.awaits) for _, meaning in Lexicon(lists.trie(), lists.meanings, []).entries()]
    assert found == [("c", ("card",)), ("b", ("code",)), ("a", ())]


def test_what_is_alike_stands_once():
    choice = "/".join("abcdefgh")
    root, _ = compile_lists({"tags": {"PLEASE": [" ".join([choice] * 5)]}}, {}, {"PLEASE": "p", "TRAP": "x"} | TAGS)
    nodes = {}
    waiting = [root]
    while waiting:
        for child in waiting.pop().values():
            if isinstance(child, dict) and id(child) not in nodes:
                nodes[id(child)] = child
                waiting.append(child)
    assert len(nodes) == 5  # 32,768 phrases


TAGS = {name: name[0] for name in ("DOCUMENT", "DATUM", "QUESTION", "WEAK", "HERE", "ELSE")}


def test_an_entry_under_two_meanings_is_told_once_with_both_places():
    language = {"tags": {"PLEASE": ["kindly/please (do)"], "GIVE": ["please do"]}}
    told: list[str] = []
    compile_lists(language, {}, {"PLEASE": "p", "GIVE": "G", "TRAP": "x"} | TAGS, told.append)
    assert told == ["words.yaml GIVE: please do stands already under words.yaml PLEASE: kindly/please (do)"]


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (True, "put it in quotation marks"),
        ("… a", "no word before the gap"),
        (" ".join(["a/b/c/d/e/f/g/h"] * 5), "more than 4,096 phrases"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(entry, wrong):
    with pytest.raises(PackError, match=wrong):
        Lists().add(entry, "D", (), "here")


@hypothesis.given(
    st.lists(ENTRY, min_size=1, max_size=6),
    st.lists(st.integers(0, 15), min_size=6, max_size=6),
    st.dictionaries(WORD, st.integers(0, 15)),
    st.integers(2, 4),
)
def test_what_a_phrase_tells_is_told_by_its_words_or_by_some_that_stand_together_in_it(entries, told, alone, most):
    lists = Lists()
    for number, entry in enumerate(entries):
        lists.add(written(entry), "D", (str(number),), "here")
    root = lists.trie()
    told = [told[int(data[0])] for _, data, _ in lists.meanings]
    found: dict[tuple[str, ...], int] = {}

    def tells(path: list[str]) -> int:
        return alone.get(path[-1], 0) | found.get(tuple(path[-2:]), 0)

    for words, bits, number in trie.untold(root, told, tells, most, 3):
        assert number is None or bits == bits & told[number]
        assert number is not None or (len(words) == most and not bits & ~3)
        found[tuple(words)] = found.get(tuple(words), 0) | bits
    whole = [(path, number) for path, number in trie.phrases(root, frozenset(range(len(told))), with_parts=False)]
    for path, number in whole:
        cuts = itertools.combinations(range(len(path) + 1), 2)
        known = sum_of_bits([found.get(tuple(path[start:end]), 0) for start, end in cuts])
        known |= sum_of_bits([alone.get(word, 0) for word in path])
        assert not told[number] & ~known


def sum_of_bits(several: list[int]) -> int:
    return functools.reduce(int.__or__, several, 0)


@hypothesis.given(st.lists(ENTRY, min_size=1, max_size=6), st.sets(st.integers(0, 5)), st.integers(1, 6))
def test_entries_are_found_by_their_length_and_by_being_one_word(entries, numbers, most):
    lists = Lists()
    for number, entry in enumerate(entries):
        lists.add(written(entry), "D", (str(number),), "here")
    lexicon = Lexicon(lists.trie(), lists.meanings, [])
    some = [path for path, _ in lexicon.entries(lambda meaning: int(meaning.data[0]) in numbers)]
    short = [path for path, _ in lexicon.entries(lambda meaning: int(meaning.data[0]) in numbers, most=most)]
    assert sorted(short) == sorted(path for path in some if sum(map(len, path)) <= most)
    assert lexicon.alone(lambda meaning: int(meaning.data[0]) in numbers) == {
        path[0] for path in some if len(path) == 1
    }
    assert lexicon.words(lambda meaning: int(meaning.data[0]) in numbers) == set(itertools.chain.from_iterable(some))
