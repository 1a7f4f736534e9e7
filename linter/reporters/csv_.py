"""A table for a spreadsheet program: each finding a row, also those that exceptions keep, each file that could not be
read, and what is not shown.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from ..finding import Finding
from ..messages import Say
from ..outcome import Kept, Unread
from .leading import entry, way
from .ours import COLUMNS
from .summary import Summary
from .text import visible

NAME = "csv"
_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the old encoding of whoever opens the file."""
_FORMULA = re.compile('(^|;)(?=[ "]*[=+\\-@\uff1d\uff0b\uff0d\uff20])')
"""Before what a spreadsheet program would reckon with. It may cut a line at semicolons, too: in many countries these
part the cells, and what stands in quotation marks is then no cell."""


def render(findings: list[Finding], summary: Summary) -> str:
    """RFC 4180, in UTF-8; people read the messages, so they are in their language, and names are as rules have them."""
    out = io.StringIO()
    out.write(_MARK)
    rows = csv.DictWriter(out, COLUMNS, restval="")
    rows.writeheader()
    say = summary.say
    for finding in findings:
        rows.writerow(_cells(_finding(finding, say)))
    for kept in summary.kept:
        rows.writerow(_cells(_kept(kept, say)))
    for unread in summary.unread:
        if unread.error:
            rows.writerow(_cells(_broken(unread, say)))
    for left_out in summary.left_out:
        rows.writerow(_cells({"level": "note", "rule": "not-shown", "message": say(left_out)}))
    return out.getvalue()


def _finding(finding: Finding, say: Say) -> dict[str, str]:
    at = finding.source.position(finding.span.start)
    return {
        "file": finding.source.path,
        **_place(at.line, at.column, at.cell or ""),
        "level": finding.level,
        "rule": finding.rule,
        "category": ", ".join(finding.data),
        "entry": entry(finding),
        "words": finding.source.text[slice(*finding.span)],
        "message": say(finding.message),
        "because": ", ".join(finding.because),
        "instead": finding.way_out(say),
        "path": way(finding, say),
        "language": finding.language,
        "new": say(finding.since),
        "fingerprint": finding.fingerprint,
    }


def _kept(kept: Kept, say: Say) -> dict[str, str]:
    """A finding that an exception keeps, with where that is written in the place of the rule's reasons; its words are
    in no report.
    """
    row = _finding(kept.finding, say)
    return {**row, "level": "kept", "because": f"{kept.path}:{kept.line}", "words": "", "instead": "", "new": ""}


def _broken(unread: Unread, say: Say) -> dict[str, str]:
    place = _place(unread.line, unread.column, unread.cell) if unread.line else {}
    message = f"{say('cannot read')}: {say(unread.reason)}"
    return {"file": unread.path, **place, "level": "error", "rule": "cannot-read", "message": message}


def _place(line: int, column: int, cell: str) -> dict[str, str]:
    """Of a spreadsheet only the cell says anything."""
    return {"cell": cell} if cell else {"line": str(line), "column": str(column)}


def _cells(row: Mapping[str, str]) -> dict[str, str]:
    """Each on one line and without controls; none can begin a formula."""
    return {name: _FORMULA.sub(r"\1'", visible(value)) for name, value in row.items()}
