"""The man page, made of what the commands say of themselves, so that it can't be out of date."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

_AFTER = """\
.SH "WHICH POLICY HOLDS"
The policy named by \\fB\\-\\-policy\\fR (a file, or a bundled one by its name) holds for every file.
Without it the nearest
.I neverask.yaml
counts, from the folder of the checked file upwards to the root of the git repository; where there is none, the bundled
policy whatsapp. With \\fB\\-\\-staged\\fR and \\fB\\-\\-diff\\fR policies inside the repository are
those of the index and of each revision.
.SH "EXIT STATUS"
.TP
.B 0
Nothing was found.
.TP
.B 1
There are findings.
.TP
.B 2
The job could not be done: a file or policy can't be read, or nothing could be checked.
.SH ENVIRONMENT
.TP
.B LC_ALL, LC_MESSAGES, LANG
The language of what is told, in this order, unless \\fB\\-\\-lang\\fR says otherwise.
.TP
.B NEVERASK_CACHE
The folder of compiled grammars and of results of earlier runs.
.TP
.B NO_COLOR
If it is set, no colours.
.SH FILES
.TP
.I neverask.yaml
The policy of a folder and of those below it.
.TP
.I .neverask\\-baseline.json
What 'neverask baseline' writes.
"""


def page(main: click.Group, version: str) -> str:
    """The man page in roff."""
    context = click.Context(main, info_name="neverask")
    lines = [
        f'.TH NEVERASK 1 "" "neverask {_escaped(version)}" "User Commands"',
        ".SH NAME",
        f"neverask \\- {_escaped(main.get_short_help_str(200).rstrip('.'))}",
        ".SH SYNOPSIS",
        ".B neverask",
        "\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...",
        ".SH DESCRIPTION",
        *_prose(main.help or ""),
        ".SH COMMANDS",
    ]
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is not None:
            lines += _command(command, context, name)
    return "\n".join(lines) + "\n" + _AFTER


def _command(command: click.Command, above: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=above)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f'.SS "{_escaped(context.command_path)} {_escaped(usage)}"'
    yield from _prose(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1] and "--help" not in parameter.opts:
            yield ".TP"
            yield f"\\fB{_escaped(record[0])}\\fR"
            yield _escaped(record[1])
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _command(found, context, inner)


def _prose(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Plain text in roff: a backslash, a hyphen, and a line that begins as a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return "\\&" + text if text[:1] in (".", "'") else text
