"""WhatsApp message templates as the Business Platform lists and takes them, and catalogues of such.

Gupshup lists them with their parts as JSON in a string, and with all of it run together in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from ..conversation import Capture, Conversation, Located, Path
from ..documents import Document
from . import Neighbours
from .common import SAMPLE, Gathering, is_data, same_words

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
_NAMES = ("name", "template_name", "templateName", "elementName")
_LANGUAGES = ("language", "language_code", "languageCode", "lang")
_INSIDE = ("structure", "components")
"""Where parts by their names stand, if not in the template itself."""
_PARTS = "containerMeta"
_RUN_TOGETHER = " | ["
"""Where the buttons begin in what Gupshup runs together."""
_AUTOFILL = "autofill_text"
"""What a button with a code in it is called where the app can take the code by itself."""
_DEPTH = 3
_OUT_OF_USE = frozenset({"rejected", "disabled", "archived", "deleted", "pending_deletion"})
"""What the platform says of a template that can't be sent."""


def claims(document: Document) -> bool:
    return is_data(document) and any(islice(_templates(document.value, (), SAMPLE), 1))


def _templates(value: Any, path: Path, most: int | None = None, root: int = 0) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Templates at the ``root`` (so many steps deep) or at most three wrappers deeper; of siblings at most ``most`` are
    looked at.
    """
    if _is_template(value):
        yield path, value
    elif len(path) <= root + _DEPTH and isinstance(value, dict):
        if "screens" in value or "messaging_product" in value:
            return
        for key, item in islice(value.items(), most):
            if isinstance(item, (dict, list)):
                yield from _templates(item, (*path, key), most, root)
    elif len(path) <= root + _DEPTH and isinstance(value, list):
        for number, item in enumerate(islice(value, most)):
            if isinstance(item, dict):
                yield from _templates(item, (*path, number), most, root)


def _is_template(value: Any) -> bool:
    if not isinstance(value, dict) or not _first(value, _NAMES):
        return False
    if _is_run_together(value):
        return True
    components = value.get("components")
    if isinstance(components, list):
        return any(_type(component) in _TYPES for component in components) and _is_definition(value)
    category = value.get("category")
    if not isinstance(category, str) or category.lower() not in _CATEGORIES or not _first(value, _LANGUAGES):
        return False
    parts, path = _parts(value, ())
    return bool(_text(parts.get("body"), path)[0])


def _is_run_together(value: dict[str, Any]) -> bool:
    """Whether this is a template as Gupshup lists it."""
    names = ("elementName", "languageCode", "data")
    return all(isinstance(value.get(key), str) for key in names) and (_PARTS in value or "templateType" in value)


def _first(value: dict[str, Any], keys: tuple[str, ...]) -> str:
    """The first string under one of these keys, "" when there is none."""
    return next((value[key] for key in keys if isinstance(value.get(key), str)), "")


def _parts(template: dict[str, Any], path: Path) -> tuple[dict[str, Any], Path]:
    """The mapping that holds header, body and footer by their names, and where it is."""
    for key in _INSIDE:
        inner = template.get(key)
        if isinstance(inner, dict) and "body" in inner:
            return inner, (*path, key)
    return template, path


def _text(value: Any, path: Path) -> tuple[str, Path]:
    """The text of a part, which may stand in a mapping, and where it is; "" when there is none."""
    if isinstance(value, dict):
        value, path = value.get("text"), (*path, "text")
    return (value if isinstance(value, str) else "", path)


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
    flows = add_templates(gathering, document.value, ())
    conversation = gathering.conversation(NAME, ("whatsapp",))
    return with_flows(conversation, document, flows) if flows else conversation


def add_templates(gathering: Gathering, value: Any, path: Path) -> list[tuple[Path, str]]:
    """Take the texts of the templates in a value; returns where buttons hold a flow, and the name of the template."""
    flows: list[tuple[Path, str]] = []
    for at, template in _templates(value, path, root=len(path)):
        _read(gathering, at, template)
        flows += _flow_buttons(at, template)
    return flows


def _flow_buttons(path: Path, template: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where a button holds a whole flow, as JSON in a string."""
    components = template.get("components")
    for number, component in enumerate(components if isinstance(components, list) else ()):
        buttons = component.get("buttons") if isinstance(component, dict) else None
        for place, button in enumerate(buttons if isinstance(buttons, list) else ()):
            if isinstance(button, dict) and isinstance(button.get("flow_json"), str):
                yield (*path, "components", number, "buttons", place, "flow_json"), _first(template, _NAMES)


def with_flows(conversation: Conversation, document: Document, flows: list[tuple[Path, str]]) -> Conversation:
    """The conversation together with the flows; theirs come first, since steps count messages from 0."""
    from .building import Builder
    from .nodes import root
    from .whatsapp_flows import read_string

    builder = Builder(conversation.format, document, ("whatsapp",))
    for path, name in flows:
        read_string(builder, root(document).at(*path), name)
    built = builder.conversation()
    return replace(
        conversation,
        messages=[*built.messages, *conversation.messages],
        captures=[*built.captures, *conversation.captures],
        flows=built.flows,
        skipped=[*built.skipped, *conversation.skipped],
        unseen=[*built.unseen, *conversation.unseen],
        overlooked=[*built.overlooked, *conversation.overlooked],
    )


def _read(gathering: Gathering, path: Path, template: dict[str, Any]) -> None:
    locale = _first(template, _LANGUAGES) or None
    name = _first(template, _NAMES)
    tags = [str(template.get("category", "")).lower()]
    if str(template.get("status", "")).lower() in _OUT_OF_USE:
        tags.append("inactive")
    speaker = _Speaker(gathering, name, locale, tuple(filter(None, tags)))
    components = template.get("components")
    if isinstance(components, list):
        speaker.components(components, (*path, "components"), "")
        return
    if _is_run_together(template):
        _read_run_together(gathering, speaker, path, template)
        return
    parts, path = _parts(template, path)
    for key in ("header", "body", "footer"):
        text, place = _text(parts.get(key), (*path, key))
        speaker.say(key, text, place, "title" if key == "header" else "reply")
    speaker.buttons(parts.get("buttons"), (*path, "buttons"), "")


def _read_run_together(gathering: Gathering, speaker: _Speaker, path: Path, template: dict[str, Any]) -> None:
    from .nodes import root
    from .reasons import NO_JSON

    body = template["data"].partition(_RUN_TOGETHER)[0]
    held = root(gathering.document).at(*path, _PARTS)
    parts = held.inner() if held.text else held
    if held.text.strip() and not parts.is_mapping:
        gathering.overlook(held.path, NO_JSON, speaker.name, broken=True)
    speaker.document = parts.document
    inside = parts.path
    said = [parts[key].text for key in ("header", "data", "footer")]
    for key, text in zip(("header", "body", "footer"), said, strict=True):
        speaker.say(key, text, (*inside, "data" if key == "body" else key), "title" if key == "header" else "reply")
    speaker.buttons(parts["buttons"].value, (*inside, "buttons"), "")
    for number, card in enumerate(parts["cards"]):
        speaker.say(f"card[{number}]", card["body"].text, (*inside, "cards", number, "body"), "reply")
        speaker.buttons(card["buttons"].value, (*inside, "cards", number, "buttons"), f"card[{number}].")
    speaker.document = None
    shown = ("".join(said), "".join(said[1:]), said[1])
    if not any(same_words(body, one) for one in shown):
        speaker.say("body", body, (*path, "data"), "reply")
    gathering.skip(template.get("meta"), (*path, "meta"), "samples for the reviewer", speaker.name)


class _Speaker:
    """Says the parts of one template."""

    def __init__(self, gathering: Gathering, name: str, locale: str | None, tags: tuple[str, ...]) -> None:
        self.gathering = gathering
        self.name = name
        self.locale = locale
        self.tags = tags
        self.document: Located | None = None
        """What the parts stand in, if not in the file itself."""

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
            document=self.document,
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
            self.say(f"{prefix}button[{number}].autofill", button.get(_AUTOFILL), (*place, _AUTOFILL), "button")
            if str(button.get("type", "")).upper() == "REQUEST_CONTACT_INFO":
                self.gathering.captures.append(
                    Capture(
                        "contact info",
                        place,
                        self.document or self.gathering.document,
                        "REQUEST_CONTACT_INFO",
                        "contact",
                    )
                )
