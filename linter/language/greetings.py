"""Whom a sentence speaks to before it says anything: "Dear customer, please send us your IBAN."

words.yaml lists them under ``greetings``: ``words``, of which a greeting begins with one, and words that what follows
may begin with, written ``small`` or with a ``capital`` letter, beside those of ``common``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..expressions import expression
from .tokens import tokenise

KINDS = ("words", "small", "capital")
_HEAD = expression(r"[^,:.!?;\n]{2,60}[,:][ \t]*(?:\r?\n)?[ \t]*")
_PICTURED = expression(
    "([^,:.!?;\\n\u2190-\u2bff\U0001f000-\U0001faff]{2,60})"
    "(?:[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*[ \\t]*)+"
)
"""What ends with an emoji instead: "Hi Jan 👋 please send us your IBAN"."""
_FEW = 3  # words of such a greeting, which nothing but its length tells from a sentence
_MOST = 7  # words and marks of a greeting: "Dear Mr. and Mrs. {{name}}"
_LONGEST = 2  # words of an entry
_FIRST = expression(r"[^\W\d_]+")


class Greetings:
    """The greetings of a language; ``common``: its commonest words as they are written."""

    def __init__(self, of: Mapping[str, Iterable[str]], common: Iterable[str]) -> None:
        self._words = frozenset(" ".join(token.norm for token in tokenise(word)) for word in of.get("words", ()))
        written = {word.lower(): word for word in common}
        self._small = frozenset((*(word for word, as_is in written.items() if word == as_is), *of.get("small", ())))
        self._capital = frozenset((*(written.keys() - self._small), *of.get("capital", ())))

    def end(self, text: str, start: int, until: int) -> int:
        """Where the greeting ends with which a sentence begins at ``start``; there where it begins with none.

        It has to end before ``until``, where the sentence says what it says.
        """
        at = start
        while (head := _HEAD.match(text, at, until)) is not None and self._greets(head[0], _MOST):
            at = head.end()
        if at == start and (head := _PICTURED.match(text, at, until)) and self._greets(head[1], _FEW):
            at = head.end()
        return at

    def _greets(self, head: str, most: int) -> bool:
        words = [token.norm for token in tokenise(head)]
        return len(words) <= most and any(" ".join(words[:length]) in self._words for length in range(1, _LONGEST + 1))

    def behind(self, said: str, rest: str) -> str:
        """A sentence as it is said behind a greeting in place of the ``rest`` of one; "" if that can't be told.

        It begins small or not, as the rest does. A noun, "I" and an abbreviation keep their capital letter; of other
        words that are not known it can't be told whether they are names.
        """
        first = _first_word(said)
        begins_anew = _first_word(rest)[:1].isupper() and not self._is_always_capital(_first_word(rest))
        if begins_anew or self._is_always_capital(first):
            return said
        return said[:1].lower() + said[1:] if first.lower() in self._small else ""

    def _is_always_capital(self, word: str) -> bool:
        return word.lower() in self._capital or (len(word) > 1 and word.isupper())


def _first_word(text: str) -> str:
    found = _FIRST.match(text.lstrip("¿¡ "))
    return found[0] if found is not None else ""
