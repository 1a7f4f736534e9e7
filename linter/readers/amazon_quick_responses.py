"""Amazon Connect quick responses (Amazon Q in Connect, Wisdom): what the API gives of them and is given, and templates
of CloudFormation. Rows of the CSV for an import are read as any table of replies.

A quick response has its text in plain, in Markdown, or both. The list of the API names them only.

Sources: ``QuickResponseData``, ``QuickResponseSearchResultData``, ``QuickResponseSummary``, ``QuickResponseContents``
and ``CreateQuickResponse`` in the API reference of Amazon Connect; ``AWS::Wisdom::QuickResponse`` in that of
CloudFormation.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..conversation import Conversation
from ..documents import Document
from . import Neighbours
from .common import MESSAGING, Gathering, Record, Said, is_data, most, records, truth
from .nodes import Node
from .unread import tell_unread

NAME = "amazon-quick-responses"
TITLE = "Amazon Connect quick responses"

_ENVELOPES = ("results", "quickResponse", "quickResponses", "quickResponseSummaries")
_RESOURCE = "AWS::Wisdom::QuickResponse"
_MEDIA_TYPE = "application/x.quickresponse"
_NOT_HERE = "the file holds the names of the replies only, not the texts"
_KNOWN = frozenset(("groupingConfiguration", "GroupingConfiguration", "Metadata", "Parameters", "Outputs", "Mappings"))


def claims(document: Document) -> bool:
    return is_data(document) and most(_replies(document), _is_reply)


def _is_reply(record: Record) -> bool:
    if record.get("Type") == _RESOURCE:
        return True
    return record.has("name") and (
        record.has("quickResponseArn")
        or record.has("quickResponseId")
        or str(record.get("contentType")).startswith(_MEDIA_TYPE)
    )


def _replies(document: Document) -> Iterator[Record]:
    """The quick responses of an answer of the API, or those of a template."""
    for record in records(document, *_ENVELOPES):
        resources = record.get("Resources")
        if not isinstance(resources, dict):
            yield record
            continue
        for key, resource in resources.items():
            if isinstance(resource, dict) and resource.get("Type") == _RESOURCE:
                yield Record(resource, record.at("Resources", key))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = _gathered(document)
    tell_unread(gathering, _KNOWN)
    return gathering.conversation(NAME)


def beside_flows(document: Document) -> Conversation:
    """The quick responses in a template that has flows too, whose reader tells of the rest."""
    return _gathered(document).conversation(NAME)


def _gathered(document: Document) -> Gathering:
    gathering = Gathering(document)
    for record in _replies(document):
        node = Node(record.values, record.path, document)
        if node["Properties"].is_mapping:
            node = node["Properties"]
        _read(gathering, node, node.first("Name", "name").name or record.name("quickResponseId"))
    return gathering


def _read(gathering: Gathering, node: Node, name: str) -> None:
    places = node.first("Channels", "channels")
    channels = MESSAGING if any(one.text == "Chat" for one in places) else ()
    locale = node.first("Language", "language").text or None
    tags = ("inactive",) if truth(node.first("IsActive", "isActive").value) is False else ()
    said = Said()
    for markup, text in _texts(node):
        if text.text and text.text not in said:
            said.add(text.text)
            gathering.say(name, text.value, text.path, "reply", markup, channels, locale, tags)
    if not said:
        gathering.absent(node.path, _NOT_HERE, name)
    described = node.first("Description", "description")
    gathering.skip(described.value, described.path, "a note for agents", name)


def _texts(node: Node) -> Iterator[tuple[str, Node]]:
    """The forms of the text, each with its markup."""
    type = node.first("ContentType", "contentType").text
    given = node.first("Content", "content")
    yield ("markdown" if type.endswith("markdown") else "auto"), given.first("Content", "content")
    contents = node.first("Contents", "contents")
    for keys, markup in ((("PlainText", "plainText"), "auto"), (("Markdown", "markdown"), "markdown")):
        yield markup, contents.first(*keys).first("Content", "content")
