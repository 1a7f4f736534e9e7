"""The tags and constructions of a grammar: Lark terminals, each compiled to one regular expression over tags.

Lark reads and checks the grammar files and puts the terminals together. At run time a construction is looked for
wherever it can stand in a sentence's string of tags, so that one reading never hides another; every gap in the
grammar is bounded, hence the time is linear in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SINGLE = re.compile(r"^([A-Z_]+):\s*\"(.)\"", re.MULTILINE)


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


_PIECE = re.compile(
    r"\\(?P<escaped>.)|\[(?:\\.|[^\]])*\]|(?P<open>\()|(?P<close>\))|(?P<bar>\|)|(?P<plain>[^\\\[()|{}*+?])"
)
_OPTIONAL = re.compile(r"[*?]|\{0")


def needed(pattern: str) -> set[str]:
    """Tags without which the expression can't match: the literals of its outermost sequence."""
    found: set[str] = set()
    depth = 0
    at = 0
    while at < len(pattern):
        piece = _PIECE.match(pattern, at)
        if piece is None:
            at = pattern.index("}", at) + 1 if pattern[at] == "{" else at + 1
            continue
        at = piece.end()
        depth += bool(piece["open"]) - bool(piece["close"])
        if piece["bar"] and not depth:
            return set()
        literal = piece["plain"] or piece["escaped"]
        if literal and not depth and not _OPTIONAL.match(pattern, at):
            found.add(literal)
    return found
