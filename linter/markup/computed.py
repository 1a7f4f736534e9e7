"""Values in a style that come to nothing, however they are worked out: as the plain 0 that they are."""

from __future__ import annotations

import re

from ..expressions import expression

_FUNCTIONS = "calc|min|max|clamp"
WORKED_OUT = expression(
    rf"\b(?:{_FUNCTIONS}|matrix(?:3d)?|scale3d|rotate[xy])\(|[\d.]e-\d|(?<![\w.)])-0|\b0?\.0+\b", re.IGNORECASE
)
"""What a value is written with that may come to nothing."""
_CALL = expression(rf"\b({_FUNCTIONS})\(([^()]{{1,100}})\)", re.IGNORECASE)
_MATRIX = expression(r"\b(?:scale3d\(\s{0,9}0\s{0,9},|matrix(?:3d)?\(\s{0,9}0\s{0,9},\s{0,9}0\s{0,9},)", re.IGNORECASE)
_ON_EDGE = expression(r"\brotate[xy]\(\s{0,9}-?(?:(?:90|270)deg|0?\.[27]5turn|[13]00grad)", re.IGNORECASE)
_NOTHING = expression(r"(?<![\w.)])-(?=0)|(?<=[\d.])e-\d{1,3}|\b0?\.0+(?=\D|$)", re.IGNORECASE)
_TINY = expression(r"(?<![\w.])[\d.]{1,20}e-\d{1,3}", re.IGNORECASE)
_TERM = expression(r"([+-]?)\s{0,9}([\d.]{1,20})\s{0,9}([a-z%]{0,6})", re.IGNORECASE)
_DEEPEST = 3  # functions in each other


def settled(style: str) -> str:
    """A style in which what comes to nothing is 0. Other values stay as they are written."""
    style = _NOTHING.sub(lambda sign: "" if sign[0] == "-" else "0", _TINY.sub("0", style))
    for _ in range(_DEEPEST):
        if (now := _CALL.sub(_outcome, style)) == style:
            break
        style = now
    return _ON_EDGE.sub("scale(0,", _MATRIX.sub("scale(0,", style))


def _outcome(call: re.Match[str]) -> str:
    """0 in the place of a function that comes to it, the function elsewhere."""
    values = [_is_nothing(value) for value in call[2].split(",")]
    of = call[1].lower()
    comes = any(values) if of == "min" else values[-1] if of == "clamp" else all(values)
    return "0px" if comes else call[0]


def _is_nothing(sum_of: str) -> bool:
    """Whether a sum comes to nothing; one that can't be worked out does not."""
    if "*" in sum_of or "/" in sum_of:
        products = sum_of.split(" + ")
        return all(any(_is_nothing(one) for one in product.split("/")[0].split("*")) for product in products)
    total: dict[str, float] = {}
    if _TERM.sub("", sum_of).strip():
        return False
    for sign, number, unit in _TERM.findall(sum_of):
        try:
            total[unit.lower()] = total.get(unit.lower(), 0) + float(sign + number)
        except ValueError:
            return False
    return bool(total) and not any(total.values())
