"""The languages with a policy's own terms and places in them."""

from __future__ import annotations

from functools import lru_cache

from ..language import pack
from ..language.pack import Pack
from ..policy.model import Policy

_MOST = 32  # packs with own terms: an editor or a server goes on for days, with policies made anew


def policy_pack(policy: Policy, language: str) -> Pack:
    """A language's pack with the policy's own terms and places in it."""
    own = policy.own_words.get(language, ())
    places = tuple(name for place in policy.safe.own for name in place.names)
    return _extended(language, own, places) if own or places else pack.load(language)


def naming_pack(policy: Policy, language: str) -> Pack:
    """The same without the places, for names that programs give: "my_account_number" leads to no "My account"."""
    own = policy.own_words.get(language, ())
    return _extended(language, own, ()) if own else pack.load(language)


@lru_cache(_MOST)
def _extended(language: str, own: tuple[tuple[str, tuple[str, ...]], ...], places: tuple[str, ...]) -> Pack:
    return pack.load(language).extended(dict(own), places)
