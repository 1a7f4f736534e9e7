"""Terms that stand for another datum, or for none, by what was named before them.

"Valid until" is of a payment card, but of no card after "passport number"; an "address" is an e-mail address after
"we'll send it by e-mail" or "we'll e-mail it". data.yaml lists them under ``senses``: the words that such a term is
made of, and what it is after which datum or kind of place. Words under ``names`` are part of a name where nothing is
asked for: the flat in Baker *Street*. Of the ``things`` under ``of`` such a term is no datum: the code *of* your gift
card, "Have you got a loyalty card? What is its number?", where a term made of these words and those under ``bare``
stands behind them, and neither its datum nor one under ``beside`` was named. A term of the words under ``named`` is one
only where one was named before, or nothing at all: "Until when is it valid?". One of the words under ``follows`` is one
only where one was named before: "You ticked yes at convictions. What were they for?". One of the words under ``digits``
is none where it is said of a harmless number: "That order number is wrong. Type the eight digits again"; ``numbered``
are words that such a number's name has. With ``animals`` a term is none in a sentence about an animal or a machine that
was named before: "How is the mare? Still on any medication?". The words ``you`` stand in no such sentence; one with a
word of ``it`` may have the animal behind it: "Is he on any medication from another vet?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .lexicon import DATA, is_named_thing
from .links import Links
from .sentences import Sentence

_BACK = 4  # sentences or lines that are looked through
_PLACE, _SENDING, _OTHER = "E", "V", "O"
_BY_US = re.compile(r"w[_C]?G\Z")  # "we can email that"
_ASKING = frozenset("GANWC?:^=")
_NEXT = 2  # sentences in which a thing and what is said of it stand
_OF_IT = re.compile(r"[_rxSV(]{1,5}")
"""Between a term and the thing that it is of: (printed) *on your* gift card."""
_HEAD = re.compile(r"[_#X]{0,2}\Z")
"""What may name a number before what it is of: il *numero d'*ordine."""
_SMALL = frozenset("_&,p?.")
"""Tags of what names nothing."""
_ANIMAL = "I"
_YOURS = re.compile("r(?![_x]{0,2}I)")  # "your dog" is yours, and no more about you
_READ_BACK = re.compile(r"[dD]_{0,2}x{1,3}_{0,2}9")  # a street with what follows its name and number


class Senses:
    """The terms of a language that have more senses than one, by their category."""

    def __init__(self, senses: Mapping[str, Mapping[str, Any]], links: Links) -> None:
        self._words = {category: frozenset(of["words"]) for category, of in senses.items()}
        self._names = {category: frozenset(of["names"]) for category, of in senses.items()}
        self._bare = {category: self._words[category].union(of["bare"]) for category, of in senses.items()}
        self._named_only = {category: frozenset(of["named"]) for category, of in senses.items()}
        self._follows = {category: frozenset(of["follows"]) for category, of in senses.items()}
        self._rivals = {category: frozenset((category, *of["beside"])) for category, of in senses.items()}
        self._of = {category: frozenset(of["of"]) for category, of in senses.items()}
        self._digits = {category: frozenset(of["digits"]) for category, of in senses.items()}
        self._numbered = {category: tuple(of["numbered"]) for category, of in senses.items()}
        self._after: dict[str, dict[str, str]] = {category: dict(of["after"]) for category, of in senses.items()}
        self._by: dict[str, dict[str, str]] = {
            category: {verb: kind for kind, verbs in of["by"].items() for verb in verbs}
            for category, of in senses.items()
        }
        self._animals = {
            category: (tuple(of["animals"]["you"]), tuple(of["animals"]["it"]))
            for category, of in senses.items()
            if of["animals"]
        }
        self._links = links

    def of(self, sentences: list[Sentence], index: int, place: int, category: str) -> str:
        """What a term stands for that by itself is ``category``; "" if it is no datum where it stands."""
        if category not in self._words:
            return category
        if self._is_name(sentences[index], place, self._names[category]):
            return ""
        if category in self._animals and _is_of_animal(sentences, index, place, *self._animals[category]):
            return ""
        if self._of[category] and self._is_of_thing(sentences, index, place, category):
            return ""
        if self._digits[category] and self._is_of_number(sentences, index, place, category):
            return ""
        said = sentences[index].said(place)
        if self._words[category].issuperset(said):
            return self._by_what_is_named(sentences, index, place, category, category)
        if self._follows[category].issuperset(said):
            return self._by_what_is_named(sentences, index, place, category, "")
        if not self._named_only[category].issuperset(said):
            return category
        tags = sentences[index].tags
        alone = not index and _SMALL.issuperset(tags[:place] + tags[place + 1 :])
        return self._by_what_is_named(sentences, index, place, category, category if alone else "")

    def _by_what_is_named(
        self, sentences: list[Sentence], index: int, place: int, category: str, otherwise: str
    ) -> str:
        """What a term stands for by the nearest datum before it; ``otherwise`` if none tells."""
        after, own = self._after[category], self._words[category] | self._named_only[category] | self._follows[category]
        for before, at in _before(sentences, index, place, _BACK):
            for named in self._named(before, at, self._by[category]):
                if named in after:
                    return after[named]
                if named == category and not own.issuperset(before.said(at)):
                    return category
        return otherwise

    def _is_of_thing(self, sentences: list[Sentence], index: int, place: int, category: str) -> bool:
        """Whether a term says something of a thing that is named behind it, or before it with no other such datum."""
        sentence, things = sentences[index], self._of[category]
        behind = _OF_IT.match(sentence.tags, place + 1)
        for at in range(place + 1, behind.end() if behind else place):
            if is_named_thing(sentence.units[at]):
                return not things.isdisjoint(sentence.units[at].data)
        bare, rivals = self._bare[category], self._rivals[category]
        if not bare.issuperset(sentence.said(place)):
            return False
        named = False
        for back in range(min(_NEXT, index + 1)):
            before = sentences[index - back]
            for at, unit in enumerate(before.units[: None if back else place]):
                if not rivals.isdisjoint(unit.data) and not bare.issuperset(before.said(at)):
                    return False
                named = named or (is_named_thing(unit) and not things.isdisjoint(unit.data))
        return named

    def _is_of_number(self, sentences: list[Sentence], index: int, place: int, category: str) -> bool:
        """Whether a term of digits is said of a harmless number before it, no other datum or sending between."""
        digits, ends = self._digits[category], self._numbered[category]
        more = set(sentences[index].said(place)).difference(digits)
        if _SENDING in sentences[index].tags[place:]:  # "the six digits that we texted you"
            return False
        for before, at in _before(sentences, index, place, _NEXT):
            tag = before.units[at].tag
            if tag == _SENDING or (tag in DATA and not digits.issuperset(before.said(at))):
                return False
            named = _name_of(before, at) if tag == _OTHER else []
            if any(word.endswith(ends) for word in named):
                return more.issubset(named)
        return False

    def _is_name(self, sentence: Sentence, place: int, names: frozenset[str]) -> bool:
        """Whether a sentence that asks for nothing holds a term as part of a name, and no datum beside it."""
        tags = sentence.tags
        yours = "r" in tags[max(0, place - 2) : place]
        if _READ_BACK.match(tags, place):
            tags = tags.rstrip("?")  # "Via Roma 15, Milano, is that right?"
        if yours or not names.issuperset(sentence.said(place)) or not _ASKING.isdisjoint(tags):
            return False
        terms = [unit for unit, tag in enumerate(tags) if tag in DATA]
        alone = all(names.issuperset(sentence.said(unit)) for unit in terms)
        return alone and any(
            "x" in tags[unit - 1 : unit] or tags[unit + 1 : unit + 2] in ("x", "_", "9") for unit in terms
        )

    def _named(self, sentence: Sentence, place: int, verbs: Mapping[str, str]) -> tuple[str, ...]:
        """The categories, or the kind of place, that a unit names; a place only where something is sent *by* it.

        ``verbs`` are words of verbs that say by which.
        """
        unit = sentence.units[place]
        if verbs and (unit.tag == _SENDING or _BY_US.search(sentence.tags, max(0, place - 2), place + 1)):
            return tuple(verbs[word] for word in sentence.said(place) if word in verbs)
        if unit.tag in DATA or (unit.tag == _PLACE and self._links.by(sentence, place)):
            return unit.data
        return ()


def _is_of_animal(sentences: list[Sentence], index: int, place: int, you: tuple[str, ...], it: tuple[str, ...]) -> bool:
    """Whether a sentence with no word of ``you`` is about an animal or a machine that is named before the place, or
    behind it where the sentence has a word of ``it``.
    """
    sentence = sentences[index]
    words = f" {' '.join(sentence.words())} "
    if _YOURS.search(sentence.tags) or any(f" {one} " in words for one in you):
        return False
    before = (one.tags for one in sentences[max(0, index - _NEXT) : index])
    if _ANIMAL in sentence.tags[:place] or any(_ANIMAL in tags for tags in before):
        return True
    behind = (one.tags for one in sentences[index : index + 1 + _NEXT])
    return any(f" {one} " in words for one in it) and any(_ANIMAL in tags for tags in behind)


def _name_of(sentence: Sentence, place: int) -> list[str]:
    """The words of a thing, and those before it that may be the head of its name."""
    head = _HEAD.search(sentence.tags, max(0, place - 2), place)
    first = head.start() if head else place
    return [word for at in range(first, place + 1) for word in sentence.said(at)]


def _before(sentences: list[Sentence], index: int, place: int, reach: int) -> Iterator[tuple[Sentence, int]]:
    """The units before a place in so many sentences, the nearest first: each as its sentence and its place there."""
    for back in range(min(reach, index + 1)):
        sentence = sentences[index - back]
        for at in range((len(sentence.units) if back else place) - 1, -1, -1):
            yield sentence, at
