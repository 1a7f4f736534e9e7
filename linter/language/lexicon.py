"""A language pack's words: YAML lists to one trie, and a text to its tags.

The pack's files are words.yaml (functional words by tag) and data.yaml (data categories); their syntax is described
in docs/languages.md. Tagging takes the longest entry at each word, left to right, in time linear in the text: an
entry's length is bounded by the lexicon. Only a datum gives way to a longer name that begins behind its "your".
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, NamedTuple

from ..cache import packed
from ..resources import PackError
from .tokens import Token, fold, words

GAP = "…"
_END = ""  # the trie key under which a node keeps what ends there
_SUFFIXES = "*"
_PREFIXES = "^"
_COMMA = ","  # may stand inside an entry, where the clause needs it: "der Code, den Sie sehen"
_EXACT = "="  # before a word that means something else without its accents: "=né"
_REACH = 12  # words between the parts of an entry with a gap
_OUTRIGHT = frozenset("DPO#x")  # what stands for itself, what is no datum at all, "number of" another thing
_DATUM = "D"
_WEAK = "d"
_QUESTION = "Q"
_SAID = frozenset("x9")  # tags of words and numbers
_YOUR = "r"
_STOPS = frozenset(".?!;/")
_SHORTEST_STEM = 5
_LONGEST_WORD = 40
_MOST_KNOWN = 100_000
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""How German is typed without its letters: "Bestätigung" as "Bestaetigung"; fold writes it "Bestatigung"."""
_WORDS = (
    "language", "name", "english", "abbreviations", "clitics", "common", "elsewhere", "links", "pronouns", "tags",
    "places",
)  # fmt: skip
DATA = frozenset("DdPQ")
"""The tags of data."""
MOST_FORMS = 4096  # that one entry of a policy may stand for, with all its alternatives
_MOST_BUNDLED = 16 * MOST_FORMS


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


class Root(dict[str, Any]):
    """The root of a trie whose branches are kept as bytes until somebody comes by: most runs need a few of them."""

    def get(self, word: str, default: Any = None) -> Any:
        branch = super().get(word, default)
        if type(branch) is bytes:
            branch = self[word] = marshal.loads(branch)
        return branch

    def branches(self) -> Iterator[tuple[str, Any]]:
        """All words that begin an entry, with what follows."""
        return ((word, self.get(word)) for word in list(self))

    @staticmethod
    def packed(root: dict[str, Any]) -> dict[str, Any]:
        """A root as it is kept."""
        signs = (_SUFFIXES, _PREFIXES)
        return {word: branch if word in signs else packed(branch) for word, branch in root.items()}


class Lexicon:
    """The compiled words of a language; ``root`` and ``meanings`` are as the cache holds them."""

    __slots__ = ("_attached", "_first", "clitics", "extra", "meanings", "root")

    def __init__(self, root: dict[str, Any], meanings: list[tuple[Any, ...]], clitics: list[str]) -> None:
        self.root = root if isinstance(root, Root) else Root(root)
        self.meanings = [Meaning(*meaning) for meaning in meanings]
        self.clitics = sorted(clitics, key=len, reverse=True)
        self.extra: Lexicon | None = None
        self._first = lru_cache(_MOST_KNOWN)(self._begun_by)
        self._attached = lru_cache(_MOST_KNOWN)(self._without_clitic)

    def extended(self, terms: dict[str, tuple[str, ...]], places: tuple[str, ...] = ()) -> Lexicon:
        """This lexicon with an organisation's own terms (category -> words) and own places (names).

        They win over equal words of ours.
        """
        builder = _Builder(lambda _: None)
        for place in places:
            builder.add(place, "E", ("portal",), "policy")
        for category, entries in terms.items():
            for entry in entries:
                builder.add(entry, "D", (category,), "policy")
        copy = Lexicon(self.root, list(self.meanings), self.clitics)
        copy.extra = Lexicon(builder.root, builder.meanings, [])
        return copy

    def entries(self) -> Iterator[tuple[list[str], Meaning]]:
        """Every entry: its words ("*" or "^" before one that ends or begins a word of the text) and its meaning."""
        waiting: list[tuple[dict[str, Any], list[str], str]] = [(self.root, [], "")]
        while waiting:
            node, path, sign = waiting.pop()
            for word, child in node.branches() if isinstance(node, Root) else node.items():
                if word == _COMMA:
                    continue  # the same words without it are an entry too
                if word == _END:
                    for number in child:
                        yield path, self.meanings[number]
                elif word in (_SUFFIXES, _PREFIXES) and not sign:
                    waiting.append((child, path, word))
                else:
                    waiting.append((child, [*path, sign + word], ""))

    def tag(self, tokens: list[Token]) -> list[Unit]:
        """The tagged stretches of a text; a word of no list is a stretch with its token's own tag."""
        units: list[Unit] = []
        index, count = 0, len(tokens)
        folded: dict[str, str] = {}
        new = tuple.__new__
        first_of, extra, has_clitics = self._first, self.extra, bool(self.clitics)
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
            if end - index > 1 and meaning[0] in DATA:
                shorter = self._before_another(tokens, index, end, meaning, folded)
                if shorter:
                    units.extend(shorter)
                    index = shorter[-1].last
                    continue
            units.append(new(Unit, (meaning[0], index, end, meaning[1])))
            index = end
        return units

    def _begun_by(self, word: str) -> _First | None:
        """How entries begin with a word, None if none does."""
        node = _step(self.root, word, {})
        return _First(node, self.meanings) if node is not None else None

    def _longest(self, tokens: list[Token], index: int, folded: dict[str, str]) -> tuple[int, Meaning] | None:
        """The longest entry that begins with a word: where it ends and what it means."""
        first = self._first(tokens[index].norm) if tokens[index].tag in _SAID else None
        if first is None:
            return None
        node: dict[str, Any] | None = first.node
        best: tuple[int, Meaning] | None = None
        at, count = index + 1, len(tokens)
        while node is not None:
            ends = node.get(_END)
            if ends:
                for number in ends:
                    meaning = self.meanings[number]
                    if not meaning.awaits or _follows(tokens, at, meaning.awaits):
                        best = (at, meaning)
                        break
            while at < count and tokens[at].tag == "'":  # quotation marks inside a phrase are no words
                at += 1
            if at == count:
                break
            token = tokens[at]
            if token.tag in _SAID:
                node = _step(node, token.norm, folded)
            else:
                node = node.get(_COMMA) if token.tag == _COMMA else None
            at += 1
        return best

    def _before_another(
        self, tokens: list[Token], index: int, end: int, meaning: Meaning, folded: dict[str, str]
    ) -> list[Unit]:
        """What stands before a longer name of something else that begins inside this datum, else nothing.

        "su dirección" is where one lives, "su dirección de correo" is not: "su", and then the other name.
        """
        for start in range(index + 1, end if meaning.tag == _QUESTION else min(end, index + 3)):
            later = self._longest(tokens, start, folded)
            if later is None or later[0] <= end:
                continue
            if later[1].tag not in _OUTRIGHT or _no_better(later[1], meaning):
                continue
            before = self.tag(tokens[index:start])
            if before[-1].tag != _YOUR or any(unit.data for unit in before):
                continue
            return [unit._replace(first=unit.first + index, last=unit.last + index) for unit in before]
        return []

    def _without_clitic(self, said: str) -> Meaning | None:
        """What a verb with a pronoun attached to it means."""
        word = fold(said)
        for clitic in self.clitics:
            if len(word) - len(clitic) >= 3 and word.endswith(clitic):
                stem = word[: -len(clitic)]
                for form in (stem, stem + "e", stem + "s", stem + "d"):
                    node = self.root.get(form)
                    ends = node.get(_END) if node else None
                    if ends:
                        for number in ends:
                            meaning: Meaning = self.meanings[number]
                            if meaning.tag in "GAR" and not meaning.awaits:
                                return meaning
        return None


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
        ends = node.get(_END)
        self.meaning: Meaning | None = None
        if ends:
            alone = meanings[ends[0]]
            self.meaning = _UNSURE if alone.awaits else alone
        self._following = None if _SUFFIXES in node or _PREFIXES in node else node
        self._ends_here = len(node) == (1 if ends else 0)

    def leads_on(self, tokens: list[Token], index: int) -> bool:
        """Whether the entry may go on with the token at ``index``."""
        if self._ends_here or index >= len(tokens):
            return False
        norm, _, _, tag = tokens[index]
        if tag == "x" or tag == "9":
            return self._following is None or norm in self._following or not norm.isascii()
        return tag == "'" or (tag == _COMMA and (self._following is None or _COMMA in self._following))


def _step(node: dict[str, Any], word: str, folded: dict[str, str]) -> dict[str, Any] | None:
    following = node.get(word)
    if following is None and not word.isascii():
        plain = folded.get(word)
        if plain is None:
            plain = folded[word] = fold(word)
        following = node.get(plain)
        word = plain
    if following is None and len(word) > _SHORTEST_STEM and len(word) <= _LONGEST_WORD:
        suffixes = node.get(_SUFFIXES)
        if suffixes is not None:
            for cut in range(1, len(word) - _SHORTEST_STEM + 1):
                following = suffixes.get(word[cut:])
                if following is not None:
                    return following  # type: ignore[no-any-return]
        prefixes = node.get(_PREFIXES)
        if prefixes is not None:
            for cut in range(len(word), _SHORTEST_STEM - 1, -1):
                following = prefixes.get(word[:cut])
                if following is not None:
                    return following  # type: ignore[no-any-return]
    return following


def _follows(tokens: list[Token], at: int, awaited: tuple[str, ...]) -> bool:
    for token in tokens[at : at + _REACH]:
        if token.tag in _STOPS:
            return False
        if token.norm in awaited or fold(token.norm) in awaited:
            return True
    return False


# -- from YAML ----------------------------------------------------------------------------------------------------


def compile_lexicon(
    language: dict[str, Any],
    data: dict[str, Any],
    tags: dict[str, str],
    warn: Callable[[str], None] = lambda _: None,
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """The trie and the meanings of a pack.

    ``language`` and ``data`` are the parsed words.yaml and data.yaml, ``tags`` maps tag names to their characters.
    ``warn`` is told of an entry that stands under two meanings. Raises PackError.
    """
    builder = _Builder(warn, _MOST_BUNDLED)
    for tag, data_of, entries, where in _lists(language, data, tags):
        for entry in entries:
            builder.add(entry, tag, data_of, where)
    return _shared(builder.root, {}), builder.meanings


def _shared(node: dict[str, Any], known: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    """The same trie with equal branches held once: most entries end alike, and a smaller trie is read faster."""
    parts: list[tuple[Any, ...]] = []
    for key, child in node.items():
        if key == _END:
            parts.append((key, tuple(child)))
        else:
            node[key] = _shared(child, known)
            parts.append((key, id(node[key])))
    return known.setdefault(tuple(sorted(parts)), node)


def _check_names(where: str, value: Any, names: tuple[str, ...]) -> None:
    """A list under a name that nobody reads would be lost without a word."""
    if not isinstance(value, dict):
        raise PackError(f"grammar: {where} must hold names with lists ({', '.join(names)})")
    for name in value:
        if name not in names:
            raise PackError(f"grammar: {where} has no place for '{name}'; it can hold {', '.join(names)}")


def _lists(
    language: dict[str, Any], data: dict[str, Any], tags: dict[str, str]
) -> Iterator[tuple[str, tuple[str, ...], Iterable[Any], str]]:
    _check_names("words.yaml", language, _WORDS)
    _check_names("data.yaml", data, ("categories", "documents", "senses", "traps"))
    for category, of in (data.get("senses") or {}).items():
        _check_names(f"data.yaml senses {category}", of or {}, ("words", "after", "names"))
    yield tags["TRAP"], (), data.get("traps") or (), "data.yaml traps"
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
        yield tags[name], (), entries or (), f"words.yaml {name}"
    for kind, entries in (language.get("places") or {}).items():
        tag = tags["HERE"] if kind == "private-message" else tags["ELSE"]
        yield tag, (kind,), entries or (), f"words.yaml places {kind}"


class _Builder:
    def __init__(self, warn: Callable[[str], None], most: int = MOST_FORMS) -> None:
        self._most = most
        self.root: dict[str, Any] = {}
        self.meanings: list[tuple[Any, ...]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._owners: dict[int, str] = {}
        self._warn = warn

    def add(self, entry: Any, tag: str, data: tuple[str, ...], where: str) -> None:
        if isinstance(entry, (int, float)) and not isinstance(entry, bool):
            entry = str(entry)
        if not isinstance(entry, str):
            raise PackError(f"{where}: {entry!r} is not a text; put it in quotation marks")
        head, gap, tail = entry.partition(GAP)
        awaits: tuple[str, ...] = ()
        if gap:
            forms = [form.lower() for part in tail.split() for form in _forms(part)]
            awaits = tuple(sorted({spelt for form in forms for spelt in (form, fold(form), _digraphs(form))}))
        meaning = (tag, data, awaits)
        number = self._numbers.setdefault(meaning, len(self.meanings))
        if number == len(self.meanings):
            self.meanings.append(meaning)
        parts = [[(tuple(_cut(form)), form.startswith(_EXACT)) for form in _forms(part)] for part in _parts(head)]
        if forms_of(entry) > self._most:
            raise PackError(f"{where}: {entry!r} stands for more than {self._most:,} phrases")
        if not parts:
            raise PackError(f"{where}: {entry!r} has no word before the gap")
        seen: list[list[list[tuple[str, ...]]]] = []
        for spelt in (str, fold, _digraphs):  # as written, without accents, with "ae" for "ä"
            spellings = [
                [form if exact else tuple(spelt(word) for word in form) for form, exact in part] for part in parts
            ]
            if spellings not in seen:
                seen.append(spellings)
                for choice in product(*spellings):
                    path = [word for form in choice for word in form]
                    without = [word for word in path if word != _COMMA]
                    if without:
                        self._insert(without, number, f"{where}: {entry}", quiet=len(seen) > 1)
                    if without and len(without) < len(path):
                        self._insert(path, number, f"{where}: {entry}", quiet=True)

    def _insert(self, path: list[str], number: int, where: str, quiet: bool = False) -> None:
        node = self.root
        for word in path:
            if word.startswith("*"):
                node = node.setdefault(_SUFFIXES, {}).setdefault(word[1:], {})
            elif word.endswith("*"):
                node = node.setdefault(_PREFIXES, {}).setdefault(word[:-1], {})
            else:
                node = node.setdefault(word, {})
        ends = node.setdefault(_END, [])
        if number in ends:
            return
        awaits = self.meanings[number][2]
        plain = [other for other in ends if not self.meanings[other][2]]
        if not awaits and plain:
            if not quiet:
                self._warn(f"{where} stands already under {self._owners[id(node)]}")
            return
        if awaits:
            ends.insert(0, number)
        else:
            ends.append(number)
            self._owners[id(node)] = where


def _digraphs(word: str) -> str:
    return word.translate(_DIGRAPHS)


def forms_of(entry: str) -> int:
    """How many phrases an entry with alternatives stands for."""
    return prod(len(_forms(part)) for part in _parts(entry.partition(GAP)[0]))


_PART = re.compile(r"\([^()]*\),?(?=\s|\Z)|\S+")


def _parts(head: str) -> list[str]:
    """Words with their alternatives, and what may be left out, which may be several: "(de la) carte"."""
    return _PART.findall(head)


def _forms(part: str) -> list[str]:
    """'(uw/je)' -> ['', 'uw', 'je'];  'stuur/stuurt' -> ['stuur', 'stuurt'];  'code/getal,' -> ['code,', 'getal,']."""
    comma = _COMMA if part.endswith(_COMMA) else ""
    part = part.removesuffix(_COMMA)
    optional = part.startswith("(") and part.endswith(")")
    forms = [form + comma for form in (part[1:-1] if optional else part).split("/") if form]
    return [comma, *forms] if optional else forms


def _cut(form: str) -> list[str]:
    if not form:
        return []
    first, last = form.startswith("*"), form.endswith("*")
    cut = words(form.strip("*="), _COMMA)
    if first and cut:
        cut[0] = "*" + cut[0]
    if last and cut:
        cut[-1] += "*"
    return cut
