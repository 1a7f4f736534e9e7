"""What the words of a text may have to do with: a quick look that tells which texts need no reading.

Each word is looked at once: what it may be in any disguise and any language is remembered, so that a text costs a few
operations on sets. A trace says that a text *may* hold something, never that it does: a text without one can't, since
every entry of a lexicon that matters has a word here that stands in each text that the entry matches. What this module
knows of markup is what can hide or join words; where in doubt it says ODD, and the text is read.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from .. import cache, resources
from . import disguise, identify
from .alike import Alike, Words, neighbours
from .numbers import Numbers, numbers_in
from .pack import Pack, load, parts_of
from .statements import GROUPS, NAMED
from .statements import SAFE as SAFE_PLACES
from .tokens import fold

ASK, SAFE, NOT, GIVE, PRIVATE, AVOID, YOUR, WHICH, ELSE, PAIR = (1 << number for number in range(10))
IDENTITY, MONEY, HEALTH, LOGIN = GROUPED = tuple(1 << number for number in range(10, 14))
NAMES = 1 << 14  # data that a disclaimer warns of, by name or as "sensitive data"
_WIDTH = 15
ALL = (1 << _WIDTH) - 1
_PAIRED = ASK | SAFE | PRIVATE | AVOID | IDENTITY | MONEY | HEALTH | LOGIN | NAMES
"""Traces for which a single common word of an entry is no sign; for the others any word will do."""
_GROUP_BITS = {
    category: bit for bit, name in zip(GROUPED, ("identity", "money", "health", "login"), strict=True)
    for category in GROUPS[name]
}  # fmt: skip
_KINDS = {
    "Z": SAFE,
    "n": NOT,
    "v": NOT,
    "G": GIVE,
    "a": AVOID,
    "$": PRIVATE,
    "g": PRIVATE,
    "r": YOUR,
    "W": WHICH,
    "E": ELSE,
}
_PHRASES = {**dict.fromkeys(SAFE_PLACES, ELSE), "health": HEALTH, "money": MONEY}
"""What the phrases of statements.yaml are traces of."""
_FORMAT = "19"
_NOTHING = cache.packed({})
_RUN = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"([^\W\d_]{3,})[.?!]{1,4}[\"')»”]?")
_ORDINARY = re.compile(
    "[ -~\xa0-\u024f\u1e00-\u1eff–—‘’“”„…•·€→←✓\u200b-\u200f\ufe0e\ufe0f\u2060\ufeff\u2600-\u27bf\U0001f000-\U0001faff"
    "]*"
)
_VANISHING = re.compile(
    "[^\\W_][*_~`\xad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]+[^\\W_]"
)  # marks that join what they part
_OF_WORDS = re.compile(r"(?:[a-z]+-)?word:|term:")
"""What begins the features of words and terms."""
_MOST_RUNS = 10
_LONGEST = 80
_MOST_WORDS = 200_000
_APART = ""  # a word that is none: what stands on both sides of a placeholder is not side by side
_HOLE = b"\x01"  # stands for a placeholder
_FIELD = 28  # bits of a language in a score: words known above, weight below


_Needed = tuple[int, frozenset[str], frozenset[str]]
"""Traces, and the words that have to stand anywhere: all of the first, one of the second if there are any."""


class Traces:
    """What words may have to do with, for some categories of data."""

    def __init__(self, compiled: dict[str, Any]) -> None:
        self.languages: tuple[str, ...] = tuple(compiled["languages"])
        self._shifts = {code: _WIDTH * number for number, code in enumerate(self.languages)}
        self.odd = 1 << (_WIDTH * len(self.languages))
        self.stop = self.odd << 1
        self.label = self.odd << 2
        self.digits = self.odd << 3
        self.masks: dict[bytes, int] = {_HOLE: 0}
        self.scores: dict[bytes, int] = {_HOLE: 0}
        self._forms: dict[str, int] = {}
        for mask, words in compiled["forms"].items():
            self._forms.update(dict.fromkeys(words.split(), mask))
        self._ends: list[tuple[str, int]] = compiled["ends"]
        self._starts: list[tuple[str, int]] = compiled["starts"]
        self._needs: dict[str, bytes] = compiled["needs"]
        self._pairs: dict[str, dict[str, str | dict[str, str | list[_Needed]]]] = {}
        self._clitics: list[tuple[str, int]] = compiled["clitics"]
        self._abbreviations = frozenset(compiled["abbreviations"])
        self._numbers = Numbers(compiled["numbers"])
        self._listed = Words(compiled["listed"])
        self._listed_ends = tuple(compiled["listed ends"])
        self._listed_starts = tuple(compiled["listed starts"])
        self._alike: Alike | None = None
        self._tokens: dict[bytes, tuple[str, ...]] = {_HOLE: (_APART,)}

    def forget(self) -> None:
        """Drop what was learnt when it has grown large: numbers and names never end."""
        if len(self.scores) > _MOST_WORDS:
            self.masks = {_HOLE: 0}
            self.scores = {_HOLE: 0}
            self._tokens = {_HOLE: (_APART,)}

    def add(self, words: list[str], mask: int) -> None:
        """Let the last word of an entry ("*" before an ending, "^" before a beginning) have more traces.

        Before any look.
        """
        word = words[-1]
        self._numbers = Numbers([*self._numbers.named, *numbers_in(" ".join(words))])
        self._listed.add([*(part.strip("*^") for part in words), *neighbours(words)])
        if word[0] == "*":
            self._ends.append((word[1:], mask))
        elif word[0] == "^":
            self._starts.append((word[1:], mask))
        else:
            for form in {word, fold(word)}:
                self._forms[form] = self._forms.get(form, 0) | mask

    def alike(self, text: str) -> str:
        """The text as all those read that differ from it in nothing that matters to any look or reading."""
        if self._alike is None:
            self._alike = Alike(self._numbers, self._listed, self._is_unknown)
        return self._alike.of(text)

    def _is_unknown(self, word: str) -> bool:
        """Whether a word in lower case is in no list of any language, has no trace, and tells no language."""
        said = word.encode("utf-8", "surrogatepass")
        if said not in self.scores:
            self.learn([said])
        return not (
            self.masks[said]
            or self.scores[said] != 1 << (_FIELD * len(self.languages))
            or self._listed.may_hold(word)
            or word.endswith(self._listed_ends)
            or word.startswith(self._listed_starts)
        )

    def shift(self, language: str) -> int:
        """By how many bits the traces of a language stand above those of the first."""
        return self._shifts[language]

    def learn(self, words: Iterable[bytes]) -> None:
        """Look at words that were not seen before."""
        for word in words:
            said = word.decode("utf-8", "surrogatepass")
            if word.isdigit():
                self.masks[word] = self._forms.get(said, 0)
                self._tokens[word] = (said,)
                self.scores[word] = 0
                continue
            forms = _forms(said)
            self._tokens[word] = _tokens(said)
            mask = self._mask(said, forms)
            if forms is not None and self._is_disguised(forms, said):
                mask |= self.odd
            self.masks[word] = mask
            self.scores[word] = _score(said, self.languages)

    def _mask(self, said: str, forms: set[str] | None) -> int:
        if forms is None:
            return self.odd
        mask = 0
        for form in forms:
            mask |= self._forms.get(form, 0)
            if len(form) > 4 and not form.isdigit():
                mask |= self._by_part(form)
        stop = _STOP.fullmatch(said)
        return mask | self.stop if stop and stop[1] not in self._abbreviations else mask

    def _by_part(self, form: str) -> int:
        """The traces of a word by its beginning or its end."""
        mask = 0
        for ending, found in self._ends:
            if form.endswith(ending):
                mask |= found
        for beginning, found in self._starts:
            if form.startswith(beginning):
                mask |= found
        for clitic, give in self._clitics:
            if form.endswith(clitic) and self._is_given(form[: -len(clitic)], give):
                mask |= give
        return mask

    def _is_given(self, stem: str, give: int) -> bool:
        return any(self._forms.get(form, 0) & give for form in (stem, stem + "e", stem + "s", stem + "d"))

    def paired(self, words: list[bytes], language: str, found: int = 0) -> int:
        """``found``, and the traces of entries none of whose words is rare: two side by side, the others somewhere."""
        tokens = list(chain.from_iterable(map(self._tokens.__getitem__, words)))
        every: set[str] = set()
        at = 0
        pairs = self._pairs_of(language)
        for seconds in map(pairs.get, tokens):
            at += 1
            if seconds is None or at == len(tokens):
                continue
            if isinstance(seconds, str):
                seconds = pairs[tokens[at - 1]] = _seconds(seconds)
            needed = seconds.get(tokens[at])
            if needed is None:
                continue
            if isinstance(needed, str):
                needed = seconds[tokens[at]] = _needed(needed)
            every = every or set(tokens)
            for kinds, others, awaited in needed:
                if kinds & ~found and others <= every and (not awaited or not awaited.isdisjoint(every)):
                    found |= kinds
        return found

    def _pairs_of(self, language: str) -> dict[str, str | dict[str, str | list[_Needed]]]:
        """By the first of two neighbours and the second, what else stands in the entries that hold them.

        Loaded when first needed; they are very many, and stay as they are kept until texts have them.
        """
        if language not in self._pairs:
            self._pairs[language] = marshal.loads(self._needs.pop(language, _NOTHING))
        return self._pairs[language]

    def _is_disguised(self, forms: set[str], said: str) -> bool:
        """Whether a word may be another one in disguise that matters."""
        if (said.isalpha() and len(said) < disguise.LONG) or said.isdigit():
            return False
        near = disguise.near_any(self.languages)
        found = {word for form in forms for word in near.of(form)}
        if not said.isalpha():
            found |= {disguise.spelling(code).spelt_out(said) for code in self.languages}
        return any(self._forms.get(word, 0) for word in found - forms)

    def tell(self, total: int, among: tuple[str, ...]) -> str:
        """The language of a text by the sum of its words' scores, if that leaves no doubt; else ""."""
        best = second = known = 0
        code = ""
        for language in self.languages:
            field = total & 0xFFFFFFF
            total >>= _FIELD
            weight = field & 0xFFFF
            if among and language not in among:
                continue
            if weight > best:
                best, second, known, code = weight, best, field >> 16, language
            elif weight > second:
                second = weight
        return code if known * 2 >= total and total >= 8 and best * 2 >= second * 3 + 400 else ""

    def ends_sentence(self, word: str) -> bool:
        """Whether a stop behind a word surely ends a sentence in every language."""
        return len(word) > 2 and word.isalpha() and word.lower() not in self._abbreviations


def _forms(said: str) -> set[str] | None:
    """What a word may be once what hides in it is gone, in lower case; None if there is no telling."""
    if said.isascii() and said.isalnum():
        return {said}
    if len(said) > _LONGEST or "\\" in said or not _ORDINARY.fullmatch(said):
        return _of_address(said)
    if "&" in said:
        plain = _unescaped(said)
        if "&" in plain.strip("&") or "&#" in said or not _ORDINARY.fullmatch(plain):
            return None
        said = f"{said} {plain}" if plain.isspace() else plain
    runs: list[str] = _RUN.findall(said)
    if len(runs) > _MOST_RUNS or (len(runs) > 1 and _VANISHING.search(said)):
        return None
    forms = {"".join(runs[first:last]) for first in range(len(runs)) for last in range(first + 1, len(runs) + 1)}
    return forms | {fold(form) for form in forms if not form.isascii()}


def _tokens(said: str) -> tuple[str, ...]:
    """The words in a word, without accents, as the tokeniser cuts it; letters with stops between them are one."""
    runs = _RUN.findall(_unescaped(said))
    if len(runs) > 1 and all(len(run) == 1 for run in runs):
        runs = ["".join(runs)]
    return tuple(map(fold, runs))


def _unescaped(said: str) -> str:
    if "&" not in said:
        return said
    from html import unescape

    return unescape(unescape(said)).lower()


def _of_address(said: str) -> set[str] | None:
    """A long address is words, none of which hides anything."""
    if said.startswith(("http://", "https://", "//", "(http", '"http')) and said.isascii() and "\\" not in said:
        return set(_RUN.findall(said))
    return None


def _score(said: str, languages: tuple[str, ...]) -> int:
    """Weights and counts of a word in every language, in one number: they are added up with one ``sum``."""
    total = 0
    pieces = _LETTERS.findall(said)
    for piece in pieces:
        for code, weight in identify.weights(piece):
            if code in languages:
                total += ((1 << 16) + int(weight * 100)) << (_FIELD * languages.index(code))
    return total + (len(pieces) << (_FIELD * len(languages)))


# -- which words --------------------------------------------------------------------------------------------------


def traces(categories: frozenset[str], languages: tuple[str, ...] = (), wait: bool = True) -> Traces | None:
    """The traces of data of some categories, and of what claims and disclaimers are made of.

    The first time for a grammar takes seconds; without ``wait`` None then.
    """
    codes = tuple(code for code in resources.languages() if not languages or code in languages)
    name = _name(categories, codes)
    compiled = cache.get(name)
    if compiled is None:
        if not wait:
            return None
        compiled = _compile(categories, {code: load(code) for code in codes})
        cache.put(name, compiled)
    return Traces(compiled)


@lru_cache(maxsize=32)
def _name(categories: frozenset[str], codes: tuple[str, ...]) -> str:
    parts = [part for code in codes for part in parts_of(code)]
    return "traces-" + cache.key([_FORMAT, *sorted(categories), *codes, *parts], any_python=True)


def _compile(categories: frozenset[str], packs: dict[str, Pack]) -> dict[str, Any]:
    masks: dict[str, int] = {}
    ends: dict[str, int] = {}
    starts: dict[str, int] = {}
    needs: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    clitics: list[tuple[str, int]] = []
    abbreviations: set[str] = set()
    for number, (code, pack) in enumerate(packs.items()):
        shift = _WIDTH * number
        abbreviations |= pack.abbreviations
        clitics += [(clitic, GIVE << shift) for clitic in pack.lexicon.clitics]
        several: dict[int, list[tuple[list[str], tuple[str, ...]]]] = {}
        common = {form for entry in pack.common for form in entry.strip("=").split("/")}
        for path, awaits, kind in _entries(pack, categories):
            whole = [word for word in path if word[0] not in "*^"]
            if len(whole) < len(path):
                word = next(word for word in path if word[0] in "*^")
                where = ends if word[0] == "*" else starts
                where[word[1:]] = where.get(word[1:], 0) | kind << shift
            elif len(whole) == 1:
                masks[whole[0]] = masks.get(whole[0], 0) | kind << shift
            else:
                several.setdefault(kind, []).append((whole, awaits))
        for kind, entries in several.items():
            for entry, awaits in entries:
                if any(masks.get(word, 0) & kind << shift for word in entry):
                    continue
                at = min(range(len(entry)), key=lambda number: _usual(entry[number], common, code))
                head = entry[at]
                if not kind & _PAIRED:
                    masks[head] = masks.get(head, 0) | kind << shift
                    continue
                masks[head] = masks.get(head, 0) | PAIR << shift
                first = at if at + 1 < len(entry) else at - 1
                one, other = fold(entry[first]), fold(entry[first + 1])
                others = sorted({fold(word) for word in entry} - {one, other})
                awaited = ";" + " ".join(sorted({fold(word) for word in awaits})) if awaits else ""
                known = needs.setdefault(code, {}).setdefault(one, {}).setdefault(other, {})
                rest = " ".join(others) + awaited
                known[rest] = known.get(rest, 0) | kind
    forms: dict[int, list[str]] = {}
    for word, mask in sorted(masks.items()):
        forms.setdefault(mask, []).append(word)
    return {
        "languages": list(packs),
        "forms": {mask: " ".join(words) for mask, words in forms.items()},
        "ends": sorted(ends.items()),
        "starts": sorted(starts.items()),
        "needs": {
            code: cache.packed({first: _written(seconds) for first, seconds in found.items()})
            for code, found in needs.items()
        },
        "clitics": clitics,
        "abbreviations": sorted(abbreviations),
        "numbers": sorted({number for pack in packs.values() for number in pack.numbers.named}),
        **_listed(packs.values()),
    }


def _listed(packs: Iterable[Pack]) -> dict[str, Any]:
    """Every word that any reading in one of the languages may know, and all endings and beginnings."""
    words: set[str] = set()
    ends: set[str] = set()
    starts: set[str] = set()
    for pack in packs:
        ends.update(pack.lexicon.clitics)
        words |= pack.abbreviations | pack.common
        words.update(word for phrases in pack.phrases.values() for phrase in phrases for word in phrase.split())
        weighed = ([*name.partition(":")[2].split()] for name in pack.weights if _OF_WORDS.match(name))
        paths = [
            *((path, meaning.awaits) for path, meaning in pack.lexicon.entries()),
            *((path, ()) for path in weighed),
        ]
        for path, awaits in paths:
            words.update(awaits)
            words.update(neighbours(path))
            for word in path:
                if word.isdigit():
                    continue
                where = ends if word[0] == "*" else starts if word[0] == "^" else words
                where.add(word.strip("*^"))
    return {"listed": Words.packed(words), "listed ends": sorted(ends), "listed starts": sorted(starts)}


def _written(seconds: dict[str, dict[str, int]]) -> str:
    """What follows a word and what it needs besides, in one string: a line for each second word."""
    return "\n".join(
        "\t".join([second, *(f"{kind}:{rest}" for rest, kind in sorted(kinds.items()))])
        for second, kinds in sorted(seconds.items())
    )


def _seconds(written: str) -> dict[str, str | list[_Needed]]:
    """What is needed besides a word and a second one, by the second, each as it is written."""
    return {second: needed for second, _, needed in (line.partition("\t") for line in written.split("\n"))}


def _needed(written: str) -> list[_Needed]:
    found: list[_Needed] = []
    for one in written.split("\t"):
        kind, _, rest = one.partition(":")
        others, _, awaited = rest.partition(";")
        found.append((int(kind), frozenset(others.split()), frozenset(awaited.split())))
    return found


def _usual(word: str, common: set[str], code: str) -> tuple[int, int]:
    """Sorts the words of an entry, the rarest in texts first: those of no list, then longer ones, then common ones."""
    if word in common or len(word) < 3 or word.isdigit():
        return 2, -len(word)
    return int(any(language == code for language, _ in identify.weights(word))), -len(word)


def _entries(pack: Pack, categories: frozenset[str]) -> Iterator[tuple[list[str], tuple[str, ...], int]]:
    """The words of every entry that matters, those that come after its gap, and what it matters for."""
    for kind, phrases in pack.phrases.items():
        bit = _PHRASES.get(kind, 0)
        for phrase in phrases if bit else ():
            words = _RUN.findall(phrase)
            if words:
                yield words, (), bit
    for path, meaning in pack.lexicon.entries():
        if meaning.tag in "DdPQ":
            if meaning.tag != "Q" and not NAMED.isdisjoint(meaning.data):
                yield path, meaning.awaits, NAMES
            for category in meaning.data if meaning.tag != "Q" else ():
                if category in _GROUP_BITS:
                    yield path, meaning.awaits, _GROUP_BITS[category]
            if not categories.isdisjoint(meaning.data):
                yield path, meaning.awaits, ASK
            if meaning.tag != "Q":
                yield path, meaning.awaits, PRIVATE
        elif meaning.tag in _KINDS:
            if meaning.tag == "$":
                yield path, meaning.awaits, NAMES
            yield path, meaning.awaits, _KINDS[meaning.tag]
