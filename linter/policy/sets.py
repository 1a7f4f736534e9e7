"""What the sets of data hold, once all policies in a row have changed them.

A set that is made of another one holds what that one holds in the end: who puts a category into ``sensitive`` has it
in every set that is made of ``sensitive``, in the policies that are extended too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from .vocabulary import SETS

Change = tuple[str, tuple[str, ...]]
"""A set, and what is put into it (``+name`` or ``name``) and taken out (``-name``)."""


class SetsInACircle(Exception):
    """A set is made of one that is made of it; ``names`` are those in the circle."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(" ".join(names))
        self.names = names


def plain(word: str) -> str:
    """The category or set that is put in or taken out."""
    return word.lstrip("+-")


def opened(changes: Iterable[Change], categories: Collection[str]) -> dict[str, frozenset[str]]:
    """What each set holds after all changes. Raises SetsInACircle.

    ``any`` has what is sensitive or personal in these policies alone as well.
    """
    words: dict[str, list[str]] = {}
    for name, said in changes:
        words.setdefault(name, []).extend(said)
    first = _evaluated(words, SETS, categories)
    added = [first[name] - whole for name, whole in SETS.items()]
    known = {**{name: first[name] for name in SETS}, "any": SETS["any"].union(*added)}
    known["any"] = _changed(known["any"], words.get("any", ()), {**first, **known})
    return _evaluated({name: said for name, said in words.items() if name not in SETS}, known, categories)


def _evaluated(
    words: Mapping[str, Sequence[str]], known: Mapping[str, frozenset[str]], categories: Collection[str]
) -> dict[str, frozenset[str]]:
    """The sets that are known, as they are changed, and those that are made of them and of categories."""
    made_of = {
        name: sorted({word for word in map(plain, said) if word in words} - {name}) for name, said in words.items()
    }
    try:
        order = list(TopologicalSorter(made_of).static_order())
    except CycleError as error:
        raise SetsInACircle([name for name in words if name in error.args[1]]) from None
    found = dict(known)
    for name in order:
        found[name] = _changed(
            known.get(name, frozenset({name} if name in categories else ())),  # a category is a set of itself
            words[name],
            found,
        )
    return {name: found[name] for name in (*known, *(name for name in words if name not in known))}


def _changed(before: frozenset[str], words: Iterable[str], found: Mapping[str, frozenset[str]]) -> frozenset[str]:
    now = set(before)
    for word in words:
        name = plain(word)
        members = found.get(name, frozenset({name}))
        if word.startswith("-"):
            now -= members
        else:
            now |= members
    return frozenset(now)
