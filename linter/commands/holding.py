"""Which policy holds for what a command speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .refusing import refusals
from .telling import tell

if TYPE_CHECKING:
    from ..policy.model import Policy

_MOST_NAMED = 5
"""So many policies of folders below are named."""


def policy_here(name: str | None) -> Policy:
    """The policy that was named, else the one that holds in this folder; the command ends where it can't be used.

    Where a bundled one holds though there are others to which the command may be meant to speak, that is told.
    """
    from ..files import FILE_NAME
    from ..in_force import Policies

    with refusals():
        of = Policies(name).of(FILE_NAME)
    if name is None and of.files and of.files[-1].is_bundled:
        for note in _beside(of.name.split()[0]):
            tell(note)
    return of


def _beside(bundled: str) -> Iterator[str]:
    """What may be meant in the place of a bundled policy: a file of another name, those of the folders below."""
    from os.path import abspath, basename

    from ..files import FILE_NAME, misnamed, misnaming, walk

    meant = misnamed([abspath(".")])
    if meant:
        yield misnaming(meant)
    below = [path for path in walk(["."]).files if basename(path) == FILE_NAME]
    if below:
        named = ", ".join([f"'{path}'" for path in below[:_MOST_NAMED]] + ["…"] * (len(below) > _MOST_NAMED))
        yield (
            f"no neverask.yaml found in this folder or above it: this is the bundled policy '{bundled}'. "
            f"Below it there is {named}: name the one that you mean"
        )
