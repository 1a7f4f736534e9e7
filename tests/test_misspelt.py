"""A name with a slip of the hand above a text: the text is read all the same, or it is told that it is not.

In the bots of ``test_planted.py`` two letters change places in each key right above a text, and in the name of the kind
of the step that it stands in.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from neverask.cli import main
from neverask.documents import Document, open_source
from neverask.in_force import Policies
from neverask.meant import slip
from neverask.opening import conversations
from neverask.outcome import Outcome
from neverask.report import Report
from neverask.seen import conversations_in
from neverask.source import Span

sys.path.insert(0, str(Path(__file__).parent))
from test_planted import ASK, CLEAN, MARK, PLATFORMS, Bot, Mark

KINDS = ("type", "kind", "$kind", "element", "contentType", "response_type")
PASSED_OVER = {
    "amazon_connect": {"later"},
    "blip": {"ExecuteScript", "source"},
    "botpress": {"onEnter"},
    "composer": {"Microsoft.EditArray", "Microsoft.OAuthInput", "Microsoft.SetProperty"},
    "copilot_studio": {"TaskDialog"},
    "dialogflow_es": {"customAnswers"},
    "lex_v1": {"content"},
    "lex_v2": {"note", "value"},
    "n8n": {"jsonBody", "textBody"},
    "node_red": {"chatbot-generic-template"},
    "rapidpro": {"variables"},
    "rasa": {"e2e_actions"},
    "rasa_calm": {"note"},
    "rapidpro_legacy": {"save", "send"},
    "twilio_studio": {"body", "say", "send-message"},
    "watson_actions": {"scalar"},
    "watson_dialog": {"note"},
}
"""What stands in strings that are JSON, code or formulas; a file's own kind, without which it is none of the bot; names
that are the author's own, three letters long, or not looked for by name; and a prefix that is the product's."""


WITH_KEYS = [platform for platform in PLATFORMS if platform != "einstein_bot"]
"""The other one is XML: tests/test_flow_readers.py drops and doubles its elements."""


@pytest.mark.parametrize("platform", WITH_KEYS)
def test_no_text_is_passed_over_in_silence(platform: str, tmp_path: Path) -> None:
    bot = Bot(platform)
    told, silent = 0, set()
    assert outcome(bot, tmp_path, "", "") == (False, False)
    for file, mark in ((mark.file, mark) for mark in bot.marks("say")):
        text = planted(bot.texts[file], mark)
        document = next(iter(open_source(file, text.encode())))
        for name, span in names(document):
            seen, unread = outcome(bot, tmp_path, file, text[: span.start] + swapped(name) + text[span.end :])
            told += unread
            if not (seen or unread):
                silent.add(name)
    assert silent == PASSED_OVER.get(platform, set())
    assert told


def planted(text: str, mark: Mark) -> str:
    """A file of a clean bot that asks at one mark."""
    numbers = iter(range(text.count("~")))

    def fill(found: re.Match[str]) -> str:
        suffix = f"_{found[2]}" if found[2] and found[1] != "at" else ""
        return ASK if next(numbers) == mark.number else CLEAN[found[1]] + suffix

    return MARK.sub(fill, text)


def names(document: Document) -> Iterator[tuple[str, Span]]:
    """The key right above the planted text and the kind that is nearest above it, where they stand as they are."""
    text = document.source.text
    (path,) = list(leading(document.value, ()))[:1] or [()]
    keys = [end for end in range(len(path), 0, -1) if isinstance(path[end - 1], str)][:1]
    found = [(path[end - 1], document.key_span(path[:end])) for end in keys]
    for end in range(len(path), -1, -1):
        one = at(document.value, path[:end])
        kinds = [key for key in KINDS if isinstance(one, dict) and isinstance(one.get(key), str)]
        if kinds:
            found += [(one[kinds[0]], document.span((*path[:end], kinds[0])))]
            break
    for name, span in found:
        start = text.find(name, span.start, span.end)
        if start >= 0 and swapped(name) != name:
            yield name, Span(start, start + len(name))


def leading(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The ways to strings with the planted words in them."""
    if isinstance(value, str) and ASK in value:
        yield path
    elif isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leading(item, (*path, step))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def swapped(name: str) -> str:
    """The name with the first two letters that can change places behind its first one."""
    for start in range(1, len(name) - 1):
        one, other = name[start : start + 2]
        if one != other and (one + other).isalpha():
            return name[:start] + other + one + name[start + 2 :]
    return name


def outcome(bot: Bot, folder: Path, file: str, text: str) -> tuple[bool, bool]:
    """Whether the planted words are read, and whether it is told that something is not."""
    report = Report()
    path = bot.write(folder, {**bot.clean(), **({file: text} if file else {})})
    found = [conversation for *_, conversation in conversations_in(str(path), report, Policies())]
    seen = any(ASK in message.text for one in found for message in one.messages)
    return seen, bool(report.unread) or any(one.overlooked for one in found)


KNOWN = ("label", "labels", "children", "content", "text", "helper-text", "send-message", "nodes")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lable", "label"), ("labell", "label"), ("lbel", "label"), ("chidlren", "children"), ("childern", "children"),
        ("childrem", "children"), ("sned-message", "send-message"), ("txet", "text"),
        # words of their own, other ways to write a name, and what is further away
        ("test", ""), ("notes", ""), ("context", ""), ("texts", ""), ("node", ""), ("helper_text", ""),
        ("helperText", ""), ("Text", ""), ("table", ""), ("label2", ""), ("txt2", ""), ("ext", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_is_a_slip_of_the_hand(name: str, meant: str) -> None:
    assert slip(name, KNOWN) == meant


SHAPES = {
    "nothing is as it was": (
        "macros.json",
        '{"macros": [{"id": 1, "title": "x", "actions": [{"field": "comment_value", "value": {"en": "%s"}}]}]}',
        "nothing was read of this file",
    ),
    "an entry": (
        "macros.json",
        '{"macros": [{"id": 1, "title": "x", "actions": [{"field": "comment_value", "value": "Thank you."}]},'
        ' {"id": 2, "title": "y", "actions": [{"field": "comment_value", "value": {"en": "%s"}}]}]}',
        "this 'value' is built otherwise",
    ),
    "a list around a list": (
        "macros.json",
        '{"macros": [{"id": 1, "title": "x", "actions": [{"field": "comment_value", "value": "Thank you."}]},'
        ' [{"id": 2, "title": "y", "actions": [{"field": "comment_value", "value": "%s"}]}]]}',
        "this 'value' is built otherwise",
    ),
    "nothing but a note": (
        "macros.json",
        '{"data": [{"id": 1, "name": "x", "actions": ['
        '{"name": "setResponseText", "arguments": {"body_html": {"en": "%s"}}},'
        ' {"name": "addInternalNote", "arguments": {"body_text": "Please ask the boss about this first."}}]}]}',
        "nothing was read of this file",
    ),
    "nothing but a button": (
        "templates.json",
        '[{"name": "ask", "language": "en", "category": "UTILITY", "components": ['
        '{"type": "BODY", "text": {"en": "%s"}},'
        ' {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Begin"}]}]}]',
        "nothing was read of this file",
    ),
    "of a reader that reads each record by itself": (
        "campaigns.json",
        '[{"id": 1, "name": "a", "companyId": 1, "message1": {"en": "%s"}, "message2": null}]',
        "nothing was read of this file",
    ),
    "a response": (
        "domain.yml",
        'version: "3.1"\nresponses:\n  utter_a:\n  - text: Thank you.\n  utter_b:\n  - text: {en: "%s"}\n',
        "this 'text' is built otherwise",
    ),
    "all responses": (
        "domain.yml",
        'version: "3.1"\nresponses:\n  utter_b:\n  - text: ["%s"]\n',
        "nothing was read of this file",  # and not: did you mean 'utter_'?
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_in_another_shape_is_told(shape: str, tmp_path: Path) -> None:
    name, text, said = SHAPES[shape]
    asking = "Please send us your IBAN."
    outcome = Outcome(name)
    conversations(name, outcome, data=(text % asking).encode())
    (told,) = outcome.unread
    assert told.reason.startswith(said) and asking in told.words[told.before :]


def test_another_shape_far_down_a_long_file_is_told_where_it_stands(tmp_path: Path) -> None:
    macros: list[dict[str, Any]] = [
        {
            "id": number,
            "title": "x",
            "actions": [{"field": "comment_value", "value": f"Thank you for message {number}."}],
        }
        for number in range(20_000)
    ]
    macros[19_990]["actions"][0]["value"] = {"en": "Please send us your IBAN."}
    (tmp_path / "macros.json").write_text(json.dumps({"macros": macros}, indent=1), encoding="utf-8")
    lines = (tmp_path / "macros.json").read_text(encoding="utf-8").split("\n")
    run = CliRunner().invoke(main, ["check", "--policy", "whatsapp", "--no-cache", str(tmp_path / "macros.json")])
    told = re.findall(r"macros\.json:(\d+):\d+: not checked: this 'value'", run.output)
    assert [lines[int(number) - 1].strip() for number in told] == ['"en": "Please send us your IBAN."']
