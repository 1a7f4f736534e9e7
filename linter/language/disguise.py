"""Words for data that are disguised by how they are spelt: "p@ssw0rd", "i b a n", "wacht.woord", "wachtwoort".

Only a text that otherwise looks like asking is looked at, only words of no list are taken for other words, and only
for those that name data. Characters that look like others are the business of ``markup``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .. import cache
from . import identify
from .lexicon import Unit
from .pack import Pack, load, print_of
from .tokens import PLACEHOLDER, Token, fold

LONG = 7  # letters of a word that may be misspelt
_LONGEST = 30
_ASKING = frozenset("GANWMCpr?=_:")
_STRONG = frozenset("GANWr=")
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "€": "e", "|": "l"}
)
_OTHER_ONE = str.maketrans({"i": "l"})
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
# The cheap look: a mark, an emoji or a digit beside a letter, letters by themselves.
_ODD = re.compile(r"[^\w\s,;:/'’?\"“”„()«»]\w|[_\d][^\W\d_]|[^\W\d_][_\d]|[\s_][^\W_][\s_][^\W_][\s_]|\w [^\w\s] \w")
_ODD_AT = ("!a", "!0", "!_", "_", "0a", "a0", " a a ", " a 0 ", " 0 a ", " 0 0 ", " ! ", " , ")
"""What there is in each text in which _ODD finds something, its characters by kind: see ``_kind``."""
_SPLIT = re.compile(
    r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_]){2,29}(?![^\W_])"
    rf"|[^\W_]+(?: ?[{_EMOJI}] ?[^\W_]+)+"
    r"|[^\W_][^\s,;:/'’]*(?:[^\w\s,;:/'’]|_)[^\s,;:/'’]*[^\W_]"
    r"|[@$][^\W_]+"
    r"|(?=[^\W\d_]*\d)(?=\d*[^\W\d_])[^\W_]+"
)
PIECES = re.compile(rf"[^\W_] ?[{_EMOJI}] ?[^\W_]")
"""A word with an emoji in it, perhaps."""
_COMPOUNDS = frozenset({"de", "nl"})  # languages in which a datum is one word
_NO_LETTER = re.compile(r"[\W\d_]+")
_ORDINARY = re.compile(r"['’/]")
_LETTERS_APART = re.compile(r"[^\W_](?:[\W_]{1,3}[^\W_])+")
_NOT_TEXT = re.compile(rf"[*|~^=#<>{_EMOJI}]")
_BETWEEN = re.compile(r"[\W_]+")
_MOST_SPELT = 20_000  # stretches that are remembered
_MOST_NEAR = 100_000  # words
_FORMAT = "3"
# What is worth a disguise. Of other data people speak often, and in words that are like too many others.
_WORTH = frozenset(
    {
        "bank-account", "payment-card", "card-security-code", "password", "pin", "one-time-code", "security-answer",
        "access-secret", "national-id", "identity-document", "identity-document-copy", "date-of-birth",
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
    """Whether _ODD finds something; most texts are told by a look at their kinds of characters."""
    kinds = text.replace(PLACEHOLDER, "•").encode("cp1252", "backslashreplace").translate(_KINDS)
    return any(at in kinds for at in _ODD_BYTES) and _ODD.search(text) is not None


class Near:
    """Finds the long words that a word is one edit away from.

    One edit leaves the first three letters or the last four of a long word as they are.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_part: dict[tuple[str, int], list[str]] = {}
        self._found = lru_cache(_MOST_NEAR)(self._look)
        for word in words:
            for part in (word[:3], word[-4:]):
                self._by_part.setdefault((part, len(word)), []).append(word)

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


class Spelling:
    """Words that name data in a language: ``words`` all of them, ``long`` those that may be misspelt."""

    def __init__(self, code: str, words: str, long: str) -> None:
        self.words = frozenset(words.split())
        self.long = long.split()
        self._code = code
        self._near: Near | None = None
        self.spelt_out = lru_cache(_MOST_SPELT)(self._spell)
        """The word for data that a stretch is once its letters are put together, "" if it is none."""

    def near(self, word: str) -> str:
        """The word for data that a word of no list is one edit away from, "" if none."""
        if self._near is None:
            self._near = Near(self.long)
        found = self._near.of(word)
        return found[0] if found and not self._is_listed(word) else ""

    def _is_listed(self, word: str) -> bool:
        return fold(word) in _listed(self._code)

    def _spell(self, said: str) -> str:
        plain = fold(said.lower())
        word = _NO_LETTER.sub("", plain)
        whole = len(word) >= LONG and not _ORDINARY.search(plain)
        if word in self.words and (whole or _LETTERS_APART.fullmatch(plain) or _NOT_TEXT.search(plain)):
            return word
        spelt = _BETWEEN.sub("", plain.translate(_LEET))
        if spelt == word or not spelt.isalpha() or not any(character.isalpha() for character in plain):
            return ""
        for form in dict.fromkeys((spelt, spelt.translate(_OTHER_ONE))):
            if (len(spelt) > 2 and form in self.words) or (len(spelt) > 3 and self._is_listed(form)):
                return form
        return ""


def _one_edit(one: str, other: str) -> bool:
    """Whether a letter too many, too few, another one or two swapped make the difference (no difference: no).

    Not at the first letter, which nobody misspells, and not at the last, where words are inflected.
    """
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
    words, long = _kept(code, "spelling")
    return Spelling(code, words, long)


@lru_cache(maxsize=16)
def _listed(code: str) -> frozenset[str]:
    return frozenset(_kept(code, "listed")[0].split())


def _kept(code: str, which: str) -> tuple[str, ...]:
    key = cache.key([_FORMAT, print_of(code)], any_python=True)
    names = {kind: f"{kind}-{code}-{key}" for kind in ("spelling", "listed")}
    found = cache.get(names[which])
    if found is None:
        words, long, listed = _compile(load(code))
        made = {"spelling": (words, long), "listed": (f" {listed} ",)}
        for kind, name in names.items():
            cache.put(name, made[kind])
        found = made[which]
    return found  # type: ignore[no-any-return]


@lru_cache(maxsize=4)
def near_any(codes: tuple[str, ...]) -> Near:
    """The long words for data of several languages."""
    return Near(sorted({word for code in codes for word in spelling(code).long}))


def _compile(pack: Pack) -> tuple[str, str, str]:
    exact: set[str] = set()
    long: set[str] = set()
    listed: set[str] = {fold(word) for word in pack.common}
    for path, meaning in pack.lexicon.entries():
        words = [fold(word) for word in path if word.isalpha()]
        listed.update(words)
        endings = [fold(word[1:]) for word in path if word[0] == "*" and word[1:].isalpha()]
        if meaning.tag not in "DP" or _WORTH.isdisjoint(meaning.data):
            continue
        if len(path) == 1:
            exact.update(words)
        if len(path) == 1 or pack.code not in _COMPOUNDS:
            long.update(word for word in (*words, *endings) if len(word) >= LONG)
    return " ".join(sorted(exact)), " ".join(sorted(long)), " ".join(sorted(listed))


def looks_like_asking(units: list[Unit]) -> bool:
    """Whether a text has a word of asking in it, so that it is worth to look for disguised words beside it."""
    return not _STRONG.isdisjoint([unit[0] for unit in units])


def seen_through(text: str, tokens: list[Token], units: list[Unit], code: str) -> list[Token] | None:
    """The tokens with disguised words put right; None if there are none. For texts that ask for something."""
    known = spelling(code)
    changed: dict[int, tuple[int, str]] = {}
    if _is_odd(f"\n{text}\n"):
        data = {number for unit in units if unit.tag in "DdPQ" for number in range(unit.first, unit.last)}
        for first, last, word in _joined(text, tokens, known):
            if data.isdisjoint(range(first, last)):
                changed[first] = last, word
    taken = {number for first, (last, _) in changed.items() for number in range(first, last)}
    for tag, first, last, _ in units:
        if tag == "x" and last == first + 1 and len(tokens[first].norm) >= LONG - 1 and first not in taken:
            word = known.near(tokens[first].norm)
            if word:
                changed[first] = last, word
    if not changed:
        return None
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        if at in changed:
            last, word = changed[at]
            found.append(Token(word, tokens[at].start, tokens[last - 1].end, "x"))
            at = last
        else:
            found.append(tokens[at])
            at += 1
    return found


def _joined(text: str, tokens: list[Token], known: Spelling) -> Iterator[tuple[int, int, str]]:
    words = [(match, word) for match in _SPLIT.finditer(text) if (word := known.spelt_out(match[0]))]
    if not words:
        return
    starts = {token.start: number for number, token in enumerate(tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(tokens)}
    for match, word in words:
        first, last = starts.get(match.start()), ends.get(match.end())
        if first is not None and last is not None and first < last:
            yield first, last, word
