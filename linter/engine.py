"""Files to findings: which files, which reader, which policy; exceptions, order, counts."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from hashlib import blake2b

from .conversation import Conversation, Skipped
from .documents import Document, open_source
from .documents.decoding import BINARY
from .documents.kinds import hint_of
from .finding import Finding, Related
from .policy.load import FILE_NAME, bundled
from .policy.load import load as load_policy
from .policy.model import Exemption, Mapping_, Policy
from .readers import find
from .rules import check as check_rule
from .rules.context import Context, matches
from .source import Source, SourceError

DEFAULT_POLICY = "whatsapp"
LARGEST = 1 << 30  # bytes; a larger file is refused, not read in part
_NEVER = (
    ".git",
    ".hg",
    "node_modules",
    "__pycache__",
    ".venv",
    ".tox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
)
_BINARY = (
    ".png", ".jpg", ".jpeg", ".gif", ".pdf", ".ico", ".woff", ".woff2", ".ttf", ".mp3", ".mp4", ".exe", ".so",
    ".pyc",
)  # fmt: skip
_CONTAINERS = (
    ".xlsx", ".ods", ".zip", ".gz", ".tgz", ".tar",
)  # fmt: skip
CODE = (
    ".py", ".js", ".ts", ".java", ".cs", ".go", ".rb", ".php", ".sh", ".css", ".html", ".lark", ".toml", ".cfg",
    ".ini", ".lock",
)  # fmt: skip


@dataclass
class Unread:
    """A file that was not checked.

    ``error``: it should have been (broken, no permission); else no reader knows it.
    """

    path: str
    reason: str
    error: bool
    line: int = 0
    column: int = 0


@dataclass
class Report:
    """All that a run found and did. ``policies`` maps a policy's name to the number of rules in force."""

    findings: list[Finding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    unseen: list[tuple[str, Skipped]] = field(default_factory=list)
    files: int = 0
    policy_files: int = 0
    messages: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    untold: int = 0
    rules: set[str] = field(default_factory=set)
    policies: list[Policy] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)
    roots: tuple[str, ...] = ()
    checked: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Unread]:
        return [unread for unread in self.unread if unread.error]


class Policies:
    """Finds the policy of a file.

    The nearest neverask.yaml upwards to the repository's root, else a bundled one.
    """

    def __init__(self, chosen: str | None = None) -> None:
        self._chosen = self._named(chosen) if chosen else None
        self._by_folder: dict[str, str | None] = {}
        self._loaded: dict[str, Policy] = {}

    @staticmethod
    def _named(name: str) -> Policy:
        if not os.path.isfile(name):
            try:
                return bundled(name)
            except KeyError:
                raise SourceError(
                    name,
                    "there is no such policy: give a file, or one of the bundled ones (neverask policy list)",
                ) from None
        return load_policy(name)

    def of(self, path: str) -> Policy:
        """The policy for a file. Raises PolicyError or SourceError."""
        if self._chosen is not None:
            return self._chosen
        found = self._look(os.path.dirname(os.path.abspath(path.split("!")[0])))
        key = found or DEFAULT_POLICY
        if key not in self._loaded:
            self._loaded[key] = load_policy(os.path.relpath(found)) if found else bundled(DEFAULT_POLICY)
        return self._loaded[key]

    def _look(self, folder: str) -> str | None:
        if folder not in self._by_folder:
            here = os.path.join(folder, FILE_NAME)
            above = os.path.dirname(folder)
            if os.path.isfile(here):
                self._by_folder[folder] = here
            elif os.path.exists(os.path.join(folder, ".git")) or above == folder:
                self._by_folder[folder] = None
            else:
                self._by_folder[folder] = self._look(above)
        return self._by_folder[folder]


class Folder:
    """The neighbours of a document.

    Files beside it, or members of the same archive. Never outside the tree.
    """

    def __init__(self, document: Document, members: Sequence[Document], roots: Sequence[str] = ()) -> None:
        self._archive = (
            {member.source.path.partition("!")[2]: member for member in members}
            if "!" in document.source.path
            else None
        )
        inner = document.source.path.partition("!")[2] if self._archive is not None else document.source.path
        self._base = os.path.dirname(inner)
        self._root = _tree(self._base, roots) if self._archive is None else ""

    def names(self, pattern: str) -> Sequence[str]:
        if self._archive is not None:
            relative = [os.path.relpath(name, self._base or ".") for name in self._archive]
            return sorted(name for name in relative if fnmatch(name, pattern))
        from glob import glob

        found = glob(pattern, root_dir=self._base or ".", recursive=True)
        return sorted(name.replace(os.sep, "/") for name in found if self._inside(name))

    def open(self, name: str) -> Sequence[Document]:
        if self._archive is not None:
            member = self._archive.get(os.path.normpath(os.path.join(self._base, name)))
            return [member] if member is not None else []
        path = os.path.normpath(os.path.join(self._base, name))
        if not self._inside(name):
            return []
        try:
            return [document for document in open_source(path, read_bytes(path)) if document.error is None]
        except SourceError:
            return []

    def _inside(self, name: str) -> bool:
        path = os.path.realpath(os.path.join(self._base or ".", name))
        return os.path.isfile(path) and os.path.commonpath([path, self._root]) == self._root


def _tree(folder: str, roots: Sequence[str]) -> str:
    """The repository around a folder; outside one, the folder that the user named, else the folder itself."""
    start = os.path.realpath(folder or ".")
    at = start
    while not os.path.exists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            named = [root for root in roots if os.path.commonpath([root, start]) == root]
            return min(named, key=len, default=start)
        at = above
    return at


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file.

    Raises SourceError for anything else (a pipe, a device) and for what can't be read.
    """
    try:
        status = os.stat(path)
        if not os.path.isfile(path):
            raise SourceError(path, "this is not a regular file")
        if status.st_size > LARGEST:
            raise SourceError(path, f"this file is larger than {LARGEST >> 20} MiB")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SourceError(path, f"can't read the file: {error.strerror or error}") from None


def walk(paths: Iterable[str]) -> tuple[list[str], list[Unread]]:
    """The files at and below the paths as git sees them (ignored ones left out), sorted, each once.

    With them what isn't there and what can't be looked into.
    """
    found: list[str] = []
    missing: list[Unread] = []
    for path in paths:
        if os.path.isdir(path):
            found += _tracked(path, missing) if _in_git(path) else _below(path, missing)
        elif os.path.lexists(path):
            found.append(path)
        else:
            missing.append(Unread(path, "there is no such file or folder", True))
    return sorted(dict.fromkeys(os.path.normpath(path) for path in found)), missing


def _in_git(path: str) -> bool:
    at = os.path.realpath(path)
    while True:
        if os.path.exists(os.path.join(at, ".git")):
            return True
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above


def _tracked(path: str, missing: list[Unread]) -> list[str]:
    command = ["git", "-C", path, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        run = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return _below(path, missing)
    names = [os.path.join(path, os.fsdecode(name)) for name in run.stdout.split(b"\0") if name]
    # A link that leads nowhere stays in, to be reported; a file deleted but not yet committed is simply gone.
    return [name for name in names if os.path.lexists(name) and not os.path.isdir(name)]


def _below(path: str, missing: list[Unread]) -> list[str]:
    def closed(error: OSError) -> None:
        missing.append(Unread(str(error.filename), f"can't look into this folder: {error.strerror}", True))

    found: list[str] = []
    for folder, folders, names in os.walk(path, onerror=closed):
        folders[:] = sorted(name for name in folders if name not in _NEVER)
        found += [os.path.join(folder, name) for name in names]
    return found


def check(
    paths: Iterable[str],
    policy: str | None = None,
    today: date | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Check files and folders. Raises PolicyError or SourceError where a policy can't be used."""
    paths = list(paths)
    today = today or date.today()
    report = Report(roots=tuple(os.path.realpath(path) for path in paths if os.path.isdir(path)))
    files, report.unread = walk(paths)
    report.checked = files
    policies = Policies(policy)
    used: set[int] = set()
    in_force: dict[str, Policy] = {}
    done: set[str] = set()
    for number, path in enumerate(files):
        progress(number, len(files))
        if os.path.realpath(path) in done:
            continue
        of = policies.of(path)
        in_force.setdefault(of.name, of)
        if os.path.basename(path) == FILE_NAME:
            report.policy_files += 1
            continue
        for conversation in _conversations(path, report, of):
            done.update(os.path.realpath(document.source.path.split("!")[0]) for document in conversation.documents[1:])
            try:
                _judge(conversation, of, report, used, today)
            except Exception as error:
                report.unread.append(Unread(conversation.documents[0].source.path, _own_mistake(error), True))
    progress(len(files), len(files))
    report.policies = [in_force[name] for name in sorted(in_force)]
    checked = {os.path.abspath(path) for path in files}
    folders = [os.path.abspath(path) for path in paths if os.path.isdir(path)]
    for of in report.policies:
        report.findings += _exemption_findings(of, used, today, checked, folders)
    report.findings = _ordered(report.findings)
    return report


def conversations(path: str, report: Report, policy: Policy | None = None) -> list[Conversation]:
    """What the readers make of one file; what can't be read goes to ``report.unread``."""
    return _conversations(path, report, policy)


def _conversations(path: str, report: Report, policy: Policy | None) -> list[Conversation]:
    mappings = [m for m in policy.mappings if matches(path, m.files, m.root)] if policy else []
    suffix = os.path.splitext(path)[1].lower()
    if suffix in _BINARY and not mappings:
        report.unread.append(Unread(path, "no reader knows this kind of file", False))
        return []
    try:
        documents = open_source(path, read_bytes(path))
    except SourceError as error:
        place = error.position
        binary = error.reason == BINARY and not hint_of(path) and suffix not in _CONTAINERS
        broken = bool(mappings) or (suffix not in CODE and not binary)
        report.unread.append(
            Unread(path, error.reason, broken, place.line if place else 0, place.column if place else 0)
        )
        return []
    except RecursionError:
        report.unread.append(Unread(path, "nested too deeply", True))
        return []
    found: list[Conversation] = []
    claimed: set[str] = set()
    for document in documents:
        if document.error is not None:
            report.unread.append(Unread(document.path, document.error.reason, True))
            continue
        if document.path in claimed:
            continue
        if mappings:
            found += _as_mapped(document, mappings, report)
            continue
        if isinstance(document.value, dict) and FILE_NAME.partition(".")[0] in document.value:
            report.policy_files += 1
            continue
        try:
            reader = find(document) if suffix not in CODE else None
            if reader is None:
                report.unread.append(Unread(document.path, "no reader recognises this content", False))
                continue
            conversation = reader.read(document, Folder(document, documents, report.roots))
        except Exception as error:
            # A mistake of ours must neither hide the other files nor pass for a clean result.
            report.unread.append(Unread(document.path, _own_mistake(error), True))
            continue
        claimed.update(other.source.path for other in conversation.documents)
        report.formats[conversation.format] += 1
        found.append(conversation)
    return found


def _as_mapped(document: Document, mappings: Sequence[Mapping_], report: Report) -> list[Conversation]:
    from .readers import mapped

    try:
        conversation = mapped.read(document, [mapping.paths for mapping in mappings])
    except SourceError as error:
        place = mappings[0].place
        line = place.source.position(place.span.start).line
        reason = f"{error.reason}; the mapping is 'sources' in {place.source.path}, line {line}"
        report.unread.append(Unread(document.path, reason, True))
        return []
    except Exception as error:
        report.unread.append(Unread(document.path, _own_mistake(error), True))
        return []
    report.formats[conversation.format] += 1
    return [conversation]


def _own_mistake(error: Exception) -> str:
    if isinstance(error, SourceError):
        return error.reason
    if os.environ.get("NEVERASK_DEBUG"):
        raise error
    return f"neverask made a mistake here ({type(error).__name__}: {error}); please report it"


def _judge(conversation: Conversation, policy: Policy, report: Report, used: set[int], today: date) -> None:
    path = conversation.documents[0].source.path
    context = Context(conversation, policy, path)
    report.files += 1
    report.messages += len(conversation.messages)
    report.unseen += [(path, skipped) for skipped in conversation.unseen]
    for spoken in context.spoken:
        if spoken.language:
            report.languages[spoken.language] += 1
        elif any(character.isalpha() for character in spoken.plain.text) and len(spoken.plain.text.split()) > 3:
            report.untold += 1
    found: list[Finding] = []
    for rule in policy.rules:
        if rule.level == "off":
            continue
        report.rules.add(rule.name)
        found += check_rule(context, rule)
    for finding in found:
        exempted = False
        for number, exemption in enumerate(policy.exemptions):
            if _covers(exemption, finding):
                used.add(id(policy.exemptions[number]))
                exempted = exempted or not _expired(exemption, today)
        if not exempted:
            report.findings.append(replace(finding, fingerprint=fingerprint(finding)))


_AROUND = 120  # characters on each side of the words: all that is compared of a line that is a whole file


def fingerprint(finding: Finding) -> str:
    """A name for a finding that survives moves, reordering and new ids: rule, categories, the words in their text."""
    span, source = finding.span, finding.source
    words = " ".join(source.text[span.start : span.end].split())
    text = " ".join((finding.text or _around(finding)).split())
    parts = (finding.rule, *finding.data, words, text)
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _around(finding: Finding) -> str:
    place = finding.source.position(finding.span.start)
    line = finding.source.line(place.line)
    return line[max(0, place.column - 1 - _AROUND) : place.column - 1 + _AROUND]


def _covers(exemption: Exemption, finding: Finding) -> bool:
    if exemption.rule != finding.rule:
        return False
    if exemption.file and not matches(finding.source.path, (exemption.file,), exemption.root):
        return False
    return (
        not exemption.at
        or exemption.at in (finding.entry, finding.entry.split("[")[0])
        or exemption.at in finding.entry.split(".")
    )


def _expired(exemption: Exemption, today: date) -> bool:
    return exemption.until is not None and exemption.until < today


def _exemption_findings(
    policy: Policy, used: set[int], today: date, checked: set[str], folders: list[str]
) -> list[Finding]:
    found = []
    for exemption in policy.exemptions:
        if exemption.place.source.path.endswith("(bundled)"):
            continue
        if _expired(exemption, today):
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
    unique = {(f.source.path, f.span, f.rule, f.data, f.message): f for f in findings}
    return sorted(unique.values(), key=lambda f: (f.source.path, f.span.start, f.span.end, f.rule, f.message))


def check_text(text: str, policy: Policy, channel: str = "", language: str = "") -> list[Finding]:
    """The findings in one text (for ``policy test``): the text as a library of its own."""
    from .conversation import Message
    from .documents.model import Whole

    source = Source("example", text)
    document = Document("text", source, text, lambda: Whole(source))
    message = Message("example", text, (), document, channels=(channel or "whatsapp",), locale=language or None)
    context = Context(Conversation("example", (document,), (message,)), policy, "example")
    return _ordered([finding for rule in policy.rules if rule.level != "off" for finding in check_rule(context, rule)])
