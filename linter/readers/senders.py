"""What nodes of tools that automate send to customers: which of them go to a chat product, what in them is said."""

from __future__ import annotations

_CHATS = (
    ("whatsapp", ("whatsapp", "evolution", "waha", "zapi", "z-api", "uazapi", "wati", "wppconnect", "gupshup")),
    ("telegram", ("telegram",)),
    ("sms", ("twilio", "vonage", "messagebird", "plivo", "sms")),
    ("messenger", ("messenger", "facebookgraph")),
    ("instagram", ("instagram",)),
    ("webchat", ("chattrigger", "langchain.chat")),
    ("", ("chatwoot", "manychat", "respondio", "botconversa", "intercom")),
)
"""Words in the type of a node, and the channel it speaks on."""
_TEXT_NAMES = """
textbody text message messagetext messagebody body caption mediacaption content msg textmessage title subtitle
footer footertext description buttontext headertext welcomemessage initialmessages inputplaceholder label
displaytext display_text filename formtitle formdescription fieldlabel placeholder completionmessage
completiontitle formsubmittedtext buttonlabel option reply response answer messagebuttonlabel responseformtitle
responseformdescription responseformbuttonlabel optionvalue
"""
TEXTS = frozenset(_TEXT_NAMES.split())
"""Names of parameters that hold what is said, in lower case."""
KINDS = {
    "title": "title", "buttontext": "button", "displaytext": "button", "display_text": "button", "label": "button",
    "inputplaceholder": "label", "placeholder": "label", "fieldlabel": "label", "formtitle": "title",
    "filename": "label", "buttonlabel": "button", "option": "option", "messagebuttonlabel": "button",
    "responseformtitle": "title", "responseformbuttonlabel": "button", "optionvalue": "option",
}  # fmt: skip
"""What kind of text stands under some of these names."""


def channel_of(type: str) -> str | None:
    """The channel of a chat node ("" where the file does not say it), None for other nodes."""
    lower = type.lower().replace("_", "")
    for channel, words in _CHATS:
        if any(word in lower for word in words):
            return channel
    return None
