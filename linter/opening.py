"""One file to conversations: its documents, the reader that knows each, and what of it was not read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .conversation import Conversation, Skipped
from .documents import Document, encrypted, open_source
from .documents.decoding import BINARY, LFS, NUL
from .documents.kinds import hint_of
from .documents.office import SLIDES, WORD
from .documents.repeats import repeated
from .documents.webpages import page
from .documents.yamlmistakes import NO_HYPHEN
from .files import FILE_NAME
from .meant import slip
from .messages import many
from .outcome import Outcome, Unread, own_mistake
from .policy.model import Mapping_, Policy
from .policy.patterns import matches
from .readers import ReaderModule, find
from .readers.common import is_text
from .readers.passed_by import passed_by
from .readers.streams import passed_over
from .readers.torn import Torn, torn, torn_unknown
from .readers.vacant import NOTHING, dashed, vacant
from .reporters.ours import is_ours
from .source import Source, SourceError, mistake
from .surroundings import Around, Folder, Members, read_bytes
from .trees import POINTER

_OF_STREAM = (
    "document {} of {} is not recognised: this document is of another kind than what was read of the file; "
    "put it into a file of its own"
)
_NO_TEXT = (BINARY, NUL, WORD, SLIDES, encrypted.FILE)
_TOO_DEEP = "nested too deeply"
_VERSION = FILE_NAME.partition(".")[0]  # the key of a policy that says in which version of the language it is written
_BEHIND = 300  # characters behind a key, in which its text begins
_BINARY = (
    ".png", ".jpg", ".jpeg", ".gif", ".pdf", ".ico", ".woff", ".woff2", ".ttf", ".mp3", ".mp4", ".exe", ".so",
    ".pyc",
)  # fmt: skip
CONTAINERS = (
    ".xlsx", ".xlsm", ".ods", ".zip", ".gz", ".tgz", ".tar", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".7z",
    ".rar", ".zst", ".lz4", ".cab", ".bpz", ".bot",
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


def known_binary(path: str) -> bool:
    """Whether the name of a file says that no reader can know it."""
    return suffix_of(path) in _BINARY


def suffix_of(path: str) -> str:
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
    mappings = mappings_for(path, policy)
    documents = _documents(path, data, outcome, bool(mappings))
    members = Members(documents)
    found: list[Conversation] = []
    claimed: set[str] = set()
    for document in documents:
        if document.error is not None:
            is_error = document.error.reason not in (WORD, SLIDES)  # as where it stands in no archive
            outcome.unread.append(Unread.of(document.error, document.source.path, is_error, _archive(document.source)))
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
        suffix = suffix_of(path)
        no_text = error.reason in (BINARY, NUL, WORD, SLIDES, encrypted.FILE) or (
            error.reason in (LFS, POINTER) and suffix != ".txt"
        )
        beside = _BESIDE.get(os.path.basename(path)[:2]) if no_text and not mapped else None
        if beside:
            outcome.unread.append(Unread(path, beside, False))
            return []
        binary = no_text and not hint_of(path) and suffix not in CONTAINERS
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
        conversation = _with_passed_by(reader, reader.read(document, neighbours))
        _tell_torn(document, torn(document, conversation.messages), outcome)
        _tell_overlooked(document, conversation, outcome)
    except SourceError as error:
        outcome.unread.append(Unread.of(error, document.source.path, True, _archive(document.source)))
        return None
    except Exception as error:
        # A mistake of ours must neither hide the other files nor pass for a clean result.
        outcome.unread.append(unread_of(document.source, why_of(error), True))
        return None
    outcome.formats[conversation.format] = outcome.formats.get(conversation.format, 0) + 1
    return conversation


def _may_be_read(document: Document) -> bool:
    suffix = suffix_of(document.source.file)
    return suffix not in CODE or suffix in _PAGES


def _with_passed_by(reader: ReaderModule, read: Conversation) -> Conversation:
    """What was read, with the places that the reader passed by."""
    found = (*passed_by(reader, read), *_encrypted(read))
    return replace(read, overlooked=(*read.overlooked, *found)) if found else read


def _encrypted(read: Conversation) -> Iterator[Skipped]:
    for message in read.messages:
        if encrypted.is_encrypted(message.text):
            yield Skipped(message.path, message.document, encrypted.TEXT)


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


def mappings_for(path: str, policy: Policy | None) -> dict[int, Mapping_]:
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
        outcome.unread.append(unread_of(document.source, reason, True))
        return []
    except Exception as error:
        outcome.unread.append(unread_of(document.source, why_of(error), True))
        return []
    outcome.formats[conversation.format] = outcome.formats.get(conversation.format, 0) + 1
    outcome.led += sorted({*((number, "files") for number in numbers), *((numbers[at], name) for at, name in led)})
    return [conversation]


def unread_of(source: Source, reason: str, error: bool) -> Unread:
    return Unread(source.path, reason, error, file=_archive(source))


def _archive(source: Source) -> str:
    return source.file if source.members else ""


def _not_known(document: Document) -> Unread:
    """A document that no reader knows; what surely says something to customers is told with its place."""
    value = document.value
    if encrypted.is_file(document.source.text, document.kind not in ("markdown", "text")):
        return Unread.of(
            mistake(document.source, 0, encrypted.FILE), document.source.path, False, _archive(document.source)
        )
    if isinstance(value, str) and "SingleColumnLayout" in value and suffix_of(document.source.file) in CODE:
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
    return unread_of(document.source, _unknown(document), False)


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


def why_of(error: Exception) -> str:
    if isinstance(error, SourceError):
        return error.reason
    if isinstance(error, MemoryError):
        return "there is not enough memory to check this file"
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    return own_mistake(error)
