"""Tables of replies (CSV, TSV, Excel, OpenDocument) that no product made, with a header or without."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..conversation import Conversation, Path
from ..documents import Document, Table
from . import Neighbours
from .common import SAMPLE, Gathering, Record, columns_of, header_row, is_table, is_text, known_channels, rows
from .fields import channel_over, is_internal_flag, is_other_data, locale_of, locale_over, role, words_of
from .plans import (
    Plan,
    Standing,
    is_classified,
    is_library,
    is_note_name,
    plan_of,
    read_record,
    with_names,
    without_criteria,
)
from .prose import is_sentence, share

NAME = "reply-table"
TITLE = "table of replies"

_LONG = 40
_NAMELESS = "this column has no heading, so it is not read: give it one if customers get what it says"


def claims(document: Document) -> bool:
    return is_table(document) and any(
        _plan(table) is not None for path, table in _sheets(document) if not _is_for_colleagues(path)
    )


def _sheets(document: Document) -> Iterator[tuple[Path, Table]]:
    if isinstance(document.value, Table):
        yield (), document.value
    elif isinstance(document.value, dict):
        for name, table in document.value.items():
            yield (name,), table


def _is_for_colleagues(path: Path) -> bool:
    """Whether a sheet is called notes, instructions or the like."""
    name = str(path[0]) if path else ""
    return is_note_name(name) or (len(words_of(name)) == 1 and role(name).kind == "agent")


def _plan(table: Table) -> tuple[Plan, bool] | None:
    """How to read a sheet and whether it has a header; None when it holds no replies."""
    if not table.rows:
        return None
    header = list(columns_of(table))
    named = any(role(name).kind for name in header) or sum(1 for name in header if locale_of(name)) > 1
    if not named and any(is_sentence(cell) for cell in table.rows[0]):
        return _without_header(table)
    sample = [record.values for record in islice(rows(table, ()), SAMPLE)]
    sample = [record for record in sample if any(cell.strip() for cell in record.values())]
    if is_other_data(without_criteria(header, sample)):
        return None
    if is_classified(sample, header):
        return None
    plan = is_library(sample) or _text_alone(sample, header) or _by_content(sample, header)
    return (plan, True) if plan is not None else None


def _text_alone(sample: list[dict[str, str]], header: list[str]) -> Plan | None:
    """A sure name over a column of sentences is enough, also where nothing names the rows."""
    plan = plan_of(header)
    if plan.sure and any(share(record.get(key) for record in sample) >= 0.5 for key, _ in plan.texts):
        return with_names(plan, sample, header)
    return None


def _by_content(sample: list[dict[str, str]], header: list[str]) -> Plan | None:
    """The column with the longest sentences, if nearly all its cells are sentences."""
    best, longest = "", float(_LONG)
    for name in header:
        if role(name).kind in ("customer", "agent", "audience"):
            continue
        cells = [cell for record in sample if (cell := record.get(name, "")).strip()]
        mean = sum(map(len, cells)) / len(cells) if cells else 0.0
        if len(cells) > 1 and mean > longest and share(cells) >= 0.8:
            best, longest = name, mean
    return with_names(plan_of(header, [best]), sample, header) if best else None


def _without_header(table: Table) -> tuple[Plan, bool] | None:
    """A list of shortcut and text, or of texts only."""
    sample = [row for row in table.rows[:SAMPLE] if row]
    width = max(map(len, sample))
    if width > 5 or len(sample) < 2:
        return None
    columns = [[row[number] for row in sample if number < len(row)] for number in range(width)]
    spoken = [number for number in range(width) if share(columns[number]) >= 0.6]
    if not spoken:
        return None
    text = max(spoken, key=lambda number: sum(map(len, columns[number])))
    titles = tuple(str(number) for number in range(width) if number != text and _is_short(columns[number]))
    return Plan(((str(text), ""),), titles), False


def _is_short(cells: list[str]) -> bool:
    return bool(cells) and sum(map(len, cells)) / len(cells) <= _LONG and not all(map(is_text, cells))


def read(document: Document, neighbours: Neighbours) -> Conversation:
    gathering = Gathering(document)
    for path, table in _sheets(document):
        found = _plan(table)
        if found is None:
            if path:
                _overlook(gathering, table, path)
            continue
        plan, has_header = found
        sheet = str(path[0]) if path else ""
        around = Standing(
            locale_of(sheet) or locale_over(sheet), (sheet,) if sheet else (), known_channels(channel_over(sheet))
        )
        tall = _Tall(table, plan)
        for record in rows(table, path) if has_header else _bare_rows(table, path):
            tall.fill(record)
            if _is_for_colleagues(path):
                for key, _ in plan.texts:
                    gathering.skip(record.get(key), record.at(key), "a note for agents", sheet)
            else:
                read_record(gathering, record, plan, around)
        if has_header and not _is_for_colleagues(path):
            _overlook_nameless(gathering, table, path)
    return gathering.conversation(NAME)


class _Tall:
    """The cells of a sheet that are merged over several rows, and what they say of each row: a category, a channel.

    A text that is merged so is said once, where it stands.
    """

    def __init__(self, table: Table, plan: Plan) -> None:
        top = header_row(table)
        self._waiting = [area for area in reversed(table.merged) if area.rows > 1 and area.row > top]
        self._rows = table.rows
        self._open: dict[int, tuple[int, str]] = {}
        self._names = {
            *plan.titles, *plan.groups, *plan.channels, *plan.languages, *plan.audiences, *plan.active,
            *filter(known_channels, plan.unknown), *filter(is_internal_flag, plan.agent),
        }  # fmt: skip

    def fill(self, record: Record) -> None:
        """Give the record what the cells say that begin above it; records come in their order."""
        if record.columns is None or not (self._waiting or self._open):
            return
        row = record.path[-1]
        assert isinstance(row, int)
        while self._waiting and self._waiting[-1].row < row:
            area = self._waiting.pop()
            cells = self._rows[area.row] if area.row < len(self._rows) else []
            if area.column < len(cells):
                self._open[area.column] = area.row + area.rows, cells[area.column]
        for name, column in record.columns.items() if self._open else ():
            end, text = self._open.get(column, (0, ""))
            if row < end and name in self._names and not record.values.get(name):
                record.values[name] = text


def _overlook(gathering: Gathering, table: Table, path: Path) -> None:
    """Note the first sentence of a sheet that is not read, beside others that are."""
    for number, row in table.numbered():
        for column, cell in enumerate(row):
            if is_sentence(cell):
                reason = f"the sheet '{path[0]}' has no heading that is known for texts, so it is not read"
                gathering.overlook((*path, number, column), reason, str(path[0]))
                return


def _overlook_nameless(gathering: Gathering, table: Table, path: Path) -> None:
    """Note the first sentence in each column that has no heading, be it beyond the last heading.

    Each row is looked through as far as it goes: a header may be of a hundred thousand cells, and no row else.
    """
    top = header_row(table)
    width = len(table.rows[top])
    done = {column for column, cell in enumerate(table.rows[top]) if cell.strip()}
    for number, row in islice(table.numbered(), top + 1, None):
        for column, cell in enumerate(row):
            if column in done or not is_sentence(cell):
                continue
            if column < width or _is_cell(gathering.document, (*path, number), column):
                gathering.overlook((*path, number, column), _NAMELESS)
                done.add(column)


def _is_cell(document: Document, row: Path, column: int) -> bool:
    """Whether a cell of its own stands there: in a delimited text it may be the rest of one without quotation marks,
    of which ``torn`` tells.
    """
    return document.kind != "csv" or document.source.text[document.span((*row, column - 1)).end - 1] == '"'


def _bare_rows(table: Table, path: Path) -> Iterator[Record]:
    columns = {str(number): number for number in range(max(map(len, table.rows)))}
    for number, row in table.numbered():
        if row:
            yield Record({str(column): cell for column, cell in enumerate(row)}, (*path, number), columns)
