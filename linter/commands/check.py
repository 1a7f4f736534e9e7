"""``neverask check``: its options; what was said the last time is said again, else there is a run."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from .asked import FORMATS, Asked
from .earlier import as_of_option, day_of
from .options import Once, day_option, file_named, named, output_option, paths_to_check, policy_to_use
from .speaking import asked_language, in_language
from .telling import fail, say_beside
from .writing import put_out, spare

if TYPE_CHECKING:
    from ..again import Memory, Said


_BY_ENDING = {".csv": "csv", ".html": "html", ".json": "json", ".md": "markdown", ".sarif": "sarif", ".xml": "junit"}


def _format(given: dict[str, object]) -> str:
    """How to report where no option says so: as the file is called, else for where it runs.

    What GitHub marks in a change is what a job prints, not what it writes into a file.
    """
    if given["output"]:
        return _BY_ENDING.get(os.path.splitext(str(given["output"]))[1].lower(), "text")
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _also(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for value in values:
        name, _, path = value.partition("=")
        if name not in FORMATS or not path:
            raise click.BadParameter(f"'{value}' is not FORMAT=FILE; formats: {', '.join(FORMATS)}", ctx, param)
        if any(_is_one(path, other) for _, other in found):
            raise click.BadParameter(f"two reports can't go into one file, '{path}'", ctx, param)
        found.append((name, str(file_named(ctx, param, path))))
    return found


def _is_one(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


@click.command()
@paths_to_check
@policy_to_use
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="How to report (default: as the file of --output ends, without one github under GitHub Actions, else text).",
)
@output_option("Write the report to this file.")
@click.option(
    "--also",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_also,
    help="Write a further report of the same run: --also sarif=report.sarif --also html=report.html.",
)
@day_option("Judge exceptions as on this day, and put it on the report (default: today).")
@click.option(
    "--strict",
    is_flag=True,
    help="What was not checked is an error: unknown files, places in a file, texts in unknown languages.",
)
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="List the files that were not checked and the texts that are not in the files.",
)
@click.option(
    "--quiet",
    "-q",
    is_flag=True,
    help="With --output: say nothing on the screen, where one line would tell what the report says.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Show N findings in the text report, errors first, and count the others by rule (default: show all).",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours in the text report.",
)
@click.option(
    "--baseline",
    "known",
    multiple=True,
    type=click.Path(dir_okay=False),
    callback=named,
    help="Report only what is not in this baseline ('neverask baseline' writes one); may be given several times.",
)
@click.option(
    "--diff",
    "base",
    cls=Once,
    metavar="BASE[...HEAD]",
    callback=named,
    help="Report only what a change added: git revisions, or the files as they stand against BASE.",
)
@as_of_option("Check what git has of then, by the policy and the exceptions of then: what was so on a day.")
@click.option("--staged", is_flag=True, help="Check what will be committed: git's index in place of the files.")
@click.option("--fix", is_flag=True, help="Mend what can be mended: the policy's wording in place of the request.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the change as a diff and write nothing.")
@in_language
@click.option("--warnings-ok", is_flag=True, help="Warnings alone leave the exit status at 0.")
@click.option(
    "--allow-nothing",
    is_flag=True,
    help="It is no error if no file is recognised: for hooks, which get whatever was changed.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes read and judge (default: one for little text, else one for each processor).",
)
@click.option("--no-cache", is_flag=True, help="Use no results of earlier runs, and keep none.")
def check(**given: object) -> None:
    """Check files and folders (default: this folder).

    Exit status: 0 nothing was found, 1 there are findings, 2 the job could not be done: a file or the policy can't be
    read, or no file is one that neverask reads.
    """
    import gc

    gc.set_threshold(100_000, 20, 100)  # a library is very many small objects, none of which is garbage
    asked = Asked({**given, "form": given["form"] or _format(given)})
    if asked.dry_run and not asked.fix:
        fail("--dry-run shows what --fix would write, and belongs to it: --fix --dry-run")
    if asked.dry_run and (asked.targets or given["form"]):
        fail("--dry-run shows a diff and writes no report: leave out --output, --also and --format")
    if asked.fix and asked.staged:
        fail("--fix mends the files as they stand, --staged reads what is staged: mend first, then stage")
    if asked.as_of is not None:
        if asked.staged or asked.base or asked.fix:
            fail("--as-of reads what was committed once: leave out --staged, --diff and --fix")
        asked.day = day_of(asked.as_of, asked.day)
    if asked.output and any(_is_one(path, asked.output) for _, path in asked.also):
        fail(f"two reports can't go into one file, '{asked.output}'")
    if asked.limit is not None and asked.form != "text" and (given["form"] or asked.output):
        fail(f"--limit shortens the text report for who reads it; leave it out for {asked.form}")
    spare(asked.targets, [*asked.paths, *asked.known, *filter(None, (asked.policy,))])
    memory = _memory(asked) if asked.simple else None
    said = memory.recall() if memory is not None else None
    if said is not None:
        _say_again(said, asked)
    else:
        from .running import run

        said = run(asked, memory)
    sys.exit(said.status)


def _memory(asked: Asked) -> Memory:
    """What was said the last time that the same was asked."""
    from ..again import Memory

    flags = (
        asked.painted,
        asked.strict,
        asked.verbose,
        asked.quiet,
        asked.limit,
        asked.warnings_ok,
        asked.allow_nothing,
        os.path.realpath(asked.output) if asked.output else "",
        sys.stdout.isatty(),
    )
    words = [asked.form, asked_language(), repr(flags)]
    return Memory(asked.where, asked.day.isoformat(), asked.policy, words)


def _say_again(said: Said, asked: Asked) -> None:
    say_beside(said.before)
    put_out(said.report, asked.output, asked.painted)
    say_beside(said.after)
