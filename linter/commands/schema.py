"""``neverask schema``: the JSON Schema of policy files."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON Schema of policy files, for an editor.")
def schema() -> None:
    """Print the JSON Schema of policy files, by which an editor completes and checks neverask.yaml."""
    from .. import resources

    click.echo(resources.policy("schema.json"), nl=False)
