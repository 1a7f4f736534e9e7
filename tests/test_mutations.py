"""Every reader on mutated documents of its own format: messages or one clear error, never a mistake of ours."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from reading import READERS, read, samples

ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "\x00", "\ud800", "a" * 300, "{{x}}", "<p>", [], {}, [[]], [None],
    {"": None}, {"a": {"b": []}}, [1, "x", {}], "IBAN", "2024-01-01",
]  # fmt: skip
_SMALL = 60_000


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        if value:
            yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from containers(item)


def mutated(value: Any, rng: random.Random) -> Any:
    """The value with a few parts replaced, left out, doubled or put elsewhere."""
    value = json.loads(json.dumps(value))
    for _ in range(rng.randint(1, 4)):
        places = list(containers(value))
        if not places:
            return deepcopy(rng.choice(ODD))
        place = rng.choice(places)
        key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
        action = rng.randrange(5)
        if action == 0:
            del place[key]
        elif action == 1:
            place[key] = [place[key]]
        elif action == 2 and isinstance(place, dict):
            place[str(rng.choice(ODD))[:20]] = place.pop(key)
        elif action == 3:
            other = rng.choice(places)
            place[key] = json.loads(json.dumps(rng.choice(list(other.values() if isinstance(other, dict) else other))))
        else:
            place[key] = deepcopy(rng.choice(ODD))  # what is put in may be changed in turn
    return value


def loaded(path: Path, data: bytes) -> Any:
    """The value of a document that JSON can say (YAML takes it, too); None of any other."""
    try:
        if path.suffix == ".json":
            return json.loads(data)
        if path.suffix in (".yaml", ".yml"):
            return json.loads(json.dumps(yaml.safe_load(data)))
    except (ValueError, TypeError, yaml.YAMLError):
        pass
    return None


def bytes_mutated(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(changed) + 1)
        action = rng.randrange(4)
        if action == 0:
            del changed[at : at + rng.randint(1, 20)]
        elif action == 1:
            changed[at:at] = rng.choice(
                [b"\x00", b"\xff", b'"', b"{", b"]", b"\n", b"\t", b": ", b"- ", b"\xf0\x9f", b"&a *a"]
            )
        elif action == 2:
            other = rng.randrange(len(changed) + 1)
            changed[at:at] = changed[other : other + rng.randint(1, 200)]
        elif at < len(changed):
            changed[at] = rng.randrange(256)
    return bytes(changed)


SAMPLES = {folder.name: samples(folder.name, _SMALL) for folder in sorted(READERS.iterdir()) if folder.is_dir()}
SAMPLES = {name: paths for name, paths in SAMPLES.items() if paths}


@pytest.mark.parametrize("name", SAMPLES)
@settings(
    max_examples=int(os.environ.get("NEVERASK_EXAMPLES", "25")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_mutated_documents(name: str, seed: int) -> None:
    rng = random.Random(seed)
    path = rng.choice(SAMPLES[name])
    data = path.read_bytes()
    value = loaded(path, data)
    if value is not None and rng.random() < 0.7:
        data = json.dumps(mutated(value, rng)).encode("utf-8", "surrogatepass")
    else:
        data = bytes_mutated(data, rng)
    read(path.name, data)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_value_of_another_kind(name: str) -> None:
    """A list or a mapping in the place of a name is no key of a table; a text in the place of a list has no entries."""
    rng = random.Random(name)
    for path in rng.sample(SAMPLES[name], min(5, len(SAMPLES[name]))):
        value = loaded(path, path.read_bytes())
        places = [
            (place, key)
            for place in containers(value)
            for key in (place if isinstance(place, dict) else range(len(place)))
        ]
        for place, key in rng.sample(places, min(30, len(places))):
            kept = place[key]
            for other in ([kept], {"value": kept}, "x" if isinstance(kept, (dict, list)) else 7, None):
                place[key] = other
                read(path.name, json.dumps(value).encode("utf-8", "surrogatepass"))
            place[key] = kept
