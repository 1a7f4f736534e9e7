"""``neverask init``: a policy file to begin with, and a hook of git."""

from __future__ import annotations

import os
import sys
from shlex import quote

import click

from .refusing import refusals
from .speaking import in_language, language
from .telling import fail, say, tell
from .writing import write

_FOUND = "command=$(command -v neverask || echo "


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False), default=".")
@click.option("--dry-run", is_flag=True, help="Print the policy file instead of writing it.")
@click.option("--force", is_flag=True, help="Write over a policy file that is there already.")
@click.option("--hook", is_flag=True, help="Also have git refuse commits with findings ('neverask check --staged').")
@in_language
def init(folder: str, dry_run: bool, force: bool, hook: bool) -> None:
    """Look at a folder and write a policy file to begin with.

    Says which exports were recognised, proposes languages, channels, safe places, and how to read the files that no
    reader knows.
    """
    hook_file = _hook_file(folder) if hook else ""
    target = _target(folder, may_be_there=dry_run or force or hook)
    if hook and os.path.lexists(target) and not dry_run and not force:
        tell(f"{target} is there already and stays as it is", err=False)
        _write_hook(hook_file)
        return
    text, said = _proposed(folder, target)
    click.echo(say(said), nl=False, err=dry_run)
    if dry_run:
        click.echo(text, nl=False)
        return
    write(target, text)
    tell(f"wrote {target}; now: neverask check {quote(folder)}", err=False)
    if hook_file:
        _write_hook(hook_file)


def _hook_file(folder: str) -> str:
    """Where the hook is to stand; the command ends where there can't be one, or is one already that others wrote."""
    from ..repository import hooks
    from ..source import SourceError

    try:
        path = os.path.join(hooks(folder), "pre-commit")
    except SourceError as error:
        fail(error.reason)
    if os.path.lexists(path) and not _is_ours(path):
        fail(f"{path} is there already: add the line 'neverask check --staged || exit 1' to it")
    return path


def _target(folder: str, may_be_there: bool) -> str:
    """Where the policy is to stand."""
    from ..files import FILE_NAME

    path = os.path.join(folder, FILE_NAME)
    if os.path.lexists(path) and not may_be_there:
        fail(f"{path} is there already: 'neverask check' uses it; --force writes it anew, --dry-run prints it")
    return path


def _proposed(folder: str, target: str) -> tuple[str, str]:
    """A policy that can be used, and what there is to say about the folder."""
    from ..initial import policy_text, survey, told
    from ..policy.load import load
    from ..readers import known

    with refusals():
        found = survey(folder)
        text = policy_text(found, language())
        load(target, text)
    return text, told(found, {reader.NAME: reader.TITLE for reader in known()})


def _write_hook(path: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write(path, _hook())
    os.chmod(path, 0o755)
    said = "git refuses a commit with findings (git commit --no-verify does it anyway)"
    tell(f"wrote {path}: {said}", err=False)


def _is_ours(path: str) -> bool:
    """Whether a hook is the one that is written here, but for the place of the program: nobody has added to it."""
    try:
        with open(path, encoding="utf-8") as file:
            there = file.read().splitlines()
    except (OSError, UnicodeError):
        return False
    ours = _hook().splitlines()
    return len(there) == len(ours) and all(
        one == other or (one.startswith(_FOUND) and other.startswith(_FOUND))
        for one, other in zip(there, ours, strict=True)
    )


def _hook() -> str:
    """A hook of git: it finds neverask where no environment is active too, and leaves out what a baseline knows."""
    from ..baseline import FILE_NAME

    return (
        "#!/bin/sh\n# written by 'neverask init --hook'\n"
        f"{_FOUND}{quote(os.path.abspath(sys.argv[0]))})\n"
        f'[ -f {FILE_NAME} ] && set -- --baseline {FILE_NAME}\nexec "$command" check --staged "$@"\n'
    )
