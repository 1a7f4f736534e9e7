"""A way through a flow as a finding shows it: each step with its words, the middle of a long way left out."""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Step
from ..finding import Related
from .context import Context, is_label
from .paths import Way

_MOST_STEPS = 12
_LONGEST = 48


def chain(context: Context, way: Way | None) -> tuple[str, ...]:
    """The steps by name, each with what it says; () without a way."""
    if way is None:
        return ()
    said = [f"({left} more steps)" if left else _named(context, way.flow.steps[step]) for step, left in shown(way)]
    return tuple(said)


def related(context: Context, way: Way | None) -> Iterator[Related]:
    """Each step as a place, in order."""
    position = 0
    for step, left in shown(way) if way is not None else ():
        position += left or 1
        if not left and way is not None:
            of = way.flow.steps[step]
            span = of.document.span(of.path)
            yield Related(f"step {position}: {_named(context, of)}", of.document.source, span)


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
