"""A way through a flow as a finding shows it: each step with its words, the middle of a long way left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..conversation import Step
from ..finding import Finding, Related
from ..policy.model import Rule
from .context import Context, Spoken, is_label
from .paths import Way

_MOST_STEPS = 12
_LONGEST = 48


def on_message(context: Context, finding: Finding, spoken: Spoken, rule: Rule) -> Finding:
    """A finding in a text, with the shortest way to the step that says it."""
    return _placed(context, finding, "messages", context.numbers[id(spoken.message)], rule)


def on_capture(context: Context, finding: Finding, number: int, rule: Rule) -> Finding:
    """A finding in a capture, with the shortest way to the step that takes it."""
    return _placed(context, finding, "captures", number, rule)


def _placed(context: Context, finding: Finding, kind: str, number: int, rule: Rule) -> Finding:
    place = context.steps[kind].get(number)
    if place is None:
        return finding
    way = context.graph(place[0], rule.sentence.channels).way(place[1])
    return on_way(context, finding, place[0], way) if way else replace(finding, flow=place[0], path=(place[1],))


def on_way(context: Context, finding: Finding, flow: int, way: Way) -> Finding:
    """A finding at the end of a way, with all of it as its witness."""
    steps = [(left, way.flow.steps[step]) for step, left in shown(way)]
    witness = tuple(f"({left} more steps)" if left else _named(context, step) for left, step in steps)
    places = (*finding.related, *_places(context, steps))
    return replace(finding, related=places, witness=witness, flow=flow, path=way.steps)


def _places(context: Context, steps: list[tuple[int, Step]]) -> Iterator[Related]:
    position = 0
    for left, step in steps:
        position += left or 1
        if not left:
            span = step.document.span(step.path)
            yield Related(f"step {position}: {_named(context, step)}", step.document.source, span)


def shown(way: Way, most: int = _MOST_STEPS) -> list[tuple[int, int]]:
    """The steps of a way, each with 0; for the middle of a long way one entry with the number of its steps."""
    if len(way.steps) <= most:
        return [(step, 0) for step in way.steps]
    first, last = most // 2, most - most // 2 - 1
    left = len(way.steps) - first - last
    return [
        *((step, 0) for step in way.steps[:first]),
        (-1, left),
        *((step, 0) for step in way.steps[-last:]),
    ]


def words(context: Context, step: Step, longest: int = _LONGEST) -> str:
    """What a step says first of all that is no button: its prompt where it has one."""
    best = ""
    for number in step.messages:
        for spoken in context.texts(number)[:1]:
            if not is_label(spoken.message) and spoken.plain.text.strip():
                text = " ".join(spoken.plain.text.split())
                if spoken.message.kind == "prompt":
                    return shorten(text, longest)
                best = best or text
    return shorten(best, longest)


def shorten(text: str, longest: int) -> str:
    """The beginning of a text, cut between words where that leaves enough of it."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > longest // 2 else cut).rstrip() + "…"


def _named(context: Context, step: Step) -> str:
    said = words(context, step)
    name = step.title or step.id
    return f"{name} “{said}”" if said and said != name else name
