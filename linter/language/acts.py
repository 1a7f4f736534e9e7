"""What a text does with data: the acts of asking, forbidding, promising, sending elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """One act over one datum.

    ``force`` is request, prohibition, assurance, redirect, claim or mention. ``data`` is a category
    ("bank-account"), or for a claim its name ("the channel is safe"). ``start`` and ``end`` are character offsets in
    the analysed text: the words that do it. ``partial``: only a part that can't serve as the whole is asked for;
    ``shielded``: a copy with number and photo covered. ``places``: the kinds of place to which the text sends the
    customer. ``construction`` names the terminal of the grammar; ``score`` is the weight of the evidence (above 0: the
    text asks).
    """

    force: str
    data: str
    start: int
    end: int
    term: str = ""
    partial: bool = False
    shielded: bool = False
    places: tuple[str, ...] = ()
    construction: str = ""
    score: float = 0.0
