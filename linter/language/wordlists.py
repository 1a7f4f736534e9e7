"""The lists of a language pack, or of a policy, to a trie of words and what they mean.

The files are words.yaml (functional words by tag) and data.yaml (data categories); their syntax is described in
docs/languages.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from ..resources import PackError
from .tokens import fold, words
from .trie import COMMA, Choice, Node, Phrases

MOST_FORMS = 4096  # that one entry of a policy may stand for, with all its alternatives
_MOST_BUNDLED = 16 * MOST_FORMS
_GAP = "…"
_EXACT = "="  # before a word that means something else without its accents: "=né"
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""How German is typed without its letters: "Bestätigung" as "Bestaetigung"; fold writes it "Bestatigung"."""
_WORDS = (
    "language", "name", "english", "abbreviations", "clitics", "to_us", "common", "elsewhere", "inflections", "links",
    "pronouns", "greetings", "described", "hasty", "tags", "places",
)  # fmt: skip

Meanings = list[tuple[Any, ...]]
"""What the numbers at the ends of a trie mean: the parts of a ``Meaning`` each."""


def compile_lists(
    language: dict[str, Any],
    data: dict[str, Any],
    tags: dict[str, str],
    warn: Callable[[str], None] | None = None,
) -> tuple[Node, Meanings]:
    """The trie and the meanings of a pack.

    ``language`` and ``data`` are the parsed words.yaml and data.yaml, ``tags`` maps tag names to their characters.
    ``warn`` is told of an entry that stands under two meanings. Raises PackError.
    """
    lists = Lists(_MOST_BUNDLED, told=warn is not None, hasty=language.get("hasty") or {})
    for tag, data_of, entries, where in _lists(language, data, tags):
        for entry in entries:
            lists.add(entry, tag, data_of, where)
    root = lists.trie()
    if warn is not None:
        for double in lists.double():
            warn(double)
    return root, lists.meanings


def compile_phrases(lists: dict[str, Any], code: str) -> tuple[Node, Meanings]:
    """The trie and the meanings of statements.yaml: what a phrase means is its kind, and it may be of several.

    Raises PackError.
    """
    found = Lists(_MOST_BUNDLED, of_several=True)
    for kind, entries in lists.items():
        for entry in entries or ():
            where = f"{code}/statements.yaml {kind}"
            _check_phrase(str(entry), where)
            found.add(entry, str(kind), (), where)
    return found.trie(), found.meanings


def _check_phrase(entry: str, where: str) -> None:
    """A phrase that could be nothing would be everywhere; of several words behind a gap any one would do."""
    head, gap, tail = entry.partition(_GAP)
    if all(part.startswith("(") for part in _PART.findall(head)):
        raise PackError(f"{where}: {entry!r} may be left out altogether; one word of it has to stand")
    if gap and (len(_PART.findall(tail)) != 1 or tail.strip().startswith("(")):
        raise PackError(f"{where}: {entry!r}: behind the gap stands one word, with its alternatives")


def _check_names(where: str, value: Any, names: tuple[str, ...]) -> None:
    """A list under a name that nobody reads would be lost without a word."""
    if not isinstance(value, dict):
        raise PackError(f"grammar: {where} must hold names with lists ({', '.join(names)})")
    for name in value:
        if name not in names:
            raise PackError(f"grammar: {where} has no place for '{name}'; it can hold {', '.join(names)}")


_SENSES = (
    "words", "after", "by", "names", "bare", "of", "beside", "named", "follows", "digits", "numbered", "animals",
)  # fmt: skip
"""What a term of several senses may have under ``senses``: see senses.py."""


def _lists(
    language: dict[str, Any], data: dict[str, Any], tags: dict[str, str]
) -> Iterator[tuple[str, tuple[str, ...], Iterable[Any], str]]:
    _check_names("words.yaml", language, _WORDS)
    _check_names("data.yaml", data, ("categories", "documents", "senses", "things", "traps", "pictures", "near-misses"))
    for category, of in (data.get("senses") or {}).items():
        _check_names(
            f"data.yaml senses {category}",
            of or {},
            _SENSES,
        )
    for thing, entries in (data.get("things") or {}).items():
        yield tags["TRAP"], (thing,), entries or (), f"data.yaml things {thing}"
    animals = frozenset(
        word.lower() for entry in (language.get("tags") or {}).get("ANIMAL") or () for word in str(entry).split("/")
    )
    yield from _of_animals(data.get("traps") or (), animals, tags, "TRAP", "data.yaml traps")
    for number, group in enumerate(data.get("documents") or ()):
        _check_names(f"data.yaml documents {number + 1}", group, ("words", "copy", "number", "bare"))
        kinds = (str(group.get("copy") or ""), str(group.get("number") or ""), str(group.get("bare") or ""))
        yield tags["DOCUMENT"], kinds, group.get("words") or (), f"data.yaml documents {number + 1}"
    for category, lists in (data.get("categories") or {}).items():
        _check_names(f"data.yaml {category}", lists or {}, ("terms", "questions", "weak"))
    for key, tag in (("terms", "DATUM"), ("questions", "QUESTION"), ("weak", "WEAK")):
        for category, lists in (data.get("categories") or {}).items():
            yield tags[tag], (category,), (lists or {}).get(key) or (), f"data.yaml {category} {key}"
    for name, entries in (language.get("tags") or {}).items():
        if name not in tags:
            raise PackError(f"words.yaml: there is no tag {name} (see grammar/tags.lark)")
        if name in ("TRAP", "OTHER"):
            yield from _of_animals(entries or (), animals, tags, name, f"words.yaml {name}")
        else:
            yield tags[name], (), entries or (), f"words.yaml {name}"
    for kind, entries in (language.get("places") or {}).items():
        tag = tags["HERE"] if kind == "private-message" else tags["ELSE"]
        yield tag, (kind,), entries or (), f"words.yaml places {kind}"


def _of_animals(
    entries: Iterable[Any], animals: frozenset[str], tags: dict[str, str], name: str, where: str
) -> Iterator[tuple[str, tuple[str, ...], Iterable[Any], str]]:
    """Entries for other things; those that end with an animal ("how is your cat") speak of it as its name does."""
    of: list[Any] = []
    rest: list[Any] = []
    for entry in entries:
        before, _, last = str(entry).rpartition(" ")
        ends = last.split("/")
        named = [end for end in ends if end.lower() in animals] if before else []
        if not named:
            rest.append(entry)
            continue
        of.append(f"{before} {'/'.join(named)}")
        others = [end for end in ends if end.lower() not in animals]
        if others:
            rest.append(f"{before} {'/'.join(others)}")
    if of:
        yield tags["ANIMAL"], (), of, where
    yield tags[name], (), rest, where


class _End(NamedTuple):
    """What phrases end with: the number of a meaning, where its entry stands, and whether only a spelling of ours."""

    number: int
    where: str
    is_spelling: bool


class Lists:
    """Entries that are added one by one; of two under equal words the first wins.

    An entry that waits for a word behind a gap takes nothing from another: it goes before those added earlier.
    """

    def __init__(
        self,
        most: int = MOST_FORMS,
        told: bool = False,
        hasty: Mapping[str, str] | None = None,
        of_several: bool = False,
    ) -> None:
        """``most``: phrases that an entry may stand for; ``told``: whether ``double`` is asked for.

        ``hasty``: words and how they are also typed; ``of_several``: equal words keep all their meanings.
        """
        self._of_several = of_several
        self.meanings: Meanings = []
        self._most = most
        self._told = told
        self._hasty = hasty or {}
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._phrases = Phrases()
        self._ends: list[_End] = []
        self._double: dict[tuple[int, str], None] = {}

    def add(self, entry: Any, tag: str, data: tuple[str, ...], where: str) -> None:
        """Raises PackError for an entry that is no text, has no word, or stands for too many phrases."""
        if isinstance(entry, (int, float)) and not isinstance(entry, bool):
            entry = str(entry)
        if not isinstance(entry, str):
            raise PackError(f"{where}: {entry!r} is not a text; put it in quotation marks")
        head, gap, tail = entry.partition(_GAP)
        parts = [_forms(part) for part in _PART.findall(head)]
        if prod(map(len, parts)) > self._most:
            raise PackError(f"{where}: {entry!r} stands for more than {self._most:,} phrases")
        if not parts:
            raise PackError(f"{where}: {entry!r} has no word before the gap")
        number = self._number((tag, data, _awaited(tail) if gap else ()))
        for nth, choices in enumerate(_spellings(parts, self._hasty)):
            plain = _without_commas(choices)
            if self._told:
                self._ends.append(_End(number, f"{where}: {entry}", nth > 0))
            elif gap or not self._ends or self._ends[-1] != (number, where, False):
                self._ends.append(_End(number, where, False))
            self._phrases.add(plain, len(self._ends) - 1)
            if plain != choices:
                self._phrases.add(choices, len(self._ends) - 1)

    def trie(self) -> Node:
        """The root of the trie; at its ends stand numbers of meanings, in the order in which they are tried."""
        return self._phrases.trie(self._settled)

    def double(self) -> list[str]:
        """The entries that stand under another meaning already, in their order."""
        return [told for _, told in sorted(self._double)]

    def _number(self, meaning: tuple[Any, ...]) -> int:
        number = self._numbers.setdefault(meaning, len(self.meanings))
        if number == len(self.meanings):
            self.meanings.append(meaning)
        return number

    def _settled(self, ends: list[int]) -> list[int]:
        if self._of_several:
            return list(dict.fromkeys(self._ends[at].number for at in ends))
        waiting: dict[int, None] = {}
        plain: _End | None = None
        for at in ends:
            end = self._ends[at]
            if self.meanings[end.number][2]:
                waiting[end.number] = None
            elif plain is None:
                plain = end
            elif end.number != plain.number and not end.is_spelling:
                self._double[at, f"{end.where} stands already under {plain.where}"] = None
        return [*reversed(waiting), *([] if plain is None else [plain.number])]


# -- the syntax of an entry ---------------------------------------------------------------------------------------

_PART = re.compile(r"\([^()]*\),?(?=\s|\Z)|\S+")
"""A word with its alternatives, or what may be left out, which may be several: "(de la) carte"."""


def _awaited(tail: str) -> tuple[str, ...]:
    """The words behind a gap, however they are spelt."""
    forms = [form.lower() for part in tail.split() for form in _forms(part)]
    return tuple(sorted({spelt for form in forms for spelt in (form, fold(form), _digraphs(form))}))


def _spellings(parts: list[list[str]], hasty: Mapping[str, str]) -> list[list[Choice]]:
    """The choices of an entry as written, without accents, with "ae" for "ä", as typed in haste, where these differ."""
    spelt = [list(map(_spelt, forms)) for forms in parts]
    found: list[list[Choice]] = [[[form.written for form in part] for part in spelt]]
    if not all(form.is_plain for part in spelt for form in part):
        _add_other(found, [[form.unaccented for form in part] for part in spelt])
        _add_other(found, [[form.in_digraphs for form in part] for part in spelt])
    if hasty:
        _add_other(found, [[_typed(form, hasty) for form in part] for part in spelt])
    return found


def _add_other(found: list[list[Choice]], choices: list[Choice]) -> None:
    if choices not in found:
        found.append(choices)


class _Spelt(NamedTuple):
    """The words of a form in each spelling; ``is_exact``: it means something else when spelt otherwise."""

    written: tuple[str, ...]
    unaccented: tuple[str, ...]
    in_digraphs: tuple[str, ...]
    is_exact: bool
    is_plain: bool
    """Whether all spellings are as it is written."""


@lru_cache(maxsize=1 << 16)
def _spelt(form: str) -> _Spelt:
    written = tuple(_cut(form))
    is_exact = form.startswith(_EXACT)
    if is_exact or form.isascii():
        return _Spelt(written, written, written, is_exact, True)
    return _Spelt(written, tuple(map(fold, written)), tuple(map(_digraphs, written)), False, False)


def _typed(form: _Spelt, hasty: Mapping[str, str]) -> tuple[str, ...]:
    if form.is_exact:
        return form.written
    return tuple([hasty.get(word, word) for word in form.written])


def _without_commas(choices: list[Choice]) -> list[Choice]:
    return [[tuple(word for word in phrase if word != COMMA) for phrase in choice] for choice in choices]


def _digraphs(word: str) -> str:
    return word.translate(_DIGRAPHS)


def _forms(part: str) -> list[str]:
    """'(uw/je)' -> ['', 'uw', 'je'];  'stuur/stuurt' -> ['stuur', 'stuurt'];  'code/getal,' -> ['code,', 'getal,']."""
    comma = COMMA if part.endswith(COMMA) else ""
    part = part.removesuffix(COMMA)
    optional = part.startswith("(") and part.endswith(")")
    forms = [form + comma for form in (part[1:-1] if optional else part).split("/") if form]
    return [comma, *forms] if optional else forms


def _cut(form: str) -> list[str]:
    said = form.removesuffix(COMMA)
    first, last = said.startswith("*"), said.endswith("*")
    cut = words(said.strip("*="), COMMA)
    if first and cut:
        cut[0] = "*" + cut[0]
    if last and cut:
        cut[-1] += "*"
    return cut if said == form else [*cut, COMMA]
