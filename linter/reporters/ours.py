"""Whether a file is a report that neverask wrote: reports in a folder that is checked are no unknown files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from .. import resources
from ..documents import Document, Table
from ..documents.xmltext import Element
from ..messages import LANGUAGES, catalogue

GENERATOR = '<meta name="generator" content="neverask">'
"""What says in an HTML page that it is a report."""
COLUMNS = (
    "file", "line", "column", "cell", "level", "rule", "category", "entry", "words", "message", "because", "instead",
    "path", "language", "new", "fingerprint",
)  # fmt: skip
"""The heads of the table of findings, by which it is known again."""
_HEAD = 1000  # characters at the beginning of a page, in which that stands
_TAIL = 2000  # characters at the end of a report for people, in which its last line stands
_COUNTS = frozenset({"files", "messages", "rules", "without_pack", "unread"})
_LISTED = frozenset({"check_name", "fingerprint", "severity", "location", "description"})
_PRINTED = re.compile(r"\*[^*\n]+ neverask [^\n]+\*")
_COUNTED = re.compile(r"(?:\D*\d){3}.*; ")
"""What every line of counts begins with, so that catalogues are seldom opened. It says in one way only which digits it
means: the last line of a file may be digits alone."""


def is_ours(document: Document) -> bool:
    """Whether a document is a report, a briefing or a baseline of neverask's, in any of its formats."""
    value, text = document.value, document.source.text
    if isinstance(value, dict):
        return _is_report(value) or _is_sarif(value) or "neverask-baseline" in value
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) and one.keys() == _LISTED for one in value)
    if isinstance(value, Table):
        return bool(value.rows) and tuple(value.rows[0]) == COLUMNS
    if isinstance(value, Element):
        return value.tag == "testsuites" and value.attributes.get("name") == "neverask"
    return GENERATOR in text[:_HEAD] or _is_for_people(text) or _is_for_github(text) or _is_briefing(text)


def _is_briefing(text: str) -> bool:
    """Whether a page ends as the briefing for the staff does, which says what not to ask and may lie beside replies."""
    last = text[-_TAIL:].rstrip().rpartition("\n")[2]
    return _PRINTED.fullmatch(last) is not None and any(pattern.fullmatch(last[1:-1]) for pattern in _printed())


@cache
def _printed() -> list[re.Pattern[str]]:
    """The last line of a briefing, in every language."""
    import yaml  # few pages end so

    every = (yaml.safe_load(resources.policy(f"briefs/{language}.yaml"))["printed"] for language in resources.briefs())
    return [re.compile(".+".join(map(re.escape, said.split("{files}")))) for said in every]


def _is_report(value: dict[Any, Any]) -> bool:
    if value.keys() != {"version", "findings", "summary"}:
        return False
    summary = value["summary"]
    return isinstance(summary, dict) and summary.keys() >= _COUNTS


def _is_sarif(value: dict[Any, Any]) -> bool:
    return value.get("version") == "2.1.0" and list(_drivers(value)) == ["neverask"]


def _drivers(value: dict[Any, Any]) -> Iterator[object]:
    """The names of the tools whose runs a SARIF file holds."""
    runs = value.get("runs")
    for run in runs if isinstance(runs, list) else ():
        tool = run.get("tool") if isinstance(run, dict) else None
        driver = tool.get("driver") if isinstance(tool, dict) else None
        yield driver.get("name") if isinstance(driver, dict) else None


def _is_for_people(text: str) -> bool:
    """Whether a text ends as the report for people does, or begins as that in Markdown does."""
    last = text[-_TAIL:].rstrip().rpartition("\n")[2]
    head = text[:_TAIL].split("\n", 3)
    if head[0] == "## neverask" and len(head) > 2:
        last = head[2]
    return _COUNTED.match(last) is not None and any(pattern.search(last) for pattern in _counts())


@cache
def _counts() -> list[re.Pattern[str]]:
    """The line that says how much was checked, in every language."""
    every = (catalogue(language)["sentences"]["checked"] for language in LANGUAGES)
    return [re.compile(r".{1,80}".join(map(re.escape, re.split(r"\{\w+\}", said)))) for said in every]


def _is_for_github(text: str) -> bool:
    lines = text.splitlines()
    return bool(lines) and all(line.startswith("::") and "title=neverask" in line for line in lines)
