"""Where a datum comes from: in "send us the PIN that you chose at the branch" the branch is no place to give it.

What follows a datum and says how it was come by, or what it opens, belongs to its name. Where nothing before it says
that it is for us ("enter the code you received in the app"), the place may be where it is to go; only a verb that takes
the place itself counts there: "the password with which you *log in* to the app". words.yaml lists under ``described``
how such a clause begins (``openers``), the verbs (``origins``, ``entered``), and how "to us" is said within a verb
(``for-us``).
"""

from __future__ import annotations

from .described import Origins, folded
from .lexicon import DATA, Unit
from .tokens import Token

_COMMA, _DOCUMENT, _THERE = ",", "P", "T"
_PLACES = frozenset("EL")
_WAYS = _PLACES | frozenset("HBt")
_SAID = _WAYS | frozenset("VSkciO")
"""The tags of what such a clause may say, which means nothing more once it is a part of the name."""
_STOPS = frozenset(".?!;:~/(^")
_APART = frozenset("GANCMnqveXQ") | DATA
"""The tags of what is said of the datum, or asked: then the clause is no mere part of its name."""
_DENIED = frozenset("CMnqv")
_FOR_US = frozenset("uN")
_REACH = 12  # units of a clause
_FAR = 24  # units of a sentence that are looked at on either side, so that reading stays linear


def joined(units: list[Unit], tokens: list[Token], of: Origins) -> list[Unit]:
    """The units with the places that only tell where a datum comes from as words that change nothing."""
    if not any(unit.tag in _PLACES for unit in units):
        return units
    found = units
    for at, unit in enumerate(units):
        if unit.tag not in DATA or unit.tag == _DOCUMENT:
            continue
        end = _clause_end(units, at)
        last = _origin_end(units, at, end, tokens, of) if _leads_back(units, at, end) else at + 1
        if last > at + 1:
            found = list(found) if found is units else found
            found[at + 1 : last] = map(_muted, units[at + 1 : last])
    return found


def _leads_back(units: list[Unit], at: int, end: int) -> bool:
    """Whether the clause behind a datum names a place or a way, and nothing later denies it or points there again."""
    if not any(unit.tag in _WAYS for unit in units[at + 1 : end]):
        return False
    following = units[end : end + _FAR]
    return not (following and following[0].tag in _DENIED) and all(one.tag != _THERE for one in following)


def _muted(unit: Unit) -> Unit:
    return unit.muted() if unit.tag in _SAID else unit


def _clause_end(units: list[Unit], at: int) -> int:
    """Behind which unit the clause that follows a datum ends."""
    end = at + 2 if at + 1 < len(units) and units[at + 1].tag == _COMMA else at + 1
    while end < len(units) and end - at <= _REACH and units[end].tag not in _STOPS:
        if units[end].tag == _COMMA or units[end].tag in _APART or _goes_on(units, end):
            break
        end += 1
    return end


def _goes_on(units: list[Unit], at: int) -> bool:
    """Whether an "and" leads to something else to do."""
    return units[at].tag == "&" and not _APART.isdisjoint(unit.tag for unit in units[at + 1 : at + 3])


def _origin_end(units: list[Unit], at: int, end: int, tokens: list[Token], of: Origins) -> int:
    """Behind which unit the words end that tell where a datum comes from; before the next one if there are none.

    Where the datum is not said to be for us, and no commas part the clause from the rest, the last way or place is the
    sentence's: "enter the code you received by text | in the app".
    """
    unit = units[at]
    said = folded(tokens[unit.first + 1 : units[end - 1].last])
    opener = of.openers.search(said)
    if opener is None or opener.start() > len(folded(tokens[unit.first + 1 : unit.last])) + len(", "):
        return at + 1
    if of.entered.search(said, opener.start()):
        return end
    if of.origins.search(said, opener.start()) is None:
        return at + 1
    is_apart = units[at + 1].tag == _COMMA and end < len(units) and units[end].tag == _COMMA
    if is_apart or _is_for_us(units, at, tokens, of):
        return end
    ways = [number for number in range(at + 1, end) if units[number].tag in _WAYS]
    return ways[-1] if len(ways) > 1 else at + 1


def _is_for_us(units: list[Unit], at: int, tokens: list[Token], of: Origins) -> bool:
    """Whether what stands before a datum in its sentence says that it is for us."""
    for unit in reversed(units[max(at - _FAR, 0) : at]):
        if unit.tag in _STOPS:
            return False
        if unit.tag in _FOR_US or (unit.tag == "G" and of.for_us.search(folded(tokens[unit.first : unit.last]))):
            return True
    return False
