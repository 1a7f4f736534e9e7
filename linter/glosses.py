"""What the names in the grammars mean, in plain words: constructions, tags, and the features that a verdict rests on.

Names are for linguists; grammar/glosses.yaml says of each in one line what was recognised, in every language that
neverask speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .language.tagset import tags
from .resources import grammar

FILE = "glosses.yaml"
_WORDS = frozenset({"word", "before-word", "after-word", "around-word", "term"})
"""Features that name words of the text."""
_TAGS = frozenset(
    {"left", "left2", "right", "right2", "around", "clause-left", "clause-right", "sentence-left", "sentence-right"}
) | {"filled", "ends"}
"""Features that name tags, one character each."""
_WAYS = "asks", "away", "never", "yours", "advised", "advice", "barred", "there", "ours", "offered"


class Glosses:
    """The glosses in one language. ``called`` says a category of data in it."""

    def __init__(self, language: str, called: Callable[[str], str]) -> None:
        import yaml

        text = grammar(FILE)
        self._all: dict[str, Any] = yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        self._language = language
        self._called = called
        self.tags = {character: name for name, character in reversed(list(tags(grammar("tags.lark")).items()))}
        """The names of the characters that stand for words in the grammars; of several for one the first."""

    def _of(self, kind: str, name: str) -> str:
        """A gloss, "" where there is none."""
        return str(self._all[kind].get(name, {}).get(self._language, ""))

    def force(self, construction: str) -> str:
        """What a construction speaks for, by what its name begins with."""
        return self._of("forces", construction.partition("_")[0])

    def construction(self, name: str) -> str:
        """What was recognised; where that is not known, what it speaks for."""
        return self._of("constructions", name) or self.force(name)

    def feature(self, name: str) -> str:
        """A feature of a proposal in plain words, as far as its parts are known."""
        place, _, value = name.partition(":")
        if not value:
            return "; ".join(map(self._flag, name.split(" & ")))
        where = self._of("places", place)
        if place in _WORDS:
            return f"{where}: '{value}'"
        if place in _TAGS:
            return f"{where}: {self._tagged(value)}"
        if not where:  # how it is named or what it is, and how its sentence ends
            how = self._kind(place) if self._of("kinds", place) else self._called(place)
            return f"{how}; {self._of('places', 'ends')}: {self._tagged(value)}"
        return f"{where}: {self._value(place, value)}"

    def _value(self, place: str, value: str) -> str:
        if place == "category":
            return self._called(value)
        section = {"kind": "kinds", "hangs-on": "links"}.get(place, "constructions")
        return self._of(section, value) or self._of("said", value) or value

    def _flag(self, name: str) -> str:
        """One of two features that count together, or one that stands alone."""
        said = self._of("said", name)
        if said:
            return said
        if name.startswith("as-"):
            return self._kind(name.removeprefix("as-"))
        where, _, way = name.rpartition("-")
        if way in _WAYS and where:
            return f"{self._of('places', where)}: {self.force(way.upper()) or self._of('said', way)}"
        return self._called(name)

    def _kind(self, name: str) -> str:
        return f"{self._of('places', 'kind')}: {self._of('kinds', name)}"

    def _tagged(self, characters: str) -> str:
        return " + ".join(map(self._tag, characters))

    def _tag(self, character: str) -> str:
        if character == "-":
            return self._of("said", "no-mark")
        return self._of("tags", self.tags.get(character, "")) or self._of("said", character) or character
