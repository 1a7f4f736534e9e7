"""What an exception says wherever it stands, in a policy or beside what it excepts: until when it holds, and why."""

from __future__ import annotations

from datetime import date

from ..expressions import expression

MEND_EXPIRED = "Remove it and mend what it covered, or decide anew until when it holds."
_DAY = expression(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DAY = expression(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})|([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
_MONTHS = 12


def is_day(text: str) -> bool:
    """Whether a text is written as a day, year-month-day, be it in the calendar or not."""
    return _DAY.fullmatch(text) is not None


def day(text: str) -> date:
    """The day that a text says, the same in every Python: from 3.11 on weeks and days without hyphens are read, too.

    Raises ValueError for what is written in another way, and for a day that is in no calendar.
    """
    if not is_day(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def day_meant(text: str) -> str:
    """The day that a text says in another order or with other signs, as it has to be written; "" where that is not
    certain: in 04-05-2027 either number may be the month.
    """
    found = _OTHER_DAY.fullmatch(text.strip())
    if found is None:
        return ""
    if found[1]:
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


def is_over(until: date | None, today: date) -> bool:
    """Whether an exception held until a day before."""
    return until is not None and until < today


def told_expired(rule: str, until: date | None) -> tuple[str, str]:
    """What is said of one that is over, and what to do."""
    return f"the exception for '{rule}' expired on {until}", MEND_EXPIRED


def is_reason(said: object) -> bool:
    """Whether what stands as the reason says anything."""
    return any(map(str.isalnum, str(said or "")))
