"""Web pages in the place of an export: what a server shows to whoever is not logged in, or tells of an error."""

from __future__ import annotations

import re

from ..expressions import expression

_PAGE = expression(r"\s*(?:<!--.*?-->\s*)?(?:<!doctype html|<html[\s>])", re.IGNORECASE | re.DOTALL)
_TITLE = expression(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_LOOKED_AT = 20_000


def page(text: str) -> str:
    """What is said of a text that is a web page, "" if it is none."""
    start = text[:_LOOKED_AT]
    if not _PAGE.match(start):
        return ""
    title = _TITLE.search(start)
    named = f" ('{' '.join(title[1].split())}')" if title and title[1].strip() else ""
    return (
        f"this is a web page{named} and no export, probably one that asks to log in or tells of an error: log in and "
        "export again"
    )
