"""Read replies with a gap for a datum, each with every datum, and print which replies and which data are misread.

usage: python tools/matrix.py FILE...

A reply that is misread with most data shows a construction that is missing; one that is misread with a few, a word or
a phrase that stands for the datum. The form of a file is that of tests/language/matrix; its name begins with the code
of its language.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import matrices

SHOWN = 8
"""How many of the data with which a reply is misread are printed."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        report(path)
    return 0


def report(path: Path) -> None:
    """Print what of a file is misread, the worst first."""
    replies, data = matrices.read(path)
    wrong: dict[matrices.Reply, list[str]] = {}
    by_datum: collections.Counter[str] = collections.Counter()
    for reply in replies:
        for datum in data:
            asked = matrices.misread(reply, datum, matrices.code_of(path))
            if asked is not None:
                wrong.setdefault(reply, []).append(f"{datum.name} -> {', '.join(sorted(asked)) or 'nothing'}")
                by_datum[datum.name] += 1
    for reply, cases in sorted(wrong.items(), key=lambda pair: -len(pair[1])):
        print(f"{len(cases):3}/{len(data)} {'asks' if reply.asks else 'asks nothing'}: {reply.text!r}")
        print("        " + "; ".join(cases[:SHOWN]) + (" …" if len(cases) > SHOWN else ""))
    for name, count in by_datum.most_common(SHOWN):
        print(f"{count:3}/{len(replies)} {name}")
    misread = sum(map(len, wrong.values()))
    print(f"{path.name}: {len(replies) * len(data)} texts, {misread} misread")


if __name__ == "__main__":
    sys.exit(main())
