"""Which datum a sentence without one speaks of: in "Your IBAN is missing. Could you send it?" the IBAN is wanted.

It is the one that the sentence before asks for, else the first there that hangs on nothing, with those named beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .links import PURPOSE, Links
from .pronouns import HELD, IT
from .sentences import REFERRING, Sentence

REFERS = "REF_"
"""The beginning of the names of constructions of grammar/reference.lark."""
_AGAIN = "REF_AGAIN"
_PART = "PART_"
"""What is only wanted in part stays so: "the second letter of your password. What is it?"."""
_WHAT = frozenset({"wanted:REF_WHAT_IS_IT", "wanted:REF_AWAIT_IT", "wanted:REF_IF_SO"})
_THOUGH_TOLD = "wanted:though-told"
"""What it is, is asked of what was only spoken of: "We deliver to your address. What is it?"."""
_RECEIVED = frozenset({"TOLD_RECORDED", "TOLD_YOU_SAID"})
_QUESTIONS = frozenset({"TOLD_FAQ_WHOLE", "TOLD_WHY_WE", "TOLD_WHY_NEED", "TOLD_HAVE_DONE"})
"""Questions that ask nothing of the customer by themselves: why we need it, whether it has been changed."""
_SAID_OF = {_AGAIN: "WRONG_VALUE", "REF_GIVE_ANEW": "TOLD_WRONG", "REF_WHAT_THEN": "TOLD_WRONG"}
"""Those that are said only of what was given wrongly, and by which construction that is known."""
_THINGS = frozenset("OX#")
"""Tags of what else "it" may be: "We send the invoice to your address. What is it?"."""
_ALONE = re.compile(f"{IT}(?=[GVANkLcCh])|{HELD}")
"""A pronoun that is no article."""
_SENDING = "sending"
_COMPARISON = "comparison"
_FREE = ("", PURPOSE)  # "to pay you, we use your IBAN"
_BESIDE = frozenset("_&,r|#Kx")
_DENIES = frozenset({"IT_NEVER", "IT_SCAM"})
_ASKING = frozenset("GA")
_LEADS = frozenset("GLEOBtDdPQ")
"""Tags of a sentence between the two behind which a pronoun stands for something else."""
_IDLE = frozenset("_x+.p")
_WRONG = frozenset(_SAID_OF.values())
_FORM = re.compile(r"[^GANWEHTtwuVRIqz5?:;]{2,24}[.]")
"""The tags of a sentence that may tell how something is written, and wants nothing."""
_EXCLAIMED = 3  # tags, its mark among them
_REACH = 2  # sentences


class Wanted(NamedTuple):
    """What is wanted of the data at some places (units of a sentence): constructions by name and distance."""

    places: frozenset[int]
    names: tuple[str, ...]


NOTHING = Wanted(frozenset(), ())


def wanted(sentences: list[Sentence], index: int, links: Links, is_asked: Callable[[Sentence, int], bool]) -> Wanted:
    """What the sentences after one with data want of these; ``is_asked``: whether it asks for one at a place itself."""
    sentence = sentences[index]
    anew = _anew(sentences, index, links)
    if anew != NOTHING:
        return anew
    names = _named(sentences, index, links, lambda name: name not in _SAID_OF)
    if not names or links.is_other(sentence) or _is_denied(sentences, sentence) or _points(sentence, links):
        return NOTHING
    places = _meant(sentence, links, is_asked, not _WHAT.isdisjoint(names))
    if places and (
        _is_idle_question(sentence, places)
        or (not _WHAT.isdisjoint(names) and all(_is_told(sentence, place, links) for place in places))
    ):
        names = (*names, _THOUGH_TOLD)
    return Wanted(frozenset(places), names)


def _is_idle_question(sentence: Sentence, places: list[int]) -> bool:
    """Whether data are named in a question that is none for them: "Why do we need your IBAN? Send it"."""
    spans = [(first, last) for name, first, last in sentence.spans if name in _QUESTIONS]
    return bool(spans) and all(any(first <= place < last for first, last in spans) for place in places)


def _is_told(sentence: Sentence, place: int, links: Links) -> bool:
    """Whether a datum is spoken of as where something goes, as received, or as what the customer has said."""
    received = any(name in _RECEIVED and first <= place < last for name, first, last in sentence.spans)
    return received or (_THINGS.isdisjoint(sentence.tags) and links.is_address(sentence, place))


def _anew(sentences: list[Sentence], index: int, links: Links) -> Wanted:
    """What is wanted once more of the data of a sentence that were given wrongly."""
    sentence = sentences[index]
    held = {name for name, _, _ in sentence.spans}
    if held.isdisjoint(_WRONG):
        return NOTHING
    names = _named(sentences, index, links, lambda name: _SAID_OF.get(name, "") in held)
    if not names and index and (index == 1 or not sentences[index - 2].data()):
        names = tuple([f"wanted:{name}" for name in _names(sentences[index - 1]) if name == _AGAIN])
    if not names:
        return NOTHING
    spans = [(first, last) for name, first, last in sentence.spans if name == _SAID_OF[_AGAIN]]
    return Wanted(frozenset([_first_within(sentence, first, last, links) for first, last in spans]), names)


def _first_within(sentence: Sentence, first: int, last: int, links: Links) -> int:
    """The first datum of a stretch, rather one that hangs on nothing: "for the visa I need your passport number"."""
    within = (place for place in sentence.data() if first <= place < last)
    places = [place for place in within if links.of(sentence, place) != PURPOSE]
    return next((place for place in places if not links.of(sentence, place)), places[0] if places else -1)


def _names(sentence: Sentence) -> list[str]:
    return sorted({name for name, _, _ in sentence.spans if name.startswith(REFERS)})


def _named(sentences: list[Sentence], index: int, links: Links, among: Callable[[str], bool]) -> tuple[str, ...]:
    """What the sentences after one want of it, of what is ``among`` the names that are looked for.

    Behind a datum that was given wrongly, what tells its form is passed over: "Invalid IBAN. It has 22 digits. Try
    again".
    """
    distance = 1
    says_form = any(name in _WRONG for name, _, _ in sentences[index].spans)
    for sentence in sentences[index + 1 : index + 1 + _REACH + says_form]:
        names = [name for name in _names(sentence) if among(name)]
        if names:
            where = "wanted" if distance == 1 else f"wanted{distance}"
            return tuple(f"{where}:{name}" for name in names)
        if says_form and _FORM.fullmatch(sentence.tags):
            continue
        distance += not _is_exclaimed(sentence)
        if not _points(sentence, links) and not _LEADS.isdisjoint(sentence.tags):
            break
    return ()


def _is_exclaimed(sentence: Sentence) -> bool:
    """Whether a sentence is but an exclamation, by which nothing is told: "Great!", "Perfeito."."""
    return len(sentence.tags) <= _EXCLAIMED and _IDLE.issuperset(sentence.tags)


def _is_denied(sentences: list[Sentence], sentence: Sentence) -> bool:
    spans = [*sentence.spans, *(sentences[sentence.header].spans if sentence.header >= 0 else ())]
    names = {name for name, _, _ in spans}
    return not names.isdisjoint(_DENIES) or ("IT_NOBODY" in names and not _ASKING.isdisjoint(sentence.tags))


def _points(sentence: Sentence, links: Links) -> bool:
    """Whether a sentence only says where to find what was named before: "You will find it on your card"."""
    data = sentence.data()
    alone = _ALONE.search(sentence.part.memo[REFERRING]) is not None
    return bool(data) and alone and all(links.leads(sentence, place) for place in data)


def _meant(sentence: Sentence, links: Links, is_asked: Callable[[Sentence, int], bool], what: bool) -> list[int]:
    """The places of the data that a pronoun stands for; ``what`` it is may be asked of an address, too."""
    parts = [(first, last) for name, first, last in sentence.spans if name.startswith(_PART)]
    whole = [place for place in sentence.data() if not any(first <= place < last for first, last in parts)]
    free = [
        place for place in whole if links.of(sentence, place) in _FREE and not links.is_address(sentence, place)
    ] or [place for place in whole if what and links.of(sentence, place) in (*_FREE, _SENDING, _COMPARISON)]
    asked = [place for place in free if is_asked(sentence, place)]
    if asked:
        return asked
    meant = free[:1]
    for place in free[1:]:
        if not _BESIDE.issuperset(sentence.tags[meant[-1] + 1 : place]):
            break
        meant.append(place)
    return meant
