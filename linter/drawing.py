"""A drawing of boxes and arrows as Mermaid or DOT. Whatever stands in a box, it stays inside: nothing is markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MARKS = ("entry", "ask", "capture", "disclaimer", "finding", "unreachable", "left")
_FILLS = {
    "entry": ("#dbeafe", "#1d4ed8"),
    "ask": ("#fef3c7", "#b45309"),
    "capture": ("#fef3c7", "#b45309"),
    "disclaimer": ("#dcfce7", "#15803d"),
    "finding": ("#fee2e2", "#b91c1c"),
    "unreachable": ("#f3f4f6", "#6b7280"),
    "left": ("#ffffff", "#6b7280"),
}
_NOT_SAFE = re.compile(r"[^\w ,!?()'“”‘’…▶✓✗→⇥∅.:/-]|(?<!\w)[_.:/-]|^\d+")


@dataclass(frozen=True)
class Box:
    """``lines`` are what is written in it, ``mark`` is one of MARKS or "" and decides the colour only."""

    key: str
    lines: tuple[str, ...]
    mark: str = ""


@dataclass(frozen=True)
class Arrow:
    """From one box to another, by their keys. ``broken``: a call, or a stretch that is not drawn."""

    start: str
    end: str
    label: str = ""
    broken: bool = False


@dataclass(frozen=True)
class Drawing:
    """Boxes of one flow under its name, and what is said below it."""

    name: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    notes: Sequence[str] = ()


def mermaid(drawings: Sequence[Drawing]) -> str:
    """A flowchart for Mermaid, as GitHub and GitLab draw it in Markdown."""
    lines = ["flowchart TD"]
    for number, drawing in enumerate(drawings):
        lines.append(f'  subgraph g{number}["{_mermaid(drawing.name)}"]')
        for box in drawing.boxes:
            text = "<br/>".join(_mermaid(line) for line in box.lines)
            opens, closes = ("([", "])") if box.mark == "entry" else ("[", "]")
            lines.append(f'    {box.key}{opens}"{text}"{closes}' + (f":::{box.mark}" if box.mark else ""))
        for at, note in enumerate(drawing.notes):
            lines.append(f'    g{number}x{at}["{_mermaid(note)}"]:::left')
        lines.append("  end")
        for arrow in drawing.arrows:
            line = "-.->" if arrow.broken else "-->"
            label = f'|"{_mermaid(arrow.label)}"|' if arrow.label else ""
            lines.append(f"  {arrow.start} {line}{label} {arrow.end}")
    used = {box.mark for drawing in drawings for box in drawing.boxes} | {"left"}
    for mark in MARKS:
        if mark in used:
            fill, line = _FILLS[mark]
            lines.append(f"  classDef {mark} fill:{fill},stroke:{line},color:#111827")
    return "\n".join(lines) + "\n"


def dot(drawings: Sequence[Drawing]) -> str:
    """A directed graph for Graphviz."""
    lines = [
        "digraph neverask {",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica", fontsize=11];',
        '  edge [fontname="Helvetica", fontsize=9];',
    ]
    for number, drawing in enumerate(drawings):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f'    label="{_dot(drawing.name)}";')
        for box in drawing.boxes:
            lines.append(f'    {box.key} [label="{_lines(box.lines)}"{_colours(box.mark)}];')
        for at, note in enumerate(drawing.notes):
            lines.append(f'    g{number}x{at} [label="{_lines((note,))}"{_colours("left")}];')
        lines.append("  }")
        for arrow in drawing.arrows:
            said = [f'label="{_dot(arrow.label)}"'] if arrow.label else []
            said += ["style=dashed"] if arrow.broken else []
            lines.append(f"  {arrow.start} -> {arrow.end}" + (f" [{', '.join(said)}]" if said else "") + ";")
    return "\n".join(lines) + "\n}\n"


def _colours(mark: str) -> str:
    if not mark:
        return ""
    fill, line = _FILLS[mark]
    dashed = ', style="rounded,filled,dashed"' if mark in ("unreachable", "left") else ""
    return f', fillcolor="{fill}", color="{line}"{dashed}'


def _mermaid(text: str) -> str:
    """Every character that could mean something, in Markdown too, by its number."""
    plain = _one_line(text).strip() or "\N{NO-BREAK SPACE}"  # an empty label is a mistake of syntax
    return _NOT_SAFE.sub(lambda match: "".join(f"#{ord(character)};" for character in match.group()), plain)


def _dot(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace('"', '\\"')


def _lines(lines: Sequence[str]) -> str:
    return "\\n".join(_dot(line) for line in lines)


def _one_line(text: str) -> str:
    """Without line ends, controls and halves of characters, which no file could hold."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
