"""A datum of a site that is named by its address: "your password for example.org" leads nowhere, it says which."""

from __future__ import annotations

import re
from collections.abc import Set

from .lexicon import DATA, Unit
from .tokens import Token, fold

_ADDRESS, _SMALL, _YOUR = "@", "_", "r"
_NAME = re.compile(r"(?!www\.)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
"""The address of a site that may be its name; one to go to or to write to is written otherwise."""


def joined(units: list[Unit], tokens: list[Token], text: str, of: Set[str]) -> list[Unit]:
    """The units with a datum and the site whose it is as one; ``of`` are the words that lead from one to the other."""
    if not any(unit.tag == _ADDRESS for unit in units):
        return units
    found: list[Unit] = []
    for unit in units:
        if unit.tag == _ADDRESS and _NAME.fullmatch(text[tokens[unit.first].start : tokens[unit.last - 1].end]):
            named = _datum_before(found, tokens, of)
            if named >= 0:
                found[named:] = [found[named]._replace(last=unit.last)]
                continue
        found.append(unit)
    return found


def _datum_before(units: list[Unit], tokens: list[Token], of: Set[str]) -> int:
    """Which unit is the datum that leads to what follows, by "for" or "for your" or by nothing; -1 if none does."""
    at = len(units) - 1
    if at > 0 and units[at].tag == _YOUR and _leads_on(units[at - 1], tokens, of):
        at -= 1
    if at > 0 and _leads_on(units[at], tokens, of):
        at -= 1
    return at if at >= 0 and units[at].tag in DATA else -1


def _leads_on(unit: Unit, tokens: list[Token], of: Set[str]) -> bool:
    return unit.tag == _SMALL and all(fold(token.norm) in of for token in tokens[unit.first : unit.last])
