"""A long library judged slice by slice, in one process or several; the parts make the whole.

What was worked out for a slice (words, tags, constructions) is gone when the next one begins.

Only for a library, whose messages are judged one by one: a flow is judged as a whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from . import workers
from .conversation import Conversation, Message
from .outcome import Outcome, from_plain, to_plain
from .rules.disclaimer import Part
from .source import Source, SourceError

_LONG = 2_000  # messages; what one process judges in about the time that a second takes to start
_MOST = 1_000  # messages a slice, of which a tenth may be read in earnest
_EACH = 4  # slices a process, so that none waits long for another


def worthwhile(conversation: Conversation) -> bool:
    """Whether a conversation is long enough, and one whose messages can be judged one by one."""
    alone = not conversation.flows and not conversation.captures
    return alone and len(conversation.messages) >= _LONG


def judged(
    conversation: Conversation,
    own: Sequence[Source],
    jobs: int,
    judge: Callable[[Conversation], tuple[Outcome, list[Part]]],
) -> list[tuple[Outcome, list[Part]]]:
    """What ``judge`` finds in each slice, in order. ``own`` are sources that findings speak of besides the file's.

    Raises SourceError when a process dies.
    """
    messages = conversation.messages
    several = jobs > 1 and hasattr(os, "fork")
    bounds = _bounds(messages, jobs * _EACH if several else 1)
    if not several:
        return [judge(replace(conversation, messages=messages[start:end])) for start, end in bounds]
    sources = [*own, *{id(message.document.source): message.document.source for message in messages}.values()]

    def work(number: int) -> Any:
        start, end = bounds[number]
        outcome, parts = judge(replace(conversation, messages=messages[start:end]))
        return sent(outcome, parts, sources)

    path = conversation.documents[0].source.path
    found: dict[int, tuple[Outcome, list[Part]]] = {}
    for number, answer, reason in workers.run(range(len(bounds)), work, jobs):
        if reason:
            raise SourceError(path, f"a process that checked this file died ({reason})")
        found[number] = received(answer, sources)
    return [found[number] for number in range(len(bounds))]


def sent(outcome: Outcome, parts: Sequence[Part], sources: Sequence[Source]) -> Any:
    """What was found, as plain data. ``sources`` are known to who gets it."""
    return to_plain(outcome, sources), [_plain(part, outcome.path, sources) for part in parts]


def received(answer: Any, sources: Sequence[Source]) -> tuple[Outcome, list[Part]]:
    """What ``sent`` wrote down."""
    outcome, parts = answer
    return _whole(outcome, sources), [_part(part, sources) for part in parts]


def _bounds(messages: Sequence[Message], count: int) -> list[tuple[int, int]]:
    """Where the slices begin and end: messages of one place, of which only one finding is kept, stay together."""
    size = min(-(-len(messages) // count), _MOST)
    bounds: list[tuple[int, int]] = []
    start = 0
    while start < len(messages):
        end = min(start + size, len(messages))
        while end < len(messages) and messages[end].path == messages[end - 1].path:
            end += 1
        bounds.append((start, end))
        start = end
    return bounds


def _plain(part: Part, path: str, sources: Sequence[Source]) -> Any:
    findings = Outcome(path)
    findings.findings = [finding for finding in (part.first, part.nearest) if finding is not None]
    present = part.first is not None, part.nearest is not None
    return part.messages, part.complete, part.lacking, *present, to_plain(findings, sources)


def _part(plain: Any, sources: Sequence[Source]) -> Part:
    messages, complete, lacking, has_first, has_nearest, findings = plain
    kept = iter(_whole(findings, sources).findings)
    first = next(kept) if has_first else None
    return Part(messages, complete, lacking, first, next(kept) if has_nearest else None)


def _whole(plain: Any, sources: Sequence[Source]) -> Outcome:
    def text_of(path: str, digest: str) -> str:
        raise SourceError(path, "a finding speaks of a file that is no part of this one")

    return from_plain(plain, sources, text_of)
