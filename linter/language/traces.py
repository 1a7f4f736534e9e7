"""What the words of a text may have to do with: a quick look that tells which texts need no reading.

Each word is looked at once: what it may be in any disguise and any language is remembered, so that a text costs a few
operations on sets. A trace says that a text *may* hold something, never that it does: a text without one can't, since
every entry of a lexicon that matters has a word here that stands in each text that the entry matches. What this module
knows of markup is what can hide or join words; where in doubt it says ODD, and the text is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain
from typing import Any

from .. import resources
from ..expressions import expression
from ..markup import ACCENTED
from . import disguise, identify, passages, tracewords
from .alike import Alike, Words, neighbours
from .numbers import Numbers, numbers_in
from .tokens import fold
from .tracewords import GIVE, WIDTH, Needed, for_categories

_RUN = expression(r"[^\W_]+")
_LETTERS = expression(r"[^\W\d_]+")
_APOSTROPHES = frozenset("'’‘`´")
_STOP = expression(r"([^\W\d_]{3,})[.?!]{1,4}[\"')»”]?")
_ORDINARY = expression(
    f"[ -~\xa0-\xbf×÷{ACCENTED}\u1e00-\u1eff–—‘’“”„…•·€→←✓\u200b-\u200f\ufe0e\ufe0f\u2060\ufeff\u2600-\u27bf"
    "\U0001f000-\U0001faff]*"
)
_LOST = expression(r"^[^/=&?]*[^\W\d_]\?{1,2}[^\W\d_]")
"""A question mark in the place of a letter; in an address it stands before names of values."""
_VANISHING = expression(
    "[^\\W_][*_~`\xad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]+[^\\W_]"
)  # marks that join what they part
_RAISED = {ord(digit): None for digit in "¹²³"}  # of notes behind words
_MOST_RUNS = 10
_LONGEST = 80
_MOST_WORDS = 200_000
_APART = ""  # a word that is none: what stands on both sides of a placeholder is not side by side
_HOLE = b"\x01"  # stands for a placeholder
_FIELD = 28  # bits of a language in a score: words known above, weight below
_MOST_SCORED = 300  # words whose scores can be added up before a field is full
_STRANGE_TO_ALL = -1  # every bit is set: where there is no telling


class Traces:
    """What words may have to do with, for some categories of data."""

    def __init__(self, compiled: dict[str, dict[str, Any]], categories: frozenset[str]) -> None:
        """``compiled``: by language what ``tracewords`` has made of it."""
        self.languages: tuple[str, ...] = tuple(compiled)
        self.told: tuple[str, ...] = tuple(resources.languages())
        """The languages that scores tell apart: all, also those in which nothing is looked for."""
        self._shifts = {code: WIDTH * number for number, code in enumerate(self.languages)}
        self.odd = 1 << (WIDTH * len(self.languages))
        self.stop = self.odd << 1
        self.label = self.odd << 2
        self.digits = self.odd << 3
        self.masks: dict[bytes, int] = {_HOLE: 0}
        self.scores: dict[bytes, int] = {_HOLE: 0}
        self._forms: dict[str, int] = {}
        self._ends: list[tuple[str, int]] = []
        self._starts: list[tuple[str, int]] = []
        self._clitics: list[tuple[str, int]] = []
        self._reduced = {code: for_categories(categories, of["categories"]) for code, of in compiled.items()}
        for code, of in compiled.items():
            self._take(of, self._reduced[code], self._shifts[code])
        self._pairs: dict[str, dict[str, bytes | dict[str, str | list[Needed]]]] = {}
        everything = compiled.values()
        self._abbreviations = frozenset(chain.from_iterable(of["abbreviations"] for of in everything))
        self._named = list(chain.from_iterable(of["numbers"] for of in everything))
        self._pictures = frozenset(chain.from_iterable(of["pictures"] for of in everything))
        self._listed = Words([of["listed"] for of in everything])
        self._listed_ends = tuple(sorted(set(chain.from_iterable(of["listed ends"] for of in everything))))
        self._listed_starts = tuple(sorted(set(chain.from_iterable(of["listed starts"] for of in everything))))
        self._tokens: dict[bytes, tuple[str, ...]] = {_HOLE: (_APART,)}

    def _take(self, of: dict[str, Any], reduced: Callable[[int], int], shift: int) -> None:
        """Take in the words of a language."""
        forms = self._forms
        for kinds, words in of["forms"].items():
            mask = reduced(kinds) << shift
            for word in words.split() if mask else ():
                forms[word] = forms.get(word, 0) | mask
        self._ends += [(ending, reduced(kinds) << shift) for ending, kinds in of["ends"] if reduced(kinds)]
        self._starts += [(beginning, reduced(kinds) << shift) for beginning, kinds in of["starts"] if reduced(kinds)]
        self._clitics += [(clitic, GIVE << shift) for clitic in of["clitics"]]

    @property
    def is_full(self) -> bool:
        """Whether very many words have been learnt: numbers and names never end."""
        return len(self.scores) > _MOST_WORDS

    def forget(self) -> None:
        """Drop what was learnt when it has grown large."""
        if self.is_full:
            self.masks = {_HOLE: 0}
            self.scores = {_HOLE: 0}
            self._tokens = {_HOLE: (_APART,)}

    def add(self, words: list[str], mask: int) -> None:
        """Let the last word of an entry ("*" before an ending, "^" before a beginning) have more traces.

        Before any look.
        """
        word = words[-1]
        self._named += numbers_in(" ".join(words))
        self._listed.add([*(part.strip("*^") for part in words), *neighbours(words)])
        if word[0] == "*":
            self._ends.append((word[1:], mask))
        elif word[0] == "^":
            self._starts.append((word[1:], mask))
        else:
            for form in {word, fold(word)}:
                self._forms[form] = self._forms.get(form, 0) | mask

    @cached_property
    def _any_end(self) -> tuple[str, ...]:
        """All ends of words that have traces, to tell most words at once."""
        return tuple({ending for ending, _ in self._ends})

    @cached_property
    def _any_start(self) -> tuple[str, ...]:
        return tuple({beginning for beginning, _ in self._starts})

    @cached_property
    def _any_clitic(self) -> tuple[str, ...]:
        return tuple({clitic for clitic, _ in self._clitics})

    @cached_property
    def alike(self) -> Alike:
        """Makes texts alike that differ in nothing that matters to any look or reading."""
        return Alike(Numbers(self._named), self._listed, self._is_unknown)

    def _is_unknown(self, word: str) -> bool:
        """Whether a word in lower case is in no list of any language, has no trace, and tells no language."""
        said = word.encode("utf-8", "surrogatepass")
        if said not in self.scores:
            self.learn([said])
        return not (
            self.masks[said]
            or self.scores[said] != 1 << (_FIELD * len(self.told))
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
            if forms is not None and (self._is_disguised(forms, said) or not self._pictures.isdisjoint(said)):
                mask |= self.odd
            self.masks[word] = mask
            self.scores[word] = _score(said, self.told)

    def _mask(self, said: str, forms: set[str] | None) -> int:
        if forms is None:
            return self.odd
        mask = 0
        for form in forms:
            mask |= self._forms.get(form, 0) | self._as_part(form)
            if len(form) > 4 and not form.isdigit():
                mask |= self._by_part(form)
        stop = _STOP.fullmatch(said)
        return mask | self.stop if stop and stop[1] not in self._abbreviations else mask

    def _as_part(self, form: str) -> int:
        """The traces of a word that is known in one language, and in others may be half of a word for data."""
        if len(form) < disguise.HALF or not form.isalpha() or not identify.weights(form):
            return 0
        if form not in disguise.parts_of_any(self.languages):
            return 0
        mask = 0
        for code in self.languages:
            if disguise.spelling(code).is_unlisted_part(form):
                mask |= (tracewords.ALL & ~tracewords.PAIR) << self._shifts[code]
        return mask

    def _by_part(self, form: str) -> int:
        """The traces of a word by its beginning or its end."""
        mask = 0
        if form.endswith(self._any_end):
            for ending, found in self._ends:
                if form.endswith(ending):
                    mask |= found
        if form.startswith(self._any_start):
            for beginning, found in self._starts:
                if form.startswith(beginning):
                    mask |= found
        if form.endswith(self._any_clitic):
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
        pairs = self._pairs_of(language)
        for one, seconds, second in zip(tokens, map(pairs.get, tokens), tokens[1:], strict=False):
            if seconds is None:
                continue
            if isinstance(seconds, bytes):
                seconds = pairs[one] = dict(tracewords.seconds(seconds))
            needed = seconds.get(second)
            if needed is None:
                continue
            if isinstance(needed, str):
                needed = seconds[second] = tracewords.needed(needed, self._reduced[language])
            every = every or set(tokens)
            for kinds, others, awaited in needed:
                if kinds & ~found and others <= every and (not awaited or not awaited.isdisjoint(every)):
                    found |= kinds
        return found

    def _pairs_of(self, language: str) -> dict[str, bytes | dict[str, str | list[Needed]]]:
        """By the first of two neighbours and the second, what else stands in the entries that hold them.

        Loaded when first needed; they are very many, and stay compressed until texts have them.
        """
        if language not in self._pairs:
            self._pairs[language] = dict(tracewords.pairs(language))
        return self._pairs[language]

    def _is_disguised(self, forms: set[str], said: str) -> bool:
        """Whether a word may be another one in disguise that matters."""
        if said.isdigit():
            return False
        unknown = [form for form in forms if not identify.weights(form)]
        parts = disguise.parts_of_any(self.languages)
        if any(form in parts for form in unknown if form.isalpha()):
            return True
        if any(self._forms.get(other, 0) for form in unknown for other in disguise.alike(form)):
            return True
        if said.isalpha() and len(said) < disguise.LONG - 1:
            return False
        near = disguise.near_any(self.languages)
        found = {word for form in forms for word in near.of(form)}
        if not said.isalpha():
            written = {said, *disguise.stretches(said)}
            spellings = [disguise.spelling(code) for code in self.languages]
            found |= {piece.word for one in spellings for each in written for piece in one.spelt_out(each)}
        if any(self._forms.get(word, 0) for word in found - forms):
            return True
        return any(disguise.means_any(form, self.languages) for form in unknown)

    def is_one(self, before: str, after: str) -> bool:
        """Whether a word for data may be made of two parts with a mark between them."""
        parts = fold(before.lower()), fold(after.lower())
        return any(disguise.spelling(code).whole(*parts) for code in self.languages)

    def tell(self, total: int, among: tuple[str, ...]) -> str:
        """The language of a text by the sum of its words' scores, if that leaves no doubt; else ""."""
        if total >> (_FIELD * len(self.told)) > _MOST_SCORED:
            return ""
        best = second = known = 0
        code = ""
        for language in self.told:
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

    def may_be_other(self, total: int, among: tuple[str, ...]) -> bool:
        """Whether a text may be in a language that is none of these, by the sum of its words' scores."""
        count = total >> (_FIELD * len(self.told))
        if count > _MOST_SCORED:
            return True
        inside = outside = 0
        for number, language in enumerate(self.told):
            weight = total >> (_FIELD * number) & 0xFFFF
            if language in among:
                inside = max(inside, weight)
            else:
                outside = max(outside, weight)
        return outside > 0 and inside <= outside + count  # each word's weight was rounded down

    def strange(self, total: int) -> int:
        """To which languages a sentence is strange, as it may be in another one, by the sum of its words' scores.

        A bit a language, in the order of ``told``. It may say so where ``passages`` does not, never the other way.
        """
        count = total >> (_FIELD * len(self.told))
        if count > _MOST_SCORED:
            return _STRANGE_TO_ALL
        fields = [total >> (_FIELD * number) & 0xFFFFFFF for number in range(len(self.told))]
        known = [field & 0xFFFF for field in fields if field >> 16 >= passages.DISTINCT]
        if not known:
            return 0
        most = max(known) + count  # each word's weight was rounded down
        return sum(1 << at for at, field in enumerate(fields) if most >= passages.CLEARLY * (field & 0xFFFF))

    def ends_sentence(self, word: str) -> bool:
        """Whether a stop behind a word surely ends a sentence in every language."""
        return len(word) > 2 and word.isalpha() and word.lower() not in self._abbreviations


def _forms(said: str) -> set[str] | None:
    """What a word may be once what hides in it is gone, in lower case; None if there is no telling."""
    if said.isascii() and said.isalnum():
        return {said}
    if len(said) > _LONGEST or "\\" in said or not _ORDINARY.fullmatch(said) or _LOST.search(said):
        return _of_address(said)
    if "&" in said:
        plain = _unescaped(said)
        if "&" in plain.strip("&") or "&#" in said or not _ORDINARY.fullmatch(plain):
            return None
        said = f"{said} {plain}" if plain.isspace() else plain
    runs: list[str] = _RUN.findall(said.translate(_RAISED))
    if len(runs) > _MOST_RUNS or (len(runs) > 1 and _VANISHING.search(said)):
        return None
    forms = {"".join(runs[first:last]) for first in range(len(runs)) for last in range(first + 1, len(runs) + 1)}
    return forms | {fold(form) for form in forms if not form.isascii()}


def _tokens(said: str) -> tuple[str, ...]:
    """The words in a word, without accents, as the tokeniser cuts it; letters with stops between them are one, while
    those with an apostrophe ("c'è") are two.
    """
    plain = _unescaped(said)
    runs = _RUN.findall(plain)
    if len(runs) > 1 and all(len(run) == 1 for run in runs) and _APOSTROPHES.isdisjoint(plain):
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


def traces(categories: frozenset[str], languages: tuple[str, ...] = (), wait: bool = True) -> Traces | None:
    """The traces of data of some categories, and of what claims and disclaimers are made of.

    The first time for a grammar takes seconds; without ``wait`` None then.
    """
    codes = tuple(code for code in resources.languages() if not languages or code in languages)
    compiled = {code: tracewords.of(code, wait) for code in codes}
    if any(of is None for of in compiled.values()):
        return None
    return Traces({code: of for code, of in compiled.items() if of is not None}, categories)
