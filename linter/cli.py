"""The command line: commands, options, exit status. The only place that prints and exits.

Exit status: 0 nothing found, 1 findings, 2 the job could not be done.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from . import __version__


class _Group(click.Group):
    """Commands are imported when they are used: a hook that runs on every commit has no time to lose."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Who stops it with Ctrl-C gets the status that shells know for that."""
        for stream in (sys.stdout, sys.stderr):
            # The same bytes whatever the locale, and nothing that can't be written.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            sys.exit(130)
        except BrokenPipeError:
            raise  # click ends quietly when nobody reads on
        except OSError as error:
            where = f"{error.filename}: " if error.filename else "can't write the output: "
            _give_up(f"{where}{error.strerror or error}")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _COMMANDS.get(cmd_name)


@click.command(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="neverask")
def main() -> None:
    """Check what a company is about to say to its customers.

    neverask reads reply libraries and chatbot flows and reports where they ask a customer for data that must
    not be asked for over WhatsApp or another chat channel.
    """


def _fail(message: str) -> None:
    from .reporters.text import visible_lines

    click.echo(visible_lines(message), err=True)
    sys.exit(2)


def _give_up(message: str) -> None:
    """End with status 2 though what was to be written is still in the buffer and can't be flushed."""
    try:
        click.echo(message, err=True)
    finally:
        os._exit(2)


def _color(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--policy", "policy", metavar="FILE|NAME", help="Use this policy: a file, or a bundled one by name.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    help="How to report; github by itself under GitHub Actions.",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write the report to this file.")
@click.option(
    "--strict",
    is_flag=True,
    help="Files that no reader recognises and texts in unknown languages are errors.",
)
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="List the files that were not checked and the texts that are not in the files.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours in the text report.",
)
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
    help="How many processes read the files (default: one for few files, else one for each processor).",
)
@click.option("--no-cache", is_flag=True, help="Use no results of earlier runs, and keep none.")
def check(
    paths: tuple[str, ...],
    policy: str | None,
    form: str | None,
    output: str | None,
    strict: bool,
    verbose: bool,
    color: str,
    warnings_ok: bool,
    allow_nothing: bool,
    jobs: int | None,
    no_cache: bool,
) -> None:
    """Check files and folders (default: this folder)."""
    from .engine import check as run
    from .policy.errors import PolicyError
    from .source import SourceError

    if form is None:
        form = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    progress, finish = _progress()
    try:
        report = run(paths or (".",), policy, progress=progress, jobs=jobs or 0, cached=not no_cache)
    except PolicyError as error:
        finish()
        _fail(_problems(error))
        return
    except SourceError as error:
        finish()
        _fail(_source_error(error))
        return
    finish()
    for of in report.policies:
        if len(of.files) and of.files[-1].path.endswith("(bundled)") and policy is None:
            click.echo(
                "no neverask.yaml found from the checked files up to the repository's root: using the "
                f"bundled policy '{of.name.split()[0]}'",
                err=True,
            )
    if report.policy_files and not report.files:
        click.echo("the policy has no mistakes; no other file was checked", err=True)
    from .reporters import by_name

    painted = form == "text" and _color(color) and output is None
    text = by_name(form).render(report.findings, _summary(report, painted, verbose))
    if output:
        _write(output, text)
    else:
        click.echo(text, nl=False, color=painted)
    sys.exit(_status(report, strict, warnings_ok, allow_nothing))


def _status(report: Any, strict: bool, warnings_ok: bool, allow_nothing: bool) -> int:
    if report.errors:
        return 2
    if strict and (any(not unread.error for unread in report.unread) or report.untold):
        click.echo(
            "--strict: there are files that no reader recognises, or texts in a language without a pack "
            "(--verbose lists the files)",
            err=True,
        )
        return 2
    if not report.files and not report.policy_files and not allow_nothing:
        click.echo(
            "nothing could be checked: no reader recognises any of these files. 'neverask show FILE' says "
            "what a reader sees; 'sources:' in neverask.yaml can name where the texts stand.",
            err=True,
        )
        return 2
    found = [finding for finding in report.findings if finding.level == "error" or not warnings_ok]
    return 1 if found else 0


def _write(path: str, text: str) -> None:
    """A file is written whole or stays what it was; a device or a pipe is written to."""
    path = os.path.realpath(path)
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        else:
            _replace(path, text)
    except OSError as error:
        _fail(f"{path}: can't write the report: {error.strerror}")


def _replace(path: str, text: str) -> None:
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".neverask-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _progress() -> tuple[Any, Any]:
    if not sys.stderr.isatty():
        return (lambda done, total: None), (lambda: None)
    state: dict[str, Any] = {"bar": None, "at": 0}

    def step(done: int, total: int) -> None:
        if total < 50:
            return
        if state["bar"] is None:
            bar = click.progressbar(length=total, label="checking", file=sys.stderr)
            state["bar"] = bar.__enter__()
        state["bar"].update(done - state["at"])
        state["at"] = done

    def finish() -> None:
        if state["bar"] is not None:
            state["bar"].__exit__(None, None, None)

    return step, finish


def _summary(report: Any, color: bool, verbose: bool) -> Any:
    from .reporters.summary import RuleNote, Summary, Unread

    notes = {}
    for policy in report.policies:
        for rule in policy.rules:
            sources = tuple(f"{name}: {policy.cited[name]}" for name in rule.because if name in policy.cited)
            instead = rule.instead.get("en") or next(iter(rule.instead.values()), "")
            notes[rule.name] = RuleNote(rule.name, rule.sentence.text, rule.level, rule.because, sources, instead)
    return Summary(
        files=report.files,
        messages=report.messages,
        rules=len(report.rules),
        languages=sorted(report.languages.items(), key=lambda pair: (-pair[1], pair[0])),
        untold=report.untold,
        unread=[Unread(*unread) for unread in report.unread],
        unseen=[
            (unseen.path, f"{unseen.name}: {unseen.reason}" if unseen.name else unseen.reason)
            for unseen in report.unseen
        ],
        policies=[policy.name for policy in report.policies],
        notes=list(notes.values()),
        version=__version__,
        color=color,
        verbose=verbose,
    )


def _problems(error: Any) -> str:
    """A policy's mistakes, each with its line, a caret and what was probably meant."""
    from .finding import Finding
    from .reporters.text import excerpt, visible

    blocks = []
    for problem in error.problems:
        place = problem.source.position(problem.span.start)
        lines = [f"{visible(problem.source.path)}:{place.line}:{place.column}: {visible(problem.message)}"]
        lines += [
            f"  {line}" for line in excerpt(Finding("policy", "error", problem.message, problem.source, problem.span))
        ]
        if problem.hint:
            lines.append(f"  {visible(problem.hint)}")
        blocks.append("\n".join(lines))
    blocks.append("the policy has mistakes: nothing was checked")
    return "\n\n".join(blocks)


def _source_error(error: Any) -> str:
    place = f":{error.position.line}:{error.position.column}" if error.position else ""
    from .reporters.text import visible

    return f"{visible(error.path)}{place}: {visible(error.reason)}"


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False))
@click.option("--policy", metavar="FILE|NAME", help="Use this policy for the channels.")
def show(path: str, policy: str | None) -> None:
    """Print what the reader saw in a file: messages, channels, languages, captures, places."""
    from .engine import Policies, Report, conversations
    from .policy.errors import PolicyError
    from .reporters.text import visible
    from .rules.context import Context
    from .show import render
    from .source import SourceError

    report = Report()
    try:
        found = conversations(path, report)
        of = Policies(policy).of(path)
    except PolicyError as error:
        _fail(_problems(error))
        return
    except SourceError as error:
        _fail(_source_error(error))
        return
    for conversation in found:
        click.echo(render(Context(conversation, of, path, thorough=True)), nl=False)
    for unread in report.unread:
        place = f":{unread.line}:{unread.column}" if unread.line else ""
        click.echo(f"{visible(unread.path)}{place}: {visible(unread.reason)}", err=True)
    sys.exit(0 if found else 2)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--lang", help="The language of the text (default: found from the text).")
def inspect(text: tuple[str, ...], lang: str | None) -> None:
    """Explain what a sentence asks for and why.

    Without a sentence on a terminal's command line, reads JSON lines {"id", "lang", "text"} from standard
    input and writes the acts of each as a JSON line.
    """
    from .inspecting import explain, stream
    from .reporters.text import visible_lines

    if text:
        click.echo(visible_lines(explain(" ".join(text), lang or "", _color("auto"))), nl=False)
        return
    status = stream(sys.stdin.buffer, sys.stdout)
    sys.exit(status)


@click.command()
def schema() -> None:
    """Print the JSON Schema of policy files."""
    from . import resources

    click.echo(resources.policy("schema.json"), nl=False)


@click.group()
def policy() -> None:
    """Look at policies and test them."""


@policy.command("list")
def policy_list() -> None:
    """The bundled policies."""
    from . import resources
    from .policy.load import bundled

    for name in resources.policies():
        click.echo(f"{name:12} {bundled(name).title}")


def _load(name: str | None) -> Any:
    from .engine import Policies
    from .policy.errors import PolicyError
    from .source import SourceError

    try:
        return Policies(name).of("neverask.yaml")
    except PolicyError as error:
        _fail(_problems(error))
    except SourceError as error:
        _fail(_source_error(error))


@policy.command("show")
@click.argument("name", required=False)
def policy_show(name: str | None) -> None:
    """A policy as prose, with what it extends (default: the one that holds here)."""
    from .prose import render
    from .reporters.text import visible_lines

    click.echo(visible_lines(render(_load(name))), nl=False)


@policy.command("test")
@click.argument("name", required=False)
def policy_test(name: str | None) -> None:
    """Run the examples that stand in a policy."""
    from .examples import run
    from .reporters.text import visible_lines
    from .source import SourceError

    try:
        text, failed, total = run(_load(name))
    except SourceError as error:
        _fail(_source_error(error))
        return
    click.echo(visible_lines(text), nl=False)
    if not total:
        _fail("this policy has no examples: there is nothing to test")
    sys.exit(1 if failed else 0)


_COMMANDS: dict[str, click.Command] = {
    "check": check,
    "show": show,
    "inspect": inspect,
    "policy": policy,
    "schema": schema,
}
