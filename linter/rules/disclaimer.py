"""``require disclaimer NAME in every reply | in the library``: the warning stands where it must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from ..finding import Finding
from ..language.statements import elements, names_data
from ..policy.model import Disclaimer, Rule
from ..source import Span
from .context import Context, Spoken, is_label
from .disclaimed import Steps
from .mends import followed, not_mended, preceded
from .paths import Way
from .witness import on_way
from .wording import instead, policy_line

VERB = "disclaimer"
_CHOOSE = "no reply here warns of such data: choose the one that customers get first, and put the disclaimer in it"
_SILENT = "this step says nothing that could begin with the disclaimer: put a step with it before this one"
_SMALLEST_LIBRARY = 3  # a single message or two is no library
_SAID = {
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


def missing(spoken: Spoken, disclaimer: Disclaimer, safe: frozenset[str]) -> tuple[str, ...]:
    """The elements that a message lacks.

    () when it is the disclaimer, by its accepted text or by its elements; ``safe`` are kinds of place.
    """
    accepted = [_normal(text) for text in disclaimer.texts.values()]
    if accepted and len(spoken.plain.text) >= min(map(len, accepted)):
        text = _normal(spoken.plain.text)
        if any(known in text for known in accepted):
            return ()
    if not disclaimer.elements:
        return ("text",)
    found = elements(spoken.reading, safe) if spoken.reading is not None else {}
    lacking = tuple(element for element in disclaimer.elements if element not in found)
    if not lacking and disclaimer.at_most and len(spoken.plain.text) > disclaimer.at_most * 3:
        return ("short",)
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
    replies = [
        spoken
        for spoken in context.concerned(rule, quiet=True)
        if not is_label(spoken.message) and spoken.message.kind == "reply"
    ]
    if rule.sentence.position == "every-reply":
        for spoken in replies:
            lacking = missing(spoken, disclaimer, context.policy.safe.kinds)
            if lacking:
                yield _finding(spoken, rule, disclaimer, lacking, "this reply lacks the disclaimer")
        return
    if len({id(spoken.message) for spoken in replies}) < _SMALLEST_LIBRARY:
        return
    best = _nearest(replies, disclaimer, context.policy.safe.kinds)
    if best is not None:
        if not best[1]:
            return
        nearest = "no-sensitive-data" not in best[1]
        at = best[0] if nearest else replies[0]
        lacking = best[1] if nearest else disclaimer.elements
        finding = _finding(
            at,
            rule,
            disclaimer,
            lacking,
            "no reply of this library holds the disclaimer",
            "this one comes nearest" if nearest and "text" not in lacking else "",
        )
        mend = followed(at, disclaimer.texts.get(at.language, "")) if nearest and disclaimer.elements else None
        yield replace(finding, mend=mend or not_mended(_CHOOSE))


def _nearest(
    replies: list[Spoken], disclaimer: Disclaimer, safe: frozenset[str]
) -> tuple[Spoken, tuple[str, ...]] | None:
    """The first of the replies that lack the least, and what it lacks; None when there is no reply.

    Nearest is only one that names what a disclaimer warns of, so that the others need not be read.
    """
    best: tuple[int, Spoken, tuple[str, ...]] | None = None
    for spoken in replies:
        if not spoken.look.names and not spoken.look.may_hold(disclaimer.elements):
            continue
        lacking = missing(spoken, disclaimer, safe)
        if not lacking:
            return spoken, ()
        if best is None or len(lacking) < best[0]:
            reading = spoken.reading
            if reading is not None and names_data(reading):
                best = len(lacking), spoken, lacking
    if best is not None:
        return best[1], best[2]
    return (replies[0], disclaimer.elements or ("text",)) if replies else None


def _holds(spoken: Spoken, disclaimer: Disclaimer, safe: frozenset[str]) -> bool:
    return spoken.look.may_hold(disclaimer.elements) and not missing(spoken, disclaimer, safe)


def _on_paths(context: Context, rule: Rule, disclaimer: Disclaimer) -> Iterator[Finding]:
    """Each step that comes too early on a path from an entry, the shortest such path as its witness."""
    for number, flow in enumerate(context.conversation.flows):
        steps = Steps(context, flow, rule, lambda spoken: _holds(spoken, disclaimer, context.policy.safe.kinds))
        graph = context.graph(number, rule.sentence.channels)
        found: dict[int, tuple[Way, Spoken | None]] = {}
        for locale in steps.locales():
            for way in steps.too_early(graph, locale):
                step = way.steps[-1]
                if step not in found or len(way.steps) < len(found[step][0].steps):
                    found[step] = (way, steps.early(step, locale))
        for way, spoken in sorted(found.values(), key=lambda pair: (len(pair[0].steps), pair[0].steps)):
            yield _missing_on(context, rule, disclaimer, number, way, spoken)


_DOES = {
    "first-message": "speaks",
    "before-any-question": "asks a question",
    "before-asking": "asks for data",
}


def _missing_on(
    context: Context, rule: Rule, disclaimer: Disclaimer, flow: int, way: Way, spoken: Spoken | None
) -> Finding:
    step = way.flow.steps[way.steps[-1]]
    source = spoken.located.source if spoken else step.document.source
    span = spoken.located.span() if spoken else step.document.span(step.path)
    line = source.text.find("\n", span.start, span.end)
    finding = Finding(
        rule=rule.name,
        level=rule.level,
        message=f"a path reaches this step, which {_DOES[rule.sentence.position]}, "
        f"without the disclaimer '{disclaimer.name}'",
        source=source,
        span=Span(span.start, line if line > span.start else span.end),
        because=rule.because,
        instead=instead(disclaimer.texts or rule.instead, spoken.language if spoken else ""),
        related=(policy_line(rule),),
        entry=step.title or step.id,
        language=spoken.language if spoken else "",
        text=spoken.plain.text if spoken else "",
        mend=preceded(spoken, disclaimer.texts.get(spoken.language, "")) if spoken else not_mended(_SILENT),
    )
    return on_way(context, finding, flow, way, spoken.plain.text if spoken else "")


def _finding(
    spoken: Spoken, rule: Rule, disclaimer: Disclaimer, lacking: tuple[str, ...], what: str, remark: str = ""
) -> Finding:
    said = "; ".join(_SAID.get(element, element) for element in lacking if element not in ("text", "short"))
    some = set(lacking) < set(disclaimer.elements)
    missing_too = f"missing: {said}" if said and some else ""
    remark = "; ".join(part for part in (remark, missing_too) if part)
    located = spoken.located
    whole = located.span(0, min(len(located.value), 1) or 0) if not located.value else located.span()
    first_line = located.source.text.find("\n", whole.start, whole.end)
    return Finding(
        rule=rule.name,
        level=rule.level,
        message=f"{what} '{disclaimer.name}'" + (f" ({remark})" if remark else ""),
        source=located.source,
        span=Span(whole.start, first_line if first_line > whole.start else whole.end),
        because=rule.because,
        instead=instead(disclaimer.texts or rule.instead, spoken.language),
        related=(policy_line(rule),),
        entry=spoken.message.id,
        language=spoken.language,
        text=spoken.plain.text,
        mend=followed(spoken, disclaimer.texts.get(spoken.language, "")),
    )


@lru_cache(maxsize=256)
def _normal(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
