"""A text to its acts: who asks whom for what, what is forbidden, promised, sent elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from . import disguise
from .acts import Act
from .pack import Pack
from .proposals import Proposal, propose
from .sentences import Sentence, joined, split
from .tokens import Token, tokenise

_DATA = frozenset("DdPQ")
_DENIALS = ("IT_NEVER", "IT_NOBODY", "FORBID_", "PROMISE_")
_ASKS_ALONE = frozenset({"ASK_COMMAND", "ASK_CAN", "ASK_NEED", "ASK_WE_NEED", "ASK_POLITE", "ASK_WH"})
_ASKING_HEADER = frozenset({"IT_NEED", "IT_COMMAND", "IT_HERE", "IT_CAN"})
_NEVER_ASKS = "PROMISE_NOT_YOURS"
"""Where a "not your" stands right before the datum, nothing beside it asks for it after all."""
_FORCE_BY_PREFIX = {"FORBID": "prohibition", "PROMISE": "assurance", "AWAY": "redirect"}


@dataclass(slots=True)
class Reading:
    """All that was made of a text on the way to its acts; ``inspect`` draws it."""

    text: str
    pack: Pack
    tokens: list[Token]
    sentences: list[Sentence]
    proposals: list[Proposal]
    kinds: frozenset[str] | None = None  # of phrases that it may have; worked out when first asked for


def read(text: str, pack: Pack) -> Reading:
    """Tag a text, find the constructions and propose what may be asked for."""
    tokens = joined(tokenise(text), text, pack.abbreviations)
    units = pack.lexicon.tag(tokens)
    plainer = disguise.seen_through(text, tokens, units, pack.code)
    if plainer is not None:
        tokens = plainer
        units = pack.lexicon.tag(tokens)
    sentences = split(units, tokens, pack.abbreviations)
    if not any(unit.tag in _DATA or unit.tag == "*" for unit in units):
        return Reading(text, pack, tokens, sentences, [])
    for sentence in sentences:
        sentence.spans = pack.found(sentence.tags)
    return Reading(text, pack, tokens, sentences, propose(sentences, tokens))


def score(proposal: Proposal, weights: dict[str, float]) -> float:
    """The sum of the weights of a proposal's features; above 0 the text asks."""
    get = weights.get
    return get("bias", 0.0) + sum([get(feature, 0.0) for feature in proposal.features])


def reasons(proposal: Proposal, weights: dict[str, float], most: int = 6) -> tuple[tuple[str, float], ...]:
    """The features that counted most, greatest first."""
    parts = [(feature, weights[feature]) for feature in dict.fromkeys(proposal.features) if feature in weights]
    parts.sort(key=lambda part: (-abs(part[1]), part[0]))
    return tuple(parts[:most])


def acts(reading: Reading) -> list[Act]:
    """The acts of a text in order; for a category asked for several times, each place."""
    found: list[Act] = []
    for proposal in reading.proposals:
        found.append(_act(reading, proposal))
    return found + list(_unknown(reading))


def _unknown(reading: Reading) -> Iterator[Act]:
    """Requests whose object is a placeholder: what they ask for is not in the text."""
    for sentence in reading.sentences:
        blocked = any(name.startswith(("FORBID_", "PROMISE_", "IT_NEVER")) for name, _, _ in sentence.spans)
        for name, first, last in sentence.spans:
            if name == "ASK_UNKNOWN" and not blocked:
                start = reading.tokens[sentence.units[first].first].start
                end = reading.tokens[sentence.units[last - 1].last - 1].end
                yield Act("request", "unknown", start, end, reading.text[start:end], construction=name, score=1.0)


def _act(reading: Reading, proposal: Proposal) -> Act:
    weights = reading.pack.weights
    sentence = reading.sentences[proposal.sentence]
    value = score(proposal, weights)
    first, last = proposal.copy or (proposal.first, proposal.last)
    start = reading.tokens[sentence.units[first].first].start
    end = reading.tokens[sentence.units[last - 1].last - 1].end
    inside = [name for name, begin, stop in sentence.spans if begin <= proposal.first < stop]
    partial = any(name.startswith("PART_") for name in inside)
    shielded = any(name.startswith("MASK_") for name in inside)
    request = value > 0 and _NEVER_ASKS not in inside and not _denied(reading, sentence)
    partial = partial and not request
    construction = _construction(inside, "ASK_" if request else "", weights)
    places = tuple(sorted({unit.data[0] for unit in sentence.units if unit.tag == "E" and unit.data}))
    unit = sentence.units[proposal.first]
    term = reading.text[reading.tokens[unit.first].start : reading.tokens[unit.last - 1].end]
    force = "request" if request or partial else _other_force(inside)
    return Act(
        force=force,
        data=proposal.category,
        start=start,
        end=end,
        term=term,
        partial=partial,
        shielded=shielded,
        places=places,
        construction=construction,
        score=round(value, 2),
        reasons=reasons(proposal, weights),
    )


def _denied(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line stands in a list whose header forbids it or promises not to ask ("We never ask for:")."""
    if sentence.header < 0 or any(name in _ASKS_ALONE for name, _, _ in sentence.spans):
        return False
    spans = reading.sentences[sentence.header].spans
    denials = [first for name, first, _ in spans if name.startswith(_DENIALS)]
    asks = [first for name, first, _ in spans if name in _ASKING_HEADER]
    return bool(denials) and min(denials) < min(asks, default=inf)


def _construction(inside: list[str], prefix: str, weights: dict[str, float]) -> str:
    names = (
        [name for name in dict.fromkeys(inside) if name.startswith(prefix)] if prefix else list(dict.fromkeys(inside))
    )
    if not names:
        return ""
    sign = 1 if prefix else -1
    return max(names, key=lambda name: (sign * weights.get(f"in:{name}", 0.0), name))


def _other_force(inside: list[str]) -> str:
    for prefix, force in _FORCE_BY_PREFIX.items():
        if any(name.startswith(prefix) for name in inside):
            return force
    return "mention"
