"""Files to findings: which files, which policy, what is known already; the outcomes of all in one report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

from .again import Basis
from .day import this_day
from .doubts import OF_FLOWS, OF_LISTS, OF_REPLIES, OF_STEPS, TO_JOIN, about, doubts, is_own, unspoken
from .files import BASELINE, FILE_NAME, Nearest, folder_of, walk
from .finding import Finding, Related
from .judging import Judging
from .offered import forbidden
from .outcome import FLOWS, REPLIES, SMALLEST_LIBRARY, Hidden, Outcome, Tally, Unread, over
from .policy.errors import PolicyError, closest
from .policy.model import ChannelRule, Place, Policy, Rule, Stands
from .policy.patterns import Files, near
from .policy.vocabulary import plain_tag
from .replacing import is_left
from .source import SourceError, Span
from .surroundings import is_inside, top
from .taken import missing, taken
from .trees import current, reading

if TYPE_CHECKING:
    from .conversation import Conversation
    from .rules.context import Context

DEFAULT_POLICY = "whatsapp"
_BLOCK = 1 << 20  # bytes
_MOST_MEANT = 100  # patterns for which the file is looked for that was meant


class Report(Tally):
    """All that a run found and did.

    ``rules`` are those that files were judged by: name, sentence, level. ``needed`` says where each exception of a
    policy is written that covered something, ``unjudged`` where those are that may cover what was not checked, and
    whether they are for anything that was. ``led`` says by their ``id`` which entries of ``sources`` were used
    ("files") and which of their paths led to anything. ``met_under`` is what was met of what each policy needs.
    ``read`` are the files that the report holds something of, each with the policy that judged it, ``checked`` those
    that were looked at, ``folders`` the folders of which all was; ``unreadable`` are the files and folders of which not
    all could be read, so that nothing can be said of what they lack. ``basis`` says what the report rests on, where
    that is known. ``known`` is what a baseline leaves out, ``stood`` what a comparison does, None where there is none;
    ``left_out`` are the findings that these are. ``tree`` is what the files were read from, which ``read_from`` says
    in words ("" for the files as they stand). ``idle`` are the files that are policies under another name.
    """

    def __init__(self, roots: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.rules: set[tuple[str, str, str]] = set()
        self.needed: set[Stands] = set()
        self.unjudged: dict[Stands, bool] = {}
        self.policies: list[Policy] = []
        self.led: set[tuple[int, str]] = set()
        self.met_under: dict[str, set[str]] = {}
        self.read: dict[str, str] = {}
        self.roots = roots
        self.checked: list[str] = []
        self.folders: list[str] = []
        self.unreadable: set[str] = set()
        self._blind: set[str] = set()
        self.basis: Basis | None = None
        self.known: Hidden | None = None
        self.stood: Hidden | None = None
        self.left_out: list[Finding] = []
        self.tree = current()
        self.read_from = ""
        self.idle: list[str] = []

    def miss(self, unread: Iterable[Unread]) -> None:
        """Take note of what could not be read, be it a file, a part of one or a folder."""
        for path in {one.file or one.path for one in unread if one.error} - self.unreadable:
            self.unreadable.add(path)
            at = os.path.realpath(path)
            while at not in self._blind:
                self._blind.add(at)
                at = os.path.dirname(at)

    def has_all_of(self, folder: str) -> bool:
        """Whether all that is below a folder, such as that of a policy, was looked at and could be read."""
        return _all_below(folder, self.roots) and os.path.realpath(folder) not in self._blind

    @property
    def files_read(self) -> int:
        """How many files the report holds something of, each once, be it of several bots or be they one bot."""
        return len(set(map(current().real, self.read)))

    def judged_by(self) -> dict[str, str]:
        """The files that the report holds something of, as they were found, each with the policy that judged it."""
        with reading(self.tree):
            known = {current().real(path): policy for path, policy in self.read.items()}
            places = {path: current().real(path) for path in self.checked}
        return {path: known[place] for path, place in places.items() if place in known}

    @property
    def hidden(self) -> list[Finding]:
        """The findings that a report does not show as such."""
        return [*(one.finding for one in self.kept), *self.left_out]

    def leave_out(self, shown: Iterable[Finding]) -> None:
        """Have these of the findings alone in the report."""
        shown = list(shown)
        told = set(map(id, shown))
        self.left_out += (finding for finding in self.findings if id(finding) not in told)
        self.findings = shown

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """The SHA-256 of files, by their paths; of one that can't be read any more there is none."""
        found: dict[str, str] = {}
        with reading(self.tree):
            for path in paths:
                with suppress(SourceError), current().open(path) as file:
                    found[path] = _sha256(file)
        return found

    @property
    def policy_digests(self) -> list[tuple[str, str]]:
        """The policy files of the organisation's own with their SHA-256; bundled ones go with neverask's version."""
        paths = {source.path for of in self.policies for source in of.own_files}
        return sorted(self.digests(paths).items())

    @property
    def policies_that_judged(self) -> list[Policy]:
        """The policies that a report names: the organisation's own, and bundled ones that judged a file.

        A readme above the folders that have a policy each is nobody's reply, so that nothing was held against the
        bundled policy that would hold for it.
        """
        judged = set(self.read.values())
        return [of for of in self.policies if of.own_files or of.name in judged] or self.policies

    @property
    def errors(self) -> list[Unread]:
        return [unread for unread in self.unread if unread.error]

    def add(self, outcome: Outcome, policy: Policy) -> None:
        """Take in what became of a file."""
        self.count(outcome)
        if outcome.files:
            self.read.update(dict.fromkeys((outcome.path, *outcome.covered), policy.name))
            self.rules.update((rule.name, rule.sentence.text, rule.level) for rule in policy.in_force)


def _sha256(file: BinaryIO) -> str:
    from hashlib import sha256  # OpenSSL takes long to load

    found = sha256()
    while block := file.read(_BLOCK):
        found.update(block)
    return found.hexdigest()


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

                within = os.path.join(name, FILE_NAME)
                if current().isfile(within):
                    raise SourceError(name, f"this is a folder: name the policy in it, {within}") from None
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

            self._loaded[key] = load(_of_repository(found)) if found else bundled(DEFAULT_POLICY)
        return self._loaded[key]

    def over(self, of: Policy) -> str | None:
        """The policy file above the folder of another one, which that does not extend; None where there is none.

        Where both extend the same file of the organisation's it is clear that they are meant to stand side by side.
        """
        if self._chosen is not None or not of.own_files:
            return None
        folder = folder_of(of.name)
        if current().exists(os.path.join(folder, ".git")):
            return None
        found = self._nearest.above(os.path.dirname(folder))
        if found is None:
            return None
        own = {current().real(source.path) for source in of.own_files}
        above = {current().real(found)}
        with suppress(PolicyError, SourceError):  # its mistakes are told where it holds
            above |= {current().real(source.path) for source in self.of(found).own_files}
        return found if own.isdisjoint(above) else None


def _of_repository(found: str) -> str:
    """The path of a policy that was found, as it is told. Raises SourceError for a link that leads out of the
    repository: what stands there is nobody's to read who wrote the tree, and the mistakes of a policy show its lines.
    """
    path = os.path.relpath(found)
    root = top(os.path.dirname(found))
    if root and not is_inside(found, os.path.realpath(root)):
        leads = f"a link that leads out of the repository, to {current().real(found)}"
        raise SourceError(path, f"{leads}; name it with --policy to use it")
    return path


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
    today = today or this_day()
    folders = [path for path in paths if current().isdir(path)]
    report = Report(tuple(map(current().real, folders)))
    walked = walk(paths)
    report.checked = walked.files
    report.unread = [Unread(*missing) for missing in walked.missing]
    report.miss(report.unread)
    policies = Policies(policy)
    todo = _todo(report, policies)
    basis = Basis(walked)
    passed_over: set[str] = set()
    covered: set[str] = set()
    judging = Judging(report.roots, today, cached, mends)
    by_folder = _ByFolder()
    left: list[tuple[str, Policy]] = []
    read_by: dict[str, str] = {}
    named, others = {os.path.normpath(path) for path in paths}, []
    for number, (path, of, outcome) in enumerate(judging.outcomes(todo, jobs)):
        progress(number, len(todo))
        basis.add(path, outcome)
        if outcome is None:
            left.append((path, of))
            continue
        report.needed.update(of.exemptions[index].stands for index in outcome.used)
        report.led.update((id(of.mappings[index]), name) for index, name in outcome.led)
        report.met_under.setdefault(of.name, set()).update(outcome.met)
        report.idle += [path] * bool(outcome.policy_files)
        if outcome.policy_files and path in named:
            others.append(_loaded(path))
        is_concerned = concerned(outcome, of) and not outcome.ours
        report.miss(outcome.unread)
        by_folder.add(outcome, is_concerned)
        covered.update(outcome.covered)  # perhaps by a file that comes later
        read_by.update(dict.fromkeys(outcome.covered, of.name))
        if is_concerned:
            report.add(outcome, of)
        else:
            passed_over.update((current().real(path), *outcome.covered))
    progress(len(todo), len(todo))
    over = {of.name: policies.over(of) for of in report.policies}
    basis.above = policies.above()
    basis.policies = {one.path: one.text for of in (*report.policies, *others) for one in of.own_files}
    report.basis = basis if cached else None
    report.findings += by_folder.findings(report)
    _judge_exemptions(report, todo, folders, today)
    report.findings += _about_policies(report, folders)
    report.findings += _not_extended(report, over, folders)
    report.findings += _passed_over(left, read_by) if len(report.policies) > 1 else ()
    report.findings += (finding for of in others for finding in doubts(of))
    report.findings = _ordered(report.findings)
    report.unread = [one for one in report.unread if one.error or one.line or current().real(one.path) not in covered]
    _pass_over(report, passed_over)
    return report


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
        yield from _without_files(of, report)
        yield from _without_texts(of, report)
        yield from _without_content(of, report)
        yield from (one for one in unspoken(of) if _all_below(folder_of(one.source.path), report.roots))
        if any(_all_below(folder_of(source.path), report.roots) for source in of.own_files):
            yield from forbidden(of, check_text)
            yield from (*taken(of), *missing(of))


def _without_files(of: Policy, report: Report) -> Iterator[Finding]:
    """File patterns that fit no file, where all below the policy was looked at."""
    entries = [("channels", one.files, one.spans, one.place, one.root) for one in of.channels]
    entries += (("sources", one.files, one.spans["files"], one.place, one.root) for one in of.mappings)
    entries += (
        (rule.name, (one.value,), (rule.place.span,), rule.place, one.root)
        for rule in of.in_force
        if is_own(rule.place)
        for one in rule.sentence.unless
        if one.kind == "in"
        and one.root == folder_of(rule.place.source.path)  # else it is told where the sentence stands
    )
    files = Files(report.checked)
    to_mean = _MOST_MEANT
    for part, patterns, spans, place, root in entries:
        if not patterns or not _all_below(root, report.roots):
            continue
        for pattern, span in zip(patterns, spans, strict=True):
            if not files.fitting(_or_archive(pattern), root):
                message = f"'{part}:' names files '{pattern}', but none that was checked is called so"
                to_mean -= 1
                hint = closest(pattern, near(pattern, root, report.checked)) if to_mean >= 0 else ""
                instead = hint if hint.startswith("did") else "Mend the pattern, or remove it."
                related = Related(part, place.source, place.span)
                yield about(Place(place.source, span), "pattern-without-files", message, instead, related, "note")


def _without_texts(of: Policy, report: Report) -> Iterator[Finding]:
    """Paths of ``sources`` that led to nothing in any file that was read by them."""
    for entry in of.mappings:
        if (id(entry), "files") not in report.led or not report.has_all_of(entry.root):
            continue
        for name, path in entry.paths.items():
            if path.startswith("$") and (id(entry), name) not in report.led:
                message = f"'sources:' has '{name}: {path}', which leads to nothing in the files that it names"
                place = Place(entry.place.source, entry.spans[name][0])
                related = Related("sources", entry.place.source, entry.place.span)
                yield about(place, "path-without-texts", message, "Mend the path, or take it out.", related, "note")


def _without_content(of: Policy, report: Report) -> Iterator[Finding]:
    """What the policy's own rules and channels need, of which nothing that was checked has any: tags, flows, replies,
    channels.
    """
    met_by = _Met(of, report)
    for entry in of.channels:
        if is_own(entry.place) and report.has_all_of(entry.root):
            met = met_by.entry(entry)
            for tag in entry.tagged:
                if plain_tag(tag) not in met:
                    yield _untagged(tag, "channels", entry.place)
    for rule in of.in_force:
        place = rule.place
        if not is_own(place) or not report.has_all_of(folder_of(place.source.path)):
            continue
        met = met_by.rule(rule)
        for condition in rule.sentence.unless:
            if condition.kind == "tagged" and plain_tag(condition.value) not in met:
                yield _untagged(condition.value, rule.name, place)
        if met and rule.sentence.channels and over("") not in met and met.isdisjoint(map(over, rule.sentence.channels)):
            yield _silent(rule)
        if rule.sentence.position in OF_FLOWS and FLOWS not in met:
            message = f"'{rule.name}' looks at flows alone, and nothing that was checked is one"
            yield about(place, "rule-without-flows", message, OF_REPLIES, rule.line, "note")
        if rule.sentence.position in OF_LISTS and FLOWS in met and REPLIES not in met:
            message = f"'{rule.name}' looks at lists of replies alone, and all that was checked are flows"
            yield about(place, "rule-without-replies", message, OF_STEPS, rule.line, "note")


class _Met:
    """What was met of what a policy needs, also under others that extend the same file and have the same in force."""

    def __init__(self, of: Policy, report: Report) -> None:
        files = {source.path for source in of.own_files}
        self._own = report.met_under.get(of.name, set())
        self._others = [
            (other, {rule.name: rule.sentence.text for rule in other.in_force}, report.met_under.get(other.name, set()))
            for other in report.policies
            if other.name != of.name and any(source.path in files for source in other.own_files)
        ]

    def entry(self, entry: ChannelRule) -> set[str]:
        place = (entry.place.source.path, entry.place.span)
        same = (
            met
            for other, _, met in self._others
            if any((one.place.source.path, one.place.span) == place for one in other.channels)
        )
        return self._own.union(*same)

    def rule(self, rule: Rule) -> set[str]:
        same = (met for _, texts, met in self._others if texts.get(rule.name) == rule.sentence.text)
        return self._own.union(*same)


def _silent(rule: Rule) -> Finding:
    """That nothing goes out where a rule holds."""
    channels = ", ".join(sorted(rule.sentence.channels))
    message = f"'{rule.name}' holds on {channels} alone, over which nothing that was checked goes out"
    instead = "Say under 'channels:' what goes out over it, mend the name, or take the rule out."
    return about(rule.place, "channel-without-content", message, instead, rule.line, "note")


def _untagged(tag: str, where: str, place: Place) -> Finding:
    message = f"'{where}' speaks of the tag '{tag}', but nothing that was checked has it"
    related = Related("tag", place.source, place.span)
    instead = "'neverask show' tells the tags of a file. Mend the tag, or remove it."
    return about(place, "tag-without-content", message, instead, related, "note")


def _all_below(folder: str, roots: Iterable[str]) -> bool:
    """Whether a folder, such as that of a policy, is one of ``roots`` or below one, so that all in it was looked at."""
    real = os.path.realpath(folder)
    return any(os.path.commonpath([root, real]) == root for root in roots)


def _or_archive(pattern: str) -> tuple[str, ...]:
    """A pattern, and that of the archive in which it names a place: which members were checked isn't known."""
    return pattern, pattern.partition("!")[0] or pattern


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


def conversations(path: str, report: Report, policy: Policy | None = None) -> list[Conversation]:
    """What the readers make of one file; what can't be read goes to ``report.unread``."""
    from .checking import conversations

    outcome = Outcome(path)
    found = conversations(path, outcome, report.roots, policy=policy)
    report.unread += outcome.unread
    for name, count in outcome.formats.items():
        report.formats[name] = report.formats.get(name, 0) + count
    return found


def conversations_in(path: str, report: Report, policies: Policies) -> Iterator[tuple[str, Policy, Conversation]]:
    """What the readers make of a file, or of every file of a folder, with the file where each begins and its policy."""
    is_folder = current().isdir(path)
    within = Report(roots=(os.path.realpath(path),) if is_folder else ())
    walked = walk([path])
    report.unread += [Unread(*missing) for missing in walked.missing]
    done: set[str] = set()
    for file in walked.files:
        if os.path.realpath(file) in done:
            continue
        of = policies.of(file)
        for conversation in conversations(file, within, of):
            done.update(os.path.realpath(document.source.file) for document in conversation.documents)
            yield file, of, conversation
    report.unread += within.errors if is_folder else within.unread


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By file and place; the same judgement at the same place only once, for the first reply that is written there."""
    unique = {(f.source.path, f.in_file, f.rule, f.data, f.message): f for f in reversed([*findings])}
    return sorted(unique.values(), key=lambda f: (f.source.path, *f.in_file, f.rule, f.message))


def check_text(text: str, policy: Policy, channel: str = "", language: str = "") -> list[Finding]:
    """The findings in one text (for ``policy test``): the text as a library of its own."""
    from .rules import check_all

    return _ordered(check_all(context_of(text, policy, channel, language)))


def check_flow(flow: dict[str, Any], policy: Policy) -> list[Finding]:
    """The findings in a small flow (for ``policy test``), in the form of docs/flow-format.md.

    Raises ValueError with what in it can't be read.
    """
    import json

    from .checking import conversations
    from .rules import check_all
    from .rules.context import Context

    outcome = Outcome("example.json")
    read = conversations(outcome.path, outcome, data=json.dumps(flow).encode())
    if outcome.unread or not read:
        raise ValueError(outcome.unread[0].reason if outcome.unread else "no step says or asks anything")
    return _ordered(check_all(Context(read[0], policy, outcome.path)))


def context_of(text: str, policy: Policy, channel: str = "", language: str = "", name: str = "example") -> Context:
    """What rules look at in one text that stands by itself."""
    from .conversation import Conversation, Message
    from .documents import Document
    from .documents.model import Whole
    from .rules.context import Context
    from .source import Source

    source = Source(name, text)
    document = Document("text", source, text, lambda: Whole(source))
    message = Message(name, text, (), document, channels=(channel or "whatsapp",), locale=language or None)
    return Context(Conversation(name, (document,), (message,)), policy, name, thorough=True)
