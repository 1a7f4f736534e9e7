"""How a finding can be mended: which part of a text goes, and what the policy says instead."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from unicodedata import category

from ..finding import Mend
from ..language.acts import Act
from ..language.lexicon import DATA
from ..language.sentences import REFERRING, TO_FILL, Sentence
from ..policy.model import Rule
from .context import Spoken
from .lists import UNCLEAR, without
from .wording import in_language

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)(?![\w-])([^<>]*)>")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w+;")
_OPENING = "¿¡"
_SIGNS = frozenset({"So", "Sk", "Cf", "Mn"})  # an emoji may have a skin, be joined of several, and be marked as one
_LANGUAGE = re.compile(r"[(\[]?(?:NL|EN|DE|FR|ES|IT|PT)[)\]]?[ \t]?[:|][ \t]+(?=\S)")
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_PARAGRAPH = re.compile(r"\s*<p\b", re.IGNORECASE)
_LINE_END = re.compile(r",?[ \t]*\r?\n[ \t]*")
_LENDS = ("IT_COMMAND", "IT_HERE", "IT_CAN", "IT_POLITE", "IT_NEED")


def reworded(spoken: Spoken, acts: Iterable[Act], rule: Rule, forbidden: Sequence[Act] = ()) -> Mend:
    """The sentences that ask, replaced by the rule's wording in the very language of the text.

    What else is asked for in a plain list stays; ``forbidden`` is all of the text that the rule forbids to ask for.
    """
    if spoken.message.kind == "subject":
        return not_mended("a subject says what the message is about: it needs words of its own")
    if spoken.beside:
        return not_mended("it stands inside a tag or an address")
    acts = list(acts)
    reading = spoken.reading_at(acts[0].start)
    if reading is None:
        return not_mended("the text is in a language that is not known")
    wording = in_language(rule.instead, reading.pack.code, reading.text)
    if not wording:
        return not_mended(f"the policy has no wording in '{reading.pack.code}' for this rule")
    places = [sentence.span(0, len(sentence.units)) for sentence in reading.sentences]
    asking = {_place_of(act.start, places) for act in acts}
    if -1 in asking:
        return not_mended("the sentence that asks could not be told apart")
    concerned = _with_neighbours(reading.sentences, asking)
    concerned = _with_lines(spoken.plain.text, places, _with_clauses(reading.sentences, concerned))
    others = _others(spoken, [places[number] for number in sorted(concerned)], forbidden) if forbidden else False
    kept = without(spoken, reading.sentences[min(concerned)], forbidden) if forbidden and len(concerned) == 1 else None
    if kept is not None and kept != UNCLEAR:
        return _keeping(spoken, *places[min(concerned)], *kept, wording)
    if others or kept is not None or _loses(reading.sentences, concerned, asking):
        return not_mended("the sentence asks for other things, too, which should stay: it needs other words")
    first, end = _past_signs(spoken, places[min(concerned)][0]), places[max(concerned)][1]
    first = _past_placeholders(spoken, _past_language(spoken.plain.text, first))
    behind = reading.pack.greetings.end(spoken.plain.text, first, min(act.start for act in acts))
    said = reading.pack.greetings.behind(wording, spoken.plain.text[behind:end]) if behind > first else ""
    start, end = spoken.plain.span(first, end)
    after = spoken.plain.span(first, behind)[1] if said else start
    if said and _balanced(spoken.message.text[after:end]):
        return _replacing(spoken, after, end, wording, said)
    # A greeting that the wording can't follow goes, too: it would be left alone.
    while start and spoken.message.text[start - 1] in _OPENING:
        start -= 1
    return _replacing(spoken, start, end, wording)


def _place_of(at: int, places: Sequence[tuple[int, int]]) -> int:
    """Which of the places, given in their order, holds a character of the text; -1 if none does."""
    number = bisect_right(places, at, key=_start) - 1
    return number if number >= 0 and at < places[number][1] else -1


def _start(place: tuple[int, int]) -> int:
    return place[0]


def _others(spoken: Spoken, places: Sequence[tuple[int, int]], forbidden: Sequence[Act]) -> bool:
    """Whether what may be asked for is asked for in the same words."""
    data = {act.data for act in forbidden}
    return any(
        act.force == "request" and act.data not in data and _place_of(act.start, places) >= 0 for act in spoken.acts
    )


def _keeping(spoken: Spoken, start: int, end: int, kept: str, called: str, wording: str) -> Mend:
    """What may be asked for, then the wording behind the name of what may not."""
    start, end = spoken.plain.span(start, end)
    if not _balanced(spoken.message.text[start:end]):
        return not_mended("a tag begins in the words that ask and ends outside them")
    said = _escaped(spoken, wording)
    return Mend(spoken.message, start, end, f"{kept} {called}: {said}", wording=said)


def _with_clauses(sentences: list[Sentence], concerned: set[int]) -> set[int]:
    """With the other clauses of a sentence: what is left of one would be no sentence."""
    first, last = min(concerned), max(concerned)
    while last + 1 < len(sentences) and sentences[last + 1].part.clause:
        last += 1
    while first > 0 and sentences[first].part.clause:
        first -= 1
    return concerned | {first, last}


def _with_lines(text: str, places: list[tuple[int, int]], concerned: set[int]) -> set[int]:
    """With the lines that a sentence goes on over, and what goes on behind its colon: the next begins without a capital
    where the text has capitals.
    """
    if not any(text[start].isupper() for start, _ in places):
        return concerned
    first, last = min(concerned), max(concerned)
    while last + 1 < len(places) and (
        _goes_on(text, places[last], places[last + 1]) or _tells_on(text, places[last], places[last + 1])
    ):
        last += 1
    while first > 0 and _goes_on(text, places[first - 1], places[first]):
        first -= 1
    return concerned | {first, last}


def _goes_on(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    broken = _LINE_END.fullmatch(text, before[1], after[0]) is not None
    return broken and text[before[1] - 1] not in ".!?:;…" and text[after[0]].islower()


def _tells_on(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether a sentence goes on behind its colon: "… your IBAN: we pay you today."."""
    between = text[before[1] - 1 : after[0]]
    return between.rstrip().endswith(":") and "\n" not in between and text[after[0]].islower()


def _past_signs(spoken: Spoken, start: int) -> int:
    """Where the words of a sentence begin: an emoji before them says as much before others, and stays."""
    text, at = spoken.plain.text, start
    while at < len(text) and (category(text[at]) in _SIGNS or (at > start and text[at].isspace())):
        at += 1
    return at if text[at : at + 1].isalpha() else start


def _past_language(text: str, start: int) -> int:
    """Where the words begin behind a mark of their language ("EN: …"): it says of the rest which it is, and stays."""
    mark = _LANGUAGE.match(text, start)
    return start if mark is None else mark.end()


def _past_placeholders(spoken: Spoken, start: int) -> int:
    """Where the sentence itself begins: a placeholder before its capital stands by itself, and stays."""
    text = spoken.plain.text
    while (found := next((one for one in spoken.plain.placeholders if one.start == start), None)) is not None:
        blanks = len(text[found.end :]) - len(text[found.end :].lstrip())
        if not blanks or not text[found.end + blanks :][:1].isupper():
            break
        start = found.end + blanks
    return start


def _with_neighbours(sentences: list[Sentence], asking: set[int]) -> set[int]:
    """The sentences that ask, with the lists they are items of, and those beside them that hold their verbs."""
    headers = {sentences[number].header for number in asking} - {-1}
    concerned = asking | headers | {number for number, one in enumerate(sentences) if one.header in headers}
    for number in asking:
        asks = any(name.startswith("ASK_") and name not in _WEAK for name, _, _ in sentences[number].spans)
        for beside in () if asks else (number + 1, number - 1):
            if 0 <= beside < len(sentences) and _lends(sentences[beside]):
                concerned.add(beside)
                break
        concerned |= _goes_on_about(sentences, number)
    return concerned


def _goes_on_about(sentences: list[Sentence], number: int) -> set[int]:
    """The sentences right behind one that ask for what it names without naming it: "Type it in here"."""
    found: set[int] = set()
    for behind in range(number + 1, min(number + 1 + _REACH, len(sentences))):
        sentence = sentences[behind]
        refers = sentence.part.memo[REFERRING] and not _GIVING.isdisjoint(sentence.tags)
        if not refers or not _OTHERWISE.isdisjoint(sentence.tags):
            break
        found.add(behind)
    return found


def _loses(sentences: list[Sentence], concerned: set[int], asking: set[int]) -> bool:
    """Whether a list has other things in it than those that must not be asked for, which would go with it."""
    between = [sentences[number] for number in range(min(concerned), max(concerned) + 1) if number not in asking]
    listed = [one for one in between if one.part.item or one.header >= 0 or one.tags[-1] in TO_FILL]
    return any("O" in one.tags for one in listed)


_REACH = 2  # sentences
_GIVING = frozenset("GH")
_OTHERWISE = DATA | frozenset("EOnv")
"""What leads elsewhere, asks for other things or denies stays where it is."""
_WEAK = frozenset({"ASK_YOURS", "ASK_BARE", "ASK_COPY", "ASK_ALSO", "ASK_ITEM", "ASK_LABEL", "ASK_ONLY"})


def _lends(sentence: Sentence) -> bool:
    return DATA.isdisjoint(sentence.tags) and any(name in _LENDS for name, _, _ in sentence.spans)


def preceded(spoken: Spoken, text: str) -> Mend:
    """The disclaimer put before a message."""
    value = spoken.message.text
    if spoken.message.kind not in ("reply", "prompt"):
        return not_mended("only a message of its own can begin with the disclaimer")
    if not text:
        return not_mended(f"the policy has no text of the disclaimer in '{spoken.language}'")
    if _PARAGRAPH.match(value):
        return _inserting(spoken, 0, f"<p>{html.escape(text, quote=False)}</p>")
    return _inserting(spoken, 0, _escaped(spoken, text) + _gap(value))


def followed(spoken: Spoken, text: str) -> Mend:
    """The disclaimer put after a reply."""
    value = spoken.message.text
    if not text:
        return not_mended(f"the policy has no text of the disclaimer in '{spoken.language}'")
    at = len(value.rstrip())
    if _PARAGRAPH.match(value):
        return _inserting(spoken, at, f"<p>{html.escape(text, quote=False)}</p>")
    return _inserting(spoken, at, _gap(value) + _escaped(spoken, text))


def _gap(value: str) -> str:
    if "<br" in value:
        return "<br><br>"
    return "\n\n" if "\n" in value.rstrip() else " "


def _replacing(spoken: Spoken, start: int, end: int, wording: str, said: str = "") -> Mend:
    """The wording in place of some words; ``said``: as it is said behind a greeting."""
    removed = spoken.message.text[start:end]
    if not _balanced(removed):
        return not_mended("a tag begins in the words that ask and ends outside them")
    own = _escaped(spoken, wording)
    return Mend(spoken.message, start, end, _escaped(spoken, said) if said else own, wording=own if said else "")


def _inserting(spoken: Spoken, at: int, text: str) -> Mend:
    return Mend(spoken.message, at, at, text)


def _escaped(spoken: Spoken, text: str) -> str:
    message = spoken.message
    is_html = message.markup == "html" or (message.markup == "auto" and _MARKUP.search(message.text) is not None)
    return html.escape(text, quote=False) if is_html else text


def _balanced(piece: str) -> bool:
    open_tags: list[str] = []
    for closing, name, rest in _TAG.findall(piece):
        name = name.lower()
        if rest.endswith("/") or name in _VOID:
            continue
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags


def not_mended(reason: str) -> Mend:
    """What can't be mended by itself, and why."""
    return Mend(None, 0, 0, "", reason)
