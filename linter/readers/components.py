"""What takes an answer, by what products call it: a form, an upload, a picker."""

from __future__ import annotations

from functools import lru_cache

_COMPONENTS = (
    ("passcode", ("passcode",)),
    ("password", ("password",)),
    ("email", ("email", "e-mail")),
    ("phone", ("phone", "tel")),
    ("location", ("location", "gps")),
    ("photo", ("photo", "image", "camera", "video")),
    ("upload", ("file", "document", "upload", "media", "attachment")),
    ("date", ("date",)),
    ("number", ("number",)),
    ("signature", ("signature",)),
    ("choice", ("choice", "button", "select", "radio", "check", "dropdown", "picker")),
    ("text", ("text",)),
)


@lru_cache(1024)
def component_of(type: str, otherwise: str = "unknown") -> str:
    """The component that a product's type name says ("email input", "has_phone"), ``otherwise`` for none."""
    lower = type.lower()
    for component, words in _COMPONENTS:
        if any(word in lower for word in words):
            return component
    return otherwise
