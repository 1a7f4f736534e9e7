"""Salesforce Einstein Bots as the Metadata API retrieves them: bots, versions, templates, translations, agents.

A version's dialogs are made of steps. What a dialog says before it asks, branches or calls is one step of the flow. A
customer who may say anything goes on by way of one step (``_ANYTHING``) to the dialogs of the intents and of the menu.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from . import Neighbours, salesforce_messages
from .building import Builder
from .drafts import Ends, FlowDraft, StepDraft
from .elements import Part, local, top
from .nodes import Node
from .prose import is_sentence
from .reasons import CUSTOMER, ELSEWHERE, INTERNAL, MAIL, TEMPLATE
from .requests import UNKNOWN

NAME = "einstein-bot"
TITLE = "Salesforce Einstein Bots"

_METADATA = "soap.sforce.com/2006/04/metadata"
_ROOTS = ("Bot", "BotVersion", "BotTemplate", "BotBlock", "BotBlockVersion")
_AGENTS = ("GenAiPlugin", "GenAiPlanner", "GenAiPlannerBundle")
"""What a model is told, topic by topic: it words what an agent says."""
_TOLD = ("description", "scope", "role", "company")
_VERSIONS = ("botVersions", "botBlockVersions")
_COMPONENTS = {"Date": "date", "DateTime": "date", "Number": "number", "Currency": "number", "Boolean": "choice"}
_COLLECTS = ("Collect", "CollectAttachment")
_PLANNERS = ("conversationDefinitionPlanners", "conversationPlanner")
_MESSAGES = (("botMessages", "prompt"), ("retryMessages", "reprompt"))
_OPPOSITE = {"IsSet": "IsNotSet", "IsNotSet": "IsSet", "Equals": "NotEquals", "NotEquals": "Equals"}
_BOOLEAN = {"true": "false", "false": "true"}
_LAST_SAID = "_LastCustomerInput"
_TARGETS = ("targetName", "variableName", "targetVariableName")
_OTHERWISE = "otherwise"
_PROJECT = "../../../../../"  # from the folder of a bot: packages/main/default/bots/Bot
_PLAIN = re.compile(r"\w+")
_FEW = 12  # files of intent sets that are looked into for the forms of answers
_MANY = 8  # ways to one step, that are brought together first
_BEHIND, _ANYTHING = ("behind",), ("anything",)
_KNOWN = frozenset((
    "message", "literalValue", "quickReplyOptionTemplate", "label", "masterLabel", "description", "utterance", "terms",
    "value", "sourceValue", "extractionRegex", "rightOperandValue", "invocationActionName", "genAiPlannerName",
    "scope", "role", "company",
))  # fmt: skip
"""Elements of which it is known what a sentence in them is."""


def claims(document: Document) -> bool:
    if document.kind != "xml":
        return False
    root = top(document)
    if root.tag == "Translations":
        return any(root.all("bots", "botTemplates", "botBlocks"))
    is_metadata = any(_METADATA in value for value in root.element.attributes.values())
    if root.tag not in _ROOTS:
        return is_metadata and root.tag in _AGENTS
    return is_metadata or any(root.all("botDialogs", *_VERSIONS, "botMlDomain"))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    root = top(document)
    if root.tag == "Translations":
        return _translated(document, root)
    if root.tag in _AGENTS:
        return _instructed(document, root)
    around = _Around(root, neighbours)
    builder = Builder(NAME, document, around.channels, "plain")
    for part in root.all("botMlDomain", "mlDomain"):
        _skip_utterances(builder, part)
    whole = [] if root.tag == "Bot" and not any(root.all("botDialogs")) else [root]
    for version in (*whole, *root.all(*_VERSIONS)):
        _Reading(builder, version, around).read()
    _overlook_others(builder, root)
    return builder.conversation()


def _instructed(document: Document, root: Part) -> Conversation:
    """The topics of an agent. What customers may say to begin one is theirs."""
    builder = Builder(NAME, document)
    for part in (root, *root.below()):
        name = part.value("developerName") or part.value("masterLabel")
        for told in part.all(*_TOLD):
            if is_sentence(told.text):
                builder.unseen(told.node, LANGUAGE_MODEL, name)
        for said in part.all("utterance"):
            builder.skip(said.node, CUSTOMER, name)
    _overlook_others(builder, root)
    return builder.conversation()


def _translated(document: Document, root: Part) -> Conversation:
    """The translations of bots into the language that the file is called by."""
    builder = Builder(NAME, document, markup="plain")
    locale = posixpath.basename((document.source.inner or document.source.path).replace("\\", "/")).split(".")[0]
    for bot in root.all("bots", "botTemplates", "botBlocks"):
        for version in (bot, *bot.all(*_VERSIONS)):
            for dialog in version.all("botDialogs"):
                _translate(builder, dialog, dialog.value("developerName"), locale)
    return builder.conversation()


def _translate(builder: Builder, part: Part, id: str, locale: str) -> None:
    kinds = {"literalValue": "option", "quickReplyOptionTemplate": "option"}
    for inner in part:
        if inner.tag in ("message", *kinds):
            kind = kinds.get(inner.tag) or ("reprompt" if part.tag == "retryMessages" else "reply")
            builder.say(None, inner.node, id, kind, locale)
        else:
            _translate(builder, inner, id, locale)


def _skip_utterances(builder: Builder, domain: Part) -> None:
    for intent in domain.all("mlIntents"):
        for said in intent.all("mlIntentUtterances"):
            if (utterance := said.first("utterance")) is not None:
                builder.skip(utterance.node, CUSTOMER, intent.value("developerName"))


def _overlook_others(builder: Builder, root: Part) -> None:
    """Note the first sentence in each kind of element that is not known."""
    told: set[str] = set()
    for part in root.below():
        if part.tag not in _KNOWN and part.tag not in told and is_sentence(part.text):
            told.add(part.tag)
            builder.overlook(part.node, f"'{part.tag}' is no known name for a text, so this is not read")


class _Around:
    """What the other files of a bot say of a version: the forms of answers, who talks to it, messaging components."""

    def __init__(self, root: Part, neighbours: Neighbours) -> None:
        self.neighbours = neighbours
        self._components: dict[str, range] = {}
        bots = [root] if root.tag == "Bot" else list(self._roots("*.bot-meta.xml"))
        self.channels = ("internal",) if any(bot.value("type") == "InternalCopilot" for bot in bots) else ()
        domains = [*root.all("botMlDomain", "mlDomain"), *(one for bot in bots for one in bot.all("botMlDomain"))]
        wanted = any(part.tag == "sourceType" and part.text == "MlSlotClass" for part in root.below())
        domains += self._roots("../../mlDomains/*.mlDomain*") if wanted else ()
        self.patterns = {
            one.value("developerName"): one.value("extractionRegex")
            for domain in domains
            for one in domain.all("mlSlotClasses")
        }

    def _roots(self, pattern: str) -> Iterator[Part]:
        for name in self.neighbours.names(pattern)[:_FEW]:
            for document in self.neighbours.open(name):
                if document.kind == "xml" and local(document.value.tag) in ("Bot", "MlDomain"):
                    yield top(document)

    def component(self, builder: Builder, name: str) -> range:
        """The messages of a messaging component, whose file is beside the bots; each is read once."""
        if name not in self._components:
            first = len(builder.messages)
            for document in self._component_files(name):
                builder.also(document)
                builder.merge(salesforce_messages.read(document, self.neighbours))
                break
            self._components[name] = range(first, len(builder.messages))
        return self._components[name]

    def _component_files(self, name: str) -> Iterator[Document]:
        """The file of a messaging component: beside the bots, or in another package of the project."""
        file = f"conversationMessageDefinitions/{name}.conversationMessageDefinition"
        near = [f"{up}{file}{ending}" for up in ("../", "../../") for ending in ("-meta.xml", "")]
        for path in near:
            yield from filter(salesforce_messages.claims, self.neighbours.open(path))
        if _PLAIN.fullmatch(name):
            for path in self.neighbours.names(f"{_PROJECT}*/main/default/{file}-meta.xml"):
                yield from filter(salesforce_messages.claims, self.neighbours.open(path))


class _Condition(NamedTuple):
    """What a group of steps asks for, as far as it is one thing."""

    name: str
    operator: str
    value: str

    def __str__(self) -> str:
        shown = {"Equals": f"== '{self.value}'", "NotEquals": f"!= '{self.value}'"}
        return f"{self.name} {shown.get(self.operator) or f'{self.operator} {self.value}'.strip()}"

    def excludes(self, other: _Condition) -> bool:
        """Whether one of the two holds, and never both."""
        if self.name != other.name:
            return False
        if self.operator == other.operator == "Equals":
            return _BOOLEAN.get(self.value) == other.value
        return _OPPOSITE.get(self.operator) == other.operator and ("Set" in self.operator or self.value == other.value)


class _Branch(NamedTuple):
    """A group of steps that was just read, if what it asks for is as it was behind it; ``past``: the ways past it."""

    condition: _Condition
    past: Ends


class _Reading:
    """Reads one version of a bot."""

    def __init__(self, builder: Builder, version: Part, around: _Around) -> None:
        self.builder = builder
        self.version = version
        self.around = around
        self.flow: FlowDraft = builder.flow(version.value("fullName") or version.value("masterLabel") or "bot")
        languages = [one.value("language") for one in version.all("nlpProviders")]
        languages += [one.text for one in version.all("conversationLanguages")]
        self.locale = languages[0] if len(languages) == 1 and languages[0] else None
        self.types = {one.value("developerName"): one.value("dataType") for one in version.all("conversationVariables")}
        self.dialogs = {one.value("developerName"): one for one in version.all("botDialogs")}
        self.systems: dict[str, list[str]] = {}
        for one in version.all("conversationSystemDialogs"):
            self.systems.setdefault(one.value("type"), []).append(one.value("dialog"))
        self.dialog = ""
        self.count = 0
        self.step: StepDraft | None = None
        self.open: Hashable = None
        """The newest step, while it may go on saying things."""

    def read(self) -> None:
        for planner in (part for tag in _PLANNERS for part in self.version.all(tag)):
            self.builder.unseen(planner.node, LANGUAGE_MODEL, planner.value("genAiPlannerName") or planner.text)
        for told in self.version.all("role", "company"):
            self.builder.unseen(told.node, LANGUAGE_MODEL, told.tag)
        for dialog in self.version.all("botDialogs"):
            self._read_dialog(dialog)
        entry = self.version.value("entryDialog")
        if entry in self.dialogs:
            self.flow.enter(("dialog", entry))
        else:
            self.flow.enter_where_needed(("dialog", name) for name in self.dialogs)
        self._join_hubs()

    def _join_hubs(self) -> None:
        """Anything may begin the dialog of an intent, one of the menu, or the one for what is not understood."""
        begun: dict[str, str] = {}
        for type, names in self.systems.items():
            begun.update(dict.fromkeys(names if type != "TransferFailed" else (), type))
        for name, dialog in self.dialogs.items():
            if dialog.value("mlIntent") or dialog.value("showInFooterMenu") == "true":
                begun[name] = dialog.value("mlIntent") or dialog.value("label")
        if not begun:
            return
        # What was said last before a dialog ends is no question by that, so a step lies between.
        self.flow.hub(_BEHIND, self.version.node, "end of a dialog")
        self.flow.step(_ANYTHING, self.version.node, "next message").waits = True
        self.flow.link_later(_BEHIND, _ANYTHING)
        for name, why in begun.items():
            self.flow.link_later(_ANYTHING, ("dialog", name), why)

    def _read_dialog(self, dialog: Part) -> None:
        self.dialog = dialog.value("developerName") or "dialog"
        self.count = 0
        place, label = dialog.first("developerName") or dialog, dialog.first("label")
        self.open = ("dialog", self.dialog)
        self.step = self.flow.step(self.open, place.node, self.dialog, label.text if label else "")
        if label is not None and dialog.value("showInFooterMenu") == "true":
            self.builder.say(None, label.node, f"{self.dialog}.label", "option", self.locale)
        for note in dialog.all("description"):
            self.builder.skip(note.node, INTERNAL, self.dialog)
        ends = self._steps(dialog, [(self.open, "")])
        self.flow.finish(ends)
        self._await(ends)

    def _await(self, ends: Ends) -> None:
        """It goes on with whatever the customer says next."""
        for start, condition in ends:
            self.flow.link_later(start, _BEHIND, condition)

    def _steps(self, parent: Part, ends: Ends) -> Ends:
        """Steps in a row; returns from where it goes on behind them."""
        before: _Branch | None = None
        for part in parent.all("botSteps"):
            if len(ends) > _MANY:
                ends = self._new(part, "", ends)
            if part.value("type") == "Group" or part.first("botSteps") is not None:
                ends, before = self._group(part, ends, before)
            else:
                ends, before = self._step(part, ends), None
        return ends

    def _group(self, part: Part, ends: Ends, before: _Branch | None) -> tuple[Ends, _Branch | None]:
        """Steps under a condition. Of two groups in a row whose conditions exclude each other one is gone through."""
        asked = [
            _Condition(one.value("leftOperandName"), one.value("operatorType"), one.value("rightOperandValue"))
            for one in part.all("botStepConditions")
        ]
        self.open = None
        if not asked:
            return self._steps(part, ends), None
        said = (" or " if part.value("conditionLogicType") == "Or" else " and ").join(map(str, asked))
        only = asked[0] if len(asked) == 1 else None
        if before is not None and only is not None and before.condition.excludes(only):
            through = [end for end in ends if end not in before.past]
            inner = self._steps(part, [(start, said) for start, _ in before.past])
            self.open = None
            return [*through, *inner], None
        inner = self._steps(part, [(start, _both(condition, said)) for start, condition in ends])
        self.open = None
        past = [(start, _both(condition, _OTHERWISE)) for start, condition in ends]
        is_same = only is not None and not _may_set(part, only.name)
        return [*inner, *past], _Branch(only, past) if only is not None and is_same else None

    def _step(self, part: Part, ends: Ends) -> Ends:
        """A step that holds no others."""
        type = part.value("type")
        for message in part.all("botMessages"):
            ends = self._here(part, ends)
            self._say(message, "reply")
        for operation in part.all("botVariableOperation"):
            if operation.value("type") in _COLLECTS:
                ends = self._collect(part, operation, ends)
            else:
                ends = self._set(part, operation, ends)
        for definition in part.all("messageDefinition"):
            ends = self._component(part, definition, ends)
        for invocation in part.all("botInvocation"):
            ends = self._invoke(part, invocation, ends)
        for lookup in part.all("conversationRecordLookup"):
            ends = self._look_up(part, lookup, ends)
        for navigation in part.all("botNavigation"):
            ends = self._navigate(part, navigation, ends)
        if type == "Wait":
            self._await(ends)
            return []
        for system in part.all("conversationSystemMessage"):
            ends = self._here(part, ends)
            if system.value("type") == "Transfer":
                self._transfer(ends)
            else:
                self.flow.stop(self.open)
            ends = []
        return ends

    def _new(self, part: Part, name: str, ends: Ends) -> Ends:
        """A step of the flow for this step of the dialog."""
        self.count += 1
        self.open = ("step", *part.path)
        id = f"{self.dialog}: {name}" if name else f"{self.dialog}.{self.count}"
        self.step = self.flow.step(self.open, part.node, id)
        self.flow.lead(ends, self.open)
        return [(self.open, "")]

    def _here(self, part: Part, ends: Ends) -> Ends:
        """The step before, where it goes on speaking, or else a new one."""
        return ends if self.open is not None and list(ends) == [(self.open, "")] else self._new(part, "", ends)

    def _say(self, message: Part, kind: str) -> None:
        assert self.step is not None
        for text in message.all("message"):
            self.builder.say(self.step, text.node, self._id(), kind, self.locale)

    def _offer(self, part: Part) -> None:
        assert self.step is not None
        self.builder.say(self.step, part.node, self._id(), "option", self.locale)

    def _id(self) -> str:
        """What the next text of the newest step is called: as that is, the others with a number."""
        assert self.step is not None
        number = len(self.step.messages)
        return f"{self.step.id}.{number}" if number else self.step.id

    def _collect(self, part: Part, operation: Part, ends: Ends) -> Ends:
        operands = list(operation.all("botVariableOperands"))
        ends = self._new(part, operands[0].value("targetName") if operands else "", ends)
        assert self.step is not None
        self.step.waits = True
        for tag, kind in _MESSAGES:
            for message in operation.all(tag):
                self._say(message, kind)
        for option in operation.all("botQuickReplyOptions"):
            for value in option.all("literalValue"):
                self._offer(value)
        for template in operation.all("quickReplyOptionTemplate"):
            self._offer(template)
        for operand in operands:
            self._take(operand, operation)
        self.step.passed = operation.value("askCollectIfSet") != "true" and any(
            one.value("sourceType").endswith("MlSlotClass") and one.value("disableAutoFill") != "true"
            for one in operands
        )
        if operation.value("ignoreIntentRecognition") != "true":
            self.flow.link_later(self.open, _ANYTHING, "something else")
        for navigation in operation.all("invalidInputBotNavigation"):
            self._navigate(part, navigation, ends)
        self.open = None
        for message in operation.all("successMessages"):
            ends = self._new(message, "", ends) if self.open is None else ends
            self._say(message, "reply")
        return ends

    def _take(self, operand: Part, operation: Part) -> None:
        name = operand.first("targetName")
        if name is None:
            return
        source, type = operand.value("sourceName"), self.types.get(name.text, "")
        component, pattern = _COMPONENTS.get(type, "text"), self.around.patterns.get(source, "")
        if operation.value("type") == "CollectAttachment":
            component = "upload"
        elif not pattern and (operation.value("quickReplyType") or operation.first("botQuickReplyOptions")):
            component = "choice"
        self.builder.take(self.step, name.node, name.text, source or type, component, pattern)

    def _set(self, part: Part, operation: Part, ends: Ends) -> Ends:
        """What a variable is given, by the bot or out of what the customer has said."""
        for operand in operation.all("botVariableOperands"):
            name, value = operand.first("targetName"), operand.first("sourceValue")
            if name is None:
                continue
            if value is not None and is_sentence(value.text):
                ends = self._here(part, ends)
                self.builder.assign(self.step, name.text, value.node)
            elif operand.value("sourceName") == _LAST_SAID:
                ends = self._here(part, ends)
                self.builder.take(self.step, name.node, name.text, self.types.get(name.text, ""), waits=False)
            else:
                self.builder.rename(self.step, name.node, name.text, operand.value("sourceName"))
        for definition in operation.all("messageDefinition"):
            ends = self._component(part, definition, ends)
        for invocation in operation.all("botInvocation"):
            ends = self._invoke(part, invocation, ends)
        return ends

    def _component(self, part: Part, definition: Part, ends: Ends) -> Ends:
        """A messaging component: its texts are in a file of their own, what it is filled with stands here."""
        ends = self._here(part, ends)
        assert self.step is not None
        named = definition.first("messageDefinitionName")
        if named is not None and named.text:
            said = self.around.component(self.builder, named.text)
            self.builder.repeat(self.step, said)
            if not said:
                self.builder.unseen(named.node, TEMPLATE, named.text)
        for mapping in definition.all("messageDefinitionMappings"):
            value, variable = mapping.first("value"), mapping.first("variableName")
            if value is not None and mapping.value("type") != "Output" and is_sentence(value.text):
                self.builder.say(self.step, value.node, self._id(), "reply", self.locale)
            elif variable is not None and mapping.value("type") == "Output":
                type = self.types.get(variable.text, "")
                self.builder.take(self.step, variable.node, variable.text, type, _COMPONENTS.get(type, "text"))
                self.open = None
        return ends

    def _invoke(self, part: Part, invocation: Part, ends: Ends) -> Ends:
        """A program that is run: an answer may get another name there."""
        action = invocation.value("invocationActionName")
        for mapping in invocation.all("invocationMappings"):
            parameter, value = mapping.first("parameterName"), mapping.first("value")
            if value is not None and is_sentence(value.text):
                if "mail" in action.lower():
                    self.builder.skip(value.node, MAIL, action)
                else:
                    self.builder.overlook(value.node, UNKNOWN, action)
            elif parameter is not None and mapping.value("type") == "Input":
                self.builder.rename(self.step, parameter.node, parameter.text, mapping.value("variableName"))
        self._fail(ends)
        return ends

    def _look_up(self, part: Part, lookup: Part, ends: Ends) -> Ends:
        """Records that are found by an answer: by the name of their field it is told what that is."""
        for condition in lookup.all("conditions"):
            field = condition.first("leftOperand")
            if field is not None:
                name = field.text.rpartition(".")[2].removesuffix("__c")
                self.builder.rename(self.step, field.node, name, condition.value("rightOperandName"))
        self._fail(ends)
        return ends

    def _fail(self, ends: Ends) -> None:
        for name in self.systems.get("ErrorHandling", ()):
            for start, _ in ends:
                self.flow.link_later(start, ("dialog", name), "an error")

    def _transfer(self, ends: Ends) -> None:
        """A person goes on, if there is one."""
        self.flow.finish(ends)
        for name in self.systems.get("TransferFailed", ()):
            for start, _ in ends:
                self.flow.link_later(start, ("dialog", name), "nobody is there")

    def _navigate(self, part: Part, navigation: Part, ends: Ends) -> Ends:
        links = list(navigation.all("botNavigationLinks"))
        type = navigation.value("type")
        if type == "TransferToAgent":
            self._transfer(ends)
            return []
        if type == "Call":
            ends = self._new(part, "", ends)
            for link in links:
                self._lead(link, ends, call=True)
            self.open = None
            return ends
        if len(links) > 1:
            ends = self._here(part, ends)
            assert self.step is not None
            self.step.waits = True
            self.flow.link_later(self.open, _ANYTHING, "something else")
        for link in links:
            if len(links) > 1:
                self._name(link)
            self._lead(link, ends)
        self.open = None
        return []

    def _name(self, link: Part) -> None:
        """A choice of a menu: its label, or that of the dialog that it leads to."""
        label = link.first("label")
        if label is None or not label.text:
            dialog = self.dialogs.get(link.value("targetBotDialog"))
            label = dialog.first("label") if dialog is not None else None
        if label is not None:
            self._offer(label)

    def _lead(self, link: Part, ends: Ends, call: bool = False) -> None:
        target, variable = link.first("targetBotDialog"), link.first("targetVariable")
        if target is not None and target.text:
            place = Node(target.text, target.path, target.document)
            for start, condition in ends:
                asked = _both(condition, link.value("label"))
                self.flow.link(("dialog", target.text), asked, start=start, call=call, place=place)
        elif variable is not None and variable.text:
            self.builder.unseen(variable.node, ELSEWHERE, self.dialog)


def _both(one: str, other: str) -> str:
    return " and ".join(dict.fromkeys(filter(None, (one, other))))


def _may_set(group: Part, variable: str) -> bool:
    """Whether a variable may have another value behind a group of steps."""
    return any(
        (part.tag in _TARGETS and part.text == variable) or (part.tag == "type" and part.text == "Call")
        for part in group.below()
    )
