"""Texts of which git left two versions, as it could not merge them: none of them can be read before one is chosen."""

from __future__ import annotations

from ..source import Source, mistake

CONFLICT = (
    "git could not merge two versions of this and left both here: choose one, and take out the lines with <<<<<<<, "
    "======= and >>>>>>>"
)
_LINES = ("csv", "po", "lg")
"""Kinds of text of which every line may be read, those between two versions too: they would pass for texts."""
_STRINGS = (".properties", ".strings")
_OURS, _BETWEEN, _THEIRS = "<<<<<<< ", "\n=======", "\n>>>>>>> "


def conflict(text: str, at: int) -> int:
    """Where two versions begin that git left around or above what can't be read, the nearest; -1 if there are none."""
    begun = text.rfind(f"\n{_OURS}", 0, at + len(_OURS) + 1) + 1
    if not text.startswith(_OURS, begun):
        return -1
    end = text.find(_THEIRS, begun)
    return begun if end >= 0 and text.find(_BETWEEN, begun, end) >= 0 else -1


def may_begin(text: str) -> bool:
    """Whether a line stands in a text, a piece of a whole perhaps, with which one of two versions begins."""
    return text.startswith(_OURS) or f"\n{_OURS}" in text


def refuse_conflict(source: Source, kind: str) -> None:
    """Raise SourceError for a text of lines in which git left two versions of some."""
    text = source.text
    if kind not in _LINES and not source.path.lower().endswith(_STRINGS):
        return
    left = conflict(text, text.find(_THEIRS)) if _OURS in text and _THEIRS in text else -1
    if left >= 0:
        raise mistake(source, left, CONFLICT)
