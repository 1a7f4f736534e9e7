"""What a text claims of the channel: that it is safe for personal data."""

from __future__ import annotations

import re
from itertools import zip_longest

from .analysis import Reading
from .pack import Pack
from .phrases import BARRED, CHAT, Statement, phrase, phrases, stated, statement, way
from .sentences import Part, Sentence, alone


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
            found.append(statement(where, "the channel is safe", first, last))
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
    return not CHAT.isdisjoint(sentence.tags) or phrase(pack, sentence, "talk") is not None


_SAFE = "Z"
_LIMITED = re.compile("[^.?!;]{0,4}b[^.?!;]{0,3}[nva]")  # "encrypted, but not safe enough"
_ASIDE = re.compile("[iF][_rHX]{0,3}$")  # "whether this chat is encrypted"
_OTHER_PLACE = frozenset("E")
_SENDING = frozenset("GF")  # "Can I send it here?" is the customer's own question
_DOUBT = frozenset("nvzabEi?")


def may_claim(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself has words that call something safe."""
    sentence = alone(part)
    return _SAFE in part.tags or any(phrase(pack, sentence, kind) is not None for kind in ("safe", "secret"))
