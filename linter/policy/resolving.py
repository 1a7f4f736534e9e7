"""The names in a rule's sentence resolved: data, channels, places and disclaimers that the policy has, or a mistake."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice, pairwise
from typing import Any

from ..expressions import expression
from . import sentence as grammar
from .errors import closest, explained
from .mistakes import Mistakes
from .model import Condition, Policy, Sentence
from .names import Names, channel_meant
from .nodes import Node, within
from .own_data import kinds_known
from .patterns import mistake
from .sentence import Words
from .vocabulary import CATEGORIES, CHANNELS, PLACES

_MOST_WORDS = 20  # of one name, among which a slip is looked for
_TELLING = 5  # letters of a word that is known by its slip alone
_SAID_FOR = {"in": "on", "over": "on", "via": "on", "at": "on", "without": "except", "excluding": "except"}
_WORD = expression(r"[^\s\"]+")
_BARE_TAG = re.compile(r"\btagged\s+([^\s\"]+)\s+$", re.IGNORECASE)
_ALL_CHANNELS = re.compile(r"\bon\s+(?:all|every|each)\s+$", re.IGNORECASE)


class SentenceReader:
    """Reads the sentence at a node of a policy file, below ``root``; ``channels`` are those of the policy's own."""

    def __init__(
        self, node: Node, policy: Policy, channels: Collection[str], root: str, mistakes: Mistakes, names: Names
    ) -> None:
        self._node = node
        self._text = str(node.value)
        self._policy = policy
        self._channels = channels
        self._root = root
        self._mistakes = mistakes
        self._names = names

    def read(self) -> Sentence | None:
        """The sentence, None where it has a mistake, which is told."""
        before = len(self._mistakes.problems)
        try:
            parts = grammar.parse(self._text)
        except grammar.SentenceError as error:
            self._unreadable(error)
            return None
        sentence = self._looked_up(parts)
        for condition in sentence.unless:
            wrong, hint = mistake(condition.value) if condition.kind == "in" else ("", "")
            if wrong:
                at = self._text.rindex(condition.value)
                self._tell(at, at + len(condition.value), f"'{condition.value}' {wrong}", hint)
        if parts["disclaimer"] and sentence.disclaimer not in self._policy.disclaimers:
            self._unknown(parts["disclaimer"], "disclaimer", self._policy.disclaimers)
        return sentence.about(self._policy.sets) if len(self._mistakes.problems) == before else None

    def _tell(self, start: int, end: int, message: str, hint: str, data: str = "") -> None:
        span = within(self._node, self._text, start, end)
        self._mistakes.tell_at(self._node.source, span, message, hint, data)

    def _unreadable(self, error: grammar.SentenceError) -> None:
        word = self._text[error.start : error.end]
        hint = closest(word, [w.strip("'") for w in error.expected]) if word.strip() else ""
        if word.strip() and not self._text[: error.start].strip() and not hint.startswith("did"):
            hint = "such as  forbid asking for sensitive data on whatsapp"
        elif not hint or hint.startswith("known"):
            hint = "expected " + " or ".join(error.expected[:8]) if error.expected else ""
        hint = _meant_before(self._text[: error.start], word) or hint
        self._tell(error.start, error.end, str(error), hint)

    def _looked_up(self, parts: dict[str, Any]) -> Sentence:
        called = _disclaimer_called(parts["disclaimer"][0], self._policy) if parts["disclaimer"] else ""
        return Sentence(
            verb=parts["verb"],
            text=" ".join(self._text.split()),
            places=frozenset(self._place(named) for named in parts["places"]),
            named=tuple(self._data(named) for named in parts["data"]),
            without=tuple(self._data(named) for named in parts["without"]),
            together=parts["together"],
            channels=frozenset(self._channel(named) for named in parts["channels"] or ()),
            claim=parts["claim"],
            disclaimer=called,
            position=parts["position"],
            unless=tuple(Condition(kind, value, self._root if kind == "in" else "") for kind, value in parts["unless"]),
        )

    def _data(self, named: Words) -> str:
        """The set or category that words name, as it is called in the policy."""
        words, start, end = named
        found = data_called(words, self._policy)
        if found:
            return found
        slip = _slip_in(self._text, named, self._policy)
        if words.startswith("on ") and self._names.channel(words[3:]) in CHANNELS:
            hint = "'except' leaves out data; the channels on which a rule holds are named behind 'on'"
            self._tell(start, end, f"there is no category or set '{words}'", hint)
        elif slip is not None:
            begins, ends, meant = slip
            self._tell(begins, ends, f"'{self._text[begins:ends]}' is not expected here", f"did you mean '{meant}'?")
        else:
            names = {*CATEGORIES, *self._policy.terms, *self._policy.sets}
            known = {*names, *(f"{name} data" for name in self._policy.sets)}
            if words.endswith(" data"):
                known = {f"{name} data" for name in names}
            self._unknown(named, "category or set", known, kinds_known(self._policy.terms, self._policy.sets))
        return words

    def _channel(self, named: Words) -> str:
        name = self._names.channel(named[0])
        if name not in CHANNELS and name not in self._channels:
            self._unknown(named, "channel", {*CHANNELS, *self._channels})
        return name

    def _place(self, named: Words) -> str:
        kind = grammar.known_place(named[0])
        if kind is not None:
            return kind
        own = {name.lower() for place in self._policy.safe.own for name in place.names}
        if named[0].lower() not in own:
            self._unknown(named, "kind of place", {*PLACES, *own})
        return named[0]

    def _unknown(self, named: Words, what: str, known: Collection[str], kinds: str = "") -> None:
        """Tell of a name that is not ``known``; ``kinds`` are those of data, where one is to be named."""
        words, start, end = named
        hint = channel_meant(words, known) if what == "channel" else closest(words, known)
        if kinds and not hint.startswith("did"):
            hint = kinds
        if what == "disclaimer" and not hint:
            hint = "write it under 'disclaimers:', with its texts or elements"
        hint = explained(hint) if what == "kind of place" else hint
        if what == "channel" and hint.startswith("known"):
            hint = f"{hint}; one of your own has to stand under 'channels:'"
        if self._mistakes.may_be(hint):
            return  # the policy that is not there may bring it
        self._tell(start, end, f"there is no {what} '{words}'", hint, words if kinds else "")


def data_called(words: str, policy: Policy) -> str:
    """The set or category that words name, with or without "data" behind them; "" where there is none.

    Capitals make no difference, but between two names that differ in them alone.
    """
    for kinds in ((policy.sets,), (CATEGORIES, policy.terms)):
        if any(words in kind for kind in kinds):
            return words  # without a look at very many others
        names = {name for kind in kinds for name in kind}
        by_letters = {name.lower(): name for name in names}
        for said in (words, words.removesuffix(" data"), words.lower().removesuffix(" data")):
            for name in (said, said.replace(" ", "-")):
                found = name if name in names else by_letters.get(name.lower(), "")
                if found:
                    return found
    return ""


_DAYS = frozenset({"until", "till", "from", "since"})
_ALLOWING = frozenset({"allow", "permit", "accept", "except"})


def _meant_before(said: str, word: str) -> str:
    """What to write where a word can't go on with what is said before it, of mistakes that many make."""
    tag = _BARE_TAG.search(said)
    if tag is not None:
        return f'a name of several words stands in quotation marks: "{tag[1]} {word}"'
    if _ALL_CHANNELS.search(said) and word.lower().startswith("channel"):
        return "did you mean 'any channel'?"
    if word.lower() in _DAYS:
        return "a rule has no days: 'level: off' ends it, and an exception has them ('from:', 'until:')"
    if word.lower() in _ALLOWING and not said.strip():
        return "what may stay is said behind 'unless' in the rule that forbids it, or under 'exceptions:'"
    return ""


def _disclaimer_called(words: str, policy: Policy) -> str:
    """The disclaimer that words name, in any capitals; the words themselves where there is none."""
    if words in policy.disclaimers:
        return words
    return next((name for name in policy.disclaimers if name.lower() == words.lower()), words)


def _slip_in(text: str, named: Words, policy: Policy) -> tuple[int, int, str] | None:
    """The word behind the name of data that was read as a part of it, and the word that it should be.

    A short word is a slip of another one only where what stands before it is data.
    """
    words = list(islice(_WORD.finditer(text, named[1], named[2]), _MOST_WORDS))
    for before, word in pairwise(words):
        possible = [said for said in grammar.following(text[: before.end()]) if said.isalpha()]
        meant = _SAID_FOR.get(word[0], "")
        if meant not in possible:
            hint = closest(word[0], possible)
            meant = next((said for said in possible if hint == f"did you mean '{said}'?"), "")
            is_data = bool(data_called(" ".join(text[named[1] : before.end()].split()), policy))
            meant = meant if is_data or len(meant) >= _TELLING else ""
        if meant:
            return word.start(), word.end(), meant
    return None
