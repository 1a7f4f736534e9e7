"""Voiceflow projects: ``.vf`` files and templates of the editor.

A step of a block is a step here; a block and a row of actions are only where steps stand in order. Notes on the
canvas and the library of blocks (diagrams of type TEMPLATE) are said to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ..conversation import LANGUAGE_MODEL, Conversation, Variant
from ..documents import Document
from . import Neighbours
from .building import Builder, one_of
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .nodes import Node, holds, root, search
from .program_code import said_in
from .prose import is_sentence, places
from .reasons import CODE, INTERNAL, PART_OFF

NAME = "voiceflow"
TITLE = "Voiceflow"

_CHANNELS = {
    "whatsapp": ("whatsapp",), "twilio_sms": ("sms",), "alexa": ("voice",), "google": ("voice",),
    "dialogflow_es_voice": ("voice",),
}  # fmt: skip
_ROWS = ("block", "actions")
_NOTES = ("markup_text", "markup_image", "markup_video")
_QUOTED = re.compile(r"""\s*["'](.*)["']\s*""", re.DOTALL)
_VARIABLE = re.compile(r"\s*\{(\w+)\}\s*")
_LAST_SAID = "last_utterance"
"""The variable that holds what the customer said last."""
_MODELS = ("generative", "ai_set", "ai_response", "ai_capture", "agent", "prompt_ai", "kb_search")
_TRACE = re.compile(r"""\btype["']?\s*:\s*["'`](\w{1,40})""")
"""In the code of a function: what becomes of a message beside it, which customers read or the builders."""
_SHOWN = frozenset(("text", "speak", "choice", "cardV2", "carousel"))
_ENTRIES = ("intent", "command", "event", "trigger")

_Key = tuple[str, str]


def is_project(value: Any) -> bool:
    """Whether a value has diagrams of nodes, and the project or version that they are of."""
    diagrams = value.get("diagrams") if isinstance(value, dict) else None
    if not isinstance(diagrams, dict) or not ("version" in value or "project" in value):
        return False
    return any(isinstance(diagram, dict) and isinstance(diagram.get("nodes"), dict) for diagram in diagrams.values())


def claims(document: Document) -> bool:
    return holds(document, is_project, 1)


def read(document: Document, neighbours: Neighbours) -> Conversation:
    nodes = list(search(root(document), is_project, 1))
    builder = Builder(NAME, document, _channels(nodes[0]) if len(nodes) == 1 else ())
    for node in nodes:
        _Project(builder, node).read()
    return builder.conversation()


def _channels(node: Node) -> tuple[str, ...]:
    """WhatsApp and speech are kinds of project; a chat of another kind may be connected to anything."""
    project = node["project"]
    if project["type"].name == "voice":
        return ("voice",)
    return _CHANNELS.get(project["platform"].name, ())


class _Project:
    """Reads one project."""

    def __init__(self, builder: Builder, node: Node) -> None:
        self.builder = builder
        self.node = node
        self.flow: FlowDraft = builder.flow(node.at("project", "name").text)
        self.is_chat = not _channels(node)
        platform = node.at("version", "platformData")
        self.entities = {one["key"].name: (one["name"].name, one.at("type", "value").name) for one in platform["slots"]}
        for one in node["entities"]:
            self.entities.setdefault(one["id"].name, (one["name"].name, one["classifier"].name))
        self.variables = {one["id"].name: one["name"].name for one in node["variables"]}
        self.intents = {one["key"].name: one["name"].name for one in platform["intents"]}
        self.intents |= {one["id"].name: one["name"].name for one in node["intents"]}
        of = {one["id"].name: one["responseID"].name for one in node["responseDiscriminators"]}
        self.responses: dict[str, list[Node]] = {}
        for one in (*node["responseVariants"], *node["responseMessages"]):
            id = of.get(one["discriminatorID"].name, one["discriminatorID"].name)
            self.responses.setdefault(id, []).append(one)
        self.said: set[str] = set()
        self.known: set[str] = set()
        self.starts: dict[str, str] = {}
        self.first: dict[_Key, str] = {}
        self.next: dict[_Key, str] = {}

    def read(self) -> None:
        diagrams = [(key, one) for key, one in self.node["diagrams"].items() if one["type"].name != "TEMPLATE"]
        for key, diagram in diagrams:
            self._rows(key, diagram)
        for key, diagram in diagrams:
            self._diagram(key, diagram)
        main = self.node.at("version", "rootDiagramID").name
        self.flow.enter((main, self.starts.get(main, "")))
        for intent in self.node.at("version", "platformData", "intents"):
            for slot in intent["slots"]:
                self._slot(None, slot, intent["name"].name)
        for key, diagram in self.node["diagrams"].items():
            if diagram["type"].name == "TEMPLATE":
                self.builder.skip(diagram["nodes"], "the editor's library of blocks", diagram["name"].name or key)
        for one in self.node["requiredEntities"]:
            name, type = self.entities.get(one["entityID"].name, ("", ""))
            if name:
                self.builder.take(None, one["entityID"], name, type, component_of(type, "text"))
        for one in self.node["variables"]:
            self.builder.assign(None, one["name"].name, one["defaultValue"])
        for id in self.responses:
            self._response(None, id)
        self._everywhere()
        for number, one in enumerate(self.node["attachments"]):
            if one["type"].name == "card":
                self._card(None, one, f"attachments[{number}]")
        for number, one in enumerate(self.node["cardButtons"]):
            self._rich(None, one["label"], f"cardButtons[{number}]", "button")
        for one in self.node["functions"]:
            self._function(one["code"], one["name"].name)

    def _everywhere(self) -> None:
        """What is said in any part of the conversation, when nothing else is: to no answer, to a wrong one …"""
        settings = self.node.at("version", "platformData", "settings")
        session = settings["session"]
        for id, prompt, kind in (
            ("globalNoMatch", settings["globalNoMatch"]["prompt"], "reprompt"),
            ("globalNoReply", settings["globalNoReply"]["prompt"], "reprompt"),
            ("error", settings["error"], "reply"),
            ("session.resume", session["resume"], "reply"),
            ("session.follow", session["follow"], "reply"),
        ):
            if not id.startswith("session") or session["type"].name == "resume":
                self._rich(None, prompt if prompt.text else prompt["content"], f"settings.{id}", kind)
        window = self.node.at("version", "platformData", "publishing")
        for part in (window, window["banner"]) if self.is_chat else ():
            for key in ("title", "description"):
                self.builder.say(None, part[key], f"publishing.{key}", "reply", channels=("webchat",))

    def _function(self, code: Node, id: str) -> None:
        """What a function puts into a trace that customers read, in so many words."""
        traces = [(found.end(), found[1]) for found in _TRACE.finditer(code.text)]
        if all(type not in _SHOWN for _, type in traces):
            return
        self.builder.unseen(code, CODE, id)
        for number, said in enumerate(said_in(code.text)):
            before = [type for end, type in traces if end <= said.start] if said.name == "message" else []
            if said.is_spoken and not (before and before[-1] not in _SHOWN):
                self.builder.say(None, code, f"{id}[{number}]", text=said.text, offset=said.start)

    def _rows(self, diagram: str, node: Node) -> None:
        """What comes first in a block, and what stands below each of its steps."""
        for id, one in node["nodes"].items():
            self.known.add(id)
            if one["type"].name in _ROWS or one.at("data", "steps"):
                steps = [step.name for step in one.at("data", "steps")]
                if steps and one["type"].name in _ROWS:
                    self.first[diagram, id] = steps[0]
                for above, below in pairwise(steps):
                    self.next[diagram, above] = below
            if one["type"].name == "start":
                self.starts[diagram] = id

    def _diagram(self, diagram: str, node: Node) -> None:
        blocks = {
            step.name: one.at("data", "name").text
            for _, one in node["nodes"].items()
            for step in one.at("data", "steps")
            if one["type"].name == "block"
        }
        where = node["name"].text or diagram
        for id, one in node["nodes"].items():
            kind = one["type"].name
            data = one["data"]
            if kind in _ROWS:
                continue
            if kind in _NOTES:
                self.builder.skip(data["content"], INTERNAL, f"{where}.{kind}")
                continue
            block = blocks.get(id) or where
            step = self.flow.step((diagram, id), one, f"{block}.{kind}", block)
            if kind == "intent":
                self.flow.alias(("intent", data["intent"].name), (diagram, id))
            if kind in _ENTRIES:
                self.flow.enter((diagram, id))
            self._speak(step, data, kind)
            self._ways((diagram, id), data, kind)

    def _speak(self, step: StepDraft, data: Node, kind: str) -> None:
        for number, text in enumerate(data["texts"]):
            self._rich(step, text["content"], f"{step.id}[{number}]", "reply", one_of(data["texts"], number))
        for number, dialog in enumerate(data["dialogs"]):
            self.builder.say(step, dialog["content"], f"{step.id}[{number}]", variant=one_of(data["dialogs"], number))
        if kind in ("cardV2", "card_v2", "card"):
            self._card(step, data, step.id)
        for number, card in enumerate(data["cards"]):
            self._card(step, card, f"{step.id}.cards[{number}]")
        if kind not in ("cardV2", "card_v2"):
            self._buttons(step, data, step.id)
        for key in ("noMatch", "noReply", "else", "reprompt", "noMatchReprompt", "noReplyReprompt"):
            self._reprompts(step, data[key], f"{step.id}.{key}")
        for number, one in enumerate(data["noMatches"]):
            self._rich(step, one if one.text else one["content"], f"{step.id}.noMatches[{number}]", "reprompt")
        for number, item in enumerate(data["items"]):
            label = item["label"] if item["label"] else item["button"]["label"]
            self._rich(step, label, f"{step.id}.items[{number}]", "button")
        self._response(step, data["messageID"].name)
        for asked in (data["noMatch"], data["noReply"], *data["capture"]["items"], *_required(data)):
            self._response(step, asked["repromptID"].name, "reprompt")
        if kind in _MODELS:
            self.builder.unseen(data, LANGUAGE_MODEL, step.id)
            self.builder.skip(data.first("prompt", "sets", "instructions"), INTERNAL, step.id)
        if kind in ("set", "setV2", "set-v2", "set-v3"):
            for one in data.first("sets", "items"):
                self._assign(step, one)
        if kind == "code":
            for said in said_in(data["code"].text):
                self.builder.assign(step, said.name, data["code"], text=said.text, offset=said.start)
        if kind == "function" and next(places(data["inputMapping"].value, is_sentence), None) is not None:
            self.builder.unseen(data["inputMapping"], CODE, step.id)
        if kind == "trace" and data["body"].text.strip():  # the channel does with it what it is made for
            self.builder.unseen(data["body"], CODE, step.id)
        if kind in ("captureV2", "capture", "capture-v3", "prompt"):
            self._capture(step, data)
        elif kind == "ai_capture":
            self.builder.skip(data["rules"], INTERNAL, step.id)
            for one in data["entities"]:
                name, type = self.entities.get(one.name, (one.name, ""))
                self.builder.take(step, one, name, type, component_of(type, "text"))
        step.waits = step.waits or kind in ("buttons", "interaction", "choice", "buttons-v2", "choice-v2")
        step.stops = kind == "exit"

    def _assign(self, step: StepDraft, one: Node) -> None:
        """A text that is put into a variable, as it is or in quotation marks."""
        variable = one.first("variable", "variableID").name
        value = one.first("expression", "value")
        name = self.variables.get(variable, variable)
        for part in value if value.is_list else (value,):
            self.builder.assign(step, name, part, quoted=_QUOTED.fullmatch(part.text))
        runs = list(_inline(value) if value.is_mapping else self._runs(value)) if not value.text else [value.text]
        only = _VARIABLE.fullmatch(runs[0]) if len(runs) == 1 and isinstance(runs[0], str) else None
        if only is not None and only[1] == _LAST_SAID:
            self.builder.take(step, one, name, waits=False)
        elif only is not None:
            self.builder.rename(step, one, name, only[1])

    def _response(self, step: StepDraft | None, id: str, kind: str = "reply") -> None:
        """What newer projects say by the number of a response; of its variants one is said."""
        said = self.responses.get(id, [])
        few = step is not None and id in self.said and self.builder.crowded(step.place, len(said))
        self.said.add(id)
        for number, one in enumerate(said[:1] if few else said):
            parts = list(self._runs(one["text"]))
            variant = Variant(f"{one.document.source.path}/{id}", number) if len(said) > 1 else None
            self.builder.say_joined(step, one["text"], parts, f"responses.{id}[{number}]", kind, variant=variant)

    def _rich(self, step: StepDraft | None, content: Node, id: str, kind: str, variant: Variant | None = None) -> None:
        """Paragraphs of runs, or a plain string (speech)."""
        if content.text:
            self.builder.say(step, content, id, kind, variant=variant)
        else:
            self.builder.say_joined(step, content, list(self._runs(content)), id, kind, variant=variant)

    def _runs(self, content: Node) -> Iterator[Node | str]:
        """The runs of a text, with variables that it has by their numbers called by their names."""
        for run in _runs(content):
            if isinstance(run, str):
                number = run.strip("{}")
                name = self.variables.get(number) or self.entities.get(number, ("",))[0] or number
                yield run if run == "\n" else "{" + (name if name.isidentifier() else "variable") + "}"
            else:
                yield run

    def _card(self, step: StepDraft | None, card: Node, id: str) -> None:
        self._rich(step, card["title"], f"{id}.title", "title")
        description = card.first("description", "text")
        self._rich(
            step, description if not description.is_mapping else description["text"], f"{id}.description", "reply"
        )
        self._buttons(step, card, id)

    def _buttons(self, step: StepDraft | None, node: Node, id: str) -> None:
        for key in ("buttons", "chips"):
            for number, button in enumerate(node[key]):
                label = button.first("name", "label")
                self._rich(step, label, f"{id}.{key}[{number}]", "button")

    def _reprompts(self, step: StepDraft, node: Node, id: str) -> None:
        """Said only when the step is set to repeat itself; what else stands there is left from before."""
        types = [one.name for one in node["types"]] or [node["type"].name]
        if not any(types) or "reprompt" in types or "both" in types:
            for number, one in enumerate((*node["reprompts"], node)):
                self._rich(step, one["content"], f"{id}[{number}]", "reprompt")
        elif set(types) == {"path"}:  # not any other that may be this one misspelt
            self.builder.skip(node["reprompts"], PART_OFF, id)

    def _capture(self, step: StepDraft, data: Node) -> None:
        capture = data["capture"]
        if capture["type"].name == "intent":
            for slot in capture.at("intent", "slots"):
                self._slot(step, slot, step.id)
            return
        for item in capture["items"]:
            name, type = self.entities.get(item["entityID"].name, (item["entityID"].name, ""))
            self.builder.take(step, item["entityID"], name, type, component_of(type, "text"))
        variable = capture.first("variableID", "variable") if capture.is_mapping else data.first("variable", "slot")
        name = self.variables.get(variable.name, "") or self.entities.get(variable.name, ("",))[0] or variable.name
        type = self.entities.get(variable.name, ("", ""))[1] or data["slot"].name
        if variable.name:
            self.builder.take(step, variable, name, type, component_of(type, "text"))
        step.waits = True

    def _slot(self, step: StepDraft | None, slot: Node, id: str) -> None:
        """What an intent needs to know, and how it asks for it."""
        name, type = self.entities.get(slot["id"].name, (slot["id"].name, ""))
        for key in ("prompt", "confirm"):
            for number, dialog in enumerate(slot["dialog"][key]):
                said = dialog.first("content", "text")
                self._rich(step, said, f"{id}.{name}.{key}[{number}]", "prompt" if step is None else "reprompt")
        if step is not None or slot["required"].value is True:
            self.builder.take(step, slot["id"], name, type, component_of(type, "text"))

    def _ways(self, key: _Key, data: Node, kind: str) -> None:
        diagram = key[0]
        ports = data["portsV2"]
        for name, port in ports["builtIn"].items():
            self._way(key, diagram, port["target"], "" if name == "next" else name)
        for number, port in enumerate(ports["dynamic"]):
            self._way(key, diagram, port["target"], self._choice(data, number, port))
        names = {button["id"].name: button["name"].text for button in self._all_buttons(data)}
        for name, port in ports["byKey"].items():
            self._way(key, diagram, port["target"], names.get(name, ""))
        for port in data["ports"]:
            self._way(key, diagram, port["target"], "" if port["type"].name == "next" else port["type"].name)
        if kind == "goToNode":
            self._way(key, data["diagramID"].name or diagram, data["nodeID"], "")
        elif kind == "goTo":
            self.flow.link_later(key, ("intent", data["intent"].name))
        elif kind in ("component", "flow"):
            called = data["diagramID"].name
            if called in self.starts:
                self.flow.link((called, self.starts[called]), start=key, call=True)
            elif called:
                place = data["diagramID"]
                self.flow.expect_flow(self.builder, (called, ""), place, called, data["name"].text, self.starts)
        elif kind == "command" and data["diagramID"].name in self.starts:
            handler = data["diagramID"].name
            self.flow.link_later(key, (handler, self.starts[handler]))
        if key in self.next and kind not in ("goToNode", "goTo", "exit"):
            following = ports.at("builtIn", "next", "target").name
            if not following:
                self.flow.link_later(key, (diagram, self.next[key]))

    def _way(self, key: _Key, diagram: str, target: Node, condition: str) -> None:
        if target.name:
            step = self.first.get((diagram, target.name), target.name)
            # A row of actions may stand first in a block.
            step = self.first.get((diagram, step), step)
            there = target.name in self.known  # in another diagram, perhaps
            self.flow.link_later(key, (diagram, step), condition, place=None if there else target)

    def _all_buttons(self, data: Node) -> Iterator[Node]:
        yield from data["buttons"]
        for card in data["cards"]:
            yield from card["buttons"]

    def _choice(self, data: Node, number: int, port: Node) -> str:
        """Which button, intent or event leads through a port."""
        button = data["buttons"][number]["name"].text
        intent = data["choices"][number]["intent"].name
        return button or self.intents.get(intent, "") or port.at("data", "event", "type").name


def _required(data: Node) -> Iterator[Node]:
    """What choices by intents need to know."""
    for choice in data["choices"]:
        yield from choice["requiredEntities"]


def _runs(content: Node) -> Iterator[Node | str]:
    """The runs of a text with line breaks between paragraphs; variables as placeholders."""
    begun = False
    for paragraph in content:
        if paragraph.is_mapping and paragraph["children"].is_list and "type" not in paragraph:
            if begun:
                yield "\n"
            begun = True
        yield from _inline(paragraph)


def _inline(run: Node) -> Iterator[Node | str]:
    if run.text:
        yield run
    elif run["type"].name == "variable" or "variableID" in run or "entityID" in run:
        name = run.first("name", "variableID", "entityID").name
        yield "{" + (name or "variable") + "}"
    elif run["text"].text:
        yield run["text"]
    else:
        for child in (*run["children"], *run["text"]):
            yield from _inline(child)
