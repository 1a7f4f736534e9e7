"""Words of a rule's sentence that can't make it find less or more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import sentence as grammar
from .model import Idle, Place, Policy, Sentence
from .nodes import Node, within
from .vocabulary import NEVER_PARTIAL, NEVER_READ

_EXCUSES = {"partial": "partial", "shielded": "shielded", "safe-channel": "redirecting"}
"""Conditions that look at the words of a request, with the word by which each begins."""
_EXCUSABLE = frozenset({"asking", "collecting"})


def idle_in(sentence: Sentence, node: Node, policy: Policy) -> tuple[Idle, ...]:
    """What a sentence says that can't make it find less or more."""
    text = str(node.value)
    found = _idle_words(sentence, grammar.parse(text), text, policy)
    return tuple(Idle(word, Place(node.source, within(node, text, at, end)), why) for word, at, end, why in found)


def _idle_words(
    sentence: Sentence, parts: dict[str, Any], text: str, policy: Policy
) -> Iterator[tuple[str, int, int, str]]:
    """Each such word, where it stands, and why."""
    if not sentence.data and sentence.named:
        return  # that is told
    whole = frozenset(category for name in sentence.named for category in policy.sets.get(name, (name,)))
    for (word, start, end), name in zip(parts["without"], sentence.without, strict=True):
        if whole.isdisjoint(policy.sets.get(name, (name,))):
            yield word, start, end, "it is not among the data that the sentence names"
    if not sentence.places <= NEVER_READ:  # that is told of the whole rule
        for word, start, end in parts["places"]:
            if grammar.known_place(word) in NEVER_READ:
                yield word, start, end, "no text is read to lead there"
    if sentence.together and len(sentence.data) == 1:
        at = text.lower().index("together", parts["data"][-1][2])
        yield "together", at, at + len("together"), "the sentence names one kind of data"
    for condition in sentence.unless:
        said = _EXCUSES.get(condition.kind, "")
        why = ""
        if said and sentence.verb not in _EXCUSABLE:
            why = "it excuses only what is asked for, and this rule is about something else"
        elif condition.kind == "partial" and sentence.data <= NEVER_PARTIAL:
            why = "a part of such data is as secret as the whole"
        if why:
            at = text.lower().rindex(said)
            yield text[at : at + len(said)], at, at + len(said), why
