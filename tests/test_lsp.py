"""The language server, asked by a real client over standard input and output, as an editor does."""

from __future__ import annotations

import asyncio
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("pygls")

REPLIES = """\
replies:
  - id: hallo
    text: "Goedemiddag 👋🏽, waarmee kunnen we u helpen?"
  - id: terugbetaling
    text: "Dag 👋🏽! Kunt u ons uw rekeningnummer doorgeven? Fijne dag nog."
"""
POLICY = "neverask: 1\nextends: [whatsapp]\nchannels:\n  - {channels: [whatsapp]}\n"
_LONG = 120  # seconds; the first look at a policy compiles all packs, on a machine that may be busy


class Client:
    """A small editor: sends, waits for answers, keeps what the server tells by itself."""

    def __init__(self, folder: Path, *encodings: str, locale: str = "", options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        command = [sys.executable, "-c", "from neverask.cli import main; main()", "lsp", *options]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.answers: dict[int, Any] = {}
        self.told: queue.Queue[Any] = queue.Queue()
        self.news = threading.Condition()
        self.number = 0
        self.version = 0
        threading.Thread(target=self._listen, daemon=True).start()
        general = {"positionEncodings": list(encodings)} if encodings else {}
        folders = [{"uri": folder.as_uri(), "name": "x"}]
        self.capabilities = self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "workspaceFolders": folders,
                "capabilities": {"general": general},
                **({"locale": locale} if locale else {}),
            },
        )["capabilities"]
        self.tell("initialized", {})

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            with self.news:
                if "id" in message and "method" not in message:
                    self.answers[message["id"]] = message
                    self.news.notify_all()
                elif "method" in message:
                    self.told.put(message)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        with self.news:
            assert self.news.wait_for(lambda: number in self.answers, _LONG), method
        answer = self.answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, name: str, text: str) -> list[Any]:
        (self.folder / name).write_text(text, encoding="utf-8", newline="")
        self.version += 1
        item = {"uri": self.uri(name), "languageId": "yaml", "version": self.version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return self.diagnostics(name)

    def type(self, name: str, text: str) -> None:
        self.version += 1
        document = {"uri": self.uri(name), "version": self.version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def diagnostics(self, name: str) -> list[Any]:
        """What the server says of the newest version of a text."""
        while True:
            message = self.told.get(timeout=_LONG)
            params = message.get("params") or {}
            ours = message["method"] == "textDocument/publishDiagnostics" and params["uri"] == self.uri(name)
            if ours and params.get("version") in (None, self.version):
                return list(params["diagnostics"])

    def actions(self, name: str, diagnostic: Any, *only: str) -> list[Any]:
        context = {"diagnostics": [diagnostic], **({"only": list(only)} if only else {})}
        return list(
            self.ask(
                "textDocument/codeAction",
                {"textDocument": {"uri": self.uri(name)}, "range": diagnostic["range"], "context": context},
            )
        )

    def words(self, name: str, text: str) -> list[str]:
        """The completions where ``|`` stands in a text."""
        at = text.index("|")
        before = text[:at]
        self.type(name, text.replace("|", "", 1))
        position = {"line": before.count("\n"), "character": len(before.rsplit("\n", 1)[-1])}
        items = self.ask("textDocument/completion", {"textDocument": {"uri": self.uri(name)}, "position": position})
        return [item["label"] for item in items]

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def close(self) -> None:
        try:
            self.ask("shutdown", None)
            self.tell("exit", None)
            assert self.process.wait(20) == 0
        finally:
            self.process.kill()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    made = Client(tmp_path)
    yield made
    made.close()


def cut(text: str, where: Any, encoding: str = "utf-16-le", width: int = 2) -> str:
    """The words at a range of one line, counted as the editor counts."""
    assert where["start"]["line"] == where["end"]["line"]
    units = text.split("\n")[where["start"]["line"]].encode(encoding)
    return units[width * where["start"]["character"] : width * where["end"]["character"]].decode(encoding)


def applied(text: str, edits: list[Any]) -> str:
    """A text after an editor's edits, in UTF-16 units."""
    for edit in sorted(edits, key=lambda one: (one["range"]["start"]["line"], one["range"]["start"]["character"]))[
        ::-1
    ]:
        ends = []
        for place in (edit["range"]["start"], edit["range"]["end"]):
            lines = text.split("\n")
            before = sum(len(line) + 1 for line in lines[: place["line"]])
            line = lines[place["line"]].encode("utf-16-le")[: 2 * place["character"]].decode("utf-16-le")
            ends.append(before + len(line))
        text = text[: ends[0]] + edit["newText"] + text[ends[1] :]
    return text


def test_as_one_types(client: Client) -> None:
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    assert cut(REPLIES, diagnostic["range"]) == "rekeningnummer"
    assert diagnostic["severity"] == 1 and diagnostic["code"] == "no-sensitive-requests"
    assert "GDPR art. 32" in diagnostic["message"] and diagnostic["source"] == "neverask"
    client.type("replies.yaml", REPLIES.replace("rekeningnummer", "bestelnummer"))
    assert client.diagnostics("replies.yaml") == []
    for length in range(5):  # only the last of several quick changes is told of
        client.type("replies.yaml", REPLIES + "#" * length)
    (diagnostic,) = client.diagnostics("replies.yaml")
    assert cut(REPLIES, diagnostic["range"]) == "rekeningnummer"
    client.type("replies.yaml", "replies: [\n")
    (diagnostic,) = client.diagnostics("replies.yaml")
    assert "can't be checked" in diagnostic["message"]


@pytest.mark.parametrize("name", ["new file.yaml", "néw.yaml", "😀.yaml", "replies%2Bx.yaml", "50% off#1.yaml"])
def test_a_name_that_an_editor_escapes(name: str, client: Client) -> None:
    """The library keeps a text under its address unescaped: of every file with a blank in its name nothing was said."""
    assert "%" in client.uri(name)
    (diagnostic,) = client.open(name, REPLIES)
    assert cut(REPLIES, diagnostic["range"]) == "rekeningnummer"
    (edits,) = client.actions(name, diagnostic, "quickfix")[0]["edit"]["changes"].values()
    client.type(name, applied(REPLIES, edits))
    assert client.diagnostics(name) == []
    client.tell("textDocument/didSave", {"textDocument": {"uri": client.uri(name)}})
    assert client.diagnostics(name) == []


@pytest.mark.parametrize(("uri", "language"), [("untitled:Untitled-1", "yaml"), ("untitled:new%20replies.yaml", "")])
def test_a_text_that_is_in_no_file_yet(uri: str, language: str, client: Client) -> None:
    client.uri = lambda _: uri  # type: ignore[method-assign]
    item = {"uri": uri, "languageId": language, "version": 1, "text": REPLIES}
    client.version = 1
    client.tell("textDocument/didOpen", {"textDocument": item})
    (diagnostic,) = client.diagnostics("")
    assert cut(REPLIES, diagnostic["range"]) == "rekeningnummer"
    (edits,) = client.actions("", diagnostic, "quickfix")[0]["edit"]["changes"].values()
    client.type("", applied(REPLIES, edits))
    assert client.diagnostics("") == []
    assert sorted(path.name for path in client.folder.iterdir()) == ["neverask.yaml"]


UNCHECKED = {
    "torn.csv": (
        "id,title,reply\n1,Hello,Thank you for your order.\n2,Refund,Hello, please send us your IBAN.\n",
        1,
        (2, 15),
        "4 cells under 3 headings",
    ),
    "shifted.csv": (
        "id;reply;note\n1;Hello there, please write us.;\n2;Send us; please your IBAN now.\n3;Bye now, all.; x\n",
        3,
        (2, 10),
        "not checked: a text of this row seems to go on",
    ),
    "flow.yaml": (
        "flow: f\nlanguage: en\nsteps:\n- {id: a, say: Thank you., goto: bye}\n- {id: byte, say: Goodbye.}\n",
        3,
        (3, 33),
        "not checked: no step is called 'bye'; did you mean 'byte'?",
    ),
    "channel.yaml": (
        "flow: f\nchannel: whatsap\nlanguage: en\nsteps:\n- {id: a, say: Thank you.}\n",
        3,
        (0, 0),
        "there is no channel 'whatsap' here",
    ),
}


@pytest.mark.parametrize("name", UNCHECKED)
def test_what_is_left_unchecked(name: str, client: Client) -> None:
    text, severity, place, words = UNCHECKED[name]
    (diagnostic,) = (one for one in client.open(name, text) if one["severity"] == severity)
    start = diagnostic["range"]["start"]
    assert (start["line"], start["character"]) == place and words in diagnostic["message"]


def test_lines_that_end_otherwise(client: Client) -> None:
    """Only LF, CRLF and CR end a line for an editor; other separators are characters of a text."""
    text = '{"replies": [\r\n  {"id": "a", "text": "Hallo.\u2028Stuur ons 𝒙 uw pincode."}\r\n]}\r\n'
    (diagnostic,) = client.open("replies.json", text)
    assert cut(text, diagnostic["range"]) == "pincode" and diagnostic["range"]["start"]["line"] == 1
    longer = text.replace("Stuur", "\u2029\x85 Stuur")
    client.type("replies.json", longer)
    (diagnostic,) = client.diagnostics("replies.json")
    assert cut(longer, diagnostic["range"]) == "pincode"


@pytest.mark.parametrize(("name", "codec", "width"), [("utf-8", "utf-8", 1), ("utf-32", "utf-32-le", 4)])
def test_an_editor_may_count_otherwise(tmp_path: Path, name: str, codec: str, width: int) -> None:
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    client = Client(tmp_path, name)
    assert client.capabilities["positionEncoding"] == name
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    assert cut(REPLIES, diagnostic["range"], codec, width) == "rekeningnummer"
    client.close()


def test_hover_tells_the_reason_and_the_source(client: Client) -> None:
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    place = {"textDocument": {"uri": client.uri("replies.yaml")}, "position": diagnostic["range"]["start"]}
    said = client.ask("textDocument/hover", place)
    assert said["range"] == diagnostic["range"]
    text = said["contents"]["value"]
    assert "forbid asking for sensitive data" in text and "Regulation (EU) 2016/679" in text and "> " in text
    elsewhere = {**place, "position": {"line": 0, "character": 2}}
    assert client.ask("textDocument/hover", elsewhere) is None


def test_the_wording_of_the_policy(client: Client, neverask: Callable[..., Any]) -> None:
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    fix = client.actions("replies.yaml", diagnostic, "quickfix")[0]
    assert fix["title"].startswith("Say instead: ") and fix["isPreferred"]
    (edits,) = fix["edit"]["changes"].values()
    after = applied(REPLIES, edits)
    assert "rekeningnummer" not in after and after.startswith(REPLIES[: REPLIES.index("Kunt u")])
    assert after.endswith(' Fijne dag nog."\n')
    client.type("replies.yaml", after)
    assert client.diagnostics("replies.yaml") == []
    client.type("replies.yaml", REPLIES)
    (diagnostic,) = client.diagnostics("replies.yaml")
    (all_,) = client.actions("replies.yaml", diagnostic, "source.fixAll")
    (edits,) = all_["edit"]["changes"].values()
    assert applied(REPLIES, edits) == after


def test_a_byte_order_mark_stays(client: Client) -> None:
    """An editor may have it in the text: the change began before it and took it away with all up to the words."""
    (client.folder / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    text = "\ufeffTitel;Tekst\r\nTerug;Kunt u uw IBAN sturen?\r\n"
    (diagnostic,) = client.open("replies.csv", text)
    (edits,) = client.actions("replies.csv", diagnostic, "quickfix")[0]["edit"]["changes"].values()
    assert edits[0]["range"]["start"] == {"line": 1, "character": 6}
    assert applied(text, edits).startswith("\ufeffTitel;Tekst\r\nTerug;Dit mogen we hier niet vragen.")


def test_what_is_offered_is_what_is_written(client: Client) -> None:
    """Two rules found it, and the title had the words of the first, the change those of the other."""
    own = '  no-accounts:\n    rule: forbid asking for bank-account\n    instead: {nl: "Dat regelt u in Mijn Zoet."}\n'
    (client.folder / "neverask.yaml").write_text(POLICY + "rules:\n" + own, encoding="utf-8")
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    fix = client.actions("replies.yaml", diagnostic, "quickfix")[0]
    assert fix["title"] == "Say instead: Dat regelt u in Mijn Zoet."
    (edits,) = fix["edit"]["changes"].values()
    assert "Dat regelt u in Mijn Zoet." in applied(REPLIES, edits)


def test_it_speaks_the_language_of_the_editor(tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    client = Client(tmp_path, locale="nl-NL")
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    assert diagnostic["message"].startswith("dit vraagt de klant om een rekeningnummer\nWaarom: ")
    titles = [one["title"] for one in client.actions("replies.yaml", diagnostic)]
    assert [title[:11] for title in titles] == ["Zeg liever:", "Sta 'no-sen", "Maak in nev"]
    place = {"textDocument": {"uri": client.uri("replies.yaml")}, "position": diagnostic["range"]["start"]}
    assert "Regel `no-sensitive-requests`" in client.ask("textDocument/hover", place)["contents"]["value"]
    client.type("replies.yaml", "replies: [\n")
    (problem,) = client.diagnostics("replies.yaml")
    assert problem["message"].startswith("dit kan niet worden gecontroleerd: ")
    (problem,) = client.open("neverask.yaml", POLICY + "rulez: {}\n")
    assert problem["message"] == "'rulez' is hier niet bekend\nbedoelde u 'rules'?"
    client.close()
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    client = Client(tmp_path, locale="nl", options=("--lang", "en"))
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    assert diagnostic["message"].startswith("this asks the customer for a bank account number\nBecause: ")
    client.close()


def test_a_whole_text_is_offered_few_fixes(client: Client) -> None:
    """Each is proved by checking the text: of 500 replies it took two minutes, in which nothing else was answered."""
    many = "replies:\n" + "".join(f"  - id: r{number}\n    text: Send us your PIN.\n" for number in range(60))
    diagnostics = client.open("many.yaml", many)
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 10_000, "character": 0}}
    assert len(diagnostics) >= 60
    actions = client.actions("many.yaml", {**diagnostics[0], "range": everywhere})
    assert 1 < len(actions) < 50
    assert client.actions("many.yaml", diagnostics[-1])


def test_an_exception_needs_a_reason(client: Client, tmp_path: Path) -> None:
    client.open("neverask.yaml", POLICY)
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    action = next(one for one in client.actions("replies.yaml", diagnostic) if "exception" in one["title"])
    ((uri, edits),) = action["edit"]["changes"].items()
    assert uri == client.uri("neverask.yaml")
    after = applied(POLICY, edits)
    assert after.startswith(POLICY)
    client.type("neverask.yaml", after)
    (problem,) = client.diagnostics("neverask.yaml")
    assert "an exception needs a reason" in problem["message"] and cut(after, problem["range"]) == '""'
    (tmp_path / "neverask.yaml").write_text(after.replace('""', '"agreed with legal"'), encoding="utf-8")
    client.tell("textDocument/didSave", {"textDocument": {"uri": client.uri("neverask.yaml")}})
    client.version -= 1  # the replies were not touched: their version is the one before
    assert client.diagnostics("replies.yaml") == []
    client.version += 1


_OTHER = "rule: no-sensitive-requests\n  at: other\n  reason: x\n"


@pytest.mark.parametrize(
    ("written", "is_offered"),
    [
        (POLICY, True),
        (POLICY + f"exceptions:\n- {_OTHER}", True),
        (
            POLICY
            + f"'exceptions':  # ours\n\n    # one\n    - {_OTHER.replace('  ', '      ')}# more\nlanguages: [nl]\n",
            True,
        ),
        (POLICY + "exceptions: []\n", False),
        (POLICY + "exceptions: [{rule: no-sensitive-requests, at: other, reason: x}]\n", False),
        ("{neverask: 1, extends: [whatsapp], channels: [{channels: [whatsapp]}]}\n", False),
        (f"---\n{POLICY}...\n", False),
    ],
)
def test_an_exception_goes_into_a_policy_as_it_is_written(written: str, is_offered: bool, client: Client) -> None:
    client.open("neverask.yaml", written)
    (client.folder / "neverask.yaml").write_text(written, encoding="utf-8")
    client.tell("textDocument/didSave", {"textDocument": {"uri": client.uri("neverask.yaml")}})
    (diagnostic,) = client.open("replies.yaml", REPLIES)
    edits = [one["edit"] for one in client.actions("replies.yaml", diagnostic) if "exception from" in one["title"]]
    assert bool(edits) == is_offered
    for edit in edits:
        ((_, changes),) = edit["changes"].items()
        after = yaml.safe_load(applied(written, changes))
        assert [one["rule"] for one in after.pop("exceptions")] == ["no-sensitive-requests"] * len(changes) + [
            one["rule"] for one in yaml.safe_load(written).get("exceptions", [])
        ]


ASK = "Kunt u ons uw rekeningnummer doorgeven? Fijne dag nog."


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yaml", REPLIES, "    # neverask: allow "),
        (
            "b.yaml",
            f"- title: dag\n  text: |\n    Goedemiddag en welkom.\n    {ASK}\n- {{title: a, text: Tot ziens!}}\n",
            "  # ",
        ),
        ("c.yaml", f"- {{title: dag, text: {ASK}}}\n- {{title: a, text: Tot ziens en bedankt!}}\n", "# "),
        (
            "nl.po",
            f'msgid ""\nmsgstr "Language: nl\\n"\n\nmsgid "a"\nmsgstr "{ASK}"\n\nmsgid "b"\nmsgstr "Tot ziens!"\n',
            "# ",
        ),
        (
            "d.md",
            (Path(__file__).parent / "fix" / "markdown" / "replies.md").read_text(encoding="utf-8"),
            "<!-- ",
        ),
    ],
    ids=["yaml", "a block", "one line", "po", "markdown"],
)
def test_an_exception_beside_the_text(client: Client, name: str, text: str, line: str) -> None:
    client.open("neverask.yaml", POLICY)
    found = client.open(name, text)
    diagnostic = next(one for one in found if one["code"] == "no-sensitive-requests")
    action = next(one for one in client.actions(name, diagnostic) if "in a comment" in one["title"])
    ((uri, edits),) = action["edit"]["changes"].items()
    assert uri == client.uri(name)
    after = applied(text, edits)
    (new,) = set(after.splitlines()) - set(text.splitlines())
    assert new.startswith(line) and len(after.splitlines()) == len(text.splitlines()) + 1
    client.type(name, after)
    assert {one["code"] for one in client.diagnostics(name)} >= {"no-sensitive-requests", "bad-exception"}
    client.type(name, after.replace(" -- ", " -- the law asks for it").replace(" : ", " : the law asks for it"))
    assert not {one["code"] for one in client.diagnostics(name)} & {"no-sensitive-requests", "bad-exception"}


def test_json_has_no_comments(client: Client) -> None:
    client.open("neverask.yaml", POLICY)
    (diagnostic,) = client.open("a.json", json.dumps([{"id": 1, "text": ASK}, {"id": 2, "text": "Tot ziens!"}]))
    titles = [one["title"] for one in client.actions("a.json", diagnostic)]
    assert not any("in a comment" in title for title in titles) and any("exception from" in title for title in titles)


def test_mistakes_of_a_policy(client: Client) -> None:
    text = POLICY + "rules:\n  x:\n    rule: forbid asking for bank-acount on whatsapp\n"
    (problem,) = client.open("neverask.yaml", text)
    assert cut(text, problem["range"]) == "bank-acount" and "bank-account" in problem["message"]
    client.type("neverask.yaml", "neverask: 1\nrulez: {}\n")
    assert any("rulez" in one["message"] for one in client.diagnostics("neverask.yaml"))
    client.type("neverask.yaml", POLICY + "# half of an emoji: \ud83d\n")
    (problem,) = client.diagnostics("neverask.yaml")
    assert "not UTF-8" in problem["message"] and problem["range"]["start"] == {"line": 4, "character": 20}
    client.type("neverask.yaml", POLICY)
    assert client.diagnostics("neverask.yaml") == []


def test_it_starts_where_the_policy_has_mistakes(tmp_path: Path) -> None:
    """Whoever opens the folder to mend it needs them shown."""
    wrong = POLICY.replace("whatsapp]\n", "whatsap]\n", 1)
    (tmp_path / "neverask.yaml").write_text(wrong, encoding="utf-8")
    client = Client(tmp_path)
    (problem,) = client.open("neverask.yaml", wrong)
    assert cut(wrong, problem["range"]) == "whatsap" and "whatsapp" in problem["message"]
    client.close()


def test_a_policy_that_is_right_and_does_what_nobody_thinks(client: Client) -> None:
    text = POLICY + '  - {files: "bots/*.json", channels: [voice]}\n'
    (warning,) = client.open("neverask.yaml", text)
    assert warning["code"] == "unreachable-entry" and cut(text, warning["range"]) == '"bots/*.json"'
    assert client.actions("neverask.yaml", warning) == []


def test_own_data_without_words_in_a_language_are_noted(client: Client) -> None:
    text = (
        "neverask: 1\nextends: whatsapp\nlanguages: [nl, fr]\n"
        "data: {policy-number: {nl: [polisnummer]}, sensitive: [+policy-number]}\n"
    )
    (note,) = client.open("neverask.yaml", text)
    assert note["code"] == "data-without-words" and cut(text, note["range"]) == "policy-number"


def test_an_exception_of_the_policy_that_has_expired(client: Client) -> None:
    """'check' told it, the editor that held the policy did not."""
    expired = "exceptions:\n  - {rule: no-sensitive-requests, file: a.yaml, reason: law, until: 2020-01-31}\n"
    text = f"neverask: 1\nextends: [whatsapp]\n{expired}"
    (warning,) = client.open("neverask.yaml", text)
    assert warning["code"] == "expired-exception" and "expired on 2020-01-31" in warning["message"]


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("neverask: 1\n|", {"extends", "rules", "exceptions", "channels"}, {"level", "because"}),
        ("neverask: 1\nextends: [|", {"whatsapp", "avg", "pci-dss"}, {"extends"}),
        ("neverask: 1\nextends:\n  - whatsapp\n  - |", {"avg"}, {"extends"}),
        ("rules:\n  x:\n    |", {"rule", "level", "because", "instead"}, {"extends", "file"}),
        ("rules:\n  x:\n    rule: a\n    le|", {"level"}, {"extends"}),
        ("rules:\n  x:\n    level: |", {"error", "warning", "off"}, {"rule"}),
        ("rules:\n  x:\n    rule: |", {"forbid", "require"}, {"asking"}),
        ("rules:\n  x:\n    rule: forbid asking for |", {"sensitive", "bank-account", "own-thing"}, {"whatsapp"}),
        ("rules:\n  x:\n    rule: forbid asking for pin on |", {"whatsapp", "any channel", "sms"}, {"pin"}),
        ("rules:\n  x:\n    rule: forbid asking for pin on sms unless pa|", {"partial", "shielded"}, {"pin"}),
        ("rules:\n  x:\n    rule: forbid redirecting pin to |", {"portal", "phone"}, {"pin"}),
        ("rules:\n  x:\n    rule: require disclaimer |", {"hello"}, {"pin"}),
        ("channels:\n  - |", {"files", "tagged", "channels"}, {"rule"}),
        ("channels:\n  - files: a\n    |", {"tagged", "channels"}, {"rule"}),
        ("channels:\n- files: a\n  channels: [|", {"whatsapp", "email"}, {"files"}),
        ("exceptions:\n  - rule: |", {"no-sensitive-requests"}, {"file"}),
        ("exceptions:\n  - rule: x\n    |", {"file", "reason", "until"}, {"level"}),
        ("safe-channels:\n  kinds: [portal, |", {"app", "phone"}, {"own"}),
        ("# a comment |", set(), {"extends"}),
    ],
)
def test_words_of_a_policy(text: str, there: set[str], not_there: set[str]) -> None:
    from neverask.editing import complete
    from neverask.in_force import Policies

    own = "\ndata:\n  own-thing:\n    en: [thing number]\ndisclaimers:\n  hello:\n    texts: {en: Hello there}\n"
    before = text[: text.index("|")]
    whole = text.replace("|", "") + own
    line, column = before.count("\n"), len(before.rsplit("\n", 1)[-1])
    start, words = complete(whole, line, column, Policies("whatsapp"), "neverask.yaml")
    names = {word.text for word in words}
    assert there <= names and not names & not_there, names
    assert before.endswith(whole.split("\n")[line][start:column])


def test_a_place_behind_the_end_of_a_policy_is_its_end() -> None:
    from neverask.editing import complete
    from neverask.in_force import Policies

    for line, column in ((99, 5), (2, 99), (1, 99)):
        start, words = complete("neverask: 1\nrules:\n", line, column, Policies("whatsapp"), "neverask.yaml")
        assert start <= column and isinstance(words, list)


def test_completion_through_the_protocol(client: Client) -> None:
    client.open("neverask.yaml", POLICY)
    assert "rule" in client.words("neverask.yaml", POLICY + "rules:\n  x:\n    |")
    assert "whatsapp" in client.words("neverask.yaml", "neverask: 1\nextends: [|]\n")
    client.open("replies.yaml", REPLIES)
    assert client.words("replies.yaml", "|" + REPLIES) == []


def test_completion_in_a_policy_that_is_nowhere(client: Client) -> None:
    where = {"textDocument": {"uri": client.uri("gone/neverask.yaml")}, "position": {"line": 0, "character": 0}}
    assert client.ask("textDocument/completion", where) == []


def test_nobody_waits_for_a_check_once_the_editor_has_left() -> None:
    from neverask import editor

    stuck, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stuck.wait()

    async def leave() -> None:
        look = asyncio.ensure_future(editor._beside(work))
        await asyncio.to_thread(begun.wait)
        look.cancel()

    asyncio.run(leave())  # would never end if it waited for the work
    stuck.set()


def test_what_a_check_says_comes_back() -> None:
    from neverask import editor

    def fail() -> None:
        raise LookupError("x")

    assert asyncio.run(editor._beside(lambda: 3)) == 3
    with pytest.raises(LookupError):
        asyncio.run(editor._beside(fail))


def test_a_question_does_not_keep_others_waiting() -> None:
    """Fixes are proved by checking the text, which may take long; also one that is taken back goes on alone."""
    from neverask import editor

    stuck, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stuck.wait()

    async def ask() -> int:
        server = editor.Server(None)
        asked = asyncio.ensure_future(editor._alone(server, work))
        await asyncio.to_thread(begun.wait)
        asked.cancel()
        other = asyncio.ensure_future(editor._alone(server, lambda: 3))
        await asyncio.sleep(0.05)
        assert asked.cancelled() and not other.done()
        stuck.set()
        return await other

    assert asyncio.run(ask()) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_line_that_is_the_whole_text(encoding: str) -> None:
    """Each place was counted from the beginning of its line: 60,000 in a line of JSON took a minute."""
    from neverask import editor
    from neverask.source import Source, Span

    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    text = "first\n" + "Où est 👋🏽 votre PIN ?" * 50_000 + "\nlast"
    spans = [Span(at, at + 15) for at in range(6, 1_000_000, 20)] + [Span(10, 1_000_000), Span(2, 4), Span(7, 9)]
    begun = time.process_time()
    units, source = editor._Units(encoding), Source("replies.json", text)
    found = [units.range(source, span) for span in spans]
    assert time.process_time() - begun < 5
    for span, place in list(zip(spans, found, strict=True))[-9:]:
        start, end = (
            len(text[:at].rpartition("\n")[2].encode(encoding + "-le" if width > 1 else encoding)) // width
            for at in span
        )
        assert (place.start.character, place.end.character) == (start, end)


def test_without_the_extra_it_says_so(neverask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.delitem(sys.modules, "neverask.editor", raising=False)
    run = neverask("lsp")
    assert run.status == 2 and "pip install 'neverask[lsp]'" in run.err


def test_messages_that_are_none_are_told_in_a_line_and_passed_over(tmp_path: Path) -> None:
    start = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}}
    asked = {"jsonrpc": "2.0", "id": 2, "method": "textDocument/hover"}
    odd = [b"{", b"[]", b"null", b"\xff", json.dumps({**asked, "params": {"textDocument": 1}}).encode()]
    last = [{"jsonrpc": "2.0", "id": 9, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"}]
    sent = [json.dumps(start).encode(), *odd, *(json.dumps(one).encode() for one in last)]
    framed = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(one), one) for one in sent)
    command = [sys.executable, "-m", "neverask", "lsp"]
    run = subprocess.run(command, input=framed, cwd=tmp_path, capture_output=True, timeout=60)
    assert run.returncode == 0 and b'"id": 9' in run.stdout
    assert b"Traceback" not in run.stderr
    assert all(line.startswith(b"neverask lsp: ") for line in run.stderr.splitlines())


@pytest.mark.parametrize(
    "header", [b"content-length: %d\r\n\r\n", b"Content-Length: %d\n\n", b"CONTENT-LENGTH:%d \r\n\r\n"]
)
def test_headers_may_be_written_otherwise(header: bytes, tmp_path: Path) -> None:
    start = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}}
    last = [{"jsonrpc": "2.0", "id": 9, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"}]
    sent = [json.dumps(one).encode() for one in (start, *last)]
    run = sent_to_server(b"".join(header % len(one) + one for one in sent), tmp_path)
    assert run.returncode == 0 and b'"id": 9' in run.stdout and not run.stderr


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"Content-Length: 99999999999999999999\r\n\r\n", b"is too long"),
        (b"Content-Length: 999999999999\r\n\r\n", b"is too long"),
        (b"Content-Length: -5\r\n\r\n", b"does not say its length"),
        (b"Content-Type: x\r\n\r\n", b"does not say its length"),
    ],
)
def test_a_length_that_is_none_is_told(header: bytes, said: bytes, tmp_path: Path) -> None:
    run = sent_to_server(header + b"{}", tmp_path)
    (line,) = run.stderr.splitlines()
    assert line.startswith(b"neverask lsp: ") and said in line


def sent_to_server(data: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "neverask", "lsp"]
    return subprocess.run(command, input=data, cwd=folder, capture_output=True, timeout=60)


def test_a_question_that_can_not_be_read_is_answered(client: Client) -> None:
    for params in ({"textDocument": 1}, None, {"textDocument": {"uri": "file:///x"}, "position": {"line": -1}}):
        client.number += 1
        number = client.number
        client._send({"id": number, "method": "textDocument/hover", "params": params})
        with client.news:
            assert client.news.wait_for(lambda number=number: number in client.answers, _LONG)
        assert client.answers.pop(number)["error"]["code"] == -32602


@pytest.mark.parametrize("form", ["FILE://{}", "file://localhost{}", "file:{}"])
def test_an_address_may_be_written_otherwise(form: str, tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nrules: {}\n", encoding="utf-8")
    client = Client(tmp_path)
    uri = form.format(client.folder / "replies.yaml")
    item = {"uri": uri, "languageId": "yaml", "version": 1, "text": REPLIES}
    client.tell("textDocument/didOpen", {"textDocument": item})
    told = client.told.get(timeout=_LONG)["params"]
    assert told["uri"] == uri
    assert ["neverask.yaml:1:1: this policy has no rule" in one["message"] for one in told["diagnostics"]] == [True]
    client.close()


def test_an_address_that_is_none_is_passed_over(client: Client) -> None:
    where = {"textDocument": {"uri": "file://[::1/neverask.yaml"}, "position": {"line": 0, "character": 0}}
    assert client.ask("textDocument/completion", where) == []
    assert client.open("replies.yaml", REPLIES)


def test_a_policy_that_is_no_text_is_named(client: Client) -> None:
    (client.folder / "neverask.yaml").write_bytes(b"\xff\xfe\xff")
    (told,) = client.open("replies.yaml", REPLIES)
    assert "neverask.yaml: the policy is not UTF-8" in told["message"]


def test_another_file_may_have_a_name_that_is_no_text() -> None:
    from neverask.editor import _uri

    assert _uri("/a/\udcff.yml") == "file:///a/%FF.yml"
