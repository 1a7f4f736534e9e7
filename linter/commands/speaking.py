"""The language of a run: what --lang says, else the one of whoever runs it."""

from __future__ import annotations

import os

import click

_CHOSEN = "neverask.language"


def choose(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Have this run speak a language, if one was asked for."""
    if value:
        ctx.meta[_CHOSEN] = value
    return value


in_language = click.option(
    "--lang",
    type=click.Choice(["en", "nl"]),
    expose_value=False,
    is_eager=True,
    callback=choose,
    help="The language to speak (default: by LC_ALL, LC_MESSAGES, LANG; else English).",
)


def asked_language() -> str:
    """The language that was asked for, whether neverask speaks it or not."""
    context = click.get_current_context(silent=True)
    given: str | None = context.meta.get(_CHOSEN) if context else None
    return given or of_locale()


def was_asked() -> bool:
    """Whether --lang says which language to speak."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_CHOSEN))


def of_locale() -> str:
    """The language of whoever runs this, as POSIX says it."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return said.partition(".")[0].partition("_")[0].lower()


def language() -> str:
    """The language of this run: the one that was asked for, if neverask speaks it, else English."""
    from ..messages import ENGLISH, LANGUAGES

    code = asked_language()
    return code if code in LANGUAGES else ENGLISH
