"""Exceptions that stand beside what they except: ``# neverask: allow RULE until 2027-01-31 -- reason``.

Only in real comments, of formats that have them. On the line before, or at the end of the first line of an entry, one
covers the entry and all in it. A colon or a dash may stand for the two hyphens, which XML forbids.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from .conversation import Located
from .finding import Finding
from .policy.errors import closest
from .source import Source, SourceError, Span

_NAME = "neverask"
_SAID = re.compile(
    r"neverask(?:(?P<allow>:[ \t]+allow\b)|[ \t]*[:-][ \t]*(?:(?:skip|off|ok|noqa|nolint|uit)\b|(?:allow|ignor|disabl"
    r"|suppress|permi|except|accept|toesta|toegesta|negeer|uitzonder|autoris|erlaub|consent)\w*))(?P<rest>[^\r\n]*)"
)
"""An exception, or what somebody who guesses may write in the place of one."""
_FORM = re.compile(
    r"\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+until\s+(?P<until>\S+))?\s*(?:(?:--|[:–—])\s*(?P<reason>.*?)\s*)?$"
)
_OPENS = {"po": "#", "lg": ">", "yaml": "#", "xml": "<!--", "markdown": "<!--"}
_TAG = re.compile(r"\s*(?:<!--.*?-->\s*)*<([\w:.-]+)", re.DOTALL)
EXAMPLE = "neverask: allow RULE until 2027-01-31 -- why it has to be asked here"


@dataclass(frozen=True)
class Allowed:
    """One exception for one rule: where its comment stands, what it covers; ``wrong`` says what it lacks."""

    rule: str
    source: Source
    span: Span
    covers: Span
    until: date | None = None
    reason: str = ""
    wrong: str = ""

    def expired(self, today: date) -> bool:
        return self.until is not None and self.until < today


Listed = tuple[str, int, str, str, str, bool, str]
"""An exception as ``neverask exceptions`` lists it: path, line, rule, until ("" or a date), reason, whether used, what
is wrong with it."""


def allowed(documents: Iterable[Located]) -> list[Allowed]:
    """The exceptions in the comments of some documents, each file's once."""
    found: list[Allowed] = []
    seen: set[str] = set()
    for document in documents:
        source = document.source
        if _NAME in source.text and source.path not in seen:
            seen.add(source.path)
            found += _of_source(source, getattr(document, "kind", ""))
    return found


def opening(path: str, text: str) -> str | None:
    """What begins a comment in a text, None where its format has none or an exception is not read in it."""
    from .documents import open_source

    try:
        (document,) = open_source(path, codecs.BOM_UTF8 + text.encode("utf-8", "surrogatepass"))
    except (SourceError, ValueError):
        return None
    return _OPENS.get(document.kind)


def comment(opens: str, rules: str, until: str, reason: str) -> str:
    """A comment that allows some rules, in a format where ``opens`` begins one."""
    xml = opens == "<!--"
    return f"{opens} neverask: allow {rules} until {until} {':' if xml else '--'} {reason}{' -->' if xml else ''}"


def places(text: str, opens: str, at: int) -> Iterator[int]:
    """Beginnings of lines before which a comment could cover what stands ``at``, the nearest first."""
    line = text.rfind("\n", 0, at) + 1
    if opens == "#":
        starts = sorted({text.rfind("\n", 0, unit.start) + 1 for unit in _yaml(text)[0] if unit.start <= at < unit.end})
        yield from starts[:-3:-1]
    yield line
    block = text.rfind("\n\n", 0, at)
    yield block + 2 if block >= 0 else 0


def judge(
    found: list[Finding], exceptions: list[Allowed], rules: Iterable[str], today: date
) -> tuple[list[Finding], list[Finding], list[Listed]]:
    """The findings that no exception covers, those about the exceptions themselves, and the exceptions as a list."""
    used: set[int] = set()
    left = []
    for finding in found:
        covered = False
        for number, one in enumerate(exceptions):
            if not one.wrong and one.rule == finding.rule and _covers(one, finding):
                used.add(number)
                covered = covered or not one.expired(today)
        if not covered:
            left.append(finding)
    known = sorted(rules)
    about: list[Finding] = []
    for number, one in enumerate(exceptions):
        about += _about(one, number in used, known, today)
    listed = [
        (
            one.source.path,
            one.source.position(one.span.start).line,
            one.rule,
            one.until.isoformat() if one.until else "",
            one.reason,
            number in used,
            one.wrong or ("" if one.rule in known else f"there is no rule '{one.rule}'"),
        )
        for number, one in enumerate(exceptions)
    ]
    return left, about, listed


def _covers(one: Allowed, finding: Finding) -> bool:
    return one.source.path == finding.source.path and one.covers.start <= finding.span.start < one.covers.end


def _about(one: Allowed, used: bool, known: list[str], today: date) -> Iterator[Finding]:
    def finding(rule: str, message: str, instead: str) -> Finding:
        return Finding(rule, "warning", message, one.source, one.span, instead=instead)

    if one.wrong:
        yield finding("bad-exception", f"this exception does not hold: {one.wrong}", f"Write: {EXAMPLE}")
    elif one.rule not in known:
        hint = closest(one.rule, known)
        yield finding("bad-exception", f"this exception does not hold: there is no rule '{one.rule}'", hint)
    elif one.expired(today):
        yield finding(
            "expired-exception",
            f"the exception for '{one.rule}' expired on {one.until}",
            "Remove it and mend what it covered, or decide anew until when it holds.",
        )
    elif not used:
        yield finding(
            "unused-exception",
            f"the exception for '{one.rule}' is not used any more",
            "Remove it: nothing that it stands beside needs it.",
        )


def _of_source(source: Source, kind: str) -> Iterator[Allowed]:
    opens = _OPENS.get(kind)
    units: list[Span] | None = None
    literal: list[Span] = []
    for hit in _SAID.finditer(source.text) if opens else ():
        assert opens is not None
        line = source.text.rfind("\n", 0, hit.start()) + 1
        before = source.text[line : hit.start()].rstrip()
        if not before.endswith(opens) or (kind in ("po", "lg") and before.strip() != opens):
            continue
        comment = line + len(before) - len(opens)
        rest = hit["rest"]
        if opens == "<!--":
            rest = rest.partition("-->")[0]
            if _in_literal(source.text, comment):
                continue
        elif kind == "yaml":
            if units is None:
                units, literal = _yaml(source.text)
            if any(span.start <= comment < span.end for span in literal) or before[:-1].rstrip() == before[:-1] != "":
                continue
        alone = not before.removesuffix(opens).strip()
        end = hit.start("rest") + len(rest.rstrip())
        covers = _yaml_covers(source.text, line, alone, units or []) if kind == "yaml" else None
        if covers is None:
            covers = _lines_covered(source.text, line, end, alone, kind)
        if hit["allow"]:
            yield from _parsed(source, Span(hit.start(), end), covers, rest)
        else:
            yield Allowed("", source, Span(hit.start(), end), covers, wrong="it is not written as one")


def _parsed(source: Source, span: Span, covers: Span, rest: str) -> Iterator[Allowed]:
    form = _FORM.match(rest.rstrip())
    if form is None:
        yield Allowed("", source, span, covers, wrong="it is not written as one")
        return
    until, wrong = None, ""
    if form["until"]:
        try:
            until = date.fromisoformat(form["until"])
        except ValueError:
            wrong = f"'{form['until']}' is no date (year-month-day)"
    if not form["reason"]:
        wrong = wrong or "it gives no reason"
    for rule in re.split(r"\s*,\s*", form["rules"]):
        yield Allowed(rule, source, span, covers, until, form["reason"] or "", wrong)


def _in_literal(text: str, at: int) -> bool:
    """Whether a place lies in a CDATA section or in a fenced block."""
    if text.rfind("<![CDATA[", 0, at) > text.rfind("]]>", 0, at):
        return True
    return len(re.findall(r"(?m)^ {0,3}```", text[:at])) % 2 == 1


def _lines_covered(text: str, line: int, end: int, alone: bool, kind: str) -> Span:
    """The rest of the line; for a comment on a line of its own the lines up to the next empty one, or the element."""
    if not alone:
        stop = text.find("\n", end)
        return Span(line, len(text) if stop < 0 else stop)
    if kind == "xml":
        element = _element(text, text.find("-->", end) + 3)
        if element is not None:
            return element
    following = text.find("\n", end)
    start = len(text) if following < 0 else following + 1
    while (blank := re.compile(r"[ \t\r]*\n").match(text, start)) is not None:
        start = blank.end()
    empty = re.compile(r"\n[ \t\r]*\n").search(text, start)
    return Span(start, empty.start() if empty else len(text))


def _element(text: str, at: int) -> Span | None:
    """The element that begins after ``at``."""
    opening = _TAG.match(text, at)
    if opening is None:
        return None
    name, depth = re.escape(opening[1]), 0
    for tag in re.compile(rf"<(/?){name}(?=[\s/>])[^>]*?(/?)>", re.DOTALL).finditer(text, opening.start(1) - 1):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth <= 0:
            return Span(opening.start(1) - 1, tag.end())
    return None


def _yaml(text: str) -> tuple[list[Span], list[Span]]:
    """The entries of a YAML file (items of lists, pairs of mappings), outer ones first, and its scalars."""
    import yaml

    units: list[Span] = []
    scalars: list[Span] = []

    def enter(node: Any) -> None:
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if isinstance(one, yaml.ScalarNode):
                start = one.start_mark.index
                if one.style in ("|", ">"):  # behind the sign there may be a comment
                    start = text.find("\n", start)
                scalars.append(Span(start, one.end_mark.index))
            elif isinstance(one, yaml.SequenceNode):
                units.extend(Span(item.start_mark.index, item.end_mark.index) for item in one.value)
                waiting += one.value
            elif isinstance(one, yaml.MappingNode):
                units.extend(Span(key.start_mark.index, value.end_mark.index) for key, value in one.value)
                waiting += [part for pair in one.value for part in pair]

    try:
        for root in yaml.compose_all(text, Loader=yaml.SafeLoader):
            enter(root)
    except (yaml.YAMLError, RecursionError):
        return [], []
    return sorted(units, key=lambda unit: (unit.start, -unit.end)), scalars


def _yaml_covers(text: str, line: int, alone: bool, units: list[Span]) -> Span | None:
    """The outermost entry that begins on the comment's line or, for one on a line of its own, on the next."""
    start = line
    if alone:
        following = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*").match(text, line)
        start = following.end() if following else line
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    first = next((unit for unit in units if start <= unit.start < stop), None)
    if first is not None or alone:
        return first
    return next((unit for unit in reversed(units) if unit.start <= line < unit.end), None)
