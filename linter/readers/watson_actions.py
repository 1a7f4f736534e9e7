"""Actions skills of IBM Watson Assistant: actions of steps, each with a condition, an output and a question."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .building import Builder, joined
from .drafts import FlowDraft, StepDraft
from .exports import component, place
from .nodes import Node, holds, root, search
from .reasons import CUSTOMER, WEB_SERVICE
from .watson_output import Output, patterns, pieces_of

NAME = "watson-actions"
TITLE = "IBM Watson Assistant actions skill"

_ENDS = frozenset({"end_action", "connect_to_agent", "invoke_another_action_and_end", "fallback", "replay"})
_MOST_SKIPPED = 40  # steps with a condition that one step may be followed by, where there are few in all
_FEW_SKIPPED = 8
_MANY = 2_500  # steps of a skill

_ONLY = re.compile(r"\s*\$\{(\w+)\}(?:\.\w+(?:\(\))?)*\s*")
"""An expression that is one variable, perhaps in other letters."""

_COMPARED = {"eq": "=", "neq": "≠", "lt": "<", "gt": ">", "lte": "≤", "gte": "≥"}
_VARIABLES = ("variable", "skill_variable", "system_variable")
_DEEPEST = 8  # a condition in conditions

_Tried: TypeAlias = dict[str, tuple[str, str]]
"""By the name of a step what has to hold for it, "" where it is always said, and which step is next."""


def is_actions(value: Any) -> bool:
    """Whether a value has actions with steps in its workspace."""
    workspace = value.get("workspace") if isinstance(value, dict) else None
    actions = workspace.get("actions") if isinstance(workspace, dict) else None
    return isinstance(actions, list) and any(
        isinstance(action, dict) and "action" in action and isinstance(action.get("steps"), list)
        for action in actions[:20]
    )


def claims(document: Document) -> bool:
    return document.kind == "json" and holds(document, is_actions)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), is_actions):
        read_actions(builder, node)
    return builder.conversation()


def read_actions(builder: Builder, node: Node) -> None:
    """Add one skill, also one that was found beside a dialog."""
    _Reading(builder, node).read()


class _Reading:
    """Reads one skill."""

    def __init__(self, builder: Builder, node: Node) -> None:
        workspace = node["workspace"]
        self.builder = builder
        self.workspace = workspace
        locale = node["language"].text or workspace["language"].text
        self.output = Output(builder, locale or None)
        self.patterns = patterns(workspace)
        self.flow: FlowDraft = builder.flow(node["name"].text or "actions")
        self.titles = {one["variable"].name: one["title"].text for one in workspace["variables"]}
        self.first: dict[str, str] = {}
        self.named: set[str] = set()
        self.skipped = _MOST_SKIPPED

    def read(self) -> None:
        actions = list(self.workspace["actions"])
        if sum(len(list(action["steps"])) for action in actions) > _MANY:
            self.skipped = _FEW_SKIPPED
        for action in actions:
            self.named.add(action["action"].name)
            for step in action["steps"]:
                self.first.setdefault(action["action"].name, step["step"].name)
        for action in actions:
            self._action(action)
        for variable in self.workspace["variables"]:
            self._assign(None, variable["variable"].name, variable["initial_value"])
        self.output.system(self.workspace["system_settings"])
        for intent in self.workspace["intents"]:
            self.builder.skip(intent["examples"], CUSTOMER, intent["intent"].name)

    def _action(self, action: Node) -> None:
        name = action["action"].name
        title = action["title"].text or name
        variables = {variable["variable"].name: variable for variable in action["variables"]}
        steps: dict[str, Node] = {}
        for step in action["steps"]:
            steps.setdefault(step["step"].name, step)
            self._step(action, title, step["step"].name, step, variables)
        titles = {name: variable["title"].text or name for name, variable in variables.items()}
        tried = {id: (_condition(step, titles), step["next_step"].name) for id, step in steps.items()}
        for id, step in steps.items():
            self._ways(name, id, step, tried)
        for number, handler in enumerate(action["handlers"]):
            if handler["output"]:
                key = (name, "handler", number)
                draft = self.flow.step(key, handler, f"{title}: handler {number}", handler["title"].text)
                self.output.say(draft, handler["output"], f"{title}.handlers[{number}]", "reprompt")
                self.flow.link(key, handler["type"].name, start=(name, self.first.get(name, "")))
        if action["condition"] and name in self.first:
            self._tried((name, "start"), name, self.first[name], tried, True)

    def _step(self, action: Node, title: str, id: str, step: Node, variables: dict[str, Node]) -> None:
        name = action["action"].name
        label = step["title"].text
        draft = self.flow.step((name, id), place(step, "step"), f"{title}: {id}", label)
        said = f"{title}.{id}"
        question = step["question"]
        self.output.say(draft, step["output"], said, "prompt" if question.is_mapping else "reply")
        if question.is_mapping:
            self._question(draft, step, question, variables)
        for number, handler in enumerate(step["handlers"]):
            kind = "validation" if handler["type"].name == "input_validation" else "reprompt"
            self.output.say(draft, handler["output"], f"{said}.handlers[{number}]", kind)
        for assignment in step["context"]["variables"]:
            name = assignment.first("skill_variable", "variable", "system_variable").name
            self._assign(draft, name, assignment["value"])
            self._rename(draft, name, assignment["value"], variables)
        resolver = step["resolver"]
        for given in resolver["invoke_action"]["parameters"]:
            self._assign(draft, given["parameter"].name, given["value"])
        self.output.agent(draft, resolver["response"], said)
        draft.stops = resolver["type"].name == "connect_to_agent"
        if resolver["type"].name == "callout":
            self.builder.unseen(resolver["type"], WEB_SERVICE, said)

    def _assign(self, draft: StepDraft | None, name: str, value: Node) -> None:
        """A text that is put into a variable: as it is, in pieces, or among the literals of an expression."""
        self.builder.assign(draft, name, value["scalar"])
        self.builder.assign(draft, name, joined(value["concat"], list(pieces_of(value))))
        self.builder.assign_sentences(draft, name, value["expression"])

    def _rename(self, draft: StepDraft, name: str, value: Node, variables: dict[str, Node]) -> None:
        """An answer that is kept in a variable of the skill."""
        only = _ONLY.fullmatch(value["expression"].text)
        source = value["variable"].name or (only[1] if only is not None else "")
        kept = self.titles.get(name) or name
        if source in variables:
            source = variables[source]["title"].text or source
        self.builder.rename(draft, value, kept, source)

    def _question(self, draft: StepDraft, step: Node, question: Node, variables: dict[str, Node]) -> None:
        id = step["variable"].name
        variable = variables.get(id, step["variable"])
        entity = question["entity"].name
        type = entity or ("free_text" if question["free_text"].value is True else "")
        choices = any(one["options"] for one in step["output"]["generic"])
        shown = "choice" if choices else component(type)
        label = variable["title"].text
        where = place(step, "variable", "step")
        pattern = self.patterns.get(entity, "")
        self.builder.take(draft, where, label or id, type, shown, pattern, step["title"].text)
        if not step["output"]["generic"]:
            self.builder.unseen(where, "this question has no words of its own", label or id)

    def _ways(self, action: str, id: str, step: Node, tried: _Tried) -> None:
        resolver = step["resolver"]
        type = resolver["type"].name
        start = (action, id)
        invoked = resolver["invoke_action"]["action"]
        if invoked.name and invoked.name in self.first:
            self.flow.link((invoked.name, self.first[invoked.name]), "", start=start, call=type not in _ENDS)
        elif invoked.name and invoked.name not in self.named:
            self.flow.link((invoked.name, ""), "", start=start, place=invoked)
        if type == "fallback" and "fallback" in self.first:
            self.flow.link(("fallback", self.first["fallback"]), "fallback", start=start)
        if type not in _ENDS:
            following = step["next_step"]
            self._tried(start, action, following.name, tried, False)
            if following.name and following.name not in tried:
                self.flow.link((action, following.name), start=start, place=following)
        for handler in step["handlers"]:
            if handler["resolver"]["type"].name == "fallback" and "fallback" in self.first:
                self.flow.link(("fallback", self.first["fallback"]), handler["type"].name, start=start)

    def _tried(self, start: Any, action: str, id: str, tried: _Tried, enters: bool) -> None:
        """The next step, and as long as a step has a condition, also the one after it."""
        for _ in range(self.skipped):
            if id not in tried:
                return
            condition, following = tried[id]
            if enters:
                self.flow.enter((action, id))
            else:
                self.flow.link((action, id), condition, start=start)
            if not condition:
                return
            id = following


def _condition(step: Node, titles: Mapping[str, str]) -> str:
    value = step["condition"].value
    return (_worded(value, titles) or json.dumps(value, ensure_ascii=False)) if value else ""


def _worded(value: Any, titles: Mapping[str, str], depth: int = 0) -> str:
    """A condition as one reads it: ``colour = "red" and not number exists``."""
    key, inner = next(iter(value.items())) if isinstance(value, dict) and value else ("", value)
    if depth < _DEEPEST and isinstance(inner, list) and (key in _COMPARED or key in ("and", "or")):
        parts = [_worded(one, titles, depth + 1) for one in inner]
        compared = f" {_COMPARED.get(key, key)} ".join(parts)
        return f"either {compared}" if key == "or" and depth else compared
    if depth < _DEEPEST and key in ("not", "exists"):
        said = _worded(inner, titles, depth + 1)
        return f"not {said}" if key == "not" else f"{said} exists"
    if key in _VARIABLES and isinstance(inner, str):
        path = value.get("variable_path")
        return f"{titles.get(inner, inner)}.{path}" if isinstance(path, str) else titles.get(inner, inner)
    if key in ("intent", "entity", "expression") and isinstance(inner, str):
        return inner
    return json.dumps(inner if key == "scalar" else value, ensure_ascii=False)
