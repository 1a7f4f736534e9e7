"""What the grammar proposes: for each datum of a text what it may stand for, and all that speaks for and against.

A proposal's features are names that a person can read: ``in:ASK_NEED`` (a construction holds the datum),
``near:AWAY_GO`` (it stands elsewhere in the sentence), ``head:``, ``list:``, ``foot:``, ``before:`` and ``after:`` (in
the header, the header of the lines below it, the line after a list, the sentence before or after), ``label:`` and
``behind:`` (before and behind a colon in the same line: "at the desk: your passport"), ``left:`` and
``right:`` (a tag beside the datum), ``kind:``, ``ends:`` ... ``word:`` names a word of the language. weights.yaml says
how much each counts.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

from .antecedents import wanted
from .lexicon import DATA, OWN_PLACE
from .links import COPIES, Links
from .senses import Senses
from .sentences import TO_FILL, WORDS, Sentence, words_of

_OF_ANIMALS = "TOLD_ANIMAL"
_ANIMAL, _OTHER_NAME = "I", "x"
_NO_ANIMALS = frozenset({"phone", "email", "home-address", "bank-account"})
"""Data that no animal has: "What is your dog called and what is your number?"."""
_DENYING = frozenset("nqv")
_WHOLE_QUESTION = "Q"
_ONLY_TELLS = re.compile(r"(?=.*[VSkcB])(?:(?<=w)G|(?<=w_)G|[^GANWCMHepinvqz?:;^=])+[.]")
_REQUESTS = re.compile(r"[GANW]|r.*[?]")
_OF_ITS_OWN = re.compile(r"[GANW][_lurxHpK#]{0,4}[DdPQO]")
"""A request that names what it wants, and does not mean the sentence before it."""
_YOURS_TOO = "IT_YOURS_TOO"
_TOLD = "TOLD_"
_NUMBER_LACKS = "IT_NUMBER_LACKS"
_OF_NUMBER = ("IT_NUMBER", "IT_NUMBER_AT", _NUMBER_LACKS)
_JUST_NUMBER = "IT_JUST_NUMBER"
_WANTS_NUMBERS = re.compile(r"#(?![9*])")
"""A header that wants numbers, and does not give one: "Ticket #4821:"."""
_INTO_PLACE = re.compile(r"[_x]{0,3}r?E(?=[.!?,;]|$)")
_HERE = frozenset("HX")
_WHEN = re.compile(r"(?:.*[.?!;:,&])?[_xbp2w]{0,3}[iWV][^.?!;:,DPQGnvazqNcS6]{0,8}$")
_THEN_GIVEN = re.compile(
    r"([^.?!;:,DPQGnvazqNcS6]{0,5}),?[_xypl2]{0,4}(?:G[_y]{0,3}u(?!_?i[^,.])|uG|G[_y]{0,3}H)(?![^.?!:;,]{0,6}[ETLnvat])"
)
_COMES = re.compile("[VBkxhST]|iy")
_OF_PLACES = frozenset({"password", "pin"})
_ADDRESS = "home-address"
_LOCATION = ("location",)
_PAPER_AT_HAND = re.compile("[_r]{0,2}P_?B_?[?]")
_THEN_GIVEN_OVER = re.compile("[_xpy]{0,4}(?:G|K)[_uyHp]{0,3}&_?G[_uyHxp]{0,4}[.!]?")
_TAKEN_UP = re.compile("[_x]{0,3},[_xpy]{0,4}(?:uG|G[_yuH]{0,3})(?=[,.!i&]|$)")
_OPTION = frozenset("^")
_NOT_THERE = re.compile("^[^H.?!;:]*(?:[na][^H.?!;:]*E|E[^H.?!;:]*[na])[^H]*$")
_BUT_HERE = re.compile("[^nvaz0EqDdPQ?]*H[^nvaz0EqDdPQ?]*$")
_MAIL_ALONE = re.compile("_?[Dd]")
_FIRST_WAY = re.compile("[_xrp]{0,3}[Dd]")
_UNSAFE = re.compile("^[^,;.?!:HX]*[an][^,;.?!:HX]*$")
_SO_HERE = re.compile(
    "[_x]{0,3}(?:nZ?_?)?(?P<so>[,;&])[^.?!:nvaz0qEDdPQ]{0,6}G[_yuxpSb]{0,6}[HX][^.?!:nvaz0qE]*(?:[.!]|$)"
)
_MAIL = "email"
_WANTED_HERE = frozenset({"REF_SEND_IT", "REF_GIVE_HERE"})
_COPY_REACH = 8
_THEN_PICTURED = re.compile(r"[_xOEy]{0,6},?[_&]{0,2}G[_yu]{0,2}K")
_NUMBER_REACH = 4
_NUMBER_OF_COPY = "identity-document"
_NUMBER_OR = re.compile(r"([DQ])(?:_?\|[_r]{0,3}|_?\((?:P_?\|[_r]{0,3}){0,3})$")
_OR_NUMBER = re.compile(r"_?\|[_r]{0,3}([DQ])")
_NUMBER_AND = re.compile(r"#_?&[_r]{0,3}(?:K[_r]{0,3})?$")
_AND_ITS_COPY = re.compile(r"&_{0,2}K_{1,3}(?=[.,;!?:]|$)")
_MOST_PAIRS = 5_000  # lists of flags that are remembered
_MOST_FRAMES = 2_000
_LONGEST_LIST = 16  # items; so that reading stays linear
_AROUND = "around"
_LENT = "lent"
_MARKS = ".?!:"  # that may end a sentence
_YOU_AND_US = frozenset("ryu")  # tags of what is said to the customer rather than of all: your, you, us
_AHEAD = ("before", "before2", "head", "label")  # where a sentence that bears on a later one stands
_BESIDE = ((-1, "before"), (-2, "before2"), (1, "after"), (2, "after2"))
Found = tuple[str, int, int]
"""A construction's name and the units that it goes from and to."""
_ENDS = "END_"
"""What denies or sends elsewhere, begun within a construction of this name, does not reach past its end."""
_SAYS_WHERE = "MAIL_AT"
_DENIES = ("FORBID_", "PROMISE_", "AWAY_", "TOLD_")
_CLAUSE = frozenset(".?!;:,~&b")
_LENDS_ASKING = frozenset({"IT_COMMAND", "IT_HERE", "IT_CAN", "IT_COPY_HERE", "IT_OR_HERE", "IT_ENOUGH"})
"""What asks of a neighbouring sentence, unless a "never" stands over it: "IBAN? Don't share it with anybody"."""


class Features:
    """Names of features that come together. Most groups come again and again: what one weighs is worked out once."""

    __slots__ = ("_counted", "_names", "_weight")

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(map(intern, names))  # the same names come in very many groups
        self._weight: float | None = None
        self._counted: dict[str, float] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which they were found."""
        return self._names

    def weight(self, weights: dict[str, float]) -> float:
        """The sum of the weights. A group belongs to one language, so that they are always the same."""
        if self._weight is None:
            self._weight = sum([weights.get(name, 0.0) for name in self.names])
        return self._weight

    def counted(self, weights: dict[str, float]) -> dict[str, float]:
        """The names that weigh something, with their weights."""
        if self._counted is None:
            self._counted = {name: weights[name] for name in self.names if name in weights}
        return self._counted


class Around(Features):
    """The words of the sentences beside one as features, each once. Few of them weigh anything."""

    __slots__ = ("_of",)

    def __init__(self, of: list[Features]) -> None:
        self._of = of
        self._weight = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({name for one in self._of for name in one.names}))

    def weight(self, weights: dict[str, float]) -> float:
        if self._weight is None:
            counted: dict[str, float] = {}
            for one in self._of:
                counted.update(one.counted(weights))
            self._weight = sum(counted.values())
        return self._weight


@dataclass(slots=True)
class Proposal:
    """One datum that a text may ask for: its category, its place (units of a sentence), its features in groups.

    In one text, proposals with the very same list of groups differ in their sentence only, and all that a verdict hangs
    on is the same for those.
    """

    category: str
    sentence: int
    first: int
    last: int
    kind: str
    groups: list[Features]
    shown: tuple[int, int] | None = None  # the units to show it by, where these are more than the datum

    @property
    def features(self) -> list[str]:
        """The names of all its features."""
        return [name for group in self.groups for name in group.names]

    def weight(self, weights: dict[str, float]) -> float:
        """The sum of the weights of its features."""
        return sum([group.weight(weights) for group in self.groups])


class Groups:
    """Groups of features of one language that do not hang on the words of a sentence; remembered.

    ``links`` are its words that say what a datum hangs on, ``senses`` its terms that mean several data.
    """

    def __init__(self, links: Links, senses: Senses) -> None:
        self.links = links
        self.senses = senses
        self.hanging = _remembered(_hanging, _MOST_FRAMES)
        self.pairs = _remembered(_pairs, _MOST_PAIRS)
        self.frame = _remembered(_frame, _MOST_FRAMES)
        self.named = _remembered(lambda *names: names, _MOST_FRAMES)
        self.kind = _remembered(_kind, _MOST_FRAMES)
        self.whole = _remembered(_whole, _MOST_FRAMES)


def _remembered(names: Callable[..., Iterable[str]], most: int) -> Callable[..., Features]:
    return lru_cache(most)(lambda *of: Features(names(*of)))


class Construction:
    """A construction's name, the expression over tags, and what a sentence needs for it: one of each string's tags.

    The expression is compiled when a sentence first has those: most runs need a few of them only.
    """

    __slots__ = ("_compiled", "_expression", "name", "needs")

    def __init__(self, name: str, expression: str, needs: Iterable[str]) -> None:
        self.name = name
        self.needs = tuple(needs)
        self._expression = expression
        self._compiled: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._expression)
        return self._compiled


class Possible:
    """Of some constructions those that the tags of a sentence allow: sentences are many, sets of tags fewer."""

    __slots__ = ("of",)

    def __init__(self, constructions: Iterable[Construction]) -> None:
        every = tuple(constructions)

        def of(tags: frozenset[str]) -> tuple[Construction, ...]:
            return tuple([one for one in every if not any(map(tags.isdisjoint, one.needs))])

        self.of = lru_cache(_MOST_FRAMES)(of)


def find(tags: str, possible: Possible) -> list[Found]:
    """Every construction in the tags of a sentence, wherever it stands."""
    spans: list[Found] = []
    for construction in possible.of(frozenset(tags)):
        for match in construction.pattern.finditer(tags):
            if match.end() > match.start():
                spans.append((construction.name, match.start(), match.end()))
    for _, first, last in [span for span in spans if span[0].startswith(_ENDS)]:
        spans = [span for span in spans if not (first <= span[1] < last < span[2] and span[0].startswith(_DENIES))]
    denied = [(first, last) for name, first, last in spans if name == "IT_NEVER"]
    return [
        span
        for span in spans
        if not (span[0].startswith(_ENDS) or (span[0] in _LENDS_ASKING and _within(span[1], denied)))
    ]


def find_first(tags: str, possible: Possible) -> list[Found]:
    """The first place of each construction in the tags of a sentence."""
    matches = ((one.name, one.pattern.search(tags)) for one in possible.of(frozenset(tags)))
    return [(name, match.start(), match.end()) for name, match in matches if match]


def _within(place: int, stretches: list[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in stretches)


def propose(sentences: list[Sentence], known: Groups, among: frozenset[str] | None = None) -> list[Proposal]:
    """All proposals of a text whose sentences have had their constructions found; ``among``: of these categories."""
    found: list[Proposal] = []
    lent = tuple(sorted({name for sentence in sentences for name in _lent(sentence)}))
    feet = _feet(sentences)
    before: dict[tuple[Any, ...], list[Proposal]] = {}
    for index, sentence in enumerate(sentences):
        if DATA.isdisjoint(sentence.tags):
            continue
        standing = _standing(sentences, index, feet)
        same = before.get(standing)
        if same is None:
            same = before[standing] = list(_proposed(sentences, index, lent, feet[index], known, among))
            found += same
        else:
            found += [
                Proposal(one.category, index, one.first, one.last, one.kind, one.groups, one.shown) for one in same
            ]
    return found


def _bearing(sentence: Sentence) -> set[str]:
    """The constructions of a sentence that bear on those before it: where one can write is no place for a datum that
    was asked for, unless "it" is to be sent there.
    """
    if _holds(sentence, _SAYS_WHERE) and not sentence.refers:
        return {_SAYS_WHERE}
    return _names(sentence)


def _lent(sentence: Sentence) -> list[str]:
    """Those that bear on all of a text; remembered."""
    known = sentence.part.memo
    if _LENT not in known:
        known[_LENT] = [name for name in _bearing(sentence) if name.startswith("IT_")]
    return known[_LENT]  # type: ignore[no-any-return]


def _names(sentence: Sentence) -> set[str]:
    """The constructions in a sentence, each once."""
    return {name for name, _, _ in sentence.spans}


def _standing(sentences: list[Sentence], index: int, feet: list[int]) -> tuple[Any, ...]:
    """All that proposals of a sentence hang on; of two sentences with one memo, the words and tags are the same."""
    total = len(sentences)
    sentence = sentences[index]
    near = [*range(max(index - 3, 0), min(index + 3, total)), sentence.header, feet[index]]
    memos = tuple([id(sentences[number].part.memo) if number >= 0 else 0 for number in near])
    end = index if index < 2 else max(index - total, -3)
    return memos, end, sentence.part.line, sentence.filled, _labels(sentences, index), _labels(sentences, index + 1)


def _proposed(
    sentences: list[Sentence],
    index: int,
    lent: tuple[str, ...],
    foot: int,
    known: Groups,
    among: frozenset[str] | None,
) -> Iterator[Proposal]:
    """The proposals of one sentence."""
    sentence = sentences[index]
    common: list[Features] | None = None
    for place, unit in enumerate(sentence.units):
        if unit.tag not in DATA:
            continue
        for number, (alone, kind, shown) in enumerate(_readings(sentences, index, place)):
            category = known.senses.of(sentences, index, place, alone)
            if not category or (among is not None and category not in among):
                continue
            if common is None:
                common = _context(sentences, index, lent, foot, known)
                leanings = _leanings(sentences, index, lent)
                marks = _marks(sentence)
                after = wanted(sentences, index, known.links, _is_asked)
                told = _told_before_another(sentences, index)
            meant = not number and place in after.places
            own = local(sentence, place)
            groups = [
                known.kind(kind, category, sentence.tags[-1], own.flags[0], not _YOU_AND_US.isdisjoint(sentence.tags)),
                own.features,
                known.hanging("" if meant or kind == "number" else _on_what(sentences, index, place, known.links)),
                known.named(
                    *(after.names if meant else _other_wanted(sentence, place, after.places, known.links)),
                    *_told_then_wanted(sentences, index, place, meant),
                    *(() if meant else told),
                    *_into_own_place(sentence, place, category),
                    *_once_shown(sentence, place, category),
                    *_partly_next(sentences, index, category),
                    *_located_next(sentences, index, category, own),
                    *_with_options(sentences, index, kind),
                    *_sent_and_wanted(sentence, place, category, own),
                    *_at_hand(sentences, index),
                    *_not_there_but_here(sentences, index),
                    *_unsafe_there_but_here(sentences, index, place, category),
                ),
                *common,
                known.pairs(
                    f"as-{kind}",
                    *own.flags,
                    *_whether(sentence, place, category, known.links),
                    *leanings,
                    *marks,
                ),
            ]
            yield Proposal(category, index, place, place + 1, kind, groups, shown)


def _whether(sentence: Sentence, place: int, category: str, links: Links) -> tuple[str, ...]:
    """Whether it stands in one of those questions that may head advice: "Have you got a fever? Go to the hospital"."""
    asking = sentence.tags.find("Q", 0, place + 1)
    if asking < 0 or category not in _HEADING_OFFERS or not links.asks_whether(sentence, asking):
        return ()
    return ("whether",)


def _partly_next(sentences: list[Sentence], index: int, category: str) -> tuple[str, ...]:
    """Whether the next sentence wants a part: "Turn your card over. The last three digits?" are all of the code."""
    following = sentences[index + 1 : index + 2]
    return tuple([f"{category} & part-next" for sentence in following if _holds(sentence, "IT_PARTIAL")])


def _other_wanted(sentence: Sentence, place: int, wanted: frozenset[int], links: Links) -> tuple[str, ...]:
    """Whether another datum is wanted later, and this one belongs to it: "A code went to your phone. Type it"."""
    belongs = wanted and (links.of(sentence, place) == "datum" or links.is_address(sentence, place))
    return ("other-wanted",) if belongs else ()


def _located_next(sentences: list[Sentence], index: int, category: str, own: Local) -> tuple[str, ...]:
    """Whether an address is only told, and the next sentence asks where the customer is: "I can't see number 18. Share
    your location?".
    """
    following = sentences[index + 1] if index + 1 < len(sentences) else None
    if category != _ADDRESS or "asked" in own.flags or following is None:
        return ()
    asked = (place for place in following.data() if _is_asked(following, place))
    return ("told & location-next",) if any(following.units[place].data[:1] == _LOCATION for place in asked) else ()


def _with_options(sentences: list[Sentence], index: int, kind: str) -> tuple[str, ...]:
    """Whether what may be answered stands behind a question: "Which band is your income in: A) to 20,000 B) above?"."""
    following = sentences[index + 1 : index + 2]
    listed = kind == "question" and sentences[index].tags.endswith(":") and following
    return ("as-question & options-next",) if listed and following[0].tags[:1] in _OPTION else ()


def _sent_and_wanted(sentence: Sentence, place: int, category: str, own: Local) -> tuple[str, ...]:
    """Whether a code was sent and is taken up in the same breath: "we've just sent you a code, read it to me"."""
    if category != "one-time-code" or not sentence.refers or "ASK_TAKEN_UP" not in own.inside:
        return ()
    given = _TAKEN_UP.match(sentence.tags, place + 1)
    return ("sent & taken-up",) if given and "V" in sentence.tags[:place] else ()


def _at_hand(sentences: list[Sentence], index: int) -> tuple[str, ...]:
    """Whether a paper need only be at hand, and what is to be done with it is to send it: "Passport at hand? Then snap
    it and send it over".
    """
    following = sentences[index + 1 : index + 2]
    if not following or not _PAPER_AT_HAND.fullmatch(sentences[index].tags):
        return ()
    return ("at-hand & then-given",) if _THEN_GIVEN_OVER.fullmatch(following[0].tags) else ()


def _not_there_but_here(sentences: list[Sentence], index: int) -> tuple[str, ...]:
    """Whether data are only not to be sent another way, and the next sentence wants them here: "Don't e-mail your IBAN.
    Type it here in the chat".
    """
    sentence, following = sentences[index], sentences[index + 1 : index + 2]
    if not following or not _NOT_THERE.search(sentence.tags) or not _BUT_HERE.match(following[0].tags):
        return ()
    held = {name for name, _, _ in following[0].spans}
    return () if held.isdisjoint(_WANTED_HERE) else ("not-there & here-next",)


def _unsafe_there_but_here(sentences: list[Sentence], index: int, place: int, category: str) -> tuple[str, ...]:
    """Whether mail is not safe for a datum, which is therefore wanted here: "E-mail isn't safe for an IBAN, so send it
    here".
    """
    sentence = sentences[index]
    so = _SO_HERE.match(sentence.tags, place + 1)
    if so is None or category == _MAIL or _UNSAFE.search(sentence.tags, 0, so.start("so")) is None:
        return ()
    by = sentences[index - 1] if index and _MAIL_ALONE.fullmatch(sentences[index - 1].tags) else sentence
    found = _FIRST_WAY.match(by.tags)
    is_mail = found is not None and by.units[found.end() - 1].data[:1] == (_MAIL,)
    return ("unsafe-there & here",) if is_mail else ()


def _on_what(sentences: list[Sentence], index: int, place: int, links: Links) -> str:
    """What a datum hangs on; "statement" only if no request follows, which may be for it."""
    on = links.of(sentences[index], place)
    if on or not links.only_says(sentences[index]):
        return on
    if index + 1 == len(sentences):
        return "statement"
    following = sentences[index + 1]
    return "" if _REQUESTS.search(following.tags) and not _asks_for_its_own(following) else "statement"


def _asks_for_its_own(sentence: Sentence) -> bool:
    """Whether a sentence asks for data that it names itself: "Which e-mail address should I send it to?"."""
    if _WHOLE_QUESTION in sentence.tags:
        return True
    return not sentence.refers and any(_is_asked(sentence, place) for place in sentence.data())


def _told_before_another(sentences: list[Sentence], index: int) -> tuple[str, ...]:
    """Whether a sentence only tells something, and the next one asks for data of its own: "Your payslip was sent on
    Friday. Which e-mail address should I send it to?".
    """
    sentence = sentences[index]
    if index + 1 == len(sentences) or sentence.part.item or not _ONLY_TELLS.fullmatch(sentence.tags):
        return ()
    return ("told-before-another",) if _asks_for_its_own(sentences[index + 1]) else ()


def _told_then_wanted(sentences: list[Sentence], index: int, place: int, meant: bool) -> Iterable[str]:
    """What is only told of a datum by its own sentence, where the next one wants it: "A code has come. Type it in"."""
    if not meant and (index + 1 == len(sentences) or not _wants_more(sentences[index + 1])):
        return ()
    spans = sentences[index].spans
    return [f"then-wanted:{name}" for name, first, last in spans if name.startswith(_TOLD) and first <= place < last]


def _wants_more(sentence: Sentence) -> bool:
    """Whether a sentence wants what it does not name: "Type it in", "And your partner's?"."""
    wants = _REQUESTS.search(sentence.tags) is not None and not _OF_ITS_OWN.search(sentence.tags)
    return wants or any(name == _YOURS_TOO for name, _, _ in sentence.spans)


def _into_own_place(sentence: Sentence, place: int, category: str) -> tuple[str, ...]:
    """Whether a datum is to go into a place that the policy names: "enter your IBAN in My Example".

    The words of such a place tell the weights nothing. A password may be that of the place.
    """
    found = _INTO_PLACE.match(sentence.tags, place + 1)
    at = found.end() - 1 if found and not _HERE.intersection(sentence.tags) else -1
    if at < 0 or OWN_PLACE not in sentence.units[at].data or category in _OF_PLACES:
        return ()
    return ("into-own-place",)


def _once_shown(sentence: Sentence, place: int, category: str) -> tuple[str, ...]:
    """Whether a code is to be given once it has come: "when the app shows the code, pass it on to me".

    Of other data that come or go one is told so: "if your card has arrived, let us know".
    """
    if category != "one-time-code" or not _WHEN.match(sentence.tags[:place]):
        return ()
    given = _THEN_GIVEN.match(sentence.tags, place + 1)
    comes = given and _COMES.search(sentence.tags[:place] + given[1])
    return ("once-shown",) if comes else ()


def _is_asked(sentence: Sentence, place: int) -> bool:
    """Whether a sentence asks by itself for the datum at a place."""
    return "asked" in local(sentence, place).flags


def _readings(sentences: list[Sentence], index: int, place: int) -> list[tuple[str, str, tuple[int, int] | None]]:
    sentence = sentences[index]
    unit = sentence.units[place]
    kinds = {"D": "datum", "d": "weak", "Q": "question"}
    if unit.tag != "P":
        return [(unit.data[0], kinds[unit.tag], None), *_other_half(sentence, place)] if unit.data else []
    copy, number, bare = unit.data
    tags = sentence.tags
    readings: list[tuple[str, str, tuple[int, int] | None]] = []
    near = _nearest(tags, place, "K", _COPY_REACH)
    if near < 0 and (taken := _THEN_PICTURED.match(tags, place + 1)):
        near = taken.end() - 1  # "Put your passport on the table, photograph both sides"
    following = sentences[index + 1] if index + 1 < len(sentences) else None
    if number and near >= 0 and following is not None and _wants_number_only(tags, following):
        return [(number, "number-only", None)]  # "No need for a photo of your licence. Just the number."
    after = following.tags if following is not None else ""
    of_number = (*_OF_NUMBER, _JUST_NUMBER) if tags.endswith(":") else _OF_NUMBER
    follows = following is not None and DATA.isdisjoint(after) and _holds(following, *of_number)
    if number and near < 0 and (follows or _number_lacks(sentence, following) or _heads_number(sentences, index)):
        return [(number, "number", None)]  # "Have you got your passport? What is its number?", "Passport: number"
    asks_which = "W" in tags  # "Which document do you have: passport or licence?"
    if number and near < 0 and not asks_which and _labels(sentences, index + 1) and _names_only(following, number):
        return [(number, "number", None)]  # "I have to add your passport: what is the passport number?"
    if number and near < 0 and _or_number(sentence, place, number):
        return [(number, "number", None)]  # "passport number or driving licence", "ID card or passport number"
    if number and (_beside(tags, place, "#", _NUMBER_REACH) or _NUMBER_AND.search(tags, 0, place)):
        readings.append((number, "number", None))
    if near >= 0 and copy:
        readings.append((copy, "copy", (min(near, place), max(near, place) + 1)))
    elif not readings or bare:
        if copy and ("K" in after or (index and "K" in sentences[index - 1].tags)):
            readings.append((copy, "copy-apart", None))
        elif sentence.header >= 0 and "K" in sentences[sentence.header].tags and copy:
            readings.append((copy, "copy-header", None))
        elif not readings:
            if sentence.header >= 0 and number and _WANTS_NUMBERS.search(sentences[sentence.header].tags):
                readings.append((number, "number", None))
            elif bare:
                readings.append((bare, "bare", None))
            elif number:
                readings.append((number, "bare-number", None))
    return readings


def _or_number(sentence: Sentence, place: int, number: str) -> bool:
    """Whether a document stands for its number, as that of another one is named beside it, and either will do."""
    named = _NUMBER_OR.search(sentence.tags, 0, place) or _OR_NUMBER.match(sentence.tags, place + 1)
    return named is not None and sentence.units[named.start(1)].data[:1] == (number,)


def _other_half(sentence: Sentence, place: int) -> list[tuple[str, str, tuple[int, int] | None]]:
    """What is wanted of the same document beside a datum: the number in "the number and a photo of your passport", the
    copy in "your passport number and a copy of it".
    """
    category = sentence.units[place].data[0]
    if category == COPIES and (numbered := _NUMBER_AND.search(sentence.tags, 0, place)):
        return [(_NUMBER_OF_COPY, "number", (numbered.start(), place + 1))]
    if category == _NUMBER_OF_COPY and (copied := _AND_ITS_COPY.match(sentence.tags, place + 1)):
        return [(COPIES, "copy", (place, copied.end()))]
    return []


def _holds(sentence: Sentence, *constructions: str) -> bool:
    return any(name in constructions for name, _, _ in sentence.spans)


def _heads_number(sentences: list[Sentence], index: int) -> bool:
    """Whether a line of the list under a sentence is the number alone: "Passport", "- type", "- number"."""
    under = itertools.takewhile(lambda sentence: sentence.header == index, sentences[index + 1 :])
    return any(_holds(sentence, _JUST_NUMBER) for sentence in under)


def _number_lacks(sentence: Sentence, following: Sentence | None) -> bool:
    """Whether a sentence says that only the number of its document is lacking, and the one after it names nothing."""
    return following is not None and DATA.isdisjoint(following.tags) and _holds(sentence, _NUMBER_LACKS)


def _names_only(sentence: Sentence | None, number: str) -> bool:
    """Whether a sentence has data, none of them but the number of a document, and wants no copy."""
    if sentence is None or "K" in sentence.tags:
        return False
    data = [sentence.units[place].data for place in sentence.data()]
    return bool(data) and all(of[:1] == (number,) or of[1:2] == (number,) for of in data)


def _wants_number_only(tags: str, following: Sentence) -> bool:
    """Whether a sentence denies the copy and the one after it asks for the number, with no datum of its own."""
    denied = not _DENYING.isdisjoint(tags)
    return denied and DATA.isdisjoint(following.tags) and _holds(following, "IT_NUMBER_ONLY")


def _nearest(tags: str, place: int, wanted: str, reach: int) -> int:
    for distance in range(1, reach + 1):
        left, right = place - distance, place + distance
        if left >= 0 and tags[left] == wanted:
            return left
        if right < len(tags) and distance <= reach // 2 + 1 and tags[right] == wanted:
            return right
    return -1


def _beside(tags: str, place: int, wanted: str, reach: int) -> bool:
    return wanted in tags[max(0, place - reach) : place] or wanted in tags[place + 1 : place + 3]


class Local(NamedTuple):
    """What speaks for and against a datum in its own sentence; ``flags`` are what counts together with other things.

    ``inside`` are the constructions that hold the datum, in their order.
    """

    features: Features
    flags: tuple[str, ...]
    inside: tuple[str, ...]


def local(sentence: Sentence, place: int) -> Local:
    """The same for the unit at a place of a sentence whose constructions were found; remembered."""
    known = sentence.part.memo
    if place not in known:
        known[place] = _worked_out(sentence, place)
    return known[place]  # type: ignore[no-any-return]


def _worked_out(sentence: Sentence, place: int) -> Local:
    tags, units, tokens = sentence.tags, sentence.units, sentence.tokens
    holding = tuple([name for name, first, last in sentence.spans if first <= place < last])
    if not _NO_ANIMALS.isdisjoint(units[place].data):
        holding = tuple([name for name in holding if not name.startswith(_OF_ANIMALS)])
        tags = tags.replace(_ANIMAL, _OTHER_NAME)
    inside = set(holding)
    beside = {name for name, _, _ in sentence.spans} - inside
    features = [f"in:{name}" for name in sorted(inside)]
    features += [f"near:{name}" for name in sorted(beside)]
    left = place
    while left > 0 and tags[left - 1] not in _CLAUSE:
        left -= 1
    right = place + 1
    while right < len(tags) and tags[right] not in _CLAUSE:
        right += 1
    features += [f"clause-left:{tag}" for tag in sorted(set(tags[left:place]))]
    features += [f"clause-right:{tag}" for tag in sorted(set(tags[place + 1 : right]))]
    features += [f"sentence-left:{tag}" for tag in sorted(set(tags[:left]))]
    features += [f"sentence-right:{tag}" for tag in sorted(set(tags[right:]))]
    before = tags[max(0, place - 2) : place].rjust(2, "<")
    after = tags[place + 1 : place + 3].ljust(2, ">")
    unit = units[place]
    start, end = units[0].first, units[-1].last
    features += [
        f"left:{before[1]}",
        f"left2:{before}",
        f"right:{after[0]}",
        f"right2:{after}",
        f"around:{before[1]}{after[0]}",
        f"length:{min(len(tags), 24) // 4}",
        "term:" + " ".join(sentence.said(place)),
    ]
    features += [f"word:{word}" for word in _words(sentence)]
    features += [f"before-word:{t.norm}" for t in tokens[max(start, unit.first - 3) : unit.first] if t.tag == "x"]
    features += [f"after-word:{t.norm}" for t in tokens[unit.last : min(end, unit.last + 3)] if t.tag == "x"]
    flags = _flags(inside, beside)
    if not _HEADING_OFFERS.isdisjoint(unit.data):
        flags = (*flags, *(flag for name, flag in _TOPICS.items() if name in inside))
    return Local(Features(features), flags, holding)


def _words(sentence: Sentence) -> list[str]:
    known = sentence.part.memo
    if WORDS not in known:
        start, end = sentence.units[0].first, sentence.units[-1].last
        known[WORDS] = words_of(sentence.tokens[start:end])
    return known[WORDS]  # type: ignore[no-any-return]


_TOPICS = {"TOPIC": "topic", "TOPIC_HAVE": "condition"}
_HEADING_OFFERS = frozenset({"health"})
"""What may head an offer: a bare noun ("Back pain? Our physiotherapists can help"), whether the customer has it."""
_BLOCKS = ("FORBID", "PROMISE", "AWAY", "TOLD")
_ASKING = frozenset(
    f"ASK_{name}"
    for line in (
        "COMMAND COMMAND_LATE COMMAND_FAR CAN POLITE POLITE_LATE NEED NEED_LATE WE_NEED WH SHORT ANSWER LABEL BARE",
        "FILL ITEM REMIND NOT_WITHOUT AS_LONG PLEASE PLEASE_LATE HERE HERE_LATE GIVE_US MUST IF_SO COPY",
        "CAN_GIVE ENOUGH TAKEN_UP CAUGHT NOT_BUT AND_THEN OR_HERE",
    )
    for name in line.split()
)
"""Constructions that ask by themselves; a possessive or an 'and' only supports them."""


def _flags(inside: set[str], beside: set[str]) -> tuple[str, ...]:
    """What counts only together with other things, of the constructions that hold a datum and of those beside it."""
    flags = ["unasked" if inside.isdisjoint(_ASKING) else "asked"]
    held = {name.partition("_")[0] for name in inside}
    near = {name.partition("_")[0] for name in beside}
    for prefix in _BLOCKS:
        if prefix in held:
            flags.append(prefix.lower())
        elif prefix in near:
            flags.append("near-" + prefix.lower())
    if "PART" in held:
        flags.append("part")
    if held.isdisjoint(_BLOCKS):
        flags.append("clear" if near.isdisjoint(_BLOCKS) else "free")
    if not inside.isdisjoint(("ASK_COMMAND", "ASK_CAN", "ASK_POLITE")):
        flags.append("directly")
    return tuple(flags)


_LEANINGS = (
    ("asks", ("IT_HERE", "IT_CAN", "IT_COMMAND")),
    ("away", ("IT_AWAY", "IT_GO")),
    ("never", ("IT_NEVER", "IT_NOBODY")),
    ("yours", ("IT_YOURS_TOO",)),
    ("advised", ("IT_ADVISED",)),
    ("advice", ("IT_THEN_DO",)),
    ("barred", ("IT_BARRED",)),
    ("there", ("IT_SEE_THERE",)),
    ("ours", ("IT_OURS_IS",)),
    ("offered", ("IT_OURS_HELP",)),
)
_LEANING_OF = {name: leaning for leaning, names in _LEANINGS for name in names}
_ALONE = ((1, "after"), (2, "after2"), (-1, "before"))
"""The sentences beside one that lean by themselves, and how they are called."""


def _leanings(sentences: list[Sentence], index: int, lent: tuple[str, ...]) -> list[str]:
    """Where around a sentence something asks, sends elsewhere or denies."""
    total = len(sentences)
    found: list[str] = []
    for way, where in _ALONE:
        if 0 <= index + way < total:
            found += _summary(sentences[index + way], where).leanings
    header = sentences[index].header
    if header >= 0:
        found += _summary(sentences[header], "head").leanings
    return found + _leaning("text", lent)


def _leaning(where: str, names: Iterable[str]) -> list[str]:
    have = {_LEANING_OF[name] for name in names if name in _LEANING_OF}
    return [f"{where}-{leaning}" for leaning, _ in _LEANINGS if leaning in have]


def _marks(sentence: Sentence) -> list[str]:
    tags = sentence.tags
    flags = ["question"] if tags.endswith("?") else []
    if sentence.filled:
        flags.append("filled")
    if "H" in tags:
        flags.append("here")
    if "E" in tags:
        flags.append("elsewhere")
    if "G" in tags:
        flags.append("give")
    if len(tags) <= 6:
        flags.append("short")
    if "W" in tags:
        flags.append("which")
    return flags


def _pairs(*flags: str) -> Iterable[str]:
    """'asked & forbid', 'as-weak & after-asks' ...: each pair a feature of its own."""
    return (f"{a} & {b}" for number, a in enumerate(flags) for b in flags[number + 1 :])


class _Summary(NamedTuple):
    """What a sentence says of those beside it."""

    features: Features
    leanings: list[str]


def _summary(sentence: Sentence, where: str) -> _Summary:
    """What a sentence says of another, by ``where`` it stands from there."""
    known = sentence.part.memo
    if where not in known:
        held = _names(sentence) if where in _AHEAD else _bearing(sentence)
        names = sorted(held)
        names.append("?" if sentence.tags.endswith("?") else "-")
        if DATA.isdisjoint(sentence.tags):
            names.append("no-datum")
        if sentence.part.item:
            names.append("item")
        known[where] = _Summary(Features([f"{where}:{name}" for name in names]), _leaning(where, held))
    return known[where]  # type: ignore[no-any-return]


def _is_empty(sentences: list[Sentence], index: int) -> bool:
    """Whether nothing stands behind the colon of a sentence: neither in its line nor as a list below."""
    if index + 1 == len(sentences):
        return True
    following = sentences[index + 1]
    return following.part.line and not (following.part.item and following.header == index)


def _context(sentences: list[Sentence], index: int, lent: tuple[str, ...], foot: int, known: Groups) -> list[Features]:
    """What speaks for and against all data of a sentence; ``foot`` is the line after its list, -1 if none is near."""
    sentence = sentences[index]
    total = len(sentences)
    part = sentence.part
    position = "first" if index == 0 else "last" if index == total - 1 else "middle"
    headed = sentence.header >= 0
    empty = part.colon and (part.item or (part.line and headed)) and _is_empty(sentences, index)
    last = sentence.tags[-1]
    groups = [known.frame(last, part.item, part.line, sentence.filled, headed, min(total, 5), position, empty)]
    if headed:
        groups.append(_summary(sentences[sentence.header], "head").features)
        if (part.line or part.item) and sentence.tags[-1] not in TO_FILL:  # listed, not behind its colon
            groups.append(_summary(sentences[sentence.header], "list").features)
    for way, where in _BESIDE:
        if 0 <= index + way < total:
            groups.append(_summary(sentences[index + way], where).features)
    if foot >= 0:
        groups.append(_summary(sentences[foot], "foot").features)
    if _labels(sentences, index):
        groups.append(_summary(sentences[index - 1], "label").features)
    if _labels(sentences, index + 1):
        groups.append(_summary(sentences[index + 1], "behind").features)
    beside = [_around(sentences[number]) for number in (index - 1, index + 1) if 0 <= number < total]
    groups += [known.whole(*lent), Around(beside)]
    return groups


def _labels(sentences: list[Sentence], index: int) -> bool:
    """Whether the sentence before one is its label, in the same line: "at the desk: your passport"."""
    return 0 < index < len(sentences) and sentences[index - 1].part.colon and not sentences[index].part.line


def _feet(sentences: list[Sentence]) -> list[int]:
    """For each item the first line after its list, which says where all of it is to go; -1 if none is near."""
    feet = [-1] * len(sentences)
    line = len(sentences) + _LONGEST_LIST
    for number in range(len(sentences) - 1, -1, -1):
        part = sentences[number].part
        if part.item and line - number <= _LONGEST_LIST:
            feet[number] = line
        if part.line and not part.item:
            line = number
    return feet


def _around(sentence: Sentence) -> Features:
    """The words of a sentence as features of those beside it."""
    known = sentence.part.memo
    if _AROUND not in known:
        known[_AROUND] = Features([f"around-word:{word}" for word in _words(sentence)])
    return known[_AROUND]  # type: ignore[no-any-return]


def _frame(
    last: str, item: bool, line: bool, filled: str, headed: bool, total: int, position: str, empty: bool
) -> Iterable[str]:
    """How a sentence ends and where it stands; ``last`` is its last tag, ``total`` how many sentences there are.

    ``empty``: it is a label in a list, with nothing behind its colon.
    """
    yield f"ends:{last if last in _MARKS else '-'}"
    if item:
        yield "item"
    if line:
        yield "line"
    if filled:
        yield f"filled:{filled}"
    elif empty:
        yield "empty-label"
    if headed:
        yield "headed"
    yield f"sentences:{total}"
    yield position


def _kind(kind: str, category: str, last: str, asked: str, addressed: bool) -> Iterable[str]:
    """What is named, and by how it is spoken of: "symptoms" stand in advice far more often than in a request."""
    return (
        f"kind:{kind}",
        f"category:{category}",
        f"{kind}:{last}",
        f"{category}:{last if last in _MARKS else '-'}",
        f"{category} & {asked}",
        f"{category} & {'addressed' if addressed else 'general'}",
    )


def _hanging(on: str) -> Iterable[str]:
    return (f"hangs-on:{on}",) if on else ()


def _whole(*lent: str) -> Iterable[str]:
    return (f"text:{name}" for name in lent)
