"""Chatwoot inboxes: what each says by itself, the form before a chat, the templates of a WhatsApp number."""

from __future__ import annotations

from ..conversation import Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, is_data, mostly, records, truth
from .components import component_of
from .nodes import Node
from .plans import overlook_others
from .whatsapp_templates import add_templates, with_flows

NAME = "chatwoot-inboxes"
TITLE = "Chatwoot inboxes"

_ENVELOPES = ("payload", "inboxes", "data")
_CHANNELS = {
    "Channel::WebWidget": "webchat", "Channel::Whatsapp": "whatsapp", "Channel::FacebookPage": "messenger",
    "Channel::Instagram": "instagram", "Channel::Telegram": "telegram", "Channel::Sms": "sms",
    "Channel::TwilioSms": "sms", "Channel::Email": "email",
}  # fmt: skip
_SAID = {
    ("welcome_title",): ("title", ""),
    ("welcome_tagline",): ("reply", ""),
    ("greeting_message",): ("reply", "greeting_enabled"),
    ("out_of_office_message",): ("reply", "working_hours_enabled"),
    ("csat_config", "message"): ("reply", "csat_survey_enabled"),
    ("pre_chat_form_options", "pre_chat_message"): ("reply", "pre_chat_form_enabled"),
}
"""Where the texts stand, the kind of each, and what says whether it is sent."""
_OWN = frozenset([*(steps[0] for steps in _SAID), "message_templates", "web_widget_script", "provider_config"])


def claims(document: Document) -> bool:
    return is_data(document) and mostly(document, is_inbox, *_ENVELOPES)


def is_inbox(record: Record) -> bool:
    return record.has("name") and str(record.get("channel_type")).startswith("Channel::")


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    flows: list[tuple[Path, str]] = []
    for record in records(document, *_ENVELOPES):
        if is_inbox(record):
            read_inbox(gathering, record)
            flows += add_templates(gathering, record.get("message_templates"), record.at("message_templates"))
    conversation = gathering.conversation(NAME)
    return with_flows(conversation, document, flows) if flows else conversation


def read_inbox(gathering: Gathering, record: Record) -> None:
    name = record.name("name", "id")
    channels = channels_of(record)
    inbox = Node(record.values, record.path, gathering.document)
    for steps, (kind, switch) in _SAID.items():
        node = inbox.at(*steps)
        tags = ("inactive",) if switch and truth(record.get(switch)) is False else ()
        gathering.say(f"{name}.{'.'.join(steps)}", node.value, node.path, kind, "markdown", channels, tags=tags)
    if truth(record.get("pre_chat_form_enabled")) is not False:
        for number, field in enumerate(inbox.at("pre_chat_form_options", "pre_chat_fields")):
            if field["enabled"].value is not False:
                _read_field(gathering, field, f"{name}.pre_chat_fields[{number}]", channels)
    overlook_others(gathering, record, _OWN)


def channels_of(record: Record) -> tuple[str, ...]:
    """Twilio carries several, and says which in a field of its own."""
    medium = record.get("medium")
    if medium in ("whatsapp", "sms"):
        return (medium,)
    channel = _CHANNELS.get(str(record.get("channel_type")))
    return (channel,) if channel else ()


def _read_field(gathering: Gathering, field: Node, id: str, channels: tuple[str, ...]) -> None:
    """A field that customers fill in before they can chat."""
    for key in ("label", "placeholder", "regex_cue"):
        kind = "validation" if key == "regex_cue" else "label"
        gathering.say(f"{id}.{key}", field[key].value, field[key].path, kind, "plain", channels)
    values = field["values"]
    for number, value in enumerate(values):
        gathering.say(f"{id}.values[{number}]", value.value, value.path, "option", "plain", channels)
    type, label = field["type"].text, field["label"].text
    component = "choice" if values.value else component_of(type, "text")
    name = field["name"].text
    if name:
        gathering.take(name, field["name"].path, type, component, label, channels)
