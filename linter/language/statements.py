"""What a text says about the channel and about itself: a claim that the chat is safe, the elements of a disclaimer."""

from __future__ import annotations

from dataclasses import dataclass

from .analysis import Reading

GROUPS = {
    "identity": (
        "national-id",
        "identity-document",
        "identity-document-copy",
        "other-document-copy",
        "date-of-birth",
        "name",
        "home-address",
        "biometric",
        "signature",
    ),
    "money": ("bank-account", "payment-card", "card-security-code", "financial-situation"),
    "health": ("health", "special-category"),
    "login": ("password", "pin", "one-time-code", "security-answer", "access-secret", "login-name"),
}
NAMED = frozenset(category for categories in GROUPS.values() for category in categories) - {
    "name", "home-address", "date-of-birth", "login-name",
}  # fmt: skip
"""Data that a disclaimer warns of; the others are named in too many texts to be a sign of one."""
_GROUP_OF = {category: group for group, categories in GROUPS.items() for category in categories}


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim or an element by name, with the character offsets of the words that say it."""

    name: str
    start: int
    end: int
    places: tuple[str, ...] = ()


def claims(reading: Reading) -> list[Statement]:
    """Assurances that this channel is safe for personal data."""
    found = []
    for sentence in reading.sentences:
        if "Z" not in sentence.tags:
            continue
        spans = [(name, first, last) for name, first, last in _spans(reading, sentence) if name.startswith("CLAIM_")]
        if any(name == "CLAIM_UNSAFE" for name, _, _ in spans) or "?" in sentence.tags:
            continue
        for _, first, last in spans:
            found.append(_statement(reading, sentence, "the channel is safe", first, last))
            break
    return found


def elements(reading: Reading) -> dict[str, Statement]:
    """The elements of a disclaimer that a text has, by name; ``examples`` and ``safe-alternative`` included."""
    found: dict[str, Statement] = {}
    categories: dict[str, Statement] = {}
    for sentence in reading.sentences:
        spans = _spans(reading, sentence)
        names = {name for name, _, _ in spans}
        for name, first, last in spans:
            element = _ELEMENTS.get(name, "")
            if element == "no-sensitive-data" and ("CONDUCT" in names or _promise_only(sentence.tags)):
                continue
            if element:
                found.setdefault(element, _statement(reading, sentence, element, first, last))
        forbids = any(_ELEMENTS.get(name) == "no-sensitive-data" for name in names) and "CONDUCT" not in names
        if forbids or _lists_examples(sentence.tags):
            for place, unit in enumerate(sentence.units):
                if unit.tag in "DdP" and unit.data:
                    category = next((c for c in unit.data if c), "")
                    if category in _GROUP_OF:
                        categories.setdefault(
                            _GROUP_OF[category], _statement(reading, sentence, "examples", place, place + 1)
                        )
        for place, unit in enumerate(sentence.units):
            if unit.tag == "E" and "safe-alternative" not in found:
                kinds = tuple(u.data[0] for u in sentence.units if u.tag == "E" and u.data)
                found["safe-alternative"] = _statement(reading, sentence, "safe-alternative", place, place + 1, kinds)
    if len(categories) >= 2 and "no-sensitive-data" in found:
        found["examples"] = next(iter(categories.values()))
    return found


def names_data(reading: Reading) -> bool:
    """Whether a text names, or calls sensitive, what a disclaimer warns of."""
    return any(
        unit.tag == "$" or (unit.tag in "DdP" and not NAMED.isdisjoint(unit.data))
        for sentence in reading.sentences
        for unit in sentence.units
    )


_ELEMENTS = {
    "ELEMENT_NO_SENSITIVE_DATA": "no-sensitive-data",
    "ELEMENT_NO_SENSITIVE_DATA_LATE": "no-sensitive-data",
    "ELEMENT_NO_SENSITIVE_DATA_AVOID": "no-sensitive-data",
    "ELEMENT_NEVER_ASK": "never-ask",
    "ELEMENT_PRIVACY_LINK": "privacy-link",
    "ELEMENT_BOT": "bot-disclosure",
    "ELEMENT_HUMAN": "human-path",
    "ELEMENT_RETENTION": "retention",
    "ELEMENT_THIRD_PARTY": "third-party",
}


def _promise_only(tags: str) -> bool:
    """'We never ask for your PIN' promises; it does not tell the customer what not to send."""
    return "G" not in tags and "a" not in tags


def _lists_examples(tags: str) -> bool:
    return "G" not in tags and sum(tag in "DdP" for tag in tags) >= 2


def _spans(reading: Reading, sentence: object) -> list[tuple[str, int, int]]:
    tags: str = sentence.tags  # type: ignore[attr-defined]
    present = set(tags)
    found = []
    for statement in reading.pack.statements:
        if statement.needs <= present:
            match = statement.pattern.search(tags)
            if match:
                found.append((statement.name, match.start(), match.end()))
    return found


def _statement(
    reading: Reading, sentence: object, name: str, first: int, last: int, places: tuple[str, ...] = ()
) -> Statement:
    units = sentence.units  # type: ignore[attr-defined]
    start = reading.tokens[units[first].first].start
    end = reading.tokens[units[last - 1].last - 1].end
    return Statement(name, start, end, places)
