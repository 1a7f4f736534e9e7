"""Which policy holds for what a command speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .refusing import refusals

if TYPE_CHECKING:
    from ..policy.model import Policy


def policy_here(name: str | None) -> Policy:
    """The policy that was named, else the one that holds in this folder; the command ends where it can't be used."""
    from ..engine import Policies
    from ..files import FILE_NAME

    with refusals():
        return Policies(name).of(FILE_NAME)
