"""``neverask lsp``: the language server. Speaks the protocol; what it says is worked out in ``editing``."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.workspace import TextDocument

from . import __version__, editing
from .finding import Finding
from .in_force import Policies
from .messages import ENGLISH, Say, speaker, spoken
from .policy.errors import PolicyError
from .reporters.grouping import grouped
from .source import Source, SourceError, Span

_PAUSE = 0.2  # seconds without a key after which a text is looked at
_LARGEST = 2_000_000  # characters; a larger text is looked at when it is opened or saved, not while it is typed
_MOST_PLACES = 10  # of a range, to which fixes are offered; in a long text fewer, since each is proved by checking it
_WORK = 300_000  # characters that are checked again for the fixes of a range, about
_ENDINGS = {
    "json": ".json", "jsonc": ".json", "jsonl": ".jsonl", "yaml": ".yaml", "csv": ".csv", "markdown": ".md",
    "xml": ".xml", "plaintext": ".txt",
}  # fmt: skip
"""Of files, by what editors call the language of a text."""
_WHOLE = types.TextDocumentSyncKind.Full
_FIX_ALL = "source.fixAll.neverask"
_T = TypeVar("_T")


class _Protocol(LanguageServerProtocol):
    """The protocol, with an answer to every question: the library tells its log alone of one that it can't read."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and isinstance(data.get("id"), (int, str)):
                self._send_response(data["id"], error=error.to_response_error())
            raise


class Server(LanguageServer):
    """The server with what it knows of the texts that are open.

    ``chosen`` is the policy for all files, or None; ``language`` the one to speak, or None for that of the editor.
    """

    def __init__(self, chosen: str | None, language: str | None = None) -> None:
        # Whole texts: lines that end in other ways than LF and CRLF would be counted otherwise by the library.
        super().__init__("neverask", __version__, text_document_sync_kind=_WHOLE, protocol_cls=_Protocol)
        self.chosen = chosen
        self.language = language
        self.say: Say = speaker(language) if language else str
        self.policies = Policies(chosen)
        self.checked: dict[str, editing.Checked] = {}
        self.turns: dict[str, int] = {}
        self.busy = asyncio.Lock()

    def open_text(self, uri: str) -> TextDocument | None:
        """The text that the editor has open under an address; the library keeps it under the address unescaped."""
        documents = self.workspace.text_documents
        found: TextDocument | None = documents.get(unquote(uri)) or documents.get(uri)
        return found

    def speak(self, language: str) -> None:
        """Speak a language from now on; English for one that neverask does not speak."""
        self.language, self.say = language, speaker(language)

    def roots(self) -> list[str]:
        """The folders that the editor has open."""
        folders = [_path(folder.uri) for folder in self.workspace.folders.values()]
        found = [folder for folder in (*folders, self.workspace.root_path) if folder]
        return [os.path.realpath(folder) for folder in dict.fromkeys(found)]

    def units(self) -> _Units:
        agreed = self.workspace.position_encoding
        return _Units(str(agreed.value if isinstance(agreed, types.PositionEncodingKind) else agreed))


@dataclass(frozen=True)
class _Units:
    """Positions as the editor counts them: lines from 0, columns in units of the encoding agreed on."""

    encoding: str
    _width: dict[str, int] = field(default_factory=lambda: {"utf-8": 1, "utf-16": 2, "utf-32": 4})
    _counted: dict[Source, tuple[int, int]] = field(default_factory=dict)
    """Where the last range of a text began and at which column: a line may be the whole text, with all its places."""

    def count(self, text: str) -> int:
        if text.isascii():
            return len(text)
        codec = self.encoding if self.encoding == "utf-8" else self.encoding + "-le"
        return len(text.encode(codec, "surrogatepass")) // self._width[self.encoding]

    def position(self, source: Source, offset: int) -> types.Position:
        place = source.position(offset)
        line = offset - place.column + 1
        at, units = self._counted.get(source, (line, 0))
        if not line <= at <= offset:
            at, units = line, 0
        return types.Position(place.line - 1, units + self.count(source.text[at:offset]))

    def range(self, source: Source, span: Span) -> types.Range:
        start = self.position(source, span.start)
        self._counted[source] = span.start, start.character
        return types.Range(start, self.position(source, span.end))

    def column(self, line: str, units: int) -> int:
        """How many characters the first units of a line are."""
        if line.isascii():
            return min(units, len(line))
        total = 0
        for number, character in enumerate(line):
            if total >= units:
                return number
            total += self.count(character)
        return len(line)

    def offset(self, source: Source, position: types.Position) -> int:
        line = source.line(position.line + 1)
        begin = source.offset(position.line + 1, 1)
        return len(source.text) if begin < 0 else begin + self.column(line, position.character)


def server(chosen: str | None, language: str | None = None, otherwise: str = ENGLISH) -> Server:
    """A server with all that it can do, not yet started. It speaks a language, else that of the editor, else another.

    Raises PolicyError or SourceError for a chosen policy that is not there.
    """
    made = Server(chosen, language)

    @made.feature(types.INITIALIZE)
    def begun(ls: Server, params: types.InitializeParams) -> None:
        if ls.language is None:
            ls.speak(re.split("[-_.]", params.locale or otherwise)[0].lower())

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        await _look(ls, params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        if len(ls.workspace.get_text_document(uri).source) <= _LARGEST:
            await _look(ls, uri, _PAUSE)

    @made.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        # Another file of the same bot, or the policy, may now judge an open text otherwise.
        await _look_at_all(ls)

    @made.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
        await _look_at_all(ls)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.checked.pop(uri, None)
        ls.turns[uri] = ls.turns.get(uri, 0) + 1
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
        return _hover(ls, params)

    kinds = [types.CodeActionKind.QuickFix, _FIX_ALL]

    @made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))
    async def actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        return await _alone(ls, lambda: list(_actions(ls, params)))

    @made.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", ":", "-", "["]))
    def completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
        return _completion(ls, params)

    return made


async def _look_at_all(ls: Server) -> None:
    with suppress(PolicyError, SourceError):  # of the one that was chosen: the editor shows them in it
        ls.policies = Policies(ls.chosen)
    for document in list(ls.workspace.text_documents.values()):
        await _look(ls, document.uri)


async def _look(ls: Server, uri: str, pause: float = 0) -> None:
    """Check a text and tell the editor, unless it has changed meanwhile."""
    turn = ls.turns[uri] = ls.turns.get(uri, 0) + 1
    if pause:
        await asyncio.sleep(pause)
    async with ls.busy:
        document = ls.open_text(uri)
        if ls.turns.get(uri) != turn or document is None:
            return
        version, path, roots = document.version, _path(uri), ls.roots()
        path = path or _unsaved(uri, str(document.language_id), roots)
        if path is None:
            return
        language = ls.language or ENGLISH
        look = partial(editing.check, path, document.source, ls.policies, roots, language)
        checked, diagnostics = await _beside(partial(_told, look, ls.units(), uri, language))
    if ls.turns.get(uri) == turn:
        ls.checked[uri] = checked
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))


def _told(
    look: Callable[[], editing.Checked], units: _Units, uri: str, language: str
) -> tuple[editing.Checked, list[types.Diagnostic]]:
    """A text with what was found in it, and what the editor is told of that."""
    checked = look()
    return checked, list(_diagnostics(units, checked, uri, language))


async def _alone(ls: Server, work: Callable[[], _T]) -> _T:
    """What comes of some work beside, with no other at the same time, also where the editor takes its question back."""
    await ls.busy.acquire()
    task = asyncio.ensure_future(_beside(work))
    task.add_done_callback(lambda _: ls.busy.release())
    return await asyncio.shield(task)


async def _beside(work: Callable[[], _T]) -> _T:
    """What comes of some work in a thread of its own, which nobody waits for once the editor has left."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(lambda: None if done.done() else settle())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            failure = error
            tell(lambda: done.set_exception(failure))
        else:
            tell(lambda: done.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await done


def _path(uri: str) -> str | None:
    """The path of a text as reports show it; None for one that is no file."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "file":
        return None
    here = rest.removeprefix("//localhost") if rest.startswith("//localhost/") else rest
    try:
        full = uris.to_fs_path(f"file:{here}")
    except ValueError:  # "file://[x"
        return None
    return os.path.normpath(full) if full else None


def _unsaved(uri: str, language: str, roots: Sequence[str]) -> str | None:
    """A path for a text that is in no file yet: in the folder that is open, called as the editor calls it, with the
    ending of its language. None for what is no such text.
    """
    scheme, _, name = uri.partition(":")
    if scheme != "untitled" or not name:
        return None
    path = os.path.join(roots[0] if roots else os.getcwd(), unquote(name).lstrip("/"))
    return os.path.normpath(path if os.path.splitext(path)[1] else path + _ENDINGS.get(language, ""))


def _severity(finding: Finding) -> types.DiagnosticSeverity:
    severity = types.DiagnosticSeverity
    return {"error": severity.Error, "warning": severity.Warning}.get(finding.level, severity.Information)


def _diagnostics(units: _Units, checked: editing.Checked, uri: str, language: str) -> Iterable[types.Diagnostic]:
    own, say = checked.source.path, editing.say_of(checked, language)
    for message, span in checked.problems:
        where = units.range(checked.source, span)
        yield types.Diagnostic(where, message, types.DiagnosticSeverity.Error, "policy", source="neverask")
    for message, span in checked.notes:
        where = units.range(checked.source, span)
        yield types.Diagnostic(where, message, types.DiagnosticSeverity.Information, "not-checked", source="neverask")
    for finding in grouped(list(checked.findings)):
        yield types.Diagnostic(
            range=units.range(finding.source, finding.span),
            severity=_severity(finding),
            code=finding.rule,
            source="neverask",
            message=finding.in_full("\n", say=say),
            related_information=[
                types.DiagnosticRelatedInformation(
                    types.Location(
                        uri if related.source.path == own else _uri(related.source.file),
                        units.range(related.source, related.span),
                    ),
                    spoken(related.message, language),
                )
                for related in finding.related
                if not related.source.is_bundled
            ],
            data=finding.fingerprint,
        )


def _uri(path: str) -> str:
    return Path(os.path.abspath(path)).as_uri()  # the library's own can't write a name that is not UTF-8


def _at(ls: Server, uri: str, where: types.Range) -> tuple[editing.Checked | None, list[Finding]]:
    """What was found at a place, if the text is still the one that was checked."""
    checked = ls.checked.get(uri)
    if checked is None or checked.source.text != ls.workspace.get_text_document(uri).source:
        return None, []
    units = ls.units()
    start, end = units.offset(checked.source, where.start), units.offset(checked.source, where.end)
    return checked, [one for one in checked.findings if one.span.start <= end and start <= one.span.end]


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    checked, findings = _at(ls, params.text_document.uri, types.Range(params.position, params.position))
    if checked is None or not findings:
        return None
    say = editing.say_of(checked, ls.language)
    said = "\n\n---\n\n".join(editing.why(finding, checked.policy, say) for finding in grouped(findings))
    span = Span(min(one.span.start for one in findings), max(one.span.end for one in findings))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said), ls.units().range(checked.source, span))


def _actions(ls: Server, params: types.CodeActionParams) -> Iterable[types.CodeAction]:
    uri, only = params.text_document.uri, params.context.only
    checked, findings = _at(ls, uri, params.range)
    if checked is None:
        return
    if _wanted(types.CodeActionKind.QuickFix, only):
        most = max(1, min(_MOST_PLACES, _WORK // (len(checked.source.text) + 1)))
        for place in grouped(findings)[:most]:
            here = [one for one in findings if one.span == place.span and one.message == place.message]
            diagnostic = next((d for d in params.context.diagnostics if d.data == place.fingerprint), None)
            yield from _fixes(ls, uri, checked, here, place.instead, diagnostic)
    if only and _wanted(_FIX_ALL, only):
        change = editing.mended(checked, checked.findings, ls.roots())
        if change is not None:
            edit = _edit(ls, uri, checked.source, change)
            yield types.CodeAction(ls.say("Say all that the policy words instead"), _FIX_ALL, edit=edit)


def _wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    return not only or any(kind == str(one) or kind.startswith(f"{one}.") for one in map(_value, only))


def _value(kind: types.CodeActionKind | str) -> str:
    return str(kind.value) if isinstance(kind, types.CodeActionKind) else kind


def _fixes(
    ls: Server,
    uri: str,
    checked: editing.Checked,
    here: list[Finding],
    instead: str,
    diagnostic: types.Diagnostic | None,
) -> Iterable[types.CodeAction]:
    """Ways out of what several rules find at one place, where ``instead`` is to be said."""

    def fix(title: str, edit: types.WorkspaceEdit, preferred: bool | None = None) -> types.CodeAction:
        about = [diagnostic] if diagnostic else []
        quick = types.CodeActionKind.QuickFix
        return types.CodeAction(title, quick, diagnostics=about, is_preferred=preferred, edit=edit)

    change = editing.mended(checked, here, ls.roots())
    if change is not None:
        title = f"{ls.say('Say instead:')} {_short(instead or change.text)}"
        yield fix(title, _edit(ls, uri, checked.source, change), True)
    for rule in dict.fromkeys(one.rule for one in here):
        beside = editing.allowance(checked, next(one for one in here if one.rule == rule), rule, ls.roots())
        if beside is not None:
            title = ls.say(f"Allow '{rule}' here in a comment (say why there)")
            yield fix(title, _edit(ls, uri, checked.source, beside))
        found = editing.exception(here[0], rule, checked.policy, _open_text(ls)) if checked.policy else None
        if found is not None:
            source, entry = found
            title = ls.say(f"Make an exception from '{rule}' in {os.path.basename(source.path)} (say why there)")
            yield fix(title, _edit(ls, _uri(source.file), source, entry))


def _open_text(ls: Server) -> Callable[[str], str | None]:
    def text(path: str) -> str | None:
        wanted = os.path.realpath(path)
        return next(
            (
                document.source
                for document in list(ls.workspace.text_documents.values())  # the editor may open one meanwhile
                if os.path.realpath(_path(document.uri) or "") == wanted
            ),
            None,
        )

    return text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else line[:69] + "…"


def _edit(ls: Server, uri: str, source: Source, change: editing.Replacement) -> types.WorkspaceEdit:
    edit = types.TextEdit(ls.units().range(source, change.span), change.text)
    return types.WorkspaceEdit(changes={uri: [edit]})


def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    uri = params.text_document.uri
    path = _path(uri)
    if path is None or not editing.is_policy(path):
        return []
    try:
        text = ls.workspace.get_text_document(uri).source
    except (OSError, ValueError):  # it is not open, and can't be read
        return []
    units, line = ls.units(), params.position.line
    written = (text.split("\n")[line : line + 1] or [""])[0]
    column = units.column(written, params.position.character)
    try:
        start, words = editing.complete(text, line, column, ls.policies, path)
    except (PolicyError, SourceError):
        return []
    where = types.Range(types.Position(line, units.count(written[:start])), params.position)
    kinds: dict[bool, Any] = {True: types.CompletionItemKind.Property, False: types.CompletionItemKind.Value}
    return [
        types.CompletionItem(
            label=word.text,
            kind=kinds[word.is_key],
            detail=word.about or None,
            sort_text=f"{number:04}",
            text_edit=types.TextEdit(where, word.text + (": " if word.is_key else "")),
        )
        for number, word in enumerate(words)
    ]
