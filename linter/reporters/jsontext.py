"""Values to JSON that is safe to print and that every parser takes."""

from __future__ import annotations

import json
import re
from typing import Any

# What a terminal obeys (controls), what turns a line round (bidi) or can't be seen, and half pairs, which are no text.
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\U000e0000-\U000e0fff]"
)


def dumps(value: Any) -> str:
    """Indented JSON in which everything hidden is an escape. Half of a surrogate pair becomes U+FFFD.

    But a byte of a file name that is no UTF-8 is written as in a report for people: two such names are not one.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return (text if text.isascii() and "\x7f" not in text else _HIDDEN.sub(_escape, text)) + "\n"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\\\u{code:04x}"
    if 0xD800 <= code < 0xE000:
        return "\\ufffd"
    if code < 0x10000:
        return f"\\u{code:04x}"
    return "".join(f"\\u{unit:04x}" for unit in (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF)))
