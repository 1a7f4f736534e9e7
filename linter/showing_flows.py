"""The part of ``neverask show`` about flows: the graph as the reader understood it, and what is odd about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .conversation import Edge, Flow
from .messages import Say, many
from .reporters.text import visible
from .rules.context import Context
from .rules.witness import shorten, words
from .source import Source

_WORDS = 70
_WAYS = 12  # of one step; a dispatcher may have thousands
_STEPS = 400  # of one flow, and of a list of steps at its end 20
_LISTED = 20
Where = Callable[[Source, int], str]
"""Says where something stands."""


def flow_lines(context: Context, number: int, where: Where, say: Say = str) -> Iterator[str]:
    """Entries, steps with what they say and take and where they lead; then dead ends, loops, what is not reached."""
    flow = context.conversation.flows[number]
    reached = context.graph(number, frozenset()).reached()
    onward: list[list[Edge]] = [[] for _ in flow.steps]
    for edge in flow.edges:
        onward[edge.start].append(edge)
    counts = (
        many(len(flow.steps), "step"),
        many(len(flow.edges), "edge"),
        many(len(flow.entries), "entry", "entries"),
    )
    yield f"{say('flow')} {visible(flow.name)}: {', '.join(map(say, counts))}"
    for at, step in enumerate(flow.steps[:_STEPS]):
        mark = "→" if at in flow.entries else " " if at in reached else "∅"
        title = f" ({visible(shorten(step.title, _WORDS))})" if step.title and step.title != step.id else ""
        place = where(step.document.source, step.document.span(step.path).start)
        yield f"  {mark} {visible(step.id)}{title}  {place}"
        yield from _said(context, at, flow, say)
        for edge in onward[at][:_WAYS]:
            yield f"      {_way(flow, edge, say)}"
        if len(onward[at]) > _WAYS:
            yield "      → " + say(many(len(onward[at]) - _WAYS, "more step"))
        if step.ends:
            yield f"      → {say('end')}"
    if len(flow.steps) > _STEPS:
        yield "    … " + say(many(len(flow.steps) - _STEPS, "more step"))
    yield from _odd(flow, onward, reached, say)


def _said(context: Context, at: int, flow: Flow, say: Say) -> Iterator[str]:
    step = flow.steps[at]
    said = words(context, step, _WORDS)
    if said:
        others = len(step.messages) - 1
        yield f"      {say('says')} “{visible(said)}”" + (f" {say(f'and {others} more')}" if others else "")
    taken = [context.conversation.captures[number] for number in step.captures]
    if taken:
        names = (f"{visible(one.name)} ({say(one.component)})" for one in taken)
        passed = f", {say('if it was not said before')}" if step.passed else ""
        yield f"      {say('takes')} {', '.join(names)}{passed}"
    elif step.waits:
        yield f"      {say('waits for an answer')}"


def _way(flow: Flow, edge: Edge, say: Say) -> str:
    arrow = f"⇄ {say('calls')}" if edge.call else "→"
    condition = " ".join(edge.condition.split())
    known = condition == "call" if edge.call else set(condition.split()) == set(edge.channels)
    notes = [visible(shorten(condition, _WORDS))] if condition and not known else []
    if edge.channels:
        notes.append(f"{say('only on')} " + ", ".join(map(visible, edge.channels)))
    if edge.closed:
        notes.append(f"{say('not on')} " + ", ".join(map(visible, edge.closed)))
    return f"{arrow} {visible(flow.steps[edge.end].id)}" + (f" [{'; '.join(notes)}]" if notes else "")


def _odd(flow: Flow, onward: list[list[Edge]], reached: frozenset[int], say: Say) -> Iterator[str]:
    """What a builder may not have meant."""
    unreached = [at for at in range(len(flow.steps)) if at not in reached]
    dead = [at for at in sorted(reached) if not onward[at] and not flow.steps[at].ends]
    lists = (
        ("no way leads to", unreached),
        ("nothing follows on", dead),
        ("loops", [min(loop) for loop in loops(onward)]),
    )
    for title, steps in lists:
        if steps:
            names = [visible(flow.steps[at].id) for at in steps[:_LISTED]]
            more = f" {say(f'and {len(steps) - _LISTED} more')}" if len(steps) > _LISTED else ""
            through = f"{say('through')} " if title == "loops" else ""
            yield f"  {say(title)} ({len(steps)}): {through}{', '.join(names)}{more}"


def loops(onward: list[list[Edge]]) -> list[list[int]]:
    """The sets of steps from each of which every other of the set can be reached: Tarjan's, without recursion."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    held: set[int] = set()
    found = []
    for root in range(len(onward)):
        work = [(root, iter(onward[root]))] if root not in index else []
        while work:
            step, ways = work[-1]
            if step not in index:
                index[step] = low[step] = len(index)
                stack.append(step)
                held.add(step)
            for edge in ways:
                if edge.end not in index:
                    work.append((edge.end, iter(onward[edge.end])))
                    break
                if edge.end in held:
                    low[step] = min(low[step], index[edge.end])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[step])
                if low[step] == index[step]:
                    loop: list[int] = []
                    while not loop or loop[-1] != step:
                        loop.append(stack.pop())
                        held.discard(loop[-1])
                    if len(loop) > 1 or any(edge.end == step for edge in onward[step]):
                        found.append(sorted(loop))
    return sorted(found)
