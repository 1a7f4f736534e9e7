"""Letters of UTF-8 that a program has read as the Windows code page: "numÃ©ro", "Whatâ€™s", "IBANÂ".

Spreadsheets make them of a file that they open in the wrong encoding and save again. Customers still see what is meant.
"""

from __future__ import annotations

import re

from ..expressions import expression
from .traced import Edit

_REST = "\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xbf€ƒ†‡ˆ‰ŠŒŽ˜™šœžŸ"
"""What the code page shows for the second and later bytes of a letter, but for marks."""
_MARKS = "\xa0«»‚‘’„“”…•–—‹›"
"""Marks that it shows for such: these may stand behind a word in capitals, too ("IRMÃ…")."""
TIMES = 4
"""So often a text may have been misread."""
_SMALL = "a-zß-öø-ÿ"
_LETTER = r"[^\W\d_]"
_MISREAD = expression(
    rf"Ã[{_REST}]|(?<=[{_SMALL}])Ã[{_MARKS}]|Ã[{_MARKS}](?={_LETTER})|(?<!{_LETTER})Ã\xa0"
    rf"|(?<=[{_SMALL}])Ã(?!{_LETTER})|(?<!\w)Ã(?= )"  # an "à" whose second byte, a blank, became another or was lost
    rf"|Â(?:[\xa0-\xbf]|(?!{_LETTER}))"  # a blank that is no blank, or what was left of it
    rf"|â(?:€|\x80)[{_REST}{_MARKS}]?|â[‚„][{_REST}{_MARKS}]"
)


def may_be(text: str) -> bool:
    """A very cheap look that rules out nearly all texts."""
    return "Ã" in text or "Â" in text or "â€" in text or "â\x80" in text


def misread_edits(text: str) -> list[Edit]:
    """Letters that were read in the wrong encoding, by those that were meant."""
    if not may_be(text):
        return []
    return [Edit(found.start(), found.end(), _meant(found)) for found in _MISREAD.finditer(text)]


def reread(text: str) -> str:
    """A text with the letters that were meant, also where it was misread more than once; it may be shorter."""
    for _ in range(TIMES):
        if not may_be(text):
            break
        before, text = text, _MISREAD.sub(_meant, text)
        if text == before:
            break
    return text


def _meant(found: re.Match[str]) -> str:
    seen = found[0]
    if len(seen) == 1:
        return "à" if seen == "Ã" else ""
    if len(seen) == 2 and seen[0] == "â":
        return "”"  # whose last byte is none of the code page
    read = b"".join(one.encode("latin-1") if one < "\u0100" else one.encode("cp1252") for one in seen)
    return read.decode("utf-8", "ignore")
