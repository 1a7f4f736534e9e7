"""Readers of bot platforms: what they see in an export, that a planted text is seen at its line, and that an
export of several files is one bot whichever of them is named.

See ``test_flow_readers`` for the two files that stand beside each export.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from neverask.documents import open_source
from neverask.readers import find, rasa
from neverask.surroundings import Folder

sys.path.insert(0, str(Path(__file__).parent))
# The reader of Rasa has cases of single files in tests/readers/rasa; those of a whole bot stand beside them.
sys.modules["neverask.readers.rasa_bot"] = rasa
from test_flow_readers import (  # noqa: E402
    CASES,
    PLANT,
    compare,
    conversations,
    golden,
    places_in_all,
    planted,
    reader,
    render,
    ways,
)

EXPORTS = {
    "dialogflow_es": ["agent/agent.json", "nested/intents/agent.json", "intents.json"],
    "dialogflow_cx": ["agent/agent.json", "returns/agent/agent.json", "one-file.json", "pages.json"],
    "copilot_studio": ["agent/settings.mcs.yml", "solution/botcomponents/cr2_shop.topic.Repair/data", "whole.yaml"],
    "lex_v1": ["lamps.json", "named.json", "put.json"],
    "lex_v2": ["export/Manifest.json", "docs/manifest.json", "handmade.json", "template.yaml"],
    "composer": ["bot/lamps.dialog", "inline/inline.dialog"],
    "rasa_bot": [
        "bot/domain.yml",
        "calm/domain/responses.yml",
        "imports/domain.yml",
        "old/domain.yml",
        "skills/skills/card_help/skill.md",
    ],
    "watson_dialog": ["first.json", "lamps.json", "odd.json"],
    "watson_actions": ["cards.json", "lamps-actions.json", "odd.json", "wrapped.json"],
}
ALL = [(format, name) for format, names in EXPORTS.items() for name in names]
FOLDERS = [(format, name) for format, name in ALL if "/" in name]
DATA = (".json", ".yaml", ".yml", ".dialog")


def ids(cases: list[tuple[str, str]]) -> list[str]:
    return [f"{format}/{name}" for format, name in cases]


@pytest.mark.parametrize(("format", "name"), ALL, ids=ids(ALL))
def test_what_is_seen(format: str, name: str) -> None:
    path = CASES / format / name
    base = path.parent if "/" in name else CASES / format
    found = "".join(render(conversation, base) for conversation in conversations(format, path))
    compare(found, golden(format, name, ".seen"))


@pytest.mark.parametrize(("format", "name"), ALL, ids=ids(ALL))
def test_a_planted_text_is_seen_where_it_stands(format: str, name: str, tmp_path: Path) -> None:
    compare(places_in_all(format, name, tmp_path, DATA), golden(format, name, ".places"))


def known(format: str, name: str) -> list[str]:
    """The conversation as text without places in it, so that the order of the files does not matter."""
    found = list(conversations(format, CASES / format / name))
    return sorted(f"{m.document.source.path} {m.path} {m.kind} {m.text}" for one in found for m in one.messages)


@pytest.mark.parametrize(("format", "name"), ALL, ids=ids(ALL))
def test_the_registry_finds_the_reader(format: str, name: str) -> None:
    path = CASES / format / name
    for document in open_source(str(path), path.read_bytes()):
        found = find(document)
        if document.error is None and found is not None:
            assert found.NAME == reader(format).NAME


@pytest.mark.parametrize(("format", "name"), FOLDERS, ids=ids(FOLDERS))
def test_any_file_of_an_export_stands_for_the_whole_bot(format: str, name: str) -> None:
    """Also the files without replies, such as training phrases: no other reader may take them for replies."""
    folder = CASES / format / name.split("/")[0]
    files = {
        os.path.normpath(one.source.path)
        for conversation in conversations(format, CASES / format / name)
        for one in conversation.documents
    }
    whole = known(format, name)
    for file in sorted(folder.rglob("*")):
        if file.is_file() and os.path.normpath(file) in files:
            relative = str(file.relative_to(CASES / format))
            assert known(format, relative) == whole, relative


@pytest.mark.parametrize(("format", "name"), FOLDERS, ids=ids(FOLDERS))
def test_a_zip_is_read_as_the_folder_is(format: str, name: str, tmp_path: Path) -> None:
    folder = CASES / format / name.split("/")[0]
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                zipped.write(file, file.relative_to(folder))
    one = [m.text for c in conversations(format, archive) for m in c.messages]
    other = [m.text for c in conversations(format, CASES / format / name) for m in c.messages]
    assert sorted(one) == sorted(other)
    assert len(list(conversations(format, archive))) == len(list(conversations(format, CASES / format / name)))


@pytest.mark.parametrize(("format", "name"), ALL, ids=ids(ALL))
def test_nothing_is_seen_twice(format: str, name: str) -> None:
    for conversation in conversations(format, CASES / format / name):
        places = [(m.document.source.path, m.path, m.offset, m.text) for m in conversation.messages]
        assert len(places) == len(set(places))
        assert PLANT not in "".join(m.text for m in conversation.messages)


def test_a_text_planted_in_a_template_is_seen_where_it_stands(tmp_path: Path) -> None:
    """Every word "lamp" in the templates and answers of the bot stands in a text, but for comments and addresses."""
    shutil.copytree(CASES / "composer" / "bot", tmp_path / "bot")
    main = tmp_path / "bot" / "lamps.dialog"
    missed = []
    for file in sorted((tmp_path / "bot").rglob("*")):
        if file.suffix not in (".lg", ".qna"):
            continue
        original = file.read_text(encoding="utf-8")
        for number, line in enumerate(original.split("\n")):
            if "lamp" not in line:
                continue
            lines = original.split("\n")
            lines[number] = line.replace("lamp", PLANT, 1)
            file.write_text("\n".join(lines), encoding="utf-8")
            (conversation,) = conversations("composer", main)
            found = [message for message in conversation.messages if PLANT in message.text]
            for message in found:
                start = message.located().span(message.text.index(PLANT)).start
                assert message.document.source.position(start).line == number + 1
                assert Path(message.document.source.path) == file
            if not found:
                missed.append(line.strip())
        file.write_text(original, encoding="utf-8")
    assert missed == [
        "# ? What is the PIN of my lamp",
        "> a comment about lamps",
        "images = https://example.org/lamp.png",
    ]


OTHERS: tuple[Any, ...] = (None, 7, "x", [], {}, [None], [["x"]], {"x": {"x": 1}}, [{"x": []}], True)


# Files that are no valid YAML or JSON by themselves have no values that could be replaced.
VALUES = [(format, name) for format, name in ALL if not name.endswith("/data")]


@pytest.mark.parametrize(("format", "name"), VALUES, ids=ids(VALUES))
def test_no_value_of_another_kind_breaks_a_reader(format: str, name: str) -> None:
    """People write exports by hand and get them wrong: every value is replaced by others, one after the other."""
    main = CASES / format / name
    folder = CASES / format / name.split("/")[0]
    read = 0
    for file in sorted(folder.rglob("*")) if "/" in name else [main]:
        if file.suffix not in DATA:
            continue
        (original,) = open_source(str(file), file.read_bytes())
        for number, way in enumerate(ways(original.value)):
            data = json.dumps(planted(original.value, way, OTHERS[number % len(OTHERS)])).encode()
            for document in open_source(str(file), data):
                if reader(format).claims(document):
                    conversation = reader(format).read(document, Folder(document, [document]))
                    read += 1
                    for flow in conversation.flows:
                        assert all(max(edge.start, edge.end) < len(flow.steps) for edge in flow.edges)
                    for message in conversation.messages:
                        assert message.located().value == message.text
    assert read > 10


def test_a_context_of_very_many_intents_stays_small(tmp_path: Path) -> None:
    """Each of 200 intents can follow each other one; the graph still grows with the agent, not with its square."""
    (tmp_path / "intents").mkdir()
    for number in range(200):
        response = {"affectedContexts": [{"name": "c", "lifespan": 5}], "messages": [{"type": 0, "speech": "Go on"}]}
        intent = {
            "id": f"i{number}",
            "name": f"intent {number}",
            "auto": True,
            "contexts": ["C"] if number else [],
            "responses": [response],
            "webhookUsed": False,
            "fallbackIntent": False,
        }
        (tmp_path / "intents" / f"{number}.json").write_text(json.dumps(intent), encoding="utf-8")
    (conversation,) = conversations("dialogflow_es", tmp_path / "intents" / "0.json")
    (flow,) = conversation.flows
    assert len(conversation.messages) == 200
    assert len(flow.edges) < 700
    reached = set(flow.entries)
    for _ in flow.steps:
        reached |= {edge.end for edge in flow.edges if edge.start in reached}
    assert len(reached) == len(flow.steps)


def test_a_text_that_two_steps_say_is_one_of_several_only_where_it_is(tmp_path: Path) -> None:
    """One trigger always says the notice, another says it or something else: the first one surely says it."""
    (tmp_path / "bot.lg").write_text(
        "# Notice()\n- Never send us a PIN\n# Either()\n- ${Notice()}\n- Good day\n", encoding="utf-8"
    )
    actions = [{"$kind": "Microsoft.SendActivity", "activity": f"${{{name}()}}"} for name in ("Either", "Notice")]
    triggers = [{"$kind": "Microsoft.OnIntent", "intent": f"i{n}", "actions": [one]} for n, one in enumerate(actions)]
    bot = {"$kind": "Microsoft.AdaptiveDialog", "triggers": triggers}
    (tmp_path / "bot.dialog").write_text(json.dumps(bot), encoding="utf-8")
    (conversation,) = conversations("composer", tmp_path / "bot.dialog")
    (notice,) = [number for number, one in enumerate(conversation.messages) if "PIN" in one.text]
    own = conversation.messages[notice].variant
    said = [
        dict(step.variants).get(notice, own)
        for flow in conversation.flows
        for step in flow.steps
        if notice in step.messages
    ]
    assert [variant is None for variant in said] == [False, True]
