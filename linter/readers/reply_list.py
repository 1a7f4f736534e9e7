"""Lists of replies in JSON, JSON Lines or YAML that no product made: what stands on their shelves is read.

Keys are never read, nor what a customer says (questions, keywords, patterns).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document, Several
from ..documents.model import numbered
from . import Neighbours
from .acts import read_acts
from .common import Gathering, Record, is_data, known_channels, named
from .fields import Role, channel_over, is_channel, locale_of, role
from .plans import (
    DESCRIBES,
    Plan,
    Standing,
    are_rows,
    leads_on,
    overlook,
    overlook_once,
    plan_of,
    read_record,
)
from .prose import is_sentence, places
from .reply_shelves import (
    APART,
    DEPTH,
    FEW,
    NOWHERE,
    Shelf,
    are_channels,
    are_few,
    is_promising,
    is_stream,
    leaves_of,
    may_hold,
    part_of,
    shelves_in,
    told_apart,
    with_like,
    wrapping_of,
)

NAME = "reply-list"
TITLE = "list of replies"

_DEEPEST = 12  # steps of a path below which nothing is noted
_SURE = Role("text")
_ALONE = "this text stands outside the lists of replies, so it is not read"
_UNNAMED = "this text has no name, as those beside it have, so it is not read"


_PARTS = frozenset(["cards", "carousel", "elements", "blocks", "slides", "bubbles", "steps", "parts"])
_ABOUT = re.compile(r"_?(?:meta(?:data|dados)?|info|about|config\w*|settings?|licen[sc]e|source|author)", re.IGNORECASE)
"""What stands under such a name is on the file."""
_SHOWN = ("text", "beside", "title", "subject", "")
_PLATFORM = frozenset(
    ["$kind", "kind", "webhookUsed", "transitionRoutes", "entryFulfillment", "dialog_nodes", "screens", "typebotId",
     "utterances", "slotTypes", "messaging_product", "startNode", "apiVersion", "jobs", "swagger", "entities",
     "messageGroupsList", "nlu", "stories", "rules", "pipeline", "test_cases", "repos", "services"]
)  # fmt: skip
"""Keys at the root of bots, training data and configurations; their own readers know them, or nobody does."""


def claims(document: Document) -> bool:
    value = document.value
    if not is_data(document) or (isinstance(value, dict) and _is_of_platform(value)):
        return False
    return any(islice(shelves_in(value, (), NOWHERE), 1))


def _is_of_platform(value: dict[Any, Any]) -> bool:
    metadata = value.get("metadata")
    return (
        not _PLATFORM.isdisjoint(value)
        or ("edges" in value and ("groups" in value or "blocks" in value))
        or (isinstance(metadata, dict) and "importType" in metadata)
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    shelves = told_apart(with_like(list(shelves_in(document.value, (), NOWHERE)), document.value))
    for shelf in shelves:
        _read(gathering, shelf)
    if is_stream(document.value):
        _tell_the_rest(gathering, document.value, {shelf.path[0] for shelf in shelves})
    _Unread(gathering, shelves).tell(document.value)
    return gathering.conversation(NAME)


def _tell_the_rest(gathering: Gathering, documents: Several, known: set[str | int]) -> None:
    """Tell of the documents of a file that were not taken for replies, where they hold a sentence."""
    for number, value in numbered(documents):
        if number in known:
            continue
        if isinstance(value, dict):
            overlook(gathering, Record(value, (number,)))
        else:
            for steps in islice(places(value, is_sentence), 1):
                gathering.overlook((number, *steps), _UNNAMED)


class _Unread:
    """What stands outside the shelves, and would be replies were it nested less deeply or not alone."""

    def __init__(self, gathering: Gathering, shelves: Iterable[Shelf]) -> None:
        self._gathering = gathering
        self._known = {shelf.path for shelf in shelves if shelf.kind != "beside"}
        self._known.update(one.path for one in gathering.overlooked)
        self._said = {message.path for message in gathering.messages}

    def tell(self, value: Any, path: Path = ()) -> None:
        if path in self._known:
            return
        if len(path) > DEPTH:
            if any(islice(shelves_in(value, (), NOWHERE), 1)):
                reason = f"nested more than {DEPTH} levels deep, so this is not read as replies"
                self._gathering.overlook(path, reason)
            return
        inside = value.items() if isinstance(value, dict) else numbered(value) if isinstance(value, list) else ()
        for key, item in inside:
            name, place = str(key), (*path, key)
            if isinstance(item, (dict, list)):
                if may_hold(name) and not _ABOUT.fullmatch(name):
                    self.tell(item, place)
            elif path and isinstance(value, dict) and place not in self._said and role(name) == _SURE:
                overlook_once(self._gathering, item, place, name, _ALONE)


def _read_strings(gathering: Gathering, shelf: Shelf) -> None:
    name = next((str(step) for step in reversed(shelf.path) if isinstance(step, str)), "")
    for number, text in numbered(shelf.value):
        path = (*shelf.path, number)
        if isinstance(text, str):
            gathering.say(f"{name}[{number}]", text, path, **_said(shelf.around))
        elif isinstance(text, dict):
            overlook(gathering, Record(text, path))


def _read_beside(gathering: Gathering, shelf: Shelf) -> None:
    """Texts under names of their own beside the lists: a welcome message, a text for the evening."""
    few = len(shelf.value) <= FEW
    for key, text in shelf.value.items():
        name, path = str(key), (*shelf.path, key)
        if is_sentence(text) and role(name).kind in ("text", "beside"):
            gathering.say(name, text, path, **_said(shelf.around))
        elif isinstance(text, dict) and may_hold(name) and not _ABOUT.fullmatch(name) and _is_lonely(text, path):
            _read_lonely(gathering, Record(text, path), shelf.around, name)
        elif not few and _is_passed_over(name, text) and any(islice(shelves_in(text, path, shelf.around), 1)):
            gathering.overlook(path, f"'{name}' is no known name for replies, so they are not read")


def _is_lonely(value: dict[Any, Any], path: Path) -> bool:
    return not any(islice(shelves_in(value, path, NOWHERE), 1)) and any(map(is_sentence, value.values()))


def _read_lonely(gathering: Gathering, record: Record, around: Standing, name: str) -> None:
    """A single record, or a map with a single text, beside lists of such."""
    plan = plan_of(record.values)
    if plan.texts:
        read_record(gathering, record, plan, around, name)
    elif all(isinstance(text, str) and role(str(key)).kind not in APART for key, text in record.values.items()):
        for key, text in record.values.items():
            gathering.say(f"{name}.{key}", text, record.at(key), **_said(around))
    else:
        overlook(gathering, record)


def _is_passed_over(name: str, value: Any) -> bool:
    return isinstance(value, (list, dict)) and may_hold(name) and not is_promising(name)


def _read_map(gathering: Gathering, shelf: Shelf) -> None:
    for steps, text in leaves_of(shelf.value, (), 0):
        if isinstance(text, str):
            id = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
            path = (*shelf.path, *steps)
            languages = (locale_of(step) for step in steps if isinstance(step, str) and step != "id")
            locale = next((language for language in languages if language), shelf.around.locale)
            around = shelf.around._replace(locale=locale, channels=_led_to(shelf.value, steps) or shelf.around.channels)
            gathering.say(f"{shelf.above}{id.lstrip('.')}", text, path, **_said(around))


def _led_to(value: Any, steps: Path) -> tuple[str, ...]:
    """The channels of a text that stands under one, beside others: ``{"whatsapp": …, "email": …}``."""
    found: tuple[str, ...] = ()
    for step in steps:
        if isinstance(step, str) and is_channel(step) and sum(map(is_channel, map(str, value))) > 1:
            found = known_channels(step)
        value = value[step]
    return found


def _read_pairs(gathering: Gathering, shelf: Shelf) -> None:
    for number, item in numbered(shelf.value):
        if isinstance(item, dict):
            _read_map(gathering, replace(shelf, kind="map", path=(*shelf.path, number), value=item))


def _read_wrapped(gathering: Gathering, shelf: Shelf) -> None:
    """Records whose fields are in a mapping inside them."""
    for number, item in numbered(shelf.value):
        wrapping = wrapping_of([item]) if isinstance(item, dict) else ""
        if wrapping:
            inner = replace(shelf, kind="records", path=(*shelf.path, number), value={wrapping: item[wrapping]})
            _read_records(gathering, inner)
        elif isinstance(item, dict):
            overlook(gathering, Record(item, (*shelf.path, number)))


def _read_records(gathering: Gathering, shelf: Shelf) -> None:
    """Records may differ in their fields: a plan for each set of names."""
    plans: dict[tuple[Any, ...], Plan] = {}
    assert shelf.plan is not None
    by_content, not_texts, calling = shelf.plan.by_content, shelf.plan.not_texts, shelf.plan.calling
    apart = _by_channel(shelf)
    for key, item in shelf.entries:
        if shelf.kind == "named" and _is_way(str(key), item):
            continue
        if not isinstance(item, dict):
            by_name = shelf.kind == "named" and role(str(key)).kind not in APART
            if isinstance(item, str) and (by_name or is_sentence(item)):
                name = f"{shelf.above}{key}" if shelf.kind == "named" else f"[{key}]"
                gathering.say(name, item, (*shelf.path, key), **_said(shelf.around))
            elif isinstance(item, list):
                for steps in islice(places(item, is_sentence), 1):
                    gathering.overlook((*shelf.path, key, *steps), _UNNAMED)
            continue
        before = len(gathering.messages) + len(gathering.skipped)
        names = tuple(item)
        plan = plans.get(names)
        if plan is None:
            plan = plans[names] = plan_of(names, by_content, not_texts, calling)
        if shelf.kind == "named" and not plan.texts and _is_group(item, shelf.plan):
            _read_records(gathering, replace(shelf, path=(*shelf.path, key), value=item))
            continue
        record = Record(item, (*shelf.path, key))
        id = f"{shelf.above}{key}" if shelf.kind == "named" else _by_group(record, plan, shelf)
        around = shelf.around._replace(channels=apart[key]) if key in apart else shelf.around
        inside = read_record(gathering, record, plan, around, id)
        if inside is not None:
            _read_inside(gathering, record, plan, not_texts, inside, id or record.name(*plan.titles))
        if len(gathering.messages) + len(gathering.skipped) == before and not plan.texts:
            overlook(gathering, record)


def _by_group(record: Record, plan: Plan, shelf: Shelf) -> str:
    """What an entry without a name of its own is called by the group that it stands in; "" for any other."""
    group = next((tag for tag in reversed(shelf.around.tags) if tag != "inactive"), "")
    own = record.name(*plan.titles, *plan.subjects, *plan.customer) if group else ""
    return f"{group}{own}" if own.startswith("[") else ""


def _by_channel(shelf: Shelf) -> dict[Any, tuple[str, ...]]:
    """The channels of the entries that are called by such, where they are few: they tell the replies in them apart."""
    if not are_few(shelf.value) or shelf.plan is None:
        return {}
    is_named, titles = isinstance(shelf.value, dict), shelf.plan.titles
    entries = [(key, item) for key, item in shelf.entries if isinstance(item, dict)]
    names = {key: str(key) if is_named else named(item, titles) for key, item in entries}
    if not are_channels(list(names.values())) or not all(map(channel_over, names.values())):
        return {}
    return {key: known_channels(said) for key, name in names.items() if (said := channel_over(name))}


def _is_way(name: str, value: Any) -> bool:
    """Whether it says where a bot goes on, and nothing to a customer: ``"on": {"REPLY": "done"}``."""
    return leads_on(name) and isinstance(value, dict) and not any(map(is_sentence, value.values()))


def _read_parts(gathering: Gathering, shelf: Shelf) -> None:
    for number, item in numbered(shelf.value):
        part = part_of(item) if isinstance(item, dict) else None
        if part is None:
            if isinstance(item, dict):
                overlook(gathering, Record(item, (*shelf.path, number)))
            continue
        key, inner = part
        path = (*shelf.path, number)
        around = plan_of(name for name in item if name != key)
        inside = read_record(gathering, Record(item, path), around, shelf.around)
        if inside is not None:
            plan = plan_of(inner)
            id = Record(item, path).name(*around.titles, *around.customer)
            id = f"{key}[{number}]" if id.startswith("[") else id
            read_record(gathering, Record(inner, (*path, key)), plan, inside, id)


def _read_acts(gathering: Gathering, shelf: Shelf) -> None:
    for key, item in shelf.entries:
        if isinstance(item, dict):
            name = str(key) if isinstance(shelf.value, dict) else ""
            read_acts(gathering, Record(item, (*shelf.path, key)), shelf.around, name)


def _is_group(value: dict[Any, Any], plan: Plan) -> bool:
    """Whether an entry holds entries with the same texts, by name: reminders among the other messages."""
    texts = [name for name, _ in plan.texts]
    return all(isinstance(item, dict) and any(name in item for name in texts) for item in value.values())


def _read_inside(
    gathering: Gathering, record: Record, plan: Plan, not_texts: tuple[str, ...], inside: Standing, id: str
) -> None:
    """Libraries inside an entry, like the replies of a category, and what is shown with its texts."""
    for name, inner in record.values.items():
        if not isinstance(inner, (list, dict)) or name in plan.by_content or are_rows(name, inner):
            continue
        if name in not_texts or (_is_list_of_maps(inner) and not role(str(name)).kind):
            for deeper in shelves_in(inner, (*record.path, name), inside):
                _read(gathering, deeper)
                inner = []
        in_parts = str(name).lower() in _PARTS
        if (plan.texts or in_parts) and not role(str(name)).kind:
            kinds = _SHOWN if in_parts else ("beside",)
            _Parts(gathering, id, inside, kinds).read(inner, (*record.path, name), str(name))


class _Parts:
    """What is shown with a reply: the captions of its pictures, all that is said on its cards."""

    def __init__(self, gathering: Gathering, id: str, around: Standing, kinds: tuple[str, ...]) -> None:
        self.gathering = gathering
        self.id = id
        self.around = around
        self.kinds = kinds

    def read(self, value: Any, path: Path, name: str) -> None:
        """Say what is shown; note the first sentence under each name that says nothing."""
        if isinstance(value, list):
            for number, item in numbered(value):
                if isinstance(item, (dict, list)):
                    self.read(item, (*path, number), name)
                else:
                    overlook_once(self.gathering, item, (*path, number), name)
            return
        for key, text in value.items():
            kind = role(str(key)).kind
            if str(key).lower() in DESCRIBES:  # what is a note beside a reply is shown on a card
                kind = "beside" if self.kinds is _SHOWN else ""
            if kind in self.kinds and is_sentence(text):
                self.gathering.say(f"{self.id}.{key}", text, (*path, key), **_said(self.around))
            elif kind in ("", "text") and isinstance(text, (dict, list)) and len(path) < _DEEPEST:
                self.read(text, (*path, key), f"{name}.{key}")
            elif kind in ("", "text"):
                overlook_once(self.gathering, text, (*path, key), f"{name}.{key}")


def _said(around: Standing) -> dict[str, Any]:
    """How a text is said that stands there."""
    return {"channels": around.channels, "locale": around.locale or None, "tags": around.tags}


def _is_list_of_maps(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _read_one(gathering: Gathering, shelf: Shelf) -> None:
    assert shelf.plan is not None
    read_record(gathering, Record(shelf.value, shelf.path), shelf.plan, shelf.around)


def _read(gathering: Gathering, shelf: Shelf) -> None:
    if shelf.internal:
        gathering.skip(shelf.value, shelf.path, "marked as internal", "; ".join(shelf.around.tags))
    else:
        _READ[shelf.kind](gathering, shelf)


_READ = {
    "strings": _read_strings,
    "map": _read_map,
    "pairs": _read_pairs,
    "beside": _read_beside,
    "records": _read_records,
    "named": _read_records,
    "one": _read_one,
    "parts": _read_parts,
    "acts": _read_acts,
    "wrapped": _read_wrapped,
}
