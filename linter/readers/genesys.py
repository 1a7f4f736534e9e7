"""Genesys Cloud: flows of Architect, as its command line tool (Archy) writes and takes them, in YAML.

A flow is a mapping under the name of its kind; in it stand bots, states, menus and tasks with actions that follow each
other, each a mapping under its own name. What an action comes to (``outputs``, cases, choices, intents) has actions of
its own; where nothing stands for an outcome, the next action follows. A text is a literal (``lit``, ``tts``) or an
expression (``exp``) that puts one together: ``MakeCommunication("Your number is ", ToCommunication(Flow.number))``.

Sources: the flows in the repositories of GenesysCloudBlueprints (scheduling-bot, web-messaging-triage-bot,
switch-voice-to-web-messaging, simple-ivr-deploy-with-cx-as-code, email flows of cx-as-code-cicd, and others). Of a
digital bot only a generated one was found (``waitForInput``, tasks of intents); what cards, carousels and digital menus
look like is not known: what an expression makes a communication of is read in them too, other sentences are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation
from ..documents import Document
from ..source import Span
from . import Neighbours
from .building import Builder, joined, one_of
from .common import MESSAGING, is_text
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .prose import is_sentence
from .reasons import CUSTOMER, ELSEWHERE, TEMPLATE, UNKNOWN_BLOCK, VARIABLE
from .requests import UNKNOWN

NAME = "genesys"
TITLE = "Genesys Cloud Architect flows"

_KINDS: dict[str, tuple[str, ...]] = {
    "botFlow": (), "digitalBot": MESSAGING, "digitalBotFlow": MESSAGING, "inboundShortMessage": MESSAGING,
    "inboundMessage": MESSAGING, "inqueueShortMessage": MESSAGING, "inboundChat": ("webchat",),
    "inqueueChat": ("webchat",), "inboundEmail": ("email",), "inqueueEmail": ("email",), "inboundCall": ("voice",),
    "inqueueCall": ("voice",), "outboundCall": ("voice",), "secureCall": ("voice",), "voicemail": ("voice",),
    "voiceSurvey": ("voice",), "surveyInvite": ("email",), "commonModule": (), "workflow": (),
}  # fmt: skip
"""Kinds of flows, and the channels that they speak on."""
_SPOKEN = {
    "communication": "reply", "messageBody": "reply", "audio": "reply", "inputAudio": "prompt", "question": "prompt",
    "confirmation": "prompt", "prompt": "prompt", "knowledgeConfirmation": "prompt", "noInput": "reprompt",
    "noMatch": "reprompt", "agentEscalationConfirmation": "prompt",
}  # fmt: skip
"""What actions and settings say, and what kind of text it is."""
_APOLOGY = re.compile(r"Apology$|Retry$")
_SAYS = re.compile(r"\b(?:MakeCommunication|ToCommunication|ToAudioTTS)\s*\(")
_INTENTS = "settingsNaturalLanguageUnderstanding"
_WAITS = frozenset(("askForIntent", "askForBoolean", "askForSlot", "loopAnythingElse", "waitForInput", "collectInput"))
_LOOPS = frozenset(("loop", "loopUntil"))
_OVER = re.compile(r"disconnect|transfer|exit\w*Flow|endFlow|endWorkflow|endState$")
_CALLS = re.compile(r"call(?:Digital)?Bot(?:Flow)?$|callCommonModule|call(?:Lex|Dialogflow|DialogEngine|Bot)\w*")
_MODELS = re.compile(r"virtualAgent", re.IGNORECASE)
_NO_TEXTS = frozenset(
    ("outputs", "actions", "choices", "evaluate", "variables", "name", "refId", "description", "condition",
     "customValidation")
)  # fmt: skip
_STAFF = re.compile(
    r"(?:set|get)ParticipantData|set(?:ScreenPop|WrapupCode|FlowOutcome|Language)|addFlowMilestone|initializeFlowOutcome"
    r"|find\w*|evaluate\w*|detect\w*|clearSlot|holdMusic|createCallback|setUtilizationLabel|setWhisperAudio"
)
"""Actions that say nothing to a customer."""
_COMPONENTS = {
    "dateVariable": "date", "datetimeVariable": "date", "integerVariable": "number", "decimalVariable": "number",
    "currencyVariable": "number", "phoneNumberVariable": "phone", "booleanVariable": "choice",
}  # fmt: skip
_REF = re.compile(r"/\w+/\w+/\w+\[(.*)\]")
_LOCALE = re.compile(r"([a-z]{2,3})-([a-z]{2})", re.IGNORECASE)
_SECTION = re.compile(r"settings|variables$|supportedLanguages$")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|([^\W\d][\w.]*)\s*(\()?|([(),])|\d+|.', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = {"n": "\n", "r": "", "t": " "}
_COMMUNICATION = "makecommunication"
_ALL = frozenset((_COMMUNICATION, "append", "concat"))
_FIRST = frozenset(
    ("tocommunication", "toaudiotts", "toaudio", "audioplaybackoptions", "trim", "tostring", "todisplaystring")
)
"""Functions that make a text of all that they are given, or of the first; in lower case."""
_CHOICE = "if"
_SILENCE = "toaudioblank"
_CONSTANTS = frozenset(("true", "false", "not_set", "and", "or", "not"))


def _is_flow(value: Any) -> bool:
    """Whether a value is a flow under the name of its kind."""
    if not isinstance(value, dict):
        return False
    return any(kind in value and _is_body(value[kind]) for kind in _KINDS)


def _is_body(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    start = value.get("startUpRef")
    begins = isinstance(start, str) and _REF.fullmatch(start) is not None
    return begins or ("defaultLanguage" in value and ("supportedLanguages" in value or "startUpTaskActions" in value))


def claims(document: Document) -> bool:
    return holds(document, _is_flow, 1)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document)
    for node in search(root(document), _is_flow, 1):
        for kind, channels in _KINDS.items():
            if _is_body(node[kind].value):
                _Reading(builder, builder.flow(node[kind]["name"].name or kind), node[kind], channels).read()
    return builder.conversation()


Key = tuple[str | int, ...]
Ends = list[tuple[Key, str]]


class _Reading:
    """Reads one flow."""

    def __init__(self, builder: Builder, flow: FlowDraft, node: Node, channels: tuple[str, ...]) -> None:
        self.builder = builder
        self.flow = flow
        self.node = node
        self.channels = channels
        self.locale = _locale(node)
        self.kinds = {inner["name"].name: kind for kind, inner in _variables(node)}
        self.loops: list[tuple[Key, Ends]] = []

    def read(self) -> None:
        self._kept(None, self.node)
        units = list(_units(self.node))
        for name, unit in units:
            key = _unit_key(unit, name)
            step = self.flow.step(key, unit, unit["name"].name or name)
            self.flow.alias(("unit", unit["name"].name or name), key)
            self._kept(step, unit)
            ends = self._action(step, unit, key, name, [])
            actions = unit if unit.is_list else unit["actions"]
            self._actions(actions, [*ends, (key, "")] if not unit["choices"] else ends)
        for field, value in self.node.items():
            if field == _INTENTS:
                self.builder.skip(value, CUSTOMER, field)
            elif field.startswith("settings"):
                self._settings(value, field, field)
        self._begin(units)

    def _begin(self, units: list[tuple[str, Node]]) -> None:
        start = _target(self.node["startUpRef"])
        greeting = self.node["initialGreeting"]
        if greeting.is_mapping:
            step = self.flow.step(("greeting",), greeting, "initialGreeting")
            self._say(step, greeting, "initialGreeting", "reply")
            self.flow.enter(("greeting",))
            if start:
                self.flow.link(("unit", start), start=("greeting",), place=self.node["startUpRef"])
        elif start:
            self.flow.enter(("unit", start))
        for one in self.node["settingsBotFlow"]["intentSettings"]:
            task = one["intent"]["task"]["name"].name
            if task:
                self.flow.enter(("unit", task))
        self.flow.enter_where_needed(_unit_key(unit, name) for name, unit in units)

    # -- actions ----------------------------------------------------------------------------------------------------

    def _actions(self, actions: Node, ends: Ends) -> Ends:
        """Steps for actions that follow each other; the ways out at their end are handed back."""
        for action in actions:
            for name, body in action.items():
                if not body.is_mapping:
                    continue
                key = ("action", *body.path)
                step = self.flow.step(key, body, body["name"].name or name, body["name"].name)
                self.flow.lead(ends, key)
                ends = self._action(step, body, key, name, [(key, "")])
        return ends

    def _action(self, step: StepDraft, body: Node, key: Key, name: str, ends: Ends) -> Ends:
        """What an action says and takes; from where it goes on, ``ends`` where nothing else is said."""
        self._said(step, body, name)
        self._taken(step, body, name)
        step.waits = step.waits or name in _WAITS or bool(body["choices"])
        if name in _LOOPS:
            return self._loop(body, key)
        if name == "loopExit" and self.loops:
            self.loops[-1][1].append((key, ""))
            return []
        if name == "loopNext" and self.loops:
            self.flow.link(self.loops[-1][0], start=key)
            return []
        plain = name.removeprefix("menu")
        plain = plain[:1].lower() + plain[1:] if plain != name else name
        inner = self._branches(body, key)
        if self._goes(step, body, key, plain) or plain == "endTask" or name == "menuTask":
            return inner
        if _OVER.match(plain):
            step.stops = True
            return inner
        return inner if _is_whole(body) else [*inner, *((one, "else" if inner else said) for one, said in ends)]

    def _goes(self, step: StepDraft, body: Node, key: Key, name: str) -> bool:
        """Ways to what stands elsewhere in the flow; whether it does not come back."""
        leaves = False
        for field, value in body.items():
            target = _target(value) if field.endswith("Ref") else ""
            if target and field != "startUpRef":
                is_call = name.startswith("call")
                self.flow.link(("unit", target), start=key, call=is_call, place=value)
                leaves = leaves or not is_call
        if _MODELS.search(name):
            self.builder.unseen(body, LANGUAGE_MODEL, step.id)
        elif _CALLS.match(name):
            self.builder.unseen(body, ELSEWHERE, step.id)
        return leaves

    def _loop(self, body: Node, key: Key) -> Ends:
        exits: Ends = []
        self.loops.append((key, exits))
        for end, _ in self._branches(body, key):
            self.flow.link(key, start=end)
        self.loops.pop()
        return [(key, "end of the loop"), *exits]

    def _branches(self, body: Node, key: Key) -> Ends:
        """The actions of each outcome; from where they go on."""
        ends: Ends = []
        for condition, actions in _outcomes(body):
            ends += self._actions(actions, [(key, condition)])
        for choice in body["choices"]:
            for name, inner in choice.items():
                if inner.is_mapping:
                    title = inner["name"].name or name
                    one: Key = ("action", *inner.path)
                    step = self.flow.step(one, inner, title)
                    self.flow.link(one, title, start=key)
                    ends += self._actions(inner["actions"], self._action(step, inner, one, name, [(one, "")]))
        return ends

    # -- what is said and taken -------------------------------------------------------------------------------------

    def _said(self, step: StepDraft, body: Node, name: str) -> None:
        """The texts of an action, those of other actions in it left out."""
        if name == "updateData":
            for statement in body["statements"]:
                for _, one in statement.items():
                    self._keep(step, one["variable"].name, one["value"])
            return
        for field, value in body.items():
            if field in _NO_TEXTS:
                continue
            where = f"{step.id}.{field}"
            if field in _SPOKEN and _STAFF.fullmatch(name) is None:
                self._say(step, value, where, _SPOKEN[field])
            else:
                self._others(step, value, where, name)

    def _others(self, step: StepDraft, node: Node, where: str, name: str) -> None:
        """Communications under names that are not known are said; of other sentences it is not known."""
        for inner in _values(node):
            if _SAYS.search(inner["exp"].text) or inner["tts"].text:
                self._say(step, inner, where, "reply")
            elif _STAFF.fullmatch(name) is None and any(map(is_sentence, _literals(inner))):
                self.builder.overlook(inner, UNKNOWN if name == "callData" else UNKNOWN_BLOCK, where)

    def _settings(self, node: Node, field: str, where: str) -> None:
        """What is said where something goes wrong, or before an intent is taken, whatever the step."""
        for key, inner in _named_values(node, field):
            is_apology = _APOLOGY.search(key) is not None or "noMatch" in key or "noInput" in key
            kind = _SPOKEN.get(key, "reprompt" if is_apology else "reply")
            if _SAYS.search(inner["exp"].text) or inner["tts"].text or key in _SPOKEN:
                self._say(None, inner, f"{where}.{key}", kind)
            elif any(map(is_sentence, _literals(inner))):
                self.builder.overlook(inner, UNKNOWN_BLOCK, f"{where}.{key}")

    def _say(self, step: StepDraft | None, node: Node, id: str, kind: str) -> None:
        """A value that is said: a literal, a text that is spoken, or an expression."""
        for plain in (node["lit"], node["tts"], node):
            if plain.text:
                self.builder.say(step, plain, id, kind, self.locale, channels=self.channels)
        expression = node["exp"]
        parts, choices = _parts(expression)
        if any(isinstance(part, Node) and part.text.strip() for part in parts):
            self.builder.say_joined(step, expression, parts, id, kind, self.locale, channels=self.channels)
        elif not choices and (names := _names(expression)):
            self.builder.unseen(expression, TEMPLATE if "Prompt" in names else VARIABLE, id, printed=names)
        for number, one in enumerate(choices):
            variant = one_of(expression, number, False)
            text = expression.text[one.start : one.end]
            self.builder.say(
                step, expression, f"{id}[{number}]", kind, self.locale, channels=self.channels,
                text=text, offset=one.start, variant=variant,
            )  # fmt: skip

    def _kept(self, step: StepDraft | None, node: Node) -> None:
        """What variables hold at first."""
        for _, inner in _variables(node):
            self._keep(step, inner["name"].name, inner["initialValue"])

    def _keep(self, step: StepDraft | None, name: str, value: Node) -> None:
        """A text that is kept, and said where a communication prints it."""
        if not name:
            return
        self.builder.assign(step, name, value["lit"] if value["lit"].text else Node(None, value.path, value.document))
        if value["exp"].text.strip():
            parts, choices = _parts(value["exp"])
            self.builder.assign(step, name, joined(value["exp"], parts))
            for number, one in enumerate(choices):
                text = value["exp"].text[one.start : one.end]
                variant = one_of(value["exp"], number, False)
                self.builder.assign(step, name, value["exp"], text=text, offset=one.start, variant=variant)

    def _taken(self, step: StepDraft, body: Node, name: str) -> None:
        slot = body["slot"]["name"]
        if slot.name:
            type, pattern = self._type(slot.name)
            component = _COMPONENTS.get(self.kinds.get(f"Slot.{slot.name}", ""), "text")
            component = component_of(type, component) if type.startswith("builtin") else component
            self.builder.take(step, slot, slot.name, type or name, component, pattern, channels=self.channels)
        digits = body["inputData"]["var"]
        if digits.name:
            self.builder.take(step, digits, digits.name, name, "number", channels=self.channels)

    def _type(self, slot: str) -> tuple[str, str]:
        """The type of a slot, and the pattern that its values have."""
        domain = self.node[_INTENTS]["nluDomainVersion"]
        type = next((one["type"].name for one in domain["entities"] if one["name"].name == slot), "")
        for one in domain["entityTypes"]:
            items = one["mechanism"]["items"]
            if type and one["name"].name == type and one["mechanism"]["type"].name == "Regex":
                return type, items[0]["value"].text
        return type, ""


def _variables(node: Node) -> Iterator[tuple[str, Node]]:
    """The variables of a flow, a state or a task, each with what kind it is of."""
    for variable in node["variables"]:
        for kind, inner in variable.items():
            if inner["name"].name:
                yield kind, inner


def _locale(node: Node) -> str | None:
    """The language of a flow that has one."""
    found = _LOCALE.fullmatch(node["defaultLanguage"].text)
    languages = node["supportedLanguages"].value
    is_one = not isinstance(languages, dict) or len(languages) <= 1
    return f"{found[1].lower()}-{found[2].upper()}" if found is not None and is_one else None


def _units(node: Node) -> Iterator[tuple[str, Node]]:
    """Bots, states, menus and tasks, and actions that stand in the flow itself."""
    for key, value in node.items():
        if _SECTION.match(key):
            continue
        if value["actions"].is_list:
            yield key, value
        loose = False
        for item in value:
            for name, inner in item.items():
                if inner["actions"].is_list or inner["choices"].is_list:
                    yield name, inner
                elif inner.is_mapping:
                    loose = True
        if loose and key.endswith("Actions"):
            yield key, value


def _unit_key(unit: Node, name: str) -> Key:
    return ("unit", unit["refId"].name or unit["name"].name or name)


def _target(node: Node) -> str:
    """What a reference names: "/botFlow/tasks/task[Ask_12]"."""
    found = _REF.fullmatch(node.text)
    return found[1] if found is not None else ""


def _outcomes(body: Node, condition: str = "") -> Iterator[tuple[str, Node]]:
    """Lists of actions in an action, each with what it comes to; those that are switched off are left out."""
    for field, value in body.items():
        if field in ("actions", "choices"):
            continue
        for inner in value if value.is_list else (value,):
            if not inner.is_mapping:
                continue
            said = (
                condition
                if field in ("outputs", "intents", "cases", "evaluate", "firstTrue")
                else _outcome(field, inner)
            )
            if inner["actions"].is_list and inner["enabled"].value is not False:
                yield said, inner["actions"]
            yield from _outcomes(inner, said)


def _outcome(field: str, inner: Node) -> str:
    """What an outcome is called: an intent, the expression of a case, or its name."""
    names = {"True": "yes", "False": "no", "default": "else"}
    return inner["value"]["exp"].text or inner["name"].name or names.get(field, field)


def _is_whole(body: Node) -> bool:
    """Whether something stands for each outcome, so that no way leads past them."""
    outputs = {names for names, value in body["outputs"].items() if value["actions"].is_list}
    cases = body["evaluate"]["firstTrue"]["default"]["actions"].is_list
    both = [{"yes", "no"}, {"True", "False"}, {"success", "failure", "timeout"}]
    return cases or any(names <= outputs for names in both)


def _values(node: Node) -> Iterator[Node]:
    """Mappings with a literal or an expression, at any depth."""
    for _, inner in _named_values(node, ""):
        yield inner


def _named_values(node: Node, name: str) -> Iterator[tuple[str, Node]]:
    left = [(name, node)]
    while left:
        name, node = left.pop()
        if "exp" in node or "lit" in node or "tts" in node:
            yield name, node
        else:
            inner = [(field, value) for field, value in node.items() if field not in _NO_TEXTS]
            left += reversed([*inner, *((name, item) for item in node)])


def _literals(node: Node) -> Iterator[str]:
    yield from (node[key].text for key in ("lit", "tts"))
    for found in _TOKEN.finditer(node["exp"].text):
        yield found[1] or ""


class _Frame:
    """A function in an expression whose brackets are open, and which of what it is given comes next."""

    def __init__(self, name: str) -> None:
        self.name = name.lower()
        self.at = 0
        self.of = ""
        self.is_value = bool(name) and self.name not in _ALL and self.name not in _FIRST and self.name != _CHOICE

    @property
    def is_text(self) -> bool:
        """Whether what comes next is in the text that it makes."""
        return not self.is_value and self.name != _CHOICE and (self.at == 0 or self.name not in _FIRST)


def _parts(node: Node) -> tuple[list[Node | str], list[Span]]:
    """What an expression puts together, with a placeholder for each value, and the texts of which it chooses one."""
    parts: list[Node | str] = []
    choices: list[Span] = []
    frames: list[_Frame] = []
    for token in _TOKEN.finditer(node.text):
        shown = all(frame.is_text for frame in frames)
        if token[1] is not None:
            if shown:
                parts += (*_space(parts, frames, token[1]), *_unescaped(node, *token.span(1)))
            elif all(frame.is_text or (frame.name == _CHOICE and frame.at) for frame in frames):
                if is_text(token[1]):
                    choices.append(Span(*token.span(1)))
                elif token[1].isspace():
                    parts.append(token[1])
        elif token[3] or token[4] == "(":
            frames.append(_Frame(token[2] or ""))
        elif token[2]:
            value = next((frame for frame in frames if frame.is_value), None)
            if value is not None:
                value.of = value.of or token[2]
            elif shown and _is_name(token[2]):
                parts += (*_space(parts, frames, "x"), "{{" + token[2] + "}}")
        elif token[4] == "," and frames:
            frames[-1].at += 1
        elif token[4] == ")" and frames:
            last = frames.pop()
            if last.is_value and last.name != _SILENCE and all(frame.is_text for frame in frames):
                parts += (*_space(parts, frames, "x"), "{{" + (last.of or "value") + "}}")
    return parts, choices


def _is_name(word: str) -> bool:
    return word.lower() not in _CONSTANTS and not word.startswith("Format.")


def _names(node: Node) -> str:
    """The variables of an expression, as messages print them."""
    found = [token[2] for token in _TOKEN.finditer(node.text) if token[2] and not token[3] and _is_name(token[2])]
    return " ".join("{{" + name + "}}" for name in found)


def _space(parts: list[Node | str], frames: list[_Frame], text: str) -> tuple[str, ...]:
    """A blank between two texts of a communication that have none there."""
    if not parts or not frames or frames[0].name != _COMMUNICATION:
        return ()
    last = parts[-1] if isinstance(parts[-1], str) else parts[-1].text
    return (" ",) if last[-1:].strip() and text[:1].isalnum() else ()


def _unescaped(node: Node, start: int, end: int) -> Iterator[Node | str]:
    """A string without the backslashes in it."""
    for found in _ESCAPED.finditer(node.text, start, end):
        if found.start() > start:
            yield node.cut(start, found.start())
        start = found.end() if found[1] in _BLANKS else found.start(1)
        if found[1] in _BLANKS:
            yield _BLANKS[found[1]]
    if start < end:
        yield node.cut(start, end)
