"""Options and arguments that several commands have, told in the same words."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from datetime import date

    from click.shell_completion import CompletionItem

_F = TypeVar("_F", bound=Callable[..., Any])


def words(value: str) -> str:
    """What somebody says on the command line, in UTF-8 where the locale has no letters for it: no name of a file."""
    try:
        value.encode()
    except UnicodeEncodeError:  # Python keeps each byte as half a character
        return os.fsencode(value).decode("utf-8", "surrogateescape")
    return value


paths_to_check = click.argument("paths", nargs=-1, type=click.Path(readable=False))


_Named = TypeVar("_Named", str | None, tuple[str, ...])


def named(ctx: click.Context, param: click.Parameter, value: _Named) -> _Named:
    """The value of an option that names something: a variable of a script that is not set means no other one.

    Of an option that may be given several times each one has to.
    """
    if value == "" or (isinstance(value, tuple) and "" in value):
        raise click.BadParameter("nothing is named; leave the option out to do without", ctx, param)
    return value


def file_named(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The value of an option that names a file to write; "-" is none, though other programs print there."""
    if value == "-":
        raise click.BadParameter("'-' names no file; leave the option out, or write './-'", ctx, param)
    return named(ctx, param, value)


class Once(click.Option):
    """An option of which only one can count: of two policies the first would hold for nothing, without a word."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Have the parser hand on each value, and not the last one alone."""
        self.multiple = True
        try:
            super().add_to_parser(parser, ctx)
        finally:
            self.multiple = False

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """The one value."""
        values = opts.get(self.name or "")
        if isinstance(values, list):
            if len(values) > 1:
                raise click.BadParameter(f"{', '.join(values)}: only one of these can count", ctx, self)
            opts = {**opts, str(self.name): values[0]}
        return super().handle_parse_result(ctx, opts, args)


def policies_like(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    """What a shell completes to a policy: a bundled one that begins so, else a file."""
    from click.shell_completion import CompletionItem

    from .. import resources

    found = [CompletionItem(name) for name in resources.policies() if begun and name.startswith(begun)]
    return found or [CompletionItem(begun, type="file")]


def policy_option(help: str) -> Callable[[_F], _F]:
    """The option that names a policy."""
    return click.option(
        "--policy", cls=Once, metavar="FILE|NAME", callback=named, shell_complete=policies_like, help=help
    )


def output_option(help: str) -> Callable[[_F], _F]:
    """The option that names the file to write."""
    return click.option("--output", "-o", cls=Once, type=click.Path(dir_okay=False), callback=file_named, help=help)


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    from datetime import datetime

    from ..day import this_day
    from ..policy.excepting import day_meant

    try:
        return this_day() if value is None else datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        meant = day_meant(value or "")
        told = f"write it as {meant}" if meant else "year-month-day"
        raise click.BadParameter(f"'{value}' is no date ({told})", ctx, param) from None


def day_option(help: str) -> Callable[[_F], _F]:
    """The option that names the day on which exceptions are judged, today in UTC where none is named."""
    return click.option("--date", "day", metavar="YYYY-MM-DD", callback=_day, help=help)


policy_to_use = policy_option(
    "Use this policy: a file, or a bundled one by name (default: the nearest neverask.yaml above each file, else "
    "'whatsapp')."
)
