"""The house: layers, packaging, what the wheel holds. CI runs all tests against the installed wheel."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = sorted(path.parent.name for path in (ROOT / "grammar").glob("*/data.yaml"))


def config() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser()
    parsed.read(ROOT / "setup.cfg", encoding="utf-8")
    return parsed


def test_imports_go_down_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports("setup.cfg", no_cache=True) == 0


def test_setup_cfg_lists_every_package() -> None:
    listed = set(config()["options"]["packages"].split())
    folders = {
        ".".join(["neverask", *path.parent.relative_to(ROOT / "linter").parts])
        for path in (ROOT / "linter").rglob("__init__.py")
    }
    assert listed == folders | {"neverask.grammar", "neverask.policies"}


def test_every_folder_with_code_is_a_package() -> None:
    with_code = {path.parent for path in (ROOT / "linter").rglob("*.py")}
    assert all((folder / "__init__.py").exists() for folder in with_code)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is tested, or one built from a copy of the checkout, so that no older build leaks into it."""
    given = os.environ.get("NEVERASK_TEST_WHEEL")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("linter", "grammar", "policies"):
        shutil.copytree(ROOT / name, folder / "tree" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "tree" / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), "."]
    subprocess.run(command, cwd=folder / "tree", check=True)
    return next(folder.glob("*.whl"))


@pytest.mark.network
def test_the_wheel_holds_code_grammars_and_policies(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"neverask/{path.relative_to(ROOT / 'linter')}" for path in (ROOT / "linter").rglob("*.py")}
    expected |= {
        f"neverask/grammar/{path.relative_to(ROOT / 'grammar')}" for path in (ROOT / "grammar").rglob("*.yaml")
    }
    expected |= {
        f"neverask/grammar/{path.relative_to(ROOT / 'grammar')}" for path in (ROOT / "grammar").rglob("*.lark")
    }
    expected |= {f"neverask/policies/{path.name}" for path in (ROOT / "policies").glob("*.*") if path.suffix != ".py"}
    expected |= {"neverask/py.typed"}
    missing = sorted(name for name in expected - names if "__pycache__" not in name)
    assert not missing, "not in the wheel: is the package listed in setup.cfg?"
    assert len(LANGUAGES) >= 7


@pytest.mark.network
def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"neverask"}


def test_importing_the_folder_under_its_own_name_is_refused() -> None:
    command = [sys.executable, "-c", "import linter"]
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert run.returncode != 0
    assert "this folder is the package 'neverask'" in run.stderr


def test_ci_tests_what_was_installed() -> None:
    import neverask

    if os.environ.get("NEVERASK_TEST_WHEEL"):
        assert not Path(neverask.__file__).resolve().is_relative_to(ROOT / "linter")
    assert neverask.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_run_starts_without_what_it_does_not_need() -> None:
    """Heavy modules are imported where they are used; this list is what a check of YAML may not load."""
    code = "import sys; from neverask.engine import check; check(['replies']); print(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": ""}
    for _ in range(2):  # the first run compiles the packs
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT / "examples",
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    loaded = set(run.stdout.split())
    assert "neverask.engine" in loaded
    assert not loaded & {"jsonschema", "lark", "openpyxl", "xml.etree.ElementTree", "importlib.metadata"}


def test_a_second_run_loads_neither_readers_nor_grammars(tmp_path: Path) -> None:
    replies = [{"id": f"r{n}", "text": "Kunt u ons uw IBAN doorgeven? Bel anders 0800 1234."} for n in range(3)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    code = (
        "import sys, click; before = set(sys.modules);"  # click loads subprocess by itself in Python 3.10
        "from neverask.engine import check; report = check(['replies.json'], cached=True);"
        "print(len(report.findings), *sorted(set(sys.modules) - before))"
    )
    environment = {**os.environ, "NEVERASK_CACHE": str(tmp_path / "cache")}
    said = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert said[0][0] == said[1][0] != "0"
    assert "stdnum" not in said[0], "no value in these texts has a checksum"
    assert "neverask.checking" in said[0]
    unwanted = {"yaml", "neverask.checking", "neverask.conversation", "neverask.language.pack", "pkgutil", "subprocess"}
    assert not unwanted & set(said[1])
