"""Rasa: a bot's files as one, and its flows, forms, rules and stories as a graph.

What is said and taken is read file by file in ``rasa``; here steps are laid over it. A response that a step
utters may be in any file of the bot.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count
from typing import Any

from ..conversation import LANGUAGE_MODEL, Capture, Conversation, Variant
from ..documents import Document
from ..expressions import expression
from . import Neighbours
from .building import Builder
from .common import Gathering, several
from .drafts import SUGGESTED, FlowDraft, StepDraft, did_you_mean
from .exports import files, folders_of, is_found, stem_of
from .nodes import Node
from .rasa_skills import is_skill, skill
from .reasons import CODE, CUSTOMER

_DEEPEST = 5
_MOST_IMPORTS = 50
_MOST_PAIRS = 50_000  # forms in program code with what they may ask for
_SESSION = "pattern_session_start"
_FILES = (
    "*.yml", "*.yaml", "domain/*.yml", "domain/**/*.yml", "domain/*.yaml", "domain/**/*.yaml", "data/*.yml",
    "data/**/*.yml", "data/*.yaml", "data/**/*.yaml", "data/*.md", "data/**/*.md", "skills/**/*.yml",
    "skills/**/*.md", "e2e_tests/**/*.yml", "tests/**/*.yml",
)  # fmt: skip
_MARKS = (
    "domain.yml", "domain.yaml", "config.yml", "config.yaml", "domain/*.yml", "domain/*/*.yml", "skills/*/skill.md",
)  # fmt: skip
_BUILT_IN = frozenset({
    "action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_back",
    "action_deactivate_loop", "action_revert_fallback_events", "action_unlikely_intent", "action_clean_stack",
    "action_hangup", "action_repeat_bot_messages", "action_cancel_flow", "action_correct_flow_slot",
})  # fmt: skip
_OLD_COMMENT = expression(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKED = re.compile(r"\](?:\(([\w.:-]+)\)|\{[^{}\n]*?\"entity\":\s*\"([^\"]+)\")")
_IN_LINE = expression(r"[^\n]")
_OLD_HEAD = expression(r"#+[ \t]*(\S.*)")
_OLD_LINE = expression(r"[ \t]*([*>-])[ \t]*(?:form:[ \t]*)?([\w./]+)")
_OLD_OR = expression(r"[ \t]OR[ \t]+([\w./]+)")
_OLD_NLU = expression(r"^##[ \t]*(?:intent|synonym|regex|lookup)[ \t]*:", re.MULTILINE)
_OLD_STORY = expression(r"^\*[ \t]+\S.*\n(?:[ \t]*-[ \t]+\S.*\n?)+", re.MULTILINE)
_OLD_ACTION = expression(r"^[ \t]*-[ \t]+(?:(?:utter|action)_|form\{)", re.MULTILINE)
_ELSEWHERE = "the question is in a file that is not here"
_TEXT_ELSEWHERE = "the text is in a file that is not here"
_OF_TESTS = frozenset({"test_cases", "fixtures", "metadata", "stub_custom_actions", "version"})
_TESTED = "a test of the bot, nothing that it says"
_OF_RASA = "a text of Rasa's own is said here"
_DEFAULTS = frozenset({
    "utter_ask_continue_previous_flow", "utter_ask_rephrase", "utter_can_do_something_else", "utter_cannot_handle",
    "utter_clarification_options_rasa", "utter_corrected_previous_input", "utter_flow_cancelled_rasa",
    "utter_flow_continue_interrupted", "utter_free_chitchat_response", "utter_human_handoff_not_available",
    "utter_inform_code_change", "utter_inform_hangup", "utter_internal_error_rasa", "utter_no_knowledge_base",
    "utter_no_relevant_answer_found", "utter_not_corrected_previous_input", "utter_skip_question_answer",
    "utter_user_input_empty_error_rasa", "utter_user_input_too_long_error_rasa",
})  # fmt: skip
"""Responses that every bot of Rasa has without saying so."""
_ACTIVE = expression(r"^(?:utter|action|validate|respond)_")

Key = Hashable
Ends = list[tuple[Key, str]]
ReadFile = Callable[[Gathering], None]


def is_training(value: Any) -> bool:
    """Whether a value has rules, stories, tests of conversations or examples of what customers say."""
    if not isinstance(value, dict):
        return False
    if any(_has_steps(value.get(key)) for key in ("rules", "stories", "test_cases")):
        return True
    nlu = value.get("nlu")
    keys = ("intent", "lookup", "synonym", "regex")
    return isinstance(nlu, list) and any(isinstance(item, dict) and any(k in item for k in keys) for item in nlu[:20])


def _has_steps(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and "steps" in item for item in value[:20])


def _is_test(document: Document) -> bool:
    """Whether a file holds tests of conversations alone; of stories those are tests whose file is called so."""
    keys = _OF_TESTS | {"stories"} if stem_of(document).startswith("test_") else _OF_TESTS
    values = [value for _, value in several(document)]
    return bool(values) and all(isinstance(value, dict) and value.keys() <= keys for value in values)


def is_old_training(document: Document) -> bool:
    """Whether a Markdown file holds stories or examples as Rasa 1 wrote them."""
    if document.kind != "markdown":
        return False
    text = document.source.text
    return _OLD_NLU.search(text) is not None or (
        _OLD_STORY.search(text) is not None and _OLD_ACTION.search(text) is not None
    )


def read_bot(
    format: str,
    document: Document,
    neighbours: Neighbours,
    claims: Callable[[Document], bool],
    read_file: ReadFile,
    component: Callable[[str], str],
) -> Conversation:
    """All files of the bot that ``document`` belongs to.

    ``read_file`` reads the messages of one of them, ``component`` says how a slot of a type is filled.
    """
    builder = Builder(format, document)
    reading = _Reading(builder, component)
    gathered = []
    patterns = _patterns(document, neighbours)
    if _is_test(document) and not is_found(document, neighbours, patterns):
        patterns = []  # kept anywhere: the bot is read without it
    for one in files(document, neighbours, patterns, claims):
        builder.also(one)
        gathering = Gathering(one)
        read_file(gathering)
        gathered.append(gathering)
    reading.gather(gathered)
    reading.lay_forms()
    for gathering in gathered:
        reading.document(gathering.document)
    whole = builder.conversation()
    return replace(
        whole,
        skipped=[*(one for gathering in gathered for one in gathering.skipped), *whole.skipped],
        unseen=[*(one for gathering in gathered for one in gathering.unseen), *whole.unseen],
        overlooked=[*(one for gathering in gathered for one in gathering.overlooked), *whole.overlooked],
    )


def _patterns(document: Document, neighbours: Neighbours) -> list[str]:
    """The bot is in the nearest folder upwards that has a domain or a configuration, unless the configuration of one
    above imports that.
    """
    folders = folders_of(document)
    bases = [base for base, marks in _marks(folders) if any(neighbours.names(mark) for mark in marks)]
    if not bases:
        return []
    top = next((base for base in reversed(bases[1:]) if _is_imported(folders, bases[0], base, neighbours)), bases[0])
    found = [top + pattern for pattern in _FILES]
    return found + [pattern for path in _imports(top, neighbours) for pattern in _imported(f"{top}{path}")]


def _is_imported(folders: tuple[str, ...], inner: str, outer: str, neighbours: Neighbours) -> bool:
    """Whether the configuration in an outer folder imports an inner one; both are ways upwards from ``folders``."""
    between = folders[len(folders) - outer.count("../") : len(folders) - inner.count("../")]
    return any(f"{'/'.join(between)}/".startswith(f"{path}/") for path in _imports(outer, neighbours))


def _imports(base: str, neighbours: Neighbours) -> list[str]:
    """The folders and files of other projects that the configuration in a folder takes into its bot."""
    found: list[str] = []
    for name in (*neighbours.names(f"{base}config.yml"), *neighbours.names(f"{base}config.yaml")):
        for one in neighbours.open(name):
            imports = one.value.get("imports") if isinstance(one.value, dict) else None
            paths = (path for path in (imports if isinstance(imports, list) else ()) if isinstance(path, str))
            found += (path for path in map(posixpath.normpath, paths) if path[:1] not in ("/", "."))
    return found[:_MOST_IMPORTS]


def _imported(path: str) -> list[str]:
    return [path] if path.endswith((".yml", ".yaml")) else [f"{path}/{pattern}" for pattern in _FILES]


@lru_cache(maxsize=256)
def _marks(folders: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is looked for in each folder upwards: the way there, and what marks the top of a bot."""
    return tuple(
        (
            "../" * depth,
            tuple(
                "../" * depth + name
                for name in _MARKS
                if not (depth == 0 and "/" not in name and folders[-1:] == ("domain",))
            ),
        )
        for depth in range(min(_DEEPEST, len(folders)) + 1)
    )


class _Reading:
    """Lays steps over what the files of a bot say."""

    def __init__(self, builder: Builder, component: Callable[[str], str]) -> None:
        self.builder = builder
        self.component = component
        self.flow: FlowDraft = builder.flow("bot")
        self.said: dict[str, list[int]] = {}
        self.topics: dict[str, list[str]] = {}
        """The responses one of which answers what is asked about a topic, by its name."""
        self.taken: dict[str, int] = {}
        self.forms: dict[str, list[tuple[str, Node]]] = {}
        self.forms_in_code: list[tuple[str, Node]] = []
        self.declared: dict[str, Node] = {}
        self.filled: dict[str, set[str]] = {}
        """What fills a slot in whatever the customer says: entities, "" where any words do."""
        self.entities: set[str] = {""}
        """What is marked in the examples of what customers say."""
        self.told: set[str] = set()
        """Slots that a language model fills with what the customer said, asked for or not."""
        self.validations: dict[str, Node] = {}
        """How the answer for a slot is checked, whichever flow asks for it."""
        self.silent: set[str] = set()
        self.responses: set[str] = set()
        """All that have a name, be they without a text."""
        self.names: dict[str, None] = {}
        self.numbers = count()

    def gather(self, gathered: Sequence[Gathering]) -> None:
        """Take over messages and captures; a slot is taken once, where it is asked before where it is declared."""
        slots: dict[str, Capture] = {}
        types = {capture.name: capture for one in gathered for capture in one.captures if capture.type}
        labels = {capture.name: capture.label for one in gathered for capture in one.captures if capture.label}
        for rank in ("flows", "forms", ""):
            for gathering in gathered:
                for capture in gathering.captures:
                    if not rank or rank in capture.path:
                        typed = types.get(capture.name, capture)
                        known = replace(capture, type=typed.type, component=typed.component)
                        known = replace(known if not capture.type else capture, label=labels.get(capture.name, ""))
                        slots.setdefault(capture.name, known)
        for gathering in gathered:
            for message in gathering.messages:
                name = next((str(message.path[n + 1]) for n, key in enumerate(message.path[:-1]) if _holds(key)), "")
                self.said.setdefault(name, []).append(len(self.builder.messages))
                self.builder.messages.append(message)
            for capture in gathering.captures:
                kept = slots.get(capture.name)
                if kept is not None and capture.name not in self.taken and kept.document is gathering.document:
                    self.taken[capture.name] = len(self.builder.captures)
                    self.builder.captures.append(kept)
        for name in self.said:
            topic, _, about = name.partition("/")
            if about:
                self.topics.setdefault(topic, []).append(name)
        for gathering in gathered:
            self.entities |= _marked_in(gathering.document)
            for path, value in several(gathering.document):
                self._declare(Node(value, path, gathering.document))
        pairs = len(self.forms_in_code) * len(self.declared)
        for name, node in self.forms_in_code:
            asked = self._asked_by(name) if pairs <= _MOST_PAIRS else []
            self.forms.setdefault(name, asked or [("", node)])

    def _declare(self, domain: Node) -> None:
        """Slots as they are declared: their types, and those that a response asks for and nothing else takes.

        And responses by their names; a story names one of several of a topic ("faq/ask_name") by the topic.
        """
        for key in ("responses", "templates"):
            for name, _ in domain[key].items():
                self.responses.update((name, name.partition("/")[0]))
        entities = {one.name or next((name for name, _ in one.items()), "") for one in domain["entities"]}
        for name, slot in domain["slots"].items():
            self.builder.assign(None, name, slot["initial_value"])
            self._fill(name, slot["mappings"], entities)
            if slot["validation"].is_mapping:
                self.validations.setdefault(name, slot["validation"])
            number = self.taken.get(name)
            type = slot["type"].text
            if number is None and f"utter_ask_{name}" in self.said:
                number = self.taken[name] = len(self.builder.captures)
                self.builder.captures.append(Capture(name, slot.path, slot.document))
                self.declared[name] = slot
            if number is not None and type and not self.builder.captures[number].type:
                kind = self.component(type)
                self.builder.captures[number] = replace(self.builder.captures[number], type=type, component=kind)
        self._forms(domain["forms"])

    def _fill(self, name: str, mappings: Node, entities: set[str]) -> None:
        """What fills a slot at any time; before Rasa 3 the entity of its name did by itself."""
        filled = self.filled.setdefault(name, set())
        if not mappings:
            filled.update({name} & entities)
            self.told.add(name)
        for mapping in mappings:
            type = mapping["type"].name
            if type == "from_llm":
                self.told.add(name)
            elif type == "from_entity" and not mapping["conditions"]:
                filled.add(mapping["entity"].name or name)
            elif type == "from_text" and not mapping["conditions"] and not mapping["intent"]:
                filled.add("")

    def _asked_by(self, form: str) -> list[tuple[str, Node]]:
        """What a form may take whose slots are in program code: that for which there is a question of its own, or else
        all for which there is any.
        """
        asked = list(self.declared.items())
        return [(slot, place) for slot, place in asked if f"utter_ask_{form}_{slot}" in self.said] or asked

    def _forms(self, node: Node) -> None:
        self.forms_in_code += [(item.name, item) for item in node if item.name]
        for name, form in node.items():
            inner = form["required_slots"] if "required_slots" in form else form  # noqa: SIM401
            slots = [(item.name, item) for item in inner if item.name]
            slots += [(slot, value) for slot, value in inner.items() if slot != "ignored_intents"]
            if slots:
                self.forms[name] = slots

    def document(self, document: Document) -> None:
        if document.kind == "markdown":
            if is_skill(document):
                self._skill(document)
            else:
                self._old(document)
            return
        is_test = _is_test(document)
        for path, value in several(document):
            node = Node(value, path, document)
            for name, flow in node["flows"].items():
                if flow.is_mapping:
                    self._calm(name, flow)
            for key in () if is_test else ("rules", "stories"):
                for story in node[key]:
                    self._story(story, key)
            for test in (*node["test_cases"], *(node["stories"] if is_test else ())):
                self.builder.skip(test["steps"], _TESTED, test.first("test_case", "story").name)
            for item in node["nlu"]:
                name = item.first("intent", "lookup", "synonym", "regex").name
                self.builder.skip(item["examples"], CUSTOMER, name)

    def lay_forms(self) -> None:
        """Steps for the forms; rules and stories begin them and go on after them."""
        for name, slots in self.forms.items():
            last: Key = ("form", name)
            place = slots[0][1]
            self.flow.step(last, place, name, name)
            for slot, node in slots:
                if not slot:
                    self.builder.unseen(node, CODE, name)
                    continue
                key = ("form", name, slot)
                step = self.flow.step(key, node, f"{name}: {slot}", slot)
                self.flow.link(key, start=last)
                last = key
                step.passed = not self.entities.isdisjoint(self.filled.get(slot, ()))
                own = f"utter_ask_{name}_{slot}"
                self._ask(step, node, slot, own if own in self.said else f"utter_ask_{slot}")
            self.flow.step(("form", name, "", "end"), place, f"{name}: done")
            self.flow.link(("form", name, "", "end"), start=last)

    def _ask(self, step: StepDraft, node: Node, slot: str, utter: str) -> None:
        self.builder.repeat(step, self.said.get(utter, ()))
        if slot in self.taken:
            step.captures.append(self.taken[slot])
        step.waits = True
        if utter not in self.said:
            self.builder.unseen(node, CODE if self.said else _ELSEWHERE, slot)

    def _utter(self, step: StepDraft, node: Node, name: str) -> None:
        """Say a response by its name; that it is not there is told once."""
        self.builder.repeat(step, self.said.get(name, ()))
        self._answer(step, name)
        if not name or name in self.said or name in self.responses or name in self.silent:
            return
        self.silent.add(name)
        if not self.responses or name in _DEFAULTS:
            self.builder.unseen(node, _OF_RASA if name in _DEFAULTS else _TEXT_ELSEWHERE, name)
        else:
            meant = did_you_mean(name, self.responses) if len(self.silent) <= SUGGESTED else ""
            self.builder.overlook(node, f"no response is called '{name}'{meant}", name)

    def _answer(self, step: StepDraft, topic: str) -> None:
        """Say one wording of one of the responses about a topic."""
        wordings: dict[tuple[str, int], int] = {}
        for response in self.topics.get(topic, ()):
            self.builder.repeat(step, self.said[response])
            if self.said[response][-1] not in step.messages:
                return  # there is no room for more
            for one in self.said[response]:
                variant = self.builder.messages[one].variant
                number = wordings.setdefault((response, variant.number if variant else 0), len(wordings))
                step.variants[one] = Variant(f"{step.id}/{topic}", number)

    def _act(self, step: StepDraft, node: Node, name: str) -> None:
        """An action: a response, or code that may say anything; that is told once an action.

        Before Rasa 2 what answers about a topic was called "respond_…".
        """
        if name.startswith("respond_") and f"utter_{name[len('respond_') :]}" in self.topics:
            name = f"utter_{name[len('respond_') :]}"
        if name in self.said or name.startswith("utter_"):
            self._utter(step, node, name)
        elif name.startswith(("action_", "respond_")) and name not in _BUILT_IN and name not in self.silent:
            self.silent.add(name)
            self.builder.unseen(node, CODE, name)

    def _calm(self, name: str, flow: Node) -> None:
        begin: Key = ("flow", name)
        self.names[name] = None
        self.flow.step(begin, flow, name, flow["name"].text or name)
        guard = flow["if"].value
        started = not name.startswith("pattern_") or name in (_SESSION, "pattern_search")
        if started and str(guard).lower() != "false":
            self.flow.enter(begin)
        self.flow.finish(self._steps(name, flow["steps"], [(begin, "")]))

    def _skill(self, document: Document) -> None:
        """A skill: what it says by itself, then its prose for the model, which goes into its blocks and comes back."""
        name, head, blocks, prose = skill(document)
        begin: Key = ("flow", name)
        self.names[name] = None
        step = self.flow.step(begin, head, name, head["name"].text or name)
        self.flow.enter(begin)
        for part in _responses(head["utter"]):
            self._utter(step, part, part.text)
        for piece in prose:
            self.builder.unseen(Node(piece.value, (), piece), LANGUAGE_MODEL, name)
        for block, node in blocks.items():
            first: Key = ("flow", block)
            self.flow.step(first, node, f"{name}: {block}", block)
            self.flow.link(first, start=begin, call=bool(prose))
            self.flow.finish(self._steps(block, node["steps"], [(first, "")]))

    def _steps(self, flow: str, steps: Node, ends: Ends) -> Ends:
        """Steps of a flow, or of a branch in it, one after the other."""
        for node in steps:
            if not node.is_mapping:
                continue
            id = node["id"].name or f"step{next(self.numbers)}"
            key = self.flow.own(("flow", flow, id), node)
            step = self.flow.step(key, node, f"{flow}: {id}", node["collect"].name or node["action"].name)
            self.flow.lead(ends, key)
            self._step(node, step, key)
            ends = self._next(flow, node, key)
        return ends

    def _step(self, node: Node, step: StepDraft, key: Key) -> None:
        slot = node["collect"].name.rpartition(".")[2]
        if node["instructions"].text:
            self.builder.unseen(node["instructions"], LANGUAGE_MODEL, step.id)
            step.waits = True
        if slot:
            self._ask(step, node["collect"], slot, node["utter"].name or f"utter_ask_{slot}")
            step.passed = slot in self.told and str(node["ask_before_filling"].value).lower() != "true"
        validation = self.validations.get(slot, node)
        refused = [one["utter"] for one in (*node["rejections"], *validation["rejections"])]
        for utter in (*refused, validation["refill_utter"]):
            self._utter(step, utter, utter.name)
            for number in self.said.get(utter.name, ()):
                message = self.builder.messages[number]
                if message.kind in ("reply", "prompt"):
                    self.builder.messages[number] = replace(message, kind="validation")
        for assigned in node["set_slots"]:
            for slot_name, value in assigned.items():
                self.builder.assign(step, slot_name, value)
        if node["action"].name:
            self._act(step, node["action"], node["action"].name)
        for kind in ("link", "call"):
            if node[kind].name:
                target = node[kind].name.rpartition(".")[2]
                self.flow.link(("flow", target), start=key, call=kind == "call")
                known = self.names if kind == "link" else ()  # tools and agents are called, too
                if not target.startswith("pattern_") and "mcp_server" not in node:
                    self.flow.expect_flow(self.builder, ("flow", target), node[kind], target, step.id, known)

    def _next(self, flow: str, node: Node, key: Key) -> Ends:
        following = node["next"]
        if following.name:
            self.flow.link(_target(flow, following.name), start=key, place=following)
            return []
        if following.is_list:
            ends: Ends = []
            for branch in following:
                condition = branch["if"].name or ("else" if "else" in branch else "")
                target = branch["then"] if "then" in branch else branch["else"]
                if target.is_list:
                    ends += self._steps(flow, target, [(key, condition)])
                elif target.name:
                    self.flow.link(_target(flow, target.name), condition, start=key, place=target)
            return ends
        if node["then"].is_list:  # a step that is a condition: no official form, but it is written
            return [*self._steps(flow, node["then"], [(key, node["if"].name)]), (key, "else")]
        return [] if node["link"].name else [(key, "")]

    def _story(self, story: Node, kind: str) -> None:
        name = story["rule"].name or story["story"].name
        begin: Key = (kind, name, next(self.numbers))
        place = story["rule"] if "rule" in story else story["story"]
        self.flow.step(begin, place if place.name else story, name, name)
        loops = [item["active_loop"].name for item in story["condition"] if item["active_loop"].name in self.forms]
        steps = list(story["steps"])
        if loops:
            self.flow.link(begin, "form active", start=("form", loops[0]))
        elif steps and steps[0]["checkpoint"].name:
            first = steps.pop(0)
            condition = " and ".join(_slots(first["slot_was_set"]))
            self.flow.link(begin, condition, start=self._checkpoint(first, first["checkpoint"].name))
        else:
            self.flow.enter(begin)
        self._chain(steps, begin, name)

    def _chain(self, steps: list[Node], last: Key, name: str) -> None:
        condition = ""
        for node in steps:
            said = node["intent"].name or ("" if not node["user"] else "user")
            if node["slot_was_set"]:
                condition = " and ".join(_slots(node["slot_was_set"]))
                if not node["checkpoint"].name:
                    continue
            if said or node["or"]:
                condition = said or " or ".join(item["intent"].name for item in node["or"])
                last = self._customer(node, name, last, condition)
                condition = ""
                continue
            last = self._bot(node, name, last, condition)
            condition = ""

    def _customer(self, node: Node, name: str, last: Key, condition: str) -> Key:
        key: Key = ("said", next(self.numbers))
        step = self.flow.step(key, node, f"{name}: {condition}", condition)
        step.waits = True
        self.flow.link(key, condition, start=last)
        self.builder.skip(node["user"], CUSTOMER, name)
        return key

    def _bot(self, node: Node, name: str, last: Key, condition: str) -> Key:
        """What the bot does: an action, a form, a text; and checkpoints."""
        action = node["action"].name
        checkpoint = node["checkpoint"].name
        if checkpoint:
            joint = self._checkpoint(node, checkpoint)
            self.flow.link(joint, condition, start=last)
            return joint
        if action in self.forms:
            self.flow.link(("form", action), condition, start=last)
            return ("form", action, "", "end")
        if node["bot"].text or action:
            key: Key = ("act", next(self.numbers))
            step = self.flow.step(key, node, f"{name}: {action or 'bot'}", action)
            self.flow.link(key, condition, start=last)
            self._act(step, node["action"], action)
            self.builder.say(step, node["bot"], f"{name}.bot", markup="markdown")
            return key
        return last

    def _checkpoint(self, node: Node, name: str) -> Key:
        """Where stories are joined."""
        key: Key = ("checkpoint", name)
        self.flow.hub(key, node, f"checkpoint {name}")
        return key

    def _old(self, document: Document) -> None:
        """Stories of Rasa 1, which are lists in Markdown; examples are the customer's words."""
        node = Node(document.source.text, (), document)
        if _OLD_NLU.search(document.source.text):
            self.builder.skip(node, CUSTOMER, stem_of(document))
            return
        last: Key = None
        head = Node("", (), document)
        at = 0
        for line in _OLD_COMMENT.sub(_blank, node.text).splitlines(keepends=True):
            end = at + len(line.rstrip())
            title, found = _OLD_HEAD.match(line), _OLD_LINE.match(line)
            if title is not None:
                head, last = node.cut(at + title.start(1), end), None
            elif found is not None and head.text:
                here = node.cut(at + found.start(1), end)
                last = self._old_line(here, found, head.text, last) if last else self._old_story(head, here, found)
            at += len(line)

    def _old_story(self, head: Node, first: Node, found: re.Match[str]) -> Key:
        """A story up to its first line: it begins by itself, or goes on where others come to a checkpoint."""
        key: Key = ("old", next(self.numbers))
        self.flow.step(key, head, head.text, head.text)
        if found[1] != ">":
            self.flow.enter(key)
            return self._old_line(first, found, head.text, key)
        self.flow.link(key, start=self._checkpoint(first, found[2]))
        return key

    def _old_line(self, node: Node, found: re.Match[str], name: str, last: Key) -> Key:
        mark, action = found[1], found[2]
        if mark == ">":
            joint = self._checkpoint(node, action)
            self.flow.link(joint, start=last)
            return joint
        if action in self.forms:
            self.flow.link(("form", action), start=last)
            return ("form", action, "", "end")
        if mark == "-" and action in ("slot", "form"):
            return last
        if mark == "*":
            action = " or ".join((action, *_OLD_OR.findall(node.text)))
        key: Key = ("old", next(self.numbers))
        step = self.flow.step(key, node, f"{name}: {action}", action)
        self.flow.link(key, action if mark == "*" else "", start=last)
        step.waits = mark == "*"
        if not step.waits and _ACTIVE.match(action):
            self._act(step, node, action)
        return key


def _blank(found: re.Match[str]) -> str:
    """As many characters that say nothing, in as many lines."""
    return _IN_LINE.sub(" ", found[0])


def _marked_in(document: Document) -> set[str]:
    """The entities in examples of what customers say: "where is [123](order)", "[123]{"entity": "order"}"."""
    texts = []
    if document.kind == "markdown":
        texts += [document.source.text] if _OLD_NLU.search(document.source.text) else []
    else:
        nodes = (Node(value, path, document) for path, value in several(document))
        examples = [item["examples"] for node in nodes for item in node["nlu"]]
        texts += [text for node in examples for text in (node.text, *(one.text or one["text"].text for one in node))]
    found = (entity or other for text in texts for entity, other in _MARKED.findall(text))
    return {entity.partition(":")[0] for entity in found}


def _responses(node: Node) -> Iterator[Node]:
    """The names of responses at a place and below it."""
    if node.text.startswith("utter_"):
        yield node
    for inner in (*node, *(item for _, item in node.items())):
        yield from _responses(inner)


def _holds(key: str | int) -> bool:
    return key in ("responses", "templates")


def _slots(node: Node) -> Iterator[str]:
    for item in node:
        if item.name:
            yield item.name
        for slot, value in item.items():
            yield f"{slot} is {value.value}"


def _target(flow: str, name: str) -> Key | str:
    """The step that ``next`` names; "" where the flow ends."""
    return "" if name.upper() == "END" else ("flow", flow, name)
