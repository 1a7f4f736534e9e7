"""What stands for words of a sentence: a picture with a name, an abbreviation with its meaning, a word cut by a block.

"Send us your <img alt="IBAN">" is read with the picture's name in its place, "your <abbr title="passport number">PN
</abbr>" with what it means, a word with letters above each of its own (ruby) without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..expressions import expression
from .marks import has_sentence

STANDS_IN = expression(
    r"<(?P<picture>img|area)\b(?P<of>[^<>]{0,2000})>"
    r"|<(?P<short>abbr|acronym|dfn)\b(?P<meant>[^<>]{1,2000})>[^<>]{0,100}</(?P=short)\s?>"
    r"|<(?P<above>rt|rp)\b[^<>]{0,200}>[^<>]{0,100}</(?P=above)\s?>"
    r"|(?<=[a-z])<(?P<block>p|div)\b[^<>]{0,300}>(?=[a-z])",
    re.IGNORECASE,
)
_NAME = expression(r"""\balt\s?=\s?(?:"([^"]{2,200})"|'([^']{2,200})')""", re.IGNORECASE)
_MEANING = expression(r"""\btitle\s?=\s?(?:"([^"]{2,200})"|'([^']{2,200})')""", re.IGNORECASE)
_IN_SENTENCE = expression(r"[^\W_],?[ \xa0\n]?\Z")
_WORDS = 6


def parts_instead(text: str) -> list[tuple[int, int, str]]:
    """The parts of a text, each with what is put after it, with what stands in for words; none where nothing does."""
    parts: list[tuple[int, int, str]] = []
    at = 0
    for start, end, inside in _instead(text):
        parts.append((at, start, ""))
        if inside is not None:
            parts.append((*inside, ""))
        at = end
    return [*parts, (at, len(text), "")] if parts else []


def _instead(text: str) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    """What goes (start, end), and what is read in its place."""
    for found in STANDS_IN.finditer(text):
        if found["above"]:
            yield (*found.span(), None)
        elif found["block"]:
            if text[found.start() - 1].isupper() == text[found.end()].isupper():
                yield (*found.span(), None)
        elif _IN_SENTENCE.search(text, max(0, found.start() - 3), found.start()):
            group = "of" if found["picture"] else "meant"
            said = (_NAME if found["picture"] else _MEANING).search(found[group])
            if said is not None and _names(words := said[said.lastindex or 0], bool(found["short"])):
                start = found.start(group) + said.start(said.lastindex or 0)
                yield (*found.span(), (start, start + len(words)))


def _names(words: str, is_meaning: bool) -> bool:
    """Whether words name a thing; a sentence stands by itself, and is read as such."""
    if not any(map(str.isalpha, words)) or words.rstrip().endswith((".", "!", "?")):
        return False
    return len(words.split()) <= _WORDS if is_meaning else not has_sentence(words)
