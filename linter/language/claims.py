"""What a text claims of the channel: that it is safe for personal data."""

from __future__ import annotations

import re

from .analysis import Reading
from .pack import Pack
from .phrases import BARRED, CHAT, NOD, Statement, phrase, phrases, stated, statement, way
from .sentences import Part, Sentence, alone

Said = tuple[Sentence, int, int]
"""The units (half open) of a sentence that claim it."""


def claims(reading: Reading) -> list[Statement]:
    """Assurances that this channel is safe for personal data."""
    pack = reading.pack
    found = []
    for index, sentence in enumerate(reading.sentences):
        behind = reading.sentences[index + 1 : index + 1 + _MOST_ITEMS]
        said = _claim(pack, sentence) if "?" not in sentence.tags or NOD.search(sentence.tags) else None
        if said is None and behind:
            said = _answer(pack, sentence, behind[0]) if "?" in sentence.tags else None
            said = said or _headed(pack, sentence, behind)
        if said is not None:
            where, first, last = said
            found.append(statement(where, "the channel is safe", first, last))
    return found


def _claim(pack: Pack, sentence: Sentence) -> Said | None:
    """The units that claim it: by a construction, a phrase, or what is said here and how safe that is."""
    safe = _named_safe(sentence)
    spans = [span for span in stated(pack, sentence) if span[0].startswith("CLAIM_")] if safe is not None else []
    if any(name == "CLAIM_UNSAFE" for name, _, _ in spans):
        return None
    constructed = next(((first, last) for _, first, last in spans), None)
    place = constructed or way(pack, sentence, "safe") or _told_safe(pack, sentence, safe)
    return (sentence, *place) if place is not None else None


def _told_safe(pack: Pack, sentence: Sentence, safe: tuple[int, int] | None) -> tuple[int, int] | None:
    """The units that tell how safe it is what is said here: that it stays secret, or is as safe as something else."""
    if not _is_said_here(pack, sentence):
        return None
    secret = _secret(pack, sentence)
    if secret is not None and not _OTHER_PLACE.intersection(sentence.tags[: secret[0]] + sentence.tags[secret[1] :]):
        return secret
    alike = way(pack, sentence, "alike")
    if alike is not None:
        return alike
    talk = phrase(pack, sentence, "talk")
    if safe is None or talk is None or not _DOUBTED.isdisjoint(sentence.tags):
        return None
    return safe if _IS_SAFE.match(sentence.tags, talk[1]) else None


def _answer(pack: Pack, question: Sentence, answer: Sentence) -> Said | None:
    """The answer to a question whether something can be sent here, or is to be feared, that it is safe.

    To the question whether it is safe here "yes" is enough.
    """
    if not _is_said_here(pack, question):
        return None
    fears = phrase(pack, question, "fear") is not None
    secret = _secret(pack, answer)
    tags = answer.tags if secret is None else answer.tags[: secret[0]] + " " + answer.tags[secret[1] :]
    if not _DOUBT.isdisjoint(_NO.sub(" ", tags, count=1) if fears else tags):
        return None
    if _SAFE in question.tags and _OTHER_PLACE.isdisjoint(question.tags):
        agreed = phrase(pack, answer, "yes")
        if agreed is not None and agreed[0] <= _FIRST:
            return answer, *agreed
    if not fears and _SENDING.isdisjoint(question.tags):
        return None
    place = secret or _named_safe(answer)
    return (answer, *place) if place is not None else None


def _headed(pack: Pack, header: Sentence, behind: list[Sentence]) -> Said | None:
    """What is said of this chat under its name ("Our WhatsApp: quick and safe", a list), or before it: "Safe and quick:
    our chat".
    """
    labelled = _named_safe(header) if _LABEL_SAFE.search(header.tags) else None
    if labelled is not None and not CHAT.isdisjoint(behind[0].tags) and _PLAIN.match(behind[0].tags):
        return header, *labelled
    if not _HEADER.match(header.tags) or CHAT.isdisjoint(header.tags):
        return None
    for place, sentence in enumerate(behind):
        if place and not sentence.part.item:
            return None
        safe = _secret(pack, sentence) or _named_safe(sentence)
        if safe is not None and len(sentence.tags) <= _SHORT and _PLAIN.match(sentence.tags):
            return sentence, *safe
    return None


def _named_safe(sentence: Sentence) -> tuple[int, int] | None:
    at = sentence.tags.find(_SAFE)
    return (at, at + 1) if at >= 0 else None


def _secret(pack: Pack, sentence: Sentence) -> tuple[int, int] | None:
    """The units of a phrase that says how safe something is, and that is not denied."""
    places = phrases(pack, sentence, "secret")
    tags = sentence.tags
    plain = (place for place in places if not BARRED.search(tags[: place[0]]) and not _LIMITED.match(tags, place[1]))
    told = (place for place in plain if tags[place[0]] in _DENYING or not _DENIED.match(tags, place[1]))
    return next((place for place in told if not _ASIDE.search(tags, 0, place[0])), None)


def _is_said_here(pack: Pack, sentence: Sentence) -> bool:
    return not CHAT.isdisjoint(sentence.tags) or phrase(pack, sentence, "talk") is not None


_SAFE = "Z"
_LIMITED = re.compile("[^.?!;]{0,4}b[^.?!;]{0,3}[nva]")  # "encrypted, but not safe enough"
_DENIED = re.compile("[_xC]{0,2}[nv]")  # "privacy is not guaranteed"
_DENYING = frozenset("nvz0")  # "nobody but us reads it", of which French denies the verb, too
_DOUBTED = frozenset("nvaEiFjzb0?")
_IS_SAFE = re.compile("[_GVSHx]{0,3}Z(?:[.,;+(]|$)")  # behind what is said; not "about safe driving"
_ASIDE = re.compile("[iF][_rHX]{0,3}$")  # "whether this chat is encrypted"
_OTHER_PLACE = frozenset("E")
_SENDING = frozenset("GF")  # "Can I send it here?" is the customer's own question
_DOUBT = frozenset("nvzabEi?")
_NO = re.compile("^[_x]{0,2}n[_x]{0,3},")
_FIRST = 2  # units before which "yes" stands
_LABEL_SAFE = re.compile("^[_x]{0,2}Z[Z_x,&]{0,8}:$")
_HEADER = re.compile("[^nvaEi]*[:?]$")
_PLAIN = re.compile("[^nvazE?]*$")
_SHORT = 8  # units of an item
_MOST_ITEMS = 12  # under the chat's name, so that reading stays linear


def may_claim(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself has words that call something safe."""
    sentence = alone(part)
    return _SAFE in part.tags or any(phrase(pack, sentence, kind) is not None for kind in _KINDS)


_KINDS = ("safe", "secret", "alike")
