"""``neverask graph``: what is drawn, and that nothing in a flow can break out of its box."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from neverask.drawing import Arrow, Box, Drawing, dot, mermaid

HERE = Path(__file__).parent / "graphs"
BOX = re.compile(r'    (\w+)(?:\["([^"]*)"\]|\(\["([^"]*)"\]\))(?::::(\w+))?')
ARROW = re.compile(r'  (\w+) (?:-->|-\.->)(?:\|"([^"]*)"\|)? (\w+)')
CLASS = re.compile(r"  classDef (\w+) fill:#\w{6},stroke:#\w{6},color:#\w{6}")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
LABEL = re.compile(r"[\w ,!?()'“”‘’…▶✓✗→⇥∅.:/\-\xa0#;]*")


def parse_mermaid(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Boxes with what is written in them, and arrows; every line has to be one of a few forms."""
    lines = text.splitlines()
    assert lines[0] == "flowchart TD"
    boxes: dict[str, str] = {}
    arrows = []
    classes, used = set(), set()
    for line in lines[1:]:
        if match := BOX.fullmatch(line):
            boxes[match[1]] = match[2] or match[3]
            used |= {match[4]} - {None}
            assert all(LABEL.fullmatch(part) for part in boxes[match[1]].split("<br/>")), line
        elif match := ARROW.fullmatch(line):
            arrows.append((match[1], match[3]))
            assert LABEL.fullmatch(match[2] or ""), line
        elif match := CLASS.fullmatch(line):
            classes.add(match[1])
        else:
            assert re.fullmatch(r'  subgraph g\d+\["[^"]+"\]|  end', line), line
    assert {end for arrow in arrows for end in arrow} <= boxes.keys()
    assert used <= classes
    return boxes, arrows


def parse_dot(text: str) -> set[str]:
    """The names of the boxes; with its strings taken out nothing but names, signs and words of DOT is left."""
    bare = STRING.sub('""', text)
    assert bare.count("{") == bare.count("}")
    for line in bare.splitlines()[4:]:
        form = (
            r'  subgraph cluster_\d+ \{|    label="";|    \w+ \[[\w=", ]+\];|  \w+ -> \w+(?: \[[\w=", ]+\])?;|  ?\}|\}'
        )
        assert re.fullmatch(form, line), line
    return set(re.findall(r"^    (\w+) \[label", text, re.MULTILINE))


def test_a_form_goes_on_by_its_own_ways_and_where_its_endpoint_decides(
    neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "form.json.mmd", neverask("graph", "form.json", cwd=HERE).out)


def test_a_disclaimer_is_marked_where_each_wording_is_one(
    neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "wordings.yml.mmd", neverask("graph", "wordings.yml", cwd=HERE).out)


def test_a_button_asks_nothing(neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "buttons.yaml.mmd", neverask("graph", "buttons.yaml", cwd=HERE).out)


def test_a_question_that_is_passed_warns_nobody(
    neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "passed.yml.mmd", neverask("graph", "passed.yml", cwd=HERE).out)


@pytest.mark.parametrize("name", ["refund.yaml", "hostile.yaml"])
@pytest.mark.parametrize("arguments", [(), ("--path",), ("--format", "dot"), ("--format", "dot", "--path")])
def test_the_graph_of_a_flow(
    name: str, arguments: tuple[str, ...], neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    run = neverask("graph", name, *arguments, cwd=HERE)
    assert run.status == 0, run.err
    kind = "dot" if "dot" in arguments else "mmd"
    (parse_dot if kind == "dot" else parse_mermaid)(run.out)
    golden(HERE / f"{name}{'.path' if '--path' in arguments else ''}.{kind}", run.out)


def test_several_places_are_all_drawn(neverask: Callable[..., Any]) -> None:
    """The last of them does not win in silence, and one that is not there is told beside those that are."""
    run = neverask("graph", "refund.yaml", "--at", "number", "--at", "nowhere", "--at", "hello", cwd=HERE)
    alone = [neverask("graph", "refund.yaml", "--at", name, cwd=HERE).out for name in ("number", "hello")]
    assert run.status == 0 and run.out.count("subgraph") == sum(max(1, one.count("subgraph")) for one in alone)
    assert "'nowhere'" in run.err
    assert neverask("graph", "refund.yaml", "--at", "number", "--at", "number", cwd=HERE).out == alone[0]


def test_one_finding_by_its_line_or_its_node(neverask: Callable[..., Any]) -> None:
    by_node = neverask("graph", "refund.yaml", "--at", "number", cwd=HERE)
    boxes, arrows = parse_mermaid(by_node.out)
    assert len(boxes) == len(arrows) + 1 == 3 and "What is your IBAN" in list(boxes.values())[-1]
    line = next(n for n, text in enumerate((HERE / "refund.yaml").read_text("utf-8").splitlines(), 1) if "IBAN" in text)
    assert neverask("graph", "refund.yaml", "--at", str(line), cwd=HERE).out == by_node.out
    assert neverask("graph", "refund.yaml", "--at", f"refund.yaml:{line}", cwd=HERE).out == by_node.out
    nowhere = neverask("graph", "refund.yaml", "--at", "nowhere", cwd=HERE)
    assert nowhere.status == 2 and "no finding at 'nowhere'" in nowhere.err and f"refund.yaml:{line}" in nowhere.err


@pytest.mark.parametrize(
    ("place", "boxes", "last"),
    [("thanks", 3, "Thank you."), ("The account", 2, "The account"), ("forgotten", 1, "no way leads here")],
)
def test_the_way_to_a_node_without_a_finding(place: str, boxes: int, last: str, neverask: Callable[..., Any]) -> None:
    run = neverask("graph", "refund.yaml", "--at", place, cwd=HERE)
    found, arrows = parse_mermaid(run.out)
    assert len(found) == boxes == len(arrows) + 1 and last in list(found.values())[-1]


@pytest.mark.parametrize("says", ["Please never send us passwords", "What is it?", "Sorry."])
def test_a_place_on_the_only_line_of_an_export(says: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Exports are often one line, on which all findings and steps stand: a column tells which is meant."""
    bot = yaml.safe_load((HERE.parent / "planted" / "rapidpro" / "export.json").read_text(encoding="utf-8"))
    (tmp_path / "bot.json").write_text(written := json.dumps(bot), encoding="utf-8")
    run = neverask("graph", "bot.json", "--at", f"1:{written.rindex(says) + 3}", cwd=tmp_path)
    assert run.status == 0 and says[:20] in list(parse_mermaid(run.out)[0].values())[-1]
    nowhere = neverask("graph", "bot.json", "--at", "1:3", cwd=tmp_path)
    assert nowhere.status == 2 and "1:3" in nowhere.err


@pytest.mark.parametrize(("file", "place", "drawn"), [
    ("main.json", "19", "Lamps.hello, main.json:13"),
    ("which.json", "19", "Which lamp.ask, which.json:13"),
    ("main.json", "which.json:19", "Which lamp.ask, which.json:13"),
    ("main.json", "ask", "Which lamp.ask, which.json:13"),
])  # fmt: skip
def test_a_line_is_one_of_the_file_that_is_named(
    neverask: Callable[..., Any], file: str, place: str, drawn: str
) -> None:
    """A bot of several files has many steps on line 19; and a step was said to stand in the file that was named."""
    run = neverask("graph", file, "--at", place, cwd=HERE.parent / "readers" / "rapidpro" / "linked")
    assert f'subgraph g0["{drawn}"]' in run.out
    assert run.out.count("subgraph") == 1


@pytest.mark.parametrize(
    ("export", "id", "says"), [("typebot/handmade.json", "a3", "Pergunta CPF"), ("voiceflow/new.vf", "c", "Hello")]
)
def test_a_node_is_known_by_its_id_in_the_file(export: str, id: str, says: str, neverask: Callable[..., Any]) -> None:
    run = neverask("graph", export, "--at", id, cwd=HERE.parent / "readers")
    assert run.status == 0 and says in list(parse_mermaid(run.out)[0].values())[-1]


def test_where_nothing_is_called_so_the_findings_are_named(neverask: Callable[..., Any], tmp_path: Path) -> None:
    run = neverask("graph", "refund.yaml", "--at", "nowhere", cwd=HERE)
    assert "and no step is called so" in run.err and "(number.ask)" in run.err
    (tmp_path / "bot.yaml").write_text("flow: bot\nsteps:\n  - id: hello\n    say: Hello there.\n    end: true\n")
    none = neverask("graph", "bot.yaml", "--at", "nowhere", "--lang", "nl", cwd=tmp_path)
    assert none.status == 2 and "er is geen bevinding, en geen stap heet 'nowhere'" in none.err


def test_a_library_has_no_graph(neverask: Callable[..., Any], tmp_path: Path) -> None:
    replies = HERE.parent / "cases" / "disclaimer" / "none-in-the-library.yaml"
    shutil.copy(replies, tmp_path / "replies.yaml")
    run = neverask("graph", "replies.yaml", cwd=tmp_path)
    assert run.status == 2 and "without a flow" in run.err and not run.out


EXCEPTED = """\
flow: refund
channel: whatsapp
steps:
  - id: hello
    say: Please don't share sensitive data in this chat, such as your ID number or bank details. Call us for that.
    goto: number
  # neverask: allow no-sensitive-requests, no-sensitive-captures until 2099-01-31 -- decided by the board
  - id: number
    ask: What is your IBAN?
    capture: iban
    goto: card
  - id: card
    ask: What is your card number?
    goto: pin
  - id: pin
    ask: What is your PIN?
    end: true
"""
POLICY = """\
neverask: 1
extends: [whatsapp]
exceptions:
  - {rule: no-sensitive-requests, file: bot.yaml, at: card.ask, reason: decided, until: 2099-01-01}
"""
DOMAIN = """\
version: "3.1"
intents: [greet]
responses:
  utter_greet:
  - text: "Hello there, how can I help?"
  utter_ask_secret:
  - text: "Please send us your password."
"""
STORIES = 'version: "3.1"\nstories:\n- story: hi\n  steps:\n  - intent: greet\n  - action: utter_greet\n'


@pytest.fixture
def bots(tmp_path: Path) -> Path:
    """A flow with exceptions, in a folder below the one that is looked at, and beside it a bot with a reply that no
    story says.
    """
    (tmp_path / "bots").mkdir()
    for name, text in (("bot", EXCEPTED), ("neverask", POLICY), ("domain", DOMAIN), ("stories", STORIES)):
        (tmp_path / "bots" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_what_is_drawn_as_a_finding_is_what_check_finds(neverask: Callable[..., Any], bots: Path) -> None:
    found = re.findall(r"^(\S+:\d+):\d+: error", neverask("check", "bots", cwd=bots).out, re.MULTILINE)
    assert found == ["bots/bot.yaml:16", "bots/domain.yaml:7"]
    run = neverask("graph", "bots", cwd=bots)
    boxes, _ = parse_mermaid(run.out)
    assert [text for text in boxes.values() if "✗" in text] == [text for text in boxes.values() if "PIN" in text]
    assert len(re.findall(":::finding", run.out)) == 1
    assert "1 finding of 'neverask check' stands in no step of a flow" in run.err and "bots/domain.yaml:7" in run.err


def test_boxes_of_several_bots_are_kept_apart(neverask: Callable[..., Any], bots: Path) -> None:
    run = neverask("graph", "bots", cwd=bots)
    assert len(parse_mermaid(run.out)[0]) == len(re.findall(r"^    \w", run.out, re.MULTILINE)) == 7


def test_a_line_without_a_finding_is_the_step_that_stands_there(neverask: Callable[..., Any], bots: Path) -> None:
    for place in ("13", "bots/bot.yaml:13", "card"):
        run = neverask("graph", "bots", "--at", place, cwd=bots)
        boxes, _ = parse_mermaid(run.out)
        assert run.status == 0 and "card number" in list(boxes.values())[-1] and len(boxes) == 3


@pytest.mark.parametrize("place", ["bots/domain.yaml:7", "utter_ask_secret[0]"])
def test_a_text_in_no_flow_has_no_way(place: str, neverask: Callable[..., Any], bots: Path) -> None:
    run = neverask("graph", "bots", "--at", place, cwd=bots)
    assert run.status == 2 and not run.out
    assert f"'{place}' is a text in no flow (bots/domain.yaml:7)" in run.err and "neverask check" in run.err
    dutch = neverask("graph", "bots", "--at", place, "--lang", "nl", cwd=bots)
    assert f"'{place}' is een tekst in geen enkele flow (bots/domain.yaml:7)" in dutch.err


def test_a_folder_is_drawn_and_shown_as_its_files(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    shutil.copy(HERE / "refund.yaml", tmp_path / "bot" / "refund.yaml")
    (tmp_path / "bot" / "notes.md").write_text("# Notes\n\nBuy milk.\n", encoding="utf-8")
    of_file = neverask("graph", "bot/refund.yaml", cwd=tmp_path)
    of_folder = neverask("graph", "bot", cwd=tmp_path)
    assert of_folder.status == 0 and of_folder.out == of_file.out and "flowchart" in of_file.out
    shown = neverask("show", "bot", cwd=tmp_path)
    assert shown.status == 0 and shown.out == neverask("show", "bot/refund.yaml", cwd=tmp_path).out and not shown.err
    (tmp_path / "none").mkdir()
    for command in ("graph", "show"):
        run = neverask(command, "none", cwd=tmp_path)
        assert run.status == 2 and "no reader recognises anything in this folder" in run.err


def test_a_large_flow_is_cut_to_what_matters(neverask: Callable[..., Any], tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [{"id": f"s{number}", "say": f"Step {number}."} for number in range(400)]
    steps[350] = {"id": "s350", "ask": "What is your IBAN?", "capture": "iban"}
    (tmp_path / "bot.yaml").write_text(yaml.safe_dump({"flow": "bot", "steps": steps}), "utf-8")
    run = neverask("graph", "bot.yaml", cwd=tmp_path)
    boxes, _ = parse_mermaid(run.out)
    assert len(boxes) < 20 and "What is your IBAN" in boxes["f0s350"]
    assert "… 340 more steps" in run.out and f"… {400 - len(boxes) + 1} more steps of 400 are not drawn" in run.out
    path = neverask("graph", "bot.yaml", "--path", cwd=tmp_path)
    assert "… 340 more steps" in path.out and "s349" in path.out


def test_a_picture_that_is_not_drawn_is_refused(neverask: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    run = neverask("graph", "hostile.yaml", "-o", str(out), cwd=HERE)
    assert run.status == 2 and ".mmd, .dot or .svg" in run.err and not out.exists()
    assert neverask("graph", "hostile.yaml", "-o", str(out), "--format", "dot", cwd=HERE).status == 0
    assert neverask("graph", "hostile.yaml", "-o", str(tmp_path / "out.mmd"), cwd=HERE).status == 0
    assert (tmp_path / "out.mmd").read_text(encoding="utf-8").startswith("flowchart")


def test_svg_where_graphviz_is_and_a_word_where_it_is_not(
    neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if shutil.which("dot"):
        run = neverask("graph", "hostile.yaml", "--format", "svg", "-o", str(tmp_path / "out.svg"), cwd=HERE)
        assert run.status == 0, run.err
        root = ElementTree.parse(tmp_path / "out.svg").getroot()
        assert neverask("graph", "hostile.yaml", "-o", str(tmp_path / "by-name.svg"), cwd=HERE).status == 0
        assert (tmp_path / "by-name.svg").read_bytes() == (tmp_path / "out.svg").read_bytes()
        assert root.tag.endswith("svg") and not [one for one in root.iter() if one.tag.endswith(("script", "}a"))]
    monkeypatch.setenv("PATH", str(tmp_path))
    run = neverask("graph", "refund.yaml", "--format", "svg", cwd=HERE)
    assert run.status == 2 and "Graphviz" in run.err and not run.out


@pytest.mark.skipif(sys.platform == "win32", reason="the other dot is a shell script")
def test_a_drawing_that_is_no_utf_8_is_told(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "dot"
    other.write_text("#!/bin/sh\ncat >/dev/null\nprintf '<svg>caf\\351</svg>'\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    run = neverask("graph", "refund.yaml", "--format", "svg", cwd=HERE)
    assert run.status == 2 and "Graphviz could not draw this" in run.err


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.text(max_size=20))
def test_no_text_breaks_out_of_its_box(lines: list[str], label: str) -> None:
    drawing = Drawing(label, [Box("a", tuple(lines), "ask"), Box("b", (label,))], [Arrow("a", "b", label)], (label,))
    boxes, arrows = parse_mermaid(mermaid([drawing]))
    assert boxes.keys() == {"a", "b", "g0x0"} and arrows == [("a", "b")]
    assert parse_dot(dot([drawing])) == {"a", "b", "g0x0"}


def test_show_prints_the_graph(neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    run = neverask("show", "refund.yaml", cwd=HERE)
    golden(HERE / "refund.yaml.shown", run.out)


@pytest.mark.parametrize("arguments", [("show",), ("graph",), ("graph", "--path")], ids=" ".join)
def test_what_is_seen_and_drawn_is_told_in_dutch(
    arguments: tuple[str, ...], neverask: Callable[..., Any], golden: Callable[[Path, str], None]
) -> None:
    command, *options = arguments
    run = neverask(command, "refund.yaml", *options, "--lang", "nl", cwd=HERE)
    assert run.status == 0, run.err
    golden(HERE / f"refund.yaml.{'.'.join(arguments).replace('--', '')}.nl", run.out)
    assert neverask(command, "refund.yaml", *options, cwd=HERE).out != run.out


@pytest.mark.parametrize("output", ["refund.yaml", "neverask.yaml"])
def test_what_is_read_is_not_written_over(output: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    shutil.copy(HERE / "refund.yaml", tmp_path)
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    before = (tmp_path / output).read_bytes()
    run = neverask("graph", "refund.yaml", "--format", "dot", "-o", output, cwd=tmp_path)
    assert run.status == 2 and "one of the files that are read" in run.err
    assert (tmp_path / output).read_bytes() == before
