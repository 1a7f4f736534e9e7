"""``neverask inspect``: the acts of a text, as JSON lines for programs and as an explanation for people."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, TextIO

from .language import analysis, identify, pack, passages, statements
from .language.acts import Act
from .language.pack import Pack
from .language.sentences import Sentence
from .language.tagset import tags
from .markup import Plain, plain
from .policy.model import Policy
from .resources import grammar, languages


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
        for claim in statements.claims(reading)
    ]
    return {"id": name, "lang": code, "acts": found}


def _language(text: str, lang: str) -> str:
    said = plain(text).text
    stated = lang.lower().replace("_", "-").split("-")[0]
    return stated if stated in languages() else (identify.identify(said) or passages.mostly(said))


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


_GLOSS = {
    "ASK": "speaks for asking",
    "FORBID": "forbids",
    "PROMISE": "promises not to ask",
    "AWAY": "sends elsewhere",
    "TOLD": "only speaks of it",
    "PART": "only a part of it",
    "MASK": "covered",
    "IT": "lends its force to a neighbouring sentence",
    "REF": "wants what was named before",
    "WRONG": "may be asked for once more",
    "MAIL": "says where to write",
}


def explain(text: str, lang: str, policy: Policy | None = None) -> str:
    """A drawing of the analysis, with a policy's own terms and places.

    Which word is what, which constructions were found, why each datum counts or not.
    """

    def pack_of(code: str) -> Pack:
        of = pack.load(code)
        if policy is None or not (policy.terms or policy.safe.own):
            return of
        own = {category: words[code] for category, words in policy.terms.items() if words.get(code)}
        return of.extended(own, tuple(name for place in policy.safe.own for name in place.names))

    seen = plain(text)
    readings = analysis.readings(seen.text, _language(text, lang), pack_of, seen.linked)
    if not readings:
        return "the language of this text is none of: " + ", ".join(languages()) + "\n"
    what = "the text" if len(readings) == 1 else "this passage"
    return "\n".join(_explained(reading, text, seen, what) for reading in readings)


def _explained(reading: analysis.Reading, text: str, seen: Plain, what: str) -> str:
    of = reading.pack
    names = {character: name for name, character in reversed(list(tags(grammar("tags.lark")).items()))}
    lines = [f"language: {of.english}"]
    for sentence in reading.sentences:
        lines.append("")
        lines += _drawn(reading, sentence, names)
        for name, first, last in sentence.spans:
            words = _words(reading, sentence, first, last)
            lines.append(f"    {name}: {words!r}  ({_GLOSS[name.split('_')[0]]})")
    acts = analysis.acts(reading)
    if not acts:
        lines += ["", f"no word for data was found: {what} asks for nothing that a policy can name"]
    for proposal, act in zip(reading.proposals, acts, strict=False):
        verdict = (
            "ASKS"
            if act.force == "request" and not act.partial
            else "asks for a part"
            if act.partial
            else f"asks nothing ({act.force})"
        )
        lines += [
            "",
            f"{act.term!r} = {act.data}: {verdict}, weight {act.score:+.2f}"
            + (f", by {act.construction}" if act.construction else ""),
        ]
        parts = analysis.reasons(proposal, of.weights, 10)
        for feature, weight in parts:
            lines.append(f"    {weight:+.2f}  {feature}")
        turn = _would_turn(act.score, parts)
        if turn:
            lines.append(f"    without {turn} the verdict would be the other one")
    for act in acts[len(reading.proposals) :]:
        words = text[slice(*seen.span(act.start, act.end))]
        lines += ["", f"{words!r} = {act.data}: asks for something that a placeholder stands for"]
    return "\n".join(lines) + "\n"


def _would_turn(score: float, parts: tuple[tuple[str, float], ...]) -> str:
    """The fewest of the greatest reasons whose absence would turn the verdict."""
    taken: list[str] = []
    left = score
    for feature, weight in parts:
        if (weight > 0) == (score > 0):
            taken.append(feature)
            left -= weight
            if (left > 0) != (score > 0):
                return " and ".join(taken)
    return ""


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
