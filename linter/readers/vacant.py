"""Why a document that no reader knows has no reply in it, where that is clear: an export that failed, or had nothing.

A table of which there is the row of headings alone, an empty list, what a server answered in the place of the export.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..documents import Document, Table
from ..documents.model import simple_name
from ..documents.yamlmistakes import DASHES
from .common import header_row, is_text
from .fields import is_other_data, role
from .plans import plan_of

NOTHING = "there is nothing in this file"
_HEADINGS = "this table has headings and no row under them: export it again, with what is in it"
_REFUSED = frozenset({"error", "errors", "fault", "error_message", "errormessage", "error_description"})
"""Keys under which a server says why it gave nothing."""
_TELLING = ("message", "detail", "title", "error_description", "description", "reason", "error", "code")
"""Keys under which it says so in words, those first that say most."""
_AROUND = frozenset({
    "code", "status", "statuscode", "status_code", "success", "ok", "result", "data", "message", "messages",
    "detail", "details", "title", "type", "name", "reason", "description", "instance", "path", "method", "url",
    "timestamp", "time", "date", "request_id", "requestid", "trace_id", "traceid", "correlation_id",
    "documentation_url", "more_info", "info", "help", "hint", "version",
})  # fmt: skip
"""Keys that stand beside it."""
_LEAST = 400  # of the numbers that servers have for what went wrong
_MOST_SHOWN = 80  # characters
_DEEP = 4


def vacant(document: Document) -> str:
    """What is said of a document without any reply in it; "" for any other."""
    value = document.value
    if document.kind in ("csv", "xlsx", "ods"):
        return _HEADINGS if _has_headings_alone(value) else ""
    if document.kind in ("json", "yaml") and value in ([], {}):
        return NOTHING
    if document.kind != "json" or not isinstance(value, dict):
        return ""
    said = _refusal(value)
    if said is not None:
        named = f" ('{said}')" if said else ""
        return f"this tells of an error{named} and is no export: log in, or ask who may export it, and export again"
    name = _empty_list(value)
    return f"the list '{name}' is empty, and there is nothing else in this file" if name else ""


def dashed(document: Document) -> int:
    """Where a list of replies begins with a dash in the place of a hyphen, so that YAML takes all of it for one text;
    -1 where none does.
    """
    if document.kind != "yaml" or not isinstance(document.value, dict):
        return -1
    for key, text in document.value.items():
        if isinstance(text, str) and text[:1] in DASHES and text[1:2] == " " and role(str(key)).kind == "text":
            start = document.span((key,)).start
            return start if document.source.text[start] in DASHES else -1  # in quotation marks it is meant so
    return -1


def _has_headings_alone(value: Any) -> bool:
    tables = [value] if isinstance(value, Table) else list(value.values()) if isinstance(value, dict) else []
    return any(map(_is_heading, tables)) and all(_filled(table) < 2 for table in tables)


def _is_heading(table: Table) -> bool:
    """Whether the one row of a table names a text among other things."""
    if not table.rows:
        return False
    names = [name for cell in table.rows[header_row(table)] if (name := simple_name(cell))]
    return len(names) > 1 and bool(plan_of(names).texts) and not is_other_data(names)


def _filled(table: Table) -> int:
    return sum(any(map(str.strip, row)) for row in table.rows)


def _refusal(value: dict[Any, Any]) -> str | None:
    """Why a server refused, "" where it does not say it in words; None where all this is something else."""
    keys = {str(key).lower() for key in value}
    if not keys <= _REFUSED | _AROUND:
        return None
    told = [item for key, item in value.items() if str(key).lower() in _REFUSED and item]
    if not told and not any(_is_failure(value.get(key)) for key in ("status", "code", "statusCode", "status_code")):
        return None
    said = next((one for item in (*told, value) for one in _words(item, _DEEP)), "")
    said = " ".join(said.split())
    return said if len(said) <= _MOST_SHOWN else f"{said[: _MOST_SHOWN - 1]}…"


def _is_failure(number: object) -> bool:
    """Whether a status is one of HTTP's for what went wrong."""
    text = str(number) if isinstance(number, (int, str)) and not isinstance(number, bool) else ""
    return len(text) == 3 and text.isascii() and text.isdigit() and int(text) >= _LEAST and text[0] in "45"


def _words(value: Any, deep: int) -> Iterator[str]:
    """What is said in a value, the most telling first."""
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, list) and deep:
        for item in value[:2]:
            yield from _words(item, deep - 1)
    elif isinstance(value, dict) and deep:
        for key in _TELLING:
            yield from _words(value.get(key), deep - 1)


def _empty_list(value: dict[Any, Any]) -> str:
    """The name of the first empty list in a mapping that has nothing else but numbers and words of a program."""
    lists = [key for key, item in value.items() if item == []]
    beside = [item for item in value.values() if item != []]
    spoken = any(isinstance(item, (dict, list)) or is_text(item) for item in beside)
    return str(lists[0]) if lists and not spoken else ""
