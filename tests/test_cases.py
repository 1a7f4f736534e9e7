"""One input a case, judged by the policy beside it (else the bundled default): the report is the .out file.

A case without a .out file must be silent. The name says what the case shows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask.reporters import NAMES, by_name
from neverask.rules import RULES

CASES = Path(__file__).parent / "cases"
INPUTS = sorted(
    path
    for path in CASES.glob("*/*")
    if path.is_file() and path.suffix != ".out" and path.name not in ("neverask.yaml", "README.md")
)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_case(path: Path, neverask: Callable[..., Any], golden: Callable[[Path, str], None]) -> None:
    run = neverask("check", path.name, cwd=path.parent)
    # What could not be checked at all is no silent case.
    assert run.status in (0, 1), run.out + run.err
    golden(path.with_name(path.name + ".out"), run.out if run.status else "")


def test_every_out_file_has_its_input() -> None:
    orphans = [path for path in CASES.glob("*/*.out") if not path.with_name(path.name.removesuffix(".out")).exists()]
    assert not orphans


@pytest.mark.parametrize("module", RULES, ids=lambda module: module.VERB)
def test_every_rule_has_a_case_that_fires_and_one_that_is_silent(module: Any) -> None:
    inputs = [path for path in INPUTS if path.parent.name == module.VERB]
    fires = [path for path in inputs if path.with_name(path.name + ".out").exists()]
    assert fires, f"tests/cases/{module.VERB} has no case that fires"
    assert len(fires) < len(inputs), f"tests/cases/{module.VERB} has no case that is silent"


def test_every_reporter_has_a_golden_report() -> None:
    reports = Path(__file__).parent / "reports"
    for name in NAMES:
        assert name == by_name(name).NAME
        assert list(reports.glob(f"{name}.*")), f"tests/reports has no report in the format {name}"
