"""Addresses that lead out of a conversation, and placeholders that are named like one."""

from __future__ import annotations

import re
from functools import lru_cache

SMS = r"sms(?:to)?:"
WHATSAPP = r"(?:www\.|api\.|web\.)?whatsapp\.com"
_STAYS = re.compile(
    rf"\s*(?:#|javascript:|{SMS}|whatsapp:|(?:https?://)?(?:{WHATSAPP}|wa\.me|wa\.link|m\.me"
    r"|(?:www\.)?messenger\.com|t\.me)(?:/|\Z))",
    re.IGNORECASE,
)
"""Where a link goes on with the conversation, or nowhere. Short links of the chat apps: wa.me, m.me, t.me."""
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_ADDRESSES = frozenset(("link", "url", "uri", "href", "website", "webpage", "weblink", "hyperlink", "enlace", "lien"))
_SHOWN = frozenset(("photo", "foto", "image", "img", "picture", "logo", "icon", "avatar", "media", "video"))
"""What an address may be of that is shown where it stands."""


def leads_away(url: str) -> bool:
    """Whether a link with this address opens something else than the conversation it stands in."""
    return bool(url.strip()) and _STAYS.match(url) is None


@lru_cache(maxsize=256)
def names_address(name: str) -> bool:
    """Whether a placeholder is named like the address of a page: "form_url", "resetLink"."""
    parts = {part.lower() for part in _PART.findall(name)}
    return not parts.isdisjoint(_ADDRESSES) and parts.isdisjoint(_SHOWN)
