"""What an exception says wherever it stands, in a policy or beside what it excepts: until when it holds, and why."""

from __future__ import annotations

import unicodedata
from datetime import date

from ..expressions import expression

MEND_EXPIRED = "Remove it and mend what it covered, or decide anew until when it holds."
_OTHER_DAY = expression(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})|([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
_WITH_HOUR = expression(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[t ][0-9:.]+(?:z|[+-][0-9:]+)?")
_MONTHS = 12
_LONGEST = 100  # characters of a day in words
_IN_WORDS = expression(
    r"([0-9]{1,2})(?:\.|st|nd|rd|th|er|ste|de|e|o|º|ª|°)?\s*-?\s*(?:of\s+|de\s+|di\s+|del\s+)?([^\W\d_]{3,})\.?,?"
    r"\s*-?\s*(?:de\s+|del\s+)?([0-9]{4})"
)
_MONTH_FIRST = expression(r"([^\W\d_]{3,})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})")
_CALLED = (
    "januari january januar janner janvier enero janeiro gennaio",
    "februari february februar feber fevrier febrero fevereiro febbraio",
    "maart mrt march marz maerz mars marzo marco",
    "april avril abril aprile",
    "mei may mai mayo maio maggio",
    "juni june juin junio junho giugno",
    "juli july juillet julio julho luglio",
    "augustus august aout agosto",
    "september septembre septiembre setiembre setembro settembre",
    "oktober october octobre octubre outubro ottobre",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dezembro dicembre",
)
"""The months, without accents, in the languages that replies are read in: who has them write dates so."""


def day_meant(text: str) -> str:
    """The day that a text says in another order or with other signs, as it has to be written; "" where that is not
    certain: in 04-05-2027 either number may be the month.
    """
    said = " ".join(text.lower().split()) if len(text) <= _LONGEST else ""
    if (found := _WITH_HOUR.fullmatch(said)) is not None:
        year, month, of_month = map(int, found[1].split("-"))
    elif (found := _IN_WORDS.fullmatch(said)) is not None:
        year, month, of_month = int(found[3]), _month_called(found[2]), int(found[1])
    elif (found := _MONTH_FIRST.fullmatch(said)) is not None:
        year, month, of_month = int(found[3]), _month_called(found[1]), int(found[2])
    elif (found := _OTHER_DAY.fullmatch(said)) is None:
        return ""
    elif found[1]:
        year, month, of_month = int(found[1]), int(found[2]), int(found[3])
    else:
        year, month, of_month = int(found[6]), int(found[5]), int(found[4])
        if month > _MONTHS:
            month, of_month = of_month, month
        elif of_month <= _MONTHS and of_month != month:
            return ""
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        return ""


def _month_called(word: str) -> int:
    """The number of the month of a name or of three letters of it and more; 0 where that is none, or several."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    meant = [number for number, names in enumerate(_CALLED, 1) if any(name.startswith(plain) for name in names.split())]
    return meant[0] if len(meant) == 1 else 0


def is_over(until: date | None, today: date) -> bool:
    """Whether an exception held until a day before."""
    return until is not None and until < today


def told_expired(rule: str, until: date | None) -> tuple[str, str]:
    """What is said of one that is over, and what to do."""
    return f"the exception for '{rule}' expired on {until}", MEND_EXPIRED


def is_reason(said: object) -> bool:
    """Whether what stands as the reason says anything."""
    return any(map(str.isalnum, str(said or "")))
