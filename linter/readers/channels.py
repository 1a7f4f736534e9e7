"""Which channels a condition asks for: ``turn.activity.channelId == 'whatsapp'``, ``event.channel === "web"``; and
which addresses a message is sent to.
"""

from __future__ import annotations

import re

from ..expressions import expression
from .common import known_channels

SENDS = expression(
    r"graph\.facebook|green-?api|evolution|waha|z-?api|ultramsg|uazapi|wppconnect|gupshup|360dialog|chatwoot|twilio"
    r"|telegram\.org|botconversa|manychat|wati\.io|sendtext|sendmessage|sendmedia|sendbuttons|sendlist|send-message"
    r"|send-text|whats|/conversations/[^/]+/messages$",
    re.IGNORECASE,
)
"""In an address: what a request there says goes to a person, by a chat product."""
_ASKS = expression(
    r"""\b(?:channel(?:\.?name|_?id|_?type)?|integration|platform)\b['"\])}]*(?:\.value)?\s*"""
    r"""(?:={1,3}|\beq\b|\.equals\()\s*\\?['"](\w[\w -]*)\\?['"]""",
    re.IGNORECASE,
)
_HAS = expression(r"\bintegrations\.(voice_telephony|text_messaging|whatsapp|facebook|slack|chat)\b")
_OTHERWISE = expression(r"\|\||!|<>|\bor\b|\bnot\b|\bno[nt]e\b|\bfalse\b|\bnull\b", re.IGNORECASE)
_BESIDES = expression(r"&|\band\b|,|;", re.IGNORECASE)
_ELSE = expression(r"(?:else|default|otherwise)$|not \(", re.IGNORECASE)
_NAMES = {
    "whatsapp": "whatsapp", "facebook": "messenger", "messenger": "messenger", "instagram": "instagram",
    "telegram": "telegram", "sms": "sms", "text_messaging": "sms", "webchat": "webchat", "web": "webchat",
    "chat": "webchat", "web_chat": "webchat", "directline": "webchat", "emulator": "webchat", "msteams": "msteams",
    "teams": "msteams", "slack": "slack", "email": "email", "voice": "voice", "phone": "voice", "telephony": "voice",
    "voice_telephony": "voice", "twilio-sms": "sms",
}  # fmt: skip


def _spoken(name: str) -> str:
    """Speech, where a name says no other channel ("twilio_voice"); what else a name may mean is not told here."""
    return "voice" if known_channels(name) == ("voice",) else ""


def is_else(condition: str) -> bool:
    """Whether a way is open where the other ways of its step are not."""
    return _ELSE.match(condition) is not None


def exact_channels(condition: str) -> tuple[str, ...]:
    """The channel of which every conversation meets a condition, since it asks for nothing else."""
    return () if _BESIDES.search(condition) else asked_channels(condition)


def asked_channels(condition: str) -> tuple[str, ...]:
    """The channel that a condition asks for; () when it asks for none that is known, for several, or for others.

    What a condition asks for besides only makes it harder to come this way, so it counts all the same.
    """
    lower = condition.lower()
    if "channel" not in lower and "integration" not in lower and "platform" not in lower:
        return ()
    if _OTHERWISE.search(condition):
        return ()
    named = [*_ASKS.findall(condition), *_HAS.findall(condition)]
    found = {_NAMES.get(name.lower(), "") or _spoken(name) for name in named}
    return tuple(found) if len(found) == 1 and "" not in found else ()
