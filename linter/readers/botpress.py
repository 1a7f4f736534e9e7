"""Botpress 12: a bot is a folder (or a .tgz of it) of flows, content elements, questions and answers.

Whichever of these files is given, the whole bot is read: what is said stands in ``content-elements``, and flows
name it by its id. A node is a step. Elements that nothing refers to are passed over. Actions are programs: what they
say in so many words is read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ..conversation import Conversation, Variant
from ..documents import Document
from ..source import brief
from . import Neighbours
from .building import Builder, one_of
from .common import is_text
from .components import component_of
from .drafts import FlowDraft, StepDraft
from .exports import folders_of
from .fields import role
from .nodes import Node, root
from .program_code import said_in
from .prose import is_sentence, places
from .reasons import CODE, CUSTOMER, MAIL, NO_JSON

NAME = "botpress"
TITLE = "Botpress 12"

_ABOVE = ("", "../", "../../", "../../../", "../../../../", "../../../../../")
_SIGNS = ("bot.config.json", "flows/main.flow.json", "content-elements/*.json")
_PARTS = {
    "config": ("bot.config.json",),
    "flows": ("flows/*.flow.json", "flows/**/*.flow.json"),
    "content": ("content-elements/*.json",),
    "qna": ("qna/*.json",),
    "intents": ("intents/*.json",),
    "actions": ("actions/*.js", "actions/**/*.js", "hooks/**/*.js"),
    "drawing": ("flows/*.ui.json", "flows/**/*.ui.json", "revisions.json"),
}
"""What a bot is made of. A drawing says where nodes stand on the screen, nothing to customers, nor do revisions."""

_TEXTS = {
    "text": "reply", "title": "title", "subtitle": "reply", "message": "reply", "caption": "reply",
    "buttonText": "button", "placeholderText": "label", "dropdownPlaceholder": "label", "variations": "reply",
    "address": "reply",
}  # fmt: skip
_CHOSEN = re.compile(r"""temp\[['"]skill-choice-ret-([\w-]+)['"]\]\s*={2,3}\s*['"](.*)['"]""")
"""A condition that asks what was chosen in the skill of a name."""
_LISTS = {"choices": "option", "options": "option", "items": "reply", "actions": "button"}
_ITEM_TEXTS = ("title", "subtitle", "label", "item")
_SAY = re.compile(r"\s*say\s+(?:#!(?P<id>[\w-]+)|[#@]?(?P<type>[\w-]+)\s+(?P<data>\{))")
_ACTION = re.compile(r"\s*(?P<name>[\w./-]+)\s*(?P<data>\{)?")
_ANSWER = re.compile(r"event\.(?:payload|preview|text)|\btext\b")
_REFERENCE = re.compile(r"#!([\w-]+)")
_PROGRAM = re.compile(r"\bbp\.(?:cms\.renderElement|events\.replyToEvent)\b")
_RENDERED = re.compile(r"""\brenderElement\(\s*["'`]#?!?([\w-]+)["'`]""")
_OWN_FIELD = "a field of the builders' own, of which it is not known whether customers read it"
_BUILT_IN = "builtin_"
_OF_PRODUCT = ("builtin/", "basic-skills/", "analytics/", "hitl", "channel-web/", "ndu/", "qna/", "code/")
_SENT_BACK = ("value", "payload", "text", "url")
"""What a button or an option stands for, not what it shows."""
_MOST_WAYS = 10_000  # from the nodes of a flow that wait
_MOST_AFTER = 100  # ways of a node that calls flows, and ways back from a flow


def _is_flow(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("nodes"), list) and "startNode" in value


def _is_content(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and isinstance(item.get("formData"), dict) and "id" in item for item in value)
    )


def _is_qna(value: Any) -> bool:
    data = value.get("data") if isinstance(value, dict) else None
    return isinstance(data, dict) and isinstance(data.get("answers"), dict) and "questions" in data


def _is_exported(value: Any) -> bool:
    """Whether a value is all questions and answers in one file, with the elements that they name."""
    return isinstance(value, dict) and isinstance(value.get("qnas"), list) and any(map(_is_qna, value["qnas"]))


def _is_program(value: Any) -> bool:
    return isinstance(value, str) and _PROGRAM.search(value) is not None


def _is_intent(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("utterances"), dict) and "slots" in value


def _is_config(value: Any) -> bool:
    imports = value.get("imports") if isinstance(value, dict) else None
    return isinstance(imports, dict) and ("contentTypes" in imports or "defaultLanguage" in value)


def claims(document: Document) -> bool:
    value = document.value
    return any(
        test(value) for test in (_is_flow, _is_content, _is_qna, _is_exported, _is_intent, _is_config, _is_program)
    )


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document, markup="markdown")
    _Bot(builder, document, neighbours).read()
    return builder.conversation()


class _Skill:
    """The data of a skill that a flow is made by."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._entities = [entity.name for entity in node["entities"]]
        self._all = brief(" ".join(self._entities))

    def entities(self, named: str) -> str:
        """The entities of a slot: those that it names itself where it does."""
        return named if named and self._entities else self._all


class _Bot:
    """Reads one bot from its files."""

    def __init__(self, builder: Builder, document: Document, neighbours: Neighbours) -> None:
        self.builder = builder
        self.document = document
        self.neighbours = neighbours
        self.flow: FlowDraft = builder.flow("bot")
        self.parts: dict[str, list[tuple[str, Node]]] = {part: [] for part in _PARTS}
        self.elements: dict[str, Node] = {}
        self.used: set[str] = set()
        self.flows: dict[str, Node] = {}
        self.back: dict[str, list[str]] = {}
        self.said: dict[str, list[int]] = {}
        """The messages of each content element that a step said."""
        self.choices: dict[tuple[str, str], str] = {}
        self.sizes: dict[str, int] = {}
        self.programs: dict[str, Node] = {}

    def read(self) -> None:
        self._gather()
        for _, part in (*self.parts["content"], *((name, node["contentElements"]) for name, node in self.parts["qna"])):
            for element in part:
                self.elements.setdefault(element["id"].name, element)
        for name, node in self.parts["actions"]:
            self.programs[name.removeprefix("actions/").removesuffix(".js")] = node
        self.flows = {name.removeprefix("flows/"): node for name, node in self.parts["flows"]}
        self._find_returns()
        for node in self.flows.values():
            self._name_choices(node["skillData"])
        for name, node in self.flows.items():
            self._flow(name, node)
        main = self.flows.get("main.flow.json")
        if main is not None:
            self.flow.enter(("main.flow.json", main["startNode"].name))
        for name in ("error.flow.json", "timeout.flow.json"):
            if name in self.flows:
                self.flow.enter_where_needed([(name, self.flows[name]["startNode"].name)])
        for _, node in self.parts["qna"]:
            for one in node["qnas"] if node["qnas"].is_list else (node,):
                self._qna(one)
        for name, node in self.programs.items():
            self._program(None, node, name)
        for _, node in self.parts["intents"]:
            self.builder.skip(node["utterances"], CUSTOMER, node["name"].name)
            for slot in node["slots"]:
                entities = " ".join(entity.name for entity in slot["entities"]) or slot["entity"].name
                if slot["name"].name:
                    self.builder.take(None, slot["name"], slot["name"].name, entities, component_of(entities, "text"))
        self._left()

    def _gather(self) -> None:
        """Find the bot's folder and open what is in it; alone, the given file is all there is."""
        given = self.document.source.path
        names = self.neighbours.names
        above = next((up for up in _ABOVE if any(names(up + sign) for sign in _SIGNS)), None)
        there = False
        for part, patterns in _PARTS.items() if above is not None else ():
            for name in dict.fromkeys(name for one in patterns for name in names(f"{above}{one}")):
                for document in self.neighbours.open(name):
                    same = document.source.path == given
                    there = there or same
                    self._part(part, self._inside(f"{above}", name), self.document if same else document)
        if not there:
            for part, test in (
                ("flows", _is_flow),
                ("content", _is_content),
                ("qna", _is_qna),
                ("qna", _is_exported),
                ("actions", _is_program),
                ("intents", _is_intent),
            ):
                if test(self.document.value):
                    self._part(part, given.replace("\\", "/").rpartition("/")[2], self.document)

    def _inside(self, above: str, name: str) -> str:
        """A neighbour's name as it is from the bot's folder."""
        start = "/" + "/".join(folders_of(self.document))
        return posixpath.relpath(posixpath.normpath(f"{start}/{name}"), posixpath.normpath(f"{start}/{above}"))

    def _part(self, part: str, name: str, document: Document) -> None:
        self.builder.also(document)
        whole = Node(document.value, (), document) if part == "actions" else root(document)
        self.parts[part].append((name, whole))

    def _name_choices(self, skill: Node) -> None:
        """What the choices of a skill are called, of which ways know the values alone."""
        element = self.elements.get(skill["contentId"].name)
        for key, choices in element["formData"].items() if element is not None else ():
            for choice in choices if key.startswith("choices") else ():
                self.choices.setdefault((skill["randomId"].name, choice["value"].name), choice["title"].text)

    def _condition(self, way: Node) -> str:
        """The condition of a way; for what is chosen in a skill the choice."""
        said = way["condition"].name
        chosen = _CHOSEN.fullmatch(said)
        if chosen is not None:
            said = self.choices.get((chosen[1], chosen[2]), "") or said
        return "" if said in ("true", "always") else said

    def _find_returns(self) -> None:
        """Which flows come back to the node that called them, and to which other node of its flow they may go."""
        for name, flow in self.flows.items():
            ways = (way["node"].name for node in flow["nodes"] for way in node["next"])
            back = sorted({way[1:] for way in ways if way.startswith("#")})
            if back:
                self.back[name] = back

    def _flow(self, name: str, flow: Node) -> None:
        short = name.removesuffix(".flow.json")
        waiting: list[str] = []
        skill = _Skill(flow["skillData"])
        for node in flow["nodes"]:
            step = self.flow.step((name, node["name"].name), node, f"{short}.{node['name'].name}")
            self._speak(step, node, skill)
            if node["onReceive"].is_list:
                waiting.append(node["name"].name)
            if node["type"].name == "trigger":
                self.flow.enter((name, node["name"].name))
            self._ways(name, node)
        self._catch_all(name, flow["catchAll"], waiting)
        late = "timeout" if self.flow.has((name, "timeout")) else flow["timeoutNode"].name
        for start in waiting:
            self._link(name, start, late, "no answer came")

    def _catch_all(self, name: str, node: Node, waiting: list[str]) -> None:
        """Ways from each node that waits; very many go by way of a step of their own."""
        ways = list(node["next"])
        if len(ways) * len(waiting) > _MOST_WAYS:
            self.flow.hub((name, "catchAll"), node, f"{name.removesuffix('.flow.json')}: catchAll")
            for start in waiting:
                self.flow.link((name, "catchAll"), start=(name, start))
            waiting = ["catchAll"]
        for way in ways:
            for start in waiting:
                self._link(name, start, way["node"].name, self._condition(way))

    def _speak(self, step: StepDraft, node: Node, skill: _Skill) -> None:
        for action in node["onEnter"]:
            said = _SAY.match(action.text)
            if said is None:
                self._action(step, action, skill, False)
            elif said["id"]:
                self._say_element(step, said["id"], action)
            else:
                said_here = action.inner(said.start("data"))
                if said_here.value is None:
                    self.builder.overlook(action, NO_JSON, step.id, broken=True)
                self._form(step, said_here, f"{step.id}.say")
        self._form(step, node["content"]["formData"], f"{step.id}.content")
        self._prompt(step, node["prompt"])
        taken = len(step.captures)
        for action in node["onReceive"]:
            self._action(step, action, skill, True)
        if node["onReceive"].is_list:
            step.waits = True
            if node["onReceive"] and len(step.captures) == taken:
                name = _ACTION.match(node["onReceive"][0].text)
                type = name["name"] if name is not None else ""
                self.builder.take(step, node["name"], node["name"].name, type, component_of(type, "text"))

    def _prompt(self, step: StepDraft, prompt: Node) -> None:
        """What a node asks that keeps the answer by itself, in each language."""
        for name, words in prompt["params"].items():
            for language, text in words.items():
                kind = "prompt" if name == "question" else "reprompt"
                self.builder.say(step, text, f"{step.id}.{name}", kind, language)
        kept = prompt.at("params", "output")
        if kept.name:
            type = prompt["type"].name
            self.builder.take(step, kept, kept.name, type, component_of(type, "text"))

    def _action(self, step: StepDraft, action: Node, skill: _Skill, receiving: bool) -> None:
        """An action that keeps the customer's answer: in a variable, in a slot, as a choice."""
        match = _ACTION.match(action.text)
        if match is not None and match["name"] in self.programs:
            self._program(step, self.programs[match["name"]], match["name"])
        if match is None or not match["data"]:
            return
        data = action.inner(match.start("data"))
        name = match["name"]
        if name == "builtin/setVariable" and _ANSWER.search(data["value"].text):
            self.builder.take(step, data["name"], data["name"].name, name, "text", waits=receiving)
        elif name == "builtin/setVariable":
            self.builder.assign(step, data["name"].name, data["value"], sure=not self.elements)
        elif name == "basic-skills/slot_fill":
            entities = skill.entities(data.first("entities").name)
            self.builder.take(step, data["slotName"], data["slotName"].name, entities, component_of(entities, "text"))
        elif name == "basic-skills/choice_parse_answer":
            variable = skill.node.at("config", "variableName")
            place = variable if variable.name else action
            self.builder.take(step, place, variable.name or step.id, name, "choice")
        elif name == "basic-skills/choice_invalid_answer":
            for kept in (data, skill.node):
                if kept["invalidContentId"].name in self.elements:
                    self._say_element(step, kept["invalidContentId"].name, action)
                if is_text(kept["config"]["invalidText"].text):
                    self.builder.say(step, kept["config"]["invalidText"], f"{step.id}.invalid", "reprompt")
        elif name == "basic-skills/send_email":
            for id in (data["subjectElement"].name, data["contentElement"].name):
                if id in self.elements:
                    self.used.add(id)
                    self.builder.skip(self.elements[id]["formData"], MAIL, id)
        elif not name.startswith(_OF_PRODUCT) and next(places(data.value, is_sentence), None) is not None:
            self.builder.unseen(action, CODE, step.id)  # what it is given it may say

    def _program(self, step: StepDraft | None, code: Node, name: str) -> None:
        """The elements that an action renders, and what it says in so many words."""
        for id in _RENDERED.findall(code.text):
            if id in self.elements and (step is not None or id not in self.used):
                self._element(step, id, self.elements[id])
        if not _PROGRAM.search(code.text):
            return
        for number, said in enumerate(said_in(code.text)):
            if said.name in _TEXTS or said.is_spoken:
                kind = _TEXTS.get(said.name, "reply")
                self.builder.say(step, code, f"{name}[{number}]", kind, text=said.text, offset=said.start)
        if step is None:
            self.builder.unseen(code, CODE, name)

    def _say_element(self, step: StepDraft | None, id: str, place: Node) -> None:
        element = self.elements.get(id)
        if element is not None:
            self._element(step, id, element)
        else:
            self.builder.unseen(place, f"there is no content element '{id}'", id)

    def _element(self, step: StepDraft | None, id: str, element: Node) -> None:
        """An element that very many steps say is looked at with each of them only where it is small."""
        self.used.add(id)
        if step is not None and id in self.said and self.builder.crowded(step.place, self.sizes[id]):
            self.builder.repeat(step, self.said[id][:1])
            return
        if id not in self.sizes:
            self.sizes[id] = _size(element.value)
        before = set(step.messages) if step is not None else ()
        self._form(step, element["formData"], id)
        self._own_fields(step, element["formData"], id)
        if step is not None:
            self.said.setdefault(id, [number for number in step.messages if number not in before])

    def _form(self, step: StepDraft | None, form: Node, id: str) -> None:
        """The texts of a content element, each key with the language behind a dollar sign."""
        for key, value in form.items():
            name, _, language = key.partition("$")
            locale = language or None
            if name == "text" and form[f"action${language}" if language else "action"].name:
                self.builder.skip(value, CUSTOMER, id)  # what a button says for them
            elif name in _TEXTS:
                if name != "dropdownPlaceholder" or form[f"isDropdown${language}"].value is True:
                    self._text(step, value, f"{id}.{name}", _TEXTS[name], locale, _variant(form, name, language))
            elif name in _LISTS:
                for number, item in enumerate(value):
                    self._item(step, item, f"{id}.{name}[{number}]", _LISTS[name], locale)

    def _own_fields(self, step: StepDraft | None, form: Node, id: str) -> None:
        """The fields of a type of content that the builders made: what is translated is shown, of others it is told."""
        if id.startswith(_BUILT_IN):
            return
        for key, value in form.items():
            name, _, language = key.partition("$")
            if value.is_list or value.is_mapping:
                self._own_values(step, value, f"{id}.{name}", language)
            elif name in _TEXTS or not is_text(value.text):
                continue
            elif language:
                self.builder.say(step, value, f"{id}.{name}", locale=language)
            elif is_sentence(value.text):
                self.builder.overlook(value, _OWN_FIELD, f"{id}.{name}")

    def _own_values(self, step: StepDraft | None, value: Node, id: str, language: str) -> None:
        """The sentences below a field of the builders' own: those beside which a title is read have names of theirs."""
        for path in places(value.value, is_sentence):
            name = next((key for key in reversed(path) if isinstance(key, str)), "")
            beside = value.at(*path[:-1])
            sent_back = name in _SENT_BACK and (name != "text" or "action" in beside or "title" in beside)
            if name in _ITEM_TEXTS or role(name).kind == "customer" or sent_back:
                continue
            if language:
                self.builder.say(step, value.at(*path), f"{id}.{name}", locale=language)
            else:
                self.builder.overlook(value.at(*path), _OWN_FIELD, f"{id}.{name}")

    def _text(
        self, step: StepDraft | None, value: Node, id: str, kind: str, locale: str | None, variant: Variant | None
    ) -> None:
        for number, item in enumerate(value):
            place = f"{id}[{number}]"
            other = variant and Variant(variant.group, number + 1)
            if item.is_mapping:
                self._item(step, item, place, kind, locale, other)
            else:
                self.builder.say(step, item, place, kind, locale, variant=other)
        if not value.is_list:
            self.builder.say(step, value, id, kind, locale, variant=variant)

    def _item(
        self,
        step: StepDraft | None,
        item: Node,
        id: str,
        kind: str,
        locale: str | None,
        variant: Variant | None = None,
    ) -> None:
        for key in _ITEM_TEXTS:
            self.builder.say(step, item[key], f"{id}.{key}", kind, locale, variant=variant)
        for number, action in enumerate(item["actions"]):
            self._item(step, action, f"{id}.actions[{number}]", "button", locale)

    def _ways(self, flow: str, node: Node) -> None:
        """What a node calls comes back to it where the called flow says so; then its other ways are open."""
        name = node["name"].name
        called = node["flow"].name
        ways = list(node["next"])
        if called in self.back and called in self.flows:
            self._call((flow, name), called, self._start(called), node, ways, "")
            return
        if called:
            self._link(flow, name, called, "", node["flow"])
        for way in ways:
            target = way["node"].name
            other, _, inner = target.partition("#")
            if other in self.back and other in self.flows:
                self._call((flow, name), other, inner or self._start(other), node, ways, self._condition(way))
            elif target == "END":
                self.flow.stop((flow, name))
            else:
                self._link(flow, name, target, self._condition(way), way["node"])

    def _start(self, flow: str) -> str:
        return self.flows[flow]["startNode"].name

    def _call(
        self, caller: tuple[str, str], called: str, start: str, node: Node, ways: list[Node], condition: str
    ) -> None:
        """A step for the call: what follows it is open when the called flow ends, and not before."""
        flow, name = caller
        key = (flow, f"{name}/{called}#{start}")
        short = f"{flow.removesuffix('.flow.json')}.{name}"
        self.flow.step(key, node, f"{short} calls {called.removesuffix('.flow.json')}")
        self.flow.link(key, condition, start=(flow, name))
        self.flow.link_later(key, (called, start), call=True)
        self._after(key, called, node, ways)
        self._back(key, flow, called, node)

    def _after(self, key: tuple[str, str], called: str, node: Node, ways: list[Node]) -> None:
        """The other ways of a node that called a flow; very many, which are so after each of its calls, by a step."""
        flow = key[0]
        if len(ways) > _MOST_AFTER:
            hub = (flow, f"{node['name'].name}/after")
            self.flow.link_later(key, hub)
            if not self.flow.hub(hub, node, f"{flow.removesuffix('.flow.json')}.{node['name'].name}: after"):
                return
            key = hub
        for way in ways:
            target = way["node"].name
            if target.partition("#")[0] == called:
                continue
            if target in ("", "END") or target[:1] == "#":
                self.flow.finish([(key, "")])
            for end in self._targets(flow, target):
                self.flow.link_later(key, end, self._condition(way))

    def _back(self, key: tuple[str, str], flow: str, called: str, node: Node) -> None:
        """The nodes that a called flow may go back to; very many, as after each call of it, by way of a step."""
        if len(self.back[called]) > _MOST_AFTER:
            hub = (flow, f"#{called}")
            self.flow.link_later(key, hub)
            if not self.flow.hub(hub, node, f"{flow.removesuffix('.flow.json')}: back"):
                return
            key = hub
        for inner in filter(None, self.back[called]):
            self.flow.link_later(key, (flow, inner), f"#{inner}")

    def _link(self, flow: str, start: str, target: str, condition: str, place: Node | None = None) -> None:
        if target[:1] == "#":
            self.flow.finish([((flow, start), condition)])
        for key in self._targets(flow, target, place):
            self.flow.link(key, condition, start=(flow, start), place=place)

    def _targets(self, flow: str, target: str, place: Node | None = None) -> Iterator[tuple[str, str]]:
        """A node's name, a flow, ``flow#node``; ``#`` is back to the node that called this flow."""
        other, hash, node = target.partition("#")
        if target.endswith(".flow.json") or (hash and other):
            if other in self.flows:
                yield other, node or self._start(other)
            elif place is not None:
                name = other.removesuffix(".flow.json")
                known = [one.removesuffix(".flow.json") for one in self.flows]
                self.flow.expect_flow(self.builder, (other, ""), place, name, flow.removesuffix(".flow.json"), known)
        elif not hash and target not in ("", "END"):
            yield flow, target

    def _qna(self, node: Node) -> None:
        data = node["data"]
        if data["enabled"].value is False:
            self.builder.skip(data["answers"], "this answer is switched off", node["id"].name)
            return
        for language, answers in data["answers"].items():
            for number, answer in enumerate(answers):
                reference = _REFERENCE.fullmatch(answer.text.strip())
                if reference is not None:
                    self._say_element(None, reference[1], answer)
                else:
                    self.builder.say(None, answer, f"{node['id'].name}.{language}[{number}]", "reply", language)
        self.builder.skip(data["questions"], CUSTOMER, node["id"].name)
        if data["redirectFlow"].name:
            self.flow.enter_where_needed([(data["redirectFlow"].name, data["redirectNode"].name)])

    def _left(self) -> None:
        """Elements that nothing says; without flows and answers beside them, nobody can tell."""
        known = self.parts["flows"] or self.parts["qna"]
        for id, element in self.elements.items():
            if id not in self.used:
                if known:
                    self.builder.skip(element["formData"], "no flow and no answer refers to it", id)
                else:
                    self._form(None, element["formData"], id)
                    self._own_fields(None, element["formData"], id)


def _size(value: Any) -> int:
    """How many values there are in a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_size, inner))


def _variant(form: Node, name: str, language: str) -> Variant | None:
    """A text and its variations: one of them is said."""
    for variations in (form[f"variations${language}"], form["variations"]):
        if name in ("text", "variations") and variations:
            return one_of(variations, 0)
    return None
