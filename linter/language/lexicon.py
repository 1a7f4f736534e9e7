"""A language pack's words: a text to its tags.

Tagging takes the longest entry at each word, left to right, in time linear in the text: an
entry's length is bounded by the lexicon. Only a datum gives way to a longer name that begins behind its "your".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

from .tokens import Token, fold
from .trie import COMMA, END, PREFIXES, SUFFIXES, Root, alone, phrases, told_by_one, untold, words_in

_REACH = 12  # words between the parts of an entry with a gap
_OUTRIGHT = frozenset("DPO#x")  # what stands for itself, what is no datum at all, "number of" another thing
_DATUM = "D"
_WEAK = "d"
_QUESTION = "Q"
_SAID = frozenset("x9")  # tags of words and numbers
_YOUR = "r"
_GIVE = "G"
_US = "u"
_FILL = "_"
_ELSE = "E"
_MAILED_TO = "email"
_LEAST_MAILED = 2  # words of a way to write to us that may end within a datum, and one more
_TRAP = "x"
_STOPS = frozenset(".?!;/")
_DIGITS_OF_A_DAY = 2
_SHORTEST_STEM = 5
_LONGEST_WORD = 40
_MOST_KNOWN = 100_000
OWN_PLACE = "own"
"""In the data of a place: a policy names it."""
DATA = frozenset("DdPQ")
"""The tags of data."""


class Meaning(NamedTuple):
    """What an entry means: its tag, the data categories or kind of place, and the word a gap waits for.

    ``data`` is empty, one category, for a document three (with a copy word, with a number word, bare), for a place
    its kind.
    """

    tag: str
    data: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()


class Unit(NamedTuple):
    """A tagged stretch of tokens (``first`` to ``last``, half open)."""

    tag: str
    first: int
    last: int
    data: tuple[str, ...]

    def muted(self) -> Unit:
        """The same words as ones that change nothing."""
        return self._replace(tag=_FILL, data=())


class Lexicon:
    """The compiled words of a language; ``root`` and ``meanings`` are as the cache holds them."""

    __slots__ = ("_attached", "_first", "_us_in", "clitics", "extra", "meanings", "root", "to_us")

    def __init__(
        self, root: dict[str, Any], meanings: list[tuple[Any, ...]], clitics: list[str], to_us: Iterable[str] = ()
    ) -> None:
        self.root = root if isinstance(root, Root) else Root(root)
        self.meanings = [Meaning(*meaning) for meaning in meanings]
        self.clitics = sorted(clitics, key=len, reverse=True)
        self.to_us = tuple(to_us)
        self.extra: Lexicon | None = None
        self._first = lru_cache(_MOST_KNOWN)(self._begun_by)
        self._attached = lru_cache(_MOST_KNOWN)(self._without_clitic)
        self._us_in = lru_cache(_MOST_KNOWN)(self._names_us)

    def extended(self, terms: dict[str, tuple[str, ...]], places: tuple[str, ...] = ()) -> Lexicon:
        """This lexicon with an organisation's own terms (category -> words) and own places (names).

        They win over equal words of ours.
        """
        from .wordlists import Lists

        own = Lists()
        for place in places:
            own.add(place, "E", ("portal", OWN_PLACE), "policy")
        for category, entries in terms.items():
            for entry in entries:
                own.add(entry, "D", (category,), "policy")
        copy = Lexicon(self.root, list(self.meanings), self.clitics, self.to_us)
        copy.extra = Lexicon(own.trie(), own.meanings, [])
        return copy

    def entries(
        self, wanted: Callable[[Meaning], bool] = lambda _: True, with_parts: bool = True, most: float = inf
    ) -> Iterator[tuple[list[str], Meaning]]:
        """Every entry with a wanted meaning: its words (see ``trie.phrases``) and its meaning."""
        numbers = self._numbers(wanted)
        return ((path, self.meanings[number]) for path, number in phrases(self.root, numbers, with_parts, most))

    def untold(
        self, told: Callable[[Meaning], int], tells: Callable[[list[str]], int], most: int, of_first: int
    ) -> Iterator[tuple[list[str], tuple[str, ...], int]]:
        """What entries tell beyond their words: the words, what they wait for, the bits. See ``trie.untold``."""
        for path, bits, number in untold(self.root, list(map(told, self.meanings)), tells, most, of_first):
            yield path, self.meanings[number].awaits if number is not None else (), bits

    def alone(self, wanted: Callable[[Meaning], bool]) -> set[str]:
        """The words that are an entry of their own with a wanted meaning: see ``trie.alone``."""
        return set(alone(self.root, self._numbers(wanted)))

    def words(self, wanted: Callable[[Meaning], bool]) -> set[str]:
        """Every word of the entries with a wanted meaning: see ``trie.words_in``."""
        return words_in(self.root, self._numbers(wanted))

    def _numbers(self, wanted: Callable[[Meaning], bool]) -> frozenset[int]:
        return frozenset(number for number, meaning in enumerate(self.meanings) if wanted(meaning))

    def told_by_one(self, told: Callable[[Meaning], int]) -> Iterator[tuple[str, int]]:
        """What the words that are an entry of their own tell, and parts of words: see ``trie.told_by_one``."""
        return told_by_one(self.root, list(map(told, self.meanings)))

    def tag(self, tokens: list[Token]) -> list[Unit]:
        """The tagged stretches of a text; a word of no list is a stretch with its token's own tag."""
        units: list[Unit] = []
        index, count = 0, len(tokens)
        folded: dict[str, str] = {}
        new = tuple.__new__
        first_of, extra, has_clitics, names_us = self._first, self.extra, bool(self.clitics), bool(self.to_us)
        while index < count:
            token = tokens[index]
            norm, tag = token[0], token[3]
            if tag != "x" and tag != "9":
                units.append(new(Unit, (tag, index, index + 1, ())))
                index += 1
                continue
            first = first_of(norm)
            found: tuple[int, Meaning] | None = None
            if first is not None:
                if first.leads_on(tokens, index + 1) or first.meaning is _UNSURE:
                    found = self._longest(tokens, index, folded)
                elif first.meaning is not None:
                    found = index + 1, first.meaning
            if found is None and not norm.isascii():
                # The accented word begins a longer entry only; without its accents it may be one of its own.
                found = self._longest([token._replace(norm=fold(norm)), *tokens[index + 1 : index + 2]], 0, folded)
                found = (found[0] + index, found[1]) if found is not None else None
            if extra is not None and extra._first(norm) is not None:
                own = extra._longest(tokens, index, folded)
                if own is not None and (found is None or own[0] >= found[0]):
                    found = own
            if found is None and has_clitics:
                meaning = self._attached(norm)
                found = (index + 1, meaning) if meaning is not None else None
            if found is None:
                units.append(new(Unit, (tag, index, index + 1, ())))
                index += 1
                continue
            end, meaning = found
            shorter = self._cut_short(tokens, index, end, meaning, folded) if end - index > 1 else None
            if shorter:
                units.extend(shorter)
                index = shorter[-1].last
                continue
            unit = new(Unit, (meaning[0], index, end, meaning[1]))
            if meaning[0] == _GIVE and names_us:
                units.extend(self._beside_us(unit, tokens))
            else:
                units.append(unit)
            index = end
        return units

    def _begun_by(self, word: str) -> _First | None:
        """How entries begin with a word, None if none does."""
        node = _step(self.root, word, {})
        return _First(node, self.meanings) if node is not None else None

    def named(self, tokens: list[Token], index: int) -> Unit | None:
        """The longest entry that begins with a word, None if none does."""
        found = self._longest(tokens, index, {})
        return Unit(found[1].tag, index, found[0], found[1].data) if found is not None else None

    def _longest(self, tokens: list[Token], index: int, folded: dict[str, str]) -> tuple[int, Meaning] | None:
        """The longest entry that begins with a word: where it ends and what it means."""
        first = self._first(tokens[index].norm) if tokens[index].tag in _SAID else None
        if first is None:
            return None
        node: dict[str, Any] | None = first.node
        best: tuple[int, Meaning] | None = None
        at, count = index + 1, len(tokens)
        opened = False
        while node is not None:
            ends = node.get(END)
            # "your «number" is no end: what is quoted goes on.
            if ends and (not opened or (at < count and tokens[at].tag == "'")):
                for number in ends:
                    meaning = self.meanings[number]
                    if not meaning.awaits or _follows(tokens, at, meaning.awaits):
                        best = (at, meaning)
                        break
            while at < count and tokens[at].tag == "'":  # quotation marks inside a phrase are no words
                opened = not opened and _opens(tokens, at)
                at += 1
            if at == count:
                break
            token = tokens[at]
            if token.tag in _SAID:
                node = _step(node, token.norm, folded)
            else:
                node = node.get(COMMA) if token.tag == COMMA else None
            at += 1
        return best

    def every(self, tokens: list[Token]) -> Iterator[tuple[Meaning, int, int]]:
        """Every entry that some tokens say, also within another one: what it means, and its tokens (half open)."""
        folded: dict[str, str] = {}
        for index in range(len(tokens)):
            first = self._first(tokens[index].norm)
            if first is not None:
                yield from ((meaning, index, end) for end, meaning in self._ends(tokens, index, first.node, folded))

    def _ends(
        self, tokens: list[Token], index: int, node: dict[str, Any] | None, folded: dict[str, str]
    ) -> Iterator[tuple[int, Meaning]]:
        """Where the entries end whose first word led to a node, shorter ones first, and what they mean."""
        at = index + 1
        while node is not None:
            for number in node.get(END, ()):
                meaning = self.meanings[number]
                if not meaning.awaits or _follows(tokens, at, meaning.awaits):
                    yield at, meaning
            while at < len(tokens) and tokens[at].tag == "'":
                at += 1
            if at == len(tokens):
                return
            node = _step(node, COMMA if tokens[at].tag == COMMA else tokens[at].norm, folded)
            at += 1

    def _cut_short(
        self, tokens: list[Token], index: int, end: int, meaning: Meaning, folded: dict[str, str]
    ) -> list[Unit]:
        """What stands before something else that begins within an entry of several words and goes on behind it."""
        if meaning[0] in DATA:
            return self._before_another(tokens, index, end, meaning, folded)
        if meaning[0] == _ELSE and end - index > _LEAST_MAILED:
            return self._before_datum(tokens, index, end, folded)
        return []

    def _before_another(
        self, tokens: list[Token], index: int, end: int, meaning: Meaning, folded: dict[str, str]
    ) -> list[Unit]:
        """What stands before a longer name of something else that begins inside this datum, else nothing.

        "su dirección" is where one lives, "su dirección de correo" is not: "su", and then the other name. "la fecha de
        caducidad de su tarjeta" is a datum, of "tarjeta regalo" it is one of a thing.
        """
        near = end if meaning.tag == _QUESTION else min(end, index + 3)
        for start in range(index + 1, end):
            later = self._longest(tokens, start, folded)
            if later is None or later[0] <= end:
                continue
            is_thing = is_named_thing(later[1])
            if not is_thing and (start >= near or later[1].tag not in _OUTRIGHT or _no_better(later[1], meaning)):
                continue
            before = self.tag(tokens[index:start])
            if not is_thing and (before[-1].tag != _YOUR or any(unit.data for unit in before)):
                continue
            return [unit._replace(first=unit.first + index, last=unit.last + index) for unit in before]
        return []

    def _before_datum(self, tokens: list[Token], index: int, end: int, folded: dict[str, str]) -> list[Unit]:
        """What stands before an e-mail address that begins inside a way to write to us, else nothing.

        "schicken Sie uns eine E-Mail" is such a way, "schicken Sie uns eine E-Mail-Adresse" asks for one.
        """
        for start in range(end - 1, index, -1):
            later = self._longest(tokens, start, folded)
            if later is None or later[0] <= end or later[1].data[:1] != (_MAILED_TO,):
                continue
            before = self.tag(tokens[index:start])
            if any(unit.tag == _GIVE for unit in before):
                return [unit._replace(first=unit.first + index, last=unit.last + index) for unit in before]
        return []

    def _beside_us(self, unit: Unit, tokens: list[Token]) -> list[Unit]:
        """A verb of giving, and "us" before or behind it as a unit of its own where the verb's words name us.

        Of "mándanos" both are the one word.
        """
        words = [token.norm for token in tokens[unit.first : unit.last]]
        if len(words) > 1 and words[0] in self.to_us:
            return [Unit(_US, unit.first, unit.first + 1, ()), unit._replace(first=unit.first + 1)]
        named = next((place for place, word in enumerate(words, unit.first) if self._us_in(word)), None)
        return [unit] if named is None else [unit, Unit(_US, named, named + 1, ())]

    def _names_us(self, said: str) -> bool:
        """Whether a word is or ends with one that names us, behind a verb of giving: mándanos, dimmi."""
        word = fold(said)
        return any(word == us or (word.endswith(us) and self._gives(word[: -len(us)])) for us in self.to_us)

    def _gives(self, stem: str) -> bool:
        return any(meaning.tag == _GIVE for meaning in self._alone(stem))

    def _alone(self, stem: str) -> Iterator[Meaning]:
        """What a verb means from which a pronoun was cut off, with the letter that it lost before it."""
        for form in (stem, stem + "e", stem + "s", stem + "d"):
            node = self.root.get(form)
            for number in (node.get(END) if node else None) or ():
                yield self.meanings[number]

    def _without_clitic(self, said: str) -> Meaning | None:
        """What a verb with a pronoun attached to it means."""
        word = fold(said)
        for clitic in self.clitics:
            if len(word) - len(clitic) >= 3 and word.endswith(clitic):
                for meaning in self._alone(word[: -len(clitic)]):
                    if meaning.tag in "GAR" and not meaning.awaits:
                        return meaning
        return None


def is_named_thing(meaning: Meaning | Unit) -> bool:
    """Whether it names what is no datum but tells what a term beside it is of (``things`` in data.yaml)."""
    return meaning.tag == _TRAP and meaning.data != ()


def _no_better(later: Meaning, meaning: Meaning) -> bool:
    """Whether the longer name is only another one of the same data, as sure as the shorter."""
    outright = later.tag == _DATUM and meaning.tag == _WEAK  # "votre numéro" in "votre numéro de téléphone"
    return not outright and not set(later.data).isdisjoint(meaning.data)


_UNSURE = Meaning("")


class _First:
    """What can be told of an entry by its first word: what the word means alone, and whether more may belong to it.

    ``meaning`` is None where the word alone is no entry, _UNSURE where that depends on what follows.
    """

    __slots__ = ("_ends_here", "_following", "meaning", "node")

    def __init__(self, node: dict[str, Any], meanings: list[Meaning]) -> None:
        self.node = node
        ends = node.get(END)
        self.meaning: Meaning | None = None
        if ends:
            alone = meanings[ends[0]]
            self.meaning = _UNSURE if alone.awaits else alone
        self._following = None if SUFFIXES in node or PREFIXES in node else node
        self._ends_here = len(node) == (1 if ends else 0)

    def leads_on(self, tokens: list[Token], index: int) -> bool:
        """Whether the entry may go on with the token at ``index``."""
        if self._ends_here or index >= len(tokens):
            return False
        norm, _, _, tag = tokens[index]
        if tag == "x" or tag == "9":
            return self._following is None or norm in self._following or not norm.isascii()
        return tag == "'" or (tag == COMMA and (self._following is None or COMMA in self._following))


def _step(node: dict[str, Any], word: str, folded: dict[str, str]) -> dict[str, Any] | None:
    following = node.get(word)
    if following is None and not word.isascii():
        plain = folded.get(word)
        if plain is None:
            plain = folded[word] = fold(word)
        following = node.get(plain)
        word = plain
    if following is None and len(word) > _SHORTEST_STEM and len(word) <= _LONGEST_WORD:
        suffixes = node.get(SUFFIXES)
        if suffixes is not None:
            for cut in range(1, len(word) - _SHORTEST_STEM + 1):
                following = suffixes.get(word[cut:])
                if following is not None:
                    return following  # type: ignore[no-any-return]
        prefixes = node.get(PREFIXES)
        if prefixes is not None:
            for cut in range(len(word), _SHORTEST_STEM - 1, -1):
                following = prefixes.get(word[:cut])
                if following is not None:
                    return following  # type: ignore[no-any-return]
    return following


def _opens(tokens: list[Token], at: int) -> bool:
    """Whether a quotation begins with this mark: by its shape, or since it stands at the word behind it alone."""
    mark = tokens[at]
    if mark.norm in "«„‹" or at + 1 == len(tokens):
        return mark.norm in "«„‹"
    return tokens[at - 1].end < mark.start and mark.end == tokens[at + 1].start


def _follows(tokens: list[Token], at: int, awaited: tuple[str, ...]) -> bool:
    for place in range(at, min(at + _REACH, len(tokens))):
        token = tokens[place]
        if token.tag in _STOPS:
            if not _is_ordinal(tokens, place):
                return False
        elif token.norm in awaited or fold(token.norm) in awaited:
            return True
    return False


def _is_ordinal(tokens: list[Token], stop: int) -> bool:
    """Whether a stop is that of a day of the month ("bis zum 15. im Portal"), or stands within a number ("9.30")."""
    number = tokens[stop - 1]
    if number.tag != "9" or number.end != tokens[stop].start or len(number.norm) > _DIGITS_OF_A_DAY:
        return False
    if tokens[stop].tag != "." or stop + 1 == len(tokens):
        return False
    following = tokens[stop + 1]
    return following.tag == "x" or (following.tag == "9" and following.start == tokens[stop].end)
