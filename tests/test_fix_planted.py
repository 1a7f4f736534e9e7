"""``check --fix`` on all planted faults: only the words that ask change, a second run changes nothing, what is left
could not be mended and says why. The oracle is the same bot or export with the policy's wording planted instead, but
where a step takes an answer: there the words stay, as often as the bot's ``plan.yaml`` says under ``answered``.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask.documents import open_source
from neverask.readers import find

sys.path.insert(0, str(Path(__file__).parent))
from test_planted import ASK, Bot, bots
from test_planted_libraries import FILES, PLANT, Alone

WORDING = "Please use the customer portal for that."
POLICY = f"""\
neverask: 1
languages: [en]
rules:
  asks:
    rule: forbid asking for pin and identity-document on any channel
    level: error
    instead: {{en: {WORDING}}}
  takes: {{rule: forbid collecting bank-account on any channel, level: error}}
"""
LEFT = re.compile(r"^not mended: .* \[[\w, -]+\]: (.+)$", re.MULTILINE)
TAKEN = re.compile("(?:'.+'|this step) would still take the answer: .+")
MENDED = re.compile(r"^mended: ", re.MULTILINE)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def mend(folder: Path, neverask: Callable[..., Any]) -> tuple[int, Counter[str]]:
    """Mend a folder twice; how many were mended, and the reasons of those that were not."""
    first = neverask("check", "--fix", "--no-cache", ".", cwd=folder)
    assert first.status in (0, 1), first.err
    before = contents(folder)
    second = neverask("check", "--fix", "--no-cache", ".", cwd=folder)
    assert not MENDED.search(second.err), second.err
    assert contents(folder) == before, "a second run changed something"
    left = Counter(LEFT.findall(first.err))
    assert Counter(LEFT.findall(second.err)) == left
    assert ("nothing found" in second.out) == (not left), "what could be mended is clean"
    return len(MENDED.findall(first.err)), left


@pytest.mark.parametrize("bot", list(bots()))
def test_the_asks_of_a_bot_become_the_wording(bot: Bot, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    before = bot.with_planted("say", ASK)
    bot.write(tmp_path, {**before, "neverask.yaml": POLICY})
    mended, left = mend(tmp_path, neverask)
    after = {name: data.decode() for name, data in contents(tmp_path).items() if name != "neverask.yaml"}
    assert {name: text.replace(WORDING, ASK) for name, text in after.items()} == before, "more than the words changed"
    assert all(TAKEN.fullmatch(reason) for reason in left), left
    assert sum(left.values()) == sum(text.count(ASK) for text in after.values()) == bot.plan.get("answered", 0)
    assert mended == sum(text.count(ASK) for text in before.values()) - sum(left.values())


@pytest.mark.parametrize("bot", list(bots()))
def test_the_asks_of_a_packed_bot_become_the_wording(bot: Bot, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    before = {f"My export (2)/x/{name}": text for name, text in bot.with_planted("say", ASK).items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("picture.png", b"\x89PNG\r\n")
        for name, text in before.items():
            archive.writestr(name, "\ufeff" + text.replace("\n", "\r\n"))
    (tmp_path / "bot.zip").write_bytes(packed.getvalue())
    mended, left = mend(tmp_path, neverask)
    with zipfile.ZipFile(tmp_path / "bot.zip") as archive:
        assert archive.testzip() is None and archive.namelist() == ["picture.png", *before]
        assert archive.read("picture.png") == b"\x89PNG\r\n"
        for name, text in before.items():
            after = archive.read(name).decode()
            assert after.replace(WORDING, ASK) == "\ufeff" + text.replace("\n", "\r\n"), name
    assert sum(left.values()) == bot.plan.get("answered", 0)
    assert mended == sum(text.count(ASK) for text in before.values()) - sum(left.values())


@pytest.mark.parametrize("bot", list(bots()))
def test_what_a_step_takes_is_told(bot: Bot, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    if not list(bot.marks("into")):
        pytest.skip("it takes nothing")
    before = bot.with_planted("into", "iban")
    bot.write(tmp_path, {**before, "neverask.yaml": POLICY})
    mended, left = mend(tmp_path, neverask)
    assert not mended and left
    assert all("takes such data has to go" in reason for reason in left), left
    assert {name: data.decode() for name, data in contents(tmp_path).items() if name in before} == before


def _is_read_whole(export: Path) -> bool:
    """Whether no part of a fixture is told to be unreadable, which ends in status 2 whatever is mended."""
    return " overlooked " not in export.with_name(f"{export.name}.out").read_text(encoding="utf-8")


WHOLE = [export for export in FILES if _is_read_whole(export)]


ANSWERED = {"whatsapp_templates/flow_button.json": frozenset({"ASK.title", "ASK.frame_number.label"})}
"""Texts of exports that stand in a form that takes the answer."""


@pytest.mark.parametrize("export", WHOLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_asks_of_an_export_become_the_wording(export: Path, tmp_path: Path, neverask: Callable[..., Any]) -> None:
    """One export for each text that customers can read."""
    (document,) = open_source(export.name, export.read_bytes())
    reader = find(document)
    assert reader is not None
    (tmp_path / "neverask.yaml").write_text(POLICY, encoding="utf-8")
    texts = reader.read(document, Alone()).messages
    source = document.source.text
    expected: dict[str, str] = {}
    stay = ANSWERED.get(f"{export.parent.name}/{export.name}", frozenset())
    for number, message in enumerate(texts):
        if message.kind in ("button", "option", "subject"):  # a subject is told to need words of its own
            continue
        start, end = message.located().span()
        start += 2 if source.startswith("> ", start) else 0
        end -= 1 if end > start and source[end - 1] == "\n" else 0
        path = tmp_path / str(number) / export.name
        path.parent.mkdir()
        planted, worded = (source[:start] + words + source[end:] for words in (PLANT, WORDING))
        path.write_text(planted, encoding="utf-8", newline="")
        expected[f"{number}/{export.name}"] = planted if message.id in stay else worded
    mended, left = mend(tmp_path, neverask)
    assert all(TAKEN.fullmatch(reason) for reason in left) and sum(left.values()) == len(stay), left
    assert mended == len(expected) - len(stay)
    after = {name: data.decode() for name, data in contents(tmp_path).items() if name in expected}
    assert after == expected, "more than the words changed"


ESCAPED = {
    "chatbot_strings.xml": (
        '<resources>\n<string name="a">Hi! {}</string>\n<string name="b"><![CDATA[{}]]></string>\n</resources>\n',
        r"\@home: it\'s \"here\" \\ &amp; &lt;there&gt; 😀.\nBye!",
    ),
    "chatbot.properties": ("a=Hi, caf\\u00e9! {}\nb={}\n", '@home: it\'s "here" \\\\ & <there> \\ud83d\\ude00.\\nBye!'),
    "chatbot.strings": ('"a" = "Hi! {}";\nb = "{}";\n', '@home: it\'s \\"here\\" \\\\ & <there> 😀.\\nBye!'),
    "chatbot.resx": (
        '<root>\n<data name="a"><value>Hi! {}</value></data>\n<data name="b"><value>{}</value></data>\n</root>\n',
        "@home: it's &quot;here&quot; \\ &amp; &lt;there&gt; 😀.\nBye!",
    ),
    "chatbot.xlf": (
        "<xliff><unit><target>Hi <g>you</g>! {}</target></unit>\n<unit><target>{} <g/></target></unit></xliff>\n",
        '@home: it\'s "here" \\ &amp; &lt;there&gt; 😀.\nBye!',
    ),
    "chatbot2.properties": ("a=Hi, café! {}\nb={}\n", '@home: it\'s "here" \\\\ & <there> 😀.\\nBye!'),
}
"""String resources with texts, and a wording as it is written there."""


@pytest.mark.parametrize("name", ESCAPED)
def test_string_resources_have_the_wording_in_their_escapes(
    name: str, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    wording = '@home: it\'s "here" \\ & <there> 😀.\nBye!'
    (tmp_path / "neverask.yaml").write_text(
        POLICY.replace(WORDING, json.dumps(wording, ensure_ascii=False)), encoding="utf-8"
    )
    content, written = ESCAPED[name]
    (tmp_path / name).write_text(content.format(PLANT, PLANT), encoding="utf-8", newline="")
    mended, left = mend(tmp_path, neverask)
    assert mended == 2 and not left
    assert (tmp_path / name).read_bytes().decode() == content.format(written, written)
