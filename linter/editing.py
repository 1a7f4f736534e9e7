"""What an editor asks of a text that is being typed: findings, mistakes of a policy, changes, words that could follow.

Nothing here knows the editor's protocol. Offsets count characters of the text as the editor has it.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from . import inplace, resources
from .checking import examine
from .day import this_day
from .doubts import doubts
from .files import FILE_NAME
from .finding import Finding
from .in_force import Policies
from .meaning import meant
from .meant import begun_alike
from .mending import mend
from .messages import ENGLISH, Say, speaker, spoken
from .needless import expired
from .policy import sentence
from .policy.errors import PolicyError, Problem
from .policy.load import load
from .policy.model import Policy, Rule
from .policy.nodes import parse
from .policy.schema import schema
from .policy.vocabulary import CATEGORIES, CHANNELS, PLACES, SETS
from .reporters.leading import way
from .rules.wording import own_names
from .source import Source, SourceError, Span
from .taken import missing

_DAYS = 90  # that an exception from the editor holds, unless somebody decides otherwise
_EXCEPTIONS = re.compile(r"^([\"']?)exceptions\1[ \t]*:[ \t]*(?:#[^\r\n]*)?\r?\n", re.MULTILINE)
_FIRST_ITEM = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*([ ]*)-[ \t\r\n]")
_MARK = codecs.BOM_UTF8.decode()
_LARGE_TEXT = 300_000  # characters; to check a larger text for each place of a comment would take too long


def is_policy(path: str) -> bool:
    """Whether a file is a policy by its name."""
    return os.path.basename(path) == FILE_NAME


@dataclass(frozen=True)
class Checked:
    """A text with what was found in it.

    ``problems`` are (message, span) of what could not be read or checked, ``notes`` of what was left unchecked in it.
    """

    source: Source
    findings: tuple[Finding, ...] = ()
    problems: tuple[tuple[str, Span], ...] = ()
    notes: tuple[tuple[str, Span], ...] = ()
    policy: Policy | None = None


def check(path: str, text: str, policies: Policies, roots: Sequence[str], language: str = ENGLISH) -> Checked:
    """The findings in a text, as if it stood in the file at ``path``; problems and notes are told in a language."""
    source, say = Source(path, text), speaker(language)
    if is_policy(path):
        return _checked_policy(path, text, source, say)
    try:
        policy = policies.of(path)
    except (PolicyError, SourceError) as error:
        wrong = say("nothing was checked, the policy can't be used")
        which = f"{error.path}: " if isinstance(error, SourceError) else ""  # those of a policy begin with their place
        return Checked(source, problems=((f"{wrong}: {which}{spoken(str(error), language)}", Span(0, 0)),))
    outcome = examine(path, policy, this_day(), roots, _bytes(text))
    own = tuple(finding for finding in outcome.findings if finding.source.path == path and not finding.source.cells)
    problems, notes = [], []
    for unread in outcome.unread:
        if unread.path == path:
            at = max(0, source.offset(unread.line, max(1, unread.column))) if unread.line else 0
            if unread.error:
                wrong = say("this can't be checked")
                problems.append((f"{wrong}: {say(unread.reason)}", Span(at, at)))
            elif unread.line:  # without a line no reader knows the file: most are none of ours
                notes.append((f"{say('not checked')}: {say(unread.reason)}", Span(at, at)))
    unseen = (one for one in outcome.unseen if one.told and one.path == path)
    notes += ((spoken(one.reason, language), Span(0, 0)) for one in unseen)
    return Checked(source, own, tuple(problems), tuple(notes), policy)


def _bytes(text: str) -> bytes:
    """The text as a file: with a mark, so that nothing inside it is taken for the name of an encoding."""
    return codecs.BOM_UTF8 + text.encode("utf-8", "surrogatepass")


def _checked_policy(path: str, text: str, source: Source, say: Say) -> Checked:
    """The mistakes of a policy; of one without any what it says that its owner will not think."""
    try:
        policy = load(path, text)
    except PolicyError as error:
        hints = meant(error.problems)
        told = (_told(problem, hint, path, say) for problem, hint in zip(error.problems, hints, strict=True))
        return Checked(source, problems=tuple(told))
    except SourceError as error:
        at = source.offset(error.position.line, error.position.column) if error.position else 0
        return Checked(source, problems=((say(error.reason), Span(at, at)),))
    found = (*doubts(policy), *missing(policy), *expired(policy, this_day()))
    return Checked(source, tuple(finding for finding in found if finding.source.path == path))


def say_of(checked: Checked, language: str | None) -> Say:
    """What tells of what was found, with what the policy calls its own data in the language."""
    language = language or ENGLISH
    return speaker(language, own_names([checked.policy], language) if checked.policy else ())


def _told(problem: Problem, hint: str, path: str, say: Say) -> tuple[str, Span]:
    message = say(problem.message) + (f"\n{say(hint)}" if hint else "")
    if problem.source.path == path:
        return message, problem.span
    place = problem.source.position(problem.span.start)
    return f"{say(f'{problem.source.path}, line {place.line}')}: {message}", Span(0, 0)


@dataclass(frozen=True)
class Replacement:
    """``text`` in place of ``span``."""

    span: Span
    text: str


def mended(checked: Checked, findings: Sequence[Finding], roots: Sequence[str]) -> Replacement | None:
    """The change that puts the policy's wording in place of what was found; None where none is proved right."""
    path, text = checked.source.path, checked.source.text
    if checked.policy is None or not findings:
        return None
    result = mend(findings, {path: checked.policy}, roots, lambda _: _bytes(text))
    mark = text[: text.startswith(_MARK)]  # which the mended text never has
    for change in result.changes:
        return _difference(text, mark + change.texts[0][2].removeprefix(_MARK))
    return None


def _difference(before: str, after: str) -> Replacement:
    start = begun_alike(before, after)
    tail = begun_alike(before[start:][::-1], after[start:][::-1])
    return Replacement(Span(start, len(before) - tail), after[start : len(after) - tail])


def exception(
    finding: Finding, rule: str, policy: Policy, open_text: Callable[[str], str | None]
) -> tuple[Source, Replacement] | None:
    """An entry for ``exceptions`` of the policy file: the file as it is, and what to put in.

    ``open_text`` gives the text of a file that the editor has open. The reason is left empty, so that nothing is
    checked until somebody has given one. None where there is no policy file of one's own, or where it is written so
    that it can't be told where the entry would go.
    """
    own = next((file for file in reversed(policy.files) if os.path.isfile(file.path)), None)
    if own is None:
        return None
    text = open_text(own.path)
    text = own.text if text is None else text
    end = "\r\n" if "\r\n" in text else "\n"
    until = (this_day() + timedelta(days=_DAYS)).isoformat()
    lines = entry_lines(finding, rule, own.path, "", until)
    source = Source(own.path, text)
    head = _EXCEPTIONS.search(text)
    if head:
        first = _FIRST_ITEM.match(text, head.end())
        lines = [f"{first[1] if first else '  '}{line[2:]}" for line in lines]
        put = Replacement(Span(head.end(), head.end()), "".join(line + end for line in lines))
    else:
        lead = "" if not text or text.endswith("\n") else end
        entry = "".join(line + end for line in lines)
        put = Replacement(Span(len(text), len(text)), f"{lead}{end}exceptions:{end}{entry}")
    return (source, put) if _adds_one(source, put) else None


def _adds_one(source: Source, put: Replacement) -> bool:
    """Whether a policy has one exception more with a replacement, and all else as it was."""
    text, at = source.text, put.span
    try:
        before = parse(source).plain()
        root = parse(Source(source.path, text[: at.start] + put.text + text[at.end :]))
        after = root.plain()
        is_once = len(root.value) == len(after)  # a key that stands twice is one in a mapping
        others = after.pop("exceptions")[1:]
        return bool(is_once and others == (before.pop("exceptions", None) or []) and before == after)
    except (PolicyError, SourceError, AttributeError, KeyError, TypeError):
        return False


def entry_lines(finding: Finding, rule: str, policy: str, reason: str, until: str) -> list[str]:
    """The lines of an entry for ``exceptions`` in the policy file at a path."""
    file = os.path.relpath(os.path.abspath(finding.source.path), os.path.dirname(os.path.abspath(policy)))
    lines = [f"  - rule: {rule}", f"    file: {_scalar(file.replace(os.sep, '/'))}"]
    if finding.entry and not finding.entry.startswith("["):
        lines.append(f"    at: {_scalar(finding.entry)}")
    return [*lines, f"    reason: {_scalar(reason)}", f"    until: {until}"]


def allowance(checked: Checked, finding: Finding, rule: str, roots: Sequence[str]) -> Replacement | None:
    """A comment beside a finding that allows it in place, proved by checking the text with it; None where none helps.

    Its reason is left empty, and it does not hold until somebody has given one.
    """
    text, policy = checked.source.text, checked.policy
    opens = inplace.opening(checked.source.path, text)
    if policy is None or opens is None or len(text) > _LARGE_TEXT:
        return None
    until = (this_day() + timedelta(days=_DAYS)).isoformat()
    end = "\r\n" if "\r\n" in text else "\n"
    before = Counter((one.rule, one.message) for one in checked.findings)
    for at in inplace.places(text, opens, finding.span.start):
        line = text[at:].partition("\n")[0]
        margin = line[: len(line) - len(line.lstrip())]

        def comment(reason: str, margin: str = margin) -> str:
            return margin + inplace.comment(opens, rule, until, reason) + end

        with_it = text[:at] + comment("a reason") + text[at:]
        outcome = examine(checked.source.path, policy, this_day(), roots, _bytes(with_it))
        after = Counter((one.rule, one.message) for one in outcome.findings)
        if not outcome.unread and not after - before and (before - after)[rule, finding.message]:
            return Replacement(Span(at, at), comment(""))
    return None


def _scalar(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z_][\w./-]*", text) else json.dumps(text, ensure_ascii=False)


def why(finding: Finding, policy: Policy | None, say: Say = str) -> str:
    """A finding for somebody who points at it, as Markdown: what, by which rule, the law, what to say instead."""
    names = finding.rule.split(", ")
    rules: list[Rule] = [rule for rule in policy.rules if rule.name in names] if policy else []
    lines = [f"**{_plain(say(finding.message))}**"]
    for name in names:
        said = next((rule.sentence.text for rule in rules if rule.name == name), "")
        lines.append(f"{say('Rule')} `{name}`" + (f": {_plain(said)}" if said else ""))
    if finding.because:
        cited = policy.cited if policy else {}
        lines.append(
            "\n".join(
                f"- {_plain(reason)}" + (f": {_plain(cited[reason])}" if reason in cited else "")
                for reason in finding.because
            )
        )
    if finding.witness:
        lines.append(f"{say('The way there')}: {_plain(way(finding, say))}")
    if finding.instead:
        lines.append(f"{say('Say instead:')}\n\n> {_plain(finding.way_out(say))}")
    return "\n\n".join(lines)


def _plain(text: str) -> str:
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return re.sub(r"([\\`*_\[\]<>#|~!])", r"\\\1", line)


# -- words that could follow, in a policy


@dataclass(frozen=True)
class Word:
    """A completion: what is put in, what it is, and whether it is a key."""

    text: str
    about: str = ""
    is_key: bool = False


_KEY = re.compile(r"^(\s*)((?:- +)*)(?:\"([^\"]*)\"|'([^']*)'|([^\s#:\[\]{}'\"-](?:[^:#]*[^\s:#])?))\s*:(?:\s+|$)(.*)$")
_LETTERS = re.compile(r"[\w-]*")
_BLANKS = re.compile(r" *")


def complete(text: str, line: int, column: int, policies: Policies, path: str) -> tuple[int, list[Word]]:
    """The words that could stand at a place of a policy (line and column from 0), and where the word begins."""
    lines = text.split("\n")
    before = lines[line][:column].rstrip("\r") if line < len(lines) else ""
    if before.lstrip().startswith("#"):
        return column, []
    keys = _path(lines, line, before)
    found = _KEY.match(before)
    start = column - _begun(before)
    if found or re.match(r"\s*(?:- +)+[\w-]*$", before):
        value = found.group(6) if found else ""
        at = [*keys, _name(found)] if found else keys
        words = _values(at, value.lstrip("[\"'"), text, policies, path)
        if found is None and (node := _node(keys)) is not None:
            words = [*_keys(node), *words]
        return start, words
    node = _node(keys)
    return start, _keys(node) if node is not None else []


def _begun(before: str) -> int:
    """How long the word is that a text ends with."""
    found = _LETTERS.match(before[::-1])
    return found.end() if found else 0


def _name(found: re.Match[str]) -> str:
    return next(group for group in found.group(3, 4, 5) if group is not None)


def _path(lines: Sequence[str], line: int, before: str) -> list[str]:
    """The keys above a place, by indentation; "[]" for an entry of a list."""
    stack: list[tuple[int, str]] = []
    for number in range(min(line, len(lines))):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            _enter(stack, lines[number].rstrip("\r"), with_key=True)
    _enter(stack, before, with_key=False)
    return [name for _, name in stack]


def _enter(stack: list[tuple[int, str]], line: str, with_key: bool) -> None:
    """Leave what is not above a line, and enter the entries and the key that begin on it. (column, name)"""
    column = len(line) - len(line.lstrip(" "))
    while line[column : column + 1] == "-" and line[column + 1 : column + 2] in ("", " "):
        while stack and (stack[-1][0] > column or stack[-1] == (column, "[]")):
            stack.pop()
        stack.append((column, "[]"))
        found = _BLANKS.match(line, column + 1)
        column = found.end() if found else column + 1
    while stack and stack[-1][0] >= column:
        stack.pop()
    found = _KEY.match(line)
    if with_key and found:
        stack.append((column, _name(found)))


def _node(keys: Sequence[str]) -> dict[str, Any] | None:
    """The schema of what stands below the keys."""
    node: dict[str, Any] = schema()
    for key in keys:
        options = [node, *node.get("oneOf", [])]
        following: Any = None
        for option in options:
            if key == "[]":
                following = option.get("items")
            else:
                following = option.get("properties", {}).get(key) or option.get("additionalProperties")
            if isinstance(following, dict):
                break
        if not isinstance(following, dict):
            return None
        node = following
    return node


def _keys(node: dict[str, Any]) -> list[Word]:
    return [Word(name, str(about.get("description", "")), True) for name, about in node.get("properties", {}).items()]


def _values(keys: Sequence[str], value: str, text: str, policies: Policies, path: str) -> list[Word]:
    at = tuple(key for key in keys if key != "[]")
    if at == ("extends",):
        return [Word(name, _title(name)) for name in resources.policies()]
    if at in (("channels", "channels"), ("examples", "channel")):
        return [Word(name, "channel") for name in CHANNELS]
    if at == ("languages",) or at[-1:] == ("language",):
        return [Word(code, "language") for code in resources.languages()]
    if len(at) == 3 and at[0] == "rules" and at[2] == "rule":
        return _sentence(value, text)
    if at == ("exceptions", "rule") or at == ("examples", "finds"):
        return [Word(name, said) for name, said in _rules(text, policies, path).items()]
    node = _node(keys)
    if node is None:
        return []
    inner = node.get("items", {}) if isinstance(node.get("items"), dict) else {}
    return [Word(str(one)) for one in node.get("enum", inner.get("enum", ()))]


def _title(name: str) -> str:
    from .policy.stored import bundled

    return bundled(name).title


def _rules(text: str, policies: Policies, path: str) -> dict[str, str]:
    """The rules that a policy has, with their sentences; of one that is in work, those that can be told."""
    try:
        return {rule.name: rule.sentence.text for rule in load(path, text).rules}
    except (PolicyError, SourceError):
        names = dict.fromkeys(_below(text, "rules"), "")
    try:
        return {**{rule.name: rule.sentence.text for rule in policies.of(path).rules}, **names}
    except (PolicyError, SourceError):
        return names


def _sentence(value: str, text: str) -> list[Word]:
    """The words that the grammar of rules lets stand after those that stand there already."""
    begun = value[: len(value) - _begun(value)]
    last = next(iter(re.findall(r"[\w-]+", begun)[::-1]), "")
    words: dict[str, Word] = {}

    def add(names: Iterable[str], about: str) -> None:
        words.update((name, Word(name, about)) for name in names if name not in words)

    for following in sentence.following(begun):
        if following:
            add([following], "rule")
        elif last == "disclaimer":
            add(_below(text, "disclaimers"), "disclaimer")
        elif "on" in begun.split() and last in ("on", "and", "or", *CHANNELS):
            add((*CHANNELS, *(["any channel"] if last == "on" else [])), "channel")
        elif last == "to":
            add(PLACES, "place")
        elif last == "tagged":
            continue
        else:
            own = [name for name in _below(text, "data") if name not in CATEGORIES]
            add((*SETS, *CATEGORIES, *own), "data")
    return list(words.values())


def _below(text: str, key: str) -> list[str]:
    """The names that stand directly below a key at the top of a policy."""
    found = re.search(rf"^{key}:[ \t]*(?:#.*)?\n((?:[ \t]+.*\n?|\s*\n)*)", text, re.MULTILINE)
    if not found:
        return []
    indent = re.match(r"\s*", found.group(1)).group()  # type: ignore[union-attr]
    return re.findall(rf"^{re.escape(indent)}([\w-]+):", found.group(1), re.MULTILINE)
