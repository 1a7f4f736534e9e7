"""WhatsApp message templates as the Business Platform lists and takes them, and catalogues of such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from ..conversation import Capture, Conversation, Path
from ..documents import Document
from . import Neighbours
from .common import SAMPLE, Gathering, is_data

NAME = "whatsapp-templates"
TITLE = "WhatsApp message templates"

_TYPES = frozenset({"header", "body", "footer", "buttons", "carousel", "limited_time_offer"})
_CATEGORIES = frozenset(
    [
        "marketing",
        "utility",
        "authentication",
        "account_update",
        "payment_update",
        "ticket_update",
        "alert_update",
        "auto_reply",
    ]
)
_DEPTH = 3


def claims(document: Document) -> bool:
    return is_data(document) and any(islice(_templates(document.value, (), SAMPLE), 1))


def _templates(value: Any, path: Path, most: int | None = None) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Templates at the root or at most three wrappers deep; of siblings at most ``most`` are looked at."""
    if _is_template(value):
        yield path, value
    elif len(path) <= _DEPTH and isinstance(value, dict):
        if "screens" in value or "messaging_product" in value:
            return
        for key, item in islice(value.items(), most):
            if isinstance(item, (dict, list)):
                yield from _templates(item, (*path, key), most)
    elif len(path) <= _DEPTH and isinstance(value, list):
        for number, item in enumerate(islice(value, most)):
            if isinstance(item, dict):
                yield from _templates(item, (*path, number), most)


def _is_template(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return False
    components = value.get("components")
    if isinstance(components, list):
        return any(_type(component) in _TYPES for component in components) and _is_definition(value)
    category = value.get("category")
    return (
        isinstance(value.get("body"), str)
        and isinstance(value.get("language"), str)
        and isinstance(category, str)
        and category.lower() in _CATEGORIES
    )


def _is_definition(template: dict[str, Any]) -> bool:
    """A template as it is defined, not as it is sent: sending has the language as an object and no texts."""
    return isinstance(template.get("language", ""), str) and any(
        isinstance(component, dict) and ("parameters" not in component or "text" in component)
        for component in template["components"]
    )


def _type(component: Any) -> str:
    kind = component.get("type") if isinstance(component, dict) else None
    return kind.lower() if isinstance(kind, str) else ""


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    flows: list[tuple[Path, str]] = []
    for path, template in _templates(document.value, ()):
        _read(gathering, path, template)
        flows += _flow_buttons(path, template)
    conversation = gathering.conversation(NAME, ("whatsapp",))
    return _with_flows(conversation, document, flows) if flows else conversation


def _flow_buttons(path: Path, template: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where a button holds a whole flow, as JSON in a string."""
    components = template.get("components")
    for number, component in enumerate(components if isinstance(components, list) else ()):
        buttons = component.get("buttons") if isinstance(component, dict) else None
        for place, button in enumerate(buttons if isinstance(buttons, list) else ()):
            if isinstance(button, dict) and isinstance(button.get("flow_json"), str):
                yield (*path, "components", number, "buttons", place, "flow_json"), template["name"]


def _with_flows(conversation: Conversation, document: Document, flows: list[tuple[Path, str]]) -> Conversation:
    """The conversation together with the flows; theirs come first, since steps count messages from 0."""
    from .building import Builder
    from .nodes import root
    from .whatsapp_flows import is_flow, read_flow

    builder = Builder(NAME, document, ("whatsapp",))
    for path, name in flows:
        node = root(document).at(*path).inner()
        if is_flow(node.value):
            read_flow(builder, node, name)
    built = builder.conversation()
    return replace(
        conversation,
        messages=[*built.messages, *conversation.messages],
        captures=[*built.captures, *conversation.captures],
        flows=built.flows,
        skipped=[*built.skipped, *conversation.skipped],
        unseen=[*built.unseen, *conversation.unseen],
    )


def _read(gathering: Gathering, path: Path, template: dict[str, Any]) -> None:
    language = template.get("language")
    locale = language if isinstance(language, str) else None
    speaker = _Speaker(gathering, template["name"], locale, str(template.get("category", "")).lower())
    components = template.get("components")
    if isinstance(components, list):
        speaker.components(components, (*path, "components"), "")
        return
    for key in ("header", "body", "footer"):
        value = template.get(key)
        if isinstance(value, str):
            speaker.say(key, value, (*path, key), "title" if key == "header" else "reply")
    speaker.buttons(template.get("buttons"), (*path, "buttons"), "")


class _Speaker:
    """Says the parts of one template."""

    def __init__(self, gathering: Gathering, name: str, locale: str | None, category: str) -> None:
        self.gathering = gathering
        self.name = name
        self.locale = locale
        self.tags = (category,) if category else ()

    def say(self, part: str, text: Any, path: Path, kind: str) -> None:
        self.gathering.say(
            f"{self.name}.{part}" if part != "body" else self.name,
            text,
            path,
            kind,
            "plain",
            ("whatsapp",),
            self.locale,
            self.tags,
        )

    def components(self, components: list[Any], path: Path, prefix: str) -> None:
        for number, component in enumerate(components):
            if isinstance(component, dict):
                self.component(component, (*path, number), prefix)

    def component(self, component: dict[str, Any], path: Path, prefix: str) -> None:
        kind = _type(component)
        if kind == "buttons":
            self.buttons(component.get("buttons"), (*path, "buttons"), prefix)
        elif kind == "carousel":
            cards = component.get("cards")
            for number, card in enumerate(cards if isinstance(cards, list) else ()):
                inner = card.get("components") if isinstance(card, dict) else None
                if isinstance(inner, list):
                    self.components(inner, (*path, "cards", number, "components"), f"{prefix}card[{number}].")
        elif kind == "limited_time_offer":
            offer = component.get("limited_time_offer")
            if isinstance(offer, dict):
                self.say(f"{prefix}offer", offer.get("text"), (*path, "limited_time_offer", "text"), "title")
        elif kind in _TYPES:
            role = "title" if kind == "header" else "reply"
            self.say(f"{prefix}{kind}", component.get("text"), (*path, "text"), role)
        self.gathering.skip(component.get("example"), (*path, "example"), "samples for the reviewer", self.name)

    def buttons(self, buttons: Any, path: Path, prefix: str) -> None:
        for number, button in enumerate(buttons if isinstance(buttons, list) else ()):
            place = (*path, number)
            if not isinstance(button, dict):
                continue
            self.say(f"{prefix}button[{number}]", button.get("text"), (*place, "text"), "button")
            if str(button.get("type", "")).upper() == "REQUEST_CONTACT_INFO":
                self.gathering.captures.append(
                    Capture("contact info", place, self.gathering.document, "REQUEST_CONTACT_INFO", "contact")
                )
