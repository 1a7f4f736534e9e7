"""Where replies stand together in JSON or YAML that no product made: shelves of records, strings, names with texts.

Only what stands in lists of like-shaped entries, or in maps of which most values are sentences, is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from operator import getitem
from typing import Any, NamedTuple, TypeGuard

from ..conversation import Path
from ..documents import Several
from ..documents.model import numbered
from .acts import are_acting
from .common import SAMPLE, is_description, known_channels, named
from .fields import PERSONS, channel_over, is_ended_flag, is_shortcut, locale_of, locale_over, role, words_of
from .plans import (
    Plan,
    Standing,
    is_internal,
    is_library,
    plan_of,
    speaking,
    standing_of,
)
from .prose import is_finished, is_sentence, share

DEPTH = 5
"""Steps of a path below which no shelf is looked for."""
FEW = 6
"""Entries of a mapping that are so few that each may be looked into, whatever its name."""
_ENVELOPE = re.compile(
    r"data|items?|results?|records|rows|list|entries|categor|folder|group|section|intents?|faqs?|canned|quick|macro|snippet"
    r"|repl(?:y|ies)|respons|answer|antwoord|antwort|respos|respues|rispost|repons|template|sjablo|vorlage|plantill"
    r"|modele|modelo|messag|mensag|mensaj|bericht|nachricht|text|tekst|prompts?$|children|library|value",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"(?:(?:canned|quick|saved|standard|snel|standaard)[ _-]?)?"
    r"(?:repl(?:y|ies)|responses?|answers?|antwoord(?:en)?|antwort(?:en)?|respostas?|respuestas?|rispost[ae]|r[eé]ponses?)",
    re.IGNORECASE,
)
"""Names of a list that promise what is in it, also where there is one entry only."""
_PROMISED = re.compile(
    rf"{_PROMISE.pattern}|messages|mensagens|mensajes|berichten|nachrichten|messaggi|templates|macros", re.IGNORECASE
)
_STEPS = re.compile(
    r"(?:chat|bot|conversation|dialog)?[ _-]?"
    r"(?:flows?|steps|nodes|blocks|states|script|fluxo|flujo|etapas|passos|pasos|stappen)",
    re.IGNORECASE,
)
"""Names of the steps of a conversation, of which only some say something."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Replies that stand together: records (in a list or by name), strings, or a map with texts at its leaves.

    A shelf of kind "beside" is the mapping in which others stand; what is on an ``internal`` one is for colleagues.
    ``above`` is what the names of the entries are put behind, since other shelves have the same.
    """

    kind: str
    path: Path
    value: Any
    around: Standing
    plan: Plan | None = None
    above: str = ""
    internal: bool = False

    @property
    def entries(self) -> Iterable[tuple[Any, Any]]:
        """What stands on it, each by its name or its number."""
        return self.value.items() if isinstance(self.value, dict) else numbered(self.value)


NOWHERE = Standing()
_EMBEDDED = "_embedded"
"""The name under which interfaces hand out the entries of a list (HAL)."""
_GROUP_NAMES = ("name", "title", "label", "category", "section", "folder")
_WRAPPINGS = ("attributes", "fields", "properties", "node", "_source")
"""Names under which interfaces hand out what a record has beside its number and its type."""
APART = ("customer", "agent", "title", "group")
_TOPICS = PERSONS.union(("query", "queries", "feedback", "review", "reviews", "complaint", "complaints", "klachten"))
"""Names of what a customer says; where texts stand under them by name, those are about it, or for customers."""
_OF_ALL = ("channel", "language", "active")
"""What a mapping may say of all replies in it."""
_MOST_SAID = 20  # entries of a mapping that may say so; a longer one is a map of texts


def shelves_in(value: Any, path: Path, around: Standing) -> Iterator[Shelf]:
    """The shelves in a value that stands at a path, where ``around`` holds."""
    if len(path) > DEPTH:
        return
    if isinstance(value, list):
        yield from _in_list(value, path, around)
    elif isinstance(value, dict) and not is_description(value):
        shelves = _in_map(value, path, _around(value, around))
        yield from _for_colleagues(shelves) if path and _is_internal(value) else shelves


def _around(value: dict[Any, Any], around: Standing) -> Standing:
    """What holds in a mapping: what it says beside its replies holds for all of them."""
    if len(value) > _MOST_SAID:
        return around
    said = {
        key: item
        for key, item in value.items()
        if isinstance(key, str) and isinstance(item, (bool, str, list)) and not is_sentence(item)
    }
    plan = plan_of([name for name in said if is_ended_flag(name) or _is_of_all(name)])
    return standing_of(said, plan, around)


def _is_of_all(name: str) -> bool:
    """Whether it holds for all in a mapping; a "default language" is that of what says no other."""
    return role(name).kind in _OF_ALL and len(words_of(name)) == 1


def _is_internal(value: dict[Any, Any]) -> bool:
    if len(value) > _MOST_SAID:
        return False
    return is_internal(value, plan_of(value))


def _for_colleagues(shelves: Iterable[Shelf]) -> Iterator[Shelf]:
    return (replace(shelf, internal=True) for shelf in shelves)


def _in_list(value: list[Any], path: Path, around: Standing) -> Iterator[Shelf]:
    if is_stream(value):
        yield from _in_stream(value, around)
        return
    sample = value[:SAMPLE]
    promised = bool(path) and _PROMISE.fullmatch(str(path[-1])) is not None
    if (len(value) > 1 or (value and (promised or not path))) and all(isinstance(item, str) for item in sample):
        if share(sample) >= 0.6 and sum(map(is_finished, sample)) >= 0.5 * len(sample):
            yield Shelf("strings", path, value, around)
        return
    records = [item for item in sample if isinstance(item, dict)]
    plan = is_library(records, promised)
    if plan is None and path and _STEPS.fullmatch(str(path[-1])):
        plan = is_library(speaking(records))
    if plan is not None:
        yield Shelf("records", path, value, around, plan)
        return
    wrapping = wrapping_of(records)
    plan = is_library([record[wrapping] for record in records]) if wrapping else None
    if plan is not None:
        yield Shelf("wrapped", path, value, around, plan)
        return
    if are_acting(records):
        yield Shelf("acts", path, value, around)
        return
    plan = is_library(_parts_of(records), True)
    if plan is not None:
        yield Shelf("parts", path, value, around, plan)
        return
    if len(records) == len(sample) and _are_pairs(records):
        yield Shelf("pairs", path, value, around)
        return
    yield from _in_each(_grouped(value, path, around))


class _Group(NamedTuple):
    """One of several things that stand side by side, and the shelves in it."""

    path: Path
    value: Any
    around: Standing
    shelves: Iterator[Shelf]


def _grouped(value: list[Any], path: Path, around: Standing) -> Iterator[_Group]:
    """The groups in a list, with what they are called."""
    names = [named(item, _GROUP_NAMES) if isinstance(item, dict) else "" for item in value]
    apart = are_few(value) and are_channels(names)
    for (number, item), group in zip(numbered(value), names, strict=True):
        if isinstance(item, dict):
            said = _under(group, around, apart) if apart else around
            inner = _around(item, said._replace(tags=(*around.tags, group)) if group else said)
            shelves = _inside(item, (*path, number), inner)
            shelves = _for_colleagues(shelves) if _is_internal(item) else shelves
            yield _Group((*path, number), item, inner, shelves)


def _in_each(groups: Iterable[_Group]) -> Iterator[Shelf]:
    """The shelves of things that stand side by side.

    Where one of them has replies, those are replies, too, that stand so in another, though there be one alone.
    """
    known: dict[Path, Shelf] = {}
    empty: list[_Group] = []
    for group in groups:
        empty.append(group)
        for shelf in group.shelves:
            if empty and empty[-1] is group:
                empty.pop()
            if shelf.kind in ("records", "named", "strings"):
                known.setdefault(shelf.path[len(group.path) :], shelf)
            yield shelf
    for group in empty if known else ():
        internal = isinstance(group.value, dict) and _is_internal(group.value)
        inner = _around(group.value, group.around) if isinstance(group.value, dict) else group.around
        for rest, shelf in known.items():
            entries = _leading(group.value, rest)
            if entries is not None and _is_like(entries, shelf):
                path = (*group.path, *rest)
                yield replace(shelf, path=path, value=entries, around=inner, internal=internal)


def _leading(value: Any, steps: Path) -> Any:
    """What a path leads to, None where it leads to nothing."""
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value


def _is_like(entries: Any, shelf: Shelf) -> bool:
    """Whether entries are such as those of a shelf, the first few of them at least."""
    if not entries or not isinstance(entries, type(shelf.value)):
        return False
    first = list(islice(_entries(entries), SAMPLE))
    if shelf.plan is None:
        return all(isinstance(text, str) and is_sentence(text) and is_finished(text) for text in first)
    names = [name for name, _ in shelf.plan.texts]
    return all(isinstance(entry, dict) and any(is_sentence(entry.get(name)) for name in names) for entry in first)


def wrapping_of(records: list[dict[Any, Any]]) -> str:
    """The name under which each record has its fields: ``{"id": 7, "type": "macro", "attributes": {…}}``."""
    return next((name for name in _WRAPPINGS if records and all(isinstance(r.get(name), dict) for r in records)), "")


def part_of(record: dict[Any, Any]) -> tuple[Any, dict[Any, Any]] | None:
    """The mapping in which a record has its text, and its name: ``{"trigger": …, "response": {"text": …}}``."""
    if "request" in record:  # an interface that is called, and what it returns
        return None
    found = [(key, item) for key, item in record.items() if isinstance(item, dict) and _PROMISE.fullmatch(str(key))]
    return found[0] if len(found) == 1 else None


def _parts_of(records: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Those mappings, where each record has one."""
    found = [part for part in map(part_of, records) if part is not None]
    return [part for _, part in found] if len(found) == len(records) > 1 else []


def _are_pairs(records: list[dict[Any, Any]]) -> bool:
    """Whether each record is a name with a text, a map with hyphens before its lines: ``- /bye: Thank you.``"""
    pairs = [pair for record in records for pair in record.items() if len(record) == 1]
    names = {str(name) for name, _ in pairs}
    return (
        1 < len(names) == len(records)
        and all(role(name).kind not in APART for name in names)
        and all(isinstance(text, (str, list, dict)) for _, text in pairs)
        and _is_text_map(dict(pairs))
    )


def is_stream(value: Any) -> TypeGuard[Several]:
    """Whether a file holds several documents that may be lists, and not just a record in each."""
    return isinstance(value, Several) and any(isinstance(item, list) for item in value)


def _in_stream(documents: Several, around: Standing) -> Iterator[Shelf]:
    """The documents of one file, each read as it would be in a file of its own."""
    for number, value in numbered(documents):
        plan = is_library([value]) if isinstance(value, dict) else None
        if plan is not None and plan.titles:
            yield Shelf("one", (number,), value, around, plan)
        else:
            yield from shelves_in(value, (number,), around)


def _in_map(value: dict[Any, Any], path: Path, around: Standing) -> Iterator[Shelf]:
    sample = list(islice(value.values(), SAMPLE))
    inner = [item for item in sample if isinstance(item, dict)]
    most = len(inner) >= 0.8 * len(sample) or (len(inner) >= 0.5 * len(sample) and _is_own_messages(value))
    if inner and most:
        plan = is_library(inner)
        # One alone at the root may be anything; a text with a subject is a mail.
        if plan is not None and (len(inner) > 1 or path or plan.subjects):
            yield Shelf("named", path, value, around, plan)
            return
    if inner and most and are_acting(inner):
        yield Shelf("acts", path, value, around)
        return
    if len(inner) > 1 and not most and _are_answers(inner):
        lists = {key: item for key, item in value.items() if isinstance(item, list)}
        answers = {key: item for key, item in value.items() if key not in lists}
        yield Shelf("named", path, answers, around, is_library(inner))
        yield from _inside(lists, path, around)
        return
    own = is_library([value]) if path == () and len(value) <= FEW else None
    if own is not None and _is_one(own) and (own.subjects or own.agent):
        yield Shelf("one", path, value, around, own)
        return
    if _is_text_map(value):
        yield Shelf("map", path, value, around)
        return
    groups = list(_groups(value, path, around))
    if groups:
        yield from groups
        return
    plan = is_library([value]) if path == () else None
    if plan is not None and _is_one(plan):
        yield Shelf("one", path, value, around, plan)
        return
    shelves = _inside(value, path, around)
    first = next(shelves, None)
    if first is not None:
        yield first
        yield from shelves
        yield Shelf("beside", path, value, around)


def _are_answers(sample: list[dict[Any, Any]]) -> bool:
    """Whether the mappings hold answers to a customer's words, so that lists among them are of something else."""
    plan = is_library(sample)
    return plan is not None and plan.sure and bool(plan.customer)


def _is_one(plan: Plan) -> bool:
    """Whether a file is one reply: a surely named text with a title, or nothing but fields that replies have."""
    return bool(plan.titles and plan.sure) or (bool(plan.titles or plan.subjects) and not plan.unknown)


def _groups(value: dict[Any, Any], path: Path, around: Standing) -> Iterator[Shelf]:
    """Groups that have their replies under one name: ``{"greet": {"title": …, "messages": {…}}, …}``.

    They are judged together: in a group there may be one reply only.
    """
    groups = [item for item in value.values() if isinstance(item, dict)]
    if len(groups) < 2 or len(groups) < len(value):
        return
    for name in groups[0]:
        if not _PROMISED.fullmatch(str(name)) or not all(isinstance(item.get(name), (dict, list)) for item in groups):
            continue
        entries = (entry for item in groups for entry in _entries(item[name]))
        plan = is_library([entry for entry in islice(entries, SAMPLE) if isinstance(entry, dict)])
        for key, item in value.items() if plan is not None else ():
            group = named(item, ("name", "title", "label", "category")) or str(key)
            kind = "named" if isinstance(item[name], dict) else "records"
            inner = _around(item, around._replace(tags=(*around.tags, group)))
            shelf = Shelf(kind, (*path, key, name), item[name], inner, plan)
            yield from _for_colleagues([shelf]) if _is_internal(item) else [shelf]
        if plan is not None:
            return


def _entries(value: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _is_own_messages(value: dict[Any, Any]) -> bool:
    """Whether the mappings among plain values are what a bot says by itself: a greeting, a fallback."""
    return len(value) <= FEW and all(
        role(str(key)).kind in ("text", "beside") if isinstance(item, dict) else not isinstance(item, list)
        for key, item in value.items()
    )


def _inside(value: dict[Any, Any], path: Path, around: Standing) -> Iterator[Shelf]:
    """What stands under the keys of an envelope; of a large mapping only under names that promise replies."""
    yield from _in_each(_under_names(value, path, around))


def _under_names(value: dict[Any, Any], path: Path, around: Standing) -> Iterator[_Group]:
    few = len(value) <= FEW
    apart = few and are_channels(list(map(str, value)))
    for key, item in value.items():
        if not isinstance(item, (list, dict)) or not item:
            continue
        if not (may_hold(str(key)) or _is_topic(key, item) or _are_saved(key, item)):
            continue
        if few or is_promising(str(key)):
            inner = _under(str(key), around, apart)
            yield _Group((*path, key), item, inner, shelves_in(item, (*path, key), inner))


def are_few(entries: list[Any] | dict[Any, Any]) -> bool:
    """Whether things that stand side by side are so few that they tell apart what is in them, and all of them here: a
    piece of a long file has no others beside it.
    """
    return len(entries) <= _MOST_SAID and not hasattr(entries, "gap")


def are_channels(names: Sequence[str]) -> bool:
    """Whether names beside each other tell channels apart; one alone, or a few among others, may be what the replies
    are about.
    """
    said = [channel_over(name) for name in names if name]
    channels = list(filter(None, said))
    return len(set(channels)) > 1 and 2 * len(channels) >= len(said)


def _under(name: str, around: Standing, by_channel: bool) -> Standing:
    """What holds under the name of a language, or of a channel."""
    channels = known_channels(channel_over(name)) if by_channel else ()
    locale = locale_of(name) or locale_over(name)
    return around._replace(locale=locale or around.locale, channels=channels or around.channels)


def may_hold(name: str) -> bool:
    """Whether what stands under a name can be said to customers."""
    if name == _EMBEDDED:
        return True
    return role(name).kind not in ("customer", "agent", "buttons") and not name.startswith(("@", "_", "$"))


def is_promising(name: str) -> bool:
    """Whether a name lets one expect replies below it."""
    return bool(locale_of(name)) or _ENVELOPE.search(name) is not None


def _is_text_map(value: dict[Any, Any]) -> bool:
    """Whether a mapping, inner ones included, holds nearly nothing but strings, most of them sentences."""
    leaves = list(islice(leaves_of(value, (), 0), 200))
    texts = [leaf for _, leaf in leaves if isinstance(leaf, str)]
    return len(texts) >= 2 and len(texts) >= 0.8 * len(leaves) and share(texts, 200) >= 0.6


def leaves_of(value: Any, path: Path, depth: int) -> Iterator[tuple[Path, Any]]:
    """What stands at the ends of a map of texts, and where."""
    if isinstance(value, dict) and depth <= DEPTH:
        for key, item in value.items():
            inside = isinstance(item, (dict, list)) and role(str(key)).kind == "customer"
            if (not inside or _is_topic(key, item)) and not str(key).startswith(("@", "_", "$")):
                yield from leaves_of(item, (*path, key), depth + 1)
    elif isinstance(value, list) and depth <= DEPTH:
        for number, item in numbered(value):
            # Mappings in a list are records, and no map of texts.
            yield from (
                [((*path, number), item)] if isinstance(item, dict) else leaves_of(item, (*path, number), depth + 1)
            )
    else:
        yield path, value


def _is_topic(name: Any, value: Any) -> bool:
    """Whether texts stand under it by name: ``query: {found: …}`` is said about a query, a list of queries is asked."""
    return isinstance(value, dict) and str(name).lower() in _TOPICS


def _are_saved(name: Any, value: Any) -> bool:
    """Whether what is called as buttons are is what colleagues send by a shortcut: ``quick_replies`` of a helpdesk."""
    if role(str(name)).kind != "buttons" or not isinstance(value, list):
        return False
    return all(isinstance(item, dict) and any(map(is_shortcut, item)) for item in value[:SAMPLE])


def with_like(shelves: list[Shelf], value: Any) -> list[Shelf]:
    """The shelves; where a text by language stands in one of several things, those of the others as well, however short
    they are: ``{"ask": {"content": {"nl": …, "en": …}}, "thank": {"content": {"nl": "Dank!"}}}``.
    """
    known = {shelf.path for shelf in shelves}
    looked: set[tuple[Any, ...]] = set()
    found: list[Shelf] = []
    for shelf in shelves:
        *above, own, name = shelf.path if len(shelf.path) > 1 else (0, 0)
        is_by_language = shelf.kind == "map" and isinstance(name, str) and all(map(locale_of, map(str, shelf.value)))
        things = reduce(getitem, above, value) if is_by_language else None
        if not isinstance(things, dict):
            found.append(shelf)
            continue
        alike = (tuple(above), name, frozenset(shelf.value))
        # Of things that were looked through for these languages none is left but this one.
        left = {own: things[own]} if alike in looked else things
        looked.add(alike)
        for key, thing in left.items():
            path, inner = (*above, key, name), thing.get(name) if isinstance(thing, dict) else None
            is_like = isinstance(inner, dict) and inner.keys() <= shelf.value.keys()
            if is_like and (path == shelf.path or path not in known):
                known.add(path)
                found.append(replace(shelf, path=path, value=inner, above=f"{key}."))
    return found


def told_apart(shelves: list[Shelf]) -> list[Shelf]:
    """The shelves; where entries of several have one name ("entry"), that of their shelf stands before it."""
    named = [shelf for shelf in shelves if shelf.kind == "named" and shelf.path]
    often = Counter(str(key) for shelf in named for key in shelf.value) if len(named) > 1 else Counter()
    return [
        replace(shelf, above=f"{shelf.path[-1]}.")
        if shelf.kind == "named" and shelf.path and any(often[str(key)] > 1 for key in shelf.value)
        else shelf
        for shelf in shelves
    ]
