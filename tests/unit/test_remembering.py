"""What is made of texts is remembered, but never more than the memory holds."""

from __future__ import annotations

import gc
import weakref

from neverask.remembering import LONGEST, remembered
from neverask.rules.glances import _Known


class Made:
    """What is made of a text."""


def test_long_texts_are_forgotten_and_short_ones_are_not() -> None:
    asked: list[str] = []
    kept: list[weakref.ref[Made]] = []

    def make(text: str, end: str) -> Made:
        asked.append(text[:5])
        made = Made()
        kept.append(weakref.ref(made))
        return made

    known = remembered(make, 100)
    for text in ("short", "other", "short", *(f"{number}" * (LONGEST + 1) for number in range(5))):
        known(text, "")
    assert asked == ["short", "other", *(f"{number}" * 5 for number in range(5))]
    gc.collect()
    assert [one() is not None for one in kept] == [True, True, False, False, False, True, True]


def test_glances_at_long_stretches_are_not_kept() -> None:
    made = _Known(lambda stretch: stretch)  # type: ignore[arg-type, return-value]
    for stretch in ("short", "x" * LONGEST, "y" * (LONGEST + 1)):
        assert made[stretch] == stretch  # type: ignore[comparison-overlap]
    assert list(made) == ["short", "x" * LONGEST]
