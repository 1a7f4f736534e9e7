"""espanso: matches whose output is text, and what the agent can choose to be put into it.

A match's ``form`` is its output with fields in it; the layout of a variable's form is only for the agent. Short
expansions are no replies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, several
from .nodes import name_of
from .plans import overlook_others
from .prose import is_sentence

NAME = "espanso"
TITLE = "espanso matches"

_OUTPUTS = {"replace": "plain", "html": "html", "markdown": "markdown", "form": "plain"}
_CHOSEN = {"choice": "values", "random": "choices"}
_TRIGGERS = ("trigger", "triggers", "regex")
_OTHERS = frozenset({*_TRIGGERS, "label", "comment", "search_terms", "vars", "form_fields"})
"""Keys of a match that are no output."""
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
    if _OUTPUTS.keys().isdisjoint(match) and "image_path" not in match:
        overlook_others(gathering, Record(match, path), _OTHERS)
    for key, markup in _OUTPUTS.items():
        text = match.get(key)
        if isinstance(text, str) and (len(text) > _LONG or is_sentence(text)):
            gathering.say(name, text, (*path, key), markup=markup)
    _read_fields(gathering, match.get("form_fields"), (*path, "form_fields"), name)
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
    kind = name_of(variable.get("type"))
    parameters = variable.get("params")
    parameters = parameters if isinstance(parameters, dict) else {}
    if kind in _CHOSEN:
        key = _CHOSEN[kind]
        _read_choices(gathering, parameters.get(key), (*path, "params", key), f"{name}.{variable.get('name')}")
    elif kind == "echo" and is_sentence(parameters.get("echo")):
        id = f"{name}.{variable.get('name')}"
        gathering.say(id, parameters["echo"], (*path, "params", "echo"))
    elif kind == "form":
        layout = (*path, "params", "layout")
        gathering.skip(parameters.get("layout"), layout, "a form that the agent fills in", name)
        _read_fields(gathering, parameters.get("fields"), (*path, "params", "fields"), name)
    elif kind in ("script", "shell"):
        gathering.absent(path, "a script writes this text", name)


def _read_fields(gathering: Gathering, fields: Any, path: Path, name: str) -> None:
    """What the fields of a form put into the text: what the agent can choose, or what stands there already."""
    for key, field in fields.items() if isinstance(fields, dict) else ():
        if not isinstance(field, dict):
            continue
        if "values" in field:
            _read_choices(gathering, field["values"], (*path, key, "values"), f"{name}.{key}")
        elif is_sentence(field.get("default")):
            gathering.say(f"{name}.{key}", field["default"], (*path, key, "default"))


def _read_choices(gathering: Gathering, choices: Any, path: Path, name: str) -> None:
    """Texts to choose from: a list, in which each may have a label, or the lines of one string."""
    if isinstance(choices, str):
        for number, (offset, line) in enumerate(_lines(choices)):
            if is_sentence(line):
                gathering.say(f"{name}[{number}]", line, path, offset=offset)
        return
    for number, value in enumerate(choices if isinstance(choices, list) else ()):
        place: Path = (*path, number)
        if isinstance(value, dict):
            value, place = value.get("id"), (*place, "id")
        if is_sentence(value):
            gathering.say(f"{name}[{number}]", value, place)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with something in them, without the blanks around, each with where it begins."""
    begin = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield begin + len(line) - len(line.lstrip()), line.strip()
        begin += len(line)
