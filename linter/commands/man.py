"""``neverask man``: the man page."""

from __future__ import annotations

import click

from .. import __version__


@click.command(short_help="Print the man page.")
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print the man page: neverask man > ~/.local/share/man/man1/neverask.1"""
    from ..manual import page

    main = ctx.find_root().command
    assert isinstance(main, click.Group)
    click.echo(page(main, __version__), nl=False)
