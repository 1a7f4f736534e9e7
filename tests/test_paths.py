"""Ways through flows against an enumeration of every path: loops, several entries, channels, sub-flows that return."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from neverask.conversation import Edge, Flow, Step
from neverask.documents import open_source
from neverask.policy.load import load
from neverask.readers import neverask_flow
from neverask.rules import check
from neverask.rules.context import Context
from neverask.rules.gathering import gathering
from neverask.rules.paths import FIRST, LAST, MOST_STEPS, TURNS, Graph, Trails, alone
from neverask.surroundings import Folder

CHANNELS = ("sms", "whatsapp")
LONGEST = 9  # steps of a path that is enumerated; no new step is found on a longer one in graphs of this size
DISCLAIMER = "Please mind the privacy notice of this shop before you go on."
QUESTION = "What is your email address?"


class Bot(NamedTuple):
    """A small flow: what each step is ("plain", "says" the disclaimer, "asks"), its ways, and where it begins."""

    kinds: tuple[str, ...]
    edges: tuple[tuple[int, int, str, bool], ...]  # start, end, channel or "", call
    entries: tuple[int, ...]
    ends: frozenset[int]
    stops: frozenset[int] = frozenset()


@st.composite
def bots(draw: Callable[..., Any], entries: int = 2) -> Bot:
    size = draw(st.integers(1, 5))
    steps = st.integers(0, size - 1)
    kinds = draw(st.tuples(*[st.sampled_from(("plain", "plain", "says", "asks"))] * size))
    edge = st.tuples(steps, steps, st.sampled_from(("", "", *CHANNELS)), st.booleans())
    # Of two edges between the same steps the reader keeps the first.
    edges = draw(st.lists(edge, max_size=8, unique_by=lambda one: one[:2]))
    first = draw(st.lists(steps, min_size=1, max_size=entries, unique=True))
    some = st.frozensets(steps, max_size=2)
    return Bot(kinds, tuple(edges), tuple(first), draw(some), draw(some))


def comes_to_an_end(bot: Bot, step: int, ways: list[int]) -> bool:
    """Whether a sub-flow can end at a step and come back; where a bot stops, nothing does."""
    return step in bot.ends or (step not in bot.stops and all(end == step for end in ways))


def paths(bot: Bot, channel: str) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every path up to a length: the steps in the order in which they are met, and those still open at its end.

    A sub-flow that came back leaves its caller among the open ones, and nothing of itself.
    """
    onward = {
        number: (
            [end for start, end, on, call in bot.edges if start == number and not call and on in ("", channel)],
            [end for start, end, on, call in bot.edges if start == number and call and on in ("", channel)],
        )
        for number in range(len(bot.kinds))
    }
    # Each frame of the stack is the caller that waits; ``open_`` are the steps of all frames.
    waiting = [((entry,), ((entry,),)) for entry in bot.entries]
    while waiting:
        met, frames = waiting.pop()
        yield met, tuple(step for frame in frames for step in frame)
        if len(met) >= LONGEST:
            continue
        here = met[-1]
        ways, calls = onward[here]
        for called in calls:
            waiting.append(((*met, called), (*frames, (called,))))
        if not calls:
            for end in ways:
                waiting.append(((*met, end), (*frames[:-1], (*frames[-1], end))))
            if comes_to_an_end(bot, here, ways):
                waiting += returned(bot, onward, met, frames)


def returned(bot: Bot, onward: Any, met: Any, frames: Any) -> Iterator[Any]:
    """The sub-flow ends: the caller goes on, or ends as well."""
    while len(frames) > 1:
        frames = frames[:-1]
        caller = frames[-1][-1]
        ways, _ = onward[caller]
        for end in ways:
            yield (*met, end), (*frames[:-1], (*frames[-1], end))
        if not comes_to_an_end(bot, caller, ways):
            return


def too_early(bot: Bot, channels: tuple[str, ...]) -> dict[int, int]:
    """Each asking step that some path meets before the disclaimer and any other question: its shortest open path."""
    found: dict[int, int] = {}
    for channel in channels:
        for met, open_ in paths(bot, channel):
            if bot.kinds[met[-1]] == "asks" and all(bot.kinds[step] == "plain" for step in met[:-1]):
                found[met[-1]] = min(len(open_), found.get(met[-1], len(open_)))
    return found


class Nowhere:
    """A document that is only there because a step has one."""


def graph_of(bot: Bot, wanted: frozenset[str]) -> Graph:
    nowhere: Any = Nowhere()
    steps = tuple(
        Step(f"s{n}", "", (), nowhere, ends=n in bot.ends, stops=n in bot.stops) for n in range(len(bot.kinds))
    )
    edges = tuple(Edge(start, end, "", (on,) if on else (), call) for start, end, on, call in bot.edges)
    named = {on for _, _, on, _ in bot.edges if on}
    return Graph(Flow("bot", steps, edges, bot.entries), alone(named, wanted, True))


@settings(max_examples=400, deadline=None)
@given(bots(), st.sampled_from((frozenset(), frozenset({"sms"}), frozenset({"whatsapp", "sms"}))))
def test_what_is_reached_too_early_is_what_an_enumeration_finds(bot: Bot, wanted: frozenset[str]) -> None:
    ways = graph_of(bot, wanted).first_without(
        lambda step, _: bot.kinds[step] == "says", lambda step, _: bot.kinds[step] == "asks"
    )
    channels = tuple(wanted) or (*CHANNELS, "other")
    assert {way.steps[-1]: len(way.steps) for way in ways} == too_early(bot, channels)


# What the first step calls calls something that ends, but goes round for ever itself: it never comes back.
NEVER_BACK = Bot(
    ("plain", "plain", "plain", "plain", "asks"),
    ((0, 1, "", True), (0, 4, "", False), (1, 2, "", True), (1, 3, "", False), (3, 1, "", False)),
    (0,),
    frozenset(),
)


@settings(max_examples=400, deadline=None)
@given(bots())
@example(NEVER_BACK)
def test_the_shortest_way_to_each_step_is_that_of_an_enumeration(bot: Bot) -> None:
    graph = graph_of(bot, frozenset())
    shortest: dict[int, int] = {}
    for channel in (*CHANNELS, "other"):
        for met, open_ in paths(bot, channel):
            shortest[met[-1]] = min(len(open_), shortest.get(met[-1], len(open_)))
    found = {number: graph.way(number) for number in range(len(bot.kinds))}
    assert {number: len(way.steps) for number, way in found.items() if way is not None} == shortest
    assert graph.reached() == shortest.keys()


@settings(max_examples=400, deadline=None)
@given(bots(), st.tuples(*[st.sampled_from((0, 0, 1, 2))] * 5), st.sampled_from((0, 0, 0, 1)))
@example(NEVER_BACK, (1, 0, 0, 0, 2), 0)
def test_what_is_gathered_on_one_way_is_what_an_enumeration_finds(bot: Bot, gives: tuple[int, ...], has: int) -> None:
    """Each step on a path on which both things are given, be it before or after it, or in a sub-flow that ended."""
    graph = graph_of(bot, frozenset())
    gives = gives[: len(bot.kinds)]
    reached = graph.reached()
    alone = tuple(step for step in range(len(bot.kinds)) if step not in reached)
    expected: set[int] = set()
    for channel in (*CHANNELS, "other"):
        for met, _ in paths(bot._replace(entries=(*bot.entries, *alone)), channel):
            if has | reduce(or_, (gives[step] for step in met)) == 3:
                expected.update(met)
    assert gathering(graph, gives, has, 3) == expected


@given(st.lists(st.tuples(st.integers(-1, 40), st.integers(0, 9)), min_size=1, max_size=60))
def test_ways_sort_by_length_and_then_by_their_steps(made: list[tuple[int, int]]) -> None:
    trails = Trails()
    whole: dict[int, tuple[int, ...]] = {}
    for before, step in made:
        before = min(before, len(whole) - 1)
        number = trails.number(before, step)
        whole[number] = (*whole.get(before, ()), step)
        assert trails.order(number)[0] == trails.length(number) == len(whole[number])
    assert sorted(whole, key=trails.order) == sorted(whole, key=lambda number: (len(whole[number]), whole[number]))


@given(
    st.lists(st.tuples(st.integers(-3, 40), st.integers(0, 9)), min_size=1, max_size=60),
    st.lists(st.booleans(), min_size=10, max_size=10),
)
def test_a_long_way_keeps_its_beginning_its_last_turns_and_its_end(
    made: list[tuple[int, int]], turns: list[bool]
) -> None:
    trails = Trails(turns)
    whole: dict[int, tuple[int, ...]] = {}
    for back, step in made:
        before = max(-1, len(whole) - 1 - max(0, back - 30)) if back >= 0 else -1
        number = trails.number(before, step)
        whole[number] = (*whole.get(before, ()), step)
    for number, steps in whole.items():
        position, named = 0, []
        for at, left in trails.kept(number):
            assert trails.last(at) == steps[position], "where steps are left out stands the first of them"
            assert trails.before(at) == (steps[position - 1] if position else -1)
            named += [] if left else [position]
            assert left != 1
            position += left or 1
        assert position == len(steps)
        kept = set(range(len(steps)))
        if len(steps) > MOST_STEPS:
            middle = [at for at in range(FIRST, len(steps) - LAST) if turns[steps[at]]][-TURNS:]
            kept = {*range(FIRST), *middle, *range(len(steps) - LAST - TURNS + len(middle), len(steps))}
            kept |= {at for at in range(len(steps)) if {at - 1, at + 1} <= kept}
        assert set(named) == kept


POLICY = load(
    "neverask.yaml",
    f"""\
neverask: 1
disclaimers:
  notice: {{texts: {{en: "{DISCLAIMER}"}}}}
rules:
  first: {{rule: require disclaimer notice before asking for email, level: error}}
""",
)


def as_flow(bot: Bot) -> str:
    """The bot in the flow format, one entry."""
    steps = []
    for number, kind in enumerate(bot.kinds):
        said = {"plain": {"say": f"Hello from step {number}."}, "says": {"say": DISCLAIMER}, "asks": {"ask": QUESTION}}
        ways = [
            {"to": f"s{end}", **({"channel": on} if on else {})}
            for start, end, on, call in bot.edges
            if start == number and not call
        ]
        step: dict[str, Any] = {"id": f"s{number}", **said[kind]}
        calls = [f"s{end}" for start, end, _, call in bot.edges if start == number and call]
        if calls:
            step["call"] = calls
        step["goto"] = ways + ([{"to": "end"}] if number in bot.ends or not ways else [])
        steps.append(step)
    return yaml.safe_dump({"flow": "bot", "start": f"s{bot.entries[0]}", "steps": steps}, sort_keys=False)


def context_of(text: str) -> Context:
    document = open_source("bot.yaml", text.encode())[0]
    conversation = neverask_flow.read(document, Folder(document, [document]))
    return Context(conversation, POLICY, "bot.yaml")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bots(entries=1))
def test_a_flow_file_gives_the_findings_of_an_enumeration(bot: Bot) -> None:
    # A call in the flow format is open on every channel.
    edges = tuple((start, end, "" if call else on, call) for start, end, on, call in bot.edges)
    bot = bot._replace(edges=edges, stops=frozenset())
    findings = list(check(context_of(as_flow(bot)), POLICY.rules[0]))
    expected = too_early(bot, (*CHANNELS, "other"))
    assert {int(finding.entry[1:]): len(finding.path) for finding in findings} == expected


def large(size: int) -> dict[str, Any]:
    """Menus that lead onward, back and round; one question in fifty, and the disclaimer only on some of the ways."""
    steps: list[dict[str, Any]] = []
    for number in range(size):
        step: dict[str, Any] = {"id": f"s{number}", "say": f"This is step {number} of the shop."}
        if number % 50 == 49:
            step = {"id": f"s{number}", "ask": QUESTION, "capture": "email"}
        elif number % 70 == 69:
            step["say"] = DISCLAIMER
        step["buttons"] = [
            {"text": "on", "goto": f"s{min(number + 1, size - 1)}"},
            {"text": "far", "goto": f"s{(number * 7 + 3) % size}"},
            {"text": "back", "goto": f"s{max(number - 11, 0)}"},
        ]
        steps.append(step)
    return {"flow": "large", "steps": steps}


@pytest.mark.parametrize("size", [20_000])
def test_a_large_flow_with_loops_takes_seconds(tmp_path: Path, neverask: Callable[..., Any], size: int) -> None:
    path = tmp_path / "large.json"
    path.write_text(json.dumps(large(size), indent=1), encoding="utf-8")
    begin = time.perf_counter()
    json.loads(path.read_text(encoding="utf-8"))
    parsed = time.perf_counter() - begin
    (tmp_path / "neverask.yaml").write_text(
        f'neverask: 1\ndisclaimers: {{notice: {{texts: {{en: "{DISCLAIMER}"}}}}}}\n'
        "rules:\n  first: {rule: require disclaimer notice before asking for email, level: error}\n",
        encoding="utf-8",
    )
    begin = time.perf_counter()
    run = neverask("check", "large.json", "--format", "json", cwd=tmp_path)
    taken = time.perf_counter() - begin
    print(f"{size} steps: {taken:.1f} s; json.loads alone {parsed:.2f} s")
    assert run.status == 1 and len(json.loads(run.out)["findings"]) > 10
    assert taken < 60, "it is linear in the flow: about 10 s on a slow machine"


def test_many_steps_at_the_end_of_a_long_way_hold_no_way_each() -> None:
    nowhere: Any = Nowhere()
    half = 10_000
    steps = tuple(Step(f"s{number}", "", (), nowhere) for number in range(2 * half))
    chain = [Edge(number, number + 1) for number in range(half - 1)]
    arms = [Edge(half - 1, half + number) for number in range(half)]
    graph = Graph(Flow("long", steps, tuple(chain + arms), (0,)), [None])
    ways = graph.first_without(lambda step, _: False, lambda step, _: step >= half)
    assert [way.last for way in ways] == list(range(half, 2 * half))
    assert {way.length for way in ways} == {half + 1}
    assert all(len(way.steps) == MOST_STEPS for way in ways)


def test_a_flow_that_names_thousands_of_channels_is_read_at_once() -> None:
    size = 10_000
    first = {"id": "a", "say": "Hello.", "goto": [{"to": "s0", "channel": f"c{number}"} for number in range(size)]}
    others = [{"id": f"s{n}", "say": f"Text {n}.", "goto": f"s{n + 1}" if n + 1 < size else "end"} for n in range(size)]
    begin = time.process_time()
    read = context_of(json.dumps({"flow": "channels", "steps": [first, *others]})).conversation
    assert len(read.messages) == size + 1 and not read.messages[-1].channels
    assert time.process_time() - begin < 20, "it took minutes when each step held all channels"
