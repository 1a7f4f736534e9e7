"""``neverask serve``: replies checked on a page in the browser."""

from __future__ import annotations

import os

import click

from .holding import policy_here
from .options import policy_option
from .speaking import in_language, language
from .telling import fail, tell


@click.command(short_help="Check replies on a page in the browser, without git.")
@policy_option("Check against this policy (default: the one that holds here).")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8646,
    show_default=True,
    help="The port of the page; 0: any free one.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@in_language
def serve(policy: str | None, port: int, opens: bool) -> None:
    """Check replies on a page in the browser, for authors who write in a helpdesk's form.

    The page is on this machine only and keeps nothing of what is pasted. Ctrl-C ends it.
    """
    from ..serving import Server

    policy_here(policy)  # one that can't be used is told here, before there is a page
    try:
        chosen = os.path.abspath(policy) if policy and os.path.isfile(policy) else policy or ""
        server = Server(port, chosen, language())
    except OSError as error:
        fail(f"can't use port {port}: {error.strerror}; --port 0 takes any free one")
    tell(f"{server.address}  (Ctrl-C ends it)", err=False)
    if opens:
        click.launch(server.address)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            tell("stopped")
