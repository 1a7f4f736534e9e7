"""What of a policy is lost, or weaker, since a policy that is extended beside it says something else.

A file that builds on another one may say anew what it likes. Of two that a third one extends side by side neither means
the other's: where brands are joined, nobody has decided that the last one in the list is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from .extends import File, Files
from .model import Crossed, Place
from .nodes import Node, items, pairs, text_of
from .sets import plain
from .vocabulary import SETS

_Slot = tuple[str, ...]
"""A value in a policy by the keys that lead there; of a set each kind of data that is put in or taken out."""
_WORDINGS = ("texts", "instead", "because")
_LISTS = ("because", "elements")
_LEVELS = ("error", "warning", "off")


class _Said(NamedTuple):
    value: object
    node: Node
    file: File


def crossed(files: Files, ousted: Collection[str]) -> Iterator[Crossed]:
    """What gives way, for each two policies that are extended side by side, but for rules that are ``ousted`` whole."""
    if all(len(file.direct) < 2 for file in files):
        return
    known = {file.name: file for file in files}
    said = {file.name: _said_by(file) for file in files}
    for file in files:
        sides = [known[name] for name in file.direct]
        below = [known[name] for name in known if name in file.below]  # in the order in which they count
        for side in sides if len(sides) > 1 else ():
            if not side.source.is_bundled:
                own = [one for one in below if one is side or one.name in side.below]
                above = [one for one in files if file.name in (one.name, *one.below)]
                together = {slot: one for slot, one in _told(below, said).items() if _name(slot) not in ousted}
                yield from _given_way(file, side, together, _told(own, said), _told(above, said))


def _told(files: list[File], said: dict[str, dict[_Slot, _Said]]) -> dict[_Slot, _Said]:
    """What some files say together: the last of them counts."""
    return {slot: told for file in files for slot, told in said[file.name].items()}


def _given_way(
    file: File, side: File, together: dict[_Slot, _Said], alone: dict[_Slot, _Said], anew: dict[_Slot, _Said]
) -> Iterator[Crossed]:
    """What a policy says with those that it builds on, and does not hold where ``file`` extends it beside others."""
    lost: dict[str, list[_Slot]] = {}
    first: dict[str, _Said] = {}
    for slot, now in together.items():
        is_of_another = now.file is not side and now.file.name not in side.below and side.name not in now.file.below
        if is_of_another and slot not in anew and _is_lost(slot, alone, now):
            lost.setdefault(now.file.name, []).append(slot)
            first.setdefault(now.file.name, now)
    for name, slots in lost.items():
        now = first[name]
        where = tuple(dict.fromkeys(": ".join(slot[:3]) for slot in slots))
        by = file.below[name]
        yield Crossed(where, side.source.path, Place(now.node.source, now.node.span), Place(by.source, by.span))


def _name(slot: _Slot) -> str:
    """The rule that it is of, "" for what is of none."""
    return slot[1] if slot[0] == "rules" else ""


def _is_lost(slot: _Slot, alone: dict[_Slot, _Said], now: _Said) -> bool:
    """Whether what holds is other than what a policy says alone; of levels and data, whether it is less."""
    part, last = slot[0], slot[-1]
    was = alone.get(slot)
    if part == "rules" and slot[2] in ("rule", "level"):
        if slot[2] == "rule" or (was is None and (*slot[:2], "rule") not in alone):
            return False  # the sentence is told by itself
        level = str(was.value) if was is not None else _LEVELS[0]
        return _rank(str(now.value)) > _rank(level)
    if part == "data":
        had = was.value if was is not None else last in SETS.get(slot[1], ())
        return bool(had) and not now.value and _is_spoken_of(slot[1], alone)
    if was is None or was.value == now.value:
        return False
    return not was.file.source.is_bundled if slot[2:3] and slot[2] in _WORDINGS else True


def _is_spoken_of(name: str, alone: dict[_Slot, _Said]) -> bool:
    """Whether a set is named in a rule, or put into another set."""
    sentences = (one.value for slot, one in alone.items() if slot[0] == "rules" and slot[2] == "rule")
    return any(name in str(said).lower() for said in sentences) or any(
        slot[0] == "data" and slot[-1] == name for slot in alone
    )


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else 0


def _said_by(file: File) -> dict[_Slot, _Said]:
    return {slot: _Said(value, node, file) for slot, value, node in _values(file.node)}


def _values(node: Node) -> Iterator[tuple[_Slot, object, Node]]:
    """What a file says that another one can say otherwise, but for channels, of which all is said at once."""
    safe = node.get("safe-channels")
    kinds = safe.get("kinds") if safe is not None else None
    if kinds is not None:
        yield ("safe-channels", "kinds"), frozenset(str(item.value) for item in items(kinds)), kinds
    for key, value in pairs(node.get("disclaimers")):
        yield from _fields(("disclaimers", str(key.value)), value, ("elements", "at-most", "texts"))
    for key, value in pairs(node.get("rules")):
        yield from _fields(("rules", str(key.value)), value, ("rule", "level", "because", "instead"))
    for key, value in pairs(node.get("data")):
        for item in items(value) if value.kind == "list" else ():
            word = str(item.value)
            yield ("data", str(key.value), plain(word)), not word.startswith("-"), item


def _fields(slot: _Slot, node: Node, names: tuple[str, ...]) -> Iterator[tuple[_Slot, object, Node]]:
    for name in names:
        value = node.get(name)
        if value is None:
            continue
        if value.kind == "map":
            for key, text in pairs(value):
                yield (*slot, name, str(key.value)), text_of(text), text
        elif name in _LISTS:
            yield (*slot, name), frozenset(str(item.value) for item in items(value)), value
        else:
            yield (*slot, name), value.value, value
