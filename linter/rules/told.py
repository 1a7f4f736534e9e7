"""What a language model is told, where it words what customers read.

An instruction is no message: what the model makes of it is not in the file, so no rule on messages can judge it. That
it speaks of data which a rule forbids to ask for or to take is said all the same, never silently passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Path, Skipped
from ..documents.xmltext import Element
from ..language import analysis
from ..markup import variants
from .context import Context, language_of
from .wording import called

_SHORTEST = 3  # words; anything shorter is a name or a number
_VERBS = frozenset({"asking", "collecting"})


def told(context: Context) -> Iterator[tuple[str, str, str]]:
    """The file and name of each instruction that speaks of such data, and what there is to say about it."""
    forbidden: set[str] = set()
    for rule in context.policy.in_force:
        if rule.sentence.verb in _VERBS:
            forbidden |= rule.sentence.data
    seen: set[tuple[str, Path]] = set()
    for skipped in context.conversation.unseen if forbidden else ():
        if skipped.reason != LANGUAGE_MODEL:
            continue
        for path, text in _strings(skipped):
            key = (skipped.document.source.path, path)
            data = _data(context, text) & forbidden if key not in seen else set()
            seen.add(key)
            if data:
                start = skipped.document.span(path).start
                line = skipped.document.source.position(start).line
                names = ", ".join(called(one) for one in sorted(data))
                reason = (
                    f"line {line}: a language model is told about {names}; what it asks customers is not in the file"
                )
                yield skipped.document.source.path, skipped.name, reason


def _strings(skipped: Skipped) -> Iterator[tuple[Path, str]]:
    """The texts at a place and below it."""
    value: Any = getattr(skipped.document, "value", None)
    for key in skipped.path:
        try:
            inside: Any = value.children if isinstance(value, Element) else value
            value = inside[key]
        except (KeyError, IndexError, TypeError):
            return
    todo: list[tuple[Path, Any]] = [(skipped.path, value)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, Element):
            value = value.text
        if isinstance(value, str):
            if len(value.split()) >= _SHORTEST:
                yield path, value
        elif isinstance(value, dict):
            todo += [((*path, key), item) for key, item in reversed(value.items())]
        elif isinstance(value, list):
            todo += [((*path, number), item) for number, item in reversed(list(enumerate(value)))]


def _data(context: Context, text: str) -> set[str]:
    found: set[str] = set()
    for one in variants(text, "auto"):
        language = language_of(one.text, None, lambda: "en", context.policy.languages)
        for reading in analysis.readings(one.text, language, context.pack, one.linked):
            found |= {act.data for act in analysis.acts(reading)}
    return found
