"""Texts of which git left two versions, as it could not merge them: none of them can be read before one is chosen."""

from __future__ import annotations

CONFLICT = (
    "git could not merge two versions of this and left both here: choose one, and take out the lines with <<<<<<<, "
    "======= and >>>>>>>"
)
_OURS, _BETWEEN, _THEIRS = "<<<<<<< ", "\n=======", "\n>>>>>>> "


def conflict(text: str, at: int) -> int:
    """Where two versions begin that git left around or above what can't be read, the nearest; -1 if there are none."""
    begun = text.rfind(f"\n{_OURS}", 0, at + len(_OURS) + 1) + 1
    if not text.startswith(_OURS, begun):
        return -1
    end = text.find(_THEIRS, begun)
    return begun if end >= 0 and text.find(_BETWEEN, begun, end) >= 0 else -1
