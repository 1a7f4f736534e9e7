"""A menu's way: in "open the app > Profile > Bank account" the datum is where to tap, and what is entered at the end of
"Account > Payment > IBAN, type the new one" is entered there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .lexicon import DATA, Unit
from .tokens import ARROWS, Token

_STEP = frozenset({">", ">>", *ARROWS})
_LEADING = frozenset("LE")
_STOPS = frozenset(".?!;:,/(")
_WANTING = frozenset("GANWM=*")
_CHOOSING = frozenset("Gc")
"""The tags of what chooses the first item: "open the app and choose Profile > Bank account"."""
_SHARED = "location"
"""What a chat's own menu sends: "tap 📎 > Location > Send current location"."""
_HERE = frozenset("+HX")
"""The tags of a way that is the chat's own."""
_LONGEST = 5  # units of a menu's item
_LEAST = 2  # steps of a way that nothing but its signs tells
_ELSE = "E"
_PLACE = ("app",)


class _Way(NamedTuple):
    """The units of a way, half open, and how many steps it has."""

    first: int
    last: int
    steps: int


def joined(units: list[Unit], tokens: list[Token], text: str) -> list[Unit]:
    """The units with the data that are items of a menu as words that change nothing, and a long way as a place."""
    if not any(sign in text for sign in _STEP):
        return units
    found = list(units)
    for way in _ways(units, tokens, text):
        own = units[way.first : way.last]
        begun = units[max(way.first - 1, 0) : way.last]
        if not _WANTING.isdisjoint(unit.tag for unit in own):
            continue
        chosen = way.first - 2 if way.first > 1 and units[way.first - 2].tag in _CHOOSING else way.first
        found[chosen : way.last] = map(_muted, units[chosen : way.last])
        if way.steps >= _LEAST and _HERE.isdisjoint(unit.tag for unit in begun):
            found[way.last - 1] = units[way.last - 1]._replace(tag=_ELSE, data=_PLACE)
    return found


def _ways(units: list[Unit], tokens: list[Token], text: str) -> Iterator[_Way]:
    """Each way, from the item behind its first step, or from its first item if nothing leads there."""
    leads = False
    begin = at = 0
    while at < len(units):
        if units[at].tag in _STOPS:
            leads, begin = False, at + 1
        steps, end = _followed(units, at, tokens, text)
        if steps:
            if leads or (steps >= _LEAST and at - begin <= _LONGEST):
                yield _Way(at if leads else begin, end, steps)
            begin = at = end
            continue
        leads = leads or units[at].tag in _LEADING
        at += 1


def _followed(units: list[Unit], at: int, tokens: list[Token], text: str) -> tuple[int, int]:
    """How many steps are taken from a unit on, and the unit behind the last of their items."""
    steps = 0
    while at < len(units) and _is_step(units, at, tokens, text):
        item = _item(units, at, tokens, text)
        if not item:
            break
        steps, at = steps + 1, at + item
    return steps, at


def _muted(unit: Unit) -> Unit:
    is_item = unit.tag in DATA and unit.data[:1] != (_SHARED,)
    return unit.muted() if is_item or unit.tag in _CHOOSING else unit


def _is_step(units: list[Unit], at: int, tokens: list[Token], text: str) -> bool:
    """Whether a sign that leads one step on stands right before a unit."""
    if not at:
        return False
    before, start = tokens[units[at - 1].last - 1], tokens[units[at].first].start
    return text[before.end : start].strip() in _STEP or before.norm in _STEP


def _item(units: list[Unit], at: int, tokens: list[Token], text: str) -> int:
    """How many units the item of a menu has that begins at one; 0 if it is too long for one."""
    for count in range(1, _LONGEST + 1):
        end = at + count
        if end == len(units) or units[end].tag in _STOPS or _is_step(units, end, tokens, text):
            return count
    return 0
