"""The phrases of a lexicon as one trie in which what is alike stands once.

An entry with alternatives stands for very many phrases: "(please) send/mail us/me your code" for twelve. They are
never written out. An entry is kept as places, from its end to its beginning: a word, and the places behind it. Places
that stand for the same are the same. The trie is made by going on from all places that the same words lead to at once,
each set of places once: a million phrases need some ten thousand nodes.

A node maps words to nodes; under END it keeps the numbers of what ends there, under SUFFIXES and PREFIXES the nodes
behind words of which only the end or the beginning is told.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator
from math import inf
from typing import Any, NamedTuple

from ..cache import packed

END = ""
SUFFIXES = "*"
PREFIXES = "^"
COMMA = ","
_SIGNS = frozenset((SUFFIXES, PREFIXES))

Node = dict[str, Any]
Choice = list[tuple[str, ...]]
"""The words of which one stands at a place of an entry; () where none may stand."""


class Root(dict[str, Any]):
    """The root of a trie whose branches are kept as bytes until somebody comes by: most runs need a few of them."""

    def get(self, word: str, default: Any = None) -> Any:
        branch = super().get(word, default)
        if type(branch) is bytes:
            branch = self[word] = marshal.loads(branch)
        return branch

    def branches(self) -> Iterator[tuple[str, Any]]:
        """All words that begin an entry, with what follows."""
        return ((word, self.get(word)) for word in list(self))

    @staticmethod
    def packed(root: Node) -> Node:
        """A root as it is kept."""
        return {word: branch if word in _SIGNS else packed(branch) for word, branch in root.items()}


class Phrases:
    """Phrases with alternatives, each of which leads to a number, to be made a trie."""

    def __init__(self) -> None:
        self._places: list[tuple[str, int]] = []
        """A word, and the number of the places behind it; for an end "", and what ends there."""
        self._numbers: dict[tuple[str, int], int] = {}
        self._groups: list[frozenset[int]] = []
        """Places that stand behind the same word."""
        self._group_numbers: dict[frozenset[int], int] = {}
        self._first: dict[str, set[int]] = {}
        """The groups behind each word that begins a phrase."""

    def add(self, choices: list[Choice], end: int) -> None:
        """Let every phrase that takes one of each choice lead to ``end``; one that has no word or begins with a comma
        is none."""
        behind = self._group(frozenset([self._place(END, end)]))
        for choice in reversed(choices):
            members: set[int] = set()
            for words in choice:
                members |= {self._before(words, behind)} if words else self._groups[behind]
            behind = self._group(frozenset(members))
        for number in self._groups[behind]:
            word, following = self._places[number]
            if word not in (END, COMMA):
                self._first.setdefault(word, set()).add(following)

    def trie(self, settled: Callable[[list[int]], list[int]]) -> Node:
        """The root of the trie. ``settled`` tells which of the ends, in order, that a phrase has are kept."""
        building = _Building(self._places, self._groups, self._group, settled)
        root: Node = {}
        for word, following in self._first.items():
            _put(root, word, building.node(following))
        return root

    def _before(self, words: tuple[str, ...], behind: int) -> int:
        for word in reversed(words[1:]):
            behind = self._group(frozenset([self._place(word, behind)]))
        return self._place(words[0], behind)

    def _place(self, word: str, behind: int) -> int:
        number = self._numbers.setdefault((word, behind), len(self._places))
        if number == len(self._places):
            self._places.append((word, behind))
        return number

    def _group(self, members: frozenset[int]) -> int:
        number = self._group_numbers.setdefault(members, len(self._groups))
        if number == len(self._groups):
            self._groups.append(members)
        return number


class _Building:
    """The nodes of a trie, equal ones held once."""

    def __init__(
        self,
        places: list[tuple[str, int]],
        groups: list[frozenset[int]],
        group: Callable[[frozenset[int]], int],
        settled: Callable[[list[int]], list[int]],
    ) -> None:
        self._places = places
        self._groups = groups
        self._group = group
        self._settled = settled
        self._nodes: dict[int, Node] = {}
        self._alike: dict[Any, Node] = {}

    def node(self, groups: set[int]) -> Node:
        """The node behind words that lead to several groups of places."""
        if len(groups) == 1:
            return self._of(next(iter(groups)))
        return self._of(self._group(frozenset().union(*(self._groups[number] for number in groups))))

    def _of(self, group: int) -> Node:
        found = self._nodes.get(group)
        if found is None:
            found = self._nodes[group] = self._made(self._groups[group])
        return found

    def _made(self, members: frozenset[int]) -> Node:
        ends: list[int] = []
        following: dict[str, set[int]] = {}
        for number in sorted(members):
            word, behind = self._places[number]
            if word == END:
                ends.append(behind)
            else:
                following.setdefault(word, set()).add(behind)
        node: Node = {END: self._settled(sorted(ends))} if ends else {}
        for word, groups in following.items():
            _put(node, word, self.node(groups))
        for sign in _SIGNS.intersection(node):
            node[sign] = self._once(node[sign])
        return self._once(node)

    def _once(self, node: Node) -> Node:
        parts = sorted((word, tuple(child) if word == END else id(child)) for word, child in node.items())
        return self._alike.setdefault(tuple(parts), node)


def _put(node: Node, word: str, child: Node) -> None:
    if word.startswith("*"):
        node.setdefault(SUFFIXES, {})[word[1:]] = child
    elif word.endswith("*"):
        node.setdefault(PREFIXES, {})[word[:-1]] = child
    else:
        node[word] = child


# -- what a trie holds --------------------------------------------------------------------------------------------


def phrases(
    root: Node, wanted: frozenset[int], with_parts: bool = True, most: float = inf
) -> Iterator[tuple[list[str], int]]:
    """Every phrase that leads to one of the wanted numbers, and that number.

    "*" or "^" stands before a word that ends or begins a word of the text; without ``with_parts`` phrases with such a
    word are left out, as are those of more than ``most`` letters. A phrase with commas is left out: the same words
    without them are a phrase, too.
    """
    known: dict[int, list[tuple[str, Node]]] = {}
    waiting: list[tuple[Node, list[str], int]] = [(root, [], 0)]
    while waiting:
        node, path, count = waiting.pop()
        for number in node.get(END, ()) if path else ():
            if number in wanted:
                yield path, number
        for word, child in _leading(node, wanted, known, with_parts):
            if count + len(word) <= most:
                waiting.append((child, [*path, word], count + len(word)))


def alone(root: Node, wanted: frozenset[int]) -> Iterator[str]:
    """The words, and parts of words, that lead to one of the wanted numbers by themselves."""
    return (word for word, child in _steps(root) if not wanted.isdisjoint(child.get(END, ())))


class Untold(NamedTuple):
    """The words of a phrase, or its first ones, what it tells beyond them, and the number that it leads to if whole."""

    words: list[str]
    bits: int
    number: int | None


def untold(
    root: Node, told: list[int], tells: Callable[[list[str]], int], most: int, of_first: int
) -> Iterator[Untold]:
    """What the phrases of whole words tell beyond their words, shorter ones first.

    ``told`` has bits for what a phrase tells, by its number; ``tells`` gives those that the last word of several, with
    the one before it, tells by itself, and is asked once the shorter phrases are through. What is told so far is not
    gone through: a language has millions of phrases. For the bits ``of_first`` the first ``most`` words count.
    """
    below: dict[int, int] = {}
    level: list[tuple[Node, list[str], int]] = [(root, [], 0)]
    while level:
        for node, path, known in level:
            for number in node.get(END, ()) if path else ():
                if told[number] & ~known:
                    yield Untold(path, told[number] & ~known, number)
        longer: list[tuple[Node, list[str], int]] = []
        for node, path, known in level:
            if len(path) == most:
                bits = _told_below(node, told, below) & of_first & ~known
                if bits:
                    yield Untold(path, bits, None)
                known |= of_first
            for word, child in _steps(node, with_parts=False):
                bits = _told_below(child, told, below) & ~known
                several = [*path, word] if bits else []
                said = tells(several) if bits else 0
                if bits & ~said:
                    longer.append((child, several, known | said))
        level = longer


def told_by_one(root: Node, told: list[int]) -> Iterator[tuple[str, int]]:
    """The words that are a phrase of their own, and the parts of words, with what the phrases tell that they stand in.

    ``told`` has, for the number that a phrase leads to, bits for what it tells. Of several parts of words in a phrase
    the first one counts.
    """
    below: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for word, child in _steps(node):
            if word[0] in _SIGNS:
                yield word, _told_below(child, told, below)
                continue
            if node is root:
                yield word, _told_at(child, told)
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)


def words_in(root: Node, wanted: frozenset[int] | None = None) -> set[str]:
    """Every word of the phrases, or of those that lead to one of the wanted numbers.

    "*" or "^" stands before a word that ends or begins a word of the text.
    """
    found: set[str] = set()
    seen: set[int] = set()
    known: dict[int, list[tuple[str, Node]]] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for word, child in _steps(node) if wanted is None else _leading(node, wanted, known, with_parts=True):
            found.add(word)
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)
    return found


def numbered_in(root: Node) -> Iterator[list[str]]:
    """Each number of a phrase with the word before it and the one behind it, as far as there are any."""
    seen: set[tuple[int, str]] = set()
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, before = waiting.pop()
        for word, child in _steps(node):
            if word.isdigit():
                head = [before, word] if before else [word]
                if END in child:
                    yield head
                yield from ([*head, behind] for behind, _ in _steps(child))
            if (id(child), word) not in seen:
                seen.add((id(child), word))
                waiting.append((child, word))


def _steps(node: Node, with_parts: bool = True) -> Iterator[tuple[str, Node]]:
    for word, child in node.branches() if isinstance(node, Root) else node.items():
        if word in _SIGNS:
            if with_parts:
                yield from ((word + part, below) for part, below in child.items())
        elif word not in (END, COMMA):
            yield word, child


def _leading(
    node: Node, wanted: frozenset[int], known: dict[int, list[tuple[str, Node]]], with_parts: bool
) -> list[tuple[str, Node]]:
    """The steps from a node that lead to wanted numbers; ``known`` are those of other nodes."""
    found = known.get(id(node))
    if found is None:
        found = known[id(node)] = [
            (word, child)
            for word, child in _steps(node, with_parts)
            if not wanted.isdisjoint(child.get(END, ())) or _leading(child, wanted, known, with_parts)
        ]
    return found


def _told_at(node: Node, told: list[int]) -> int:
    found = 0
    for number in node.get(END, ()):
        found |= told[number]
    return found


def _told_below(node: Node, told: list[int], known: dict[int, int]) -> int:
    found = known.get(id(node))
    if found is None:
        found = _told_at(node, told)
        for _, child in _steps(node):
            found |= _told_below(child, told, known)
        known[id(node)] = found
    return found
