"""Where the grammars and policies are. No other module knows."""

from __future__ import annotations

from importlib.resources import files


def grammar(name: str) -> str:
    """The text of a file below ``grammar/``, such as ``nl/request.lark``."""
    return files("neverask.grammar").joinpath(name).read_text(encoding="utf-8")


def languages() -> list[str]:
    """Codes of the languages that have a folder below ``grammar/``, sorted."""
    root = files("neverask.grammar")
    return sorted(
        folder.name for folder in root.iterdir() if folder.is_dir() and folder.joinpath("data.yaml").is_file()
    )


def policy(name: str) -> str:
    """The text of a file below ``policies/``, such as ``whatsapp.yaml``."""
    return files("neverask.policies").joinpath(name).read_text(encoding="utf-8")


def policies() -> list[str]:
    """Names of the bundled policies, sorted."""
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in files("neverask.policies").iterdir()
        if entry.name.endswith(".yaml")
    )


def has_grammar(name: str) -> bool:
    """Whether there is a file of that name below ``grammar/``."""
    return files("neverask.grammar").joinpath(name).is_file()
