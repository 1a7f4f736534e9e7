"""The name that somebody probably meant who wrote one that is not known.

The answers are those of ``difflib.get_close_matches``, which compares letter by letter: here most names are told to be
unlike by how many letters they have in common, and what is no name that anybody wrote by hand is not compared at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import takewhile

from .expressions import expression

MOST = 2_000
"""Names of which one may be meant; of more none is told."""
_LONGEST = 200  # characters of a name
_TELLING = 4  # letters; a shorter name stands in many others by chance
_WORD = expression(r"[^\W_]+")
_NAME = re.compile(r"[$A-Za-z][A-Za-z_./ -]{3,39}[1-9]?")  # one that people write, not made up by a program
_LONG = 8  # letters; in a shorter name another letter makes another word, too often: "test" and "text"
_MOST_LETTERS = 16_384  # names whose letters are remembered


def nearest(name: str, known: Collection[str], alike: float) -> str:
    """The known name that is most like another, where it is so by a share of ``alike`` or more; else ""."""
    if len(known) > MOST or len(name) > _LONGEST:
        return ""
    likely = sorted(((most, other) for other in known if (most := _at_most(name, other, alike)) >= alike), reverse=True)
    if not likely:
        return ""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher()
    matcher.set_seq2(name)
    best, found = alike, ""
    for most, other in likely:
        if most < best:
            break
        matcher.set_seq1(other)
        ratio = matcher.ratio()
        if ratio > best or (ratio == best and other > found):
            best, found = ratio, other
    return found


def is_slip(name: str, other: str) -> bool:
    """Whether a name can be another one misspelt, and not only has letters of it: "number" is no "name".

    No more than a letter in three is amiss, or the words of one are among those of the other.
    """
    short, long = sorted((name, other), key=len)
    if len(long) > _LONGEST:
        return False
    words = [set(_WORD.findall(one)) for one in (short, long)]
    if (len(short) >= _TELLING and short in long) or words[0] <= words[1]:
        return True
    most = max(1, len(long) // 3)
    return len(long) - len(short) <= most and slips(short, long) <= most


def slips(one: str, other: str) -> int:
    """The letters that are put in, left out, or others, and pairs of letters in the other order (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]


def slip(name: str, known: Collection[str]) -> str:
    """The known name of which another is a slip of the hand: letters that changed places, one too many or too few, in a
    long name another one; "" for none. It is stricter than ``nearest``: a word of its own is no slip.
    """
    if _NAME.fullmatch(name) is None:
        return ""
    near = (one for one in known if one[:1] == name[0] and -2 < len(one) - len(name) < 2)
    return min((one for one in near if _NAME.fullmatch(one) and _slipped(name, one)), default="")


def _slipped(name: str, other: str) -> bool:
    """Whether two names are a slip apart, and not a thing and several of it, nor two ways to write one name."""
    at = begun_alike(name, other)
    own, its = name[at:], other[at:]
    if len(own) != len(its):
        short, long = sorted((own, its), key=len)
        return short == long[1:] and long[0].isalpha() and long != "s"
    if own[1::-1] + own[2:] == its:
        return True
    letters = own[:1].isalpha() and its[:1].isalpha() and own[0].lower() != its[0].lower()
    return letters and len(name) >= _LONG and own[1:] == its[1:]


def begun_alike(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many characters two texts begin, or lines two lists of them, that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _at_most(name: str, other: str, alike: float) -> float:
    """The share that two names have in common, had they their letters in the same order; 0 where it is below
    ``alike`` for their lengths alone.
    """
    total = len(name) + len(other)
    if not total:
        return 1.0
    if 2.0 * min(len(name), len(other)) / total < alike or len(other) > _LONGEST:
        return 0.0
    return 2.0 * len(_letters(name) & _letters(other)) / total


@lru_cache(maxsize=_MOST_LETTERS)
def _letters(name: str) -> frozenset[tuple[str, int]]:
    """Each letter of a name with how many of it stood before."""
    counts: dict[str, int] = {}
    found = set()
    for letter in name:
        counts[letter] = counts.get(letter, 0) + 1
        found.add((letter, counts[letter]))
    return frozenset(found)
