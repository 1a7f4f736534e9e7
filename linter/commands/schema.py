"""``neverask schema``: the JSON Schema of policy files."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of policy files."""
    from .. import resources

    click.echo(resources.policy("schema.json"), nl=False)
