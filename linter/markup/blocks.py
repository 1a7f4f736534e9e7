"""Texts with branches: conditional blocks, ICU plurals, spintax, text inside expressions."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from math import prod

from ..expressions import FILLED, IN_TEMPLATE, expression
from .marks import has_sentence
from .placeholders import OBJECT, constant, partners
from .traced import Edit

Part = tuple[int, int, str]
"""A piece of the value (start, end) and what is put after it."""

_MAYBE = expression(
    r"\{%|<%[-_]?\s*(?:if|unless|case|switch|\})|@(?:if|unless)\s*\(|\{\{~?\s*(?:[#^]|else)"
    r"|\{[^{}\n]{0,300}[|,][^\n]|\$\{[^}\n]{0,300}['\"`]|\{!\w+\s*\(|\{\{(?:(?!\}\})[\s\S]){0,300}?['\"`]|<%=[^%\n]{0,300}['\"]|\bif\(",
    re.IGNORECASE,
)
_MARKER = expression(
    r"\{%[-~]?\s*(?P<tag>if|unless|case|elsif|elseif|elif|else|when|endif|endunless|endcase|for|endfor|comment|endcomment"
    r"|capture)\b"
    r"[^%]{0,300}%\}"
    r"|\{\{(?!#\$?[\w.-]{1,120}#\}\})~?\s*(?P<mark>[#^/])\s*(?P<name>[\w.@-]+)[^{}]{0,300}\}\}"
    r"|\{\{~?\s*(?P<otherwise>else|\^)\b[^{}]{0,300}\}\}"
    r"|<%[-_]?\s*(?P<erb>[^%=#-][^%]{0,300}?)\s*[-_]?%>"
    r"|@(?P<blade>if|unless|elseif|foreach|forelse|for|while)\s*\((?:[^()]|\((?:[^()]|\([^()]*\)){0,99}\)){0,300}\)"
    r"|@(?P<bare>else|endif|endunless|endforeach|endforelse|endfor|endwhile)\b"
    r"|(?P<prints>\{\{\{?|<%=)"
    r"|(?P<expression>\$\{|\$sys\.func\.\w+\(|@\(|\{(?=!\s*\w+\s*\())"
    r"|(?P<brace>\{)"
)
_ICU = expression(r"\{\s*[\w.]+\s*,\s*(?:plural|select|selectordinal)\s*,(?:\s*offset:\d+)?")
_ICU_KEY = expression(r"\s*(?:=\d+|[\w-]+)\s*(?=\{)")
_INSIDE = expression(FILLED, re.DOTALL)
"""What is filled into a template literal: another may stand in it."""
_PHRASE = expression(
    r"(?<!\\)(?:'((?:[^'\\\n]|\\.){0,600})'|\"((?:[^\"\\\n]|\\.){0,600})\""
    rf"|`({IN_TEMPLATE}{{0,2000}})`)"
    r"|&quot;((?:(?!&quot;)[^\n]){0,600})&quot;",
    re.DOTALL,
)
_OF_CHOICE = expression(
    r"(?P<call>\bif\s?\()|(?P<open>\()|(?P<close>\))|(?P<then>(?<!\?)\?(?![?.])|\bthen\b)|(?P<else>\belse\b)|(?P<other>[:,])"
    r"|(?P<literal>'(?:[^'\\\n]|\\.){0,600}'|\"(?:[^\"\\\n]|\\.){0,600}\")",
    re.IGNORECASE,
)
"""What tells which strings of an expression are printed if a condition holds, and if not."""
_BEFORE_IF = expression(r"\s*if\b")
_WORDS = expression(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
_COMPARED = expression(r"[=!]=\s*$")
"""What stands before a text that something is compared with, and that nobody prints."""
_CONDITION = expression(r"\s*[$@]|[^=<>]*(?:[=<>]=|!=| = |[<>])|%[A-Za-z-]")
_ESCAPE = expression(r"""\\[n'"`]""")
_IN_SPINTAX = expression(r"[{|\"\n]")
_NO_PHRASE = expression(r"""\{\{\{?~?\s*(?:[#^/!>]|(?:'[^']*'|"[^"]*")\s*(?:\||\}))""")
"""A comment or a part of another file; or a text that is printed in any case, which the tokenizer puts in its place."""
_CAPTURED = expression(r"\{%[-~]?\s*capture\s+['\"]?(\w{1,60})\b")
_TAG = expression(r"\{[{%][^{}]{0,300}")
_NAME = expression(r"\w+")
_CAPTURE_ENDS = expression(r"\{%[-~]?\s*endcapture\b[^%]{0,9}%\}")
_CLOSING = {"<%=": "%>", "{{{": "}}}", "{{": "}}", "${": "}"}
"""What ends an expression that is begun in one of these ways."""
_DEEPEST = 20
_FAR = 4000
_MOST_TOGETHER = 16
"""How many ways are shown in which free choices may come together; of more, one a branch."""


class _Choice:
    """Branches of which the customer sees one; where all are shown, ``whole`` is instead, if given.

    ``free``: it is made by chance, whatever others of its text come to. ``first_of_all``: the first branch is what
    others show one by one.
    """

    __slots__ = ("_width", "branches", "complete", "dropped", "first_of_all", "free", "loop", "whole")

    def __init__(
        self,
        branches: list[list[_Piece]] | None = None,
        whole: tuple[int, int] | None = None,
        loop: bool = False,
        complete: bool = False,
        dropped: bool = False,
        free: bool = False,
    ) -> None:
        self.branches = [[]] if branches is None else branches
        self.whole = whole
        self.loop = loop
        self.complete = complete
        self.dropped = dropped
        self.free = free
        self.first_of_all = False
        self._width = 0

    @property
    def width(self) -> int:
        """How many variants show every branch; asked for when all branches are there."""
        if not self._width:
            self._width = sum(map(_width, self.branches))
        return self._width


_Piece = Part | _Choice


def _width(pieces: list[_Piece]) -> int:
    return max((piece.width for piece in pieces if isinstance(piece, _Choice)), default=1)


class Branching:
    """The branches of one text."""

    def __init__(self, value: str) -> None:
        self._value = value
        self._braces = partners(value, "{", "}")
        self._parentheses: dict[int, int] | None = None
        self._pieces = self._parse(0, len(value), 0)
        free = [piece.width for piece in self._pieces if isinstance(piece, _Choice) and piece.free]
        together = prod(free) * _width(self._bound()) if len(free) < _MOST_TOGETHER else 0
        self._are_free = bool(free) and 0 < together <= _MOST_TOGETHER
        self._width = together if self._are_free else _width(self._pieces)

    @staticmethod
    def possible(value: str) -> bool:
        """A cheap look that rules out most texts."""
        return _MAYBE.search(value) is not None

    @property
    def width(self) -> int:
        """How many variants show every branch at least once, and each of few free choices with each of the others."""
        return self._width

    def _bound(self) -> list[_Piece]:
        """The pieces but the free choices."""
        return [piece for piece in self._pieces if not (isinstance(piece, _Choice) and piece.free)]

    @property
    def plain(self) -> bool:
        return not any(isinstance(piece, _Choice) for piece in self._pieces)

    def whole(self) -> Iterator[Part]:
        """All branches one after the other."""
        return _all(self._pieces)

    def whole_edits(self) -> list[Edit]:
        """The same as changes to the text: what stands between and around the branches goes."""
        edits: list[Edit] = []
        at, separator = 0, ""
        for start, end, after in self.whole():
            if start > at or separator:
                edits.append(Edit(at, start, separator))
            at, separator = end, after
        if at < len(self._value) or separator:
            edits.append(Edit(at, len(self._value), separator))
        return edits

    def variant(self, number: int) -> Iterator[Part]:
        """One branch of each choice; every branch is in some variant below ``width``."""
        if not self._are_free:
            return _one(self._pieces, number)
        number, rest = number % (bound := _width(self._bound())), number // bound
        return self._each(number, rest)

    def _each(self, number: int, rest: int) -> Iterator[Part]:
        """One branch of each choice, where free ones are digits of a number of their own."""
        for piece in self._pieces:
            if isinstance(piece, _Choice) and piece.free:
                yield from _one([piece], rest % piece.width)
                rest //= piece.width
            else:
                yield from _one([piece], number)

    def _parse(self, start: int, end: int, depth: int) -> list[_Piece]:
        root: list[_Piece] = []
        current = root
        open_choices: list[tuple[_Choice, list[_Piece]]] = []
        at = kept = start
        too_deep = 0
        while True:
            found = _MARKER.search(self._value, at, end)
            if found is None:
                break
            nested = self._nested(found, end, depth) if found.lastgroup in ("expression", "brace") else None
            word = _word(found)
            if word == "capture":
                behind = self._unprinted(found, end)
                if behind:
                    current.append((kept, found.start(), ""))
                    kept = behind
                at = behind or found.end()
                continue
            if found["prints"]:
                at = self._printed_end(found, end)
                choice = self._printed(found.start(), at)
                if choice is not None:
                    current += ((kept, found.start(), ""), choice)
                    kept = at
                continue
            role = _role(found, word)
            if nested is None and not role:
                at = found.end()
                continue
            current.append((kept, found.start(), ""))
            at = kept = found.end()
            if nested is not None:
                current.append(nested[0])
                at = kept = nested[1]
                continue
            if too_deep or (role == "open" and len(open_choices) >= _DEEPEST):
                too_deep += {"open": 1, "end": -1}.get(role, 0)
            elif role == "open":
                choice = _Choice(loop=word in _LOOPS, dropped=word == "comment")
                open_choices.append((choice, current))
                current = choice.branches[0]
                if word in ("case", "switch"):
                    choice.complete = True
                    choice.branches.clear()
                    current = []
            elif open_choices and role == "else":
                choice = open_choices[-1][0]
                choice.complete = choice.complete or word == "else"
                current = []
                choice.branches.append(current)
            elif open_choices and role == "end":
                current = self._close(*open_choices.pop())
        current.append((kept, end, ""))
        while open_choices:
            self._close(*open_choices.pop())
        return root

    def _unprinted(self, found: re.Match[str], end: int) -> int:
        """The end of a text that is put by under a name which this template never uses; 0 for any other."""
        named = _CAPTURED.match(self._value, found.start(), end)
        if named is None or named[1] in self._used:
            return 0
        close = bisect(self._captured, found.end())
        return self._captured[close] if close < len(self._captured) and self._captured[close] <= end else 0

    @cached_property
    def _captured(self) -> list[int]:
        """Where texts that are put by end, in order."""
        return [found.end() for found in _CAPTURE_ENDS.finditer(self._value)]

    @cached_property
    def _used(self) -> frozenset[str]:
        """The words in all markers but those that put a text by."""
        tags = (found[0] for found in _TAG.finditer(self._value) if not _CAPTURED.match(found[0]))
        return frozenset(word for tag in tags for word in _NAME.findall(tag))

    def _printed_end(self, found: re.Match[str], end: int) -> int:
        """The end of a placeholder, or of what only looks like its beginning."""
        closing = _CLOSING[found["prints"]]
        close = self._value.find(closing, found.end(), min(end, found.end() + _FAR))
        return close + len(closing) if close >= 0 else found.end()

    def _printed(self, start: int, end: int) -> _Choice | None:
        """A placeholder that has sentences in it, printed where its variable is empty or a condition holds."""
        if _NO_PHRASE.match(self._value, start, end) or self._is_constant(start):
            return None
        chosen = self._chosen(start, end)
        phrases = [(a, b) for a, b in self._phrases(start, end) if a in chosen or has_sentence(self._value[a:b])]
        if not phrases:
            return None
        branches = self._either((start, end), phrases)
        return _Choice(branches[_is_one_of(phrases, chosen) :], (start, end), complete=True)

    def _is_constant(self, start: int) -> bool:
        """Whether an expression prints nothing but strings, which the tokenizer puts in its place."""
        opener = next(opener for opener in _CLOSING if self._value.startswith(opener, start))
        return constant(self._value, start + len(opener), _CLOSING[opener])[1] > 0

    def _phrases(self, start: int, end: int) -> list[tuple[int, int]]:
        """The quoted texts between two places."""
        quoted = [
            phrase
            for phrase in _PHRASE.finditer(self._value, start, end)
            if not _COMPARED.search(self._value[max(start, phrase.start() - 6) : phrase.start()])
        ]
        found = [phrase.span(phrase.lastindex or 0) for phrase in quoted]
        of_text = [(a, b) for a, b in found if _is_text(self._value[a:b])]
        literals = [phrase.span(3) for phrase in quoted if phrase[3]]
        filled = [part.span() for literal in literals for part in _INSIDE.finditer(self._value, *literal)]
        return [*of_text, *(span for part in filled for span in self._phrases(*part))]

    def _chosen(self, start: int, end: int) -> set[int]:
        """Where words begin that a condition chooses: ``x ? 'a' : 'b'``, ``'a' if x else 'b'``, ``if(…)``.

        And where sentences begin, if all that can come of the question marks is one of these.
        """
        found: set[int] = set()
        outcomes: set[int] = set()
        questions = 0
        calls: list[bool] = []
        conditional, before, at = False, "", start
        for part in _OF_CHOICE.finditer(self._value, start, end):
            kind = part.lastgroup or ""
            if kind == "literal":
                follows = not self._value[at : part.start()].strip()
                is_one = (
                    (before in ("then", "else") and follows)
                    or (before == ":" and follows and conditional)
                    or (before == "," and follows and calls and calls[-1])
                    or _BEFORE_IF.match(self._value, part.end(), end)
                )
                if is_one:
                    outcomes.add(part.start() + 1)
                if is_one and _WORDS.fullmatch(self._value, part.start() + 1, part.end() - 1):
                    found.add(part.start() + 1)
            elif kind in ("call", "open"):
                calls.append(kind == "call")
            elif kind == "close" and calls:
                calls.pop()
            questions += kind == "then"
            conditional = conditional or kind == "then"
            before, at = part[0] if kind == "other" else kind, part.end()
        return outcomes if len(outcomes) == questions + 1 > 1 else found

    def _either(self, whole: tuple[int, int], phrases: list[tuple[int, int]]) -> list[list[_Piece]]:
        """What an expression stands for, or one of the texts in it."""
        branches: list[list[_Piece]] = [[(*whole, "")]]
        return branches + [list(self._unescaped(*phrase)) for phrase in phrases]

    def _unescaped(self, start: int, end: int) -> Iterator[_Piece]:
        """A quoted text without the backslashes of its quotes and lines."""
        for found in _ESCAPE.finditer(self._value, start, end):
            is_line = found[0][1] == "n"
            yield start, found.start(), "\n" if is_line else ""
            start = found.end() if is_line else found.end() - 1
        yield start, end, ""

    def _close(self, choice: _Choice, outside: list[_Piece]) -> list[_Piece]:
        """Put a choice behind what stands before it. What a loop says isn't said where there is nothing to go over."""
        if choice.loop and len(choice.branches) == 1 and not self._has_sentence(choice.branches[0]):
            outside += choice.branches[0]
        elif not choice.dropped:
            if not choice.complete and (not choice.loop or len(choice.branches) == 1):
                choice.branches.append([])
            if not self._put_together(choice, outside):
                outside.append(choice)
        return outside

    def _put_together(self, choice: _Choice, outside: list[_Piece]) -> bool:
        """Make one choice of two that may show nothing and stand so close that their words run together.

        ``your {{#a}}IBAN{{/a}}{{^a}}name{{/a}}`` is either of them, not "IBANname" or nothing.
        """
        at = len(outside) - 1
        while at >= 0 and not isinstance(piece := outside[at], _Choice) and piece[0] == piece[1]:
            at -= 1
        before = outside[at] if at >= 0 else None
        if not isinstance(before, _Choice) or before.branches[-1] or choice.branches[-1] or before.whole:
            return False
        if len(before.branches) > _MOST_TOGETHER:
            return False
        shown = before.branches[before.first_of_all : -1]
        last = shown[-1][-1] if shown and shown[-1] else None
        first = choice.branches[0][0] if choice.branches[0] else None
        if not (isinstance(last, tuple) and isinstance(first, tuple) and last[0] < last[1] and first[0] < first[1]):
            return False
        if not (self._value[last[1] - 1].isalnum() and self._value[first[0]].isalnum()):
            return False
        both = [*before.branches[0], *choice.branches[0]]
        together = _Choice([both, *shown, *choice.branches])
        together.first_of_all = True
        outside[at:] = [together]
        return True

    def _has_sentence(self, pieces: list[_Piece]) -> bool:
        """Whether a sentence stands in a branch, or in a branch within it."""
        return any(
            any(map(self._has_sentence, piece.branches))
            if isinstance(piece, _Choice)
            else has_sentence(self._value[piece[0] : piece[1]])
            for piece in pieces
        )

    def _nested(self, found: re.Match[str], end: int, depth: int) -> tuple[_Choice, int] | None:
        """A choice written inside brackets, and its end."""
        if depth >= _DEEPEST:
            return None
        if found["expression"]:
            return self._expression(found.start(), found.end() - 1, end)
        start = found.start()
        close = self._braces.get(start, end)
        if close >= end or (start and self._value[start - 1] in "{$#%@"):
            return None
        icu = _ICU.match(self._value, start, close)
        branches = self._icu(icu.end(), close, depth) if icu else self._spintax(start, close, depth)
        return (_Choice(branches, complete=True, free=icu is None), close + 1) if branches else None

    def _expression(self, start: int, bracket: int, end: int) -> tuple[_Choice, int] | None:
        """Phrases inside an expression that chooses: ``${x ? 'Edit account' : 'New account'}``.

        Or a formula: ``{!IF(x, "Edit account", "New account")}``.
        """
        if self._value[bracket] == "(" and self._parentheses is None:
            self._parentheses = partners(self._value, "(", ")")
        pairs = self._braces if self._value[bracket] == "{" else self._parentheses
        close = pairs.get(bracket, end) if pairs else end
        if close >= end or close - bracket > _FAR:
            return None
        if self._value.startswith("${", start) and self._is_constant(start):
            return None
        phrases = self._phrases(bracket, close)
        chosen = self._chosen(start, close)
        spoken = [(a, b) for a, b in phrases if a in chosen or " " in self._value[a:b].strip()]
        if not spoken:
            return None
        if chosen or self._value.startswith("!", bracket + 1):
            phrases = spoken  # a formula's functions compare with the others: ISPICKVAL(Case.Reason, "Login")
        whole = (start, close + 1)
        branches = self._either(whole, phrases)[0 if len(phrases) == 1 else 1 :]
        return _Choice(branches, whole, complete=True), close + 1

    def _icu(self, at: int, close: int, depth: int) -> list[list[_Piece]]:
        branches: list[list[_Piece]] = []
        while True:
            key = _ICU_KEY.match(self._value, at, close)
            if key is None:
                return branches
            inner_close = self._braces.get(key.end(), close)
            if inner_close >= close:
                return branches
            branches.append(_numbered(self._value, self._parse(key.end() + 1, inner_close, depth + 1)))
            at = inner_close + 1

    def _spintax(self, start: int, close: int, depth: int) -> list[list[_Piece]]:
        """``{Hi|Hello|Good day}``; empty when these braces are something else."""
        bars: list[int] = []
        at = start + 1
        value = self._value
        while at < close:
            stop = _IN_SPINTAX.search(value, at, close)
            if stop is None:
                break
            if stop[0] == "|":
                bars.append(stop.start())
                at = stop.end()
            elif stop[0] == "{":
                at = self._braces.get(stop.start(), close) + 1
            else:
                return []
        if not bars or value[start + 1] in "%!#":
            return []
        edges = [start, *bars, close]
        return [self._parse(a + 1, b, depth + 1) for a, b in pairwise(edges)]


def _is_one_of(phrases: list[tuple[int, int]], chosen: set[int]) -> bool:
    """Whether one of some texts is printed in any case: a condition chooses between them."""
    return len(phrases) > 1 and {start for start, _ in phrases} == chosen


def _is_text(literal: str) -> bool:
    """Whether a quoted string is something to read, not a condition or a format."""
    return any(map(str.isalpha, literal)) and not _CONDITION.match(literal)


def _numbered(value: str, pieces: list[_Piece]) -> list[_Piece]:
    """The same pieces with a placeholder for each ``#``, which in a plural is the number."""
    numbered: list[_Piece] = []
    for piece in pieces:
        if isinstance(piece, _Choice):
            numbered.append(piece)
            continue
        at, end, after = piece
        while (sign := value.find("#", at, end)) >= 0:
            numbered.append((at, sign, OBJECT))
            at = sign + 1
        numbered.append((at, end, after))
    return numbered


_LOOPS = frozenset({"for", "each", "with", "foreach", "forelse", "while"})
_OPENS = frozenset({"if", "unless", "case", "switch", "comment"}) | _LOOPS
_GOES_ON = frozenset({"else", "elsif", "elseif", "elif", "when"})
_ERB = expression(r"\}?\s*(if|unless|case|switch|for|while|else\s+if|elsif|else|when|default|end)\b")
_ERB_LOOP = expression(r"\bdo\b\s*(?:\|[^|]*\|)?$|=>\s*\{$|\bfunction\b[^{]*\{$")


def _word(found: re.Match[str]) -> str:
    """What a marker does, by the word that says so in most of the languages: if, else, when, end, for."""
    tag = found["tag"] or found["blade"] or found["bare"]
    if tag:
        return "end" if tag.startswith("end") else tag
    if found["erb"]:
        return _erb_word(found["erb"].strip())
    if found["mark"]:
        return "end" if found["mark"] == "/" else str(found["name"])
    if found["otherwise"]:
        return "else" if not re.search(r"\belse\s+\w", found[0]) else "elseif"
    return ""


def _erb_word(code: str) -> str:
    """Ruby and JavaScript between ``<%`` and ``%>``; "" for what neither begins nor ends a branch."""
    word = _ERB.match(code)
    if word:
        said = " ".join(word[1].split())
        return {"else if": "elseif", "default": "else"}.get(said, said)
    if _ERB_LOOP.search(code):
        return "each"
    return "end" if code.startswith("}") else ""


def _role(found: re.Match[str], word: str) -> str:
    if found["mark"]:
        return "end" if word == "end" else "open"
    return "end" if word == "end" else "else" if word in _GOES_ON else "open" if word in _OPENS else ""


def _all(pieces: list[_Piece]) -> Iterator[Part]:
    for piece in pieces:
        if not isinstance(piece, _Choice):
            yield piece
        elif piece.whole:
            yield (*piece.whole, "")
        else:
            branches = piece.branches[piece.first_of_all :]
            for number, branch in enumerate(branches):
                parts = list(_all(branch))
                yield from parts
                if parts and number + 1 < len(branches) and any(branches[number + 1 :]):
                    yield (parts[-1][1], parts[-1][1], " ")


def _one(pieces: list[_Piece], number: int) -> Iterator[Part]:
    for piece in pieces:
        if not isinstance(piece, _Choice):
            yield piece
            continue
        left = number % max(1, piece.width)
        for branch in piece.branches:
            width = _width(branch)
            if left < width:
                yield from _one(branch, left)
                break
            left -= width
