"""Words for data that are disguised by how they are spelt: "p@ssw0rd", "i b a n", "wacht.woord", "wachtwoort".

Only a text that otherwise looks like asking is looked at, only words of no list are taken for other words, and only
for those that name data. Characters that look like others are the business of ``markup``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise, product
from operator import add
from typing import Any

from .. import cache
from ..expressions import expression
from . import identify
from .alike import Words
from .apart import Piece, in_groups, put_together, segmented
from .lexicon import DATA, Meaning, Unit
from .pack import Pack, load, print_of
from .tokens import PLACEHOLDER, Token, fold
from .trie import words_in

LONG = 7  # letters of a word that may be misspelt
_LONGEST = 30
_STRONG = frozenset("GANWr=")
_COMMANDING = ("", "p", "&", ",", "^", "l", "R")
"""What stands before a command: its beginning, "please", "and"."""
_LEET = str.maketrans(
    {
        "0": "o",
        "1": "i",
        "3": "e",
        "4": "a",
        "5": "s",
        "6": "b",
        "7": "t",
        "8": "b",
        "9": "g",
        "@": "a",
        "$": "s",
        "§": "s",
        "¢": "c",
        "!": "i",
        "€": "e",
        "|": "l",
    }
)  # fmt: skip
_ONE = expression(r"[1!|]")
_MOST_ONES = 3
_MOST_ALIKE = 5
_OTHER_ONES = ("i", "l")
"""What a one or a stroke may be, each by itself: "soc1a1"."""
_ALIKE = expression(r"I(?:(?<=[a-zß-öø-ÿ]I)|(?<=[a-zß-öø-ÿ]II))|l(?:(?<=[A-Z]l)(?![a-zß-öø-ÿ])|(?<![^\W_]l)(?=[A-Z]))")
"""A capital I within small letters and a small l within capitals, which look like one another: "emaiI", "PlN". Each
begins with the letter itself, which is found at C speed.
"""
_OF_STROKES = {
    "\\/\\/": "w", "|\\/|": "m", "|\\|": "n", "\\/": "v", "/\\": "a", "|3": "b", "|>": "p", "|)": "d", "|-|": "h",
    "|<": "k", "|_|": "u", "()": "o", "//": "w",
}  # fmt: skip
"""Letters that are drawn of several signs; what a backslash escapes has lost it."""
_STROKES = expression("|".join(map(re.escape, _OF_STROKES)))
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
# The cheap look: a mark, an emoji or a digit beside a letter, letters by themselves.
_ODD = expression(
    r"[^\w\s,;:/'’?\"“”„()«»]\w|[_\d][^\W\d_]|[^\W\d_][_\d]|[\s_][^\W_][\s_][^\W_][\s_]|\w [^\w\s] \w"
    r"|[,;:/'’][^\W\d_][,;:/'’][^\W\d_][,;:/'’]|[\s_]{2}[^\W\d_][\s_]{2}[^\W\d_][\s_]{2}|\)\([^\W\d_]\)\("
)
_ODD_AT = (
    "!a", "!0", "!_", "_", "0a", "a0", " a a ", " a 0 ", " 0 a ", " 0 0 ", " ! ", " , ", ",a,a,", "  a  a  ", ",,a,,",
)  # fmt: skip
"""What there is in each text in which _ODD finds something, its characters by kind: see ``_kind``."""
_CUTS = ("/", "'", "’", '"', ",", ";", "?", "()", "“”", "«»", "***", "•••", "●●●")
_CUT = expression(r"[A-Z][/'’\",;?]{1,2}[A-Z]|[A-Z][(“«][)”»][A-Z]|[^\W\d_][*•●]{3}|[^\W\d_](?://|\\/|/\\)\S")
"""A mark within a word in capitals, so many at its end that they stand for letters, strokes that draw one; usual marks,
so rarer ones."""
# Each begins where a word does, and none goes on without end: a word of thousands of letters must not be looked through
# from each of them.
_SPLIT = expression(
    r"(?<![^\W_])(?:"
    rf"[^\W_]{{1,40}}(?: ?[{_EMOJI}] ?[^\W_]{{1,40}})+(?![^\W_])"
    r"|[^\W_](?:[\W_]{1,3}[^\W_]){2,99}(?![^\W_])"
    r"|[A-Z]{1,5}(?:[^\w\s]|_){1,3}[A-Z]{1,5}(?![^\W_])"
    r"|[^\W\d_]{2,30}[*•●]{3,20}(?![^\W_])"
    r"|[^\W_][^\s,;:/'’]{0,60}(?:[^\w\s,;:/'’]|_)[^\s,;:/'’]{0,60}[^\W_](?:[€@$](?![^\W_]))?"
    r"|[^\W_][^\s,;:'’]{0,40}(?:\\/|/\\|//)[^\s,;:'’]{0,40}[^\W_]"
    r"|[@$€¢§|!][^\s,;:/'’.?]{0,40}[^\W_]"
    r"|[^\W_][^\s,;:/'’.?]{0,40}[€@$](?![^\W_])"
    r"|(?=[^\W\d_]{0,60}\d)(?=\d{0,60}[^\W\d_])[^\W_]+"
    rf"|(?=[^\W_]{{0,40}}?(?:{_ALIKE.pattern}))[^\W_]+"
    r")"
)
PIECES = expression(rf"[^\W_] ?[{_EMOJI}] ?[^\W_]")
"""A word with an emoji in it, perhaps."""
_COMPOUNDS = frozenset({"de", "nl"})  # languages in which a datum is one word
_NO_LETTER = expression(r"[\W\d_]+")
_ORDINARY = expression(r"['’/]")
_LETTERS_APART = expression(r"[^\W_](?:[\W_]{1,3}[^\W_])+")
_MANY_APART = expression(r"(?<![^\W_])(?:[^\W_][\W_]{1,3}){10}[^\W_](?![^\W_])")
_MIXED = expression(
    r"(?<![^\W_])[^\W\d_]+[\d@$€!][\d@$€!]*[^\W\d_][^\s,;:/]*|(?<![^\W_])(?<![@$€!])[\d@$€!]+[^\W\d_][^\s,;:/]*"
)
_SOME = 3  # words with digits or signs for letters
_VOWELS = frozenset("aeiouy")
_STRETCHED = expression(r"(\w)\1{2,}")
_DOUBLED = expression(r"(\w)\1+")
_DRAWN = (("rn", "m"), ("vv", "w"), ("cl", "d"))
"""Two letters that look like another one."""
_OTHERWISE = expression(rf"{'|'.join(two for two, _ in _DRAWN)}|{_DOUBLED.pattern}")
"""What a word has that is written otherwise than it looks, or with a letter doubled or drawn out."""
_SLASHED = expression(r"(?<![^\W_/])[^\W\d_](?:/[^\W\d_]){1,3}(?![^\W_/])")
_NOT_TEXT = expression(rf"[*|~^=#<>{_EMOJI}]")
_BETWEEN = expression(r"[\W_]+")
_CUT_IN_TWO = expression(r"[A-Z]+(?:[^\w\s]|_)+[A-Z]+")
_CENSORED = expression(r"(?=.*[*•●#])[^\W\d_][^\W\d_*•●#_.-]*(?:[*•●#_.-]+[^\W\d_]*)+")
_ODDLY_CUT = expression(r"[^\W\d_]+(?:[-_^`~|*…–—]|\.{2,3})[^\W\d_]+")
"""A word with one mark in it that stands in no word, or a hyphen."""
_SHORTEST = 3  # letters of a word in capitals that is cut in two
_CONSONANTS = 5  # of a word without its vowels that may be known again
_MOST_SPELT = 20_000  # stretches that are remembered
_MOST_NEAR = 100_000  # words
_PICTURE = "+"
_WANT_WORD = frozenset("r_G#K")
"""Behind "your", an article, a verb of giving, "number" and "photo" a word is wanted."""
_BESIDE = 6  # tokens before and after a misspelt word that may be of its term
HALF = 4
"""Letters of the longer part of a word in two, at least."""
_PART = 3  # letters of a part that is a word itself
_PARTED = expression(r"[ \xa0\t]{1,2}|[^\w\s.]{1,3}|\.{2,3}|[\"'] ?\+ ?[\"']")
"""What may stand between the parts of a word in two."""
_FORMAT = "8"
_RATHER_LONG = 8  # letters of a word of _OFTEN that may be misspelt
_NOT_SHORT = 5  # letters of a word of _OFTEN that may be disguised at all
# What is worth a disguise, in all its words.
_WORTH = frozenset(
    {
        "bank-account", "payment-card", "card-security-code", "password", "pin", "one-time-code", "security-answer",
        "access-secret", "national-id", "identity-document", "identity-document-copy", "date-of-birth",
    }
)  # fmt: skip
# What people speak of often, and in words that are like many others: only what is a datum in one word, not a short one.
_OFTEN = frozenset(
    {
        "biometric", "health", "special-category", "financial-situation", "signature", "email", "phone", "home-address",
        "location",
    }
)  # fmt: skip


def _kind(code: int) -> int:
    """A letter, a digit, a blank, a usual mark or another one, for a character of Western writing by its byte."""
    character = bytes([code]).decode("cp1252", "replace")
    if character.isspace() or character == "_":
        return ord("_" if character == "_" else " ")
    if re.match(r"\w", character):
        return ord("0" if re.match(r"\d", character) else "a")
    return ord("," if character in ",;:/'’?\"“”„()«»" else "!")


_KINDS = bytes(map(_kind, range(256)))
_ODD_BYTES = tuple(kinds.encode() for kinds in _ODD_AT)


def _is_odd(text: str) -> bool:
    """Whether _ODD or _CUT finds something; most texts are told by a look at their kinds of characters."""
    kinds = text.replace(PLACEHOLDER, "•").encode("cp1252", "backslashreplace").translate(_KINDS)
    if any(at in kinds for at in _ODD_BYTES) and _ODD.search(text) is not None:
        return True
    if _ALIKE.search(text) is not None:
        return True
    return any(mark in text for mark in _CUTS) and _CUT.search(text) is not None


class Near:
    """Finds the long words that a word is one edit away from, or that it is without some of its vowels ("psswrd").

    One edit leaves the first three letters or the last four of a long word as they are.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_part: dict[tuple[str, int], list[str]] = {}
        self._by_consonants: dict[str, list[str]] = {}
        self._found = lru_cache(_MOST_NEAR)(self._look)
        for word in words:
            for part in (word[:3], word[-4:]):
                self._by_part.setdefault((part, len(word)), []).append(word)
            if len(consonants := _consonants(word)) >= _CONSONANTS:
                self._by_consonants.setdefault(consonants, []).append(word)

    def of(self, word: str) -> tuple[str, ...]:
        """The words, none for one that is known in a language."""
        count = len(word)
        if not LONG - 1 <= count <= _LONGEST or not word.isalpha():
            return ()
        return self._found(word)

    def _look(self, said: str) -> tuple[str, ...]:
        return () if identify.weights(said) else tuple(self._beside(fold(said)))

    def _beside(self, word: str) -> Iterator[str]:
        count = len(word)
        for part in (word[:3], word[-4:]):
            for length in (count - 1, count, count + 1):
                for candidate in self._by_part.get((part, length), ()):
                    if _one_edit(word, candidate):
                        yield candidate
        for candidate in self._by_consonants.get(_consonants(word), ()):
            if len(candidate) > count + 1 and word[0] + word[-1] == candidate[0] + candidate[-1]:
                left = iter(candidate)
                if all(letter in left for letter in word):
                    yield candidate


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


class Parts:
    """The beginnings and ends of words, of ``HALF`` letters and more."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forwards = sorted(set(words))
        self._backwards = sorted(word[::-1] for word in self._forwards)

    def __contains__(self, part: str) -> bool:
        if len(part) < HALF:
            return False
        return _begins(self._forwards, part) or _begins(self._backwards, part[::-1])


def _begins(ordered: list[str], part: str) -> bool:
    """Whether one of some words in order begins with a part."""
    at = bisect_left(ordered, part)
    return at < len(ordered) and ordered[at].startswith(part)


class Spelling:
    """Words that name data in a language, and which of them may be misspelt (``long``).

    ``worth`` and ``often``: those of data in _WORTH and _OFTEN. ``glued`` are terms of several words, written as one,
    packed as ``Words`` are.
    """

    def __init__(self, code: str, worth: str, often: str, long: str, glued: bytes) -> None:
        self.words = frozenset((*worth.split(), *often.split()))
        self._of_listed = self.words if code in _COMPOUNDS else frozenset(worth.split())
        """Words that two words of the lists may stand for: "firma dos" is no "firmados"."""
        self.long = long.split()
        self.in_two = frozenset(self.long).union(word for word in self.words if len(word) >= LONG)
        """Words that may be written in two."""
        self.glued = glued
        self._glued = Words([glued])
        self._code = code
        self._near: Near | None = None
        self._parts: Parts | None = None
        self._by_length: dict[int, list[str]] = {}
        self._by_single: dict[str, list[str]] = {}
        self.spelt_out = lru_cache(_MOST_SPELT)(self._spell)
        """The words that a stretch is once its letters are put together, () if it makes none that matter."""
        self.meant = lru_cache(_MOST_SPELT)(self._mean)
        """The words for data that a word of no list stands for, written as one or otherwise than it looks; else ()."""

    def whole(self, one: str, other: str) -> str:
        """The word for data that two words beside each other make ("pass port", "passw ord"), "" if none."""
        word = one + other
        if word not in self.in_two:
            return ""
        if not (self._is_listed(one) and self._is_listed(other)):
            return word
        return word if word in self._of_listed and min(len(one), len(other)) >= _PART else ""

    def halves(self) -> Iterator[tuple[str, str]]:
        """The two words of its lists that each word for data is made of, in each way."""
        for word in sorted(self._of_listed):
            for at in range(_PART, len(word) - _PART + 1) if len(word) >= LONG else ():
                if self._is_listed(word[:at]) and self._is_listed(word[at:]):
                    yield word[:at], word[at:]

    def is_unlisted_part(self, word: str) -> bool:
        """Whether a word for data begins or ends with a word that is in no list of the language."""
        if self._parts is None:
            self._parts = Parts(self.in_two)
        return word in self._parts and not self._is_listed(word)

    def near(self, word: str) -> tuple[str, ...]:
        """The words for data that a word of no list is one edit away from."""
        if self._near is None:
            self._near = Near(self.long)
        found = self._near.of(word)
        return () if found and self._is_listed(word) else found

    def _is_listed(self, word: str) -> bool:
        return fold(word) in _listed(self._code)

    def _spell(self, said: str) -> tuple[Piece, ...]:
        plain = fold(said.lower())
        word = _NO_LETTER.sub("", plain)
        whole = len(word) >= LONG and not _ORDINARY.search(plain)
        apart = _LETTERS_APART.fullmatch(said) is not None
        if word in self.words and (whole or apart or _NOT_TEXT.search(plain)):
            return (Piece(word, 0, len(said)),)
        if _CUT_IN_TWO.fullmatch(said) and len(word) >= _SHORTEST and word in self.words:
            return (Piece(word, 0, len(said)),)
        if hidden := self._censored(plain):
            return (Piece(hidden, 0, len(said)),)
        if (PIECES.search(said) or _ODDLY_CUT.fullmatch(said)) and self._is_parted(plain, word):
            return (Piece(word, 0, len(said)),)
        found = (put_together(said, _listed(self._code)) or self._short_apart(said)) if apart else ()
        spelt = self._in_letters(fold(_ALIKE.sub("1", said).lower()), word)
        return found or ((Piece(spelt, 0, len(said)),) if spelt else ())

    def _short_apart(self, said: str) -> tuple[Piece, ...]:
        """The words of letters apart where one is a short one for data, and the others are in a list: "p_i_n e"."""
        pieces = in_groups(said)
        of_data = any(piece.word in self.words for piece in pieces)
        return pieces if of_data and all(self._is_listed(piece.word) for piece in pieces) else ()

    def _censored(self, plain: str) -> str:
        """The long word for data some of whose letters have a mark in their place ("pa**w*rd"), "" if none."""
        if len(plain) < LONG or 2 * sum(map(str.isalpha, plain)) < len(plain) or not _CENSORED.fullmatch(plain):
            return ""
        if not self._by_length:
            for word in sorted(self.in_two):
                self._by_length.setdefault(len(word), []).append(word)
        for word in self._by_length.get(len(plain), ()):
            if all(one == other or not one.isalpha() for one, other in zip(plain, word, strict=True)):
                return word
        return ""

    def _is_parted(self, plain: str, word: str) -> bool:
        """Whether a word of the lists is only one without what stands in it: "secu 🔒 rity", "credit ca_rd"."""
        parts = _NO_LETTER.split(plain)
        whole = 1 if any(mark in plain for mark in "-–—") else _PART  # letters without which a part is no word
        if len(word) < HALF or not self._is_listed(word):
            return False
        return min(map(len, parts)) < whole or not all(map(self._is_listed, parts))

    def short(self, said: str) -> str:
        """The short word between others that is written in digits or signs as they are: "m07 d3 p4553"; "" if none."""
        form = _BETWEEN.sub("", fold(said.lower()).translate(_LEET))
        return form if len(form) > 1 and form.isalpha() and self._is_listed(form) else ""

    def _in_letters(self, plain: str, word: str) -> str:
        """The word that a stretch is once its digits and signs are letters, "" if none."""
        if not any(character.isalpha() for character in plain):
            return ""
        within = plain[0].isalpha() and plain[-1].isalpha()  # "m0t", not "1st"
        for form in _of_letters(plain, word):
            if form == word or not form.isalpha():
                continue
            if (len(form) > 2 and form in self.words) or (len(form) > 3 - within and self._is_listed(form)):
                return form
        return ""

    def _mean(self, said: str) -> tuple[str, ...]:
        word = fold(said)
        if not LONG <= len(word) <= _LONGEST or not word.isalpha() or self._is_listed(word) or identify.weights(said):
            return ()
        forms = {form for two, one in _DRAWN for form in _drawn(word, two, one)}
        forms |= {_STRETCHED.sub(letters, word) for letters in (r"\1", r"\1\1")}
        forms |= self._with_fewer(word)
        of_data = sorted(form for form in forms - {word} if form in self.words or form in self.in_two)
        return tuple(of_data[:1]) or self._parted(word)

    def _with_fewer(self, word: str) -> set[str]:
        """The words for data that a word is but for letters that are doubled: "seccurrity"."""
        if _DOUBLED.search(word) is None:
            return set()
        if not self._by_single:
            for known in sorted(self.in_two):
                self._by_single.setdefault(_DOUBLED.sub(r"\1", known), []).append(known)
        return {known for known in self._by_single.get(_DOUBLED.sub(r"\1", word), ()) if len(known) < len(word)}

    def _parted(self, word: str) -> tuple[str, ...]:
        """The words of a term that is written as one; () if it is none."""
        if word not in self._glued:
            return ()
        cuts = segmented(word, _listed(self._code))
        parts = [word[start:end] for start, end in cuts]
        tokens = [Token(part, start, end, "x") for part, (start, end) in zip(parts, cuts, strict=True)]
        units = load(self._code).lexicon.tag(tokens) if len(parts) > 1 else []
        is_term = len(units) == 1 and units[0].tag in "dDP" and not _WORTH.isdisjoint(units[0].data)
        return tuple(parts) if is_term else ()


def _of_letters(plain: str, word: str) -> Iterator[str]:
    """What a stretch may say once its digits and signs are letters, the likeliest first; nothing for the mere word."""
    spelt = _BETWEEN.sub("", plain.translate(_LEET))
    has_strokes = _STROKES.search(plain) is not None
    ones = len(_ONE.findall(plain))
    if spelt == word and not (has_strokes or ones):
        return
    yield spelt
    for letters in product(_OTHER_ONES, repeat=ones) if 0 < ones <= _MOST_ONES else ():
        left = iter(letters)
        yield _BETWEEN.sub("", _ONE.sub(lambda _, left=left: next(left), plain).translate(_LEET))  # type: ignore[misc]
    if has_strokes:
        spelt = _STROKES.sub(lambda sign: _OF_STROKES[sign[0]], plain)
        yield _BETWEEN.sub("", spelt.translate(_LEET))
    if spelt == _BETWEEN.sub("", plain):
        return  # in letters already: Portuguese "dar-nos" is no "damos"
    for two, one in _DRAWN:
        if two in spelt:
            yield spelt.replace(two, one)


def _drawn(word: str, two: str, one: str) -> Iterator[str]:
    """The word with two letters as the one that they look like, everywhere or at one place."""
    parts = word.split(two)
    yield one.join(parts)
    for at in range(1, len(parts)):
        yield two.join(parts[:at]) + one + two.join(parts[at:])
        yield one.join(parts[:at]) + two + one.join(parts[at:])


def _one_edit(one: str, other: str) -> bool:
    """Whether a letter too many, too few, another one or two swapped make the difference (no difference: no).

    Not at the first letter, which nobody misspells, and not at the last, where words are inflected; but a word may
    have lost either, and ends in no vowel then ("conducto" is no "conductor"). Without an "e" it is inflected.
    """
    if one + "e" == other:
        return False
    if one in (other[1:], other[:-1]):
        return one[-1] not in _VOWELS or one[-1] == other[-1]
    if abs(len(one) - len(other)) > 1 or one == other or one[0] != other[0] or one[-1] != other[-1]:
        return False
    at = 0
    shorter = min(len(one), len(other))
    while at < shorter and one[at] == other[at]:
        at += 1
    if len(one) == len(other):
        if one[at + 1 :] == other[at + 1 :]:
            return True
        return one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at:] if len(one) > len(other) else one[at:] == other[at + 1 :]


@lru_cache(maxsize=16)
def spelling(code: str) -> Spelling:
    """What is needed to see through spellings in a language: made once, then read from the cache."""
    return Spelling(code, *_kept(code, "spelling"))


@lru_cache(maxsize=16)
def _listed(code: str) -> Words:
    """The words of all lists of a language."""
    return Words(_kept(code, "listed"))


def _kept(code: str, which: str) -> tuple[Any, ...]:
    key = cache.key([_FORMAT, print_of(code)], any_python=True)
    names = {kind: f"{kind}-{code}-{key}" for kind in ("spelling", "listed")}
    found = cache.get(names[which])
    if found is None:
        *spelt, listed = _compile(load(code))
        made = {"spelling": tuple(spelt), "listed": (listed,)}
        for kind, name in names.items():
            cache.put(name, made[kind])
        found = made[which]
    return found  # type: ignore[no-any-return]


@lru_cache(maxsize=4)
def near_any(codes: tuple[str, ...]) -> Near:
    """The long words for data of several languages."""
    return Near(sorted({word for code in codes for word in spelling(code).long}))


@lru_cache(maxsize=4)
def parts_of_any(codes: tuple[str, ...]) -> Parts:
    """The beginnings and ends of the words for data of several languages."""
    return Parts({word for code in codes for word in spelling(code).in_two})


def means_any(word: str, codes: tuple[str, ...]) -> bool:
    """Whether a word of no list stands for words for data in one of several languages."""
    plain = fold(word)
    if not LONG <= len(plain) <= _LONGEST:
        return False
    if _OTHERWISE.search(plain) is None and plain not in _glued(codes):
        return False
    return any(spelling(code).meant(word) for code in codes)


@lru_cache(maxsize=4)
def _glued(codes: tuple[str, ...]) -> Words:
    """The terms of several words that are written as one, of several languages."""
    return Words([spelling(code).glued for code in codes])


def _compile(pack: Pack) -> tuple[str, str, str, bytes, bytes]:
    said = words_in(pack.lexicon.root)
    listed = {fold(word) for word in chain(pack.common, pack.near_misses, (word for word in said if word.isalpha()))}
    of_worth = alone = pack.lexicon.alone(_is_sure)
    if pack.code in _COMPOUNDS:  # there data have one word, which is an entry
        glued: set[str] = set()
    else:
        terms = (path for path, _ in pack.lexicon.entries(_is_worth, with_parts=False, most=_LONGEST))
        glued = {"".join(map(fold, path)) for path in terms if len(path) > 1 and all(map(str.isalpha, path))}
        of_worth = pack.lexicon.words(_is_sure)
    exact = {fold(word) for word in alone if word.isalpha()}
    plain = {fold(word) for word in (word.removeprefix("*") for word in of_worth) if word.isalpha()}
    long = {word for word in plain if len(word) >= LONG}
    often = {fold(word) for word in pack.lexicon.alone(_is_often) if word.isalpha() and len(word) >= _NOT_SHORT}
    long |= {word for word in often if len(word) >= _RATHER_LONG}
    worth, rest, misspelt = (" ".join(sorted(words)) for words in (exact, often - exact, long))
    return worth, rest, misspelt, Words.packed(glued), Words.packed(listed)


def _is_worth(meaning: Meaning | Unit) -> bool:
    return meaning.tag in "dDP" and not _WORTH.isdisjoint(meaning.data)


def _is_sure(meaning: Meaning) -> bool:
    return meaning.tag != "d" and _is_worth(meaning)


def _is_often(meaning: Meaning) -> bool:
    return meaning.tag in "DP" and not _OFTEN.isdisjoint(meaning.data)


def looks_like_asking(units: list[Unit]) -> bool:
    """Whether a text has a word of asking in it, so that it is worth to look for disguised words beside it."""
    return not _STRONG.isdisjoint([unit[0] for unit in units])


def spelt_apart(text: str) -> bool:
    """Whether so many letters stand apart in a text, or are digits, that its words of asking may be so too."""
    if not _is_odd(text):
        return False
    return _MANY_APART.search(text) is not None or len(_MIXED.findall(text)) >= _SOME


def alike(word: str) -> set[str]:
    """What a word in small letters may be if a letter of it is one that looks like it: see _ALIKE."""
    places = [at for at, letter in enumerate(word) if letter in _OTHER_ONES]
    if not 0 < len(places) <= _MOST_ALIKE:
        return set()
    found = set()
    for letters in product(_OTHER_ONES, repeat=len(places)):
        made = list(word)
        for at, letter in zip(places, letters, strict=True):
            made[at] = letter
        found.add("".join(made))
    return found - {word}


def stretches(text: str) -> list[str]:
    """What in a text may be a word in disguise."""
    return [match[0] for match in _SPLIT.finditer(text)]


def seen_through(text: str, tokens: list[Token], units: list[Unit], code: str) -> list[Token] | None:
    """The tokens with disguised words put right; None if there are none. For texts that ask for something."""
    known = spelling(code)
    changed: dict[int, tuple[int, list[Token]]] = {}
    in_two = list(_in_two(text, tokens, known))
    alone = _alone(units) if in_two else set()
    for first, last, word in in_two:
        if first in alone and last in alone:
            changed[first] = last + 1, [Token(word, tokens[first].start, tokens[last].end, "x")]
    if _is_odd(f"\n{text}\n"):
        data = {number for unit in units if unit.tag in DATA for number in range(unit.first, unit.last)}
        for first, last, pieces in _joined(text, tokens, known):
            if data.isdisjoint(range(first, last)):
                changed[first] = last, [Token(word, start, end, "x") for word, start, end in pieces]
    for first, last, word in _initials(text, tokens, code):
        changed[first] = last, [Token(word, tokens[first].start, tokens[last - 1].end, "x")]
    for at in _numbered_by_mark(text, tokens, units, code):
        changed[at] = at + 1, [tokens[at]._replace(norm=_NUMBER, tag="x")]
    for at, words in _drawn_words(text, tokens, units, load(code).pictures):
        changed[at] = at + 1, _shared(tokens[at], words)
    taken = {number for first, (last, _) in changed.items() for number in range(first, last)}
    for tag, first, last, _ in units:
        if tag == "x" and last == first + 1 and len(tokens[first].norm) >= LONG - 1 and first not in taken:
            norm = tokens[first].norm
            near = known.near(norm)
            words = (_fitting(near, first, tokens, code),) if near else known.meant(norm)
            if words:
                changed[first] = last, _shared(tokens[first], words)
    if not changed:
        return None
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        if at in changed:
            at, instead = changed[at]
            found += instead
        else:
            found.append(tokens[at])
            at += 1
    return found


def _drawn_words(
    text: str, tokens: list[Token], units: list[Unit], pictures: dict[str, tuple[str, ...]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The emoji that stand where a word is wanted ("a 📷 of your 🪪"), not where they adorn, and their words."""
    for before, unit in pairwise(units):
        if unit.tag == _PICTURE and before.tag in _WANT_WORD:
            words = pictures.get(text[tokens[unit.first].start])
            if words:
                yield unit.first, words


def _with_short(
    text: str, found: list[tuple[re.Match[str], tuple[Piece, ...]]], known: Spelling
) -> list[tuple[re.Match[str], tuple[Piece, ...]]]:
    """The stretches, and the short words among them that stand beside one which is seen through."""
    last = len(found) - 1
    for places in (range(1, last + 1), range(last - 1, -1, -1)):
        step = places.step
        for at in places:
            match, pieces = found[at]
            beside, seen = found[at - step]
            gap = text[match.end() : beside.start()] or text[beside.end() : match.start()]
            if not pieces and seen and gap.isspace() and (word := known.short(match[0])):
                found[at] = match, (Piece(word, 0, len(match[0])),)
    return found


def _initials(text: str, tokens: list[Token], code: str) -> Iterator[tuple[int, int, str]]:
    """The letters with a stroke between them that shorten a name of data, from which token to which, and as one word:
    "p/w", "a/c number", "d/o/b".
    """
    found = list(_SLASHED.finditer(text)) if "/" in text else []
    starts = [token.start for token in tokens] if found else []
    for match in found:
        first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        word = fold(match[0].replace("/", "").lower())
        before = tokens[max(0, first - _BESIDE) : first]
        units = load(code).lexicon.tag([*before, Token(word, *match.span(), "x"), *tokens[last : last + _BESIDE]])
        unit = next(unit for unit in units if unit.first <= len(before) < unit.last)
        # A document alone is too little: "D/L" is a download, "D/L number" is none.
        if _is_worth(unit) and (unit.tag != "P" or unit.last > unit.first + 1):
            yield first, last, word


def _numbered_by_mark(text: str, tokens: list[Token], units: list[Unit], code: str) -> Iterator[int]:
    """The marks that stand for "number" in a name of data which is none without it: "SS#"."""
    for unit, mark in pairwise(units):
        if mark.tag != "#" or unit.tag in DATA or text[tokens[mark.first].end :].lstrip()[:1].isdigit():
            continue
        word = tokens[mark.first - 1]
        named = load(code).lexicon.tag([word, Token(_NUMBER, word.end, word.end, "x")])
        if word.tag == "x" and len(named) == 1 and _is_worth(named[0]):
            yield mark.first


_NUMBER = "number"


def _fitting(words: tuple[str, ...], at: int, tokens: list[Token], code: str) -> str:
    """The one of several words that names data where it stands, else the first."""
    start = max(0, at - _BESIDE)
    for word in words if len(words) > 1 else ():
        instead = [*tokens[start:at], tokens[at]._replace(norm=word), *tokens[at + 1 : at + _BESIDE]]
        units = load(code).lexicon.tag(instead)
        if any(unit.first <= at - start < unit.last and unit.tag in "DP" for unit in units):
            return word
    return words[0]


def _shared(token: Token, words: tuple[str, ...]) -> list[Token]:
    """Words in the place of one token; each has its share of it."""
    size = token.end - token.start
    count = len(words)
    ends = [token.start + size * (number + 1) // count for number in range(count)]
    return [
        Token(word, start, end, "x") for word, start, end in zip(words, [token.start, *ends[:-1]], ends, strict=True)
    ]


def _alone(units: list[Unit]) -> set[int]:
    """The tokens that may be a part of a word: a unit by themselves, or the last of one of others ("Ihre Bank").

    Not a verb of giving that commands: "please pass word on to ...".
    """
    found = set()
    for before, unit in pairwise([Unit("", 0, 0, ()), *units]):
        alone = unit.last == unit.first + 1
        if (alone or unit.tag in _ENDING_IN_ONE) and (unit.tag != "G" or before.tag not in _COMMANDING):
            found.add(unit.last - 1)
    return found


_ENDING_IN_ONE = "td"
"""Units whose last word may be half of another: "Ihre *Bank* Verbindung", "uw *pas* poort"."""


def _in_two(text: str, tokens: list[Token], known: Spelling) -> Iterator[tuple[int, int, str]]:
    """Two tokens which together make a word for data, and that word."""
    places = [at for at, token in enumerate(tokens) if token.norm.isalpha()]
    words = [norm if norm.isascii() else fold(norm) for norm in (tokens[at].norm for at in places)]
    if known.in_two.isdisjoint(map(add, words, words[1:])):
        return
    for number, word in enumerate(map(add, words, words[1:])):
        if word in known.in_two and known.whole(words[number], words[number + 1]):
            first, last = places[number], places[number + 1]
            if _PARTED.fullmatch(text, tokens[first].end, tokens[last].start):
                yield first, last, word


def _joined(text: str, tokens: list[Token], known: Spelling) -> Iterator[tuple[int, int, list[Piece]]]:
    """The tokens from one to another that words should stand for, and where these stand in the text."""
    found = [(match, known.spelt_out(match[0])) for match in _SPLIT.finditer(text)]
    if not any(pieces for _, pieces in found):
        return
    found = [one for one in _with_short(text, found, known) if one[1]]
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]
    for match, pieces in found:
        first, last = bisect_left(starts, match.start()), bisect_right(ends, match.end())
        if first < last:
            at = match.start()
            yield first, last, [Piece(word, at + start, at + end) for word, start, end in pieces]
