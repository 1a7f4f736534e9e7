"""The report for people: the line, a caret under the exact words, the rule, why, and what to say instead."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ..finding import LEVELS, Finding
from ..messages import Say, many, speaker, spoken
from ..outcome import Unread
from .grouping import grouped
from .leading import entry, way
from .summary import Summary

NAME = "text"
_RED, _YELLOW, _BOLD, _DIM, _GREEN, _OFF = "\033[31m", "\033[33m", "\033[1m", "\033[2m", "\033[32m", "\033[0m"
_MANY_LIBRARIES, _LIBRARIES_TOLD = 5, 3
"""Of more than so many libraries of which the same is to be said, so many are told each."""
_SHOWN = 96  # characters of a long line that are shown around the words

_NO_RULE = (
    "no rule of the policy holds on the channels of what was checked: 'on CHANNELS' in a rule says where it holds, "
    "'channels:' in neverask.yaml which content goes where"
)


def render(findings: list[Finding], summary: Summary) -> str:
    """All findings with their places, then the files that were not checked, then the summary line."""
    paint = _painter(summary.color)
    say = summary.say
    findings = grouped(findings)
    told, alike = (findings, {}) if summary.verbose else _at_once(findings)
    told, left = _first(told, summary.limit)
    blocks = [_block(finding, paint, say) for finding in told]
    if left:
        blocks.append(visible(say(_left_out(left))))
    for (rule, judgement), count in alike.items():
        files = many(count, "more file")
        said = say(f"the same is to be said of {files}: {judgement} (--verbose shows each)")
        blocks.append(f"{visible(said)} [{visible(rule)}]")
    blocks += [_broken(unread, paint, say) for unread in summary.unread if unread.error]
    blocks += _all_beside(summary, say) if summary.verbose else _in_short(summary, say)
    if summary.unjudged and summary.rules and not findings:
        blocks.append(say(_NO_RULE))
    blocks.append(summary.line(findings, hint=not summary.verbose))
    return "\n\n".join(blocks) + "\n"


def places(findings: list[Finding], language: str) -> str:
    """Findings alone, each with its place, without colours."""
    return "\n\n".join(_block(finding, _painter(False), speaker(language)) for finding in findings)


def unreadable(files: Iterable[Unread], language: str) -> str:
    """The files that could not be read, without colours."""
    return "\n\n".join(_broken(unread, _painter(False), speaker(language)) for unread in files)


def _all_beside(summary: Summary, say: Say) -> list[str]:
    """All that was not checked, and each text that is not in the files or has too many branches."""
    blocks = [_left(unread, say) for unread in summary.unread if not unread.error]
    beside = (*summary.unseen, *summary.crowded, *summary.foreign)
    return blocks + [f"{visible(path)}: {visible(spoken(reason, summary.language))}" for path, reason in beside]


def _in_short(summary: Summary, say: Say) -> list[str]:
    """The same as counts, but for what must not be overlooked."""
    blocks = []
    count = len(summary.unseen) - len(summary.told)
    if count > 0:
        said = "1 text is" if count == 1 else f"{count} texts are"
        worded = "it" if count == 1 else "them"
        blocks.append(say(f"{said} not in the files (a program or a model words {worded}); --verbose lists {worded}"))
    blocks += [_left(unread, say) for unread in summary.named]
    blocks += [f"{visible(path)}: {visible(spoken(reason, summary.language))}" for path, reason in summary.told]
    if summary.crowded:
        said = f"{many(len(summary.crowded), 'text has', 'texts have')} so many branches"
        listed = "it" if len(summary.crowded) == 1 else "them"
        blocks.append(say(f"{said} that not each was read by itself; --verbose lists {listed}"))
    return blocks


def _at_once(findings: list[Finding]) -> tuple[list[Finding], dict[tuple[str, str], int]]:
    """The findings that are told each, and how many more libraries the same is to be said of, by rule and judgement."""
    counts = Counter((finding.rule, finding.of_library) for finding in findings if finding.of_library)
    many = {key: 0 for key, count in counts.items() if count > _MANY_LIBRARIES}
    told: list[Finding] = []
    for finding in findings:
        key = (finding.rule, finding.of_library)
        if key in many:
            many[key] += 1
        if many.get(key, 0) <= _LIBRARIES_TOLD:
            told.append(finding)
    return told, {key: count - _LIBRARIES_TOLD for key, count in many.items()}


def _first(findings: list[Finding], most: int | None) -> tuple[list[Finding], list[Finding]]:
    """The findings that are shown, in their order, errors before warnings where there is no room; and the others."""
    if most is None or len(findings) <= most:
        return findings, []
    worst = sorted(range(len(findings)), key=lambda number: LEVELS.index(findings[number].level))
    shown = set(worst[:most])
    told = [finding for number, finding in enumerate(findings) if number in shown]
    return told, [finding for number, finding in enumerate(findings) if number not in shown]


def _left_out(findings: Sequence[Finding]) -> str:
    """How many findings are not shown, of which rules, and in how many files."""
    counts = Counter(finding.rule for finding in findings)
    rules = "; ".join(f"[{rule}] {count:,}" for rule, count in counts.most_common())
    files = many(len({finding.source.path for finding in findings}), "file")
    return f"{many(len(findings), 'more finding')} not shown (--limit), in {files}: {rules}"


_Paint = Callable[[str, str], str]


def _painter(color: bool) -> _Paint:
    return (lambda code, text: f"{code}{text}{_OFF}") if color else (lambda code, text: text)


def _block(finding: Finding, paint: _Paint, say: Say) -> str:
    place = finding.source.position(finding.span.start)
    where = f"{visible(finding.source.path)}:{place.line}:{place.column}"
    if place.cell:
        where = f"{visible(finding.source.path)} {place.cell}"
    level = paint(_RED if finding.level == "error" else _YELLOW, say(finding.level))
    lines = [f"{paint(_BOLD, where)}: {level}: {visible(say(finding.message))} [{visible(finding.rule)}]"]
    lines += [f"  {line}" for line in excerpt(finding)]
    if entry(finding):
        lines.append(paint(_DIM, f"  {say('in:     ')} {visible(entry(finding))}"))
    if finding.witness:
        lines.append(paint(_DIM, f"  {say('path:   ')} {visible(way(finding, say))}"))
    if finding.since:
        lines.append(f"  {say('new:    ')} {visible(say(finding.since))}")
    if finding.because:
        lines.append(paint(_DIM, f"  {say('because:')} {visible(', '.join(finding.because))}"))
    if finding.instead:
        lines.append(f"  {say('instead:')} {paint(_GREEN, visible(finding.way_out(say)))}")
    return "\n".join(lines)


def _broken(unread: Unread, paint: _Paint, say: Say) -> str:
    """A file that could not be read, the words at the mistake, and what to do."""
    lines = [f"{paint(_BOLD, visible(unread.where))}: {paint(_RED, say('cannot read'))}: {visible(say(unread.reason))}"]
    if unread.words.strip():
        lines += _words(unread)
        lines.append(paint(_DIM, f"  {say('Mend the file: what is wrong is at this mark or right before it.')}"))
    return "\n".join(lines)


def _left(unread: Unread, say: Say) -> str:
    """A file that no reader knows, or a place in one that was not checked, with its words."""
    head = f"{visible(unread.where)}: {say('not checked')}: {visible(say(unread.reason))}"
    return "\n".join([head, *(_words(unread) if unread.words.strip() else ())])


def _words(unread: Unread) -> list[str]:
    before, after = unread.words[: unread.before], unread.words[unread.before :]
    return [f"  {line}" for line in _marked(_number(unread.cell, unread.line), before, "", after)]


def excerpt(finding: Finding) -> list[str]:
    """The line with the words, cut around them where it is long, and carets under them, counted in cells."""
    source, span = finding.source, finding.span
    place = source.position(span.start)
    line = source.stretch(place.line)
    start = line.start + place.column - line.column
    last = source.position(max(span.start, span.end - 1))
    end = start + last.column - place.column + 1 if last.line == place.line else line.end
    left, right = line.start, line.end
    if right - left > _SHOWN:
        left = max(left, min(start - _SHOWN // 3, right - _SHOWN))
        right = min(right, left + _SHOWN)
    text = source.text
    start, end = min(start, right), min(end, right)
    before = ("…" if left > line.start else "") + text[left:start]
    after = text[end:right] + ("…" if right < line.end else "")
    return _marked(_number(place.cell, place.line), before, text[start:end], after)


def _number(cell: str | None, line: int) -> str:
    """What stands before a line: its number, or the cell that it is in."""
    return (cell or "").rpartition("!")[2] or str(line)


def _marked(number: str, before: str, words: str, after: str) -> list[str]:
    """A line with its number, and carets under the words; one caret where there are none."""
    shown = [visible(part.replace("\t", " ")) for part in (before, words, after)]
    lead = f"{number} | "
    return [lead + "".join(shown), " " * (len(lead) + cells(shown[0])) + "^" * max(1, cells(shown[1]))]


def cells(text: str) -> int:
    """The width of a text on a terminal, in cells."""
    if text.isascii():
        return len(text)
    width = 0
    for character in text:
        if unicodedata.combining(character) or character in "\u200b\u200d\ufe0f":
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def visible_lines(text: str) -> str:
    """The text with all made visible but its own line ends."""
    return "\n".join(map(visible, text.split("\n")))


def visible(text: str) -> str:
    """The text with terminal escapes, bidi overrides, line ends and other controls made visible."""
    if text.isprintable():
        return text
    out = []
    for character in text:
        if character.isprintable() or character in "\u200d":
            out.append(character)
        else:
            out.append(
                {"\n": "⏎", "\r": "⏎"}.get(
                    character, f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
                )
            )
    return "".join(out)
