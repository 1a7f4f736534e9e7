"""``neverask graph``: the flows of a file or a folder as a drawing, the findings marked."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from .options import named, output_option, policy_to_use, words
from .refusing import refusals
from .speaking import in_language, language
from .telling import fail, nothing_in, tell
from .writing import put_out, spare

if TYPE_CHECKING:
    from ..drawing import Drawing
    from ..finding import Finding
    from ..messages import Say
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
    """What is to be drawn of a path: its flows, or (``ways``) the way to each finding, or to those ``at`` some places,
    or to the steps of those names.
    """

    path: str
    policy: str | None
    ways: bool
    at: tuple[str, ...]


@click.command(short_help="Draw the flows of a file, with the findings marked.")
@click.argument("path", metavar="PATH", type=click.Path(exists=True))
@policy_to_use
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
    callback=named,
    multiple=True,
    metavar="LINE|NODE",
    help="Like --path, for what is on this line, or in the node of this id or name; may be given several times.",
)
@output_option("Write the graph to this file.")
@in_language
def graph(
    path: str, policy: str | None, form: str | None, paths: bool, at: tuple[str, ...], output: str | None
) -> None:
    """Draw the flows of a file or a folder: what they ask, take and say, with the findings of 'check' marked."""
    form = form or _form_of(output or "")
    with refusals():
        drawings, notes, read, is_whole = _drawings(_Wanted(path, policy, paths or bool(at), tuple(dict.fromkeys(at))))
    spare([output] if output else [], read)
    for note in notes:
        tell(note)
    if drawings:
        put_out(_text(drawings, form), output)
    sys.exit(0 if drawings and is_whole else 2)


def _form_of(output: str) -> str:
    """How to draw into a file, by the ending of its name."""
    form = _DRAWN.get(os.path.splitext(output)[1].lower())
    if form is None:
        fail(f"can't draw '{output}' by its ending: write .mmd, .dot or .svg, or name a --format")
    return form


def _drawings(wanted: _Wanted) -> tuple[list[Drawing], list[str], list[str], bool]:
    """What is to be drawn, what there is to say about it, which files were read, and whether all could be."""
    from ..engine import check
    from ..graph import MOST_WAYS
    from ..in_force import Policies
    from ..report import Report
    from ..reporters.grouping import grouped
    from ..rules.context import Context
    from ..seen import conversations_in

    report = Report()
    judged = grouped(check([wanted.path], wanted.policy, cached=True).findings)  # what is red here, ``check`` finds
    found = list(conversations_in(wanted.path, report, Policies(wanted.policy)))
    seen = _Seen([], [], [], {}, set())
    for file, of, conversation in found:
        own = {document.source.path for document in conversation.documents}
        context = Context(conversation, of, file, thorough=True)
        _see(context, [finding for finding in judged if finding.source.path in own], wanted, seen)
    drawings = seen.drawings
    notes = [f"{unread.where}: {unread.reason}" for unread in report.unread]
    if wanted.ways and len(drawings) > MOST_WAYS:
        left = len(drawings) - MOST_WAYS
        ways = "the way to 1 more finding is" if left == 1 else f"the ways to {left} more findings are"
        notes.append(f"{ways} not drawn; --at names one")
        drawings = drawings[:MOST_WAYS]
    has_flows = any(conversation.flows for _, _, conversation in found)
    missing = [at for at in wanted.at if at not in seen.met]
    if found and (missing or not drawings):
        notes += (_why_nothing(has_flows, seen, wanted.path, at) for at in (missing if has_flows and missing else [""]))
    elif seen.aside and not wanted.at:
        notes.append(_not_in_a_flow(seen.aside))
    elif not found and not notes:
        notes.append(nothing_in(wanted.path))
    read = [document.source.file for _, _, conversation in found for document in conversation.documents]
    policies = [source.path for _, of, _ in found for source in of.files]
    return drawings, notes, [wanted.path, *read, *policies], not report.errors


class _Seen(NamedTuple):
    """What was drawn so far.

    ``places`` are those of the findings in flows, ``aside`` those of the ones that stand in none, of conversations with
    flows; ``texts`` the places in no flow that are called as was asked for, ``met`` what was asked for and is drawn.
    """

    drawings: list[Drawing]
    places: list[str]
    aside: list[str]
    texts: dict[str, list[str]]
    met: set[str]


def _see(context: Context, findings: list[Finding], wanted: _Wanted, seen: _Seen) -> None:
    """Draw one conversation."""
    from .. import graph as graphs
    from ..messages import speaker

    in_flow = [finding for finding in findings if finding.flow >= 0]
    seen.places.extend(dict.fromkeys(_place(context, finding) for finding in in_flow))
    if context.conversation.flows:
        of_texts = [finding for finding in findings if not finding.rule.endswith("-exception")]
        seen.aside.extend(_place(context, finding) for finding in of_texts if finding.flow < 0)
    say, drawn = speaker(language()), len(seen.drawings)
    if not wanted.ways:
        seen.drawings.extend(graphs.draw(context, in_flow, say, drawn))
    elif not wanted.at:
        seen.drawings.extend(graphs.draw_paths(context, in_flow, say, drawn))
    for at in wanted.at:
        if found := _drawn_at(context, in_flow, at, say, len(seen.drawings)):
            seen.drawings.extend(found)
            seen.met.add(at)
        else:
            seen.texts.setdefault(at, []).extend(graphs.texts_at(context, at))


def _drawn_at(context: Context, findings: list[Finding], at: str, say: Say, drawn: int) -> list[Drawing]:
    """The ways to a place: to findings there, else to a step; of a line first in the file that was named."""
    from .. import graph as graphs

    for here in (True, False):
        if some := graphs.at(context, findings, at, here):
            return graphs.draw_paths(context, some, say, drawn)
        if steps := graphs.steps_at(context, at, here):
            return graphs.draw_ways(context, steps, say, drawn)
    return []


def _place(context: Context, finding: Finding) -> str:
    """Where a finding is, by its line and the name of its step or entry."""
    from .. import graph as graphs

    where = graphs.places(context, finding)[0]
    return f"{where} ({finding.entry})" if finding.entry and not finding.entry.startswith("[") else where


def _not_in_a_flow(places: list[str]) -> str:
    """That the drawing does not show some findings."""
    one = "1 finding of 'neverask check' stands in no step of a flow, so it is not in the drawing"
    several = f"{len(places)} findings of 'neverask check' stand in no step of a flow, so they are not in the drawing"
    return f"{one if len(places) == 1 else several}: {_some(places)}"


def _some(places: list[str]) -> str:
    return ", ".join(places[:_NAMED]) + (" ..." if places[_NAMED:] else "")


def _why_nothing(flows: bool, seen: _Seen, path: str, at: str) -> str:
    """Why there is nothing to draw in what was read, ``at`` a place or of all."""
    if not flows:
        return (
            f"{path}: these are replies without a flow: there is no graph to draw; 'neverask check' says what is found "
            "in them; a flow that no reader knows can be written down (docs/flow-format.md)"
        )
    if texts := seen.texts.get(at):
        return (
            f"{path}: '{at}' is a text in no flow ({_some(texts)}): no way leads there, so there is none to draw; "
            "'neverask check' says what is found in it"
        )
    if at and seen.places:
        return f"{path}: there is no finding at '{at}' and no step is called so; there are at {_some(seen.places)}"
    if at:
        return f"{path}: there is no finding, and no step is called '{at}'"
    if seen.aside:
        return f"{path}: no finding is in a flow, so there is no way to one: {_some(seen.aside)}"
    return f"{path}: there is no finding, so no way to one; without --path the whole flow is drawn"


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
