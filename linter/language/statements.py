"""What a text says about the channel and about itself: a claim that the chat is safe, the elements of a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from ..expressions import expression
from .analysis import Reading
from .lexicon import OWN_PLACE
from .pack import Pack
from .sentences import Part, Sentence
from .tokens import Token

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
SECRETS = frozenset({"password", "pin"})
"""What is told by any value behind it. A one-time code is not: to send one is what many messages are for."""
_REST = expression(r"\S*[^\W_]")
_MIXED = expression(
    r"(?!\d{1,2}[-–][^\W\d_]{1,40}\b)(?=\S{0,40}\d)(?=\S{0,40}[^\W\d_])\S{0,40}[^\W_]"
    r"(?=[ \xa0]?[.!,;]|[^\w\s]?[ \t]{0,9}(?:[\r\n]|\Z))"
)
"""A value of letters and digits, with signs between them or not, behind which its clause ends; "4-digit" is none."""
_BEFORE_VALUE = 2  # words: "is", "is now"


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim or an element by name, with the character offsets of the words that say it."""

    name: str
    start: int
    end: int
    places: tuple[str, ...] = ()


def claims(reading: Reading) -> list[Statement]:
    """Assurances that this channel is safe for personal data."""
    found = []
    for sentence in reading.sentences:
        idiom = _way(reading.pack, sentence, "safe")
        if idiom is None and _SAFE not in sentence.tags:
            continue
        spans = [
            (name, first, last) for name, first, last in _spans(reading.pack, sentence) if name.startswith("CLAIM_")
        ]
        if any(name == "CLAIM_UNSAFE" for name, _, _ in spans) or "?" in sentence.tags:
            continue
        said = [(first, last) for _, first, last in spans]
        if idiom is not None:
            said.append(idiom)
        if said:
            found.append(_statement(sentence, "the channel is safe", *said[0]))
    return found


_SAFE = "Z"


def may_claim(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself has words that call something safe."""
    return _SAFE in part.tags or _phrase(pack, _alone(part), "safe") is not None


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
    for sentence, following in zip_longest(sentences, sentences[1:]):
        _from_grammar(pack, sentence, found)
        if _forbids(pack, sentence) or _lists_examples(sentence.tags):
            _add_examples(pack, sentence, groups)
        if "safe-alternative" not in found:
            alternative = _alternative(pack, sentence, safe or SAFE) or _telephone(
                pack, sentence, following, safe or SAFE
            )
            if alternative is not None:
                found["safe-alternative"] = alternative
        for element in ("never-ask", "retention", "third-party"):
            if element not in found and _says(pack, sentence, element):
                found[element] = _statement(sentence, element, 0, len(sentence.units))
    if any(_asks_later(pack, sentence) for sentence in sentences):
        found.pop("no-sensitive-data", None)
    if len(groups) >= 2 and "no-sensitive-data" in found:
        found["examples"] = next(iter(groups.values()))
    return found


def _unlike(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences without those that repeat one before them word by word: those share its memo."""
    return list({id(sentence.part.memo): sentence for sentence in reversed(sentences)}.values())[::-1]


def forbids(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself tells the customer not to send private data in this conversation."""
    return _forbids(pack, _alone(part))


def names_place(part: Part, pack: Pack, safe: frozenset[str]) -> bool:
    """Whether a sentence by itself has a safe alternative, or begins one: the number may be the next sentence."""
    alone = _alone(part)
    return _alternative(pack, alone, safe or SAFE) is not None or _phrase(pack, alone, "number") is not None


def _alone(part: Part) -> Sentence:
    return Sentence(part, 0, part.tags, part.units, [])


def _from_grammar(pack: Pack, sentence: Sentence, found: dict[str, Statement]) -> None:
    for name, first, last in _spans(pack, sentence):
        element = _element(name)
        if element and (element != "no-sensitive-data" or _forbids(pack, sentence)):
            found.setdefault(element, _statement(sentence, element, first, last))


def _forbids(pack: Pack, sentence: Sentence) -> bool:
    """Whether a sentence tells the customer not to send private data in this conversation.

    Not when it says what the company does, nor when it is about a public page.
    """
    names = {name for name, _, _ in _spans(pack, sentence)}
    told = any(_element(name) == "no-sensitive-data" for name in names)
    promise = _promise_only(sentence.tags) and _WITHOUT_A_VERB.isdisjoint(names)
    if not told or "CONDUCT" in names or promise:
        return False
    return not _phrase(pack, sentence, "public") and not _invites(sentence.tags)


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
        where = _phrase(pack, sentence, group)
        if where is not None:
            groups.setdefault(group, _statement(sentence, "examples", *where))


def _alternative(pack: Pack, sentence: Sentence, safe: frozenset[str]) -> Statement | None:
    """A safe place to go: its name outside what is forbidden, or words such as "call us" and "log in".

    A place of the organisation's own is safe whatever kinds are.
    """
    tags = sentence.tags
    for place, unit in enumerate(sentence.units):
        is_safe = unit.tag == "E" and unit.data and (unit.data[0] in safe or OWN_PLACE in unit.data)
        if is_safe and not _BARRED.search(tags[:place]):
            return _statement(sentence, "safe-alternative", place, place + 1, (unit.data[0],))
    for kind in sorted(safe):
        where = _way(pack, sentence, kind)
        if where is not None:
            return _statement(sentence, "safe-alternative", *where, (kind,))
    return None


def _telephone(pack: Pack, sentence: Sentence, following: Sentence | None, safe: frozenset[str]) -> Statement | None:
    """A telephone number behind words that say whose it is: "contact us on 0800 1234567", "Our number: 0800 1234567".

    It is its own sentence behind a colon or a question. Not the number of a chat, nor where "not" stands before it.
    """
    where = _way(pack, sentence, "number") if "phone" in safe else None
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
            return {kind for kind in known if _way(reading.pack, sentence, kind) is not None}
    return set()


def _way(pack: Pack, sentence: Sentence, kind: str) -> tuple[int, int] | None:
    """The units of a phrase of a kind that is not denied in its clause; None where there is none."""
    where = _phrase(pack, sentence, kind)
    return where if where is not None and not _BARRED.search(sentence.tags[: where[0] + 1]) else None


# A negation of the same clause: "don't send it in the app"; not "keep it out of this chat and call us".
_BARRED = re.compile(r"[nvza](?:[^,;:~(bj&]|&(?![_p2]{0,2}[Lk]))*$")


def _asks_later(pack: Pack, sentence: Sentence) -> bool:
    """Whether it says that data will be asked for here if need be: then the text is no warning."""
    where = _phrase(pack, sentence, "later")
    if where is None:
        return False
    clause = _CLAUSE.split(sentence.tags[: where[0]])[-1] + sentence.tags[where[0] :]
    return not _NEGATION.intersection(clause)


_CLAUSE = re.compile(r"[,;:~(b]")
_NEGATION = frozenset("nv0f")


def _says(pack: Pack, sentence: Sentence, element: str) -> bool:
    """That we never ask, in so many words. How long the chat is kept: keeping or deleting, and a time. Who else handles
    it: that party and a use of data.
    """
    if element == "never-ask":
        return _phrase(pack, sentence, "promise") is not None
    if element == "retention":
        return bool(_phrase(pack, sentence, "keep") and _phrase(pack, sentence, "period"))
    third = _phrase(pack, sentence, "third")
    if third is None or "G" in sentence.tags[: third[0]] + sentence.tags[third[1] :]:
        return False
    return "k" in sentence.tags or any(_phrase(pack, sentence, kind) is not None for kind in ("keep", "handle"))


def _phrase(pack: Pack, sentence: Sentence, kind: str) -> tuple[int, int] | None:
    """The units that say one of a language's phrases of a kind; None when none does."""
    known = sentence.part.memo
    if _BEGUN not in known:
        known[_BEGUN] = _begun(sentence, pack)
    if kind not in known[_BEGUN]:
        return None
    key = ("phrase", kind)
    if key not in known:
        known[key] = _looked_for(sentence, kind, pack)
    return known[key]  # type: ignore[no-any-return]


_BEGUN = "begun"
"""Under which the kinds of phrases that may stand in a part are in its memo."""


def _begun(sentence: Sentence, pack: Pack) -> Collection[str]:
    """The kinds of phrases that begin with a word of a sentence."""
    words = pack.beginnings.keys() & sentence.words() if sentence.units else ()
    return frozenset().union(*(pack.beginnings[word] for word in words)) if words else ()


def _looked_for(sentence: Sentence, kind: str, pack: Pack) -> tuple[int, int] | None:
    text = f" {' '.join(sentence.words())} "
    for phrase in pack.phrases[kind]:
        at = text.find(phrase)
        if at >= 0:
            start = sentence.units[0].first + text.count(" ", 0, at)
            end = start + phrase.count(" ") - 1
            first = next(n for n, unit in enumerate(sentence.units) if unit.last > start)
            last = next(n for n, unit in enumerate(sentence.units) if unit.last >= end)
            return first, last + 1
    return None


def told_values(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """The data whose values a text tells, with the places of these: "Your new password is {{x}}", "Your PIN: 4821".

    A word is taken for a value if there is a digit in it, and goes on behind marks up to a blank: "Welcome01!x". One of
    ``SECRETS`` may be of several words and numbers: "Welkom-01".
    """
    for sentence, following in zip_longest(reading.sentences, reading.sentences[1:]):
        mixed = list(_told_mixed(reading, sentence, following))
        yield from mixed
        for name, first, last in _spans(reading.pack, sentence):
            data = sentence.units[first].data[:1]
            if name == "TELLS_VALUE" or (name == "TELLS_VALUE_OF" and _is_said(reading.pack, sentence, last - 2)):
                told, at = sentence, last - 1
            elif name == "TELLS_LABEL" and following is not None and _stands_alone(reading.pack, following):
                told, at = following, 0
            else:
                continue
            start, end = told.span(at, at + 1)
            has_digit = any(map(str.isdigit, reading.text[start:end]))
            if any(begun <= start < ended for _, begun, ended in mixed):
                continue
            if data and (told.tags[at] != "x" or has_digit):
                rest = _REST.match(reading.text, end) if has_digit else None
                yield data[0], start, rest.end() if rest is not None else end


def is_their_account(reading: Reading, at: int) -> bool:
    """Whether the account number at a place of the text is the customer's: called so ("your account is NL91 …"), one
    that was paid back to ("refunded to NL91 …"), or beside what is the customer's and not where something is to go.
    """
    sentence = reading.sentence_at(at)
    if sentence is None:
        return False
    if _phrase(reading.pack, sentence, "refund") is not None:
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


def _told_mixed(reading: Reading, sentence: Sentence, following: Sentence | None) -> Iterator[tuple[str, int, int]]:
    """The secrets that a sentence tells by values of letters and digits with signs between them, word by word.

    Not by units: "is welkom" may be one of them, and P@ssw0rd be read as that word.
    """
    for unit in sentence.units:
        if unit.tag not in _NAMES or not unit.data or unit.data[0] not in SECRETS:
            continue
        tokens = sentence.tokens[unit.last : sentence.units[-1].last]
        starts = []
        for before, token in pairwise(tokens[: _BEFORE_VALUE + 1]):
            if _tag(reading.pack, before) != "_":
                break
            starts.append(sentence.at + token.start)
        if [token.tag for token in tokens] == [":"] and following is not None:
            starts.append(following.span(0, 1)[0])
        values = (_MIXED.match(reading.text, start) for start in starts)
        value = next(filter(None, values), None)
        if value is not None:
            yield unit.data[0], value.start(), value.end()


_NAMES = frozenset("Dd")


def _tag(pack: Pack, token: Token) -> str:
    """The tag of a word by itself."""
    return pack.lexicon.tag([token])[0].tag


def _is_said(pack: Pack, sentence: Sentence, place: int) -> bool:
    """Whether a unit says that something is: "is", "lautet"."""
    return pack.links.says_is(sentence.tokens[sentence.units[place].last - 1].norm)


def _stands_alone(pack: Pack, sentence: Sentence) -> bool:
    return any(name == "TELLS_ALONE" for name, _, _ in _spans(pack, sentence))


def names_data(reading: Reading) -> bool:
    """Whether a text names, or calls sensitive, what a disclaimer warns of."""
    return any(
        unit.tag == "$" or (unit.tag in "DdP" and not NAMED.isdisjoint(unit.data))
        for sentence in reading.sentences
        for unit in sentence.units
    )


_NO_SENSITIVE_DATA = "ELEMENT_NO_SENSITIVE_DATA"
"""Begins the names of all constructions that tell not to send such data here."""
_ELEMENTS = {
    "ELEMENT_NEVER_ASK": "never-ask",
    "ELEMENT_PRIVACY_LINK": "privacy-link",
    "ELEMENT_BOT": "bot-disclosure",
    "ELEMENT_HUMAN": "human-path",
}


def _element(construction: str) -> str:
    """The element of a disclaimer that a construction says, "" for none."""
    return "no-sensitive-data" if construction.startswith(_NO_SENSITIVE_DATA) else _ELEMENTS.get(construction, "")


_WITHOUT_A_VERB = frozenset(
    f"{_NO_SENSITIVE_DATA}_{form}" for form in ("WRITE", "UNFIT", "BARE", "TAKEN", "NOT_HERE", "NOT_GIVEN")
)
"""What forbids to send without a word for it."""


def _promise_only(tags: str) -> bool:
    """'We never ask for your PIN' promises; it does not tell the customer what not to send."""
    return "G" not in tags and "a" not in tags


def _lists_examples(tags: str) -> bool:
    return "G" not in tags and sum(tag in "DdP" for tag in tags) >= 2


def _spans(pack: Pack, sentence: Sentence) -> list[tuple[str, int, int]]:
    return pack.stated(sentence.tags)


def _statement(sentence: Sentence, name: str, first: int, last: int, places: tuple[str, ...] = ()) -> Statement:
    return Statement(name, *sentence.span(first, last), places)
