"""Files that are broken as files are in real life: each message says what is wrong, where, and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.documents import open_source
from neverask.source import SourceError

CASES = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text("utf-8"))
ENGLISH = re.compile(r"\b(the|this|there|probably|needs|stands|missing|before)\b")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_what_is_said_of_a_broken_file(case: dict[str, Any], neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / case["file"]).write_bytes(case["text"].encode())
    run = neverask("check", case["file"], cwd=tmp_path)
    said = "cannot read" if case.get("known", True) else "not checked"
    place = f":{case['at']}" if case["at"] else ""
    (line,) = [line for line in run.out.splitlines() if line.startswith(f"{case['file']}{place}: {said}: ")]
    assert run.status == 2 and case["says"] in line
    dutch = neverask("check", case["file"], "--lang", "nl", cwd=tmp_path).out
    (told,) = [line for line in dutch.splitlines() if re.match(rf"{re.escape(case['file'])}{place}: \D", line)]
    assert not ENGLISH.search(re.sub(r"'[^']*'|\(.*?\)", "", told)), told


SOUND = json.dumps(
    {"replies": [{"id": 1, "text": 'Say "Hello" – é\u2028', "on": True, "of": [1.5e3, -2, None]}, {}]}, indent=1
)


@pytest.mark.parametrize("sound", [SOUND, json.dumps(json.loads(SOUND), ensure_ascii=False)], ids=["lines", "one-line"])
def test_a_file_that_is_cut_anywhere_is_told_as_such(sound: str) -> None:
    for length in range(1, len(sound)):
        with pytest.raises(SourceError) as raised:
            open_source("cut.json", sound[:length].encode())
        assert "it ends in the middle: the '" in raised.value.reason, (sound[:length], raised.value.reason)


@pytest.mark.parametrize("open_", ["[", '{"a":', "[1,", '["'])
def test_a_long_cut_file_is_told_in_linear_time(open_: str) -> None:
    for text in (open_ * 90 + " " * 2_000_000, "[" + '"a",' * 500_000, '["' + "\\" * 1_000_001):
        with pytest.raises(SourceError):
            open_source("cut.json", text.encode())
