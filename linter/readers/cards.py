"""Adaptive cards, as Composer and Copilot Studio put them into activities."""

from __future__ import annotations

from typing import Protocol

from .building import Builder, joined, one_of
from .drafts import StepDraft
from .exports import SHOWN, component
from .nodes import Node

_CHOICES = frozenset({"Input.ChoiceSet", "Input.Toggle"})
_INSTEAD = frozenset({"fallback", "fallbackText"})
"""What is shown where a part of the card can't be."""
_LABELS = frozenset({"label", "placeholder"})


class Say(Protocol):
    def __call__(
        self, step: StepDraft | None, node: Node, id: str, kind: str, channels: tuple[str, ...] = ...
    ) -> None: ...


def say_card(builder: Builder, say: Say, step: StepDraft | None, node: Node, id: str, key: str = "") -> None:
    """The texts of a card and of what is inside it, and its inputs; each text is handed to ``say``.

    What may not be shown is said by the step perhaps.
    """
    before = _said(step)
    _say_part(builder, say, step, node, id, key)
    if _may_be_hidden(node):
        _perhaps(step, before, node)


def _said(step: StepDraft | None) -> int:
    return len(step.messages) if step is not None else 0


def _perhaps(step: StepDraft | None, before: int, node: Node) -> None:
    """What a step says at a node, all but the first messages of it, is not said in any case."""
    if step is not None:
        for number in list(step.messages)[before:]:
            step.variants[number] = step.variants[number] or one_of(node, 0, surely=False)


def _may_be_hidden(node: Node) -> bool:
    """Whether an element is shown under a condition, or at a click."""
    if not node.is_mapping:
        return False
    return "$when" in node or node["type"].name == "Action.ShowCard" or node["isVisible"].value not in (None, True)


def _say_part(builder: Builder, say: Say, step: StepDraft | None, node: Node, id: str, key: str) -> None:
    if node.is_mapping:
        type = node["type"].name
        if type.startswith("Input."):
            slot = node["id"] if node["id"].name else node["type"]
            shown = "choice" if type in _CHOICES else component(type[6:])
            if node["style"].name.lower() == "password":
                shown = "password"
            pattern, label = node["regex"].text, node["label"].text
            builder.take(step, slot, node["id"].name or id, type, shown, pattern, label)
        acts = type.startswith("Action.") or key == "choices"
        for name, item in node.items():
            lower, before = name.lower(), _said(step)
            if name == "inlines" and item.is_list:
                _say_runs(builder, say, step, item, f"{id}.{name}")
            elif item.text and (lower in SHOWN or (lower == "value" and key == "facts")):
                kind = "button" if acts else "label" if lower in _LABELS else "reply"
                kind = "validation" if lower == "errormessage" else kind
                say(step, item, f"{id}.{name}", kind, ("voice",) if lower == "speak" else ())
            elif not item.text and name != "data":
                say_card(builder, say, step, item, f"{id}.{name}", name)
            if name in _INSTEAD:
                _perhaps(step, before, item)
    elif node.is_list:
        for number, item in enumerate(node):
            say_card(builder, say, step, item, f"{id}[{number}]", key)


def _say_runs(builder: Builder, say: Say, step: StepDraft | None, runs: Node, id: str) -> None:
    """The runs of a text, strings or mappings with one, are one text; what tapping one does stands in it."""
    texts = [run["text"] if run.is_mapping else run for run in runs]
    say(step, joined(runs, [text for text in texts if text.text]), id, "reply")
    for number, run in enumerate(runs):
        say_card(builder, say, step, run["selectAction"], f"{id}[{number}].selectAction")
