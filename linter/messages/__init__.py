"""What neverask says to people, in their language.

The program writes English. A catalogue has the sentences with their changing parts in braces, and the same sentences
in one other language; a sentence is told by its form, so that no rule knows of languages, and what no catalogue has is
said in English.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable
from functools import cache
from typing import Any

ENGLISH = "en"
LANGUAGES = (ENGLISH, "nl")
_PART = re.compile(r"\{(\w+)\}")
_LISTS = ("; ", ", ", " and ")


class Catalogue:
    """The sentences of one language beside the English ones."""

    def __init__(self, language: str) -> None:
        english, own = catalogue(ENGLISH), catalogue(language)
        self.words: dict[str, str] = {said: own["words"][key] for key, said in english["words"].items()}
        self.sentences = [
            (_pattern(said), own["sentences"][key])
            for key, said in sorted(english["sentences"].items(), key=lambda pair: -len(_PART.sub("", pair[1])))
        ]

    def say(self, text: str) -> str:
        """The text in this language, as it is where the catalogue does not have it."""
        return self._said(text) or text

    def _said(self, text: str) -> str:
        if text in self.words:
            return self.words[text]
        for pattern, said in self.sentences:
            found = pattern.fullmatch(text)
            if found is not None:
                parts = {name: self._said(value) or value for name, value in found.groupdict().items()}
                return _PART.sub(lambda part, parts=parts: parts[part[1]], said)  # type: ignore[misc]
        for mark in _LISTS:
            if mark in text:
                told = [self._said(part) for part in text.split(mark)]
                if any(told):
                    join = self.words.get(mark.strip(), mark.strip())
                    said = mark.replace(mark.strip(), join) if mark.strip() else mark
                    return said.join(one or part for one, part in zip(told, text.split(mark), strict=True))
        return ""


def _pattern(said: str) -> re.Pattern[str]:
    parts = _PART.split(said)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)), re.DOTALL
    )


@cache
def catalogue(language: str) -> dict[str, Any]:
    """The file of a language: ``words`` and ``sentences`` by name."""
    import yaml

    data = pkgutil.get_data(__name__, f"{language}.yaml")
    assert data is not None
    value: dict[str, Any] = yaml.safe_load(data)
    return value


@cache
def speaker(language: str) -> Callable[[str], str]:
    """What says an English text in a language; English for one without a catalogue."""
    return Catalogue(language).say if language in LANGUAGES and language != ENGLISH else str
