"""Where the words of a finding stand in the text as customers read it."""

from __future__ import annotations

import html

from ..finding import Finding
from ..meant import begun_alike

_NEAR = 40  # characters on each side by which one of several equal words is told from the others


def words_in(finding: Finding) -> tuple[int, int] | None:
    """The place of the words in ``finding.text``; None where they are written otherwise (markup, escapes) there."""
    source, (start, end) = finding.source, finding.span
    words, text = source.text[start:end], finding.text
    if not text or not words:
        return None
    for written in dict.fromkeys((words, words.strip(), " ".join(words.split()), html.unescape(words))):
        places = _all(text, written)
        if places:
            before, after = source.text[max(0, start - _NEAR) : start], source.text[end : end + _NEAR]
            best = max(places, key=lambda at: _alike(text, at, at + len(written), before, after))
            return best, best + len(written)
    return None


def _all(text: str, words: str) -> list[int]:
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _alike(text: str, start: int, end: int, before: str, after: str) -> int:
    left, right = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return begun_alike(before[::-1], left[::-1]) + begun_alike(after, right)
