"""A policy held against its JSON Schema: each mistake told in the words of its author, where it stands."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from .. import cache, resources
from ..documents.encrypted import is_encrypted
from ..expressions import expression
from ..files import FILE_NAME
from ..trees import POINTS_TO_LFS
from .errors import closest, explained
from .mistakes import Mistakes
from .nodes import Node, head, pairs, shown
from .wordings import informal_keys

_CUT = "a comma ends a text in braces: put the text in quotation marks, or each key on a line of its own"
_NOTHING = "a value is missing here"
_COLON = expression(r"([\w-]+):\S")
_OF_A_RULE = 2
"""Steps from the root of a policy to a rule."""
_VERSION = FILE_NAME.partition(".")[0]


def schema() -> dict[str, Any]:
    """The JSON Schema of a policy file."""
    return json.loads(resources.policy("schema.json"))  # type: ignore[no-any-return]


def checked(node: Node, mistakes: Mistakes) -> Node:
    """What is left of a policy without what the schema does not allow. A text that was found right is not looked at."""
    known = cache.key(["policy", node.source.text])
    if cache.get(f"schema-{known}") is not None:
        return node
    before = len(mistakes.problems)
    bad = _Check(mistakes).bad_in(node)
    if len(mistakes.problems) > before:
        return _without(node, bad)
    cache.put(f"schema-{known}", True)
    return node


def _no_mapping(text: str) -> str:
    """What a file is that is no mapping: all that there is here of a policy may be what stands for it."""
    if text.startswith(POINTS_TO_LFS.decode()):
        return "this is only a pointer of Git LFS; the policy itself is not here: 'git lfs pull' fetches it"
    if is_encrypted(text):
        return "this policy is encrypted: decrypt it where neverask runs"
    return "a policy is a mapping that begins with 'neverask: 1'"


class _Check:
    """Tells the mistakes in one file, and gathers the keys and values that are amiss, by their identity."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._bad: set[int] = set()

    def bad_in(self, node: Node) -> set[int]:
        if node.kind != "map":
            self._mistakes.tell(node, _no_mapping(node.source.text))
            return {id(node)}
        from jsonschema import Draft202012Validator

        errors = Draft202012Validator(schema()).iter_errors(_jsonable(node.plain()))
        for error in sorted(errors, key=lambda e: list(map(str, e.path))):
            self._tell(node, error)
        self._duplicates(node)
        return self._bad

    def _tell(self, root: Node, error: Any) -> None:
        path = list(error.absolute_path)
        node = root.at(path)
        if path[:1] == ["rules"] and len(path) > 1:
            self._mistakes.flawed.add(str(path[1]))
        if path[:1] == ["examples"] and len(path) > 2:
            self._mistakes.told.add(root.at(path[:2]).span)
        if error.validator == "additionalProperties":
            self._strange_keys(node, list(error.schema.get("properties", {})))
        elif "propertyNames" in error.absolute_schema_path:
            self._strange_name(node, error)
        elif error.validator == "required":
            self._missing_keys(node, error)
        elif not self._alternatives(root, error):
            self._strange_value(node, error)

    def _alternatives(self, root: Node, error: Any) -> bool:
        """Tell what is wrong in the one of several alternatives that was meant, if that can be said."""
        if error.validator not in ("oneOf", "anyOf") or not error.context:
            return False
        deepest = max(error.context, key=_deepest)
        alike = [one for one in error.context if one.relative_schema_path[0] == deepest.relative_schema_path[0]]
        above = len(error.absolute_path)
        inside = [one for one in alike if len(one.absolute_path) > above or _is_telling(one)]
        for one in inside:
            self._tell(root, one)
        return bool(inside)

    def _strange_name(self, node: Node, error: Any) -> None:
        """A key that should be a language."""
        key = next((key for key, _ in node.value if str(key.value) == str(error.instance)), node)
        self._bad.add(id(key))
        near = closest(str(key.value), [*resources.languages(), *informal_keys()])
        begins = f"did you mean '{str(key.value)[:1].lower()}"  # Dutch is no Portuguese
        hint = near if near.startswith(begins) else f"expected: {_wanted(error)}"
        self._mistakes.tell(key, f"{shown(key)} can't stand here", hint)

    def _strange_value(self, node: Node, error: Any) -> None:
        path = list(error.absolute_path)
        self._bad.add(id(node))
        if error.validator == "enum":
            hint = closest(str(node.plain()), error.validator_value)
            hint = explained(hint) if path[:1] == ["safe-channels"] else hint
            amiss = f"{shown(node)} is not one of the known values"
            self._mistakes.tell(node, _NOTHING if node.plain() is None else amiss, hint)
        elif error.validator == "minimum":
            self._mistakes.tell(node, f"{shown(node)} is too small", f"write {error.validator_value} or more")
        elif _is_empty(error):
            what = "list" if node.kind == "list" else "text" if node.kind == "scalar" else "mapping"
            self._mistakes.tell(node, f"this {what} is empty", f"expected: {_wanted(error)}")
        elif node.kind == "scalar" and node.value is None:
            self._mistakes.tell(node, _NOTHING, f"expected: {_wanted(error)}")
        else:
            hint = _outdented(path) or _glued(node.value) or f"expected: {_wanted(error)}"
            self._mistakes.tell(node, f"{shown(node)} can't stand here", hint)

    def _strange_keys(self, node: Node, known: list[str]) -> None:
        """Keys that are not ``known`` where they stand."""
        is_policy = any(key.value == _VERSION for key, _ in pairs(node))
        above = ""
        for key, value in pairs(node):
            if key.value in known:
                above = str(key.value) if is_policy else ""
            else:
                self._bad.add(id(key))
                hint = closest(str(key.value), known)
                if value.value is None and value.kind == "scalar":
                    cut = hint if hint.startswith("did") else _CUT  # {rule: forbid asking for name, pin on whatsapp}
                    hint = _glued(key.value) or cut
                elif not hint.startswith("did"):
                    hint = _belongs_above(above, key) or hint
                self._mistakes.tell(key, f"'{key.value}' is not known here", hint)

    def _missing_keys(self, node: Node, error: Any) -> None:
        """The keys that are not there and for which none that is there was meant."""
        known = list(error.schema.get("properties", {}))
        meant = {closest(key, known) for key in error.instance if key not in known}
        for name in error.validator_value:
            if name not in error.instance and f"did you mean '{name}'?" not in meant:
                only = error.schema["properties"].get(name, {}).get("const")
                hint = f"write '{name}: {only}' in the first line" if only is not None else ""
                self._mistakes.tell(head(node), f"'{name}' is missing", hint)

    def _duplicates(self, node: Node) -> None:
        """Keys that stand twice, which YAML passes over."""
        if node.kind == "map":
            seen: dict[str, Node] = {}
            for key, value in node.value:
                first = seen.setdefault(str(key.value), key)
                if first is not key:
                    line = key.source.position(first.span.start).line
                    self._mistakes.tell(
                        key, f"'{key.value}' stands here twice, first in line {line}; only one can count"
                    )
                self._duplicates(value)
        elif node.kind == "list":
            for item in node.value:
                self._duplicates(item)


def _wanted(error: Any) -> str:
    """What the schema says is wanted at the place of a mistake, or at the nearest above it."""
    whole = schema()
    part: Any = whole
    wanted = str(part["description"])
    for key in error.absolute_schema_path:
        if isinstance(part, dict) and "$ref" in part and key not in part:  # which no path names
            part = whole["$defs"][part["$ref"].rpartition("/")[2]]
        part = part[key]
        if isinstance(part, dict) and isinstance(part.get("description"), str):
            wanted = part["description"]
    return wanted


def _glued(said: object) -> str:
    """The advice to part what stands together: YAML takes "rule:forbid" for one text."""
    found = _COLON.match(said) if isinstance(said, str) else None
    return f"put a blank behind the colon of '{found[1]}'" if found and found[1] in _keys_in("") else ""


def _outdented(path: Sequence[Any]) -> str:
    """The advice to indent what stands beside the name of a rule and belongs below it."""
    if len(path) != _OF_A_RULE or path[0] != "rules" or path[1] not in _keys_in("rules"):
        return ""
    return "if it is part of the rule above it, indent the line by two blanks more"


def _belongs_above(above: str, key: Node) -> str:
    """The advice to indent a line that begins where the parts of a policy do, and belongs to the part ``above`` it."""
    if not above or key.value not in _keys_in(above):
        return ""
    return f"it is part of '{above}': indent the line as those above it"


@lru_cache
def _keys_in(part: str) -> frozenset[str]:
    """The names of all keys in a part of a policy, those of a policy for ""."""
    whole = schema()
    return frozenset(_keys(whole["properties"].get(part) if part else whole))


def _keys(part: Any) -> set[str]:
    """The names of all keys in a part of the schema."""
    if isinstance(part, list):
        return set().union(*map(_keys, part))
    if not isinstance(part, dict):
        return set()
    own = part.get("properties")
    return set(own if isinstance(own, dict) else ()).union(*map(_keys, part.values()))


def _deepest(error: Any) -> tuple[int, bool, int]:
    """By what the mistake is chosen that shows which of several alternatives is meant; of those alike, the first."""
    return len(error.absolute_path), _is_telling(error), -int(error.relative_schema_path[0])


def _is_telling(error: Any) -> bool:
    """Whether of several mistakes, one of which is enough, this is one in the value that is written."""
    named = "propertyNames" in error.absolute_schema_path
    return named or error.validator in ("additionalProperties", "enum") or _is_empty(error)


def _is_empty(error: Any) -> bool:
    """Whether a mistake is that a text, a list or a mapping says nothing."""
    said = error.instance.strip() if isinstance(error.instance, str) else error.instance
    return error.validator in ("pattern", "minLength", "minItems", "minProperties") and not said


def _without(node: Node, bad: set[int]) -> Node:
    """The node without the parts that are mistakes; an empty policy where it is one itself."""
    if id(node) in bad:
        return replace(node, kind="map", value=[])
    if node.kind == "map":
        left = [(key, value) for key, value in node.value if id(key) not in bad and id(value) not in bad]
        return replace(node, value=[(key, _without(value, bad)) for key, value in left])
    if node.kind == "list":
        return replace(node, value=[_without(item, bad) for item in node.value if id(item) not in bad])
    return node


def _jsonable(value: Any) -> Any:
    """A policy's plain value as JSON has it, with its days as texts."""
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
