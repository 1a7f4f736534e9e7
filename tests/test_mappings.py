"""Files read as a policy's ``sources`` says: each folder of ``tests/mappings`` with what is found and shown in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CASES = sorted(path for path in (Path(__file__).parent / "mappings").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_what_a_mapping_reads(case: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    files = sorted(path.name for path in case.iterdir() if path.suffix != ".out" and path.name != "neverask.yaml")
    told = ""
    for arguments in (["check", "."], *(["show", name] for name in files)):
        run = neverask(*arguments, cwd=case)
        told += f"$ neverask {' '.join(arguments)}\n{run.out}{run.err}exit {run.status}\n\n"
    golden(case / "expected.out", told)
