"""Entries that do several things, of which some say something: ``{"title": …, "actions": [{"type": "add_reply", …}]}``.

An act is a mapping that says what it does (``"type": "add_reply"``) with its text beside that or among its parameters
(``{"name": "send-message", "params": {"msg": …}}``), or does it under a name (``{"reply": {"body": …}}``); all acts of
an entry may be one mapping of such names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..conversation import Path
from ..documents.model import numbered
from .common import Gathering, Record, is_text, known_channels
from .fields import REPLIES, channel_of, role, words_of
from .plans import Standing, is_internal, is_note, overlook_others, plan_of, read_record, standing_of
from .prose import is_sentence

_ACTS = frozenset(["actions", "action", "acts", "steps", "acties", "aktionen", "acoes", "acciones", "azioni"])
_DOES = (
    "type", "action", "kind", "field", "op", "operation", "command", "do", "field_name", "action_name", "actionName",
    "name",
)  # fmt: skip
_WITH = ("params", "parameters", "arguments", "args", "options", "config", "data", "value", "payload")
"""Names under which an act has what it does it with."""
_SAYS = REPLIES | {"replies", "respond", "comment", "say", "send", "email", "mail", "sms", "antwoorden", "antworten"}
_INWARD = frozenset(
    ["note", "notes", "internal", "intern", "interne", "interna", "interno", "private", "staff", "agent", "agents",
     "team", "group", "assignee", "collega", "notitie", "notiz", "nota", "forward"]
)  # fmt: skip
_LEAST = 0.5


class _Act(NamedTuple):
    """One that says something: where it stands, its text by the names beside it, and what it does ("send_email").

    Of one that is not ``known`` it can't be told whether it says something.
    """

    path: Path
    values: dict[str, Any]
    inward: bool
    does: str
    known: bool = True


def are_acting(sample: Sequence[dict[Any, Any]]) -> bool:
    """Whether most of the entries have a name and an act that says something to a customer."""
    found = [any(map(_speaks, _acts(entry, ()))) and bool(plan_of(_names(entry)).titles) for entry in sample]
    return bool(found) and sum(found) >= _LEAST * len(found)


def _speaks(act: _Act) -> bool:
    return act.known and not act.inward and any(is_sentence(act.values[name]) for name in _texts(act.values))


def read_acts(gathering: Gathering, record: Record, around: Standing, name: str = "") -> None:
    """Say what the acts of an entry say, note what goes to colleagues."""
    plan = plan_of(_names(record.values))
    id = name or record.name(*plan.titles)
    inside = standing_of(record.values, plan, around)
    internal = is_internal(record.values, plan)
    for act in _acts(record.values, record.path):
        if not act.known:
            overlook_others(gathering, Record(act.values, act.path), _DOES)
        elif act.inward or internal:
            reason = "an internal note" if act.inward else "marked as internal"
            for key in _texts(act.values):
                gathering.skip(act.values[key], (*act.path, key), reason, id)
        else:
            names = [key for key in _names(act.values) if key not in _DOES]
            only = known_channels(channel_of(act.does)) or inside.channels
            read_record(gathering, Record(act.values, act.path), plan_of(names), inside._replace(channels=only), id)


def _texts(act: dict[Any, Any]) -> list[str]:
    """The names under which an act has its texts."""
    return [name for name in _names(act) if role(name).kind in ("text", "agent") and is_text(act[name])]


def _names(values: dict[Any, Any]) -> list[str]:
    return [name for name in values if isinstance(name, str)]


def _acts(entry: dict[Any, Any], path: Path) -> Iterator[_Act]:
    for key, value in entry.items():
        if str(key).lower() not in _ACTS:
            continue
        if isinstance(value, dict):
            yield from _by_name(value, (*path, key))
        elif isinstance(value, list):
            for number, act in numbered(value):
                if isinstance(act, dict):
                    yield from _of_one(act, (*path, key, number))


def _of_one(act: dict[Any, Any], path: Path) -> Iterator[_Act]:
    does = next((act[name] for name in _DOES if isinstance(act.get(name), str)), "")
    words = set(words_of(does))
    inside = ((name, act.get(name)) for name in _WITH)
    places = [(path, act), *(((*path, name), values) for name, values in inside if isinstance(values, dict))]
    found = [(place, values) for place, values in places if _texts(values)] if does else []
    says = bool(words & (_SAYS | _INWARD)) or bool(channel_of(does))
    for place, values in found:
        inward = bool(words & _INWARD) or is_note(values) or values.get("public") is False
        yield _Act(place, values, inward, does, says)
    if not found:
        named = list(_by_name(act, path))
        yield from named or ([_Act(path, act, False, does, False)] if does else [])


def _by_name(acts: dict[Any, Any], path: Path) -> Iterator[_Act]:
    """Acts under the names of what they do."""
    for name, value in acts.items():
        words = set(words_of(str(name)))
        if not words & (_SAYS | _INWARD):
            continue
        inward = bool(words & _INWARD)
        if is_text(value):
            yield _Act(path, {name: value}, inward, str(name))
        elif isinstance(value, dict) and _texts(value):
            yield _Act((*path, name), value, inward or is_note(value) or value.get("public") is False, str(name))
