"""One file to its outcome: which documents, which reader, which findings, which of them are exempted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from math import inf

from . import slices, stopping
from .conversation import Conversation, Flow, Message, Skipped
from .documents import Document, open_source
from .documents.decoding import BINARY, LFS, NUL
from .documents.kinds import hint_of
from .documents.office import SLIDES, WORD
from .documents.pieces import may_be_long, opened
from .documents.repeats import repeated
from .documents.webpages import page
from .documents.yamlmistakes import NO_HYPHEN
from .entries import names
from .files import FILE_NAME
from .finding import Finding
from .fingerprints import named
from .inplace import Allowed, allowed, judge
from .markup import MOST_BRANCHES
from .meant import slip
from .messages import many
from .outcome import SMALLEST_LIBRARY, Kept, Outcome, Unread, Unseen, own_mistake
from .pieces import Library
from .policy.model import Exemption, Mapping_, Policy, Rule
from .policy.patterns import matches
from .readers import ReaderModule, by_record, find
from .readers.common import is_text
from .readers.misspelt import misspelt
from .readers.streams import passed_over
from .readers.torn import Torn, torn, torn_unknown
from .readers.vacant import NOTHING, dashed, vacant
from .reporters.ours import is_ours
from .rules import check as check_rule
from .rules import disclaimer
from .rules.context import Context, sieve_of
from .rules.told import told
from .source import Source, SourceError, mistake
from .surroundings import Around, Folder, Members, read_bytes
from .trees import POINTER, current

_OF_STREAM = (
    "document {} of {} is not recognised: this document is of another kind than what was read of the file; "
    "put it into a file of its own"
)
_TOO_DEEP = "nested too deeply"
_VERSION = FILE_NAME.partition(".")[0]  # the key of a policy that says in which version of the language it is written
_BEHIND = 300  # characters behind a key, in which its text begins
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

_BESIDE = {
    "~$": "an office program keeps this while it has a file open: what is not saved in that one is not checked",
    "._": "a Mac keeps this beside a file, and there is no text in it",
}
"""How files without a text begin that programs put beside those that people write, under the same name."""
_PAGES = (".txt", ".html", ".htm")
"""Names of texts that may be pages of replies; HTML is code as far as nothing says so."""
_FLOW_IN_CODE = "a WhatsApp Flow stands in this program code, which is not read: save it as JSON and check that"


def examine(
    path: str,
    policy: Policy,
    today: date,
    roots: Sequence[str],
    data: bytes | None = None,
    jobs: int = 1,
    around: Around | None = None,
    mends: bool = False,
) -> Outcome:
    """Read one file and judge it, a long one in several processes; ``around`` knows what stands around it.

    A very long one whose bytes are not given is read piece by piece, and then it is not known what ``mends`` it.
    """
    size = current().size(path) if data is None else len(data)
    packed = _suffix(path) in _CONTAINERS
    with stopping.at_once(stopping.LARGE if packed else size):
        by_pieces = data is None and not mends and may_be_long(path, size)
        judged = _in_pieces(path, policy, today, jobs) if by_pieces else None
        return judged or _as_a_whole(path, policy, today, roots, data, jobs, around)


def _as_a_whole(
    path: str,
    policy: Policy,
    today: date,
    roots: Sequence[str],
    data: bytes | None,
    jobs: int,
    around: Around | None,
) -> Outcome:
    outcome = Outcome(path)
    read = conversations(path, outcome, roots, data, policy, around)
    for conversation in read:
        documents = conversation.documents
        outcome.covered += (current().real(document.source.file) for document in documents[1:])
        try:
            _judge(conversation, policy, outcome, today, jobs)
        except Exception as error:
            outcome.unread.append(_unread(documents[0].source, _why(error), True))
    exceptions = allowed(document for one in read for document in one.documents)
    if exceptions:
        _excuse(outcome, exceptions, [rule.name for rule in policy.rules], today)
    return outcome


def _excuse(outcome: Outcome, exceptions: list[Allowed], rules: list[str], today: date) -> None:
    """Take the findings out that exceptions in comments cover, and put in what is wrong with these."""
    left, covered, about, listed = judge([*outcome.findings, *outcome.alone], exceptions, rules, today)
    before, outcome.alone = outcome.alone, [one for one in outcome.alone if one in left]
    outcome.warned += [one.rule for one in before if one not in outcome.alone]
    outcome.kept += (one for one in covered if one.finding not in before)
    outcome.findings = [one for one in left if one not in outcome.alone] + [named(finding) for finding in about]
    outcome.allowed = listed
    days = [until for _, _, _, until, *_ in listed]
    outcome.holds = min((until for until in days if until >= today.isoformat()), default="")
    outcome.expired = max((until for until in days if until < today.isoformat()), default="")


def known_binary(path: str) -> bool:
    """Whether the name of a file says that no reader can know it."""
    return _suffix(path) in _BINARY


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def conversations(
    path: str,
    outcome: Outcome,
    roots: Sequence[str] = (),
    data: bytes | None = None,
    policy: Policy | None = None,
    around: Around | None = None,
) -> list[Conversation]:
    """What the readers make of one file; what can't be read goes to ``outcome.unread``."""
    mappings = _mappings(path, policy)
    documents = _documents(path, data, outcome, bool(mappings))
    members = Members(documents)
    found: list[Conversation] = []
    claimed: set[str] = set()
    for document in documents:
        if document.error is not None:
            outcome.unread.append(Unread.of(document.error, document.source.path, True, _archive(document.source)))
        elif document.path in claimed:
            continue
        elif mappings:
            found += _as_mapped(document, mappings, outcome)
        elif _is_policy(document.value):
            outcome.policy_files += 1
        elif is_ours(document):
            outcome.ours = True
        else:
            conversation = _as_read(document, Folder(document, members, roots, outcome, around), outcome)
            if conversation is not None:
                claimed.update(other.source.path for other in conversation.documents)
                found.append(conversation)
    return found


def _is_policy(value: object) -> bool:
    """Whether a file is a policy that is not in force here: it says of what version, and holds nothing else than a
    policy may, or slips of that. One key does not make a policy: the texts of an export would not be looked at.
    """
    if not (isinstance(value, dict) and str(value.get(_VERSION, "")).isdecimal()):
        return False
    from .policy.schema import schema  # few files have the key

    known = schema()["properties"]
    return all(key in known or slip(str(key), known) for key in value)


def _documents(path: str, data: bytes | None, outcome: Outcome, mapped: bool) -> Sequence[Document]:
    """What a file holds. Of one that a policy maps, and of most others, it is an error if it can't be read."""
    if known_binary(path) and not mapped:
        outcome.unread.append(Unread(path, "no reader knows this kind of file", False))
        return []
    try:
        return open_source(path, read_bytes(path) if data is None else data)
    except SourceError as error:
        suffix = _suffix(path)
        no_text = error.reason in (BINARY, NUL, WORD, SLIDES) or (error.reason in (LFS, POINTER) and suffix != ".txt")
        beside = _BESIDE.get(os.path.basename(path)[:2]) if no_text and not mapped else None
        if beside:
            outcome.unread.append(Unread(path, beside, False))
            return []
        binary = no_text and not hint_of(path) and suffix not in _CONTAINERS
        broken = mapped or (suffix not in CODE and not binary)
        outcome.unread.append(Unread.of(error, path, broken))
    except RecursionError:
        outcome.unread.append(Unread(path, _TOO_DEEP, True))
    return []


def _as_read(document: Document, neighbours: Folder, outcome: Outcome) -> Conversation | None:
    """What the reader that knows a document makes of it; None where there is none."""
    try:
        reader = find(document) if _may_be_read(document) else None
        if reader is None:
            rows = torn_unknown(document)
            _tell_torn(document, rows, outcome)
            if not rows:
                outcome.unread.append(_not_known(document))
            return None
        conversation = _with_misspelt(reader, reader.read(document, neighbours))
        _tell_torn(document, torn(document, conversation.messages), outcome)
        _tell_overlooked(document, conversation, outcome)
    except SourceError as error:
        outcome.unread.append(Unread.of(error, document.source.path, True, _archive(document.source)))
        return None
    except Exception as error:
        # A mistake of ours must neither hide the other files nor pass for a clean result.
        outcome.unread.append(_unread(document.source, _why(error), True))
        return None
    outcome.formats[conversation.format] = outcome.formats.get(conversation.format, 0) + 1
    return conversation


def _may_be_read(document: Document) -> bool:
    suffix = _suffix(document.source.file)
    return suffix not in CODE or suffix in _PAGES


def _with_misspelt(reader: ReaderModule, read: Conversation) -> Conversation:
    """What was read, with the places that were passed over for a misspelt name; lists tell theirs themselves."""
    if by_record(reader):
        return read
    documents = [one for one in read.documents if isinstance(one, Document)]
    found = [place for one in documents for place in misspelt(one, reader, read)]
    return replace(read, overlooked=(*read.overlooked, *found)) if found else read


def _tell_torn(document: Document, rows: Sequence[Torn], outcome: Outcome) -> None:
    outcome.unread += (
        Unread.of(row.mistake, document.source.path, row.broken, _archive(document.source)) for row in rows
    )


def _tell_overlooked(document: Document, conversation: Conversation, outcome: Outcome) -> None:
    """Texts that stand in a file that was read, and that were not."""
    for path in passed_over(document, conversation):
        number = int(path[0]) + 1
        reason = _OF_STREAM.format(number, len(document.value))
        outcome.unread.append(_not_read(Skipped(path, document, reason))._replace(document=number))
    outcome.unread += map(_not_read, conversation.overlooked)
    for read in conversation.documents:
        if isinstance(read, Document):
            _tell_lost(read, outcome, _archive(document.source))


def _not_read(one: Skipped) -> Unread:
    """A text that was not read, with its place."""
    source = one.document.source
    said = mistake(source, one.document.span(one.path).start, one.reason)
    return Unread.of(said, source.path, one.broken, _archive(source))


def _tell_lost(document: Document, outcome: Outcome, archive: str) -> None:
    """Texts under a key that stands again in the same mapping."""
    text = document.source.text
    lost = [span for span in repeated(document) if is_text(text[span.end : span.end + _BEHIND])]
    if lost:
        name = text[slice(*lost[0])].strip("'\"\\")
        more = f" (and {many(len(lost) - 1, 'more such key')})" if len(lost) > 1 else ""
        said = mistake(document.source, lost[0].start, f"'{name}' stands twice here: only the last one counts{more}")
        outcome.unread.append(Unread.of(said, document.source.path, True, archive))


def _mappings(path: str, policy: Policy | None) -> dict[int, Mapping_]:
    """The mappings that are for a file, by their numbers in the policy."""
    every = policy.mappings if policy else ()
    return {number: one for number, one in enumerate(every) if matches(path, one.files, one.root)}


def _as_mapped(document: Document, mappings: Mapping[int, Mapping_], outcome: Outcome) -> list[Conversation]:
    from .readers import mapped

    numbers = list(mappings)
    try:
        conversation, led = mapped.read(document, [mapping.paths for mapping in mappings.values()])
        _tell_torn(document, torn(document, conversation.messages), outcome)
    except SourceError as error:
        place = mappings[numbers[0]].place
        reason = f"{error.reason}; the mapping is 'sources' in {place.source.path}, line {place.line}"
        outcome.unread.append(_unread(document.source, reason, True))
        return []
    except Exception as error:
        outcome.unread.append(_unread(document.source, _why(error), True))
        return []
    outcome.formats[conversation.format] = outcome.formats.get(conversation.format, 0) + 1
    outcome.led += sorted({*((number, "files") for number in numbers), *((numbers[at], name) for at, name in led)})
    return [conversation]


def _unread(source: Source, reason: str, error: bool) -> Unread:
    return Unread(source.path, reason, error, file=_archive(source))


def _archive(source: Source) -> str:
    return source.file if source.members else ""


def _not_known(document: Document) -> Unread:
    """A document that no reader knows; what surely says something to customers is told with its place."""
    value = document.value
    if isinstance(value, str) and "SingleColumnLayout" in value and _suffix(document.source.file) in CODE:
        from .readers import whatsapp_flows

        start = whatsapp_flows.begins_in_code(value)
        if start >= 0:
            said = mistake(document.source, start, _FLOW_IN_CODE)
            return Unread.of(said, document.source.path, False, _archive(document.source))
    start = dashed(document)
    if start >= 0:
        return Unread.of(
            mistake(document.source, start, NO_HYPHEN), document.source.path, True, _archive(document.source)
        )
    return _unread(document.source, _unknown(document), False)


def _unknown(document: Document) -> str:
    """Why a document is passed over."""
    if isinstance(document.value, str) or document.kind in ("csv", "yaml", "jsonl"):
        text = document.source.text
        if not text.strip("\0 \t\r\n"):
            return NOTHING
        if os.path.splitext(document.source.path)[1].lower() not in CODE and (web := page(text)):
            return web
    if why := vacant(document):
        return why
    said = "no reader recognises this content"
    if document.kind != "markdown" and not (document.kind == "text" and document.path.lower().endswith(_PAGES)):
        return said
    return f"{said}; a page of replies says so in its name, its first heading ('Standard replies') or its folder's name"


def _why(error: Exception) -> str:
    if isinstance(error, SourceError):
        return error.reason
    if isinstance(error, MemoryError):
        return "there is not enough memory to check this file"
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    return own_mistake(error)


def _judge(conversation: Conversation, policy: Policy, outcome: Outcome, today: date, jobs: int) -> None:
    path = conversation.documents[0].source.path
    context = Context(conversation, policy, path)
    outcome.files += 1
    outcome.messages += len(conversation.messages)
    for total, counts in ((outcome.without_rule, context.without_rule()), (outcome.met, context.met())):
        for what, count in counts.items():  # a file may hold several conversations
            total[what] = total.get(what, 0) + count
    outcome.unseen += _unseen(conversation)
    if slices.worthwhile(conversation):
        found = _found_in_slices(context, outcome, jobs)
    else:
        found = _found(context, outcome, policy.in_force)
    outcome.unseen += [Unseen(*one, told=True) for one in told(context)]
    outcome.unseen += _strange(context)
    _keep(found, policy, outcome, today, conversation.flows)
    if not conversation.flows:
        _note_alone(context, outcome, today)


def _note_alone(context: Context, outcome: Outcome, today: date) -> None:
    """Note what a file of one reply or two lacks of what a library must have: its folder may be one."""
    replies = sum(message.kind == "reply" for message in context.conversation.messages)
    for rule in context.policy.in_force:
        if not disclaimer.is_of_library(rule):
            continue
        if replies >= SMALLEST_LIBRARY:
            outcome.warned.append(rule.name)  # its findings tell what it lacks
            continue
        part = disclaimer.part(context, rule)
        found = disclaimer.of_one(part)
        kept = Outcome(outcome.path)
        _keep([found] if found else [], context.policy, kept, today)
        outcome.used |= kept.used
        outcome.alone += kept.findings
        if part.messages and not kept.findings:
            outcome.warned.append(rule.name)


FOREIGN = "in a language without a pack, not checked"


def _strange(context: Context) -> list[Unseen]:
    """Channels that nobody knows: a misspelt one must not mean that rules are not asked and nobody hears of it."""
    said = "there is no channel '{}' here; what names it was checked as if it named none"
    return [Unseen(context.relative, "", said.format(name), told=True) for name in context.strange()]


def _unseen(conversation: Conversation) -> list[Unseen]:
    return [Unseen(one.document.source.path, one.name, one.reason) for one in conversation.unseen]


def _keep(found: Sequence[Finding], policy: Policy, outcome: Outcome, today: date, flows: Sequence[Flow] = ()) -> None:
    """Take in the findings that no exception of the policy covers; ``flows`` are those in which they stand."""
    exempted = policy.exemptions_named

    @cache
    def covering(rule: str, at: str, *paths: str) -> list[int]:
        named = exempted.get((rule, at), ())
        return [number for number in named if any(_is_for(policy.exemptions[number], path) for path in paths)]

    for finding in found:
        step = flows[finding.flow].steps[finding.path[-1]] if flows and finding.path else None
        ats = {"", *names(finding.entry, step)} if exempted else ()
        paths = dict.fromkeys((finding.source.file, finding.source.path))  # of a member its archive, too
        numbers = [number for at in ats for number in covering(finding.rule, at, *paths)]
        outcome.used.update(numbers)
        in_force = [number for number in numbers if not policy.exemptions[number].expired(today)]
        if in_force:
            place = policy.exemptions[in_force[0]].place
            outcome.kept.append(Kept(named(finding), place.source.path, place.line))
        else:
            outcome.findings.append(named(finding))


def _found(context: Context, outcome: Outcome, rules: Sequence[Rule]) -> list[Finding]:
    """What the rules find, exceptions aside; texts and languages are counted on the way."""
    path = context.relative
    outcome.unseen += [Unseen(path, message.id, _crowded(message, number), True) for message, number in context.crowded]
    for spoken in context.spoken:
        if spoken.language:
            outcome.languages[spoken.language] = outcome.languages.get(spoken.language, 0) + 1
        elif any(character.isalpha() for character in spoken.plain.text) and len(spoken.plain.text.split()) > 3:
            outcome.untold += 1
            outcome.unseen.append(Unseen(path, spoken.message.id, FOREIGN, foreign=True))
    return [finding for rule in rules for finding in check_rule(context, rule)]


def _found_in_slices(context: Context, outcome: Outcome, jobs: int) -> list[Finding]:
    """The same, found slice by slice."""
    sieve_of(context.policy, context.conversation)  # made once, before there are several processes
    by_slice = _BySlice(context)
    parts = by_slice.take(slices.judged(context.conversation, context.policy.files, jobs, by_slice.judge), outcome)
    found, outcome.findings = outcome.findings, []  # exceptions are yet to be looked at
    return found + by_slice.of_library(parts)


class _BySlice:
    """A library judged slice by slice. ``whole`` is the context of all of it, or of its beginning."""

    def __init__(self, whole: Context) -> None:
        self._whole = whole
        self._of_library = [rule for rule in whole.policy.in_force if disclaimer.is_of_library(rule)]
        self._others = [rule for rule in whole.policy.in_force if rule not in self._of_library]
        self._beaten: dict[str, float] = {}
        """How much the best reply for a disclaimer lacked in the slices before, by rule."""

    def judge(self, part: Conversation) -> tuple[Outcome, list[disclaimer.Part]]:
        """What is found in a slice, and what it has of what the library as a whole must have."""
        whole = self._whole
        inner = Context(part, whole.policy, whole.relative, whole=whole)
        outcome = Outcome(whole.relative)
        outcome.findings = _found(inner, outcome, self._others)
        parts = [disclaimer.part(inner, rule, self._beaten.get(rule.name, inf)) for rule in self._of_library]
        for rule, of_slice in zip(self._of_library, parts, strict=True):
            if of_slice.complete or of_slice.lacking:
                self._beaten[rule.name] = min(self._beaten.get(rule.name, inf), len(of_slice.lacking))
        inner.forget()
        return outcome, parts

    @staticmethod
    def take(judged: Iterable[tuple[Outcome, list[disclaimer.Part]]], outcome: Outcome) -> list[list[disclaimer.Part]]:
        """Take in the outcomes of slices; their parts are returned."""
        parts = []
        for of_slice, of_library in judged:
            outcome.count(of_slice)
            outcome.used |= of_slice.used
            parts.append(of_library)
        return parts

    def joined(self, parts: Sequence[Sequence[disclaimer.Part]]) -> list[disclaimer.Part]:
        """One part for each rule on the library."""
        return [disclaimer.joined([of[number] for of in parts]) for number in range(len(self._of_library))]

    def of_library(self, parts: Sequence[Sequence[disclaimer.Part]]) -> list[Finding]:
        """The findings in the library as a whole."""
        found = (disclaimer.of_parts([part]) for part in self.joined(parts))
        return [finding for finding in found if finding is not None]


def _in_pieces(path: str, policy: Policy, today: date, jobs: int) -> Outcome | None:
    """A long file read and judged piece by piece; None where it has to be read as a whole."""
    if _mappings(path, policy) or os.path.splitext(path)[1].lower() in CODE:
        return None
    try:
        with current().open(path) as file:
            long = opened(path, file)
            return _judged_in_pieces(Library(long), path, policy, today, jobs) if long is not None else None
    except Exception:  # Unlike, or a mistake: reading it as a whole says what is wrong
        return None


def _judged_in_pieces(library: Library, path: str, policy: Policy, today: date, jobs: int) -> Outcome:
    beginning = library.beginning
    sieve_of(policy, replace(beginning, messages=list(beginning.messages) * library.times))
    by_slice = _BySlice(Context(beginning, policy, path))
    outcome = Outcome(path)
    outcome.files = 1
    outcome.formats[beginning.format] = 1

    def judge(piece: Conversation) -> tuple[Outcome, list[disclaimer.Part]]:
        of_piece = Outcome(path)
        of_piece.messages = len(piece.messages)
        context = Context(piece, policy, path)
        of_piece.without_rule = context.without_rule()
        of_piece.met = context.met()
        of_piece.unseen = [*_unseen(piece), *_strange(context)]
        parts = by_slice.take(slices.judged(piece, policy.files, 1, by_slice.judge), of_piece)
        found, of_piece.findings = of_piece.findings, []
        _keep(found, policy, of_piece, today)
        return of_piece, by_slice.joined(parts)

    try:
        parts = by_slice.take(library.judged(judge, jobs, policy.files), outcome)
    except SourceError as error:
        outcome.unread.append(Unread(path, error.reason, True))
        return outcome
    strange = dict.fromkeys(one for one in outcome.unseen if one.told)  # each piece says it anew
    outcome.unseen = [one for one in outcome.unseen if not one.told]
    outcome.unseen.sort(key=lambda one: (one.foreign, one.crowded))  # as they come where a file is read as a whole
    outcome.unseen += sorted(strange)
    outcome.warned += [rule.name for rule in policy.rules if disclaimer.is_of_library(rule)]
    _keep(by_slice.of_library(parts), policy, outcome, today)
    return outcome


def _crowded(message: Message, number: int) -> str:
    place = message.document.source.position(message.located().span().start)
    where = place.cell or f"{place.line}:{place.column}"
    one_by_one = MOST_BRANCHES - 1
    return f"this text, at {where}, has {number} branches; {one_by_one} were read one by one, and all in a row"


def _is_for(exemption: Exemption, path: str) -> bool:
    """Whether a file is one of those that an exception names."""
    return not exemption.file or matches(path, (exemption.file,), exemption.root)
