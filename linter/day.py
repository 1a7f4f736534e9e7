"""The day it is."""

from __future__ import annotations

from datetime import date, datetime, timezone


def this_day() -> date:
    """The day it is in UTC: a hook and CI judge exceptions alike, and reports are the same in every time zone."""
    return datetime.now(timezone.utc).date()
