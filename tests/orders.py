"""The sentences of language/orders.yaml, situations, hosts and names, for their tests and for tools/train.py."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ORDERS = Path(__file__).parent / "language" / "orders.yaml"
HOSTS = Path(__file__).parent / "language" / "hosts"
NAMES = Path(__file__).parent / "language" / "names"
SITUATIONS = Path(__file__).parent / "language" / "situations"


class Order(NamedTuple):
    """A sentence of a ``kind`` ("asks", "held_tells" ...), and the category of the datum in it."""

    kind: str
    text: str
    category: str


def languages() -> dict[str, Any]:
    """What the file holds, by language."""
    of: dict[str, Any] = yaml.safe_load(ORDERS.read_text(encoding="utf-8"))
    return of


def sentences(of: dict[str, Any], kinds: tuple[str, ...], step: int) -> Iterator[Order]:
    """Every verb in every frame of some kinds of a language, each time with one datum in ``step`` of them."""
    data = list(of["data"].items())
    for kind in kinds:
        purposes = of["held_purposes" if kind.startswith("held_") else "purposes"]
        for nth, frame in enumerate(of[kind]):
            for number, verb in enumerate(of["verbs"]):
                forms = dict(zip(of["forms"], verb, strict=True))
                forms["I"] = forms["i"][0].upper() + forms["i"][1:]
                for way, (said, category) in enumerate(data[(number + nth) % step :: step]):
                    purpose = purposes[(number + way) % len(purposes)]
                    yield Order(kind, frame.format(**forms, d=said, u=purpose), category)


def situations() -> list[tuple[str, str, dict[str, Any]]]:
    """What each of the files of language/situations holds, with its language and the number of its series."""
    paths = sorted(SITUATIONS.glob("*.yaml"))
    return [(path.stem[:2], path.stem[3:] or "1", yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths]


def situated(of: dict[str, Any], kinds: tuple[str, ...]) -> Iterator[Order]:
    """Every frame of some kinds of a language with every datum."""
    for kind in kinds:
        for frame in of.get(kind, ()):
            for category, *said in of["data"]:
                yield Order(kind, _begun(frame.format(**dict(zip(of["forms"], said, strict=True)))), category)


@cache
def _names(code: str) -> dict[str, Any]:
    path = NAMES / f"{code}.yaml"
    of: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return of


def named(code: str, kind: str) -> Iterator[Order]:
    """What data are called in a language: ``asks`` and ``tells``, each name in one frame; ``questions``; ``benign``."""
    of = _names(code)
    if kind == "questions":
        yield from (Order(kind, text, category) for category, texts in of.get(kind, {}).items() for text in texts)
        return
    names = [(category, name) for category, names in of.get("names", {}).items() for name in names]
    if kind == "benign":
        names = [("", name) for name in of.get(kind, ())]
    for number, (category, name) in enumerate(names):
        frames = of["tells" if kind == "tells" else "asks"]
        yield Order(kind, frames[number % len(frames)].replace("{x}", name), category)


@cache
def hosts(code: str, kind: str = "hosts") -> list[str]:
    """Replies of a language with a gap into which any sentence may go; none if there is no file of them."""
    path = HOSTS / f"{code}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))[kind] if path.exists() else []


def hosted(host: str, text: str) -> str:
    """A sentence in the gap of a reply."""
    return host.replace("{s}", _begun(text))


def _begun(text: str) -> str:
    """The text with its first letter as a capital."""
    at = next(at for at, character in enumerate(text) if character.isalpha())
    return text[:at] + text[at].upper() + text[at + 1 :]
