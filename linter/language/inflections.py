"""The plurals and cases of an organisation's own terms: whoever writes "klantpas" means "klantpassen" as well.

words.yaml lists the endings under ``inflections``: ``en`` is put behind a word, ``+en`` behind its last consonant once
more (klantpas, klantpas*sen*), ``o>i`` takes the place of what the word ends in (codice fiscal*e*, codici fiscal*i*).
"""

from __future__ import annotations

from collections.abc import Iterable

_WRITTEN_OUT = frozenset('/()*=\u2026",')
"""Marks of the syntax of entries: who uses them has said which forms are meant."""
_VOWELS = frozenset("aeiouy")
_SHORTEST = 5  # letters; a shorter word with an ending is too often another one


def inflected(terms: Iterable[str], endings: Iterable[str]) -> tuple[str, ...]:
    """The terms and, behind them, their other forms, each once."""
    terms, endings = tuple(terms), tuple(endings)
    forms = (form for term in terms for form in _forms(term, endings))
    return tuple(dict.fromkeys((*terms, *forms)))


def _forms(term: str, endings: tuple[str, ...]) -> list[str]:
    """The term with its last word in its other forms, with its first one, and with both."""
    words = term.split()
    if not words or not _WRITTEN_OUT.isdisjoint(term):
        return []
    last = [words[-1], *_of_word(words[-1], endings)]
    first = [words[0], *_of_word(words[0], endings)] if len(words) > 1 else []
    middle = words[1:-1]
    return [" ".join([*beginning, *middle, end]) for beginning in ([one] for one in first) for end in last] or last


def _of_word(word: str, endings: tuple[str, ...]) -> list[str]:
    if len(word) < _SHORTEST or not word.isalpha() or word.isupper():
        return []
    found = []
    for ending in endings:
        old, changes, new = ending.partition(">")
        if ending.startswith("+"):
            found += [word + word[-1] + ending[1:]] if word[-1] not in _VOWELS else []
        elif not changes:
            found.append(word + ending)
        elif word.endswith(old):
            found.append(word.removesuffix(old) + new)
    return found
