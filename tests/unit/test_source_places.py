"""Lines and columns of a source: those that counting from the beginning gives, whatever was asked for before."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st
from neverask.finding import Finding
from neverask.reporters.text import excerpt
from neverask.source import Position, Source, Span

LINES = st.lists(st.sampled_from(["", "a", "é", "😀", "x" * 700, "😀" * 90 + "é" * 900, "b" * 20_000]), min_size=1)


def counted(text: str, offset: int) -> tuple[Position, str, int]:
    """The place of an offset, its line, and its column in units of UTF-16."""
    offset = max(0, min(offset, len(text)))
    starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
    number = max(index for index, start in enumerate(starts) if start <= offset)
    line = text[starts[number] : starts[number + 1] if number + 1 < len(starts) else len(text)].rstrip("\r\n")
    column = offset - starts[number]
    units = len(text[starts[number] : offset].encode("utf-16-le")) // 2 + 1
    return Position(number + 1, column + 1), line, units


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.lists(st.floats(0, 1.01), min_size=1, max_size=12))
def test_places_are_those_that_counting_gives(lines: list[str], end: str, parts: list[float]) -> None:
    text = end.join(lines)
    source = Source("x", text)
    for part in parts:
        offset = int(part * len(text))
        place, line, units = counted(text, offset)
        assert source.position(offset) == place
        assert source.line(place.line) == line
        assert source.line(place.line + 1) == Source("x", text).line(place.line + 1)
        assert source.units(offset) == units
        assert source.offset(place.line, place.column) == max(0, min(offset, len(text)))
    assert source.line(0) == source.line(-1) == source.line(len(lines) + 1) == ""


def test_what_is_shown_of_a_place_stands_on_its_line() -> None:
    for end in ("\n", "\r\n", "\r"):
        for size in (3, 3000):
            text = end.join(["first", "x" * size, "last"])
            for at in range(len(text) + 1):
                if 60 < at < size:
                    continue
                shown, carets = excerpt(Finding("rule", "error", "m", Source("x", text), Span(at, at + 2)))
                line = counted(text, at)[1]
                assert shown.partition(" | ")[2].strip("…") in line and "\\" not in shown
                assert carets.strip() in ("^", "^^")


def test_many_places_in_one_long_line_take_no_long_time() -> None:
    """One line of 4 MB in a report with 20,000 findings was looked through for each of them."""
    source = Source("x", "é" * 2_000_000 + "😀" * 2_000_000)
    findings = [Finding("r", "error", "m", source, Span(at, at + 3)) for at in range(0, 4_000_000, 200)]
    started = time.process_time()
    for finding in findings:
        excerpt(finding)
        assert source.units(finding.span.start) >= finding.span.start
    assert time.process_time() - started < 8


def test_many_short_lines_take_no_long_time() -> None:
    source = Source("x", "12345\n" * 300_000)
    started = time.process_time()
    for number in range(1, 300_000, 10):
        place = source.position((number - 1) * 6 + 2)
        assert place == (number, 3, None) and source.line(number) == "12345"
    assert time.process_time() - started < 4
