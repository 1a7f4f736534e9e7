"""Copilot Studio and Power Virtual Agents: topics, actions and agents in YAML, in a folder or one file.

The actions of a topic are steps, one after the other; conditions branch, other topics are gone to by name. What
a task's inputs ask is worded by the product's language model.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, joined, one_of
from .cards import say_card
from .choices import always_says, has_choice
from .common import is_text
from .drafts import Ends, FlowDraft, StepDraft
from .exports import SHOWN, component, files, folders_of, place, stem_of
from .nodes import Node, holds, root, search
from .reasons import CUSTOMER, INTERNAL, PART_OFF

NAME = "copilot-studio"
TITLE = "Copilot Studio topics"

_OTHERS = frozenset({
    "TaskDialog", "AgentDialog", "GptComponentMetadata", "ClosedListEntity", "RegexEntity", "RegularExpressionEntity",
    "KnowledgeSourceConfiguration", "GlobalVariableComponent", "ExternalTriggerConfiguration", "SkillDefinition",
})  # fmt: skip
_SETTINGS = frozenset({"schemaName", "accessControlPolicy", "authenticationMode", "configuration"})
_TOPS = ("topics", "actions", "translations", "entities", "variables", "knowledge", "settings", "dialogs")
_LANGUAGES = {
    "1033": "en-US", "2057": "en-GB", "1031": "de-DE", "1043": "nl-NL", "2067": "nl-BE", "1036": "fr-FR",
    "3082": "es-ES", "1040": "it-IT", "1046": "pt-BR", "2070": "pt-PT", "1029": "cs-CZ", "1030": "da-DK",
    "1053": "sv-SE", "1044": "nb-NO", "1035": "fi-FI", "1045": "pl-PL", "1041": "ja-JP", "1042": "ko-KR",
    "2052": "zh-CN", "1049": "ru-RU", "1055": "tr-TR",
}  # fmt: skip
_CALLED = frozenset({"OnRedirect", "OnSystemRedirect"})
_QUOTED = re.compile(r'\s*=\s*"([^"]*)"\s*')
_ENDS = frozenset({
    "EndDialog", "CancelAllDialogs", "EndConversation", "ReplaceDialog", "GotoAction", "TransferConversation",
    "TransferConversationV2",
})  # fmt: skip
_STOPS = frozenset({"CancelAllDialogs", "EndConversation", "TransferConversation", "TransferConversationV2"})
_MODEL = frozenset({
    "SearchAndSummarizeContent", "AnswerQuestionWithAI", "InvokeAIBuilderModelAction", "SearchKnowledgeSources",
    "InvokeConnectedAgentTaskAction",
})  # fmt: skip
_PROMPTS = {
    "activity": "reply", "prompt": "prompt", "unrecognizedPrompt": "reprompt", "invalidPrompt": "validation",
    "defaultValueResponse": "reprompt",
    "cancellationMessage": "reply", "sensitiveMessage": "reply",
}  # fmt: skip
_KINDS = {"placeholder": "label", "label": "label", "errormessage": "validation", "title": "button"}
_LITERAL = re.compile(r'(?:["\']?(?<!\w)(\w+)["\']?\s*:\s*)?"((?:[^"\\]|\\.|"")*)"|"(?:[^"\\]|\\.)*')
_TERM = re.compile(r'"(?:[^"]|"")*"|[A-Za-z][\w.]*')
_CONCATENATION = re.compile(rf"\s*=\s*(?:{_TERM.pattern})(?:\s*&\s*(?:{_TERM.pattern}))+\s*")
_ONLY = re.compile(r"\s*=\s*(?:Topic|Global)\.(\w+)\s*")
_SAID_LAST = re.compile(r"\s*=\s*System\.(?:Activity|LastMessage)\.Text\s*")
_INSERTED = re.compile(r'\{(?:[^{}"]|"[^"]*"){1,4000}\}')
_STRING = re.compile(r'"((?:[^"]|"")*)"')
_CARD_INPUT = re.compile(r'type["\']?\s*:\s*"Input\.(\w+)"')
_CARD_ID = re.compile(r'\bid["\']?\s*:\s*"([^"]*)"')
_LOCALE = re.compile(r"\.([a-z]{2,3}-[A-Z]{2})(?:\.|$)")
_COMPONENTS = "botcomponents"
_OFF = re.compile(r"<statecode>\s*1\s*</statecode>")
_NOTE = frozenset({"$schema", "type", "id", "url", "version", "verb", "style", "weight", "size", "value", "kind"})


def is_topic(value: Any) -> bool:
    """Whether a value is a topic: a dialog that begins on something."""
    begin = value.get("beginDialog") if isinstance(value, dict) and value.get("kind") == "AdaptiveDialog" else None
    return isinstance(begin, dict) and str(begin.get("kind", "")).startswith("On")


def _is_component(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return (
        is_topic(value)
        or str(value.get("kind")) in _OTHERS
        or (_SETTINGS & value.keys() >= {"schemaName", "configuration"})
    )


def claims(document: Document) -> bool:
    return document.kind in ("yaml", "json", "text") and holds(document, _is_component, 4)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    found: list[Node] = []
    off: set[int] = set()
    for one in files(document, neighbours, _patterns(document, neighbours), claims):
        builder.also(one)
        is_off = _is_off(one, neighbours)
        for node in search(root(one), _is_component, 4):
            if is_off or (node.path and root(one).at(*node.path[:-1])["state"].name == "Inactive"):
                off.add(len(found))
            found.append(node)
            builder.skip(node["externalTriggerSource"], INTERNAL)
    _Reading(builder, found, off).read()
    return builder.conversation()


def _is_off(document: Document, neighbours: Neighbours) -> bool:
    """Whether the file beside a component of a solution says that it is switched off."""
    folders = folders_of(document)
    if folders[-2:-1] != (_COMPONENTS,):
        return False
    beside = neighbours.open(f"../{folders[-1]}/botcomponent.xml")
    return any(_OFF.search(one.source.text) is not None for one in beside)


def _patterns(document: Document, neighbours: Neighbours) -> list[str]:
    folders = folders_of(document)
    if folders[-2:-1] == (_COMPONENTS,):
        return ["../*/data"]
    base = ""
    if folders and folders[-1] in _TOPS:
        base = "../"
    for depth in (2, 3):
        up = "../" * depth
        if folders[-depth:][:1] == ("agents",) and neighbours.names(up + "agent.*"):
            base = up
    return [
        base + folder + "*" + suffix
        for suffix in (".yml", ".yaml")
        for folder in ("", *(f"{top}/" for top in _TOPS), "agents/*/", "agents/*/topics/", "agents/*/actions/")
    ]


def _topic_name(node: Node) -> str:
    """What other topics know this one by: the last part of its schema name, or its file's name."""
    path = node.document.source.path.replace("\\", "/")
    if node.path:
        return str(node.path[-2] if len(node.path) > 1 else node.path[-1])
    stem = stem_of(node.document)
    if stem == "data" and "/" in path:
        return folders_of(node.document)[-1].rpartition(".")[2]
    return re.sub(r"\.(?:mcs|topic|agent)$", "", re.sub(r"\.(?:mcs|topic)$", "", stem))


class _Reading:
    """Reads the components of one bot."""

    def __init__(self, builder: Builder, found: list[Node], off: Collection[int]) -> None:
        self.builder = builder
        self.flow: FlowDraft = builder.flow("agent")
        self.found = found
        self.off = off
        self.locale: str | None = None
        self.bot_locale = next(
            (_LANGUAGES[n["language"].name] for n in found if n["language"].name in _LANGUAGES), None
        )
        self.names = {self._name(node).lower(): None for node in found}
        self.patterns = {
            _topic_name(node).lower(): node["pattern"].text or node["regex"].text
            for node in found
            if str(node["kind"].value).startswith("Reg")
        }

    def read(self) -> None:
        for number, node in enumerate(self.found):
            name = self._name(node)
            if number in self.off:
                self._nothing(node, name)
                continue
            language = _LOCALE.search(node.document.source.path)
            self.locale = language[1] if language else self.bot_locale
            if is_topic(node.value):
                self._topic(node, f"{name.removesuffix(f'.{language[1]}')} {language[1]}" if language else name)
            elif node["kind"].name in ("TaskDialog", "AgentDialog") or node["inputs"]:
                self.flow.enter(self._task(node, name))
            if node["kind"].name in ("GptComponentMetadata", "AgentDialog"):
                self._model(node, name)

    @staticmethod
    def _name(node: Node) -> str:
        parent = node.document.source.path if node.path else ""
        name = _topic_name(node)
        if parent and isinstance(node.document, Document):
            outer = root(node.document).at(*node.path[:-1])
            name = outer["schemaName"].name.rpartition(".")[2] or outer["displayName"].name or name
        return name

    def _model(self, node: Node, name: str) -> None:
        orders = node["instructions"] if node["instructions"] else node["settings"]["instructions"]
        if orders:
            self.builder.unseen(orders, LANGUAGE_MODEL, name)
            self.builder.skip(orders, INTERNAL, name)
        for number, starter in enumerate(node["conversationStarters"]):
            self._text(None, starter["title"], f"{name}.conversationStarters[{number}]", "button")

    def _task(self, node: Node, name: str) -> Hashable:
        """The language model asks for what a task or a topic needs, unless it is told how to ask; the step's key."""
        key = (name.lower(), "inputs")
        step = self.flow.step(key, place(node, "kind"), f"{name}: inputs", name)
        for item in node["inputs"]:
            slot = item["propertyName"].name
            if item["kind"].name != "AutomaticTaskInput" or not slot or item["shouldPromptUser"].value is False:
                continue
            type = self._entity(item["entity"])
            self.builder.take(step, item["propertyName"], slot, type, component(type), self._pattern(type))
            prompts = item["inputSettings"]
            for prompt, kind in _PROMPTS.items():
                self._spoken(step, prompts[prompt], f"{name}.{slot}.{prompt}", kind)
            if not prompts["prompt"]:
                self.builder.unseen(item["propertyName"], LANGUAGE_MODEL, slot)
        for kind in ("activity", "completionMessage"):
            self._spoken(step, node["response"][kind], f"{name}.response", "reply")
        self._spoken(step, node["confirmation"]["activity"], f"{name}.confirmation", "reprompt")
        return key

    def _nothing(self, node: Node, name: str) -> None:
        """What is switched off is begun by nothing, by no other topic either, which goes on at once."""
        self.builder.skip(node, PART_OFF, name)
        if is_topic(node.value):
            self.flow.step((name.lower(), "begin"), place(node["beginDialog"], "kind"), name, name)

    def _topic(self, node: Node, name: str) -> None:
        begin = node["beginDialog"]
        key: Hashable = (name.lower(), "begin")
        self.flow.step(key, place(begin, "kind"), name, name)
        if begin["kind"].name not in _CALLED:
            self.flow.enter(key)
        self.builder.skip(begin["intent"]["triggerQueries"], CUSTOMER, name)
        if node["inputs"]:  # are asked for before the topic goes on
            inputs = self._task(node, name)
            self.flow.link(inputs, start=key)
            key = inputs
        self.flow.finish(self._actions(begin["actions"], name, [(key, "")]))

    def _actions(self, actions: Iterable[Node], topic: str, ends: Ends) -> Ends:
        """Steps for a list of actions; the ways out at its end are handed back."""
        for action in actions:
            id = action["id"].name or "/".join(str(part) for part in action.path)
            where = action["id"] if action["id"].name else action
            key = self.flow.own((topic.lower(), id), where)
            step = self.flow.step(key, where, f"{topic}: {id}", action["displayName"].text)
            self.flow.lead(ends, key)
            ends = self._action(action, topic, f"{topic}.{id}", key, step)
        return ends

    def _action(self, action: Node, topic: str, id: str, key: Hashable, step: StepDraft) -> Ends:
        kind = action["kind"].name
        for name, spoken in _PROMPTS.items():
            self._spoken(step, action[name], f"{id}.{name}" if name != "activity" else id, spoken)
            self._spoken(step, action["validation"][name], f"{id}.validation.{name}", "validation")
        if kind == "Question":
            self._question(step, action, id)
        elif kind == "AdaptiveCardPrompt":
            self._card(step, action["card"], id)
        elif kind == "OAuthInput":
            for name in ("title", "text"):
                self._text(step, action[name], f"{id}.{name}", "label")
        elif kind in _MODEL and action["autoSend"].value is not False:
            self.builder.unseen(action, LANGUAGE_MODEL, id)
        elif kind in ("SetVariable", "SetTextVariable"):
            self._assign(step, action["variable"].name, action["value"])
        elif kind == "SetMultipleVariables":
            for one in action["assignments"]:
                self._assign(step, one["variable"].name, one["value"])
        elif kind in ("BeginDialog", "ReplaceDialog"):
            for name, value in action["input"]["binding"].items():
                self._assign(step, name, value)
        elif kind == "CSATQuestion":
            self.builder.unseen(place(action, "kind"), "the product asks how satisfied the customer is", id)
        for name in ("dialog", "dialogId"):
            if action[name].name:
                kept, _, called = action[name].name.rpartition(".")
                end = (called.lower(), "begin")
                self.flow.link(end, start=key, call=kind not in _ENDS)
                if kept.endswith(".topic") and called.lower() not in self.names:
                    self.flow.expect_flow(self.builder, end, action[name], called, id, self.names)
        step.stops = kind in _STOPS
        if kind == "GotoAction":
            self.flow.link((topic.lower(), action["actionId"].name), start=key, place=action["actionId"])
        return [] if kind in _ENDS else self._branches(action, topic, key)

    def _assign(self, step: StepDraft, name: str, value: Node) -> None:
        """A text, a formula that is one text in quotation marks or puts one together, or one with texts in it."""
        quoted = _QUOTED.fullmatch(value.text)
        kept = name.removeprefix("init:").rpartition(".")[2]
        if _SAID_LAST.fullmatch(value.text):
            self.builder.take(step, value, kept, waits=False)
        elif (only := _ONLY.fullmatch(value.text)) is not None:
            self.builder.rename(step, value, kept, only[1])
        if quoted is not None or not value.text.lstrip().startswith("="):
            self.builder.assign(step, name, value, quoted=quoted)
        elif (parts := _concatenated(value)) is not None:
            self.builder.assign(step, name, joined(value, parts))
        else:
            self.builder.assign_sentences(step, name, value)

    def _branches(self, action: Node, topic: str, key: Hashable) -> Ends:
        ends: list[tuple[Hashable, str]] = []
        conditions = [item for item in action["conditions"] if item["actions"].is_list or item["condition"]]
        for item in conditions:
            ends += self._actions(item["actions"], topic, [(key, item["condition"].name or item["id"].name)])
        if action["condition"] and action["actions"]:
            ends += self._actions(action["actions"], topic, [(key, action["condition"].name)])
            conditions.append(action)
        elif action["actions"]:
            return [(key, ""), *self._actions(action["actions"], topic, [(key, "each")])]
        otherwise = self._actions(action["elseActions"], topic, [(key, "else" if conditions else "")])
        return [*ends, *otherwise]

    def _question(self, step: StepDraft, action: Node, id: str) -> None:
        variable = action["variable"]
        name = variable.name.removeprefix("init:").rpartition(".")[2] or id
        entity = action["entity"]
        type = self._entity(entity)
        where = variable if variable.name else place(action, "kind")
        pattern = entity["definition"]["pattern"].text or entity["pattern"].text or self._pattern(type)
        self.builder.take(step, where, name, type, component(type), pattern)
        for number, item in enumerate(entity["definition"]["items"]):
            shown = item["displayName"] if item["displayName"].text else item["id"]
            self._text(step, shown, f"{id}.items[{number}]", "button")
        # Who said it before is not asked again; what any words answer is not looked for in those.
        step.passed = action["alwaysPrompt"].value is False and type != "StringPrebuiltEntity"
        if not action["prompt"]:
            self.builder.unseen(where, "this question has no words of its own", name)

    @staticmethod
    def _entity(entity: Node) -> str:
        return entity.name or entity["entity"].name or entity["entityId"].name or entity["kind"].name

    def _pattern(self, type: str) -> str:
        return self.patterns.get(type.rpartition(".")[2].lower(), "")

    def _spoken(self, step: StepDraft | None, node: Node, id: str, kind: str) -> None:
        """A text, or a mapping with variants, spoken twins, cards and quick replies."""
        if node.text or node.is_list:
            self._text(step, node, id, kind)
            return
        if node["activity"]:
            self._spoken(step, node["activity"], id, kind)
        self._text(step, node["text"], id, kind)
        self._text(step, node["speak"], f"{id}.speak", kind, ("voice",))
        for key in ("quickReplies", "suggestedActions"):
            for number, reply in enumerate(node[key]):
                shown = reply if reply.text else reply.first("title", "text")
                self._text(step, shown, f"{id}.{key}[{number}]", "button")
        for number, attachment in enumerate(node["attachments"]):
            self._attachment(step, attachment, f"{id}.attachments[{number}]", kind)

    def _attachment(self, step: StepDraft | None, node: Node, id: str, kind: str) -> None:
        for key in ("title", "subtitle", "text"):
            self._text(step, node[key], f"{id}.{key}", kind)
        for number, button in enumerate(node["buttons"]):
            self._text(step, button["title"], f"{id}.buttons[{number}]", "button")
        for key in ("cardContent", "content"):
            self._card(step, node[key], id)

    def _card(self, step: StepDraft | None, node: Node, id: str) -> None:
        """An adaptive card: JSON in a string, a formula, or a mapping."""
        inner = node if node.is_mapping else node.inner()
        if inner.is_mapping:
            say_card(self.builder, self._text, step, inner, id)
        elif node.text:
            self._formula(step, node, id, "reply")
            ids = _CARD_ID.findall(node.text)
            for number, found in enumerate(_CARD_INPUT.findall(node.text)):
                name = ids[number] if number < len(ids) else id
                self.builder.take(step, node, name, f"Input.{found}", component(found))

    def _text(
        self,
        step: StepDraft | None,
        node: Node,
        id: str,
        kind: str,
        channels: tuple[str, ...] = (),
        variant: Variant | None = None,
    ) -> None:
        if node.is_list:
            for number, item in enumerate(node):
                self._text(step, item, f"{id}[{number}]", kind, channels, one_of(node, number))
        elif node.text.lstrip().startswith("="):
            self._formula(step, node, id, kind)
        elif not self._inserted(step, node, id, kind, channels):
            self.builder.say(step, node, id, kind, self.locale, "markdown", channels, variant=variant)

    def _inserted(self, step: StepDraft | None, node: Node, id: str, kind: str, channels: tuple[str, ...]) -> bool:
        """Say the sentences that a formula in a text has in it: "Hi! {If(Topic.New, "Welcome.", "Good to see you.")}".

        Whether such formulas are all that there is.
        """
        found = False
        for formula in _INSERTED.finditer(node.text) if '"' in node.text else ():
            surely = always_says(formula[0])
            for literal in _STRING.finditer(node.text, *formula.span()):
                if is_text(literal[1]):
                    found = True
                    one = one_of(node, literal.start(), surely) if has_choice(formula[0]) else None
                    self.builder.say(
                        step, node, id, kind, self.locale, "markdown", channels,
                        text=literal[1], offset=literal.start(1), variant=one,
                    )  # fmt: skip
        return found and not _INSERTED.sub("", node.text).strip()

    def _formula(self, step: StepDraft | None, node: Node, id: str, kind: str) -> None:
        """The strings of a formula that are shown: those of keys that are, and sentences without a key."""
        parts = _concatenated(node)
        if parts is not None and any(isinstance(part, Node) and part.text.strip() for part in parts):
            self.builder.say_joined(step, node, parts, id, kind, self.locale, "markdown")
            return
        found = False
        surely = always_says(node.text)
        for number, literal in enumerate(one for one in _LITERAL.finditer(node.text) if one[2] is not None):
            key, text = (literal[1] or "").lower(), literal[2]
            if key in SHOWN or (key not in _NOTE and is_text(text)):
                found = True
                variant = one_of(node, number, surely) if not key and has_choice(node.text) else None
                shown = _KINDS.get(key, kind)
                self.builder.say(
                    step, node, id, shown, self.locale, "markdown", text=text, offset=literal.start(2), variant=variant
                )
        if not found:
            self.builder.unseen(node, "a formula makes this text", id)


def _concatenated(node: Node) -> list[Node | str] | None:
    """The terms that a formula puts together, with a placeholder for each variable; None for another formula."""
    if not _CONCATENATION.fullmatch(node.text):
        return None
    terms = _TERM.finditer(node.text, node.text.index("=") + 1)
    return [node.cut(term.start() + 1, term.end() - 1) if term[0][0] == '"' else "{" + term[0] + "}" for term in terms]
