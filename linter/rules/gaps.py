"""What a text asks for that the customer has only to complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..expressions import expression
from ..language.acts import Act

_TO_GAP = expression(r"[^\n.!?;,…_]*(?:[:=]|_{2,}|\.{3}|…)[ \t]*(?:$|\n)")


def before_gaps(acts: Iterable[Act], text: str) -> list[Act]:
    """Of what a text names, what stands before a gap to be filled ("My IBAN is: ")"""
    return [replace(act, force="request") for act in acts if _asks(act, text)]


def _asks(act: Act, text: str) -> bool:
    return act.force in ("mention", "request") and _TO_GAP.match(text, act.end) is not None
