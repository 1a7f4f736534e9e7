"""Where a sentence leads that stands in a link, or before an address.

"Here" is this conversation, but "upload it here" within a link, and "upload it here: https://example.org", are a page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ..markup.addresses import leads_away
from .lexicon import DATA, Unit
from .tokens import Token

Range = tuple[int, int]
"""Where a link's text begins and ends; a placeholder that stands for an address is one, too."""
_HERE, _ELSE, _GIVE, _GIVE_BY_LINK, _VALUE, _URL, _OTHER = "HEG7*@O"
_PAGE = ("website",)
_CHANGED = frozenset((_HERE, _GIVE))
_POINTS = frozenset(":+~/^")  # between what is to be done and the address where: a colon, an emoji, a line end
_SAYS_SO = frozenset(":+")  # of which one has to be there
_ADDRESSES = frozenset((_URL, _VALUE))
_ENDS = frozenset(".?!/@")
_JOINS = frozenset("&|b,;~")  # and, or, but
_REACH = 40  # units; no sentence that points to an address is longer
_FARTHEST = 2 * _REACH  # units; what an address changes stands no further before it
_NEAR = 20  # characters between a line that waits for an address and the address
_WAITS = re.compile(r"(?::|[\u2190-\u27bf\U0001f300-\U0001faff]\ufe0f?)\s*\Z")
_BELOW = re.compile(r"[\s\W]{0,20}((?:https?://|www\.)\S{1,200})", re.IGNORECASE)


def within(linked: Sequence[Range], text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[Range, ...]]:
    """The links in each stretch of a text, by their places there, all in order.

    One behind the end of a stretch stands for an address below it that it waits for.
    """
    first = 0
    for start, end in stretches:
        while first < len(linked) and linked[first][1] <= start:
            first += 1
        found = []
        number = first
        while number < len(linked) and linked[number][0] < end:
            found.append((max(linked[number][0] - start, 0), min(linked[number][1], end) - start))
            number += 1
        if _WAITS.search(text, max(start, end - 4), end) and _comes_below(linked[number : number + 1], text, end):
            found.append((end - start, end - start))
        yield tuple(found)


def _comes_below(following: Sequence[Range], text: str, end: int) -> bool:
    """Whether an address, or the next link, stands right behind a place of a text."""
    address = _BELOW.match(text, end)
    if address is not None:
        return leads_away(address[1])
    return any(start - end <= _NEAR and not text[end:start].strip() for start, _ in following)


def leading(units: list[Unit], tokens: list[Token], text: str, linked: Sequence[Range]) -> list[Unit]:
    """The units with "here" as another place, and giving as giving by a link, where a link or address says so."""
    if not linked and _ADDRESSES.isdisjoint([unit.tag for unit in units]):
        return units
    found = list(units)
    ends = [tokens[unit.last - 1].end for unit in units] if linked else []
    for start, end in linked:
        first = last = bisect_right(ends, start)
        while last < len(units) and tokens[units[last].first].start < end:
            last += 1
        only_named = any(unit.tag in DATA for unit in units[first:last])  # what it is, not where it goes
        found[first:last] = map(_in_link, units[first:last])
        if first < last and not only_named:
            _before_address(found, first, True)
    changed = -_FARTHEST - 1
    for at, unit in enumerate(found):
        if unit.tag in _CHANGED:
            changed = at
        elif unit.tag in _ADDRESSES and at - changed <= _FARTHEST:
            address = text[tokens[unit.first].start : tokens[unit.last - 1].end]
            if leads_away(address):
                _before_address(found, at, unit.tag == _URL and "@" not in address)
    if linked and linked[-1][0] >= len(text):
        _before_address(found, len(found), True)
    return found


def _in_link(unit: Unit) -> Unit:
    if unit.tag == _HERE:
        return unit._replace(tag=_ELSE, data=_PAGE)
    if unit.tag == _GIVE:
        return unit._replace(tag=_GIVE_BY_LINK)
    return unit._replace(tag=_URL) if unit.tag == _VALUE else unit


def _before_address(units: list[Unit], address: int, is_page: bool) -> None:
    """Change what stands in the sentence before an address that it points to."""
    end = address
    while end and address - end < _REACH and units[end - 1].tag in _POINTS:
        end -= 1
    said = {unit.tag for unit in units[end:address]}
    beside = end == address and end > 0 and units[end - 1].tag == _HERE
    if said.isdisjoint(_SAYS_SO) and not beside:
        return
    tags = "".join(unit.tag for unit in units[max(0, end - 1) : address + 1])
    if not is_page and tags.startswith(_OTHER) and tags.endswith(_VALUE):
        return  # "Send it here 📲 Reference: {{1}}": what the placeholder is stands before it
    sentence = list(_sentence(units, end))
    names_data = any(units[at].tag in DATA for at in sentence)
    for at in sentence:
        if units[at].tag == _HERE or (units[at].tag == _GIVE and is_page and names_data):
            units[at] = _in_link(units[at])


def _sentence(units: list[Unit], end: int) -> Iterator[int]:
    """The places of a sentence's units from its end back, as far as it speaks of data: "send us your IBAN and see our
    terms: https://…" begins anew behind "and", "your IBAN and your name: https://…" doesn't.
    """
    names_data = False
    for at in range(end - 1, max(end - 1 - _REACH, -1), -1):
        tag = units[at].tag
        if tag in _ENDS or (tag in _JOINS and not names_data):
            return
        names_data = names_data or tag in DATA
        yield at
