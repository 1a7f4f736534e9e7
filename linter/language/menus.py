"""A datum that names a place of a menu: in "open the app > Profile > Bank account" it is where to tap."""

from __future__ import annotations

from collections.abc import Iterator

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
_LONGEST = 5  # units of a menu's item


def joined(units: list[Unit], tokens: list[Token], text: str) -> list[Unit]:
    """The units with the data that are items of a menu as words that change nothing."""
    if not any(sign in text for sign in _STEP):
        return units
    found = list(units)
    for first, last in _menus(units, tokens, text):
        if _WANTING.isdisjoint(unit.tag for unit in units[first:last]):
            chosen = first - 2 if first > 1 and units[first - 2].tag in _CHOOSING else first
            found[chosen:last] = map(_muted, units[chosen:last])
    return found


def _menus(units: list[Unit], tokens: list[Token], text: str) -> Iterator[tuple[int, int]]:
    """The units from the first to behind the last item of each way that goes somewhere."""
    leads = False
    at = 0
    while at < len(units):
        if units[at].tag in _STOPS:
            leads = False
        first = at
        while leads and _is_step(units, at, tokens, text):
            item = _item(units, at, tokens, text)
            at += item
            if not item or at == len(units):
                break
        if at > first:
            yield first, at
            continue
        leads = leads or units[at].tag in _LEADING
        at += 1


def _muted(unit: Unit) -> Unit:
    is_item = unit.tag in DATA and unit.data[:1] != (_SHARED,)
    return unit.muted() if is_item or unit.tag in _CHOOSING else unit


def _is_step(units: list[Unit], at: int, tokens: list[Token], text: str) -> bool:
    """Whether a sign that leads one step on stands right before a unit."""
    before, start = tokens[units[at - 1].last - 1], tokens[units[at].first].start
    return text[before.end : start].strip() in _STEP or before.norm in _STEP


def _item(units: list[Unit], at: int, tokens: list[Token], text: str) -> int:
    """How many units the item of a menu has that begins at one; 0 if it is too long for one."""
    for count in range(1, _LONGEST + 1):
        end = at + count
        if end == len(units) or units[end].tag in _STOPS or _is_step(units, end, tokens, text):
            return count
    return 0
