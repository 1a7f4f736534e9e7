"""A way through a flow as a finding shows it: each step with its words, of a long way the first and the last ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..conversation import Flow, Step
from ..finding import Finding, Mend, Related
from ..language.identify import of_locale
from ..messages import many
from ..policy.model import Rule
from .context import Context, Spoken
from .held import masked
from .paths import FIRST, MOST_STEPS, Way
from .wording import instead

_MOST_NAMES = 6  # of a way in a report for people
_LONGEST = 40


def in_message(
    context: Context,
    spoken: Spoken,
    rule: Rule,
    message: str,
    start: int,
    end: int,
    language: str,
    mend: Mend,
    data: tuple[str, ...] = (),
    explanation: str = "",
) -> Finding:
    """A finding at a place of a text, with the shortest way to the step that says it."""
    finding = Finding(
        rule.name,
        rule.level,
        message,
        spoken.located.source,
        spoken.span(start, end),
        because=rule.because,
        **instead(rule.instead, language, spoken.passage_at(start)),
        related=(rule.line,),
        explanation=explanation,
        data=data,
        entry=spoken.message.id,
        language=language,
        text=spoken.plain.text,
        mend=mend,
    )
    return _placed(context, finding, "messages", context.numbers[id(spoken.message)], rule, masked(spoken))


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
    path = way.steps
    steps = way.flow.steps
    language = finding.language
    heard = {path[-1]: shorten(_plain(said), _LONGEST) if said else _heard(context, steps[path[-1]], language)}
    for step, left in shown(path):
        if not left and step not in heard:
            heard[step] = _heard(context, steps[step], language)
    titles = Counter(_title(steps[step]) for step in heard)
    apart = {step: f"“{words}”" if words else _silent(context, steps[step]) for step, words in heard.items()}
    names = {
        step: _named(steps[step], words, apart[step] if titles[_title(steps[step])] > 1 else "")
        for step, words in heard.items()
    }
    told = shown(path, _MOST_NAMES)
    chain = tuple(_chain(steps, told, names, apart))
    related = (*finding.related, *_places(way.flow, path, names))
    return replace(finding, related=related, witness=chain, numbers=tuple(_numbers(told)), flow=flow, path=path)


def _chain(
    steps: tuple[Step, ...], told: Sequence[tuple[int, int]], names: Mapping[int, str], apart: Mapping[int, str]
) -> Iterator[str]:
    """The steps by name, of those in a row that are of one block only the first."""
    title = ""
    for step, left in told:
        before, title = title, "" if left else _title(steps[step])
        if left:
            yield f"({many(left, 'more step')})"
        elif title == before and steps[step].id.startswith(f"{title}."):
            yield apart[step] or names[step]
        else:
            yield names[step]


def _places(flow: Flow, path: tuple[int, ...], names: Mapping[int, str]) -> Iterator[Related]:
    told = shown(path)
    for (step, left), number in zip(told, _numbers(told), strict=True):
        if not left:
            document = flow.steps[step].document
            span = document.span(flow.steps[step].path)
            yield Related(f"step {number}: {names[step]}", document.source, span, number)


def _numbers(told: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Which step of the way each one is, from 1 on; of those left out how many, negative."""
    position = 0
    for _, left in told:
        position += left or 1
        yield -left if left else position


def shown(path: tuple[int, ...], most: int = MOST_STEPS) -> list[tuple[int, int]]:
    """The steps of a way, each with 0; for those left out of a long way one entry with their number."""
    length = sum(1 if step >= 0 else -step for step in path)
    if length <= most:
        return [(step, 0) for step in path]
    last = most - FIRST - 1
    return [
        *((step, 0) for step in path[:FIRST]),
        (-1, length - FIRST - last),
        *((step, 0) for step in path[-last:]),
    ]


def _heard(context: Context, step: Step, language: str) -> str:
    """A step's words, worked out once: many ways begin alike."""
    known, key = context.names, (id(step), language)
    if key not in known:
        known[key] = words(context, step, language=language)
    return known[key]


def words(context: Context, step: Step, longest: int = _LONGEST, language: str = "") -> str:
    """What a step says first of all that is no button: its prompt where it has one.

    In a ``language``, where the file says that some of it is in that.
    """
    best = ""
    messages = context.conversation.messages
    own = [number for number in step.messages if of_locale(messages[number].locale) == language] if language else ()
    for number in own or step.messages:
        for spoken in context.texts(number)[:1]:
            if not spoken.message.is_choice and spoken.plain.text.strip():
                text = _plain(masked(spoken))
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


def _title(step: Step) -> str:
    return step.title or step.id


def _named(step: Step, words: str, apart: str) -> str:
    """A step with its words; ``apart`` tells one without any from others of its name."""
    name = _title(step)
    if words and words != name:
        return f"{name} “{words}”".lstrip()
    return f"{name} ({apart})" if apart and not words else name


def _silent(context: Context, step: Step) -> str:
    """What tells a step without words from others of its name: what it takes, else what its id has beside the name."""
    taken = shorten(context.conversation.captures[step.captures[0]].name, _LONGEST) if step.captures else ""
    rest = step.id.removeprefix(_title(step)).strip(".: ")
    return f"⇥ {taken}" if taken else "" if rest == _title(step) else rest


def _plain(text: str) -> str:
    """On one line, a placeholder as three dots."""
    return " ".join(text.replace("\N{OBJECT REPLACEMENT CHARACTER}", "…").split())
