"""Whether a text calls the customer je, du or tu: a wording that is put into it has to do the same.

formality.yaml in a language's folder lists the words of each way of speaking; a language without that file has one way
for all. A word that begins with a capital letter there counts only where it is written with one ("Ihre").
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .. import resources
from ..expressions import expression

KINDS = ("formal", "informal")
_WORD = expression(r"[^\W\d_]+")


class _Forms(NamedTuple):
    """The words by which a language's two ways of speaking are told."""

    formal: frozenset[str] = frozenset()
    informal: frozenset[str] = frozenset()


def is_informal(text: str, code: str) -> bool:
    """Whether more in a text speaks informally to the customer than formally, in the language of that code."""
    forms = _forms(code)
    if not forms.informal:
        return False
    said = _WORD.findall(text)
    return _count(said, forms.informal) > _count(said, forms.formal)


def _count(said: list[str], words: frozenset[str]) -> int:
    return sum(
        word in words or word.lower() in words or (word.isupper() and word.capitalize() in words) for word in said
    )


@lru_cache(maxsize=16)
def _forms(code: str) -> _Forms:
    import yaml

    written = yaml.safe_load(resources.formality(code) or "{formal: [], informal: []}")
    if not isinstance(written, dict) or set(written) != set(KINDS):
        raise resources.PackError(f"grammar/{code}/formality.yaml has to list words under 'formal' and 'informal'")
    return _Forms(*(frozenset(map(str, written[kind])) for kind in KINDS))
