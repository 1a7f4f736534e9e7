"""Rasa: domains, responses, flows, rules and stories (YAML and Markdown, 1.x to Pro); training data is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation, Path, Variant
from ..documents import Document
from . import Neighbours
from .common import EVERYWHERE, Gathering, Record, as_label, channel_names, several
from .exports import is_called_text
from .plans import overlook
from .rasa_flows import is_old_training, is_training, read_bot
from .rasa_skills import is_skill

NAME = "rasa"
TITLE = "Rasa domain, responses or flows"

_SHOWN = frozenset(
    [
        "text",
        "title",
        "subtitle",
        "body",
        "header",
        "footer",
        "label",
        "description",
        "caption",
        "message",
        "placeholder",
    ]
)
_SPOKEN = ("genesys", "json_audio", "vier-cvg", "vier_cvg", "vonage", "websockets_voice")
"""Rasa's channels on which bots speak, though their makers carry chats too; a wording for one is no text in a chat."""
_WORDING = frozenset({"text", "condition", "metadata", "channel", "buttons", "id", "translation"})
_BUTTON = "button"
"""What opens the list of a message that a custom payload makes."""
_TYPES = frozenset({"text", "bool", "boolean", "categorical", "float", "list", "any", "unfeaturized"})
_FROM_CUSTOMER = frozenset({"from_entity", "from_text", "from_llm"})
_COMPONENTS = {"bool": "choice", "boolean": "choice", "categorical": "choice", "float": "number"}


def claims(document: Document) -> bool:
    if document.kind in ("yaml", "json"):
        return any(_is_rasa(value) or is_training(value) for _, value in several(document))
    return is_old_training(document) or is_skill(document)


def _is_rasa(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return (
        any(_is_responses(value.get(key)) for key in ("responses", "templates"))
        or _is_flows(value.get("flows"))
        or _is_slots(value.get("slots"))
        or _is_memory(value)
        or ("intents" in value and ("forms" in value or "actions" in value))
    )


def _is_responses(value: Any) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    if any(isinstance(key, str) and key.startswith(("utter_", "utter/")) for key in value):
        return True
    return all(isinstance(key, str) and _is_wordings(wordings) for key, wordings in value.items())


def _is_wordings(value: Any) -> bool:
    """A response of a skill, which may have any name: texts, or mappings with one."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) or (isinstance(one, dict) and one.keys() <= _WORDING) for one in value)
    )


def _is_memory(value: dict[str, Any]) -> bool:
    """What a skill remembers, with the fields that a language model may fill."""
    return any(True for _ in _remembered(value))


def _remembered(value: dict[str, Any]) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    schema = value.get("schema")
    for scope, fields in schema.items() if isinstance(schema, dict) else ():
        for name, field in fields.items() if isinstance(fields, dict) else ():
            if isinstance(field, dict) and "type" in field and "llm_settable" in field:
                yield ("schema", str(scope), str(name)), str(name), field


def _is_flows(value: Any) -> bool:
    return isinstance(value, dict) and any(
        isinstance(flow, dict) and isinstance(flow.get("steps"), list) and _has_rasa_step(flow["steps"])
        for flow in value.values()
    )


def _has_rasa_step(steps: list[Any]) -> bool:
    keys = ("collect", "action", "utter", "link", "call", "set_slots", "noop", "next", "intent", "if")
    return any(isinstance(step, dict) and any(key in step for key in keys) for step in steps)


def _is_slots(value: Any) -> bool:
    """Slots by themselves: mappings as only Rasa has them, or all with a type of Rasa's."""
    if not isinstance(value, dict) or not value:
        return False
    if any(_sources(slot) for slot in value.values()):
        return True
    types = [slot.get("type") if isinstance(slot, dict) else None for slot in value.values()]
    return all(isinstance(type, str) and (type in _TYPES or type.startswith("rasa.")) for type in types)


def _sources(slot: Any) -> set[str]:
    mappings = slot.get("mappings") if isinstance(slot, dict) else slot
    if not isinstance(mappings, list):
        return set()
    return {str(mapping.get("type")) for mapping in mappings if isinstance(mapping, dict) and "type" in mapping}


def read(document: Document, neighbours: Neighbours) -> Conversation:
    return read_bot(NAME, document, neighbours, claims, _read_file, _component)


def _read_file(gathering: Gathering) -> None:
    for path, value in several(gathering.document):
        if isinstance(value, dict):
            _read_domain(gathering, path, value)


def _read_domain(gathering: Gathering, path: Path, domain: dict[str, Any]) -> None:
    rejecting = set(_rejections(domain.get("flows"))) | set(_rejections(domain.get("slots")))
    for key in ("responses", "templates"):
        responses = domain.get(key)
        if isinstance(responses, dict):
            for name, variants in responses.items():
                _read_response(gathering, str(name), variants, (*path, key, name), str(name) in rejecting)
    said = domain.get("e2e_actions")
    for number, text in enumerate(said if isinstance(said, list) else ()):
        gathering.say(f"e2e_actions[{number}]", text, (*path, "e2e_actions", number))
    for place, name, field in _remembered(domain):
        if field["llm_settable"] is True:
            gathering.take(name, (*path, *place), str(field["type"]))
            gathering.absent((*path, *place), LANGUAGE_MODEL, name)
    _capture_flows(gathering, path, domain)
    _capture_forms(gathering, path, domain)
    _capture_slots(gathering, path, domain)


def _read_response(gathering: Gathering, name: str, variants: Any, path: Path, rejects: bool) -> None:
    kind = "validation" if rejects else "prompt" if name.startswith("utter_ask_") else "reply"
    if isinstance(variants, (str, dict)):
        _read_variant(gathering, name, variants, path, kind, _channels(variants))
    elif isinstance(variants, list):
        free = [not (isinstance(one, dict) and one.get("condition")) for one in variants]
        whenever = any(free)
        taken = {channel for one, always in zip(variants, free, strict=True) if always for channel in _channels(one)}
        for number, variant in enumerate(variants):
            one = Variant(f"{gathering.document.source.path}/{name}", number, whenever)
            channels = _channels(variant)
            if taken and not channels and free[number]:
                # Rasa takes one without a channel where there is none for the channel.
                channels = tuple(channel for channel in EVERYWHERE if channel not in taken)
            _read_variant(gathering, f"{name}[{number}]", variant, (*path, number), kind, channels, one)


def _channels(variant: Any) -> tuple[str, ...]:
    said = variant.get("channel") if isinstance(variant, dict) else None
    if said in _SPOKEN:
        return ("voice",)
    return channel_names(said) if isinstance(said, str) else ()


def _read_variant(
    gathering: Gathering,
    id: str,
    variant: Any,
    path: Path,
    kind: str,
    channels: tuple[str, ...],
    one: Variant | None = None,
) -> None:
    if not isinstance(variant, dict):
        gathering.say(id, variant, path, kind, "markdown", variant=one)
        return
    before = len(gathering.messages)
    gathering.say(id, variant.get("text"), (*path, "text"), kind, "markdown", channels, variant=one)
    for place, locale, text in _translations(variant, path, "text"):
        gathering.say(f"{id}.{locale}", text, place, kind, "markdown", channels, locale, variant=one)
    for key in ("buttons", "quick_replies"):
        buttons = variant.get(key)
        for number, button in enumerate(buttons if isinstance(buttons, list) else ()):
            title = button.get("title") if isinstance(button, dict) else None
            place = (*path, key, number, "title")
            gathering.say(f"{id}.{key}[{number}]", title, place, "button", "plain", channels)
            for place, locale, text in _translations(button, (*path, key, number), "title"):
                gathering.say(f"{id}.{key}[{number}].{locale}", text, place, "button", "plain", channels, locale)
    for key in ("custom", "attachment", "elements"):
        for place, text in _shown(variant.get(key), (*path, key), key):
            shown = "button" if place[-1] == _BUTTON else kind
            gathering.say(f"{id}.{key}", text, place, shown, "auto", channels, variant=one)
    if len(gathering.messages) == before:
        overlook(gathering, Record(variant, path))
    metadata = variant.get("metadata")
    if isinstance(metadata, dict) and metadata.get("rephrase") is True:
        gathering.absent((*path, "metadata"), "a language model rewords this text before it is sent", id)


def _translations(value: Any, path: Path, key: str) -> Iterator[tuple[Path, str, Any]]:
    """The texts of a response or a button in other languages: ``translation: {nl: …}``, with or without its key."""
    translations = value.get("translation") if isinstance(value, dict) else None
    for language, text in translations.items() if isinstance(translations, dict) else ():
        if isinstance(language, str):
            if isinstance(text, dict):
                yield (*path, "translation", language, key), language, text.get(key)
            else:
                yield (*path, "translation", language), language, text


def _shown(value: Any, path: Path, key: str) -> Iterator[tuple[Path, str]]:
    """Strings of a free payload under keys that are shown on some channel."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _shown(item, (*path, inner), str(inner))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _shown(item, (*path, number), key)
    elif isinstance(value, str) and (key in _SHOWN or key == _BUTTON or is_called_text(key, value)):
        yield path, value


def _rejections(value: Any) -> Iterator[str]:
    """Names of responses that turn an answer down, anywhere in flows or slots."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "rejections" and isinstance(item, list):
                yield from (str(one.get("utter")) for one in item if isinstance(one, dict))
            elif isinstance(item, (dict, list)):
                yield from _rejections(item)
    elif isinstance(value, list):
        for item in value:
            yield from _rejections(item)


def _capture(gathering: Gathering, name: Any, path: Path, slots: Any, label: Any = "") -> None:
    """Take a slot once, at the place that was found first: where it is asked before where it is declared."""
    if not isinstance(name, str):
        return
    slot = slots.get(name) if isinstance(slots, dict) else None
    type_ = str(slot.get("type", "")) if isinstance(slot, dict) else ""
    component = _component(type_)
    label = as_label(label) or _entity(slot)
    gathering.take(name, path, type_, component, label)


def _component(type: str) -> str:
    """How a slot of a type is filled: "rasa.shared.core.slots.BooleanSlot" is a choice."""
    return _COMPONENTS.get(type.rpartition(".")[2].lower().replace("slot", ""), "text")


def _entity(slot: Any) -> str:
    """The entity that fills a slot, where it has another name."""
    mappings = slot.get("mappings") if isinstance(slot, dict) else None
    for mapping in mappings if isinstance(mappings, list) else ():
        if isinstance(mapping, dict) and isinstance(mapping.get("entity"), str):
            return str(mapping["entity"])
    return ""


def _capture_flows(gathering: Gathering, path: Path, domain: dict[str, Any]) -> None:
    flows = domain.get("flows")
    for name, flow in flows.items() if isinstance(flows, dict) else ():
        if isinstance(flow, dict):
            for place, slot, told in _collected(flow.get("steps"), (*path, "flows", name, "steps")):
                _capture(gathering, slot, place, domain.get("slots"), told)


def _collected(value: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Where a flow takes a slot, and what it tells the language model about it."""
    if isinstance(value, dict):
        if "collect" in value:
            yield (*path, "collect"), value["collect"], value.get("description")
        for key, item in value.items():
            if isinstance(item, (dict, list)):
                yield from _collected(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _collected(item, (*path, number))


def _capture_forms(gathering: Gathering, path: Path, domain: dict[str, Any]) -> None:
    """The four ways to write a form; the first of them names no slots."""
    forms = domain.get("forms")
    for name, form in forms.items() if isinstance(forms, dict) else ():
        here: Path = (*path, "forms", name)
        if isinstance(form, dict) and "required_slots" in form:
            form, here = form["required_slots"], (*here, "required_slots")
        if isinstance(form, list):
            for number, slot in enumerate(form):
                _capture(gathering, slot, (*here, number), domain.get("slots"))
        elif isinstance(form, dict):
            for slot in form:
                if slot != "ignored_intents":
                    _capture(gathering, slot, (*here, slot), domain.get("slots"))


def _capture_slots(gathering: Gathering, path: Path, domain: dict[str, Any]) -> None:
    """Slots that are filled from what the customer says; before 3.0 an entity filled the slot of its name."""
    slots = domain.get("slots")
    entities = domain.get("entities")
    told = {entity if isinstance(entity, str) else next(iter(entity), "") for entity in _names(entities)}
    for name, slot in slots.items() if isinstance(slots, dict) else ():
        sources = _sources(slot)
        if sources & _FROM_CUSTOMER or (not sources and name in told):
            _capture(gathering, name, (*path, "slots", name), slots)


def _names(value: Any) -> list[Any]:
    return [item for item in value if isinstance(item, (str, dict))] if isinstance(value, list) else []
