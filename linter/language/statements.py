"""What a text says about the channel and about itself: a claim that the chat is safe, the elements of a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from .analysis import Reading
from .lexicon import DATA, OWN_PLACE
from .pack import Pack
from .phrases import BARRED, phrase, phrases, stated, way
from .sentences import Part, Sentence

GROUPS = {
    "identity": (
        "national-id",
        "identity-document",
        "identity-document-copy",
        "other-document-copy",
        "date-of-birth",
        "name",
        "home-address",
        "biometric",
        "signature",
    ),
    "money": ("bank-account", "payment-card", "card-security-code", "financial-situation"),
    "health": ("health", "special-category"),
    "login": ("password", "pin", "one-time-code", "security-answer", "access-secret", "login-name"),
}
NAMED = frozenset(category for categories in GROUPS.values() for category in categories) - {
    "name", "home-address", "date-of-birth", "login-name",
}  # fmt: skip
"""Data that a disclaimer warns of; the others are named in too many texts to be a sign of one."""
_GROUP_OF = {category: group for group, categories in GROUPS.items() for category in categories}


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim or an element by name, with the character offsets of the words that say it."""

    name: str
    start: int
    end: int
    places: tuple[str, ...] = ()


def claims(reading: Reading) -> list[Statement]:
    """Assurances that this channel is safe for personal data."""
    pack = reading.pack
    found = []
    for sentence, following in zip_longest(reading.sentences, reading.sentences[1:]):
        if "?" not in sentence.tags:
            said = _claim(pack, sentence)
        else:
            said = _answer(pack, sentence, following) if following is not None else None
        if said is not None:
            where, first, last = said
            found.append(_statement(where, "the channel is safe", first, last))
    return found


def _claim(pack: Pack, sentence: Sentence) -> tuple[Sentence, int, int] | None:
    """The units that claim it: by a construction, a phrase, or what is said here and a phrase for how safe that is."""
    idiom = way(pack, sentence, "safe")
    secret = _secret(pack, sentence) if not _OTHER_PLACE.intersection(sentence.tags) else None
    if idiom is None and secret is None and _SAFE not in sentence.tags:
        return None
    spans = [span for span in stated(pack, sentence) if span[0].startswith("CLAIM_")]
    if any(name == "CLAIM_UNSAFE" for name, _, _ in spans):
        return None
    talk = secret is not None and _is_said_here(pack, sentence)
    places = [*((first, last) for _, first, last in spans), idiom, secret if talk else None]
    place = next(filter(None, places), None)
    return (sentence, *place) if place is not None else None


def _answer(pack: Pack, question: Sentence, answer: Sentence) -> tuple[Sentence, int, int] | None:
    """The answer to a question whether something can be sent here, that it is safe."""
    if _SENDING.isdisjoint(question.tags) or not _is_said_here(pack, question) or not _DOUBT.isdisjoint(answer.tags):
        return None
    secret = _secret(pack, answer)
    if secret is None and _SAFE in answer.tags:
        at = answer.tags.index(_SAFE)
        secret = at, at + 1
    return (answer, *secret) if secret is not None else None


def _secret(pack: Pack, sentence: Sentence) -> tuple[int, int] | None:
    """The units of a phrase that says how safe something is, and that is not denied."""
    places = phrases(pack, sentence, "secret")
    tags = sentence.tags
    plain = (place for place in places if not BARRED.search(tags[: place[0]]) and not _LIMITED.match(tags, place[1]))
    return next((place for place in plain if not _ASIDE.search(tags, 0, place[0])), None)


def _is_said_here(pack: Pack, sentence: Sentence) -> bool:
    return not _CHAT.isdisjoint(sentence.tags) or phrase(pack, sentence, "talk") is not None


_SAFE = "Z"
_LIMITED = re.compile("[^.?!;]{0,4}b[^.?!;]{0,3}[nva]")  # "encrypted, but not safe enough"
_ASIDE = re.compile("[iF][_rHX]{0,3}$")  # "whether this chat is encrypted"
_OTHER_PLACE = frozenset("E")
_SENDING = frozenset("GF")  # "Can I send it here?" is the customer's own question
_DOUBT = frozenset("nvzabEi?")


def may_claim(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself has words that call something safe."""
    alone = _alone(part)
    return _SAFE in part.tags or any(phrase(pack, alone, kind) is not None for kind in ("safe", "secret"))


SAFE = frozenset({"portal", "app", "phone", "branch", "post"})
"""Kinds of place that are safe where a policy names none."""


def elements(reading: Reading, safe: frozenset[str] = SAFE) -> dict[str, Statement]:
    """The elements of a disclaimer that a text has, by name; ``examples`` and ``safe-alternative`` included.

    ``safe`` are the kinds of place that count as an alternative.
    """
    pack = reading.pack
    found: dict[str, Statement] = {}
    groups: dict[str, Statement] = {}
    sentences = _unlike(reading.sentences)
    for forbidding, named in _forbidden(pack, sentences):
        found.setdefault(_FORBIDDEN, _statement(forbidding, _FORBIDDEN, *_words_of_it(pack, forbidding)))
        for sentence in named:
            _add_examples(pack, sentence, groups)
    for sentence, following in zip_longest(sentences, sentences[1:]):
        _from_grammar(pack, sentence, found)
        if _lists_examples(sentence.tags):
            _add_examples(pack, sentence, groups)
        if "safe-alternative" not in found:
            alternative = _alternative(pack, sentence, safe or SAFE) or _telephone(
                pack, sentence, following, safe or SAFE
            )
            if alternative is not None:
                found["safe-alternative"] = alternative
        for element in _TOGETHER:
            if element not in found and _says(pack, sentence, following, element):
                found[element] = _statement(sentence, element, 0, len(sentence.units))
    if any(_asks_later(pack, sentence) for sentence in sentences):
        found.pop(_FORBIDDEN, None)
    if len(groups) >= 2 and _FORBIDDEN in found:
        found["examples"] = next(iter(groups.values()))
    return found


def _forbidden(pack: Pack, sentences: list[Sentence]) -> Iterator[tuple[Sentence, list[Sentence]]]:
    """The sentences that tell not to send private data here, each with those that name what is forbidden so."""
    named: list[Sentence] = []
    header: Sentence | None = None
    for sentence in sentences:
        if named and _forbids_named(sentence):
            yield sentence, named
        named = _naming(sentence, named)
        if _forbids(pack, sentence):
            yield sentence, [sentence]
        if _heads_forbidden(sentence.tags) or _HEADS_HERE.search(sentence.tags):
            header = None if phrase(pack, sentence, "public") else sentence
        elif header is not None and _is_listed(sentence, header):
            yield header, [sentence]
        else:
            header = None


def _unlike(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences without those that repeat one before them word by word: those share its memo."""
    return list({id(sentence.part.memo): sentence for sentence in reversed(sentences)}.values())[::-1]


def forbids(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself tells the customer not to send private data in this conversation."""
    return _forbids(pack, _alone(part))


def names_place(part: Part, pack: Pack, safe: frozenset[str]) -> bool:
    """Whether a sentence by itself has a safe alternative, or begins one: the number may be the next sentence."""
    alone = _alone(part)
    return _alternative(pack, alone, safe or SAFE) is not None or phrase(pack, alone, "number") is not None


def _alone(part: Part) -> Sentence:
    return Sentence(part, 0, part.tags, part.units, [])


def _from_grammar(pack: Pack, sentence: Sentence, found: dict[str, Statement]) -> None:
    for name, first, last in stated(pack, sentence):
        element = _element(name)
        if element and element != _FORBIDDEN:
            found.setdefault(element, _statement(sentence, element, first, last))


def _words_of_it(pack: Pack, sentence: Sentence) -> tuple[int, int]:
    """The units that tell not to send private data here, of a sentence that does."""
    places = ((first, last) for name, first, last in stated(pack, sentence) if _element(name) == _FORBIDDEN)
    return next(places, (0, len(sentence.units)))


def _forbids(pack: Pack, sentence: Sentence) -> bool:
    """Whether a sentence tells the customer not to send private data in this conversation.

    Not when it says what the company does, nor when it is about a public page.
    """
    names = {name for name, _, _ in stated(pack, sentence)}
    told = any(_element(name) == _FORBIDDEN for name in names)
    promise = _promise_only(sentence.tags) and _WITHOUT_A_VERB.isdisjoint(names)
    if (not told or "CONDUCT" in names or promise) and not (
        _excludes(pack, sentence) or _forbids_before(sentence.tags)
    ):
        return False
    return not phrase(pack, sentence, "public") and not _invites(sentence.tags)


def _excludes(pack: Pack, sentence: Sentence) -> bool:
    """Whether phrases say that data are out of place here, or that all else may be told: "anything but your PIN"."""
    tags = sentence.tags
    if tags[-1:] == "?" or _CHAT.isdisjoint(tags) or _WARNED.isdisjoint(tags):
        return False
    if phrase(pack, sentence, "unfit") is not None:
        return True
    left_out = phrase(pack, sentence, "except")
    return left_out is not None and bool(_GIVE_HERE.search(tags, 0, left_out[0]) and _NEXT.match(tags, left_out[1]))


_WARNED = frozenset("$gDdPQ")
_NEXT = re.compile("[_rK#|&g]{0,4}[$DdPQ]")


def _naming(sentence: Sentence, before: list[Sentence]) -> list[Sentence]:
    """The sentences that name data for the next one to forbid: a question, a label, a list, or what that refers to."""
    if not any(unit.tag in "DdP" and not NAMED.isdisjoint(unit.data) for unit in sentence.units):
        return []
    return [*before, sentence] if sentence.tags[-1:] == "?" or sentence.tags[:1] == "^" else [sentence]


def _heads_forbidden(tags: str) -> bool:
    """Whether a line tells not to give here what is listed behind it: "Please don't send us here: …"."""
    return bool(_HEADS_FORBIDDEN.search(tags)) and DATA.isdisjoint(tags) and _OF_THE_COMPANY.isdisjoint(tags)


def _is_listed(sentence: Sentence, header: Sentence) -> bool:
    """Whether a sentence lists what its header forbids, or is "no card numbers" under "In this chat:", and tells
    nothing else to do.
    """
    names = any(unit.tag in "DdP" and not NAMED.isdisjoint(unit.data) for unit in sentence.units)
    denied = _heads_forbidden(header.tags) or bool(_NONE_OF.match(sentence.tags))
    return names and denied and _DONE.isdisjoint(sentence.tags)


_HEADS_FORBIDDEN = re.compile("(?:[nva][^.?!,;]{0,6}[GHX][^.?!,;]{0,4}|[GHX][^.?!,;]{0,4}[nva]_?|a_?):$")
_HEADS_HERE = re.compile("^[\\^_x,p]{0,4}[HX][_x,p]{0,3}:$")
_NONE_OF = re.compile("[\\^_]{0,2}[nvaq]")
_DONE = frozenset("GLEA?")


def _forbids_named(sentence: Sentence) -> bool:
    """Whether a sentence tells not to give here what was named before it: "Your IBAN? Not in this chat, please"."""
    tags = sentence.tags
    if not DATA.isdisjoint(tags) or (tags[-1:] == "?" and not _TAGGED.search(tags)):
        return False
    return _is_not_here(tags) or (sentence.refers and _is_not_to_be_sent(tags))


def _is_not_to_be_sent(tags: str) -> bool:
    """Whether one of its clauses tells not to send something: "please don't type it"."""
    return any(_SEND_NOT.search(clause) and _OF_THE_COMPANY.isdisjoint(clause) for clause in _CLAUSE.split(tags))


def _is_not_here(tags: str) -> bool:
    """Whether one of its clauses tells that something is not for here."""
    return any(_NOT_HERE.search(clause) and _OF_THE_COMPANY.isdisjoint(clause) for clause in _CLAUSE.split(tags))


_TAGGED = re.compile(r",_\?$")
"""A question that asks for a nod: "not here, okay?"."""


def _forbids_before(tags: str) -> bool:
    """Whether a clause tells not to give here what one before it named: "We need your passport; don't send it here"."""
    parts = _STRONG.split(tags)
    last = max((n for n, part in enumerate(parts) if not _NAMES.isdisjoint(part)), default=len(parts))
    told = any(_is_not_here(part) for part in parts[last + 1 :])
    return told and tags[-1:] != "?" and _SWINDLER not in tags


_STRONG = re.compile("[;~]")
_SWINDLER = "f"
_NAMES = frozenset("DP")


_NOT_HERE = re.compile("[nva][^.?!]{0,4}[HX]|[HX][^.?!]{0,2}[nv]")
_SEND_NOT = re.compile("^[_xp]{0,3}(?:[nv][_uy]{0,2}G|G[_uy]{0,2}[nva])[^E]*$")
_OF_THE_COMPANY = frozenset("wsoVANCk")


def forbids_named(part: Part) -> bool:
    """Whether a sentence by itself tells not to give here what another one may name."""
    return _forbids_named(_alone(part)) or _heads_forbidden(part.tags)


def _invites(tags: str) -> bool:
    """Whether a clause after the prohibition asks for it in this chat ("don't mail it, send it here")."""
    forbidden = False
    for clause in _CLAUSE.split(tags):
        if _NEGATION.intersection(clause):
            forbidden = True
        elif forbidden and _GIVE_HERE.search(clause):
            return True
    return False


_GIVE_HERE = re.compile("G[^zaE]*H")


def _add_examples(pack: Pack, sentence: Sentence, groups: dict[str, Statement]) -> None:
    for place, unit in enumerate(sentence.units):
        if unit.tag in "DdP" and unit.data:
            category = next((c for c in unit.data if c), "")
            if category in _GROUP_OF:
                groups.setdefault(_GROUP_OF[category], _statement(sentence, "examples", place, place + 1))
    for group in ("health", "money"):
        # An adjective that shares its noun: "bank or medical details".
        where = phrase(pack, sentence, group)
        if where is not None:
            groups.setdefault(group, _statement(sentence, "examples", *where))


def _alternative(pack: Pack, sentence: Sentence, safe: frozenset[str]) -> Statement | None:
    """A safe place to go: its name outside what is forbidden, or words such as "call us" and "log in".

    A place of the organisation's own is safe whatever kinds are.
    """
    tags = sentence.tags
    for place, unit in enumerate(sentence.units):
        is_safe = unit.tag == "E" and unit.data and (unit.data[0] in safe or OWN_PLACE in unit.data)
        if is_safe and not BARRED.search(tags[:place]):
            return _statement(sentence, "safe-alternative", place, place + 1, (unit.data[0],))
    for kind in sorted(safe):
        where = way(pack, sentence, kind)
        if where is not None:
            return _statement(sentence, "safe-alternative", *where, (kind,))
    return None


def _telephone(pack: Pack, sentence: Sentence, following: Sentence | None, safe: frozenset[str]) -> Statement | None:
    """A telephone number behind words that say whose it is: "contact us on 0800 1234567", "Our number: 0800 1234567".

    It is its own sentence behind a colon or a question. Not the number of a chat, nor where "not" stands before it.
    """
    where = way(pack, sentence, "number") if "phone" in safe else None
    if (
        where is None
        or _IN_CHAT.search(sentence.tags[: where[0] + 1])
        or not _CHAT.isdisjoint(sentence.tags[where[1] :])
    ):
        return None
    for part, form, start in ((sentence, _NUMBER, where[1]), (following, _NUMBER_ALONE, 0)):
        number = form.search(part.tags, start) if part is not None else None
        if part is not None and number is not None and _digits(part, *number.span(1)) >= _DIGITS:
            return _statement(sentence, "safe-alternative", *where, ("phone",))
    return None


def _digits(sentence: Sentence, first: int, last: int) -> int:
    """How many digits stand in some units."""
    tokens = sentence.tokens[sentence.units[first].first : sentence.units[last - 1].last]
    return sum(map(str.isdigit, "".join(token.norm for token in tokens)))


_NUMBER = re.compile("(9(?:[_~()]{0,2}9)*)")
_NUMBER_ALONE = re.compile("^[+_(]{0,2}" + _NUMBER.pattern)
_DIGITS = 7  # of a telephone number at least, with its area's
_CHAT = frozenset("XH")
_IN_CHAT = re.compile("[XH][^,;:~(bj&]*$")


def ways(reading: Reading, at: int, kinds: Iterable[str]) -> set[str]:
    """The kinds of place to which the sentence at a place of the text sends in words that name none: "call us"."""
    known = SAFE.intersection(kinds)
    for sentence in reading.sentences if known else ():
        start, end = sentence.span(0, len(sentence.units))
        if start <= at < end:
            return {kind for kind in known if way(reading.pack, sentence, kind) is not None}
    return set()


def _asks_later(pack: Pack, sentence: Sentence) -> bool:
    """Whether it says that data will be asked for here if need be: then the text is no warning."""
    where = phrase(pack, sentence, "later")
    if where is None:
        return False
    clause = _CLAUSE.split(sentence.tags[: where[0]])[-1] + sentence.tags[where[0] :]
    return not _NEGATION.intersection(clause)


_CLAUSE = re.compile(r"[,;:~(b]")
_NEGATION = frozenset("nv0f")


def _says(pack: Pack, sentence: Sentence, following: Sentence | None, element: str) -> bool:
    """Whether phrases say an element: all kinds of one of its ``_TOGETHER`` in a sentence, or in a question or a label
    and what stands behind it.
    """
    said = [sentence]
    if following is not None and sentence.tags[-1:] in _LEADING:
        said.append(following)
    if not any(all(any(_holds(pack, one, kind) for one in said) for kind in kinds) for kinds in _TOGETHER[element]):
        return False
    return element not in _CONDITIONS or _CONDITIONS[element](pack, said)


_TOGETHER = {
    "never-ask": (("promise",),),
    "retention": (("keep", "period"),),
    "third-party": (("third", "handle"), ("third", "keep"), ("third", "k")),
    "bot-disclosure": (("machine", "answers"),),
    "human-path": (("person", "reach"),),
    "privacy-link": (("policy",), ("privacy", "see"), ("privacy", "@")),
}
"""The kinds of phrases, or tags, that say an element where they stand together."""
_LEADING = ("?", ":")


def _holds(pack: Pack, sentence: Sentence, kind: str) -> bool:
    if len(kind) == 1:
        return kind in sentence.tags
    return way(pack, sentence, kind) is not None if kind in _DENIABLE else phrase(pack, sentence, kind) is not None


_DENIABLE = frozenset({"reach", "handle"})
"""Kinds of phrases that say nothing behind a negation."""


def _is_of_data(_pack: Pack, said: list[Sentence]) -> bool:
    """Whether it speaks of data or of asking: "we don't do that" alone promises nothing."""
    return any(not _ASKED.isdisjoint(one.tags) for one in said)


_ASKED = frozenset("A$gDdPQ")


def _is_of_talk(pack: Pack, said: list[Sentence]) -> bool:
    """Whether it is about what is said in this conversation, or about data: not about an order."""
    return any(not _TALK.isdisjoint(one.tags) or phrase(pack, one, "talk") is not None for one in said)


_OF_DATA = frozenset("H$gDdPQ")
_TALK = frozenset("XH$g")


def _is_told(pack: Pack, said: list[Sentence]) -> bool:
    """Whether it is about this conversation or about data, and nothing is asked for: who is told to send something is
    not told who else gets it.
    """
    rest = "".join(_besides(pack, one, "third") for one in said)
    if "G" in "".join(_besides(pack, one, "third", "talk", "handle") for one in said):
        return False
    return not _OF_DATA.isdisjoint(rest) or any(phrase(pack, one, "talk") is not None for one in said)


def _besides(pack: Pack, sentence: Sentence, *kinds: str) -> str:
    """The tags of a sentence outside the phrases of some kinds."""
    inside = {n for kind in kinds for place in phrases(pack, sentence, kind) for n in range(*place)}
    return "".join(tag for n, tag in enumerate(sentence.tags) if n not in inside)


_CONDITIONS: dict[str, Callable[[Pack, list[Sentence]], bool]] = {
    "never-ask": _is_of_data,
    "retention": _is_of_talk,
    "third-party": _is_told,
}
"""What must hold besides for an element to be said by phrases."""


def names_data(reading: Reading) -> bool:
    """Whether a text names, or calls sensitive, what a disclaimer warns of."""
    return any(
        unit.tag == "$" or (unit.tag in "DdP" and not NAMED.isdisjoint(unit.data))
        for sentence in reading.sentences
        for unit in sentence.units
    )


_FORBIDDEN = "no-sensitive-data"
_NO_SENSITIVE_DATA = "ELEMENT_NO_SENSITIVE_DATA"
"""Begins the names of all constructions that tell not to send such data here."""
_ELEMENTS = {
    "ELEMENT_NEVER_ASK": "never-ask",
    "ELEMENT_BOT": "bot-disclosure",
    "ELEMENT_HUMAN": "human-path",
}


def _element(construction: str) -> str:
    """The element of a disclaimer that a construction says, "" for none."""
    return _FORBIDDEN if construction.startswith(_NO_SENSITIVE_DATA) else _ELEMENTS.get(construction, "")


_WITHOUT_A_VERB = frozenset(
    f"{_NO_SENSITIVE_DATA}_{form}" for form in ("WRITE", "UNFIT", "BARE", "TAKEN", "NOT_HERE", "NOT_GIVEN")
)
"""What forbids to send without a word for it."""


def _promise_only(tags: str) -> bool:
    """'We never ask for your PIN' promises; it does not tell the customer what not to send."""
    return "G" not in tags and "a" not in tags


def _lists_examples(tags: str) -> bool:
    return "G" not in tags and sum(tag in "DdP" for tag in tags) >= 2


def _statement(sentence: Sentence, name: str, first: int, last: int, places: tuple[str, ...] = ()) -> Statement:
    return Statement(name, *sentence.span(first, last), places)
