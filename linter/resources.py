"""Where the grammars and policies are. No other module knows."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Traversable


def _grammars() -> Traversable:
    return files("neverask.grammar")


def _policies() -> Traversable:
    return files("neverask.policies")


def grammar(name: str) -> str:
    """The text of a file below ``grammar/``, such as ``nl/request.lark``."""
    return _grammars().joinpath(name).read_text(encoding="utf-8")


def has_grammar(name: str) -> bool:
    """Whether there is a file of that name below ``grammar/``."""
    return _grammars().joinpath(name).is_file()


def languages() -> list[str]:
    """Codes of the languages that have a folder below ``grammar/``, sorted."""
    return sorted(
        folder.name for folder in _grammars().iterdir() if folder.is_dir() and folder.joinpath("data.yaml").is_file()
    )


def policy(name: str) -> str:
    """The text of a file below ``policies/``, such as ``whatsapp.yaml``."""
    return _policies().joinpath(name).read_text(encoding="utf-8")


def briefs() -> list[str]:
    """Codes of the languages that ``policies/briefs`` has words in, sorted."""
    folder = _policies().joinpath("briefs")
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def policies() -> list[str]:
    """Names of the bundled policies, sorted."""
    return sorted(entry.name.removesuffix(".yaml") for entry in _policies().iterdir() if entry.name.endswith(".yaml"))
