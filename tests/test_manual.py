"""The man page has every command and option, and man shows it without complaint."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import click
import pytest
from neverask.cli import main


def test_it_has_every_command_and_option(neverask: Callable[..., Any]) -> None:
    page = neverask("man").out
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None and f'.SS "neverask {name}' in page
        for parameter in command.params:
            for option in parameter.opts if isinstance(parameter, click.Option) else ():
                assert option.replace("-", "\\-") in page


@pytest.mark.parametrize("program", ["mandoc", "groff", "man"])
def test_it_is_shown(program: str, neverask: Callable[..., Any], tmp_path: Any) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    path = tmp_path / "neverask.1"
    path.write_text(neverask("man").out, encoding="utf-8")
    arguments = {"mandoc": ["-Tlint", "-Wwarning"], "groff": ["-man", "-Tutf8", "-ww"], "man": ["--warnings", "-l"]}
    run = subprocess.run([program, *arguments[program], str(path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    if program != "mandoc":
        assert "--staged" in run.stdout and not run.stderr
