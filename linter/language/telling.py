"""What a text tells the customer of their own data: passwords and PINs, numbers behind their names, their account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, zip_longest

from ..expressions import expression
from .analysis import Reading
from .pack import Pack
from .phrases import phrase, phrases, stated
from .sentences import Sentence
from .tokens import Token

SECRETS = frozenset({"password", "pin"})
"""What is told by any value behind it. A one-time code is not: to send one is what many messages are for."""
NUMBERED = frozenset({"national-id", "identity-document"})
"""Data that are numbers of their own kind, known by their form."""
_REST = expression(r"\S*[^\W_]")
_MIXED = expression(
    r"(?!\d{1,2}[-–][^\W\d_]{1,40}\b)(?=\S{0,40}\d)(?=\S{0,40}[^\W\d_])\S{0,40}[^\W_]"
    r"(?=[ \xa0]?[.!,;(]|[^\w\s]?[ \t]{0,9}(?:[\r\n]|\Z))"
)
"""A value of letters and digits, with signs between them or not, behind which its clause ends; "4-digit" is none."""
_CODE = expression(r"(?!(\d)\1+\b)\d{4,8}(?![\w/€$£%-])")
"""A PIN that stands right behind its name; not the 0000 that a device comes with."""
_CHOSEN = expression(r"(?<!\S)(?=\S{0,40}\d)(?=\S{0,40}[^\W\d_])\S{6,40}$")
"""The value before "as your password"."""
_BEFORE_VALUE = 2  # words: "is", "is now"
_LONGEST = 6  # letters and digits of a value that nothing but the name leads to


def told_values(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """The data whose values a text tells, with the places of these: "Your new password is {{x}}", "Your PIN: 4821".

    A word is taken for a value if there is a digit in it, and goes on behind marks up to a blank: "Welcome01!x". One of
    ``SECRETS`` may be of several words and numbers: "Welkom-01".
    """
    for sentence, following in zip_longest(reading.sentences, reading.sentences[1:]):
        secrets = list(_told_secrets(reading, sentence, following))
        yield from secrets
        for name, first, last in stated(reading.pack, sentence):
            data = sentence.units[first].data[:1]
            if name == "TELLS_VALUE" or (name == "TELLS_VALUE_OF" and _is_said(reading.pack, sentence, last - 2)):
                told, at = sentence, last - 1
            elif name == "TELLS_LABEL" and following is not None and _stands_alone(reading.pack, following):
                told, at = following, 0
            else:
                continue
            start, end = told.span(at, at + 1)
            has_digit = any(map(str.isdigit, reading.text[start:end]))
            if any(begun <= start < ended for _, begun, ended in secrets):
                continue
            if data and (told.tags[at] != "x" or has_digit):
                rest = _REST.match(reading.text, end) if has_digit else None
                yield data[0], start, rest.end() if rest is not None else end


def _told_secrets(reading: Reading, sentence: Sentence, following: Sentence | None) -> Iterator[tuple[str, int, int]]:
    """The secrets that a sentence tells by values of letters and digits with signs between them, or by a PIN.

    Not by units: "is welkom" may be one of them, and P@ssw0rd be read as that word.
    """
    for place, unit in enumerate(sentence.units):
        if unit.tag not in _NAMES or not unit.data or unit.data[0] not in SECRETS:
            continue
        close, led = _starts(reading, sentence, unit.last, following)
        found = [_MIXED.match(reading.text, start) for start in led]
        found += (_long(_MIXED.match(reading.text, start)) for start in close)
        if unit.data[0] == "pin":
            found += (_CODE.match(reading.text, start) for start in (*close, *led))
        value = next(filter(None, found), None)
        if value is not None:
            yield unit.data[0], value.start(), value.end()
            continue
        chosen = _chosen(reading, sentence, place)
        if chosen is not None:
            yield unit.data[0], *chosen


def _starts(
    reading: Reading, sentence: Sentence, begin: int, following: Sentence | None
) -> tuple[list[int], list[int]]:
    """Where a value may stand that is told behind its name: right behind it, and where words or signs lead to it."""
    tokens = sentence.tokens[begin : sentence.units[-1].last]
    close = [sentence.at + token.start for token in tokens[:1]]
    led = []
    for before, token in pairwise(tokens[: _BEFORE_VALUE + 1]):
        tag = _tag(reading.pack, before)
        if tag in _LEADING:
            led.append(sentence.at + token.start)
        elif tag not in _STATED:
            break
    if tokens and tokens[-1].tag == ":" and len(tokens) <= _LABEL and following is not None:
        led.append(following.span(0, 1)[0])
    for _, last in phrases(reading.pack, sentence, "value"):
        behind = sentence.tokens[sentence.units[last - 1].last : sentence.units[-1].last]
        if sentence.units[last - 1].first >= begin:
            for token in behind[: _BEFORE_VALUE + 1]:
                led.append(sentence.at + token.start)
                if _tag(reading.pack, token) != "_":
                    break
    return close, led


_LEADING = "_~"
_STATED = "SVc"  # "password reset → Welcome01"
_LABEL = 6  # words of "PIN of your new card:" behind "PIN", the colon among them


def _long(value: re.Match[str] | None) -> re.Match[str] | None:
    """A match, unless it is too short to be a value that nothing leads to: "password 2fa"."""
    return value if value is not None and value.end() - value.start() >= _LONGEST else None


def _chosen(reading: Reading, sentence: Sentence, place: int) -> tuple[int, int] | None:
    """The value before "as your password", however many sentences its signs make of it."""
    roles = phrases(reading.pack, sentence, "role")
    role = next(
        (first for first, last in roles if last <= place and _YOURS.issuperset(sentence.tags[last:place])), None
    )
    if role is None:
        return None
    value = _CHOSEN.search(reading.text[: sentence.span(role, role + 1)[0]].rstrip())
    return value.span() if value is not None else None


_YOURS = frozenset("_r")
_NAMES = frozenset("Dd")


def named_numbers(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """What may be the number of a person or a document whose name stands shortly before it: the category, its place.

    "your NI number is QQ 12 34 56 C", "passport: C01X00T47". Whether it is one is for who knows such numbers.
    """
    for sentence in reading.sentences:
        for unit in sentence.units:
            categories = NUMBERED.intersection(unit.data) if unit.tag in _NUMBERED else ()
            words = [token for token in sentence.tokens[unit.first : unit.last] if token.tag != "9"]
            if categories and words:
                number = _NUMBER_BEHIND.match(reading.text, sentence.at + words[-1].end)
                if number is not None:
                    yield min(categories), *number.span(1)


_NUMBERED = frozenset("DdP")
_NUMBER_BEHIND = expression(
    r"[^?!;\d\r\n\ufffc]{0,40}?(?<![\w+])([A-Z]{0,6}[ .-]?\d(?:[ ./-]{0,2}[A-Z\d]){4,18})(?![\w])"
)


def is_their_account(reading: Reading, at: int) -> bool:
    """Whether the account number at a place of the text is the customer's: called so ("your account is NL91 …"), one
    that was paid back to ("refunded to NL91 …"), or beside what is the customer's and not where something is to go.
    """
    sentence = reading.sentence_at(at)
    if sentence is None:
        return False
    if phrase(reading.pack, sentence, "refund") is not None:
        return True
    before = [token for token in sentence.tokens if at - _NEAR < sentence.at + token.start < at]
    count = len(before)
    while before and (before[-1].tag == ":" or reading.pack.links.says_is(before[-1].norm)):
        before.pop()
    called = [unit for token in before[-_NAMED:] for unit in reading.pack.lexicon.tag([token])]
    held = [unit for token in before[-_HELD:] for unit in reading.pack.lexicon.tag([token])]
    if any(unit.tag in "ry" for unit in called[:-1]) and "bank-account" in called[-1].data:
        return True
    if len(before) < count and held and held[-1].tag == "y":
        return any("bank-account" in unit.data for unit in held)
    return "r" in sentence.tags and not (before and reading.pack.links.leads_to(before[-1].norm))


_NEAR = 40  # characters
_NAMED = 3  # words of "your account number"
_HELD = 6  # words of "the IBAN that we have of you is"


def _tag(pack: Pack, token: Token) -> str:
    """The tag of a word by itself."""
    return pack.lexicon.tag([token])[0].tag


def _is_said(pack: Pack, sentence: Sentence, place: int) -> bool:
    """Whether a unit says that something is: "is", "lautet"."""
    return pack.links.says_is(sentence.tokens[sentence.units[place].last - 1].norm)


def _stands_alone(pack: Pack, sentence: Sentence) -> bool:
    return any(name == "TELLS_ALONE" for name, _, _ in stated(pack, sentence))
