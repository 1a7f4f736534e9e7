#!/usr/bin/env python3
"""Prints docs/dependencies.md: what is installed beside neverask in an environment, with licences, versions left out.

usage: tools/dependencies.py ENVIRONMENT/bin/python > docs/dependencies.md
"""

from __future__ import annotations

import subprocess
import sys

_LIST = """
from importlib.metadata import distributions
for one in distributions():
    meta = one.metadata
    said = [c.split(" :: ")[-1] for c in meta.get_all("Classifier") or () if c.startswith("License")]
    licence = meta.get("License-Expression") or ", ".join(said) or (meta.get("License") or "?").splitlines()[0]
    print(meta["Name"], licence, meta.get("Summary") or "", sep="\\t")
"""


def main() -> None:
    run = subprocess.run([sys.argv[1], "-c", _LIST], capture_output=True, text=True, check=True)
    rows = sorted({tuple(line.split("\t")) for line in run.stdout.splitlines()}, key=lambda row: row[0].lower())
    print(
        "# Dependencies\n\nWhat `pip install neverask[xlsx]` installs, with licences.\n"
        "Made by `tools/dependencies.py`.\n"
    )
    print("| Package | Licence | What it is |\n|---|---|---|")
    for name, licence, summary in rows:
        if name.lower() not in ("neverask", "pip", "setuptools", "wheel"):
            print(f"| {name} | {licence} | {summary} |")


if __name__ == "__main__":
    main()
