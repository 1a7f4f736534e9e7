"""``neverask graph``: the flows of a file or a folder as a drawing, the findings marked."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from .holding import inside
from .options import words
from .refusing import refusals
from .speaking import in_language, language
from .telling import fail, nothing_in, tell
from .writing import put_out, spare

if TYPE_CHECKING:
    from ..drawing import Drawing
    from ..finding import Finding
    from ..rules.context import Context

_DRAWN = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    **dict.fromkeys(("", ".mmd", ".mermaid", ".md", ".txt"), "mermaid"),
}
"""How to draw into a file of a name."""
_NAMED = 8  # places of findings that are named


class _Wanted(NamedTuple):
    """What is to be drawn of a path: its flows, or (``ways``) the way to each finding, or to those ``at`` a place,
    or to the step of that name.
    """

    path: str
    policy: str | None
    ways: bool
    at: str


@click.command(short_help="Draw the flows of a file, with the findings marked.")
@click.argument("path", metavar="FILE", type=click.Path(exists=True))
@click.option("--policy", metavar="FILE|NAME", help="Use this policy for what is a finding.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "svg"]),
    help="How to draw (default: by the ending of --output, else mermaid).",
)
@click.option("--path", "paths", is_flag=True, help="Draw the shortest way to each finding alone.")
@click.option(
    "--at",
    type=words,
    metavar="LINE|NODE",
    help="Like --path, for what is on this line, or in the node of this id or name.",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write the graph to this file.")
@in_language
def graph(path: str, policy: str | None, form: str | None, paths: bool, at: str | None, output: str | None) -> None:
    """Draw the flows of a file or a folder: what they ask, take and say, with the findings marked."""
    form = form or _form_of(output or "")
    with refusals():
        drawings, notes, read = _drawings(_Wanted(path, policy, paths or at is not None, at or ""))
    spare([output] if output else [], read)
    for note in notes:
        tell(note)
    if not drawings:
        sys.exit(2)
    put_out(_text(drawings, form), output)


def _form_of(output: str) -> str:
    """How to draw into a file, by the ending of its name."""
    form = _DRAWN.get(os.path.splitext(output)[1].lower())
    if form is None:
        fail(f"can't draw '{output}' by its ending: write .mmd, .dot or .svg, or name a --format")
    return form


def _drawings(wanted: _Wanted) -> tuple[list[Drawing], list[str], list[str]]:
    """What is to be drawn, what there is to say about it, and which files were read."""
    from ..engine import Policies, Report, conversations_in
    from ..graph import MOST_WAYS
    from ..rules.context import Context

    report = Report()
    of = Policies(wanted.policy).of(inside(wanted.path))
    found = list(conversations_in(wanted.path, report))
    drawings: list[Drawing] = []
    places: list[str] = []
    for file, conversation in found:
        drawn, seen = _of_one(Context(conversation, of, file, thorough=True), wanted)
        drawings += drawn
        places += seen
    notes = [f"{unread.where}: {unread.reason}" for unread in report.unread]
    if wanted.ways and len(drawings) > MOST_WAYS:
        left = len(drawings) - MOST_WAYS
        ways = "the way to 1 more finding is" if left == 1 else f"the ways to {left} more findings are"
        notes.append(f"{ways} not drawn; --at names one")
        drawings = drawings[:MOST_WAYS]
    if found and not drawings:
        notes.append(_why_nothing(any(conversation.flows for _, conversation in found), places, wanted))
    elif not found and not notes:
        notes.append(nothing_in(wanted.path))
    read = [document.source.file for _, conversation in found for document in conversation.documents]
    return drawings, notes, [wanted.path, *read, *(source.path for source in of.files)]


def _of_one(context: Context, wanted: _Wanted) -> tuple[list[Drawing], list[str]]:
    """The drawings of one conversation, and where its findings are."""
    from .. import graph as graphs
    from ..messages import speaker

    if not context.conversation.flows:
        return [], []
    findings = _findings(context)
    places = [_place(context, finding) for finding in findings]
    say = speaker(language())
    if not wanted.ways:
        return graphs.draw(context, findings, say), places
    some = graphs.at(context, findings, wanted.at) if wanted.at else findings
    if wanted.at and not some:
        return graphs.draw_ways(context, graphs.steps_at(context, wanted.at), say), places
    return graphs.draw_paths(context, some, say), places


def _place(context: Context, finding: Finding) -> str:
    """Where a finding is, by its line and the name of its step or entry."""
    from .. import graph as graphs

    where = graphs.places(context, finding)[0]
    return f"{where} ({finding.entry})" if finding.entry and not finding.entry.startswith("[") else where


def _findings(context: Context) -> list[Finding]:
    from ..reporters.grouping import grouped
    from ..rules import check

    rules = [rule for rule in context.policy.rules if rule.level != "off"]
    return grouped([finding for rule in rules for finding in check(context, rule)])


def _why_nothing(flows: bool, places: list[str], wanted: _Wanted) -> str:
    """Why there is nothing to draw in what was read; ``places`` are those of the findings that there are."""
    if not flows:
        return (
            f"{wanted.path}: these are replies without a flow: there is no graph to draw; "
            "a flow that no reader knows can be written down (docs/flow-format.md)"
        )
    if wanted.at and places:
        there = ", ".join(places[:_NAMED]) + (" ..." if places[_NAMED:] else "")
        return f"{wanted.path}: there is no finding at '{wanted.at}' and no step is called so; there are at {there}"
    if wanted.at:
        return f"{wanted.path}: there is no finding, and no step is called '{wanted.at}'"
    return f"{wanted.path}: there is no finding, so no way to one; without --path the whole flow is drawn"


def _text(drawings: list[Drawing], form: str) -> str:
    from ..drawing import dot, mermaid

    if form == "mermaid":
        return mermaid(drawings)
    return _svg(dot(drawings)) if form == "svg" else dot(drawings)


def _svg(text: str) -> str:
    """What Graphviz draws of its own language."""
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        fail("--format svg needs Graphviz, whose program 'dot' is not here; --format dot and mermaid need nothing")
    try:
        run = subprocess.run([program, "-Tsvg"], input=text.encode(), capture_output=True, timeout=120, check=True)
        return run.stdout.decode("utf-8")
    except subprocess.TimeoutExpired:
        fail("Graphviz did not finish within two minutes; --path draws less")
    except (OSError, UnicodeError, subprocess.CalledProcessError) as error:
        fail(f"Graphviz could not draw this: {error}")
