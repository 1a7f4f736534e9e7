"""Words of a policy: how they stand in a text (whole words, whatever their capitals), and in which language they are.

A wording is for a language (``nl``), or for the texts in it that call the customer je, du or tu (``nl-informal``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from .. import resources
from ..expressions import expression

INFORMAL = "-informal"
_OPTIONAL = expression(r"\s*\([^()]*\)")
_OTHERS = expression(r"(?<=[^\s/])/\S+")  # what may stand in the place of a word
_GAPS = frozenset("()/*…")
_SCHEMES = ("https://", "http://")


def stands_in(words: str, lower: str) -> bool:
    """Whether a text in small letters has these words, and not as a part of longer ones."""
    words = words.lower()
    at = lower.find(words)
    while words and at >= 0:
        end = at + len(words)
        if not (_is_joined(lower[at - 1 : at], words[0]) or _is_joined(words[-1], lower[end : end + 1])):
            return True
        at = lower.find(words, at + 1)
    return False


def _is_joined(first: str, second: str) -> bool:
    """Whether two characters belong to one word."""
    return first.isalnum() and second.isalnum() and not (is_dense(first) or is_dense(second))


def is_dense(text: str) -> bool:
    """Whether a text has letters of a script without capitals: such scripts may put no blank between words."""
    return any(letter.isalpha() and letter.lower() == letter.upper() for letter in text)


@lru_cache(maxsize=256)
def bare_address(url: str) -> str:
    """An address as it may stand in a text: in small letters, without its scheme and the slash at its end."""
    small = url.strip().lower()
    for scheme in _SCHEMES:
        small = small.removeprefix(scheme)
    return small.removeprefix("www.").rstrip("/")


def language_in(key: str) -> str:
    """The language of a wording by its key in the policy."""
    return key.removesuffix(INFORMAL)


def informal_keys() -> list[str]:
    """The keys of informal wordings."""
    return [f"{code}{INFORMAL}" for code in resources.languages() if resources.formality(code)]


def put_upon(inherited: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Wordings by key, an inherited one where there is no own one.

    Who words a language anew has not said what somebody else's informal wording says: that goes.
    """
    kept = {key: text for key, text in inherited.items() if key in own or language_in(key) not in own}
    return {**kept, **own}


def term_of(terms: Mapping[str, Sequence[str]], language: str) -> str:
    """What an organisation's own kind of data is called in a language by its terms; "" where none says it.

    Where each entry is for several terms the first and shortest of one counts: "client number" of "(new)
    client/customer number".
    """
    written = terms.get(language, ())
    said = (*written, *(_OTHERS.sub("", _OPTIONAL.sub("", term)).strip() for term in written))
    return next((term for term in said if term and not _GAPS & set(term)), "")
