"""The groups of data of which a disclaimer gives examples."""

from __future__ import annotations

from .sentences import Part, Sentence

GROUPS = {
    "identity": (
        "national-id",
        "identity-document",
        "identity-document-copy",
        "other-document-copy",
        "date-of-birth",
        "name",
        "home-address",
        "biometric",
        "signature",
    ),
    "money": ("bank-account", "payment-card", "card-security-code", "financial-situation"),
    "health": ("health", "special-category"),
    "login": ("password", "pin", "one-time-code", "security-answer", "access-secret", "login-name"),
}
NAMED = frozenset(category for categories in GROUPS.values() for category in categories) - {
    "name", "home-address", "date-of-birth", "login-name",
}  # fmt: skip
"""Data that a disclaimer warns of; the others are named in too many texts to be a sign of one."""
GROUP_OF = {category: group for group, categories in GROUPS.items() for category in categories}


def names_warned(sentence: Sentence | Part) -> bool:
    """Whether a sentence names data that a disclaimer warns of."""
    return any(unit.tag in "DdP" and not NAMED.isdisjoint(unit.data) for unit in sentence.units)
