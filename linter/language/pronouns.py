"""Pronouns that stand for what a sentence before has named: "We don't have your IBAN yet. Could you send it?"

words.yaml lists them under ``pronouns``: ``words``, of which one of two words counts only behind the first ("sie sie":
"schicken Sie sie"), ``behind``, which count only behind a verb (as its subject "it" is nothing that is wanted), and
``endings`` by which a verb holds one (envíame*lo*). What is wanted of them is said by the
constructions of grammar/reference.lark, over tags in which they can be seen. ``again`` are words that ask once more
where they are a question by themselves: "That is no valid IBAN. Once more?".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from ..expressions import expression
from .lexicon import Unit
from .tokens import Token

KINDS = ("words", "behind", "endings", "again")
IT, HELD = "1", "4"
"""The tags of a pronoun by itself and, behind another tag, of one in it: see grammar/tags.lark."""
_MAY_HOLD = frozenset("GVANxLCWlp")
"""The tags of units that may have a pronoun in them, or end in one."""
_NAME = "x"
"""The tag of names of other things: phrases under TRAP."""
_VERBAL = frozenset("GVANhLCckxluyH_O")
"""The tags of units behind which a pronoun is no subject."""
_AGAIN, _GIVE, _ASKS = "5", "G", "?"
"""The tags of "try again", and of "re-enter": by itself it is said of what the sentence before has named."""
_DETERMINER = expression(r"1(?=[DdPQ])")
"""What could be a pronoun, before a datum: "het wachtwoord", "die Nummer"."""
_SHORT = 8
"""The units of a sentence that says no more than that."""
_BEGIN = Unit("", 0, 0, ())
_BY_ITSELF = frozenset("_xyut")
_MOST = 2  # words of one by itself: "me lo"
_SHORTEST = 5  # letters of a verb with its ending


class Pronouns:
    """The pronouns of a language."""

    def __init__(self, of: Mapping[str, Iterable[str]]) -> None:
        self._words: set[str] = set()
        self._after: dict[str, set[str]] = {}
        for written in of.get("words", ()):
            before, _, word = written.rpartition(" ")
            if before:
                self._after.setdefault(word, set()).add(before)
            else:
                self._words.add(word)
        self._behind = frozenset(of.get("behind", ()))
        self._any = self._words.union(self._after, self._behind)
        self._endings = tuple(of.get("endings", ()))
        self._again = frozenset(of.get("again", ()))

    def shown(self, units: list[Unit], tokens: list[Token]) -> str:
        """The tags of a sentence with its pronouns; "" if it has none and says nothing else of the one before."""
        if self._asks_again(units, tokens):
            return _AGAIN + _ASKS
        anew = any(unit.tag == _AGAIN for unit in units) or (
            len(units) <= _SHORT and any(unit.tag == _GIVE for unit in units)
        )
        if (
            not anew
            and not self._endings
            and self._any.isdisjoint([token.norm for token in tokens[units[0].first : units[-1].last]] if units else ())
        ):
            return ""
        tags = [self._tag(unit, tokens, before.tag) for before, unit in pairwise([_BEGIN, *units])]
        shown = _DETERMINER.sub("_", "".join(tags))
        return shown if anew or IT in shown or HELD in shown else ""

    def held_by(self, unit: Unit, tokens: list[Token]) -> bool:
        """Whether a pronoun stands in a unit of any tag: "mail it to us"."""
        return self._holds(unit.first, unit.last, tokens, True)

    def _asks_again(self, units: list[Unit], tokens: list[Token]) -> bool:
        """Whether a sentence is "once more?" and no more."""
        if not 1 < len(units) <= _SHORT or units[-1].tag != _ASKS:
            return False
        return " ".join([token.norm for token in tokens[units[0].first : units[-1].first]]) in self._again

    def _tag(self, unit: Unit, tokens: list[Token], before: str) -> str:
        tag, first, last, _ = unit
        if tag in _BY_ITSELF and last - first <= _MOST and self._is_one(last - 1, tokens, before in _VERBAL):
            return IT
        if tag in _MAY_HOLD and (self._ends(tokens[last - 1].norm) or self._holds(first, last, tokens, tag != _NAME)):
            return tag + HELD
        return tag

    def _holds(self, first: int, last: int, tokens: list[Token], verbal: bool) -> bool:
        """In a name ("naam van het product") what could stand behind a verb is an article."""
        return last > first + 1 and any(self._is_one(at, tokens, verbal and at > first) for at in range(first, last))

    def _is_one(self, at: int, tokens: list[Token], behind: bool) -> bool:
        word = tokens[at].norm
        if word in self._words or (behind and word in self._behind):
            return True
        return word in self._after and at > 0 and tokens[at - 1].norm in self._after[word]

    def _ends(self, word: str) -> bool:
        return len(word) >= _SHORTEST and word.endswith(self._endings)
