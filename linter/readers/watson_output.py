"""What Watson Assistant's dialog and actions skills have in common: outputs, and the patterns of entities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..conversation import Variant
from .building import Builder, one_of
from .drafts import StepDraft
from .exports import say_payload
from .nodes import Node
from .reasons import INTERNAL, VARIABLE, WEB_SERVICE

_CHANNELS = {
    "chat": "webchat", "voice_telephony": "voice", "text_messaging": "sms", "facebook": "messenger",
    "whatsapp": "whatsapp", "slack": "slack", "web_chat": "webchat",
}  # fmt: skip
_ONLY_A_VARIABLE = re.compile(r"\s*(?:<\?(?:(?!\?>).)*\?>|\$\$?[A-Za-z][\w.-]*|@[\w.-]+)\s*", re.DOTALL)
_NAME = re.compile(r"[\w.-]{1,80}")


def _channels(node: Node) -> tuple[str, ...]:
    names = [item["channel"].name or item.name for item in node["channels"]]
    return tuple(dict.fromkeys(_CHANNELS.get(name.lower(), name.lower()) for name in names if name))


def patterns(node: Node) -> dict[str, str]:
    """The regular expressions of a skill's entities, by the entity's name."""
    found: dict[str, str] = {}
    for entity in node["entities"]:
        said = [pattern.text for value in entity["values"] for pattern in value["patterns"] if pattern.text]
        if said:
            found[entity["entity"].name] = "|".join(said)
    return found


def same_text(text: str) -> str:
    return " ".join(text.split()).lower()


class Output:
    """Says the outputs of a skill's nodes or steps."""

    def __init__(self, builder: Builder, locale: str | None) -> None:
        self.builder = builder
        self.locale = locale

    def say(self, step: StepDraft | None, node: Node, id: str, kind: str = "reply") -> None:
        """An ``output``: its list of responses, and the texts in the older way where they differ from these."""
        known = {same_text(text.text) for one in node["generic"] for text in _texts(one)}
        old = node["text"]
        for number, text in enumerate(_texts(Node({"values": _listed(old)}, old.path, old.document))):
            place = self._place(old, number)
            if same_text(text.text) not in known:
                variant = _variant(old, number) if old.is_mapping else None
                self._text(step, place, f"{id}.text[{number}]", kind, (), variant)
        for number, one in enumerate(node["generic"]):
            self._response(step, one, f"{id}[{number}]", kind)
        for name, own in (*node.items(), *node["integrations"].items()):
            if name in _CHANNELS:  # in the words of that channel's own interface
                say_payload(self.builder, step, own, f"{id}.{name}", kind, self.locale, (_CHANNELS[name],), name)

    @staticmethod
    def _place(old: Node, number: int) -> Node:
        """The text of this number in a string, a list or a mapping with values."""
        if old.is_mapping:
            old = old["values"]
        item = old[number] if old.is_list else old
        return item["text"] if item.is_mapping else item

    def _text(
        self,
        step: StepDraft | None,
        node: Node,
        id: str,
        kind: str,
        channels: tuple[str, ...],
        variant: Variant | None = None,
    ) -> None:
        if _ONLY_A_VARIABLE.fullmatch(node.text):
            self.builder.unseen(node, VARIABLE, id)
        self.builder.say(step, node, id, kind, self.locale, channels=channels, variant=variant)

    def _response(self, step: StepDraft | None, node: Node, id: str, kind: str) -> None:
        type = node["response_type"].name
        channels = _channels(node)
        if type == "user_defined":
            say_payload(self.builder, step, node["user_defined"], id, kind, self.locale, channels)
        elif type in ("search", "search_skill", "conversational_search", "response_from_variable"):
            self.builder.unseen(node, VARIABLE if type.endswith("variable") else WEB_SERVICE, id)
        for number, value in enumerate(node["values"]):
            self.expression(step, value, "text", f"{id}.values[{number}]", kind, channels, _variant(node, number))
        for key in ("title", "description", "alt_text", "text", "message_to_user"):
            shown = "label" if key == "alt_text" else kind
            self.expression(step, node, key, f"{id}.{key}", shown, channels)
        for key in ("options", "suggestions"):
            for number, option in enumerate(node[key]):
                self.expression(step, option, "label", f"{id}.{key}[{number}]", "button", channels)
        if type == "button":
            self.expression(step, node, "label", f"{id}.label", "button", channels)
        for number, inner in enumerate(_inside(node)):
            self._response(step, inner, f"{id}[{number}]", kind)
        self.agent(step, node, id, channels)

    def agent(self, step: StepDraft | None, node: Node, id: str, channels: tuple[str, ...] = ()) -> None:
        """What is said when a colleague takes over."""
        for key in ("agent_available", "agent_unavailable"):
            self.expression(step, node[key], "message", f"{id}.{key}", "reply", channels)
        self.builder.skip(node["message_to_human_agent"], INTERNAL, id)

    def system(self, node: Node) -> None:
        """What the product itself says by a skill's settings: it asks which topic was meant, or goes back to one."""
        choice = node["disambiguation"]
        if choice["enabled"].value is not False:
            self._text(None, choice["prompt"], "disambiguation.prompt", "reply", ())
            self._text(None, choice["none_of_the_above_prompt"], "disambiguation.none", "button", ())
        if node["topic_switch"]["enabled"].value is not False:
            for name, message in node["topic_switch"]["messages"].items():
                self.expression(None, message, "text", f"topic_switch.{name}", "reply")

    def expression(
        self,
        step: StepDraft | None,
        node: Node,
        key: str,
        id: str,
        kind: str,
        channels: tuple[str, ...] = (),
        variant: Variant | None = None,
    ) -> None:
        """A text, or one that is put together of pieces and variables."""
        if node[key].text:
            self._text(step, node[key], id, kind, channels, variant)
        pieces = node[f"{key}_expression"]["concat"]
        parts = list(pieces_of(node[f"{key}_expression"]))
        if any(isinstance(part, Node) and part.text.strip() for part in parts):
            self.builder.say_joined(step, pieces, parts, id, kind, self.locale, "", variant, channels)
        elif parts:
            self.builder.unseen(pieces, VARIABLE, id, "".join(part for part in parts if isinstance(part, str)))


def pieces_of(expression: Node) -> Iterator[Node | str]:
    """The pieces of a text, with a placeholder for each variable."""
    for piece in expression["concat"]:
        yield piece["scalar"] if piece["scalar"].text else _variable(piece)


def _inside(node: Node) -> Iterator[Node]:
    """The responses inside one: on a card, the cards of a carousel, in the cells of a grid."""
    yield from node["body"]
    yield from node["items"]
    for row in node["rows"]:
        for cell in row["cells"]:
            yield from cell["items"]


def _variant(node: Node, number: int) -> Variant | None:
    """One of the texts is said, all of them where they are lines of one text."""
    return None if node["selection_policy"].name == "multiline" else one_of(node["values"], number)


def _listed(node: Node) -> list[object]:
    """The texts of the older output: a string, a list, or a mapping with values."""
    value = node["values"].value if node.is_mapping else node.value
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _texts(node: Node) -> list[Node]:
    return [item["text"] if item.is_mapping else item for item in node["values"]]


def _variable(piece: Node) -> str:
    names = [value.name for _, value in piece.items() if _NAME.fullmatch(value.name)]
    return "${" + (names[0] if names else "variable") + "}"
