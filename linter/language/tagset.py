"""The tags and constructions of a grammar: Lark terminals, each compiled to one regular expression over tags.

Lark reads and checks the grammar files and puts the terminals together. At run time a construction is looked for
wherever it can stand in a sentence's string of tags, so that one reading never hides another; every gap in the
grammar is bounded, hence the time is linear in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SINGLE = re.compile(r"^([A-Z_]+):\s*\"(.)\"", re.MULTILINE)
_HEAD = re.compile(r"\((?:\?(?P<kind>:|=|<=|!|<!))?")
_CLASS = re.compile(r"\[(?P<negated>\^)?(?P<tags>\]?(?:\\.|[^\]\\])*)\]")
_IN_CLASS = re.compile(r"\\(?P<escaped>.)|(?P<first>[^\\])(?:-(?P<last>[^\\]))?")
_REPEATED = re.compile(r"(?:(?P<maybe>[*?]|\{0?,\d*\}|\{0(?:,\d*)?\})|\+|\{\d+(?:,\d*)?\})[?+]?")

_Needs = set[frozenset[str]]
"""Of each of these sets of tags one is needed."""


def tags(text: str) -> dict[str, str]:
    """Tag names and their characters, from the text of grammar/tags.lark."""
    return dict(_SINGLE.findall(text))


def constructions(text: str, load: Callable[[str], str]) -> list[tuple[str, str]]:
    """(name, regular expression) of each construction that the grammar's start rule lists, in its order.

    ``load`` gives the text of an imported grammar file by name. Raises lark's GrammarError with the place of a
    mistake.
    """
    from lark import Lark

    def imports(_base: object, path: str) -> tuple[str, str]:
        return path, load(path)

    lark = Lark(text, parser="earley", lexer="dynamic", import_paths=[imports])
    order = [name for rule in lark.rules for name in (symbol.name for symbol in rule.expansion)]
    found = {terminal.name: terminal.pattern.to_regexp() for terminal in lark.terminals}
    listed = [name for name in dict.fromkeys(order) if name in found]
    return [(name.split("__")[-1].lstrip("_"), found[name]) for name in listed]


def needed(pattern: str) -> list[str]:
    """What a string of tags must hold for the expression to match anywhere: one of each of these strings' tags."""
    return ["".join(sorted(tags)) for tags in sorted(_Expression(pattern).needed(), key=_fewest)]


def _fewest(tags: frozenset[str]) -> tuple[int, list[str]]:
    return len(tags), sorted(tags)


class _Expression:
    """A regular expression, read piece by piece for what it needs; of what is not known here nothing is needed."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def needed(self) -> _Needs:
        """What is needed of alternatives, as far as the bracket that ends them."""
        each = [self._sequence()]
        while self._pattern.startswith("|", self._at):
            self._at += 1
            each.append(self._sequence())
        common = set.intersection(*each)
        others = [one - common for one in each]
        return common | ({frozenset().union(*(min(one, key=_fewest) for one in others))} if all(others) else set())

    def _sequence(self) -> _Needs:
        found: _Needs = set()
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            piece = self._piece()
            repeated = _REPEATED.match(self._pattern, self._at)
            if repeated is not None:
                self._at = repeated.end()
            if repeated is None or not repeated["maybe"]:
                found |= piece
        return found

    def _piece(self) -> _Needs:
        first = self._pattern[self._at]
        if first == "(":
            head = _HEAD.match(self._pattern, self._at)
            assert head is not None
            self._at = head.end()
            inner = self.needed()
            self._at += 1
            is_known = head["kind"] in (":", "=", "<=") or not self._pattern.startswith("?", head.end())
            return inner if is_known and head["kind"] not in ("!", "<!") else set()
        if first == "[":
            return self._class()
        self._at += 2 if first == "\\" else 1
        literal = self._pattern[self._at - 1]
        is_literal = not literal.isalnum() if first == "\\" else literal not in ".^$"
        return {frozenset(literal)} if is_literal else set()

    def _class(self) -> _Needs:
        found = _CLASS.match(self._pattern, self._at)
        assert found is not None
        self._at = found.end()
        tags: set[str] = set()
        for one in _IN_CLASS.finditer(found["tags"]):
            if one["escaped"] and one["escaped"].isalnum():
                return set()
            first = one["escaped"] or one["first"]
            tags.update(map(chr, range(ord(first), ord(one["last"] or first) + 1)))
        return set() if found["negated"] else {frozenset(tags)}
