"""The commands: each is found by its name, and none is imported before it is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import click
import pytest
from neverask import commands
from neverask.cli import main
from neverask.commands.asked import Asked
from neverask.commands.check import check


def test_every_command_of_the_folder_is_listed() -> None:
    names = [module.name for module in iter_modules(commands.__path__)]
    modules = {name: import_module(f"neverask.commands.{name}") for name in names}
    offered = {name for name, module in modules.items() if isinstance(getattr(module, name, None), click.Command)}
    assert offered == set(commands.NAMES)
    assert len(commands.NAMES) == len(offered)
    assert set(commands.SERVING) <= offered


@pytest.mark.parametrize("name", commands.NAMES)
def test_a_command_is_called_what_it_is_found_by(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.name == name
    assert command.get_short_help_str()


def test_there_is_no_other_command() -> None:
    for name in ("telling", "speaking", "os", ""):
        assert main.get_command(click.Context(main), name) is None


def test_a_check_is_asked_by_the_names_of_its_options() -> None:
    assert sorted(Asked.__annotations__) == sorted(str(option.name) for option in check.params if option.expose_value)


@pytest.mark.parametrize("name", commands.NAMES)
def test_an_option_that_names_nothing_is_refused(name: str) -> None:
    """A variable of a script that is not set: the check went on, by another policy."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag:
            with pytest.raises(click.BadParameter):
                option.process_value(click.Context(command), "")


@pytest.mark.parametrize("name", commands.NAMES)
def test_a_hyphen_is_no_file_to_write(name: str) -> None:
    """`baseline -o -` wrote a file of that name."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    given = {"output": "-", "also": ["html=-"]}
    for option in command.params:
        if option.name in given:
            with pytest.raises(click.BadParameter):
                option.process_value(click.Context(command), given[option.name])


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that a command leaves loaded."""
    code = (
        "import atexit, os, sys; from neverask.cli import main;"
        "atexit.register(lambda: print(*sorted(sys.modules), file=open('loaded', 'w')));"
        "main(sys.argv[1:])"
    )
    environment = {**os.environ, "NEVERASK_CACHE": str(folder / "cache")}
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, env=environment, capture_output=True)
    return set((folder / "loaded").read_text(encoding="utf-8").split())


def test_a_command_is_loaded_alone(tmp_path: Path) -> None:
    found = loaded(tmp_path, "schema")
    assert "neverask.commands.schema" in found
    assert not found & {f"neverask.commands.{name}" for name in commands.NAMES if name != "schema"}


def test_what_is_said_again_needs_no_run(tmp_path: Path) -> None:
    replies = {"replies": [{"id": "a", "text": "What is your IBAN?"}]}
    (tmp_path / "replies.json").write_text(json.dumps(replies), encoding="utf-8")
    (tmp_path / "neverask.yaml").write_text("neverask: 1\nextends: [whatsapp]\n", encoding="utf-8")
    first, second = (loaded(tmp_path, "check", "replies.json") for _ in range(2))
    run = {"neverask.commands.running", "neverask.engine", "neverask.reporters", "dataclasses"}
    assert run <= first
    assert not run & second
    anew = loaded(tmp_path, "check", "--no-cache", "replies.json")
    assert run <= anew
    assert not {"lark", "_hashlib"} & anew  # what compiles, and OpenSSL: both take longer


def test_words_of_the_command_line_are_read_without_a_locale_too(tmp_path: Path) -> None:
    """Python keeps each byte of them as half a character there: no word with an accent was known."""
    bare = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for arguments in (("inspect", "¿Nos da su contraseña?"), ("explain", "contraseña")):
        command = [sys.executable, "-m", "neverask", *arguments]
        told = {
            subprocess.run(command, cwd=tmp_path, env={**os.environ, **extra}, capture_output=True, check=True).stdout
            for extra in (bare, {"LC_ALL": "C.UTF-8"})
        }
        assert len(told) == 1 and b"password" in told.pop()


@pytest.mark.parametrize("option", ["--policy", "--diff", "--output"])
def test_an_option_of_which_one_can_count_is_given_once(
    option: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Of two policies the last one held, and nobody was told."""
    (tmp_path / "a.yaml").write_text("replies:\n  - {id: a, text: Hello.}\n")
    run = neverask("check", option, "one.json", option, "two.json", cwd=tmp_path)
    assert run.status == 2 and "one.json, two.json: only one of these can count" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_a_name_that_nothing_has_is_told_in_dutch(neverask: Callable[..., Any], tmp_path: Path) -> None:
    rules = "".join(f"  rule-{n}: {{rule: forbid asking for pin on sms}}\n" for n in range(20))
    (tmp_path / "neverask.yaml").write_text(f"neverask: 1\nrules:\n{rules}")
    run = neverask("explain", "nonsense", "--lang", "nl", cwd=tmp_path)
    assert run.status == 2 and run.err.startswith("het beleid neverask.yaml heeft geen regel 'nonsense'")
