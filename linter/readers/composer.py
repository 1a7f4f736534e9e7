"""Bot Framework Composer: dialogs, with the texts of their language generation templates.

The actions of a trigger are steps, one after the other. What they say is looked up in the templates of the
same dialog, or of any other file of the bot where that has none of this name. Templates are read without a
dialog too, as bots that are written in code have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from zlib import crc32

from ..conversation import Conversation, Variant
from ..documents import Document, embedded
from ..source import SourceError, brief
from . import Neighbours
from .building import Builder
from .cards import say_card
from .common import is_text
from .drafts import Ends, FlowDraft, StepDraft
from .exports import SHOWN, files, folders_of, place, stem_of
from .lg import Piece, looks_like_lg, templates
from .nodes import Node, root
from .program_code import literals
from .reasons import CUSTOMER, VARIABLE

NAME = "bot-composer"
TITLE = "Bot Framework Composer"

_FILES = (
    "*.dialog", "*.lg", "*.lu", "*.qna", "language-generation/*/*.lg", "language-generation/*.lg",
    "language-understanding/*/*.lu", "knowledge-base/*/*.qna", "knowledge-base/*/*/*.qna", "recognizers/*.dialog",
)  # fmt: skip
_FOLDERS = ("language-generation", "language-understanding", "knowledge-base", "recognizers")
_PROMPTS = {
    "prompt": "prompt", "activity": "reply", "unrecognizedPrompt": "reprompt", "invalidPrompt": "validation",
    "defaultValueResponse": "reprompt", "activeLearningCardTitle": "reply", "cardNoMatchText": "button",
    "cardNoMatchResponse": "reply", "noAnswer": "reply", "title": "label", "text": "label",
}  # fmt: skip
_COMPONENTS = {
    "TextInput": "text", "NumberInput": "number", "ChoiceInput": "choice", "ConfirmInput": "choice",
    "DateTimeInput": "date", "AttachmentInput": "upload",
}  # fmt: skip
_ENDS = frozenset({
    "EndDialog", "CancelAllDialogs", "CancelDialog", "ReplaceDialog", "RepeatDialog", "GotoAction", "BreakLoop",
    "ContinueLoop",
})  # fmt: skip
_IF = re.compile(r"\bif\(")
_CALL = re.compile(r"\b([A-Za-z_][\w.]{0,99})\(")
_EXPRESSION = re.compile(r"\$\{(?:[^{}'\"`]|'[^']*'|\"[^\"]*\"|`[^`]*`|\{[^{}]*\})*\}")
_QUOTES = "'\"`"
_LOCALE = re.compile(r"\.([a-z]{2,3}(?:-[a-z]{2,4})?)$", re.IGNORECASE)
_ACTION = re.compile(r"\bcardActionTemplate\(")
_SEARCHES = re.compile(r"\b(?:contains|isMatch)\Z")
_CARD_TEXT = re.compile(r'"(\w+)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_QUESTION = re.compile(r"^#+[ \t]*\?[ \t]*\S", re.MULTILINE)
_ANSWER = re.compile(r"^```(?:markdown)?[ \t]*\r?\n(.*?)\r?\n```", re.MULTILINE | re.DOTALL)

_PATTERN = re.compile(r"isMatch\([^,]{0,200},\s*['\"]([^'\"]+)['\"]")
_ENTITY = re.compile(r"(?<!\w)@([A-Za-z]\w*)")
_ONLY = re.compile(r"\s*(?:=\s*|\$\{)(?:user|dialog|conversation|turn)\.(?:\w+\.)*(\w+)\}?\s*")
_SAID_LAST = re.compile(r"\s*(?:=\s*|\$\{)(?:turn\.(?:activity|recognized)\.text|@\w+)\}?\s*")
_ON = re.compile(r"\s*(?:=|\$\{)?\s*true\s*\}?\s*", re.IGNORECASE)
_MOST_PAIRS = 10_000  # of a step that waits and what may interrupt it
_INTERRUPTING = frozenset({
    "OnIntent", "OnUnknownIntent", "OnQnAMatch", "OnChooseIntent", "OnMessageActivity", "OnChooseEntity",
})  # fmt: skip
"""Triggers that are a customer's message."""
_MOST_ENDS = 12  # from which a conversation goes on; more meet in a step first
_REACH = 200  # characters before a literal in which what it is compared with stands
_LONGEST = 10  # characters of the name of what looks for a literal, and one before it
_MOST_CALLS = 100
_MOST_WORDINGS = 1000
_SIZE = 200  # characters of a template that are as much work as one more wording


def _kind(node: Node) -> str:
    return node["$kind"].name.removeprefix("Microsoft.")


def _file_kind(document: Document) -> str:
    """What a file holds; "" when it is not of a bot."""
    if document.kind == "json":
        value = document.value
        said = value.get("$kind") if isinstance(value, dict) else None
        if isinstance(said, str) and said.startswith("Microsoft."):
            return "dialog" if said == "Microsoft.AdaptiveDialog" else "other"
        return ""
    if document.kind == "lg":
        return "lg" if looks_like_lg(document.source.text) else ""
    if document.path.lower().endswith(".lu"):
        return "lu" if looks_like_lg(document.source.text) else ""
    asks = document.path.lower().endswith(".qna") and _QUESTION.search(document.source.text)
    return "qna" if asks else ""


def claims(document: Document) -> bool:
    return document.kind in ("json", "lg", "text", "markdown") and bool(_file_kind(document))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    builder = Builder(NAME, document, markup="markdown")
    found: dict[str, list[Document]] = {}
    for one in files(document, neighbours, _patterns(document), claims):
        builder.also(one)
        found.setdefault(_file_kind(one), []).append(one)
    reading = _Reading(builder)
    for one in found.get("lg", ()):
        reading.templates(one)
    dialogs = [root(one) for one in found.get("dialog", ())]
    reading.dialogs(dialogs)
    reading.rest()
    for one in found.get("qna", ()):
        _answers(builder, one)
    for one in found.get("lu", ()):
        builder.skip(Node(one.source.text, (), one), CUSTOMER, stem_of(one))
    return builder.conversation()


def _patterns(document: Document) -> list[str]:
    """The bot's folder is above ``dialogs``, above the folders of texts where there is no such."""
    folders = folders_of(document)
    depth = 0
    for name in _FOLDERS:
        if name in folders[-3:]:
            depth = folders[::-1].index(name) + 1
    inner = folders[: len(folders) - depth][-3:]
    if "dialogs" in inner:
        depth += inner[::-1].index("dialogs") + 1
    homes = ("", "dialogs/*/", "dialogs/*/*/")
    return ["../" * depth + home + name for home in homes for name in _FILES]


def _answers(builder: Builder, document: Document) -> None:
    """The answers of a knowledge base; the questions are the customer's."""
    text = document.source.text
    node = Node(text, (), document)
    for number, answer in enumerate(_ANSWER.finditer(text)):
        id = f"{stem_of(document)}[{number}]"
        builder.say(None, node, id, markup="markdown", text=answer[1], offset=answer.start(1))


@dataclass
class _Known:
    """A template of one file."""

    name: str
    owner: str
    locale: str | None
    node: Node
    pieces: list[Piece]
    surely: bool

    @cached_property
    def _is_varied(self) -> bool:
        """Whether it has several wordings; it may have very many."""
        return len({piece.variant for piece in self.pieces}) > 1

    @cached_property
    def size(self) -> int:
        """How much work it is to say it, in wordings."""
        return sum(1 + (piece.end - piece.start) // _SIZE for piece in self.pieces)

    @cached_property
    def in_short(self) -> tuple[int, Piece] | None:
        """Its first wording that is more than an expression, with its number."""
        for number, piece in enumerate(self.pieces):
            text = self.node.text[piece.start : piece.end]
            if piece.kind == "reply" and _EXPRESSION.sub("", text).strip():
                return number, piece
        return None

    @cached_property
    def in_all(self) -> list[str]:
        """The expressions that all variants have in common: what they say is said in any case."""
        of: dict[int, set[str]] = {}
        for piece in self.pieces:
            text = self.node.text[piece.start : piece.end]
            of.setdefault(piece.variant, set()).update(found[0] for found in _EXPRESSION.finditer(text))
        return sorted(set.intersection(*of.values())) if self.surely and len(of) > 1 else []

    def variant(self, number: int, outer: Variant | None) -> Variant | None:
        """Which of the wordings of the template a piece is of, where it has several, or the one that calls it has."""
        if not self._is_varied and self.surely:
            return outer
        if outer is None:
            return Variant(f"{self.node.document.source.path}#{self.name}", number, self.surely)
        return Variant(outer.group, (outer.number + 1) * _MOST_WORDINGS + number, outer.surely and self.surely)


class _Reading:
    """Reads one bot."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.flow: FlowDraft = builder.flow("bot")
        self.known: dict[str, list[_Known]] = {}
        self.owned: dict[tuple[str, str], list[_Known]] = {}
        self.dialog = ""
        self.waiting: list[Hashable] = []
        """The steps of the dialog that wait for an answer."""
        self.names: list[str] = []
        self.locale: str | None = None
        self.done: set[tuple[int, int]] = set()
        self.said: set[tuple[int, str | None]] = set()

    def templates(self, document: Document) -> None:
        stem = stem_of(document)
        found = _LOCALE.search(stem)
        folders = folders_of(document)
        folder = folders[-1] if folders[-2:-1] == ("language-generation",) else ""
        locale = found[1] if found else folder
        owner = stem[: found.start()] if found else stem
        for template in templates(document.source.text):
            node = Node(document.source.text, (), document)
            known = _Known(template.name, owner.lower(), locale or None, node, template.pieces, template.open <= 0)
            self.known.setdefault(template.name, []).append(known)
            self.owned.setdefault((template.name, known.owner), []).append(known)

    def rest(self) -> None:
        """Templates that no dialog says; code may."""
        for several in self.known.values():
            for known in several:
                lower = known.name.lower()
                kind = "reply"
                for part, spoken in (("unrecognizedprompt", "reprompt"), ("invalidprompt", "validation")):
                    kind = spoken if part in lower else kind
                if kind == "reply" and "_prompt" in lower:
                    kind = "prompt"
                self._template(None, known, kind, {known.name})

    def dialogs(self, nodes: list[Node]) -> None:
        called = {name for node in nodes for name in _called(node.value)}
        self.names = [stem_of(node.document) for node in nodes]
        names = [name.lower() for name in self.names]
        roots = [name for name in names if name not in called] or names[:1]
        for node in nodes:
            self.dialog = stem_of(node.document)
            self._dialog(node, self.dialog.lower() in roots)

    def _dialog(self, node: Node, enters: bool) -> None:
        begin: Hashable = (self.dialog.lower(), "begin")
        self.flow.step(begin, place(node, "$kind"), self.dialog, self.dialog)
        if enters:
            self.flow.enter(begin)
        self.waiting = []
        interrupting: list[tuple[Hashable, str]] = []
        begins = not enters and any(_kind(trigger) == "OnBeginDialog" for trigger in node["triggers"])
        for number, trigger in enumerate(node["triggers"]):
            kind = _kind(trigger)
            id = trigger["$designer"]["id"].name or f"trigger{number}"
            key: Hashable = (self.dialog.lower(), f"trigger{number}")
            title = trigger["$designer"]["name"].text or trigger["intent"].name or kind
            self.flow.step(key, place(trigger, "$kind"), f"{self.dialog}: {id}", title)
            condition = trigger["condition"].name or trigger["intent"].name or kind
            if begins and kind in _INTERRUPTING:
                interrupting.append((key, condition))
            else:
                self.flow.link(key, condition, start=begin)
            self.flow.finish(self._actions(trigger["actions"], [(key, "")]))
        self._interrupt(interrupting, begin)

    def _interrupt(self, triggers: list[tuple[Hashable, str]], begin: Hashable) -> None:
        """What the customer says in place of an answer, in a dialog that was begun: where it waits for one."""
        starts = self.waiting[:] if len(self.waiting) * len(triggers) <= _MOST_PAIRS else self.waiting[:1]
        for key, condition in triggers:
            for start in starts or [begin]:
                self.flow.link(key, condition, start=start)

    def _actions(self, actions: Iterable[Node], ends: Ends) -> Ends:
        """Steps for a list of actions; the ways out at its end are handed back."""
        for action in actions:
            id = action["id"].name or action["$designer"]["id"].name or "/".join(str(p) for p in action.path)
            if action["disabled"].value is True or _ON.fullmatch(action["disabled"].text):
                for key in ("activity", "prompt"):
                    self.builder.skip(action[key], "this action is switched off", f"{self.dialog}.{id}")
                continue
            here = self.flow.own((self.dialog.lower(), id), action)
            step = self.flow.step(
                here, place(action, "$kind"), f"{self.dialog}: {id}", action["$designer"]["name"].text
            )
            self.flow.lead(ends, here)
            after = self._action(action, f"{self.dialog}.{id}", here, step)
            if step.waits:
                self.waiting.append(here)
            # What a formula switches off is passed by.
            ends = self._met([*ends, *after], here, action) if action["disabled"].text else after
        return ends

    def _met(self, ends: Ends, key: Hashable, place: Node) -> Ends:
        """The ends as they are, or a step where very many of them meet."""
        if len(ends) <= _MOST_ENDS:
            return ends
        met: Hashable = ("past", key)
        self.flow.step(met, place, self.dialog, self.dialog)
        self.flow.lead(ends, met)
        return [(met, "")]

    def _action(self, action: Node, id: str, key: Hashable, step: StepDraft) -> Ends:
        kind = _kind(action)
        for name, spoken in _PROMPTS.items():
            is_shown = kind == "OAuthInput" if name in ("title", "text") else kind != "BeginSkill"
            if is_shown:
                spoken = "prompt" if kind == "Ask" and name == "activity" else spoken
                self._spoken(step, action[name], f"{id}.{name}" if name != "activity" else id, spoken)
        for name in ("choices", "confirmChoices"):
            for number, choice in enumerate(action[name]):
                self._choice(step, choice, f"{id}.{name}[{number}]")
        self._take(step, action, kind, id)
        for assignment in (action, *action["assignments"]) if kind in ("SetProperty", "SetProperties") else ():
            self._assign(step, assignment["property"].name, assignment["value"])
        if kind == "EditArray":
            self._assign(step, action["itemsProperty"].name, action["value"])
        for name, value in action["options"].items():  # what a dialog is begun with, it may say
            self._assign(step, name, value)
        step.stops = kind == "CancelAllDialogs"
        step.waits = step.waits or kind == "EndTurn"
        if kind == "QnAMakerDialog":
            self.builder.unseen(place(action, "$kind"), "a knowledge base answers", id)
        dialog = action["dialog"].name or action["dialog"]["$ref"].name
        if kind == "BeginSkill":
            self.builder.unseen(place(action, "$kind"), "another bot talks to the customer here", id)
        if dialog and kind in ("BeginDialog", "ReplaceDialog"):
            for name in _names(dialog):
                end = (name.lower(), "begin")
                self.flow.link(end, start=key, call=kind == "BeginDialog")
                if name == dialog:
                    named = action["dialog"] if action["dialog"].name else action["dialog"]["$ref"]
                    self.flow.expect_flow(self.builder, end, named, name, id, self.names)
        elif kind == "RepeatDialog":
            self.flow.link((self.dialog.lower(), "begin"), start=key)
        elif kind == "GotoAction":
            self.flow.link((self.dialog.lower(), action["actionId"].name), start=key, place=action["actionId"])
        return [] if kind in _ENDS else self._branches(action, key)

    def _assign(self, step: StepDraft, name: str, value: Node) -> None:
        """A text that a property is set to, or those among the literals of a formula; or what the customer said."""
        kept = name.lstrip("=$").rpartition(".")[2]
        if _SAID_LAST.fullmatch(value.text):
            self.builder.take(step, value, kept, waits=False)
        elif (only := _ONLY.fullmatch(value.text)) is not None:
            self.builder.rename(step, value, kept, only[1])
        if not value.text.lstrip().startswith("="):
            self.builder.assign(step, name, value)
            return
        begin = value.text.index("=") + 1
        for literal in literals(value.text, begin, quotes=_QUOTES):
            said = value.text[literal.start + 1 : literal.end - 1]
            if not _is_compared(value.text[max(begin, literal.start - _REACH) : literal.start]):
                self.builder.assign(step, name, value, text=said, offset=literal.start + 1)

    def _branches(self, action: Node, key: Hashable) -> Ends:
        condition = brief(action["condition"].name)
        kind = _kind(action)
        if kind == "IfCondition":
            ends = list(self._actions(action["actions"], [(key, condition)]))
            return [*ends, *self._actions(action["elseActions"], [(key, f"not ({condition})")])]
        if kind == "SwitchCondition":
            ends = []
            for case in action["cases"]:
                ends += self._actions(case["actions"], [(key, f"{condition} == '{case['value'].name}'")])
            return [*ends, *self._actions(action["default"], [(key, "default")])]
        if action["actions"].is_list:
            return [(key, ""), *self._actions(action["actions"], [(key, "each")])]
        return [(key, "")]

    def _take(self, step: StepDraft, action: Node, kind: str, id: str) -> None:
        if kind == "Ask":
            for item in action["expectedProperties"]:
                self.builder.take(step, item, item.name, kind)
        elif kind in _COMPONENTS:
            name = action["property"].name.lstrip("=$").rpartition(".")[2] or id
            where = place(action, "property", "$kind")
            checks = [_PATTERN.search(check.text) for check in action["validations"]]
            pattern = next((found[1] for found in checks if found is not None), "")
            label = " ".join(_ENTITY.findall(action["value"].text))  # what is recognised in the answer
            self.builder.take(step, where, name, kind, _COMPONENTS[kind], pattern, label)
            step.passed = bool(label) and action["alwaysPrompt"].value is not True  # it may be in the words before

    def _choice(self, step: StepDraft, node: Node, id: str) -> None:
        for shown in (node, node["displayText"], node["action"]["title"], node["action"]["text"]):
            if shown.text:
                self._spoken(step, shown, id, "button")
                return
        self._spoken(step, node["value"], id, "button")

    def _spoken(self, step: StepDraft | None, node: Node, id: str, kind: str) -> None:
        """A text; what is left of it without its expressions is said here, templates are said where they are."""
        if node.is_list:
            for number, item in enumerate(node):
                self._spoken(step, item, f"{id}[{number}]", kind)
        elif node.is_mapping:
            for key in ("text", "speak", "template", "activity"):
                self._spoken(step, node[key], f"{id}.{key}", kind)
            for number, action in enumerate(node["suggestedActions"]["actions"]):
                shown = action["title"] if action.is_mapping else action
                self._spoken(step, shown, f"{id}.suggestedActions[{number}]", "button")
        elif node.text.strip():
            found = self._calls(step, node.text, kind, set())
            if self._literals(step, node, (id, kind, self.locale), (0, len(node.text))):
                found = True
            is_formula = node.text.lstrip().startswith("=")
            if _EXPRESSION.sub("", node.text).strip().lstrip("-") and not is_formula:
                self.builder.say(step, node, id, kind, self.locale)
            elif not found:
                self.builder.unseen(node, VARIABLE, id)

    def _literals(
        self,
        step: StepDraft | None,
        node: Node,
        spoken: tuple[str, str, str | None],
        span: tuple[int, int],
        variant: Variant | None = None,
    ) -> bool:
        """Say the sentences among the arguments of expressions: ``${if(user.known, 'Good to see you', 'Hello')}``.

        A text that begins with "=" is an expression as a whole.
        """
        id, kind, locale = spoken
        text = node.text
        found = False
        spans = [expression.span() for expression in _EXPRESSION.finditer(text, *span)]
        if text.lstrip().startswith("="):
            spans = [(text.index("=") + 1, len(text))]
        for start, end in spans:
            button = _ACTION.search(text, start, end)
            choice = self._chosen(text[start:end], variant)
            for number, literal in enumerate(literals(text, start, end, _QUOTES)):
                at = literal.start + 1
                said = text[at : literal.end - 1]
                compared = _is_compared(text[max(start, literal.start - _REACH) : literal.start])
                if (button is not None and number == 1) or (button is None and not compared and is_text(said)):
                    found = True
                    shown = "button" if button else kind
                    one = choice(literal.start - start)
                    self.builder.say(step, node, id, shown, locale, text=said, offset=at, variant=one)
        return found

    def _calls(
        self, step: StepDraft | None, text: str, kind: str, seen: set[str], variant: Variant | None = None
    ) -> bool:
        """Say the templates that a text calls; false when it calls none that is known."""
        called = False
        for expression in _EXPRESSION.finditer(text):
            choice = self._chosen(expression[0], variant)
            for call in _CALL.finditer(expression[0]):
                name = call[1]
                known = self.known.get(name, ())
                called = called or bool(known)
                if name not in seen and len(seen) < _MOST_CALLS:
                    seen.add(name)
                    for one in self.owned.get((name, self.dialog.lower()), known):
                        self._template(step, one, kind, seen, choice(call.start()))
                        if step is not None and self.builder.is_crowded:
                            break
        return called

    def _chosen(self, expression: str, outer: Variant | None) -> Callable[[int], Variant | None]:
        """Which of the texts of an expression one is, by its place in it: of ``if(user.known, 'Hello', Notice())`` one
        is said, perhaps none where a branch holds something else.
        """
        ifs = len(_IF.findall(expression))
        if not ifs:
            return lambda _: outer
        said = sum(1 for start, end in literals(expression, quotes=_QUOTES) if is_text(expression[start + 1 : end - 1]))
        surely = said + sum(1 for name in _CALL.findall(expression) if name in self.known) > ifs
        if outer is None:
            return lambda at: Variant(f"{self.dialog}#{crc32(expression.encode('utf-8', 'surrogatepass'))}", at, surely)
        return lambda at: Variant(
            outer.group, (outer.number + 1) * _MOST_WORDINGS + at % _MOST_WORDINGS, outer.surely and surely
        )

    def _template(
        self, step: StepDraft | None, known: _Known, kind: str, seen: set[str], outer: Variant | None = None
    ) -> None:
        """Say a template. What no step says need not be said again: chains of calls may be very long."""
        if self._again(step, known):
            if step is None:
                return
            if self.builder.crowded(step.place, known.size):
                self._in_short(step, known, kind)
                return
        for expression in known.in_all:
            self._calls(step, expression, kind, seen, outer)
        for number, piece in enumerate(known.pieces):
            id = f"{known.name}[{number}]"
            text = known.node.text[piece.start : piece.end]
            if piece.kind == "card":
                self._card(step, known, piece, id)
                continue
            variant = known.variant(piece.variant, outer)
            own = piece.kind != "other" and bool(_EXPRESSION.sub("", text).strip())
            if own:
                shown = "button" if piece.kind == "button" else kind
                channels = ("voice",) if piece.kind == "speak" else ()
                self.builder.say(
                    step, known.node, id, shown, known.locale, channels=channels, text=text, offset=piece.start,
                    variant=variant,
                )  # fmt: skip
            found = self._calls(step, text, kind, seen, variant) if "${" in text else False
            if "${" in text and piece.kind != "other":
                spoken = (f"{id}.{{}}", "button" if piece.kind == "button" else kind, known.locale)
                span = (piece.start, piece.end)
                found = self._literals(step, known.node, spoken, span, _maybe(variant)) or found
            if not (own or found) and piece.kind == "reply" and self._first(known, piece):
                self.builder.unseen(known.node, VARIABLE, id)

    def _first(self, known: _Known, piece: Piece) -> bool:
        """Whether this piece of a template was not seen before."""
        key = (id(known), piece.start)
        if key in self.done:
            return False
        self.done.add(key)
        return True

    def _again(self, step: StepDraft | None, known: _Known) -> bool:
        """Whether a template was said before, by a step of the same dialog, or outside of all steps."""
        key = (id(known), self.dialog if step is not None else None)
        again = key in self.said
        self.said.add(key)
        return again

    def _in_short(self, step: StepDraft, known: _Known, kind: str) -> None:
        """One wording of a template of which other steps say all."""
        if known.in_short is not None:
            number, piece = known.in_short
            text = known.node.text[piece.start : piece.end]
            id = f"{known.name}[{number}]"
            self.builder.say(step, known.node, id, kind, known.locale, text=text, offset=piece.start)

    def _card(self, step: StepDraft | None, known: _Known, piece: Piece, id: str) -> None:
        """JSON of a card, in part made by expressions: then only the strings of its shown keys."""
        assert isinstance(known.node.document, Document)
        self.locale = known.locale
        if not self._first(known, piece):
            return
        try:
            inner = embedded(known.node.document, (), piece.start, piece.end)
            say_card(self.builder, self._say_in_card, step, root(inner), id)
        except SourceError:
            for literal in _CARD_TEXT.finditer(known.node.text, piece.start, piece.end):
                if literal[1].lower() in SHOWN and literal[2].strip():
                    self.builder.say(
                        step, known.node, id, "reply", known.locale, text=literal[2], offset=literal.start(2)
                    )
        self.locale = None

    def _say_in_card(
        self, step: StepDraft | None, node: Node, id: str, kind: str, channels: tuple[str, ...] = ()
    ) -> None:
        if _EXPRESSION.sub("", node.text).strip():
            self.builder.say(step, node, id, kind, self.locale, channels=channels)


def _is_compared(before: str) -> bool:
    """Whether a literal behind this part of an expression is compared with something: nobody is shown it."""
    before = before.rstrip()
    if before.endswith(("=", "!", "<", ">")):
        return True
    called, _, arguments = before.rpartition("(")
    return arguments.endswith(",") and ")" not in arguments and _SEARCHES.search(called[-_LONGEST:]) is not None


def _maybe(variant: Variant | None) -> Variant | None:
    """What stands in an expression may be said or not."""
    return replace(variant, surely=False) if variant is not None else None


def _names(dialog: str) -> list[str]:
    """The dialogs that one is chosen from by a formula; else the one that is named."""
    if not dialog.startswith("="):
        return [dialog]
    return [dialog[literal.start + 1 : literal.end - 1] for literal in literals(dialog, quotes=_QUOTES)]


def _called(value: Any) -> set[str]:
    """Names of the dialogs that are begun anywhere in a dialog."""
    found: set[str] = set()
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            dialog = one.get("dialog")
            if isinstance(dialog, str) and str(one.get("$kind", "")).endswith(("BeginDialog", "ReplaceDialog")):
                found.update(name.lower() for name in _names(dialog))
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return found
