"""The words that every policy knows: categories, sets, channels, kinds of place."""

from __future__ import annotations

SENSITIVE = (
    "bank-account",
    "payment-card",
    "card-security-code",
    "password",
    "pin",
    "one-time-code",
    "security-answer",
    "access-secret",
    "national-id",
    "identity-document",
    "identity-document-copy",
    "other-document-copy",
    "biometric",
    "health",
    "special-category",
    "financial-situation",
    "signature",
)
PERSONAL = (
    "name",
    "email",
    "phone",
    "home-address",
    "date-of-birth",
    "location",
    "login-name",
    "birth-place-and-family",
    "vehicle-id",
    "booking-credential",
)
UNKNOWN = "unknown"
CATEGORIES = (*SENSITIVE, *PERSONAL, UNKNOWN)
SETS = {
    "sensitive": frozenset(SENSITIVE),
    "personal": frozenset(PERSONAL),
    "any": frozenset((*SENSITIVE, *PERSONAL)),
}
CHANNELS = ("whatsapp", "messenger", "instagram", "telegram", "sms", "email", "webchat", "voice", "public")
OTHER_CHANNELS = (
    "slack", "msteams", "teams", "microsoft teams", "line", "viber", "skype", "kik", "discord", "wechat",
    "alexa", "google assistant", "google chat", "hangouts", "rcs", "imessage", "mattermost",
    "rocketchat", "webex", "zoom", "twitter", "linkedin", "fax", "post", "letter", "brief", "portal", "internal",
    "intern",
)  # fmt: skip
"""Where a conversation can take place besides: a text that goes there goes over none of the ``CHANNELS``."""

ALSO_CALLED = {
    "web": "webchat", "website": "webchat", "livechat": "webchat", "widget": "webchat", "webwidget": "webchat",
    "facebook": "messenger", "fb": "messenger", "facebookmessenger": "messenger", "wa": "whatsapp", "ig": "instagram",
    "text": "sms", "textmessage": "sms", "textmessages": "sms", "phone": "voice", "phonecall": "voice",
    "phonecalls": "voice", "call": "voice", "calls": "voice", "telephone": "voice", "telephony": "voice", "ivr":
    "voice", "telefoon": "voice", "telefon": "voice", "téléphone": "voice", "telephon": "voice", "teléfono": "voice",
    "telefono": "voice", "telefone": "voice",
}  # fmt: skip
"""Other names of the ``CHANNELS``, by their letters alone: whoever writes one speaks of no channel of their own."""


def plain_name(name: str) -> str:
    """The name of a channel or slot as it is compared: "Google-Assistant" is "googleassistant"."""
    return "".join(filter(str.isalnum, name)).lower()


def plain_tag(tag: str) -> str:
    """A tag as it is compared: capitals and the number of blanks make no difference."""
    return " ".join(tag.split()).casefold()


PLACES = ("portal", "app", "phone", "branch", "post", "email", "website", "form", "private message")
NEVER_READ = frozenset({"form"})
"""Kinds of place to which no text is read to lead: a form is a page or a portal."""
LEVELS = ("error", "warning", "off")
NEVER_PARTIAL = frozenset({"pin", "card-security-code", "one-time-code", "password", "access-secret"})
"""A part of these serves as the whole or is secret by itself (PCI DSS 3.3.1), so "partial" never excuses
them.
"""
