"""``neverask lsp``: the language server for editors."""

from __future__ import annotations

import sys
from typing import BinaryIO, cast

import click

from ..framing import Framed
from ..source import brief
from .holding import policy_here
from .options import policy_option
from .speaking import in_language, language, of_locale, was_asked
from .telling import fail, told


@click.command(short_help="Check in the editor: a language server.")
@policy_option("Check against this policy (default: the one above each file).")
@in_language
def lsp(policy: str | None) -> None:
    """Check in the editor: a language server on standard input and output.

    An editor starts it, and tells it the language in which it speaks itself. Needs the extra 'lsp': pip install
    'neverask[lsp]'.
    """
    try:
        from ..editor import server
    except ImportError as error:
        fail(f"the language server needs the extra 'lsp': pip install 'neverask[lsp]' ({error})")
    if policy is not None:
        policy_here(policy)  # the mistakes of one that is found are shown in it, where they are to be mended
    _log_in_lines()
    framed = Framed(sys.stdin.buffer)
    server(policy, language() if was_asked() else None, of_locale()).start_io(cast(BinaryIO, framed))


def _log_in_lines() -> None:
    """What the library says of messages that it does not understand: one line each, in place of a traceback."""
    import logging

    class OneLine(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            error = record.exc_info[1] if record.exc_info else None
            why = f" ({type(error).__name__}: {error})" if error is not None else ""
            return told("neverask lsp: " + record.getMessage().partition("\n")[0] + brief(why))

    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logger = logging.getLogger("pygls")
    logger.addHandler(handler)
    logger.propagate = False
