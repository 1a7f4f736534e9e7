"""A number by which somebody will call: "leave us a number and a colleague will ring you".

It is the customer's telephone number, whatever it is called, and the call is no other way to give it.
"""

from __future__ import annotations

import re

from .described import folded
from .lexicon import DATA, Unit
from .tokens import Token

_PHONE = "phone"
_DATUM = "D"
_SKIPPED = "_uH23"  # "a number below", "un numero qui", "eine Nummer da"
_GIVE = "G"
_BARE = frozenset("#d")
_ELSEWHERE = frozenset("E")
_LEADING = frozenset("EL")
_JOINS = frozenset("&,|~2t")
_STOPS = frozenset(".?!;/")
_NEAR = 5  # units from "leave us" to the number
_JOINED = 3  # units from the number to what joins the call to it
_REACH = 14  # words from the number to the call


def joined(units: list[Unit], tokens: list[Token], numbers: re.Pattern[str], called: re.Pattern[str]) -> list[Unit]:
    """The units with such a number as a datum, and its call as words that change nothing.

    ``numbers`` is how such a number may be called, ``called`` how somebody calls, in words with a blank behind each.
    """
    found = units
    for at, unit in enumerate(units):
        is_bare = unit.tag in _BARE and _is_bare(units, at, tokens, numbers)
        if not (is_bare or _is_phone(unit)):
            continue
        call = _call(tokens, unit.last, called)
        if call is None:
            continue
        found = list(found) if found is units else found
        if is_bare:
            found[at] = unit._replace(tag=_DATUM, data=(_PHONE,))
        leading = _LEADING if is_bare else _ELSEWHERE
        for later in range(at + 1, len(units)):
            if units[later].tag in leading and units[later].first < call[1] and units[later].last > call[0]:
                found[later] = units[later].muted()
    return found


def _is_phone(unit: Unit) -> bool:
    return unit.tag in DATA and unit.data[:1] == (_PHONE,)


def _is_bare(units: list[Unit], at: int, tokens: list[Token], numbers: re.Pattern[str]) -> bool:
    """Whether it is a number of no name that is to be given; "a number from the menu" is another one."""
    if not any(one.tag == _GIVE for one in units[max(at - _NEAR, 0) : at]):
        return False
    joining = "".join(one.tag for one in units[at + 1 : at + 1 + _JOINED]).lstrip(_SKIPPED)
    if joining and joining[0] not in _JOINS and joining[0] not in _STOPS:
        return False
    return numbers.fullmatch(folded(tokens[units[at].first : units[at].last])) is not None


def _call(tokens: list[Token], first: int, called: re.Pattern[str]) -> tuple[int, int] | None:
    """The tokens behind a number that say who will call; None if nothing does."""
    last = first
    while last < len(tokens) and last - first < _REACH and tokens[last].tag not in _STOPS:
        last += 1
    said = folded(tokens[first:last])
    match = called.search(said)
    if match is None:
        return None
    return first + said.count(" ", 0, match.start()), first + said.count(" ", 0, match.end())
