"""Places are exact: what a reader hands on, and what a finding points at, stands in the file where they say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from neverask.conversation import Conversation, Message
from neverask.documents import open_source
from neverask.finding import Finding
from neverask.language import pack
from neverask.policy.load import bundled
from neverask.readers import find
from neverask.report import Report
from neverask.rules import check as check_rule
from neverask.rules.context import Context
from neverask.seen import conversations
from neverask.surroundings import Folder

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = sorted(
    path
    for folder in ("tests/cases", "tests/reports/input", "tests/readers", "examples")
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
    and path.suffix in (".yaml", ".yml", ".json", ".csv", ".md", ".xml", ".txt", ".html")
    and path.name != "neverask.yaml"
    and "broken" not in path.name
)


def misplaced(message: Message) -> list[str]:
    """The characters of a message that do not stand in its source where it says.

    Letters and digits are compared, since these are written as they are except in escapes and entities. What a reader
    put together (a variable shown by its name) stands nowhere.
    """
    located = message.located()
    assert located.value == message.text
    wrong = []
    for index, character in enumerate(located.value):
        span = located.span(index, index + 1)
        written = located.source.text[span.start : span.end]
        if character.isalnum() and written not in ("", character) and not written.startswith(("\\", "&", "=")):
            wrong.append(f"{index}: {character!r} at {span} is {written!r}")
    return wrong


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_message_of_our_fixtures_stands_where_it_says(path: Path) -> None:
    for conversation in conversations(str(path), Report()):
        for message in conversation.messages:
            assert not misplaced(message), message.id


def test_there_are_fixtures_with_messages() -> None:
    seen = [c for path in FIXTURES for c in conversations(str(path), Report()) if c.messages]
    assert len(seen) > 20 and len({conversation.format for conversation in seen}) >= 3


def as_json(texts: list[str], indent: int | None, ascii_only: bool) -> str:
    replies = [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]
    return json.dumps({"replies": replies}, indent=indent, ensure_ascii=ascii_only)


def as_yaml(texts: list[str], style: str, unicode: bool, width: int) -> str:
    replies = [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]
    return yaml.safe_dump(
        {"replies": replies}, default_style=style or None, allow_unicode=unicode, width=width, sort_keys=False
    )


def as_csv(texts: list[str], delimiter: str, end: str) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator=end)
    writer.writerow(["id", "text"])
    writer.writerows([f"r{number}", text] for number, text in enumerate(texts))
    return target.getvalue()


# Letters would make it another language, brackets a tag or a placeholder: what surrounds the words is neither.
WORDS = st.text(
    st.characters(categories=("Nd", "Po", "Pd", "Sc", "Sk", "So", "Sm", "Zs"), exclude_characters="<>&%*_~`#$@\\|=+^"),
    max_size=30,
)
REQUEST = "Kunt u uw rekeningnummer doorgeven?"
TERM = "rekeningnummer"


def asked(name: str, content: str, encoding: str = "utf-8") -> list[Finding]:
    """What asks for a bank account."""
    documents = open_source(name, content.encode(encoding))
    reader = find(documents[0])
    assert reader is not None, content
    conversation: Conversation = reader.read(documents[0], Folder(documents[0], documents))
    policy = bundled("whatsapp")
    rule = next(rule for rule in policy.rules if rule.name == "no-sensitive-requests")
    found = check_rule(Context(conversation, policy, name), rule)
    return [finding for finding in found if finding.data == ("bank-account",)]


def findings_in(name: str, content: str) -> list[tuple[str, str]]:
    """(words, line) of what asks for a bank account."""
    found = []
    for finding in asked(name, content):
        start, end = finding.span
        assert finding.source.text == content.replace("\ufeff", "")
        found.append((content[start:end], finding.source.line(finding.source.position(start).line)))
    return found


@settings(max_examples=60, deadline=None)
@given(
    before=WORDS,
    after=WORDS,
    number=st.integers(0, 2),
    name=st.sampled_from(["json", "yaml", "csv"]),
    pretty=st.booleans(),
    style=st.sampled_from(["", '"', "'", "|", ">"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_planted_request_is_found_where_it_was_planted(
    before: str, after: str, number: int, name: str, pretty: bool, style: str, delimiter: str, end: str
) -> None:
    texts = [
        "Goedemiddag, waarmee kunnen we u helpen?",
        "Uw pakket wordt vandaag nog bezorgd door onze koerier.",
        "Graag gedaan, en nog een hele fijne dag gewenst!",
    ]
    texts[number] = f"{before.strip()}\n\n{REQUEST}\n\n{after.strip()}".strip()
    if name == "json":
        content = as_json(texts, 2 if pretty else None, pretty)
    elif name == "yaml":
        content = as_yaml(texts, style, pretty, 60 if pretty else 10_000)
    else:
        content = as_csv(texts, delimiter, end)
    found = findings_in(f"replies.{name}", content)
    assert len(found) == content.count(TERM)
    assert all(words == TERM and TERM in line for words, line in found)


def test_the_planted_request_is_one_without_its_surroundings() -> None:
    assert pack.load("nl").code == "nl"
    assert findings_in("replies.json", as_json([REQUEST, "Goedemiddag, waarmee kunnen we u helpen?"], None, False))


TEXTS = ("Your order is on its way, thank you for waiting.", "We are open from nine to five, see you soon.")
PAGES = {
    "standard replies.md": "## {title}\n\n{text}\n\n",
    "replies/quoted.md": "## {title}\n\n> Hello!\n> {text}\n\n",
    "canned replies.md": "## {title}\n\n```\n{text}\n```\n\n",
    "saved replies.md": "| {title} | {text} |\n",
    "standard replies.txt": "Title: {title}\n{text}\n\n",
    "quick replies.txt": "{title}:\t{text}\n",
    "standard replies.html": "<h2>{title}</h2>\n<p>{text}</p>\n",
    "macros.html": "<tr><td>{title}</td>\n<td>{text}</td></tr>\n",
}
HEADS = {
    "saved replies.md": "| Title | Reply |\n|---|---|\n",
    "macros.html": "<table>\n<tr><th>Title</th><th>Reply</th></tr>\n",
}
OPENINGS = {
    "a tab": "Hello\tthere! ",
    "combining marks": "Cafe\u0301 re\u0301sume\u0301: hello! ",
    "emoji": "Hi \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f3\U0001f1f1 hello! ",
    "a hard blank": "Hello\xa0there! ",
    "right to left": "Hello \u200f\u202bthere\u202c! ",
    "nothing to see": "Hel\u200blo \ufeffwon\xadderful! ",
    "a separator of lines": "Hello\u2028there! ",
    "a new line of mainframes": "Hello\x85there! ",
    "a vertical tab": "Hello\x0bthere! ",
    "entities": "Hello &amp; bye&nbsp;&#233;! ",
    "marks": "**Hello** _you_! ",
    "a placeholder": "Hi {{name}} and %{x} $name! ",
}


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("name", PAGES)
def test_a_planted_request_is_found_in_a_page(name: str, opening: str) -> None:
    texts = (TEXTS[0], f"{OPENINGS[opening]}Please send us your IBAN.", TEXTS[1])
    shape = PAGES[name].replace("{title}", "{0}").replace("{text}", "{1}")
    written = HEADS.get(name, "") + "".join(map(shape.format, ("Late", "Back", "Open"), texts))
    for end, encoding in (("\n", "utf-8"), ("\r\n", "utf-8-sig"), ("\r\n", "utf-16")):
        content = written.replace("\n", end)
        (finding,) = asked(name, content, encoding)
        assert finding.source.text == content
        assert (finding.span.start, finding.entry) == (content.index("IBAN"), "Back")
        assert content[slice(*finding.span)] == "IBAN"
