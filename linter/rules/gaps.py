"""What a text asks for that the customer has only to complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..expressions import expression
from ..language.acts import Act

_TO_GAP = expression(r"[^\n.!?;,…_]*(?:[:=]|_{2,}|\.{3}|…)[ \t]*(?:$|\n)")
_TO_END = expression(r"[^\n.!?;,…_:=]*?(\w+)[ \t]*(?:$|\n)")


def before_gaps(acts: Iterable[Act], text: str, says_is: Callable[[str], bool]) -> list[Act]:
    """Of what a text names, what stands before a gap to be filled ("My IBAN is: "); one that just stops behind a verb
    that ``says_is`` has one, too ("My IBAN is").
    """
    return [replace(act, force="request") for act in acts if _asks(act, text, says_is)]


def _asks(act: Act, text: str, says_is: Callable[[str], bool]) -> bool:
    if act.force not in ("mention", "request"):
        return False
    if _TO_GAP.match(text, act.end) is not None:
        return True
    stops = _TO_END.match(text, act.end)
    return stops is not None and says_is(stops[1].lower())
