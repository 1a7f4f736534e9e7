#!/usr/bin/env python3
"""Presidio with a list of terms and no model of a language: prints each term that it finds, one a line.

usage: presidio_terms.py TERMS.txt FILE_OR_FOLDER     (JSON, JSON Lines, or a folder of YAML files)
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from presidio_analyzer import PatternRecognizer


def documents(path: Path) -> Iterator[object]:
    if path.is_dir():
        for file in sorted(path.rglob("*.yml")):
            yield from documents(file)
    elif path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    elif path.suffix == ".json":
        yield json.loads(path.read_text(encoding="utf-8"))
    else:
        yield yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def main() -> None:
    terms = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    recogniser = PatternRecognizer(supported_entity="TERM", deny_list=terms)
    for document in documents(Path(sys.argv[2])):
        for text in texts(document):
            for found in recogniser.analyze(text, ["TERM"]):
                print("TERM", text[found.start : found.end])


if __name__ == "__main__":
    main()
