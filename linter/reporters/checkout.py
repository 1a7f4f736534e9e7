"""Paths as a server knows them, which names files from the top of a repository wherever in it a job runs."""

from __future__ import annotations

import os

from ..files import CHECKOUTS


def from_top(path: str) -> str:
    """A path as it is from the top of the checkout that a job on GitHub or GitLab runs in; else as it is."""
    for name in CHECKOUTS:
        top = os.environ.get(name)
        if top:
            full = os.path.join(os.path.realpath(os.curdir), path)
            inside = os.path.relpath(full, os.path.realpath(top))
            if inside.split(os.sep)[0] != os.pardir:
                return inside
    return path
