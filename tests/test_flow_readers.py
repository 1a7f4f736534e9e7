"""Readers of flows: what they see in an export, and that a text planted anywhere is seen at its line.

Beside each export in ``tests/readers/<format>/`` stand two files that tell what is expected of it: ``.seen``
is what the reader made of it, ``.places`` are the places of the texts a customer reads. For the second, a
sentence is planted in every string of the export, one after the other, and the reader has to find it, on the
line where it stands, exactly where ``.places`` says so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.conversation import Conversation
from neverask.documents import open_source
from neverask.readers import ReaderModule, find
from neverask.surroundings import Folder

CASES = Path(__file__).parent / "readers"
PLANT = "Please send us the PIN code of your card 5417."
EXPORTS = {
    "activepieces": ["form.json", "shop.json"],
    "adaptive_card": ["activity.json", "form.json"],
    "amazon_connect": ["called/first.json", "heredoc.tf", "lamps.json", "objects.tf", "template.yaml"],
    "blip": ["flow.json"],
    "dify": ["agent.yml", "turns.yml"],
    "einstein_bot": [
        "bot/bots/Lamps/v1.botVersion-meta.xml",
        "handmade.bot",
        "Lamps.genAiPlannerBundle",
        "Repair.genAiPlugin-meta.xml",
        "lamps.botTemplate-meta.xml",
        "nl_NL.translation-meta.xml",
        "staff.bot",
    ],
    "flowise": ["agent.json", "all.json"],
    "genesys": ["calls.yaml", "lamps.yaml", "message.yaml"],
    "langflow": ["lamps.json", "list.json"],
    "make": ["api.json", "shop.json"],
    "n8n": ["called/main.json", "gateway.json", "list.json", "shop.json"],
    "node_red": [
        "bot.json",
        "functions.json",
        "kept.json",
        "other.json",
        "requests.json",
        "subflows.json",
        "telegram.json",
    ],
    "tiledesk": ["blocks.json", "lamps.json"],
    "twilio_content": ["list.json", "templates.json"],
    "botpress": ["server/data/bots/lamps/bot.config.json", "programs/bot.config.json", "shop/bot.config.json"],
    "botpress_cloud": ["bot.json", "older.json", "variables.json"],
    "neverask_flow": ["order.yaml", "by-id.yaml", "forms.yaml", "without-a-name.yaml"],
    "rapidpro": [
        "export.json",
        "glific.json",
        "legacy.json",
        "migrated.json",
        "eleven.json",
        "weni.json",
        "linked/main.json",
    ],
    "twilio_studio": [
        "care.json",
        "media.json",
        "old.json",
        "state.json",
        "templates/flow.json",
        "heredoc.tf",
        "objects.tf",
        "shop.tf",
        "shop.tftpl",
    ],
    "typebot": ["handmade.json", "linked/main.json", "old.json", "visit.json"],
    "voiceflow": ["cms.vf", "global.vf", "new.vf", "old.vf", "shop.vf"],
    "whatsapp_payloads": ["carriers.json", "helpdesk.json", "messages.json", "postman.json"],
    "whatsapp_flows": ["api.json", "handed.json", "mistyped.json", "visit.json", "wrapped.json"],
}
ALL = [(format, name) for format, names in EXPORTS.items() for name in names]


def reader(format: str) -> ReaderModule:
    module: Any = import_module(f"neverask.readers.{format}")
    return module


def conversations(format: str, path: Path) -> Iterator[Conversation]:
    """What the reader makes of a file, as the engine asks it: a document that was read is not read again."""
    documents = open_source(str(path), path.read_bytes())
    done: set[str] = set()
    for document in documents:
        if document.error is None and document.path not in done and reader(format).claims(document):
            conversation = reader(format).read(document, Folder(document, documents))
            done.update(other.source.path for other in conversation.documents)
            yield conversation


def render(conversation: Conversation, base: Path) -> str:
    """A conversation as text, places included."""

    def at(document: Any, start: int) -> str:
        line, column, _ = document.source.position(start)
        file = os.path.relpath(document.source.path, base) + ":" if len(conversation.documents) > 1 else ""
        return f"{file}{line}:{column}"

    lines = [f"{conversation.format} {' '.join(conversation.channels)}".strip()]
    for message in conversation.messages:
        place = at(message.document, message.located().span().start)
        tags = [f"#{tag}" for tag in message.tags]
        marks = " ".join((message.kind, message.locale or "-", *message.channels, *tags))
        lines.append(f"message {place} {marks} {message.id}: {message.text!r}")
    for capture in conversation.captures:
        place = at(capture.document, capture.document.span(capture.path).start)
        label = f" {capture.label!r}" if capture.label else ""
        kind = " ".join((capture.component, *capture.channels))
        shown = f"capture {place} {kind} {capture.name} ({capture.type}){label} {capture.pattern}"
        lines.append(shown.rstrip())
    for flow in conversation.flows:
        entries = ", ".join(flow.steps[entry].id for entry in flow.entries)
        lines.append(f"flow {flow.name}: starts at {entries}")
        for number, step in enumerate(flow.steps):
            place = at(step.document, step.document.span(step.path).start)
            said = [conversation.messages[one].id for one in step.messages]
            taken = [conversation.captures[one].name for one in step.captures]
            waits = " waits" if step.waits else ""
            lines.append(f"  step {place} {step.id} '{step.title}'{waits}: {said} {taken}")
            for edge in flow.edges:
                if edge.start == number:
                    way = f"    -> {flow.steps[edge.end].id} [{edge.condition}] {' '.join(edge.channels)}"
                    lines.append(way.rstrip())
    for title, left in (
        ("skipped", conversation.skipped),
        ("unseen", conversation.unseen),
        ("overlooked", conversation.overlooked),
    ):
        for one in left:
            place = at(one.document, one.document.span(one.path).start)
            lines.append(f"{title} {place} {one.name}: {one.reason}")
    return "\n".join(lines) + "\n"


def compare(found: str, golden: Path) -> None:
    """Compare with what is expected; NEVERASK_ACCEPT=1 writes it down, to be read before it is committed."""
    if os.environ.get("NEVERASK_ACCEPT") == "1" and "CI" not in os.environ:
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def golden(format: str, name: str, suffix: str) -> Path:
    """The file beside an export, or beside its folder, that tells what is expected."""
    return CASES / format / (name.split("/")[0] + suffix)


def test_a_called_workflow_is_found_by_its_name_among_very_many(tmp_path: Path) -> None:
    """A backup has hundreds of workflows in a folder, each in a file by its number or its name."""
    called = CASES / "n8n" / "called"
    shutil.copy(called / "main.json", tmp_path)
    shutil.copy(called / "which.json", tmp_path / "Which_lamp.json")
    for number in range(60):
        shutil.copy(called / "other.json", tmp_path / f"{number}.json")
    (seen,) = conversations("n8n", tmp_path / "main.json")
    assert [flow.name for flow in seen.flows] == ["Lamps"]
    assert "Which lamp is it?" in [message.text for message in seen.messages]


@pytest.mark.parametrize(("format", "folder", "called"), [("n8n", "called", "which"), ("rapidpro", "linked", "which")])
def test_a_file_of_which_a_part_is_called_is_read_whole(format: str, folder: str, called: str, tmp_path: Path) -> None:
    """It counted as read with the one that calls, and what else it holds was checked by nobody."""
    main, which, other = (CASES / format / folder / f"{name}.json" for name in ("main", called, "other"))
    shutil.copy(main, tmp_path)
    both = [json.loads(one.read_text(encoding="utf-8")) for one in (which, other)]
    (tmp_path / "both.json").write_text(json.dumps(both), encoding="utf-8")
    (seen,) = conversations(format, tmp_path / "main.json")
    assert "We are closed." in [message.text for message in seen.messages]


def test_a_flow_that_is_entered_from_a_file_beside_it_is_no_beginning(tmp_path: Path) -> None:
    """Flows are kept one in a file, so that git tells what has changed in each."""
    for name in ("main", "which"):
        shutil.copy(CASES / "rapidpro" / "linked" / f"{name}.json", tmp_path)
    for name in ("main", "which"):
        (seen,) = conversations("rapidpro", tmp_path / f"{name}.json")
        (flow,) = seen.flows
        assert [flow.steps[entry].id for entry in flow.entries] == ["Lamps.hello"]


@pytest.mark.parametrize(("format", "name"), ALL, ids=[f"{format}/{name}" for format, name in ALL])
def test_what_is_seen(format: str, name: str) -> None:
    path = CASES / format / name
    found = "".join(render(conversation, CASES / format) for conversation in conversations(format, path))
    compare(found, golden(format, name, ".seen"))


@pytest.mark.parametrize(("format", "name"), ALL, ids=[f"{format}/{name}" for format, name in ALL])
def test_no_other_reader_takes_the_export(format: str, name: str) -> None:
    """Each reader is registered, and of all readers its own is the first to claim its exports."""
    path = CASES / format / name
    (document,) = open_source(str(path), path.read_bytes())
    assert find(document) is reader(format)


Way = tuple[Any, ...]


def leaves(value: Any, way: Way = ()) -> Iterator[Way]:
    """The ways to all strings of a value; a step that is None goes into the JSON inside a string."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*way, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, (*way, number))
    elif isinstance(value, str):
        yield way
        if value[:1] in "{[" and value[:2] != "{{":
            try:
                inner = json.loads(value)
            except ValueError:
                return
            yield from leaves(inner, (*way, None))


def planted(value: Any, way: Way, text: Any) -> Any:
    """A copy of the value with ``text`` at the end of the way."""
    if not way:
        return text
    if way[0] is None:
        return json.dumps(planted(json.loads(value), way[1:], text))
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[way[0]] = planted(value[way[0]], way[1:], text)
    return copy


def shown(way: Way) -> str:
    """A way without the numbers of list items."""
    steps = ["[]" if isinstance(step, int) else " (JSON) " if step is None else f".{step}" for step in way]
    return "".join(steps).lstrip(".")


def dump(path: Path, value: Any) -> str:
    if path.suffix in (".yaml", ".yml"):
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)
    return json.dumps(value, indent=1, ensure_ascii=False)


XML = (".xml", ".bot", ".genAiPlannerBundle")
TAGS = re.compile(r"<(/?)([\w:]+)[^<>]*?(/?)>([^<>]*)")


def planted_in_xml(original: str) -> Iterator[tuple[str, str]]:
    """The XML with the sentence in each element that holds a text, and the way to that."""
    way: list[str] = []
    for tag in TAGS.finditer(original):
        if tag[1]:
            way.pop()
        elif not tag[3]:
            way.append(tag[2].rpartition(":")[2])
            if tag[4].strip():
                yield ".".join(way), original[: tag.start(4)] + PLANT + original[tag.end(4) :]


def planted_texts(file: Path, original: str) -> Iterator[tuple[str, str]]:
    """The file with the sentence in each of its strings, and the way to that."""
    if file.suffix in XML:
        yield from planted_in_xml(original)
        return
    value = yaml.safe_load(original) if file.suffix in (".yaml", ".yml") else json.loads(original)
    for way in leaves(value):
        yield shown(way), dump(file, planted(value, way, PLANT))


def planted_places(format: str, main: Path, file: Path) -> list[str]:
    """Where a planted sentence is seen. It is an error to see it on another line than where it stands."""
    original = file.read_text(encoding="utf-8-sig")
    found: dict[str, int] = {}
    for way, text in planted_texts(file, original):
        file.write_text(text, encoding="utf-8")
        line = text[: text.index(PLANT)].count("\n") + 1
        for conversation in conversations(format, main):
            for message in conversation.messages:
                if PLANT in message.text:
                    start = message.located().span(message.text.index(PLANT)).start
                    assert message.document.source.position(start).line == line, way
                    assert Path(message.document.source.path) == file
                    found[way] = 1
    file.write_text(original, encoding="utf-8")
    return sorted(found)


def places_in_all(format: str, name: str, tmp_path: Path, suffixes: tuple[str, ...]) -> str:
    """The same for all files of an export."""
    folder = name.split("/")[0] if "/" in name else ""
    if folder:
        shutil.copytree(CASES / format / folder, tmp_path / folder)
    else:
        shutil.copy(CASES / format / name, tmp_path / name)
    main = tmp_path / name
    lines = []
    for file in sorted((tmp_path / folder).rglob("*")) if folder else [main]:
        if file.suffix in suffixes:
            prefix = f"{file.relative_to(tmp_path / folder)}: " if folder else ""
            lines += [prefix + place for place in planted_places(format, main, file)]
    return "\n".join(lines) + "\n"


DATA = [(format, name) for format, name in ALL if not name.endswith((".tf", ".tftpl"))]


@pytest.mark.parametrize(("format", "name"), DATA, ids=[f"{format}/{name}" for format, name in DATA])
def test_a_planted_text_is_seen_where_it_stands(format: str, name: str, tmp_path: Path) -> None:
    places = places_in_all(format, name, tmp_path, (".json", ".yaml", ".yml", ".vf", *XML))
    compare(places, golden(format, name, ".places"))


def test_the_documented_flow_is_read(tmp_path: Path) -> None:
    """The example of the flow format in the documentation has nothing in it that the reader does not know."""
    page = (CASES.parents[1] / "docs" / "flow-format.md").read_text(encoding="utf-8")
    file = tmp_path / "flow.yaml"
    file.write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    (conversation,) = conversations("neverask_flow", file)
    assert [unseen.reason for unseen in conversation.unseen] == ["the warehouse says where the order is"]
    assert [capture.name for capture in conversation.captures] == ["order_number", "picture"]
    (flow,) = conversation.flows
    ways = {(flow.steps[edge.start].id, flow.steps[edge.end].id) for edge in flow.edges}
    assert ways == {
        ("welcome", "number"),
        ("welcome", "damage"),
        ("number", "status"),
        ("damage", "status"),
        ("damage", "welcome"),
    }


def test_a_packed_bot_is_read_as_its_folder_is(tmp_path: Path) -> None:
    """A .tgz of a bot says and takes the same, whichever of its members comes first."""
    import tarfile

    folder = CASES / "botpress" / "shop"
    (there,) = conversations("botpress", folder / "bot.config.json")
    archive = tmp_path / "bot.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for file in sorted(folder.rglob("*.json"), reverse=True):
            packed.add(file, str(file.relative_to(folder)))
    (packed_up,) = conversations("botpress", archive)
    assert sorted(message.text for message in packed_up.messages) == sorted(message.text for message in there.messages)
    assert len(packed_up.captures) == len(there.captures)
    assert len(packed_up.flows[0].edges) == len(there.flows[0].edges)


def test_rows_of_tables_are_not_what_a_bot_says(tmp_path: Path) -> None:
    """Beside ``bot.json`` an archive of Botpress Cloud holds transcripts of chats; nobody's words are linted."""
    import zipfile

    archive = tmp_path / "bot.bpz"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("table_1.jsonl", json.dumps({"id": 1, "transcript": PLANT}) + "\n")
        packed.writestr("files/old/bot.json", (CASES / "botpress_cloud" / "bot.json").read_text(encoding="utf-8"))
        packed.write(CASES / "botpress_cloud" / "bot.json", "bot.json")
    (alone,) = conversations("botpress_cloud", CASES / "botpress_cloud" / "bot.json")
    (conversation,) = conversations("botpress_cloud", archive)
    assert [message.text for message in conversation.messages] == [message.text for message in alone.messages]
    assert conversation.documents[0].source.path.endswith("bot.bpz!bot.json")


def test_one_file_of_a_bot_is_enough_to_find_the_others(tmp_path: Path) -> None:
    """A hook gives only the files that changed; in a repository the rest of the bot is found from there."""
    folder = tmp_path / "shop"
    shutil.copytree(CASES / "botpress" / "shop", folder)
    (tmp_path / ".git").mkdir()
    (whole,) = conversations("botpress", folder / "bot.config.json")
    for file in ("content-elements/other.json", "flows/deeper/more.flow.json", "qna/open.json", "intents/help.json"):
        (found,) = conversations("botpress", folder / file)
        assert [message.text for message in found.messages] == [message.text for message in whole.messages]
        assert found.documents[0].source.path == str(folder / file)


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """The ways to all values inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*way, key)
        yield from ways(item, (*way, key))


OTHERS: tuple[Any, ...] = (None, 7, "x", [], {}, [None], [["x"]], {"x": {"x": 1}}, [{"x": []}])


VALUES = [(format, name) for format, name in DATA if not name.endswith(XML)]


@pytest.mark.parametrize(("format", "name"), VALUES, ids=[f"{format}/{name}" for format, name in VALUES])
def test_no_value_of_another_kind_breaks_a_reader(format: str, name: str) -> None:
    """People write exports by hand and get them wrong: every value is replaced by others, one after the other."""
    main = CASES / format / name
    read = 0
    for file in sorted(main.parent.rglob("*.json")) if "/" in name else [main]:
        text = file.read_text(encoding="utf-8")
        value = yaml.safe_load(text) if file.suffix in (".yaml", ".yml") else json.loads(text)
        for number, way in enumerate(ways(value)):
            for turn in (0, 4):
                other = OTHERS[(number + turn) % len(OTHERS)]
                data = json.dumps(planted(value, way, other)).encode()
                for document in open_source(str(file.with_name("wrong" + file.suffix)), data):
                    if reader(format).claims(document):
                        conversation = reader(format).read(document, Folder(document, [document]))
                        read += 1
                        assert all(message.text for message in conversation.messages)
                        for flow in conversation.flows:
                            assert all(max(edge.start, edge.end) < len(flow.steps) for edge in flow.edges)
    assert read > 20


def test_a_component_in_another_package_of_a_salesforce_project_is_found(tmp_path: Path) -> None:
    """A disclaimer that is kept there was missing on every path."""
    source = CASES / "einstein_bot" / "bot"
    for folder, package in (("bots", "service"), ("conversationMessageDefinitions", "messaging")):
        shutil.copytree(source / folder, tmp_path / package / "main" / "default" / folder)
    main = tmp_path / "service" / "main" / "default" / "bots" / "Lamps" / "v1.botVersion-meta.xml"
    document = open_source(str(main), main.read_bytes())[0]
    seen = reader("einstein_bot").read(document, Folder(document, [document], [str(tmp_path)]))
    assert "Where did you buy the lamp?" in [message.text for message in seen.messages]


def test_no_element_that_is_missing_or_doubled_breaks_a_reader_of_xml() -> None:
    main = CASES / "einstein_bot" / "bot" / "bots" / "Lamps" / "v1.botVersion-meta.xml"
    text = main.read_text(encoding="utf-8")
    opened: list[int] = []
    for tag in TAGS.finditer(text):
        if tag[1]:
            start = opened.pop()
            for other in ("", text[start : tag.end()] * 2, "<botSteps/>", "<type/>"):
                data = (text[:start] + other + text[tag.end() :]).encode()
                for document in open_source(str(main), data) if opened else ():
                    conversation = reader("einstein_bot").read(document, Folder(document, [document]))
                    assert all(message.located().value == message.text for message in conversation.messages)
        elif not tag[3]:
            opened.append(tag.start())


def test_every_fixture_that_covers_a_fact_is_there() -> None:
    rows = (CASES / "COVERAGE.md").read_text(encoding="utf-8").splitlines()
    facts = [row.strip("| ").rpartition(" | ") for row in rows if row.startswith("| ") and "---" not in row]
    named = {name for _, _, names in facts for name in names.split(", ") if names != "covered by"}
    assert len(named) > 60
    assert not [name for name in sorted(named) if not (CASES.parent / name).exists()]


DEAD_WAYS = [
    ("neverask_flow/order.yaml", "to: damge", "to: nummer", "'nummer'; did you mean 'number'?"),
    ("twilio_studio/media.json", '"next": "ask_photo"', '"next": "ask_foto"', "'ask_foto'; did you mean 'ask_photo'?"),
    ("blip/flow.json", '{"stateId": "s2"}', '{"stateId": "gone"}', "'gone'"),
    ("rapidpro/glific.json", '"destination_uuid": "n2"', '"destination_uuid": "gone"', "'gone'"),
    ("rapidpro/legacy.json", '"destination": "r1"', '"destination": "gone"', "'gone'"),
    ("rasa/flows.yml", "next: END", "next: gone", "'gone'"),
    ("botpress/shop/flows/main.flow.json", '"node": "choose"', '"node": "chose"', "'chose'; did you mean 'choose'?"),
    ("copilot_studio/agent/topics/Order.mcs.yml", "actionId: ask", "actionId: aks", "'aks'"),
    ("watson_dialog/first.json", '"number"}', '"numbr"}', "'numbr'; did you mean 'number'?"),
    ("watson_actions/wrapped.json", '"next_step": "step_2"', '"next_step": "gone"', "'gone'"),
    ("whatsapp_flows/visit.json", '"name": "TERMS"}}', '"name": "TERM"}}', "'TERM'; did you mean 'TERMS'?"),
    ("n8n/list.json", '"node": "By code"', '"node": "By cod"', "'By cod'; did you mean 'By code'?"),
    ("voiceflow/shop.vf", '{"target": "b2"}', '{"target": "gone"}', "'gone'"),
    ("typebot/visit.json", '{"groupId": "g2"}', '{"groupId": "gone"}', "'gone'"),
    ("botpress_cloud/bot.json", '{"node": "n3"}', '{"node": "gone"}', "'gone'"),
    ("node_red/bot.json", '"wires": [["n5"]]', '"wires": [["gone"]]', "'gone'"),
    (
        "lex_v2/docs/Bulbs/BotLocales/nl_NL/Intents/Repair/Intent.json",
        '"name": "FallbackIntent"',
        '"name": "Back"',
        "'Back'",
    ),
    (
        "watson_actions/lamps-actions.json",
        '{"action": "fallback"}',
        '{"action": "fallbck"}',
        "'fallbck'",
    ),
]


def _misspelt(export: str, there: str, dead: str, folder: Path) -> tuple[str, int]:
    """Copies the fixtures of a format, one of them with other words in a place: the format, and the line of it."""
    format = export.partition("/")[0]
    shutil.copytree(CASES / format, folder / format)
    file = folder / export
    text = file.read_text(encoding="utf-8")
    at = text.index(there)
    file.write_text(text[:at] + dead + text[at + len(there) :], encoding="utf-8")
    return format, text.count("\n", 0, at) + 1


@pytest.mark.parametrize(("export", "there", "dead", "told"), DEAD_WAYS, ids=[way[0] for way in DEAD_WAYS])
def test_a_way_to_no_step_is_told_where_it_stands(
    export: str, there: str, dead: str, told: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """A misspelt target means that paths are not walked: it is told with its place, and with what was meant."""
    format, line = _misspelt(export, there, dead, tmp_path)
    run = neverask("check", "--no-cache", "-v", format, cwd=tmp_path)
    told_at = re.search(rf"^{export}:{line}:\d+: not checked: no step is called (.*)$", run.out, re.MULTILINE)
    assert told_at is not None, run.out
    assert told_at[1] == told


DEAD_FLOWS = [
    ("composer/bot/lamps.dialog", '"dialog": "Order"', '"dialog": "Ordr"', "'Ordr'; did you mean 'Order'?"),
    (
        "copilot_studio/agent/topics/Greeting.mcs.yml",
        "cr1_lamps.topic.Order",
        "cr1_lamps.topic.Orders",
        "'Orders'; did",
    ),
    ("rasa_bot/calm/data/flows.yml", "- link: farewell", "- link: farewel", "'farewel'; did you mean 'farewell'?"),
    ("dialogflow_cx/agent/flows/Start/Start.json", '"targetFlow": "Repair&Co"', '"targetFlow": "Repairs"', "'Repairs'"),
    (
        "botpress/shop/flows/main.flow.json",
        '"deeper/more.flow.json#last"',
        '"deep/more.flow.json#last"',
        "'deep/more'; did",
    ),
    (
        "botpress/shop/flows/main.flow.json",
        '"skills/choice-1.flow.json"',
        '"skills/choice-2.flow.json"',
        "'skills/choice-2'",
    ),
    ("botpress_cloud/bot.json", '"flowId": "wf-more"', '"flowId": "wf-mor"', "'wf-mor'; did you mean 'wf-more'?"),
    (
        "voiceflow/shop.vf",
        '"type": "component", "data": {"diagramID": "d2"',
        '"type": "component", "data": {"diagramID": "x"',
        "'x'",
    ),
]


def _is_told(run: Any, place: str, said: str, told: str) -> None:
    """Where it stands what is not there is told."""
    assert run.status == 2 and re.search(rf"^{place}:\d+: {said} {re.escape(told)}", run.out, re.MULTILINE), run.out


@pytest.mark.parametrize(
    ("file", "there", "dead", "told"), DEAD_FLOWS, ids=[f"{way[0]} {way[2]}" for way in DEAD_FLOWS]
)
def test_a_way_to_no_flow_of_a_bot_is_told_where_it_stands(
    file: str, there: str, dead: str, told: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Other flows of the bot were read, so this one is not just in a file that was not given."""
    format, line = _misspelt(file, there, dead, tmp_path)
    run = neverask("check", "--no-cache", "--strict", "-v", format, cwd=tmp_path)
    _is_told(run, f"{file}:{line}", "not checked: no other part of this bot is called", told)


DEAD_TEXTS = [
    ("rasa_bot/bot/data/rules.yml", "action: utter_hello", "action: utter_helo", "'utter_helo'; did you mean"),
    ("rasa_bot/bot/data/flows.yml", "utter: utter_no_colour", "utter: utter_bad", "'utter_bad'"),
]


@pytest.mark.parametrize(
    ("file", "there", "dead", "told"), DEAD_TEXTS, ids=[f"{way[0]} {way[2]}" for way in DEAD_TEXTS]
)
def test_a_response_that_is_not_there_is_told_where_it_is_named(
    file: str, there: str, dead: str, told: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Other flows of the bot were read, so this one is not just in a file that was not given."""
    format, line = _misspelt(file, there, dead, tmp_path)
    run = neverask("check", "--no-cache", "--strict", "-v", format, cwd=tmp_path)
    _is_told(run, f"{file}:{line}", "not checked: no response is called", told)


ALONE = [
    ("composer/bot/lamps.dialog", "lamps.dialog"),
    ("copilot_studio/agent/topics/Greeting.mcs.yml", "Greeting.mcs.yml"),
    ("dialogflow_cx/agent/flows/Start/Start.json", "Start.json"),
    ("botpress/shop/flows/main.flow.json", "flows/main.flow.json"),
]


@pytest.mark.parametrize(("file", "name"), ALONE, ids=[one[0] for one in ALONE])
def test_of_a_file_alone_it_is_told_that_another_flow_goes_on(
    file: str, name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Where that is can't be known, so it is no mistake."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    shutil.copy(CASES / file, tmp_path / name)
    run = neverask("check", "--no-cache", "-v", cwd=tmp_path)
    assert "another flow goes on from here" in run.out and "no other part of this bot" not in run.out


NAMED_TWICE = [
    ("twilio_studio/media.json", '"name": "keep"', '"name": "pick"', "media.json:6", "pick"),
    (
        "watson_actions/wrapped.json",
        '"step": "step_3"',
        '"step": "step_2"',
        "wrapped.json:17",
        "Greet customer: step_2",
    ),
    ("dialogflow_es/agent/intents/Lamp.json", '"id": "l1"', '"id": "w1"', "Welcome.json:3", "Welcome"),
    ("n8n/list.json", '"name": "Elsewhere"', '"name": "By code"', "list.json:4", "By code"),
]


@pytest.mark.parametrize(("export", "there", "twice", "at", "name"), NAMED_TWICE, ids=[one[0] for one in NAMED_TWICE])
def test_a_second_step_of_one_name_is_told(
    export: str, there: str, twice: str, at: str, name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Ways lead to the first: what the second one says is on none of them."""
    format = export.partition("/")[0]
    shutil.copytree(CASES / format, tmp_path / format)
    file = tmp_path / export
    file.write_text(file.read_text(encoding="utf-8").replace(there, twice, 1), encoding="utf-8")
    run = neverask("check", "--no-cache", "-v", format, cwd=tmp_path)
    assert re.search(rf"{at}:\d+: not checked: another step is called '{name}', too: ways", run.out), run.out


def test_a_flow_of_dialogflow_cx_needs_no_settings(tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """Where a file stands tells a flow from a page, which looks alike without them."""
    agent = tmp_path / "agent"
    shutil.copytree(Path(__file__).parent / "readers" / "dialogflow_cx" / "agent", agent)
    before = neverask("show", "agent", cwd=tmp_path).out
    flows = [path for path in agent.glob("flows/*/*.json") if path.stem == path.parent.name]
    for path in flows:
        value = json.loads(path.read_text(encoding="utf-8"))
        value.pop("nluSettings", None)
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    after = neverask("show", "agent", cwd=tmp_path).out
    assert flows and "another flow goes on" not in before
    assert re.findall("no way leads.*|another flow goes on.*", after) == re.findall("no way leads.*", before)
