"""A datum of a site that is named by its address: "your password for example.org" leads nowhere, it says which."""

from __future__ import annotations

import re
from collections.abc import Set

from .lexicon import DATA, Unit
from .tokens import Token, fold

_ADDRESS, _SMALL = "@", "_"
_NAME = re.compile(r"(?!www\.)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
"""The address of a site that may be its name; one to go to or to write to is written otherwise."""


def joined(units: list[Unit], tokens: list[Token], text: str, of: Set[str]) -> list[Unit]:
    """The units with a datum and the site whose it is as one; ``of`` are the words that lead from one to the other."""
    if not any(unit.tag == _ADDRESS for unit in units):
        return units
    found: list[Unit] = []
    for unit in units:
        if unit.tag == _ADDRESS and _NAME.fullmatch(text[tokens[unit.first].start : tokens[unit.last - 1].end]):
            if len(found) > 1 and found[-2].tag in DATA and _leads_on(found[-1], tokens, of):
                found.pop()
            if found and found[-1].tag in DATA:
                found[-1] = found[-1]._replace(last=unit.last)
                continue
        found.append(unit)
    return found


def _leads_on(unit: Unit, tokens: list[Token], of: Set[str]) -> bool:
    return unit.tag == _SMALL and all(fold(token.norm) in of for token in tokens[unit.first : unit.last])
