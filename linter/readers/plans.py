"""How to read an entry of a library nobody knows the maker of: which fields are texts, titles, notes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from ..conversation import Path
from ..documents.model import simple_name
from ..expressions import expression
from .common import Gathering, Record, Said, channel_names, is_text, known_channels, labels, named, strings, truth
from .fields import (
    KINDS,
    REPLIES,
    TEMPLATES,
    Role,
    channel_of,
    is_channel,
    is_ended_flag,
    is_internal_flag,
    is_mark,
    is_other_data,
    locale_of,
    locale_over,
    role,
)
from .nodes import Joined, Node
from .prose import is_finished, is_sentence, places, share
from .rich_text import is_rich, joined, plain

_TITLE_ORDER = [
    "title",
    "titulo",
    "titel",
    "titre",
    "titolo",
    "name",
    "naam",
    "nombre",
    "nome",
    "nom",
    "label",
    "alias",
    "shortcode",
    "shortcut",
]
_INTERNAL = expression(r"\bintern|\bprivate[ _-]?note|\bstaff\b|\bagents?[ _-]only", re.IGNORECASE)
_MARK = expression(
    r"\b(?:only|use|uso|usage|gebruik|gebrauch|alleen|solo|apenas|staff|agents?|team|notes?|notities?|notiz(?:en)?|notas?)\b",
    re.IGNORECASE,
)
"""What a mark of several words has beside "internal", and a title has not: "internal use only"."""
_LONGEST_MARK = 2  # words, of any kind
_NOTE = expression(
    r"\s*(?:an? )?(?:agents? |internal |interne? |intern[ao]s? )?(?:notes?|notities?|notiz(?:en)?|notas?)"
    r"(?: intern[ao]s?| internes?)?\s*",
    re.IGNORECASE,
)
_RANGE = expression(r"\d+\s*(?:[-\u2013]|to|tot|t/m|bis|and|en|und)\s*\d+")
_OUTWARD = expression(r"customer|client|klant|kund|extern|public|cliente", re.IGNORECASE)
_INNER = ("text", "message", "content", "body", "value", "reply", "answer")
_GOES_ON = expression(r"[^\W_][a-zß-öø-ÿ]|[ ,][^\W_]")
"""The last character of an entry and the first of the next, where a sentence goes on."""
_LETTERS = expression(r"[^\W\d_]{2}")
_LONGEST_LABEL = 60
_QUESTIONS = frozenset(["question", "vraag", "frage", "pregunta", "pergunta", "domanda", "ask", "prompt"])
_ONWARD = expression(
    r"(?:next|goto|volgende|proxim[ao]|siguiente|prossim[ao])(?:step|node|block|state|screen|message|question|id|[ao])?"
    r"|(?:save|store)(?:d)?(?:as|to|in)|variable|validat(?:e|ion|or)|expects?|on|transitions?",
    re.IGNORECASE,
)
_NUMBER = expression(r" [2-9]\d?$")
_SOLVED = expression(r"answer|correct|solution|antw|resp|reply|explan|score|points", re.IGNORECASE)
_VARIANTS = ("variants", "variations")
_DEEPEST = 8
_LABELS = ("title", "text", "label", "name", "value")
_REPLIED = "reply"
"""What interfaces of WhatsApp wrap a button in: ``{"type": "reply", "reply": {"title": …}}``."""
DESCRIBES = ("description", "subtitle", "beschrijving", "omschrijving")
"""What is shown with the label of a button or of a row in a list."""


def are_rows(name: Any, value: Any) -> bool:
    """Whether these are the rows of a list to choose from, or the sections that they are in."""
    if not isinstance(value, list):
        return False
    return name == "rows" or (name == "sections" and any(isinstance(one, dict) and "rows" in one for one in value))


class Standing(NamedTuple):
    """What holds for all texts of an entry, and for what stands inside it."""

    locale: str = ""
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Which fields of a record are what, by name.

    ``texts`` come with the language that the name says, ``beside`` are those that are shown with them (a footer);
    ``by_content`` are those whose name says nothing, ``not_texts`` lists of records of their own. What is under an
    ``unknown`` name, or is ``passed`` over for a surer name, is not read. A ``calling`` name is one
    for texts under which stands what the entries are called. A yes under an ``ended`` name says that an entry is in use
    no more, one under ``switches`` that it goes out over that channel.
    """

    texts: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()
    sure: bool = False
    by_content: tuple[str, ...] = ()
    not_texts: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    calling: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()


def plan_of(
    names: Iterable[Any], texts: Sequence[str] = (), not_texts: Sequence[str] = (), calling: Sequence[str] = ()
) -> Plan:
    """A plan for records with these fields, of which any that has no name says nothing.

    ``texts`` are texts and ``not_texts`` are none (they hold records of their own), whatever their names are. What is
    ``calling`` an entry by its name does so where it has another text.
    """
    named = tuple(name for name in names if isinstance(name, str))
    return _plan_of(named, tuple(texts), tuple(not_texts), tuple(calling))


@lru_cache(maxsize=1024)
def _plan_of(
    names: tuple[str, ...], texts: tuple[str, ...], not_texts: tuple[str, ...], calling: tuple[str, ...]
) -> Plan:
    texts = (*texts, *_asked(names))
    chosen, apart = frozenset(texts), frozenset(not_texts)  # there may be very many
    roles = {name: Role("text") if name in chosen else role(name) for name in names if name not in apart}
    found = [(name, said) for name, said in roles.items() if said.kind == "text"]
    best = min((said.rank for _, said in found), default=0)
    more = tuple(name for name, said in found if said.rank > max(best, 1) and name.lower() in _VARIANTS)
    passed = tuple(name for name, said in found if said.rank > max(best, 1) and name not in more)
    found = [(name, said) for name, said in found if said.rank <= max(best, 1)]
    spoken = [(name, said.locale) for name, said in sorted(found, key=lambda item: item[1].rank)]
    spoken += _by_language([name for name in names if name in roles], roles)

    def of(kind: str) -> tuple[str, ...]:
        return tuple(name for name, said in roles.items() if said.kind == kind)

    said = {name for name, _ in spoken}
    calling = tuple(name for name in calling if name in roles) if said - set(calling) else ()
    titles = sorted((*calling, *of("title")), key=_title_rank)
    unknown = tuple(name for name in of("") if name not in said and not name.startswith(("@", "_", "$")))
    return Plan(
        tuple(spoken), tuple(titles), of("subject"), of("group"), of("channel"), of("language"),
        of("audience"), of("active"), of("buttons"), of("customer"), of("agent"),
        bool(spoken) and best == 0, texts, not_texts, (*of("beside"), *more), unknown, passed,
        calling, tuple(filter(is_ended_flag, unknown)), _switches((*unknown, *said)),
    )  # fmt: skip


def _asked(names: Sequence[str]) -> tuple[str, ...]:
    """Questions that a bot asks: beside them stands what can be chosen, or where it goes on, and no answer to them."""
    questions = tuple(name for name in names if name.lower() in _QUESTIONS)
    if not questions or any(_SOLVED.search(name) for name in names):
        return ()
    if any(map(leads_on, names)):
        return questions
    # A prompt with options may be a language model's.
    has_buttons = any(role(name).kind == "buttons" for name in names)
    return tuple(name for name in questions if has_buttons and name.lower() != "prompt")


def leads_on(name: str) -> bool:
    """Whether a name is one for where a bot goes on, or for what it keeps of an answer: "next", "save_as"."""
    return _ONWARD.fullmatch(name.replace("_", "")) is not None


def _title_rank(name: str) -> int:
    simple = name.lower().replace("_", "")
    return next((rank for rank, word in enumerate(_TITLE_ORDER) if word in simple), len(_TITLE_ORDER))


def _by_language(names: Sequence[str], roles: dict[str, Role]) -> list[tuple[str, str]]:
    """Fields that are named by their language only ("nl", "Engels (chat)"); one alone says nothing."""
    found = [(name, locale_of(name) or locale_over(name)) for name in names if not roles[name].kind]
    found = [(name, locale) for name, locale in found if locale]
    return found if len(found) > 1 else []


def is_library(sample: Sequence[dict[str, Any]], promised: bool = False) -> Plan | None:
    """A plan when the first records of a list are replies; None when they are other data, or in doubt.

    ``promised``: the list is called replies, so that a single text without a title is one too.
    """
    if not sample or any(is_other_data(without_criteria(record, sample), promised) for record in sample[:3]):
        return None
    names = list(dict.fromkeys(name for record in sample for name in record if isinstance(name, str)))
    if is_classified(sample, names):
        return None
    inner = [name for name in names if role(name).kind == "text" and _are_records(sample, name)]
    plan = plan_of(names, _by_channel(sample, names), inner)
    if plan.texts:
        keys = [name for name, _ in plan.texts]
        if plan.titles and plan.audiences:
            keys += _captions(sample, plan)
        spoken = [any(_is_said(record.get(key)) for key in keys) for record in sample]
        known = plan.titles or plan.groups or plan.customer or plan.subjects or plan.buttons
        if sum(spoken) >= 0.5 * len(sample) and (known or (plan.sure and (promised or len(sample) > 1))):
            return with_names(plan, sample, names) if _mostly_sentences(sample, keys) else None
    by_language = [name for name in names if _is_by_language(sample, name)] if plan.titles and not plan.texts else []
    if by_language and _mostly_sentences(sample, by_language):
        return plan_of(names, by_language, inner)
    return _by_content(sample, names, plan)


def _by_channel(sample: Sequence[dict[str, Any]], names: Sequence[str]) -> list[str]:
    """Fields that are named by their channel only, with what is said over it; one alone says nothing without a text."""
    found = [name for name in names if is_channel(name) and _are_said(sample, name)]
    return found if len(found) > 1 or any(role(name).kind == "text" for name in names) else []


def _are_said(sample: Sequence[dict[str, Any]], name: str) -> bool:
    values = _flat(record.get(name) for record in sample)
    return share(value for value in values if value) >= 0.5


def _captions(sample: Sequence[dict[str, Any]], plan: Plan) -> list[str]:
    """What is said with pictures, where no entry has a text but the address of one."""
    texts = [record.get(name) for record in sample for name, _ in plan.texts]
    return list(plan.beside) if texts and all(isinstance(text, str) and "/" in text for text in texts) else []


def _is_by_language(sample: Sequence[dict[str, Any]], name: str) -> bool:
    """Whether a field holds a text in several languages: ``{"nl": …, "en": …}``."""
    found = [record[name] for record in sample if isinstance(record.get(name), dict)]
    return len(found) > 0.5 * len(sample) and all(
        value and all(isinstance(key, str) and locale_of(key) for key in value) for value in found
    )


def with_names(plan: Plan, sample: Sequence[dict[str, Any]], names: Sequence[str]) -> Plan:
    """The plan, and in it what the entries are called by where their content tells: "Template,Message"."""
    texts = (name for name, locale in plan.texts if not locale)
    calling = [name for name in (*texts, *plan.passed) if _is_calling(name, plan, sample)]
    if not plan.titles and not calling:
        calling = [name for name in plan.audiences if _is_kind_of_each(name, sample)][:1]
    if not plan.titles and not plan.subjects and not plan.customer and not calling:
        calling = [name for name in (*plan.groups, *plan.unknown) if _tells_apart(name, sample)][:1]
    return plan_of(names, plan.by_content, plan.not_texts, calling) if calling else plan


def _is_calling(name: str, plan: Plan, sample: Sequence[dict[str, Any]]) -> bool:
    """Whether labels, nearly each another, stand under this name beside a text under another."""
    titled = any(_title_rank(title) < len(_TITLE_ORDER) for title in plan.titles)  # an "id" may be a number
    if simple_name(name) not in (TEMPLATES if titled else TEMPLATES | REPLIES):
        return False
    labels = [record.get(name) for record in sample]
    if not _are_labels(labels):
        return False
    longer = sum(len(str(label)) for label in labels)
    others = ([record.get(key) for record in sample] for key, _ in plan.texts if key != name)
    return any(share(other) >= 0.6 and sum(len(text) for text in map(str, other)) > longer for other in others)


def _are_labels(values: Sequence[Any]) -> bool:
    """Whether the values are names, nearly each another, and hardly one of them is something one says."""
    found = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    return len(found) > 0.7 * len(values) and share(found) < 0.34 and len(set(found)) > 0.8 * len(found)


def _is_kind_of_each(name: str, sample: Sequence[dict[str, Any]]) -> bool:
    """Whether no two entries are of the same kind, so that their kinds tell them apart: "tipo: saudação"."""
    kinds = [str(record.get(name)) for record in sample]
    return simple_name(name) in KINDS and len(kinds) > 1 and _are_labels(kinds) and len(set(kinds)) == len(kinds)


def _tells_apart(name: str, sample: Sequence[dict[str, Any]]) -> bool:
    """Whether nothing but labels stand under a name, each another: where no name says so, they are what entries are
    called.
    """
    labels = [record.get(name) for record in sample]
    return len(labels) > 1 and _are_labels(labels) and len(set(labels)) == len(labels) and all(map(_is_label, labels))


def _is_label(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_LABEL and _LETTERS.search(value) is not None


def is_name(plan: Plan, key: str, value: Any) -> bool:
    """Whether this is only what the entry is called: whole sentences are read even where names stand."""
    return key in plan.calling and isinstance(value, str) and not (is_sentence(value) and is_finished(value))


def without_criteria(names: Iterable[str], sample: Sequence[dict[str, Any]]) -> list[str]:
    """The names, but for those of several numbers for which a text is meant ("stars: [4, 5]", "4-5"), and of channels
    with a text for each, or with whether it goes out there.
    """
    names = list(names)
    criteria = {name for name in names if _is_criterion(str(name), [record.get(name) for record in sample])}
    if any(known_channels(str(name)) for name in criteria):
        blank = (name for name in names if all(record.get(name) in (None, "") for record in sample))
        criteria.update(name for name in blank if known_channels(str(name)))
    return [name for name in names if name not in criteria]


def _is_criterion(name: str, values: Sequence[Any]) -> bool:
    if is_mark(name):
        return any(map(_is_range, values))
    values = [value for value in values if value not in (None, "")]
    if not values or not known_channels(name):
        return False
    return all(_is_on(value) is not None for value in values) or (is_channel(name) and share(_flat(values)) >= 0.5)


def _is_on(value: Any) -> bool | None:
    """What a switch says; a number of a telephone is none."""
    return None if isinstance(value, int) and value not in (0, 1) else truth(value)


def _is_range(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, int) for one in value)
    return isinstance(value, str) and _RANGE.fullmatch(value.strip()) is not None


def speaking(sample: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with a text under a name of one, where there are at least two such."""
    found = [
        record for record in sample if any(role(str(name)).kind == "text" and is_text(record[name]) for name in record)
    ]
    return found if len(found) > 1 else []


def is_classified(sample: Sequence[dict[str, Any]], names: list[str]) -> bool:
    """Texts with a class each ("text,label"), which teach a program and are said by anybody."""
    if len(names) != 2 or "label" not in names:
        return False
    labels = [str(record.get("label")) for record in sample]
    return all(label.isdigit() for label in labels) or len(set(labels)) < 0.5 * len(labels)


def _are_records(sample: Sequence[dict[str, Any]], name: str) -> bool:
    """Whether a field holds a library of its own, like the replies of a category, and not variants of a text."""
    for record in sample:
        value = record.get(name)
        if isinstance(value, list) and value and isinstance(value[0], dict) and not is_rich(value):
            plan = is_library([item for item in value[:5] if isinstance(item, dict)])
            return plan is not None and bool(plan.titles)
    return False


def _is_said(value: Any, depth: int = _DEEPEST) -> bool:
    if isinstance(value, str):
        return is_text(value)
    if not isinstance(value, (dict, list)) or not depth:
        return False
    if is_rich(value):
        return is_text(plain(value))
    inside = value.values() if isinstance(value, dict) else value
    return any(_is_said(item, depth - 1) for item in inside)


def _mostly_sentences(sample: Sequence[dict[str, Any]], keys: Iterable[str]) -> bool:
    """At least a third are whole sentences: short replies are common, lists of names are not replies."""
    return max(share(_flat(record.get(key) for record in sample)) for key in keys) >= 0.34


def _flat(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if is_rich(value):
            found.append(plain(value))
        elif isinstance(value, dict):
            found += _flat(value.values())
        elif isinstance(value, list):
            found += _flat(value)
        else:
            found.append(value)
    return found


def _by_content(sample: Sequence[dict[str, Any]], names: list[str], plan: Plan) -> Plan | None:
    """The one field of short, like-shaped records that holds sentences, whatever it is called."""
    if len(sample) < 3 or len(names) > 6 or not (plan.titles or plan.groups):
        return None
    if any(len(record) < len(names) - 1 for record in sample):
        return None
    free = [name for name in names if not role(name).kind]
    spoken = [name for name in free if share(record.get(name) for record in sample) >= 0.8]
    return plan_of(names, spoken) if len(spoken) == 1 else None


def read_record(gathering: Gathering, record: Record, plan: Plan, around: Standing, name: str = "") -> Standing | None:
    """Say the texts of a record, note what in it is not for customers.

    ``around`` is what holds for it by where it stands. Returns what holds for all in it; None where it is internal.
    """
    values = record.values
    id = name or record.name(*plan.titles)
    if not id or id.startswith("["):
        id = record.name(*plan.subjects, *plan.customer)
    for key in (*plan.customer, *plan.agent):
        value = values.get(key)
        if is_text(value) or (isinstance(value, list) and any(is_text(item) for item in value)):
            reason = "a customer's words" if key in plan.customer else "a note for agents"
            gathering.skip(value, record.at(key), reason, id)
    if is_internal(values, plan):
        texts = (key for key, _ in plan.texts if not is_name(plan, key, values.get(key)))
        for key in (*texts, *plan.beside, *plan.not_texts):
            gathering.skip(values.get(key), record.at(key), "marked as internal", id)
        return None
    standing = standing_of(values, plan, around)
    _Reading(gathering, record, plan, id, standing).say_all()
    if plan.texts:
        _overlook_beside(gathering, record, plan)
    return standing


_TAGS = frozenset({"tags", "labels"})
"""Names under which one text may hold several; that of a category or folder is one, whatever marks it has."""


def standing_of(values: dict[str, Any], plan: Plan, around: Standing) -> Standing:
    """What an entry says of all that is in it: its groups, its language, its channels."""
    locale, tags, channels = around
    for key in plan.groups:
        tags += (labels if key.strip().lower() in _TAGS else strings)(values.get(key))
    if (plan.active or plan.ended) and "inactive" not in tags and _is_out_of_use(values, plan):
        tags += ("inactive",)
    for key in plan.languages:
        value = values.get(key)
        if isinstance(value, str) and (stated := locale_of(value)):
            locale = stated
            break
    own: tuple[str, ...] = ()
    for key in plan.channels:
        own += _stated_channels(values.get(key))
    if not own and plan.switches:
        own = _switched({key: values.get(key) for key in plan.switches})
    return Standing(locale, tags, own or channels)


def _switches(names: Iterable[str]) -> tuple[str, ...]:
    """The names of channels, under which it may stand whether an entry goes out there; one alone says nothing."""
    found = tuple(name for name in names if known_channels(name))
    return found if len(found) > 1 else ()


def _stated_channels(value: Any) -> tuple[str, ...]:
    """The channels that a field names: in words, in a list, each with whether it is on."""
    if isinstance(value, dict):
        return _switched(value)
    if isinstance(value, list):
        value = [named(item, _LABELS) if isinstance(item, dict) else item for item in value]
    return channel_names(";".join(strings(value)))


def _switched(values: dict[str, Any]) -> tuple[str, ...]:
    """The channels that are on, of several that can be: ``{"whatsapp": true, "email": false}``; "" is off.

    One alone says nothing of the others.
    """
    flags = {key: False if value == "" else _is_on(value) for key, value in values.items() if known_channels(str(key))}
    flags = {key: flag for key, flag in flags.items() if flag is not None}
    on = [known_channels(str(key)) for key, flag in flags.items() if flag]
    return tuple(dict.fromkeys(one for names in on for one in names)) if len(flags) > 1 else ()


def _is_out_of_use(values: dict[str, Any], plan: Plan) -> bool:
    return any(truth(values.get(key)) is False for key in plan.active) or any(
        truth(values.get(key)) is True for key in plan.ended
    )


def overlook(gathering: Gathering, record: Record) -> None:
    """Note sentences in an entry of which nothing is read: the name of its text may be misspelt."""
    for key, value in record.values.items():
        if is_sentence(value) and not role(str(key)).kind:
            gathering.overlook(record.at(key), _not_read(str(key)))


def _overlook_beside(gathering: Gathering, record: Record, plan: Plan) -> None:
    """Note the first sentence under each unknown name beside texts: it may be shown with them, or a note."""
    for key in plan.unknown:
        overlook_once(gathering, record.values.get(key), record.at(key), key)
    texts = [record.values.get(name) for name, _ in plan.texts] if plan.passed else []
    said = Said(text for text in texts if isinstance(text, str))
    for key in plan.passed:
        value = record.values.get(key)
        if not (isinstance(value, str) and value in said):
            overlook_once(gathering, value, record.at(key), key, f"'{key}' is not read beside a text")


def overlook_once(gathering: Gathering, value: Any, path: Path, name: str, reason: str = "") -> None:
    """Note a sentence under a name that is not known, unless one under that name is noted already."""
    if name not in gathering.told and is_sentence(value):
        gathering.told.add(name)
        gathering.overlook(path, reason or _not_read(name))


def overlook_others(gathering: Gathering, record: Record, known: Container[str]) -> None:
    """Note the first sentence in an entry under each name that a reader does not know, however deep in it it is."""
    for key, value in record.values.items():
        if key not in known:
            for inner in islice(places(value, is_sentence), 1):
                found = Node(value, record.at(key), gathering.document).at(*inner)
                overlook_once(gathering, found.value, found.path, str(key))


def _not_read(key: str) -> str:
    return f"'{key}' is no known name for a text, so this is not read"


def is_internal(values: dict[str, Any], plan: Plan) -> bool:
    """Whether an entry says that only colleagues read it.

    One that is private may be an agent's own, and be sent to customers all the same.
    """
    if any(is_internal_flag(key) and truth(values.get(key)) for key in plan.agent):
        return True
    if any(_NOTE.fullmatch(str(values.get(key) or "")) for key in plan.audiences):
        return True
    said = " ".join(str(values.get(key) or "") for key in plan.audiences) if plan.audiences else ""
    if not said or _INTERNAL.search(said) is None or _OUTWARD.search(said) is not None:
        return False
    is_title = any(key in plan.audiences for key in plan.calling)
    return not is_title or len(said.split()) <= _LONGEST_MARK or _MARK.search(said) is not None


def is_note_name(name: str) -> bool:
    """Whether a heading says that what stands below is for colleagues: "Internal note", "Notities"."""
    return is_internal_flag(name) or _NOTE.fullmatch(name) is not None


def is_note(value: dict[Any, Any]) -> bool:
    """Whether a comment, as interfaces of helpdesks have it, is for colleagues: ``{"body": …, "public": false}``."""
    if any(is_internal_flag(str(key)) and truth(flag) for key, flag in value.items()):
        return True
    return "body" in value and (truth(value.get("public")) is False or truth(value.get("private")) is True)


def _going_on(entries: list[Any]) -> list[list[int]]:
    """The numbers of entries; those in which one sentence goes on are together."""
    groups: list[list[int]] = []
    for number, entry in enumerate(entries):
        before = entries[number - 1] if number else ""
        goes_on = isinstance(entry, str) and isinstance(before, str) and _GOES_ON.match(f"{before[-1:]}{entry[:1]}")
        if goes_on and groups:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


@lru_cache(maxsize=1024)
def _channels_of(key: str) -> tuple[str, ...]:
    """The channels that the name of a text says it is for."""
    return known_channels(key if is_channel(key) else channel_of(key))


class _Reading:
    """One record being read."""

    def __init__(self, gathering: Gathering, record: Record, plan: Plan, id: str, standing: Standing) -> None:
        self.gathering = gathering
        self.record = record
        self.plan = plan
        self.id = id
        self.tags = standing.tags
        self.locale = standing.locale or None
        self.channels = standing.channels

    def say_all(self) -> None:
        plan, values = self.plan, self.record.values
        for key in plan.subjects:
            if key not in plan.titles[:1] and isinstance(values.get(key), str):
                self._say(f"{self.id}.{key}", values[key], self.record.at(key), "subject")
        said = Said()
        for key, locale in plan.texts:
            value = values.get(key)
            if is_name(plan, key, value):
                continue
            if isinstance(value, str):
                if said and (not is_text(value) or value in said):
                    continue
                id = self._own_title(key) or (f"{self.id}.{key}" if said or locale else self.id)
                said.add(value)
                self._say(id, value, self.record.at(key), locale=locale, channels=_channels_of(key))
            elif isinstance(value, (list, dict)):
                by_channel = is_channel(key)
                id = f"{self.id}.{key}" if by_channel else self.id
                self._say_inside(value, self.record.at(key), id, locale, _channels_of(key) if by_channel else ())
        for key in plan.beside:
            if _is_said(values.get(key)):
                self._say_inside(values[key], self.record.at(key), f"{self.id}.{key}", "")
        rows = (key for key in plan.unknown if are_rows(key, values.get(key)))
        for key in (*plan.buttons, *rows):
            self._say_buttons(values.get(key), self.record.at(key), f"{self.id}.{key}")

    def _own_title(self, key: str) -> str:
        """What a text is called by a title of its own, where entries stand side by side: "title 2", "text 2"."""
        number = _NUMBER.search(key) if self.record.columns is not None and len(self.plan.titles) > 1 else None
        own = [title for title in self.plan.titles if number is not None and title.endswith(number[0])]
        return named(self.record.values, own) if own else ""

    def _say(
        self,
        id: str,
        text: str,
        path: Path,
        kind: str = "reply",
        locale: str = "",
        channels: tuple[str, ...] = (),
    ) -> None:
        only = channels or self.channels
        self.gathering.say(id, text, path, kind, "auto", only, locale or self.locale, self.tags)

    def _say_inside(self, value: Any, path: Path, id: str, locale: str, channels: tuple[str, ...] = ()) -> None:
        """Variants in a list, translations or channels in a mapping, a text in a mapping of its own."""
        if isinstance(value, str):
            self._say(id, value, path, locale=locale, channels=channels)
        elif is_rich(value):
            self._say_joined(joined(self.gathering.document, value, path), path, id, locale, channels)
        elif isinstance(value, list):
            for group in _going_on(value):
                number = group[0]
                if len(group) > 1:
                    self._say_lines(value, path, group, f"{id}[{number}]", locale, channels)
                else:
                    self._say_inside(value[number], (*path, number), f"{id}[{number}]", locale, channels)
        elif isinstance(value, dict) and is_note(value):
            self.gathering.skip(value, path, "marked as internal", id)
        elif isinstance(value, dict):
            inner = next((key for key in _INNER if isinstance(value.get(key), str)), None)
            if inner is not None:
                self._say(id, value[inner], (*path, inner), locale=locale, channels=channels)
                for key, item in value.items():
                    kind = role(str(key)).kind
                    if kind == "subject" and is_text(item):
                        self._say(f"{id}.{key}", item, (*path, key), "subject", locale, channels)
                    elif kind == "beside" and _is_said(item):
                        self._say_inside(item, (*path, key), f"{id}.{key}", locale, channels)
                    elif kind == "buttons" or are_rows(key, item):
                        self._say_buttons(item, (*path, key), f"{id}.{key}")
                return
            for key, item in value.items():
                is_other = isinstance(item, (dict, list)) and role(str(key)).kind in ("customer", "agent")
                if not is_other and _is_said(item):
                    only = channels or (known_channels(str(key)) if key not in _INNER else ())
                    self._say_inside(item, (*path, key), f"{id}.{key}", locale_of(str(key)) or locale, only)

    def _say_lines(
        self, lines: list[Any], path: Path, numbers: list[int], id: str, locale: str, channels: tuple[str, ...]
    ) -> None:
        """Entries of a list that are the lines of one text."""
        document = self.gathering.document
        nodes = [Node(lines[number], (*path, number), document) for number in numbers]
        whole = Joined(document, [part for node in nodes for part in (node, "\n")][:-1])
        self._say_joined(whole, (*path, numbers[0]), id, locale, channels)

    def _say_joined(self, whole: Joined, path: Path, id: str, locale: str, channels: tuple[str, ...]) -> None:
        only = channels or self.channels
        locale_ = locale or self.locale
        self.gathering.say(id, whole.value, path, "reply", "auto", only, locale_, self.tags, document=whole)

    def _say_buttons(self, value: Any, path: Path, id: str) -> None:
        """What can be chosen: the labels of buttons, the rows of a list in their sections."""
        for number, button in enumerate(value if isinstance(value, list) else ()):
            place, where = (*path, number), f"{id}[{number}]"
            if isinstance(button, str):
                self._say(where, button, place, "button")
            elif isinstance(button, dict):
                if isinstance(button.get(_REPLIED), dict):
                    button, place = button[_REPLIED], (*place, _REPLIED)
                self._say_button(button, place, where)

    def _say_button(self, button: dict[str, Any], path: Path, id: str) -> None:
        label = next((name for name in _LABELS if isinstance(button.get(name), str)), None)
        rows = next((name for name, item in button.items() if are_rows(name, item)), None)
        if label is not None:
            self._say(id, button[label], (*path, label), "button" if rows is None else "title")
        if rows is not None:
            self._say_buttons(button[rows], (*path, rows), f"{id}.{rows}")
        elif label is None:
            overlook_others(self.gathering, Record(button, path), DESCRIBES)
        for name in DESCRIBES:
            if is_text(button.get(name)):
                self._say(f"{id}.{name}", button[name], (*path, name))
