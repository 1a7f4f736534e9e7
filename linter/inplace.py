"""Exceptions that stand beside what they except: ``# neverask: allow RULE until 2035-01-31 -- reason``.

Only in real comments, of formats that have them. On the line before, or at the end of the first line of an entry, one
covers the entry and all in it. A colon or a dash may stand for the two hyphens, which XML forbids.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .conversation import Located
from .day import day, iso
from .expressions import expression
from .extents import Extents
from .finding import Finding
from .outcome import Kept
from .policy.errors import closest
from .policy.excepting import day_meant, is_over, is_reason, told_expired
from .source import Source, SourceError, Span

_NAMES = ("neverask", "never-ask", "never_ask")
_SAID = expression(r"never[-_]?ask(?P<mark>[ \t]*[:-][ \t]*|[ \t]+)(?P<word>[^\W\d_]+)", re.IGNORECASE)
"""What may be an exception, or what somebody who guesses writes in the place of one."""
_RIGHT = expression(r"neverask:[ \t]+allow\b")
_GUESSED = expression(
    r"(?:skip|off|ok|noqa|nolint|uit)\b|sta\s+\w+\s+toe\b|(?:sta|laat)\s+toe\b|(?:allow|ignor|disabl|suppress|permi"
    r"|except|accept|toesta|toegesta|negeer|uitzonder|autoris|erlaub|consent)",
    re.IGNORECASE,
)
_MEANT = ("allow", "ignore", "disable", "suppress", "permit", "exception", "toestaan", "negeer", "uitzondering")
_ALIKE = 0.8  # from which on a word is one of these with a slip in it
_NAMED = expression(r"\s*$|\s+\w+(?:-\w+)+|.*\s(?:until\s|--)")
"""What follows where the colon was left out, in an exception and not in a sentence about neverask."""
_FORM = expression(
    r"\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+until\s+(?P<until>\S+))?\s*(?:(?:--|[:–—])\s*(?P<reason>.*))?$"
)
_PROSE = r"(?:(?!\suntil\s|--)[^:–—]){0,30}?"  # of a day that is said in words
_ANY_NAMES = expression(
    rf"\s+(?P<rules>.+?)(?:\s+until\s+(?P<until>\S+|{_PROSE}\d{_PROSE}))?\s*(?:--|[:–—])\s*(?P<reason>.*)$"
)
"""The same where a rule may be called as it likes ("no bank data", "AVG art. 9"): it counts if there are such rules."""
_NO_BLANK = expression(r"\S")
_BLANKS = expression(r"\s+")
_LONGEST = 2000  # characters of an exception
_WORKBOOKS = frozenset(["xlsx", "ods"])
_WITHOUT_COMMENTS = _WORKBOOKS | {"text", "json", "jsonl", "csv"}
_OPENS = {"po": "#", "lg": ">", "yaml": "#", "xml": "<!--", "markdown": "<!--"}
_NOT_WRITTEN = "it is not written as one"
_FIRST_DAY = expression(r"\s+[\w-]+\s+from\s+\d")
_NO_FIRST = "a first day stands in the policy alone"
_NO_COMMENTS = "a file of this kind has no comments"
_IN_WORKBOOK = "in a workbook none is read"
_NO_COMMENT = "it stands in no comment that is read for exceptions"
_IN_TEXT = "it stands inside a text, where customers read it"
_ALMOST = expression(r" {0,3}(?:<!\s*[-–—]{0,2}|\[[^\]\n]*\]:\s*\S?\s*[(\"']?|#|//|%%|/\*|\{#|\{%|\{\{!(?:--)?)?\s*")
"""What stands before an exception that is meant to be in a comment of a page and is not."""
_IN_COMMENT = "Put it into a comment on a line of its own above the reply; one of a page stands between <!-- and -->."
_IN_POLICY = "Write it under 'exceptions:' in neverask.yaml: rule, file, at, reason and until."
_DAY_BEHIND = expression(r"(?:valid\s+|only\s+)?(?:until|till)[:\s]+[0-9]{4}-[0-9]{2}-[0-9]{2}\b", re.IGNORECASE)
"""A last day that stands where the reason should: it would be read as words, and the exception would hold for ever."""
EXAMPLE = "neverask: allow RULE until 2035-01-31 -- why it has to be asked here"


@dataclass(frozen=True)
class Allowed:
    """One exception for one rule: where its comment stands, what it covers; ``wrong`` says what it lacks.

    ``guessed``: it is one only if there is such a rule, else its words are no name.
    """

    rule: str
    source: Source
    span: Span
    covers: Span
    until: date | None = None
    reason: str = ""
    wrong: str = ""
    guessed: bool = False

    def expired(self, today: date) -> bool:
        return is_over(self.until, today)


Listed = tuple[str, int, str, str, str, bool, str]
"""An exception as ``neverask exceptions`` lists it: path, line, rule, until ("" or a date), reason, whether used, what
is wrong with it."""


def allowed(documents: Iterable[Located]) -> list[Allowed]:
    """The exceptions in the comments of some documents, each file's once."""
    found: list[Allowed] = []
    seen: set[str] = set()
    for document in documents:
        source = document.source
        kind = getattr(document, "kind", "")
        if kind in _OPENS and source.path not in seen and _speaks_of_us(source.text):
            seen.add(source.path)
            found += _of_source(source, kind)
        elif kind in _WITHOUT_COMMENTS and source.path not in seen and "neverask:" in source.text:
            seen.add(source.path)
            found += _in_vain(source, _IN_WORKBOOK if kind in _WORKBOOKS else _NO_COMMENTS)
    return found


def _in_vain(source: Source, wrong: str) -> Iterator[Allowed]:
    """What is written as an exception where none can stand."""
    for hit in _RIGHT.finditer(source.text):
        said = _rest_of_line(source.text, hit.start())
        span = Span(hit.start(), hit.start() + len(said.rstrip()))
        yield Allowed("", source, span, Span(span.start, span.start), wrong=wrong)


def _speaks_of_us(text: str) -> bool:
    small = text.lower()
    return any(name in small for name in _NAMES)


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
        around = Extents(Source("", text), "yaml").entries_around(at)
        starts = sorted({text.rfind("\n", 0, unit.start) + 1 for unit in around})
        yield from starts[:-3:-1]
    yield line
    block = text.rfind("\n\n", 0, at)
    yield block + 2 if block >= 0 else 0


def judge(
    found: list[Finding], exceptions: list[Allowed], rules: Iterable[str], today: date
) -> tuple[list[Finding], list[Kept], list[Finding], list[Listed]]:
    """The findings that no exception covers, those that one does, those about the exceptions themselves, and the
    exceptions as a list.
    """
    rules = frozenset(rules)
    exceptions = _settled(exceptions, rules)
    starts = _starts(found)
    used: set[int] = set()
    in_force: dict[tuple[str, str], list[Allowed]] = {}
    for number, one in enumerate(exceptions):
        places = starts.get((one.rule, one.source.path), [])
        first = bisect_left(places, one.covers.start)
        if not one.wrong and first < len(places) and places[first] < one.covers.end:
            used.add(number)
            if not one.expired(today):
                in_force.setdefault((one.rule, one.source.path), []).append(one)
    covering = {key: _joined(several) for key, several in in_force.items()}
    left: list[Finding] = []
    kept: list[Kept] = []
    for finding in found:
        by = _holding(covering.get((finding.rule, finding.source.path), ()), finding.span.start)
        if by is None:
            left.append(finding)
        else:
            kept.append(Kept(finding, by.source.path, by.source.position(by.span.start).line))
    known = sorted(rules)
    uncovered = _starts(left)
    about: list[Finding] = []
    for number, one in enumerate(exceptions):
        nearest = 0 if number in used else _nearest(uncovered.get((one.rule, one.source.path), []), one)
        about += _about(one, number in used, known, today, nearest)
    return left, kept, about, [_listed(one, number in used, rules) for number, one in enumerate(exceptions)]


def _listed(one: Allowed, used: bool, rules: Container[str]) -> Listed:
    line = one.source.position(one.span.start).line
    until = iso(one.until)
    wrong = one.wrong or ("" if one.rule in rules else f"there is no rule '{one.rule}'")
    return one.source.path, line, one.rule, until, one.reason, used, wrong


def _settled(exceptions: Sequence[Allowed], rules: Container[str]) -> list[Allowed]:
    """The exceptions; those with a guess at the names of rules of which one is none are not written right."""
    no_names = {(one.source.path, one.span) for one in exceptions if one.guessed and one.rule not in rules}
    settled: dict[tuple[str, Span, str], Allowed] = {}
    for one in exceptions:
        if (one.source.path, one.span) in no_names:
            one = Allowed("", one.source, one.span, one.covers, wrong=_NOT_WRITTEN)
        settled.setdefault((one.source.path, one.span, one.rule), one)
    return list(settled.values())


def _joined(exceptions: list[Allowed]) -> list[tuple[Span, Allowed]]:
    """What exceptions cover, in order, and each part by which: of one in another the outer one."""
    joined: list[tuple[Span, Allowed]] = []
    for one in sorted(exceptions, key=lambda one: (one.covers.start, -one.covers.end)):
        start = max(one.covers.start, joined[-1][0].end) if joined else one.covers.start
        if start < one.covers.end:
            joined.append((Span(start, one.covers.end), one))
    return joined


def _holding(covering: Sequence[tuple[Span, Allowed]], at: int) -> Allowed | None:
    number = bisect_right(covering, at, key=lambda part: part[0].start) - 1
    return covering[number][1] if number >= 0 and at < covering[number][0].end else None


def _starts(findings: Iterable[Finding]) -> dict[tuple[str, str], list[int]]:
    """Where the findings of each rule begin in each file, in order."""
    starts: dict[tuple[str, str], list[int]] = {}
    for finding in findings:
        starts.setdefault((finding.rule, finding.source.path), []).append(finding.span.start)
    for places in starts.values():
        places.sort()
    return starts


def _nearest(starts: list[int], one: Allowed) -> int:
    """The line of the finding for which an exception that covers none may be meant: the next below, or above; or 0."""
    if not starts:
        return 0
    number = bisect_left(starts, one.span.start)
    return one.source.position(starts[min(number, len(starts) - 1)]).line


def _about(one: Allowed, used: bool, known: list[str], today: date, nearest: int) -> Iterator[Finding]:
    def finding(rule: str, message: str, instead: str) -> Finding:
        return Finding(rule, "warning", message, one.source, one.span, instead=instead)

    if one.wrong:
        write = {
            _NO_COMMENTS: _IN_POLICY,
            _IN_WORKBOOK: _IN_POLICY,
            _NO_COMMENT: _IN_COMMENT,
            _IN_TEXT: _IN_COMMENT,
        }.get(one.wrong, f"Write: {EXAMPLE}")
        yield finding("bad-exception", f"this exception does not hold: {one.wrong}", write)
    elif one.rule not in known:
        hint = closest(one.rule, known)
        yield finding("bad-exception", f"this exception does not hold: there is no rule '{one.rule}'", hint)
    elif one.expired(today):
        yield finding("expired-exception", *told_expired(one.rule, one.until))
    elif not used and nearest:
        nothing = f"the exception for '{one.rule}' covers nothing where it stands"
        yield finding(
            "unused-exception",
            f"{nothing}; the nearest such finding is on line {nearest}",
            "Put it on a line of its own right above the entry, the heading or the paragraph that it is for.",
        )
    elif not used:
        yield finding(
            "unused-exception",
            f"the exception for '{one.rule}' covers no finding",
            "Remove it: nothing that it stands beside needs it.",
        )


def _of_source(source: Source, kind: str) -> Iterator[Allowed]:
    opens = _OPENS[kind]
    extents = Extents(source, kind)
    text, line, seen, first = source.text, 0, 0, _first_of_line(source.text, 0)
    for hit in _SAID.finditer(text):
        if begun := text.rfind("\n", seen, hit.start()) + 1:
            line, first = begun, _first_of_line(text, begun)
        seen = hit.start()
        comment = _blanks_left_out(text, 0 if opens == "<!--" else line, hit.start()) - len(opens)
        if 0 <= comment < line and text.startswith(opens, comment):  # which may go over several lines
            line = text.rfind("\n", 0, comment) + 1
            first = _first_of_line(text, line)
        if comment < line or not text.startswith(opens, comment) or (kind in ("po", "lg") and comment != first):
            if kind == "markdown" and _is_almost_one(text, line, hit.start()) and not extents.is_literal(hit.start()):
                yield _of_no_comment(source, hit.start(), _NO_COMMENT)
            continue
        said = _rest_of_line(text, hit.start())
        right = _RIGHT.match(said)
        if opens == "<!--":
            said = _rest_of_comment(text, hit.start()) if right else said.partition("-->")[0]
        if not right and not _is_guess(hit["mark"], hit["word"], said[hit.start("word") - hit.start() :]):
            continue
        if kind != "lg" and kind != "po" and extents.is_literal(comment):
            if kind == "yaml" and right and comment == first:
                yield _of_no_comment(source, hit.start(), _IN_TEXT)
            continue
        if kind == "yaml" and comment > line and not text[comment - 1].isspace():
            continue
        alone = comment == first
        end = hit.start() + len(said.rstrip())
        covers = extents.entry(line, alone) if kind == "yaml" else None
        if covers is None:
            covers = _lines_covered(extents, text, line, end, alone, kind)
        if right:
            yield from _parsed(source, Span(hit.start(), end), covers, _BLANKS.sub(" ", said[right.end() :]))
        else:
            yield Allowed("", source, Span(hit.start(), end), covers, wrong=_NOT_WRITTEN)


def _is_almost_one(text: str, line: int, at: int) -> bool:
    """Whether an exception begins a line of a page behind what its author takes for the beginning of a comment: a word
    processor makes a dash of the hyphens of "<!--", and other signs begin comments elsewhere.
    """
    return _RIGHT.match(text, at) is not None and _ALMOST.fullmatch(text, line, at) is not None


def _of_no_comment(source: Source, at: int, wrong: str) -> Allowed:
    span = Span(at, at + len(_rest_of_line(source.text, at).rstrip()))
    return Allowed("", source, span, Span(at, at), wrong=wrong)


def _first_of_line(text: str, line: int) -> int:
    """Where the first character stands that is no blank."""
    found = _NO_BLANK.search(text, line)
    return found.start() if found else len(text)


def _blanks_left_out(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _rest_of_line(text: str, start: int) -> str:
    return text[start : start + _LONGEST].partition("\n")[0].partition("\r")[0]


def _rest_of_comment(text: str, start: int) -> str:
    """What a comment between marks says from a place on, over all its lines; of one that is not closed the line."""
    said, closed, _ = text[start : start + _LONGEST].partition("-->")
    return said if closed else _rest_of_line(text, start)


def _is_guess(mark: str, word: str, said: str) -> bool:
    """Whether somebody meant an exception; ``word`` is the first of what is ``said`` behind the name and its mark."""
    if not mark.strip():
        return word.lower() in _MEANT and _NAMED.match(said[len(word) :]) is not None
    if _GUESSED.match(said):
        return True
    from difflib import get_close_matches

    return bool(get_close_matches(word.lower(), _MEANT, n=1, cutoff=_ALIKE))


def _parsed(source: Source, span: Span, covers: Span, rest: str) -> Iterator[Allowed]:
    strict = _FORM.match(rest.rstrip())
    form = strict or _ANY_NAMES.match(rest.rstrip())
    if strict is None and _FIRST_DAY.match(rest):
        yield Allowed("", source, span, covers, wrong=_NO_FIRST)
        return
    if form is None:
        yield Allowed("", source, span, covers, wrong=_NOT_WRITTEN)
        return
    until, wrong = None, ""
    if form["until"]:
        try:
            until = day(form["until"])
        except ValueError:
            meant = day_meant(form["until"])
            told = f"write it as {meant}" if meant else "year-month-day"
            wrong = f"'{form['until']}' is no date ({told})"
    if not is_reason(form["reason"]):
        wrong = wrong or "it gives no reason"
    elif until is None and _DAY_BEHIND.match(form["reason"]):
        wrong = wrong or "its last day stands where the reason should, behind the hyphens"
    for rule in map(str.strip, form["rules"].split(",")):
        yield Allowed(rule, source, span, covers, until, form["reason"] or "", wrong, strict is None)


def _lines_covered(extents: Extents, text: str, line: int, end: int, alone: bool, kind: str) -> Span:
    """The rest of the line; for a comment on a line of its own the element, the section, else the lines up to an empty
    one.
    """
    following = text.find("\n", end)
    if not alone:
        return Span(line, len(text) if following < 0 else following)
    if kind == "xml":
        element = extents.element(text.find("-->", end) + 3)
        if element is not None:
            return element
    below = len(text) if following < 0 else following + 1
    if kind == "markdown":
        section = extents.section(below) or extents.paragraph(below)
        return Span(line, section.end)  # a page that is one reply begins with the comment
    return extents.paragraph(below)
