"""What of a policy can be read though it is no YAML: a slip in one entry hides none of the mistakes in others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..documents.conflicts import conflict
from ..documents.yamlmistakes import TAB, told
from ..source import Source, Span
from .errors import Problem

_KEY = r"(?:[\w.-]+(?: [\w.-]+)*|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?=\s|$)"
_SECTION = re.compile(rf"^{_KEY}", re.MULTILINE)
_FILLED = re.compile(r"^([ ]*)[^\s#].*$", re.MULTILINE)
_STRAY = re.compile(r"^(?![\]}]+,?[ \t]*$)[^\s#-]", re.MULTILINE)
_SEVERAL = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)
_ON_A_LINE = re.compile(r"[^\r\n]")

_OF_A_PART = "<document start>"  # what is missed where a part is read that does not begin as it goes on
_MOST = 1000  # entries of a section that are looked at one by one
_MOST_SECTIONS = 100


class Readable(NamedTuple):
    """A text of the same length, in which blanks stand for what is no YAML; the mistakes in that; and its words."""

    text: str
    problems: list[Problem]
    words: frozenset[str]


def readable(source: Source) -> Readable | None:
    """The parts of a policy that are YAML; None where it can't be said of which part the mistake is.

    A part is told by itself, so that a quotation mark that is not closed in one is no mistake of the next.
    """
    text, words = source.text, set[str]()
    problems: list[Problem] = []
    if _SEVERAL.search(text) or conflict(text, len(text)) >= 0:
        return None
    sections = list(_parts(text, Span(0, len(text)), _SECTION))
    for section in sections if len(sections) <= _MOST_SECTIONS else ():
        if len(problems) > _MOST:
            break
        mistake = _mistake(source, section)
        if mistake is None:
            continue
        wrong = _wrong_in(source, text, section)
        without = _blanked(text, wrong)
        whole = not _is_filled(without, section) or _mistake(Source(source.path, without), section) is not None
        found = [_mistake(source, part) for part in wrong]
        problems += [one for one in found if one is not None and _OF_A_PART not in one.message] or [mistake]
        for part in [section] if whole else wrong:
            words.update(re.findall(r"[\w-]+", text[slice(*part)]))
        text = _blanked(text, [section]) if whole else without
    return Readable(text, problems, frozenset(words)) if problems else None


def _wrong_in(source: Source, text: str, section: Span) -> list[Span]:
    """The entries of a section that are no YAML, and all from a line on that is none of an entry: the name of the next
    section, perhaps, of which nobody knows where it ends.
    """
    stray = _STRAY.search(text, section.start + 1, section.end)
    body = Span(section.start, stray.start() if stray else section.end)
    entries = list(_entries(text, body))
    wrong = [one for one in entries if _mistake(source, one) is not None] if len(entries) <= _MOST else []
    return [*wrong, Span(body.end, section.end)] if stray else wrong


def _parts(text: str, within: Span, begins: re.Pattern[str]) -> Iterator[Span]:
    """What stands from each line that begins so to the next."""
    starts = [found.start() for found in begins.finditer(text, *within)]
    yield from map(Span, starts, [*starts[1:], within.end])


def _entries(text: str, section: Span) -> Iterator[Span]:
    """The entries of a section, which are indented as the first one is."""
    end = text.find("\n", *section) + 1
    first = _FILLED.search(text, end, section.end) if end else None
    if first is not None:
        begins = re.compile(rf"^{first[1]}(?:-(?=\s)|{_KEY})", re.MULTILINE)
        yield from _parts(text, Span(end, section.end), begins)


def _is_filled(text: str, section: Span) -> bool:
    """Whether anything is left of a section behind its name."""
    name = _SECTION.match(text, section.start)
    rest = text[name.end() if name else section.start : section.end]
    return any(line.partition("#")[0].strip() for line in rest.split("\n"))


def _blanked(text: str, parts: list[Span]) -> str:
    left, at = [], 0
    for start, end in parts:
        left += [text[at:start], _ON_A_LINE.sub(" ", text[start:end])]
        at = end
    return "".join(left) + text[at:]


def _mistake(source: Source, part: Span) -> Problem | None:
    """What is no YAML in a part, by itself."""
    import yaml

    try:
        for _ in yaml.parse(source.text[slice(*part)], getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            pass
    except yaml.MarkedYAMLError as error:
        above = source.text.count("\n", 0, part.start)
        error.problem_mark = _moved(error.problem_mark, part.start, above)
        error.context_mark = _moved(error.context_mark, part.start, above)
        reason, at = told(source.text, error)
        at = min(max(at, part.start), len(source.text))
        message = reason if reason == TAB else f"this is not YAML: {reason}"
        return Problem(message, source, Span(at, min(at + 1, len(source.text))))
    except yaml.YAMLError:  # a character that can stand nowhere: who reads the rest tells of it
        return None
    return None


def _moved(mark: Any, start: int, lines: int) -> Any:
    """A place in a part as one in the whole."""
    if mark is None:
        return None
    import yaml

    return yaml.Mark(mark.name, mark.index + start, mark.line + lines, mark.column, None, 0)
