"""Sorted check sums of very many words, as they are kept in a wheel that goes to machines of either byte order."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left


def in_order(kept: array[int]) -> array[int]:
    """Numbers that are kept with the lowest byte first in the order of this machine, and back."""
    if sys.byteorder == "big":
        kept.byteswap()
    return kept


def place(sums: array[int], wanted: int) -> int:
    """At which place of sorted sums one stands, -1 if it is none of them."""
    at = bisect_left(sums, wanted)
    return at if at < len(sums) and sums[at] == wanted else -1
