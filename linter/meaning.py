"""Which kinds of data somebody's words name, and what was meant by a word in a policy that names none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import resources
from .language import names, pack
from .policy.errors import Problem
from .policy.model import Policy
from .policy.vocabulary import CATEGORIES
from .rules.packs import naming_pack

_ASKED = re.compile(r"did you mean '(.+)'\?")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST, _LONGEST = 4, 24  # letters of a term; a shorter one is one slip from half the words there are
_MOST_MISSPELT = 20  # mistakes


class _Term(NamedTuple):
    """A word that names a category in so many languages."""

    word: str
    category: str
    languages: int


def categories(words: str, policy: Policy) -> list[str]:
    """The categories that words name under a policy, in any language."""
    return list(names.categories(words, [naming_pack(policy, code) for code in resources.languages()]))


def meant(problems: Sequence[Problem]) -> list[str]:
    """What was probably meant by each mistake of a policy, "" where nothing is known.

    Misspelt terms are looked for in the first mistakes only, since that takes a while; of the rest the nearest name is
    told.
    """
    return [_data_meant(problem, number < _MOST_MISSPELT) for number, problem in enumerate(problems)]


def _data_meant(problem: Problem, misspelt: bool) -> str:
    """Of data the category that customers are asked for with the word.

    That says more than how a word is spelt: "passport" is no "password", "ibn" no "pin".
    """
    if not problem.data:
        return problem.hint
    asked = _ASKED.fullmatch(problem.hint)
    is_slip = asked is not None and _spaced(asked[1]) in _slips(_spaced(problem.data.lower()))
    is_own = asked is not None and asked[1].removesuffix(" data") not in CATEGORIES
    found = list(names.categories(problem.data, _packs()))
    if found and not (is_slip and is_own):
        return f"did you mean '{found[0]}'?"
    term = _misspelt(problem.data.lower()) if misspelt and not is_slip else None
    if term is not None:
        return f"did you mean '{term.category}'? '{term.word}' is one of its terms"
    return problem.hint


def _spaced(name: str) -> str:
    return name.replace("-", " ")


def _misspelt(word: str) -> _Term | None:
    """The term that a word is one slip from: of several, the one that most languages have."""
    if not word.isalpha() or not _SHORTEST - 1 <= len(word) <= _LONGEST:
        return None
    packs = _packs()
    best = None
    for slip in _slips(word):
        begins = slip[0] == word[0] or slip[:2] == word[1::-1]  # a first letter is seldom wrong or left out
        if begins and slip.isalpha() and len(slip) >= _SHORTEST:
            found = [category for each in packs for category in names.categories(slip, [each])]
            if found and (best is None or len(found) > best.languages):
                best = _Term(slip, found[0], len(found))
    return best


def _slips(word: str) -> Iterator[str]:
    """All that becomes of a word by a letter more, two in the other order, another one, or one less."""
    ends = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (before + letter + after for before, after in ends for letter in _LETTERS + "-")
    yield from (before + after[1] + after[0] + after[2:] for before, after in ends if len(after) > 1)
    yield from (before + letter + after[1:] for before, after in ends if after for letter in _LETTERS)
    yield from (before + after[1:] for before, after in ends if after)


def _packs() -> list[pack.Pack]:
    return [pack.load(code) for code in resources.languages()]
