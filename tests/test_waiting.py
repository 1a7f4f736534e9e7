"""Who waits at a terminal is told what for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from neverask import cache

pty = pytest.importorskip("pty")  # none on Windows


def test_preparing_the_word_lists_is_told_once(tmp_path: Path) -> None:
    """From a checkout the first check of a long library takes many seconds; a wheel carries the word lists."""
    if list(Path(cache.__file__).parent.glob("**/traces-fr-*")):
        pytest.skip("this wheel carries the word lists")
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: gdpr\nlanguages: [fr]\n", encoding="utf-8")
    replies = [
        {"title": f"Reply {number}", "actions": [{"field": "comment_value", "value": "Merci !"}]}
        for number in range(6000)
    ]
    (tmp_path / "macros.json").write_text(json.dumps({"macros": replies}), encoding="utf-8")
    first, again = (_said_at_a_terminal(tmp_path) for _ in range(2))
    told = "de woordenlijsten van 'fr' worden eenmalig klaargemaakt"
    assert told in first
    assert told not in again


def _said_at_a_terminal(folder: Path) -> str:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "neverask", "check", "--no-cache", "--lang", "nl", "macros.json"]
    environment = {**os.environ, "NEVERASK_CACHE": str(folder / "cache")}
    try:
        run = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=theirs)
        assert run.returncode == 1
        return os.read(ours, 1 << 16).decode() if _is_ready(ours) else ""
    finally:
        os.close(ours)
        os.close(theirs)


def _is_ready(terminal: int) -> bool:
    import select

    return bool(select.select([terminal], [], [], 0)[0])
