"""What neverask says to people, in their language.

The program writes English. A catalogue has the sentences with their changing parts in braces, and the same sentences
in one other language; a sentence is told by its form, so that no rule knows of languages, and what no catalogue has is
said in English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from ..expressions import expression

Say = Callable[[str], str]
"""Says an English text in the language of who reads it."""
OwnNames = tuple[tuple[str, str], ...]
"""What an organisation's own kinds of data are called in a language, by their names in the policy."""
ENGLISH = "en"
LANGUAGES = (ENGLISH, "nl")
_PART = expression(r"\{(\w+)\}")
_LISTS = ("; ", " and ", ", ", " or ")
_BETWEEN = {mark: expression(re.escape(mark) + r"(?![^()]*\))") for mark in _LISTS}
_QUOTED = expression(r"'[^']*'|\"[^\"]*\"|[a-z] \"[^\"]*\"")
_AS_IT_IS = frozenset(
    {"address", "example", "folder", "name", "path", "paths", "place", "rule", "said", "text", "title", "words"}
)
"""Parts that are somebody's own words, not neverask's."""
_IN_QUOTES = expression(r"'\{(\w+)\}'")
_NUMBERS = frozenset({"byte", "column", "count", "days", "errors", "failed", "line", "most", "ratio", "row", "size"})
_NUMBER = "[0-9][0-9.,]*"
_LARGE = expression(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9.,]*[0-9])")
_COUNTS = expression(r"[a-z-]+ [0-9,]*[0-9](?:, [a-z-]+ [0-9,]*[0-9])*")
"""How many there are of each: "nl 1,200, en 40"."""
_OWN_DATA = expression(r"the ([\w.]+(?: [\w.]+){0,3})")
"""What an organisation's own kind of data is called; the program knows no article for it in another language."""
_LEAD = expression(r"[\s#>-]*")


class _Said(NamedTuple):
    """A text in a language, and how many characters of it could not be said and stay as they are."""

    text: str
    left: int = 0


_UNKNOWN = _Said("")


class Catalogue:
    """The sentences of one language beside the English ones."""

    def __init__(self, language: str) -> None:
        english, own = catalogue(ENGLISH), catalogue(language)
        self.names: dict[str, str] = {}
        self.thousands: str = own["thousands"]
        self.words: dict[str, str] = {said: own["words"][key] for key, said in english["words"].items()}
        self.sentences = [
            (_pattern(said), own["sentences"][key], _AS_IT_IS.union(_IN_QUOTES.findall(said)))
            for key, said in sorted(english["sentences"].items(), key=lambda pair: -len(_PART.sub("", pair[1])))
        ]

    def naming(self, names: OwnNames) -> Catalogue:
        """This catalogue with what an organisation calls its own kinds of data."""
        other = copy(self)
        other.names = dict(names)
        return other

    def say(self, text: str) -> str:
        """The text in this language, as it is where the catalogue does not have it."""
        return self._said(text, True).text or text

    def _said(self, text: str, by_itself: bool = False) -> _Said:
        """What a text says; a list ``by_itself`` may be anybody's, unless all of it is known."""
        if text in self.words:
            return _Said(self.words[text])
        if _LARGE.fullmatch(text) or (not by_itself and _COUNTS.fullmatch(text)):
            return _Said(_LARGE.sub(self._large, text))
        fits = [
            self._filled(said, as_it_is, found.groupdict())
            for pattern, said, as_it_is in self.sentences
            if (found := pattern.fullmatch(text)) is not None
        ]
        if fits:
            return min(fits, key=attrgetter("left"))
        own = None if by_itself else _OWN_DATA.fullmatch(text)
        if own is not None:
            return _Said(f"'{self.names.get(own[1], own[1])}'")
        lists = (self._list(text, mark, by_itself) for mark in _LISTS if mark in text)
        return next((said for said in lists if said.text), _UNKNOWN)

    def _large(self, number: re.Match[str]) -> str:
        return number[0].replace(",", self.thousands)

    def _filled(self, said: str, as_it_is: frozenset[str], parts: dict[str, str]) -> _Said:
        told = {
            name: _Said(value, len(value)) if name in as_it_is else self._known(value) for name, value in parts.items()
        }
        return _Said(_PART.sub(lambda part: told[part[1]].text, said), sum(part.left for part in told.values()))

    def _known(self, text: str) -> _Said:
        """What a text says, the text itself where it is not known."""
        said = self._said(text)
        return said if said.text else _Said(text, len(text))

    def _list(self, text: str, mark: str, whole_alone: bool) -> _Said:
        """A list of known parts, ``_UNKNOWN`` for any other text. A part may hold the mark itself."""
        parts, told, known = _BETWEEN[mark].split(text), [], []
        if len(parts) == 1:
            return _UNKNOWN
        while parts:
            for length in range(len(parts), 0, -1):
                whole = mark.join(parts[:length])
                word = self.words.get(whole, "")
                said = _Said(word) if word or length > 1 else self._said(whole)
                if said.text or length == 1:
                    known.append(bool(said.text) or _QUOTED.fullmatch(whole) is not None)
                    told.append(said if said.text else _Said(whole, len(whole)))
                    del parts[:length]
                    break
        if not (all if whole_alone else any)(known):
            return _UNKNOWN
        join = mark.replace(mark.strip(), self.words.get(mark.strip(), mark.strip()))
        return _Said(join.join(part.text for part in told), sum(part.left for part in told))


def many(number: int, what: str, several: str = "") -> str:
    """A number of things: "1 file", "2,000 files", "1 entry", "2 entries"."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


def series(parts: Sequence[str]) -> str:
    """Parts as people list them: "1 error", "1 error and 1 note", "1 error, 1 warning and 1 note"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def spoken(text: str, language: str, names: OwnNames = ()) -> str:
    """A text of many lines in a language: each line by itself, behind what indents it and the place it begins with."""
    say = speaker(language, names)
    return text if say is str else "\n".join(_line(line, say) for line in text.split("\n"))


def _line(line: str, say: Callable[[str], str]) -> str:
    if line.startswith("--"):  # an option, no item of a list
        return say(line)
    lead = _LEAD.match(line)
    begin = start = lead.end() if lead else 0
    said = say(line[start:])
    while said == line[start:]:
        colon = line.find(": ", start)
        if colon < 0:
            return line
        start = colon + 2
        said = say(line[start:]) if " " in line[start:] else line[start:]
    before = line[begin : start - 2]
    return line[:begin] + (f"{say(before)}: " if start > begin else "") + said


def _pattern(said: str) -> re.Pattern[str]:
    parts = _PART.split(said)
    return re.compile(
        "".join(
            f"(?P<{part}>{_NUMBER if part in _NUMBERS else '.*?'})" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        ),
        re.DOTALL,
    )


@cache
def catalogue(language: str) -> dict[str, Any]:
    """The file of a language: ``words`` and ``sentences`` by name, and what stands between ``thousands``."""
    import pkgutil

    import yaml

    data = pkgutil.get_data(__name__, f"{language}.yaml")
    assert data is not None
    value: dict[str, Any] = yaml.safe_load(data)
    return value


@lru_cache(maxsize=64)
def speaker(language: str, names: OwnNames = ()) -> Callable[[str], str]:
    """What says an English text in a language, an organisation's own data by their ``names`` in it.

    English for a language without a catalogue.
    """
    if language not in LANGUAGES or language == ENGLISH:
        return str
    return _catalogue_of(language).naming(names).say if names else _catalogue_of(language).say


@cache
def _catalogue_of(language: str) -> Catalogue:
    return Catalogue(language)
