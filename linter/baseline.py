"""What was there when a team began: findings that are known, so that only new ones are reported.

A baseline says nothing of lines or ids, so that it holds after moves, reordering and a new export. It holds no text,
only fingerprints, so that no sensitive value gets into it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .files import BASELINE
from .finding import Finding
from .source import SourceError
from .trees import READING, WorkTree

FILE_NAME = BASELINE
_VERSION = 1
_MOST = 10_000  # times that one finding is known: what says more was not written by us


@dataclass(frozen=True)
class Baseline:
    """How often each finding was there. ``about`` says of a fingerprint which rule, file and entry it was."""

    path: str
    counts: Counter[str]
    about: dict[str, tuple[str, str, str]]


@dataclass(frozen=True)
class Compared:
    """What is new, how many known findings are still there, and which are gone (rule, file, entry)."""

    new: list[Finding]
    known: int
    gone: list[tuple[str, str, str]]


def written(findings: Iterable[Finding], version: str, folder: str) -> str:
    """A baseline of the findings, to stand in ``folder``: one line each, in an order that does not depend on lines."""
    rows: dict[str, dict[str, object]] = {}
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.fingerprint] += 1
        rows.setdefault(
            finding.fingerprint,
            {
                "rule": finding.rule,
                "file": _relative(finding.source.path, folder),
                "entry": finding.entry,
                "data": list(finding.data),
            },
        )
    lines = []
    for name, row in sorted(rows.items(), key=lambda item: (item[1]["file"], item[1]["rule"], item[0])):
        lines.append(json.dumps({"fingerprint": name, "count": counts[name], **row}, ensure_ascii=False))
    head = f'{{"neverask-baseline": {_VERSION}, "made-by": {json.dumps(version)}, "findings": ['
    whole = head + ("\n  " + ",\n  ".join(lines) if lines else "") + "\n]}\n"
    return whole.encode("utf-8", "backslashreplace").decode()  # halves of characters as JSON writes them


def read(path: str) -> Baseline:
    """A baseline from a file. Raises SourceError for what is none."""
    try:
        value = json.loads(WorkTree().read(path).decode("utf-8-sig"))
    except SourceError as error:
        raise SourceError(path, f"can't read the baseline: {error.reason.removeprefix(READING)}") from None
    except ValueError as error:
        raise SourceError(path, f"this is no baseline: {error}") from None
    except RecursionError:
        raise SourceError(path, "this is no baseline: it is nested too deeply") from None
    version = value.get("neverask-baseline") if isinstance(value, dict) else None
    if type(version) is not int or version != _VERSION:  # true equals 1
        raise SourceError(path, "this is no baseline of this version; 'neverask baseline' writes one")
    rows = value.get("findings")
    if not isinstance(rows, list):
        raise SourceError(path, "this baseline has no list of findings; 'neverask baseline' writes it anew")
    counts: Counter[str] = Counter()
    about: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("fingerprint"), str):
            raise SourceError(path, "an entry of this baseline has no fingerprint; 'neverask baseline' writes it anew")
        name, count = row["fingerprint"], row.get("count", 1)
        count = min(count, _MOST) if isinstance(count, int) and count > 0 else 1
        counts[name] = max(counts[name], count)  # twice only where two branches were joined that both knew it
        about[name] = (str(row.get("rule", "")), str(row.get("file", "")), str(row.get("entry", "")))
    return Baseline(path, counts, about)


def compare(baseline: Baseline, findings: Iterable[Finding], checked: Iterable[str]) -> Compared:
    """Findings beyond those of a baseline, and those of it that are gone.

    A second copy of a known finding is new. ``checked`` are the files that were looked at: nothing is said to be gone
    from another that is still there.
    """
    folder = os.path.dirname(baseline.path)
    seen = {_relative(path, folder) for path in checked}
    left = Counter(baseline.counts)
    new: list[Finding] = []
    known = 0
    for finding in findings:
        if left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
            known += 1
        else:
            new.append(finding)
    gone = []
    for name, count in sorted(left.items()):
        about = baseline.about[name]
        file = about[1] if os.path.lexists(os.path.join(folder, about[1])) else about[1].split("!")[0]
        if count > 0 and (file in seen or not os.path.exists(os.path.join(folder, file))):
            gone += [about] * count
    return Compared(new, known, sorted(gone))


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder or ".").replace(os.sep, "/")


def left_out(path: str, checked: Iterable[str]) -> int:
    """How many findings of the baseline at ``path`` are about files that are there and were not looked at now."""
    try:
        before = read(path)
    except SourceError:
        return 0
    folder = os.path.dirname(path)
    seen = {_relative(file, folder) for file in checked}
    files = {name: about[1] for name, about in before.about.items()}
    return sum(
        before.counts[name]
        for name, file in files.items()
        if file not in seen and os.path.exists(os.path.join(folder, file.split("!")[0]))
    )
