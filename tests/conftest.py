"""What all tests share: reports compared with files beside their input, and the command line run in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from neverask.cli import main

# Before click 8.2 what goes to stderr is mixed with the rest, unless one says otherwise.
_APART: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the files of expected output anew")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--accept") and os.environ.get("CI"):
        raise pytest.UsageError("--accept never runs in CI: there nobody looks at what was accepted")


@pytest.fixture(autouse=True)
def _undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests changes no report."""
    in_ci = ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "CI_PROJECT_DIR")
    for name in (*in_ci, "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled packs are kept in a folder of this run, so that no stale one can make a test pass."""
    before = os.environ.get("NEVERASK_CACHE")
    base = tmp_path_factory.getbasetemp()
    # Workers that run side by side share it, as hooks do.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    os.environ["NEVERASK_CACHE"] = str(shared / "cache")
    yield
    if before is None:
        del os.environ["NEVERASK_CACHE"]
    else:
        os.environ["NEVERASK_CACHE"] = before


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a file; with --accept writes the file (removes it where the text is empty)."""
    accept = request.config.getoption("--accept")

    def compare(path: Path, text: str) -> None:
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        if accept and text != expected:
            if text:
                path.write_text(text, encoding="utf-8", newline="\n")
            else:
                path.unlink()
            return
        assert text == expected, f"{path.name} differs; if it is right: pytest --accept, and look at the diff"

    return compare


@dataclass(frozen=True)
class Run:
    """What a command said and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def neverask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Runs a command: ``neverask("check", "replies.yaml", cwd=folder)``. A traceback fails the test."""

    def run(*arguments: str, cwd: Path | None = None, input: str | None = None) -> Run:
        with monkeypatch.context() as patch:
            if cwd is not None:
                patch.chdir(cwd)
            result = CliRunner(**_APART).invoke(main, list(arguments), input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "neverask made a mistake here" not in result.stderr, result.stderr  # a traceback, if not for the user
        return Run(result.exit_code, result.stdout, result.stderr)

    return run
