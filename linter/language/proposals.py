"""What the grammar proposes: for each datum of a text what it may stand for, and all that speaks for and against.

A proposal's features are names that a person can read: ``in:ASK_NEED`` (a construction holds the datum),
``near:AWAY_GO`` (it stands elsewhere in the sentence), ``head:``, ``before:`` and ``after:`` (in the header, the
sentence before or after), ``left:`` and ``right:`` (a tag beside the datum), ``kind:``, ``ends:`` ... ``word:``
names a word of the language. weights.yaml says how much each counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .sentences import Sentence
from .tokens import Token

_DATA = frozenset("DdPQ")
_COPY_REACH = 8
_NUMBER_REACH = 4
Found = tuple[str, int, int]
"""A construction's name and the units that it goes from and to."""
_ENDS = "END_"
"""What denies or sends elsewhere, begun within a construction of this name, does not reach past its end."""
_DENIES = ("FORBID_", "PROMISE_", "AWAY_", "TOLD_")
_CLAUSE = frozenset(".?!;:,~&b")
_LENDS_ASKING = frozenset({"IT_COMMAND", "IT_HERE", "IT_CAN", "IT_COPY_HERE", "IT_OR_HERE", "IT_ENOUGH"})
"""What asks of a neighbouring sentence, unless a "never" stands over it: "IBAN? Don't share it with anybody"."""


@dataclass(slots=True)
class Proposal:
    """One datum that a text may ask for: its category, its place (units of a sentence), its features."""

    category: str
    sentence: int
    first: int
    last: int
    kind: str
    features: list[str]
    copy: tuple[int, int] | None = None


class Construction:
    """A construction's name, the expression over tags, and the tags without which it can't match.

    The expression is compiled when a sentence first has those tags: most runs need a few of them only.
    """

    __slots__ = ("_compiled", "_expression", "name", "needs")

    def __init__(self, name: str, expression: str, needs: Iterable[str]) -> None:
        self.name = name
        self.needs = frozenset(needs)
        self._expression = expression
        self._compiled: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._expression)
        return self._compiled


def find(tags: str, constructions: list[Construction]) -> list[Found]:
    """Every construction in the tags of a sentence, wherever it stands."""
    present = set(tags)
    spans: list[Found] = []
    for construction in constructions:
        if construction.needs <= present:
            for match in construction.pattern.finditer(tags):
                if match.end() > match.start():
                    spans.append((construction.name, match.start(), match.end()))
    for _, first, last in [span for span in spans if span[0].startswith(_ENDS)]:
        spans = [span for span in spans if not (first <= span[1] < last < span[2] and span[0].startswith(_DENIES))]
    denied = [(first, last) for name, first, last in spans if name == "IT_NEVER"]
    return [
        span
        for span in spans
        if not (span[0].startswith(_ENDS) or (span[0] in _LENDS_ASKING and _within(span[1], denied)))
    ]


def find_first(tags: str, constructions: list[Construction]) -> list[Found]:
    """The first place of each construction in the tags of a sentence."""
    present = set(tags)
    matches = ((one.name, one.pattern.search(tags)) for one in constructions if one.needs <= present)
    return [(name, match.start(), match.end()) for name, match in matches if match]


def _within(place: int, stretches: list[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in stretches)


def propose(sentences: list[Sentence], tokens: list[Token]) -> list[Proposal]:
    """All proposals of a text whose sentences have had their constructions found."""
    found: list[Proposal] = []
    summaries: dict[int, list[str]] = {}
    total = len(sentences)
    lent = {name for sentence in sentences for name, _, _ in sentence.spans if name.startswith("IT_")}
    whole = [f"text:{name}" for name in sorted(lent)]
    for index, sentence in enumerate(sentences):
        if _DATA.isdisjoint(sentence.tags):
            continue
        common = _context(sentences, index, summaries, total, tokens, whole)
        for place, unit in enumerate(sentence.units):
            if unit.tag not in _DATA:
                continue
            local = _local(sentence, place, tokens)
            for category, kind, copy in _readings(sentences, index, place):
                features = [
                    f"kind:{kind}",
                    f"category:{category}",
                    f"{kind}:{sentence.tags[-1]}",
                    *local,
                    *common,
                ]
                features += _together(kind, sentence, place, features)
                found.append(Proposal(category, index, place, place + 1, kind, features, copy))
    return found


def _readings(sentences: list[Sentence], index: int, place: int) -> list[tuple[str, str, tuple[int, int] | None]]:
    sentence = sentences[index]
    unit = sentence.units[place]
    kinds = {"D": "datum", "d": "weak", "Q": "question"}
    if unit.tag != "P":
        return [(unit.data[0], kinds[unit.tag], None)] if unit.data else []
    copy, number, bare = unit.data
    tags = sentence.tags
    readings: list[tuple[str, str, tuple[int, int] | None]] = []
    near = _nearest(tags, place, "K", _COPY_REACH)
    following = sentences[index + 1] if index + 1 < len(sentences) else None
    after = following.tags if following is not None else ""
    if number and near < 0 and following is not None and _DATA.isdisjoint(after) and _asks_number(following):
        return [(number, "number", None)]  # "Have you got your passport? What is its number?"
    if number and _beside(tags, place, "#", _NUMBER_REACH):
        readings.append((number, "number", None))
    if near >= 0 and copy:
        readings.append((copy, "copy", (min(near, place), max(near, place) + 1)))
    elif not readings or bare:
        if copy and ("K" in after or (index and "K" in sentences[index - 1].tags)):
            readings.append((copy, "copy-apart", None))
        elif sentence.header >= 0 and "K" in sentences[sentence.header].tags and copy:
            readings.append((copy, "copy-header", None))
        elif not readings:
            if sentence.header >= 0 and number and "#" in sentences[sentence.header].tags:
                readings.append((number, "number", None))
            elif bare:
                readings.append((bare, "bare", None))
            elif number:
                readings.append((number, "bare-number", None))
    return readings


def _asks_number(sentence: Sentence) -> bool:
    return any(name == "IT_NUMBER" for name, _, _ in sentence.spans)


def _nearest(tags: str, place: int, wanted: str, reach: int) -> int:
    for distance in range(1, reach + 1):
        left, right = place - distance, place + distance
        if left >= 0 and tags[left] == wanted:
            return left
        if right < len(tags) and distance <= reach // 2 + 1 and tags[right] == wanted:
            return right
    return -1


def _beside(tags: str, place: int, wanted: str, reach: int) -> bool:
    return wanted in tags[max(0, place - reach) : place] or wanted in tags[place + 1 : place + 3]


def _local(sentence: Sentence, place: int, tokens: list[Token]) -> list[str]:
    tags, units = sentence.tags, sentence.units
    features: list[str] = []
    inside: set[str] = set()
    beside: set[str] = set()
    for name, first, last in sentence.spans:
        (inside if first <= place < last else beside).add(name)
    for name in inside:
        features.append(f"in:{name}")
    for name in beside - inside:
        features.append(f"near:{name}")
    left = place
    while left > 0 and tags[left - 1] not in _CLAUSE:
        left -= 1
    right = place + 1
    while right < len(tags) and tags[right] not in _CLAUSE:
        right += 1
    for tag in sorted(set(tags[left:place])):
        features.append(f"clause-left:{tag}")
    for tag in sorted(set(tags[place + 1 : right])):
        features.append(f"clause-right:{tag}")
    for tag in sorted(set(tags[:left])):
        features.append(f"sentence-left:{tag}")
    for tag in sorted(set(tags[right:])):
        features.append(f"sentence-right:{tag}")
    before = tags[max(0, place - 2) : place].rjust(2, "<")
    after = tags[place + 1 : place + 3].ljust(2, ">")
    features += [
        f"left:{before[1]}",
        f"left2:{before}",
        f"right:{after[0]}",
        f"right2:{after}",
        f"around:{before[1]}{after[0]}",
    ]
    features.append(f"length:{min(len(tags), 24) // 4}")
    unit = units[place]
    features.append("term:" + " ".join(t.norm for t in tokens[unit.first : unit.last]))
    start, end = units[0].first, units[-1].last
    seen = set()
    for token in tokens[start:end]:
        if token.tag == "x":
            seen.add(token.norm)
    for word in sorted(seen):
        features.append(f"word:{word}")
    near = [t.norm for t in tokens[max(start, unit.first - 3) : unit.first] if t.tag == "x"]
    far = [t.norm for t in tokens[unit.last : min(end, unit.last + 3)] if t.tag == "x"]
    for word in near:
        features.append(f"before-word:{word}")
    for word in far:
        features.append(f"after-word:{word}")
    return features


_BLOCKS = ("FORBID", "PROMISE", "AWAY", "TOLD")
_ASKING = frozenset(
    f"in:ASK_{name}"
    for line in (
        "COMMAND COMMAND_LATE COMMAND_FAR CAN POLITE POLITE_LATE NEED NEED_LATE WE_NEED WH SHORT ANSWER LABEL BARE",
        "FILL ITEM REMIND NOT_WITHOUT AS_LONG PLEASE PLEASE_LATE HERE HERE_LATE GIVE_US MUST IF_SO COPY",
        "CAN_GIVE ENOUGH TAKEN_UP CAUGHT NOT_BUT AND_THEN OR_HERE",
    )
    for name in line.split()
)
"""Constructions that ask by themselves; a possessive or an 'and' only supports them."""


def _together(kind: str, sentence: Sentence, place: int, features: list[str]) -> list[str]:
    """What counts only together: 'asked & forbidden', 'bare & asked-after' ... each pair a feature of its own."""
    flags = [f"as-{kind}"]
    have = set(features)
    starts = {feature.partition("_")[0] for feature in features if feature.startswith(("in:", "near:"))}
    asked = "in:ASK" in starts and not have.isdisjoint(_ASKING)
    flags.append("asked" if asked else "unasked")
    for prefix in _BLOCKS:
        if f"in:{prefix}" in starts:
            flags.append(prefix.lower())
        elif f"near:{prefix}" in starts:
            flags.append("near-" + prefix.lower())
    if "in:PART" in starts:
        flags.append("part")
    if not any(f"in:{prefix}" in starts for prefix in _BLOCKS):
        flags.append("free" if any(f"near:{prefix}" in starts for prefix in _BLOCKS) else "clear")
    if "in:ASK_COMMAND" in have or "in:ASK_CAN" in have or "in:ASK_POLITE" in have:
        flags.append("directly")
    for where in ("after", "after2", "before", "head", "text"):
        if f"{where}:IT_HERE" in have or f"{where}:IT_CAN" in have or f"{where}:IT_COMMAND" in have:
            flags.append(f"{where}-asks")
        if f"{where}:IT_AWAY" in have or f"{where}:IT_GO" in have:
            flags.append(f"{where}-away")
        if f"{where}:IT_NEVER" in have or f"{where}:IT_NOBODY" in have:
            flags.append(f"{where}-never")
    if sentence.tags.endswith("?"):
        flags.append("question")
    if sentence.filled:
        flags.append("filled")
    if "H" in sentence.tags:
        flags.append("here")
    if "E" in sentence.tags:
        flags.append("elsewhere")
    if "G" in sentence.tags:
        flags.append("give")
    if len(sentence.tags) <= 6:
        flags.append("short")
    return [f"{a} & {b}" for number, a in enumerate(flags) for b in flags[number + 1 :]]


def _summary(sentence: Sentence) -> list[str]:
    names = sorted({name for name, _, _ in sentence.spans})
    marks = ["?" if sentence.tags.endswith("?") else "-"]
    if _DATA.isdisjoint(sentence.tags):
        marks.append("no-datum")
    if sentence.item:
        marks.append("item")
    return names + marks


def _context(
    sentences: list[Sentence],
    index: int,
    summaries: dict[int, list[str]],
    total: int,
    tokens: list[Token],
    whole: list[str],
) -> list[str]:
    sentence = sentences[index]

    def summary(number: int) -> list[str]:
        if number not in summaries:
            summaries[number] = _summary(sentences[number])
        return summaries[number]

    features = [f"ends:{sentence.tags[-1] if sentence.tags[-1] in '.?!:' else '-'}"]
    if sentence.item:
        features.append("item")
    if sentence.line:
        features.append("line")
    if sentence.filled:
        features.append(f"filled:{sentence.filled}")
    if sentence.header >= 0:
        features.append("headed")
        features += [f"head:{name}" for name in summary(sentence.header)]
    if index:
        features += [f"before:{name}" for name in summary(index - 1)]
    if index > 1:
        features += [f"before2:{name}" for name in summary(index - 2)]
    if index + 1 < total:
        features += [f"after:{name}" for name in summary(index + 1)]
    if index + 2 < total:
        features += [f"after2:{name}" for name in summary(index + 2)]
    features.append(f"sentences:{min(total, 5)}")
    features.append("first" if index == 0 else "last" if index == total - 1 else "middle")
    features += whole
    around: set[str] = set()
    for number in (index - 1, index + 1):
        if 0 <= number < total and sentences[number].units:
            units = sentences[number].units
            around.update(t.norm for t in tokens[units[0].first : units[-1].last] if t.tag == "x")
    features += [f"around-word:{word}" for word in sorted(around)]
    return features
