"""A folder of exports, one subfolder a format: what was read, counted per format, and texts beside their raw source.

    python tools/corpus.py FOLDER                      # a table: files, messages, left out, not in the file
    python tools/corpus.py FOLDER zendesk --spot 20    # twenty messages with the raw lines they were taken from
    python tools/corpus.py FOLDER --expected FILE      # JSON lines {"file", "line", "verdict"}: found or not

A traceback of a reader or rule is printed and makes the exit status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from neverask import engine
from neverask.conversation import Conversation
from neverask.files import walk
from neverask.outcome import Unread
from neverask.report import Report
from neverask.rules.paths import Walk
from neverask.seen import conversations

_FAILED = "neverask made a mistake here"


def main(arguments: Sequence[str] | None = None) -> int:
    """Counts, spot checks or a comparison; 1 when something could not be read for a mistake of ours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("formats", nargs="*", help="subfolders; all when none is named")
    parser.add_argument("--spot", type=int, default=0, metavar="N")
    parser.add_argument("--expected", type=Path)
    parser.add_argument("--policy", default="whatsapp")
    chosen = parser.parse_args(arguments)
    formats = chosen.formats or sorted(path.name for path in chosen.folder.iterdir() if path.is_dir())
    if chosen.expected:
        return compare(chosen.folder, chosen.expected, formats, chosen.policy)
    if chosen.spot:
        for name in formats:
            spot(chosen.folder / name, chosen.spot)
        return 0
    return count(chosen.folder, formats)


def _read(folder: Path) -> tuple[list[Conversation], Report, int]:
    """All that is in a folder. A bot of several files is read once, as the command does."""
    report = Report((str(folder),))
    files, missing, _ = walk([str(folder)])
    report.unread = [Unread(*one) for one in missing]
    found: list[Conversation] = []
    done: set[str] = set()
    for path in files:
        if path not in done:
            for conversation in conversations(path, report):
                done.update(document.source.file for document in conversation.documents)
                found.append(conversation)
    return found, report, len(files)


def count(folder: Path, formats: Sequence[str]) -> int:
    """The table."""
    failed = 0
    print(
        "| format | files | bots | claimed | messages | captures | edges | unreachable | left out | not in the file "
        "| no reader | unreadable |"
    )
    print("|---" * 12 + "|")
    for name in formats:
        conversations, report, files = _read(folder / name)
        failed += sum(_FAILED in one.reason for one in report.unread)
        unknown = sum(not one.error for one in report.unread)
        row = (
            files,
            len(conversations),
            len({document.source.path for one in conversations for document in one.documents}),
            sum(len(one.messages) for one in conversations),
            sum(len(one.captures) for one in conversations),
            sum(len(flow.edges) for one in conversations for flow in one.flows),
            sum(len(flow.steps) - len(Walk(flow, None).reach()) for one in conversations for flow in one.flows),
            sum(len(one.skipped) for one in conversations),
            sum(len(one.unseen) for one in conversations),
            unknown,
            len(report.unread) - unknown,
        )
        print(f"| {name} | " + " | ".join(map(str, row)) + " |", flush=True)
        by_reader = Counter(one.format for one in conversations)
        readers = ", ".join(f"{reader} {number}" for reader, number in sorted(by_reader.items()))
        print(f"  readers of {name}: {readers}", file=sys.stderr)
        for one in report.unread:
            if one.error:
                print(f"  {one.path}: {one.reason}", file=sys.stderr)
    return 1 if failed else 0


def spot(folder: Path, number: int) -> None:
    """Messages at even distances, each under the raw lines it was taken from."""
    conversations, _, _ = _read(folder)
    messages = [(one, message) for one in conversations for message in one.messages]
    for one, message in messages[:: max(1, len(messages) // number)][:number]:
        source = message.document.source
        span = message.located().span()
        start, end = source.position(span.start), source.position(span.end)
        where = start.cell or f"{start.line}:{start.column}"
        print(f"== {os.path.relpath(source.path, folder)}:{where} [{one.format}] {message.kind} {message.id!r}")
        for line in range(start.line, min(end.line, start.line + 3) + 1):
            print("   raw: " + source.line(line)[:200].strip())
        print(f"   got: {message.text[:200]!r}")


def _findings(folder: Path, names: set[str], policy: str) -> Iterator[tuple[str, int, int]]:
    report = engine.check([str(folder / name) for name in sorted(names)], policy)
    for finding in report.findings:
        path = os.path.relpath(finding.source.path.split("!")[0], folder)
        span = finding.span
        yield path, finding.source.position(span.start).line, finding.source.position(span.end).line


def compare(folder: Path, expected: Path, formats: Sequence[str], policy: str) -> int:
    """How many of the places that ask have a finding, and how many of those that look alike have none."""
    wanted: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in expected.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        if str(one["file"]).split("/")[0] in formats:
            wanted[str(one["file"])].append(one)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for path, first, last in _findings(folder, {name for name in wanted if (folder / name).exists()}, policy):
        found[path].append((first, last))
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for name, places in sorted(wanted.items()):
        for one in places:
            line = one.get("line")
            number = line if isinstance(line, int) else 0
            hit = any(first - 1 <= number <= last + 1 for first, last in found[name])
            verdict = str(one["verdict"])
            key = (name.split("/")[0], verdict)
            total[key] += 1
            right[key] += hit == (verdict == "asks")
            if hit != (verdict == "asks"):
                said = "found" if hit else "not found"
                print(f"{name}:{number}: {verdict}, but {said}: {one.get('quote')}", file=sys.stderr)
    for key in sorted(total):
        print(f"{key[0]:18} {key[1]:12} {right[key]} of {total[key]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
