"""False alarms of seeing through disguises: innocent texts that count as asking only because of it.

    python tools/seen_through.py FOLDER [--texts 2000] [--seed 1]

Takes texts from a folder of exports that say nothing of data when they are read as they are written, in all languages,
the same ones at every run, and prints those that ask for data once disguised words are seen through: whether such a
text is innocent is for a person to say. The exit status is 1 where there are more than --most of them.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest import mock

from neverask.inspecting import answer
from neverask.language import disguise
from neverask.language.identify import identify
from neverask.markup import characters
from neverask.report import Report
from neverask.seen import conversations

_OF_A_FILE = 20
_HARMLESS = {"unknown", "location", "email", "phone", "name", "home-address"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=2)
    chosen = parser.parse_args(arguments)
    looked = alarms = 0
    seen: set[str] = set()
    for text in texts(chosen.folder, random.Random(chosen.seed)):
        if looked == chosen.texts:
            break
        code = identify(text)
        if not code or text in seen:
            continue
        seen.add(text)
        if as_written(lambda text=text, code=code: asked(text, code)):
            continue  # it asks openly
        looked += 1
        data = asked(text, code)
        if data:
            alarms += 1
            print(f"{code} {', '.join(sorted(data))}: {' '.join(text.split())[:300]}")
    print(f"{looked} texts, {alarms} of them ask only once they are seen through")
    return int(alarms > chosen.most)


def texts(folder: Path, rng: random.Random) -> Iterator[str]:
    """Texts for customers from the exports of a folder, a few of each file."""
    files = sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    rng.shuffle(files)
    for path in files:
        for conversation in conversations(path, Report()):
            found = [message.text for message in conversation.messages if len(message.text.split()) > 3]
            yield from rng.sample(found, min(_OF_A_FILE, len(found)))


def asked(text: str, code: str) -> set[str]:
    """The data that a text asks for and that a policy may forbid."""
    return {act["data"] for act in answer(text, code)["acts"] if act["act"] == "request"} - _HARMLESS


def as_written(do: Callable[[], set[str]]) -> set[str]:
    """What is done while nothing is seen through."""
    with (
        mock.patch.object(disguise, "seen_through", lambda *_: None),
        mock.patch.object(characters, "look_alike_edits", lambda _: []),
        mock.patch.object(characters, "spaced_edits", lambda _: []),
    ):
        return do()


if __name__ == "__main__":
    sys.exit(main())
