"""Data said by where they stand: "the nine digits at the top right of your passport".

A number on a document is the document's, whatever it is called by itself: a "code" alone may be one that was sent, "the
code on the back of your health card" is that card's. words.yaml lists under ``described``:

==============  ======================================================================================================
``heads``       what such a number is called: *number*, *code*, *row of digits*
``vague``       what stands before a head that names no number: *some* numbers on your card are wrong
``asking``      how one asks which it is: *which code do you see*
``where``       what leads from it to the document: *on the back of*, *that you find on*
``whose``       whose the document is called: *your*, *the*
``cards``       how the names of cards end that are data by themselves
``found``       what leads from the document to the number: on your passport *you will find a* number
``security``    what in the way to a bank card makes it the card's security code: the *back*
``three``       the same of a number that is no part of one: *three* digits
``shown``       on what a number is a code that was sent, or made for once: the *text message*
``mailed``      the same of what brings other numbers too, so that only ``codes`` or ``figures`` are one: an *e-mail*
``things``      what is no document, and makes a number on it one that anybody may ask for: a *voucher*, a *router*
``explaining``  how an explanation begins, which names nothing new: "your tax number. *That is* the number on your ID"
``sites``       what leads from a datum to the address of the site whose it is: your password *for* example.org
``numbers``     how a telephone number may be called where somebody will call it: leave us *a number*
``places``      what is counted in a part of a datum: the 2nd and 5th *digit*
``called``      how somebody calls: and a colleague *will ring you*
``openers``     how a clause begins that says where a datum comes from: the PIN *that you* chose
``origins``     how it was come by: the PIN you *received* at the branch
``entered``     the same where the place belongs to the verb: the password you *log in* to the app with
``for-us``      what says within a verb that it is for us: *give me*
==============  ======================================================================================================
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..expressions import expression
from .lexicon import DATA, Lexicon, Unit
from .tokens import Token, fold

KINDS = (
    "heads", "vague", "asking", "where", "whose", "found", "cards", "security", "three", "shown", "mailed", "codes",
    "figures", "things", "explaining", "sites", "numbers", "called", "places",
    "openers", "origins", "entered", "for-us",
)  # fmt: skip
_DOCUMENT, _DATUM, _QUESTION, _NUMBER, _PARTIAL, _CALL, _THING, _OTHER = "P", "D", "Q", "#", "%", "L", "x", "O"
_WANTED = frozenset("NA")
_ASKED = _WANTED | {"G"}
_NOMINAL = frozenset("#_xrOKPW9%") | DATA
"""The tags of units that a number may begin: not of "call the number", "where do I find the number"."""
_WORDS = "x9,"
_OF_DOCUMENTS = frozenset(("bank-account", "health", "identity-document", "national-id"))
"""What the number on a document may be."""
_BANK_CARD, _SECURITY_CODE, _SENT = "payment-card", "card-security-code", "one-time-code"
_THREE_DIGITS = "three-digits"
"""A security code, unless they are the last three of something."""
_JUST_BEFORE = 3
"""The words before a number that may say how many digits it has: "the last three digits"."""
_APART = frozenset("GNACMBRwut0fevnqz?.;:")
"""The tags of units that say something else, so that they are no part of what leads to a document."""
_JOINING = frozenset("|&,")
_BESIDE = 3
"""Units behind a document in which another is named beside it: then the number is one of each, as it is read anyway."""
_SMALL = frozenset("_xy")
"""The tags of words between "call" and the number."""
_JOINED = str.maketrans("-'", "  ")
"""How the tokeniser cuts "e-mail" and "l'avant"."""
_REACH = 16
"""The words from a number to its document."""
_STEPS = 9
_OPENING = 6
"""The words from the begin of a clause to a number, at most, where it is explained by that."""
_SHARED = 4
"""The words of the way to a document with which its name may begin: "the number on the *photo card*"."""


class Origins(NamedTuple):
    """How a language says where a datum comes from, in words with a blank behind each: ``described`` in words.yaml."""

    openers: re.Pattern[str]
    origins: re.Pattern[str]
    entered: re.Pattern[str]
    for_us: re.Pattern[str]


class Described:
    """How a language says where a number stands."""

    def __init__(self, of: Mapping[str, Iterable[str]]) -> None:
        said = {kind: list(of.get(kind, ())) for kind in KINDS}
        begins = [head.split()[0] for head in (*said["heads"], *said["asking"])]
        self._first = frozenset(_plain(word) for begin in begins for word in _alternatives(begin))
        self._vague = frozenset(_plain(word) for words in said["vague"] for word in _alternatives(words))
        self._cards = tuple(map(fold, said["cards"]))
        numbers = rf"(?:(?P<asking>{_any(said['asking'])})|{_any(said['heads'])})"
        self._way = expression(rf"{numbers}{_any(said['where'])}{{1,{_STEPS}}}{_any(said['whose'])}?")
        back = _any([*said["found"], *said["where"]])
        self._back = expression(rf"{back}{{1,{_STEPS}}}")
        self._heads = expression(_any(said["heads"]))
        self._things = expression(_any(said["things"]))
        self._shown = expression(_any(said["shown"]))
        self._mailed = expression(_any(said["mailed"]))
        self._codes = expression(_any(said["codes"]))
        self._figures = expression(_any(said["figures"]))
        self._security = expression(rf"(?:^|(?<= )){_any(said['security'])}")
        self._three = expression(rf"(?:^|(?<= )){_any(said['three'])}")
        on = rf"(?:^|(?<= )){_any([*said['where'], *said['whose']])}"
        self._on_thing = expression(rf"{on}{_any(said['things'])}{back}{{1,{_STEPS}}}$")
        self._unnamed = expression(_any([*said["found"], *said["where"], *said["whose"]]))
        self.sites = frozenset(_plain(word) for words in said["sites"] for word in _alternatives(words))
        self.places = frozenset(_plain(word) for words in said["places"] for word in _alternatives(words))
        self.numbers = expression(rf"(?:[^ ]+ )?{_any(said['numbers'])}")
        self.called = expression(rf"(?:^|(?<= )){_any(said['called'])}")
        self.origins = Origins(
            openers=expression(rf"(?:^|(?<= ))(?:, )?{_any(said['openers'])}"),
            origins=expression(rf"(?:^|(?<= )){_any(said['origins'])}"),
            entered=expression(rf"(?:^|(?<= )){_any(said['entered'])}"),
            for_us=expression(rf"(?:^|(?<= )){_any(said['for-us'])}"),
        )
        self._explaining = expression(rf"{_any(said['explaining'])}(?:[^ ]+ ){{0,{_OPENING - 2}}}")

    def joined(self, units: list[Unit], tokens: list[Token], lexicon: Lexicon) -> list[Unit]:
        """The units with a number and what it stands on as one: a datum of a document, no datum of another thing."""
        line: _Line | None = None
        for index, token in enumerate(tokens):
            norm = token.norm
            is_head = norm in self._first or (not norm.isascii() and fold(norm) in self._first)
            if is_head and not (index and _plain(tokens[index - 1].norm) in self._vague):
                line = line or _Line(units)
                self._join(line, tokens, index, lexicon)
        return line.joined() if line is not None else units

    def _join(self, line: _Line, tokens: list[Token], head: int, lexicon: Lexicon) -> None:
        if self._has_name(line, tokens, head):
            return
        text = _words_from(tokens, head)
        number = self._number(tokens, head, text, lexicon)
        if number is None:
            self._join_behind(line, tokens, head, text)
        elif self._explains(line, tokens, head) and not line.wants(number.last):
            line.join(number._replace(tag=_THING, data=()))
        else:
            line.join(number)

    def _number(self, tokens: list[Token], head: int, text: str, lexicon: Lexicon) -> Unit | None:
        """The number with the document or thing to which it leads on, as one unit; ``text`` are its words and those
        behind it.
        """
        way = self._way.match(text)
        if way is None:
            return None
        end = head + text.count(" ")
        last = head + text.count(" ", 0, way.end())
        for start in range(min(last, end - 1), max(last - _SHARED, head), -1):
            known, carrier = lexicon.named(tokens, start), self._carrier(tokens, start, end, text)
            is_longest = known is not None and (carrier is None or known.last >= carrier.last)
            category = self._number_on(known, tokens, head) if known is not None and is_longest else ""
            if known is not None and category:
                return Unit(_QUESTION if way["asking"] else _DATUM, head, known.last, (category,))
            is_datum = known is not None and is_longest and known.tag in DATA and known.tag != _DOCUMENT
            if carrier is not None and (carrier.data or not is_datum):  # of a datum, the number is a part of it
                tag = carrier.tag if not carrier.data else _QUESTION if way["asking"] else _DATUM
                return Unit(tag, head, carrier.last, carrier.data)
        return None

    def _carrier(self, tokens: list[Token], start: int, end: int, number: str) -> Unit | None:
        """What is no document and has a number on it, or brings one."""
        said = folded(tokens[start:end])
        thing = self._things.match(said)
        if thing is not None:
            return Unit(_OTHER, start, start + thing[0].count(" "), ())
        is_code = self._codes.match(number) or self._figures.match(number)
        bringing = self._shown.match(said) or (self._mailed.match(said) if is_code else None)
        return Unit(_DATUM, start, start + bringing[0].count(" "), (_SENT,)) if bringing is not None else None

    def _join_behind(self, line: _Line, tokens: list[Token], head: int, text: str) -> None:
        """The same with a number behind what it stands on: "on your passport you will find a code"."""
        named = self._heads.match(text)
        if named is None:
            return
        last = head + named[0].count(" ")
        at = line.datum_before(head)
        document = line.units[at] if at >= 0 else None
        category = self._number_on(document, tokens, head) if document is not None else ""
        if document is not None and category and self._back.fullmatch(folded(tokens[document.last : head])):
            line.put(Unit(_DATUM, head, last, (category,)), at)
        elif self._on_thing.search(folded(tokens[max(head - _REACH, 0) : head])):
            line.put(Unit(_OTHER, head, last, ()))

    def _has_name(self, line: _Line, tokens: list[Token], head: int) -> bool:
        """Whether it is said what number it is: the *passport* number on your boarding pass."""
        unit = line.units[line.at(head)]
        return unit.first < head and not self._unnamed.fullmatch(folded(tokens[head - 1 : head]))

    def _explains(self, line: _Line, tokens: list[Token], head: int) -> bool:
        """Whether a clause says by this number what was meant before; not where it is needed or to be given: "that is
        fine, send the number on the back of your card".
        """
        first = head
        while first > 0 and head - first <= _OPENING and tokens[first - 1].tag in _WORDS:
            first -= 1
        if self._explaining.fullmatch(folded(tokens[first:head])) is None:
            return False
        return _ASKED.isdisjoint(unit.tag for unit in line.units[line.at(first) : line.at(head)])

    def _number_on(self, unit: Unit, tokens: list[Token], head: int) -> str:
        """What a number on this is; "" for what is no document, and where that is for others to tell."""
        if unit.tag not in DATA:
            return ""
        category = unit.data[1] if unit.tag == _DOCUMENT else unit.data[0]
        if unit.tag != _DOCUMENT and not fold(tokens[unit.last - 1].norm).endswith(self._cards):
            return ""
        if category == _BANK_CARD:
            first, last = min(head, unit.first), max(head, unit.first)
            said = folded(tokens[max(first - _JUST_BEFORE, 0) : last + 1])
            if self._security.search(said):
                return _SECURITY_CODE
            if self._codes.match(folded(tokens[head : head + 1])):
                return ""  # "the code of your bank card" may be its PIN
            return _THREE_DIGITS if self._three.search(said) else category
        return category if category in _OF_DOCUMENTS else ""


class _Line:
    """The units of a text, some of which are put in the place of others, from left to right."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self._firsts = [unit.first for unit in units]
        self._lasts = [unit.last for unit in units]
        self._put: list[tuple[int, int, Unit]] = []
        self._free = 0  # the first unit that nothing was put in the place of

    def at(self, token: int) -> int:
        """Which unit a token belongs to."""
        return bisect_right(self._lasts, token)

    def wants(self, token: int) -> bool:
        """Whether what follows says that it is needed: "it is the code on the back of your card that I need"."""
        behind = self.at(token)
        return not _WANTED.isdisjoint(unit.tag for unit in self.units[behind : behind + _BESIDE])

    def datum_before(self, token: int) -> int:
        """Which unit is the nearest datum before a token, within reach; -1 if none is."""
        at = self.at(token) - 1
        while at >= self._free and self._lasts[at] > token - _REACH:
            if self.units[at].tag in DATA:
                return at
            at -= 1
        return -1

    def join(self, number: Unit) -> None:
        """Put a number in the place of the units that it covers; not where these say something else, where the lexicon
        knows the whole as one thing, or where the number is one to call.
        """
        first, after = self.at(number.first), bisect_left(self._firsts, number.last)
        covered, before = self.units[first:after], self.units[max(first - _REACH, 0) : first]
        if first < self._free or covered[-1].last != number.last or (len(covered) == 1 and covered[0].tag in DATA):
            return
        is_part = _PARTIAL in (covered[0].tag, before[-1].tag if before else "") and number.data != (_SECURITY_CODE,)
        following = self.units[after : after + _BESIDE]
        if is_part or _says_else(covered, number) or _is_one_of_each(following) or _is_called(before):
            return
        tag = _QUESTION if covered[0].tag == _QUESTION and number.data else number.tag
        self._replace(first, after, Unit(tag, covered[0].first, number.last, _known(number.data)))

    def put(self, number: Unit, document: int = -1) -> None:
        """Put a number in the place of the words that name it, unless these are a part of something else; then the
        document before it only says where it stands.
        """
        first, after = self.at(number.first), bisect_left(self._firsts, number.last)
        covered = self.units[first:after]
        ends_later = covered[-1].last != number.last and covered[-1].tag != _NUMBER
        if first < self._free or ends_later or not _APART.isdisjoint(unit.tag for unit in covered):
            return
        if document >= 0:
            self._replace(document, document + 1, self.units[document]._replace(tag=_THING, data=()))
        self._replace(first, after, Unit(number.tag, covered[0].first, covered[-1].last, _known(number.data)))

    def _replace(self, first: int, after: int, unit: Unit) -> None:
        self._put.append((first, after, unit))
        self._free = after

    def joined(self) -> list[Unit]:
        """The units with what was put in their place."""
        found: list[Unit] = []
        at = 0
        for first, after, unit in self._put:
            found += self.units[at:first]
            found.append(unit)
            at = after
        return found + self.units[at:]


def _known(data: tuple[str, ...]) -> tuple[str, ...]:
    """Three digits that are no part of a number are a card's security code."""
    return (_SECURITY_CODE,) if data == (_THREE_DIGITS,) else data


def _words_from(tokens: list[Token], first: int) -> str:
    """The words from this one on, as far as a number may be from its document."""
    end = first
    while end < len(tokens) and end - first < _REACH and tokens[end].tag in _WORDS:
        end += 1
    return folded(tokens[first:end])


def folded(tokens: list[Token]) -> str:
    """Words with a blank behind each, as the expressions of ``described`` see them."""
    return "".join([f"{_plain(token.norm)} " for token in tokens])


def _plain(word: str) -> str:
    """The word without accents, unless that is another word: Italian "è", "e"."""
    return word if len(word) == 1 else fold(word)


def _says_else(covered: list[Unit], number: Unit) -> bool:
    """Whether something else is said by what leads from a number to what it stands on."""
    between = covered[1:] if number.tag == _QUESTION else covered
    return covered[0].tag not in _NOMINAL or any(unit.tag in _APART for unit in between)


def _is_one_of_each(following: list[Unit]) -> bool:
    """Whether another document is named beside the one: "the number of your passport or ID card"."""
    tags = [unit.tag for unit in following]
    return _DOCUMENT in tags and tags[0] in _JOINING


def _is_called(before: list[Unit]) -> bool:
    """Whether one is told to call what follows."""
    return next((unit.tag for unit in reversed(before) if unit.tag not in _SMALL), "") == _CALL


def _any(phrases: Iterable[str]) -> str:
    """An expression for one of the phrases, in words with a blank behind each; the longest first."""
    found = sorted({_phrase(phrase) for phrase in phrases}, key=lambda pattern: (-pattern.count(" "), pattern))
    return f"(?:{'|'.join(found)})" if found else "(?!)"


def _phrase(phrase: str) -> str:
    return "".join(map(_word, phrase.split()))


def _word(word: str) -> str:
    """ "on/at" -> "(?:on|at) ", "(the)" -> "(?:(?:the) )?", "*bon" -> any word that ends so."""
    plain = (re.escape(_plain(form.translate(_JOINED))) for form in _alternatives(word))
    forms = "|".join(form.replace(r"\*", "[^ ]*") for form in plain)
    return f"(?:(?:{forms}) )?" if _may_lack(word) else f"(?:{forms}) "


def _may_lack(word: str) -> bool:
    return word.startswith("(") and word.endswith(")")


def _alternatives(word: str) -> list[str]:
    return [form for form in word.strip("()").split("/") if form]
