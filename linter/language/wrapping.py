"""Texts with line ends at the edge of a page or window: there a sentence goes on, and a line end is a blank.

Only where the lines of a paragraph look like that: each is about as long as there was room, and the next goes on in
small letters, or with a word that is all capitals and no label ("IBAN:"). Somebody who writes without capitals, or puts
one thing on each line, means the line ends.
"""

from __future__ import annotations

from ..expressions import expression

_LEAST = 12  # characters of a line that fills the room
_FULL = 0.75  # of the longest line of the paragraph, together with the word that had no more room
_MAY_GO_ON = expression(r"\n[ \t>]*(?:[a-zß-öø-ÿœ]|[A-Z]{2})")
_GOES_ON = expression(r"(?:[a-zß-öø-ÿœ][\w'’-]*|[A-Z]{2}[\w-]*)")
_FIELD = expression(r"[ \t]*[A-Z]{2}[\w-]*\s*(?:(?:\*|\([^()\n]*\))\s*)?[:?][\s_.…]*(?:\[[^\]\n]*\]\s*)?\Z")
"""A field to be filled in, in a line of its own: "IBAN: ____"."""
_ITEM = expression(r"[ \t]*(?:[-*•+–]|\d{1,3}[.)]|\w[.)])[ \t]")
_ENDS = tuple(".!?:;…")
_OPENERS = "-*•+– \t\"'“„«¿¡("
_SENTENCE_END = expression(r"[.!?:;…][\"'”»)]*[ \t]")


def unwrapped(text: str) -> str:
    """The text with blanks in the place of line ends inside sentences; it is as long as it was."""
    if "\n" not in text or _MAY_GO_ON.search(text) is None:
        return text
    lines = text.split("\n")
    ends: list[str] = ["\n"] * (len(lines) - 1)
    first = 0
    while first < len(lines):
        last = _paragraph(lines, first)
        for number in _wrapped(lines[first : last + 1]) if last > first else ():
            ends[first + number] = " "
        first = last + 1
    return "".join(part for pair in zip(lines, [*ends, ""], strict=True) for part in pair)


def _paragraph(lines: list[str], first: int) -> int:
    """The last line of the paragraph or list item that begins with a line."""
    last = first
    while last + 1 < len(lines) and lines[last + 1].strip() and not _ITEM.match(lines[last + 1]):
        if not lines[last].strip():
            break
        last += 1
    return last


def _wrapped(lines: list[str]) -> list[int]:
    """The lines of a paragraph whose sentence goes on in the next one; [] where line ends mean something."""
    longest = max(len(line.strip()) for line in lines)
    found: list[int] = []
    goes_on = starts_big = False
    for number, line in enumerate(lines[:-1]):
        said = line.strip()
        *before, last = _SENTENCE_END.split(said)
        if before or not goes_on:
            starts_big = last.lstrip(_OPENERS)[:1].isupper()
        goes_on = False
        if said.endswith(_ENDS):
            continue
        word = lines[number + 1].split(None, 1)[0]
        if len(said) < _LEAST or len(said) + 1 + len(word) < _FULL * longest:
            return []
        if starts_big and _GOES_ON.match(word) and not _FIELD.match(lines[number + 1]):
            found.append(number)
            goes_on = True
    return found
