"""A way through a flow as a finding shows it: each step with its words, the middle of a long way left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..conversation import Step
from ..finding import Finding, Related
from ..policy.model import Rule
from .context import Context, Spoken, is_label
from .paths import Way

_MOST_NAMES = 6  # of a way in a report for people
_MOST_PLACES = 12
_LONGEST = 40


def on_message(context: Context, finding: Finding, spoken: Spoken, rule: Rule) -> Finding:
    """A finding in a text, with the shortest way to the step that says it."""
    return _placed(context, finding, "messages", context.numbers[id(spoken.message)], rule, spoken.plain.text)


def on_capture(context: Context, finding: Finding, number: int, rule: Rule) -> Finding:
    """A finding in a capture, with the shortest way to the step that takes it."""
    return _placed(context, finding, "captures", number, rule)


def _placed(context: Context, finding: Finding, kind: str, number: int, rule: Rule, said: str = "") -> Finding:
    place = context.steps[kind].get(number)
    if place is None:
        return finding
    way = context.graph(place[0], rule.sentence.channels).way(place[1])
    if way is None:
        return replace(finding, flow=place[0], path=(place[1],))
    return on_way(context, finding, place[0], way, said)


def on_way(context: Context, finding: Finding, flow: int, way: Way, said: str = "") -> Finding:
    """A finding at the end of a way, with all of it as its witness; ``said`` are the words that it is about."""
    names = {
        way.steps[-1]: _named(way.flow.steps[way.steps[-1]], said or words(context, way.flow.steps[way.steps[-1]]))
    }
    for step, left in shown(way, _MOST_PLACES):
        if not left and step not in names:
            names[step] = _named(way.flow.steps[step], words(context, way.flow.steps[step]))
    chain = tuple(f"({left} more steps)" if left else names[step] for step, left in shown(way, _MOST_NAMES))
    return replace(finding, related=(*finding.related, *_places(way, names)), witness=chain, flow=flow, path=way.steps)


def _places(way: Way, names: dict[int, str]) -> Iterator[Related]:
    position = 0
    for step, left in shown(way, _MOST_PLACES):
        position += left or 1
        if not left:
            document = way.flow.steps[step].document
            span = document.span(way.flow.steps[step].path)
            yield Related(f"step {position}: {names[step]}", document.source, span)


def shown(way: Way, most: int = _MOST_PLACES) -> list[tuple[int, int]]:
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
                text = _plain(spoken.plain.text)
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


def _named(step: Step, said: str) -> str:
    name = step.title or step.id
    words = shorten(_plain(said), _LONGEST)
    return f"{name} “{words}”" if words and words != name else name


def _plain(text: str) -> str:
    """On one line, a placeholder as three dots."""
    return " ".join(text.replace("\N{OBJECT REPLACEMENT CHARACTER}", "…").split())
