"""What was there when a team began: findings that are known, so that only new ones are reported.

A finding is known by its words in their text, wherever that stands by now: so a baseline says nothing of lines or ids,
and holds after moves, reordering and a new export. It is known as well by its words in the reply or node of that name,
whatever else has changed there. A baseline holds no text, only fingerprints, so that no sensitive value gets into it.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from .documents.conflicts import CONFLICT
from .documents.jsonmistakes import told
from .files import BASELINE
from .finding import Finding
from .source import Source, SourceError, mistake
from .trees import READING, WorkTree

FILE_NAME = BASELINE
_BY_TEXT_ALONE = 1
_VERSION = 2
_BOTH = (
    "git could not merge two versions of this: keep the lines of both, and take out those with <<<<<<<, ======= and "
    ">>>>>>>"
)
"""A finding that both know is known once."""
_MOST = 10_000  # times that one finding is known: what says more was not written by us


class Known(NamedTuple):
    """What a finding is known by: its words in their text, its words in their entry, and the file of that.

    ``place`` is a folder for what is said of all files of one; the last two are "" in a baseline of the first version.
    """

    text: str
    local: str
    place: str


@dataclass(frozen=True)
class Baseline:
    """How often each finding was there. ``about`` says of one which rule, file and entry it was, ``digest`` is the
    SHA-256 of the file.
    """

    path: str
    counts: Counter[Known]
    about: dict[Known, tuple[str, str, str]]
    version: int = _VERSION
    digest: str = ""

    @property
    def is_old(self) -> bool:
        """Whether it knows findings by their texts alone."""
        return self.version == _BY_TEXT_ALONE


@dataclass(frozen=True)
class Compared:
    """What is new, how many known findings are still there, and which are gone (rule, file, entry)."""

    new: list[Finding]
    known: int
    gone: list[tuple[str, str, str]]


def written(findings: Iterable[Finding], version: str, folder: str) -> str:
    """A baseline of the findings, to stand in ``folder``: one line each, in an order that does not depend on lines."""
    rows: dict[Known, dict[str, object]] = {}
    counts: Counter[Known] = Counter()
    for finding in findings:
        one = _known(finding, folder)
        file = _relative(finding.source.path, folder)
        counts[one] += 1
        rows.setdefault(
            one,
            {
                "rule": finding.rule,
                "file": file,
                **({"folder": one.place} if one.place != file else {}),
                "entry": finding.entry,
                "data": list(finding.data),
            },
        )
    lines = []
    for one, row in sorted(rows.items(), key=lambda item: (item[1]["file"], item[1]["rule"], item[0])):
        known = {"fingerprint": one.text, "local": one.local, "count": counts[one], **row}
        lines.append(json.dumps(known, ensure_ascii=False))
    head = f'{{"neverask-baseline": {_VERSION}, "made-by": {json.dumps(version)}, "findings": ['
    whole = head + ("\n  " + ",\n  ".join(lines) if lines else "") + "\n]}\n"
    return whole.encode("utf-8", "backslashreplace").decode()  # halves of characters as JSON writes them


def read(path: str, tree: WorkTree | None = None) -> Baseline:
    """A baseline from a file, of this version or an earlier one, as it stands in a tree, without one on disk.

    Raises SourceError for what is none.
    """
    if tree is not None and not tree.exists(path):
        raise SourceError(path, "there was no such baseline then: leave it out")
    try:
        data = (tree or WorkTree()).read(path)
        text = data.decode("utf-8-sig")
        value = json.loads(text)
    except SourceError as error:
        raise SourceError(path, f"can't read the baseline: {error.reason.removeprefix(READING)}") from None
    except json.JSONDecodeError as error:
        source = Source(path, text)
        reason, at = told(source, error)
        raise mistake(source, at, f"this is no baseline: {_BOTH if reason == CONFLICT else reason}") from None
    except ValueError as error:
        raise SourceError(path, f"this is no baseline: {error}") from None
    except RecursionError:
        raise SourceError(path, "this is no baseline: it is nested too deeply") from None
    version = value.get("neverask-baseline") if isinstance(value, dict) else None
    if type(version) is not int or version not in (_BY_TEXT_ALONE, _VERSION):  # true equals 1
        raise SourceError(path, "this is no baseline of this version; 'neverask baseline' writes one")
    rows = value.get("findings")
    if not isinstance(rows, list):
        raise SourceError(path, "this baseline has no list of findings; 'neverask baseline' writes it anew")
    counts: Counter[Known] = Counter()
    about: dict[Known, tuple[str, str, str]] = {}
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("fingerprint"), str):
            raise SourceError(path, "an entry of this baseline has no fingerprint; 'neverask baseline' writes it anew")
        file, count = str(row.get("file", "")), row.get("count", 1)
        one = Known(row["fingerprint"], "", "")
        if version != _BY_TEXT_ALONE:
            one = one._replace(local=str(row.get("local", "")), place=str(row.get("folder", file)))
        count = min(count, _MOST) if isinstance(count, int) and count > 0 else 1
        counts[one] = max(counts[one], count)  # twice only where two branches were joined that both knew it
        about[one] = (str(row.get("rule", "")), file, str(row.get("entry", "")))
    return Baseline(path, counts, about, version, sha256(data).hexdigest())


def joined(baselines: Sequence[Baseline]) -> Baseline:
    """Those of several teams as one, which names files as this run does: what two of them know is known once."""
    first, *others = baselines
    if not others:
        return first
    counts: Counter[Known] = Counter()
    about: dict[Known, tuple[str, str, str]] = {}
    for one in baselines:
        below = os.path.dirname(one.path)
        for known, count in one.counts.items():
            rule, file, entry = one.about[known]
            moved = known._replace(place=known.place and _relative(os.path.join(below, known.place), ""))
            counts[moved] = max(counts[moved], count)
            about[moved] = (rule, _relative(os.path.join(below, file), ""), entry)
    newer = Counter[str]()
    for known, count in counts.items():
        newer[known.text] += count if known.place else 0
    for known in [known for known in counts if not known.place]:  # an older one knows the same without its place
        counts[known] = max(counts[known] - newer[known.text], 0)
    return Baseline("", +counts, about, min(one.version for one in baselines))


def compare(baseline: Baseline, findings: Iterable[Finding], checked: Iterable[str]) -> Compared:
    """Findings beyond those of a baseline, and those of it that are gone.

    A second copy of a known finding is new. ``checked`` are the files that were looked at, and the folders of which all
    was: nothing is said to be gone from another that is still there.
    """
    folder = os.path.dirname(baseline.path)
    seen = {_relative(path, folder) for path in checked}
    findings = list(findings)
    new, left = _beyond(baseline.counts, [_known(finding, folder) for finding in findings])
    places = {one: _outermost(one.place or baseline.about[one][1], folder) for one in left}
    moved = [one for one, place in places.items() if not os.path.exists(os.path.join(folder, place))]
    new = _not_moved(new, findings, moved, left)
    gone = []
    for one, count in sorted((+left).items()):
        if places[one] in seen or one in moved:
            gone += [baseline.about[one]] * count
    return Compared([findings[number] for number in new], len(findings) - len(new), sorted(gone))


def _outermost(place: str, folder: str) -> str:
    """A file as it lies in a folder: of a member its archive, unless one is called so."""
    return place if os.path.lexists(os.path.join(folder, place)) else place.split("!")[0]


def _not_moved(new: list[int], findings: Sequence[Finding], moved: Sequence[Known], left: Counter[Known]) -> list[int]:
    """The new ones without what a library lacks that is known of one whose file is gone: it goes by another name now.

    It is told at whatever reply stands first, so that a new one at the top of a new export changes its text as well.
    """
    still = []
    for number in new:
        local = findings[number].local_fingerprint if findings[number].of_library else ""
        known = next((one for one in moved if local and one.local == local and left[one] > 0), None)
        if known is None:
            still.append(number)
        else:
            left[known] -= 1
    return still


_ASKED: tuple[tuple[Callable[[Known], object], bool], ...] = (
    (lambda one: one, False),
    (lambda one: (one.text, one.place), True),
    (lambda one: one.text, True),
    (lambda one: (one.local, one.place), False),
    (lambda one: (one.text, one.place), False),
    (lambda one: one.text, False),
)
"""What has to be the same, from the surest on, and whether that is asked only of what stands where something is known.

Of a reply that was copied and then changed the copy is new, and not the one that the baseline knows by its name: what
stands under a name without anything known is compared by its text last.
"""


def _beyond(known: Counter[Known], found: Sequence[Known]) -> tuple[list[int], Counter[Known]]:
    """The numbers of those found that are new, and what is known and was not found. Each known one counts once."""
    left = Counter(known)
    places = {(one.local, one.place) for one in known}
    rest = list(range(len(found)))
    for same, in_known_places in _ASKED:
        if not rest:
            break
        rows: defaultdict[object, list[Known]] = defaultdict(list)
        for one in sorted(left, reverse=True):
            if left[one] > 0:
                rows[same(one)].append(one)
        still = []
        for number in rest:
            one = found[number]
            asked = not in_known_places or (one.local, one.place) in places
            alike = rows.get(same(one), []) if asked else []
            while alike and not left[alike[-1]]:
                alike.pop()
            if alike:
                left[alike[-1]] -= 1
            else:
                still.append(number)
        rest = still
    return rest, +left


def _known(finding: Finding, folder: str) -> Known:
    place = _relative(finding.folder or finding.source.path, folder)
    return Known(finding.fingerprint, finding.local_fingerprint, place)


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder or ".").replace(os.sep, "/")


def known_in(path: str) -> int:
    """How many findings the baseline at ``path`` knows, 0 where there is none."""
    try:
        return sum(read(path).counts.values())
    except SourceError:
        return 0


def left_out(path: str, checked: Iterable[str]) -> int:
    """How many findings of the baseline at ``path`` are about files that are there and were not looked at now."""
    try:
        before = read(path)
    except SourceError:
        return 0
    folder = os.path.dirname(path)
    seen = {_relative(file, folder) for file in checked}
    return sum(
        before.counts[one]
        for one, (_, file, _) in before.about.items()
        if file not in seen and os.path.exists(os.path.join(folder, file.split("!")[0]))
    )
