"""The fuzz targets start and find their samples (what they find is for fuzz/run)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris")
TOP = Path(__file__).resolve().parent.parent


def test_a_target_runs(tmp_path: Path) -> None:
    command = [sys.executable, str(TOP / "fuzz" / "reader.py"), "typebot", str(tmp_path), "-runs=200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert list((tmp_path / "typebot").iterdir())
