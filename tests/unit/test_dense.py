"""Texts that hold very many of what costs: the same work is done once, and what comes of it stays the same.

Counts of work, no times: a machine may be busy.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from neverask.documents import open_source
from neverask.language import analysis, pack, passages, proposals, segments
from neverask.markup import html, plain
from neverask.markup.placeholders import Tokenizer
from neverask.markup.traced import Traced
from neverask.readers import composer, find, markdown_parts
from neverask.rules import values
from neverask.source import SourceError

SENTENCES = """
Send us your IBAN.|Never send us your IBAN here!|What is your date of birth?|We need:|- a copy of your passport|- BSN|
IBAN:|Log in to the portal and enter your card number there.|Thank you.|Your order 12345 is on its way.|Not your PIN.|
Please reply with your password, so that we can help|We never ask for:|1. your ID card number|(a) your PIN code|
""".replace("\n", "").split("|")


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> Counter[str]:
    """How often a function is called from now on."""
    calls: Counter[str] = Counter()
    real: Callable[..., Any] = getattr(owner, name)

    def call(*of: Any, **named: Any) -> Any:
        calls[name] += 1
        return real(*of, **named)

    monkeypatch.setattr(owner, name, call)
    return calls


def texts() -> list[str]:
    chance = random.Random(7)
    return [
        "".join(chance.choice(SENTENCES) + chance.choice([" ", "\n", "\n\n"]) for _ in range(120)) for _ in range(12)
    ]


@pytest.mark.parametrize("text", texts())
def test_a_sentence_that_stands_as_another_did_is_judged_alike(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    english = pack.load("en")
    quick = analysis.acts(analysis.read(text, english))
    unlike = count()
    monkeypatch.setattr(proposals, "_standing", lambda *of: (next(unlike),))
    reading = analysis.read(text, english)
    assert quick == [*(analysis._act(reading, one) for one in reading.proposals), *analysis._unknown(reading)]
    assert len(quick) > 20


def test_the_same_request_many_times_is_worked_out_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    proposed = counted(monkeypatch, proposals, "_proposed")
    judged = counted(monkeypatch, analysis, "_act")
    found = analysis.acts(analysis.read("Send us your IBAN.\n" * 3_000, pack.load("en")))
    assert len(found) == 3_000
    assert proposed["_proposed"] + judged["_act"] < 30


def test_a_sentence_said_again_is_in_the_same_language(monkeypatch: pytest.MonkeyPatch) -> None:
    told = counted(monkeypatch, passages, "_language")
    dutch, english = "Stuur ons daarom alstublieft uw gegevens.", "Please send us all of your details now."
    found = passages.passages(f"{dutch}\n{english}\n" * 1_000, "nl")
    assert [one.code for one in found] == ["nl", "en"] * 1_000 + ["nl"] * (found[-1].code == "nl")
    assert "".join(str(one.end) for one in found[:-1]) == "".join(str(one.start) for one in found[1:])
    assert told["_language"] < 10


def test_line_ends_in_a_row_are_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = counted(monkeypatch, segments, "_letters_apart")
    found = segments.cut("\n" * 5_000 + "a" + "\n" * 5_000 + "b", frozenset())
    assert [(one.start, one.end) for one in found] == [(5_000, 5_001), (10_001, 10_002)]
    assert looked["_letters_apart"] < 20


@pytest.mark.parametrize("ends", range(1, 9))
def test_letters_of_a_word_spelt_line_by_line_stay_together(ends: int) -> None:
    """Up to two characters between letter and line end: what is cut does not hang on how many ends are one look."""
    text = "x" + "\n" * ends + "y"
    expected = 1 if ends <= 5 and all(segments._letters_apart(text, at) for at in range(1, ends + 1)) else 2
    assert (len(segments.cut(text, frozenset())) == 1) is (expected == 1)


def test_an_account_number_is_proved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from stdnum import iban

    values._account_end.cache_clear()
    proved = counted(monkeypatch, iban, "is_valid")
    found = list(values.find("NL91ABNA0417164300 and " * 500))
    assert len(found) == 500
    assert proved["is_valid"] < 20


def test_overlaps_are_found_among_very_many() -> None:
    chance = random.Random(3)
    for _ in range(300):
        ends = sorted(chance.sample(range(60), 12))
        taken = list(zip(ends[::2], ends[1::2], strict=True))
        start = chance.randrange(55)
        span = start, start + chance.randrange(1, 6)
        expected = any(span[0] < end and first < span[1] for first, end in taken)
        assert values._overlaps(span, taken) is expected


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>", "</br>", "<br >", "<p>", "<b>", "<li>", "</ul>"])
def test_common_tags_are_no_placeholders(tag: str) -> None:
    text = f"one{tag}two <naam> three"
    edits = Tokenizer(text).find(Traced.of(text), {})
    assert [text[edit.start : edit.end] for edit in edits] == ["<naam>"]
    assert plain(f"one{tag}two", "html").text.replace("\n", " ").replace("-", "").split() in (
        ["one", "two"],
        ["onetwo"],
    )


def test_breaks_are_line_ends() -> None:
    links: list[tuple[int, int, str]] = []
    assert [edit.new for edit in html.tag_edits("a<br><br/>b<p>c</p></br>d", links)] == ["\n", "\n", "\n", "\n", "\n"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_one(end: str) -> None:
    shown = plain(f"one{end}two{end}{end}three")
    assert shown.text == "one\ntwo\n\nthree"
    assert shown.span(0, 3) == (0, 3)
    assert shown.span(4, 7) == (3 + len(end), 6 + len(end))


def test_a_page_is_cut_once() -> None:
    text = "# Standard replies\n\nHello: there\n"
    assert markdown_parts.cut(text) is markdown_parts.cut(text)


def test_a_chain_of_templates_is_followed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = counted(monkeypatch, composer._Reading, "_calls")
    text = "".join(f"# a{number}\n- Thank you ${{a{number + 1}()}}\n\n" for number in range(2_000))
    (document,) = open_source("bot.lg", text.encode())
    reader = find(document)
    assert reader is not None

    class Alone:
        def names(self, pattern: str) -> list[str]:
            return []

        def open(self, name: str) -> list[Any]:
            raise SourceError(name, "is not there")

    assert len(reader.read(document, Alone()).messages) == 2_000
    assert said["_calls"] < 10_000


def test_the_wordings_of_a_template_are_counted_once() -> None:
    text = "# a\n" + "- Thank you for this.\n" * 3_000
    (document,) = open_source("bot.lg", text.encode())
    looked: list[int] = []

    class Pieces(list[composer.Piece]):
        def __iter__(self) -> Iterator[composer.Piece]:
            looked.append(len(self))
            return super().__iter__()

    made = Pieces(piece for template in composer.templates(text) for piece in template.pieces)
    known = composer._Known("a", "", None, composer.Node(text, (), document), made, True)
    assert {known.variant(number, None) is not None for number in range(3_000)} == {True}
    assert looked == [3_000]
