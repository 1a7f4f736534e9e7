"""Names that programs give to data ("numeroTarjeta", "utter_ask_iban", "geb_datum") to categories, in all languages."""

from __future__ import annotations

import re

from .pack import Pack
from .tokens import tokenise

_CAMEL = re.compile(r"(?<=[a-z0-9à-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLAIN = re.compile(r"[^\w]+|_+|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_PREFIXES = frozenset(
    {
        "utter",
        "ask",
        "slot",
        "form",
        "var",
        "get",
        "set",
        "temp",
        "user",
        "session",
        "flow",
        "params",
        "customer",
        "input",
        "field",
    }
)
_MASKED = frozenset(
    {
        "last4",
        "last",
        "masked",
        "laatste",
        "ending",
        "mask",
        "hash",
        "valid",
        "type",
        "status",
        "count",
        "confirmed",
        "verified",
    }
)


def split(name: str) -> str:
    """The words of a name: 'geb_datum' -> 'geb datum'."""
    parts = [part.lower() for part in _PLAIN.split(_CAMEL.sub(" ", name)) if part]
    kept = [part for part in parts if part not in _PREFIXES] or parts
    return " ".join(kept)


def categories(name: str, packs: list[Pack]) -> dict[str, str]:
    """Categories that a name stands for, each with the words that say so; {} for none or for a part."""
    said = split(name)
    if not said or _MASKED & set(said.split()):
        return {}
    tokens = tokenise(said)
    found: dict[str, str] = {}
    for pack in packs:
        units = pack.lexicon.tag(tokens)
        for place, unit in enumerate(units):
            words = " ".join(token.norm for token in tokens[unit.first : unit.last])
            if unit.tag in "DQ" and unit.data:
                found.setdefault(unit.data[0], words)
            elif unit.tag == "P" and unit.data:
                around = "".join(u.tag for u in units)
                copy, number, bare = unit.data
                if words == "id" and not {"K", "#"} & {u.tag for u in units}:
                    continue  # an identifier, such as programs give to everything
                category = copy if "K" in around else number if "#" in around or not bare else bare
                if category:
                    found.setdefault(category, words)
            elif (
                unit.tag == "d"
                and unit.data
                and len(units) <= 2
                and unit.data[0] in _CLEAR_WEAK
                and place == len(units) - 1
            ):
                found.setdefault(unit.data[0], words)
    return found


_CLEAR_WEAK = frozenset({"password", "pin", "health", "special-category", "financial-situation", "signature"})
