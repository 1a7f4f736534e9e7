"""A text that repeats one thing very often is read in time that grows with its length, not with its square."""

from __future__ import annotations

import difflib
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from neverask.checking import examine
from neverask.editing import complete
from neverask.in_force import Policies
from neverask.inplace import _of_source
from neverask.language.pack import load
from neverask.language.tokens import tokenise
from neverask.language.wrapping import unwrapped
from neverask.markup import goes_on, plain
from neverask.mending.diffs import unified
from neverask.needless import Run, judged
from neverask.opening import conversations
from neverask.outcome import Outcome
from neverask.policy.load import load as load_policy
from neverask.policy.stored import bundled
from neverask.readers.building import _PRINTED
from neverask.readers.mapped import _columns
from neverask.readers.program_code import said_in, sentences_in
from neverask.readers.whatsapp_payloads import _without_variables
from neverask.rules.mends import _balanced
from neverask.source import Source

READERS = Path(__file__).resolve().parent / "readers"
_MOST = 10
"""Seconds of processor: what was not linear took a minute or more."""


class Case(NamedTuple):
    """``said`` is put behind ``behind`` in a file of an export; ``export`` is the file or the folder that it is in."""

    export: str
    file: str
    behind: str
    said: str


CASES = {
    "literals of one expression, each compared with what stands before it": Case(
        "composer/bot", "language-generation/en-us/common.en-us.lg", "- ${dialog.answer", " + 'a'" * 100_000
    ),
    "strings of one formula, looked at from each letter of a word before them": Case(
        "copilot_studio/agent", "topics/Order.mcs.yml", 'e have no " & Topic.Colour', " " + "x" * 300_000
    ),
    "templates called by one name of very many parts": Case(
        "composer/bot", "language-generation/en-us/common.en-us.lg", "- ${dialog", ".a" * 100_000
    ),
    "quotes of an expression, none of which is closed": Case(
        "composer/bot", "language-generation/en-us/common.en-us.lg", "- ${dialog.answer", " + " + "\\'" * 100_000
    ),
    "patterns of an answer that are begun and not ended": Case(
        "composer/inline", "inline.dialog", '"validations": ["', "isMatch(" * 100_000 + '", "'
    ),
    "quotes of a formula, none of which is closed": Case(
        "copilot_studio/agent", "topics/Order.mcs.yml", 'Topic.Colour & " ones here"', " & " + '\\"' * 100_000
    ),
    "flows that a playbook names and does not end": Case(
        "dialogflow_cx/agent", "playbooks/Helper/Helper.json", "Ask for the serial number", " ${FLOW: a" * 50_000
    ),
    "quotes of a function, none of which is closed": Case(
        "dialogflow_cx/agent", "flows/Start/pages/Order.json", 'And again please\\")', '\\\\\\"' * 100_000
    ),
    "names in the code of a function": Case(
        "node_red/other.json", "", '"name": "code", "func": "', "payload" * 100_000 + " "
    ),
    "signs of variables in the value of a field": Case(
        "rapidpro/export.json", "", '"name": "Seen"}, "value": "', "@" * 200_000
    ),
    "blanks in the heading of a story": Case("rasa_bot/old", "data/stories.md", "## repair", " " * 200_000 + "x"),
    "blocks of a skill, none of which is closed": Case(
        "rasa_bot/skills", "skills/card_help/skill.md", "Say goodbye.\n", ":::ordered_block\n" * 50_000
    ),
    "references to files that are not ended": Case("quicktext_xml/v2.xml", "", "it is ready", "[[FILE=" * 100_000),
    "blanks in a text that is put together": Case("whatsapp_flows/wrapped.json", "", "`'Hello", " " * 200_000 + "x"),
    "quotes of a template, none of which is closed": Case(
        "twilio_studio/shop.tf", "", "local.flow_definition }", '\ny = jsonencode({ "states"' + '\\"' * 100_000
    ),
    "flows in a template": Case(
        "twilio_studio/shop.tf",
        "",
        "locals {",
        '\n x = jsonencode({"states": [{"name": "a", "type": "trigger", "transitions": []}]})' * 8_000 + "\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_dense_text_is_read_in_linear_time(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    source = READERS / case.export
    target = tmp_path / source.name
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
    file = target / case.file
    text = file.read_text(encoding="utf-8")
    at = text.index(case.behind) + len(case.behind)
    file.write_text(text[:at] + case.said + text[at:], encoding="utf-8")
    start = time.process_time()
    assert list(conversations(str(file), Outcome(str(file))))
    assert time.process_time() - start < _MOST


def test_a_blank_line_of_a_catalogue_is_read_in_linear_time(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text('msgid "a"\nmsgstr "b"\n' + " " * 200_000 + "x\n", encoding="utf-8")
    start = time.process_time()
    outcome = Outcome(str(file))
    assert not list(conversations(str(file), outcome)) and outcome.unread
    assert time.process_time() - start < _MOST


def test_a_name_of_many_parts_that_is_none_is_told_in_linear_time() -> None:
    """It took twice as long with each part: one of thirty took minutes."""
    start = time.process_time()
    plain("Hi [" + "a_" * 20_000 + "!]", "auto")
    plain("Hi [" + "a_" * 30 + "!]", "auto")
    assert time.process_time() - start < _MOST


def test_brackets_before_colons_in_one_line_are_told_in_linear_time() -> None:
    """For each of them all that stands before it was copied, to see whether its line begins with it."""
    start = time.process_time()
    assert "[a]" in plain("Hi [a]: " * 400_000, "auto").text
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("said", ["\t", " ", "<p>", "<p>\n", "\n ", "<br> a\n"])
def test_a_page_of_one_thing_is_seen_through_in_linear_time(said: str) -> None:
    text = f"<p>{said * 100_000}a</p>\nb"
    start = time.process_time()
    plain(text, "html")
    goes_on(text, "html")
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("words", ["1_", "nl ", "html-", "long_", "\u0301\u0323"])
def test_a_column_named_by_very_many_words_is_told_in_linear_time(words: str, tmp_path: Path) -> None:
    """Each word was left off in turn, to see what the others say, until the stack was full; accents were put in order
    before they were left out."""
    file = tmp_path / "replies.csv"
    column = "reply_" + words * 100_000
    file.write_text(f'title,answer,"{column}"\nLate,"Sorry, your parcel is late.",1\n', encoding="utf-8")
    start = time.process_time()
    outcome = Outcome(str(file))
    (found,) = conversations(str(file), outcome)
    assert not outcome.unread and [message.text for message in found.messages] == ["Sorry, your parcel is late."]
    assert time.process_time() - start < _MOST


def test_texts_by_language_under_very_many_names_are_read_in_linear_time(tmp_path: Path) -> None:
    """For each of them all the others were looked through for those in the same languages."""
    replies = {
        f"reply_{n}": {
            "content": {"nl": f"Wij sturen nummer {n}.", "en": f"We send number {n}."},
            "a": 1,
            "b": 2,
            "c": [3],
        }
        for n in range(12_000)
    }
    file = tmp_path / "replies.json"
    file.write_text(json.dumps(replies), encoding="utf-8")
    start = time.process_time()
    (found,) = conversations(str(file), Outcome(str(file)))
    assert len(found.messages) == 24_000
    assert found.messages[-1].id == "reply_11999.en"
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize(
    "line",
    [
        "    rule: " + "a" * 100_000 + "!",
        "    rule: forbid " + "a-" * 50_000 + " !",
        "    " + "a" * 100_000 + "!",
        "    a" + " " * 100_000 + "b",
        "    - " + "- " * 200_000 + "a",
    ],
    ids=["a word", "words", "no key", "blanks", "lists"],
)
def test_a_long_line_of_a_policy_in_work_is_completed_in_linear_time(line: str) -> None:
    text = f"neverask: 1\nrules:\n  one:\n{line}\n{line}"
    start = time.process_time()
    complete(text, 4, len(line), Policies("whatsapp"), "neverask.yaml")
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize(
    "text",
    [
        "---\r\n" + "a\r\n" * 60,
        "---\n" * 100_000,
        " " * 200_000 + "x",
        "# Replies\n\n**ab**" + " " * 200_000 + "x",
        "# Replies\n\n" + ("```\n" + "\t" * 4_000 + "x\n```\n") * 50,
    ],
    ids=["lines after dashes", "dashes", "blanks", "blanks after a bold word", "code"],
)
def test_a_page_of_replies_is_read_in_linear_time(text: str, tmp_path: Path) -> None:
    """The lines after dashes took twice as long with each line, where they end as in Windows."""
    file = tmp_path / "replies.md"
    file.write_bytes(text.encode())
    start = time.process_time()
    list(conversations(str(file), Outcome(str(file))))
    assert time.process_time() - start < _MOST


def test_cells_that_span_columns_and_rows_upon_each_other_are_read_in_linear_time(tmp_path: Path) -> None:
    """Each row had the columns of the 98 above it: a page of a megabyte took minutes."""
    row = "<tr><td rowspan=99 colspan=99>a</td><td>Hello, dear customer</td></tr>"
    file = tmp_path / "replies.html"
    file.write_text(f"<title>Standard replies</title><h2>a</h2><table>{row * 8_000}</table>", encoding="utf-8")
    start = time.process_time()
    list(conversations(str(file), Outcome(str(file))))
    assert time.process_time() - start < _MOST


def test_very_many_words_of_look_alikes_are_read_in_linear_time() -> None:
    """Each was looked for among those that are partly Latin."""
    start = time.process_time()
    plain("p\u0430ss \u0455\u0435\u0441 please hello you " * 60_000)
    assert time.process_time() - start < _MOST


def test_code_on_one_long_line_is_read_in_linear_time() -> None:
    start = time.process_time()
    assert len(list(said_in(" " * 400_000 + "text='Hello there, you';" * 20_000))) == 20_000
    assert time.process_time() - start < _MOST


def test_literals_of_a_formula_on_one_line_are_read_in_linear_time() -> None:
    code = " & ".join(["'Please send us your number today.'"] * 100_000)
    start = time.process_time()
    assert len(list(sentences_in(code))) == 100_000
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("said", ["1", "1 ", "&#x110000;", "1.  ", "1, 2; ", " en 1"])
def test_a_last_line_of_digits_is_seen_to_be_no_report_of_ours(said: str, tmp_path: Path) -> None:
    """A file of 3 kB took more than a minute."""
    file = tmp_path / "replies.csv"
    file.write_text(f'title,answer\nLate,"Sorry, your parcel {said * 2_000} is late."\n', encoding="utf-8")
    start = time.process_time()
    assert list(conversations(str(file), Outcome(str(file))))
    assert time.process_time() - start < _MOST


def test_strings_that_are_never_closed_are_looked_at_once() -> None:
    start = time.process_time()
    text = '\\"' * 100_000
    assert _without_variables(text + "{{name}}") == text + "null    "
    assert _balanced("<a" * 100_000 + "-" * 100_000)
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("mended", [["mended"], ["one", "two"], []], ids=["as many lines", "one more", "one less"])
def test_a_change_among_very_many_alike_lines_is_shown_in_linear_time(mended: list[str]) -> None:
    """difflib compares each line with all those that are like it: a flow in which each of 500 steps leads to each other
    one took 20 s."""
    old = [f'"to": "s{number}"' for number in range(1_000)] * 500
    new = [*old[:9], *mended, *old[10:]]
    start = time.process_time()
    found = list(unified(old, new, "flow.json"))
    assert time.process_time() - start < _MOST
    few = old[:20], [*old[:9], *mended, *old[10:20]]
    assert found == list(difflib.unified_diff(*few, "flow.json", "flow.json (mended)", lineterm=""))


def test_names_that_a_text_prints_are_found_in_linear_time() -> None:
    start = time.process_time()
    assert [name for name in _PRINTED.findall("@ $" * 100_000 + "\n{{name}}") if name] == ["name"]
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("field", ["IBAN", "IBAN:", "IBAN: ["])
def test_a_field_behind_a_line_that_fills_the_room_is_told_in_linear_time(field: str) -> None:
    start = time.process_time()
    text = "Please " * 20_000 + "fill in\n" + field + " " * 140_000 + "x"
    assert len(unwrapped(text)) == len(text)
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("said", ["the code on your passport ", "on your passport there is a number and ", "number "])
def test_numbers_are_joined_with_what_they_stand_on_in_linear_time(said: str) -> None:
    pack = load("en")
    tokens = tokenise(said * 20_000)
    units = pack.lexicon.tag(tokens)
    start = time.process_time()
    pack.described.joined(units, tokens, pack.lexicon)
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("said", ["# neverask: allow x ", "# neverask: allow a" + " " * 200 + ", b -- why "])
def test_exceptions_on_one_line_are_read_in_linear_time(said: str) -> None:
    text = "- text: Hello there " + said * (800_000 // len(said))
    start = time.process_time()
    assert list(_of_source(Source("replies.yaml", text), "yaml"))
    assert time.process_time() - start < _MOST


_SAID = "Please wait, we look for it {}."


def _dialog(*nodes: dict[str, Any]) -> dict[str, Any]:
    told = [{"output": {"text": _SAID.format(number)}, **node} for number, node in enumerate(nodes)]
    return {"name": "x", "intents": [], "entities": [], "dialog_nodes": told}


def _handlers(type: str, count: int) -> Iterator[dict[str, Any]]:
    """A slot with a prompt, below which there is another handler, and so on."""
    yield {"dialog_node": "0", "type": "slot", "variable": "$x"}
    yield {"dialog_node": "1", "type": "event_handler", "event_name": "focus", "parent": "0"}
    for number in range(2, count):
        yield {"dialog_node": str(number), "type": type, "parent": str(number - 1)}


def _variants(count: int) -> Iterator[dict[str, Any]]:
    yield {"dialog_node": "a"}
    for number in range(1, count):
        yield {"dialog_node": str(number), "parent": "a", "type": "response_condition" if number % 2 else "standard"}


def _responses(count: int) -> dict[str, Any]:
    """Each of many messages says one of many variants."""
    variants = [{"discriminatorID": "d", "text": [{"text": _SAID.format(number)}]} for number in range(count)]
    nodes = {str(number): {"type": "message", "data": {"messageID": "m"}} for number in range(count)}
    return {
        "version": {}, "diagrams": {"r": {"nodes": nodes}}, "responseMessages": variants,
        "responseDiscriminators": [{"id": "d", "responseID": "m"}],
    }  # fmt: skip


def _offered(count: int) -> dict[str, Any]:
    """Each of many fields offers the same many options."""
    options = [{"id": str(number), "title": _SAID.format(number)} for number in range(count)]
    fields = [{"type": "Dropdown", "name": f"d{number}", "data-source": "${data.x}"} for number in range(count)]
    layout = {"type": "SingleColumnLayout", "children": fields}
    return {"screens": [{"id": "S", "data": {"x": {"__example__": options}}, "layout": layout}]}


def _uttered(count: int) -> dict[str, Any]:
    """Each of many rules utters one response of many texts."""
    rules = [{"rule": f"r{n}", "steps": [{"intent": f"i{n}"}, {"action": "utter_x"}]} for n in range(count)]
    texts = [{"text": _SAID.format(number)} for number in range(count)]
    return {"version": "3.1", "intents": ["a"], "responses": {"utter_x": texts}, "rules": rules}


_COUNT = 4_000
GRAPHS = {
    "handlers below each other": ("x.json", lambda: _dialog(*_handlers("event_handler", _COUNT))),
    "variants below each other": ("x.json", lambda: _dialog(*_handlers("response_condition", _COUNT))),
    "variants of one node": ("x.json", lambda: _dialog(*_variants(_COUNT))),
    "a long name above texts": (
        "x.json",
        lambda: _dialog({"dialog_node": "a", "title": "a" * 400_000, "output": {"text": ["Hello there"] * _COUNT}}),
    ),
    "a response that all steps say": ("x.vf", lambda: _responses(_COUNT)),
    "options that all fields offer": ("x.json", lambda: _offered(_COUNT)),
    "a response that all rules utter": ("domain.yml", lambda: _uttered(_COUNT)),
}
_CROWDED = {"a response that all steps say", "a response that all rules utter"}
"""Not each step is looked at with all its texts here, which is told."""


@pytest.mark.parametrize("name", GRAPHS)
def test_what_refers_to_each_other_is_read_in_linear_time(name: str, tmp_path: Path) -> None:
    """Some of these took as many times longer as there are steps, or memory, or called themselves until the stack was
    full."""
    file, made = GRAPHS[name]
    (tmp_path / file).write_text(json.dumps(made()), encoding="utf-8")
    start = time.process_time()
    outcome = Outcome(str(tmp_path / file))
    (found,) = conversations(str(tmp_path / file), outcome)
    assert len(found.messages) == _COUNT and not any(one.error for one in outcome.unread)
    told = [one.reason.startswith("very many steps say the same") for one in outcome.unread]
    assert told == [True] * (name in _CROWDED)
    assert max(len(message.id) for message in found.messages) < 1_000
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize(
    "line", ["- Please wait {}.", "- ${{user.name{}}}", "- ${{Y{}()}}", "# X()\n- Please wait {}."]
)
def test_a_template_that_all_actions_say_is_read_in_linear_time(line: str, tmp_path: Path) -> None:
    """The rules looked at each of its lines with each action."""
    actions = [{"$kind": "Microsoft.SendActivity", "activity": "${X()}"} for _ in range(_COUNT)]
    trigger = {"$kind": "Microsoft.OnBeginDialog", "actions": actions}
    dialog = {"$kind": "Microsoft.AdaptiveDialog", "triggers": [trigger]}
    (tmp_path / "bot.dialog").write_text(json.dumps(dialog), encoding="utf-8")
    others = "".join(f"# Y{number}()\n- Please wait for {number}.\n" for number in range(_COUNT))
    texts = "# X()\n" + "\n".join(map(line.format, range(_COUNT))) + "\n" + others
    (tmp_path / "bot.lg").write_text(texts, encoding="utf-8")
    start = time.process_time()
    outcome = Outcome(".")
    (found,) = conversations(str(tmp_path / "bot.dialog"), outcome)
    assert len(found.messages) >= _COUNT
    assert [one.reason for one in outcome.unread if not one.error]
    assert time.process_time() - start < _MOST


_PARTS = 3_000


def _node(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "name": f"n{number}", "next": [], "onEnter": [], "onReceive": None, **more}


def _botpress(nodes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"version": "0.0.1", "startNode": "n0", "catchAll": {}, "nodes": nodes, **more}


def _way(to: str) -> dict[str, str]:
    return {"condition": to, "node": to}


def _numbered(made: Callable[[int], Any]) -> list[Any]:
    return list(map(made, range(_PARTS)))


def _typebot(groups: list[dict[str, Any]], edges: list[dict[str, Any]], id: str = "b") -> dict[str, Any]:
    return {"version": "6", "id": id, "name": id, "events": [], "variables": [], "groups": groups, "edges": edges}


def _group(number: int, block: str, *more: dict[str, Any]) -> dict[str, Any]:
    said = {"id": block, "type": "text", "content": {"richText": [{"children": [{"text": _SAID.format(number)}]}]}}
    return {"id": f"group number {number} of all", "title": "g", "blocks": [said, *more]}


def _linked(number: int) -> dict[str, Any]:
    to = {"id": "l", "type": "Typebot link", "options": {"typebotId": f"b{number + 1}"}}
    return _typebot([_group(number, "a", to)], [], f"b{number}")


def _routes(number: int) -> dict[str, Any]:
    return {"intent": "I", "condition": f"c{number}", "triggerFulfillment": {"messages": []}}


def _rapidpro() -> dict[str, Any]:
    names = _numbered(lambda number: {"uuid": f"c{number}", "name": f"name {number}", "exit_uuid": "e"})
    exits = [{"uuid": "e", "destination_uuid": "n"}] * _PARTS
    router = {"type": "switch", "categories": names, "cases": [], "operand": "@x"}
    said = {"type": "send_msg", "uuid": "u", "text": _SAID}
    node = {"uuid": "n", "actions": [said], "router": router, "exits": exits}
    flow = {"name": "a", "uuid": "f", "type": "messaging", "language": "eng", "localization": {}, "nodes": [node]}
    return {"version": "13", "site": "x", "flows": [{**flow, "spec_version": "13.1.0"}]}


_CALLED = _way("sub.flow.json")
_CALLS = _numbered(lambda number: _node(number, next=[_CALLED]))
_JUMPS = _numbered(lambda number: _way(f"sub.flow.json#n{number}")) + _numbered(lambda number: _way(f"n{number}"))
MANY: dict[str, Callable[[], dict[str, Any]]] = {
    "nodes that wait and ways of all": lambda: {
        "flows/main.flow.json": _botpress(
            _numbered(lambda number: _node(number, onReceive=[])),
            catchAll={"next": _numbered(lambda number: _way(f"n{number}"))},
        ),
    },
    "calls of a flow that goes back to each node": lambda: {
        "flows/main.flow.json": _botpress(_CALLS),
        "flows/sub.flow.json": _botpress(_numbered(lambda number: _node(number, next=[_way(f"#n{number}")]))),
    },
    "calls by one node that goes on in very many ways": lambda: {
        "flows/main.flow.json": _botpress([_node(0, next=_JUMPS)]),
        "flows/sub.flow.json": _botpress(_numbered(lambda number: _node(number, next=[_way("#")]))),
    },
    "nodes that say one element": lambda: {
        "flows/main.flow.json": _botpress(_numbered(lambda number: _node(number, onEnter=["say #!builtin_text-a"]))),
        "content-elements/builtin_text.json": [
            {"id": "builtin_text-a", "formData": {"text$en": "Hello.", "variations$en": _numbered(_SAID.format)}}
        ],
    },
    "slots of a skill that knows very many entities": lambda: {
        "flows/main.flow.json": _botpress(
            _numbered(lambda number: _node(number, onReceive=[f'basic-skills/slot_fill {{"slotName": "s{number}"}}'])),
            skillData={"entities": _numbered(lambda number: f"entity {number}")},
        ),
    },
    "exits and categories of one name": lambda: {"flow.json": _rapidpro()},
    "edges to nowhere": lambda: {
        "bot.json": _typebot(
            [_group(number, f"a{number}") for number in range(1_000)],
            _numbered(lambda number: {"from": {"blockId": f"a{number}"}, "to": {"groupId": f"group numer {number}"}}),
        ),
    },
    "blocks and edges of one name": lambda: {
        "bot.json": _typebot(
            _numbered(lambda number: _group(number, "a")),
            _numbered(lambda number: {"from": {"blockId": "a"}, "to": {"groupId": f"group number {number} of all"}}),
        ),
    },
    "comparisons with a long word between them": lambda: {
        "bot.json": _typebot([_group(0, "a", {"id": "c", "type": "Condition", "items": [{
            "id": "i", "outgoingEdgeId": "e", "content": {
                "logicalOperator": "x" * 300_000,
                "comparisons": _numbered(lambda number: {"comparisonOperator": "=", "value": number}),
            },
        }]})], [{"id": "e", "to": {"groupId": "group number 0 of all"}}]),
    },
    "bots that are linked in a row": lambda: {"a.json": _linked(0), "b.json": _numbered(_linked)[:0:-1]},
    "routes with an intent that takes very much": lambda: {
        "agent.json": {"displayName": "a", "defaultLanguageCode": "en", "timeZone": "x", "startFlow": "S"},
        "intents/I/I.json": {
            "name": "1", "displayName": "I", "priority": 1,
            "parameters": _numbered(lambda number: {"id": f"p{number}", "entityType": "@sys.any"}),
        },
        "flows/S/S.json": {"name": "2", "displayName": "S", "transitionRoutes": _numbered(_routes), "nluSettings": {}},
    },
    "forms in code and slots": lambda: {
        "domain.yml": {
            "slots": {f"s{number}": {"type": "text"} for number in range(_PARTS)},
            "forms": _numbered("f{}".format),
            "responses": {f"utter_ask_s{number}": [{"text": _SAID}] for number in range(_PARTS)},
        },
    },
    "cases of a long condition": lambda: {
        "bot.dialog": {
            "$kind": "Microsoft.AdaptiveDialog",
            "triggers": [{"actions": [{
                "$kind": "Microsoft.SwitchCondition", "condition": "a" * 300_000, "cases": _numbered(
                    lambda number: {"value": str(number), "actions": [{"$kind": "Microsoft.SendActivity"}]}
                ),
            }]}],
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", MANY)
def test_many_parts_that_refer_to_many_are_read_in_linear_time(name: str, tmp_path: Path) -> None:
    """Some took minutes or memory without end, none less than 4 s: as many times longer as there are parts."""
    files = MANY[name]()
    for file, value in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(json.dumps(value), encoding="utf-8")
    first = tmp_path / next(iter(files))
    start = time.process_time()
    outcome = Outcome(".")
    (found,) = conversations(str(first), outcome)
    assert found.flows and not any(one.error for one in outcome.unread)
    assert sum(len(flow.edges) for flow in found.flows) < 10 * _PARTS
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("key", ["body{}", "reply {}", "answer_text_{}", "{}"])
def test_a_reply_with_very_many_texts_is_read_in_linear_time(key: str, tmp_path: Path) -> None:
    """Each text was compared with each other one, letter by letter: 2,000 took 14 s."""
    texts = {key.format(number): _SAID.format(number) for number in range(4_000)}
    (tmp_path / "replies.json").write_text(json.dumps({"replies": [{"name": "a", "body": _SAID, **texts}]}))
    start = time.process_time()
    outcome = Outcome(".")
    list(conversations(str(tmp_path / "replies.json"), outcome))
    assert not any(one.error for one in outcome.unread)
    assert time.process_time() - start < _MOST


def test_a_form_of_very_many_fields_is_judged_in_linear_time(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    fields = [{"type": "Input.Text", "id": f"iban{number}", "label": f"Your IBAN {number}"} for number in range(4_000)]
    card = {"type": "AdaptiveCard", "version": "1.5", "body": fields, "actions": [{"type": "Action.Submit"}]}
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (tmp_path / "one.json").write_text(json.dumps({**card, "body": fields[:9]}), encoding="utf-8")
    neverask("check", "--no-cache", "one.json", cwd=tmp_path)  # languages may have to be compiled first
    start = time.process_time()
    run = neverask("check", "--no-cache", "--format", "json", "card.json", cwd=tmp_path)
    assert len(json.loads(run.out)["findings"]) >= 4_000
    assert time.process_time() - start < _MOST


def test_very_many_values_of_one_text_are_hidden_in_linear_time(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """For each of them all were looked for anew, to show the text without them: 2,000 took 19 s."""
    said = "Your account is " + " and your other account with us is ".join(["NL91ABNA0417164300"] * 4_000)
    (tmp_path / "one.json").write_text(json.dumps([{"title": "a", "text": said[:36]}]), encoding="utf-8")
    (tmp_path / "replies.json").write_text(json.dumps([{"title": "a", "text": said}]), encoding="utf-8")
    neverask("check", "--no-cache", "one.json", cwd=tmp_path)  # languages may have to be compiled first
    start = time.process_time()
    run = neverask("check", "--no-cache", "--format", "json", "replies.json", cwd=tmp_path)
    assert time.process_time() - start < _MOST
    assert sum(one["rule"] == "no-sensitive-values" for one in json.loads(run.out)["findings"]) == 4_000


_BEFORE, _AFTER = "Dear customer, please wait for the code. ", " Please send us your IBAN."
_OTHERS = [{"title": f"{n}", "body": f"Thank you for message {n}, we are looking into it."} for n in range(150)]
"""So many that a quick look at all texts comes before they are read."""


@pytest.mark.parametrize("others", [[], _OTHERS], ids=["alone", "among others"])
@pytest.mark.parametrize(
    "said",
    ["!" * 2_000_000, "${" * 1_000_000, "😀" * 1_000_000, "iban: " * 50_000, "code Ihre passport | {{name}} " * 20_000],
    ids=lambda said: said[:30],
)
def test_a_reply_that_says_one_thing_very_often_is_read_in_linear_time(
    said: str, others: list[Any], tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """What has no word is left out but for its ends; places of requests were compared each with each."""
    reply = {"title": "a", "body": _BEFORE + said + _AFTER}
    (tmp_path / "replies.json").write_text(json.dumps([*others, reply]), encoding="utf-8")
    once = {"title": "a", "body": _BEFORE + said[:200] + _AFTER}
    (tmp_path / "one.json").write_text(json.dumps([*others, once]), encoding="utf-8")
    neverask("check", "--no-cache", "one.json", cwd=tmp_path)  # languages may have to be compiled first
    start = time.process_time()
    run = neverask("check", "--no-cache", "replies.json", cwd=tmp_path)
    assert time.process_time() - start < _MOST
    assert run.status in (0, 1) and f"{len(others) + 1} message" in run.out


@pytest.mark.parametrize("others", [[], _OTHERS], ids=["alone", "among others"])
def test_what_is_left_out_of_a_long_reply_does_not_move_a_finding(
    others: list[Any], tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    said = _BEFORE + "! " * 20_000 + "\U0001f600" * 20_000 + _AFTER
    (tmp_path / "replies.json").write_text(json.dumps([*others, {"title": "a", "body": said}]))
    run = neverask("check", "--format", "json", "replies.json", cwd=tmp_path)
    columns = [finding["column"] for finding in json.loads(run.out)["findings"]]
    assert (tmp_path / "replies.json").read_text(encoding="utf-8").index("IBAN") + 1 in columns


_NAMED = "neverask: 1\nextends: [whatsapp]\n"
_POLICIES = {
    "exceptions for entries": "exceptions:\n"
    + "".join(
        f"  - {{rule: no-sensitive-requests, file: replies.json, at: r{n}, reason: x, until: 2099-01-01}}\n"
        for n in range(10_000)
    ),
    "terms with numbers": f"data:\n  own: {{nl: [{', '.join(f'woord{n}' for n in range(20_000))}]}}\n",
    "sets made of each other": "data:\n  s0: [+pin]\n" + "".join(f"  s{n + 1}: [+s{n}]\n" for n in range(10_000)),
    "channels by tags": "channels:\n" + "".join(f"  - {{tagged: t{n}, channels: [email]}}\n" for n in range(10_000)),
    "mistakes": "".join(f"key{n}: 1\n" for n in range(40_000)),
}


@pytest.mark.parametrize("kind", _POLICIES)
def test_a_policy_of_very_many_parts_takes_time_as_it_is_long(
    kind: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    """Each exception was compared with each finding, each number of a term with all of them, each set with each."""
    replies = [{"id": f"r{n}", "tags": ["x"], "text": "Geef ons uw IBAN door."} for n in range(2_000)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}))
    neverask("check", "replies.json", cwd=tmp_path)  # the grammars are compiled before anything is timed
    (tmp_path / "neverask.yaml").write_text(_NAMED + _POLICIES[kind])
    start = time.process_time()
    run = neverask("check", "--no-cache", "--jobs", "1", "replies.json", cwd=tmp_path)
    assert time.process_time() - start < _MOST
    assert run.status == (2 if kind == "mistakes" else 1)
    assert len(run.err) < 100_000
    if kind == "mistakes":
        assert "and 39,900 more mistakes" in run.err
    if kind == "exceptions for entries":
        assert "no-sensitive-requests]" not in run.out


def _judged_in_time(file: Path, made: Callable[[int], Any], count: int) -> None:
    """Check a file of an export that holds what is made for a number of texts."""
    for texts in (6_000, count):  # languages may have to be compiled first
        file.write_text(json.dumps(made(texts)), encoding="utf-8")
        start = time.process_time()
        assert examine(str(file), bundled("whatsapp"), date(2026, 12, 1), ()).messages >= texts
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("values", [1, 90, 9_000])
def test_a_step_that_says_very_much_takes_time_as_it_says(values: int, tmp_path: Path) -> None:
    """For each of its texts all that follow were looked through for the next one that is not said instead of it."""
    bot = json.loads((READERS / "watson_actions" / "odd.json").read_text(encoding="utf-8"))

    def made(texts: int) -> dict[str, Any]:
        said = {"response_type": "text", "values": [{"text": "The second of a name."}] * min(values, texts)}
        bot["workspace"]["actions"][0]["steps"][1]["output"]["generic"] = [said] * -(-texts // values)
        return bot

    _judged_in_time(tmp_path / "bot.json", made, 9_000)


def _menu(count: int) -> dict[str, Any]:
    """Each of very many buttons leads to a step that asks and comes back."""
    buttons = [{"text": f"Option {number}", "goto": f"s{number}"} for number in range(count)]
    asks = {"ask": "What is your IBAN?", "capture": "iban", "goto": "menu"}
    steps = [{"id": "menu", "say": "Choose one.", "buttons": buttons}]
    steps += [{"id": f"s{number}", **asks} for number in range(count)]
    return {"flow": "f", "channel": "whatsapp", "language": "en", "steps": steps}


def _crossing(count: int) -> dict[str, Any]:
    """Each of very many steps asks and goes to one from which all of them may follow."""
    ways = [{"if": f"c{number}", "to": f"s{number}"} for number in range(count)]
    asks = {"ask": "What is your name?", "capture": "name", "goto": "hub"}
    steps = [{"id": "hub", "say": "Here we are.", "goto": ways}]
    steps += [{"id": f"s{number}", **asks} for number in range(count)]
    return {"flow": "f", "channel": "whatsapp", "language": "en", "steps": steps}


def _relayed(count: int) -> dict[str, Any]:
    """Each of very many steps asks and goes, by a step of its own, to one from which all of them may follow."""
    ways = [{"if": f"c{number}", "to": f"s{number}"} for number in range(count)]
    asks = {"ask": "What is your name?", "capture": "name"}
    steps: list[dict[str, Any]] = [{"id": "hub", "say": "Here we are.", "goto": ways}]
    for number in range(count):
        steps.append({"id": f"s{number}", **asks, "goto": f"r{number}"})
        steps.append({"id": f"r{number}", "say": "One moment.", "goto": "hub"})
    return {"flow": "f", "channel": "whatsapp", "language": "en", "steps": steps}


def _said_on_a_channel(count: int) -> dict[str, Any]:
    """One of very many texts of a response is for a channel, so that the others are for the other channels."""
    texts = [{"text": _SAID.format(number)} for number in range(count)]
    responses = {"utter_x": [*texts, {"text": "Please wait.", "channel": "slack"}]}
    return {"version": "3.1", "intents": ["a"], "responses": responses}


def _answered(count: int) -> dict[str, Any]:
    """Each of very many rules answers with one of very many responses about a topic."""
    responses = {f"utter_faq/ask_{number}": [{"text": _SAID.format(number)}] for number in range(count)}
    steps = [{"intent": "faq"}, {"action": "utter_faq"}]
    rules = [{"rule": f"rule {number}", "steps": steps} for number in range(count)]
    return {"version": "3.1", "intents": ["faq"], "responses": responses, "rules": rules}


_RASA = (_said_on_a_channel, _answered)


@pytest.mark.parametrize("made", [_menu, _crossing, _relayed, *_RASA])
def test_steps_that_lead_to_all_others_through_one_take_time_as_they_are_many(
    made: Callable[[int], dict[str, Any]], tmp_path: Path
) -> None:
    """For each step all texts were looked at that lie before or behind the one that they have in common."""
    _judged_in_time(tmp_path / ("domain.yml" if made in _RASA else "flow.json"), made, 8_000)


def test_a_form_of_very_many_fields_and_buttons_takes_time_as_it_is_long(tmp_path: Path) -> None:
    """For each field the tags of all buttons beside it were looked through."""
    form = json.loads((READERS / "adaptive_card" / "activity.json").read_text(encoding="utf-8"))
    field, button = form["attachments"][0]["content"]["body"], form["suggestedActions"]["actions"]

    def made(count: int) -> dict[str, Any]:
        form["attachments"][0]["content"]["body"] = field * count
        form["suggestedActions"]["actions"] = button * count
        return form

    _judged_in_time(tmp_path / "form.json", made, 9_000)


def test_very_many_exceptions_whose_files_are_gone_are_judged_in_time(tmp_path: Path) -> None:
    """Each was held against each file, and for each the file was looked for that was meant."""
    policy = tmp_path / "neverask.yaml"
    one = "  - {{rule: no-sensitive-requests, file: replies/old{0}.yaml, reason: The law asks for it., owner: x}}\n"
    exceptions = "".join(one.format(number) for number in range(1_500))
    policy.write_text(f"neverask: 1\nextends: [whatsapp]\nexceptions:\n{exceptions}", encoding="utf-8")
    loaded = load_policy(str(policy))
    todo = [(str(tmp_path / "replies" / f"new{number}.yaml"), loaded) for number in range(1_500)]
    start = time.process_time()
    found, _ = judged([loaded], Run(todo, [str(tmp_path)], set(), []), date(2026, 12, 1))
    assert time.process_time() - start < _MOST
    assert len([one for one in found if one.rule == "unused-exception"]) == 1_500
    assert "did you mean 'replies/new0.yaml'?" in found[0].instead


def test_an_archive_of_very_many_files_is_read_in_linear_time(tmp_path: Path) -> None:
    """For each of them all the others were put in order as its neighbours."""
    file = tmp_path / "replies.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(4_000):
            archive.writestr(f"{number}.yaml", f"- title: Late\n  text: Sorry, your parcel {number} is late.\n")
    start = time.process_time()
    assert len(list(conversations(str(file), Outcome(str(file))))) == 4_000
    assert time.process_time() - start < _MOST


def test_a_table_of_very_many_columns_is_read_in_linear_time(tmp_path: Path) -> None:
    """Each reader that looked at a row made all of its names comparable again."""
    file = tmp_path / "replies.csv"
    columns = ",".join(f"c{number}" for number in range(100_000))
    file.write_text(f"title,answer,{columns}\nLate,We are sorry{',' * 100_000}\n", encoding="utf-8")
    start = time.process_time()
    conversations(str(file), Outcome(str(file)))
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("name", ["", "c{}"])
def test_short_rows_under_very_many_columns_are_read_in_linear_time(name: str, tmp_path: Path) -> None:
    """For each row all the columns were gone through that it does not have."""
    file = tmp_path / "replies.csv"
    columns = ",".join(name.format(number) for number in range(15_000))
    rows = "".join(f"{number},We are sorry {number} times.\n" for number in range(60_000))
    file.write_text(f"title,answer,{columns}\n{rows}", encoding="utf-8")
    start = time.process_time()
    assert len(conversations(str(file), Outcome(str(file)))) == 1
    assert time.process_time() - start < _MOST


def test_columns_of_one_name_are_told_apart_in_linear_time() -> None:
    names = ["a"] * 50_000 + [f"a {number}" for number in range(50_000)] + ["a"] * 50_000
    start = time.process_time()
    assert len(_columns(names)) == len(names)
    assert time.process_time() - start < _MOST
