"""What a change makes worse: two trees checked in full and compared, or the index as it will be committed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatch
from typing import NamedTuple

from .engine import check
from .files import FILE_NAME
from .finding import ABOUT_POLICY, Finding
from .gittrees import GitTree
from .opening import conversations
from .outcome import Hidden, Outcome, Unread
from .policy.errors import PolicyError
from .policy.model import Policy
from .report import Report
from .reporters.grouping import grouped
from .repository import changed, committed, filters, fork_point, index, not_checked_out, resolved, revision, unmerged
from .source import SourceError
from .surroundings import is_inside, top
from .trees import WorkTree, current, reading


class Options(NamedTuple):
    """How to check, as ``engine.check`` takes it."""

    policy: str | None = None
    today: date | None = None
    progress: Callable[[int, int], None] = lambda done, total: None
    jobs: int = 1
    cached: bool = False
    mends: bool = False


_INDEX = "the index"
_IS_A_FILE = (
    "this is a file, where --diff takes a revision of git: what is new in another file, 'neverask baseline' on this "
    "one and 'check --baseline' on that one tell"
)


class Ends(NamedTuple):
    """The two trees of a comparison; ``base`` and ``head`` are their names, "" for the work tree.

    ``absent`` counts the files that a sparse checkout leaves out of the work tree, and thus of both.
    """

    before: GitTree
    after: WorkTree
    base: str
    head: str
    paths: tuple[str, ...]
    absent: int = 0


def ends(given: str, paths: Sequence[str], staged: bool = False) -> Ends:
    """What ``--diff`` compares: ``BASE``, ``BASE..HEAD``, ``BASE...HEAD`` (from where they parted) or ``BASE`` with
    the first of the paths being the other revision, as git reads it. Raises SourceError.
    """
    rest = tuple(paths)
    if os.path.isfile(given) and resolved(given) is None:
        raise SourceError(given, _IS_A_FILE)
    base, dots, head = given.partition("...")
    if dots:
        base, head = fork_point(base or "HEAD", head or "HEAD"), head or "HEAD"
    else:
        base, dots, head = given.partition("..")
        if dots:
            base, head = base or "HEAD", head or "HEAD"
        elif rest and not staged and not os.path.lexists(rest[0]) and resolved(rest[0]) is not None:
            head, rest = rest[0], rest[1:]
    if staged and head:
        raise SourceError(given, "--staged is the other end of the comparison already: give one revision alone")
    before = revision(base)
    _refuse_others(before.top, rest)
    after: WorkTree = index() if staged else revision(head) if head else WorkTree()
    absent = [] if staged or head else not_checked_out(before)
    before = before.without(absent) if absent else before
    return Ends(before, after, base, _INDEX if staged else head, rest or (".",), len(absent))


def _refuse_others(repository: str, paths: Iterable[str]) -> None:
    """Raise SourceError for a path outside the repository whose revisions are read: it would be compared with itself,
    or with nothing.
    """
    for path in paths:
        own = top(os.path.realpath(path))
        if own != repository and (own or not is_inside(path, repository)):
            raise SourceError(
                path, f"this is not in the repository {repository}: go into its own folder and check it there"
            )


def added(found: Ends, options: Options) -> tuple[Report, int, str]:
    """The report on the newer tree with what the older one lacks alone, how many findings went, and a note.

    Raises PolicyError or SourceError where the newer tree can't be checked.
    """
    old, note = _older(found, options)
    with reading(found.after):
        report = check(found.paths, *options)
        known = {path for path in found.paths if not found.after.exists(path) and found.before.exists(path)}
        report.unread = [unread for unread in report.unread if unread.path not in known]
        new, gone = difference(old.findings, report.findings, report.unreadable)
    if new:
        new, _ = difference(_moved_from(found, options), new)
    with reading(found.after):
        known_before = len(grouped(report.findings)) - len(grouped(new))
        report.stood = Hidden(found.base, known_before, gone, resolved(found.base) or "")
        report.read_from = _told(found.head)
        _tell_filtered(report, found.after)
        why = _Why(found, report)
        report.leave_out(new)
        report.findings = [replace(finding, since=why.told(finding)) for finding in new]
    return report, gone, note


def _older(found: Ends, options: Options) -> tuple[Report, str]:
    with reading(found.before):
        paths = [path for path in found.paths if found.before.exists(path)]
        if not paths:
            return Report(), ""
        try:
            return check(paths, *options), ""
        except (PolicyError, SourceError) as error:
            reason = error.reason if isinstance(error, SourceError) else "it has mistakes"
            return Report(), f"the policy of {found.base} can't be used ({reason}): all that is found counts as new"


def _moved_from(found: Ends, options: Options) -> list[Finding]:
    """What was found in files that are gone, where some of the paths are new: it may have moved there from others."""
    places = [path for path in found.paths if found.after.isfile(path) or found.after.isdir(path)]
    files = {file for path in places for file in _files(found.after, path)}
    if all(found.before.exists(file) for file in files):
        return []
    gone = _outermost(found.before, found.after)
    wanted = [os.path.abspath(path) for path in places]
    paths = [path for path in gone if not any(_is_in(os.path.abspath(path), one) for one in wanted)]
    with reading(found.before):
        try:
            return check(paths, *options).findings if paths else []
        except (PolicyError, SourceError):
            return []


def _files(tree: WorkTree, path: str) -> Iterable[str]:
    return (name for name, _ in tree.below(path, [])) if tree.isdir(path) else (path,)


def _outermost(before: GitTree, after: WorkTree) -> list[str]:
    """What a tree has that is gone from a later one: of a folder with all in it the folder alone."""
    gone: dict[str, None] = {}
    there: set[str] = set()
    for name in before.files:
        parts = name.split("/")
        for number in range(1, len(parts) + 1):
            path = os.path.join(before.top, *parts[:number])
            if path in gone:
                break
            if path not in there and not after.exists(path):
                gone[path] = None
                break
            there.add(path)
    return [os.path.relpath(path) for path in gone]


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _told(head: str) -> str:
    """What was read in the place of the files as they stand, with the commit that it is; "" for these."""
    commit = resolved(head) if head and head != _INDEX else None
    return f"{head} ({commit})" if commit and commit != head else head


def difference(
    old: Iterable[Finding], new: Iterable[Finding], unreadable: Collection[str] = ()
) -> tuple[list[Finding], int]:
    """The findings that are in ``new`` more often than in ``old``, and how many of the old ones are gone.

    Of several equal ones those are new that stand where none stood before. Of those in files that are ``unreadable``
    now nobody knows whether they are gone.
    """
    known: Counter[tuple[str, ...]] = Counter()
    for finding in old:
        known.update(_names(finding))
    counts = Counter(known)
    rest = list(enumerate(new))
    for depth in (0, 1, 2):
        left = []
        for number, finding in rest:
            names = _names(finding)
            if all(counts[name] > 0 for name in names[depth:]):
                counts.subtract(names)
            else:
                left.append((number, finding))
        rest = left
    unknown: Counter[str] = Counter()
    for name, count in counts.items():
        if len(name) == 2 and not {name[1], name[1].partition("!")[0]}.isdisjoint(unreadable):
            unknown[name[0]] += max(0, count)
    gone = sum(max(0, count - unknown[name[0]]) for name, count in counts.items() if len(name) == 1)
    return [finding for _, finding in rest], gone


def _names(finding: Finding) -> tuple[tuple[str, ...], ...]:
    name, path = finding.fingerprint, finding.source.path
    return ((name, path, finding.entry), (name, path), (name,))


class _Why:
    """Says of a new finding what made it one, where that can be told."""

    def __init__(self, found: Ends, report: Report) -> None:
        self._found = found
        self._files: dict[str, tuple[str | None, str | None]] = {}
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}
        self._own = {source.path for policy in report.policies for source in policy.own_files}
        self._policies = sorted(path for path in self._own if not self._same(path))

    def told(self, finding: Finding) -> str:
        path = finding.source.file
        since = f"since {self._found.base}"
        before, after = self._texts(path)
        if before is None:
            return f"{since}: the file is new or has moved"
        if before == after:
            if path in self._own:
                return f"{since}: this file is as it was, what it holds for has changed"
            if self._policies:
                return f"{since}: this file is as it was, the policy {', '.join(self._policies)} has changed"
            return f"{since}: this file is as it was, another that is read with it has changed"
        words = finding.source.text[slice(*finding.span)]
        if words and after is not None and self._were_there(path, words, before, after):
            what = "the way that leads there" if finding.witness else "what stands around them"
            policy = " or the policy" if self._policies and path not in self._own else ""
            return f"{since}: the words were there, {what}{policy} has changed"
        return f"{since}: the words are new"

    def _were_there(self, path: str, words: str, before: str, after: str) -> bool:
        """Whether a file had the words at least as often; counted once, where very many findings are about them."""
        key = path, words
        if key not in self._counts:
            self._counts[key] = before.count(words), after.count(words)
        had, has = self._counts[key]
        return 0 < has <= had

    def _same(self, path: str) -> bool:
        before, after = self._texts(path)
        return before == after

    def _texts(self, path: str) -> tuple[str | None, str | None]:
        if path not in self._files:
            self._files[path] = (_text(self._found.before, path), _text(self._found.after, path))
        return self._files[path]


def _text(tree: WorkTree, path: str) -> str | None:
    try:
        return tree.read(path).decode("utf-8", "replace").replace("\r\n", "\n") if tree.isfile(path) else None
    except SourceError:
        return None


def as_of(tree: GitTree, given: str, paths: Sequence[str], options: Options) -> Report:
    """The report on files as they stood in a tree, which is called as ``given``. Raises PolicyError or SourceError."""
    _refuse_others(tree.top, paths)
    with reading(tree):
        report = check(paths, *options)
    _tell_filtered(report, tree)
    report.read_from = given
    return report


def staged(paths: Sequence[str], options: Options) -> Report:
    """The report on the staged files as they will be committed, and on what is read with them or judged by them.

    ``paths`` are those to look at among the staged ones, all when there are none. Raises PolicyError or SourceError.
    """
    after, before = index(), committed()
    before.close()
    wanted = [made(path) for path in paths for made in (os.path.abspath, os.path.realpath)]

    def asked(path: str) -> bool:
        return not wanted or any(_is_in(path, one) for one in wanted)

    report = _touched({path for path in changed(before, after) if asked(path)}, after, options)
    undecided = [os.path.relpath(path) for path in unmerged() if asked(path)]
    report.unread += [Unread(path, _UNMERGED, error=True) for path in undecided]
    _tell_filtered(report, after)
    return report


def _tell_filtered(report: Report, tree: WorkTree) -> None:
    """Make an error of each file that git keeps otherwise than it stands on disk, where a reader knows it: no filter of
    a repository is run here.
    """
    if not isinstance(tree, GitTree):
        return
    unknown = {one.path: one for one in report.unread if not (one.error or one.line or one.file)}
    kept = {name: path for path in unknown if (name := tree.inside(path)) in tree.files and name is not None}
    for name, by in filters(tree.top, kept).items():
        one = unknown[kept[name]]
        found = Outcome(one.path)
        if os.path.isfile(one.path) and conversations(one.path, found):
            report.unread[report.unread.index(one)] = one._replace(reason=_FILTERED.format(by), error=True)


_FILTERED = (
    "git keeps this through its filter '{}', and what it keeps is none of what neverask reads; check the file itself"
)


_UNMERGED = "its merge is not resolved: what will be committed of it is not known yet"


def _touched(touched: set[str], after: GitTree, options: Options) -> Report:
    """The report on some files of the index, and on what is read with them or judged by them."""
    if not touched:
        return Report()
    with reading(after):
        stage = _Stage(touched)
        report = check([os.path.relpath(after.top)], *options, stage.concerns)
        report.read_from = _INDEX
        report.findings = [
            finding
            for finding in report.findings
            if finding.rule not in ABOUT_POLICY or current().real(finding.source.path) in stage.touched
        ]
        report.policy_files = sum(os.path.basename(path) == FILE_NAME and after.isfile(path) for path in touched)
    return report


class _Stage:
    """Tells which outcomes rest on a staged file."""

    def __init__(self, touched: set[str]) -> None:
        self.touched = touched | {current().real(path) for path in touched}
        self._gone = [path for path in touched if not current().exists(path)]
        self._policies: dict[str, bool] = {}

    def concerns(self, outcome: Outcome, policy: Policy) -> bool:
        if policy.name not in self._policies:
            own = (current().real(source.path) for source in policy.own_files)
            self._policies[policy.name] = not self.touched.isdisjoint(own)
        read = (outcome.path, *outcome.covered, *outcome.opened)
        return (
            self._policies[policy.name]
            or any(current().real(path) in self.touched for path in read)
            or any(self._fits(path, *asked) for path in self._gone for asked in outcome.looked)
        )

    def _fits(self, path: str, folder: str, pattern: str) -> bool:
        return fnmatch(os.path.relpath(path, folder or "."), pattern)
