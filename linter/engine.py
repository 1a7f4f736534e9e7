"""Files to findings: which files, which policy, what is known already; the outcomes of all in one report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from . import stopping
from .again import Basis
from .cache import digest
from .files import BASELINE, FILE_NAME, Nearest, folder_of, walk
from .finding import Finding, Related
from .outcome import Outcome, Tally, Unread
from .policy.model import Exemption, Policy
from .replacing import is_left
from .source import SourceError
from .surroundings import Around, digest_of, read_bytes
from .trees import current

if TYPE_CHECKING:
    from .conversation import Conversation
    from .results import Results
    from .rules.context import Context

DEFAULT_POLICY = "whatsapp"
_FEW = 200  # files
_LITTLE = 2_000_000  # bytes; what one process reads and judges in about the time that a second takes to start


class Report(Tally):
    """All that a run found and did.

    ``rules`` are the names of the rules that files were judged by, ``used`` the ``id`` of each exception of a policy
    that covered something. ``basis`` says what the report rests on, where that is known.
    """

    def __init__(self, roots: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.rules: set[str] = set()
        self.policies: list[Policy] = []
        self.roots = roots
        self.checked: list[str] = []
        self.basis: Basis | None = None

    @property
    def errors(self) -> list[Unread]:
        return [unread for unread in self.unread if unread.error]

    def add(self, outcome: Outcome, policy: Policy) -> None:
        """Take in what became of a file."""
        self.count(outcome)
        if outcome.files:
            self.rules.update(rule.name for rule in policy.rules if rule.level != "off")


class Policies:
    """Finds the policy of a file.

    The nearest neverask.yaml upwards to the repository's root, else a bundled one.
    """

    def __init__(self, chosen: str | None = None) -> None:
        self._chosen = self._named(chosen) if chosen else None
        self._nearest = Nearest()
        self._loaded: dict[str, Policy] = {}

    @staticmethod
    def _named(name: str) -> Policy:
        from .policy.stored import bundled, load

        if not current().isfile(name):
            try:
                return bundled(name)
            except KeyError:
                from . import resources
                from .policy.errors import closest

                hint = closest(name, resources.policies())
                raise SourceError(name, f"there is no such policy, neither a file nor a bundled one. {hint}") from None
        return load(name)

    def above(self) -> dict[str, str | None]:
        """The policy file that was found above each folder that was looked into."""
        return dict(self._nearest.by_folder)

    def of(self, path: str) -> Policy:
        """The policy for a file. Raises PolicyError or SourceError."""
        if self._chosen is not None:
            return self._chosen
        found = self._nearest.above(folder_of(path))
        key = found or DEFAULT_POLICY
        if key not in self._loaded:
            from .policy.stored import bundled, load

            self._loaded[key] = load(os.path.relpath(found)) if found else bundled(DEFAULT_POLICY)
        return self._loaded[key]


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
    paths = list(paths)
    today = today or date.today()
    report = Report(tuple(current().real(path) for path in paths if current().isdir(path)))
    walked = walk(paths)
    files = report.checked = walked.files
    report.unread = [Unread(*missing) for missing in walked.missing]
    basis = Basis(walked)
    policies = Policies(policy)
    used = report.used
    in_force: dict[str, Policy] = {}
    done: set[str] = set()
    passed_over: set[str] = set()
    todo: list[tuple[str, Policy]] = []
    for path in files:
        of = policies.of(path)
        in_force.setdefault(of.name, of)
        if os.path.basename(path) == FILE_NAME:
            report.policy_files += 1
        elif os.path.basename(path) != BASELINE and not is_left(os.path.basename(path)):
            todo.append((path, of))
    for number, (path, of, outcome) in enumerate(_outcomes(todo, report.roots, today, jobs, cached, mends, done)):
        progress(number, len(todo))
        if outcome is None or (done and current().real(path) in done):
            basis.add(path, None)
            continue  # it was read as part of another file's export
        basis.add(path, outcome)
        done.update(outcome.covered)
        used.update(id(of.exemptions[index]) for index in outcome.used)
        if concerned(outcome, of):
            report.add(outcome, of)
        else:
            passed_over.update((current().real(path), *outcome.covered))
    progress(len(todo), len(todo))
    if passed_over:
        report.checked = [path for path in files if current().real(path) not in passed_over]
    report.policies = [in_force[name] for name in sorted(in_force)]
    basis.above = policies.above()
    basis.policies = {source.path: source.text for of in report.policies for source in of.files}
    report.basis = basis if cached else None
    checked = {os.path.abspath(path) for path in files}
    folders = [os.path.abspath(path) for path in paths if current().isdir(path)]
    for of in report.policies:
        report.findings += _exemption_findings(of, used, today, checked, folders)
    report.findings = _ordered(report.findings)
    return report


def _outcomes(
    todo: Sequence[tuple[str, Policy]],
    roots: Sequence[str],
    today: date,
    jobs: int,
    cached: bool,
    mends: bool,
    done: set[str],
) -> Iterator[tuple[str, Policy, Outcome | None]]:
    """What became of each file, in order; None for one that is ``done`` when its turn comes."""
    around = Around(roots)
    results = None
    if cached and not mends:  # what mends a finding is an object of this process
        from .results import Results

        results = Results(roots, today, around)
    try:
        jobs = 1 if mends else jobs or _worthwhile(todo)
        if jobs > 1 and len(todo) > 1 and hasattr(os, "fork"):
            yield from _in_parallel(todo, roots, today, jobs, results, around)
            return
        for path, of in todo:
            skip = bool(done) and current().real(path) in done
            yield path, of, None if skip else _outcome(path, of, roots, today, results, jobs, around, mends)
    finally:
        if results is not None:
            results.save()


def _worthwhile(todo: Sequence[tuple[str, Policy]]) -> int:
    """How many processes are worth starting: one for little text, else one for each processor."""
    if len(todo) < _FEW:
        total = 0
        for path, _ in todo:
            total += current().size(path)
        if total < _LITTLE:
            return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _outcome(
    path: str,
    of: Policy,
    roots: Sequence[str],
    today: date,
    results: Results | None,
    jobs: int,
    around: Around,
    mends: bool,
) -> Outcome:
    data, content = None, ""
    if results is not None:
        try:
            data, content = _content(path)
        except SourceError as error:
            return _unread(path, error.reason)
        known = results.get(path, of, data, content)
        if known is not None:
            return known
    outcome = _examined(path, of, roots, today, (data, content), jobs, around, mends)
    if results is not None and outcome.content[1]:
        results.put(outcome, of, outcome.content[1])
    return outcome


def _examined(
    path: str,
    of: Policy,
    roots: Sequence[str],
    today: date,
    content: tuple[bytes | None, str],
    jobs: int,
    around: Around,
    mends: bool = False,
) -> Outcome:
    """A file read and judged; ``content`` as ``_content`` gives it, "" where it is not known or was changed since."""
    from .checking import examine

    data, digest = content
    outcome = examine(path, of, today, roots, data, jobs, around, mends)
    if digest and (data is not None or digest == _digest(path)):
        outcome.content = len(data) if data is not None else current().size(path), digest
    return outcome


def _content(path: str) -> tuple[bytes | None, str]:
    """The bytes of a file and their digest; None for the bytes of one that is read piece by piece."""
    size = current().size(path)
    if size >= _LITTLE:
        from .documents.pieces import may_be_long

        if may_be_long(path, size):
            return None, digest_of(path)
    with stopping.at_once(size):
        data = read_bytes(path)
        return data, digest(data)


def _digest(path: str) -> str:
    """The digest of a file as it is now; "" for one that can't be read any more."""
    try:
        return digest_of(path)
    except SourceError:
        return ""


def _unread(path: str, reason: str) -> Outcome:
    outcome = Outcome(path)
    outcome.unread.append(Unread(path, reason, True))
    return outcome


def _in_parallel(
    todo: Sequence[tuple[str, Policy]],
    roots: Sequence[str],
    today: date,
    jobs: int,
    results: Results | None,
    around: Around,
) -> Iterator[tuple[str, Policy, Outcome]]:
    """The outcomes of files that are read and judged in several processes; a process that dies is an error."""
    from . import workers
    from .outcome import from_plain, to_plain
    from .results import reader

    found: dict[int, Outcome] = {}
    if results is not None:
        for number, (path, of) in enumerate(todo):
            try:
                data, content = _content(path)
                known = results.get(path, of, data, content)
            except SourceError as error:
                known = _unread(path, error.reason)
            if known is not None:
                found[number] = known
    rest = [number for number in range(len(todo)) if number not in found]

    def work(index: int) -> Any:
        path, of = todo[rest[index]]
        try:
            content = _content(path)
        except SourceError:
            content = None, ""  # the reason is found again, and told
        outcome = _examined(path, of, roots, today, content, 1, around)
        return (*outcome.content, to_plain(outcome, of.files))

    at = 0
    for index, answer, reason in workers.run(range(len(rest)), work, jobs):
        path, of = todo[rest[index]]
        if reason:
            outcome = _unread(path, f"the process that checked this file died ({reason})")
        else:
            size, content, plain = answer
            try:
                outcome = from_plain(plain, of.files, reader(path, content))
            except SourceError as error:
                size, content, outcome = 0, "", _unread(error.path, error.reason)
            outcome.content = size, content
            if results is not None and content:
                results.put(outcome, of, content)
        found[rest[index]] = outcome
        while at in found:
            yield (*todo[at], found.pop(at))
            at += 1
    while at in found:
        yield (*todo[at], found.pop(at))
        at += 1


def conversations(path: str, report: Report, policy: Policy | None = None) -> list[Conversation]:
    """What the readers make of one file; what can't be read goes to ``report.unread``."""
    from .checking import conversations

    outcome = Outcome(path)
    found = conversations(path, outcome, report.roots, policy=policy)
    report.unread += outcome.unread
    for name, count in outcome.formats.items():
        report.formats[name] = report.formats.get(name, 0) + count
    return found


def conversations_in(path: str, report: Report, policy: Policy | None = None) -> Iterator[tuple[str, Conversation]]:
    """What the readers make of a file, or of every file of a folder, with the file where each begins."""
    if not current().isdir(path):
        yield from ((path, conversation) for conversation in conversations(path, report, policy))
        return
    within = Report(roots=(os.path.realpath(path),))
    walked = walk([path])
    report.unread += [Unread(*missing) for missing in walked.missing]
    done: set[str] = set()
    for file in walked.files:
        if os.path.realpath(file) in done:
            continue
        for conversation in conversations(file, within, policy):
            done.update(os.path.realpath(document.source.file) for document in conversation.documents)
            yield file, conversation
    report.unread += within.errors


def _exemption_findings(
    policy: Policy, used: set[int], today: date, checked: set[str], folders: list[str]
) -> list[Finding]:
    found = []
    for exemption in policy.exemptions:
        if exemption.place.source.path.endswith("(bundled)"):
            continue
        if exemption.expired(today):
            what = f"the exception for '{exemption.rule}' expired on {exemption.until}"
            found.append(
                _about(
                    exemption,
                    "expired-exception",
                    what,
                    "Remove it and mend what it covered, or decide anew until when it holds.",
                )
            )
        elif id(exemption) not in used and _concerns(exemption, checked, folders):
            what = f"the exception for '{exemption.rule}' is not used any more"
            found.append(_about(exemption, "unused-exception", what, "Remove it: nothing that was checked needs it."))
    return found


def _concerns(exemption: Exemption, checked: set[str], folders: list[str]) -> bool:
    """Whether all files that an exception speaks of were part of this run: a hook sees only those that changed."""
    root = os.path.abspath(exemption.root)
    if any(os.path.commonpath([root, folder]) == folder for folder in folders):
        return True
    exact = exemption.file and not any(mark in exemption.file for mark in "*?[")
    return bool(exact) and os.path.join(root, os.path.normpath(exemption.file)) in checked


def _about(exemption: Exemption, rule: str, message: str, instead: str) -> Finding:
    from dataclasses import replace

    from .checking import fingerprint

    place = exemption.place
    finding = Finding(
        rule,
        "warning",
        message,
        place.source,
        place.span,
        instead=instead,
        related=(Related("exception", place.source, place.span),),
    )
    return replace(finding, fingerprint=fingerprint(finding))


def _ordered(findings: list[Finding]) -> list[Finding]:
    """By file and place; the same judgement at the same place only once."""
    unique = {(f.source.path, f.in_file, f.rule, f.data, f.message): f for f in findings}
    return sorted(unique.values(), key=lambda f: (f.source.path, *f.in_file, f.rule, f.message))


def check_text(text: str, policy: Policy, channel: str = "", language: str = "") -> list[Finding]:
    """The findings in one text (for ``policy test``): the text as a library of its own."""
    from .rules import check as check_rule

    context = context_of(text, policy, channel, language)
    return _ordered([finding for rule in policy.rules if rule.level != "off" for finding in check_rule(context, rule)])


def context_of(text: str, policy: Policy, channel: str = "", language: str = "") -> Context:
    """What rules look at in one text that stands by itself."""
    from .conversation import Conversation, Message
    from .documents import Document
    from .documents.model import Whole
    from .rules.context import Context
    from .source import Source

    source = Source("example", text)
    document = Document("text", source, text, lambda: Whole(source))
    message = Message("example", text, (), document, channels=(channel or "whatsapp",), locale=language or None)
    return Context(Conversation("example", (document,), (message,)), policy, "example", thorough=True)
