"""``neverask init``: what a folder holds, and a policy file to begin with."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .baseline import FILE_NAME as BASELINE
from .documents import open_source
from .files import FILE_NAME, Nearest, walk
from .messages import ENGLISH
from .messages import spoken as in_language
from .opening import CODE
from .policy.load import bundled
from .policy.model import Policy
from .policy.patterns import taking
from .readers import guessing, mapped
from .readers.fields import channel_of
from .report import Report
from .reporters.text import visible
from .rules.context import Context
from .seen import conversations
from .source import SourceError
from .surroundings import read_bytes

_CHANNELS = {
    "whatsapp": ("whatsapp", "wapp", "wa"),
    "email": ("email", "e-mail", "mail", "mails", "emails"),
    "sms": ("sms",),
    "webchat": ("webchat", "livechat", "web", "website", "widget"),
    "messenger": ("messenger", "facebook"),
    "instagram": ("instagram",),
    "telegram": ("telegram",),
    "voice": ("voice", "phone", "ivr", "telefoon"),
}
_KINDS = ("portal", "app", "phone", "branch", "post", "form")
_COMMENTED = re.compile(r"\s*#|title:|.*\]\}  #")
_ENOUGH = 0.03  # a language in fewer of the texts may be a slip of the reader, not a language of the library
_LONG = 10  # blanks in a text whose language is no slip


@dataclass
class Survey:
    """What stands in a folder.

    ``above`` is the policy that holds in the folder so far, as one in it would name it; "" where there is none.
    ``sure`` are languages that a file names or that a long text is in. ``unknown`` are files that hold texts and that
    no reader knows, with the mappings proposed for them (perhaps none); ``other`` is the number of files that hold no
    replies.
    """

    formats: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sure: set[str] = field(default_factory=set)
    channels: dict[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    broken: list[tuple[str, str]] = field(default_factory=list)
    other: int = 0
    above: str = ""

    @property
    def known(self) -> int:
        return sum(self.formats.values())


def survey(folder: str) -> Survey:
    """Look at every file of a folder. Raises SourceError for a folder that isn't there."""
    if not os.path.isdir(folder):
        raise SourceError(folder, "this is no folder")
    found = Survey(above=_above(folder))
    policy = bundled("whatsapp")
    files, missing, _ = walk([folder])
    found.broken += [(unread.path, unread.reason) for unread in missing]
    done: set[str] = set()
    for path in files:
        if os.path.realpath(path) in done or os.path.basename(path) in (FILE_NAME, BASELINE):
            continue
        report = Report(roots=(os.path.realpath(folder),))
        seen = conversations(path, report)
        counted: set[tuple[str, str]] = set()
        for conversation in seen:
            held = {os.path.realpath(document.source.file) for document in conversation.documents}
            counted.update((conversation.format, one) for one in held - done)
            found.formats[conversation.format] += 0
            found.messages[conversation.format] += len(conversation.messages)
            _look(found, Context(conversation, policy, path, thorough=True))
        found.formats.update(format for format, _ in counted)
        done.update(one for _, one in counted)
        if seen:
            _channel_of(found, os.path.relpath(path, folder))
        else:
            _unknown(found, path, folder, report, policy)
    return found


def _above(folder: str) -> str:
    """The policy above a folder, up to the repository's root, as one in the folder would name it; "" for none."""
    here = os.path.realpath(folder)
    if os.path.lexists(os.path.join(here, ".git")):
        return ""
    above = Nearest().above(os.path.dirname(here))
    return os.path.relpath(above, here).replace(os.sep, "/") if above else ""


def _look(found: Survey, context: Context) -> None:
    for spoken in context.spoken:
        if spoken.language:
            found.languages[spoken.language] += 1
            stated = (spoken.message.locale or "").lower().startswith(spoken.language)
            if stated or spoken.message.text.count(" ") >= _LONG:
                found.sure.add(spoken.language)
        for act in spoken.acts:
            found.kinds.update(place for place in act.places if place in _KINDS)


def _channel_of(found: Survey, path: str) -> None:
    """A folder or file that is called after a channel, as a pattern."""
    parts = path.replace(os.sep, "/").split("/")
    for depth, part in enumerate(parts):
        words = part.lower().replace("-", "_").replace(".", "_").split("_")
        if " " in part and depth < len(parts) - 1:
            words = [channel_of(part)]  # of a phrase a channel alone: "Antwoorden e-mail", and no "web shop"
        for channel, names in _CHANNELS.items():
            if any(name in words for name in names):
                last = depth == len(parts) - 1
                pattern = "/".join(parts[: depth + 1]) + ("" if last else "/**")
                found.channels.setdefault(taking(pattern), channel)
                return


def _unknown(found: Survey, path: str, folder: str, report: Report, policy: Policy) -> None:
    if report.policy_files:
        return
    if report.errors:
        found.broken += [(unread.path, unread.reason) for unread in report.errors]
        return
    if os.path.splitext(path)[1].lower() in CODE:
        found.other += 1
        return
    try:
        documents = [document for document in open_source(path, read_bytes(path)) if document.error is None]
    except (SourceError, RecursionError):
        found.other += 1
        return
    likely = [document for document in documents if guessing.is_reply_like(document)]
    if likely and len(documents) == 1:
        proposed = guessing.propose(likely[0])
        found.unknown[os.path.relpath(path, folder).replace(os.sep, "/")] = proposed
        if proposed:
            _channel_of(found, os.path.relpath(path, folder))
            _look(found, Context(mapped.read(likely[0], proposed).conversation, policy, path, thorough=True))
    else:
        found.other += 1


def policy_text(found: Survey, language: str = ENGLISH) -> str:
    """A policy file for what was seen, commented in a language that neverask speaks."""
    lines = _policy_text(found).split("\n")
    return "\n".join(in_language(line, language) if _COMMENTED.match(line) else line for line in lines)


def _policy_text(found: Survey) -> str:
    lines = [
        "# What neverask holds this folder against. Each line can be changed: 'neverask policy show' prints it as",
        "# prose, 'neverask check' says where it is broken, 'neverask schema' prints the schema for an editor.",
        "neverask: 1",
        "title: Our policy for what we say to customers",
        "",
        *_building(found),
        "",
    ]
    if not found.above:  # what that says of these would hold no longer
        lines += _languages(found) + _channel_lines(found) + _safe(found)
    lines += _sources(found)
    lines += [
        "# A rule of your own is one sentence (docs/policy.md); a bundled one can be changed by its name:",
        "# rules:",
        "#   no-customer-numbers-in-public:",
        "#     rule: forbid asking for name on public",
        "#     level: warning",
        "#     because: [our own rule]",
    ]
    return "\n".join(lines) + "\n"


def _building(found: Survey) -> list[str]:
    """On what the policy builds: on that above the folder, of which else nothing would hold in it any more."""
    if found.above:
        return [
            "# The policy above this folder holds here as well, as this one builds on it; what is said anew below",
            "# takes the place of what that one says.",
            f"extends: [{json.dumps(found.above, ensure_ascii=False)}]",
        ]
    return [
        "# The bundled policies that this one builds on ('neverask policy list'): whatsapp; avg for the Netherlands,",
        "# gdpr for the rest of the EU, pci-dss for card payments.",
        f"extends: [{', '.join(_extends(found))}]",
    ]


def _extends(found: Survey) -> list[str]:
    main = [code for code, _ in found.languages.most_common(1)]
    return ["whatsapp", "avg"] if main == ["nl"] else ["whatsapp"]


def _spoken(found: Survey) -> list[str]:
    total = sum(found.languages.values())
    return [code for code, count in found.languages.most_common() if count >= _ENOUGH * total or code in found.sure]


def _languages(found: Survey) -> list[str]:
    codes = _spoken(found)
    if not codes:
        return []
    counts = ", ".join(f"{code} {found.languages[code]}" for code in codes)
    return [
        f"# Texts seen here by language: {counts}. Naming the languages keeps short texts from being taken for",
        "# another; leave it out if more may come.",
        f"languages: [{', '.join(codes)}]",
        "",
    ]


def _channel_lines(found: Survey) -> list[str]:
    lines = [
        "# Which content goes out over which channel, the first entry that fits wins. A channel that an export names",
        "# itself comes first. Without an entry a text counts for every channel.",
        "channels:",
    ]
    for pattern, channel in sorted(found.channels.items()):
        lines.append(f"  - {{files: {_quoted(pattern)}, channels: [{channel}]}}")
    lines += ["  - {channels: [whatsapp]}  # all the rest: say here where it goes", ""]
    return lines


def _safe(found: Survey) -> list[str]:
    seen = [kind for kind in _KINDS if found.kinds[kind]]
    kinds = [kind for kind in bundled("whatsapp").safe.kinds if kind in _KINDS]
    chosen = [kind for kind in _KINDS if kind in kinds]
    lines = [
        "# Where customers may be sent to with such data."
        + (f" The texts here speak of: {', '.join(seen)}." if seen else ""),
        "safe-channels:",
        f"  kinds: [{', '.join(chosen or ['portal', 'phone'])}]",
        "  # own:",
        "  #   - {name: [My account], url: 'https://my.example.com'}",
        "",
    ]
    return lines


def _sources(found: Survey) -> list[str]:
    mapped = {path: mappings for path, mappings in found.unknown.items() if mappings}
    if not mapped:
        return []
    lines = [
        "# No reader knows these files, but they hold texts. Look whether the paths lead to what customers read and to",
        "# nothing else ('neverask show FILE'), and take out what is not for them. docs/sources.md explains the paths.",
        "sources:",
    ]
    for files, mapping in _merged(mapped):
        patterns = [_quoted(taking(path)) for path in files]
        lines.append(f"  - files: {patterns[0] if len(patterns) == 1 else '[' + ', '.join(patterns) + ']'}")
        lines += [f"    {name}: {_quoted(path)}" for name, path in mapping.items()]
    return [*lines, ""]


def _merged(mapped: dict[str, list[dict[str, str]]]) -> Iterable[tuple[list[str], dict[str, str]]]:
    """Files of one shape share an entry."""
    by_shape: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for path, mappings in mapped.items():
        for mapping in mappings:
            by_shape.setdefault(tuple(mapping.items()), []).append(path)
    return [(files, dict(shape)) for shape, files in by_shape.items()]


def _quoted(value: str) -> str:
    """As a YAML scalar in double quotes, whatever a file's name holds."""
    import json

    return json.dumps(value, ensure_ascii=False)


def told(found: Survey, titles: dict[str, str]) -> str:
    """What was seen, for the person who asked."""
    lines = [
        f"{found.known} recognised, {len(found.unknown)} with texts that no reader knows, "
        f"{found.other} not known as replies"
    ]
    for name, count in found.formats.most_common():
        title = titles.get(name, name)
        texts = found.messages[name]
        held = f"{count} {'file' if count == 1 else 'files'}, {texts} {'text' if texts == 1 else 'texts'}"
        lines.append(f"  {title}: {held}")
    for path, mappings in sorted(found.unknown.items()):
        what = (
            f"proposed: {', '.join(mapping['text'] for mapping in mappings)}"
            if mappings
            else "no proposal: look yourself"
        )
        lines.append(f"  not recognised: {visible(path)} ({visible(what)})")
    for path, reason in found.broken:
        lines.append(f"  could not be read: {visible(path)}: {visible(reason)}")
    if not found.known and (found.unknown or found.other):
        lines.append("nothing here would be checked as it stands: 'neverask check --verbose' says why, file by file")
    return "\n".join(lines) + "\n"
