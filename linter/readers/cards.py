"""Adaptive cards, as Composer and Copilot Studio put them into activities."""

from __future__ import annotations

from typing import Protocol

from .building import Builder, StepDraft, joined
from .exports import SHOWN, component
from .nodes import Node

_CHOICES = frozenset({"Input.ChoiceSet", "Input.Toggle"})
_LABELS = frozenset({"label", "placeholder"})


class Say(Protocol):
    def __call__(
        self, step: StepDraft | None, node: Node, id: str, kind: str, channels: tuple[str, ...] = ...
    ) -> None: ...


def say_card(builder: Builder, say: Say, step: StepDraft | None, node: Node, id: str, key: str = "") -> None:
    """The texts of a card and of what is inside it, and its inputs; each text is handed to ``say``."""
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
            lower = name.lower()
            if name == "inlines" and item.is_list:
                _say_runs(builder, say, step, item, f"{id}.{name}")
            elif item.text and (lower in SHOWN or (lower == "value" and key == "facts")):
                kind = "button" if acts else "label" if lower in _LABELS else "reply"
                kind = "validation" if lower == "errormessage" else kind
                say(step, item, f"{id}.{name}", kind, ("voice",) if lower == "speak" else ())
            elif not item.text and name != "data":
                say_card(builder, say, step, item, f"{id}.{name}", name)
    elif node.is_list:
        for number, item in enumerate(node):
            say_card(builder, say, step, item, f"{id}[{number}]", key)


def _say_runs(builder: Builder, say: Say, step: StepDraft | None, runs: Node, id: str) -> None:
    """The runs of a text, strings or mappings with one, are one text; what tapping one does stands in it."""
    texts = [run["text"] if run.is_mapping else run for run in runs]
    say(step, joined(runs, [text for text in texts if text.text]), id, "reply")
    for number, run in enumerate(runs):
        say_card(builder, say, step, run["selectAction"], f"{id}[{number}].selectAction")
