"""Files to findings: which files, which policy, what is known already; the outcomes of all in one report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from .again import Basis
from .day import this_day
from .doubts import TO_JOIN, about, doubts, unspoken
from .files import BASELINE, FILE_NAME, folder_of, walk
from .finding import Finding, Related
from .in_force import Policies
from .judging import Judging
from .offered import forbidden
from .outcome import SMALLEST_LIBRARY, Outcome, Unread
from .policy.model import Place, Policy
from .replacing import is_left
from .report import Report, all_below, ordered
from .source import Span
from .taken import missing, taken
from .trees import current
from .trying import check_text
from .unmet import without_content, without_files, without_texts


def check(
    paths: Iterable[str],
    policy: str | None = None,
    today: date | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    jobs: int = 1,
    cached: bool = False,
    mends: bool = False,
    concerned: Callable[[Outcome, Policy], bool] = lambda outcome, policy: True,
) -> Report:
    """Check files and folders. Raises PolicyError or SourceError where a policy can't be used.

    Only outcomes that ``concerned`` picks go into the report.

    ``jobs`` processes read and judge the files; 0: as many as seem worth it. ``cached`` uses results of earlier runs
    and keeps those of this one. The report is the same whatever they are. ``mends``: findings come with what would
    mend them, which is known in one process only, and of files that are read as a whole.
    """
    today = today or this_day()
    run = _Run(list(paths), policy, concerned)
    judging = Judging(run.report.roots, today, cached, mends)
    for number, (path, of, outcome) in enumerate(judging.outcomes(run.todo, jobs)):
        progress(number, len(run.todo))
        run.take(path, of, outcome)
    progress(len(run.todo), len(run.todo))
    run.conclude(today, cached)
    return run.report


class _Run:
    """The files to check, each with its policy, and what is gathered of their outcomes.

    ``_others`` are policies that are named as files to check, and are in force nowhere; ``_left`` are files without an
    outcome of their own, as they were read with their bot, ``_read_by`` the policies that judged those of a bot.
    """

    def __init__(self, paths: list[str], policy: str | None, concerned: Callable[[Outcome, Policy], bool]) -> None:
        self._concerned = concerned
        self._named = {os.path.normpath(path) for path in paths}
        self._folders = [path for path in paths if current().isdir(path)]
        self.report = Report(tuple(map(current().real, self._folders)))
        walked = walk(paths)
        self.report.checked = walked.files
        self.report.unread = [Unread(*missing) for missing in walked.missing]
        self.report.miss(self.report.unread)
        self._policies = Policies(policy)
        self.todo = _todo(self.report, self._policies)
        self._basis = Basis(walked)
        self._by_folder = _ByFolder()
        self._passed_over: set[str] = set()
        self._covered: set[str] = set()
        self._left: list[tuple[str, Policy]] = []
        self._read_by: dict[str, str] = {}
        self._others: list[Policy] = []

    def take(self, path: str, of: Policy, outcome: Outcome | None) -> None:
        """Take in what became of a file."""
        self._basis.add(path, outcome)
        if outcome is None:
            self._left.append((path, of))
            return
        self._note_needed(of, outcome)
        self.report.idle += [path] * bool(outcome.policy_files)
        if outcome.policy_files and path in self._named:
            self._others.append(_loaded(path))
        is_concerned = self._concerned(outcome, of) and not outcome.ours
        self.report.miss(outcome.unread)
        self._by_folder.add(outcome, is_concerned)
        self._covered.update(outcome.covered)  # perhaps by a file that comes later
        self._read_by.update(dict.fromkeys(outcome.covered, of.name))
        if is_concerned:
            self.report.add(outcome, of)
        else:
            self._passed_over.update((current().real(path), *outcome.covered))

    def _note_needed(self, of: Policy, outcome: Outcome) -> None:
        """Take note of what in the policy was of use for a file."""
        self.report.needed.update(of.exemptions[index].stands for index in outcome.used)
        self.report.led.update((id(of.mappings[index]), name) for index, name in outcome.led)
        self.report.met_under.setdefault(of.name, set()).update(outcome.met)

    def conclude(self, today: date, cached: bool) -> None:
        """Say what can be said once all outcomes are there."""
        report, folders = self.report, self._folders
        over = {of.name: self._policies.over(of) for of in report.policies}
        self._basis.above = self._policies.above()
        self._basis.policies = {one.path: one.text for of in (*report.policies, *self._others) for one in of.own_files}
        report.basis = self._basis if cached else None
        report.findings += self._by_folder.findings(report)
        _judge_exemptions(report, self.todo, folders, today)
        report.findings += _about_policies(report, folders)
        report.findings += _not_extended(report, over, folders)
        report.findings += _passed_over(self._left, self._read_by) if len(report.policies) > 1 else ()
        report.findings += (finding for of in self._others for finding in doubts(of))
        report.findings = ordered(report.findings)
        report.unread = [one for one in report.unread if self._is_unread(one)]
        _pass_over(report, self._passed_over)

    def _is_unread(self, one: Unread) -> bool:
        """Whether nothing read it, nor a file that comes before or behind it."""
        return bool(one.error or one.line) or current().real(one.path) not in self._covered


def _pass_over(report: Report, passed_over: set[str]) -> None:
    """Leave files out of what was checked, and their folders out of those of which all was."""
    left = {path for path in report.checked if current().real(path) in passed_over} if passed_over else set()
    folders = set(map(os.path.dirname, report.checked)).difference(map(os.path.dirname, left))
    report.folders = sorted(folder or "." for folder in folders if report.has_all_of(folder or "."))
    report.checked = [path for path in report.checked if path not in left]


def _passed_over(left: Iterable[tuple[str, Policy]], read_by: Mapping[str, str]) -> Iterator[Finding]:
    """The policies that do not hold for a file below them, since it was read with its bot, by the policy of that."""
    told: set[str] = set()
    for path, of in left:
        by = read_by.get(current().real(path), of.name)
        source = next((source for source in of.own_files if source.path == of.name), None)
        if by == of.name or of.name in told or source is None:
            continue
        told.add(of.name)
        message = f"'{path}' belongs to a bot that '{by}' judges, so nothing in this policy holds for it"
        place = Place(source, Span(0, len(source.text.partition("\n")[0])))
        related = Related("policy", source, place.span)
        yield about(place, "passed-over-policy", message, TO_JOIN, related)


def _not_extended(report: Report, over: Mapping[str, str | None], folders: Sequence[str]) -> Iterator[Finding]:
    """Notes on policies that take the place of one above them, of which nothing holds below."""
    checked = {os.path.abspath(path) for path in report.checked} if not folders else set()
    for of in report.policies:
        above, source = over[of.name], of.files[-1]
        if above is None or not (folders or os.path.abspath(source.path) in checked):
            continue
        name = os.path.relpath(above).replace(os.sep, "/")
        lead = os.path.relpath(above, folder_of(source.path)).replace(os.sep, "/")
        message = f"this policy does not extend '{name}', which stands above it: nothing in that one holds here"
        place = Place(source, Span(0, len(source.text.partition("\n")[0])))
        instead = f"Write it behind 'extends:', as {lead}, if it is to hold here, too."
        related = Related("policy", source, place.span)
        yield about(place, "not-extended-policy", message, instead, related, "note")


def _loaded(path: str) -> Policy:
    """A policy that is named as a file to check and is in force nowhere: its mistakes are told as any other's."""
    from .policy.load import load

    return load(path, to_extend=True)


def _judge_exemptions(report: Report, todo: Sequence[tuple[str, Policy]], folders: Sequence[str], today: date) -> None:
    """Tell of the exceptions of the policies in force that nobody needs any more."""
    if any(of.exemptions for of in report.policies):
        from .needless import Run, judged

        run = Run(todo, folders, report.needed, report.findings, report.unreadable)
        found, report.unjudged = judged(report.policies, run, today)
        report.findings += found


class _ByFolder:
    """Folders with a reply or two a file: each is a library, where all of it was looked at."""

    def __init__(self) -> None:
        self._alone: dict[tuple[str, str], list[tuple[Finding, bool]]] = {}
        self._warned: set[tuple[str, str]] = set()

    def add(self, outcome: Outcome, concerned: bool) -> None:
        folder = os.path.dirname(outcome.path)
        self._warned.update((folder, rule) for rule in outcome.warned)
        for finding in outcome.alone:
            self._alone.setdefault((folder, finding.rule), []).append((finding, concerned))

    def findings(self, report: Report) -> Iterator[Finding]:
        """The first finding of each folder in which no reply has what the rule asks for, where all were looked at."""
        for (folder, rule), found in self._alone.items():
            told, concerned = found[0]  # always the same, so that a baseline knows it again
            if not concerned or (folder, rule) in self._warned or len(found) < SMALLEST_LIBRARY:
                continue
            if report.has_all_of(folder or "."):
                yield replace(told, folder=folder or ".")


def _about_policies(report: Report, folders: Sequence[str]) -> Iterator[Finding]:
    """What the policies in force say that does not do what their owner will think.

    Whoever has a file looked at that is no policy can't help it, and is told nothing.
    """
    checked = {os.path.abspath(path) for path in report.checked} if not folders else set()
    unused = {(one.source.path, one.span) for one in report.findings if one.rule == "unused-exception"}
    for of in report.policies:
        for finding in doubts(of):
            if finding.rule == "boundless-exception" and (finding.source.path, finding.span) in unused:
                continue  # what is to go need not be bounded
            if folders or os.path.abspath(finding.source.path) in checked:
                yield finding
        yield from without_files(of, report)
        yield from without_texts(of, report)
        yield from without_content(of, report)
        yield from (one for one in unspoken(of) if all_below(folder_of(one.source.path), report.roots))
        if any(all_below(folder_of(source.path), report.roots) for source in of.own_files):
            yield from forbidden(of, check_text)
            yield from (*taken(of), *missing(of))


def _todo(report: Report, policies: Policies) -> list[tuple[str, Policy]]:
    """The files to judge, each with its policy; those that are ours are only counted."""
    in_force: dict[str, Policy] = {}
    todo: list[tuple[str, Policy]] = []
    for path in report.checked:
        of = policies.of(path)
        in_force.setdefault(of.name, of)
        name = os.path.basename(path)
        if name == FILE_NAME:
            report.policy_files += 1
        elif name != BASELINE and not is_left(name):
            todo.append((path, of))
    report.policies = [in_force[name] for name in sorted(in_force)]
    return todo
