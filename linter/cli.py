"""The command line: which command is meant, and how every one of them ends. The commands are in ``commands``.

Exit status: 0 nothing found, 1 findings, 2 the job could not be done.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    import click
except KeyboardInterrupt:  # the longest part of the start
    sys.exit(130)

from . import __version__, commands, stopping
from .commands.telling import fail, give_up
from .resources import PackError


@contextmanager
def _ending() -> Iterator[None]:
    """End as shells expect it. Who stops a command with Ctrl-C gets the status that they know for that."""
    try:
        yield
    except KeyboardInterrupt:
        give_up("stopped", 130)  # to take apart all that was read would take longer than who stops it waits
    except BrokenPipeError:
        raise  # click ends quietly when nobody reads on
    except PackError as error:
        fail(str(error))
    except FileNotFoundError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else "the current folder is not there any more"
        give_up(what)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else "can't write the output: "
        give_up(f"{where}{error.strerror or error}")
    except MemoryError:
        give_up("there is not enough memory for this")
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        from .outcome import own_mistake

        try:
            said = own_mistake(error)
        except KeyboardInterrupt:
            give_up("stopped", 130)
        fail(said)  # a traceback would end with the status of a run that found something


def _prepare_streams() -> None:
    """The same bytes whatever the locale, and nothing that can't be written.

    What is closed takes all, and loses it, or has nothing to read.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout = _through(sys.stdout, sys.__stdout__, _Waiting)
    sys.stderr = _through(sys.stderr, sys.__stderr__, _Lossy)


class _Waiting(io.FileIO):
    """Where a pipe that takes no more at once, as its other end may have set it up, is waited for."""

    def write(self, data: Any, /) -> int:
        while (written := super().write(data)) is None:
            import select

            select.select([], [self], [])
        return written


class _Lossy(_Waiting):
    """Where what can't be written is lost: no message beside a report is worth the report, or its exit status."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)


def _through(stream: Any, own: Any, kind: type[io.FileIO]) -> Any:
    """The program's ``own`` stream, written through a file of another kind; any other stream as it is.

    With a buffer in any case: without one (PYTHONUNBUFFERED) Python takes a part that was written for the whole, and a
    report on a full disk ends in the middle without a word.
    """
    buffer: Any = getattr(stream, "buffer", None)
    if stream is not own or not isinstance(getattr(buffer, "raw", buffer), io.FileIO):
        return stream
    by_line = stream.line_buffering or stream.write_through
    whole = io.BufferedWriter(kind(buffer.fileno(), "w", closefd=False))
    return io.TextIOWrapper(whole, "utf-8", "backslashreplace", line_buffering=by_line)


class _Group(click.Group):
    """Commands are imported when they are used: a hook that runs on every commit has no time to lose."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(commands.NAMES)

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
        return commands.by_name(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; who forgot one, or wrote it wrong, hears what there is."""
        if args and args[0] not in commands.NAMES and not args[0].startswith("-"):
            from .policy.errors import closest

            hint = closest(args[0], commands.NAMES)
            if os.path.exists(args[0]):
                hint = f"did you mean 'neverask check {args[0]}'?"
            fail(f"there is no command '{args[0]}'. {hint}")
        if args and args[0] not in commands.SERVING:
            stopping.allow()
        return super().resolve_command(ctx, args)


@click.command(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="neverask")
def main() -> None:
    """Check what a company is about to say to its customers.

    neverask reads reply libraries and chatbot flows and reports where they ask a customer for data that must
    not be asked for over WhatsApp or another chat channel.

    To begin: 'neverask check FILE-OR-FOLDER' says what is found, 'neverask explain RULE' why it is a finding and what
    to write, 'neverask init' writes a policy file of your own to change.
    """
