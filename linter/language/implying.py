"""What a text implies not to send in this conversation, though no construction says so.

Where it names data of two groups and a safe place to go with them, a sentence beside the data that denies this chat is
about them, whatever words it has for that: "PPS numbers, bank letters: what this chat isn't for. Ring us."
"""

from __future__ import annotations

import re

from .lexicon import Unit
from .pack import Pack
from .phrases import CHAT, phrase
from .sentences import Part, Sentence, alone


def implied(pack: Pack, sentences: list[Sentence]) -> Sentence | None:
    """The sentence that denies this chat to the data named in it or beside it; None where there is none."""
    if any(_SWINDLER in sentence.tags or _is_order(sentence.tags) for sentence in sentences):
        return None
    for place, sentence in enumerate(sentences):
        near = sentences[max(0, place - _REACH) : place + _REACH + 1]
        named = any(not _DATA.isdisjoint(one.tags) for one in near)
        denied = denies_chat(pack, sentence) or _refuses_that(sentence, sentences[max(0, place - _REACH) : place])
        if named and denied and phrase(pack, sentence, "public") is None:
            return sentence
    return None


def may_imply(part: Part, pack: Pack) -> bool:
    """Whether a sentence by itself denies this chat to something."""
    return denies_chat(pack, alone(part)) or bool(_THAT_NOT.match(part.tags))


def denies_chat(pack: Pack, sentence: Sentence) -> bool:
    """Whether it denies this chat to data that it names, refers to, or has a verb of giving for, or is short.

    Not what the company tells of itself ("we never send it here"), and not what asks for something in this chat.
    """
    tags = sentence.tags
    if tags[-1:] == "?" or _DENIAL.isdisjoint(tags):
        return False
    if not (sentence.refers or len(tags) <= _SHORT or not _OF_SENDING.isdisjoint(tags)):
        return False
    return any(map(_denies, _CLAUSES.split(tags))) or any(
        _is_out_of_chat(pack, sentence, unit) for unit in sentence.units
    )


def _refuses_that(sentence: Sentence, before: list[Sentence]) -> bool:
    """Whether it asks not to do what is said before of data and this chat: "Some send us … here. Please don't." """
    said = "".join(one.tags for one in before)
    return bool(_THAT_NOT.match(sentence.tags)) and not CHAT.isdisjoint(said) and not _DATA.isdisjoint(said)


def _denies(clause: str) -> bool:
    """Whether a clause denies this chat: not where it is about the company's conduct, or has something given here."""
    if CHAT.isdisjoint(clause) or _DENIAL.isdisjoint(clause) or _CONDUCT.match(clause):
        return False
    if _OTHER in clause and _NAMED.isdisjoint(clause):
        return False
    return not any(_GIVEN_HERE.search(part) and _DENIAL.isdisjoint(part) for part in _PARTS.split(clause))


def _is_out_of_chat(pack: Pack, sentence: Sentence, unit: Unit) -> bool:
    """Whether a unit says that something is to stay out and names this chat itself: "out of WhatsApp"."""
    if unit.tag not in _LEFT_OUT:
        return False
    words = sentence.tokens[unit.first : unit.last]
    parts = [words[:-1], *(words[start:] for start in range(1, len(words)))]
    return any(pack.lexicon.tag(part)[0].tag in CHAT for part in parts if part)


def _is_order(tags: str) -> bool:
    """Whether a sentence tells to give data and says neither "not" nor where else."""
    return tags[-1:] != "?" and bool(_ORDER.search(tags)) and _ELSEWHERE.isdisjoint(tags)


_DATA = frozenset("DdPQ")
_NAMED = frozenset("DdPQ$g")
_OTHER = "O"
_SWINDLER = "f"
_LEFT_OUT = frozenset("na")
_THAT_NOT = re.compile(r"(?=[^paA]*[paA])[\^_xp,bA&+y]{0,7}[na][\^_xp,b&+]{0,5}\.?$")
_REACH = 2  # sentences
_SHORT = 6  # tags
_DENIAL = frozenset("nvaj✗z")
_OF_SENDING = frozenset("DdPQ$gGA:")
_CLAUSES = re.compile("[;~(]|:(?=.)")
_PARTS = re.compile("[,b]")
_CONDUCT = re.compile(r"[\^_x,&2b]{0,4}[ws0][^,;:]*G")
_GIVEN_HERE = re.compile("G[^E]*[HX]|[HX][^E]*G")
_ORDER = re.compile(r"^[\^_xp,+2&(]{0,4}(?:y_?[CM]_?)?G[^;:~.?!]*[DP]")
_ELSEWHERE = frozenset("nvajzqELFi✗")
