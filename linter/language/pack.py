"""A language pack ready for use: lexicon, constructions, weights. Compiled once, then read from a cache.

The cache holds plain data (marshal: no code can be in it) under a name made of the content of the grammar files and
the version, so that it can't be stale; where nothing can be written neverask works without it.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import resources
from .lexicon import Lexicon, LexiconError
from .proposals import Construction

_FORMAT = 4


class Pack:
    """One language: ``lexicon`` tags a text, ``constructions`` are looked for in the tags, ``weights`` count them."""

    __slots__ = ("abbreviations", "code", "common", "constructions", "english", "lexicon", "name", "weights")

    def __init__(self, code: str, compiled: dict[str, Any]) -> None:
        self.code = code
        self.name: str = compiled["name"]
        self.english: str = compiled["english"]
        self.abbreviations = frozenset(compiled["abbreviations"])
        self.common = frozenset(compiled["common"])
        self.lexicon = Lexicon(compiled["root"], compiled["meanings"], compiled["clitics"])
        self.constructions: list[Construction] = [
            (name, re.compile(pattern), frozenset(needs)) for name, pattern, needs in compiled["constructions"]
        ]
        self.weights: dict[str, float] = compiled["weights"]


@lru_cache(maxsize=None)
def load(code: str) -> Pack:
    """The pack of a language. Raises LexiconError for a pack that can't be read."""
    return Pack(code, _compiled(code))


def _texts(code: str) -> dict[str, str]:
    names = ["tags.lark", "request.lark", "weights.yaml"]
    names += [f"{code}/{name}" for name in ("words.yaml", "data.yaml", "request.lark", "weights.yaml")]
    return {name: resources.grammar(name) for name in names if resources.has_grammar(name)}


def _compiled(code: str) -> dict[str, Any]:
    import hashlib

    from .. import __version__

    texts = _texts(code)
    digest = hashlib.blake2b(digest_size=16)
    for part in (__version__, str(_FORMAT), sys.implementation.cache_tag or "", *[x for pair in sorted(texts.items()) for x in pair]):
        digest.update(part.encode())
        digest.update(b"\0")
    path = cache_folder() / f"{code}-{digest.hexdigest()}.bin"
    try:
        compiled = marshal.loads(path.read_bytes())
        if isinstance(compiled, dict) and compiled.get("format") == _FORMAT:
            return compiled
    except (OSError, ValueError, EOFError, TypeError):
        pass
    compiled = compile_pack(code, texts)
    write_cache(path, marshal.dumps(compiled))
    return compiled


def cache_folder() -> Path:
    """Where compiled grammars are kept: $NEVERASK_CACHE, else the user's cache folder."""
    own = os.environ.get("NEVERASK_CACHE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "neverask"


def write_cache(path: Path, data: bytes) -> None:
    """Write a cache file whole or not at all; a folder that can't be written is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError:
        pass


def compile_pack(code: str, texts: dict[str, str]) -> dict[str, Any]:
    """The plain data of a pack from the texts of its files, by name. Raises LexiconError."""
    import yaml

    from .lexicon import compile_lexicon
    from .tagset import constructions, needed, tags

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def parsed(name: str) -> dict[str, Any]:
        if name not in texts:
            return {}
        try:
            value = yaml.load(texts[name], loader)
        except yaml.YAMLError as error:
            raise LexiconError(f"grammar/{name}: {error}") from None
        return value if isinstance(value, dict) else {}

    language, data = parsed(f"{code}/words.yaml"), parsed(f"{code}/data.yaml")
    if not data:
        raise LexiconError(f"grammar/{code}/data.yaml is missing or empty")
    names = tags(texts["tags.lark"])
    root, meanings = compile_lexicon(language, data, names)
    own = f"{code}/request.lark"

    def source(name: str) -> str:
        return texts[name if name.endswith(".lark") else name + ".lark"]

    found = constructions(texts["request.lark"], source)
    if own in texts:
        found += [item for item in constructions(texts[own], source) if item not in found]
    weights = {**_weights(parsed("weights.yaml"))}
    for name, weight in _weights(parsed(f"{code}/weights.yaml")).items():
        weights[name] = weights.get(name, 0.0) + weight
    return {
        "format": _FORMAT,
        "name": str(language.get("name", code)),
        "english": str(language.get("english", code)),
        "abbreviations": [str(word).strip(".").lower() for word in language.get("abbreviations") or ()],
        "common": [str(word).lower() for word in language.get("common") or ()],
        "clitics": [str(clitic) for clitic in language.get("clitics") or ()],
        "root": root,
        "meanings": meanings,
        "constructions": [(name, pattern, sorted(needed(pattern))) for name, pattern in found],
        "weights": weights,
    }


def _weights(value: dict[str, Any]) -> dict[str, float]:
    return {str(name): float(weight) for name, weight in (value.get("weights") or {}).items()}
