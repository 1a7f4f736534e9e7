"""``neverask graph``: a flow with what it asks, takes and says first, and with the findings, as a drawing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from .conversation import Flow, Step
from .drawing import Arrow, Box, Drawing
from .finding import Finding
from .messages import Say, many
from .policy.model import Disclaimer
from .rules.context import Context, Spoken
from .rules.disclaimed import is_told
from .rules.disclaimer import missing
from .rules.witness import shorten, shown, words
from .rules.wording import called
from .source import Source, Span

MOST = 60  # boxes of one flow; a larger one is cut to what matters around its findings
MOST_WAYS = 20  # that are drawn at once
_NAME = 40
_NAMES = ("id", "name", "key", "title", "label", "nodeID", "nodeId", "uuid", "_id", "actionId", "dialog_node", "step")
"""What exports call the keys under which a node's id and names stand."""
_BARE = re.compile(r"\d+(?::\d+)?")
_COLUMN = re.compile(r"(?:^|:)\d+(:\d+)$")
"""A place on a line, as reports tell it."""
_WORDS = 60
_MARKS = 4  # lines of one kind in a box
_BESIDE = 3  # neighbours that are drawn on each side of a finding


class Chosen(NamedTuple):
    """What of a flow is drawn: its steps, and long stretches of ways (start, end, steps left out)."""

    steps: frozenset[int]
    stretches: tuple[tuple[int, int, int], ...] = ()
    findings_left: int = 0


def draw(context: Context, findings: Sequence[Finding], say: Say = str, drawn: int = 0) -> list[Drawing]:
    """Each flow of a conversation, its findings marked. ``say`` says what is written beside, in another language.

    ``drawn`` is how many drawings stand before these in the same text: a box is known by the number of its own.
    """
    drawings = []
    for number, flow in enumerate(context.conversation.flows):
        own = [finding for finding in findings if finding.flow == number]
        chosen = _chosen(flow, own)
        drawings.append(_Drawn(context, number, own, chosen, say, f"f{drawn + number}").drawing())
    return drawings


def draw_paths(context: Context, findings: Sequence[Finding], say: Say = str, drawn: int = 0) -> list[Drawing]:
    """For each finding in a flow the way to it alone."""
    drawings = []
    for at, finding in enumerate(findings, drawn):
        if finding.flow >= 0:
            steps, stretches = _along(finding.path)
            way = _Drawn(context, finding.flow, [finding], Chosen(frozenset(steps), stretches), say, f"p{at}")
            place = finding.source.position(finding.span.start)
            name = f"{finding.rule}, {finding.source.path}:{place.line}"
            drawings.append(way.drawing(name, list(zip(finding.path, finding.path[1:], strict=False))))
    return drawings


def at(context: Context, findings: Iterable[Finding], place: str, here: bool = False) -> list[Finding]:
    """The findings on a line (with its file or without), or in a step, entry or file of that name.

    ``here``: a line without a file is one of the file that the bot was read from, and of no other of its files.
    """
    found = [finding for finding in findings if place in places(context, finding)]
    return [one for one in found if _is_meant(context, one.source, place)] if here else found


def _is_meant(context: Context, source: Source, place: str) -> bool:
    """Whether a place may be in a file: one that is no bare line may be in any."""
    return _BARE.fullmatch(place) is None or source.path == context.conversation.documents[0].source.path


def places(context: Context, finding: Finding) -> list[str]:
    """All that the place of a finding is called: first as reports have it, then the line, the entry, step and file."""
    path, position = finding.source.path, finding.source.position(finding.span.start)
    column = f"{position.line}:{position.column}"
    found = [f"{path}:{position.line}", f"{path}:{column}", str(position.line), column, finding.entry]
    if finding.flow >= 0:
        flow = context.conversation.flows[finding.flow]
        step = flow.steps[finding.path[-1]]
        found += (*names(flow, step), *finding.witness[-1:])
    return [*found, path, os.path.splitext(os.path.basename(path))[0]]


def names(flow: Flow, step: Step) -> list[str]:
    """All that a step is called: as reports call it, and by its ids and names in the file."""
    return list(dict.fromkeys([step.id, step.title, f"{flow.name}.{step.id}", *_written(step)]))


def _written(step: Step) -> Iterator[str]:
    """The key of a node, its id and its name, as they stand in the file."""
    value = getattr(step.document, "value", None)
    for key in step.path:
        try:
            value = value[key]  # type: ignore[index]
        except (LookupError, TypeError):
            return
    if isinstance(value, dict):
        named = (value.get(key) for key in _NAMES)
        yield from (str(name) for name in named if isinstance(name, (str, int)) and name != "")
    if step.path and isinstance(step.path[-1], str):
        yield step.path[-1]


def steps_at(context: Context, place: str, here: bool = False) -> list[tuple[int, int]]:
    """The steps of a name, else the innermost on a line or at a column of it; each as the numbers of its flow and of
    itself. ``here``: as ``at`` has it.
    """
    numbered = [
        (number, at, flow, step)
        for number, flow in enumerate(context.conversation.flows)
        for at, step in enumerate(flow.steps)
    ]
    named = [(number, at) for number, at, flow, step in numbered if place in names(flow, step)]
    if named:
        return named
    found = _steps_in(context, place, here)
    if not found and (column := _COLUMN.search(place)) is not None:
        line = _steps_in(context, place[: column.start(1)], here)
        found = line if sum(map(len, line.values())) == 1 else {}
    return found[min(found)] if found else []


def _steps_in(context: Context, place: str, here: bool) -> dict[int, list[tuple[int, int]]]:
    """The steps that a place is in, by how long what stands there is."""
    found: dict[int, list[tuple[int, int]]] = {}
    for number, flow in enumerate(context.conversation.flows):
        for at, step in enumerate(flow.steps):
            if here and not _is_meant(context, step.document.source, place):
                continue
            spans = [(step.document.source, step.document.span(step.path))]
            if _COLUMN.search(place):  # many steps may stand on the line, some of them by their names alone
                said = [context.conversation.messages[one].located() for one in step.messages]
                spans += [(text.source, text.span()) for text in said]
            sizes = [span.end - span.start for source, span in spans if _is_at(source, span, place)]
            if sizes:
                found.setdefault(min(sizes), []).append((number, at))
    return found


def texts_at(context: Context, place: str) -> list[str]:
    """Where the texts are that are called so, or begin on that line."""
    found = []
    for message in context.conversation.messages:
        source, span = message.document.source, message.located().span()
        begin = span if _COLUMN.search(place) else Span(span.start, span.start)
        if place == message.id or _is_at(source, begin, place):
            found.append(f"{source.path}:{source.position(span.start).line}")
    return list(dict.fromkeys(found))


def _is_at(source: Source, span: Span, place: str) -> bool:
    """Whether a place is in a span: a line of it, or a line and a column, named with the file or without."""
    line, _, column = place.removeprefix(f"{source.path}:").partition(":")
    if not line.isdecimal() or not (column.isdecimal() or not column):
        return False
    first, last = source.position(span.start), source.position(max(span.start, span.end - 1))
    if not column:
        return first.line <= int(line) <= last.line
    return (first.line, first.column) <= (int(line), int(column)) <= (last.line, last.column)


def draw_ways(context: Context, steps: Sequence[tuple[int, int]], say: Say = str, drawn: int = 0) -> list[Drawing]:
    """For each step the shortest way to it; the step alone where no way leads there."""
    drawings = []
    for at, (number, last) in enumerate(steps, drawn):
        step = context.conversation.flows[number].steps[last]
        way = context.graph(number, frozenset()).way(last)
        path = way.steps if way is not None else (last,)
        along, stretches = _along(path)
        drawing = _Drawn(context, number, (), Chosen(frozenset(along), stretches), say, f"p{at}")
        place = step.document.source.position(step.document.span(step.path).start)
        name = f"{step.title or step.id}, {step.document.source.path}:{place.line}"
        drawings.append(drawing.drawing(name, list(pairwise(path))))
    return drawings


def _along(path: tuple[int, ...]) -> tuple[set[int], tuple[tuple[int, int, int], ...]]:
    """The steps of a way that are drawn, and the stretch in its middle that is not."""
    steps = shown(path)
    stretches = tuple(
        (steps[number - 1][0], steps[number + 1][0], left) for number, (_, left) in enumerate(steps) if left
    )
    return {step for step, left in steps if not left}, stretches


def _chosen(flow: Flow, findings: Sequence[Finding]) -> Chosen:
    """All of a small flow; of a large one the ways to the findings and their neighbours, as far as there is room."""
    if len(flow.steps) <= MOST:
        return Chosen(frozenset(range(len(flow.steps))))
    if not findings:
        return Chosen(frozenset(_first(flow)))
    onward, before = _neighbours(flow)
    steps: set[int] = set()
    stretches: dict[tuple[int, int, int], None] = {}
    for number, finding in enumerate(findings):
        along, between = _along(finding.path)
        last = finding.path[-1]
        more = steps | along | {*before[last][:_BESIDE], *onward[last][:_BESIDE]}
        if len(more) > MOST and steps:
            return Chosen(frozenset(steps), tuple(stretches), len(findings) - number)
        steps = more
        stretches.update(dict.fromkeys(between))
    return Chosen(frozenset(steps), tuple(stretches))


def _neighbours(flow: Flow) -> tuple[list[list[int]], list[list[int]]]:
    onward: list[list[int]] = [[] for _ in flow.steps]
    before: list[list[int]] = [[] for _ in flow.steps]
    for edge in flow.edges:
        onward[edge.start].append(edge.end)
        before[edge.end].append(edge.start)
    return onward, before


def _first(flow: Flow) -> Iterator[int]:
    """The steps nearest to the entries, as many as there is room for."""
    onward, _ = _neighbours(flow)
    seen = dict.fromkeys(flow.entries[:MOST])
    waiting = list(seen)
    for step in waiting:
        for following in onward[step]:
            if following not in seen and len(seen) < MOST:
                seen[following] = None
                waiting.append(following)
    yield from seen


class _Drawn:
    """One flow that is being drawn."""

    def __init__(
        self,
        context: Context,
        number: int,
        findings: Sequence[Finding],
        chosen: Chosen,
        say: Say,
        prefix: str,
    ) -> None:
        self.context = context
        self.say = say
        self.number = number
        self.flow = context.conversation.flows[number]
        self.chosen = chosen
        self.prefix = prefix
        self.reached = context.graph(number, frozenset()).reached()
        self.findings: dict[int, list[Finding]] = {}
        for finding in findings:
            self.findings.setdefault(finding.path[-1], []).append(finding)

    def drawing(self, name: str = "", way: Sequence[tuple[int, int]] | None = None) -> Drawing:
        """The boxes and the arrows between them; of a ``way`` only its own."""
        boxes = [self._box(step) for step in sorted(self.chosen.steps)]
        arrows = []
        for start, end, label, call in self._edges(way):
            arrows.append(Arrow(self._key(start), self._key(end), label, call))
        for start, end, left in self.chosen.stretches:
            said = f"… {self.say(many(left, 'more step'))}"
            arrows.append(Arrow(self._key(start), self._key(end), said, True))
        return Drawing(name or self.flow.name, boxes, arrows, tuple(self._notes()) if way is None else ())

    def _key(self, step: int) -> str:
        return f"{self.prefix}s{step}"

    def _edges(self, way: Sequence[tuple[int, int]] | None) -> Iterator[tuple[int, int, str, bool]]:
        """The edges between drawn steps, those between the same two as one; of a way also past a call."""
        labels: dict[tuple[int, int], list[str]] = {}
        calls: dict[tuple[int, int], bool] = {}
        wanted = None if way is None else set(way)
        for edge in self.flow.edges:
            ends = (edge.start, edge.end)
            if self.chosen.steps.issuperset(ends) and (wanted is None or ends in wanted):
                channels = f"{self.say('on')} {', '.join(edge.channels)}" if edge.channels else ""
                said = [part for part in (edge.condition, channels) if part]
                if channels and set(edge.condition.split()) == set(edge.channels):
                    said = [channels]
                labels.setdefault(ends, []).extend(said)
                calls[ends] = calls.get(ends, True) and edge.call
        for ends, said in labels.items():
            some = list(dict.fromkeys(shorten(" ".join(one.split()), _NAME) for one in said))
            more = f" … {self.say(f'{len(some) - 2} more')}" if len(some) > 2 else ""
            label = " / ".join(some[:2]) + more
            calling = calls[ends] and "call" not in label
            yield (*ends, f"{self.say('calls')} {label}".rstrip() if calling else label, calls[ends])

    def _box(self, number: int) -> Box:
        step, say = self.flow.steps[number], self.say
        found = self.findings.get(number, ())
        marks = {
            "finding": [f"✗ {finding.rule}: {shorten(say(finding.message), _WORDS)}" for finding in found],
            "disclaimer": [f"✓ {say('disclaimer')} {name}" for name in self._disclaimers(step)],
            "ask": [f"? {say('asks for')} {say(what)}" for what in self._asked(step)],
            "capture": [f"⇥ {say('takes')} {what}" for what in self._taken(step)],
            "unreachable": [] if number in self.reached else [f"∅ {say('no way leads here')}"],
            "entry": [f"▶ {say('begins here')}"] if number in self.flow.entries else [],
        }
        name = shorten(" ".join((step.title or step.id).split()), _NAME)
        said = words(self.context, step, _WORDS)
        lines = [name, *([f"“{said}”"] if said and said != name else [])]
        for marked in marks.values():
            lines += marked[:_MARKS]
            lines += [f"… {say(f'{len(marked) - _MARKS} more')}"] if len(marked) > _MARKS else []
        return Box(self._key(number), tuple(lines), next((mark for mark, marked in marks.items() if marked), ""))

    def _disclaimers(self, step: Step) -> Iterator[str]:
        for name, disclaimer in self.context.policy.disclaimers.items():
            if is_told(self.context, step, partial(self._is, disclaimer)):
                yield name

    def _is(self, disclaimer: Disclaimer, spoken: Spoken) -> bool:
        return not missing(spoken, disclaimer, self.context.policy.safe.kinds)

    def _asked(self, step: Step) -> list[str]:
        said = (spoken for number in step.messages for spoken in self.context.texts(number))
        acts = (act for spoken in said if not spoken.message.is_choice for act in spoken.acts)
        return list(dict.fromkeys(called(act.data) for act in acts if act.force == "request"))

    def _taken(self, step: Step) -> list[str]:
        taken = (self.context.conversation.captures[number] for number in step.captures)
        named = ((shorten(" ".join(one.name.split()), _NAME), one.component) for one in taken)
        passed = f", {self.say('if it was not said before')}" if step.passed else ""
        return [
            (name if component == "text" else f"{name} ({self.say(component)})") + passed for name, component in named
        ]

    def _notes(self) -> Iterator[str]:
        left = len(self.flow.steps) - len(self.chosen.steps)
        if left:
            steps = f"of {len(self.flow.steps)}"
            yield "… " + self.say(many(left, f"more step {steps} is not drawn", f"more steps {steps} are not drawn"))
        if self.chosen.findings_left:
            yield "… " + self.say(
                many(self.chosen.findings_left, "more finding is not drawn", "more findings are not drawn")
            )
