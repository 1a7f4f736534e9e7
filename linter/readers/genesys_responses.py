"""Genesys Cloud canned responses: a library as the API lists it, a response by itself, and Terraform in JSON, as
*CX as Code* exports it.

A response has its text in plain, in HTML, or both. ``{{id}}`` is a substitution, whose default is said where none is
given. Forms are those of Apple Messages.

Sources: ``Response``, ``Form`` and the models in it, in ``build/docs`` of MyPureCloud/platform-client-sdk-java; the
listing and the query of ``ResponseManagementApi`` there; ``genesyscloud_responsemanagement_response`` in the docs of
MyPureCloud/terraform-provider-genesyscloud.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import Gathering, Record, Said, is_data, known_channels, most, records
from .nodes import Node
from .unread import tell_unread

NAME = "genesys-responses"
TITLE = "Genesys Cloud canned responses"

_RESOURCE = "genesyscloud_responsemanagement_response"
_TEMPLATE, _FORM = ("messagingTemplate", "messaging_template"), "form"
_KNOWN = frozenset(("substitutions", "substitutionsSchema", "substitutions_schema_id"))
_SIGNS = (
    "libraries", "library_ids", "interactionType", "interaction_type", "responseType", "response_type", "substitutions",
    "messagingTemplate", _FORM,
)  # fmt: skip
_SHOWN = {"title": "title", "subtitle": "reply", "placeholderText": "label", "buttonText": "button"}
_PICKERS = {"datePicker": "date", "input": "text", "listPicker": "choice", "wheelPicker": "choice"}
_OF_TYPES = {"CampaignSmsTemplate": ("sms",), "CampaignEmailTemplate": ("email",)}


def claims(document: Document) -> bool:
    return is_data(document) and most(_responses(document), _is_response)


def _is_response(record: Record) -> bool:
    if not any(record.has(sign) for sign in _SIGNS):
        return False
    texts = record.get("texts")
    if isinstance(texts, list) and texts:
        return all(isinstance(text, dict) and "content" in text for text in texts)
    return isinstance(record.get(_FORM), dict) and "formPages" in record.get(_FORM)


def _responses(document: Document) -> Iterator[Record]:
    """The responses of a library, of each page of one, or of a Terraform file."""
    for record in records(document, "entities", "results"):
        resources = record.get("resource")
        named = resources.get(_RESOURCE) if isinstance(resources, dict) else None
        inner = record.get("entities")
        if isinstance(named, dict):
            items: Any = ((("resource", _RESOURCE, key), item) for key, item in named.items())
        elif isinstance(inner, list):
            items = ((("entities", number), item) for number, item in enumerate(inner))
        else:
            yield record
            continue
        for (first, *steps), item in items:
            if isinstance(item, dict):
                yield Record(item, record.at(first, *steps))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for record in _responses(document):
        _read(gathering, Node(record.values, record.path, document), record.name("name", "id"))
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME)


def _read(gathering: Gathering, node: Node, name: str) -> None:
    template = _one(_one(node.first(*_TEMPLATE)).first("whatsApp", "whats_app"))
    channels = ("whatsapp",) if template.is_mapping else _channels(node)
    locale = template["language"].text or None
    tags = tuple(library["name"].text for library in node["libraries"] if library["name"].text)
    said = Said()
    for number, text in enumerate(node["texts"]):
        content = text["content"]
        if content.text and content.text not in said:
            said.add(content.text)
            markup = "html" if text.first("contentType", "content_type").text == "text/html" else "auto"
            id = f"{name}[{number}]" if number else name
            gathering.say(id, content.value, content.path, "reply", markup, channels, locale, tags)
    for given in node["substitutions"]:
        default, described = given.first("defaultValue", "default_value"), given["description"]
        gathering.say(
            f"{name}.{given['id'].name}", default.value, default.path, "reply", "auto", channels, locale, tags
        )
        gathering.skip(described.value, described.path, "a note for agents", name)
    _form(gathering, node[_FORM], name, tags)
    invitation = node.at("appleInvitation", "transcriptMessage")
    gathering.say(f"{name}.invitation", invitation.value, invitation.path, tags=tags)


def _one(node: Node) -> Node:
    """What a block of Terraform holds, which is a list there."""
    return node[0] if node.is_list else node


def _channels(node: Node) -> tuple[str, ...]:
    """A response of neither kind may be sent on any channel."""
    of_type = _OF_TYPES.get(node.first("responseType", "response_type").text)
    return of_type or known_channels(node.first("interactionType", "interaction_type").text)


def _form(gathering: Gathering, form: Node, name: str, tags: tuple[str, ...]) -> None:
    """The messages before and after a form, and its pages with what they take."""
    described = form["formDescription"]
    gathering.skip(described.value, described.path, "a note for agents", name)
    for key in ("receivedMessage", "replyMessage", "introduction"):
        _shown(gathering, form[key], f"{name}.{key}", tags)
    for number, page in enumerate(form["formPages"]):
        id = f"{name}.page[{number}]"
        _shown(gathering, page, id, tags)
        for place, component in enumerate(page["pageComponents"]):
            for key, kind in _PICKERS.items():
                if component[key].is_mapping:
                    _picker(gathering, component[key], f"{id}[{place}]", kind, tags)


def _picker(gathering: Gathering, picker: Node, id: str, component: str, tags: tuple[str, ...]) -> None:
    _shown(gathering, picker, id, tags)
    for section in picker["sections"]:
        _shown(gathering, section, id, tags)
    lists = [*picker["sections"], picker]
    for number, item in enumerate(item for one in lists for item in one["items"]):
        _shown(gathering, item, f"{id}.item[{number}]", tags, "option")
    label, type = picker["title"].text, picker["autoCompleteType"].text
    if label or type:
        gathering.take(label or type, picker.path, type, component, label)


def _shown(gathering: Gathering, node: Node, id: str, tags: tuple[str, ...], kind: str = "") -> None:
    for key, usual in _SHOWN.items():
        gathering.say(f"{id}.{key}", node[key].value, node[key].path, kind or usual, tags=tags)
