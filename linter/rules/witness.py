"""A way through a flow as a finding shows it: each step with its words, and how one comes to it from the one before.

Of a long way the first step, the last ones and those are told at which the customer answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from ..conversation import Flow, Step
from ..finding import Finding, Mend, Related
from ..language.identify import of_locale
from ..messages import many
from ..policy.model import Rule
from .context import Context, Spoken
from .held import masked, without_values
from .paths import FIRST, Way
from .wording import instead

_MOST_NAMES = 6  # of a way in a report for people, which of a longer one has its turns besides
_LAST_NAMES = 4  # of a longer one, those by which the place is found
_LAST_WORDS = 2  # steps that have them
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
    for step in path:
        if step >= 0 and step not in heard:
            heard[step] = _heard(context, steps[step], language)
    titles = Counter(_title(steps[step]) for step in heard)
    apart = {step: f"“{words}”" if words else _silent(context, steps[step]) for step, words in heard.items()}
    names = {
        step: _named(steps[step], words, apart[step] if titles[_title(steps[step])] > 1 else "")
        for step, words in heard.items()
    }
    told = list(_told(way))
    short = list(_in_short(told, steps))
    return replace(
        finding,
        related=(*finding.related, *_places(way.flow, told, names)),
        witness=tuple(_chain(steps, short, names, apart, {title for title in titles if titles[title] == 1})),
        numbers=tuple(one.number for one in short),
        labels=tuple(one.label for one in short),
        flow=flow,
        path=path,
    )


class _Told(NamedTuple):
    """A step of a way, or ``left`` steps of it that are left out. ``number`` as a finding has it."""

    step: int
    left: int
    number: int
    label: str


def _told(way: Way) -> Iterator[_Told]:
    position = 0
    for (step, left), label in zip(shown(way.steps), way.labels, strict=True):
        position += left or 1
        known = not left and label == _title(way.flow.steps[step])
        yield _Told(step, left, -left or position, "" if known else shorten(without_values(label), _LONGEST))


def _in_short(told: Sequence[_Told], steps: Sequence[Step]) -> Iterator[_Told]:
    """Of a long way where it begins, where the customer answers, and its end."""
    middle = range(FIRST, len(told) - _LAST_NAMES if told[-1].number > _MOST_NAMES else 0)
    out: list[_Told] = []
    for at, one in enumerate(told):
        if at in middle and (one.left or not steps[one.step].waits):
            out.append(one)
            continue
        yield from _left_out(out)
        out = []
        yield one


def _left_out(out: Sequence[_Told]) -> Iterator[_Told]:
    """One entry for some steps; a single one is none to leave out."""
    left = sum(one.left or 1 for one in out)
    if left == 1:
        yield from out
    elif left:
        yield _Told(-1, left, -left, out[0].label)


def _chain(
    steps: tuple[Step, ...], told: Sequence[_Told], names: Mapping[int, str], apart: Mapping[int, str], alone: Set[str]
) -> Iterator[str]:
    """The steps by name, of those in a row that are of one block only the first. Of many all but the last ones are
    without their words, where they have a title of their own (``alone``).
    """
    title = ""
    bare = range(len(told) - _LAST_WORDS if len(told) > _MOST_NAMES else 0)
    for at, (step, left, _, _) in enumerate(told):
        before, title = title, "" if left else _title(steps[step])
        if left:
            yield f"({many(left, 'more step')})"
        elif title == before and steps[step].id.startswith(f"{title}."):
            yield apart[step] or names[step]
        else:
            yield title if at in bare and title in alone else names[step]


def _places(flow: Flow, told: Iterable[_Told], names: Mapping[int, str]) -> Iterator[Related]:
    for step, left, number, label in told:
        if not left:
            document = flow.steps[step].document
            span = document.span(flow.steps[step].path)
            yield Related(f"step {number}: {names[step]}", document.source, span, number, label)


def shown(path: Iterable[int]) -> list[tuple[int, int]]:
    """The steps of a way, each with 0; for those left out of a long way one entry with their number."""
    return [(step, 0) if step >= 0 else (-1, -step) for step in path]


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
