"""What the words of one language are traces of, worked out from its pack once and then read from the cache.

Every entry of the lexicon that matters to some rule gets a word that stands in each text that the entry matches: its
rarest one. An entry of common words only gets a pair of neighbours instead.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import Any

from .. import cache, waiting
from . import disguise, identify
from .alike import Words, neighbours
from .alternatives import SAFE as SAFE_PLACES
from .groups import GROUPS, NAMED
from .lexicon import DATA, Meaning
from .pack import Pack, load, print_of
from .tokens import fold
from .trie import numbered_in, words_in

ASK, SAFE, NOT, GIVE, PRIVATE, AVOID, YOUR, WHICH, ELSE, PAIR = (1 << number for number in range(10))
IDENTITY, MONEY, HEALTH, LOGIN = GROUPED = tuple(1 << number for number in range(10, 14))
NAMES = 1 << 14  # data that a disclaimer warns of, by name or as "sensitive data"
WIDTH = 15
ALL = (1 << WIDTH) - 1
_ALWAYS = SAFE | PRIVATE | AVOID | IDENTITY | MONEY | HEALTH | LOGIN | NAMES
_PAIRED = _ALWAYS | -1 << WIDTH
"""Traces for which a single common word of an entry is no sign; for the others any word will do."""
_GROUP_BITS = {
    category: bit for bit, name in zip(GROUPED, ("identity", "money", "health", "login"), strict=True)
    for category in GROUPS[name]
}  # fmt: skip
_KINDS = {
    "Z": SAFE,
    "n": NOT,
    "v": NOT,
    "z": NOT,
    "j": NOT,
    "q": NOT,
    "0": NOT,
    "G": GIVE,
    "a": AVOID,
    "$": PRIVATE | NAMES,
    "g": PRIVATE,
    "r": YOUR,
    "W": WHICH,
    "E": ELSE,
    "L": ELSE,
    "B": ELSE,
}
_PHRASES = {
    **dict.fromkeys([*SAFE_PLACES, "number"], ELSE),
    "identity": IDENTITY,
    "money": MONEY,
    "health": HEALTH,
    "login": LOGIN,
    "safe": SAFE,
    "secret": SAFE,
    "alike": SAFE,
    "unfit": AVOID,
    "except": AVOID,
}
"""What the phrases of statements.yaml are traces of."""
_FORMAT = "33"
_FIRST = 3
"""Words that tell a longer entry, where no word of it is rare.

The few texts with these three are looked at in vain where the others don't follow; with all of them the lists of
neighbours were eight times as long, and took almost three times as long to make.
"""
_WORD = re.compile(r"[^\W_]+")
_OF_WORDS = re.compile(r"(?:[a-z]+-)?word:|term:")
"""What begins the features of words and terms."""


def of(code: str, wait: bool = True) -> dict[str, Any] | None:
    """The compiled traces of a language; the first time takes some seconds, without ``wait`` None then.

    ``categories``: names of data; the trace of a request for the one at n is ``1 << WIDTH + n``. ``forms``: words by
    their traces; ``ends`` and ``starts``: parts of words with their traces; ``listed``: all words of the language.
    """
    return _kept("traces", code, wait)  # type: ignore[no-any-return]


def pairs(code: str) -> dict[str, bytes]:
    """By the first of two neighbours, the second ones with what else stands in the entries: see ``seconds``.

    Kept apart, since they are many and a run needs those of the languages that its texts are in.
    """
    return _kept("pairs", code, True)  # type: ignore[no-any-return]


def _kept(kind: str, code: str, wait: bool) -> Any:
    key = f"{code}-" + cache.key([_FORMAT, code, print_of(code)], any_python=True)
    kept = cache.get(f"{kind}-{key}")
    if kept is None and wait:
        waiting.tell(f"preparing the word lists of '{code}', which is done once: this takes some seconds")
        compiled, paired = _compile(load(code))
        for name, value in (("traces", compiled), ("pairs", paired)):
            cache.put(f"{name}-{key}", value)
        kept = compiled if kind == "traces" else paired
    return kept


def for_categories(categories: Iterable[str], names: list[str]) -> Callable[[int], int]:
    """Makes of compiled traces those for a set of categories; ``names`` are those of the language in their order."""
    wanted = 0
    for category in set(categories).intersection(names):
        wanted |= 1 << WIDTH + names.index(category)

    def reduced(kinds: int) -> int:
        return kinds & ALL | (ASK if kinds & wanted else 0)

    return lru_cache(maxsize=None)(reduced)


class _Compiler:
    """Sorts the entries of a language by the words that they are to be looked for by."""

    def __init__(self, pack: Pack, bits: dict[str, int]) -> None:
        self._code = pack.code
        self._bits = bits
        self._common = {form for entry in pack.common for form in entry.strip("=").split("/")}
        self._rarity: dict[str, tuple[int, int]] = {}
        self._kinds_of: dict[Meaning, int] = {}
        self.masks: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self.starts: dict[str, int] = {}
        self.needs: dict[str, dict[str, dict[str, int]]] = {}

    def kinds(self, meaning: Meaning) -> int:
        """What an entry of this meaning matters for."""
        found = self._kinds_of.get(meaning)
        if found is None:
            found = self._kinds_of[meaning] = self._worked_out(meaning)
        return found

    def _worked_out(self, meaning: Meaning) -> int:
        if meaning.tag not in DATA:
            return _KINDS.get(meaning.tag, 0)
        found = 0
        for category in meaning.data:
            found |= self._bits.get(category, 0)
            if meaning.tag != "Q":
                found |= _GROUP_BITS.get(category, 0) | PRIVATE
        return found | NAMES if meaning.tag != "Q" and not NAMED.isdisjoint(meaning.data) else found

    def alone(self, word: str, kinds: int) -> None:
        """A word that is an entry, or the ending or beginning of words of entries."""
        where, part = self.masks, word
        if word[0] in "*^":
            where, part = self.ends if word[0] == "*" else self.starts, word[1:]
        if kinds:
            where[part] = where.get(part, 0) | kinds

    def tells(self, path: list[str]) -> int:
        """What the last word of several tells wherever it stands, or behind the one before it."""
        known = self.masks.get(path[-1], 0)
        if len(path) > 1:
            known |= self.needs.get(_folded(path[-2]), {}).get(_folded(path[-1]), {}).get("", 0)
        return known

    def several(self, path: list[str], awaits: tuple[str, ...], kinds: int) -> None:
        """An entry of several whole words, none of which is a sign of all that it matters for."""
        masks = self.masks
        for word in path:
            if word in masks:
                kinds &= ~masks[word]
        if not kinds:
            return
        ranks = list(map(self._usual, path))
        at = ranks.index(min(ranks))
        head = path[at]
        paired = kinds & _PAIRED
        masks[head] = masks.get(head, 0) | kinds & ~_PAIRED | (PAIR if paired else 0)
        if not paired:
            return
        first = at if at + 1 < len(path) else at - 1
        one, other = _folded(path[first]), _folded(path[first + 1])
        rest = " ".join(sorted({_folded(word) for word in path} - {one, other}))
        if awaits:
            rest += ";" + " ".join(sorted({_folded(word) for word in awaits}))
        known = self.needs.setdefault(one, {}).setdefault(other, {})
        known[rest] = known.get(rest, 0) | paired

    def _usual(self, word: str) -> tuple[int, int]:
        """Sorts the words of an entry, the rarest in texts first: those of no list, longer ones, common ones."""
        rarity = self._rarity.get(word)
        if rarity is None:
            if word in self._common or len(word) < 3 or word.isdigit():
                rarity = 2, -len(word)
            else:
                rarity = int(any(code == self._code for code, _ in identify.weights(word))), -len(word)
            self._rarity[word] = rarity
        return rarity


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return fold(word)


def _compile(pack: Pack) -> tuple[dict[str, Any], dict[str, bytes]]:
    of_data = (meaning.data for meaning in pack.lexicon.meanings if meaning.tag in DATA)
    categories = sorted(set(chain.from_iterable(of_data)) - {""})
    compiler = _Compiler(pack, {category: 1 << WIDTH + number for number, category in enumerate(categories)})
    told_of = ((pack.phrases, _said), (pack.lexicon, compiler.kinds))
    for lexicon, kinds_of in told_of:
        for word, kinds in lexicon.told_by_one(kinds_of):
            compiler.alone(word, kinds)
    for lexicon, kinds_of in told_of:
        for words, awaits, kinds in lexicon.untold(kinds_of, compiler.tells, _FIRST, _PAIRED):
            if len(words) > 1:
                compiler.several(words, awaits, kinds)
    whole: dict[str, int] = {}
    for word, mask in compiler.masks.items():
        whole[_folded(word)] = whole.get(_folded(word), 0) | mask
    for parts in disguise.spelling(pack.code).halves():
        compiler.several(list(parts), (), whole.get("".join(parts), 0))
    forms: dict[int, list[str]] = {}
    for word, mask in sorted(compiler.masks.items()):
        forms.setdefault(mask, []).append(word)
    compiled = {
        "categories": categories,
        "forms": {mask: " ".join(words) for mask, words in forms.items()},
        "ends": sorted(compiler.ends.items()),
        "starts": sorted(compiler.starts.items()),
        "clitics": list(pack.lexicon.clitics),
        "abbreviations": sorted(pack.abbreviations),
        "numbers": sorted(pack.numbers.named),
        "pictures": sorted(pack.pictures),
        **_listed(pack),
    }
    return compiled, {first: _written(seconds) for first, seconds in compiler.needs.items()}


def _said(phrase: Meaning) -> int:
    """What a phrase of statements.yaml matters for."""
    return _PHRASES.get(phrase.tag, 0)


def _listed(pack: Pack) -> dict[str, Any]:
    """Every word that any reading in the language may know, and all endings and beginnings."""
    words = pack.abbreviations | pack.common
    words |= {word for of in (pack.lexicon, pack.phrases) for meaning in of.meanings for word in meaning.awaits}
    found = words_in(pack.lexicon.root) | words_in(pack.phrases.root) | words
    weighed = [name.partition(":")[2].split() for name in pack.weights if _OF_WORDS.match(name)]
    found.update(chain.from_iterable(weighed))
    numbered = set(chain.from_iterable(map(neighbours, chain(numbered_in(pack.lexicon.root), weighed))))
    ends = {word[1:] for word in found if word.startswith("*")}
    starts = {word[1:] for word in found if word.startswith("^")}
    plain = {word for word in found if not word.isdigit()}  # of a number only what stands beside it tells
    return {
        "listed": Words.packed(plain | numbered),
        "listed ends": sorted(ends.union(pack.lexicon.clitics)),
        "listed starts": sorted(starts),
    }


def _written(seconds: dict[str, dict[str, int]]) -> bytes:
    """What follows a word and what it needs besides: a line for each second word, compressed.

    Of the many words a run comes by few; all of a language would take megabytes of memory as they are.
    """
    lines = "\n".join(
        "\t".join([second, *(f"{kinds}:{rest}" for rest, kinds in sorted(of.items()))])
        for second, of in sorted(seconds.items())
    )
    return zlib.compress(lines.encode("utf-8", "surrogatepass"), 9)


def seconds(written: bytes) -> dict[str, str]:
    """What is needed besides a word and a second one, by the second, each as it is written."""
    lines = zlib.decompress(written).decode("utf-8", "surrogatepass").split("\n")
    return {second: rest for second, _, rest in (line.partition("\t") for line in lines)}


Needed = tuple[int, frozenset[str], frozenset[str]]
"""Traces, and the words that have to stand anywhere: all of the first, one of the second if there are any."""


def needed(written: str, reduced: Callable[[int], int]) -> list[Needed]:
    """What a pair of neighbours needs besides to be the trace of what."""
    found: list[Needed] = []
    for one in written.split("\t"):
        kinds, _, rest = one.partition(":")
        others, _, awaited = rest.partition(";")
        found.append((reduced(int(kinds)), frozenset(others.split()), frozenset(awaited.split())))
    return found
