"""What a regular expression of a bot is for, by the values that it fits.

The expression is never given to Python's engine: a hostile one could run for ever. It is read into a small automaton
that looks at each character of a sample once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_SAMPLES = {
    "bank-account": (
        "NL91ABNA0417164300", "DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606",
        "BE68539007547034", "ES9121000418450200051332", "IT60X0542811101000000123456", "PT50000201231234567890154",
        "NL91 ABNA 0417 1643 00", "DE89 3704 0044 0532 0130 00", "BE68 5390 0754 7034", "nl91abna0417164300",
    ),
    "payment-card": ("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444"),
    "national-id": (
        "123-45-6789", "123 45 6789", "1112.22.333", "111.222.333", "12345678Z", "12345678-Z", "529.982.247-25",
        "AB123456C", "AB 12 34 56 C", "RSSMRA85T10A562S", "185057800608436", "1 85 05 78 006 084 36",
    ),
}  # fmt: skip
_OTHERS = (
    "", "a", "hello", "Hello world", "12", "1234", "12345", "123456", "1234567", "12345678", "123456789", "0612345678",
    "06 12345678", "+31612345678", "06-12345678", "555-123-4567", "1234 AB", "1234AB", "2024-05-17", "17-05-2024",
    "17.05.2024", "10:30", "AB123456", "AB12 CDE", "12-ABC-3", "ORDER-12345", "X1", "a@b.example", "12,50",
    "3SABCD1234567890", "550e8400-e29b-41d4-a716-446655440000",
)  # fmt: skip
_LONG_NUMBER = "490154203237518"  # of a telephone; as long as some identity numbers, never as an account's or a card's
_MOST_STATES = 3000
_ANY = frozenset(map(chr, range(32, 127)))
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset(c for c in _ANY if c.isalpha())
_CLASSES = {"d": _DIGITS, "w": _DIGITS | _LETTERS | {"_"}, "s": frozenset(" ")}
_CLASSES |= {name.upper(): _ANY - those for name, those in _CLASSES.items()}
_ENTITIES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}

_Chars = frozenset[str]


@lru_cache(maxsize=512)
def fits(pattern: str) -> tuple[str, ...]:
    """The categories of which a pattern fits a sample, () when it also fits what anybody may type."""
    if not any(c.isdigit() or c == "\\" for c in pattern) or len(pattern) > 2000:
        return ()
    try:
        automaton = _Reading(pattern).automaton()
    except (_NotReadError, RecursionError):
        return ()
    found = tuple(name for name, samples in _SAMPLES.items() if any(map(automaton.accepts, samples)))
    if automaton.accepts(_LONG_NUMBER):
        found = tuple(name for name in found if name != "national-id")
    return () if not found or any(map(automaton.accepts, _OTHERS)) else found


class _NotReadError(ValueError):
    """A part of the expression says something that an automaton can't."""


class _Automaton:
    """States with the characters that lead on (None: without any); the last state accepts."""

    def __init__(self, any_case: bool) -> None:
        self.ways: list[list[tuple[_Chars | None, int]]] = []
        self.any_case = any_case
        self.start = self.end = 0

    def state(self) -> int:
        if len(self.ways) >= _MOST_STATES:
            raise _NotReadError
        self.ways.append([])
        return len(self.ways) - 1

    def accepts(self, text: str) -> bool:
        here = self._open({self.start})
        for character in text:
            forms = {character, character.lower(), character.upper()} if self.any_case else {character}
            here = self._open(
                {end for state in here for chars, end in self.ways[state] if chars is not None and chars & forms}
            )
            if not here:
                return False
        return self.end in here

    def _open(self, states: Iterable[int]) -> set[int]:
        found = set(states)
        waiting = list(found)
        while waiting:
            for chars, end in self.ways[waiting.pop()]:
                if chars is None and end not in found:
                    found.add(end)
                    waiting.append(end)
        return found


class _Reading:
    """Reads an expression by descent: alternatives of sequences of parts that may be repeated."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = self.built = 0
        self.made = _Automaton("(?i" in pattern)

    def automaton(self) -> _Automaton:
        tree = self._either()
        if self.at < len(self.text):
            raise _NotReadError
        self.made.start = self.made.state()
        self.made.end = self._build(tree, self.made.start)
        return self.made

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, expected: str) -> bool:
        if self.text.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def _either(self) -> tuple[object, ...]:
        ways = [self._sequence()]
        while self._take("|"):
            ways.append(self._sequence())
        return ("either", *ways)

    def _sequence(self) -> tuple[object, ...]:
        parts: list[object] = []
        while self._next() not in ("", "|", ")"):
            part = self._part()
            least, most = self._times()
            parts.append(("times", part, least, most))
        return ("sequence", *parts)

    def _times(self) -> tuple[int, int | None]:
        """How often the part before is there, at least and at most (None: without end)."""
        for sign, times in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                self._take("?") or self._take("+")
                return times
        if self._next() == "{":
            end = self.text.find("}", self.at)
            least, comma, most = self.text[self.at + 1 : end].partition(",")
            if end > 0 and (least or "0").isdecimal() and (most or "0").isdecimal():
                self.at = end + 1
                self._take("?") or self._take("+")
                return int(least or 0), (int(most) if most else None) if comma else int(least or 0)
        return 1, 1

    def _part(self) -> object:
        character = self._next()
        self.at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character == ".":
            return _ANY
        return ("sequence",) if character in "^$" else frozenset((character,))

    def _group(self) -> object:
        looks = False
        if self._take("?"):
            start = self.at
            while self._next() not in (":", ")", ">", "=", "!", ""):
                self.at += 1
            kind = self.text[start : self.at] + self._next()
            looks = kind[-1:] in ("=", "!")
            if kind[-1:] != ")":
                self.at += 1
        inside = self._either()
        if not self._take(")"):
            raise _NotReadError
        return ("sequence",) if looks else inside

    def _escape(self) -> object:
        character = self._next()
        self.at += 1
        if character in ("b", "B", "A", "Z", "z", "G"):
            return ("sequence",)
        if character in _CLASSES:
            return _CLASSES[character]
        if not character or (character.isalnum() and character not in _ENTITIES):
            raise _NotReadError
        return frozenset((_ENTITIES.get(character, character),))

    def _class(self) -> _Chars:
        inverse = self._take("^")
        found: set[str] = set()
        first = True
        while first or self._next() != "]":
            first = False
            low = self._one()
            if self._next() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", "") and len(low) == 1:
                self.at += 1
                high = self._one()
                if len(high) != 1:
                    raise _NotReadError
                found |= {c for c in _ANY if min(low) <= c <= min(high)}
            else:
                found |= low
        self.at += 1
        return _ANY - found if inverse else frozenset(found)

    def _one(self) -> _Chars:
        """A character or a class of them between brackets."""
        character = self._next()
        self.at += 1
        if not character:
            raise _NotReadError
        if character != "\\":
            return frozenset((character,))
        escaped = self._escape()
        return escaped if isinstance(escaped, frozenset) else frozenset()

    def _build(self, tree: object, start: int) -> int:
        """Put a part behind the state ``start``; the state in which it ends."""
        made = self.made
        self.built += 1
        if self.built > _MOST_STATES * 4:
            raise _NotReadError
        if isinstance(tree, frozenset):
            end = made.state()
            made.ways[start].append((tree, end))
            return end
        kind, *parts = tree if isinstance(tree, tuple) else ()
        if kind == "sequence":
            for part in parts:
                start = self._build(part, start)
            return start
        if kind == "either":
            end = made.state()
            for part in parts:
                made.ways[self._build(part, start)].append((None, end))
            return end
        return self._repeat(parts[0], parts[1], parts[2], start)

    def _repeat(self, part: object, least: int, most: int | None, start: int) -> int:
        made = self.made
        for _ in range(least):
            start = self._build(part, start)
        if most is None:
            again = made.state()
            made.ways[start].append((None, again))
            made.ways[self._build(part, again)].append((None, again))
            return again
        end = made.state()
        for _ in range(most - least):
            made.ways[start].append((None, end))
            start = self._build(part, start)
        made.ways[start].append((None, end))
        return end
