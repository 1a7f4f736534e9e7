"""``neverask inspect``: the acts of a text, as JSON lines for programs and as an explanation for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, TextIO

from .glosses import Glosses
from .language import analysis, claims, identify, pack, passages
from .language.acts import Act
from .language.pack import Pack
from .language.proposals import Proposal
from .language.sentences import Sentence
from .markup import Plain, plain
from .messages import Say, speaker
from .policy.model import Policy
from .reporters.grouping import grouped
from .resources import languages
from .rules.wording import called
from .source import BUNDLED
from .trying import check_text

_TELLING = 3  # words; fewer don't tell their language


def stream(source: BinaryIO, target: TextIO) -> int:
    """Answer every JSON line.

    A line that can't be read is answered with an error. 2 if there was one, else 0.
    """
    status = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            text, lang, name = _asked(line)
        except (ValueError, LookupError, TypeError, RecursionError):
            target.write(json.dumps({"line": number, "error": "not a JSON object with a text"}) + "\n")
            status = 2
            continue
        if lang and identify.of_locale(lang) not in languages():
            said = f"no language {lang!r}: known are {', '.join(languages())}"
            target.write(json.dumps({"line": number, "id": name, "error": said}, ensure_ascii=False) + "\n")
            status = 2
            continue
        target.write(json.dumps(answer(text, lang, name), ensure_ascii=False) + "\n")
    return status


def _asked(line: bytes) -> tuple[str, str, Any]:
    """The text of a JSON line, its language and its name. Raises many kinds of error for any other line."""
    item = json.loads(line)
    text, lang, name = item["text"], item.get("lang") or "", item.get("id")
    if not isinstance(text, str) or not isinstance(lang, str):
        raise TypeError
    json.dumps(name, allow_nan=False)  # a number too large for JSON could not be given back
    return text, lang, name


def answer(text: str, lang: str, name: Any = None) -> dict[str, Any]:
    """{"id", "lang", "acts": [...]}; offsets of acts count in the text with its markup seen through."""
    code = _language(text, lang)
    seen = plain(text)
    readings = analysis.readings(seen.text, code, pack.load, seen.linked)
    found = [_act(act, seen) for reading in readings for act in analysis.acts(reading)]
    found += [
        {
            "act": "claim",
            "data": claim.name,
            "start": seen.span(claim.start, claim.end)[0],
            "end": seen.span(claim.start, claim.end)[1],
        }
        for reading in readings
        for claim in claims.claims(reading)
    ]
    return {"id": name, "lang": code, "acts": found}


def _language(text: str, lang: str, otherwise: str = "") -> str:
    """The language of a text: the stated one, else as it reads, else another that is known, else the most likely."""
    said = plain(text).text
    stated = identify.of_locale(lang)
    if stated in languages():
        return stated
    found = identify.identify(said) if not otherwise or len(said.split()) >= _TELLING else ""
    return found or otherwise or passages.mostly(said)


def _act(act: Act, seen: Plain) -> dict[str, Any]:
    start, end = seen.span(act.start, act.end)
    said: dict[str, Any] = {
        "act": act.force,
        "data": act.data,
        "start": start,
        "end": end,
        "term": act.term,
        "score": act.score,
    }
    if act.partial:
        said["partial"] = True
    if act.shielded:
        said["shielded"] = True
    if act.places:
        said["places"] = list(act.places)
    if act.construction:
        said["construction"] = act.construction
    return said


def explain(text: str, lang: str = "", policy: Policy | None = None, speaks: str = "en", otherwise: str = "") -> str:
    """What a text asks for and why, in the language that neverask ``speaks``, and what a policy finds in it.

    Which word is what, which constructions were found, why each datum counts or not, with the policy's own terms and
    places. ``lang`` is the language of the text, ``otherwise`` the one that it is taken for where it does not tell.
    """

    def pack_of(code: str) -> Pack:
        of = pack.load(code)
        if policy is None or not (policy.terms or policy.safe.own):
            return of
        own = {category: words[code] for category, words in policy.terms.items() if words.get(code)}
        return of.extended(own, tuple(name for place in policy.safe.own for name in place.names))

    say = speaker(speaks)
    seen = plain(text)
    if not any(map(str.isalnum, seen.text)):
        return say("there are no words in this text") + "\n"
    readings = analysis.readings(seen.text, _language(text, lang, otherwise), pack_of, seen.linked)
    if not readings:
        return say(f"the language of this text is none of: {', '.join(languages())}") + "\n"
    telling = _Telling(text, seen, Glosses(speaks, lambda category: say(called(category))), say)
    told = [telling.of(reading) for reading in readings]
    if policy is not None:
        told.append("\n".join(_judged(text, policy, lang, say)) + "\n")
    return "\n".join(told)


def _judged(text: str, policy: Policy, lang: str, say: Say) -> Iterator[str]:
    """What a policy finds in a text that is a reply over the channel that it names for all the rest."""
    channel = policy.usual_channel
    called = "WhatsApp" if channel == "whatsapp" else channel
    yield say(f"under the policy {policy.name.removesuffix(BUNDLED)}, as a reply over {called}:")
    found = grouped(check_text(text, policy, channel, lang))
    if not found:
        yield f"    {say('no finding')}"
    for finding in found:
        yield f"    {say(finding.level)}: {say(finding.message)} [{finding.rule}]"


class _Telling:
    """How readings of a text are told in a language."""

    def __init__(self, text: str, seen: Plain, glosses: Glosses, say: Say) -> None:
        self._text = text
        self._seen = seen
        self._glosses = glosses
        self._say = say

    def of(self, reading: analysis.Reading) -> str:
        """One reading: what it asks for, its sentences, and each datum with what speaks for and against it."""
        acts = analysis.acts(reading)
        lines = [self._say(f"language: {reading.pack.english}"), *map(self._say, _in_short(acts))]
        for sentence in reading.sentences:
            lines += ["", *_drawn(reading, sentence, self._glosses.tags), *self._recognised(reading, sentence)]
        for proposal, act in zip(reading.proposals, acts, strict=False):
            lines += ["", *self._datum(proposal, act, reading.pack)]
        for act in acts[len(reading.proposals) :]:
            words = self._text[slice(*self._seen.span(act.start, act.end))]
            said = self._say("asks for something that a placeholder stands for")
            lines += ["", f"{words!r} = {act.data}: {said}"]
        return "\n".join(lines) + "\n"

    def _recognised(self, reading: analysis.Reading, sentence: Sentence) -> Iterator[str]:
        """The constructions in a sentence, by what they speak for."""
        forces: dict[str, list[str]] = {}
        for name, first, last in sentence.spans:
            words = _words(reading, sentence, first, last)
            said = f"      {words!r}: {self._glosses.construction(name)} ({name})"
            forces.setdefault(self._glosses.force(name), []).append(said)
        for force, said_of in forces.items():
            yield f"    {force}:"
            yield from said_of

    def _datum(self, proposal: Proposal, act: Act, of: Pack) -> Iterator[str]:
        say = self._say
        request = "asks for a part" if act.partial else "ASKS"
        verdict = request if act.force == "request" else f"asks nothing ({act.force})"
        by = f": {self._glosses.construction(act.construction)} ({act.construction})" if act.construction else ""
        yield f"{act.term!r} = {act.data}: {say(f'{verdict}, weight {act.score:+.2f}')}{by}"
        parts = analysis.reasons(proposal, of.weights, 10)
        turning = _would_turn(act.score, parts)
        for feature, weight in parts:
            mark = "*" if feature in turning else " "
            yield f"  {mark} {weight:+.2f}  {self._glosses.feature(feature)} ({feature})"
        if turning:
            yield f"    {say('without those marked * the verdict would be the other one')}"


def _in_short(acts: Sequence[Act]) -> Iterator[str]:
    """What a text asks for and what it only speaks of, each kind of data once."""
    asked = {act.data for act in acts if act.force == "request" and not act.partial}
    parts = {act.data for act in acts if act.partial} - asked
    spoken = {act.data for act in acts} - asked - parts
    for begins, some in (
        ("this asks the customer for ", asked),
        ("this asks the customer for a part of ", parts),
        ("this speaks of it and does not ask for it: ", spoken),
    ):
        data = ", ".join(called(name) for name in dict.fromkeys(act.data for act in acts) if name in some)
        if data:
            yield begins + data
    if not acts:
        yield "no word for data was found: this asks for nothing that a policy can name"


def _would_turn(score: float, parts: tuple[tuple[str, float], ...]) -> frozenset[str]:
    """The fewest of the greatest reasons whose absence would turn the verdict; none where all of them would not."""
    taken: list[str] = []
    left = score
    for feature, weight in parts:
        if (weight > 0) == (score > 0):
            taken.append(feature)
            left -= weight
            if (left > 0) != (score > 0):
                return frozenset(taken)
    return frozenset()


def _drawn(reading: analysis.Reading, sentence: Sentence, names: dict[str, str]) -> list[str]:
    above, below = [], []
    for number, unit in enumerate(sentence.units):
        words = _words(reading, sentence, number, number + 1)
        name = names.get(unit.tag, unit.tag)
        if name in ("WORD", "TRAP") and not unit.data:
            name = "·"
        elif unit.data and unit.tag != "E":
            name += ":" + "/".join(part for part in unit.data if part)
        width = max(len(words), len(name))
        above.append(words.ljust(width))
        below.append(name.ljust(width))
    return ["  " + " ".join(above).rstrip(), "  " + " ".join(below).rstrip()]


def _words(reading: analysis.Reading, sentence: Sentence, first: int, last: int) -> str:
    return " ".join(reading.text[slice(*sentence.span(first, last))].split())
