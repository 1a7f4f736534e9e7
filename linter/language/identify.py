"""Which language a text is in, told by its commonest words; "" where none of ours is likely.

A word counts for each language whose list of common words holds it, the more the fewer languages share it. A text
of a script or of words that no pack knows is "".
"""

from __future__ import annotations

import math
import re
from array import array
from functools import lru_cache

from .. import cache, resources
from ..cache import blake2b
from .sums import in_order, place
from .tokens import PAGE, fold, tokenise

_ENOUGH = 0.4  # share of the words of a text that must be known in its language
_SHORT = 4
_LOOKED_AT = 800  # characters; more of a text tells no more, unless these tell nothing
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(f"{PAGE}+")
_MOST_WORDS = 8_000  # whose weights are remembered

Weights = tuple[tuple[str, float], ...]
"""What a word counts for each language in which it is common, in the order of their codes."""


class _Table:
    """The weights of very many words, by check sums of eight bytes: small, loaded at once, no two words ever alike."""

    def __init__(self, sums: bytes, numbers: bytes, weights: list[Weights]) -> None:
        """Sorted sums of words, for each the number of its weights, and those; see ``packed``."""
        self._sums = in_order(array("Q", sums))
        self._numbers = in_order(array("H", numbers))
        self._weights = weights
        self.get = lru_cache(_MOST_WORDS)(self._look)

    @staticmethod
    def packed(words: dict[str, Weights]) -> tuple[bytes, bytes, list[Weights]]:
        """The table as it is kept, the same on every machine."""
        weights = sorted(set(words.values()))
        number = {of: at for at, of in enumerate(weights)}
        ordered = sorted((_sum(word), number[of]) for word, of in words.items())
        sums = in_order(array("Q", [each for each, _ in ordered]))
        return sums.tobytes(), in_order(array("H", [each for _, each in ordered])).tobytes(), weights

    def _look(self, word: str) -> Weights | None:
        at = place(self._sums, _sum(word))
        return self._weights[self._numbers[at]] if at >= 0 else None


def _sum(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=1)
def _table() -> _Table:
    texts = {
        code: resources.grammar(f"{code}/words.yaml")
        for code in resources.languages()
        if resources.has_grammar(f"{code}/words.yaml")
    }
    name = "identify-" + cache.key(["3", *texts.values()], any_python=True)
    kept = cache.get(name)
    if kept is None:
        kept = _Table.packed(_build(texts))
        cache.put(name, kept)
    return _Table(*kept)


def _build(texts: dict[str, str]) -> dict[str, Weights]:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    strong: dict[str, dict[str, float]] = {}
    for code, text in texts.items():
        parsed = yaml.load(text, loader) or {}
        words = {word for entry in parsed.get("common") or () for word in _single(str(entry))}
        for word in words:
            strong.setdefault(word, {})[code] = 1.0
        for entries in (parsed.get("tags") or {}).values():
            for entry in entries or ():
                for part in str(entry).split():
                    for word in _single(part.strip("()")):
                        strong.setdefault(word, {}).setdefault(code, 0.6)
    total = len(texts) + 0.5
    return {
        word: tuple(sorted((code, weight * math.log(total / len(of))) for code, weight in of.items()))
        for word, of in strong.items()
    }


@lru_cache(maxsize=1 << 14)
def _single(entry: str) -> tuple[str, ...]:
    found: list[str] = []
    for form in entry.lower().replace("=", "").split("/"):
        if form and "*" not in form:
            cut = [token.norm for token in tokenise(form) if token.tag == "x"]
            if len(cut) == 1:
                found += {cut[0], fold(cut[0])} if len(cut[0]) > 2 else [cut[0]]
    return tuple(found)


def weights(word: str) -> Weights:
    """What a word in lower case counts for each language."""
    table = _table()
    found = table.get(word)
    if found is None and not word.isascii():
        found = table.get(fold(word))
    return found or ()


def identify(text: str, among: tuple[str, ...] = ()) -> str:
    """The code of the language of a text, "" when it seems to be in none of ours or has no words.

    ``among`` restricts the choice. Who begins with what is no language hides nothing that comes after it.
    """
    found = _told(text[:_LOOKED_AT], among)
    if found or len(text) <= _LOOKED_AT:
        return found
    parts = (text[at : at + _LOOKED_AT] for at in range(_LOOKED_AT, len(text) - _LOOKED_AT, _LOOKED_AT))
    for part in (*parts, text[-_LOOKED_AT:]):
        if len(part.split(None, _SHORT)) > _SHORT - 1:
            found = _told(part, among)
            if found:
                break
    return found


def of_locale(locale: str | None) -> str:
    """The language of a locale such as "nl-BE" or "nl_BE", whether it is one of ours or not; "" where there is none."""
    return (locale or "").lower().replace("_", "-").split("-")[0]


def _said(text: str) -> str:
    """The text without the addresses of pages, whose words are in no language; all of it if it is nothing else."""
    if "://" not in text and "www." not in text:
        return text
    said = _ADDRESS.sub(" ", text)
    return said if _WORD.search(said) else text


def _told(text: str, among: tuple[str, ...]) -> str:
    table = _table()
    sums: dict[str, float] = {}
    known: dict[str, int] = {}
    count = 0
    for word in _WORD.findall(_said(text.lower())):
        count += 1
        found = table.get(word)
        if found is None and not word.isascii():
            found = table.get(fold(word))
        for code, weight in found or ():
            if among and code not in among:
                continue
            sums[code] = sums.get(code, 0.0) + weight
            known[code] = known.get(code, 0) + 1
    if not sums:
        return ""
    best = max(sums, key=lambda code: (sums[code], known[code], code))
    if count >= _SHORT and known[best] < _ENOUGH * count:
        return ""
    return best
