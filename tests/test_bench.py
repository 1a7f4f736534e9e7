"""The bench tells no figures that are none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench" / "run"


def test_an_interpreter_without_neverask_is_not_timed(tmp_path: Path) -> None:
    """It ends at once with status 1, as neverask does that finds something."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    command = [sys.executable, str(BENCH), "--only", "start", "--python", str(python)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert not run.stdout
    assert "can't run neverask" in run.stderr
