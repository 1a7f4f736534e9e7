"""``require disclaimer NAME in every reply | in the library``: the warning stands where it must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf
from typing import NamedTuple

from ..conversation import Capture, Step
from ..finding import Finding
from ..language.acts import Act
from ..language.statements import elements, names_data
from ..markup import OBJECT, plain
from ..messages import series
from ..outcome import SMALLEST_LIBRARY
from ..policy.model import Disclaimer, Rule
from ..policy.wordings import stands_in
from ..source import Source, Span
from .captured import is_pointed, named_at
from .context import Context, Spoken
from .disclaimed import Steps
from .held import masked
from .mends import followed, not_mended, preceded
from .paths import Way
from .sieve import TOLD
from .witness import on_way
from .wording import called, in_language, instead

VERB = "disclaimer"
_WORD = re.compile(rf"[^\W_]+|{OBJECT}")
_CHOOSE = "no reply here warns of such data: choose the one that customers get first, and put the disclaimer in it"
_SILENT = "this step says nothing that could begin with the disclaimer: put a step with it before this one"
_NONE = "no reply of this library holds the disclaimer"
_SHORT = "short"
_WARNING = "no-sensitive-data"
_WITH_OTHERS = 3  # times the length of a disclaimer that a message has which says other things, too
SAID = {
    "no-sensitive-data": "don't send sensitive data here",
    "examples": "at least two examples of such data, from two of identity, money, health, login",
    "safe-alternative": "a safe place to go instead",
    "never-ask": "we never ask for it",
    "privacy-link": "the privacy statement",
    "bot-disclosure": "a bot speaks",
    "human-path": "how to reach a person",
    "retention": "how long the chat is kept",
    "third-party": "who else handles the chat",
}
"""What each element of a disclaimer says."""


def missing(spoken: Spoken, disclaimer: Disclaimer, safe: frozenset[str]) -> tuple[str, ...]:
    """The elements that a message lacks.

    () when it is the disclaimer, by its accepted text or by its elements; ``safe`` are kinds of place.
    """
    spoken = spoken.shown
    if _is_accepted(spoken.plain.text, tuple(disclaimer.texts.values())):
        return ()
    if not disclaimer.elements:
        return ("text",)
    lacking = disclaimer.elements
    for reading in spoken.readings:
        found = elements(reading, safe)
        lacking = min(lacking, tuple(element for element in disclaimer.elements if element not in found), key=len)
    if not lacking and disclaimer.at_most and len(spoken.plain.text) > disclaimer.at_most * _WITH_OTHERS:
        return (_SHORT,)
    return lacking


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """Where the position is every-reply one finding a reply that lacks it, for the library one at its first
    message.
    """
    disclaimer = context.policy.disclaimers[rule.sentence.disclaimer]
    if context.conversation.flows and rule.sentence.position not in ("every-reply", "library"):
        yield from _on_paths(context, rule, disclaimer)
        return
    if rule.sentence.position not in ("every-reply", "library") or context.conversation.flows:
        return
    replies = _replies(context, rule)
    if rule.sentence.position == "every-reply":
        for spoken in replies:
            lacking = missing(spoken, disclaimer, context.policy.safe.kinds)
            if lacking:
                yield _finding(spoken, rule, disclaimer, lacking, "this reply lacks the disclaimer")
        return
    found = None if _count(replies) < SMALLEST_LIBRARY else of_parts([_part(context, rule, disclaimer, replies)])
    if found is not None:
        yield found


class Part(NamedTuple):
    """What a part of a library has of the disclaimer that the library has to hold.

    ``messages`` is how many replies it has; ``lacking`` what the nearest of them lacks, () where none is near.
    ``first`` is the finding where no reply of the library is near, ``nearest`` where that one is the nearest.
    """

    messages: int
    complete: bool = False
    lacking: tuple[str, ...] = ()
    first: Finding | None = None
    nearest: Finding | None = None


def is_of_library(rule: Rule) -> bool:
    """Whether a rule is about a library as a whole, so that none of its replies can be judged by itself."""
    return rule.sentence.verb == VERB and rule.sentence.position == "library"


def part(context: Context, rule: Rule, beaten: float = inf) -> Part:
    """What a part of a library without flows has; ``of_parts`` makes of all parts what ``check`` finds in the whole.

    A reply that lacks as many elements as one in an earlier part, ``beaten``, is not looked for.
    """
    return _part(context, rule, context.policy.disclaimers[rule.sentence.disclaimer], _replies(context, rule), beaten)


def of_one(part: Part) -> Finding | None:
    """The finding in a part that is too small for a library, for where it belongs to one with what stands beside it."""
    found = None if part.complete or part.messages >= SMALLEST_LIBRARY else part.nearest or part.first
    return found and replace(found, mend=not_mended(_CHOOSE))


def joined(parts: Sequence[Part]) -> Part:
    """Parts that follow each other as one."""
    near = [part for part in parts if part.lacking]
    best = min(near, key=lambda part: len(part.lacking)) if near else Part(0)
    first = next((part.first for part in parts if part.first is not None), None)
    complete = any(part.complete for part in parts)
    return Part(sum(part.messages for part in parts), complete, best.lacking, first, best.nearest)


def of_parts(parts: Sequence[Part]) -> Finding | None:
    """The finding in a library of these parts, in their order."""
    whole = joined(parts)
    if whole.complete or whole.messages < SMALLEST_LIBRARY:
        return None
    return whole.nearest or whole.first


def _part(context: Context, rule: Rule, disclaimer: Disclaimer, replies: list[Spoken], beaten: float = inf) -> Part:
    messages = _count(replies)
    if not replies:
        return Part(messages)

    def finding(at: Spoken, lacking: tuple[str, ...], nearest: bool) -> Finding:
        remark = "" if nearest else "put it in one that customers get early; this is the first one"
        if nearest and "text" not in lacking:
            remark = "this one comes nearest"
        found = _finding(at, rule, disclaimer, lacking, _NONE, remark)
        mend = followed(at, _text_for(at, disclaimer)) if nearest and disclaimer.elements else None
        return replace(found, mend=mend or not_mended(_CHOOSE), of_library=f"{_NONE} '{disclaimer.name}'")

    best = _nearest(replies, disclaimer, context.policy.safe.kinds, beaten)
    if best is not None and not best[1]:
        return Part(messages, complete=True)
    everything = disclaimer.elements or ("text",)
    first = finding(replies[0], everything, bool(disclaimer.elements) and _WARNING not in everything)
    if best is None or not disclaimer.elements:  # by texts alone no reply is nearer than another
        return Part(messages, first=first)
    return Part(messages, False, best[1], first, finding(*best, True))


def _count(replies: list[Spoken]) -> int:
    """How many messages they are: one has a reply for each of its branches."""
    return len({id(spoken.message) for spoken in replies})


def _replies(context: Context, rule: Rule) -> list[Spoken]:
    return [spoken for spoken in context.concerned(rule, quiet=True) if spoken.message.kind == "reply"]


def _nearest(
    replies: list[Spoken], disclaimer: Disclaimer, safe: frozenset[str], beaten: float
) -> tuple[Spoken, tuple[str, ...]] | None:
    """The first of the replies that lack the least, and what it lacks; None when none is near, or lacks less.

    Nearest is only one that names what a disclaimer warns of and, where that is to say so, says not to send it. Those
    that may lack the least are read first, so that the others need not be read.
    """
    warning = tuple(element for element in disclaimer.elements if element == _WARNING)
    promising = sorted(
        (_lacks_at_least(spoken, disclaimer), number)
        for number, spoken in enumerate(replies)
        if spoken.look.may_hold(warning) and (spoken.look.names or spoken.look.may_hold(disclaimer.elements))
    )
    best: tuple[int, int] | None = None
    lacks: tuple[str, ...] = ()
    for least, number in promising:
        if least >= beaten or (best is not None and (least, number) > best):
            break
        spoken = replies[number]
        lacking = missing(spoken, disclaimer, safe)
        if not lacking:
            return spoken, ()
        nearer = _WARNING not in lacking and (best is None or (len(lacking), number) < best)
        if nearer and any(map(names_data, spoken.readings)):
            best, lacks = (len(lacking), number), lacking
    return (replies[best[1]], lacks) if best is not None else None


def _lacks_at_least(spoken: Spoken, disclaimer: Disclaimer) -> int:
    """How many elements a message lacks at least, by the look at it; examples are only of what is not to be sent."""
    may_have = spoken.look.elements
    if _WARNING not in may_have:
        may_have -= {"examples"}
    return sum(element in TOLD and element not in may_have for element in disclaimer.elements)


def _holds(spoken: Spoken, disclaimer: Disclaimer, safe: frozenset[str]) -> bool:
    return spoken.look.may_hold(disclaimer.elements) and not missing(spoken, disclaimer, safe)


def _on_paths(context: Context, rule: Rule, disclaimer: Disclaimer) -> Iterator[Finding]:
    """Each step that comes too early on a path from an entry, the shortest such path as its witness."""
    for number, flow in enumerate(context.conversation.flows):
        graph = context.graph(number, rule.sentence.channels)
        steps = Steps(context, flow, rule, graph, lambda spoken: _holds(spoken, disclaimer, context.policy.safe.kinds))
        found: dict[int, tuple[Way, Spoken | None, Step | None]] = {}
        gathers = rule.sentence.position == "before-asking"
        for locale in steps.locales:
            for way in steps.too_early(locale):
                step = way.last
                if step not in found or way.length < found[step][0].length:
                    found[step] = (way, steps.early(step, locale), steps.passed(way, locale))
        for way, spoken, passed in sorted(found.values(), key=lambda one: one[0].order):
            asked = steps.asked(spoken) if gathers and spoken else []
            taken = steps.taken(way.last) if gathers and not asked else {}
            yield _missing_on(context, rule, disclaimer, number, way, spoken, asked, taken, passed)


_DOES = {
    "first-message": "speaks",
    "before-any-question": "asks a question",
}


def _missing_on(
    context: Context,
    rule: Rule,
    disclaimer: Disclaimer,
    flow: int,
    way: Way,
    spoken: Spoken | None,
    asked: Sequence[Act],
    taken: Mapping[str, int],
    passed: Step | None,
) -> Finding:
    """``asked`` is what the step asks for; else ``taken`` what it takes itself, by category the capture's number.

    ``passed`` is a step on the way that has the disclaimer, though not for everybody.
    """
    does = _DOES.get(rule.sentence.position) or _gathers(context, asked, taken)
    captures = [context.conversation.captures[number] for number in taken.values()]
    source, span = _place(way, spoken, asked, captures)
    language = spoken.language if spoken else context.captured.language
    remarks = [f"who has said before what '{passed.title or passed.id}' asks for does not see it"] if passed else []
    remark = "; ".join(filter(None, (*remarks, _to_say(rule, disclaimer))))
    finding = Finding(
        rule=rule.name,
        level=rule.level,
        message=f"a path reaches this step, which {does}, without the disclaimer '{disclaimer.name}'"
        + (f" ({remark})" if remark else ""),
        source=source,
        span=span,
        because=rule.because,
        **instead(disclaimer.texts or rule.instead, language, spoken.plain.text if spoken else ""),
        related=(rule.line,),
        explanation=asked[0].construction if asked else "",
        data=tuple(act.data for act in asked) or tuple(taken),
        entry=way.flow.steps[way.last].title or way.flow.steps[way.last].id,
        language=language,
        text=spoken.plain.text if spoken else "",
        lacks=not asked and not captures,
        pointed=bool(captures) and not asked and is_pointed(captures[0]),
        mend=preceded(spoken, _text_for(spoken, disclaimer)) if spoken else not_mended(_SILENT),
    )
    return on_way(context, finding, flow, way, masked(spoken) if spoken else "")


def _gathers(context: Context, asked: Sequence[Act], taken: Mapping[str, int]) -> str:
    if asked:
        return f"asks for {series([called(act.data) for act in asked])}"
    category, number = next(iter(taken.items()))
    what = series([called(category) for category in taken])
    return f"takes {what} ({context.captured.categories(number)[category]})"


def _place(way: Way, spoken: Spoken | None, asked: Sequence[Act], captures: Sequence[Capture]) -> tuple[Source, Span]:
    """Where a step asks: the words, else what it takes, else what it says, else the step itself; of these one line."""
    step = way.flow.steps[way.last]
    if spoken is not None and asked:
        return spoken.located.source, spoken.span(asked[0].start, asked[0].end)
    if captures:
        return captures[0].document.source, _first_line(captures[0].document.source, named_at(captures[0]))
    if spoken is not None:
        return spoken.located.source, _first_line(spoken.located.source, spoken.located.span())
    return step.document.source, _first_line(step.document.source, step.document.span(step.path))


def _first_line(source: Source, span: Span) -> Span:
    """As much of a place as stands in the line where it begins."""
    line = source.text.find("\n", span.start, span.end)
    return Span(span.start, line if line > span.start else span.end)


def _finding(
    spoken: Spoken, rule: Rule, disclaimer: Disclaimer, lacking: tuple[str, ...], what: str, remark: str = ""
) -> Finding:
    some = [element for element in lacking if element in SAID]
    to_say = _too_long(disclaimer) if lacking == (_SHORT,) else _to_say(rule, disclaimer)
    if some and len(some) < len(disclaimer.elements):
        to_say = f"missing: {'; '.join(map(SAID.__getitem__, some))}"
    remark = "; ".join(part for part in (remark, to_say) if part)
    located = spoken.located
    whole = located.span(0, min(len(located.value), 1) or 0) if not located.value else located.span()
    return Finding(
        rule=rule.name,
        level=rule.level,
        message=f"{what} '{disclaimer.name}'" + (f" ({remark})" if remark else ""),
        source=located.source,
        span=_first_line(located.source, whole),
        because=rule.because,
        **instead(disclaimer.texts or rule.instead, spoken.language, spoken.plain.text),
        related=(rule.line,),
        entry=spoken.message.id,
        language=spoken.language,
        text=spoken.plain.text,
        lacks=True,
        mend=followed(spoken, _text_for(spoken, disclaimer)),
    )


def _text_for(spoken: Spoken, disclaimer: Disclaimer) -> str:
    """The text of a disclaimer in the language of a message, and as that speaks to the customer."""
    return in_language(disclaimer.texts, spoken.language, spoken.plain.text)


def _too_long(disclaimer: Disclaimer) -> str:
    most = disclaimer.at_most
    return f"all is said, in more than {most * _WITH_OTHERS} characters: one of at most {most} is overlooked among them"


def _to_say(rule: Rule, disclaimer: Disclaimer) -> str:
    """What a disclaimer has to say, where the policy has no text that could be offered in its place; else ""."""
    if disclaimer.texts or rule.instead or not disclaimer.elements:
        return ""
    return f"it has to say: {'; '.join(map(SAID.__getitem__, disclaimer.elements))}"


def _is_accepted(text: str, accepted: tuple[str, ...]) -> bool:
    """Whether a text holds one of those that are accepted, word by word; most lack even the longest of the words."""
    lower = text.lower()
    possible = [known for known, longest in _wordings(accepted) if longest in lower]
    words = _normal(text) if possible else ""
    without = " ".join(words.replace(OBJECT, " ").split())
    return any(stands_in(known, words if OBJECT in known else without) for known in possible)


@lru_cache(maxsize=64)
def _wordings(accepted: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each accepted text as words, seen as the texts are in which it is looked for, and its longest word."""
    texts = (_normal(plain(text).text) for text in accepted)
    return tuple((known, max(known.split(), key=len)) for known in texts if any(map(str.isalnum, known)))


def _normal(text: str) -> str:
    """The words of a text, with a sign for each placeholder, whatever its name."""
    return " ".join(_WORD.findall(text.lower()))
