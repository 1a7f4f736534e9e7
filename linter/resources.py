"""Where the grammars, policies and parts of pages are. No other module knows."""

from __future__ import annotations

import os
from functools import lru_cache


class PackError(ValueError):
    """A language's folder below ``grammar/`` holds a mistake; the message names the file and the words."""


@lru_cache(maxsize=2)
def folder_of(package: str) -> str:
    """The folder of a package of data. (importlib.resources would take longer to load than all the files.)"""
    from importlib import import_module

    return next(iter(import_module(package).__path__))


def _read(package: str, name: str) -> str:
    try:
        with open(os.path.join(folder_of(package), *name.split("/")), encoding="utf-8", newline=None) as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        from importlib.resources import files  # the package may be in a zip file

        return files(package).joinpath(name).read_text(encoding="utf-8")


def grammar(name: str) -> str:
    """The text of a file below ``grammar/``, such as ``nl/request.lark``."""
    return _read("neverask.grammar", name)


def has_grammar(name: str) -> bool:
    """Whether there is a file of that name below ``grammar/``."""
    if os.path.isfile(os.path.join(folder_of("neverask.grammar"), *name.split("/"))):
        return True
    from importlib.resources import files

    return files("neverask.grammar").joinpath(name).is_file()


def formality(code: str) -> str:
    """The text of a language's ``formality.yaml``, "" where texts in it are not told apart by it."""
    name = f"{code}/formality.yaml"
    return grammar(name) if code and has_grammar(name) else ""


def languages() -> list[str]:
    """Codes of the languages that have a folder below ``grammar/``, sorted."""
    return list(_languages(folder_of("neverask.grammar")))


@lru_cache(maxsize=2)
def _languages(folder: str) -> tuple[str, ...]:
    if os.path.isdir(folder):
        found = [name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, "data.yaml"))]
    else:
        from importlib.resources import files

        entries = files("neverask.grammar").iterdir()
        found = [one.name for one in entries if one.is_dir() and one.joinpath("data.yaml").is_file()]
    return tuple(sorted(found))


def policy(name: str) -> str:
    """The text of a file below ``policies/``, such as ``whatsapp.yaml``."""
    return _read("neverask.policies", name)


def page(name: str) -> str:
    """The text of a style or script of the pages, such as ``base.css``."""
    return _read("neverask.pages", name)


def briefs() -> list[str]:
    """Codes of the languages that ``policies/briefs`` has words in, sorted."""
    return _yaml_files("briefs")


def policies() -> list[str]:
    """Names of the bundled policies, sorted."""
    return _yaml_files("")


def _yaml_files(below: str) -> list[str]:
    folder = os.path.join(folder_of("neverask.policies"), below)
    if os.path.isdir(folder):
        names = os.listdir(folder)
    else:
        from importlib.resources import files

        names = [entry.name for entry in files("neverask.policies").joinpath(below).iterdir()]
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))
