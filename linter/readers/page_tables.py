"""Tables of replies on a page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from .common import is_text, named
from .markdown_parts import Page, Part
from .page_sections import (
    Piece,
)
from .plans import Plan, Standing, is_internal, is_library, is_name, standing_of


def unknown_cells(page: Page, read: set[int]) -> Iterator[tuple[int, int]]:
    """The cells under headings that say nothing, in tables of which others are read."""
    for rows, plan in _planned(page):
        for values in _records(page, rows):
            if not read.isdisjoint(start for start, _ in values.values()):
                yield from (values[name] for name in plan.unknown if name in values)


def in_tables(page: Page, hinted: bool) -> list[Piece]:
    if not hinted:
        return []
    headings = [part for part in page.parts if part.kind == "heading"]
    starts = [part.start for part in headings]
    found = []
    for rows, plan in _planned(page):
        number = bisect_right(starts, rows[0].start)
        section = headings[number - 1].name if number > 1 else ""  # under the first stands all of the page
        found += _in_table(page, rows, plan, section)
    return found


def _planned(page: Page) -> list[tuple[list[Part], Plan]]:
    """The tables of replies.

    One row alone is one where a longer table of the page has its replies in such a column, or where the header says of
    each column what it is.
    """
    tables = list(_tables(page))
    plans = [_plan(page, rows) if len(rows) > 2 else None for rows in tables]
    longer = [plan for plan in plans if plan is not None]
    found = []
    for rows, plan in zip(tables, plans, strict=True):
        if plan is None and len(rows) == 2:
            header = set(_header(page, rows))
            plan = next((one for one in longer if header.issuperset(key for key, _ in one.texts)), None)
            own = _plan(page, rows) if plan is None else None
            plan = own if own is not None and own.sure and own.titles and not own.unknown else plan
        if plan is not None:
            found.append((rows, plan))
    return found


def _tables(page: Page) -> Iterator[list[Part]]:
    """The rows of each table, its header first."""
    table: list[Part] = []
    for part in [*page.parts, Part("line", 0, 0)]:
        if part.kind == "row" and part.start not in page.first_rows:
            table.append(part)
            continue
        following = [part] if part.kind == "row" else []
        if part.kind == "divider":  # below the header of another table, where that stands apart
            if len(table) < 2 or not page.parted(table[-2].end, table[-1].start):
                continue
            following = [table.pop()]
        if len(table) > 1:
            yield table
        table = following


def _in_table(page: Page, rows: list[Part], plan: Plan, section: str) -> list[Piece]:
    """The replies in a table; those without a title are called by the section that it stands in."""
    found: dict[tuple[int, int], Piece] = {}
    for number, values in enumerate(_records(page, rows)):
        said = {name: page.said(*place) for name, place in values.items()}
        title = named(said, (*plan.titles, *plan.subjects, *plan.customer)).strip("*_` ") or f"{section}[{number}]"
        left = "marked as internal" if is_internal(said, plan) else ""
        spoken = {values.get(key) for key, _ in plan.texts}  # perhaps over several columns
        beside = {name: text.strip("*_` ") for name, text in said.items() if values[name] not in spoken}
        standing = standing_of(beside, plan, Standing())
        for key, locale in plan.texts:
            if is_text(said.get(key)) and not is_name(plan, key, said[key]):
                own = standing._replace(locale=locale or standing.locale)
                # A cell that goes on in the next row is said once.
                found.setdefault(values[key], Piece(title, *values[key], left=left, standing=own))
    return list(found.values())


def _plan(page: Page, rows: list[Part]) -> Plan | None:
    sample = _records(page, rows[:21])
    return is_library([{name: page.said(*place) for name, place in values.items()} for values in sample])


def _records(page: Page, rows: list[Part]) -> list[dict[str, tuple[int, int]]]:
    """Where the cells of each row stand, by the names in the header."""
    header = _header(page, rows)
    return [dict(zip(header, _cells(page, row), strict=False)) for row in rows[1:]]


def _header(page: Page, rows: list[Part]) -> list[str]:
    return [page.said(start, end).strip("*_` ").lower() for start, end in _cells(page, rows[0])]


def _cells(page: Page, row: Part) -> list[tuple[int, int]]:
    """The cells of a row without their blanks; a bar behind a backslash belongs to the cell."""
    if page.html:
        return page.cells[row.start]
    found = []
    line = page.inside(row)
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
    for left, right in pairwise(bars):
        cell = line[left + 1 : right]
        start = row.start + left + 1 + len(cell) - len(cell.lstrip())
        found.append((start, start + len(cell.strip())))
    return found
