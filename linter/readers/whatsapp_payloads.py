"""Messages as the WhatsApp Cloud API takes them: alone, and in the bodies of Postman, Make and other carriers.

Messages that the API hands over (webhooks) are the customers' own words and no text of the company.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours, whatsapp_flows, whatsapp_templates
from .building import Builder
from .drafts import StepDraft
from .fields import role
from .nodes import Node, is_schema, root
from .program_code import literals
from .prose import is_sentence, places
from .reasons import CUSTOMER, ELSEWHERE, NO_JSON, TEMPLATE

NAME = "whatsapp-payloads"
TITLE = "WhatsApp Cloud API messages"

_MARK = "messaging_product"
_INBOUND = "whatsapp_business_account"
_CONTENTS = frozenset(
    ("text", "interactive", "template", "image", "document", "video", "audio", "sticker", "location", "contacts")
)
_MEDIA = ("image", "video", "document", "audio")
_TAKEN = {
    "location_request_message": ("location", "location"),
    "address_message": ("delivery address", "text"),
    "request_contact_info": ("contact info", "contact"),
}
"""Messages that ask by what they are, whatever their words say: what they take, and how."""
ROW_TEXTS = (("title", "option"), ("description", "reply"))
"""What a row of a list says, and as what: the customer chooses its title, the company says what stands below it."""
_BESIDE = "this text stands outside the messages for WhatsApp, so it is not read"
_DOUBTFUL = 2
"""The rank of names, such as "value", under which hardly ever a text stands in what carries messages."""
_VARIABLE = re.compile(r"\{\{[^{}\n]*\}\}|<[A-Z][A-Z_-]*>")


def is_message(value: Any) -> bool:
    """Whether a value is a message to send (or the company's profile, which customers read too)."""
    if not isinstance(value, dict) or value.get(_MARK) != "whatsapp" or is_schema(value):
        return False
    return not _CONTENTS.isdisjoint(value) or "about" in value or "description" in value


def is_inbound(value: Any) -> bool:
    """Whether a value is a webhook: what customers wrote."""
    return isinstance(value, dict) and value.get("object") == _INBOUND and isinstance(value.get("entry"), list)


def claims(document: Document) -> bool:
    text = document.source.text
    if not isinstance(document.value, (dict, list)) or (_MARK not in text and _INBOUND not in text):
        return False
    return any(not node.text for node, _ in _found(root(document), ""))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document, ("whatsapp",))
    found = list(_found(root(document), ""))
    for node, name in found:
        if node.text:
            builder.overlook(node, NO_JSON, name)
        elif is_inbound(node.value):
            builder.skip(node, CUSTOMER, name)
        elif is_message(node.value):
            read_message(builder, node, name)
        else:
            _template(builder, node, neighbours)
    _tell_rest(builder, root(document), found)
    return builder.conversation()


def _tell_rest(builder: Builder, whole: Node, found: list[tuple[Node, str]]) -> None:
    """Tell of the first sentence under each name for a text beside the messages: what carries them may say more."""
    own = {node.path for node, _ in found if node.document is whole.document}
    told: set[str] = set()
    for path in places(whole.value, is_sentence):
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        text = whole.at(*path)
        is_own = any(path[:end] in own for end in range(len(path) + 1)) or text.text.lstrip().startswith(("{", "["))
        named = role(name)
        if name not in told and not is_own and named.kind in ("text", "beside", "subject") and named.rank < _DOUBTFUL:
            told.add(name)
            builder.overlook(text, _BESIDE, name)


def _found(node: Node, name: str) -> Iterator[tuple[Node, str]]:
    """Messages, webhooks and templates at any depth, also in strings, with the name of what carries them.

    A string that should hold one and is not JSON is found itself.
    """
    value = node.value
    if is_message(value) or is_inbound(value):
        yield node, name
    elif isinstance(value, str):
        if value.lstrip()[:1] in ("{", "[") and (_MARK in value or _INBOUND in value or '"components"' in value):
            inner = body(node)
            if inner.value is not None:
                yield from _found(inner, name)
            elif _INBOUND not in value:
                yield node, name
    elif is_schema(value):
        return
    elif node.document.source.path and _is_template_body(node):
        yield node, name
    else:
        name = node.first("name", "friendly_name").text or name
        for _, item in node.items():
            yield from _found(item, name)
        for item in node:
            yield from _found(item, name)


def body(node: Node, start: int = 0) -> Node:
    """The JSON in a request's body; variables that stand bare in it are taken for null."""
    return node.inner(start, _without_variables)


def request(builder: Builder, node: Node, name: str) -> Node:
    """The JSON in the body of a request; that a message in it can't be read is told."""
    sent = body(node)
    if sent.value is None and _MARK in node.text:
        builder.overlook(node, NO_JSON, name)
    return sent


def beside_message(builder: Builder, step: StepDraft, node: Node) -> Node | None:
    """What is in the body of a request, perhaps a string of JSON; None where that is a message, which is read."""
    sent = request(builder, node, step.id) if node.text else node
    if not is_message(sent.value):
        return sent
    read_message(builder, sent, step.id, step)
    return None


def _without_variables(text: str) -> str:
    """Null, of the same length, for each variable outside strings."""
    parts: list[str] = []
    at = 0
    for string in literals(text, quotes='"'):
        parts += [_VARIABLE.sub(_null, text[at : string.start]), text[string.start : string.end]]
        at = string.end
    return "".join([*parts, _VARIABLE.sub(_null, text[at:])])


def _null(variable: re.Match[str]) -> str:
    return "null".ljust(len(variable[0])) if len(variable[0]) >= 4 else "0".ljust(len(variable[0]))


def _is_template_body(node: Node) -> bool:
    """Whether this is a template inside a string; a file of templates has a reader of its own."""
    inside = isinstance(node.document, Document) and not node.path and "components" in node
    return inside and isinstance(node.document, Document) and whatsapp_templates.claims(node.document)


def _template(builder: Builder, node: Node, neighbours: Neighbours) -> None:
    assert isinstance(node.document, Document)
    builder.merge(whatsapp_templates.read(node.document, neighbours))


def _flow(builder: Builder, node: Node, name: str) -> None:
    """The form that a button opens, when it is in the file."""
    whatsapp_flows.read_string(builder, node, name)


def _say(builder: Builder, step: StepDraft | None, node: Node, id: str, kind: str = "reply") -> None:
    builder.say(step, node, id, kind, channels=("whatsapp",))


def read_message(builder: Builder, node: Node, name: str = "", step: StepDraft | None = None) -> None:
    """Add one message to send, said by a step where there are steps."""
    prefix = f"{name}." if name else ""
    _say(builder, step, node["text"]["body"], f"{prefix}text")
    for kind in _MEDIA:
        _say(builder, step, node[kind]["caption"], f"{prefix}{kind}.caption")
    _say(builder, step, node["document"]["filename"], f"{prefix}document.filename", "label")
    for key in ("name", "address"):
        _say(builder, step, node["location"][key], f"{prefix}location.{key}")
    for key in ("about", "description"):
        _say(builder, step, node[key], f"{prefix}profile.{key}")
    if node["template"].is_mapping:
        builder.unseen(node["template"].first("name", "language"), TEMPLATE, node["template"]["name"].name)
        _fillings(builder, step, node["template"], f"{prefix}template")
    if node["interactive"].is_mapping:
        _interactive(builder, node["interactive"], f"{prefix}interactive", step)


def _fillings(builder: Builder, step: StepDraft | None, node: Node, id: str) -> None:
    """What is put into the gaps of a template, on its cards too: often a half of the sentence."""
    for number, component in enumerate(node["components"]):
        for place, parameter in enumerate(component["parameters"]):
            if len(parameter["text"].text.split()) > 1:
                _say(builder, step, parameter["text"], f"{id}[{number}][{place}]")
        for place, card in enumerate(component["cards"]):
            _fillings(builder, step, card, f"{id}[{number}].cards[{place}]")


def _interactive(builder: Builder, node: Node, id: str, step: StepDraft | None) -> None:
    _say(builder, step, node["header"]["text"], f"{id}.header", "title")
    _say(builder, step, node["body"]["text"], f"{id}.body")
    _say(builder, step, node["footer"]["text"], f"{id}.footer")
    action = node["action"]
    parameters = action["parameters"]
    _say(builder, step, action["button"], f"{id}.button", "button")
    for key in ("display_text", "flow_cta"):
        _say(builder, step, parameters[key], f"{id}.{key}", "button")
    for number, button in enumerate(action["buttons"]):
        _say(builder, step, button["reply"]["title"], f"{id}.buttons[{number}]", "button")
    for number, section in enumerate(action["sections"]):
        _section(builder, section, f"{id}.sections[{number}]", step)
    for number, card in enumerate(action["cards"]):
        _interactive(builder, card, f"{id}.cards[{number}]", step)
    type = node["type"].name
    if type in _TAKEN:
        name, component = _TAKEN[type]
        builder.take(step, node["type"], name, type, component, channels=("whatsapp",))
    elif type == "flow":
        _flow(builder, parameters["flow_json"], parameters["flow_name"].name)
        if not parameters["flow_json"]:
            builder.unseen(parameters.first("flow_id", "flow_name", "flow_cta"), ELSEWHERE, f"{id}.flow")
        handed(builder, step, parameters["flow_action_payload"]["data"], f"{id}.data")


def handed(builder: Builder, step: StepDraft | None, node: Node, id: str) -> None:
    """What the first screen of a flow is given in so many words, to be shown there."""
    if is_sentence(node.value):
        _say(builder, step, node, id)
    for key, value in node.items():
        handed(builder, step, value, f"{id}.{key}")
    for number, item in enumerate(node):
        handed(builder, step, item, f"{id}[{number}]")


def _section(builder: Builder, section: Node, id: str, step: StepDraft | None) -> None:
    _say(builder, step, section["title"], f"{id}.title", "title")
    for number, row in enumerate(section["rows"]):
        for key, kind in ROW_TEXTS:
            _say(builder, step, row[key], f"{id}.rows[{number}].{key}", kind)
