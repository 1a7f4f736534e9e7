"""Days: the one it is, and how they are written."""

from __future__ import annotations

from datetime import date, datetime, timezone

from .expressions import expression

_DAY = expression(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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


def iso(day: date | None) -> str:
    """A day as year-month-day, "" for none."""
    return day.isoformat() if day else ""


def this_day() -> date:
    """The day it is in UTC: a hook and CI judge exceptions alike, and reports are the same in every time zone."""
    return datetime.now(timezone.utc).date()
