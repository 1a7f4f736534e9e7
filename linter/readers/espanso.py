"""espanso: matches whose output is text. Forms are filled in by the agent, short expansions are no replies."""

from __future__ import annotations

from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, several
from .plans import overlook
from .prose import is_sentence

NAME = "espanso"
TITLE = "espanso matches"

_OUTPUTS = {"replace": "plain", "html": "html", "markdown": "markdown"}
_OTHERWISE = frozenset({"form", "image_path"})
_TRIGGERS = ("trigger", "triggers", "regex")
_LONG = 40


def claims(document: Document) -> bool:
    return document.kind == "yaml" and any(_is_matches(value) for _, value in several(document))


def _is_matches(value: Any) -> bool:
    matches = value.get("matches") if isinstance(value, dict) else None
    return isinstance(matches, list) and any(
        isinstance(match, dict) and any(key in match for key in _TRIGGERS) for match in matches
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for path, value in several(document):
        matches = value.get("matches") if isinstance(value, dict) else None
        for number, match in enumerate(matches if isinstance(matches, list) else ()):
            if isinstance(match, dict):
                _read_match(gathering, match, (*path, "matches", number))
        _read_variables(gathering, value, "global_vars", path, "global_vars")
    return gathering.conversation(NAME)


def _read_match(gathering: Gathering, match: dict[str, Any], path: Path) -> None:
    name = _name(match)
    if _OUTPUTS.keys().isdisjoint(match) and _OTHERWISE.isdisjoint(match):
        overlook(gathering, Record(match, path))
    for key, markup in _OUTPUTS.items():
        text = match.get(key)
        if isinstance(text, str) and (len(text) > _LONG or is_sentence(text)):
            gathering.say(name, text, (*path, key), markup=markup)
    if "form" in match:
        gathering.skip(match["form"], (*path, "form"), "a form that the agent fills in", name)
    _read_variables(gathering, match, "vars", path, name)


def _name(match: dict[str, Any]) -> str:
    for key in _TRIGGERS:
        value = match.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, (str, int)):
            return str(first)
    return ""


def _read_variables(gathering: Gathering, holder: Any, key: str, path: Path, name: str) -> None:
    variables = holder.get(key) if isinstance(holder, dict) else None
    for number, variable in enumerate(variables if isinstance(variables, list) else ()):
        if isinstance(variable, dict):
            _read_variable(gathering, variable, (*path, key, number), name)


def _read_variable(gathering: Gathering, variable: dict[str, Any], path: Path, name: str) -> None:
    kind = variable.get("type")
    parameters = variable.get("params")
    parameters = parameters if isinstance(parameters, dict) else {}
    if kind in ("choice", "random"):
        key = "values" if kind == "choice" else "choices"
        values = parameters.get(key)
        for number, value in enumerate(values if isinstance(values, list) else ()):
            place: Path = (*path, "params", key, number)
            if isinstance(value, dict):
                value, place = value.get("id"), (*place, "id")
            if isinstance(value, str) and is_sentence(value):
                gathering.say(f"{name}.{variable.get('name')}[{number}]", value, place)
    elif kind == "echo" and is_sentence(parameters.get("echo")):
        id = f"{name}.{variable.get('name')}"
        gathering.say(id, parameters["echo"], (*path, "params", "echo"))
    elif kind == "form" and "layout" in parameters:
        layout = (*path, "params", "layout")
        gathering.skip(parameters["layout"], layout, "a form that the agent fills in", name)
    elif kind in ("script", "shell"):
        gathering.absent(path, "a script writes this text", name)
