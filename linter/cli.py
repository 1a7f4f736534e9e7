"""The command line: commands, options, exit status. The only place that prints and exits.

Exit status: 0 nothing found, 1 findings, 2 the job could not be done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

try:
    import click
except KeyboardInterrupt:  # the longest part of the start
    sys.exit(130)

from . import __version__, stopping
from .resources import PackError

if TYPE_CHECKING:
    from .again import Said


@contextmanager
def _ending() -> Iterator[None]:
    """End as shells expect it. Who stops a command with Ctrl-C gets the status that they know for that."""
    try:
        yield
    except KeyboardInterrupt:
        _give_up("stopped", 130)  # to take apart all that was read would take longer than who stops it waits
    except BrokenPipeError:
        raise  # click ends quietly when nobody reads on
    except PackError as error:
        _fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else "can't write the output: "
        _give_up(f"{where}{error.strerror or error}")
    except MemoryError:
        _give_up("there is not enough memory for this")
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        from .outcome import own_mistake

        _fail(own_mistake(error))  # a traceback would end with the status of a run that found something


def _prepare_streams() -> None:
    """The same bytes whatever the locale, and nothing that can't be written. What is closed takes all, and loses it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


class _Group(click.Group):
    """Commands are imported when they are used: a hook that runs on every commit has no time to lose."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the command line; --help and --version are said here."""
        _prepare_streams()
        with _ending():
            return super().make_context(info_name, args, parent, **extra)
        raise AssertionError("what ends without a context ends the program")

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _ending():
            try:
                result = super().invoke(ctx)
            finally:
                stopping.forbid()
            if not sys.stdout.closed:
                sys.stdout.flush()
            return result

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _COMMANDS.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; who forgot one, or wrote it wrong, hears what there is."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from .policy.errors import closest

            hint = closest(args[0], _COMMANDS)
            if os.path.exists(args[0]):
                hint = f"did you mean 'neverask check {args[0]}'?"
            _fail(f"there is no command '{args[0]}'. {hint}")
        if args and args[0] not in _SERVING:
            stopping.allow()
        return super().resolve_command(ctx, args)


@click.command(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="neverask")
def main() -> None:
    """Check what a company is about to say to its customers.

    neverask reads reply libraries and chatbot flows and reports where they ask a customer for data that must
    not be asked for over WhatsApp or another chat channel.
    """


_LANGUAGE = "neverask.language"


def _chosen(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.meta[_LANGUAGE] = value


_in_language = click.option(
    "--lang",
    type=click.Choice(["en", "nl"]),
    expose_value=False,
    is_eager=True,
    callback=_chosen,
    help="The language to speak (default: by LC_ALL, LC_MESSAGES, LANG; else English).",
)


def _language() -> str:
    """The language of this run: what --lang says, else the one of whoever runs it, if neverask speaks it."""
    from .messages import ENGLISH, LANGUAGES

    code = _asked_language()
    return code if code in LANGUAGES else ENGLISH


def _asked_language() -> str:
    context = click.get_current_context(silent=True)
    given = context.meta.get(_LANGUAGE) if context else None
    return given or _locale()


def _say(text: str) -> str:
    from .messages import spoken

    return spoken(text, _language())


def _told(text: str) -> str:
    """What is said beside a report, on one line: a name with a line end in it begins none of its own."""
    from .reporters.text import visible

    return visible(_say(text))


def _tell(text: str, err: bool = True) -> None:
    """Say something beside a report."""
    click.echo(_told(text), err=err)


def _fail(message: str) -> None:
    _tell(message)
    sys.exit(2)


def _give_up(message: str, status: int = 2) -> None:
    """End though what was to be written is still in the buffer and can't be flushed."""
    try:
        _tell(message)
    finally:
        os._exit(status)


@contextmanager
def _refusals() -> Iterator[None]:
    """A policy with mistakes or a file that can't be read ends the command with what is wrong and where."""
    from .policy.errors import PolicyError
    from .source import SourceError

    try:
        yield
    except PolicyError as error:
        click.echo(_problems(error), err=True)
        sys.exit(2)
    except SourceError as error:
        _fail(_source_error(error))


def _color(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


_FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
_FOR_PEOPLE = ("text", "markdown", "html")


def _also(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for value in values:
        name, _, path = value.partition("=")
        if name not in _FORMATS or not path:
            raise click.BadParameter(f"'{value}' is not FORMAT=FILE; formats: {', '.join(_FORMATS)}", ctx, param)
        found.append((name, path))
    return found


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option("--policy", "policy", metavar="FILE|NAME", help="Use this policy: a file, or a bundled one by name.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="How to report; github by itself under GitHub Actions.",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write the report to this file.")
@click.option(
    "--also",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_also,
    help="Write a further report of the same run: --also sarif=report.sarif --also html=report.html.",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge exceptions as on this day, and put it on the report (default: today).",
)
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
@click.option(
    "--baseline",
    "known",
    type=click.Path(dir_okay=False),
    help="Report only what is not in this baseline ('neverask baseline' writes one).",
)
@click.option(
    "--diff",
    "base",
    metavar="BASE[...HEAD]",
    help="Report only what a change added: git revisions, or the files as they stand against BASE.",
)
@click.option("--staged", is_flag=True, help="Check what will be committed: git's index in place of the files.")
@click.option("--fix", is_flag=True, help="Mend what can be mended: the policy's wording in place of the request.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the change as a diff and write nothing.")
@_in_language
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
def check(
    paths: tuple[str, ...],
    policy: str | None,
    form: str | None,
    output: str | None,
    also: list[tuple[str, str]],
    day: Any,
    strict: bool,
    verbose: bool,
    color: str,
    known: str | None,
    base: str | None,
    staged: bool,
    fix: bool,
    dry_run: bool,
    warnings_ok: bool,
    allow_nothing: bool,
    jobs: int | None,
    no_cache: bool,
) -> None:
    """Check files and folders (default: this folder)."""
    import gc
    from datetime import date

    gc.set_threshold(100_000, 20, 100)  # a library is very many small objects, none of which is garbage
    if fix and staged:
        _fail("--fix mends the files as they stand, --staged reads what is staged: mend first, then stage")
    today = day.date() if day else date.today()
    if form is None:
        form = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    painted = form == "text" and _color(color) and output is None
    alone = not (known or base or staged or fix or also or os.environ.get("GITHUB_STEP_SUMMARY"))
    memory = None
    if alone and not no_cache:
        from .again import Memory

        flags = (painted, strict, verbose, warnings_ok, allow_nothing, bool(output), sys.stdout.isatty())
        memory = Memory(paths or (".",), today.isoformat(), policy, [form, _asked_language(), repr(flags)])
        said = memory.recall()
        if said is not None:
            _say_again(said, output, painted)
    from .engine import check as run

    with _refusals(), _progress() as progress:
        before = _baseline_at(known) if known else None
        if base is None and not staged:
            report = run(paths or (".",), policy, today, progress, jobs or 0, not no_cache, fix)
        else:
            from .revisions import Options, ends
            from .revisions import staged as of_index

            options = Options(policy, today, progress, jobs or 0, not no_cache, fix)
            report = of_index(paths, options) if base is None else _added(ends(base, paths, staged), options, fix)
    notes = [] if policy is not None else [_told(note) for note in _of_bundled(report)]
    for note in notes:
        click.echo(note, err=True)
    if before is not None:
        _only_new(report, before)
    if fix:
        _fix(report, paths or (".",), policy, dry_run)
        if dry_run:
            sys.exit(_status(report, strict, warnings_ok, allow_nothing))
        report = run(paths or (".",), policy, today) if base is None else _added(ends(base, paths), options, fix)
        if before is not None:
            _only_new(report, before)
    if staged and not report.files and not report.policy_files and not report.unread:
        _tell("nothing is staged that neverask reads")
    hook = allow_nothing = allow_nothing or staged
    if report.policy_files and not report.files:
        notes.append(_told("the policy has no mistakes; no other file was checked"))
        click.echo(notes[-1], err=True)
    from dataclasses import replace

    from .reporters import by_name

    summary = _summary(report, painted, verbose, _language() if form in _FOR_PEOPLE else "en")
    if "html" in (form, *(name for name, _ in also)):
        from .auditing import audit

        summary = replace(summary, audit=audit(report, today))
    text = _whole(by_name(form).render(report.findings, summary))
    for name, path in also:
        _write(
            path,
            _whole(
                by_name(name).render(
                    report.findings,
                    replace(summary, color=False, language=_language() if name in _FOR_PEOPLE else "en"),
                )
            ),
        )
    if form == "github" and os.environ.get("GITHUB_STEP_SUMMARY"):
        _append(os.environ["GITHUB_STEP_SUMMARY"], _whole(by_name("markdown").render(report.findings, summary)))
    _put_out(text, output, painted)
    status = _status(report, strict, warnings_ok, allow_nothing)
    # A hook's reader is an author who did not ask for a check.
    refused = status == 1 and form == "text" and not output and not fix and (hook or sys.stdout.isatty())
    after = list(_what_now(report, policy, today)) if refused else []
    for line in after:
        click.echo(line, err=True)
    if memory is not None and report.basis is not None:
        from .again import Said

        memory.keep(report.basis, Said(text, notes, after, status))
    sys.exit(status)


def _put_out(report: str, output: str | None, painted: bool) -> None:
    if output:
        _write(output, report)
    else:
        click.echo(report, nl=False, color=painted)


def _say_again(said: Said, output: str | None, painted: bool) -> None:
    """Say what was said the last time, and end."""
    for line in said.before:
        click.echo(line, err=True)
    _put_out(said.report, output, painted)
    for line in said.after:
        click.echo(line, err=True)
    sys.exit(said.status)


def _of_bundled(report: Any) -> Iterator[str]:
    for of in report.policies:
        if len(of.files) and of.files[-1].path.endswith("(bundled)"):
            yield (
                "no neverask.yaml found from the checked files up to the repository's root: using the "
                f"bundled policy '{of.name.split()[0]}'"
            )


def _what_now(report: Any, policy: str | None, today: Any) -> Iterator[str]:
    """What whoever was refused can do."""
    from datetime import timedelta
    from shlex import quote

    from .reporters.grouping import grouped

    findings = sorted(grouped(report.findings), key=lambda finding: finding.level)  # errors first
    findings = [finding for finding in findings if not finding.rule.endswith("-exception")]
    if not findings:
        return
    first = findings[0]
    yield ""
    mend = f"neverask check --fix {quote(first.source.path)}"
    yield _told(f"What now? '{mend}' puts the policy's wording in the place of a request.")
    yield _told(f"'neverask explain {first.rule.split(', ')[0]}' says why the rule is there, with examples.")
    yield from _how_to_keep(findings, policy, (today + timedelta(days=90)).isoformat())


def _how_to_keep(findings: list[Any], policy: str | None, until: str) -> Iterator[str]:
    """What to write for a finding that has to stay: for the first in a file with comments, and in one without."""
    from .editing import entry_lines
    from .engine import Policies
    from .inplace import comment, opening
    from .reporters.text import visible

    said: set[bool] = set()
    texts: dict[str, str | None] = {}
    for finding in findings:
        source = finding.source
        if source.path not in texts:
            texts[source.path] = opening(source.path, source.text)
        opens = texts[source.path]
        if (opens is None) in said:
            continue
        said.add(opens is None)
        if opens is not None:
            yield _told(f"What has to stay in {source.path} gets a comment on the line above the reply:")
            yield f"  {comment(opens, finding.rule, until, _say(_REASON))}"
            continue
        files = Policies(policy).of(source.path).files
        own = next((file.path for file in reversed(files) if os.path.isfile(file.path)), "")
        if not own:
            yield _told("'neverask init' writes a neverask.yaml, in which exceptions can stand.")
        yield _told(f"What has to stay in {source.path} gets an entry under 'exceptions:' in {own or 'neverask.yaml'}:")
        for rule in finding.rule.split(", "):
            for line in entry_lines(finding, rule, own or "neverask.yaml", _say(_REASON), until):
                yield visible(line)


_REASON = "why it has to be asked here"


def _added(found: Any, options: Any, fix: bool) -> Any:
    """The report on what a change added."""
    from .revisions import added

    if fix and found.head:
        _fail("--fix mends the files as they stand: compare them, with --diff BASE alone")
    report, gone, note = added(found, options)
    if note:
        _tell(note)
    said = f"{_many(len(report.findings), 'finding')} new since {found.base}"
    _tell(said + (f", {_many(gone, 'finding')} of it gone" if gone else ""))
    return report


def _fix(report: Any, paths: tuple[str, ...], policy: str | None, dry_run: bool) -> None:
    """Mend findings in their files, or show how."""
    from .engine import Policies
    from .mending import mend, told, write
    from .source import SourceError

    policies = Policies(policy)
    result = mend(
        report.findings,
        {finding.source.path: policies.of(finding.source.path) for finding in report.findings},
        [os.path.realpath(path) for path in paths if os.path.isdir(path)],
    )
    if dry_run:
        for change in result.changes:
            click.echo(change.diff(), nl=False)
        click.echo(_say(told(result, (), dry_run=True)), nl=False, err=True)
        return
    done: list[str] = []
    for change in result.changes:
        try:
            write(change)
        except SourceError as error:
            _fail(_source_error(error))
        except OSError as error:
            _fail(f"{change.path}: can't write the file, it is as it was: {error.strerror}")
        done.append(change.path)
    click.echo(_say(told(result, done)), nl=False, err=True)


def _baseline_at(path: str) -> Any:
    from .baseline import read

    return read(path)


def _only_new(report: Any, before: Any) -> None:
    """Leave out what the baseline knows, and say so."""
    from .baseline import compare
    from .reporters.grouping import grouped

    compared = compare(before, report.findings, report.checked)
    known = len(grouped(report.findings)) - len(grouped(compared.new))
    report.findings = compared.new
    said = f"baseline: {_many(known, 'known finding')} not shown"
    if compared.gone:
        said += f", {_many(len(compared.gone), 'known finding')} gone ('neverask baseline' takes them out):"
    _tell(said)
    for rule, file, entry in compared.gone[:_SOME]:
        _tell(f"  gone: {file}" + (f", {entry}" if entry else "") + f" [{rule}]")
    if len(compared.gone) > _SOME:
        _tell(f"  and {len(compared.gone) - _SOME} more")


_SOME = 20  # of a long list that is told beside the report


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _status(report: Any, strict: bool, warnings_ok: bool, allow_nothing: bool) -> int:
    if report.errors:
        return 2
    if strict and (any(not unread.error for unread in report.unread) or report.untold):
        _tell(
            "--strict: there are files that no reader recognises, or texts in a language without a pack "
            "(--verbose lists the files)"
        )
        return 2
    if not report.files and not report.policy_files and not allow_nothing:
        _tell(
            "nothing could be checked: no reader recognises any of these files. 'neverask show FILE' says "
            "what a reader sees; 'sources:' in neverask.yaml can name where the texts stand."
        )
        return 2
    found = [finding for finding in report.findings if finding.level == "error" or not warnings_ok]
    return 1 if found else 0


def _write(path: str, text: str) -> None:
    """A file is written whole or stays what it was; a device or a pipe is written to."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", newline="\n", opener=_without_waiting) as file:
                file.write(text)
        else:
            from .replacing import replace

            path = os.path.realpath(path)
            replace(path, text.encode())
    except OSError as error:
        _fail(f"{path}: can't write the file: {error.strerror}")


def _without_waiting(path: str, flags: int) -> int:
    """Open what is no file: a pipe that nobody reads from is an error, and no reason to wait for ever."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(handle, True)
    return handle


def _whole(text: str) -> str:
    """A report without halves of characters, which JSON can hold and UTF-8 can't: as JSON writes them."""
    return text.encode("utf-8", "backslashreplace").decode()


def _append(path: str, text: str) -> None:
    """Add a text to a file, all of it or nothing."""
    before = os.path.getsize(path) if os.path.isfile(path) else None
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        if before is not None:
            os.truncate(path, before)
        _tell(f"{path}: can't write the job summary: {error.strerror}")


@contextmanager
def _progress() -> Iterator[Any]:
    """What is told how many files of how many are done; on a terminal it draws a bar."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    state: dict[str, Any] = {"bar": None, "at": 0}

    def step(done: int, total: int) -> None:
        if total < 50:
            return
        if state["bar"] is None:
            bar = click.progressbar(length=total, label="checking", file=sys.stderr)
            state["bar"] = bar.__enter__()
        state["bar"].update(done - state["at"])
        state["at"] = done

    try:
        yield step
    finally:
        if state["bar"] is not None:
            state["bar"].__exit__(None, None, None)


def _summary(report: Any, color: bool, verbose: bool, language: str = "en") -> Any:
    from .reporters.summary import RuleNote, Summary

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
        unread=report.unread,
        unseen=[_unseen(unseen) for unseen in report.unseen if not unseen.crowded],
        crowded=[_unseen(unseen) for unseen in report.unseen if unseen.crowded],
        told=[_unseen(unseen) for unseen in report.unseen if unseen.told],
        policies=[policy.name for policy in report.policies],
        notes=list(notes.values()),
        version=__version__,
        color=color,
        verbose=verbose,
        language=language,
    )


def _unseen(unseen: Any) -> tuple[str, str]:
    return unseen.path, f"{unseen.name}: {unseen.reason}" if unseen.name else unseen.reason


def _problems(error: Any) -> str:
    """A policy's mistakes, each with its line, a caret and what was probably meant."""
    from .finding import Finding
    from .reporters.text import excerpt, visible

    blocks = []
    for problem in error.problems:
        place = problem.source.position(problem.span.start)
        lines = [f"{visible(problem.source.path)}:{place.line}:{place.column}: {visible(_say(problem.message))}"]
        lines += [
            f"  {line}" for line in excerpt(Finding("policy", "error", problem.message, problem.source, problem.span))
        ]
        hint = _data_meant(problem)
        if hint:
            lines.append(f"  {visible(_say(hint))}")
        blocks.append("\n".join(lines))
    blocks.append(_say("the policy has mistakes: nothing was checked"))
    return "\n\n".join(blocks)


def _data_meant(problem: Any) -> str:
    """What was probably meant: of data the category that customers are asked for with the word, in any language.

    That says more than how a word is spelt: "passport" is no "password". All categories where nothing is known.
    """
    from .policy.vocabulary import CATEGORIES

    if not problem.data:
        return str(problem.hint)
    found = _categories(problem.data)
    if found:
        return f"did you mean '{found[0]}'?"
    return str(problem.hint) or f"known: {', '.join(sorted(CATEGORIES))}"


def _categories(words: str) -> list[str]:
    """The categories that words name, in any language."""
    from . import resources
    from .language import names, pack

    return list(names.categories(words, [pack.load(code) for code in resources.languages()]))


def _source_error(error: Any) -> str:
    place = f":{error.position.line}:{error.position.column}" if error.position else ""
    return f"{error.path}{place}: {error.reason}"


@click.command(short_help="Write down today's findings: only new ones are reported.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option("--policy", "policy", metavar="FILE|NAME", help="Use this policy: a file, or a bundled one by name.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Where to write it (.neverask-baseline.json).")
@_in_language
def baseline(paths: tuple[str, ...], policy: str | None, output: str | None) -> None:
    """Write down the findings of today, so that 'check --baseline' reports only new ones."""
    from .baseline import FILE_NAME, left_out, written
    from .engine import check as run
    from .reporters.grouping import grouped

    target = output or FILE_NAME
    with _refusals():
        report = run(paths or (".",), policy)
    for unread in report.errors:
        _tell(f"{unread.path}: {unread.reason}")
    if report.errors:
        _fail("a file could not be read: a baseline without it would not hold; nothing was written")
    lost = left_out(target, report.checked)
    _write(target, written(report.findings, __version__, os.path.dirname(target)))
    found = _many(len(grouped(report.findings)), "finding")
    _tell(f"wrote {target}: {found}; now: neverask check --baseline {target}", err=False)
    if lost:
        _tell(
            f"it held {_many(lost, 'finding')} of other files, which are out of it now: without paths all are looked at"
        )


@click.command(short_help="List all exceptions, and whether they are still used.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option("--policy", "policy", metavar="FILE|NAME", help="Use this policy: a file, or a bundled one by name.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to list them.")
@_in_language
def exceptions(paths: tuple[str, ...], policy: str | None, form: str) -> None:
    """List all exceptions, in the policy and in place: reason, owner, age, until when, whether they are used."""
    from datetime import date

    from .exceptions import as_json, as_text, listed

    today = date.today()
    with _refusals():
        found = listed(paths or (".",), policy, today)
    click.echo(as_json(found) if form == "json" else _say(as_text(found, today)), nl=False)
    if not found and form == "text":
        from .inplace import EXAMPLE

        _tell(f"One stands in a comment beside the text ({EXAMPLE}) or in the policy, under 'exceptions:'.")


@click.command(short_help="Print what is seen in a file: messages, languages, steps.")
@click.argument("path", type=click.Path(exists=True))
@click.option("--policy", metavar="FILE|NAME", help="Use this policy for the channels.")
def show(path: str, policy: str | None) -> None:
    """Print what the reader saw in a file or a folder: messages, channels, languages, captures, places."""
    from .engine import Policies, Report, conversations_in
    from .rules.context import Context
    from .show import render

    report = Report()
    with _refusals():
        of = Policies(policy).of(_inside(path))
        found = 0
        for file, conversation in conversations_in(path, report, of):
            found += 1
            click.echo(render(Context(conversation, of, file, thorough=True)), nl=False)
    for unread in report.unread:
        place = f":{unread.line}:{unread.column}" if unread.line else ""
        _tell(f"{unread.path}{place}: {unread.reason}")
    if not found and not report.unread:
        _tell(f"{path}: {_NOTHING_HERE}")
    sys.exit(0 if found else 2)


_NOTHING_HERE = "no reader recognises anything in this folder"


def _inside(path: str) -> str:
    """A path of which the folder is the one that is meant: policies are looked for from a file's folder upwards."""
    return os.path.join(path, "neverask.yaml") if os.path.isdir(path) else path


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
@click.option("--at", metavar="LINE|NODE", help="Like --path, for the findings on this line or in this node.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write the graph to this file.")
def graph(path: str, policy: str | None, form: str | None, paths: bool, at: str | None, output: str | None) -> None:
    """Draw the flows of a file or a folder: what they ask, take and say, with the findings marked."""
    from .drawing import dot, mermaid

    ending = os.path.splitext(output or "")[1].lower()
    form = form or _DRAWN.get(ending, "")
    if not form:
        _fail(f"can't draw '{output}' by its ending: write .mmd, .dot or .svg, or name a --format")

    with _refusals():
        drawings, notes = _drawings(path, policy, paths or at is not None, at or "")
    for note in notes:
        _tell(note)
    if not drawings:
        sys.exit(2)
    text = mermaid(drawings) if form == "mermaid" else dot(drawings)
    if form == "svg":
        text = _svg(text)
    if output:
        _write(output, text)
    else:
        click.echo(text, nl=False)


_DRAWN = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    **dict.fromkeys(("", ".mmd", ".mermaid", ".md", ".txt"), "mermaid"),
}
"""How to draw into a file of a name."""


def _drawings(path: str, policy: str | None, paths: bool, at: str) -> tuple[list[Any], list[str]]:
    """What is to be drawn, and what there is to say about it."""
    from . import graph as graphs
    from .engine import Policies, Report, conversations_in
    from .reporters.grouping import grouped
    from .rules import check as check_rule
    from .rules.context import Context

    report = Report()
    of = Policies(policy).of(_inside(path))
    found = list(conversations_in(path, report))
    drawings, notes = [], [f"{unread.path}: {unread.reason}" for unread in report.unread]
    flows = 0
    for file, conversation in found:
        context = Context(conversation, of, file, thorough=True)
        flows += len(conversation.flows)
        if not conversation.flows:
            continue
        findings = grouped([one for rule in of.rules if rule.level != "off" for one in check_rule(context, rule)])
        if not paths:
            drawings += graphs.draw(context, findings)
        else:
            drawings += graphs.draw_paths(context, graphs.at(context, findings, at) if at else findings)
    if paths and len(drawings) > graphs.MOST_WAYS:
        notes.append(f"the ways to {len(drawings) - graphs.MOST_WAYS} more findings are not drawn; --at names one")
        drawings = drawings[: graphs.MOST_WAYS]
    if not found and not notes:
        notes.append(f"{path}: {_NOTHING_HERE}")
    elif found and not flows:
        notes.append(f"{path}: these are replies without a flow: there is no graph to draw")
    elif found and not drawings:
        where = f" at '{at}'" if at else ""
        notes.append(f"{path}: there is no finding{where}, so no way to one; without --path the whole flow is drawn")
    return drawings, notes


def _svg(text: str) -> str:
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        _fail("--format svg needs Graphviz, whose program 'dot' is not here; --format dot and mermaid need nothing")
        return ""
    try:
        run = subprocess.run([program, "-Tsvg"], input=text.encode(), capture_output=True, timeout=120, check=True)
    except subprocess.TimeoutExpired:
        _fail("Graphviz did not finish within two minutes; --path draws less")
        return ""
    except (OSError, subprocess.CalledProcessError) as error:
        _fail(f"Graphviz could not draw this: {error}")
        return ""
    return run.stdout.decode("utf-8")


@click.command()
@click.argument("text", nargs=-1)
@click.option("--lang", help="The language of the text (default: found from the text).")
@click.option("--policy", metavar="FILE|NAME", help="With this policy's own terms (default: the one that holds here).")
def inspect(text: tuple[str, ...], lang: str | None, policy: str | None) -> None:
    """Explain what a sentence asks for and why.

    Without a sentence on a terminal's command line, reads JSON lines {"id", "lang", "text"} from standard
    input and writes the acts of each as a JSON line.
    """
    from .inspecting import explain, stream
    from .reporters.text import visible_lines

    if text:
        click.echo(visible_lines(explain(" ".join(text), lang or "", _load(policy))), nl=False)
        return
    status = stream(sys.stdin.buffer, sys.stdout)
    sys.exit(status)


def _about_data(words: str, of: Any, guess: bool) -> str:
    """Which rules of a policy speak of the data that words name, "" where they name none; ``guess`` by any language."""
    from .policy.vocabulary import CATEGORIES
    from .prose import about_data

    known = {*CATEGORIES, *of.terms}
    dashed = words.strip().lower().replace(" ", "-")
    own = [
        name
        for name, terms in of.terms.items()
        if any(words.lower() in map(str.lower, said) for said in terms.values())
    ]
    return about_data(of, words, [dashed] if dashed in known else own or (_categories(words) if guess else []))


@click.command(short_help="Explain a rule: what, why, what to write, examples.")
@click.argument("rule")
@click.option("--policy", metavar="FILE|NAME", help="The policy it stands in (default: the one that holds here).")
@_in_language
def explain(rule: str, policy: str | None) -> None:
    """Explain a rule: what it forbids, why, what to write instead, with examples.

    A finding names its rule at the end of its first line, in brackets. The name of a kind of data ("date of birth",
    "IBAN") tells which rules speak of it.
    """
    from .policy.errors import closest
    from .prose import explained
    from .reporters.text import visible_lines

    of = _load(policy)
    found = next((known for known in of.rules if known.name == rule.strip("[]")), None)
    if found is None:
        hint = closest(rule, [known.name for known in of.rules])
        about = _about_data(rule, of, guess=not hint.startswith("did"))
        if about:
            click.echo(_say(about), nl=False)
            return
        _fail(f"the policy {of.name} has no rule '{rule}'. {hint}")
        return
    click.echo(visible_lines(_say(explained(of, found))), nl=False)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete neverask's commands.

    bash: eval "$(neverask completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: neverask completion fish
    > ~/.config/fish/completions/neverask.fish
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(main, {}, "neverask", "_NEVERASK_COMPLETE").source())


@click.command(short_help="Print the man page.")
def man() -> None:
    """Print the man page: neverask man > ~/.local/share/man/man1/neverask.1"""
    from .manual import page

    click.echo(page(main, __version__), nl=False)


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

    with _refusals():
        return Policies(name).of("neverask.yaml")


@policy.command("show", short_help="A policy as prose, with what it extends.")
@click.argument("name", required=False)
@_in_language
def policy_show(name: str | None) -> None:
    """A policy as prose, with what it extends (default: the one that holds here)."""
    from .prose import render
    from .reporters.text import visible_lines

    click.echo(visible_lines(_say(render(_load(name)))), nl=False)


@policy.command("test")
@click.argument("name", required=False)
@_in_language
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
    click.echo(visible_lines(_say(text)), nl=False)
    if not total:
        _fail("this policy has no examples: there is nothing to test")
    sys.exit(1 if failed else 0)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False), default=".")
@click.option("--dry-run", is_flag=True, help="Print the policy file instead of writing it.")
@click.option("--force", is_flag=True, help="Write over a policy file that is there already.")
@click.option("--hook", is_flag=True, help="Also have git refuse commits with findings ('neverask check --staged').")
@_in_language
def init(folder: str, dry_run: bool, force: bool, hook: bool) -> None:
    """Look at a folder and write a policy file to begin with.

    Says which exports were recognised, proposes languages, channels, safe places, and how to read the files that no
    reader knows.
    """
    from .initial import policy_text, survey, told
    from .policy.load import FILE_NAME, load
    from .readers import known
    from .source import SourceError
    from .trees import hooks

    try:
        hook_file = os.path.join(hooks(folder), "pre-commit") if hook else ""
    except SourceError as error:
        _fail(error.reason)
    if hook_file and os.path.lexists(hook_file):
        _fail(f"{hook_file} is there already: add the line 'neverask check --staged || exit 1' to it")
    target = os.path.join(folder, FILE_NAME)
    if os.path.lexists(target) and not (dry_run or force):
        _fail(f"{target} is there already: 'neverask check' uses it; --force writes it anew, --dry-run prints it")
    with _refusals():
        found = survey(folder)
    text = policy_text(found, _language())
    load(target, text)
    click.echo(_say(told(found, {reader.NAME: reader.TITLE for reader in known()})), nl=False, err=dry_run)
    if dry_run:
        click.echo(text, nl=False)
        return
    _write(target, text)
    _tell(f"wrote {target}; now: neverask check {folder}", err=False)
    if hook_file:
        os.makedirs(os.path.dirname(hook_file), exist_ok=True)
        _write(hook_file, _hook())
        os.chmod(hook_file, 0o755)
        said = "git refuses a commit with findings (git commit --no-verify does it anyway)"
        _tell(f"wrote {hook_file}: {said}", err=False)


def _hook() -> str:
    """A hook of git: it finds neverask where no environment is active too, and leaves out what a baseline knows."""
    from shlex import quote

    from .baseline import FILE_NAME

    return (
        "#!/bin/sh\n# written by 'neverask init --hook'\n"
        f"command=$(command -v neverask || echo {quote(os.path.abspath(sys.argv[0]))})\n"
        f'[ -f {FILE_NAME} ] && set -- --baseline {FILE_NAME}\nexec "$command" check --staged "$@"\n'
    )


@click.command()
@click.option("--policy", metavar="FILE|NAME", help="The policy to brief on (default: the one that holds here).")
@click.option("--lang", help="The language of the briefing: en, nl (default: by locale, else en).")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", help="How to write it.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write it to this file.")
def brief(policy: str | None, lang: str | None, form: str, output: str | None) -> None:
    """The do's and don'ts for helpdesk staff, from the policy.

    What never to ask, what to say instead, what to do when a customer sends such data unasked, with the sources.
    """
    from .brief import blocks, languages, markdown, page
    from .reporters.text import visible_lines

    code = lang or _locale()
    if lang is None and code not in languages():
        code = "en"
    if code not in languages():
        _fail(f"there is no briefing in '{code}' yet: there is one in {', '.join(languages())}")
    found = blocks(_load(policy), code)
    text = visible_lines(page(found, code) if form == "html" else markdown(found))
    if output:
        _write(output, text)
    else:
        click.echo(text, nl=False)


def _locale() -> str:
    """The language of whoever runs this, as POSIX says it."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return said.partition(".")[0].partition("_")[0].lower()


@click.command(short_help="Check replies on a page in the browser, without git.")
@click.option("--policy", metavar="FILE|NAME", help="Check against this policy (default: the one that holds here).")
@click.option("--port", type=click.IntRange(0, 65535), default=8646, show_default=True, help="0: any free port.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@_in_language
def serve(policy: str | None, port: int, opens: bool) -> None:
    """Check replies on a page in the browser, for authors who write in a helpdesk's form.

    The page is on this machine only and keeps nothing of what is pasted. Ctrl-C ends it.
    """
    from .serving import Server

    _load(policy)
    try:
        chosen = os.path.abspath(policy) if policy and os.path.isfile(policy) else policy or ""
        server = Server(port, chosen, _language())
    except OSError as error:
        _fail(f"can't use port {port}: {error.strerror}; --port 0 takes any free one")
        return
    _tell(f"{server.address}  (Ctrl-C ends it)", err=False)
    if opens:
        click.launch(server.address)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            _tell("stopped")


@click.command(short_help="Check in the editor: a language server.")
@click.option("--policy", metavar="FILE|NAME", help="Check against this policy (default: the one above each file).")
def lsp(policy: str | None) -> None:
    """Check in the editor: a language server on standard input and output.

    An editor starts it. Needs the extra 'lsp': pip install 'neverask[lsp]'.
    """
    try:
        from .editor import server
    except ImportError as error:
        _fail(f"the language server needs the extra 'lsp': pip install 'neverask[lsp]' ({error})")
        return
    _load(policy)
    server(policy).start_io()


_SERVING = ("serve", "lsp")
"""Commands that go on until they are stopped, and end in their own way."""

_COMMANDS: dict[str, click.Command] = {
    "check": check,
    "init": init,
    "baseline": baseline,
    "exceptions": exceptions,
    "show": show,
    "graph": graph,
    "inspect": inspect,
    "policy": policy,
    "explain": explain,
    "schema": schema,
    "completion": completion,
    "man": man,
    "brief": brief,
    "serve": serve,
    "lsp": lsp,
}
