"""What a text tells the customer not to send in this conversation: the first element of a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .groups import names_warned
from .lexicon import DATA
from .pack import Pack
from .phrases import CHAT, CLAUSE, NEGATION, NOD, phrase, stated
from .sentences import Part, Sentence, alone

PREFIX = "ELEMENT_NO_SENSITIVE_DATA"
"""Begins the names of all constructions that tell not to send such data here."""


def forbidden(pack: Pack, sentences: list[Sentence]) -> Iterator[tuple[Sentence, list[Sentence]]]:
    """The sentences that tell not to send private data here, each with those that name what is forbidden so."""
    named: list[Sentence] = []
    header: Sentence | None = None
    for sentence in sentences:
        if named and _forbids_named(sentence, "".join(one.tags for one in named)):
            yield sentence, named
        named = _naming(sentence, named)
        if _forbids(pack, sentence):
            yield sentence, [sentence]
            header = sentence if _ITEM.match(sentence.tags) or _heads_forbidden(sentence.tags) else None
        elif _heads_forbidden(sentence.tags) or _HEADS_HERE.search(sentence.tags):
            header = None if phrase(pack, sentence, "public") else sentence
        elif header is not None and _is_listed(sentence, header):
            yield header, [sentence]
        else:
            header = None


def words_of_it(pack: Pack, sentence: Sentence) -> tuple[int, int]:
    """The units that tell not to send private data here, of a sentence that does."""
    places = ((first, last) for name, first, last in stated(pack, sentence) if name.startswith(PREFIX))
    return next(places, (0, len(sentence.units)))


def forbids(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself tells not to send private data in this conversation, or does in a list."""
    return _forbids(pack, alone(part)) or bool(_NONE_OF.match(part.tags))


def forbids_named(part: Part) -> bool:
    """Whether a sentence by itself tells not to give here what another one may name."""
    return _forbids_named(alone(part), _HERE) or _heads_forbidden(part.tags)


def _forbids(pack: Pack, sentence: Sentence) -> bool:
    """Whether a sentence tells the customer not to send private data in this conversation.

    Not when it says what the company does, nor when it is about a public page.
    """
    names = {name for name, _, _ in stated(pack, sentence)}
    told = any(name.startswith(PREFIX) for name in names)
    promise = _promise_only(sentence.tags) and _WITHOUT_A_VERB.isdisjoint(names)
    if (not told or "CONDUCT" in names or promise) and not (
        _excludes(pack, sentence) or _forbids_before(sentence.tags)
    ):
        return False
    return not phrase(pack, sentence, "public") and not _invites(sentence.tags)


def _excludes(pack: Pack, sentence: Sentence) -> bool:
    """Whether phrases say that data are out of place here, or that all else may be told: "anything but your PIN"."""
    tags = sentence.tags
    if tags[-1:] == "?" or CHAT.isdisjoint(tags) or _WARNED.isdisjoint(tags):
        return False
    if phrase(pack, sentence, "unfit") is not None:
        return True
    left_out = phrase(pack, sentence, "except")
    return left_out is not None and bool(_GIVE_HERE.search(tags, 0, left_out[0]) and _NEXT.match(tags, left_out[1]))


_WARNED = frozenset("$DdPQ")
_NEXT = re.compile("[_rK#|&g]{0,4}[$DdPQ]")


def _naming(sentence: Sentence, before: list[Sentence]) -> list[Sentence]:
    """The sentences that name data for the next one to forbid: a question, a label, a list, "no card numbers", or what
    that refers to.
    """
    if not names_warned(sentence):
        return [*before, sentence] if before and (sentence.refers or _CONNECTS.match(sentence.tags)) else []
    goes_on = sentence.tags[-1:] == "?" or _ITEM.match(sentence.tags) or _NONE_OF.match(sentence.tags)
    return [*before, sentence] if goes_on else [sentence]


_CONNECTS = re.compile("[_lb2]{1,2}[:,]$")
_ITEM = re.compile(r"\^")


def _heads_forbidden(tags: str) -> bool:
    """Whether a line tells not to give here what is listed behind it: "Please don't send us here: …"."""
    return bool(_HEADS_FORBIDDEN.search(tags)) and DATA.isdisjoint(tags) and _OF_THE_COMPANY.isdisjoint(tags)


def _is_listed(sentence: Sentence, header: Sentence) -> bool:
    """Whether a sentence lists what its header forbids, or is "no card numbers" under "In this chat:", and tells
    nothing else to do.
    """
    denied = _heads_forbidden(header.tags) or bool(_NONE_OF.match(sentence.tags))
    return names_warned(sentence) and denied and _DONE.isdisjoint(sentence.tags)


_HEADS_FORBIDDEN = re.compile("(?:[nva][^.?!,;]{0,6}[GHX][^.?!,;]{0,6}|[GHX][^.?!,;]{0,4}[nva]_?|a_?):$")
_HEADS_HERE = re.compile("^[\\^_x,pOYr]{0,6}[HX][_x,p]{0,3}[:.]?$")
_NONE_OF = re.compile("[\\^_]{0,2}[nvaq][_rK#]{0,3}[$DdPQ]")
_DONE = frozenset("GLEA?")


def _forbids_named(sentence: Sentence, naming: str) -> bool:
    """Whether a sentence tells not to give here what was named before it: "Your IBAN? Not in this chat, please".

    ``naming`` are the tags of what names it: where that is for this conversation "please don't" is enough, and where
    somebody asks for it "don't give it" is about them.
    """
    tags = sentence.tags
    if not DATA.isdisjoint(tags) or (tags[-1:] == "?" and not NOD.search(tags)):
        return False
    avoided = not CHAT.isdisjoint(naming) and _AVOIDS.match(tags)
    withheld = sentence.refers and _ASKING.isdisjoint(naming) and _is_not_to_be_sent(tags)
    return bool(_is_not_here(tags) or avoided or withheld)


_HERE = "H"
_ASKING = frozenset("ANtf0")
_AVOIDS = re.compile("[_xp,]{0,3}a[_p,]{0,3}(?:[&.;]|$)")


def _is_not_to_be_sent(tags: str) -> bool:
    """Whether one of its clauses tells not to send something: "please don't type it"."""
    return any(_SEND_NOT.search(clause) and _OF_THE_COMPANY.isdisjoint(clause) for clause in CLAUSE.split(tags))


def _is_not_here(tags: str) -> bool:
    """Whether one of its clauses tells that something is not for here."""
    clauses = CLAUSE.split(_WE_ASK.sub("", tags))
    return any(_NOT_HERE.search(clause) and _OF_THE_COMPANY.isdisjoint(clause) for clause in clauses)


def _forbids_before(tags: str) -> bool:
    """Whether a clause tells not to give here what one before it named: "We need your passport; don't send it here"."""
    parts = (_WEAK if tags[:1] in _IF else _STRONG).split(tags)
    last = max((n for n, part in enumerate(parts) if not _NAMES.isdisjoint(part)), default=len(parts))
    told = any(_is_not_here(part) for part in parts[last + 1 :])
    return told and tags[-1:] != "?" and _SWINDLER not in tags


_STRONG, _WEAK = re.compile("[;~]"), re.compile("[;~,]")
_IF = ("i", "F")  # "if it is about your health, leave out the details here"
_SWINDLER = "f"
_NAMES = frozenset("DP")
_NOT_HERE = re.compile("[nva][^.?!]{0,4}[HX]|[HX][^.?!]{0,2}[nva]")
_WE_ASK = re.compile("w?A[_yu]{0,2}(?=[nva])")
"""We ask not to: what stands behind it is the customer's to do."""
_SEND_NOT = re.compile("^[_xp]{0,3}(?:[nv][_uy]{0,2}G|G[_uy]{0,2}[nva])[^E]*$")
_OF_THE_COMPANY = frozenset("wsoVANCk")


def _invites(tags: str) -> bool:
    """Whether a clause after the prohibition asks for it in this chat ("don't mail it, send it here")."""
    forbidden = False
    for clause in CLAUSE.split(tags):
        if NEGATION.intersection(clause):
            forbidden = True
        elif forbidden and _GIVE_HERE.search(clause):
            return True
    return False


_GIVE_HERE = re.compile("G[^zaE]*H")
_WITHOUT_A_VERB = frozenset(f"{PREFIX}_{form}" for form in ("WRITE", "UNFIT", "BARE", "TAKEN", "NOT_HERE", "NOT_GIVEN"))
"""What forbids to send without a word for it."""


def _promise_only(tags: str) -> bool:
    """'We never ask for your PIN' promises; it does not tell the customer what not to send."""
    return "G" not in tags and "a" not in tags
